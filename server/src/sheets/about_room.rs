//! `/rooms/{slug}/about`: what a room is, and who is there.

use app::components::avatar::Avatar;
use app::member::Member;
use app::room::Slug;
use axum::extract::{Path, State};
use axum::response::Response;
use leptos::prelude::*;

use super::Sheet;
use crate::error::HttpError;
use crate::session::Session;
use crate::state::AppState;

/// `GET /rooms/{slug}/about`.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there for this person.
pub async fn show(
    State(state): State<AppState>,
    Path(slug): Path<Slug>,
    session: Session,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let admitted = state.rooms.admit(&session.member, &slug)?;
    let (summary, people) = (admitted.summary(), admitted.people());
    let words = sheet.words();
    Ok(sheet.shows(&summary.name, &slug.path(), || {
        view! {
            <h2 class="sheet-heading">{(words.here_now)(summary.here)}</h2>
            <ul class="sheet-people">{people.into_iter().map(person).collect_view()}</ul>
            <p class="sheet-buttons"><a class="button" href="/rooms/new" data-sheet="">{words.new_room}</a></p>
        }
    }))
}

fn person(member: Member) -> impl IntoView {
    view! {
        <li class="person">
            <Avatar member=member.clone()/>
            <bdi class="person-name">{member.name.to_string()}</bdi>
        </li>
    }
}
