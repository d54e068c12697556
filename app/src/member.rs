//! A person here: id and display name, and which names may be had.

use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::refusal::Refusal;
use crate::text;

/// The longest name, in characters as a reader counts them.
pub const MAX_GRAPHEMES: usize = 32;
/// The longest name in bytes, so that a single character can't be a tower of marks.
pub const MAX_BYTES: usize = 160;

/// A person's number, the same for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberId(pub i64);

/// A person as others see them; `[id, name]` on the wire, where many of them travel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "(MemberId, Name)")]
pub struct Member {
    /// Who it is.
    pub id: MemberId,
    /// What they are called.
    pub name: Name,
}

impl From<(MemberId, Name)> for Member {
    fn from((id, name): (MemberId, Name)) -> Self {
        Self { id, name }
    }
}

impl Serialize for Member {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.id, &self.name).serialize(serializer)
    }
}

/// A checked display name: composed (NFC), trimmed, 1 to [`MAX_GRAPHEMES`] characters, nothing hidden in it.
/// One that the server sends is not checked again: a browser's idea of a character may be older than the server's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "String")]
pub struct Name(Arc<str>);

impl Name {
    /// Checks what a person typed.
    ///
    /// # Errors
    /// [`Refusal::NameEmpty`], [`Refusal::NameTooLong`] or [`Refusal::NameHidden`].
    pub fn new(typed: &str) -> Result<Self, Refusal> {
        let name = text::composed(typed.trim());
        if name.is_empty() {
            Err(Refusal::NameEmpty)
        } else if text::hides(&name) || name.chars().all(text::is_unseen) {
            Err(Refusal::NameHidden)
        } else if name.len() > MAX_BYTES || text::graphemes(&name) > MAX_GRAPHEMES {
            Err(Refusal::NameTooLong)
        } else {
            Ok(Self(name.into()))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands in the avatar: a Korean name's last two syllables, else the first letters of up to two words.
    pub fn initials(&self) -> String {
        if self.0.chars().all(text::hangul::is_syllable) {
            return text::last_graphemes(&self.0, 2).to_owned();
        }
        let first_letter = |word: &str| word.chars().find(|letter| text::is_letter_or_digit(*letter));
        let initials: String = self.0.split_whitespace().filter_map(first_letter).take(2).collect();
        if initials.is_empty() { text::last_graphemes(&self.0, 1).to_owned() } else { text::capitals(&initials) }
    }
}

impl From<String> for Name {
    fn from(said: String) -> Self {
        Self(said.into())
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0.as_ref().to_owned()
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl MemberId {
    /// The hue of this person's avatar, in degrees; neighbours in number lie far apart (the golden angle).
    pub fn hue(self) -> u32 {
        (self.0.unsigned_abs().wrapping_mul(137_508) / 1_000 % 360) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(typed: &str) -> Result<String, Refusal> {
        Name::new(typed).map(String::from)
    }

    #[test]
    fn names_are_trimmed_and_composed() {
        assert_eq!(name("  Ada "), Ok("Ada".into()));
        assert_eq!(name("\u{1106}\u{1175}\u{11AB}\u{1109}\u{116E}"), Ok("민수".into()));
    }

    #[test]
    fn names_that_hide_something_are_refused() {
        for typed in ["A\u{200B}da", "A\u{202E}da", "A\nda", "\u{3164}", "A\u{200D}da", "A\u{E0041}", "\u{FE0F}"] {
            assert_eq!(name(typed), Err(Refusal::NameHidden), "{typed:?}");
        }
    }

    #[test]
    fn what_makes_one_emoji_of_several_is_not_hidden() {
        for typed in ["Ada 👩🏽‍💻", "🏳️‍🌈 Ben", "❤️‍🔥"] {
            assert_eq!(name(typed), Ok(typed.into()));
        }
        for typed in ["👩\u{200D}", "\u{200D}👩", "👩\u{200D}\u{200D}💻", "👩\u{200D}a", "1\u{200D}👩", "👩\u{200C}💻"]
        {
            assert_eq!(name(typed), Err(Refusal::NameHidden), "{typed:?}");
        }
    }

    #[test]
    fn names_are_counted_as_readers_count() {
        assert_eq!(name(" \t"), Err(Refusal::NameEmpty));
        assert!(name(&"가".repeat(32)).is_ok());
        assert_eq!(name(&"가".repeat(33)), Err(Refusal::NameTooLong));
        assert_eq!(name(&format!("a{}", "\u{301}".repeat(200))), Err(Refusal::NameTooLong));
    }

    #[test]
    fn initials_fit_the_script() {
        let initials = |typed| Name::new(typed).expect("a name").initials();
        assert_eq!(initials("홍길동"), "길동");
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("ben"), "B");
        assert_eq!(initials("🙂"), "🙂");
    }
}
