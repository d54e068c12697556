//! What a message answers: the first line of another one, under its author's name. It follows what becomes of that one; of a
//! deleted one nothing is left.

use serde::{Deserialize, Serialize};

use crate::markup::{Kind, Markup, Node};
use crate::member::Member;
use crate::message::{Event, Seq, What};
use crate::text::first_graphemes;

/// How many characters of a message are quoted at most, as a reader counts them.
const MAX_GRAPHEMES: usize = 140;
/// How many bytes are looked at in order to find them.
const MAX_BYTES: usize = 2_000;
/// Stands for what its author covered up.
const COVERED: &str = "▒▒▒";

/// A message as it is quoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The number of the message.
    pub of: Seq,
    /// Who said it, under the name that they had then.
    pub by: Member,
    /// Its first line, without marks, or the name of its first file; empty once it is deleted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// When its author changed it last, in milliseconds since 1970; 0 when they never did.
    #[serde(default, skip_serializing_if = "is_never")]
    pub edited_ms: i64,
}

fn is_never(at_ms: &i64) -> bool {
    *at_ms == 0
}

impl Quote {
    /// A message as it is now; `None` where it is none.
    pub fn new(event: &Event) -> Option<Self> {
        let What::Posted { text, markup, edited_ms, files, .. } = &event.what else { return None };
        let (of, by) = (event.seq, event.by.clone());
        let said = excerpt(text, markup.as_ref());
        let text = files.first().filter(|_| said.is_empty()).map_or(said, |file| excerpt(&file.name, None));
        Some(Self { of, by, text, edited_ms: edited_ms.unwrap_or_default() })
    }

    /// What becomes of it when the message is changed; whether that is anything else. Order and repetition don't matter.
    pub fn take_change(&mut self, change: &Event) -> bool {
        match &change.what {
            What::Edited { of, text, markup, .. }
                if *of == self.of && !self.text.is_empty() && !text.is_empty() && self.edited_ms < change.at_ms =>
            {
                (self.text, self.edited_ms) = (excerpt(text, markup.as_ref()), change.at_ms);
                true
            }
            What::Deleted { of, .. } if *of == self.of && !self.text.is_empty() => {
                (self.text, self.edited_ms) = (String::new(), 0);
                true
            }
            _ => false,
        }
    }
}

/// The first line in which there is something, as it is read: no marks, and nothing that is covered up.
fn excerpt(text: &str, markup: Option<&Markup>) -> String {
    let read = markup.map(|markup| {
        let mut read = String::new();
        read_into(&mut read, markup.blocks());
        read
    });
    let line = |text: &str| text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned();
    let first = read.map(|read| line(&read)).filter(|line| !line.is_empty()).unwrap_or_else(|| line(text));
    let end = (0..=first.len().min(MAX_BYTES)).rev().find(|end| first.is_char_boundary(*end)).unwrap_or_default();
    first_graphemes(&first[..end], MAX_GRAPHEMES).to_owned()
}

fn read_into(read: &mut String, nodes: &[Node]) {
    for node in nodes {
        if read.len() > MAX_BYTES {
            return;
        }
        match node {
            Node::Text(text) => read.push_str(text),
            Node::Part(part) if part.kind == Kind::Spoiler => read.push_str(COVERED),
            Node::Part(part) => {
                read_into(read, &part.nodes);
                match part.kind {
                    Kind::Head | Kind::Cell => read.push(' '),
                    Kind::Bold
                    | Kind::Italic
                    | Kind::Strike
                    | Kind::Code
                    | Kind::Link
                    | Kind::Mention
                    | Kind::Token => {}
                    _ => read.push('\n'),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::{MemberId, Name};

    fn event(seq: Seq, at_ms: i64, what: What) -> Event {
        Event { seq, at_ms, by: Member { id: MemberId(1), name: Name::new("Ada").expect("a name") }, what, cid: None }
    }

    fn edit(at_ms: i64, text: &str) -> Event {
        event(9, at_ms, What::Edited { of: 1, text: text.into(), markup: None, to: Vec::new() })
    }

    #[test]
    fn the_first_line_is_quoted_without_marks_and_without_what_is_covered_up() {
        assert_eq!(excerpt("\n  \none\ntwo", None), "one");
        assert_eq!(excerpt(&"가".repeat(200), None).chars().count(), MAX_GRAPHEMES);
        let text = |text: &str| Node::Text(text.into());
        let bold = Node::part(Kind::Bold, "", vec![text("who")]);
        let spoiler = Node::part(Kind::Spoiler, "", vec![text("the butler")]);
        let blocks = vec![
            Node::part(Kind::Rule, "", vec![]),
            Node::part(Kind::Paragraph, "", vec![bold, text(" did it: "), spoiler]),
            Node::part(Kind::Paragraph, "", vec![text("second")]),
        ];
        assert_eq!(excerpt("**who** did it: ||the butler||", Some(&Markup::new(blocks))), "who did it: ▒▒▒");
    }

    #[test]
    fn a_quote_follows_its_message_in_whatever_order() {
        let quoted = event(1, 10, What::posted("said".into()));
        let mut quote = Quote::new(&quoted).expect("a message");
        assert!(quote.take_change(&edit(30, "better")) && !quote.take_change(&edit(20, "earlier")));
        assert_eq!((quote.text.as_str(), quote.edited_ms), ("better", 30));
        assert!(quote.take_change(&event(10, 40, What::Deleted { of: 1, to: Vec::new() })));
        assert!(!quote.take_change(&edit(50, "back again")));
        assert_eq!((quote.text.as_str(), quote.edited_ms), ("", 0));
    }
}
