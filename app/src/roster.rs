//! Who is in a room now and who is typing there, as far as this reader has been told. The counts are the server's; the names
//! may be fewer.

use std::ops::Deref;
use std::sync::Arc;
#[cfg(all(feature = "ssr", not(test)))]
use std::sync::OnceLock;

use serde::{Deserialize, Serialize, Serializer};
#[cfg(all(feature = "ssr", not(test)))]
use serde_json::value::{RawValue, to_raw_value};

use crate::member::{Member, MemberId};
use crate::protocol::MAX_ROSTER;

/// Those whom a page of a room names, at most [`MAX_ROSTER`]. Many pages name the same ones: the server writes them down
/// once. (These unit tests write them as a browser does: what is kept so only serde_json passes on.)
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<Member>")]
pub struct Named(Arc<List>);

#[derive(Clone, Debug, Default)]
struct List {
    people: Vec<Member>,
    #[cfg(all(feature = "ssr", not(test)))]
    written: OnceLock<Box<RawValue>>,
}

impl Named {
    /// They and somebody else, if there is space for one more.
    pub fn with(&self, member: &Member) -> Self {
        if self.len() < MAX_ROSTER { [self, [member.clone()].as_slice()].concat().into() } else { self.clone() }
    }
}

impl From<Vec<Member>> for Named {
    fn from(people: Vec<Member>) -> Self {
        Self(Arc::new(List {
            people,
            #[cfg(all(feature = "ssr", not(test)))]
            written: OnceLock::new(),
        }))
    }
}

impl Deref for Named {
    type Target = [Member];

    fn deref(&self) -> &[Member] {
        &self.0.people
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Named {}

impl Serialize for Named {
    #[cfg(all(feature = "ssr", not(test)))]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let write = || to_raw_value(&self.0.people).expect("names hold nothing that JSON can't");
        self.0.written.get_or_init(write).serialize(serializer)
    }

    #[cfg(any(not(feature = "ssr"), test))]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.people.serialize(serializer)
    }
}

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

/// The people who are typing in one room, but for the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typists {
    /// Some of them.
    pub who: Vec<Member>,
    /// How many more.
    pub more: usize,
    /// Which word of the server this is; an older one must not end it.
    pub heard: u32,
}

impl Typists {
    /// What the server says now stands instead of what it said before.
    pub fn hear(&mut self, who: Vec<Member>, more: usize) -> u32 {
        (self.who, self.more, self.heard) = (who, more, self.heard.wrapping_add(1));
        self.heard
    }

    /// Whether somebody is typing.
    pub fn has(&self, id: MemberId) -> bool {
        self.who.iter().any(|typist| typist.id == id)
    }

    /// Somebody is done, or gone.
    pub fn strike(&mut self, id: MemberId) {
        self.who.retain(|typist| typist.id != id);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.who.len() + self.more
    }

    /// The names that a sentence has space for, and how many more there are: two people are both named, of more one is.
    pub fn named(&self) -> (Vec<String>, usize) {
        let named = if self.count() > 2 { 1 } else { 2 };
        let names: Vec<String> = self.who.iter().take(named).map(|typist| typist.name.to_string()).collect();
        let more = self.count() - names.len();
        (names, more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::Name;

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

    #[test]
    fn two_typists_are_named_and_of_more_one_is() {
        let mut typists = Typists::default();
        let names = |typists: &Typists| (typists.named().0.join("+"), typists.named().1);
        assert_eq!(names(&typists), (String::new(), 0));
        typists.hear(vec![member(1, "Ada"), member(2, "Ben")], 0);
        assert_eq!(names(&typists), ("Ada+Ben".to_owned(), 0));
        typists.hear(vec![member(1, "Ada"), member(2, "Ben")], 3);
        assert_eq!((names(&typists), typists.count()), (("Ada".to_owned(), 4), 5));
        typists.hear(vec![member(1, "Ada"), member(2, "Ben"), member(3, "Cho")], 0);
        typists.strike(MemberId(1));
        assert_eq!(names(&typists), ("Ben+Cho".to_owned(), 0));
        assert!(!typists.has(MemberId(1)) && typists.has(MemberId(2)));
    }
}
