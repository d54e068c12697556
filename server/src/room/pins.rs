//! What is pinned to a room. Everyone admitted pins, and takes from the wall what others have pinned.

use app::message::Seq;
use tokio::sync::oneshot;

use super::{Admitted, Answer, Saying};
use crate::random;
use crate::store::{Pinned, StoreError};

impl Admitted {
    /// What is pinned, what was pinned last first.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`app::refusal::Refusal::RoomUnknown`], [`Answer::Unavailable`].
    pub async fn pins(&self) -> Result<Vec<Pinned>, Answer> {
        self.unless_removed(self.rooms.store.pins(self.room_id()).await?)
    }

    /// How many messages are pinned, and how many may be.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn count_pins(&self) -> Result<(usize, usize), Answer> {
        Ok((self.rooms.store.count_pins(self.room_id()).await?, self.rooms.most.pins))
    }

    /// Takes a message from the wall, and waits until that is durable.
    ///
    /// # Errors
    /// As [`Admitted::say`].
    pub async fn unpin(&self, of: Seq) -> Result<(), Answer> {
        let (answer, answered) = oneshot::channel();
        let saying = Saying::Pin(of, false);
        {
            let callable = self.callable(saying.text()).await?;
            let cid = random::cid(self.rooms.clock.now_ms());
            self.say(cid, saying, &callable, |said| drop(answer.send(said)));
        }
        answered.await.unwrap_or(Err(Answer::Unavailable(StoreError::Unknown))).map(drop)
    }
}
