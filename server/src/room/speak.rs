//! From a room's log to all who listen: what was committed together goes out together, encoded once. While it goes out,
//! the next events gather; nobody waits in order to gather more. Whoever wrote hears theirs meanwhile, so that what they say
//! next is there when the others are told again.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use app::message::Event;

use super::Room;
use super::listeners::Listener;
use crate::broadcast::Broadcast;
use crate::store::Store;

/// How many events go out together at most.
const MAX_TOGETHER: usize = 160;
/// How many bytes of text go out together at most; it ends with the event that goes beyond.
const MAX_BYTES_TOGETHER: usize = 64 * 1024;

/// How many events wait for the others at most while their authors hear them already; beyond, authors wait as well, and with
/// them what they say next.
const MAX_AHEAD: usize = 64;

/// How many listeners are offered it before others may run.
const AT_A_TIME: usize = 16;

/// Up to so many listeners are offered it by the writer of the log itself, when nothing else waits for it.
const SMALL: usize = 256;

/// What is committed and not said to everyone yet.
#[derive(Default)]
pub(super) struct Unsaid {
    events: VecDeque<Event>,
    /// So many from the front have been offered to those who wrote them.
    told: usize,
    /// Whether a task is saying it, or about to.
    is_speaking: bool,
}

impl Unsaid {
    /// Whether a speaker has to begin.
    fn add(&mut self, event: Event) -> bool {
        self.events.push_back(event);
        !std::mem::replace(&mut self.is_speaking, true)
    }

    /// The next events for everyone; when there are none, the speaking is over. They end where the authors have heard the last,
    /// who then find nothing in them that they lack.
    fn next(&mut self) -> Vec<Event> {
        let mut bytes = 0;
        let fits = |event: &&Event| {
            let fits = bytes < MAX_BYTES_TOGETHER;
            bytes += event.text_bytes();
            fits
        };
        let most = if self.told > 0 { self.told } else { MAX_TOGETHER };
        let together = self.events.iter().take(most).take_while(fits).count();
        self.told = self.told.saturating_sub(together);
        self.is_speaking = together > 0;
        self.events.drain(..together).collect()
    }

    /// What came since this was last asked, for those who wrote it; nothing where too much waits for the others.
    fn next_for_authors(&mut self) -> Vec<Event> {
        if self.events.len() > MAX_AHEAD {
            return Vec::new();
        }
        let told = std::mem::replace(&mut self.told, self.events.len());
        self.events.iter().skip(told).cloned().collect()
    }
}

impl Room {
    /// Notes an event of the log, to be said soon. Says whether a speaker has to begin: [`speak`].
    pub(super) fn publish(&self, event: Event) -> bool {
        let mut unsaid = self.unsaid();
        // The head is raised before anyone is offered the event, so that a listener that has just caught up can't miss it.
        self.head.store(event.seq, Ordering::SeqCst);
        self.latest_ms.store(event.at_ms, Ordering::Relaxed);
        unsaid.add(event)
    }

    fn next_to_say(&self) -> Option<Broadcast> {
        let events = self.unsaid().next();
        Broadcast::of(&self.slug, events)
    }

    /// Those who wrote what came since hear it now. Whoever lacks what came before it waits for their turn.
    fn tell_authors(&self, listeners: &[Listener]) {
        let events = self.unsaid().next_for_authors();
        let Some(broadcast) = Broadcast::of(&self.slug, events) else { return };
        let authors = listeners.iter().filter(|listener| broadcast.is_by(listener.member));
        authors.for_each(|author| author.outlet.offer_early(self.id, &broadcast));
    }

    /// Some of those who listen hear it.
    fn tell_some(&self, some: &[Listener], broadcast: &Broadcast) {
        // Many of them are in no cache; to fetch these together takes little longer than to fetch one.
        std::hint::black_box(some.iter().filter(|listener| listener.outlet.comes_near()).count());
        some.iter().for_each(|listener| listener.outlet.offer(self.id, broadcast));
    }

    /// Whether all who listen are told in a moment.
    pub(super) fn is_small(&self) -> bool {
        self.listeners().len() <= SMALL
    }

    /// Whether something that is stored is not said to everyone yet.
    pub(super) fn is_speaking(&self) -> bool {
        self.unsaid().is_speaking
    }

    fn unsaid(&self) -> MutexGuard<'_, Unsaid> {
        self.unsaid.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says all that is unsaid in a room. One at a time does it, so that everyone hears it in order.
///
/// Whoever wrote hears it first and then the others, with pauses: what the writers say next is taken in meanwhile and goes out
/// together with what others have said. Without that, writers in step with each other would never meet in one write.
pub(super) async fn speak(room: Arc<Room>, store: Store) {
    loop {
        room.tell_authors(&room.listeners().listed());
        tokio::task::yield_now().await;
        let Some(broadcast) = room.next_to_say() else { return };
        let listeners = room.listeners().listed();
        for some in listeners.chunks(AT_A_TIME) {
            room.tell_some(some, &broadcast);
            if store.has_waiting() {
                // Where the writer shares this core, it goes first: what it stores is what the others hear next.
                std::thread::yield_now();
            }
            room.tell_authors(&listeners);
            tokio::task::yield_now().await;
        }
    }
}

/// As [`speak`], without a pause: a message that comes alone is not handed to another thread first.
pub(super) fn speak_now(room: &Room) {
    while let Some(broadcast) = room.next_to_say() {
        let listeners = room.listeners().listed();
        listeners.chunks(AT_A_TIME).for_each(|some| room.tell_some(some, &broadcast));
    }
}

#[cfg(test)]
mod tests {
    use app::member::{Member, MemberId, Name};
    use app::message::{Cid, Seq, What};
    use proptest::prelude::*;

    use super::*;

    fn event(seq: Seq) -> Event {
        let by = Member { id: MemberId(1), name: Name::new("Ada").expect("a name") };
        Event { seq, at_ms: 0, by, what: What::Renamed { was: Name::new("Eda").expect("a name") }, cid: Some(Cid(1)) }
    }

    fn said(unsaid: &mut Unsaid, count: Seq) {
        let next = unsaid.events.back().map_or(1, |last| last.seq + 1);
        for seq in next..next + count {
            unsaid.add(event(seq));
        }
    }

    fn ends(events: &[Event]) -> Option<(Seq, Seq)> {
        Some((events.first()?.seq, events.last()?.seq))
    }

    #[test]
    fn authors_hear_theirs_at_once_and_the_others_all_of_it_together() {
        let mut unsaid = Unsaid::default();
        said(&mut unsaid, 16);
        assert_eq!(ends(&unsaid.next_for_authors()), Some((1, 16)));
        said(&mut unsaid, 16);
        assert_eq!(ends(&unsaid.next_for_authors()), Some((17, 32)));
        assert_eq!(ends(&unsaid.next_for_authors()), None, "nothing is told to its author twice");
        assert_eq!(ends(&unsaid.next()), Some((1, 32)));
        assert_eq!(ends(&unsaid.next()), None);
    }

    #[test]
    fn authors_wait_where_too_much_waits_for_the_others() {
        let mut unsaid = Unsaid::default();
        let most = Seq::try_from(MAX_AHEAD).expect("a number");
        said(&mut unsaid, most);
        assert_eq!(ends(&unsaid.next_for_authors()), Some((1, most)));
        said(&mut unsaid, 1);
        assert_eq!(ends(&unsaid.next_for_authors()), None);
        assert_eq!(ends(&unsaid.next()), Some((1, most)), "what authors know already, and then the rest for everyone");
        assert_eq!(ends(&unsaid.next()), Some((most + 1, most + 1)));
    }

    proptest! {
        /// Whoever hears early is never offered a part of what they have, and never lacks anything: both would send them to
        /// the store.
        #[test]
        fn whoever_hears_early_has_each_event_once_and_in_order(
            steps in prop::collection::vec(prop_oneof![(1..100_i64).prop_map(Some), Just(None)], 1..60),
            early in any::<u64>(),
        ) {
            let (mut unsaid, mut all, mut heard) = (Unsaid::default(), 0, 0);
            for (at, step) in steps.into_iter().enumerate() {
                let offered = match step {
                    Some(count) => {
                        for seq in all + 1..=all + count {
                            unsaid.add(event(seq));
                        }
                        all += count;
                        Vec::new()
                    }
                    None if early >> (at % 64) & 1 == 1 => unsaid.next_for_authors(),
                    None => unsaid.next(),
                };
                if let Some((first, last)) = ends(&offered).filter(|(_, last)| *last > heard) {
                    prop_assert_eq!(first, heard + 1);
                    heard = last;
                }
            }
        }
    }
}
