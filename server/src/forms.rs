//! What people do without the wasm, or before it is there: plain forms that are answered with a page or another address.
//! A program that asks for JSON gets a problem document instead of the page.

use std::time::{Duration, Instant};

use app::allowance::Allowance;
use app::availability::Rest;
use app::command::Asked;
use app::first_page::{Form as Which, LANG_COOKIE, Slip, THEME_COOKIE};
use app::i18n::Lang;
use app::member::{Member, Name};
use app::message::{Cid, Draft};
use app::preferences::Theme;
use app::refusal::Refusal;
use app::room::Slug;
use app::route::Route;
use axum::body::Body;
use axum::extract::{Form, FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use http_body_util::Limited;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::aside;
use crate::error::{HttpError, accepts_html, ask_again_after};
use crate::files::file_name;
use crate::limits::Address;
use crate::names::{must_not_pass_for_a_line, name_key};
use crate::page;
use crate::parts::{Part, Parts};
use crate::random;
use crate::reader::Reader;
use crate::room::{Admitted, Answer, Saying};
use crate::router::ANSWER_WITHIN;
use crate::session::{Session, Token, YEAR_S};
use crate::sheets::door;
use crate::sheets::{Sheet, lost};
use crate::state::AppState;
use crate::store::To;
use crate::unshown;

/// The longest message form in bytes, files aside, read only for people who are signed in: much longer than the longest message,
/// so that a text that is too long comes back with a reason.
const MAX_MESSAGE_FORM_BYTES: usize = 1024 * 1024;

/// A name, and where to go with it.
#[derive(Debug, Deserialize)]
pub struct NameForm {
    name: String,
    #[serde(default)]
    next: String,
}

/// How long somebody is not to be disturbed ([`Rest::word`]).
#[derive(Debug, Deserialize)]
pub struct RestForm {
    rest: String,
    #[serde(default)]
    next: String,
}

/// What stands in a message box.
#[derive(Debug, Default, Deserialize)]
pub struct MessageForm {
    /// Under which id; each form has a fresh one.
    pub cid: String,
    /// What was typed.
    pub text: String,
    /// Whether what is said in a thread is said to the room, too.
    #[serde(skip)]
    pub also: bool,
    /// The ids of files that came with it.
    #[serde(skip)]
    pub files: Vec<u128>,
    /// Why one of them could not be taken.
    #[serde(skip)]
    pub trouble: Option<Answer>,
    /// What that one is called.
    #[serde(skip)]
    pub refused_file: Option<String>,
}

/// A choice for this browser.
#[derive(Debug, Deserialize)]
pub struct PreferencesForm {
    lang: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    next: String,
}

/// `POST /enter`: a name, and one is in; words that were written by somebody who was not in any more come along.
///
/// # Errors
/// [`HttpError`].
pub async fn enter(
    State(state): State<AppState>,
    reader: Reader,
    session: Option<Session>,
    address: Address,
    headers: HeaderMap,
    mut sheet: Sheet,
    request: Request,
) -> Result<Response, HttpError> {
    let form = door::read(&state, request).await.map_err(HttpError::Refused)?;
    // The form bears an id, which makes a second press of the button the same entry.
    let (name, cid, next) = (form.name.clone(), form.cid.clone(), form.next.clone());
    let written = form.written(local(&next));
    if let Some(session) = session {
        return door::go_on(&state, reader, &session, sheet, written).await;
    }
    let token = Token::fresh();
    match walk_in(&state, address, (&name, &cid), token.hash()).await {
        Ok(member) => {
            let page = door::go_on(&state, reader, &Session { member }, sheet, written).await?;
            Ok(([(header::SET_COOKIE, token.into_cookie(&headers))], page).into_response())
        }
        Err(answer) if !written.text.is_empty() && accepts_html(&headers) => {
            let why = sheet.refuses(answer)?;
            Ok(door::ask_in(sheet, &written, &name, why))
        }
        Err(answer) => {
            let refused = Refused::of(answer, &headers)?;
            let slip = Slip { form: Which::Enter, typed: name, why: Some(refused.why) };
            Ok(refused.with_delay(page::of_refused_form(&state, reader, None, local(&next), slip).await))
        }
    }
}

async fn walk_in(
    state: &AppState,
    address: Address,
    (name, cid): (&str, &str),
    token_hash: [u8; 32],
) -> Result<Member, Answer> {
    let name = Name::new(name).map_err(Answer::Refused)?;
    state.allowance.name(name.as_str()).and_then(|()| must_not_pass_for_a_line(&name)).map_err(Answer::Refused)?;
    state.limits.arrivals.take(address, Instant::now()).map_err(Answer::TooFast)?;
    let key = name_key(name.as_str());
    let cid = Cid::parse(cid).unwrap_or_else(|| random::cid(state.clock.now_ms()));
    let entered = state.store.walk_in(name, key, cid, token_hash, state.clock.now_ms(), state.is_full());
    entered.await?.map_err(Answer::Refused)
}

/// `POST /name`: another name.
///
/// # Errors
/// [`HttpError`].
pub async fn rename(
    State(state): State<AppState>,
    reader: Reader,
    session: Session,
    headers: HeaderMap,
    Form(form): Form<NameForm>,
) -> Result<Response, HttpError> {
    match renamed(&state, &session, &form.name).await {
        Ok(_) => Ok(to(&form.next)),
        Err(answer) => {
            let refused = Refused::of(answer, &headers)?;
            let slip = Slip { form: Which::Rename, typed: form.name, why: Some(refused.why) };
            Ok(refused.with_delay(page::of_refused_form(&state, reader, Some(&session), "/", slip).await))
        }
    }
}

/// `POST /quiet`: not to be disturbed for a while, or again.
///
/// # Errors
/// [`HttpError`].
pub async fn rest(
    State(state): State<AppState>,
    reader: Reader,
    session: Session,
    headers: HeaderMap,
    Form(form): Form<RestForm>,
) -> Result<Response, HttpError> {
    let Some(rest) = Rest::from_word(&form.rest) else { return Ok(StatusCode::BAD_REQUEST.into_response()) };
    let until_ms = rest.until_ms(state.clock.now_ms(), |at_ms| reader.zone.offset_min(at_ms));
    match state.rooms.rests(session.member.id, until_ms).await {
        Ok(()) => Ok(to(&form.next)),
        Err(answer) => {
            let refused = Refused::of(answer, &headers)?;
            let slip = Slip { form: Which::Quiet, typed: String::new(), why: Some(refused.why) };
            Ok(refused.with_delay(page::of_refused_form(&state, reader, Some(&session), "/", slip).await))
        }
    }
}

/// Gives a person another name, everywhere.
///
/// # Errors
/// [`Answer::Refused`] for a name that can't be, or is somebody else's; [`Answer::Unavailable`].
pub async fn renamed(state: &AppState, session: &Session, name: &str) -> Result<Member, Answer> {
    let name = Name::new(name).map_err(Answer::Refused)?;
    state.rooms.rename(&session.member, name).await
}

/// `POST /rooms/{slug}/messages`: a message. The form's id makes a second press of the button the same message.
///
/// # Errors
/// [`HttpError`].
pub async fn post(
    State(state): State<AppState>,
    Path(slug): Path<Slug>,
    reader: Reader,
    session: Session,
    headers: HeaderMap,
    sheet: Sheet,
    request: Request,
) -> Result<Response, HttpError> {
    let admitted = match state.rooms.admit(&session.member, &slug) {
        Ok(admitted) => admitted,
        Err(Answer::Refused(why)) => return lost::give_back(sheet, why, read_text(&state, request).await),
        Err(answer) => return Err(answer.into()),
    };
    let mut form = match read_message(&state, &admitted, request).await {
        Ok(form) => form,
        Err(response) => return Ok(response),
    };
    match obey(&state, &session, &admitted, To::Room, &mut form).await {
        Ok(Obeyed::Done) => Ok(Redirect::to(&slug.path()).into_response()),
        Ok(Obeyed::Left) => page::of_left_room(&state, reader, &session, slug).await,
        Ok(Obeyed::Asks) => Ok(Redirect::to(&format!("{}/leave", slug.path())).into_response()),
        Ok(Obeyed::Malformed) => Ok(StatusCode::BAD_REQUEST.into_response()),
        Err(answer) => {
            if let Answer::Refused(why @ (Refusal::RoomArchived | Refusal::RoomUnknown)) = answer {
                return lost::give_back(sheet, why, form.text);
            }
            let refused = Refused::of(answer, &headers)?;
            let why = state.allowance.sentence(reader.lang, refused.why);
            let on_files = form.refused_file.map(|name| unshown::refusal(&name, &why, reader.lang));
            let slip = Some(Slip { form: Which::Post, typed: form.text, why: Some(refused.why) });
            let page = page::of_room(&state, reader, Some(&session), Route::Room(slug), (slip, on_files)).await?;
            Ok(refused.with_delay(page))
        }
    }
}

/// What became of what stood in a message box.
pub enum Obeyed {
    /// It is said, or done.
    Done,
    /// The person has left the room.
    Left,
    /// The person is to be asked first whether they leave.
    Asks,
    /// It was no form of ours.
    Malformed,
}

/// Says what stands in a message box, or does it where it is a command. What is refused stays in the form; of its files nothing
/// is kept.
///
/// # Errors
/// As [`Admitted::say`] and the commands' own.
pub async fn obey(
    state: &AppState,
    session: &Session,
    admitted: &Admitted,
    to: To,
    form: &mut MessageForm,
) -> Result<Obeyed, Answer> {
    let obeyed = carry_out(state, session, admitted, to, form).await;
    match &obeyed {
        // It is sent; only that nobody was called is told.
        Err(Answer::Refused(Refusal::MentionTooMany)) => form.text.clear(),
        Err(Answer::Refused(Refusal::CommandHelp)) => {
            form.text.clear();
            state.files.forget(admitted, &form.files).await;
        }
        Err(_) => state.files.forget(admitted, &form.files).await,
        Ok(_) => {}
    }
    obeyed
}

async fn carry_out(
    state: &AppState,
    session: &Session,
    admitted: &Admitted,
    to: To,
    form: &mut MessageForm,
) -> Result<Obeyed, Answer> {
    let draft = if form.files.is_empty() { Draft::new(&form.text) } else { Draft::beside_files(&form.text) };
    let asked = draft.and_then(Asked::of).map_err(Answer::Refused);
    match form.trouble.take().map_or(asked, Err)? {
        // Nobody comes back by themselves: it is asked for twice.
        Asked::Leave if !admitted.slug().is_public() => return Ok(Obeyed::Asks),
        Asked::Leave => {
            admitted.leave().await?;
            return Ok(Obeyed::Left);
        }
        Asked::Help => return Err(Answer::Refused(Refusal::CommandHelp)),
        Asked::Nick(name) => drop(renamed(state, session, &name).await?),
        Asked::Topic(topic) => aside::set_topic(admitted, &topic).await?,
        Asked::Invite(name) => aside::invite(admitted, &name).await?,
        Asked::Say(draft) => {
            let Some(cid) = Cid::parse(&form.cid) else { return Ok(Obeyed::Malformed) };
            let saying = Saying::New(draft, form.files.clone()).answering(to);
            if admitted.say_and_wait(cid, saying).await?.1 {
                return Err(Answer::Refused(Refusal::MentionTooMany));
            }
        }
    }
    Ok(Obeyed::Done)
}

/// Whether a form comes part by part, as one with files does.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// Reads the message form, and takes in the files that come with it; else what to answer.
///
/// # Errors
/// What to answer where there is no form to be read.
pub async fn read_message(state: &AppState, admitted: &Admitted, request: Request) -> Result<MessageForm, Response> {
    if !is_multipart(request.headers()) {
        return read_long(state, request).await;
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let bytes = length.unwrap_or(state.allowance.file_bytes);
    Ok(read_parts(state, admitted, parts_of(state, request).await?, bytes).await)
}

/// Reads no more of the message form than its text.
pub async fn read_text(state: &AppState, request: Request) -> String {
    if !is_multipart(request.headers()) {
        return read_long::<MessageForm>(state, request).await.map(|form| form.text).unwrap_or_default();
    }
    let Ok(mut parts) = parts_of(state, request).await else { return String::new() };
    while let Ok(Some(mut part)) = parts.next().await {
        if part.name() == "text" {
            return text_of(&mut part).await;
        }
        part.skip().await;
    }
    String::new()
}

async fn parts_of(state: &AppState, request: Request) -> Result<Parts, Response> {
    let Allowance { files, file_bytes, .. } = state.allowance;
    let most = u64::from(files) * file_bytes.unsigned_abs() + 2 * MAX_MESSAGE_FORM_BYTES as u64;
    Parts::of(request, most, state).await.map_err(IntoResponse::into_response)
}

/// Reads a form in which there may be a message; else what to answer.
pub async fn read_long<T: DeserializeOwned>(state: &AppState, request: Request) -> Result<T, Response> {
    let limited = request.map(|body| Body::new(Limited::new(body, MAX_MESSAGE_FORM_BYTES)));
    match tokio::time::timeout(ANSWER_WITHIN, Form::from_request(limited, state)).await {
        Ok(form) => form.map(|Form(form)| form).map_err(IntoResponse::into_response),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT.into_response()),
    }
}

/// Part by part, as they come, of a form that has so many bytes in all. After one that can't be taken the text is still read, for
/// it comes back to the person.
async fn read_parts(state: &AppState, admitted: &Admitted, mut parts: Parts, bytes: i64) -> MessageForm {
    let mut form = MessageForm::default();
    loop {
        let mut part = match parts.next().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(_) => {
                form.trouble.get_or_insert(Answer::Refused(Refusal::UploadMismatch));
                break;
            }
        };
        let name = part.file_name().map(str::to_owned);
        match (part.name(), name) {
            ("cid", _) => form.cid = text_of(&mut part).await,
            ("text", _) => form.text = text_of(&mut part).await,
            ("also", _) => form.also = true,
            // A field in which nothing was chosen comes with an empty name.
            ("files", Some(name)) if !name.is_empty() && form.trouble.is_none() => {
                let may = form.files.len() < state.allowance.files as usize;
                let taken = match may {
                    true => state.files.take_in(admitted, &name, bytes, &mut part).await,
                    false => Err(Answer::Refused(Refusal::FilesTooMany)),
                };
                match taken {
                    Ok(id) => form.files.push(id),
                    Err(answer) => {
                        form.trouble = Some(answer);
                        form.refused_file = Some(file_name(&name));
                        part.skip().await;
                    }
                }
            }
            _ => part.skip().await,
        }
    }
    form
}

/// A part as text, as far as it may be long.
async fn text_of(part: &mut Part<'_>) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = part.chunk().await {
        if bytes.len() + chunk.len() <= MAX_MESSAGE_FORM_BYTES {
            bytes.extend_from_slice(&chunk);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `POST /rooms/{slug}/leave`: leaves a room, as its kind is left.
///
/// # Errors
/// [`HttpError`].
pub async fn leave(
    State(state): State<AppState>,
    admitted: Admitted,
    reader: Reader,
    session: Session,
) -> Result<Response, HttpError> {
    admitted.leave().await?;
    match admitted.slug() {
        slug if slug.is_public() => page::of_left_room(&state, reader, &session, slug.clone()).await,
        _ => Ok(Redirect::to("/").into_response()),
    }
}

/// `POST /preferences`: the language or the theme, remembered by this browser.
pub async fn choose(Form(form): Form<PreferencesForm>) -> Response {
    let mut response = to(&form.next);
    let lang = form.lang.as_deref().and_then(Lang::from_tag).map(|lang| (LANG_COOKIE, lang.tag()));
    let theme = form.theme.as_deref().and_then(Theme::from_word).map(|theme| (THEME_COOKIE, theme.word()));
    for (name, value) in lang.into_iter().chain(theme) {
        let cookie = format!("{name}={value}; Path=/; Max-Age={YEAR_S}; SameSite=Lax");
        if let Ok(cookie) = cookie.parse() {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// Why a form comes back to a person.
struct Refused {
    why: Refusal,
    wait: Option<Duration>,
}

impl Refused {
    /// A person gets the form back; a program, and whom nothing can be told, an error.
    fn of(answer: Answer, headers: &HeaderMap) -> Result<Self, HttpError> {
        match answer {
            Answer::Refused(why) if accepts_html(headers) => Ok(Self { why, wait: None }),
            Answer::TooFast(wait) if accepts_html(headers) => Ok(Self { why: Refusal::TooFast, wait: Some(wait) }),
            answer => Err(answer.into()),
        }
    }

    fn with_delay(&self, page: Response) -> Response {
        if let Some(wait) = self.wait { ask_again_after(wait, page) } else { page }
    }
}

fn to(next: &str) -> Response {
    Redirect::to(local(next)).into_response()
}

/// A path of ours; anything that leads elsewhere becomes the start page.
fn local(next: &str) -> &str {
    let is_path = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_only_to_our_own_pages() {
        assert_eq!(local("/rooms/%ED%9A%8C"), "/rooms/%ED%9A%8C");
        for elsewhere in ["", "https://evil.example", "//evil.example", "/\\evil.example", "rooms", "/a\r\nb", "/회"] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }
}
