//! A room: its address ([`Slug`]), its name ([`RoomName`]), and what the list shows of it ([`RoomSummary`]).

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::text;

/// The longest room name, in characters as a reader counts them.
pub const MAX_GRAPHEMES: usize = 40;
/// The longest address in bytes.
pub const MAX_SLUG_BYTES: usize = 160;
/// The room that is there from the start, and that a plain connection without parameters walks into.
pub const FIRST_ROOM: &str = "madang";

const RESERVED: [&str; 6] = ["new", "create", "edit", "settings", "all", "archive"];

/// A room's address, as in `/rooms/{slug}`. It may come from a link or from the wire and point nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the room's page, percent-encoded where it must be (RFC 3986).
    pub fn path(&self) -> String {
        format!("/rooms/{}", crate::route::percent_encoded(&self.0))
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
        if name.chars().any(text::is_hidden) {
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
    text::composed(&words.collect::<Vec<_>>().join("-"))
}

/// What the list of rooms shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    /// Where it is.
    pub slug: Slug,
    /// What it is called.
    pub name: String,
    /// How many people are there now.
    pub here: usize,
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
    fn names_that_cannot_be_are_refused_with_their_reason() {
        assert_eq!(slug("  "), Err(Refusal::RoomNameEmpty));
        assert_eq!(slug("!?"), Err(Refusal::RoomNameEmpty));
        assert_eq!(slug("New"), Err(Refusal::RoomNameReserved));
        assert_eq!(slug("a\u{200B}b"), Err(Refusal::RoomNameHidden));
        assert_eq!(slug(&"가".repeat(41)), Err(Refusal::RoomNameTooLong));
    }
}
