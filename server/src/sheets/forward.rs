//! `/rooms/{slug}/{seq}/forward`: passes a message on to another room, or to somebody, with a word of one's own if one likes. That
//! is read as the message box reads it.

use app::command::Asked as Written;
use app::member::MemberId;
use app::message::{Cid, Draft, Seq};
use app::quote::Quote;
use app::refusal::Refusal;
use app::room::Slug;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::Sheet;
use super::find;
use super::live::{Live, Way};
use crate::error::HttpError;
use crate::limits::Address;
use crate::random;
use crate::room::{Admitted, Answer, Found};
use crate::session::Session;
use crate::state::AppState;

/// The form that passes it on.
const FORWARD: &str = "forward";

/// Where to, under which id, and with which words.
#[derive(Debug, Deserialize)]
pub struct Asked {
    cid: Cid,
    #[serde(default)]
    comment: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    person: String,
}

impl Asked {
    fn new(state: &AppState, comment: String) -> Self {
        Self { cid: random::cid(state.clock.now_ms()), comment, to: String::new(), person: String::new() }
    }
}

/// `GET /rooms/{slug}/{seq}/forward?q=ㅎㅇ`.
///
/// # Errors
/// [`HttpError`].
pub async fn show(
    State(state): State<AppState>,
    Path((slug, seq)): Path<(Slug, Seq)>,
    Query(find::Asked { q }): Query<find::Asked>,
    session: Session,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let origin = state.rooms.admit(&session.member, &slug)?;
    let asked = Asked::new(&state, String::new());
    draw(&state, &session, sheet, (&origin, seq), (&q, asked, "")).await
}

/// The same with words that were written before their writer walked in again.
///
/// # Errors
/// As [`show`].
pub(super) async fn show_written(
    state: &AppState,
    session: &Session,
    sheet: Sheet,
    from: (&Admitted, Seq),
    comment: String,
) -> Result<Response, HttpError> {
    draw(state, session, sheet, from, ("", Asked::new(state, comment), "")).await
}

/// `POST /rooms/{slug}/{seq}/forward`: leads to the room where it is said now.
///
/// # Errors
/// [`HttpError`].
pub async fn forward(
    State(state): State<AppState>,
    Path((slug, seq)): Path<(Slug, Seq)>,
    mut sheet: Sheet,
    session: Session,
    address: Address,
    Form(asked): Form<Asked>,
) -> Result<Response, HttpError> {
    let origin = state.rooms.admit(&session.member, &slug)?;
    match pass_on(&state, &session, address, (&origin, seq), &asked).await {
        Ok(to) => Ok(Redirect::to(&to.path()).into_response()),
        Err(NotPassedOn::Command) => {
            sheet.is_unprocessable();
            let sentence = sheet.words().comment_command;
            draw(&state, &session, sheet, (&origin, seq), ("", asked, sentence)).await
        }
        Err(NotPassedOn::Answer(answer)) => {
            let why = sheet.refuses(answer)?;
            let sentence = sheet.sentence(why);
            // All of it is said then; only that nobody was called is told.
            let asked = if why == Refusal::MentionTooMany { Asked::new(&state, String::new()) } else { asked };
            draw(&state, &session, sheet, (&origin, seq), ("", asked, &sentence)).await
        }
    }
}

/// Why a message was not passed on, or not as it was meant.
enum NotPassedOn {
    Answer(Answer),
    /// The word to it is a command, which belongs to a room.
    Command,
}

impl From<Answer> for NotPassedOn {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

async fn pass_on(
    state: &AppState,
    session: &Session,
    address: Address,
    (origin, seq): (&Admitted, Seq),
    asked: &Asked,
) -> Result<Slug, NotPassedOn> {
    let cid = asked.cid;
    // Before anything is said.
    let written = Draft::beside_files(&asked.comment).and_then(Written::of).map_err(Answer::Refused)?;
    let Written::Say(comment) = written else { return Err(NotPassedOn::Command) };
    state.allowance.message(comment.as_str()).map_err(Answer::Refused)?;
    let to = match asked.person.parse() {
        Ok(person) => state.rooms.direct(address, &session.member, &[MemberId(person)]).await?.slug,
        Err(_) => Slug::from(asked.to.as_str()),
    };
    let target = state.rooms.admit(&session.member, &to)?;
    origin.forward(seq, &target, cid).await?;
    if !comment.as_str().is_empty() {
        let (_, was_too_many) = target.post_and_wait(Cid(cid.0.wrapping_add(1)), comment, Vec::new()).await?;
        if was_too_many {
            return Err(Answer::Refused(Refusal::MentionTooMany).into());
        }
    }
    Ok(to)
}

async fn draw(
    state: &AppState,
    session: &Session,
    sheet: Sheet,
    (origin, seq): (&Admitted, Seq),
    (typed, asked, refusal): (&str, Asked, &str),
) -> Result<Response, HttpError> {
    let quote = Quote::new(&origin.said(seq).await?);
    let found = state.rooms.look_for(&session.member, typed, Some(origin.slug())).await?;
    let may_be_written = |found: &Found| !matches!(found, Found::Room(room, _) if room.archived);
    let lines = found.into_iter().filter(may_be_written).map(|found| {
        let line = find::line(&sheet, found.clone(), session);
        let way = match found {
            Found::Room(room, _) => Way::Sends(FORWARD, "to", room.slug.to_string()),
            Found::Person(person) => Way::Sends(FORWARD, "person", person.id.0.to_string()),
        };
        super::live::Line { way, news: None, ..line }
    });
    let lines = lines.collect();
    let words = sheet.words();
    let (action, back) = (format!("{}/{seq}/forward", origin.slug().path()), origin.slug().path());
    let live = Live { action: &action, kept: Vec::new(), label: words.forward_to, typed, lines };
    let above = || {
        view! {
            {quote.map(|quote| view! {
                <p class="message-quote">
                    <bdi class="quote-author">{quote.by.name.to_string()}</bdi>
                    <span class="quote-text" dir="auto">{quote.text}</span>
                </p>
            })}
            <form id=FORWARD class="stack" method="post" action=action.clone()>
                <input type="hidden" name="cid" value=asked.cid.to_string()/>
                <label for="comment">{words.comment}</label>
                <input id="comment" class="field" name="comment" value=asked.comment autocomplete="off" maxlength="1000"/>
                <p class="field-note" role="alert">{(!refusal.is_empty()).then(|| refusal.to_owned())}</p>
            </form>
        }
    };
    Ok(sheet.answers(words.forward, &back, live, (above, || ())))
}
