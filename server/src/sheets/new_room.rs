//! `/rooms/new`: makes a room.

use app::room::RoomName;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::Sheet;
use crate::error::HttpError;
use crate::limits::Address;
use crate::room::Answer;
use crate::session::Session;
use crate::state::AppState;

/// What the form says.
#[derive(Debug, Default, Deserialize)]
pub struct NewRoom {
    name: String,
}

/// `GET /rooms/new`: the form.
pub async fn show(sheet: Sheet, _: Session) -> Response {
    draw(sheet, NewRoom::default(), "")
}

/// `POST /rooms/new`: the room, or the form with the reason why there is none.
///
/// # Errors
/// [`HttpError::Store`].
pub async fn create(
    State(state): State<AppState>,
    mut sheet: Sheet,
    _: Session,
    address: Address,
    Form(form): Form<NewRoom>,
) -> Result<Response, HttpError> {
    let created = match RoomName::new(&form.name) {
        Ok(name) => state.rooms.create_for(address, name).await,
        Err(why) => Err(Answer::Refused(why)),
    };
    match created {
        Ok(room) => Ok(Redirect::to(&room.slug.path()).into_response()),
        Err(answer) => {
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(Some(why));
            Ok(draw(sheet, form, sentence))
        }
    }
}

fn draw(sheet: Sheet, form: NewRoom, refusal: &'static str) -> Response {
    let words = sheet.words();
    sheet.shows(words.new_room, "/", || {
        view! {
            <form class="stack" method="post" action="/rooms/new">
                <label for="sheet-room-name">{words.room_name}</label>
                <input id="sheet-room-name" class="field" name="name" autocomplete="off" required autofocus maxlength="160"
                    aria-describedby="sheet-room-note sheet-room-hint" aria-invalid=(!refusal.is_empty()).then_some("true")
                    value=form.name/>
                <p id="sheet-room-note" class="field-note" role="alert">{refusal}</p>
                <p id="sheet-room-hint" class="faint">{words.room_name_hint}</p>
                <div class="sheet-buttons"><button type="submit" class="button primary">{words.create}</button></div>
            </form>
        }
    })
}
