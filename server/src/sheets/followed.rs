//! `/threads`: the threads that somebody follows, in all rooms; each leads to itself, over its room.

use app::allowance::filled;
use app::quote::Quote;
use app::room::Slug;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use leptos::prelude::*;

use super::Sheet;
use super::find::room_before;
use crate::error::HttpError;
use crate::room::{Followed, MOST_FOLLOWED};
use crate::session::Session;
use crate::state::AppState;

/// `GET /threads`.
///
/// # Errors
/// [`HttpError::TooFast`], [`HttpError::Store`].
pub async fn show(
    State(state): State<AppState>,
    session: Session,
    mut sheet: Sheet,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let mut followed = state.rooms.followed_by(&session.member).await?;
    let has_more = followed.len() > MOST_FOLLOWED;
    followed.truncate(MOST_FOLLOWED);
    let from = room_before(&headers);
    let (words, lang, zone) = (sheet.words(), sheet.lang(), sheet.tells_times());
    let row = |Followed { room, message, is_new }: Followed| {
        let thread = message.beside().map(|beside| beside.thread.clone()).unwrap_or_default();
        let at = zone.local(if thread.is_empty() { message.at_ms } else { thread.last_ms });
        let when = format!("{} {}", at.date(lang), at.time(lang));
        let text = Quote::new(&message).map(|quote| quote.text).filter(|text| !text.is_empty());
        let text = text.unwrap_or_else(|| lang.words().deleted.to_owned());
        let replies = if thread.is_empty() {
            words.no_replies.to_owned()
        } else {
            (lang.words().on_message.replies)(thread.count)
        };
        // Over its own room it opens at once, over another one with its room.
        let is_here = from.as_ref().is_some_and(|from: &Slug| *from == room.slug);
        let path = room.slug.thread_path(message.seq);
        view! {
            <li class="pin">
                <a class="pin-said" href=path data-sheet=is_here.then_some("")>
                    <bdi class="message-name">{message.by.name.to_string()}</bdi>
                    " "
                    <bdi class="faint">{room.called(Some(session.member.id))}</bdi>
                    <span class="pin-text" dir="auto">{text}</span>
                </a>
                <p class="faint">{replies} " · " <time datetime=at.iso()>{when}</time></p>
                {is_new.then(|| view! { <span class="room-link-unread">{words.is_new}</span> })}
            </li>
        }
    };
    let back = from.as_ref().map_or("/".to_owned(), Slug::path);
    Ok(sheet.shows(lang.words().threads, &back, || {
        view! {
            {followed.is_empty().then(|| view! { <p class="faint">{words.no_threads}</p> })}
            {has_more.then(|| view! { <p class="faint">{filled(words.latest_only, MOST_FOLLOWED as u32)}</p> })}
            <ul class="pins">{followed.into_iter().map(row).collect_view()}</ul>
        }
    }))
}
