//! Whom a text may call: people who may read the room, by the names that they have now, those who are there (`@here`) and all of
//! its people (`@room`). What is looked up is found before the text is read as Markdown, so that reading it waits for nothing.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use app::markup::MAX_MENTIONS;
use app::member::MemberId;

use super::{Admitted, Answer};
use crate::markup::{self, Mention, Names};
use crate::names::keys_of_beginnings;
use crate::store::Called;

/// At how many places of a message a name is looked for.
const MAX_TRIES: usize = 100;
/// How many of those who are there one word can call.
const MAX_HERE: usize = 500;
/// How often that word takes effect in a message: each time their numbers are in it.
const MAX_HERE_WORDS: usize = 2;

/// Whom a text may call.
#[derive(Default)]
pub struct Callable {
    people: Called,
    /// Those who are there; `None` where the writer may not call them all.
    here: Option<Arc<[MemberId]>>,
    tries: Cell<usize>,
    mentions: Cell<usize>,
    /// Who was called by name.
    named: RefCell<Vec<MemberId>>,
    here_words: Cell<usize>,
    was_too_many: Cell<bool>,
}

impl Callable {
    /// Whether more were called than are: more than one message may, or everyone, by somebody who may not in so large a room.
    pub fn was_too_many(&self) -> bool {
        self.was_too_many.get()
    }

    /// Looking names up is bounded, however many times one may stand in a text.
    fn may_look_up(&self) -> bool {
        self.tries.replace(self.tries.get() + 1) < 3 * MAX_TRIES
    }

    fn everyone(&self, text: &str) -> Option<(Mention, usize)> {
        let word = Everyone::of(text)?;
        let Some(here) = &self.here else {
            self.was_too_many.set(true);
            return None;
        };
        let mention = match word {
            Everyone::Room => Mention::Room,
            Everyone::Here if here.len() > MAX_HERE => {
                self.was_too_many.set(true);
                return None;
            }
            Everyone::Here if self.here_words.replace(self.here_words.get() + 1) >= MAX_HERE_WORDS => return None,
            Everyone::Here => Mention::Here(Arc::clone(here)),
        };
        Some((mention, word.word().len()))
    }

    fn person(&self, text: &str) -> Option<(Mention, usize)> {
        if self.people.is_empty() {
            return None;
        }
        let longest_first = keys_of_beginnings(text, &markup::names::ends(text)).into_iter().rev();
        longest_first.into_iter().find_map(|(end, key)| {
            let (id, name) = self.people.get(&key)?;
            // Keys have no spaces, but names and words do.
            let has_its_words = words(&text[..end]) == words(name);
            has_its_words.then_some((Mention::Member(*id), end))
        })
    }
}

impl Names for Callable {
    fn call(&self, text: &str) -> Option<(Mention, usize)> {
        if !self.may_look_up() {
            return None;
        }
        let found = self.everyone(text).or_else(|| self.person(text))?;
        let mut named = self.named.borrow_mut();
        let is_new = |id: &MemberId| !named.contains(id);
        if self.mentions.get() >= MAX_MENTIONS {
            self.was_too_many.set(self.was_too_many.get() || matches!(&found.0, Mention::Member(id) if is_new(id)));
            return None;
        }
        if let Mention::Member(id) = &found.0 {
            named.push(*id);
        }
        self.mentions.set(self.mentions.get() + 1);
        Some(found)
    }

    fn length(&self, text: &str) -> Option<usize> {
        self.may_look_up().then(|| self.person(text)).flatten().map(|(_, length)| length)
    }

    fn begin(&self) {
        self.named.borrow_mut().clear();
        self.mentions.set(0);
        self.here_words.set(0);
        self.was_too_many.set(false);
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// The words that call more than one person.
#[derive(Clone, Copy)]
enum Everyone {
    Here,
    Room,
}

impl Everyone {
    /// The word at the beginning of a text.
    fn of(text: &str) -> Option<Self> {
        let begins_with = |word: &Self| {
            let word = word.word();
            text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
                && markup::names::ends(text).contains(&word.len())
        };
        [Self::Here, Self::Room].into_iter().find(begins_with)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Room => "room",
        }
    }
}

impl Admitted {
    /// Whom a text may call here.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn callable(&self, text: &str) -> Result<Callable, Answer> {
        let places: Vec<&str> = markup::called(text).take(MAX_TRIES).collect();
        if places.is_empty() {
            return Ok(Callable::default());
        }
        let calls_all = places.iter().any(|place| Everyone::of(place).is_some());
        let mut keys: Vec<String> = Vec::new();
        for place in places {
            keys.extend(keys_of_beginnings(place, &markup::names::ends(place)).into_iter().map(|(_, key)| key));
        }
        keys.sort_unstable();
        keys.dedup();
        let people = self.rooms.store.called(self.room_id(), keys).await?;
        let here = if calls_all && self.may_call_all().await? { Some(self.here()) } else { None };
        Ok(Callable { people, here, ..Callable::default() })
    }

    /// Everyone may, as long as the room is not too large.
    async fn may_call_all(&self) -> Result<bool, Answer> {
        let most = self.rooms.call_all_up_to;
        let people = self.rooms.store.people_of(self.room_id(), most + 1).await?;
        Ok(people.max(self.room.presence().here()) <= most)
    }

    fn here(&self) -> Arc<[MemberId]> {
        self.room.presence().some(MAX_HERE + 1).into()
    }
}
