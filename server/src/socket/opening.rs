//! The opening of a socket: whether it is one, whether it comes from our own page, and with which limits it is accepted.

use app::protocol::MAX_FRAME_BYTES;
use app::refusal::Refusal;
use axum::extract::FromRequestParts;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::response::Response;

use crate::error::HttpError;
use crate::state::AppState;

/// Small, because every connection has one for as long as it lives.
const READ_BUFFER_BYTES: usize = 4 * 1024;
/// What is gathered before it is written.
const WRITE_BUFFER_BYTES: usize = 64 * 1024;
/// What may wait in the socket at most: a full outlet with its frame headers.
const MAX_WRITE_BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// A request to open a socket.
pub struct Opening {
    upgrade: WebSocketUpgrade,
    headers: HeaderMap,
}

impl Opening {
    /// Refuses all pages but our own: others must not use our visitors' cookies. Programs that are no browsers name no origin.
    ///
    /// # Errors
    /// [`HttpError::Refused`] with [`Refusal::ForeignOrigin`].
    pub fn must_be_from_here(&self, state: &AppState) -> Result<(), HttpError> {
        match self.origin() {
            Some(origin) if !self.is_ours(origin, state) => Err(HttpError::Refused(Refusal::ForeignOrigin)),
            _ => Ok(()),
        }
    }

    /// Refuses pages of other sites, but takes those that have no site: opened from a file, their origin is `null`.
    ///
    /// # Errors
    /// [`HttpError::Refused`] with [`Refusal::ForeignOrigin`].
    pub fn must_not_be_from_another_site(&self, state: &AppState) -> Result<(), HttpError> {
        if self.origin() == Some("null") { Ok(()) } else { self.must_be_from_here(state) }
    }

    fn origin(&self) -> Option<&str> {
        self.headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or_default())
    }

    fn is_ours(&self, origin: &str, state: &AppState) -> bool {
        let host = self.headers.get(HOST).and_then(|host| host.to_str().ok());
        let is_this_host = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
        is_this_host || state.config.allow_origin.iter().any(|allowed| allowed == origin)
    }

    /// Accepts, with our limits set.
    pub fn accept<Life: Future<Output = ()> + Send + 'static>(
        self,
        state: &AppState,
        live: impl FnOnce(AppState, WebSocket) -> Life + Send + 'static,
    ) -> Response {
        let state = state.clone();
        self.upgrade
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .max_write_buffer_size(MAX_WRITE_BUFFER_BYTES)
            .max_message_size(MAX_FRAME_BYTES)
            .max_frame_size(MAX_FRAME_BYTES)
            .on_upgrade(move |socket| live(state, socket))
    }
}

impl FromRequestParts<AppState> for Opening {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        let upgrade = WebSocketUpgrade::from_request_parts(parts, state).await.map_err(|_| HttpError::NotAnUpgrade)?;
        Ok(Self { upgrade, headers: parts.headers.clone() })
    }
}
