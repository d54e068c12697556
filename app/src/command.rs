//! Slash commands: what a text that begins with `/` asks for. The message box and the form without JavaScript read it alike.

use crate::message::Draft;
use crate::refusal::Refusal;
use crate::text::hangul::is_hangul;

/// The commands, in the order in which they are offered, and whether something belongs behind the word.
pub const COMMANDS: [(&str, bool); 8] = [
    ("me", true),
    ("nick", true),
    ("topic", true),
    ("invite", true),
    ("shrug", false),
    ("leave", false),
    ("exit", false),
    ("help", false),
];

/// How a message says what its author does, instead of what they say.
pub const ACTION: &str = "/me ";

/// What somebody has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A message.
    Say(Draft),
    /// Another name.
    Nick(String),
    /// Another topic for the room.
    Topic(String),
    /// Somebody to be asked into the room, by their name.
    Invite(String),
    /// To leave the room.
    Leave,
    /// To see what there is.
    Help,
}

impl Asked {
    /// Reads what was typed.
    ///
    /// # Errors
    /// As [`Asked::of`] and [`Draft::new`].
    pub fn read(typed: &str) -> Result<Self, Refusal> {
        Draft::new(typed).and_then(Self::of)
    }

    /// What a text asks for. `//` at the beginning is a slash, and so is a path as `/etc/hosts`: a command is one word of letters.
    ///
    /// # Errors
    /// [`Refusal::CommandUnknown`], [`Refusal::CommandIncomplete`], or as [`Draft::new`].
    pub fn of(draft: Draft) -> Result<Self, Refusal> {
        let Some(rest) = draft.as_str().strip_prefix('/') else { return Ok(Self::Say(draft)) };
        let (word, behind) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let (word, behind) = (word.to_ascii_lowercase(), behind.trim());
        if rest.starts_with('/') {
            // What would be an action with one slash keeps both; the server takes one away.
            return if rest.starts_with(ACTION) { Ok(Self::Say(draft)) } else { Draft::new(rest).map(Self::Say) };
        }
        if word.is_empty() || !word.chars().all(|letter| letter.is_ascii_alphabetic() || is_hangul(letter)) {
            return Ok(Self::Say(draft));
        }
        match word.as_str() {
            "me" | "nick" | "topic" | "invite" if behind.trim_start_matches('@').is_empty() => {
                Err(Refusal::CommandIncomplete)
            }
            "me" => Draft::new(&format!("{ACTION}{behind}")).map(Self::Say),
            "nick" => Ok(Self::Nick(behind.to_owned())),
            "topic" => Ok(Self::Topic(behind.to_owned())),
            "invite" => Ok(Self::Invite(behind.to_owned())),
            "shrug" => Draft::new(format!("{behind} ¯\\_(ツ)_/¯").trim_start()).map(Self::Say),
            "leave" | "exit" => Ok(Self::Leave),
            "help" => Ok(Self::Help),
            _ => Err(Refusal::CommandUnknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(typed: &str) -> String {
        match Asked::read(typed) {
            Ok(Asked::Say(draft)) => draft.into_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_message_is_said_as_it_is_and_two_slashes_are_one() {
        for text in ["hello", "a /me b", "1/2", "/etc/hosts is a file", "/", "/ me", "/2", "/:)", "  /leave"] {
            assert_eq!(says(text), text);
        }
        assert_eq!(says("//leave"), "/leave");
        assert_eq!(says("///"), "//");
        assert_eq!(says("//me waves"), "//me waves");
    }

    #[test]
    fn commands_are_read_whatever_their_case() {
        assert_eq!(says("/ME waves  "), "/me waves");
        assert_eq!(says("/shrug"), "¯\\_(ツ)_/¯");
        assert_eq!(says("/shrug 글쎄"), "글쎄 ¯\\_(ツ)_/¯");
        assert_eq!(Asked::read("/nick  김 민수 "), Ok(Asked::Nick("김 민수".to_owned())));
        assert_eq!(Asked::read("/Topic  점심 @ 12 "), Ok(Asked::Topic("점심 @ 12".to_owned())));
        assert_eq!(Asked::read("/invite @민수"), Ok(Asked::Invite("@민수".to_owned())));
        for typed in ["/leave", "/exit", "/Exit now"] {
            assert_eq!(Asked::read(typed), Ok(Asked::Leave));
        }
        assert_eq!(Asked::read("/help"), Ok(Asked::Help));
    }

    #[test]
    fn what_is_no_command_or_half_of_one_is_told() {
        for typed in ["/dance", "/나가기", "/m hi"] {
            assert_eq!(Asked::read(typed), Err(Refusal::CommandUnknown), "{typed}");
        }
        for typed in ["/me", "/nick ", "/ME\n", "/topic", "/invite @"] {
            assert_eq!(Asked::read(typed), Err(Refusal::CommandIncomplete), "{typed}");
        }
        assert_eq!(Asked::read(" "), Err(Refusal::MessageEmpty));
    }
}
