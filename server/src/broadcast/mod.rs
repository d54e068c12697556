//! From what happened to the bytes that listeners get: encoded once, in every form that a room's listeners need.
//! What waits for one connection, and how it gets there, is [`Outlet`].

mod frame;
mod outlet;

use std::collections::HashSet;
use std::sync::OnceLock;

use app::i18n::Lang;
use app::member::MemberId;
use app::message::{Event, Seq, What};
use app::protocol::{ServerFrame, encode};
use app::room::Slug;
use bytes::Bytes;

pub use frame::{closing, text};
pub use outlet::{Closing, Next, Outlet};

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

/// Events of one room that follow each other, as they go to its listeners.
pub struct Broadcast {
    /// The number of the first.
    first: Seq,
    /// The number of the last.
    last: Seq,
    frame: Bytes,
    lines: OnceLock<Vec<(MemberId, Bytes)>>,
    events: Vec<Event>,
    authors: HashSet<MemberId>,
}

impl Broadcast {
    /// Encodes events that follow each other in one frame; `None` when there are none.
    pub fn of(room: &Slug, events: Vec<Event>) -> Option<Self> {
        let (first, last) = (events.first()?.seq, events.last()?.seq);
        let authors = events.iter().map(|event| event.by.id).collect();
        let said = ServerFrame::Events { room: room.clone(), events };
        let frame = frame::text(&encode(&said));
        let ServerFrame::Events { events, .. } = said else { return None };
        Some(Self { first, last, frame, lines: OnceLock::new(), events, authors })
    }

    /// Whether one of the events is this person's.
    pub fn is_by(&self, member: MemberId) -> bool {
        self.authors.contains(&member)
    }

    /// The bytes for a listener. Whoever hears lines does not hear their own.
    fn heard_by(&self, voice: Voice, listener: MemberId) -> Bytes {
        match voice {
            Voice::Alone => Bytes::new(),
            Voice::Frames => self.frame.clone(),
            Voice::Lines(_) => {
                let lines = self.lines.get_or_init(|| self.events.iter().filter_map(line_of).collect());
                let others = lines.iter().filter(|(by, _)| *by != listener).map(|(_, line)| &line[..]);
                others.collect::<Vec<_>>().concat().into()
            }
        }
    }
}

/// An event as a plain line, if plain listeners hear of it: `<name>: <text>`.
fn line_of(event: &Event) -> Option<(MemberId, Bytes)> {
    match &event.what {
        // Only the first line of a message stands at the margin, so that no text can pass for somebody else's line.
        What::Posted { text, .. } => {
            Some((event.by.id, frame::text(&format!("{}: {}", event.by.name, text.replace('\n', "\n  ")))))
        }
        What::Renamed { .. } => None,
    }
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
