//! Whom a message means, found in its tree: what counts them, and what is stored for it.

use app::markup::{EVERYONE, Markup};
use app::member::MemberId;
use app::message::{Event, What};

/// Whom a message means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meant {
    everyone: bool,
    people: Vec<MemberId>,
}

impl Meant {
    /// Whom an event means by what it says.
    pub fn by(event: &Event) -> Self {
        match &event.what {
            What::Posted { markup: Some(markup), .. } | What::Edited { markup: Some(markup), .. } => Self::of(markup),
            _ => Self::default(),
        }
    }

    fn of(markup: &Markup) -> Self {
        let mut meant = Self::default();
        markup.has_mention(&mut |value| {
            meant.everyone |= value == EVERYONE;
            meant.people.extend(value.split(' ').filter_map(|word| word.parse().ok()).map(MemberId));
            false
        });
        meant.people.sort_unstable();
        meant.people.dedup();
        meant
    }

    /// Whether it means nobody.
    pub fn is_nobody(&self) -> bool {
        !self.everyone && self.people.is_empty()
    }

    /// Whether it means somebody.
    pub fn includes(&self, member: MemberId) -> bool {
        self.everyone || self.people.binary_search(&member).is_ok()
    }

    /// Whether it means all people of the room.
    pub fn is_everyone(&self) -> bool {
        self.everyone
    }

    /// The people that it means one by one, in the order of their numbers.
    pub fn people(&self) -> &[MemberId] {
        &self.people
    }
}
