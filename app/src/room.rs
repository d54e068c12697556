//! A room: its address ([`Slug`]), which says of what kind it is ([`RoomKind`]), its name ([`RoomName`]) and [`Topic`], what the
//! list shows of it ([`RoomSummary`]), and what a person has chosen for it ([`Choice`]).

use serde::{Deserialize, Serialize};

use crate::member::{Member, MemberId};
use crate::message::Seq;
use crate::refusal::Refusal;
use crate::text::{self, joined};

/// The longest room name, in characters as a reader counts them.
pub const MAX_GRAPHEMES: usize = 40;
/// The longest topic, in characters as a reader counts them.
pub const MAX_TOPIC_GRAPHEMES: usize = 250;
/// The longest topic in bytes.
const MAX_TOPIC_BYTES: usize = 2_000;
/// How many people a direct room has at most, and it has two at least.
pub const MAX_DIRECT: usize = 8;
/// The longest address in bytes.
pub const MAX_SLUG_BYTES: usize = 160;
/// The room that is there from the start, and that a plain connection without parameters walks into.
pub const FIRST_ROOM: &str = "madang";

const RESERVED: [&str; 6] = ["new", "create", "edit", "settings", "all", "archive"];

/// Who may be in a room. It stands in the room's address, so that it can never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomKind {
    /// Everyone.
    Public,
    /// Its members, who may ask others in.
    Private,
    /// Two to eight people, always the same ones.
    Direct,
}

/// With what the address of a private room begins, and no name of a public one can.
const PRIVATE: char = '~';
/// With what the address of a direct room begins.
const DIRECT: char = '_';

/// A room's address, as in `/rooms/{slug}`. It may come from a link or from the wire and point nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a room that only its members know, from letters that nobody can guess.
    pub fn closed(kind: RoomKind, letters: &str) -> Self {
        Self(format!("{}{letters}", if kind == RoomKind::Direct { DIRECT } else { PRIVATE }))
    }

    /// Of what kind the room is that it leads to.
    pub fn kind(&self) -> RoomKind {
        match self.0.chars().next() {
            Some(PRIVATE) => RoomKind::Private,
            Some(DIRECT) => RoomKind::Direct,
            _ => RoomKind::Public,
        }
    }

    /// Whether everyone may be in the room.
    pub fn is_public(&self) -> bool {
        self.kind() == RoomKind::Public
    }

    /// The address with a number, for a name that had another's place before.
    pub fn numbered(&self, number: u32) -> Self {
        Self(format!("{}-{number}", self.0))
    }

    /// The path of the room's page, percent-encoded where it must be (RFC 3986).
    pub fn path(&self) -> String {
        format!("/rooms/{}", crate::route::percent_encoded(&self.0))
    }

    /// The path of the thread of one of its messages.
    pub fn thread_path(&self, of: Seq) -> String {
        format!("{}/{of}/thread", self.path())
    }
}

impl From<String> for Slug {
    fn from(text: String) -> Self {
        if text.is_ascii() { Self(text) } else { Self(text::composed(&text)) }
    }
}

impl From<&str> for Slug {
    fn from(text: &str) -> Self {
        Self(text::composed(text))
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A checked room name: composed (NFC), trimmed, with at least one letter or digit, nothing hidden in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomName {
    name: String,
    slug: Slug,
}

impl RoomName {
    /// Checks what a person typed and finds the address for it: letters and digits of any script in lower case,
    /// everything else a hyphen.
    ///
    /// # Errors
    /// [`Refusal::RoomNameEmpty`], [`Refusal::RoomNameTooLong`], [`Refusal::RoomNameHidden`] or [`Refusal::RoomNameReserved`].
    pub fn new(typed: &str) -> Result<Self, Refusal> {
        let name = text::composed(typed.trim().trim_start_matches('#').trim());
        let slug = slug_of(&name);
        if text::hides(&name) {
            Err(Refusal::RoomNameHidden)
        } else if slug.is_empty() {
            Err(Refusal::RoomNameEmpty)
        } else if text::graphemes(&name) > MAX_GRAPHEMES || name.len().max(slug.len()) > MAX_SLUG_BYTES {
            Err(Refusal::RoomNameTooLong)
        } else if RESERVED.contains(&slug.as_str()) {
            Err(Refusal::RoomNameReserved)
        } else {
            Ok(Self { name, slug: Slug(slug) })
        }
    }

    /// The name of the room that is there from the start.
    pub fn of_first_room() -> Self {
        Self { name: "마당".to_owned(), slug: FIRST_ROOM.into() }
    }

    /// The name as people see it.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The address that goes with it.
    pub fn slug(&self) -> &Slug {
        &self.slug
    }
}

fn slug_of(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    text::composed(&joined(words, "-"))
}

/// What a room is about: one line, composed (NFC), with nothing hidden in it; it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic(String);

impl Topic {
    /// The topic as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks what a person typed; line breaks become spaces.
    ///
    /// # Errors
    /// [`Refusal::TopicTooLong`] or [`Refusal::TopicHidden`].
    pub fn new(typed: &str) -> Result<Self, Refusal> {
        let topic = text::composed(&joined(typed.split_whitespace(), " "));
        if text::hides(&topic) {
            Err(Refusal::TopicHidden)
        } else if topic.len() > MAX_TOPIC_BYTES || text::graphemes(&topic) > MAX_TOPIC_GRAPHEMES {
            Err(Refusal::TopicTooLong)
        } else {
            Ok(Self(topic))
        }
    }

    /// The topic as people see it.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// What a person has chosen for a room, on all their devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Which room.
    pub room: Slug,
    /// It stands first in their list.
    pub starred: bool,
}

/// What the list of rooms shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    /// Where it is.
    pub slug: Slug,
    /// What it is called; nothing for a direct room, which is called by its people.
    pub name: String,
    /// How many people are there now.
    pub here: usize,
    /// What it is about; absent where that is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Whether it can only be read.
    #[serde(default, skip_serializing_if = "is_false")]
    pub archived: bool,
    /// Whether it is out of the list of whom it is told to, though they are in it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    /// The people of a direct room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Member>,
    /// Who may delete what others say there, where somebody may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moderator: Option<MemberId>,
}

impl RoomSummary {
    /// A room with nothing particular about it.
    pub fn new(slug: Slug, name: String, here: usize) -> Self {
        Self { slug, name, here, topic: None, archived: false, hidden: false, people: Vec::new(), moderator: None }
    }

    /// What it is called for this person: a direct room by the others in it.
    pub fn called(&self, me: Option<MemberId>) -> String {
        let is_me = |member: &&Member| Some(member.id) == me;
        let others = self.people.iter().filter(|member| !is_me(member) || self.people.len() == 1);
        match self.slug.kind() {
            RoomKind::Direct => joined(others.map(|member| member.name.as_str()), ", "),
            RoomKind::Public | RoomKind::Private => self.name.clone(),
        }
    }

    /// Where it stands in this person's list, so that it is found again where it was.
    pub fn sorted_by(&self, me: Option<MemberId>) -> String {
        text::capitals(&self.called(me))
    }
}

fn is_false(is: &bool) -> bool {
    !is
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(typed: &str) -> Result<String, Refusal> {
        RoomName::new(typed).map(|name| name.slug().to_string())
    }

    #[test]
    fn a_name_becomes_an_address_in_its_own_script() {
        assert_eq!(slug("주간 회의"), Ok("주간-회의".into()));
        assert_eq!(slug(" #Dev  & Ops! "), Ok("dev-ops".into()));
        assert_eq!(slug("\u{1112}\u{116C}\u{110B}\u{1174}"), Ok("회의".into()));
        assert_eq!(
            RoomName::new("주간 회의").expect("a name").slug().path(),
            "/rooms/%EC%A3%BC%EA%B0%84-%ED%9A%8C%EC%9D%98"
        );
    }

    #[test]
    fn no_name_leads_to_a_closed_room() {
        for kind in [RoomKind::Private, RoomKind::Direct] {
            let closed = Slug::closed(kind, "0123456789abcdef");
            assert_eq!((closed.kind(), closed.is_public()), (kind, false));
            let named = RoomName::new(closed.as_str()).expect("a name");
            assert!(named.slug().is_public() && *named.slug() != closed);
        }
    }

    #[test]
    fn a_direct_room_is_called_by_the_others_in_it() {
        let member =
            |id, name: &str| Member { id: MemberId(id), name: crate::member::Name::new(name).expect("a name") };
        let (ada, ben, cho) = (member(1, "Ada"), member(2, "Ben"), member(3, "Cho"));
        let direct =
            |people| RoomSummary { people, ..RoomSummary::new(Slug::closed(RoomKind::Direct, "1"), String::new(), 0) };
        assert_eq!(direct(vec![ada.clone(), ben, cho]).called(Some(MemberId(2))), "Ada, Cho");
        assert_eq!(direct(vec![ada]).called(Some(MemberId(1))), "Ada", "the others have left");
    }

    #[test]
    fn a_topic_is_one_line_and_may_be_empty() {
        let topic = |typed: &str| Topic::new(typed).map(Topic::into_string);
        assert_eq!(topic(" what we\n do  here "), Ok("what we do here".into()));
        assert_eq!(topic("  "), Ok(String::new()));
        assert_eq!(topic("a\u{202E}b"), Err(Refusal::TopicHidden));
        assert_eq!(topic("👩🏽‍💻 배포"), Ok("👩🏽‍💻 배포".into()));
        assert!(topic(&"가".repeat(MAX_TOPIC_GRAPHEMES)).is_ok());
        assert_eq!(topic(&"가".repeat(MAX_TOPIC_GRAPHEMES + 1)), Err(Refusal::TopicTooLong));
    }

    #[test]
    fn names_that_cannot_be_are_refused_with_their_reason() {
        assert_eq!(slug("  "), Err(Refusal::RoomNameEmpty));
        assert_eq!(slug("!?"), Err(Refusal::RoomNameEmpty));
        assert_eq!(slug("New"), Err(Refusal::RoomNameReserved));
        assert_eq!(slug("a\u{200B}b"), Err(Refusal::RoomNameHidden));
        assert_eq!(slug(&"가".repeat(41)), Err(Refusal::RoomNameTooLong));
    }
}
