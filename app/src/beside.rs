//! What stands beside a message's text as it is now: what others put to it. It travels with the message where there is
//! anything, and comes of the same events everywhere ([`crate::message::Event::take_change`]).

use serde::{Deserialize, Serialize};

use crate::reaction::Reactions;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// The emoji that people put to it.
    #[serde(default, skip_serializing_if = "is_untouched")]
    pub reactions: Reactions,
}

fn is_untouched(reactions: &Reactions) -> bool {
    reactions.last == 0
}

impl Beside {
    /// About how many bytes it has on the wire.
    pub fn bytes(&self) -> usize {
        self.reactions.bytes()
    }
}
