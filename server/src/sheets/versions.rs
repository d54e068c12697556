//! `/rooms/{slug}/{seq}/history`: when a message was changed, and for its author and the room's maker what it said.

use app::allowance::filled;
use app::message::Seq;
use app::room::Slug;
use app::route::Route;
use axum::extract::{Path, State};
use axum::response::Response;
use leptos::prelude::*;

use super::Sheet;
use crate::error::HttpError;
use crate::room::Version;
use crate::session::Session;
use crate::state::AppState;
use crate::store::MAX_VERSIONS;

/// `GET /rooms/{slug}/{seq}/history`.
///
/// # Errors
/// [`HttpError::Refused`] for a room or a message that is not there for this person, [`HttpError::Store`].
pub async fn show(
    State(state): State<AppState>,
    Path((slug, seq)): Path<(Slug, Seq)>,
    session: Session,
    mut sheet: Sheet,
) -> Result<Response, HttpError> {
    let (versions, has_more) = state.rooms.admit(&session.member, &slug)?.versions(seq).await?;
    let (words, lang, zone) = (sheet.words(), sheet.lang(), sheet.tells_times());
    let is_hidden = versions.iter().any(|version| version.text.is_none());
    let row = |Version { at_ms, text }: Version| {
        let at = zone.local(at_ms);
        view! {
            <li class="version">
                <time class="faint" datetime=at.iso()>{format!("{} {}", at.date(lang), at.time(lang))}</time>
                {text.map(|text| view! { <p class="version-text" dir="auto">{super::portions(&text)}</p> })}
            </li>
        }
    };
    let back = Route::Message(slug, seq).path();
    Ok(sheet.shows(words.versions, &back, || {
        view! {
            {is_hidden.then(|| view! { <p class="faint">{words.versions_hidden}</p> })}
            {has_more.then(|| view! { <p class="faint">{filled(words.latest_only, MAX_VERSIONS as u32)}</p> })}
            <ol class="versions">{versions.into_iter().map(row).collect_view()}</ol>
        }
    }))
}
