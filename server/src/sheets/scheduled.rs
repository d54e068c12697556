//! `/scheduled`: somebody's messages that wait for their time, and those that could not be sent: what stands there can be changed,
//! sent at once, or taken back.

use app::i18n::Lang;
use app::message::Cid;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::either::Either;
use leptos::prelude::*;
use serde::Deserialize;

use super::enclosed::Enclosed;
use super::{Sheet, later};
use crate::error::HttpError;
use crate::room::{Admitted, NotLater};
use crate::session::Session;
use crate::state::AppState;
use crate::store::Scheduled;
use crate::zone::Zone;

/// What is to be done, and with which message.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "do")]
    what: What,
    id: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Send,
    Cancel,
}

/// `GET /scheduled`.
///
/// # Errors
/// [`HttpError`].
pub async fn show(State(state): State<AppState>, session: Session, sheet: Sheet) -> Result<Response, HttpError> {
    draw(&state, &session, sheet, String::new()).await
}

/// `POST /scheduled`.
///
/// # Errors
/// [`HttpError`].
pub async fn act(
    State(state): State<AppState>,
    session: Session,
    mut sheet: Sheet,
    Form(asked): Form<Asked>,
) -> Result<Response, HttpError> {
    let member = session.member.id;
    let done = match (Cid::parse(&asked.id), asked.what) {
        (None, _) => Err(NotLater::Gone),
        (Some(cid), What::Send) => state.schedule.say_now(member, cid).await,
        (Some(cid), What::Cancel) => state.schedule.cancel(member, cid).await,
    };
    match done {
        Ok(()) => Ok(Redirect::to("/scheduled").into_response()),
        Err(why) => {
            let why = later::sentence(&mut sheet, why)?;
            draw(&state, &session, sheet, why).await
        }
    }
}

/// What could not be sent stands first.
async fn draw(state: &AppState, session: &Session, sheet: Sheet, refusal: String) -> Result<Response, HttpError> {
    let words = sheet.lang().later_words();
    let mut all = state.schedule.of(session.member.id).await?;
    all.sort_by_key(|message| message.refused.is_none());
    let mut found = Vec::new();
    for message in all {
        // Of a room that is not there for them any more, nothing is told.
        let room = state.rooms.admit(&session.member, &message.room).ok();
        let enclosed = (message.member, message.to, message.files.as_slice());
        let enclosed = Enclosed::find(state, room.as_ref(), enclosed).await?;
        found.push((message, room, enclosed));
    }
    let lang = sheet.lang();
    Ok(sheet.shows(words.list, "/", || {
        let rows: Vec<_> = found.into_iter().map(|found| row(state, lang, found)).collect();
        let rows = if rows.is_empty() {
            Either::Left(view! { <p><b>{words.none}</b></p> <p class="faint">{words.none_hint}</p> })
        } else {
            Either::Right(view! { <ul class="scheduled">{rows}</ul> })
        };
        view! { <p class="field-note" role="alert">{refusal}</p> {rows} }
    }))
}

fn row(
    state: &AppState,
    lang: Lang,
    (message, room, enclosed): (Scheduled, Option<Admitted>, Enclosed),
) -> impl IntoView + use<> {
    let words = lang.later_words();
    let name = room.as_ref().map(|room| (room.slug().path(), room.summary().called(Some(room.member_id()))));
    let local = Zone::named(&message.zone).map(|zone| zone.local(message.due_ms));
    let when = local.map(|local| format!("{} {}", local.date(lang), local.time(lang))).unwrap_or_default();
    let reason = |why| later::reason(lang, why).unwrap_or_else(|| state.allowance.sentence(lang, why));
    let refused = message.refused.map(|why| (words.not_sent)(&reason(why)));
    let (answers, files) = enclosed.lines(state, lang, room.as_ref().map(Admitted::slug));
    let (id, path) = (message.cid.to_string(), format!("/scheduled/{}", message.cid));
    let about = format!("scheduled-{id}");
    let edit = name.is_some().then(|| {
        view! { <a class="button" href=path data-sheet="" aria-describedby=about.clone()>{words.edit}</a> }
    });
    view! {
        <li class="scheduled-message">
            <p class="scheduled-when">
                {name.map(|(path, name)| view! { <a href=path><bdi>{name}</bdi></a> " · " })}
                {when} " " <span class="faint">{message.zone.replace('_', " ")}</span>
            </p>
            {refused.map(|refused| view! { <p class="field-note">{refused}</p> })}
            {answers}
            <p id=about.clone() class="scheduled-text" dir="auto">{super::portions(&message.text)}</p>
            {files}
            <form class="sheet-buttons" method="post" action="/scheduled">
                <input type="hidden" name="id" value=id/>
                {edit}
                <button type="submit" class="button" name="do" value="send" aria-describedby=about.clone()>{words.send_now}</button>
                <button type="submit" class="button danger" name="do" value="cancel" aria-describedby=about>{words.cancel}</button>
            </form>
        </li>
    }
}
