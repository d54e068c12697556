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

impl Rooms {
    /// Something is said. Called in the order of the numbers, after the commit.
    pub(super) fn call_in(self: &Arc<Self>, room: &Arc<Room>, event: &Event) {
        if !room.slug.is_public() || !event.is_posted() {
            return;
        }
        let (meant, before) = (Meant::by(event), event.seq - 1);
        let people = meant.people().iter().copied().filter(|person| *person != event.by.id && !room.reads(*person));
        self.begin_from(people.collect(), room, before, Self::tell_called_in);
    }

    /// People begin to read a room after a number, but for those who have been there and are gone for now. What is stored decides
    /// who that is: somebody may leave at the same moment.
    fn begin_from(
        self: &Arc<Self>,
        people: Vec<MemberId>,
        room: &Arc<Room>,
        before: Seq,
        tell: fn(&Arc<Self>, MemberId, &Arc<Room>, Seq),
    ) {
        if people.is_empty() {
            return;
        }
        let (rooms, there, named) = (Arc::clone(self), Arc::clone(room), people.clone());
        self.store.begin_reading(people, room.id, before, move |begun| {
            let begins = |person: &MemberId| {
                let mark = Mark { turn: 0, seq: before };
                rooms.begin_again(*person, there.id, mark).unwrap_or_else(|| begun.contains(person))
            };
            named.into_iter().filter(begins).for_each(|person| tell(&rooms, person, &there, before));
        });
    }

    fn tell_called_in(self: &Arc<Self>, person: MemberId, room: &Arc<Room>, before: Seq) {
        self.show_to(room, person);
        self.remember(person, room, Unread::new(before, before, 0));
        self.has_news_of(room);
    }

    /// A message that was said a while ago names people since. Called in the order of the numbers, after that was noted.
    pub(super) fn call_into_past(self: &Arc<Self>, room: &Arc<Room>, of: Seq, named: Vec<MemberId>) {
        if !room.slug.is_public() {
            return;
        }
        let people = named.into_iter().filter(|person| !room.reads(*person));
        self.begin_from(people.collect(), room, of - 1, Self::tell_called_into_past);
    }

    fn tell_called_into_past(self: &Arc<Self>, person: MemberId, room: &Arc<Room>, before: Seq) {
        self.show_to(room, person);
        let before = Mark { turn: 0, seq: before };
        drop(self.runtime.spawn(Arc::clone(self).tell_unread(person, Arc::clone(room), before)));
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
