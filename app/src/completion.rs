//! What can be completed in the message box, and with what: people behind an `@`, commands behind the first `/`.

use crate::chat::Chat;
use crate::command::COMMANDS;
use crate::markup::{EVERYONE, THERE};
use crate::member::{MAX_GRAPHEMES, Member};
use crate::talk::Talk;
use crate::text::half_typed::fits;
use crate::text::hangul::is_hangul;

/// How many choices are offered at once.
const MAX_CHOICES: usize = 8;
/// Among so many of the latest events authors are looked for.
const MAX_LOOKED_AT: i64 = 300;

/// Something to choose, and where what it takes the place of begins, in UTF-16 units as browsers count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Where the word begins.
    pub from: u32,
    /// Where it ends: at the caret.
    pub to: u32,
    /// What there is; at least one.
    pub choices: Vec<Choice>,
    /// Which of them is chosen, unless another one is.
    pub chosen: usize,
}

/// One of the things to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its element's id.
    pub id: String,
    /// What is written when it is taken.
    pub text: String,
    /// What it means.
    pub hint: String,
}

impl Offer {
    /// What can be written instead of the word before the caret; `text` ends at the caret.
    pub fn of(chat: Chat, talk: Talk, text: &str) -> Option<Self> {
        let (at, choices) = match word(text)? {
            (at, '/') => (at, commands(chat, &text[at + 1..])),
            (at, _) => (at, people(chat, talk, &text[at + 1..])),
        };
        // What is whole already need not be offered.
        let is_whole = choices.len() == 1 && choices[0].text.trim_end() == &text[at..];
        let units = |text: &str| text.encode_utf16().count() as u32;
        (!choices.is_empty() && !is_whole).then(|| Self {
            from: units(&text[..at]),
            to: units(text),
            choices,
            chosen: 0,
        })
    }

    /// The next choice, or the one before.
    pub fn step(&mut self, back: bool) {
        let count = self.choices.len();
        self.chosen = (self.chosen + if back { count - 1 } else { 1 }) % count;
    }

    /// The chosen one.
    pub fn choice(&self) -> Option<&Choice> {
        self.choices.get(self.chosen)
    }
}

/// Where the word that is being typed begins, and its sign.
fn word(text: &str) -> Option<(usize, char)> {
    let is_command = |rest: &str| !rest.contains(|letter: char| letter == '/' || letter.is_whitespace());
    if text.strip_prefix('/').is_some_and(is_command) {
        return Some((0, '/'));
    }
    let at = text.rfind('@')?;
    let typed = &text[at + 1..];
    let begins = !text[..at].ends_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '.');
    let may_be_name = !typed.starts_with(' ') && !typed.contains('\n') && typed.chars().count() <= MAX_GRAPHEMES;
    (begins && may_be_name).then_some((at, '@'))
}

fn commands(chat: Chat, typed: &str) -> Vec<Choice> {
    let words = COMMANDS.iter().zip(chat.words().commands);
    let fitting = words.filter(|((word, _), _)| word.starts_with(&typed.to_ascii_lowercase()));
    let choice = |((word, has_more), hint): (&(&str, bool), &str)| {
        let text = if *has_more { format!("/{word} ") } else { format!("/{word}") };
        Choice { id: format!("choice-{word}"), text, hint: hint.to_owned() }
    };
    fitting.map(choice).collect()
}

/// Those who are there, and who wrote lately, but for myself; and the words that call all.
fn people(chat: Chat, talk: Talk, typed: &str) -> Vec<Choice> {
    let mut people: Vec<Member> = talk.roster.with_untracked(|roster| roster.people.clone());
    talk.timeline.with_untracked(|timeline| {
        let latest = (timeline.end() - MAX_LOOKED_AT).max(timeline.first())..=timeline.end();
        people.extend(latest.rev().filter_map(|seq| timeline.event(seq)).map(|event| event.by.clone()));
    });
    let mut found: Vec<(usize, Member)> = Vec::new();
    for member in people {
        let is_new = Some(member.id) != chat.my_id() && found.iter().all(|(_, other)| other.id != member.id);
        if let Some(rank) = fits(member.name.as_str(), typed).filter(|_| is_new) {
            let at = found.partition_point(|(other, _)| *other <= rank);
            found.insert(at, (rank, member));
        }
    }
    let choice = |(_, member): (usize, Member)| {
        let name = member.name.as_str();
        // Particles follow a Korean name without a space.
        let space = if name.ends_with(is_hangul) { "" } else { " " };
        Choice { id: format!("choice-{}", member.id.0), text: format!("@{name}{space}"), hint: String::new() }
    };
    let all = [(THERE, chat.words().call_here), (EVERYONE, chat.words().call_room)];
    let all = all.into_iter().filter(|(word, _)| word.starts_with(&typed.to_ascii_lowercase()));
    let all = all.map(|(word, hint)| Choice {
        id: format!("choice-{word}"),
        text: format!("@{word} "),
        hint: hint.to_owned(),
    });
    found.into_iter().map(choice).take(MAX_CHOICES - 2).chain(all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_completed_behind_its_sign() {
        for (text, expected) in [
            ("@", Some((0, '@'))),
            ("담당은 @민ㅅ", Some(("담당은 ".len(), '@'))),
            ("@Ada Lov", Some((0, '@'))),
            ("담당@민", Some(("담당".len(), '@'))),
            ("/", Some((0, '/'))),
            ("/he", Some((0, '/'))),
            ("ada@ex", None),
            ("@ ", None),
            ("@Ada\n", None),
            ("/me waves", None),
            ("/me @민", Some((4, '@'))),
            ("//", None),
            (" /he", None),
            ("hello", None),
        ] {
            assert_eq!(word(text), expected, "{text}");
        }
    }
}
