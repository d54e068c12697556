//! A room as this reader knows it: confirmed events in the server's order, and the notices between them.
//! Only the next number is applied; a repeat is dropped, a later one is held until the gap before it is filled.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::member::{Member, MemberId};
use crate::message::{Cid, Event, Seq};

/// How many notices are kept; they are not history.
const MAX_NOTICES: usize = 100;
/// How many events are held behind a gap; past that the gap's filling brings them anyway.
const MAX_HELD: usize = 500;

/// Confirmed events and passing notices of one room.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    events: VecDeque<Arc<Event>>,
    notices: VecDeque<Arc<Notice>>,
    /// What came before its turn, in order.
    held: Vec<Event>,
    last: Seq,
    reaches_start: bool,
    notices_made: u64,
}

/// People came or went. Seen only by those who were there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// Tells notices of one timeline apart.
    pub id: u64,
    /// The event after which it stands.
    pub after: Seq,
    /// When it arrived here, in milliseconds since 1970.
    pub at_ms: i64,
    /// Whether they came or went.
    pub kind: NoticeKind,
    /// Who, as far as they are named.
    pub who: Vec<Member>,
    /// How many more.
    pub more: usize,
    /// How many were there then.
    pub here: usize,
}

/// Which way people went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    /// They walked in.
    #[default]
    Arrived,
    /// They left.
    Left,
}

/// What became of an event that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is in the timeline (and what was held behind it).
    Added,
    /// It was there already.
    Repeated,
    /// Events before it are missing; it waits for them.
    Held,
}

/// An entry in reading order.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Something of the log.
    Event(Arc<Event>),
    /// Something that passed.
    Notice(Arc<Notice>),
}

impl Timeline {
    /// Starts afresh from a page; notices stay where they can.
    pub fn reset(&mut self, events: Vec<Event>, reaches_start: bool) {
        self.last = events.last().map_or(0, |event| event.seq);
        self.events = events.into_iter().map(Arc::new).collect();
        self.held.clear();
        self.reaches_start = reaches_start;
        let last = self.last;
        self.notices.retain(|notice| notice.after <= last);
    }

    /// Takes an event in whatever order it comes.
    pub fn apply(&mut self, event: Event) -> Applied {
        if event.seq <= self.last {
            return Applied::Repeated;
        }
        if event.seq > self.last + 1 {
            self.hold(event);
            return Applied::Held;
        }
        self.append(event);
        for next in std::mem::take(&mut self.held) {
            match next.seq.cmp(&(self.last + 1)) {
                Ordering::Less => {}
                Ordering::Equal => self.append(next),
                Ordering::Greater => self.held.push(next),
            }
        }
        Applied::Added
    }

    fn hold(&mut self, event: Event) {
        let at = self.held.partition_point(|held| held.seq < event.seq);
        let is_known = self.held.get(at).is_some_and(|held| held.seq == event.seq);
        if !is_known && self.held.len() < MAX_HELD {
            self.held.insert(at, event);
        }
    }

    fn append(&mut self, event: Event) {
        self.last = event.seq;
        self.events.push_back(Arc::new(event));
    }

    /// Puts older events in front; those that don't end right before the oldest one are not ours and are dropped.
    pub fn prepend(&mut self, older: Vec<Event>, reaches_start: bool) {
        let fits = older.last().is_none_or(|event| event.seq + 1 == self.first());
        if fits {
            self.reaches_start = reaches_start;
            older.into_iter().rev().for_each(|event| self.events.push_front(Arc::new(event)));
        }
    }

    /// Notes that people came or went, after what is here now.
    pub fn note(&mut self, notice: Notice) {
        self.notices_made += 1;
        self.notices.push_back(Arc::new(Notice { id: self.notices_made, after: self.last, ..notice }));
        if self.notices.len() > MAX_NOTICES {
            self.notices.pop_front();
        }
    }

    /// The number of the last event, 0 when there is none.
    pub fn last(&self) -> Seq {
        self.last
    }

    /// The number of the oldest event here, or the next one when there is none.
    pub fn first(&self) -> Seq {
        self.events.front().map_or(self.last + 1, |event| event.seq)
    }

    /// Whether nothing came before the oldest event here.
    pub fn reaches_start(&self) -> bool {
        self.reaches_start
    }

    /// Whether there is no event at all.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether the room has gone on to a number that is not here yet.
    pub fn is_behind(&self, head: Seq) -> bool {
        head > self.last
    }

    /// The events after a number, in order.
    pub fn after(&self, seq: Seq) -> impl Iterator<Item = &Event> {
        let known = self.events.partition_point(|event| event.seq <= seq);
        self.events.range(known..).map(AsRef::as_ref)
    }

    /// When a message of mine was taken, if it is among the latest ones.
    pub fn taken_at_ms(&self, me: MemberId, cid: Cid) -> Option<i64> {
        let latest = self.events.iter().rev().take(MAX_HELD);
        let mine = latest.into_iter().find(|event| event.by.id == me && event.cid() == Some(cid))?;
        Some(mine.at_ms)
    }

    /// Everything in reading order.
    pub fn entries(&self) -> Vec<Entry> {
        let mut notices = self.notices.iter().filter(|notice| notice.after + 1 >= self.first()).peekable();
        let mut entries = Vec::with_capacity(self.events.len() + self.notices.len());
        for event in &self.events {
            while let Some(notice) = notices.next_if(|notice| notice.after < event.seq) {
                entries.push(Entry::Notice(notice.clone()));
            }
            entries.push(Entry::Event(event.clone()));
        }
        entries.extend(notices.cloned().map(Entry::Notice));
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::Name;
    use crate::message::What;

    fn ada() -> Member {
        Member { id: MemberId(1), name: Name::new("Ada").expect("a name") }
    }

    fn event(seq: Seq) -> Event {
        let what = What::Posted { cid: Cid(seq.unsigned_abs().into()), text: format!("message {seq}") };
        Event { seq, at_ms: seq * 1_000, by: ada(), what }
    }

    fn page(range: std::ops::RangeInclusive<Seq>) -> Vec<Event> {
        range.map(event).collect()
    }

    /// Applies events in the given order to a room that starts at 10 and checks the lines that a reader sees.
    fn check(arriving: &[Seq], expected: &[Seq]) {
        let mut timeline = Timeline::default();
        timeline.reset(page(10..=10), false);
        arriving.iter().for_each(|seq| {
            timeline.apply(event(*seq));
        });
        assert_eq!(lines(&timeline), expected);
    }

    fn lines(timeline: &Timeline) -> Vec<Seq> {
        let seq = |entry| {
            if let Entry::Event(event) = entry { Some(event.seq) } else { None }
        };
        timeline.entries().into_iter().filter_map(seq).collect()
    }

    #[test]
    fn events_stand_in_the_servers_order_once() {
        check(&[11, 12, 13], &[10, 11, 12, 13]);
        check(&[11, 11, 12, 11, 12], &[10, 11, 12]);
        check(&[9, 10], &[10]);
    }

    #[test]
    fn what_lies_behind_a_gap_waits_for_it() {
        check(&[12, 13], &[10]);
        check(&[12, 14, 11], &[10, 11, 12]);
        check(&[14, 13, 12, 11], &[10, 11, 12, 13, 14]);
    }

    #[test]
    fn a_gap_is_told() {
        let mut timeline = Timeline::default();
        assert_eq!(timeline.apply(event(2)), Applied::Held);
        assert_eq!(timeline.apply(event(1)), Applied::Added);
        assert_eq!(timeline.apply(event(2)), Applied::Repeated);
    }

    #[test]
    fn older_pages_join_only_where_they_belong() {
        let mut timeline = Timeline::default();
        timeline.reset(page(10..=11), false);
        timeline.prepend(page(3..=7), false);
        assert_eq!(lines(&timeline), [10, 11]);
        timeline.prepend(page(8..=9), true);
        timeline.prepend(page(8..=9), true);
        assert_eq!(lines(&timeline), [8, 9, 10, 11]);
        assert!(timeline.reaches_start());
    }

    #[test]
    fn a_page_replaces_everything() {
        let mut timeline = Timeline::default();
        timeline.reset(page(10..=12), false);
        timeline.apply(event(20));
        timeline.reset(page(1..=3), true);
        assert_eq!(timeline.apply(event(4)), Applied::Added);
        assert_eq!(lines(&timeline), [1, 2, 3, 4]);
    }

    #[test]
    fn notices_stand_where_they_happened() {
        let mut timeline = Timeline::default();
        timeline.reset(page(1..=1), true);
        timeline.note(Notice { kind: NoticeKind::Arrived, who: vec![ada()], here: 2, ..Notice::default() });
        timeline.apply(event(2));
        timeline.note(Notice { kind: NoticeKind::Left, who: vec![ada()], here: 1, ..Notice::default() });
        let kinds: Vec<_> = timeline.entries().iter().map(|entry| matches!(entry, Entry::Notice(_))).collect();
        assert_eq!(kinds, [false, true, false, true]);
    }
}
