//! `/rooms/{slug}/{seq}/react`: any emoji for a reply, found by its name. What is chosen goes the way of those that its thread
//! offers.

use app::emoji_table::{Emoji, USUAL, found};
use app::i18n::Lang;
use app::message::Seq;
use app::room::Slug;
use app::text::composed;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use leptos::prelude::*;

use super::Sheet;
use super::find::Asked;
use super::live::{Line, Live, Way};
use crate::emoji;
use crate::error::HttpError;
use crate::session::Session;
use crate::state::AppState;

/// The form that puts it there.
const REACT: &str = "react";
/// How many are listed at once.
const MOST: usize = 20;

/// `GET /rooms/{slug}/{seq}/react?q=하트`.
///
/// # Errors
/// [`HttpError::Refused`] for a room or a message that is not there for this person, [`HttpError::Missing`] for one that is no reply,
/// [`HttpError::TooFast`].
pub async fn show(
    State(state): State<AppState>,
    Path((slug, seq)): Path<(Slug, Seq)>,
    Query(Asked { q }): Query<Asked>,
    session: Session,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let reply = state.rooms.admit(&session.member, &slug)?.said(seq).await?;
    let thread = slug.thread_path(reply.within().ok_or(HttpError::Missing)?.of);
    state.rooms.looks_something_up(session.member.id)?;
    let (lang, typed, table) = (sheet.lang(), composed(q.trim()), emoji::lines());
    let found: Vec<Emoji<'_>> = match typed.is_empty() {
        true => USUAL.split(' ').flat_map(|usual| found(table, usual, 1)).collect(),
        false => found(table, &typed, MOST),
    };
    let lines = found.iter().map(|emoji| line(emoji, lang)).collect();
    let words = &lang.words().on_message;
    let action = format!("{}/{seq}/react", slug.path());
    let live = Live { action: &action, kept: Vec::new(), label: words.search_emoji, typed: &q, lines };
    let form = || {
        view! {
            <form id=REACT method="post" action=thread.clone()>
                <input type="hidden" name="do" value="react"/>
                <input type="hidden" name="of" value=seq.to_string()/>
            </form>
        }
    };
    Ok(sheet.answers(words.react, &format!("{thread}?at={seq}"), live, (form, || ())))
}

fn line(emoji: &Emoji<'_>, lang: Lang) -> Line {
    let name = if lang == Lang::Ko && !emoji.korean.is_empty() { emoji.korean } else { emoji.name };
    let way = Way::Sends(REACT, "emoji", emoji.emoji.to_owned());
    Line { name: format!("{} {name}", emoji.emoji), hint: "", news: None, way }
}
