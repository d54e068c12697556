//! The lab's server side: three small pages for trying HTTP, and probes, which tell the lab's page what became of a
//! socket that it could not open.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use app::refusal::Refusal;
use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error;
use crate::random;
use crate::reader::Reader;
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// No request with this id came.
    Unseen,
    /// It came as an ordinary request, without the upgrade.
    NotAnUpgrade,
    /// It was refused.
    Refused(Refusal),
    /// It was accepted.
    Accepted,
}

/// The latest tries.
#[derive(Default)]
pub struct Probes(Mutex<VecDeque<(String, Fate)>>);

impl Probes {
    fn note(&self, id: String, fate: Fate) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.push_back((id, fate));
        if tries.len() > REMEMBERED {
            tries.pop_front();
        }
    }

    fn fate(&self, id: &str) -> Fate {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.iter().rev().find(|(known, _)| known == id).map_or(Fate::Unseen, |(_, fate)| *fate)
    }
}

/// Notes what becomes of every request that bears a probe's id, at whatever address: the person may have mistyped it.
pub async fn note_fate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = probe_id(request.uri());
    let response = next.run(request).await;
    if let Some(id) = id {
        state.probes.note(id, fate_of(response.status(), error::refusal_in(&response)));
    }
    response
}

/// The last one counts; the lab puts its own behind whatever the person typed.
fn probe_id(uri: &Uri) -> Option<String> {
    let Query(asked) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let (_, id) = asked.into_iter().rfind(|(name, _)| name == "probe")?;
    (id.len() <= MAX_ID_BYTES).then_some(id)
}

fn fate_of(status: StatusCode, why: Option<Refusal>) -> Fate {
    match status {
        StatusCode::SWITCHING_PROTOCOLS => Fate::Accepted,
        StatusCode::UPGRADE_REQUIRED => Fate::NotAnUpgrade,
        _ => Fate::Refused(why.unwrap_or(Refusal::SocketUnknown)),
    }
}

/// `GET /lab/probe/{id}`: what became of the try with this id, in a sentence, as JSON.
pub async fn probe(State(state): State<AppState>, Path(id): Path<String>, reader: Reader) -> impl IntoResponse {
    let words = reader.lang.sheet_words();
    let sentence = match state.probes.fate(&id) {
        Fate::Unseen => words.fate_never_arrived.to_owned(),
        Fate::NotAnUpgrade => words.fate_upgrade_stripped.to_owned(),
        // The lab asks only the host that its page is from.
        Fate::Refused(Refusal::ForeignOrigin) => words.fate_host_changed.to_owned(),
        Fate::Refused(why) => (words.fate_refused)(&state.allowance.sentence(reader.lang, why)),
        Fate::Accepted => words.fate_half_open.to_owned(),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_in(address: &'static str) -> Option<String> {
        probe_id(&Uri::from_static(address))
    }

    #[test]
    fn a_probes_id_is_found_behind_whatever_was_typed() {
        assert_eq!(id_in("/ws/echo?probe=a1").as_deref(), Some("a1"));
        assert_eq!(id_in("/ws/ticker?count=0&probe=mine&probe=a1").as_deref(), Some("a1"));
        assert_eq!(id_in("/ws/echo"), None);
        assert_eq!(id_in("/ws/echo?count=probe"), None);
    }

    #[test]
    fn the_answer_tells_what_became_of_a_try() {
        assert_eq!(fate_of(StatusCode::SWITCHING_PROTOCOLS, None), Fate::Accepted);
        assert_eq!(fate_of(StatusCode::UPGRADE_REQUIRED, Some(Refusal::UpgradeNeeded)), Fate::NotAnUpgrade);
        let foreign = Some(Refusal::ForeignOrigin);
        assert_eq!(fate_of(StatusCode::FORBIDDEN, foreign), Fate::Refused(Refusal::ForeignOrigin));
        assert_eq!(fate_of(StatusCode::NOT_FOUND, None), Fate::Refused(Refusal::SocketUnknown));
        assert_eq!(fate_of(StatusCode::OK, None), Fate::Refused(Refusal::SocketUnknown));
    }

    #[test]
    fn the_latest_tries_are_remembered() {
        let probes = Probes::default();
        assert_eq!(probes.fate("a"), Fate::Unseen);
        probes.note("a".into(), Fate::NotAnUpgrade);
        probes.note("a".into(), Fate::Accepted);
        assert_eq!(probes.fate("a"), Fate::Accepted);
        (0..REMEMBERED).for_each(|number| probes.note(number.to_string(), Fate::Accepted));
        assert_eq!(probes.fate("a"), Fate::Unseen);
    }
}
