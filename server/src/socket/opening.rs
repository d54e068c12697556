//! The opening of a socket: whether it is one, whether it comes from our own page, and with which limits it is accepted.

use app::refusal::Refusal;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header::{
    CONNECTION, HOST, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tungstenite::handshake::derive_accept_key;

use crate::error::HttpError;
use crate::state::AppState;

/// How much the system keeps of what a connection has not read yet. It would grow to several MiB by itself.
const SEND_BUFFER_BYTES: usize = 128 * 1024;

/// A request to open a socket.
pub struct Opening {
    upgrade: OnUpgrade,
    accept: HeaderValue,
    origin: Option<HeaderValue>,
    host: Option<HeaderValue>,
}

/// A socket after its opening.
pub struct Wire {
    /// The connection.
    pub stream: TcpStream,
    /// What the client has said already.
    pub early: Bytes,
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
        self.origin.as_ref().map(|origin| origin.to_str().unwrap_or_default())
    }

    fn is_ours(&self, origin: &str, state: &AppState) -> bool {
        let host = self.host.as_ref().and_then(|host| host.to_str().ok());
        let is_this_host = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
        is_this_host || state.config.allow_origin.iter().any(|allowed| allowed == origin)
    }

    /// Accepts, and lives on the socket once it is ours.
    pub fn accept<Life: Future<Output = ()> + Send + 'static>(
        self,
        state: &AppState,
        live: impl FnOnce(AppState, Wire) -> Life + Send + 'static,
    ) -> Response {
        let (state, upgrade) = (state.clone(), self.upgrade);
        tokio::spawn(async move {
            if let Some(wire) = wire(upgrade).await {
                live(state, wire).await;
            }
        });
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, self.accept);
        response
    }
}

/// The connection itself, once the HTTP side has let it go.
async fn wire(upgrade: OnUpgrade) -> Option<Wire> {
    let upgraded = upgrade.await.ok()?;
    let parts = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
    let stream = parts.io.into_inner();
    let _ = socket2::SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER_BYTES);
    Some(Wire { stream, early: parts.read_buf })
}

impl FromRequestParts<AppState> for Opening {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, HttpError> {
        let accept = accept_key(parts).ok_or(HttpError::NotAnUpgrade)?;
        let upgrade = parts.extensions.remove::<OnUpgrade>().ok_or(HttpError::NotAnUpgrade)?;
        let header = |name: HeaderName| parts.headers.get(name).cloned();
        Ok(Self { upgrade, accept, origin: header(ORIGIN), host: header(HOST) })
    }
}

/// What a proper request to open a socket is answered with (RFC 6455, section 4.2).
fn accept_key(parts: &Parts) -> Option<HeaderValue> {
    // 16 bytes in base64.
    let key = parts.headers.get(SEC_WEBSOCKET_KEY).filter(|key| key.len() == 24 && key.as_bytes().ends_with(b"=="))?;
    let is_proper = parts.method == Method::GET
        && says(&parts.headers, &CONNECTION, "upgrade")
        && says(&parts.headers, &UPGRADE, "websocket")
        && says(&parts.headers, &SEC_WEBSOCKET_VERSION, "13");
    let accept = derive_accept_key(key.as_bytes());
    is_proper.then(|| HeaderValue::from_str(&accept).ok()).flatten()
}

/// Whether a header's list has this word in it.
fn says(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(word))
}
