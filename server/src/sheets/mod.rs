//! Sheets: what people open seldom. Each is a page with an address of its own that is whole without JavaScript; the wasm opens
//! the same address in a dialog over the room (`frontend/src/sheet.rs`) and gets only the sheet itself. Another sheet is a
//! handler that takes a [`Sheet`] and a view to put on it; its forms go to addresses of sheets, too.

pub mod about_room;
pub mod all_rooms;
pub mod days;
pub mod door;
mod enclosed;
pub mod find;
pub mod followed;
pub mod forward;
pub mod later;
pub mod leaving;
pub mod live;
pub mod lost;
pub mod moderator;
pub mod new_direct;
pub mod new_room;
pub mod person;
pub mod picture;
pub mod pins;
pub mod react;
pub mod scheduled;
pub mod thread;
pub mod versions;

use std::convert::Infallible;
use std::time::Duration;

use app::allowance::Allowance;
use app::i18n::Lang;
use app::i18n::sheets::SheetWords;
use app::preferences::Theme;
use app::refusal::Refusal;
use app::text::as_html;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use crate::error::{HttpError, accepts_html, ask_again_after, status_of};
use crate::reader::Reader;
use crate::room::{Answer, Left};
use crate::state::AppState;
use crate::zone::Zone;
use crate::{markup, policy, random};

/// The header with which the wasm asks for a sheet alone, or for its list; an answer that is one bears it, too.
pub const HEADER: &str = "sheet";
const LIST: &str = "list";

/// So few more that it is said.
const FEW: usize = 10;

/// Goes from the page of a sheet at a message to the message in its room, and leaves in the history that the sheet lies open over
/// it, as if it had been opened there: a step of its own, which "back" and closing it undo.
const OVER_ITS_ROOM: &str = "if(self.WebAssembly){let at=location.pathname+location.search;\
    history.replaceState(null,'',location.pathname.replace(/\\/[^/]*$/,''));history.pushState(at,'');location.reload()}";

/// Whether it is asked from a dialog: an answer that is not a sheet is a sentence for its foot then.
pub fn is_for_dialog(headers: &HeaderMap) -> bool {
    headers.contains_key(HEADER)
}

/// A text that has no tree, in portions where it would cost much to draw ([`markup::drawn`]).
fn portions(text: &str) -> AnyView {
    let mut drawn = markup::drawn(text);
    if drawn.len() == 1 {
        return drawn.pop().map(|(_, text)| text).into_any();
    }
    drawn.into_iter().map(|(class, text)| view! { <span class=class>{text}</span> }).collect_view().into_any()
}

/// An empty sheet for whoever asks. Taking one as an argument is all that a handler needs.
#[derive(Clone)]
pub struct Sheet {
    reader: Reader,
    is_for_dialog: bool,
    is_for_list: bool,
    is_for_person: bool,
    allowance: Allowance,
    style: String,
    is_watched: bool,
    status: StatusCode,
    wait: Option<Duration>,
    is_over_its_room: bool,
    tells_times: bool,
}

impl Sheet {
    /// Whether it is drawn into a dialog.
    pub fn is_for_dialog(&self) -> bool {
        self.is_for_dialog
    }

    /// Where scripts run, its page is the room's with this sheet over it.
    pub fn over_its_room(self) -> Self {
        Self { is_over_its_room: true, ..self }
    }

    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.reader.lang
    }

    /// The reader's theme.
    pub fn theme(&self) -> Theme {
        self.reader.theme
    }

    /// The zone of the reader's clock.
    pub fn zone(&self) -> Zone {
        self.reader.zone.clone()
    }

    /// The same, for times that the sheet is to show: where no scripts run, it says in which zone they are.
    pub fn tells_times(&mut self) -> Zone {
        self.tells_times = true;
        self.zone()
    }

    /// What sheets say in the reader's language.
    pub fn words(&self) -> &'static SheetWords {
        self.reader.lang.sheet_words()
    }

    /// The sentence for a refusal.
    pub fn sentence(&self, why: Refusal) -> String {
        self.allowance.sentence(self.reader.lang, why)
    }

    /// What to say of how many more there may be before somebody asks for one: nothing as long as there are many.
    fn foretells(&self, left: Left, few: fn(usize) -> String) -> Option<String> {
        match left.count {
            0 => Some(self.sentence(left.why)),
            count if count <= FEW => Some(few(count)),
            _ => None,
        }
    }

    /// A form on it was refused, and comes back: why. A program gets an error, and so does a person who can do nothing about it;
    /// what they typed stays where it is.
    ///
    /// # Errors
    /// [`HttpError::Store`].
    pub fn refuses(&mut self, answer: Answer) -> Result<Refusal, HttpError> {
        let why = answer.refusal().filter(|_| self.is_for_person);
        if let Answer::TooFast(wait) = answer {
            self.wait = Some(wait);
        }
        let why = why.ok_or_else(|| HttpError::from(answer))?;
        self.status = status_of(why);
        Ok(why)
    }

    /// What was asked can't be done, for a reason that only this sheet knows.
    pub fn is_unprocessable(&mut self) {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
    }

    /// Writes on it: a title, where its closing leads without JavaScript, and what it shows.
    pub fn shows<V: IntoView>(self, title: &str, back: &str, content: impl FnOnce() -> V) -> Response {
        let sheet = Owner::new().with(|| self.drawn(title, back, content()));
        let nonce = random::hex::<16>();
        let body = if self.is_for_dialog { sheet } else { self.page(title, &sheet, &nonce) };
        self.answer(body, "1", &nonce)
    }

    /// Gives the list under its field, for whoever types there.
    fn lists<V: IntoView>(self, list: impl FnOnce() -> V) -> Response {
        let list = Owner::new().with(|| list().to_html());
        self.answer(list, LIST, "")
    }

    fn answer(self, body: String, what: &'static str, nonce: &str) -> Response {
        let mut response = (self.status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
        let headers = response.headers_mut();
        headers.insert(HEADER, HeaderValue::from_static(what));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_SECURITY_POLICY, policy::of_page(nonce, self.is_watched));
        if let Some(wait) = self.wait { ask_again_after(wait, response) } else { response }
    }

    fn drawn(&self, title: &str, back: &str, content: impl IntoView) -> String {
        let zone = (self.tells_times && !self.is_for_dialog).then(|| self.reader.zone.sentence(self.reader.lang));
        let view = view! {
            <section class="sheet-page">
                <header class="sheet-head">
                    <h1 id="sheet-title" tabindex="-1"><bdi>{title.to_owned()}</bdi></h1>
                    <a class="icon-button" href=back.to_owned() data-close="" aria-label=self.words().close>
                        <span aria-hidden="true">"✕"</span>
                    </a>
                    <p class="field-note sheet-note" role="alert"></p>
                </header>
                {content}
                {zone.map(|said| view! { <noscript><p class="faint sheet-hint">{said}</p></noscript> })}
            </section>
        };
        view.to_html()
    }

    /// The sheet as a page. Nothing on it needs a script.
    fn page(&self, title: &str, sheet: &str, nonce: &str) -> String {
        let Reader { lang, theme, .. } = self.reader;
        let script =
            self.is_over_its_room.then(|| view! { <script nonce=nonce.to_owned() inner_html=OVER_ITS_ROOM></script> });
        let page = view! {
            <html lang=lang.tag() data-theme=theme.word()>
                <head>
                    <meta charset="utf-8"/>
                    {script}
                    <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content"/>
                    <title inner_html=as_html(&format!("{title} · Madang"))></title>
                    <meta name="color-scheme" content="light dark"/>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                    <link rel="stylesheet" href=self.style.clone()/>
                </head>
                <body><main class="page" inner_html=sheet.to_owned()></main></body>
            </html>
        };
        format!("<!DOCTYPE html>{}", page.to_html())
    }
}

/// A field of one line: its label, what stands in it, what may stand in it, and why what stands there was refused.
pub struct Field<'a> {
    /// Its id on the sheet, and its name in the form.
    pub id: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What stands in it.
    pub value: &'a str,
    /// What may.
    pub hint: &'a str,
    /// Why not; empty where nothing was refused.
    pub refusal: &'a str,
    /// Whether something must.
    pub required: bool,
}

impl Field<'_> {
    /// Draws it; its name is its id.
    pub fn draw(self) -> impl IntoView + use<> {
        let name = self.id;
        self.named(name).view(None)
    }

    /// With another name in the form.
    pub fn named(self, name: &'static str) -> Named {
        let Self { id, label, value, hint, refusal, required } = self;
        let (value, hint, refusal) = (value.to_owned(), hint.to_owned(), refusal.to_owned());
        Named { id, name, label, value, hint, refusal, required, offers: Vec::new() }
    }
}

/// A field with a name of its own.
pub struct Named {
    id: &'static str,
    name: &'static str,
    label: &'static str,
    value: String,
    hint: String,
    refusal: String,
    required: bool,
    offers: Vec<String>,
}

impl Named {
    /// What the browser offers while one types there.
    pub fn offering(self, offers: Vec<String>) -> Self {
        Self { offers, ..self }
    }

    /// Draws it with a button beside it.
    pub fn with_button(self, button: &'static str) -> impl IntoView + use<> {
        self.view(Some(button))
    }

    fn view(self, button: Option<&'static str>) -> impl IntoView + use<> {
        let Self { id, name, label, value, hint, refusal, required, offers } = self;
        // Where there is but one form it is there to be filled in.
        let (is_refused, is_first) = (!refusal.is_empty(), button.is_none() && required);
        let (id, note, hint_id) = (format!("sheet-{id}"), format!("sheet-{id}-note"), format!("sheet-{id}-hint"));
        let list = (!offers.is_empty()).then(|| format!("{id}-offers"));
        let offers = list.clone().map(|list| {
            let offers = offers.into_iter().map(|offer| view! { <option value=offer></option> });
            view! { <datalist id=list>{offers.collect_view()}</datalist> }
        });
        view! {
            <label for=id.clone()>{label}</label>
            <div class="row">
                <input id=id class="field" name=name autocomplete="off" required=required autofocus=is_first maxlength="2000" list=list
                    aria-describedby=format!("{note} {hint_id}") aria-invalid=is_refused.then_some("true") value=value/>
                {button.map(|button| view! { <button type="submit" class="button">{button}</button> })}
            </div>
            {offers}
            <p id=note class="field-note" role="alert">{is_refused.then_some(refusal)}</p>
            <p id=hint_id class="faint sheet-hint">{hint}</p>
        }
    }
}

impl FromRequestParts<AppState> for Sheet {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self {
            reader: Reader::of(&parts.headers),
            is_for_dialog: is_for_dialog(&parts.headers),
            is_for_list: parts.headers.get(HEADER).is_some_and(|value| value == LIST),
            is_for_person: accepts_html(&parts.headers),
            allowance: state.allowance,
            style: state.bundle.style(),
            is_watched: state.config.watch.is_some(),
            status: StatusCode::OK,
            wait: None,
            is_over_its_room: false,
            tells_times: false,
        })
    }
}
