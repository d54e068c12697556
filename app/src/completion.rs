//! What can be completed in the message box, and with what: people behind an `@`, commands behind the first `/`, emoji behind a
//! `:`.

use crate::allowance::filled;
use crate::chat::Chat;
use crate::command::COMMANDS;
use crate::emoji_table::{Emoji, completed};
use crate::i18n::Lang;
use crate::markup::{EVERYONE, THERE};
use crate::member::{MAX_GRAPHEMES, Member};
use crate::talk::Talk;
use crate::text::hangul::{is_hangul, is_syllable};
use crate::text::is_letter_or_digit;
use crate::text::matching::{Fit, fits};

/// With one of these begins what is completed.
pub(crate) const SIGNS: [char; 3] = ['@', '/', ':'];
/// How many choices are offered at once.
const MAX_CHOICES: usize = 8;
/// An emoji is offered from so many letters of its name on: `:D` and `:p` are meant as they stand. Hangul says more in one.
const MIN_LATIN: usize = 2;
/// The longest name of an emoji, in bytes.
const MAX_NAME_BYTES: usize = 60;
/// Behind this somebody is asked into the room.
const INVITE: &str = "/invite ";

/// Something to choose, and where what it takes the place of begins, in UTF-16 units as browsers count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Where the word begins.
    pub from: u32,
    /// Where it ends: at the caret.
    pub to: u32,
    /// What there is; nothing where nothing fits, or not yet.
    pub choices: Vec<Choice>,
    /// Which of them is chosen, unless another one is.
    pub chosen: usize,
    /// Whether that is what stands there, whole: then Enter is no answer to what is offered.
    pub is_whole: bool,
    /// Whether its word was typed to where it ends while something was offered, or waited for.
    pub is_typed: bool,
    /// Whether it is an emoji's name between two colons, which says which one is meant.
    pub is_named: bool,
    /// Whether somebody has gone through the choices: then nothing moves any more.
    pub is_walked: bool,
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
    /// What can be written instead of the word before the caret; `text` ends at the caret. Commands only where they are obeyed.
    pub fn of(chat: Chat, talk: Talk, text: &str, obeys: bool) -> Option<Self> {
        let (at, begins_with) = word(text).filter(|(_, sign)| obeys || *sign != '/')?;
        let typed = &text[at + 1..];
        let (mut choices, is_named) = match begins_with {
            '/' => (commands(chat, typed), false),
            ':' => emoji(chat, typed),
            _ => (people(chat, talk, typed, text[..at].eq_ignore_ascii_case(INVITE)), false),
        };
        let word = &text[at..];
        let whole = choices.iter().position(|choice| choice.text.trim_end().eq_ignore_ascii_case(word));
        // What is whole already need not be offered.
        if choices.len() == 1 && choices[0].text.trim_end() == word {
            choices.clear();
        }
        let units = |text: &str| text.encode_utf16().count() as u32;
        Some(Self {
            from: units(&text[..at]),
            to: units(text),
            choices,
            chosen: whole.unwrap_or_default(),
            // An emoji's name is, behind its second colon.
            is_whole: whole.is_some() || word.ends_with(':'),
            is_typed: false,
            is_named,
            is_walked: false,
        })
    }

    /// The next choice, or the one before.
    pub fn step(&mut self, back: bool) {
        let count = self.choices.len();
        self.chosen = (self.chosen + if back { count - 1 } else { 1 }) % count;
        (self.is_whole, self.is_walked) = (false, true);
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
    if let Some(at) = emoji_name(text) {
        return Some((at, ':'));
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

/// Where the name of an emoji begins, with its colon: not behind a letter, a digit or another colon, as in `10:30` and
/// `http://`, and not inside code.
fn emoji_name(text: &str) -> Option<usize> {
    let open = text.strip_suffix(':').unwrap_or(text);
    let at = open.rfind(':')?;
    let (before, name) = (&text[..at], &open[at + 1..]);
    let is_of_name = |letter: char| is_letter_or_digit(letter) || matches!(letter, '_' | '+' | '-');
    let is_long_enough = name.contains(is_hangul) || name.len() >= MIN_LATIN;
    let is_name = is_long_enough && name.len() <= MAX_NAME_BYTES && name.chars().all(is_of_name);
    let begins = !before.ends_with(|letter| is_letter_or_digit(letter) || matches!(letter, ':' | '/'));
    let is_in_code = before.matches('`').count() % 2 == 1;
    (is_name && begins && !is_in_code).then_some(at)
}

/// Emoji whose names begin so, or, behind a second colon, have this word, and whether one of them alone, the first, is called so
/// there. Their table is fetched when it is first wanted.
fn emoji(chat: Chat, typed: &str) -> (Vec<Choice>, bool) {
    chat.load_emoji();
    let lang = chat.lang.get_untracked();
    let name = typed.strip_suffix(':');
    chat.emoji.with_untracked(|table| {
        let found = completed(table, typed, name.is_some(), MAX_CHOICES);
        let is_named = name.is_some_and(|name| found.iter().filter(|emoji| emoji.is_called(name)).count() == 1);
        (found.into_iter().enumerate().map(|(at, emoji)| emoji_choice(at, emoji, lang)).collect(), is_named)
    })
}

fn emoji_choice(at: usize, emoji: Emoji<'_>, lang: Lang) -> Choice {
    let code = emoji.codes.split(' ').next().filter(|code| !code.is_empty()).unwrap_or(emoji.name);
    let korean = Some(emoji.korean).filter(|korean| lang == Lang::Ko && !korean.is_empty());
    let hint = korean.map_or_else(|| format!(":{code}:"), str::to_owned);
    Choice { id: format!("choice-{at}"), text: emoji.emoji.to_owned(), hint }
}

/// Those who are there and whom the server names, but for myself, and the words that call all. Of those who can be asked in only the
/// server knows.
fn people(chat: Chat, talk: Talk, typed: &str, are_guests: bool) -> Vec<Choice> {
    let (mut people, list, most) = if are_guests {
        (Vec::new(), "guests", MAX_CHOICES)
    } else {
        (talk.roster.with_untracked(|roster| roster.people.clone()), "people", MAX_CHOICES - 2)
    };
    people.extend(chat.finds(talk, list, typed));
    let mut choices = named(chat, people, typed);
    choices.truncate(most);
    let all = [(THERE, chat.words().call_here), (EVERYONE, chat.words().call_room)];
    let all = all.into_iter().filter(|(word, _)| !are_guests && word.starts_with(&typed.to_ascii_lowercase()));
    choices.extend(all.map(|(word, hint)| Choice {
        id: format!("choice-{word}"),
        text: format!("@{word} "),
        hint: filled(hint, chat.allowance.call_all),
    }));
    choices
}

/// Those of them whose names begin so, the likeliest first, and not myself.
fn named(chat: Chat, people: Vec<Member>, typed: &str) -> Vec<Choice> {
    let mut found: Vec<(Fit, Member)> = Vec::new();
    for member in people {
        let is_new = Some(member.id) != chat.my_id() && found.iter().all(|(_, other)| other.id != member.id);
        // One letter stands inside too many names; one syllable may be how a given name begins.
        let says_enough = typed.chars().nth(1).is_some() || typed.starts_with(is_syllable);
        let is_meant = |fit: &Fit| is_new && (*fit < Fit::Inside || says_enough);
        if let Some(fit) = fits(member.name.as_str(), typed).filter(is_meant) {
            let at = found.partition_point(|(other, _)| *other <= fit);
            found.insert(at, (fit, member));
        }
    }
    let choice = |(_, member): (Fit, Member)| {
        let name = member.name.as_str();
        // Particles follow a Korean name without a space.
        let space = if name.ends_with(is_hangul) { "" } else { " " };
        Choice { id: format!("choice-{}", member.id.0), text: format!("@{name}{space}"), hint: String::new() }
    };
    found.into_iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allowance::Allowance;
    use crate::browser::Browser;
    use crate::first_page::FirstPage;
    use crate::member::{MemberId, Name};
    use crate::message::Cid;
    use crate::preferences::Theme;
    use crate::protocol::ServerFrame;
    use crate::room::{RoomSummary, Slug};
    use leptos::prelude::Owner;

    fn member(id: i64, name: &str) -> Member {
        Member { id: MemberId(id), name: Name::new(name).expect("a name") }
    }

    /// I am Ada, in a room with Ben, and know Cho from elsewhere.
    fn in_a_room() -> Chat {
        let (ada, ben, cho) = (member(1, "Ada"), member(2, "Ben"), member(3, "Cho"));
        let yard = RoomSummary::new(Slug::from("yard"), "Yard".to_owned(), 2);
        let people = vec![ada.clone(), ben.clone(), cho];
        let talk_of_three = RoomSummary { people, ..RoomSummary::new(Slug::from("_3"), String::new(), 0) };
        let rooms = vec![yard.clone(), talk_of_three];
        let first = FirstPage {
            path: "/rooms/yard".to_owned(),
            lang: Lang::En,
            theme: Theme::default(),
            offset_min: 0,
            cid: Cid(0),
            frames: vec![
                ServerFrame::Welcome { epoch: "e".to_owned(), me: ada.clone(), rooms },
                ServerFrame::Page {
                    room: yard,
                    events: Vec::new(),
                    start: true,
                    head: None,
                    people: vec![ada, ben].into(),
                },
            ],
            slip: None,
            allowance: Allowance::default(),
        };
        Chat::new(first, Browser::absent())
    }

    #[test]
    fn whom_one_may_mean_is_offered_and_what_is_whole_is_not() {
        let owner = Owner::new();
        owner.set();
        let chat = in_a_room();
        let talk = chat.talk(&Slug::from("yard"));
        let offered = |text: &str| {
            let choices = Offer::of(chat, talk, text, true).map(|offer| offer.choices).unwrap_or_default();
            choices.into_iter().map(|choice| choice.text).collect::<Vec<_>>()
        };
        assert_eq!(offered("hello @"), ["@Ben ", "@here ", "@room "], "not myself, nor who is not there");
        assert_eq!(offered("/invite @"), [""; 0], "only the server knows");
        assert_eq!(offered("/leav"), ["/leave"]);
        assert_eq!(offered("/leave"), [""; 0], "there is nothing to add");
        owner.cleanup();
    }

    #[test]
    fn a_given_name_finds_its_bearer_from_its_first_syllable_on() {
        let owner = Owner::new();
        owner.set();
        let chat = in_a_room();
        let names = |typed: &str| {
            let people = ["김민수", "민수영", "남궁민", "Emma"].iter().zip(4..);
            let found = named(chat, people.map(|(name, id)| member(id, name)).collect(), typed);
            found.into_iter().map(|choice| choice.text).collect::<Vec<_>>()
        };
        assert_eq!(names("미"), ["@민수영", "@김민수", "@남궁민"]);
        assert_eq!(names("민"), ["@민수영", "@김민수", "@남궁민"], "who is called so first");
        assert_eq!(names("민ㅅ"), ["@민수영", "@김민수"]);
        assert_eq!(names("민수"), ["@민수영", "@김민수"]);
        assert_eq!(names("ㅁ"), ["@민수영"], "a consonant alone says too little");
        assert_eq!(names("m"), [""; 0], "and so does a letter");
        owner.cleanup();
    }

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
            (":ta", Some((0, ':'))),
            ("좋네 :+1", Some(("좋네 ".len(), ':'))),
            ("(:웃", Some((1, ':'))),
            (":tada:", Some((0, ':'))),
            ("@민수 :웃", Some(("@민수 ".len(), ':'))),
            ("10:30:00", None),
            ("10:30:", None),
            ("http://ab", None),
            ("시간:오후", None),
            ("std::vec", None),
            (":: vec", None),
            ("::vec", None),
            (":D", None),
            (":p:", None),
            (":-)", None),
            (": ab", None),
            (":ab cd", None),
            ("`:ab", None),
            ("`a` :ab", Some((4, ':'))),
        ] {
            assert_eq!(word(text), expected, "{text}");
        }
    }
}
