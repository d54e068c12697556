//! Who is in a room: a person counts once however many connections they have, somebody who is soon back was never gone,
//! and what happens at about the same time is one notice. Pure: the time is passed in.

use std::collections::BTreeMap;
use std::time::Instant;

use app::availability::{Absent, Availability};
use app::member::{Member, MemberId};
use app::protocol::MAX_ROSTER;

use super::Patience;

/// The people of one room.
#[derive(Debug, Default)]
pub(super) struct Presence {
    people: BTreeMap<MemberId, Person>,
    watch: Watch,
}

/// Whether somebody watches for what is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Watch {
    /// Nobody does, and nobody has to.
    #[default]
    Off,
    /// Somebody has to begin.
    Begins,
    /// Somebody does, and looks again at this moment or before.
    Until(Instant),
    /// Somebody does, and has to look again now: something is due sooner than was known.
    Sooner,
}

#[derive(Debug)]
struct Person {
    member: Member,
    connections: usize,
    availability: Availability,
    standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// In, and announced at this moment.
    Arriving(Instant),
    /// In.
    Here,
    /// Without a connection; gone at this moment unless back before.
    Leaving(Instant),
}

/// What is to be announced now.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    pub(super) arrived: Vec<Member>,
    pub(super) left: Vec<Member>,
}

impl Presence {
    /// A connection of a person walked in.
    pub(super) fn enter(&mut self, member: &Member, now: Instant, patience: Patience) {
        let due = now + patience.gather;
        let person = self.people.entry(member.id).or_insert_with(|| Person {
            member: member.clone(),
            connections: 0,
            availability: Availability::Here,
            standing: Standing::Arriving(due),
        });
        person.connections += 1;
        person.member = member.clone();
        match person.standing {
            Standing::Leaving(_) => person.standing = Standing::Here,
            Standing::Arriving(_) => self.expect(due),
            Standing::Here => {}
        }
    }

    /// A connection of a person is gone; the person is, too, unless one is left or comes back in time.
    pub(super) fn slip_out(&mut self, id: MemberId, now: Instant, patience: Patience) {
        let Some(person) = self.people.get_mut(&id) else {
            return;
        };
        person.connections = person.connections.saturating_sub(1);
        if person.connections > 0 {
            return;
        }
        match person.standing {
            // Nobody was told of the arrival, so nobody is told of the departure.
            Standing::Arriving(_) => drop(self.people.remove(&id)),
            Standing::Here | Standing::Leaving(_) => {
                person.standing = Standing::Leaving(now + patience.grace);
                self.expect(now + patience.grace);
            }
        }
    }

    /// A person leaves by choice, with all connections.
    pub(super) fn leave(&mut self, id: MemberId, now: Instant, patience: Patience) {
        let Some(person) = self.people.get_mut(&id) else {
            return;
        };
        person.connections = 0;
        match person.standing {
            Standing::Arriving(_) => drop(self.people.remove(&id)),
            Standing::Here | Standing::Leaving(_) => {
                person.standing = Standing::Leaving(now + patience.gather);
                self.expect(now + patience.gather);
            }
        }
    }

    /// Something is due at this moment.
    fn expect(&mut self, due: Instant) {
        self.watch = match self.watch {
            Watch::Off | Watch::Begins => Watch::Begins,
            Watch::Until(looks) if looks <= due => Watch::Until(looks),
            Watch::Until(_) | Watch::Sooner => Watch::Sooner,
        };
    }

    /// Takes what is due now. Something that is due takes everything with it that happened before.
    pub(super) fn news(&mut self, now: Instant) -> News {
        let mut news = News::default();
        let arrival_is_due =
            self.people.values().any(|person| matches!(person.standing, Standing::Arriving(due) if due <= now));
        if arrival_is_due {
            for person in self.people.values_mut().filter(|person| matches!(person.standing, Standing::Arriving(_))) {
                person.standing = Standing::Here;
                news.arrived.push(person.member.clone());
            }
        }
        let gone =
            self.people.extract_if(.., |_, person| matches!(person.standing, Standing::Leaving(due) if due <= now));
        news.left = gone.map(|(_, person)| person.member).collect();
        news
    }

    /// When something is due next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let due = |person: &Person| match person.standing {
            Standing::Arriving(due) | Standing::Leaving(due) => Some(due),
            Standing::Here => None,
        };
        self.people.values().filter_map(due).min()
    }

    /// What has to happen for what is due: once told, it counts as begun.
    pub(super) fn watch(&mut self) -> Watch {
        if self.watch == Watch::Begins { std::mem::replace(&mut self.watch, Watch::Sooner) } else { self.watch }
    }

    /// When something is due next; when nothing is, the watch is over.
    pub(super) fn next_due_or_end_watch(&mut self) -> Option<Instant> {
        let due = self.next_due();
        self.watch = due.map_or(Watch::Off, Watch::Until);
        due
    }

    /// How many people are here. Somebody who may be back in time still counts.
    pub(super) fn here(&self) -> usize {
        self.people.len()
    }

    /// Whether somebody is here.
    pub(super) fn is_here(&self, id: MemberId) -> bool {
        self.people.contains_key(&id)
    }

    /// Some of those who are here.
    pub(super) fn some(&self, count: usize) -> Vec<Member> {
        self.people.values().take(count).map(|person| person.member.clone()).collect()
    }

    /// It stands otherwise with somebody. Says whether there is anything to tell: of those whom no page names nothing is.
    pub(super) fn turn(&mut self, id: MemberId, now: Availability) -> bool {
        let last_named = self.people.keys().nth(MAX_ROSTER - 1).copied();
        let Some(person) = self.people.get_mut(&id) else { return false };
        let before = std::mem::replace(&mut person.availability, now);
        before != now && last_named.is_none_or(|last| id <= last)
    }

    /// Who is not simply here, of those whom a page names.
    pub(super) fn absent(&self) -> Absent {
        let mut absent = Absent::default();
        for (id, person) in self.people.iter().take(MAX_ROSTER) {
            match person.availability {
                Availability::Here => {}
                Availability::Away => absent.away.push(*id),
                Availability::Quiet => absent.quiet.push(*id),
            }
        }
        absent
    }

    /// Somebody has another name.
    pub(super) fn rename(&mut self, member: &Member) {
        if let Some(person) = self.people.get_mut(&member.id) {
            person.member = member.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::member::Name;
    use std::time::Duration;

    const PATIENCE: Patience = Patience {
        grace: Duration::from_secs(10),
        gather: Duration::from_millis(400),
        rest: Duration::MAX,
        slow: Duration::MAX,
    };

    fn member(id: i64, name: &str) -> Member {
        Member { id: MemberId(id), name: Name::new(name).expect("a name") }
    }

    fn names(members: &[Member]) -> Vec<&str> {
        members.iter().map(|member| member.name.as_str()).collect()
    }

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn several_at_once_are_one_notice() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), start, PATIENCE);
        presence.enter(&member(2, "Ben"), start + Duration::from_millis(300), PATIENCE);
        assert_eq!(presence.news(start), News::default());
        assert_eq!(presence.next_due(), Some(start + PATIENCE.gather));
        assert_eq!(names(&presence.news(start + PATIENCE.gather).arrived), ["Ada", "Ben"]);
        assert_eq!(presence.next_due(), None);
    }

    #[test]
    fn a_person_counts_once_however_many_tabs() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), start, PATIENCE);
        presence.enter(&member(1, "Ada"), start, PATIENCE);
        assert_eq!(presence.here(), 1);
        presence.news(after(start, 1));
        presence.slip_out(MemberId(1), after(start, 2), PATIENCE);
        assert_eq!(presence.news(after(start, 60)), News::default());
        presence.slip_out(MemberId(1), after(start, 60), PATIENCE);
        assert_eq!(names(&presence.news(after(start, 70)).left), ["Ada"]);
        assert_eq!(presence.here(), 0);
    }

    #[test]
    fn somebody_who_is_soon_back_was_never_gone() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), start, PATIENCE);
        presence.news(after(start, 1));
        presence.slip_out(MemberId(1), after(start, 2), PATIENCE);
        assert_eq!(presence.here(), 1);
        presence.enter(&member(1, "Ada"), after(start, 11), PATIENCE);
        assert_eq!(presence.news(after(start, 60)), News::default());
    }

    #[test]
    fn leaving_by_choice_is_said_soon() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), start, PATIENCE);
        presence.enter(&member(1, "Ada"), start, PATIENCE);
        presence.news(after(start, 1));
        presence.leave(MemberId(1), after(start, 2), PATIENCE);
        assert_eq!(names(&presence.news(after(start, 3)).left), ["Ada"]);
    }

    #[test]
    fn a_visit_that_nobody_heard_of_is_not_announced() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), start, PATIENCE);
        presence.slip_out(MemberId(1), start, PATIENCE);
        assert_eq!(presence.next_due(), None);
        assert_eq!(presence.here(), 0);
    }
}
