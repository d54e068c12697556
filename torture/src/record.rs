//! What a person's browser showed and was told, for the checker. Texts are kept as digests: runs are long.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Instant;

use app::member::MemberId;
use app::message::{Cid, Event, Seq, What};
use app::room::Slug;

/// Everything that one tab saw, in its order.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// Whose.
    pub(crate) name: String,
    /// What was written.
    pub(crate) written: Vec<Written>,
    /// What came home.
    pub(crate) acknowledged: Vec<Acknowledged>,
    /// What was on the screen.
    pub(crate) shown: Vec<Shown>,
    /// Messages that came home more than once, as something else.
    pub(crate) twice: Vec<String>,
    /// Numbers that the server left out on a connection.
    pub(crate) holes: Vec<String>,
    /// What else should not have happened.
    pub(crate) trouble: Vec<String>,
    /// The last number on the screen when the tab was closed, by room.
    pub(crate) ends: BTreeMap<Slug, Seq>,
    /// How many messages were still waiting then.
    pub(crate) waiting: usize,
    /// How many fresh pages came.
    pub(crate) pages: usize,
    /// How many messages were put off by the server.
    pub(crate) put_off: usize,
    /// From each cut until all rooms were open and up to date again, in milliseconds.
    pub(crate) resumes_ms: Vec<f64>,
    /// From writing to the screen, in milliseconds.
    pub(crate) latencies_ms: Vec<f64>,
}

/// A message in an outbox.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// To which room.
    pub(crate) room: Slug,
    /// Its id.
    pub(crate) cid: Cid,
    /// Its text's digest.
    pub(crate) digest: u64,
}

/// A message that was struck from an outbox.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    /// In which room.
    pub(crate) room: Slug,
    /// Its id.
    pub(crate) cid: Cid,
    /// Its number.
    pub(crate) seq: Seq,
    /// The digest of the text that came home.
    pub(crate) digest: u64,
}

/// An event on a screen.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// In which room.
    pub(crate) room: Slug,
    /// Which screen of that room: a fresh page or a reload begins another.
    pub(crate) screen: usize,
    /// Its number.
    pub(crate) seq: Seq,
    /// Who did it.
    pub(crate) by: MemberId,
    /// The message's id.
    pub(crate) cid: Option<Cid>,
    /// The digest of what it says.
    pub(crate) digest: u64,
}

impl Record {
    /// An empty record.
    pub(crate) fn of(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

impl Shown {
    /// An event on a screen of a room.
    pub(crate) fn new(room: &Slug, screen: usize, event: &Event) -> Self {
        let (cid, digest) = (event.cid, event_digest(event));
        Self { room: room.clone(), screen, seq: event.seq, by: event.by.id, cid, digest }
    }
}

/// A text that is like no other: when it was written (for [`latency_ms`]), by whom, its number, and some padding.
pub(crate) fn text(name: &str, number: usize, padding: usize) -> String {
    format!("@{} {name} {number}{}", now_us(), " padding".repeat(padding / 8))
}

/// How long ago an event's text was written, in milliseconds.
pub(crate) fn latency_ms(event: &Event) -> Option<f64> {
    let What::Posted { text, .. } = &event.what else { return None };
    let written_us: u64 = text.strip_prefix('@')?.split(' ').next()?.parse().ok()?;
    Some(now_us().saturating_sub(written_us) as f64 / 1_000.0)
}

/// The digest of what an event says.
pub(crate) fn event_digest(event: &Event) -> u64 {
    match &event.what {
        What::Posted { text, .. } | What::Edited { text, .. } => digest(text),
        What::Deleted { of, .. } | What::Reacted { of, .. } | What::Previewed { of, .. } | What::Pinned { of, .. } => {
            digest(&of.to_string())
        }
        What::Renamed { was } => digest(was.as_str()),
        What::Room(change) => digest(&app::protocol::encode(change)),
    }
}

/// A text's digest.
pub(crate) fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Microseconds since the harness began.
fn now_us() -> u64 {
    static BEGAN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    BEGAN.elapsed().as_micros() as u64
}
