//! How much one may write and attach: what the server is set to, told to every page, so that the page warns in time and says
//! the number. What no setting goes beyond are the bounds of the format ([`crate::message`], [`crate::member`], [`mod@crate::room`]).

use serde::{Deserialize, Serialize};

use crate::file::size;
use crate::i18n::Lang;
use crate::markup::MAX_MENTIONS;
use crate::refusal::Refusal;
use crate::{member, message, room, text};

/// The settings that people meet. Lengths are in characters as a reader counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// The longest message.
    pub message: u32,
    /// The longest name of a person.
    pub name: u32,
    /// The longest name of a room.
    pub room_name: u32,
    /// The longest topic.
    pub topic: u32,
    /// How many files one message may carry.
    pub files: u32,
    /// How large each of them may be, in bytes.
    pub file_bytes: i64,
    /// Of how many people a room may be for anyone to call them all.
    pub call_all: u32,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            message: message::MAX_GRAPHEMES as u32,
            name: member::MAX_GRAPHEMES as u32,
            room_name: room::MAX_GRAPHEMES as u32,
            topic: room::MAX_TOPIC_GRAPHEMES as u32,
            files: 10,
            file_bytes: 100_000_000,
            call_all: 50,
        }
    }
}

impl Allowance {
    /// Whether a message is short enough.
    ///
    /// # Errors
    /// [`Refusal::MessageTooLong`].
    pub fn message(&self, typed: &str) -> Result<(), Refusal> {
        within(typed, self.message, Refusal::MessageTooLong)
    }

    /// Whether a person's name is short enough.
    ///
    /// # Errors
    /// [`Refusal::NameTooLong`].
    pub fn name(&self, typed: &str) -> Result<(), Refusal> {
        within(typed, self.name, Refusal::NameTooLong)
    }

    /// Whether a room's name is short enough.
    ///
    /// # Errors
    /// [`Refusal::RoomNameTooLong`].
    pub fn room_name(&self, typed: &str) -> Result<(), Refusal> {
        within(typed, self.room_name, Refusal::RoomNameTooLong)
    }

    /// Whether a topic is short enough.
    ///
    /// # Errors
    /// [`Refusal::TopicTooLong`].
    pub fn topic(&self, typed: &str) -> Result<(), Refusal> {
        within(typed, self.topic, Refusal::TopicTooLong)
    }

    /// The sentence for a refusal, with the number that it is about.
    pub fn sentence(&self, lang: Lang, why: Refusal) -> String {
        let words = lang.words();
        let sentence =
            if self.files == 0 && why == Refusal::FilesTooMany { words.no_files } else { (words.refusal)(why) };
        put_in(sentence, &self.number(why))
    }

    fn number(&self, why: Refusal) -> String {
        match why {
            Refusal::MessageTooLong => grouped(self.message),
            Refusal::NameTooLong => grouped(self.name),
            Refusal::RoomNameTooLong => grouped(self.room_name),
            Refusal::TopicTooLong => grouped(self.topic),
            Refusal::FilesTooMany => grouped(self.files),
            Refusal::MentionTooMany => grouped(MAX_MENTIONS as u32),
            Refusal::FileTooLarge => size(self.file_bytes),
            _ => String::new(),
        }
    }
}

/// A sentence with a number in its gap.
pub fn filled(sentence: &str, number: u32) -> String {
    put_in(sentence, &grouped(number))
}

/// A sentence has one gap, `{}`, or none.
fn put_in(sentence: &str, number: &str) -> String {
    let (before, behind) = sentence.split_once('{').unwrap_or((sentence, ""));
    format!("{before}{}{}", if behind.is_empty() { "" } else { number }, behind.strip_prefix('}').unwrap_or(behind))
}

/// No text has more characters than bytes.
fn within(typed: &str, most: u32, why: Refusal) -> Result<(), Refusal> {
    let is_within = typed.len() <= most as usize || text::graphemes(typed) <= most as usize;
    if is_within { Ok(()) } else { Err(why) }
}

/// A number below a million as both languages write it: `8,000`.
fn grouped(number: u32) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_what_a_reader_sees() {
        let allowance = Allowance { message: 3, ..Allowance::default() };
        for (typed, fits) in
            [("", true), ("가나다", true), ("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", true), ("각ㄱㄱ", true), ("abcd", false), ("가나다라", false)]
        {
            assert_eq!(allowance.message(typed).is_ok(), fits, "{typed}");
        }
    }

    #[test]
    fn a_sentence_says_the_number_that_the_server_is_set_to() {
        let allowance = Allowance { message: 1_024, files: 3, file_bytes: 5_000_000, ..Allowance::default() };
        let said = |lang, why| allowance.sentence(lang, why);
        assert!(said(Lang::En, Refusal::MessageTooLong).contains("1,024"));
        assert!(said(Lang::Ko, Refusal::MessageTooLong).contains("1,024자"));
        assert!(said(Lang::En, Refusal::FilesTooMany).contains(" 3 "));
        assert!(said(Lang::Ko, Refusal::FileTooLarge).contains("5 MB"));
        assert!(said(Lang::Ko, Refusal::MentionTooMany).contains(&format!("{MAX_MENTIONS}명")));
        let none = Allowance { files: 0, ..allowance };
        assert_eq!(none.sentence(Lang::En, Refusal::FilesTooMany), "This server takes no files.");
        assert_eq!(none.sentence(Lang::Ko, Refusal::FilesTooMany), "이 서버는 파일을 받지 않아요.");
    }

    #[test]
    fn a_sentence_without_a_number_stays_as_it_is() {
        for lang in Lang::ALL {
            assert_eq!(
                Allowance::default().sentence(lang, Refusal::RoomArchived),
                (lang.words().refusal)(Refusal::RoomArchived)
            );
        }
    }
}
