//! Whom a message calls who has its room not open: it names or answers them, or they asked for every message, and they are told of the newest
//! one. What a room that is open says, the tab itself hears.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use app::member::MemberId;
use app::message::{Event, Seq};
use app::notices::Level;
use app::protocol::ServerFrame;
use app::unread::{ReadMark, Unread};

use super::{Admitted, Answer, Room, Rooms};
use crate::broadcast::{Notice, Outlet};
use crate::store::{RoomId, StoreError};

/// A message that calls somebody.
pub(super) struct Calling {
    pub(super) room: Arc<Room>,
    pub(super) member: MemberId,
    pub(super) seq: Seq,
}

impl Rooms {
    /// Tells people what calls them, where they don't hear it anyway. A message is read once, for everyone.
    pub(super) async fn tell_calls(&self, calls: Vec<Calling>) {
        let mut known: HashMap<(RoomId, Seq), Option<Event>> = HashMap::new();
        for Calling { room, member, seq } in calls {
            let id = room.id;
            let deaf: Vec<Arc<Outlet>> = {
                let connections = self.connections();
                let of_person = connections.outlets.values().filter(|outlet| outlet.member == member);
                of_person.filter(|outlet| !outlet.listens_to(id)).cloned().collect()
            };
            if deaf.is_empty() {
                continue;
            }
            let event = match known.get(&(id, seq)) {
                Some(event) => event.clone(),
                None => {
                    let warn = |error: &StoreError| tracing::warn!(%error, "what calls somebody could not be read");
                    let found = self.store.after(id, seq - 1, 1).await.inspect_err(warn).unwrap_or_default().pop();
                    known.insert((id, seq), found.clone());
                    found
                }
            };
            // Whoever was removed meanwhile is called by nothing.
            let may_hear = |event: &Event| event.is_posted() && !event.is_deleted() && room.may_enter(member);
            let Some(event) = event.filter(may_hear) else { continue };
            let event = Event { cid: None, ..event };
            let notice = Notice::new(&ServerFrame::Called { room: room.slug.clone(), event });
            deaf.iter().for_each(|outlet| outlet.hint(&notice));
        }
    }
}

impl Admitted {
    /// Which messages of the room call this person.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn level(&self) -> Result<Level, Answer> {
        let chosen = self.rooms.store.level(self.member.id, self.room_id()).await?;
        Ok(chosen.unwrap_or(Level::usual(self.slug())))
    }

    /// Which messages of the room call somebody from now on; all their tabs are told.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn is_called_by(&self, level: Level) -> Result<(), Answer> {
        let me = self.member.id;
        self.rooms.limits.messages.take(me, Instant::now()).map_err(Answer::TooFast)?;
        let unread =
            self.room.readers().now(me, self.head()).unwrap_or_else(|| Unread::new(self.head(), self.head(), 0));
        let mark = ReadMark { level: Some(level), ..self.room.mark(&unread) };
        let (rooms, room) = (Arc::clone(&self.rooms), Arc::clone(&self.room));
        // In the writer's order, and for whoever hangs up before the answer, too.
        let publish = move || {
            room.readers().set_level(me, level);
            rooms.tell(&[me], &ServerFrame::Read { rooms: vec![mark] });
        };
        Ok(self.rooms.store.note_level((me, self.room_id()), unread.read(), level, publish).await?)
    }
}
