//! One room in this tab: its timeline, what of mine is not confirmed yet, who is there, and what I am writing, to the room and in
//! its threads.

use std::sync::Arc;

use leptos::prelude::*;

use crate::availability::Absent;
use crate::beside::Beside;
use crate::components::list::Key;
use crate::file::File;
use crate::live::{Live, Noted};
use crate::markup::Markup;
use crate::member::{Member, MemberId, Name};
use crate::message::{Cid, Event, Seq, What};
use crate::notices::Level;
use crate::outbox::{Outbox, Pending};
use crate::place::Seek;
use crate::quote::Quote;
use crate::refusal::Refusal;
use crate::room::Slug;
use crate::room_change::RoomChange;
use crate::roster::{Roster, Typists};
use crate::text::when::Local;
use crate::thread::InThread;
use crate::timeline::{KEPT, KEPT_AT_END, LET_GO_AT_ONCE, Notice, Timeline};
use crate::tray::Tray;
use crate::unread::{Mark, ReadMark, Unread};
use crate::unsent::Written;
use crate::window::{Heights, LATEST, Span};

/// One author's messages are one group, unless they pause for this many milliseconds.
const GROUP_MS: i64 = 5 * 60 * 1_000;

/// The signals of one room. A handle: copies speak of the same room.
#[derive(Clone, Copy)]
pub struct Talk {
    /// Its address.
    pub slug: Noted<Slug>,
    /// The message in whose thread the message box writes; none where it writes to the room.
    pub of: Option<Seq>,
    /// What the room is called; its address until that is known.
    pub name: Live<String>,
    /// What it is about; empty where it is about nothing in particular.
    pub topic: Live<String>,
    /// Whether it can only be read.
    pub is_archived: Live<bool>,
    /// Whether I may delete what others say there.
    pub moderates: Live<bool>,
    /// How this tab stands to the room.
    pub standing: Live<Standing>,
    /// What was said.
    pub timeline: Live<Timeline>,
    /// What I said that is not confirmed.
    pub outbox: Live<Outbox>,
    /// How often a message that is here became another ([`Timeline::changes`]).
    pub changes: Live<u64>,
    /// What I am doing to a message.
    pub shaping: Live<Shaping>,
    /// What stands in the field in which I change one.
    pub revision: Live<String>,
    /// Who is there.
    pub roster: Live<Roster>,
    /// Who of them is away, or not to be disturbed.
    pub absent: Live<Absent>,
    /// Which messages call me.
    pub level: Live<Level>,
    /// The newest message that calls me and was not told yet.
    pub call: Noted<Option<Event>>,
    /// Who is typing.
    pub typists: Live<Typists>,
    /// When I said last that I am typing, in milliseconds since 1970; 0 when it is sent or gone since.
    pub typed_at_ms: Noted<i64>,
    /// What stands in the message box.
    pub writing: Live<String>,
    /// When that was written.
    pub written: Noted<Written>,
    /// The message that I am answering.
    pub replying: Live<Option<Quote>>,
    /// The files that are chosen for it.
    pub tray: Live<Tray>,
    /// Whether what I write in a thread is said to the room, too.
    pub also: Live<bool>,
    /// The message whose thread I have opened last.
    pub(crate) watched: Noted<Option<Seq>>,
    /// The threads in which I have written.
    threads: Noted<Vec<Self>>,
    /// Why the last thing I asked here was refused.
    pub refusal: Live<Option<Refusal>>,
    /// Whether older messages are on their way.
    pub loading_older: Live<bool>,
    /// Whether newer messages are on their way to a run that is cut off.
    pub loading_newer: Live<bool>,
    /// Where I want to go, as long as that is on its way.
    pub seeks: Noted<Option<Seek>>,
    /// The message that an address named, marked as long as I stay there.
    pub target: Live<Option<Seq>>,
    /// Whether what was missed is on its way.
    pub resuming: Live<bool>,
    /// Whether I read at the end.
    pub at_end: Live<bool>,
    /// Whether new rows are read out: those at the end are, those that come by scrolling are not.
    pub announces: Live<bool>,
    /// Which events are drawn while I don't; at the end it is always the newest.
    pub window: Live<Option<Span>>,
    /// Where I read, as the timeline's scroller needs to know it.
    pub reading: Noted<Reading>,
    /// How far I have read, and how many messages of others came after.
    pub unread: Live<Unread>,
    /// The first message that was new when I came, or looked away.
    pub first_new: Live<Option<Seq>>,
    /// Whether I have set the mark back: what is unread stays so while I look, until I go to the end or come here again.
    pub keeps_unread: Live<bool>,
    /// Whether it is further up than what is on the screen, where it has not been yet.
    pub is_new_above: Live<bool>,
    /// How far I have read, as the server knows it; nothing where it was not said.
    pub told_read: Noted<Option<Mark>>,
    /// Whether the server is about to be told.
    pub tells_read: Noted<bool>,
}

/// What a person is about to do to a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shaping {
    /// The message whose actions are in sight.
    pub actions: Option<Seq>,
    /// The message whose text is being changed.
    pub edits: Option<Seq>,
    /// The message that is to be deleted, once that is confirmed.
    pub deletes: Option<Seq>,
    /// The sheet that is open, and at which message.
    pub opened: Option<(Opened, Seq)>,
    /// Whether the message box had the focus before, and not the message.
    pub from_box: bool,
}

/// A sheet at a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The rest of its actions.
    Menu,
    /// The emoji.
    Emoji,
}

/// Where a person reads. Not a signal: nothing is drawn from it.
#[derive(Debug)]
pub struct Reading {
    /// What holds its place before their eyes.
    pub aim: Aim,
    /// Whether they are on their way there, and what is on the screen meanwhile says nothing.
    pub is_on_the_way: bool,
    /// How high the events are that were drawn.
    pub heights: Heights,
    /// How many events are drawn at the end.
    pub latest: Seq,
    /// What was drawn, the oldest that was here, and the newest where there were more, when the place was last put right.
    pub kept_for: Option<(Span, Seq, Option<Seq>)>,
    /// Whether the first new message has been on the screen.
    pub has_seen_new: bool,
}

/// What holds its place on the screen while rows come and go.
#[derive(Clone, Debug, PartialEq)]
pub enum Aim {
    /// The newest row.
    End,
    /// The oldest row.
    Start,
    /// This row.
    Row {
        /// The event it belongs to.
        seq: Seq,
        /// Its key.
        key: Key,
        /// How many pixels below the timeline's upper edge it ends, and the next one begins. Its end, because a row that no
        /// longer opens its group loses its upper part.
        end_px: f64,
    },
    /// This message: where it is if it is in sight, else in the middle.
    Message(Seq),
    /// Nothing yet: the rows around here are still to be drawn.
    Nothing,
}

/// How a tab stands to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not asked for; what of mine waits here is all that this tab knows of it.
    Away,
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
    /// A day begins with this event.
    Day(Local, Seq),
    /// What is new begins with this event.
    New(Seq),
    /// Somebody said something; whether it is the first of its group.
    Said(Arc<Event>, bool),
    /// I said something that is not confirmed.
    Waiting(Said),
    /// Somebody changed their name.
    Renamed {
        /// The event's number.
        seq: Seq,
        /// The name before.
        was: Name,
        /// The name now.
        now: Name,
    },
    /// Somebody changed the room.
    Changed(Arc<Event>),
    /// People came or went.
    Notice(Arc<Notice>),
}

/// A message, confirmed or not: both are drawn alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its id ([`Event::id`]).
    pub cid: Cid,
    /// Its number, if it was confirmed when the row was made.
    pub seq: Option<Seq>,
    /// Whose it is.
    pub by: Member,
    /// When.
    pub at_ms: i64,
    /// The text; none when it is deleted.
    pub text: String,
    /// Its shape, where it has one.
    pub markup: Option<Markup>,
    /// When its author changed it last.
    pub edited_ms: Option<i64>,
    /// The files that it carries.
    pub files: Vec<File>,
    /// What stands beside it.
    pub beside: Option<Box<Beside>>,
    /// Whether it is the first of its group and bears the author's name.
    pub opens_group: bool,
}

impl Row {
    /// The row's key.
    pub fn key(&self) -> Key {
        Key::Numbers(match self {
            Self::Day(local, seq) => [0, local.day.cast_unsigned(), seq.cast_unsigned(), 0],
            Self::Renamed { seq, .. } => [1, seq.cast_unsigned(), 0, 0],
            Self::Changed(event) => [6, event.seq.cast_unsigned(), 0, 0],
            Self::Notice(notice) => [2, notice.id, 0, 0],
            Self::New(seq) => [5, seq.cast_unsigned(), 0, 0],
            Self::Said(event, opens_group) => said_key(event.by.id, event.id(), *opens_group),
            Self::Waiting(said) => said_key(said.by.id, said.cid, said.opens_group),
        })
    }

    /// The message, if it is one.
    pub fn said(&self) -> Option<Said> {
        match self {
            Self::Waiting(said) => Some(said.clone()),
            Self::Said(event, opens_group) => {
                let What::Posted { text, markup, edited_ms, files, beside } = &event.what else { return None };
                Some(Said {
                    cid: event.id(),
                    seq: Some(event.seq),
                    by: event.by.clone(),
                    at_ms: event.at_ms,
                    text: text.clone(),
                    markup: markup.clone(),
                    edited_ms: *edited_ms,
                    files: files.clone(),
                    beside: beside.clone(),
                    opens_group: *opens_group,
                })
            }
            Self::Day(..) | Self::New(_) | Self::Renamed { .. } | Self::Changed(_) | Self::Notice(_) => None,
        }
    }
}

/// The author and the id stay the same when it is confirmed.
fn said_key(author: MemberId, cid: Cid, opens_group: bool) -> [u64; 4] {
    [3 + u64::from(opens_group), author.0.cast_unsigned(), (cid.0 >> 64) as u64, cid.0 as u64]
}

/// Whether two keys are of the same line, whether or not it opens a group.
pub fn is_same_line(one: &Key, other: &Key) -> bool {
    match (one, other) {
        (Key::Numbers([3 | 4, one @ ..]), Key::Numbers([3 | 4, other @ ..])) => one == other,
        _ => one == other,
    }
}

impl Talk {
    pub(crate) fn new(slug: &Slug) -> Self {
        Self {
            slug: Noted::new(slug.clone()),
            of: None,
            name: Live::new(slug.to_string()),
            topic: Live::default(),
            is_archived: Live::default(),
            moderates: Live::default(),
            standing: Live::new(Standing::Away),
            timeline: Live::default(),
            outbox: Live::default(),
            changes: Live::new(0),
            shaping: Live::default(),
            revision: Live::default(),
            roster: Live::default(),
            absent: Live::default(),
            level: Live::new(Level::usual(slug)),
            call: Noted::default(),
            typists: Live::default(),
            typed_at_ms: Noted::default(),
            writing: Live::default(),
            replying: Live::default(),
            written: Noted::default(),
            tray: Live::default(),
            also: Live::default(),
            watched: Noted::default(),
            threads: Noted::default(),
            refusal: Live::default(),
            loading_older: Live::new(false),
            loading_newer: Live::new(false),
            seeks: Noted::default(),
            target: Live::default(),
            resuming: Live::new(false),
            at_end: Live::new(true),
            announces: Live::new(true),
            window: Live::new(None),
            reading: Noted::new(Reading {
                aim: Aim::End,
                is_on_the_way: false,
                heights: Heights::default(),
                latest: LATEST,
                kept_for: None,
                has_seen_new: false,
            }),
            unread: Live::default(),
            first_new: Live::default(),
            keeps_unread: Live::new(false),
            is_new_above: Live::new(false),
            told_read: Noted::default(),
            tells_read: Noted::default(),
        }
    }

    /// The same room with the message box of one of its threads, which is made when it is not there yet.
    pub(crate) fn thread(self, of: Seq) -> Self {
        let known = self.threads.with(|threads| threads.iter().find(|thread| thread.of == Some(of)).copied());
        known.unwrap_or_else(|| {
            let mut new = self;
            new.of = Some(of);
            new.typists = Live::default();
            new.typed_at_ms = Noted::default();
            new.shaping = Live::default();
            new.writing = Live::default();
            new.written = Noted::default();
            new.replying = Live::default();
            new.tray = Live::default();
            new.also = Live::default();
            new.refusal = Live::default();
            self.threads.update(|threads| threads.push(new));
            new
        })
    }

    /// Whether it is the same message box.
    pub fn is(self, other: Self) -> bool {
        self.of == other.of && self.slug.get() == other.slug.get()
    }

    /// The path of the room's page.
    pub fn path(self) -> String {
        self.slug.with(Slug::path)
    }

    /// The id of an element of the message box, of which there may be two on the page.
    pub fn id(self, name: &str) -> String {
        if self.of.is_some() { format!("thread-{name}") } else { name.to_owned() }
    }

    /// Finds the field in which one writes.
    pub fn field(self) -> String {
        format!("#{}", self.id("message"))
    }

    /// The message boxes of the room: its own, and those of its threads.
    pub(crate) fn boxes(self) -> Vec<Self> {
        let mut boxes = self.threads.get();
        boxes.push(self);
        boxes
    }

    /// The room became another.
    pub fn take_change(self, change: &RoomChange) {
        match change {
            RoomChange::Named { name } => self.name.set(name.clone()),
            RoomChange::Topic { topic } => self.topic.set(topic.clone()),
            RoomChange::Archived {} => self.is_archived.set(true),
            RoomChange::Restored {} => self.is_archived.set(false),
            RoomChange::Added { .. } | RoomChange::Removed { .. } | RoomChange::Left {} => {}
        }
    }

    /// A quote as the message reads now, if that is here (not tracked).
    pub fn as_it_is_now(self, quote: Quote) -> Quote {
        let now = |timeline: &Timeline| timeline.event(quote.of).and_then(|event| Quote::new(event));
        self.timeline.with_untracked(now).unwrap_or(quote)
    }

    /// Whether a message is here, and deleted.
    pub fn is_deleted(self, seq: Seq) -> bool {
        self.changes.track();
        self.timeline.with_untracked(|timeline| timeline.event(seq).is_some_and(|event| event.is_deleted()))
    }

    /// Whether this tab follows what happens in the room.
    pub fn is_followed(self) -> bool {
        matches!(self.standing.get_untracked(), Standing::Opening | Standing::Open)
    }

    /// The events that are here (tracked).
    pub fn kept(self) -> Span {
        self.timeline.with(|timeline| Span { from: timeline.first(), to: timeline.end() })
    }

    /// The events that are drawn (tracked).
    pub fn drawn(self) -> Span {
        let kept = self.kept();
        let around = self.window.get().and_then(|window| window.within(kept));
        around.unwrap_or_else(|| {
            let latest = self.reading.with(|reading| reading.latest);
            Span { from: self.timeline.with_untracked(|timeline| timeline.newest_lines(latest)), ..kept }
        })
    }

    /// Messages that are here may have become others: their rows look again.
    pub fn show_changes(self) {
        let changes = self.timeline.with_untracked(Timeline::changes);
        if self.changes.get_untracked() != changes {
            self.changes.set(changes);
        }
    }

    /// The lines to draw, each with the event that it belongs to, from the oldest to what I have just sent (tracked).
    pub fn rows(self, me: Option<&Member>, local: impl Fn(i64) -> Local) -> Vec<(Seq, Row)> {
        let (drawn, kept) = (self.drawn(), self.kept());
        self.timeline.with(|timeline| {
            let first_new = self.first_new.get();
            let mut rows = Rows { local, rows: Vec::new(), day: None, group: None, first_new, after: kept.from - 1 };
            if drawn.from > kept.from {
                // What stands before the window decides how the window begins.
                let before = timeline.line_before(drawn.from).unwrap_or(kept.from);
                rows.after = before - 1;
                (before..drawn.from).for_each(|seq| rows.event_with_notices(timeline, seq));
                rows.rows.clear();
            } else {
                rows.notices(timeline, kept.from - 1);
            }
            (drawn.from..=drawn.to).for_each(|seq| rows.event_with_notices(timeline, seq));
            if let Some(me) = me.filter(|_| drawn.to == kept.to) {
                self.outbox.with(|outbox| {
                    let new = outbox.pending().filter(|pending| pending.has_line());
                    new.for_each(|pending| rows.pending(kept.to, me, pending));
                });
            }
            rows.rows
        })
    }

    /// The lines of a thread after a number: what was said there since, and what of mine waits (tracked).
    pub fn newer_in_thread(self, after: Seq, me: Option<&Member>, local: impl Fn(i64) -> Local) -> Vec<(Seq, Row)> {
        let is_of_thread = |place: Option<&InThread>| place.is_some_and(|place| Some(place.of) == self.of);
        let (root, kept) = (self.of.unwrap_or_default(), self.kept());
        let mut rows = Rows { local, rows: Vec::new(), day: None, group: None, first_new: None, after: 0 };
        self.timeline.with(|timeline| {
            timeline.event(root).into_iter().for_each(|root| rows.line(root));
            rows.group = None;
            let said = (kept.from..=kept.to).filter_map(|seq| timeline.event(seq));
            said.filter(|event| is_of_thread(event.within())).for_each(|event| rows.line(event));
        });
        self.outbox.with(|outbox| {
            for pending in outbox.pending().filter(|pending| is_of_thread(pending.within())) {
                me.into_iter().for_each(|me| rows.pending(kept.to.max(after), me, pending));
            }
        });
        rows.rows.retain(|(seq, _)| *seq > after);
        rows.rows
    }

    /// Lets go of what is too much for where I read.
    pub fn let_go(self) {
        let in_sight = self.window.get_untracked().map(|window| (window.from, window.to));
        let kept = if in_sight.is_some() { KEPT } else { KEPT_AT_END };
        if self.timeline.with_untracked(Timeline::len) > kept + LET_GO_AT_ONCE {
            self.timeline.update(|timeline| timeline.let_go(in_sight, kept));
            let kept = untrack(|| self.kept());
            self.reading.update(|reading| reading.heights.keep(kept));
        }
    }

    /// Counts what others said, once. What comes while I look is not new.
    pub fn count(self, events: &mut dyn Iterator<Item = &Event>, me: Option<MemberId>, is_looking: bool) {
        let mut unread = self.unread.get_untracked();
        let had_news = unread.count() > 0;
        let is_news = |event: &&Event| unread.hear(event, me);
        let first = events.filter(is_news).map(|event| event.seq).min();
        if !had_news && !is_looking && first.is_some() {
            self.mark_new(first);
        }
        if self.unread.get_untracked() != unread {
            self.unread.set(unread);
        }
    }

    /// What is new begins here, or nothing is.
    pub fn mark_new(self, first: Option<Seq>) {
        if self.first_new.get_untracked() != first {
            self.first_new.set(first);
            self.is_new_above.set(false);
            self.reading.update(|reading| reading.has_seen_new = false);
        }
    }

    /// Everything up to now has been before my eyes, unless there is more that has not arrived here yet.
    pub fn mark_read(self) {
        let last = self.timeline.with_untracked(Timeline::last);
        let unread = self.unread.get_untracked();
        if last >= unread.counted() && (unread.read() < last || unread.count() > 0) {
            self.unread.update(|unread| unread.read_all(last));
        }
    }

    /// From this message on all is unread again.
    pub fn mark_unread(self, seq: Seq, me: Option<MemberId>) {
        let mut unread = self.unread.get_untracked().set_back(seq - 1);
        self.timeline.with_untracked(|timeline| {
            for event in timeline.after(seq - 1).0 {
                unread.hear(event, me);
            }
        });
        self.unread.set(unread);
        self.mark_new(Some(seq));
        self.keeps_unread.set(true);
    }

    /// Takes the server's word on how far I have read, here or elsewhere, if I have not read further meanwhile. What was said
    /// after it had counted is added. Where it was set back elsewhere, that holds here, too. Says whether it was news.
    pub fn take_mark(self, mark: &ReadMark, me: Option<MemberId>, is_looking: bool) -> bool {
        let known = self.unread.get_untracked();
        let mut unread = Unread::as_marked(mark);
        let has_all = self.timeline.with_untracked(|timeline| {
            let (after, has_all) = timeline.after(mark.head);
            for event in after {
                unread.hear(event, me);
            }
            has_all
        });
        let (before, now) = (known.mark(), unread.mark());
        if now < before || (now == before && unread.counted() <= known.counted() && !has_all) {
            return false;
        }
        let is_set_back = now.turn > before.turn && self.told_read.get().is_some();
        let keeps_unread = unread.count() > 0 && (is_set_back || self.keeps_unread.get_untracked());
        if self.keeps_unread.get_untracked() != keeps_unread {
            self.keeps_unread.set(keeps_unread);
        }
        // While I look at the end of an open room, what comes is not new.
        let has_judged = is_looking && known.is_known() && self.standing.get_untracked() == Standing::Open;
        let is_behind = self.first_new.get_untracked().is_none_or(|first| first <= mark.read);
        if unread.count() > 0 && (is_set_back || (is_behind && !has_judged)) {
            self.mark_new(Some(mark.read + 1));
        }
        if unread != known {
            self.unread.set(unread);
        }
        true
    }
}

/// The lines of messages that are said elsewhere than in a room's own talk.
pub fn rows_of(messages: impl Iterator<Item = Arc<Event>>, local: impl Fn(i64) -> Local) -> Vec<Row> {
    let mut rows = Rows { local, rows: Vec::new(), day: None, group: None, first_new: None, after: 0 };
    messages.for_each(|message| rows.line(&message));
    rows.rows.into_iter().map(|(_, row)| row).collect()
}

/// Rows in the making: a day line where the day changes, a name where the author does. Both look no further back than to
/// the line before, so that a row is the same however much of the timeline is drawn.
struct Rows<Clock> {
    local: Clock,
    rows: Vec<(Seq, Row)>,
    day: Option<i64>,
    group: Option<(Member, i64)>,
    first_new: Option<Seq>,
    /// The event that was looked at last.
    after: Seq,
}

impl<Clock: Fn(i64) -> Local> Rows<Clock> {
    fn event_with_notices(&mut self, timeline: &Timeline, seq: Seq) {
        if let Some(event) = timeline.event(seq) {
            self.event(event);
        }
        self.notices(timeline, seq);
    }

    fn event(&mut self, event: &Arc<Event>) {
        if event.has_line() {
            self.line(event);
        }
    }

    fn line(&mut self, event: &Arc<Event>) {
        self.day_line(event.at_ms, event.seq);
        // What is new may begin with an event that has no line.
        let after = std::mem::replace(&mut self.after, event.seq);
        if let Some(new) = self.first_new.filter(|new| (after + 1..=event.seq).contains(new)) {
            self.group = None;
            self.rows.push((event.seq, Row::New(new)));
        }
        let row = match &event.what {
            What::Posted { .. } => Row::Said(Arc::clone(event), self.opens_group(&event.by, event.at_ms)),
            What::Renamed { was } => {
                self.group = None;
                Row::Renamed { seq: event.seq, was: was.clone(), now: event.by.name.clone() }
            }
            What::Room(_) => {
                self.group = None;
                Row::Changed(Arc::clone(event))
            }
            What::Edited { .. }
            | What::Deleted { .. }
            | What::Reacted { .. }
            | What::Previewed { .. }
            | What::Pinned { .. } => return,
        };
        self.rows.push((event.seq, row));
    }

    fn notices(&mut self, timeline: &Timeline, seq: Seq) {
        for notice in timeline.notices_after(seq) {
            self.day_line(notice.at_ms, seq);
            self.group = None;
            self.rows.push((seq, Row::Notice(Arc::clone(notice))));
        }
    }

    fn pending(&mut self, last: Seq, me: &Member, pending: &Pending) {
        self.day_line(pending.at_ms, last + 1);
        let opens_group = self.opens_group(me, pending.at_ms);
        let said = Said {
            cid: pending.cid,
            seq: None,
            by: me.clone(),
            at_ms: pending.at_ms,
            text: pending.text().to_owned(),
            markup: None,
            edited_ms: None,
            files: pending.files().to_vec(),
            beside: pending.beside().cloned().map(Box::new),
            opens_group,
        };
        self.rows.push((last + 1, Row::Waiting(said)));
    }

    fn opens_group(&mut self, by: &Member, at_ms: i64) -> bool {
        match &mut self.group {
            Some((member, then_ms)) if member == by => {
                let pause_ms = at_ms - std::mem::replace(then_ms, at_ms);
                pause_ms >= GROUP_MS
            }
            group => {
                *group = Some((by.clone(), at_ms));
                true
            }
        }
    }

    fn day_line(&mut self, at_ms: i64, seq: Seq) {
        let local = (self.local)(at_ms);
        if self.day.replace(local.day).is_none_or(|day| local.day > day) {
            self.group = None;
            self.rows.push((seq, Row::Day(local, seq)));
        }
    }
}
