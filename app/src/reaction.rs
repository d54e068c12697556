//! Reactions: which emoji people have put to a message, how many of them, and who. The same events in the same order make the
//! same state in the store and in every tab.

use serde::{Deserialize, Serialize};

use crate::member::{Member, MemberId};
use crate::message::Seq;

/// How many different emoji a message bears at most.
pub const MAX_EMOJI: usize = 20;
/// How many bytes an emoji has at most; the longest known one, a family with skin tones, has 41.
pub const MAX_EMOJI_BYTES: usize = 64;
/// How many of those who reacted alike are named at most.
pub const MAX_NAMED: usize = 10;
/// How many of those who reacted alike are known at all; the count beside them is always whole.
pub const MAX_KNOWN: usize = 100;

/// All reactions to a message, in the order in which their emoji came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reactions {
    /// The number of the last event that is counted here.
    pub last: Seq,
    /// One for each emoji.
    pub each: Vec<Reaction>,
}

/// One emoji at a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Which.
    pub emoji: String,
    /// How many people.
    pub count: usize,
    /// The first of them, under the names that they had then; at most [`MAX_NAMED`].
    pub who: Vec<Member>,
    /// Those after them, [`MAX_KNOWN`] in all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<MemberId>,
}

impl Reactions {
    /// Takes the event of this number: somebody reacted or no longer does, and so many people do so now. Says whether it was
    /// news; what is counted already is not.
    pub fn take(&mut self, seq: Seq, by: &Member, emoji: &str, on: bool, count: usize) -> bool {
        let is_news = seq > self.last;
        if is_news {
            self.last = seq;
            self.put(by, emoji, on, count);
        }
        is_news
    }

    /// Shows what somebody wants before it has a number.
    pub fn assume(&mut self, by: &Member, emoji: &str, on: bool) {
        if on != self.has(by.id, emoji) {
            let before = self.of(emoji).map_or(0, |reaction| reaction.count);
            self.put(by, emoji, on, if on { before + 1 } else { before.saturating_sub(1) });
        }
    }

    fn put(&mut self, by: &Member, emoji: &str, on: bool, count: usize) {
        let known = self.each.iter().position(|reaction| reaction.emoji == emoji);
        let at = known.unwrap_or_else(|| {
            self.each.push(Reaction { emoji: emoji.to_owned(), count, who: Vec::new(), others: Vec::new() });
            self.each.len() - 1
        });
        let reaction = &mut self.each[at];
        reaction.count = count;
        if on {
            reaction.add(by)
        } else {
            reaction.strike(by.id)
        }
        if count == 0 {
            self.each.remove(at);
        }
    }

    /// What there is of an emoji.
    pub fn of(&self, emoji: &str) -> Option<&Reaction> {
        self.each.iter().find(|reaction| reaction.emoji == emoji)
    }

    /// Whether somebody is known to have reacted so.
    pub fn has(&self, member: MemberId, emoji: &str) -> bool {
        self.of(emoji).is_some_and(|reaction| reaction.is_by(member))
    }

    /// Whether there is place for an emoji.
    pub fn may_add(&self, emoji: &str) -> bool {
        self.each.len() < MAX_EMOJI || self.of(emoji).is_some()
    }

    /// About how many bytes they have on the wire.
    pub fn bytes(&self) -> usize {
        let one = |member: &Member| 12 + member.name.as_str().len();
        let each = |it: &Reaction| 30 + it.emoji.len() + it.who.iter().map(one).sum::<usize>() + 8 * it.others.len();
        self.each.iter().map(each).sum()
    }
}

impl Reaction {
    /// Whether somebody is known to be among them.
    pub fn is_by(&self, member: MemberId) -> bool {
        self.who.iter().any(|who| who.id == member) || self.others.contains(&member)
    }

    fn add(&mut self, by: &Member) {
        if self.is_by(by.id) {
            return;
        }
        if self.who.len() < MAX_NAMED {
            self.who.push(by.clone());
        } else if self.who.len() + self.others.len() < MAX_KNOWN {
            self.others.push(by.id);
        }
    }

    fn strike(&mut self, member: MemberId) {
        self.who.retain(|who| who.id != member);
        self.others.retain(|other| *other != member);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::Name;

    fn member(id: i64) -> Member {
        Member { id: MemberId(id), name: Name::new(&format!("M{id}")).expect("a name") }
    }

    fn counts(reactions: &Reactions) -> Vec<(&str, usize)> {
        reactions.each.iter().map(|reaction| (reaction.emoji.as_str(), reaction.count)).collect()
    }

    #[test]
    fn each_event_counts_once_and_the_last_one_of_a_kind_takes_it_away() {
        let mut reactions = Reactions::default();
        assert!(reactions.take(5, &member(1), "👍", true, 1));
        assert!(!reactions.take(5, &member(1), "👍", true, 1) && !reactions.take(4, &member(2), "🎉", true, 1));
        assert!(reactions.take(7, &member(2), "🎉", true, 1) && reactions.take(8, &member(2), "👍", true, 2));
        assert_eq!(counts(&reactions), [("👍", 2), ("🎉", 1)]);
        assert!(reactions.take(9, &member(1), "👍", false, 1) && reactions.take(10, &member(2), "👍", false, 0));
        assert_eq!(counts(&reactions), [("🎉", 1)]);
        assert!(reactions.has(MemberId(2), "🎉") && !reactions.has(MemberId(1), "🎉"));
    }

    #[test]
    fn names_are_bounded_and_the_count_is_whole() {
        let mut reactions = Reactions::default();
        for id in 1..=150 {
            reactions.take(id, &member(id), "👍", true, id.unsigned_abs() as usize);
        }
        let of = |reactions: &Reactions| {
            let reaction = reactions.of("👍").expect("it is there");
            (reaction.count, reaction.who.len(), reaction.others.len())
        };
        assert_eq!(of(&reactions), (150, MAX_NAMED, MAX_KNOWN - MAX_NAMED));
        reactions.take(151, &member(3), "👍", false, 149);
        reactions.take(152, &member(140), "👍", false, 148);
        assert_eq!(of(&reactions), (148, MAX_NAMED - 1, MAX_KNOWN - MAX_NAMED));
    }

    #[test]
    fn what_is_wanted_is_shown_before_it_is_confirmed() {
        let mut reactions = Reactions::default();
        reactions.take(1, &member(1), "👍", true, 1);
        reactions.assume(&member(2), "👍", true);
        reactions.assume(&member(2), "👍", true);
        assert_eq!(counts(&reactions), [("👍", 2)]);
        reactions.assume(&member(1), "👍", false);
        reactions.assume(&member(2), "👍", false);
        assert_eq!(counts(&reactions), []);
    }
}
