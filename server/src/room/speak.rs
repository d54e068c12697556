//! From a room's log to all who listen: what was committed together goes out together, encoded once. While it goes out,
//! the next events gather; nobody waits in order to gather more.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use app::message::Event;

use super::Room;
use super::listeners::Listener;
use crate::broadcast::{Broadcast, Outlet};

/// How many events go out together at most.
const MAX_TOGETHER: usize = 160;
/// How many bytes of text go out together at most; it ends with the event that goes beyond.
const MAX_BYTES_TOGETHER: usize = 64 * 1024;

/// How many listeners are offered it before others may run.
const AT_A_TIME: usize = 64;

/// Up to so many listeners are offered it by the writer of the log itself, when nothing else waits for it.
const SMALL: usize = 256;

/// What is committed and not said yet.
#[derive(Default)]
pub(super) struct Unsaid {
    events: VecDeque<Event>,
    /// Whether a task is saying it, or about to.
    is_speaking: bool,
}

impl Room {
    /// Notes an event of the log, to be said soon. Says whether a speaker has to begin: [`speak`].
    pub(super) fn publish(&self, event: Event) -> bool {
        let mut unsaid = self.unsaid();
        // The head is raised before anyone is offered the event, so that a listener that has just caught up can't miss it.
        self.head.store(event.seq, Ordering::SeqCst);
        self.latest_ms.store(event.at_ms, Ordering::Relaxed);
        unsaid.events.push_back(event);
        !std::mem::replace(&mut unsaid.is_speaking, true)
    }

    /// The next events to say; when there are none, the speaking is over.
    fn next_to_say(&self) -> Option<Broadcast> {
        let mut unsaid = self.unsaid();
        let mut bytes = 0;
        let fits = |event: &&Event| {
            let fits = bytes < MAX_BYTES_TOGETHER;
            bytes += event.text_bytes();
            fits
        };
        let together = unsaid.events.iter().take(MAX_TOGETHER).take_while(fits).count();
        let events: Vec<Event> = unsaid.events.drain(..together).collect();
        unsaid.is_speaking = !events.is_empty();
        drop(unsaid);
        Broadcast::of(&self.slug, events)
    }

    /// Whether all who listen are told in a moment.
    pub(super) fn is_small(&self) -> bool {
        self.listeners().len() <= SMALL
    }

    fn unsaid(&self) -> MutexGuard<'_, Unsaid> {
        self.unsaid.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says all that is unsaid in a room. One at a time does it, so that everyone hears it in order.
///
/// Whoever wrote hears it first and then the others, with pauses: what the writers say next is taken in meanwhile and goes out
/// together with what others have said. Without that, writers in step with each other would never meet in one write.
pub(super) async fn speak(room: Arc<Room>) {
    while let Some(broadcast) = room.next_to_say() {
        let listeners = room.listeners().listed();
        let (writers, others) = audience(&listeners, &broadcast);
        for some in writers.chunks(AT_A_TIME).chain(others.chunks(AT_A_TIME)) {
            // A thousand of them are in no cache; to fetch these together takes little longer than to fetch one.
            std::hint::black_box(some.iter().filter(|outlet| outlet.comes_near()).count());
            some.iter().for_each(|outlet| outlet.offer(room.id, &broadcast));
            tokio::task::yield_now().await;
        }
    }
}

/// As [`speak`], without a pause: a message that comes alone is not handed to another thread first.
pub(super) fn speak_now(room: &Room) {
    while let Some(broadcast) = room.next_to_say() {
        let listeners = room.listeners().listed();
        let (writers, others) = audience(&listeners, &broadcast);
        writers.iter().chain(&others).for_each(|outlet| outlet.offer(room.id, &broadcast));
    }
}

/// The listeners: those who wrote some of it, and the others.
fn audience<'a>(listeners: &'a [Listener], broadcast: &Broadcast) -> (Vec<&'a Outlet>, Vec<&'a Outlet>) {
    let (mut writers, mut others) = (Vec::new(), Vec::with_capacity(listeners.len()));
    for Listener { member, outlet } in listeners {
        let part = if broadcast.is_by(*member) { &mut writers } else { &mut others };
        part.push(&**outlet);
    }
    (writers, others)
}
