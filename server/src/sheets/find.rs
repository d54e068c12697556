//! `/find`: the quick switcher. Rooms and people while their names are typed; a person leads to the direct room with them.

use app::room::Slug;
use app::route::Route;
use app::unread::Unread;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::Sheet;
use super::live::{Line, Live, Way};
use crate::error::HttpError;
use crate::room::Found;
use crate::session::Session;
use crate::state::AppState;

/// The form that leads to somebody.
const TALK_TO: &str = "talk-to";

/// What is looked for.
#[derive(Deserialize)]
pub struct Asked {
    /// As it was typed.
    #[serde(default)]
    pub q: String,
}

/// `GET /find?q=ㅎㅇ`.
///
/// # Errors
/// [`HttpError::TooFast`], [`HttpError::Store`].
pub async fn show(
    State(state): State<AppState>,
    Query(Asked { q }): Query<Asked>,
    session: Session,
    sheet: Sheet,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let from = room_before(&headers);
    let found = state.rooms.look_for(&session.member, &q, from.as_ref()).await?;
    let lines = found.into_iter().map(|found| line(&sheet, found, &session)).collect();
    let words = sheet.words();
    let live = Live { action: "/find", kept: Vec::new(), label: words.find_any, typed: &q, lines };
    let talk_to = || view! { <form id=TALK_TO method="post" action="/direct/new"></form> };
    Ok(sheet.answers(words.find_any, &from.map_or("/".to_owned(), |from| from.path()), live, (|| (), talk_to)))
}

/// The room that the page shows from which it is asked.
pub(super) fn room_before(headers: &HeaderMap) -> Option<Slug> {
    let page: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    Route::parse(page.path()).room().cloned()
}

/// What was found, as a line of the list.
pub(super) fn line(sheet: &Sheet, found: Found, session: &Session) -> Line {
    let words = sheet.words();
    match found {
        Found::Person(person) => Line {
            name: person.name.to_string(),
            hint: words.person,
            news: None,
            way: Way::Sends(TALK_TO, "person", person.id.0.to_string()),
        },
        Found::Room(room, unread) => Line {
            name: room.called(Some(session.member.id)),
            hint: sheet.kind_of(&room),
            news: (unread.count() > 0).then(|| news(sheet, &unread)),
            way: Way::To(room.slug.path()),
        },
    }
}

fn news(sheet: &Sheet, unread: &Unread) -> (String, String, bool) {
    let words = sheet.lang().words();
    let mentions = unread.mentions().len();
    let before = if mentions > 0 { (words.mentions)(mentions) + ", " } else { String::new() };
    (unread.badge(), before + &(words.new_messages)(unread.count()), mentions > 0)
}
