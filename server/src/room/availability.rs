//! Who is away, and who is not to be disturbed. A person is away while nothing is touched on any of their connections; the
//! rooms that they have open are told in one frame now and then, and a room in which nothing changes is told nothing.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::availability::{Availability, UNTIL_I_SAY_MS};
use app::member::MemberId;
use app::protocol::ServerFrame;
use tokio::runtime::Handle;

use super::{Admitted, Answer, Connected, Connections, Room, Rooms};
use crate::broadcast::{Notice, Outlet};

/// With so many listeners a room is told half as often of who is there, with twice as many a third as often, and so on.
const MANY: usize = 512;
/// The ends of rests are looked for at most this often.
const LOOKS_EVERY: Duration = Duration::from_millis(10);

/// What the listeners of a room are told of, and when.
#[derive(Debug, Default)]
pub(super) struct Telling {
    told_at: Option<Instant>,
    is_due: bool,
}

impl Rooms {
    /// Nothing was touched at the other end of a connection for a while, or something is again.
    pub fn is_idle(&self, outlet: &Outlet, idle: bool) {
        let mut connections = self.connections();
        let Some(person) = connections.people.get_mut(&outlet.member) else { return };
        person.idle.retain(|id| *id != outlet.id);
        if idle {
            person.idle.push(outlet.id);
        }
        self.show(person);
    }

    /// Somebody is not to be disturbed until a moment, or is again when that has passed. Their connections are told.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn rests(self: &Arc<Self>, member: MemberId, until_ms: i64) -> Result<(), Answer> {
        self.limits.messages.take(member, Instant::now()).map_err(Answer::TooFast)?;
        let until_ms = if until_ms > self.clock.now_ms() { until_ms.min(UNTIL_I_SAY_MS) } else { 0 };
        // On the writer's side, for whoever asked may hang up before the answer.
        let (rooms, runtime) = (Arc::clone(self), Handle::current());
        let tell = move || {
            let _guard = runtime.enter();
            rooms.note_quiet(&mut rooms.connections(), member, until_ms);
        };
        Ok(self.store.note_quiet(member, until_ms, tell).await?)
    }

    /// Until when somebody is not to be disturbed, in milliseconds since 1970; 0 when they may be.
    pub fn quiet_until_ms(&self, member: MemberId) -> i64 {
        self.quiet().get(&member).copied().unwrap_or_default()
    }

    /// All of it with the connections in hand: they are told in the order in which it is noted.
    fn note_quiet(&self, connections: &mut Connections, member: MemberId, until_ms: i64) {
        if until_ms > 0 {
            self.quiet().insert(member, until_ms);
            self.has_quiet.notify_one();
        } else {
            self.quiet().remove(&member);
        }
        connections.people.get_mut(&member).into_iter().for_each(|person| self.show(person));
        connections.tell(&Notice::new(&ServerFrame::Quiet { until_ms }), |known| known == member);
    }

    /// Ends the rests whose time has come, as long as the program runs.
    pub async fn end_rests(self: Arc<Self>) {
        loop {
            if self.quiet().values().all(|until_ms| *until_ms == UNTIL_I_SAY_MS) {
                self.has_quiet.notified().await;
            }
            tokio::time::sleep(self.patience.rest.max(LOOKS_EVERY)).await;
            let now_ms = self.clock.now_ms();
            let is_over = |(member, until_ms): (&MemberId, &i64)| (*until_ms <= now_ms).then_some(*member);
            let over: Vec<MemberId> = self.quiet().iter().filter_map(is_over).collect();
            for member in over {
                let mut connections = self.connections();
                // They may have begun another one meanwhile.
                if self.quiet_until_ms(member) <= now_ms {
                    self.note_quiet(&mut connections, member, 0);
                }
            }
        }
    }

    /// Lets the rooms that somebody has open know how it stands with them.
    pub(super) fn show(&self, person: &mut Connected) {
        let now = self.availability(person);
        person.shown = now;
        person.visited.values().for_each(|room| self.show_in(room, person.member.id, now));
    }

    fn show_in(&self, room: &Arc<Room>, member: MemberId, now: Availability) {
        if room.presence().turn(member, now) {
            tell_soon(room, self.patience.rest);
        }
    }

    fn availability(&self, person: &Connected) -> Availability {
        if self.quiet().contains_key(&person.member.id) {
            Availability::Quiet
        } else if person.idle.len() >= person.connections {
            Availability::Away
        } else {
            Availability::Here
        }
    }

    pub(super) fn quiet(&self) -> MutexGuard<'_, HashMap<MemberId, i64>> {
        self.quiet.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admitted {
    /// Somebody has walked in: the others see how it stands with them, and what they are called by now. Whoever was away at their
    /// other connections is not any more, in no room.
    pub(super) fn shows_as_now(&self) {
        let mut connections = self.rooms.connections();
        if let Some(person) = connections.people.get_mut(&self.member.id) {
            // Whoever is renamed just then is found by one or the other: their connections know it first and then all rooms.
            self.room.presence().rename(&person.member);
            let now = self.rooms.availability(person);
            if person.shown == now {
                self.rooms.show_in(&self.room, self.member.id, now);
            } else {
                self.rooms.show(person);
            }
        }
    }

    /// How it stands with the room's people; nothing where all are here.
    pub fn present(&self) -> Option<ServerFrame> {
        let presence = self.room.presence();
        presence.has_absent().then(|| presence.present(self.slug()))
    }
}

impl Room {
    fn telling(&self) -> MutexGuard<'_, Telling> {
        self.telling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time between two words about who is there, which is this where few listen.
    pub(super) fn at_ease(&self, time: Duration) -> Duration {
        at_ease(time, self.listeners().len())
    }

    /// What everyone in the room is told. What changes from here on is told the next time.
    fn tell(&self) {
        *self.telling() = Telling { told_at: Some(Instant::now()), is_due: false };
        let present = self.presence().present(&self.slug);
        self.hint(&Notice::new(&present));
    }
}

/// Tells a room's listeners what has changed, together with what changes until it is their turn.
pub(super) fn tell_soon(room: &Arc<Room>, rest: Duration) {
    let rest = room.at_ease(rest);
    let mut telling = room.telling();
    if std::mem::replace(&mut telling.is_due, true) {
        return;
    }
    let now = Instant::now();
    let at = telling.told_at.map_or(now, |told_at| told_at + rest);
    let room = Arc::clone(room);
    drop(tokio::spawn(async move {
        tokio::time::sleep_until(at.into()).await;
        room.tell();
    }));
}

/// A full room costs no more for that: what all of many listeners are told of, they are told as much more seldom.
fn at_ease(time: Duration, listeners: usize) -> Duration {
    time.saturating_mul(1 + u32::try_from(listeners / MANY).unwrap_or(u32::MAX - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_listen_the_more_is_told_at_once() {
        let second = Duration::from_secs(1);
        assert_eq!([0, 511, 512, 5_000].map(|listeners| at_ease(second, listeners).as_secs()), [1, 1, 2, 10]);
    }
}
