//! How far a person has read in a room, and how many messages of others came after. Each event is counted once, in whatever
//! order the words on it come. Browser and server count alike.

use serde::{Deserialize, Serialize};

use crate::message::Seq;
use crate::room::Slug;

/// So many unread messages are as good as any more: a server that is asked stops counting here.
pub const MAX_COUNTED: usize = 100;

/// What the server says of a person's reading in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// Which room.
    pub room: Slug,
    /// The last event that was before their eyes, on whatever device.
    pub read: Seq,
    /// The room's last number when it was counted.
    pub head: Seq,
    /// How many messages of others stand between the two; [`MAX_COUNTED`] stands for any more.
    pub unread: usize,
}

/// How far somebody has read, and how much is unread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    read: Seq,
    counted: Seq,
    count: usize,
}

impl Unread {
    /// Read up to a number, with so many messages of others from there to the last one that was counted.
    pub fn new(read: Seq, counted: Seq, count: usize) -> Self {
        Self { read, counted, count }
    }

    /// Whether anything is known.
    pub fn is_known(&self) -> bool {
        self.read > 0 || self.counted > 0
    }

    /// The last event that was read.
    pub fn read(&self) -> Seq {
        self.read
    }

    /// The last event that was looked at, whether or not it counts.
    pub fn counted(&self) -> Seq {
        self.counted
    }

    /// How many messages of others are unread.
    pub fn count(&self) -> usize {
        self.count
    }

    /// An event came; it counts if it is a message of somebody else. Says whether it was news.
    pub fn hear(&mut self, seq: Seq, counts: bool) -> bool {
        if seq <= self.counted {
            return false;
        }
        self.counted = seq;
        let is_unread = counts && seq > self.read;
        self.count += usize::from(is_unread);
        is_unread
    }

    /// All up to the newest event was read.
    pub fn read_all(&mut self, newest: Seq) {
        self.read = self.read.max(newest);
        self.counted = self.counted.max(newest);
        self.count = 0;
    }

    /// The count in few letters.
    pub fn badge(&self) -> String {
        if self.count < MAX_COUNTED { self.count.to_string() } else { format!("{}+", MAX_COUNTED - 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_of_others_above_the_mark_counts_once() {
        let mut unread = Unread::new(2, 4, 1);
        assert!(!unread.hear(3, true) && !unread.hear(4, true), "counted already");
        assert!(unread.hear(5, true) && !unread.hear(6, false) && !unread.hear(5, true));
        assert_eq!((unread.count(), unread.counted(), unread.read()), (2, 6, 2));
        unread.read_all(6);
        assert_eq!(unread, Unread::new(6, 6, 0));
    }

    #[test]
    fn a_hundred_is_written_as_more_than_it_is_worth_to_count() {
        assert_eq!(Unread::new(0, 99, 99).badge(), "99");
        assert_eq!(Unread::new(0, 100, 100).badge(), "99+");
    }
}
