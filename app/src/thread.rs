//! Threads: what is said on a message beside the room's talk. A reply has a number of the room's log as everything has, and names
//! its message; that one says how many there are, who wrote last, and when. Nothing is taken away: a reply that is deleted stays
//! in its place.

use serde::{Deserialize, Serialize};

use crate::member::{Member, MemberId};
use crate::message::{Event, Seq};

/// How many of those who wrote last are shown.
pub const MAX_FACES: usize = 3;
/// How many followers a reply counts for at most.
pub const MAX_FOLLOWERS: usize = 200;
/// Stands for all people of the room among those whom a reply counts for.
pub const EVERYONE: MemberId = MemberId(0);

/// Where a reply stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InThread {
    /// The number of the message on which the thread hangs.
    pub of: Seq,
    /// Whether it is said to the room, too.
    #[serde(default, skip_serializing_if = "is_not")]
    pub also: bool,
    /// How many replies there were with it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub count: usize,
    /// Whom it counts for: those who followed the thread when it was said, and whom it named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<MemberId>,
}

/// What a message says of its thread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// How many replies there are; 0 where there is no thread.
    pub count: usize,
    /// The number of the last one.
    pub last: Seq,
    /// When that was said, in milliseconds since 1970.
    pub last_ms: i64,
    /// Who wrote, the last one first, under the names that they had then; at most [`MAX_FACES`].
    pub faces: Vec<Member>,
}

pub(crate) fn is_not(flag: &bool) -> bool {
    !flag
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Thread {
    /// Takes a reply. Says whether it was news; what is counted already is not.
    pub fn take(&mut self, reply: &Event, place: &InThread) -> bool {
        let is_news = reply.seq > self.last;
        if is_news {
            (self.count, self.last, self.last_ms) = (place.count, reply.seq, reply.at_ms);
            self.faces.retain(|face| face.id != reply.by.id);
            self.faces.insert(0, reply.by.clone());
            self.faces.truncate(MAX_FACES);
        }
        is_news
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// About how many bytes it has on the wire.
    pub fn bytes(&self) -> usize {
        self.faces.iter().map(|face| 24 + face.name.as_str().len()).sum()
    }
}

impl InThread {
    /// About how many bytes it has on the wire.
    pub fn bytes(&self) -> usize {
        30 + 8 * self.to.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::Name;
    use crate::message::What;

    fn reply(seq: Seq, by: i64) -> Event {
        let by = Member { id: MemberId(by), name: Name::new(&format!("M{by}")).expect("a name") };
        Event { seq, at_ms: seq * 10, by, what: What::posted("hi".into()), cid: None }
    }

    #[test]
    fn a_message_shows_who_wrote_last_in_its_thread_and_counts_each_reply_once() {
        let mut thread = Thread::default();
        for (count, (seq, by)) in (1..).zip([(5, 1), (6, 2), (9, 1), (10, 3), (12, 4)]) {
            let place = InThread { of: 1, count, ..InThread::default() };
            assert!(thread.take(&reply(seq, by), &place));
            assert!(!thread.take(&reply(seq, by), &place), "once");
        }
        let faces: Vec<_> = thread.faces.iter().map(|face| face.id.0).collect();
        assert_eq!((thread.count, thread.last, thread.last_ms, faces), (5, 12, 120, vec![4, 3, 1]));
        assert!(!thread.take(&reply(6, 2), &InThread { of: 1, count: 2, ..InThread::default() }), "an old one");
    }
}
