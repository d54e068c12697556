//! What calls a person who looks elsewhere: which messages do, and how much is shown of them. A browser shows nothing unless its
//! person asked for it there.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::chat::Chat;
use crate::member::Member;
use crate::message::{Event, Seq};
use crate::quote::Quote;
use crate::room::{RoomKind, Slug};
use crate::route::Route;

/// A call waits so long: perhaps it is read meanwhile, here or on another device, and several are one.
const WAITS: Duration = Duration::from_millis(1_500);

/// Which messages of a room call a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Those that name or answer them.
    Mentions,
    /// Each.
    All,
    /// None, and the room doesn't stand out in their list either.
    Nothing,
}

impl Level {
    /// What holds in a room until somebody chooses: what is said in a direct room is said to each of its people.
    pub fn usual(room: &Slug) -> Self {
        if room.kind() == RoomKind::Direct { Self::All } else { Self::Mentions }
    }

    /// Whether a message calls this person.
    pub fn wants(self, event: &Event, me: &Member) -> bool {
        let is_for_me = match self {
            Self::All => event.is_for(me.id),
            Self::Mentions => event.mentions(me.id) || event.answers(me.id),
            Self::Nothing => false,
        };
        is_for_me && event.is_posted() && !event.is_deleted() && event.by.id != me.id
    }
}

/// What a browser's person chose for it, and what the browser lets be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// Whether calls are shown.
    pub shown: bool,
    /// Whether with what was said; else only who said something, and where.
    pub text: bool,
    /// Whether they are heard.
    pub sound: bool,
    /// What the browser says to it.
    pub permission: Permission,
}

/// Whether a browser shows notifications (Notifications API, section 2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Permission {
    /// Nobody has asked the browser yet.
    #[default]
    Unknown,
    /// Its person can be asked.
    Askable,
    /// It does.
    Granted,
    /// Its person doesn't want it to.
    Denied,
    /// It can't.
    Absent,
}

impl Notices {
    /// Reads [`Notices::letters`].
    pub fn from_letters(letters: &str, permission: Permission) -> Self {
        let has = |letter| letters.contains(letter);
        Self { shown: has('n') && permission == Permission::Granted, text: has('t'), sound: has('s'), permission }
    }

    /// The choices as the browser keeps them: a letter each.
    pub fn letters(self) -> String {
        let chosen = [(self.shown, 'n'), (self.text, 't'), (self.sound, 's')];
        chosen.into_iter().filter_map(|(is_chosen, letter)| is_chosen.then_some(letter)).collect()
    }
}

/// A call as the browser shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Where. A later call from there takes the place of this one.
    pub room: Slug,
    /// The message.
    pub seq: Seq,
    /// The message in whose thread alone it was said, if it was.
    pub of: Option<Seq>,
    /// Who, and where.
    pub title: String,
    /// What was said, or how much.
    pub body: String,
}

impl Chat {
    /// Somebody said something. It calls me, unless I see it, or don't want to be disturbed.
    pub fn is_called(self, slug: &Slug, event: &Event) {
        let talk = self.talk(slug);
        let level = talk.level.get_untracked();
        let is_for_me = self.me.with_untracked(|me| me.as_ref().is_some_and(|me| level.wants(event, me)));
        if !is_for_me || !self.may_be_called(slug) {
            return;
        }
        if talk.call.update(|waiting| waiting.replace(event.clone())).is_none() {
            let slug = slug.clone();
            (self.browser.later)(WAITS, Box::new(move || self.calls(&slug)));
        }
    }

    /// The newest call of a room that waits, unless it was read meanwhile.
    fn calls(self, slug: &Slug) {
        let talk = self.talk(slug);
        let Some(event) = talk.call.update(Option::take) else { return };
        let unread = talk.unread.get_untracked();
        if unread.read() >= event.seq || !self.may_be_called(slug) {
            return;
        }
        let (by, name) = (event.by.name.to_string(), talk.name.get_untracked());
        let title = if name == by { name } else { format!("{by} · {name}") };
        let body = if self.notices.get_untracked().text {
            // In one line, without what is covered up; of files without words, the first one's name.
            Quote::new(&event).map(|quote| quote.text).unwrap_or_default()
        } else {
            (self.words().new_messages)(unread.count().max(1))
        };
        (self.browser.call)(self, Call { room: slug.clone(), seq: event.seq, of: event.thread_alone(), title, body });
    }

    fn may_be_called(self, slug: &Slug) -> bool {
        let notices = self.notices.get_untracked();
        (notices.shown || notices.sound) && self.quiet_until_ms.get_untracked() == 0 && !self.looks_at(slug)
    }

    /// Whether a room is before my eyes in this tab.
    pub fn looks_at(self, slug: &Slug) -> bool {
        self.is_looked_at.get_untracked() && self.route.with_untracked(|route| route.room() == Some(slug))
    }

    /// Follows a call to its message, or to the thread in which that was said.
    pub fn answers(self, call: &Call) {
        let room = call.room.clone();
        let Some(of) = call.of else { return self.go(Route::Message(room, call.seq)) };
        let path = room.thread_path(of);
        self.go(Route::Room(room));
        // Once the sheet is closed that may be open: what is asked before is given up with it.
        (self.browser.later)(Duration::ZERO, Box::new(move || (self.browser.open_sheet)(self, path)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beside::Beside;
    use crate::markup::{Kind, Markup, Node};
    use crate::member::{MemberId, Name};
    use crate::message::What;
    use crate::thread::InThread;

    fn member(id: i64, name: &str) -> Member {
        Member { id: MemberId(id), name: Name::new(name).expect("a name") }
    }

    fn wants(level: Level, by: i64, text: &str) -> bool {
        level.wants(&said(by, text, Beside::default()), &member(7, "민수"))
    }

    fn said(by: i64, text: &str, beside: Beside) -> Event {
        let mention = Node::part(Kind::Mention, "7", vec![Node::Text("@민수".into())]);
        let markup = text.contains("@민수").then(|| Markup::new(vec![mention]));
        let mut what = What::posted(text.to_owned());
        if let What::Posted { markup: shape, beside: put, .. } = &mut what {
            (*shape, *put) = (markup, Some(Box::new(beside)));
        }
        Event { seq: 1, at_ms: 0, by: member(by, "Ben"), what, cid: None }
    }

    #[test]
    fn a_level_says_which_messages_call() {
        assert!(wants(Level::All, 8, "hi") && !wants(Level::Mentions, 8, "hi") && !wants(Level::Nothing, 8, "@민수"));
        assert!(wants(Level::All, 8, "@민수") && wants(Level::Mentions, 8, "@민수"));
    }

    #[test]
    fn an_answer_calls_whom_it_answers_as_a_mention_does() {
        let answers = |id: i64| {
            let quoted = Quote::new(&said(id, "lunch?", Beside::default()));
            let place = InThread { of: 1, also: true, count: 1, to: vec![MemberId(id)] };
            [Beside { reply: quoted, ..Beside::default() }, Beside { within: Some(place), ..Beside::default() }]
        };
        let calls =
            |level: Level, id| answers(id).map(|beside| level.wants(&said(8, "yes", beside), &member(7, "민수")));
        assert_eq!(calls(Level::Mentions, 7), [true; 2]);
        assert_eq!([calls(Level::Mentions, 9), calls(Level::Nothing, 7)], [[false; 2]; 2]);
    }

    #[test]
    fn only_in_direct_rooms_all_is_usual() {
        let usual = |room: &str| Level::usual(&Slug::from(room));
        assert_eq!(usual("_0123456789abcdef01234567"), Level::All);
        assert_eq!([usual("madang"), usual("~0123456789abcdef01234567")], [Level::Mentions; 2]);
    }

    #[test]
    fn nobody_is_called_by_themselves_or_by_what_is_deleted() {
        assert!(!wants(Level::All, 7, "@민수") && !wants(Level::All, 8, ""));
    }

    #[test]
    fn choices_are_kept_and_shown_only_where_the_browser_lets() {
        let chosen = Notices { shown: true, text: true, sound: false, permission: Permission::Granted };
        assert_eq!(Notices::from_letters(&chosen.letters(), Permission::Granted), chosen);
        assert!(!Notices::from_letters(&chosen.letters(), Permission::Denied).shown);
        assert_eq!(Notices::from_letters("", Permission::Granted).letters(), "");
    }
}
