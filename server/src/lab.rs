//! The lab's server side: three small pages for trying HTTP, and probes, which tell the lab's page what became of a
//! socket that it could not open.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;

use crate::random;
use crate::state::AppState;

/// How many tries are remembered; older ones are forgotten first.
const REMEMBERED: usize = 1_000;
/// The longest id of a try.
const MAX_ID_BYTES: usize = 64;

/// `GET /lab/hello`.
pub async fn hello() -> &'static str {
    "Hello world!"
}

/// `GET /lab/random`: a whole number from 1 to 100.
pub async fn random() -> String {
    random::between(1, 100).to_string()
}

/// `GET /lab/user/{id}`: the id back, as plain text.
pub async fn user(Path(id): Path<String>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], id)
}

/// What became of a try to open a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// No request with this id came.
    Unseen,
    /// It came as an ordinary request, without the upgrade.
    NotAnUpgrade,
    /// It came from another site's page and was refused.
    ForeignOrigin,
    /// It asked for something that there is not.
    Refused,
    /// It was accepted.
    Accepted,
}

/// The latest tries.
#[derive(Default)]
pub struct Probes(Mutex<VecDeque<(String, Fate)>>);

impl Probes {
    /// Notes what became of a try.
    pub fn note(&self, id: Option<&str>, fate: Fate) {
        let Some(id) = id.filter(|id| id.len() <= MAX_ID_BYTES) else {
            return;
        };
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.push_back((id.to_owned(), fate));
        if tries.len() > REMEMBERED {
            tries.pop_front();
        }
    }

    /// What became of a try.
    pub fn fate(&self, id: &str) -> Fate {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.iter().rev().find(|(known, _)| known == id).map_or(Fate::Unseen, |(_, fate)| *fate)
    }
}

/// `GET /lab/probe/{id}`: what became of the try with this id.
pub async fn probe(State(state): State<AppState>, Path(id): Path<String>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], Json(state.probes.fate(&id)))
}
