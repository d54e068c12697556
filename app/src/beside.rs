//! What stands beside a message's text as it is now: what it answers, and what others put to it. It travels with the message where there is
//! anything, and comes of the same events everywhere ([`crate::message::Event::take_change`]).

use serde::{Deserialize, Serialize};

use crate::message::Event;
use crate::quote::Quote;
use crate::reaction::Reactions;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Quote>,
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
        self.reactions.bytes() + self.reply.as_ref().map_or(0, |quote| 40 + quote.text.len())
    }

    /// The answer to a message.
    pub fn reply(quote: Quote) -> Box<Self> {
        Box::new(Self { reply: Some(quote), ..Self::default() })
    }

    /// What becomes of it when another message is changed; whether that is seen.
    pub fn take_change(&mut self, change: &Event) -> bool {
        self.reply.as_mut().is_some_and(|quote| quote.take_change(change))
    }
}
