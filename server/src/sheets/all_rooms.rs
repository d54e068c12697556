//! `/rooms/all`: every room that a person may be in, the archived ones apart.

use app::room::{RoomKind, RoomSummary};
use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::Sheet;
use crate::session::Session;
use crate::state::AppState;

/// `GET /rooms/all`.
pub async fn show(State(state): State<AppState>, session: Session, sheet: Sheet) -> Response {
    let (words, me) = (sheet.words(), session.member.id);
    let (archived, open): (Vec<_>, Vec<_>) = state.rooms.all_listed(me).into_iter().partition(|room| room.archived);
    let kind = move |room: &RoomSummary| match room.slug.kind() {
        RoomKind::Public => words.public[0],
        RoomKind::Private => words.private[0],
        RoomKind::Direct => words.direct,
    };
    let link = move |room: RoomSummary| {
        view! {
            <li>
                <a class="sheet-row" href=room.slug.path()>
                    <bdi>{room.called(Some(me))}</bdi>
                    <span class="faint">{kind(&room)}</span>
                </a>
            </li>
        }
    };
    sheet.shows(words.all_rooms, "/", || {
        view! {
            <ul>{open.into_iter().map(link).collect_view()}</ul>
            {(!archived.is_empty()).then(|| view! {
                <h2 class="sheet-heading">{words.archived}</h2>
                <ul>{archived.into_iter().map(link).collect_view()}</ul>
            })}
        }
    })
}
