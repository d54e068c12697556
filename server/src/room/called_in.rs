//! Whoever is named in a public room where they have never been, or which they have left, hears of it: from then on what is said
//! there is news to them. In a closed room only its people can be named, and `@here` and `@room` mean who is there already. An edit
//! that names them does the same, from the message on that it changes.

use std::sync::Arc;

use app::member::MemberId;
use app::message::{Event, Seq};
use app::protocol::ServerFrame;
use app::unread::{Mark, Unread};

use super::{Room, Rooms};
use crate::markup::Meant;
use crate::store::RoomId;

impl Rooms {
    /// Something is said. Called in the order of the numbers, after the commit.
    pub(super) fn call_in(self: &Arc<Self>, room: &Arc<Room>, event: &Event) {
        if !room.slug.is_public() || !event.is_posted() {
            return;
        }
        let (meant, before) = (Meant::by(event), event.seq - 1);
        for person in meant.people().iter().copied().filter(|person| *person != event.by.id && !room.reads(*person)) {
            let (rooms, there) = (Arc::clone(self), Arc::clone(room));
            self.begin_from(person, room.id, before, move || rooms.tell_called_in(person, &there, before));
        }
    }

    /// Somebody begins to read a room after a number, unless they have been there and are gone for now.
    fn begin_from(&self, person: MemberId, room: RoomId, before: Seq, publish: impl FnOnce() + Send + 'static) {
        match self.begin_again(person, room, Mark { turn: 0, seq: before }) {
            Some(true) => publish(),
            Some(false) => {}
            None => self.store.begin_reading(person, room, before, publish),
        }
    }

    fn tell_called_in(&self, person: MemberId, room: &Arc<Room>, before: Seq) {
        self.show_to(room, person);
        self.remember(person, room, Unread::new(before, before, 0));
        self.has_news_of(room);
    }

    /// A message that was said a while ago names people since. Called in the order of the numbers, after that was noted.
    pub(super) fn call_into_past(self: &Arc<Self>, room: &Arc<Room>, of: Seq, named: Vec<MemberId>) {
        if !room.slug.is_public() {
            return;
        }
        let before = Mark { turn: 0, seq: of - 1 };
        for person in named.into_iter().filter(|person| !room.reads(*person)) {
            let (rooms, there) = (Arc::clone(self), Arc::clone(room));
            let publish = move || {
                rooms.show_to(&there, person);
                drop(rooms.runtime.clone().spawn(rooms.tell_unread(person, there, before)));
            };
            self.begin_from(person, room.id, before.seq, publish);
        }
    }

    /// How much that is, the store knows where it is long ago.
    async fn tell_unread(self: Arc<Self>, person: MemberId, room: Arc<Room>, before: Mark) {
        match self.unread_after(&room, person, before).await {
            Ok(unread) => self.remember(person, &room, unread),
            Err(error) => return tracing::warn!(%error, "what somebody has missed could not be counted"),
        }
        // Where they have been quicker, it is known how far they have read.
        let now = room.readers().now(person, room.head());
        now.into_iter().for_each(|unread| self.tell(&[person], &ServerFrame::Read { rooms: vec![room.mark(&unread)] }));
    }
}
