//! `/rooms/{slug}/later` and `/scheduled/{cid}`: a text and when it is to be sent. The message box leads here with its text in a
//! form, never in an address; without JavaScript the text is written here.

use app::i18n::later::LaterWords;
use app::message::Cid;
use app::room::Slug;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::Sheet;
use crate::error::HttpError;
use crate::random;
use crate::room::{Admitted, NotLater};
use crate::session::Session;
use crate::state::AppState;
use crate::store::{NewScheduled, Scheduled};
use crate::zone::Zone;

/// The largest form in bytes: the longest text of any script, as forms write it.
pub const MAX_FORM_BYTES: usize = 1024 * 1024;

/// What the form says. From the message box comes a text alone.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    text: String,
    /// The id of the message; each form has a fresh one.
    #[serde(default)]
    id: String,
    /// What the clock is to show.
    at: Option<String>,
    /// One of the times that are offered.
    #[serde(default)]
    when: String,
    /// Whether the text came from the message box.
    #[serde(default)]
    from_box: bool,
}

/// `GET /rooms/{slug}/later`.
///
/// # Errors
/// [`HttpError::Refused`] for a room that is not there for this person.
pub async fn show(
    State(state): State<AppState>,
    Path(slug): Path<Slug>,
    session: Session,
    zone: Zone,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let admitted = state.rooms.admit(&session.member, &slug)?;
    let page = Page::new(&state, &admitted, zone);
    Ok(page.draw(sheet, Asked::default(), String::new()))
}

/// `POST /rooms/{slug}/later`: the text from the message box, or the whole form.
///
/// # Errors
/// [`HttpError`].
pub async fn keep(
    State(state): State<AppState>,
    Path(slug): Path<Slug>,
    session: Session,
    zone: Zone,
    mut sheet: Sheet,
    Form(mut asked): Form<Asked>,
) -> Result<Response, HttpError> {
    let admitted = state.rooms.admit(&session.member, &slug)?;
    let page = Page::new(&state, &admitted, zone);
    if asked.at.is_none() && asked.when.is_empty() {
        asked.from_box = !asked.text.trim().is_empty();
        return Ok(page.draw(sheet, asked, String::new()));
    }
    let cid = Cid::parse(&asked.id).unwrap_or_else(|| random::cid(page.now_ms));
    let kept = match page.scheduled(&session, cid, &asked) {
        Ok(new) => state.schedule.keep(&admitted, new).await,
        Err(why) => Err(why),
    };
    match kept {
        Ok(()) => Ok(Redirect::to("/scheduled").into_response()),
        Err(why) => {
            let why = sentence(&mut sheet, why)?;
            Ok(page.draw(sheet, asked, why))
        }
    }
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
    let message = find(&state, &session, &cid).await?;
    let admitted = state.rooms.admit(&session.member, &message.room)?;
    let page = Page { of: Some(message.cid), ..Page::new(&state, &admitted, zone) };
    let at = page.zone.local(message.due_ms.max(page.now_ms)).iso();
    Ok(page.draw(sheet, Asked { text: message.text, at: Some(at), ..Asked::default() }, String::new()))
}

/// `POST /scheduled/{cid}`: another text, and another time.
///
/// # Errors
/// [`HttpError`].
pub async fn change(
    State(state): State<AppState>,
    Path(cid): Path<String>,
    session: Session,
    zone: Zone,
    mut sheet: Sheet,
    Form(asked): Form<Asked>,
) -> Result<Response, HttpError> {
    let message = find(&state, &session, &cid).await?;
    let admitted = state.rooms.admit(&session.member, &message.room)?;
    let page = Page { of: Some(message.cid), ..Page::new(&state, &admitted, zone) };
    let changed = match page.scheduled(&session, message.cid, &asked) {
        Ok(new) => state.schedule.change(&admitted, new).await,
        Err(why) => Err(why),
    };
    match changed {
        Ok(()) => Ok(Redirect::to("/scheduled").into_response()),
        Err(why) => {
            let why = sentence(&mut sheet, why)?;
            Ok(page.draw(sheet, asked, why))
        }
    }
}

async fn find(state: &AppState, session: &Session, cid: &str) -> Result<Scheduled, HttpError> {
    let cid = Cid::parse(cid).ok_or(HttpError::Missing)?;
    let all = state.schedule.of(session.member.id).await?;
    all.into_iter().find(|message| message.cid == cid).ok_or(HttpError::Missing)
}

/// The sentence for what can't be said later.
pub(super) fn sentence(sheet: &mut Sheet, why: NotLater) -> Result<String, HttpError> {
    let words = sheet.lang().later_words();
    let said = match why {
        NotLater::Answer(answer) => {
            let why = sheet.refuses(answer)?;
            return Ok(sheet.sentence(why).to_owned());
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

/// What the form is drawn from.
struct Page {
    zone: Zone,
    now_ms: i64,
    last_ms: i64,
    slug: Slug,
    room: String,
    /// Which message is changed; none where it is a new one.
    of: Option<Cid>,
}

impl Page {
    fn new(state: &AppState, admitted: &Admitted, zone: Zone) -> Self {
        let now_ms = state.clock.now_ms();
        let room = admitted.summary().called(Some(admitted.member_id()));
        let last_ms = now_ms + i64::from(state.config.schedule_days) * 24 * 60 * 60 * 1_000;
        Self { zone, now_ms, last_ms, slug: admitted.slug().clone(), room, of: None }
    }

    fn scheduled(&self, session: &Session, cid: Cid, asked: &Asked) -> Result<NewScheduled, NotLater> {
        let due_ms = match asked.when.as_str() {
            "hour" => Zone::in_an_hour(self.now_ms),
            "tomorrow" => self.zone.tomorrow(self.now_ms),
            "monday" => self.zone.next_monday(self.now_ms),
            _ => asked.at.as_deref().and_then(|at| self.zone.at_ms(at)).ok_or(NotLater::NoTime)?,
        };
        let (member, text, zone) = (session.member.id, asked.text.clone(), self.zone.name());
        Ok(NewScheduled { member, cid, text, due_ms, zone })
    }

    fn draw(&self, sheet: Sheet, asked: Asked, refusal: String) -> Response {
        let lang = sheet.lang();
        let words = lang.later_words();
        let (title, action, back) = match self.of {
            Some(cid) => (words.change, format!("/scheduled/{cid}"), "/scheduled".to_owned()),
            None => (words.title, format!("{}/later", self.slug.path()), self.slug.path()),
        };
        let id = Cid::parse(&asked.id).unwrap_or_else(|| random::cid(self.now_ms)).to_string();
        let is_refused = !refusal.is_empty();
        let at = asked.at.filter(|at| !at.is_empty()).unwrap_or_else(|| self.shown(self.zone.tomorrow(self.now_ms)));
        let zone = (words.zone)(&self.zone.name().replace('_', " "));
        let offered = self.offered(words).map(|(value, name, at_ms)| {
            let local = self.zone.local(at_ms);
            let when = format!("{} {}", local.date(lang), local.time(lang));
            view! {
                <button type="submit" class="button later-choice" name="when" value=value formnovalidate=true>
                    <b>{name}</b> <span class="faint">{when}</span>
                </button>
            }
        });
        sheet.shows(title, &back, || {
            view! {
                <p class="faint"><bdi>{self.room.clone()}</bdi></p>
                <form class="stack" method="post" action=action data-from-box=asked.from_box.then_some("")>
                    <input type="hidden" name="id" value=id/>
                    {asked.from_box.then(|| view! { <input type="hidden" name="from_box" value="true"/> })}
                    <label for="later-text">{words.text}</label>
                    <textarea id="later-text" class="field later-text" name="text" rows="4" required=true dir="auto"
                        autofocus=asked.text.is_empty() aria-describedby="later-note" aria-invalid=is_refused.then_some("true")
                        inner_html=app::text::as_html(&format!("\n{}", asked.text))></textarea>
                    <p id="later-note" class="field-note" role="alert">{refusal}</p>
                    <div class="later-choices">{offered.collect_view()}</div>
                    <label for="later-at">{words.when}</label>
                    <div class="row">
                        <input id="later-at" class="field" type="datetime-local" name="at" value=at min=self.shown(self.now_ms)
                            max=self.shown(self.last_ms) aria-describedby="later-zone"/>
                        <button type="submit" class="button primary">{words.schedule}</button>
                    </div>
                    <p id="later-zone" class="faint sheet-hint">{zone}</p>
                </form>
                <p><a href="/scheduled" data-sheet="">{words.list}</a></p>
            }
        })
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
