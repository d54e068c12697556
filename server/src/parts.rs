//! A form in parts, as it comes: files among them, which may be large. What is no part's content, as the parts' headers and what
//! stands before and behind them, is kept in memory until its end is found, so there may be little of it; and all of it together
//! may not be more than a message can carry.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{FromRequest, Multipart, Request};
use hyper::body::Frame;

use crate::files::Steady;
use crate::state::AppState;

/// How many bytes may have come that no part has given out: the headers of all parts, and what lies between the socket and us.
const MAX_AROUND: u64 = 1024 * 1024;

/// The parts of a form.
pub struct Parts {
    parts: Multipart,
    taken: Arc<AtomicU64>,
}

/// A part of a form. Whoever doesn't want it has to read it all the same ([`Part::skip`]).
pub struct Part<'a> {
    field: Field<'a>,
    taken: Arc<AtomicU64>,
}

impl Parts {
    /// The parts of a request that has up to so many bytes.
    ///
    /// # Errors
    /// What is no such form.
    pub async fn of(request: Request, most: u64, state: &AppState) -> Result<Self, MultipartRejection> {
        let taken = Arc::<AtomicU64>::default();
        let body = |body| Body::new(Measured { body: Steady::new(body), came: 0, most, taken: Arc::clone(&taken) });
        let parts = Multipart::from_request(request.map(body), state).await?;
        Ok(Self { parts, taken })
    }

    /// The next part, once the one before is read.
    ///
    /// # Errors
    /// What came is no form, came too slowly, or is too much.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>, MultipartError> {
        let taken = Arc::clone(&self.taken);
        Ok(self.parts.next_field().await?.map(|field| Part { field, taken }))
    }
}

impl Part<'_> {
    /// What the form calls it; empty where it doesn't.
    pub fn name(&self) -> &str {
        self.field.name().unwrap_or_default()
    }

    /// What the file is called, where it is one.
    pub fn file_name(&self) -> Option<&str> {
        self.field.file_name()
    }

    /// More of what is in it.
    ///
    /// # Errors
    /// As [`Parts::next`].
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, MultipartError> {
        let chunk = self.field.chunk().await?;
        self.taken.fetch_add(chunk.as_ref().map_or(0, |bytes| bytes.len() as u64), Ordering::Relaxed);
        Ok(chunk)
    }

    /// Reads it to its end.
    pub async fn skip(&mut self) {
        while let Ok(Some(_)) = self.chunk().await {}
    }
}

/// It is more than it may be.
#[derive(Debug, thiserror::Error)]
#[error("more than a form may have")]
struct TooMuch;

/// A body that ends where there is too much of it.
struct Measured {
    body: Steady,
    came: u64,
    most: u64,
    taken: Arc<AtomicU64>,
}

impl HttpBody for Measured {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
        let bytes = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref().map(Bytes::len));
        self.came += bytes.unwrap_or_default() as u64;
        let around = self.came - self.taken.load(Ordering::Relaxed).min(self.came);
        let is_too_much = self.came > self.most || around > MAX_AROUND;
        Poll::Ready(if is_too_much { Some(Err(TooMuch.into())) } else { frame })
    }
}
