//! How far a person has read in a room, and how many messages of others came after. Each event is counted once, in whatever
//! order the words on it come. Browser and server count alike. A mark may be set back, too: that begins a turn of its own, so a
//! late word of how far they had come before undoes nothing.

use serde::{Deserialize, Serialize};

use crate::member::MemberId;
use crate::message::{Event, Seq};
use crate::notices::Level;
use crate::room::Slug;

/// So many unread messages are as good as any more: a server that is asked stops counting here.
pub const MAX_COUNTED: usize = 100;

/// How far somebody has read. Of two marks the one of the later turn holds, and within a turn the one that is further on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// How often they have set it back.
    pub turn: u32,
    /// The last event that is read.
    pub seq: Seq,
}

/// What the server says of a person's reading in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// Which room.
    pub room: Slug,
    /// The last event that was before their eyes, on whatever device.
    pub read: Seq,
    /// How often they have set that back ([`Mark`]).
    #[serde(default, skip_serializing_if = "is_first")]
    pub turn: u32,
    /// The room's last number when it was counted.
    pub head: Seq,
    /// How many messages of others stand between the two; [`MAX_COUNTED`] stands for any more.
    pub unread: usize,
    /// Which of them mention this person, in order; at most [`MAX_COUNTED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Seq>,
    /// Which messages of the room call them; left out where it is as it was, or as usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

pub(crate) fn is_first(turn: &u32) -> bool {
    *turn == 0
}

/// How far somebody has read, how much is unread, and which of it mentions them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    mark: Mark,
    counted: Seq,
    count: usize,
    /// The messages that mention them, by number, so that an edit may add or remove one, whenever it comes.
    mentions: Vec<Seq>,
}

impl Unread {
    /// Read up to a number, with so many messages of others from there to the last one that was counted.
    pub fn new(read: Seq, counted: Seq, count: usize) -> Self {
        Self { mark: Mark { turn: 0, seq: read }, counted, count, mentions: Vec::new() }
    }

    /// The same, when the mark was set back so often.
    pub fn in_turn(mut self, turn: u32) -> Self {
        self.mark.turn = turn;
        self
    }

    /// The same, and these messages mention them.
    pub fn with_mentions(self, mentions: Vec<Seq>) -> Self {
        Self { mentions, ..self }
    }

    /// As the server says it.
    pub fn as_marked(mark: &ReadMark) -> Self {
        Self::new(mark.read, mark.head, mark.unread).in_turn(mark.turn).with_mentions(mark.mentions.clone())
    }

    /// Whether anything is known.
    pub fn is_known(&self) -> bool {
        self.mark > Mark::default() || self.counted > 0
    }

    /// How far they have read.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// The last event that was read.
    pub fn read(&self) -> Seq {
        self.mark.seq
    }

    /// The last event that was looked at, whether or not it counts.
    pub fn counted(&self) -> Seq {
        self.counted
    }

    /// How many messages of others are unread.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The unread messages that mention them, by number.
    pub fn mentions(&self) -> &[Seq] {
        &self.mentions
    }

    /// An event came; it counts if it is a message of somebody else, or makes one count. Says whether it was news.
    pub fn hear(&mut self, event: &Event, me: Option<MemberId>) -> bool {
        if event.seq <= self.counted {
            return false;
        }
        self.counted = event.seq;
        let before = self.count;
        let is_of_others = Some(event.by.id) != me;
        let is_for_me = me.is_none_or(|me| event.is_for(me));
        let is_new = event.is_posted() && is_of_others && event.seq > self.mark.seq;
        self.count += usize::from(is_new && is_for_me);
        if let Some(seq) = event.what.rewords().or(is_new.then_some(event.seq)) {
            self.mention(seq, is_of_others && me.is_some_and(|me| event.mentions(me)), is_for_me);
        }
        self.count > before
    }

    /// A message mentions them from now on, or does not. That is why it counts, unless it does `anyway`.
    pub fn mention(&mut self, seq: Seq, mentions: bool, anyway: bool) {
        let place = self.mentions.binary_search(&seq);
        match place {
            Err(at) if mentions && seq > self.mark.seq && self.mentions.len() < MAX_COUNTED => {
                self.mentions.insert(at, seq);
                self.count += usize::from(!anyway);
            }
            Ok(at) if !mentions => {
                self.mentions.remove(at);
                // Of so many it is not known how many more there are.
                self.count -= usize::from(!anyway && (1..MAX_COUNTED).contains(&self.count));
            }
            _ => {}
        }
    }

    /// All up to the newest event was read.
    pub fn read_all(&mut self, newest: Seq) {
        self.mark.seq = self.mark.seq.max(newest);
        self.counted = self.counted.max(newest);
        self.count = 0;
        self.mentions.clear();
    }

    /// From the one after a number on all is unread again; it is to be heard anew.
    pub fn set_back(&self, seq: Seq) -> Self {
        Self::new(seq, seq, 0).in_turn(self.mark.turn.saturating_add(1))
    }

    /// What counts most, in few letters: mentions, or else all that is unread.
    pub fn badge(&self) -> String {
        badge(self.mentions.len(), self.count)
    }
}

/// So many mentions, or else so many messages, in few letters.
pub fn badge(mentions: usize, messages: usize) -> String {
    let (before, count) = if mentions > 0 { ("@", mentions) } else { ("", messages) };
    if count < MAX_COUNTED { format!("{before}{count}") } else { format!("{before}{}+", MAX_COUNTED - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::markup::{Kind, Markup, Node};
    use crate::member::{Member, Name};
    use crate::message::What;

    const ME: MemberId = MemberId(1);

    fn event(seq: Seq, by: i64, what: What) -> Event {
        Event { seq, at_ms: 0, by: Member { id: MemberId(by), name: Name::new("M").expect("a name") }, what, cid: None }
    }

    fn said(seq: Seq, by: i64, markup: Option<Markup>) -> Event {
        event(seq, by, What::Posted { text: "text".into(), markup, edited_ms: None, files: Vec::new(), beside: None })
    }

    fn edited(seq: Seq, of: Seq, markup: Option<Markup>) -> Event {
        event(seq, 2, What::Edited { of, text: "text".into(), markup, to: Vec::new() })
    }

    /// `@me`.
    fn me() -> Option<Markup> {
        Some(Markup::new(vec![Node::part(Kind::Mention, "1", vec![Node::Text("@me".into())])]))
    }

    #[test]
    fn each_message_of_others_above_the_mark_counts_once() {
        let mut unread = Unread::new(2, 4, 1);
        let mut hears = |seq, by| unread.hear(&said(seq, by, None), Some(ME));
        assert!(!hears(3, 2) && !hears(4, 2), "counted already");
        assert!(hears(5, 2) && !hears(6, 1) && !hears(5, 2));
        assert_eq!((unread.count(), unread.counted(), unread.read()), (2, 6, 2));
        unread.read_all(6);
        assert_eq!(unread, Unread::new(6, 6, 0));
    }

    #[test]
    fn mentions_come_and_go_with_edits_and_deletions_of_what_is_unread() {
        let mut unread = Unread::new(2, 2, 0);
        let mut hears = |event: Event| {
            unread.hear(&event, Some(ME));
            unread.mentions().to_vec()
        };
        assert_eq!(hears(said(3, 2, me())), [3]);
        assert_eq!(hears(said(4, 1, me())), [3], "my own don't count");
        assert_eq!(hears(said(5, 2, None)), [3]);
        assert_eq!(hears(edited(6, 5, me())), [3, 5]);
        assert_eq!(hears(edited(7, 1, me())), [3, 5], "what was read stays read");
        let on = What::Reacted { of: 3, emoji: "👍".into(), on: true, count: 1 };
        assert_eq!(hears(event(8, 2, on)), [3, 5], "a reaction changes nothing about it");
        assert_eq!(hears(edited(9, 3, None)), [5]);
        assert_eq!(hears(event(10, 2, What::Deleted { of: 5, to: Vec::new() })), Vec::<Seq>::new());
        assert_eq!(unread.count(), 2);
    }

    #[test]
    fn what_is_set_back_counts_again_and_no_mark_of_an_earlier_turn_is_later() {
        let mut unread = Unread::new(5, 5, 0).set_back(2);
        for event in [said(3, 2, me()), said(4, 1, None), said(5, 2, None)] {
            unread.hear(&event, Some(ME));
        }
        assert_eq!((unread.read(), unread.count(), unread.mentions()), (2, 2, [3].as_slice()));
        assert!(unread.mark() > Mark { turn: 0, seq: 90 } && unread.mark() < Mark { turn: 1, seq: 3 });
        unread.read_all(5);
        assert_eq!(unread.mark(), Mark { turn: 1, seq: 5 });
    }

    #[test]
    fn a_hundred_is_written_as_more_than_it_is_worth_to_count_and_mentions_come_first() {
        assert_eq!(Unread::new(0, 99, 99).badge(), "99");
        assert_eq!(Unread::new(0, 100, 100).badge(), "99+");
        assert_eq!(Unread::new(0, 100, 100).with_mentions(vec![7, 9]).badge(), "@2");
        assert_eq!(badge(100, 0), "@99+");
    }
}
