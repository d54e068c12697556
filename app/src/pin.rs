//! Whether a message is pinned to its room, and by whom.

use serde::{Deserialize, Serialize};

use crate::member::Member;
use crate::message::Seq;

/// How it stands with a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The number of the event that said so last; 0 where none has.
    pub last: Seq,
    /// Who pinned it, under the name that they had then; nobody where it is not pinned (any more).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Member>,
}

impl Pin {
    /// Takes what somebody did under a number; whether that is anything else. An event that it has seen changes nothing, and
    /// what is pinned stays pinned by whom it was first.
    pub fn take(&mut self, seq: Seq, by: &Member, on: bool) -> bool {
        if seq <= self.last {
            return false;
        }
        self.last = seq;
        if on {
            self.by.get_or_insert_with(|| by.clone());
        } else {
            self.by = None;
        }
        true
    }

    /// Whether nobody has ever touched it.
    pub(crate) fn is_untouched(&self) -> bool {
        self.last == 0
    }

    /// About how many bytes it has on the wire.
    pub fn bytes(&self) -> usize {
        if self.is_untouched() { 0 } else { 40 + self.by.as_ref().map_or(0, |by| by.name.as_str().len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::{MemberId, Name};

    fn member(id: i64) -> Member {
        Member { id: MemberId(id), name: Name::new(&format!("M{id}")).expect("a name") }
    }

    #[test]
    fn the_last_event_holds_and_what_is_pinned_stays_the_first_ones() {
        let mut pin = Pin::default();
        assert!(pin.take(3, &member(1), true) && pin.take(5, &member(2), true));
        assert_eq!(pin, Pin { last: 5, by: Some(member(1)) });
        assert!(!pin.take(4, &member(2), false) && !pin.take(5, &member(2), false));
        assert!(pin.take(6, &member(2), false) && pin.by.is_none());
        assert!(pin.take(8, &member(2), true) && pin.by == Some(member(2)));
    }
}
