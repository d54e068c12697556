//! `/moderator`: a code that whoever runs the program has given to somebody, and a room is theirs ([`crate::moderator`]).

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::{Field, Sheet};
use crate::error::HttpError;
use crate::moderator::take_code;
use crate::session::Session;
use crate::state::AppState;

/// What was typed.
#[derive(Debug, Deserialize)]
pub struct Typed {
    code: String,
}

/// `GET /moderator`.
pub async fn show(_session: Session, sheet: Sheet) -> Response {
    draw(sheet, "", "")
}

/// `POST /moderator`.
///
/// # Errors
/// [`HttpError`].
pub async fn take(
    State(state): State<AppState>,
    session: Session,
    mut sheet: Sheet,
    Form(typed): Form<Typed>,
) -> Result<Response, HttpError> {
    if let Err(answer) = state.rooms.may_try(&session.member) {
        let why = sheet.refuses(answer)?;
        let sentence = sheet.sentence(why);
        return Ok(draw(sheet, &typed.code, &sentence));
    }
    let (data, clock, code) = (state.config.data.clone(), state.clock.clone(), typed.code.clone());
    let taken = tokio::task::spawn_blocking(move || take_code(&data, &code, &clock)).await;
    match taken.ok().flatten() {
        Some(room) if state.rooms.is_public(&room) => {
            state.rooms.admit(&session.member, &room)?.becomes_moderator().await?;
            tracing::info!(member = session.member.id.0, %room, "somebody moderates a room by a code");
            Ok(Redirect::to(&format!("{}/about", room.path())).into_response())
        }
        _ => {
            sheet.is_unprocessable();
            let wrong = sheet.words().code_wrong;
            Ok(draw(sheet, &typed.code, wrong))
        }
    }
}

fn draw(sheet: Sheet, typed: &str, refusal: &str) -> Response {
    let words = sheet.words();
    sheet.shows(words.moderator, "/", || {
        view! {
            <p>{words.moderator_hint} " " <code>"madang moderator"</code></p>
            <form class="stack" method="post" action="/moderator">
                {Field { id: "code", label: words.code, value: typed, hint: words.code_hint, refusal, required: true }.draw()}
                <div class="sheet-buttons">
                    <button type="submit" class="button primary">{words.moderate}</button>
                </div>
            </form>
        }
    })
}
