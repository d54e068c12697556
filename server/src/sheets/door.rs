//! Who writes without scripts and is not in any more: the way in, and their words, which go along with the form and come back in the
//! box for which they were written. The server keeps none of it, so nobody else can come to see it.

use app::allowance::filled;
use app::first_page::{Form as Which, Slip};
use app::message::Seq;
use app::refusal::Refusal;
use app::room::Slug;
use app::route::{Route, percent_decoded};
use app::text::as_html;
use axum::RequestExt;
use axum::body::Body;
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http_body_util::Limited;
use leptos::prelude::*;
use serde::Deserialize;

use super::{Field, Sheet, forward, is_for_dialog, later, lost, thread};
use crate::error::{HttpError, accepts_html, status_of};
use crate::forms::is_multipart;
use crate::limits::Address;
use crate::page;
use crate::parts::{Part, Parts};
use crate::random;
use crate::reader::Reader;
use crate::room::Admitted;
use crate::router::{ANSWER_WITHIN, MAX_FORM_BYTES};
use crate::session::Session;
use crate::state::AppState;

/// How many bytes are read of what somebody wrote who is not in: the longest message of any script, as forms write it.
const MAX_BYTES: usize = 256 * 1024;

/// What a form may say at the door, or in front of it; of anything else nothing is kept.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filled {
    /// A name to walk in with.
    pub name: String,
    /// The id of the entry.
    pub cid: String,
    /// The path to go on to.
    pub next: String,
    text: String,
    comment: String,
    at: String,
    also: String,
    files: String,
}

impl Filled {
    fn field(&mut self, name: &str) -> Option<&mut String> {
        match name {
            "text" => Some(&mut self.text),
            "comment" => Some(&mut self.comment),
            "at" => Some(&mut self.at),
            "also" => Some(&mut self.also),
            _ => None,
        }
    }

    /// What was written, by somebody who goes on to a path.
    pub fn written(self, next: &str) -> Written {
        let Self { text, comment, at, also, files, .. } = self;
        let text = if text.is_empty() { comment } else { text };
        Written { text, at, also: !also.is_empty(), has_files: !files.is_empty(), next: next.to_owned() }
    }
}

/// What was written, and where.
#[derive(Debug)]
pub struct Written {
    /// The words; empty where none were written.
    pub text: String,
    /// When they were to be sent, as the form's clock had it.
    at: String,
    /// Whether what is said in a thread was to be said to the room, too.
    also: bool,
    /// Whether files came with them.
    has_files: bool,
    /// The path of the page on which they were written.
    pub next: String,
}

/// Where words were written.
enum Place {
    Room(Slug),
    Thread(Slug, Seq),
    Later(Slug),
    Forward(Slug, Seq),
}

impl Place {
    fn at(path: &str) -> Option<Self> {
        let parts: Vec<String> = path.trim_start_matches('/').split('/').map(percent_decoded).collect();
        let seq = |number: &str| number.parse().ok();
        match parts.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["rooms", slug] => Some(Self::Room(slug.into())),
            ["rooms", slug, "later"] => Some(Self::Later(slug.into())),
            ["rooms", slug, of, "thread"] => Some(Self::Thread(slug.into(), seq(of)?)),
            ["rooms", slug, of, "forward"] => Some(Self::Forward(slug.into(), seq(of)?)),
            _ => None,
        }
    }

    fn room(&self) -> &Slug {
        let (Self::Room(slug) | Self::Thread(slug, _) | Self::Later(slug) | Self::Forward(slug, _)) = self;
        slug
    }
}

/// In front of the forms in which people write: who is not in gets the door, and keeps their words. A program gets the refusal, and
/// so does a dialog, in which what was typed stays.
pub async fn keep_words(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_page = request.method() == Method::POST && accepts_html(headers) && !is_for_dialog(headers);
    if !is_page || !matches!(request.extract_parts_with_state::<Option<Session>, _>(&state).await, Ok(None)) {
        return next.run(request).await;
    }
    let path = request.uri().path().to_owned();
    let path = path.strip_suffix("/messages").unwrap_or(&path);
    let Ok(sheet) = request.extract_parts_with_state::<Sheet, _>(&state).await;
    let written = read(&state, request).await.unwrap_or_default().written(path);
    match written.text.trim() {
        "" => HttpError::Refused(Refusal::SignedOut).into_response(),
        _ => ask_in(sheet, &written, "", Refusal::SignedOut),
    }
}

/// Reads what somebody writes who is not in (yet); nothing where it is no form.
///
/// # Errors
/// [`Refusal::Unavailable`] where others write so much that there is no place for more.
pub async fn read(state: &AppState, mut request: Request) -> Result<Filled, Refusal> {
    let Ok(address) = request.extract_parts_with_state::<Address, _>(state).await;
    let is_short = is_short(request.headers());
    let _place = (!is_short).then(|| state.limits.strangers.take(address).ok_or(Refusal::Unavailable)).transpose()?;
    let mut filled = Filled::default();
    // What has come by then is not lost.
    let _ = tokio::time::timeout(ANSWER_WITHIN, read_into(&mut filled, state, request)).await;
    Ok(filled)
}

/// Whether it is no more than a stranger's forms are anyway.
fn is_short(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    !is_multipart(headers) && length.is_some_and(|length| length <= MAX_FORM_BYTES)
}

/// Files are passed over, but to their end: a browser that is answered while it is still sending shows no answer.
async fn read_into(filled: &mut Filled, state: &AppState, request: Request) {
    if !is_multipart(request.headers()) {
        let limited = request.map(|body| Body::new(Limited::new(body, MAX_BYTES)));
        *filled = Form::from_request(limited, state).await.map(|Form(filled)| filled).unwrap_or_default();
        return;
    }
    let Ok(mut parts) = Parts::of(request, u64::MAX, state).await else { return };
    let mut left = MAX_BYTES;
    while let Ok(Some(mut part)) = parts.next().await {
        let is_file = part.file_name().is_some_and(|name| !name.is_empty());
        match filled.field(part.name()) {
            Some(field) if !is_file => *field = text_of(&mut part, &mut left).await,
            _ => {
                filled.files.push_str(if is_file && filled.files.is_empty() { "1" } else { "" });
                part.skip().await;
            }
        }
    }
}

/// A part's text, of which all together may be so many bytes.
async fn text_of(part: &mut Part<'_>, left: &mut usize) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = part.chunk().await {
        let taken = chunk.len().min(*left);
        *left -= taken;
        bytes.extend_from_slice(&chunk[..taken]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The door, with the words: the name that was typed, and why it was not taken.
pub fn ask_in(mut sheet: Sheet, written: &Written, typed: &str, why: Refusal) -> Response {
    sheet.status = status_of(why);
    let (words, door) = (sheet.words(), sheet.lang().words());
    let refusal = if why == Refusal::SignedOut { String::new() } else { sheet.sentence(why) };
    let hint = filled(door.name_hint, sheet.allowance.name);
    let hidden = |name: &'static str, value: String| view! { <input type="hidden" name=name value=value/> };
    sheet.shows(words.lost, "/", || {
        let name =
            Field { id: "name", label: door.your_name, value: typed, hint: &hint, refusal: &refusal, required: true };
        view! {
            <p role="alert">{words.not_in}</p>
            {written.has_files.then(|| view! { <p>{words.files_again}</p> })}
            <form class="stack" method="post" action="/enter">
                {hidden("cid", random::hex::<16>())}
                {hidden("next", written.next.clone())}
                {(!written.at.is_empty()).then(|| hidden("at", written.at.clone()))}
                {written.also.then(|| hidden("also", "on".to_owned()))}
                {written.has_files.then(|| hidden("files", "1".to_owned()))}
                {name.draw()}
                <label for="sheet-lost">{words.your_words}</label>
                <textarea id="sheet-lost" class="field" name="text" rows="8" dir="auto"
                    inner_html=as_html(&format!("\n{}", written.text))></textarea>
                <button type="submit" class="button primary">{door.enter}</button>
            </form>
        }
    })
}

/// Where somebody goes who is in now: the page on which they wrote, with the words in its box; where that is not there for this
/// person, the words alone.
///
/// # Errors
/// [`HttpError::Store`].
pub async fn go_on(
    state: &AppState,
    reader: Reader,
    session: &Session,
    sheet: Sheet,
    written: Written,
) -> Result<Response, HttpError> {
    if written.text.is_empty() {
        return Ok(Redirect::to(&written.next).into_response());
    }
    let (text, alone) = (written.text.clone(), sheet.clone());
    match open(state, reader, session, sheet, written).await {
        Err(HttpError::Refused(why)) => lost::give_back(alone, why, text),
        Err(HttpError::Missing) => lost::give_back(alone, Refusal::MessageUnknown, text),
        opened => opened,
    }
}

async fn open(
    state: &AppState,
    reader: Reader,
    session: &Session,
    sheet: Sheet,
    written: Written,
) -> Result<Response, HttpError> {
    let Written { text, at, also, next, .. } = written;
    let written_in = Place::at(&next).ok_or(HttpError::Missing)?;
    let admitted: Admitted = state.rooms.admit(&session.member, written_in.room())?;
    if admitted.about().is_archived {
        return Err(HttpError::Refused(Refusal::RoomArchived));
    }
    match written_in {
        Place::Room(slug) => {
            let slip = Slip { form: Which::Post, typed: text, why: None };
            page::of_room(state, reader, Some(session), Route::Room(slug), (Some(slip), None)).await
        }
        Place::Thread(_, of) => thread::show_written(state, &admitted, session, sheet, of, (text, also)).await,
        Place::Later(_) => later::show_written(state, &admitted, sheet, (text, at)).await,
        Place::Forward(_, of) => forward::show_written(state, session, sheet, (&admitted, of), text).await,
    }
}
