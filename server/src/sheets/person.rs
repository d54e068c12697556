//! `/people/{id}`: somebody, and the way to a direct room with them.

use app::components::avatar::avatar;
use app::member::{Member, MemberId};
use app::tree::Node;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::Sheet;
use crate::error::HttpError;
use crate::limits::Address;
use crate::session::Session;
use crate::state::AppState;

/// `GET /people/{id}`.
///
/// # Errors
/// [`HttpError::Missing`], [`HttpError::Store`].
pub async fn show(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    session: Session,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let person = state.store.person(MemberId(id)).await?.ok_or(HttpError::Missing)?;
    let is_me = person.id == session.member.id;
    Ok(draw(sheet, &person, is_me, ""))
}

/// `POST /people/{id}`: the direct room with them.
///
/// # Errors
/// [`HttpError`].
pub async fn talk_to(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    session: Session,
    address: Address,
    mut sheet: Sheet,
) -> Result<Response, HttpError> {
    match state.rooms.direct(address, &session.member, &[MemberId(id)]).await {
        Ok(room) => Ok(Redirect::to(&room.slug.path()).into_response()),
        Err(answer) => {
            let person = state.store.person(MemberId(id)).await?.ok_or(HttpError::Missing)?;
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(why);
            let is_me = person.id == session.member.id;
            Ok(draw(sheet, &person, is_me, &sentence))
        }
    }
}

fn draw(sheet: Sheet, person: &Member, is_me: bool, refusal: &str) -> Response {
    let (words, lang) = (sheet.words(), sheet.lang());
    sheet.shows(person.name.as_str(), "/", || {
        view! {
            <div class="sheet-person">{Node::from(avatar(person))}</div>
            {is_me.then(|| view! { <p>{lang.words().you}</p> })}
            {(!is_me).then(|| view! {
                <form class="stack" method="post" action=format!("/people/{}", person.id.0)>
                    <p class="field-note" role="alert">{(!refusal.is_empty()).then(|| refusal.to_owned())}</p>
                    <div class="sheet-buttons"><button type="submit" class="button primary" autofocus>{words.open_direct}</button></div>
                </form>
            })}
        }
    })
}
