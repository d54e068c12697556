//! `/rooms/{slug}/later` and `/scheduled/{cid}`: a message and when it is to be sent. The message box leads here with its text, its
//! files and what it answers in a form, never in an address; without JavaScript the text is written here, and the files come with the
//! form.

use app::file::FileId;
use app::i18n::Lang;
use app::i18n::later::LaterWords;
use app::message::Cid;
use app::refusal::Refusal;
use axum::extract::{Form, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::Sheet;
use super::enclosed::Enclosed;
use crate::error::HttpError;
use crate::forms::{is_multipart, read_long, read_message};
use crate::random;
use crate::room::{Admitted, Answer, NotLater};
use crate::session::Session;
use crate::state::AppState;
use crate::store::{NewScheduled, Scheduled, To};
use crate::zone::Zone;

/// The largest form in bytes: the longest text of any script, as forms write it.
pub const MAX_FORM_BYTES: usize = 1024 * 1024;

/// What the form says, name by name: a name may come more than once.
type Pairs = Vec<(String, String)>;

/// What the form says. From the message box comes no time.
#[derive(Debug, Default)]
struct Asked {
    text: String,
    /// The id of the message; each form has a fresh one.
    id: String,
    /// What the clock is to show.
    at: Option<String>,
    /// One of the times that are offered.
    when: String,
    /// Whether it came from the room's message box.
    from_box: bool,
    to: To,
    files: Vec<FileId>,
}

impl From<Pairs> for Asked {
    fn from(pairs: Pairs) -> Self {
        let (mut asked, mut also) = (Self::default(), false);
        for (name, value) in pairs {
            let of = value.parse().ok();
            match name.as_str() {
                "text" => asked.text = value,
                "id" => asked.id = value,
                "at" => asked.at = Some(value),
                "when" => asked.when = value,
                "from_box" => asked.from_box = true,
                "reply_to" => asked.to = of.map_or(asked.to, To::Message),
                "thread" => asked.to = of.map_or(asked.to, |of| To::Thread(of, false)),
                "also" => also = true,
                // The message box names all of its files at once.
                "file" => asked.files.extend(value.split_whitespace().map(|id| FileId(id.to_owned()))),
                _ => {}
            }
        }
        if let To::Thread(_, is_also) = &mut asked.to {
            *is_also = also;
        }
        asked
    }
}

impl Asked {
    fn of(message: Scheduled, at: String) -> Self {
        let files = message.files.into_iter().map(FileId::from).collect();
        Self { text: message.text, at: Some(at), to: message.to, files, ..Self::default() }
    }

    fn has_no_time(&self) -> bool {
        self.at.is_none() && self.when.is_empty()
    }

    /// Whether one of the files of the message box has not arrived.
    fn waits_for_files(&self) -> bool {
        self.files.iter().any(|file| file.bits().is_none())
    }
}

/// `GET /rooms/{slug}/later`.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there for this person.
pub async fn show(
    State(state): State<AppState>,
    admitted: Admitted,
    zone: Zone,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    Page::new(&state, &admitted, zone).draw(sheet, Asked::default(), String::new()).await
}

/// The form with words, and the time that its clock showed, that were written before their writer walked in again.
///
/// # Errors
/// As [`show`].
pub(super) async fn show_written(
    state: &AppState,
    admitted: &Admitted,
    sheet: Sheet,
    (text, at): (String, String),
) -> Result<Response, HttpError> {
    let asked = Asked { text, at: Some(at), ..Asked::default() };
    Page::new(state, admitted, sheet.zone()).draw(sheet, asked, String::new()).await
}

/// `POST /rooms/{slug}/later`: what stands in the message box, or the whole form.
///
/// # Errors
/// [`HttpError`].
pub async fn keep(
    State(state): State<AppState>,
    admitted: Admitted,
    zone: Zone,
    mut sheet: Sheet,
    request: Request,
) -> Result<Response, HttpError> {
    let (mut asked, trouble) = match read(&state, &admitted, request).await {
        Ok(read) => read,
        Err(response) => return Ok(response),
    };
    let page = Page::new(&state, &admitted, zone);
    if let Some(trouble) = trouble {
        let why = sentence(&mut sheet, trouble.into())?;
        return page.draw(sheet, asked, why).await;
    }
    if asked.waits_for_files() {
        return Ok(page.waits(sheet));
    }
    if asked.has_no_time() {
        let is_something = !(asked.text.trim().is_empty() && asked.files.is_empty());
        asked.from_box = is_something;
        return page.draw(sheet, asked, String::new()).await;
    }
    let cid = Cid::parse(&asked.id).unwrap_or_else(|| random::cid(page.now_ms));
    let kept = match page.scheduled(cid, &asked) {
        Ok(new) => state.schedule.keep(&admitted, new).await,
        Err(why) => Err(why),
    };
    page.answer(sheet, asked, kept).await
}

/// The form, and why a file that came with it could not be taken; else what to answer.
async fn read(state: &AppState, admitted: &Admitted, request: Request) -> Result<(Asked, Option<Answer>), Response> {
    let headers = request.headers().clone();
    if !is_multipart(&headers) {
        return Ok((Asked::from(read_long::<Pairs>(state, request).await?), None));
    }
    let form = read_message(state, admitted, request).await?;
    let files = form.files.into_iter().map(FileId::from).collect();
    Ok((Asked { text: form.text, files, ..Asked::default() }, form.trouble))
}

/// `GET /scheduled/{cid}`.
///
/// # Errors
/// [`HttpError::Missing`] where nothing of this person's waits under the id, and as [`show`].
pub async fn show_one(
    State(state): State<AppState>,
    Path(cid): Path<String>,
    session: Session,
    zone: Zone,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let (message, admitted) = find(&state, &session, &cid).await?;
    let page = Page { of: Some(message.cid), ..Page::new(&state, &admitted, zone) };
    let at = page.zone.local(message.due_ms.max(page.now_ms)).iso();
    page.draw(sheet, Asked::of(message, at), String::new()).await
}

/// `POST /scheduled/{cid}`: another text, another time, and less to go with it.
///
/// # Errors
/// [`HttpError`].
pub async fn change(
    State(state): State<AppState>,
    Path(cid): Path<String>,
    session: Session,
    zone: Zone,
    sheet: Sheet,
    Form(pairs): Form<Pairs>,
) -> Result<Response, HttpError> {
    let (message, admitted) = find(&state, &session, &cid).await?;
    let asked = Asked::from(pairs);
    let page = Page { of: Some(message.cid), ..Page::new(&state, &admitted, zone) };
    let changed = match page.scheduled(message.cid, &asked) {
        Ok(new) => state.schedule.change(&admitted, new).await,
        Err(why) => Err(why),
    };
    page.answer(sheet, asked, changed).await
}

async fn find(state: &AppState, session: &Session, cid: &str) -> Result<(Scheduled, Admitted), HttpError> {
    let cid = Cid::parse(cid).ok_or(HttpError::Missing)?;
    let all = state.schedule.of(session.member.id).await?;
    let message = all.into_iter().find(|message| message.cid == cid).ok_or(HttpError::Missing)?;
    let admitted = state.rooms.admit(&session.member, &message.room)?;
    Ok((message, admitted))
}

/// The sentence for what can't be said later.
pub(super) fn sentence(sheet: &mut Sheet, why: NotLater) -> Result<String, HttpError> {
    let words = sheet.lang().later_words();
    let said = match why {
        NotLater::Answer(answer) => {
            let why = sheet.refuses(answer)?;
            return Ok(reason(sheet.lang(), why).unwrap_or_else(|| sheet.sentence(why)));
        }
        NotLater::NoTime => words.no_time.to_owned(),
        NotLater::Past => words.past.to_owned(),
        NotLater::TooFar(days) => (words.too_far)(days),
        NotLater::TooMany(most) => (words.too_many)(most),
        NotLater::Command => words.command.to_owned(),
        NotLater::Gone => words.gone.to_owned(),
    };
    sheet.is_unprocessable();
    Ok(said)
}

/// Why a message that was written for later can't be sent, where that says more than it says elsewhere.
pub(super) fn reason(lang: Lang, why: Refusal) -> Option<String> {
    let words = lang.later_words();
    match why {
        Refusal::MessageDeleted => Some(words.answered_gone.to_owned()),
        Refusal::FileUnknown => Some(words.file_gone.to_owned()),
        _ => None,
    }
}

/// What the form is drawn from.
struct Page<'a> {
    state: &'a AppState,
    admitted: &'a Admitted,
    zone: Zone,
    now_ms: i64,
    last_ms: i64,
    /// Which message is changed; none where it is a new one.
    of: Option<Cid>,
}

impl<'a> Page<'a> {
    fn new(state: &'a AppState, admitted: &'a Admitted, zone: Zone) -> Self {
        let now_ms = state.clock.now_ms();
        let last_ms = now_ms + i64::from(state.config.schedule_days) * 24 * 60 * 60 * 1_000;
        Self { state, admitted, zone, now_ms, last_ms, of: None }
    }

    fn scheduled(&self, cid: Cid, asked: &Asked) -> Result<NewScheduled, NotLater> {
        let due_ms = match asked.when.as_str() {
            "hour" => Zone::in_an_hour(self.now_ms),
            "tomorrow" => self.zone.tomorrow(self.now_ms),
            "monday" => self.zone.next_monday(self.now_ms),
            _ => asked.at.as_deref().and_then(|at| self.zone.at_ms(at)).ok_or(NotLater::NoTime)?,
        };
        let files = self.state.files.named(&asked.files).map_err(|why| NotLater::Answer(Answer::Refused(why)))?;
        let (member, text, zone) = (self.admitted.member_id(), asked.text.clone(), self.zone.name());
        Ok(NewScheduled { member, cid, text, to: asked.to, files, due_ms, zone })
    }

    /// All that waits, or the form once more with the reason.
    async fn answer(&self, mut sheet: Sheet, asked: Asked, done: Result<(), NotLater>) -> Result<Response, HttpError> {
        match done {
            Ok(()) => Ok(Redirect::to("/scheduled").into_response()),
            Err(why) => {
                let why = sentence(&mut sheet, why)?;
                self.draw(sheet, asked, why).await
            }
        }
    }

    /// Not all files of the message box have arrived: it is told, and everything stays there.
    fn waits(&self, mut sheet: Sheet) -> Response {
        let words = sheet.lang().later_words();
        sheet.is_unprocessable();
        sheet.shows(words.title, &self.admitted.slug().path(), || view! { <p role="alert">{words.files_coming}</p> })
    }

    async fn draw(&self, sheet: Sheet, asked: Asked, refusal: String) -> Result<Response, HttpError> {
        let ids: Vec<u128> = asked.files.iter().filter_map(FileId::bits).collect();
        let enclosed = (self.admitted.member_id(), asked.to, ids.as_slice());
        let enclosed = Enclosed::find(self.state, Some(self.admitted), enclosed).await?;
        let room = self.admitted.summary().called(Some(self.admitted.member_id()));
        let slug = self.admitted.slug();
        let lang = sheet.lang();
        let words = lang.later_words();
        let (title, action, back) = match self.of {
            Some(cid) => (words.change, format!("/scheduled/{cid}"), "/scheduled".to_owned()),
            None => (words.title, format!("{}/later", slug.path()), slug.path()),
        };
        let id = Cid::parse(&asked.id).unwrap_or_else(|| random::cid(self.now_ms)).to_string();
        let is_refused = !refusal.is_empty();
        // What is changed has its place, and what was refused may be sent again once there is one.
        let is_full = self.of.is_none() && !is_refused && self.state.schedule.is_full(self.admitted.member_id());
        let refusal = if is_full { (words.too_many)(self.state.config.scheduled_per_person) } else { refusal };
        let at = asked.at.filter(|at| !at.is_empty()).unwrap_or_else(|| self.shown(self.zone.tomorrow(self.now_ms)));
        let zone = (words.zone)(&self.zone.name().replace('_', " "));
        let offered = self.offered(words).map(|(value, name, at_ms)| {
            let local = self.zone.local(at_ms);
            let when = format!("{} {}", local.date(lang), local.time(lang));
            view! {
                <button type="submit" class="button later-choice" name="when" value=value formnovalidate=true
                    disabled=is_full aria-describedby="later-note">
                    <b>{name}</b> <span class="faint">{when}</span>
                </button>
            }
        });
        let is_required = ids.is_empty();
        // Of which box.
        let thread = if let To::Thread(of, _) = asked.to { of.to_string() } else { String::new() };
        Ok(sheet.shows(title, &back, || {
            view! {
                <p class="faint"><bdi>{room}</bdi></p>
                <form class="stack" method="post" action=action data-from-box=asked.from_box.then(|| thread.clone())>
                    <input type="hidden" name="id" value=id/>
                    {asked.from_box.then(|| view! { <input type="hidden" name="from_box" value="true"/> })}
                    <label for="later-text">{words.text}</label>
                    <textarea id="later-text" class="field later-text" name="text" rows="4" required=is_required dir="auto"
                        autofocus=asked.text.is_empty() aria-describedby="later-note" aria-invalid=is_refused.then_some("true")
                        inner_html=app::text::as_html(&format!("\n{}", asked.text))></textarea>
                    <p id="later-note" class="field-note" role="alert">{refusal}</p>
                    {enclosed.boxes(lang)}
                    <div class="later-choices">{offered.collect_view()}</div>
                    <label for="later-at">{words.when}</label>
                    <div class="row">
                        <input id="later-at" class="field" type="datetime-local" name="at" value=at min=self.shown(self.now_ms)
                            max=self.shown(self.last_ms) aria-describedby="later-zone"/>
                        <button type="submit" class="button primary" disabled=is_full aria-describedby="later-note">{words.schedule}</button>
                    </div>
                    <p id="later-zone" class="faint sheet-hint">{zone}</p>
                </form>
                <p><a href="/scheduled" data-sheet="">{words.list}</a></p>
            }
        }))
    }

    /// Times that are wanted often.
    fn offered(&self, words: &LaterWords) -> impl Iterator<Item = (&'static str, &'static str, i64)> + use<> {
        let (tomorrow, monday) = (self.zone.tomorrow(self.now_ms), self.zone.next_monday(self.now_ms));
        let mut all =
            vec![("hour", words.in_an_hour, Zone::in_an_hour(self.now_ms)), ("tomorrow", words.tomorrow, tomorrow)];
        // On a Sunday both are the same.
        all.extend((monday != tomorrow).then_some(("monday", words.monday, monday)));
        all.into_iter()
    }

    fn shown(&self, at_ms: i64) -> String {
        self.zone.local(at_ms).iso()
    }
}
