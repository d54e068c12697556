//! Leaving a room, as its kind is left: a public one is walked out of, and out of sight until one walks in again or is called; a
//! private one is left for good, until somebody asks one in; a direct one stays the room of its people, and is out of sight until
//! something new is said.

use std::collections::HashSet;
use std::sync::{MutexGuard, PoisonError};
use std::time::Instant;

use app::member::MemberId;
use app::message::{Event, What};
use app::protocol::ServerFrame;
use app::room::RoomKind;
use app::room_change::RoomChange;

use super::{Admitted, Answer, Room, Rooms};
use crate::broadcast::Notice;

impl Admitted {
    /// Leaves the room, with all connections, as fast as one may speak.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn leave(&self) -> Result<(), Answer> {
        match self.slug().kind() {
            RoomKind::Private => self.change(RoomChange::Left {}, String::new()).await?,
            RoomKind::Public | RoomKind::Direct => self.hide().await?,
        }
        Ok(())
    }

    /// The person is not here any more, with none of their connections; each is told.
    pub fn walk_out(&self) {
        let gone = Notice::new(&ServerFrame::Gone { room: self.slug().clone() });
        self.hear_no_more().iter().for_each(|outlet| outlet.tell(&gone));
        self.reads_no_more();
    }

    /// It goes out of the person's lists. A direct one stays open where it is: they are in it as before, and what is said next is
    /// news.
    async fn hide(&self) -> Result<(), Answer> {
        self.rooms.limits.messages.take(self.member.id, Instant::now()).map_err(Answer::TooFast)?;
        let (admitted, is_public) = (self.clone(), self.slug().is_public());
        let publish = move || {
            let me = admitted.member.id;
            // The writer's thread has no tasks of its own, and whoever goes is announced by one.
            let _runtime = admitted.rooms.runtime.enter();
            admitted.room.hidden().insert(me);
            if is_public {
                admitted.walk_out();
            }
            admitted.rooms.tell(&[me], &ServerFrame::Room(admitted.summary()));
        };
        Ok(self.rooms.store.hide_room((self.room_id(), is_public), self.member.id, publish).await?)
    }

    /// Whether the person has left it with another connection, and this one only comes back after a cut. Who walks in wants to see
    /// it again.
    pub(super) async fn has_left(&self, comes_back: bool) -> Result<bool, Answer> {
        if !self.room.is_left_by(self.member.id) {
            return Ok(false);
        }
        if !comes_back {
            self.unhide().await?;
        }
        Ok(comes_back)
    }

    /// Who goes there wants to see it again; who comes back after a cut has not gone anywhere. Only what was left before is written,
    /// so this is asked no faster than leaving is.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn unhide(&self) -> Result<(), Answer> {
        if self.room.is_hidden_from(self.member.id) {
            let (admitted, me) = (self.clone(), self.member.id);
            let publish = move || admitted.rooms.show_again(&admitted.room, |who| who == me);
            self.rooms.store.show_room(self.room_id(), me, publish).await?;
        }
        Ok(())
    }
}

impl Rooms {
    /// Something was said: nobody has the room out of sight any more.
    pub(super) fn show_news(&self, room: &Room, event: &Event) {
        if matches!(event.what, What::Posted { .. }) && room.slug.kind() == RoomKind::Direct {
            self.show_again(room, |_| true);
        }
    }

    /// These people are not there any more; others may get their numbers.
    pub fn forget(&self, people: &[MemberId]) {
        let people: HashSet<MemberId> = people.iter().copied().collect();
        self.quiet().retain(|member, _| !people.contains(member));
        for room in self.by_slug.read().unwrap_or_else(PoisonError::into_inner).values() {
            room.hidden().retain(|member| !people.contains(member));
            room.readers().forget_all(&people);
        }
    }

    /// Somebody was called into it: what is stored says so already.
    pub(super) fn show_to(&self, room: &Room, member: MemberId) {
        room.hidden().remove(&member);
        self.tell(&[member], &ServerFrame::Room(room.summary()));
    }

    fn show_again(&self, room: &Room, to: impl Fn(MemberId) -> bool) {
        let back: Vec<MemberId> = room.hidden().extract_if(|who| to(*who)).collect();
        if !back.is_empty() {
            self.tell(&back, &ServerFrame::Room(room.summary()));
        }
    }
}

impl Room {
    /// Whether somebody who may be in it finds it in their list.
    pub(super) fn is_listed_for(&self, member: MemberId) -> bool {
        self.may_enter(member) && !self.is_hidden_from(member)
    }

    /// Whether somebody has left it who may walk in again.
    pub(super) fn is_left_by(&self, member: MemberId) -> bool {
        self.slug.is_public() && self.is_hidden_from(member)
    }

    /// Whether somebody may be in it, and has not left.
    pub(super) fn is_open_to(&self, member: MemberId) -> bool {
        self.may_enter(member) && !self.is_left_by(member)
    }

    pub(super) fn is_hidden_from(&self, member: MemberId) -> bool {
        self.hidden().contains(&member)
    }

    pub(super) fn hidden(&self) -> MutexGuard<'_, HashSet<MemberId>> {
        self.hidden.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
