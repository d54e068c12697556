//! `/rooms/{slug}/leave`: the question before a room is left into which nobody comes back by themselves, and what leaving it means. The
//! command, the sheet about the room and this one ask it alike.

use app::i18n::sheets::SheetWords;
use app::room::{RoomKind, Slug};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::Sheet;
use crate::error::HttpError;
use crate::room::Admitted;

/// `GET /rooms/{slug}/leave`.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there for this person.
pub async fn show(admitted: Admitted, sheet: Sheet) -> Result<Response, HttpError> {
    let (slug, words) = (admitted.slug(), sheet.words());
    let back = slug.path();
    // Of a public room everyone walks out, and in again.
    let Some((title, hint)) = named(slug, words) else { return Ok(Redirect::to(&back).into_response()) };
    let name = admitted.summary().called(Some(admitted.member_id()));
    Ok(sheet.shows(title, &back, || {
        view! { <p class="faint"><bdi>{name}</bdi></p> <p>{hint}</p> {button(slug, title)} }
    }))
}

/// How leaving is called, and what it means, where it is asked for twice.
pub(super) fn named(slug: &Slug, words: &SheetWords) -> Option<(&'static str, &'static str)> {
    match slug.kind() {
        RoomKind::Public => None,
        RoomKind::Private => Some((words.leave, words.leave_hint)),
        RoomKind::Direct => Some((words.hide, words.hide_hint)),
    }
}

/// Leaves.
pub(super) fn button(slug: &Slug, label: &'static str) -> impl IntoView + use<> {
    view! {
        <form method="post" action=format!("{}/leave", slug.path())>
            <button type="submit" class="button danger">{label}</button>
        </form>
    }
}
