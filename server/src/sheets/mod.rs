//! Sheets: what people open seldom. Each is a page with an address of its own that is whole without JavaScript; the wasm opens
//! the same address in a dialog over the room (`frontend/src/sheet.rs`) and gets only the sheet itself. Another sheet is a
//! handler that takes a [`Sheet`] and a view to put on it; its forms go to addresses of sheets, too.

pub mod about_room;
pub mod days;
pub mod new_room;

use std::convert::Infallible;
use std::time::Duration;

use app::i18n::Lang;
use app::i18n::sheets::SheetWords;
use app::refusal::Refusal;
use app::text::as_html;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use crate::error::{HttpError, ask_again_after, status_of};
use crate::reader::Reader;
use crate::room::Answer;
use crate::state::AppState;
use crate::{policy, random};

/// The header with which the wasm asks for a sheet alone; an answer that is one bears it, too.
pub const HEADER: &str = "sheet";

/// Whether it is asked from a dialog: an answer that is not a sheet is a sentence for its foot then.
pub fn is_for_dialog(headers: &HeaderMap) -> bool {
    headers.contains_key(HEADER)
}

/// An empty sheet for whoever asks. Taking one as an argument is all that a handler needs.
pub struct Sheet {
    reader: Reader,
    is_for_dialog: bool,
    style: String,
    is_watched: bool,
    status: StatusCode,
    wait: Option<Duration>,
}

impl Sheet {
    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.reader.lang
    }

    /// By how many minutes the reader's clock is ahead of UTC, as far as is known.
    pub fn offset_min(&self) -> i32 {
        self.reader.offset_min
    }

    /// What sheets say in the reader's language.
    pub fn words(&self) -> &'static SheetWords {
        self.reader.lang.sheet_words()
    }

    /// The sentence for a refusal, empty where there is none.
    pub fn sentence(&self, why: Option<Refusal>) -> &'static str {
        why.map(self.reader.lang.words().refusal).unwrap_or_default()
    }

    /// A form on it was refused, and comes back: why. What a person can do nothing about stays an error, and what they typed
    /// stays where it is.
    ///
    /// # Errors
    /// [`HttpError::Store`].
    pub fn refuses(&mut self, answer: Answer) -> Result<Refusal, HttpError> {
        let why = answer.refusal();
        if let Answer::TooFast(wait) = answer {
            self.wait = Some(wait);
        }
        let why = why.ok_or_else(|| HttpError::from(answer))?;
        self.status = status_of(why);
        Ok(why)
    }

    /// Writes on it: a title, where its closing leads without JavaScript, and what it shows.
    pub fn shows<V: IntoView>(self, title: &str, back: &str, content: impl FnOnce() -> V) -> Response {
        let sheet = Owner::new().with(|| self.drawn(title, back, content()));
        let body = if self.is_for_dialog { sheet } else { self.page(title, &sheet) };
        let mut response = (self.status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
        let headers = response.headers_mut();
        headers.insert(HEADER, HeaderValue::from_static("1"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_SECURITY_POLICY, policy::of_page(&random::hex::<16>(), self.is_watched));
        if let Some(wait) = self.wait { ask_again_after(wait, response) } else { response }
    }

    fn drawn(&self, title: &str, back: &str, content: impl IntoView) -> String {
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
            </section>
        };
        view.to_html()
    }

    /// The sheet as a page. Nothing on it needs a script.
    fn page(&self, title: &str, sheet: &str) -> String {
        let Reader { lang, theme, .. } = self.reader;
        let page = view! {
            <html lang=lang.tag() data-theme=theme.word()>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
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

impl FromRequestParts<AppState> for Sheet {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self {
            reader: Reader::of(&parts.headers),
            is_for_dialog: is_for_dialog(&parts.headers),
            style: state.bundle.style(),
            is_watched: state.config.watch.is_some(),
            status: StatusCode::OK,
            wait: None,
        })
    }
}
