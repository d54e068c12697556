//! From what happened to the bytes that listeners get: encoded once, in every form that a room's listeners need.
//! What waits for one connection, and how it gets there, is [`Outlet`].

mod frame;
mod outlet;

use std::sync::OnceLock;

use app::command::ACTION;
use app::i18n::Lang;
use app::member::MemberId;
use app::message::{Event, Seq, What};
use app::protocol::{ServerFrame, encode};
use app::room::Slug;
use bytes::Bytes;
use serde::Serialize;

use crate::names::in_line;

pub use frame::{closing, text};
pub use outlet::{Closing, Next, Outlet, Wanted};

/// How many bytes of text go into one frame; it ends with the event that goes beyond.
const MAX_FRAME_TEXT_BYTES: usize = 16 * 1024;
/// What an event takes in a frame beside its text, in bytes, more or less.
const EVENT_BYTES: usize = 128;

/// In which form a listener hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// JSON frames ([`app::protocol`]).
    Frames,
    /// Plain text lines in a language.
    Lines(Lang),
    /// Nothing but what is said to this connection alone.
    Alone,
}

/// Events of one room that follow each other, as they go to its listeners. Each form is encoded when it is first asked for.
pub struct Broadcast {
    room: Slug,
    /// The number of the first.
    first: Seq,
    /// The number of the last.
    last: Seq,
    /// For those who wrote some of it: with the ids that they gave it.
    frames_for_authors: OnceLock<Bytes>,
    /// For everyone else.
    frames: OnceLock<Bytes>,
    lines: OnceLock<Vec<(MemberId, Bytes)>>,
    events: Vec<Event>,
    /// Whose they are, in order.
    authors: Vec<MemberId>,
}

impl Broadcast {
    /// Events that follow each other; `None` when there are none.
    pub fn of(room: &Slug, events: Vec<Event>) -> Option<Self> {
        let (first, last) = (events.first()?.seq, events.last()?.seq);
        let mut authors: Vec<MemberId> = events.iter().map(|event| event.by.id).collect();
        authors.sort_unstable();
        authors.dedup();
        let (frames_for_authors, frames, lines) = Default::default();
        Some(Self { room: room.clone(), first, last, frames_for_authors, frames, lines, events, authors })
    }

    /// Whether one of the events is this person's.
    pub fn is_by(&self, member: MemberId) -> bool {
        self.authors.binary_search(&member).is_ok()
    }

    /// The bytes for a listener. Whoever hears lines does not hear their own.
    fn heard_by(&self, voice: Voice, listener: MemberId) -> Bytes {
        match voice {
            Voice::Alone => Bytes::new(),
            Voice::Frames if self.is_by(listener) => {
                self.frames_for_authors.get_or_init(|| self.frames_of(|event| event)).clone()
            }
            Voice::Frames => self.frames.get_or_init(|| self.frames_of(Event::for_others)).clone(),
            Voice::Lines(_) => {
                let lines = self.lines.get_or_init(|| self.events.iter().filter_map(line_of).collect());
                let others = lines.iter().filter(|(by, _)| *by != listener).map(|(_, line)| &line[..]);
                others.collect::<Vec<_>>().concat().into()
            }
        }
    }

    /// In as few frames as may be.
    fn frames_of<'a, As: Serialize>(&'a self, form: impl Fn(&'a Event) -> As) -> Bytes {
        let mut frames = Vec::with_capacity(self.events.iter().map(|event| event.text_bytes() + EVENT_BYTES).sum());
        let mut rest = &self.events[..];
        while !rest.is_empty() {
            let (these, others) = rest.split_at(fitting_a_frame(rest));
            let events = these.iter().map(&form).collect();
            frame::append_json(&mut frames, &Said::Events { room: &self.room, events });
            rest = others;
        }
        frames.into()
    }
}

/// [`ServerFrame::Events`], of events that stay where they are.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Said<'a, As> {
    Events { room: &'a Slug, events: Vec<As> },
}

/// An event as a plain line, if plain listeners hear of it: `<name>: <text>`.
fn line_of(event: &Event) -> Option<(MemberId, Bytes)> {
    match &event.what {
        // Whoever comes late to what is deleted has missed nothing, and a line can't say in which thread it stands.
        What::Posted { .. } if event.is_deleted() || !event.has_line() => None,
        What::Posted { text, .. } if text.starts_with(ACTION) => {
            let line = format!("* {} {}", in_line(event.by.name.as_str()), text[ACTION.len()..].replace('\n', "\n  "));
            Some((event.by.id, frame::text(&line)))
        }
        // Only the first line of a message stands at the margin, so that no text can pass for somebody else's line.
        What::Posted { text, files, .. } => {
            let named = files.iter().map(|file| format!("[{}]", file.name));
            let said: Vec<String> =
                Some(text.replace('\n', "\n  ")).into_iter().filter(|text| !text.is_empty()).chain(named).collect();
            Some((event.by.id, frame::text(&format!("{}: {}", in_line(event.by.name.as_str()), said.join("\n  ")))))
        }
        _ => None,
    }
}

/// How many of these go into one frame: on a slow line what a frame holds is there only when all of it is.
fn fitting_a_frame(events: &[Event]) -> usize {
    let mut bytes = 0;
    let fits = |event: &&Event| {
        let fits = bytes < MAX_FRAME_TEXT_BYTES;
        bytes += event.text_bytes();
        fits
    };
    events.iter().take_while(fits).count()
}

/// Something that is said besides the log: not numbered.
pub struct Notice {
    frame: Bytes,
    lines: Option<[Bytes; 2]>,
}

impl Notice {
    /// A notice that plain listeners don't hear of.
    pub fn new(said: &ServerFrame) -> Self {
        Self { frame: frame::text(&encode(said)), lines: None }
    }

    /// A notice with its line, in every language, for plain listeners.
    pub fn with_line(said: &ServerFrame, line: impl Fn(Lang) -> String) -> Self {
        Self { lines: Some(Lang::ALL.map(|lang| frame::text(&line(lang)))), ..Self::new(said) }
    }

    fn heard_in(&self, voice: Voice) -> Option<Bytes> {
        match voice {
            Voice::Alone => None,
            Voice::Frames => Some(self.frame.clone()),
            Voice::Lines(lang) => self.lines.as_ref().map(|lines| lines[usize::from(lang == Lang::En)].clone()),
        }
    }
}
