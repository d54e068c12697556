//! `/rooms/new`: makes a room, for everyone or for those who are asked in.

use app::allowance::filled;
use app::room::{RoomName, Topic};
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::{Field, Sheet};
use crate::error::HttpError;
use crate::limits::Address;
use crate::room::{Answer, Kind, Left};
use crate::session::Session;
use crate::state::AppState;

/// What the form says.
#[derive(Debug, Default, Deserialize)]
pub struct NewRoom {
    name: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    topic: String,
}

impl NewRoom {
    fn kind(&self) -> Kind {
        if self.kind == "private" { Kind::Private } else { Kind::Public }
    }
}

/// `GET /rooms/new`: the form.
///
/// # Errors
/// [`HttpError::Store`].
pub async fn show(State(state): State<AppState>, sheet: Sheet, session: Session) -> Result<Response, HttpError> {
    let left = state.rooms.rooms_left(session.member.id).await?;
    Ok(draw(&state, sheet, (NewRoom::default(), left), ("", "")))
}

/// `POST /rooms/new`: the room, or the form with the reason why there is none.
///
/// # Errors
/// [`HttpError::Store`].
pub async fn create(
    State(state): State<AppState>,
    mut sheet: Sheet,
    session: Session,
    address: Address,
    Form(form): Form<NewRoom>,
) -> Result<Response, HttpError> {
    let left = state.rooms.rooms_left(session.member.id).await?;
    let topic = match Topic::new(&form.topic).and_then(|topic| state.allowance.topic(topic.as_str()).map(|()| topic)) {
        Ok(topic) => topic,
        Err(why) => {
            let why = sheet.refuses(Answer::Refused(why))?;
            let sentence = sheet.sentence(why);
            return Ok(draw(&state, sheet, (form, left), ("", &sentence)));
        }
    };
    match make(&state, &session, address, &form, topic).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(answer) => {
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(why);
            // What is said of all rooms need not be said twice.
            let sentence = if left.count == 0 { "" } else { &sentence };
            Ok(draw(&state, sheet, (form, left), (sentence, "")))
        }
    }
}

async fn make(
    state: &AppState,
    session: &Session,
    address: Address,
    form: &NewRoom,
    topic: Topic,
) -> Result<String, Answer> {
    let name = RoomName::new(&form.name).map_err(Answer::Refused)?;
    let room = state.rooms.create_for(address, &session.member, form.kind(), name).await?;
    if topic != Topic::default() {
        state.rooms.admit(&session.member, &room.slug)?.set_topic(topic).await?;
    }
    Ok(room.slug.path())
}

fn draw(
    state: &AppState,
    sheet: Sheet,
    (form, left): (NewRoom, Left),
    (name_refusal, topic_refusal): (&str, &str),
) -> Response {
    let words = sheet.words();
    let (is_full, foretold) = (left.count == 0, sheet.foretells(left, words.rooms_left));
    let name_hint = filled(words.room_name_hint, state.allowance.room_name);
    let topic_hint = filled(words.topic_hint, state.allowance.topic);
    let kind = form.kind();
    let choice = move |value: &'static str, is_chosen: bool, [name, hint]: [&'static str; 2]| {
        view! {
            <label class="sheet-choice">
                <input type="radio" name="kind" value=value checked=is_chosen/>
                <b>{name}</b>
                <span class="faint">{hint}</span>
            </label>
        }
    };
    sheet.shows(words.new_room, "/", || {
        view! {
            <form class="stack" method="post" action="/rooms/new">
                {Field { id: "name", label: words.room_name, value: &form.name, hint: &name_hint, refusal: name_refusal, required: true }.draw()}
                <fieldset class="stack">
                    <legend>{words.who_may_enter}</legend>
                    {choice("public", kind == Kind::Public, words.public)}
                    {choice("private", kind == Kind::Private, words.private)}
                </fieldset>
                {Field { id: "topic", label: words.topic, value: &form.topic, hint: &topic_hint, refusal: topic_refusal, required: false }.draw()}
                <p id="sheet-left" class=if is_full { "field-note" } else { "faint sheet-hint" } role="status">{foretold}</p>
                <div class="sheet-buttons">
                    <button type="submit" class="button primary" disabled=is_full aria-describedby="sheet-left">{words.create}</button>
                </div>
            </form>
        }
    })
}
