//! `/rooms/all`: every room that a person may be in, the archived ones last, or those whose name fits what is typed.

use app::room::{RoomKind, RoomSummary};
use axum::extract::{Query, State};
use axum::response::Response;

use super::Sheet;
use super::find::Asked;
use super::live::{Line, Live, Way};
use crate::error::HttpError;
use crate::session::Session;
use crate::state::AppState;

/// `GET /rooms/all?q=ㅎㅇ`.
///
/// # Errors
/// [`HttpError::TooFast`].
pub async fn show(
    State(state): State<AppState>,
    Query(Asked { q }): Query<Asked>,
    session: Session,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (words, me) = (sheet.words(), session.member.id);
    let lines = state.rooms.all_that_fit(me, &q)?.into_iter().map(|room| Line {
        name: room.called(Some(me)),
        hint: sheet.kind_of(&room),
        news: None,
        way: Way::To(room.slug.path()),
    });
    let live =
        Live { action: "/rooms/all", kept: Vec::new(), label: words.find_room, typed: &q, lines: lines.collect() };
    Ok(sheet.answers(words.all_rooms, "/", live, (|| (), || ())))
}

impl Sheet {
    /// In a word, what kind of room it is.
    pub(super) fn kind_of(&self, room: &RoomSummary) -> &'static str {
        let words = self.words();
        match room.slug.kind() {
            _ if room.archived => words.archived,
            RoomKind::Public => words.public[0],
            RoomKind::Private => words.private[0],
            RoomKind::Direct => words.direct,
        }
    }
}
