//! What stands beside a message's text as it is now: what it answers, its place in a thread and the thread on it, where it comes
//! from, what others put to it, and what lies behind its link. It travels with the message where there is anything, and comes of
//! the same events everywhere ([`crate::message::Event::take_change`]).

use serde::{Deserialize, Serialize};

use crate::forwarded::Forwarded;
use crate::markup::Markup;
use crate::message::{Event, Seq};
use crate::pin::Pin;
use crate::quote::Quote;
use crate::reaction::Reactions;
use crate::thread::{InThread, Thread};

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Quote>,
    /// The thread in which it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<InThread>,
    /// The thread that hangs on it.
    #[serde(default, skip_serializing_if = "Thread::is_empty")]
    pub thread: Thread,
    /// Where it was said first, if somebody passed it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// The emoji that people put to it.
    #[serde(default, skip_serializing_if = "is_untouched")]
    pub reactions: Reactions,
    /// What was found behind a link of it last, or that its author doesn't want it shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<Markup>,
    /// The number of the event that said so.
    #[serde(default, skip_serializing_if = "is_none")]
    pub previewed: Seq,
    /// Whether it is pinned.
    #[serde(default, skip_serializing_if = "Pin::is_untouched")]
    pub pin: Pin,
}

fn is_none(seq: &Seq) -> bool {
    *seq == 0
}

fn is_untouched(reactions: &Reactions) -> bool {
    reactions.last == 0
}

impl Beside {
    /// About how many bytes it has on the wire.
    pub fn bytes(&self) -> usize {
        let reply = self.reply.as_ref().map_or(0, |quote| 40 + quote.text.len());
        let preview = self.preview.as_ref().map_or(0, Markup::bytes);
        let within = self.within.as_ref().map_or(0, InThread::bytes);
        let forwarded = self.forwarded.as_ref().map_or(0, |from| 60 + from.room.as_str().len());
        self.reactions.bytes() + self.pin.bytes() + reply + preview + within + self.thread.bytes() + forwarded
    }

    /// The answer to a message.
    pub fn reply(quote: Quote) -> Box<Self> {
        Box::new(Self { reply: Some(quote), ..Self::default() })
    }

    /// What is left of it when its message is deleted: the thread goes on.
    pub fn left(self) -> Option<Box<Self>> {
        let left = Self { within: self.within, thread: self.thread, ..Self::default() };
        (left != Self::default()).then(|| Box::new(left))
    }

    /// What becomes of it when another message is changed; whether that is seen.
    pub fn take_change(&mut self, change: &Event) -> bool {
        self.reply.as_mut().is_some_and(|quote| quote.take_change(change))
    }
}
