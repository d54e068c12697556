//! Who is in a room now, as far as this reader has been told. The count is the server's; the names may be fewer.

use crate::member::Member;
use crate::protocol::MAX_ROSTER;

/// The people of one room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Some of them, at most [`MAX_ROSTER`].
    pub people: Vec<Member>,
    /// How many there are.
    pub here: usize,
}

impl Roster {
    /// Some people walked in.
    pub fn arrive(&mut self, who: &[Member], here: usize) {
        self.leave(who, here);
        let room_left = MAX_ROSTER.saturating_sub(self.people.len());
        self.people.extend(who.iter().take(room_left).cloned());
    }

    /// Some people left.
    pub fn leave(&mut self, who: &[Member], here: usize) {
        self.people.retain(|person| who.iter().all(|gone| gone.id != person.id));
        self.here = here;
    }

    /// Whether somebody stands here under another name.
    pub fn knows_otherwise(&self, member: &Member) -> bool {
        self.people.iter().any(|person| person.id == member.id && person.name != member.name)
    }

    /// Somebody has a new name.
    pub fn rename(&mut self, member: &Member) {
        for person in self.people.iter_mut().filter(|person| person.id == member.id) {
            person.name = member.name.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::{MemberId, Name};

    fn member(id: i64, name: &str) -> Member {
        Member { id: MemberId(id), name: Name::new(name).expect("a name") }
    }

    #[test]
    fn a_person_stands_there_once() {
        let mut roster = Roster::default();
        roster.arrive(&[member(1, "Ada")], 1);
        roster.arrive(&[member(1, "Ada"), member(2, "Ben")], 2);
        assert_eq!(roster.people.len(), 2);
        roster.rename(&member(2, "Bea"));
        roster.leave(&[member(1, "Ada")], 1);
        assert_eq!(roster, Roster { people: vec![member(2, "Bea")], here: 1 });
    }
}
