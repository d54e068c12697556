//! A room as this reader knows it: confirmed events in the server's order, and the notices between them.
//! Only the next number is applied; a repeat is dropped, a later one is held until the gap before it is filled.
//!
//! It keeps one unbroken run of events, and never more than [`KEPT`]. Who reads at the end needs the newest: beyond
//! [`KEPT_AT_END`] the oldest go, and come again when one reads up to them. Who reads further up keeps their place: what
//! lies furthest from them goes. When that is the newest end, the run is *cut off*: what comes then is counted and not
//! kept, until the reader scrolls down and the pages after the run have brought it back to the end ([`Timeline::extend`]).
//! A page around some number is a run that is cut off from the beginning.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::member::{Member, MemberId};
use crate::message::{Cid, Event, Seq, What};

/// How many notices are kept; they are not history.
const MAX_NOTICES: usize = 100;
/// How many events are held behind a gap; past that the gap's filling brings them anyway.
const MAX_HELD: usize = 500;
/// How many events are kept for a reader at the end.
pub const KEPT_AT_END: usize = 2_000;
/// How many events are kept at most, wherever one reads.
pub const KEPT: usize = 12_000;
/// So many more there may be before some go, that not every event lets another one go.
pub const LET_GO_AT_ONCE: usize = 200;

/// Confirmed events and passing notices of one room.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    events: VecDeque<Arc<Event>>,
    notices: VecDeque<Arc<Notice>>,
    /// What came before its turn, in order.
    held: Vec<Event>,
    /// The last number that came in its turn, kept or only counted.
    last: Seq,
    /// What came last while the run was cut off, up to [`Self::last`]: what was changed by it is not lost on pages that were made
    /// before, and it counts.
    beyond: VecDeque<Arc<Event>>,
    reaches_start: bool,
    notices_made: u64,
    changes: u64,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was its turn; this is what came with it: itself, and what was held behind it.
    Added(Vec<Arc<Event>>),
    /// It was there already.
    Repeated,
    /// Events before it are missing; it waits for them.
    Held,
}

impl Timeline {
    /// Starts afresh from a page, which may end before the room's last number; notices stay where they can.
    pub fn reset(&mut self, events: Vec<Event>, reaches_start: bool, head: Option<Seq>) {
        let end = events.last().map_or(0, |event| event.seq);
        self.last = head.map_or(end, |head| head.max(end));
        self.events = events.into_iter().map(Arc::new).collect();
        self.held.clear();
        self.beyond.clear();
        self.changes += 1;
        self.reaches_start = reaches_start;
        self.notices.retain(|notice| notice.after <= end);
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
        let mut added = vec![self.append(event)];
        for next in std::mem::take(&mut self.held) {
            match next.seq.cmp(&(self.last + 1)) {
                Ordering::Less => {}
                Ordering::Equal => added.push(self.append(next)),
                Ordering::Greater => self.held.push(next),
            }
        }
        Applied::Added(added)
    }

    fn hold(&mut self, event: Event) {
        let at = self.held.partition_point(|held| held.seq < event.seq);
        let is_known = self.held.get(at).is_some_and(|held| held.seq == event.seq);
        if !is_known && self.held.len() < MAX_HELD {
            self.held.insert(at, event);
        }
    }

    fn append(&mut self, event: Event) -> Arc<Event> {
        self.changes += u64::from(change(&mut self.events, &event));
        let event = Arc::new(event);
        if self.is_cut_off() {
            self.beyond.push_back(Arc::clone(&event));
            if self.beyond.len() > MAX_HELD {
                self.beyond.pop_front();
            }
        } else {
            self.events.push_back(Arc::clone(&event));
        }
        self.last = event.seq;
        event
    }

    /// Puts older events in front; those that don't end right before the oldest one are not ours and are dropped.
    pub fn prepend(&mut self, older: Vec<Event>, reaches_start: bool) {
        // No events is an answer about the very first one alone; any other asker has started over meanwhile.
        let fits = older.last().map_or(0, |event| event.seq) + 1 == self.first();
        if fits {
            self.reaches_start = reaches_start;
            let mut older: VecDeque<_> = older.into_iter().map(Arc::new).collect();
            // What was changed while they were on their way.
            for event in self.events.iter().chain(&self.beyond) {
                change(&mut older, event);
            }
            older.into_iter().rev().for_each(|event| self.events.push_front(event));
        }
    }

    /// Puts newer events behind a run that is cut off; those that don't begin right after it are not ours and are dropped, and
    /// so are those that were not heard yet: they come by themselves.
    pub fn extend(&mut self, newer: Vec<Event>) {
        if newer.first().is_none_or(|event| event.seq != self.end() + 1) {
            return;
        }
        let last = self.last;
        for event in newer.into_iter().take_while(|event| event.seq <= last) {
            self.changes += u64::from(change(&mut self.events, &event));
            self.events.push_back(Arc::new(event));
        }
        for event in &self.beyond {
            self.changes += u64::from(change(&mut self.events, event));
        }
        if !self.is_cut_off() {
            self.beyond.clear();
        }
    }

    /// All that came after a number, as far as it is known; whether that is all.
    pub fn after(&self, seq: Seq) -> (Vec<&Event>, bool) {
        let known = self.events.range(self.index(seq + 1)..).chain(&self.beyond);
        let after: Vec<&Event> = known.map(AsRef::as_ref).filter(|event| event.seq > seq).collect();
        let has_all = after.len() as Seq >= self.last - seq;
        (after, has_all)
    }

    /// Where an event of this number stands, or would.
    fn index(&self, seq: Seq) -> usize {
        usize::try_from(seq - self.first()).unwrap_or_default().min(self.events.len())
    }

    /// Keeps only so many for a reader who has these numbers before their eyes, or is at the end.
    pub fn let_go(&mut self, in_sight: Option<(Seq, Seq)>, kept: usize) {
        let too_many = self.events.len().saturating_sub(kept);
        if too_many == 0 {
            return;
        }
        if in_sight.is_some_and(|(from, to)| self.end() - to > from - self.first()) {
            self.events.truncate(kept);
        } else {
            (0..too_many).for_each(|_| drop(self.events.pop_front()));
            self.reaches_start = false;
        }
        let (first, end) = (self.first(), self.end());
        self.notices.retain(|notice| (first - 1..=end).contains(&notice.after));
    }

    /// Whether there is more behind the newest event that is kept.
    pub fn is_cut_off(&self) -> bool {
        self.end() < self.last
    }

    /// Notes that people came or went, after what is here now.
    pub fn note(&mut self, notice: Notice) {
        if self.is_cut_off() {
            return;
        }
        self.notices_made += 1;
        self.notices.push_back(Arc::new(Notice { id: self.notices_made, after: self.last, ..notice }));
        if self.notices.len() > MAX_NOTICES {
            self.notices.pop_front();
        }
    }

    /// How often a message that is here became another.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The first of the newest events here of which so many have a line of their own.
    pub fn newest_lines(&self, count: Seq) -> Seq {
        let mut with_line = self.events.iter().rev().filter(|event| event.has_line());
        with_line.nth((count - 1) as usize).map_or(self.first(), |event| event.seq)
    }

    /// The last event before a number that has a line of its own.
    pub fn line_before(&self, seq: Seq) -> Option<Seq> {
        (self.first()..seq).rev().find(|seq| self.event(*seq).is_some_and(|event| event.has_line()))
    }

    /// The message that an address with this number means: the last one up to it, else the first after it.
    pub fn message_at(&self, seq: Seq) -> Option<Seq> {
        let is_message = |seq: &Seq| self.event(*seq).is_some_and(|event| event.is_said());
        let (from, to) = (self.first(), self.end());
        (from..=seq.min(to)).rev().find(is_message).or_else(|| (seq.max(from)..=to).find(is_message))
    }

    /// The number of the last event that came, 0 when there is none.
    pub fn last(&self) -> Seq {
        self.last
    }

    /// The number of the oldest event here, or the next one when there is none.
    pub fn first(&self) -> Seq {
        self.events.front().map_or(self.last + 1, |event| event.seq)
    }

    /// The number of the newest event here, or the one before the next when there is none.
    pub fn end(&self) -> Seq {
        self.events.back().map_or(self.last, |event| event.seq)
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

    /// How many events are here.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// The event with a number, if it is here.
    pub fn event(&self, seq: Seq) -> Option<&Arc<Event>> {
        self.events.get(usize::try_from(seq - self.first()).ok()?)
    }

    /// The notices that stand after an event and before the next.
    pub fn notices_after(&self, seq: Seq) -> impl Iterator<Item = &Arc<Notice>> {
        let at = self.notices.partition_point(|notice| notice.after < seq);
        self.notices.range(at..).take_while(move |notice| notice.after == seq)
    }

    /// What a message of mine, or a change to one, became, if it is among the latest ones.
    pub fn taken(&self, me: MemberId, cid: Cid) -> Option<&Arc<Event>> {
        let mut latest = self.events.iter().rev().take(MAX_HELD);
        latest.find(|event| event.by.id == me && event.cid == Some(cid))
    }

    /// My last message that I can still change, if it is among the latest ones.
    pub fn last_said_by(&self, me: MemberId) -> Option<&Arc<Event>> {
        let mut latest = self.events.iter().rev().take(MAX_HELD);
        let may_change = |event: &Event| event.is_said() && !event.is_deleted() && event.forwarded().is_none();
        latest.find(|event| event.by.id == me && may_change(event))
    }
}

/// Brings events up to date with what was done to one after them; whether that is seen.
fn change(events: &mut VecDeque<Arc<Event>>, change: &Event) -> bool {
    let (Some(of), Some(first)) = (change.touches(), events.front().map(|event| event.seq)) else {
        return false;
    };
    // A change empties the edits between, a deletion the previews, too, and a preview those before it; answers quote the message.
    let reach = match change.what {
        What::Reacted { .. } | What::Pinned { .. } | What::Posted { .. } => 1,
        _ => usize::MAX,
    };
    let behind = usize::try_from(of - first).unwrap_or_default();
    let touched = |event: &&mut Arc<Event>| event.is_touched_by(of);
    let mut is_seen = false;
    for event in events.iter_mut().skip(behind).take(reach).filter(touched) {
        is_seen |= Arc::make_mut(event).take_change(change);
    }
    is_seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beside::Beside;
    use crate::forwarded::Forwarded;
    use crate::member::Name;

    fn ada() -> Member {
        Member { id: MemberId(1), name: Name::new("Ada").expect("a name") }
    }

    fn event(seq: Seq) -> Event {
        let what = What::posted(format!("message {seq}"));
        Event { seq, at_ms: seq * 1_000, by: ada(), what, cid: None }
    }

    fn page(range: std::ops::RangeInclusive<Seq>) -> Vec<Event> {
        range.map(event).collect()
    }

    /// Applies events in the given order to a room that starts at 10 and checks the lines that a reader sees.
    fn check(arriving: &[Seq], expected: &[Seq]) {
        let mut timeline = Timeline::default();
        timeline.reset(page(10..=10), false, None);
        arriving.iter().for_each(|seq| {
            timeline.apply(event(*seq));
        });
        assert_eq!(lines(&timeline), expected);
    }

    fn lines(timeline: &Timeline) -> Vec<Seq> {
        (timeline.first()..=timeline.end()).map(|seq| timeline.event(seq).expect("no hole").seq).collect()
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
        assert_eq!(timeline.apply(event(1)), Applied::Added(vec![Arc::new(event(1)), Arc::new(event(2))]));
        assert_eq!(timeline.apply(event(2)), Applied::Repeated);
    }

    #[test]
    fn older_pages_join_only_where_they_belong() {
        let mut timeline = Timeline::default();
        timeline.reset(page(10..=11), false, None);
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
        timeline.reset(page(10..=12), false, None);
        timeline.apply(event(20));
        timeline.reset(page(1..=3), true, None);
        assert_eq!(timeline.apply(event(4)), Applied::Added(vec![Arc::new(event(4))]));
        assert_eq!(lines(&timeline), [1, 2, 3, 4]);
    }

    #[test]
    fn notices_stand_where_they_happened() {
        let mut timeline = Timeline::default();
        timeline.reset(page(1..=1), true, None);
        timeline.note(Notice { kind: NoticeKind::Arrived, who: vec![ada()], here: 2, ..Notice::default() });
        timeline.apply(event(2));
        timeline.note(Notice { kind: NoticeKind::Left, who: vec![ada()], here: 1, ..Notice::default() });
        let notices = |seq| timeline.notices_after(seq).map(|notice| notice.kind).collect::<Vec<_>>();
        assert_eq!(notices(0), []);
        assert_eq!(notices(1), [NoticeKind::Arrived]);
        assert_eq!(notices(2), [NoticeKind::Left]);
    }

    /// A room with events 1 to this number, all of them here.
    fn long(last: Seq) -> Timeline {
        let mut timeline = Timeline::default();
        timeline.reset(page(1..=last), true, None);
        timeline
    }

    #[test]
    fn at_the_end_the_oldest_go() {
        let mut timeline = long(50_000);
        timeline.let_go(None, KEPT_AT_END);
        assert_eq!((timeline.len(), timeline.end(), timeline.reaches_start()), (KEPT_AT_END, 50_000, false));
        assert!(!timeline.is_cut_off());
        timeline.prepend(page(timeline.first() - 50..=timeline.first() - 1), false);
        assert_eq!(timeline.len(), KEPT_AT_END + 50);
    }

    #[test]
    fn further_up_the_newest_go_and_come_again_without_a_gap() {
        let mut timeline = long(13_000);
        timeline.let_go(Some((10, 40)), KEPT);
        assert_eq!((timeline.first(), timeline.end(), timeline.reaches_start()), (1, 12_000, true));
        assert_eq!(timeline.apply(event(13_001)), Applied::Added(vec![Arc::new(event(13_001))]));
        assert_eq!((timeline.end(), timeline.last(), timeline.is_cut_off()), (12_000, 13_001, true));
        timeline.note(Notice { kind: NoticeKind::Left, ..Notice::default() });
        assert_eq!(timeline.notices_after(13_001).count(), 0);

        timeline.extend(page(12_500..=12_600));
        assert_eq!(timeline.end(), 12_000, "a page that belongs elsewhere");
        timeline.extend(page(12_001..=12_600));
        timeline.extend(page(12_001..=12_600));
        assert_eq!((timeline.end(), timeline.is_cut_off()), (12_600, true));
        timeline.extend(page(12_601..=13_005));
        assert_eq!((timeline.end(), timeline.is_cut_off()), (13_001, false), "what is after it comes by itself");
        timeline.apply(event(13_002));
        assert_eq!(lines(&timeline), (1..=13_002).collect::<Vec<_>>());
    }

    fn changed(seq: Seq, of: Seq, text: &str) -> Event {
        let what = if text.is_empty() {
            What::Deleted { of, to: Vec::new() }
        } else {
            What::Edited { of, text: text.to_owned(), markup: None, to: Vec::new() }
        };
        Event { what, ..event(seq) }
    }

    fn text(timeline: &Timeline, seq: Seq) -> String {
        match &timeline.event(seq).expect("it is here").what {
            What::Posted { text, .. } | What::Edited { text, .. } => text.clone(),
            other => panic!("{other:?} has no text"),
        }
    }

    #[test]
    fn a_message_says_what_it_was_changed_to_and_a_deletion_leaves_no_text() {
        let mut timeline = long(2);
        timeline.apply(changed(3, 1, "better"));
        assert_eq!((text(&timeline, 1), text(&timeline, 2)), ("better".to_owned(), "message 2".to_owned()));
        timeline.apply(changed(4, 1, "best"));
        timeline.apply(changed(4, 1, "better"));
        assert_eq!(text(&timeline, 1), "best");
        timeline.apply(changed(5, 1, ""));
        assert_eq!([1, 3, 4].map(|seq| text(&timeline, seq)), ["", "", ""]);
        assert_eq!(timeline.changes(), 4, "the first page and three that are seen");
    }

    #[test]
    fn what_was_changed_while_older_events_were_on_their_way_is_not_lost() {
        let mut timeline = Timeline::default();
        timeline.reset(page(10..=10), false, None);
        timeline.apply(changed(11, 8, "better"));
        timeline.apply(changed(12, 9, ""));
        timeline.prepend(page(8..=9), false);
        assert_eq!((text(&timeline, 8), text(&timeline, 9)), ("better".to_owned(), String::new()));
    }

    #[test]
    fn a_page_around_a_number_is_cut_off_until_newer_pages_have_reached_what_came_meanwhile() {
        let mut timeline = Timeline::default();
        timeline.reset(page(10..=20), false, Some(30));
        assert!(timeline.is_cut_off() && !timeline.is_behind(30) && timeline.is_behind(31));
        assert_eq!(timeline.apply(event(31)), Applied::Added(vec![Arc::new(event(31))]));
        assert_eq!(lines(&timeline), (10..=20).collect::<Vec<_>>());
        timeline.apply(changed(32, 12, "better"));
        timeline.apply(changed(33, 25, ""));
        assert_eq!(text(&timeline, 12), "better");
        let after = |seq| {
            let (events, has_all) = timeline.after(seq);
            (events.len(), has_all)
        };
        assert_eq!([after(30), after(33), after(25)], [(3, true), (0, true), (3, false)], "what came meanwhile counts");
        timeline.extend(page(21..=31));
        assert_eq!(text(&timeline, 25), "", "the page was made before the deletion and came after it");
        timeline.prepend(page(1..=9), true);
        timeline.extend(vec![changed(32, 12, "better"), changed(33, 25, "")]);
        assert_eq!((lines(&timeline), timeline.is_cut_off()), ((1..=33).collect(), false));
    }

    #[test]
    fn an_address_means_the_nearest_message() {
        let mut timeline = Timeline::default();
        assert_eq!(timeline.message_at(1), None);
        let renamed = |seq| Event { what: What::Renamed { was: ada().name }, ..event(seq) };
        timeline.reset(vec![renamed(1), event(2), changed(3, 2, "better"), event(4), renamed(5)], true, None);
        assert_eq!(
            [0, 1, 2, 3, 4, 5, 6, Seq::MAX].map(|seq| timeline.message_at(seq).expect("a message")),
            [2, 2, 2, 2, 4, 4, 4, 4]
        );
    }

    #[test]
    fn what_i_have_passed_on_or_deleted_is_not_what_i_change_next() {
        let mut timeline = long(2);
        let from = Forwarded { room: crate::room::Slug::from("yard"), of: 1, by: ada() };
        let mut passed_on = event(3);
        if let What::Posted { beside, .. } = &mut passed_on.what {
            *beside = Some(Box::new(Beside { forwarded: Some(from), ..Beside::default() }));
        }
        timeline.apply(passed_on);
        assert_eq!(timeline.last_said_by(ada().id).map(|event| event.seq), Some(2));
        timeline.apply(changed(4, 2, ""));
        assert_eq!(timeline.last_said_by(ada().id).map(|event| event.seq), Some(1));
    }

    #[test]
    fn lines_are_counted_and_not_edits() {
        let mut timeline = long(3);
        (4..=300).for_each(|seq| drop(timeline.apply(changed(seq, 2, "again"))));
        assert_eq!((timeline.newest_lines(2), timeline.newest_lines(9), timeline.line_before(300)), (2, 1, Some(3)));
    }
}
