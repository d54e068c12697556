//! Who is typing in a room, or in a thread that others have open. What people type in a moment is one frame for everyone who hears
//! the same; it is said again as long as it lasts, for it may be missed. [`Typing`] is pure: the time is passed in.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::member::{Member, MemberId};
use app::message::Seq;
use app::protocol::{MAX_NAMED, ServerFrame, TYPING_EVERY_MS, TYPING_FOR_MS};

use super::{Admitted, Room};
use crate::broadcast::{Notice, Outlet};

/// Somebody of whom nothing was heard for so long is not typing any more.
const FOR: Duration = Duration::from_millis(TYPING_FOR_MS as u64);
/// What has not changed is said again after this time.
const AGAIN: Duration = Duration::from_millis(TYPING_EVERY_MS as u64);

/// For whom somebody types: the room, or the thread of the message of this number.
type Place = Option<Seq>;

/// The people who are typing in one room.
#[derive(Debug, Default)]
pub(super) struct Typing {
    people: BTreeMap<MemberId, Typist>,
    /// Whom the listeners know of, and since when.
    told: Vec<(MemberId, Place)>,
    told_at: Option<Instant>,
    is_watched: bool,
    /// Which thread a connection has open.
    open: HashMap<u64, Seq>,
}

#[derive(Debug)]
struct Typist {
    member: Member,
    place: Place,
    /// The connection over which they type.
    outlet: u64,
    until: Instant,
}

/// What is to be said now to those who hear of a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct News {
    place: Place,
    /// Who is typing.
    now: Vec<Member>,
    /// Who was, when it was said last.
    before: Vec<MemberId>,
}

impl Typing {
    /// Somebody types over this connection. Says whether somebody has to begin to watch for what is due.
    fn begin(&mut self, member: Member, place: Place, outlet: u64, now: Instant) -> bool {
        self.people.insert(member.id, Typist { member, place, outlet, until: now + FOR });
        !std::mem::replace(&mut self.is_watched, true)
    }

    /// Somebody's message is on its way: whoever gets it knows that they are done.
    fn finish(&mut self, id: MemberId) {
        if self.people.remove(&id).is_some() {
            self.told.retain(|(told, _)| *told != id);
        }
    }

    /// What somebody typed over this connection is gone. Says whether they count as typing it; they may be at another by now.
    fn stop(&mut self, id: MemberId, place: Place, outlet: u64) -> bool {
        let is_it = |typist: &Typist| (typist.place, typist.outlet) == (place, outlet);
        self.people.get(&id).is_some_and(is_it) && self.people.remove(&id).is_some()
    }

    /// A connection is gone, and whoever typed over it.
    fn lose(&mut self, outlet: u64) {
        self.open.remove(&outlet);
        self.people.retain(|_, typist| typist.outlet != outlet);
    }

    /// When there is something to do next; when there is nothing, the watch is over. `rest` passes between two frames.
    fn next_due_or_end_watch(&mut self, now: Instant, rest: Duration) -> Option<Instant> {
        let due = if self.is_changed(now) {
            Some(self.told_at.map_or(now, |at| at + rest))
        } else {
            let ends = self.people.values().map(|typist| typist.until).min();
            ends.map(|ends| ends.min(self.told_at.map_or(now, |at| at + AGAIN)))
        };
        self.is_watched = due.is_some();
        due
    }

    fn is_changed(&self, now: Instant) -> bool {
        let typing = self.people.values().filter(|typist| typist.until > now);
        !typing.map(|typist| (typist.member.id, typist.place)).eq(self.told.iter().copied())
    }

    /// Takes what is due now, for each place where somebody types or did.
    fn news(&mut self, now: Instant, rest: Duration) -> Vec<News> {
        let waits = if self.is_changed(now) { rest } else { AGAIN };
        self.people.retain(|_, typist| typist.until > now);
        if self.told_at.is_some_and(|at| now < at + waits) || (self.people.is_empty() && self.told.is_empty()) {
            return Vec::new();
        }
        self.told_at = Some(now);
        let typing = self.people.values().map(|typist| (typist.member.id, typist.place)).collect();
        let before = std::mem::replace(&mut self.told, typing);
        let places: BTreeSet<Place> = self.told.iter().chain(&before).map(|(_, place)| *place).collect();
        places.into_iter().map(|place| self.news_of(place, &before)).collect()
    }

    fn news_of(&self, place: Place, before: &[(MemberId, Place)]) -> News {
        let now = self.people.values().filter(|typist| typist.place == place);
        let before = before.iter().filter(|(_, its)| *its == place);
        let (now, before) = (now.map(|typist| typist.member.clone()), before.map(|(id, _)| *id));
        News { place, now: now.collect(), before: before.collect() }
    }

    /// The connections that hear of a thread, which have it open; `None` where it is about the room, of which all hear.
    fn reaches(&self, place: Place) -> Option<HashSet<u64>> {
        let of = place?;
        Some(self.open.iter().filter(|(_, open)| **open == of).map(|(outlet, _)| *outlet).collect())
    }
}

impl News {
    /// The notice for everyone, or for a person, who does not hear of themselves.
    fn notice(&self, room: &Room, but: Option<MemberId>) -> Notice {
        let others = self.now.iter().filter(|member| Some(member.id) != but);
        let more = others.clone().count().saturating_sub(MAX_NAMED);
        let who = others.take(MAX_NAMED).cloned().collect();
        Notice::new(&ServerFrame::Typing { room: room.slug.clone(), of: self.place, who, more })
    }

    /// Whether it is about others than this person.
    fn is_about_others_than(&self, me: MemberId) -> bool {
        self.now.iter().map(|member| member.id).chain(self.before.iter().copied()).any(|id| id != me)
    }
}

impl Admitted {
    /// Somebody types over a connection, in a thread or to the room; the others are told soon.
    pub fn types(&self, outlet: &Outlet, of: Option<Seq>) {
        let must_watch = self.room.typing().begin(self.member.clone(), of, outlet.id, Instant::now());
        if must_watch {
            drop(tokio::spawn(tell_what_is_due(Arc::clone(&self.room), self.rooms.patience.rest)));
        } else {
            self.room.typing_changed.notify_one();
        }
    }

    /// Somebody has emptied what they were writing; the others are told soon.
    pub fn stops_typing(&self, outlet: &Outlet, of: Option<Seq>) {
        if self.room.typing().stop(self.member.id, of, outlet.id) {
            self.room.typing_changed.notify_one();
        }
    }

    /// Somebody has the thread of a message open over a connection, and no other of the room.
    pub fn watches(&self, outlet: &Outlet, of: Seq) {
        self.room.typing().open.insert(outlet.id, of);
    }

    /// Somebody posts, and is done typing.
    pub(super) fn has_typed(&self) {
        self.room.typing().finish(self.member.id);
    }

    /// A connection listens no more, and nobody types over it.
    pub(super) fn types_no_more(&self, outlet: &Outlet) {
        self.room.typing().lose(outlet.id);
        self.room.typing_changed.notify_one();
    }
}

impl Room {
    fn typing(&self) -> MutexGuard<'_, Typing> {
        self.typing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One task a room does it, as long as somebody types.
async fn tell_what_is_due(room: Arc<Room>, rest: Duration) {
    loop {
        let Some(due) = room.typing().next_due_or_end_watch(Instant::now(), rest) else { return };
        tokio::select! {
            () = tokio::time::sleep_until(due.into()) => {
                let news = room.typing().news(Instant::now(), rest);
                news.iter().for_each(|news| tell(&room, news));
            }
            () = room.typing_changed.notified() => {}
        }
    }
}

fn tell(room: &Room, news: &News) {
    let for_all = news.notice(room, None);
    let reached = room.typing().reaches(news.place);
    let hears = |outlet: &&Arc<Outlet>| reached.as_ref().is_none_or(|reached| reached.contains(&outlet.id));
    for outlet in room.listeners().all().filter(hears) {
        if news.now.iter().all(|member| member.id != outlet.member) {
            outlet.hint(&for_all);
        } else if news.is_about_others_than(outlet.member) {
            outlet.hint(&news.notice(room, Some(outlet.member)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::member::Name;

    const REST: Duration = Duration::from_secs(1);

    fn member(id: i64) -> Member {
        Member { id: MemberId(id), name: Name::new(&format!("M{id}")).expect("a name") }
    }

    /// Who is said to be typing at this moment; `None` when nothing is said.
    fn said(typing: &mut Typing, now: Instant) -> Option<Vec<i64>> {
        let news = typing.news(now, REST);
        (!news.is_empty()).then(|| news.iter().flat_map(|news| &news.now).map(|member| member.id.0).collect())
    }

    #[test]
    fn the_first_is_said_at_once_and_what_follows_within_a_second_together() {
        let (mut typing, start) = (Typing::default(), Instant::now());
        assert!(typing.begin(member(1), None, 1, start), "somebody has to watch");
        assert_eq!(typing.next_due_or_end_watch(start, REST), Some(start));
        assert_eq!(said(&mut typing, start), Some(vec![1]));
        for other in 2..=50 {
            assert!(!typing.begin(member(other), None, 1, start + REST / 100 * u32::try_from(other).expect("small")));
        }
        assert_eq!(said(&mut typing, start + REST / 2), None);
        assert_eq!(typing.next_due_or_end_watch(start + REST / 2, REST), Some(start + REST));
        assert_eq!(said(&mut typing, start + REST).map(|who| who.len()), Some(50));
    }

    #[test]
    fn whoever_goes_on_is_said_again_now_and_then_and_ends_after_six_seconds_without_news() {
        let (mut typing, start) = (Typing::default(), Instant::now());
        typing.begin(member(1), None, 1, start);
        assert_eq!(said(&mut typing, start), Some(vec![1]));
        assert_eq!(typing.next_due_or_end_watch(start, REST), Some(start + AGAIN));
        typing.begin(member(1), None, 1, start + AGAIN);
        assert_eq!(said(&mut typing, start + AGAIN), Some(vec![1]));
        assert_eq!(said(&mut typing, start + 2 * AGAIN), Some(vec![1]));
        assert_eq!(typing.next_due_or_end_watch(start + 2 * AGAIN, REST), Some(start + AGAIN + FOR));
        assert_eq!(said(&mut typing, start + AGAIN + FOR), Some(vec![]));
        assert_eq!(typing.next_due_or_end_watch(start + AGAIN + FOR, REST), None);
        assert!(typing.begin(member(1), None, 1, start + 3 * FOR), "the watch was over");
    }

    #[test]
    fn a_message_ends_it_without_a_frame_and_a_lost_connection_with_one() {
        let (mut typing, start) = (Typing::default(), Instant::now());
        typing.begin(member(1), None, 1, start);
        typing.begin(member(2), None, 2, start);
        typing.news(start, REST);
        typing.finish(MemberId(1));
        assert_eq!(said(&mut typing, start + REST), None);
        typing.lose(1);
        assert_eq!(said(&mut typing, start + REST), None);
        typing.lose(2);
        assert_eq!(said(&mut typing, start + REST), Some(vec![]));
    }

    #[test]
    fn of_a_thread_they_hear_who_have_it_open_and_the_room_hears_when_somebody_goes_there() {
        let (mut typing, start) = (Typing::default(), Instant::now());
        typing.begin(member(1), None, 1, start);
        typing.news(start, REST);
        typing.begin(member(1), Some(7), 1, start);
        typing.begin(member(2), Some(9), 2, start);
        let said = |place, now: &[i64], before: &[i64]| News {
            place,
            now: now.iter().map(|id| member(*id)).collect(),
            before: before.iter().map(|id| MemberId(*id)).collect(),
        };
        let news = typing.news(start + REST, REST);
        assert_eq!(news, [said(None, &[], &[1]), said(Some(7), &[1], &[]), said(Some(9), &[2], &[])]);
        typing.open.extend([(4, 7), (5, 9)]);
        assert_eq!((typing.reaches(None), typing.reaches(Some(7))), (None, Some(HashSet::from([4]))));
        typing.lose(4);
        assert_eq!([7, 9].map(|of| typing.reaches(Some(of))), [Some(HashSet::new()), Some(HashSet::from([5]))]);
    }
}
