//! What an HTTP request that fails is answered with: a page for people, a sentence for an open
//! sheet, a problem document (RFC 9457) for programs.
//! A handler returns [`HttpError`]; the outermost layer, [`explain`], knows who is asking and writes the answer.

use std::time::Duration;

use app::refusal::Refusal;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::files::upload;
use crate::page;
use crate::reader::Reader;
use crate::room::Answer;
use crate::sheets;
use crate::state::AppState;
use crate::store::StoreError;

/// Why a request fails.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// There is nothing at this address.
    #[error("nothing here")]
    Missing,
    /// A socket's address was asked for without the upgrade to a socket.
    #[error("not an upgrade")]
    NotAnUpgrade,
    /// Something that a person or a program can mend.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Too much at once; it can be asked again after this time.
    #[error("too fast: again after {0:?}")]
    TooFast(Duration),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl HttpError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Missing => StatusCode::NOT_FOUND,
            Self::NotAnUpgrade => StatusCode::UPGRADE_REQUIRED,
            Self::Refused(refusal) => status_of(*refusal),
            Self::TooFast(_) => status_of(Refusal::TooFast),
            Self::Store(StoreError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(StoreError::Unknown | StoreError::Sqlite(_)) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Missing => None,
            Self::NotAnUpgrade => Some(Refusal::UpgradeNeeded),
            Self::Refused(refusal) => Some(*refusal),
            Self::TooFast(_) => Some(Refusal::TooFast),
            Self::Store(_) => Some(Refusal::Unavailable),
        }
    }
}

/// The status that fits a refusal.
pub fn status_of(refusal: Refusal) -> StatusCode {
    match refusal {
        Refusal::RoomUnknown | Refusal::FileUnknown => StatusCode::NOT_FOUND,
        Refusal::NameTaken | Refusal::RoomNameTaken | Refusal::MessageChanged | Refusal::UploadMismatch => {
            StatusCode::CONFLICT
        }
        Refusal::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::UploadTooSlow => StatusCode::REQUEST_TIMEOUT,
        Refusal::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        Refusal::SignedOut => StatusCode::UNAUTHORIZED,
        Refusal::ForeignOrigin => StatusCode::FORBIDDEN,
        Refusal::TooFast => StatusCode::TOO_MANY_REQUESTS,
        Refusal::RoomsFull | Refusal::PeopleFull | Refusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<Answer> for HttpError {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Refused(refusal) => Self::Refused(refusal),
            Answer::TooFast(wait) => Self::TooFast(wait),
            Answer::Unavailable(error) => Self::Store(error),
        }
    }
}

/// What [`explain`] tells the asker; travels with the bare answer.
#[derive(Clone, Copy)]
struct Explanation(Option<Refusal>);

/// Why an answer that is not explained yet is a refusal, if it is one for a reason of ours.
pub fn refusal_in(response: &Response) -> Option<Refusal> {
    response.extensions().get::<Explanation>().and_then(|explanation| explanation.0)
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        if let Self::Store(error) = &self {
            tracing::error!(%error, "a request failed");
        }
        let mut response = self.status().into_response();
        if let Self::NotAnUpgrade = self {
            response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        response.extensions_mut().insert(Explanation(self.refusal()));
        if let Self::TooFast(wait) = self { ask_again_after(wait, response) } else { response }
    }
}

/// Says in whole seconds when to ask again (RFC 9110, section 10.2.3).
pub fn ask_again_after(wait: Duration, mut response: Response) -> Response {
    let seconds = wait.as_millis().div_ceil(1_000).max(1) as u64;
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response
}

/// Gives every bare error a body that its asker understands.
pub async fn explain(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reader = Reader::of(request.headers());
    let accepts_html = accepts_html(request.headers());
    let is_for_dialog = sheets::is_for_dialog(request.headers());
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status();
    let is_bare =
        !response.headers().contains_key(header::CONTENT_TYPE) || response.extensions().get::<Explanation>().is_some();
    let is_axums_own =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if status.as_u16() < 400 || !(is_bare || is_axums_own) {
        return response;
    }
    let why = refusal_in(&response);
    let mut explained = match () {
        () if is_for_dialog => sentence(&state, status, why, &reader),
        () if accepts_html => page::of_error(&state, &reader, status, why),
        () => problem(&state, status, why, &reader, &path),
    };
    for name in [
        header::ALLOW,
        header::UPGRADE,
        header::SEC_WEBSOCKET_VERSION,
        header::RETRY_AFTER,
        header::CONTENT_RANGE,
        upload::OFFSET,
    ] {
        if let Some(value) = response.headers().get(&name) {
            explained.headers_mut().insert(name, value.clone());
        }
    }
    explained
}

/// Whether a person's browser is asking.
pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// What a sheet says at its foot; what it shows stays.
fn sentence(state: &AppState, status: StatusCode, why: Option<Refusal>, reader: &Reader) -> Response {
    (status, page::sentence_of_error(state, reader, status, why)).into_response()
}

fn problem(state: &AppState, status: StatusCode, why: Option<Refusal>, reader: &Reader, path: &str) -> Response {
    let document = serde_json::json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": why.map(|why| state.allowance.sentence(reader.lang, why)),
        "code": why,
        "instance": path,
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], document.to_string()).into_response()
}
