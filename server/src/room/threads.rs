//! Threads of a room, for whoever has the right to it; and all that somebody follows.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use app::member::Member;
use app::message::{Event, Seq};
use app::refusal::Refusal;
use app::room::RoomSummary;
use app::unread::Unread;

use super::{Admitted, Answer, Room, Rooms};
use crate::store::{RoomId, StoredThread};

/// How many replies are shown at a time.
const PAGE_REPLIES: usize = 100;
/// How many of the threads that somebody follows are shown.
pub const MOST_FOLLOWED: usize = 50;

/// A thread that somebody follows.
#[derive(Clone, Debug)]
pub struct Followed {
    /// In which room.
    pub room: RoomSummary,
    /// The message on which it hangs.
    pub message: Event,
    /// Whether somebody else has written in it since they were in the room.
    pub is_new: bool,
}

impl Rooms {
    /// The threads that somebody follows in the rooms that they may enter, what was last replied to first; one more than
    /// [`MOST_FOLLOWED`] where there are more.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn followed_by(&self, me: &Member) -> Result<Vec<Followed>, Answer> {
        self.limits.lookups.take(me.id, Instant::now()).map_err(Answer::TooFast)?;
        let rooms: HashMap<RoomId, Arc<Room>> =
            self.for_person(me.id).into_iter().map(|room| (room.id, room)).collect();
        let may_read: HashSet<RoomId> = rooms.keys().copied().collect();
        let unread = self.unread_of(me.id).await?;
        let found = self.store.followed(me.id, MOST_FOLLOWED + 1, move |room| may_read.contains(&room)).await?;
        let followed = |(id, message): (RoomId, Event)| {
            let thread = message.beside().map(|beside| &beside.thread).filter(|thread| !thread.is_empty());
            let is_others = thread.is_some_and(|thread| thread.faces.first().is_some_and(|last| last.id != me.id));
            let read = unread.get(&id).map_or(Seq::MAX, Unread::read);
            let is_new = is_others && thread.is_some_and(|thread| thread.last > read);
            // They may have been removed while it was read.
            let room = rooms.get(&id).filter(|room| room.may_enter(me.id))?;
            Some(Followed { room: room.summary(), message, is_new })
        };
        Ok(found.into_iter().filter_map(followed).collect())
    }
}

impl Admitted {
    /// The thread of a message: its newest replies, or those before a number.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::MessageUnknown`] or [`Refusal::RoomUnknown`], [`Answer::Unavailable`].
    pub async fn thread(&self, of: Seq, before: Option<Seq>) -> Result<StoredThread, Answer> {
        let place = (self.room_id(), of);
        let thread = self.rooms.store.thread(place, self.member.id, before.unwrap_or(Seq::MAX), PAGE_REPLIES).await?;
        self.unless_removed(thread)?.ok_or(Answer::Refused(Refusal::MessageUnknown))
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
