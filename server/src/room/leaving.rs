//! Leaving a room, as its kind is left: a public one is walked out of, and walked into again; a private one is left for good, until
//! somebody asks one in; a direct one stays the room of its people, and is out of sight until something new is said.

use std::sync::{Arc, MutexGuard, PoisonError};

use app::member::MemberId;
use app::message::{Event, What};
use app::protocol::ServerFrame;
use app::room::{RoomKind, Slug};
use app::room_change::RoomChange;

use super::{Admitted, Answer, Room, Rooms};
use crate::broadcast::Notice;

impl Admitted {
    /// Leaves the room, with all connections.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn leave(&self) -> Result<(), Answer> {
        match self.slug().kind() {
            RoomKind::Public => self.walk_out(),
            RoomKind::Private => self.change(RoomChange::Left {}, String::new()).await?,
            RoomKind::Direct => self.hide().await?,
        }
        Ok(())
    }

    /// The person is not here any more, with none of their connections; each is told.
    pub fn walk_out(&self) {
        let gone = Notice::new(&ServerFrame::Gone { room: self.slug().clone() });
        self.hear_no_more().iter().for_each(|outlet| outlet.tell(&gone));
        self.reads_no_more();
    }

    /// What is unread is known as before, for what is said next is news.
    async fn hide(&self) -> Result<(), Answer> {
        let (rooms, admitted) = (Arc::clone(&self.rooms), self.clone());
        let publish = move || {
            // The writer's thread has no tasks of its own, and whoever goes is announced by one.
            let _runtime = rooms.runtime.enter();
            let me = admitted.member.id;
            admitted.room.hidden().push(me);
            admitted.hear_no_more();
            rooms.tell(&[me], &ServerFrame::Lost { room: Slug::clone(&admitted.room.slug) });
        };
        Ok(self.rooms.store.hide_room(self.room_id(), self.member.id, publish).await?)
    }

    /// Who goes there wants to see it again.
    pub(super) async fn unhide(&self) -> Result<(), Answer> {
        if self.room.is_hidden_from(self.member.id) {
            self.rooms.store.show_room(self.room_id(), self.member.id).await?;
            self.rooms.show_again(&self.room, |who| who == self.member.id);
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

    fn show_again(&self, room: &Room, to: impl Fn(MemberId) -> bool) {
        let back: Vec<MemberId> = room.hidden().extract_if(.., |who| to(*who)).collect();
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

    fn is_hidden_from(&self, member: MemberId) -> bool {
        self.slug.kind() == RoomKind::Direct && self.hidden().contains(&member)
    }

    pub(super) fn hidden(&self) -> MutexGuard<'_, Vec<MemberId>> {
        self.hidden.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
