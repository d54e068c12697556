//! How files come, so that a cut costs nothing: announced, then sent in as many pieces as it takes, each from where the one
//! before it ended. In the words of the resumable uploads for HTTP (draft-ietf-httpbis-resumable-upload), but for the
//! announcement, which is a form.

use app::file::{File, FileId};
use app::protocol::encode;
use app::refusal::Refusal;
use app::room::Slug;
use axum::body::{Body, HttpBody};
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Instant;

use super::arrival::Arrival;
use super::{Files, Steady, Trouble, steady};
use crate::error::HttpError;
use crate::room::{Admitted, Answer};
use crate::session::Session;
use crate::state::AppState;

/// Where a piece begins, and where the next one has to.
pub const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// How large the whole is.
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

/// A file that is announced.
#[derive(Debug, Deserialize)]
pub struct Announced {
    name: String,
    bytes: i64,
}

/// `POST /rooms/{slug}/uploads`: announces a file, by its name and size in bytes; `Location` is where to send it.
///
/// # Errors
/// [`HttpError::Refused`] with [`Refusal::FileTooLarge`], [`Refusal::UploadsTooMany`] or [`Refusal::DiskFull`], with
/// [`Refusal::FilesTooMany`] where no message may carry any, and as for all rooms.
pub async fn announce(
    State(state): State<AppState>,
    Path(slug): Path<Slug>,
    session: Session,
    Form(announced): Form<Announced>,
) -> Result<Response, HttpError> {
    let admitted = state.rooms.admit(&session.member, &slug)?;
    state.limits.messages.take(session.member.id, Instant::now()).map_err(HttpError::TooFast)?;
    let id = state.files.announce(&admitted, &announced.name, announced.bytes).await.map_err(answer)?;
    let path = format!("{}/uploads/{}", slug.path(), FileId::from(id).0);
    Ok((StatusCode::CREATED, [(header::LOCATION, path), (OFFSET, "0".to_owned())]).into_response())
}

/// `PATCH /rooms/{slug}/uploads/{id}`: sends what follows the first `Upload-Offset` bytes. Once all is there, the answer is what
/// it is, as JSON; also when there was nothing left to send.
///
/// # Errors
/// [`HttpError::Refused`] with [`Refusal::FileUnknown`], [`Refusal::UploadMismatch`], [`Refusal::UploadTooSlow`] or
/// [`Refusal::DiskFull`].
pub async fn append(
    State(state): State<AppState>,
    Path((slug, id)): Path<(Slug, String)>,
    session: Session,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HttpError> {
    let (admitted, id) = own(&state, &session, &slug, &id)?;
    let offset = headers.get(OFFSET).and_then(|offset| offset.to_str().ok()?.parse().ok());
    let Some(offset) = offset else { return Ok(StatusCode::BAD_REQUEST.into_response()) };
    let Some(seat) = state.files.seats.take(session.member.id) else {
        return Err(HttpError::Refused(Refusal::TooFast));
    };
    let files = Arc::clone(&state.files);
    // A task of its own: what came before a cut is written, whether or not anybody waits for the answer.
    let taking = tokio::spawn(async move {
        let _seat = seat;
        files.append(&admitted, id, offset, body).await
    });
    match taking.await.map_err(|error| answer(std::io::Error::other(error).into()))? {
        Ok(Came::All(file)) => Ok(described(&file)),
        Ok(Came::Some(offset)) => Ok((StatusCode::NO_CONTENT, [(OFFSET, offset.to_string())]).into_response()),
        Err(Trouble::Offset(offset)) => {
            let mut response = HttpError::Refused(Refusal::UploadMismatch).into_response();
            response.headers_mut().insert(OFFSET, offset.into());
            Ok(response)
        }
        Err(trouble) => Err(answer(trouble)),
    }
}

/// `HEAD /rooms/{slug}/uploads/{id}`: how much of it is there. Whoever is just sending it stops.
///
/// # Errors
/// [`HttpError::Refused`] with [`Refusal::FileUnknown`].
pub async fn look(
    State(state): State<AppState>,
    Path((slug, id)): Path<(Slug, String)>,
    session: Session,
) -> Result<Response, HttpError> {
    let (admitted, id) = own(&state, &session, &slug, &id)?;
    let (arriving, arrival) = state.files.turn(&admitted, id).await.map_err(answer)?;
    let here = if arriving.content.is_some() { arriving.bytes.unsigned_abs() } else { arrival.offset() };
    let known = [(OFFSET, here.to_string()), (LENGTH, arriving.bytes.to_string())];
    Ok((known, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response())
}

/// `DELETE /rooms/{slug}/uploads/{id}`: it is not wanted any more.
///
/// # Errors
/// [`HttpError::Refused`] with [`Refusal::FileUnknown`].
pub async fn cancel(
    State(state): State<AppState>,
    Path((slug, id)): Path<(Slug, String)>,
    session: Session,
) -> Result<StatusCode, HttpError> {
    let (admitted, id) = own(&state, &session, &slug, &id)?;
    state.files.give_up(&admitted, id).await.map_err(answer)?;
    Ok(StatusCode::NO_CONTENT)
}

fn own(state: &AppState, session: &Session, slug: &Slug, id: &str) -> Result<(Admitted, u128), HttpError> {
    let admitted = state.rooms.admit(&session.member, slug)?;
    let id = FileId(id.to_owned()).bits().ok_or(HttpError::Refused(Refusal::FileUnknown))?;
    Ok((admitted, id))
}

fn answer(trouble: Trouble) -> HttpError {
    Answer::from(trouble).into()
}

fn described(file: &File) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], encode(file)).into_response()
}

/// What became of a piece.
enum Came {
    /// So many bytes are here, and more are to come.
    Some(u64),
    /// All is here.
    All(File),
}

impl Files {
    async fn append(self: &Arc<Self>, admitted: &Admitted, id: u128, offset: u64, body: Body) -> Result<Came, Trouble> {
        let (arriving, arrival) = self.turn(admitted, id).await?;
        if let Some(content) = arriving.content {
            return Ok(Came::All(content.file(id, arriving.name)));
        }
        let whole = arriving.bytes.unsigned_abs();
        let announced = HttpBody::size_hint(&body).exact().unwrap_or_default();
        if arrival.offset() != offset {
            return Err(Trouble::Offset(arrival.offset()));
        }
        if offset.saturating_add(announced) > whole {
            return Err(Trouble::Refused(Refusal::UploadMismatch));
        }
        let arrival = receive(arrival, Steady::new(body), whole).await?;
        if arrival.offset() < whole {
            return Ok(Came::Some(arrival.offset()));
        }
        self.finish(id, arriving.name, arrival).await.map(Came::All)
    }
}

/// Writes what comes, up to so many bytes in all, until it ends or somebody else wants to write.
async fn receive(mut arrival: Arrival, mut body: Steady, whole: u64) -> Result<Arrival, Trouble> {
    loop {
        let frame = tokio::select! {
            frame = body.frame() => frame,
            () = arrival.is_asked_to_stop() => None,
        };
        let bytes = match frame {
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            None => return Ok(arrival.flush().await?),
            Some(Err(error)) => {
                arrival.flush().await?;
                return Err(steady::why(&*error));
            }
        };
        if arrival.offset() + bytes.len() as u64 > whole {
            arrival.flush().await?;
            return Err(Trouble::Refused(Refusal::UploadMismatch));
        }
        arrival = arrival.write(bytes).await?;
    }
}
