//! `/direct/new`: finds or makes the one room of the people who are named.

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::{Field, Sheet};
use crate::error::HttpError;
use crate::limits::Address;
use crate::room::Answer;
use crate::session::Session;
use crate::state::AppState;

/// How many names are read at most: more than there may be people.
const MAX_NAMES: usize = 20;

/// What the form says.
#[derive(Debug, Default, Deserialize)]
pub struct NewDirect {
    names: String,
}

/// `GET /direct/new`: the form.
pub async fn show(sheet: Sheet, _: Session) -> Response {
    draw(sheet, "", "")
}

/// `POST /direct/new`: the room, or the form with the reason why there is none.
///
/// # Errors
/// [`HttpError::Store`].
pub async fn create(
    State(state): State<AppState>,
    mut sheet: Sheet,
    session: Session,
    address: Address,
    Form(form): Form<NewDirect>,
) -> Result<Response, HttpError> {
    match make(&state, &session, address, &form.names).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(answer) => {
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(why);
            Ok(draw(sheet, &form.names, sentence))
        }
    }
}

async fn make(state: &AppState, session: &Session, address: Address, names: &str) -> Result<String, Answer> {
    let mut others = Vec::new();
    for name in names.split([',', '\n', '\u{3001}']).map(str::trim).filter(|name| !name.is_empty()).take(MAX_NAMES) {
        others.push(state.rooms.person_called(name).await?.id);
    }
    Ok(state.rooms.direct(address, &session.member, &others).await?.slug.path())
}

fn draw(sheet: Sheet, names: &str, refusal: &'static str) -> Response {
    let words = sheet.words();
    sheet.shows(words.new_direct, "/", || {
        view! {
            <form class="stack" method="post" action="/direct/new">
                {Field { id: "names", label: words.with_whom, value: names, hint: words.with_whom_hint, refusal, required: true }.draw()}
                <div class="sheet-buttons"><button type="submit" class="button primary">{words.open_direct}</button></div>
            </form>
        }
    })
}
