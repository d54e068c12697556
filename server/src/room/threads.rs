//! Threads of a room, for whoever has the right to it.

use std::time::Instant;

use app::message::Seq;
use app::refusal::Refusal;

use super::{Admitted, Answer};
use crate::store::StoredThread;

/// How many replies are shown at a time.
const PAGE_REPLIES: usize = 100;

impl Admitted {
    /// The thread of a message: its newest replies, or those before a number.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::MessageUnknown`], [`Answer::Unavailable`].
    pub async fn thread(&self, of: Seq, before: Option<Seq>) -> Result<StoredThread, Answer> {
        let place = (self.room_id(), of);
        let thread = self.rooms.store.thread(place, self.member.id, before.unwrap_or(Seq::MAX), PAGE_REPLIES).await?;
        thread.ok_or(Answer::Refused(Refusal::MessageUnknown))
    }

    /// Follows the thread of a message from now on, or does not any more.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Refused`] with [`Refusal::MessageUnknown`], [`Answer::Unavailable`].
    pub async fn follow(&self, of: Seq, does: bool) -> Result<(), Answer> {
        self.rooms.limits.messages.take(self.member.id, Instant::now()).map_err(Answer::TooFast)?;
        let is_there = self.rooms.store.follow((self.room_id(), of), self.member.id, does).await?;
        is_there.then_some(()).ok_or(Answer::Refused(Refusal::MessageUnknown))
    }
}
