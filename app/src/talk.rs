//! One room in this tab: its timeline, what of mine is not confirmed yet, who is there, and what I am writing.

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::list::Key;
use crate::member::{Member, MemberId, Name};
use crate::message::{Cid, Event, Seq, What};
use crate::outbox::Outbox;
use crate::refusal::Refusal;
use crate::room::Slug;
use crate::roster::Roster;
use crate::text::when::Local;
use crate::timeline::{Entry, Notice, Timeline};

/// One author's messages within this many milliseconds are one group.
const GROUP_MS: i64 = 5 * 60 * 1_000;

/// The signals of one room. A handle: copies speak of the same room.
#[derive(Clone, Copy)]
pub struct Talk {
    /// What the room is called; its address until that is known.
    pub name: RwSignal<String>,
    /// How this tab stands to the room.
    pub standing: RwSignal<Standing>,
    /// What was said.
    pub timeline: RwSignal<Timeline>,
    /// What I said that is not confirmed.
    pub outbox: RwSignal<Outbox>,
    /// Who is there.
    pub roster: RwSignal<Roster>,
    /// What stands in the message box.
    pub writing: RwSignal<String>,
    /// Why the last thing I asked here was refused.
    pub refusal: RwSignal<Option<Refusal>>,
    /// Whether older messages are on their way.
    pub loading_older: RwSignal<bool>,
    /// Whether what was missed is on its way.
    pub resuming: RwSignal<bool>,
    /// Whether I read at the end.
    pub at_end: RwSignal<bool>,
    /// Where I read otherwise: a message's id, and how many pixels below the upper edge it ends.
    pub anchor: StoredValue<Option<(String, f64)>>,
    /// The last event that I have had before my eyes.
    pub read_up_to: RwSignal<Seq>,
}

/// How a tab stands to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Asked for.
    Opening,
    /// In it.
    Open,
    /// There is no such room.
    Unknown,
    /// Left by choice.
    Left,
}

/// A line as it is drawn.
#[derive(Clone, Debug)]
pub enum Row {
    /// A day begins.
    Day(Local),
    /// Somebody said something.
    Said(Said),
    /// Somebody changed their name.
    Renamed {
        /// The event's number.
        seq: Seq,
        /// The name before.
        was: Name,
        /// The name now.
        now: Name,
    },
    /// People came or went.
    Notice(Arc<Notice>),
}

/// A message, confirmed or not: both are drawn alike.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its id.
    pub cid: Cid,
    /// Whose it is.
    pub by: Member,
    /// When.
    pub at_ms: i64,
    /// The text.
    pub text: Arc<str>,
    /// Whether it is the first of its group and bears the author's name.
    pub opens_group: bool,
    /// Whether it was confirmed when the row was made.
    pub confirmed: bool,
}

impl Row {
    /// The row's key.
    pub fn key(&self) -> Key {
        Key::Numbers(match self {
            Self::Day(local) => [0, local.day.cast_unsigned(), 0, 0],
            Self::Renamed { seq, .. } => [1, seq.cast_unsigned(), 0, 0],
            Self::Notice(notice) => [2, notice.id, 0, 0],
            // The author and the id stay the same when it is confirmed.
            Self::Said(said) => {
                let (author, cid) = (said.by.id.0.cast_unsigned(), said.cid.0);
                [3 + u64::from(said.opens_group), author, (cid >> 64) as u64, cid as u64]
            }
        })
    }
}

impl Talk {
    pub(crate) fn new(slug: &Slug) -> Self {
        Self {
            name: RwSignal::new(slug.to_string()),
            standing: RwSignal::new(Standing::Opening),
            timeline: RwSignal::default(),
            outbox: RwSignal::default(),
            roster: RwSignal::default(),
            writing: RwSignal::default(),
            refusal: RwSignal::default(),
            loading_older: RwSignal::new(false),
            resuming: RwSignal::new(false),
            at_end: RwSignal::new(true),
            anchor: StoredValue::new(None),
            read_up_to: RwSignal::new(0),
        }
    }

    /// The lines to draw, from the oldest to what I have just sent.
    pub fn rows(self, me: Option<&Member>, local: impl Fn(i64) -> Local) -> Vec<Row> {
        let mut rows = Rows { local, rows: Vec::new(), day: None, group: None };
        self.timeline.with(|timeline| timeline.entries().into_iter().for_each(|entry| rows.entry(entry)));
        if let Some(me) = me {
            self.outbox.with(|outbox| {
                for pending in outbox.pending() {
                    rows.said(pending.cid, me, pending.at_ms, pending.text.as_str().into(), false);
                }
            });
        }
        rows.rows
    }

    /// How many messages of others came after the last one that I have seen.
    pub fn unread(self, me: Option<MemberId>) -> usize {
        let read_up_to = self.read_up_to.get();
        self.timeline.with(|timeline| {
            timeline.after(read_up_to).filter(|event| Some(event.by.id) != me && event.is_posted()).count()
        })
    }

    /// Everything up to now has been before my eyes.
    pub fn mark_read(self) {
        let last = self.timeline.with_untracked(Timeline::last);
        if self.read_up_to.get_untracked() != last {
            self.read_up_to.set(last);
        }
    }
}

/// Rows in the making: a day line where the day changes, a name where the author does.
struct Rows<Clock> {
    local: Clock,
    rows: Vec<Row>,
    day: Option<i64>,
    group: Option<(MemberId, Name, i64)>,
}

impl<Clock: Fn(i64) -> Local> Rows<Clock> {
    fn entry(&mut self, entry: Entry) {
        match entry {
            Entry::Event(event) => self.event(&event),
            Entry::Notice(notice) => {
                self.day_line(notice.at_ms);
                self.group = None;
                self.rows.push(Row::Notice(notice));
            }
        }
    }

    fn event(&mut self, event: &Event) {
        match &event.what {
            What::Posted { cid, text } => self.said(*cid, &event.by, event.at_ms, text.as_str().into(), true),
            What::Renamed { was } => {
                self.day_line(event.at_ms);
                self.group = None;
                self.rows.push(Row::Renamed { seq: event.seq, was: was.clone(), now: event.by.name.clone() });
            }
        }
    }

    fn said(&mut self, cid: Cid, by: &Member, at_ms: i64, text: Arc<str>, confirmed: bool) {
        self.day_line(at_ms);
        let goes_on = self
            .group
            .as_ref()
            .is_some_and(|(id, name, then_ms)| *id == by.id && *name == by.name && at_ms - then_ms < GROUP_MS);
        if !goes_on {
            self.group = Some((by.id, by.name.clone(), at_ms));
        }
        self.rows.push(Row::Said(Said { cid, by: by.clone(), at_ms, text, opens_group: !goes_on, confirmed }));
    }

    fn day_line(&mut self, at_ms: i64) {
        let local = (self.local)(at_ms);
        if self.day.is_none_or(|day| local.day > day) {
            self.day = Some(local.day);
            self.group = None;
            self.rows.push(Row::Day(local));
        }
    }
}
