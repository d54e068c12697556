//! Files as they are read: only by whoever may read the room, only as long as a message carries them (before that, by whoever
//! uploaded them), and so that nothing in them can do anything. What is not shown on the page is a download.

use app::file::Kind;
use app::room::Slug;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::range::Asked;
use super::vault::Size;
use super::{Files, Trouble};
use crate::error::HttpError;
use crate::hex::hex;
use crate::room::{Admitted, Answer};
use crate::session::Session;
use crate::state::AppState;
use crate::store::{Among, Content};

/// A document that is opened by itself has no origin, no scripts, and loads nothing (Content Security Policy, level 3).
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");
/// No other site's page gets at it (Fetch, section 3.7).
const HERE_ONLY: HeaderValue = HeaderValue::from_static("same-origin");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// What was drawn under an id never changes; who may see it is asked again after this long.
const DRAWN_FOR: HeaderValue = HeaderValue::from_static("private, max-age=86400");
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("private, no-cache");

/// `GET /rooms/{slug}/files/{id}/{name}`: a file, or a part of it.
///
/// # Errors
/// [`HttpError::Missing`] for whom it doesn't exist, whatever the reason.
pub async fn file(
    State(state): State<AppState>,
    Path((slug, id, _)): Path<(Slug, String, String)>,
    session: Session,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (name, content) = said(&state, &session, &slug, &id).await?;
    let size = content.bytes.unsigned_abs();
    let etag = format!("\"{}\"", hex(&content.hash));
    if is_known(&headers, &etag) {
        return Ok(dressed(StatusCode::NOT_MODIFIED.into_response(), &etag, ASK_EACH_TIME));
    }
    let part = match asked(&headers, &method, &etag, size) {
        Asked::All => None,
        Asked::Part(part) => Some(part),
        Asked::Nothing => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            put(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(response);
        }
    };
    let bytes = part.clone().unwrap_or(0..size);
    let count = bytes.end - bytes.start;
    let body = if method == Method::HEAD { Body::empty() } else { state.files.body(&content, bytes.clone()).await? };
    let mut response = dressed(body.into_response(), &etag, ASK_EACH_TIME);
    if part.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        put(&mut response, header::CONTENT_RANGE, &format!("bytes {}-{}/{size}", bytes.start, bytes.end - 1));
    }
    put(&mut response, header::CONTENT_TYPE, &content.media);
    put(&mut response, header::CONTENT_LENGTH, &count.to_string());
    put(&mut response, header::CONTENT_DISPOSITION, &disposition(content.kind, &name));
    put(&mut response, header::ACCEPT_RANGES, "bytes");
    Ok(response)
}

/// `GET /rooms/{slug}/pictures/{id}/{size}`: a picture as the server has drawn it.
///
/// # Errors
/// [`HttpError::Missing`].
pub async fn picture(
    State(state): State<AppState>,
    Path((slug, id, size)): Path<(Slug, String, String)>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let size = Size::ALL.into_iter().find(|known| known.word() == size).ok_or(HttpError::Missing)?;
    let (_, content) = said(&state, &session, &slug, &id).await?;
    let etag = format!("\"{}-{}\"", hex(&content.hash), size.word());
    if is_known(&headers, &etag) {
        return Ok(dressed(StatusCode::NOT_MODIFIED.into_response(), &etag, DRAWN_FOR));
    }
    let bytes = state.files.drawn(&content, size).await?;
    let media = if bytes.starts_with(&[0xFF, 0xD8]) { "image/jpeg" } else { "image/webp" };
    let mut response = dressed(Body::from(bytes).into_response(), &etag, DRAWN_FOR);
    put(&mut response, header::CONTENT_TYPE, media);
    Ok(response)
}

async fn said(state: &AppState, session: &Session, slug: &Slug, id: &str) -> Result<(String, Content), HttpError> {
    let admitted = state.rooms.admit(&session.member, slug).map_err(|_| HttpError::Missing)?;
    state.files.said(&admitted, id).await
}

impl Files {
    /// What a message of the room carries under this id.
    async fn said(&self, admitted: &Admitted, id: &str) -> Result<(String, Content), HttpError> {
        let id = app::file::FileId(id.to_owned()).bits().ok_or(HttpError::Missing)?;
        self.store.said_file(id, admitted.room_id(), admitted.member_id()).await?.ok_or(HttpError::Missing)
    }

    /// A picture of the room, and those beside it.
    ///
    /// # Errors
    /// [`HttpError::Missing`] where there is none, [`HttpError::Store`].
    pub async fn picture(&self, admitted: &Admitted, id: &str) -> Result<Among, HttpError> {
        let id = app::file::FileId(id.to_owned()).bits().ok_or(HttpError::Missing)?;
        self.store.picture(id, admitted.room_id(), admitted.member_id()).await?.ok_or(HttpError::Missing)
    }

    async fn body(&self, content: &Content, part: std::ops::Range<u64>) -> Result<Body, HttpError> {
        self.vault.read(content.hash, part).await.map_err(gone)
    }

    async fn drawn(&self, content: &Content, size: Size) -> Result<bytes::Bytes, HttpError> {
        self.vault.read_drawn(content.hash, size).await.map_err(gone)
    }
}

/// It may have been deleted a moment ago.
fn gone(error: object_store::Error) -> HttpError {
    match error {
        object_store::Error::NotFound { .. } => HttpError::Missing,
        error => HttpError::from(Answer::from(Trouble::Vault(error))),
    }
}

/// Only whole ETags of ours are compared; `*` means any.
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
    known.split(',').map(|known| known.trim().trim_start_matches("W/")).any(|known| known == etag || known == "*")
}

/// A part is only asked for with GET, and only of what the asker has begun with (RFC 9110, sections 13.1.5 and 14.2).
fn asked(headers: &HeaderMap, method: &Method, etag: &str, size: u64) -> Asked {
    let is_same = headers.get(header::IF_RANGE).is_none_or(|begun| begun.as_bytes() == etag.as_bytes());
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    range.filter(|_| is_same && method == Method::GET).map_or(Asked::All, |range| Asked::of(range, size))
}

fn dressed(mut response: Response, etag: &str, kept: HeaderValue) -> Response {
    put(&mut response, header::ETAG, etag);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, kept);
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(RESOURCE_POLICY, HERE_ONLY);
    response
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// How a browser takes it, and under which name: in ASCII for old ones, and as it is (RFC 6266, section 4; RFC 8187).
fn disposition(kind: Kind, name: &str) -> String {
    let way = if matches!(kind, Kind::Audio | Kind::Video) { "inline" } else { "attachment" };
    let plain: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{}", app::route::percent_encoded(name))
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_graphic() && !matches!(letter, '"' | '\\' | '%') || letter == ' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_not_leave_its_header() {
        assert_eq!(
            disposition(Kind::Other, "회의 \"1\".pdf"),
            "attachment; filename=\"__ _1_.pdf\"; filename*=UTF-8''%ED%9A%8C%EC%9D%98%20%221%22.pdf"
        );
        assert_eq!(disposition(Kind::Video, "a.mp4"), "inline; filename=\"a.mp4\"; filename*=UTF-8''a.mp4");
    }
}
