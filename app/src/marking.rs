//! Puts Markdown's signs around what is chosen in the message box, or takes them away where they are. Places go in and out in
//! UTF-16 units, as browsers count.

use std::ops::Range;

use crate::text::joined;

/// Before and behind lines of code.
const FENCE: &str = "```";

/// What a text can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Struck through.
    Strike,
    /// Code: in a line, or lines of it.
    Code,
    /// A link.
    Link,
    /// A list; an item a line.
    List,
    /// A quotation.
    Quote,
    /// A line more, where no key breaks lines.
    Line,
}

impl Mark {
    /// All of them, each with the key that it has beside Ctrl or ⌘, and whether Shift belongs to it.
    pub const ALL: [(Self, &str, bool); 8] = [
        (Self::Bold, "B", false),
        (Self::Italic, "I", false),
        (Self::Strike, "X", true),
        (Self::Code, "C", true),
        (Self::Link, "K", true),
        (Self::List, "8", true),
        (Self::Quote, "9", true),
        (Self::Line, "Enter", true),
    ];

    /// The one that these keys stand for. Where a key writes no Latin letter, as in Hangul or with Shift and a digit, its place on
    /// the keyboard counts (`KeyB`, `Digit8`).
    pub fn of_keys(key: &str, code: &str, shift: bool) -> Option<Self> {
        let is_letter = key.len() == 1 && key.as_bytes()[0].is_ascii_alphabetic();
        let place = code.strip_prefix("Key").or_else(|| code.strip_prefix("Digit")).unwrap_or(code);
        let key = if is_letter { key } else { place };
        let found = Self::ALL.iter().find(|(_, own, with)| own.eq_ignore_ascii_case(key) && *with == shift);
        found.map(|(mark, ..)| *mark)
    }

    /// What becomes of what is chosen in a text.
    pub fn put(self, text: &str, (from, to): (u32, u32)) -> Marked {
        let chosen = byte_at(text, from)..byte_at(text, to);
        let change = match self {
            Self::Bold => around(text, chosen, "**"),
            Self::Italic => around(text, chosen, "*"),
            Self::Strike => around(text, chosen, "~~"),
            Self::Code if text[chosen.clone()].contains('\n') => fenced(text, chosen),
            Self::Code => around(text, chosen, "`"),
            Self::Link => linked(text, chosen),
            Self::List => lines(text, chosen, "- "),
            Self::Quote => lines(text, chosen, "> "),
            Self::Line => Change { over: chosen, text: "\n".to_owned(), chosen: 1..1 },
        };
        let from = units(&text[..change.over.start]);
        Marked {
            from,
            to: from + units(&text[change.over]),
            chosen: (
                from + units(&change.text[..change.chosen.start]),
                from + units(&change.text[..change.chosen.end]),
            ),
            text: change.text,
        }
    }
}

/// Whether what follows a text goes on with code that has begun in it between lines of three backticks and not ended.
pub fn is_in_code(text: &str) -> bool {
    text.split('\n').map(str::trim).fold(false, |is_open, line| match (is_open, line.strip_prefix(FENCE)) {
        (true, _) => !line.ends_with(FENCE),
        (false, begun) => begun.is_some_and(|begun| !begun.contains(FENCE)),
    })
}

/// What is written, and over what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Where what it takes the place of begins.
    pub from: u32,
    /// Where that ends.
    pub to: u32,
    /// What is written.
    pub text: String,
    /// What is chosen then.
    pub chosen: (u32, u32),
}

/// The same in bytes; what is chosen is in the new text.
struct Change {
    over: Range<usize>,
    text: String,
    chosen: Range<usize>,
}

/// The same sign on both sides, without the white space at the edges, which Markdown would not take.
fn around(text: &str, chosen: Range<usize>, sign: &str) -> Change {
    let (words, n) = (text[chosen.clone()].trim(), sign.len());
    let start = chosen.end - text[chosen].trim_start().len();
    let over = start..start + words.len();
    let run = |text: &str| text.bytes().take_while(|byte| *byte == sign.as_bytes()[0]).count();
    let run_back = |text: &str| text.bytes().rev().take_while(|byte| *byte == sign.as_bytes()[0]).count();
    // One star is italic, two are bold, three are both.
    let outside = run_back(&text[..over.start]).min(run(&text[over.end..]));
    if outside & n != 0 {
        return Change { over: over.start - n..over.end + n, text: words.to_owned(), chosen: 0..words.len() };
    }
    if words.len() > 2 * n && run(words).min(run_back(words)) & n != 0 {
        let bare = &words[n..words.len() - n];
        return Change { over, text: bare.to_owned(), chosen: 0..bare.len() };
    }
    Change { over, text: format!("{sign}{words}{sign}"), chosen: n..n + words.len() }
}

/// Lines of code, between lines of their own.
fn fenced(text: &str, over: Range<usize>) -> Change {
    let before = if over.start == 0 || text[..over.start].ends_with('\n') { "```\n" } else { "\n```\n" };
    let after = if over.end == text.len() || text[over.end..].starts_with('\n') { "\n```" } else { "\n```\n" };
    let code = &text[over.clone()];
    Change { text: format!("{before}{code}{after}"), chosen: before.len()..before.len() + code.len(), over }
}

/// What is missing is where one goes on: the words of an address, or the address of words.
fn linked(text: &str, over: Range<usize>) -> Change {
    let words = &text[over.clone()];
    let is_address = words.starts_with("http://") || words.starts_with("https://");
    let (text, at) = match is_address {
        true => (format!("[]({words})"), 1),
        false if words.is_empty() => ("[]()".to_owned(), 1),
        false => (format!("[{words}]()"), words.len() + 3),
    };
    Change { text, chosen: at..at, over }
}

/// A sign before each line that is touched; where all have it, before none.
fn lines(text: &str, chosen: Range<usize>, sign: &str) -> Change {
    let start = text[..chosen.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[chosen.end..].find('\n').map_or(text.len(), |at| chosen.end + at);
    let all = &text[start..end];
    let has_it = all.split('\n').all(|line| line.starts_with(sign));
    let changed =
        all.split('\n').map(|line| if has_it { line[sign.len()..].to_owned() } else { format!("{sign}{line}") });
    let text = joined(changed, "\n");
    let from = if chosen.is_empty() { text.len() } else { 0 };
    Change { over: start..end, chosen: from..text.len(), text }
}

fn units(text: &str) -> u32 {
    text.encode_utf16().count() as u32
}

/// Where a place that a browser counts is in a text.
pub(crate) fn byte_at(text: &str, unit: u32) -> usize {
    let mut seen = 0;
    let at = text.char_indices().find(|(_, letter)| {
        let is_it = seen >= unit;
        seen += letter.len_utf16() as u32;
        is_it
    });
    at.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `‹` and `›` stand where what is chosen begins and ends.
    fn put(mark: Mark, shown: &str) -> String {
        let from = units(&shown[..shown.find('‹').expect("a beginning")]);
        let to = units(&shown[..shown.find('›').expect("an end")]) - 1;
        let text = shown.replace(['‹', '›'], "");
        let Marked { from, to, text: new, chosen } = mark.put(&text, (from, to));
        let all: Vec<u16> = text.encode_utf16().collect();
        let part = |from: usize, to: usize| String::from_utf16(&all[from..to]).expect("whole characters");
        let mut after = part(0, from as usize) + &new + &part(to as usize, all.len());
        after.insert(byte_at(&after, chosen.1), '›');
        after.insert(byte_at(&after, chosen.0), '‹');
        after
    }

    #[test]
    fn signs_come_and_go_around_what_is_chosen() {
        for (mark, before, after) in [
            (Mark::Bold, "a ‹bc› d", "a **‹bc›** d"),
            (Mark::Bold, "a **‹bc›** d", "a ‹bc› d"),
            (Mark::Bold, "a ‹**bc**› d", "a ‹bc› d"),
            (Mark::Bold, "‹bc ›d", "**‹bc›** d"),
            (Mark::Bold, "a ‹›", "a **‹›**"),
            (Mark::Bold, "a **‹›**", "a ‹›"),
            (Mark::Bold, "‹ ›", " **‹›**"),
            (Mark::Bold, "*‹b›*", "***‹b›***"),
            (Mark::Bold, "***‹b›***", "*‹b›*"),
            (Mark::Italic, "**‹b›**", "***‹b›***"),
            (Mark::Italic, "***‹b›***", "**‹b›**"),
            (Mark::Italic, "🎉 ‹강조›는", "🎉 *‹강조›*는"),
            (Mark::Strike, "‹no›", "~~‹no›~~"),
            (Mark::Strike, "~~‹no›~~", "‹no›"),
            (Mark::Code, "‹x›", "`‹x›`"),
            (Mark::Code, "see ‹a\nb›", "see \n```\n‹a\nb›\n```"),
            (Mark::Code, "‹a\nb›\nc", "```\n‹a\nb›\n```\nc"),
            (Mark::Link, "see ‹this›", "see [this](‹›)"),
            (Mark::Link, "‹https://example.org›", "[‹›](https://example.org)"),
            (Mark::Link, "‹›", "[‹›]()"),
            (Mark::List, "a\nb‹b›\nc", "a\n‹- bb›\nc"),
            (Mark::List, "‹a\nb›", "‹- a\n- b›"),
            (Mark::List, "‹- a\n- b›", "‹a\nb›"),
            (Mark::Quote, "말‹›", "> 말‹›"),
            (Mark::Quote, "> ‹말›", "‹말›"),
            (Mark::Quote, "‹›", "> ‹›"),
            (Mark::Line, "- a‹›", "- a\n‹›"),
            (Mark::Line, "a‹b›c", "a\n‹›c"),
        ] {
            assert_eq!(put(mark, before), after, "{mark:?} {before}");
        }
    }

    #[test]
    fn code_goes_on_until_its_fence_is_closed() {
        for text in ["```", "```rust", "see\n```\na", "```\na\n", "```a\n```\n```", "  ```"] {
            assert!(is_in_code(text), "{text}");
        }
        for text in ["", "a", "`", "``` a ```", "```\na\n```", "```\na```", "a ```", "```\n```\nb"] {
            assert!(!is_in_code(text), "{text}");
        }
    }

    #[test]
    fn keys_are_found_whatever_they_write() {
        assert_eq!(Mark::of_keys("b", "KeyB", false), Some(Mark::Bold));
        assert_eq!(Mark::of_keys("B", "KeyB", true), None);
        assert_eq!(Mark::of_keys("ㅠ", "KeyB", false), Some(Mark::Bold));
        assert_eq!(Mark::of_keys("K", "KeyK", true), Some(Mark::Link));
        assert_eq!(Mark::of_keys("k", "KeyK", false), None, "that is the switcher's");
        assert_eq!(Mark::of_keys("i", "KeyG", false), Some(Mark::Italic), "where the keys lie otherwise");
        assert_eq!(Mark::of_keys("*", "Digit8", true), Some(Mark::List));
        assert_eq!(Mark::of_keys("Enter", "Enter", true), Some(Mark::Line));
        assert_eq!(Mark::of_keys("Enter", "Enter", false), None, "that sends");
        assert_eq!(Mark::of_keys("Unidentified", "", true), None);
    }
}
