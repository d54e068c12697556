//! From a room's log to all who listen: what was committed together goes out together, encoded once. While it goes out,
//! the next events gather; nobody waits in order to gather more.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use app::message::Event;

use super::Room;
use crate::broadcast::{Broadcast, Outlet};

/// How many events go out together at most.
const MAX_TOGETHER: usize = 64;

/// How many listeners are offered it before others may run.
const AT_A_TIME: usize = 64;

/// What is committed and not said yet.
#[derive(Default)]
pub(super) struct Unsaid {
    events: VecDeque<Event>,
    /// Whether a task is saying it, or about to.
    is_speaking: bool,
}

impl Room {
    /// Notes an event of the log, to be said soon. Says whether a speaker has to begin: [`speak`].
    pub(super) fn publish(&self, event: &Event) -> bool {
        let mut unsaid = self.unsaid();
        unsaid.events.push_back(event.clone());
        // The head is raised before anyone is offered the event, so that a listener that has just caught up can't miss it.
        self.head.store(event.seq, Ordering::SeqCst);
        !std::mem::replace(&mut unsaid.is_speaking, true)
    }

    /// The next events to say; when there are none, the speaking is over.
    fn next_to_say(&self) -> Option<Broadcast> {
        let mut unsaid = self.unsaid();
        let together = unsaid.events.len().min(MAX_TOGETHER);
        let events: Vec<Event> = unsaid.events.drain(..together).collect();
        unsaid.is_speaking = !events.is_empty();
        drop(unsaid);
        Broadcast::of(&self.stored.slug, events)
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
        let listeners: Vec<Arc<Outlet>> = room.listeners().values().cloned().collect();
        let (writers, others): (Vec<_>, Vec<_>) =
            listeners.into_iter().partition(|outlet| broadcast.is_by(outlet.member));
        for some in writers.chunks(AT_A_TIME).chain(others.chunks(AT_A_TIME)) {
            some.iter().for_each(|outlet| outlet.offer(room.stored.id, &broadcast));
            tokio::task::yield_now().await;
        }
    }
}
