//! Changing rooms. Everyone who is admitted sets the topic; a [`Keeper`] does the rest, and only [`Admitted::keeper`] makes one:
//! of a public room it is who made it, of a private one everyone in it, of a direct one nobody. All of it may be asked as fast as
//! one may speak, and is answered with [`Answer::TooFast`] where it is asked faster.

use std::sync::Arc;
use std::time::Instant;

use app::member::{Member, MemberId};
use app::message::{Event, What};
use app::protocol::ServerFrame;
use app::refusal::Refusal;
use app::room::{Choice, RoomKind, RoomName, Slug, Topic};
use app::room_change::RoomChange;

use super::{Admitted, Answer, Left, Room, Rooms};
use crate::names::name_key;

/// Somebody with the right to change a room.
pub struct Keeper(Admitted);

impl Admitted {
    /// The right to change the room.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomNotYours`].
    pub fn keeper(self) -> Result<Keeper, Answer> {
        if self.may_keep() { Ok(Keeper(self)) } else { Err(Answer::Refused(Refusal::RoomNotYours)) }
    }

    /// Whether this person may change the room.
    pub fn may_keep(&self) -> bool {
        match self.room.slug.kind() {
            RoomKind::Public => self.room.about().maker == Some(self.member.id),
            RoomKind::Private => true,
            RoomKind::Direct => false,
        }
    }

    /// Whether this person may delete what others say here, and read what they said before.
    pub fn moderates(&self) -> bool {
        self.room.about().moderator(self.room.slug.kind()) == Some(self.member.id)
    }

    /// Whoever runs the program has given a public room to this person, and all are told.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn becomes_moderator(&self) -> Result<(), Answer> {
        let (rooms, room, me) = (Arc::clone(&self.rooms), Arc::clone(&self.room), self.member.id);
        let publish = move || {
            room.about_mut().maker = Some(me);
            rooms.announce_change(&room);
        };
        Ok(self.rooms.store.give_room(self.room_id(), me, publish).await?)
    }

    /// How many more people may be asked into a private room.
    pub fn members_left(&self) -> Left {
        Left::of(self.rooms.most.members, self.room.about().members.len(), Refusal::RoomMembersFull)
    }

    /// Says what the room is about.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::TopicTooLong`] or [`Refusal::RoomArchived`], [`Answer::Unavailable`].
    pub async fn set_topic(&self, topic: Topic) -> Result<(), Answer> {
        self.rooms.allowance.topic(topic.as_str()).map_err(Answer::Refused)?;
        self.change(RoomChange::Topic { topic: topic.into_string() }, String::new()).await
    }

    /// Puts the room first in this person's list, or back in its place, on all their devices.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn star(&self, starred: bool) -> Result<(), Answer> {
        let (rooms, me) = (Arc::clone(&self.rooms), self.member.id);
        rooms.limits.messages.take(me, Instant::now()).map_err(Answer::TooFast)?;
        let choice = Choice { room: self.slug().clone(), starred };
        // In the writer's order, and for whoever hangs up before the answer, too.
        let publish = move || rooms.tell(&[me], &ServerFrame::Choices { rooms: vec![choice], all: false });
        Ok(self.rooms.store.choose(me, self.room_id(), starred, publish).await?)
    }

    /// Each is an event for everyone in the room, as a message is.
    pub(super) async fn change(&self, change: RoomChange, name_key: String) -> Result<(), Answer> {
        self.rooms.limits.messages.take(self.member.id, Instant::now()).map_err(Answer::TooFast)?;
        let (rooms, room) = (Arc::clone(&self.rooms), Arc::clone(&self.room));
        let publish = move |event| rooms.publish_change(&room, event);
        let (store, most) = (&self.rooms.store, self.rooms.most.members);
        let now_ms = self.rooms.clock.now_ms();
        let changed =
            store.change_room(self.room_id(), self.member.id, (change, name_key), most, now_ms, publish).await?;
        changed.map_err(Answer::Refused)
    }
}

impl Keeper {
    /// Gives the room another name. Its address stays, and so does every link to it.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomNameTooLong`], [`Refusal::RoomNameTaken`] or [`Refusal::RoomArchived`], [`Answer::Unavailable`].
    pub async fn rename(&self, name: RoomName) -> Result<(), Answer> {
        self.0.rooms.allowance.room_name(name.as_str()).map_err(Answer::Refused)?;
        let key = name_key(name.as_str());
        self.0.change(RoomChange::Named { name: name.as_str().to_owned() }, key).await
    }

    /// Lets the room only be read; or, again, be written.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn archive(&self, is_archived: bool) -> Result<(), Answer> {
        let change = if is_archived { RoomChange::Archived {} } else { RoomChange::Restored {} };
        self.0.change(change, String::new()).await
    }

    /// Asks somebody into a private room.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::PersonUnknown`], [`Refusal::PersonIsMember`], [`Refusal::RoomNotYours`] for a room of another
    /// kind, [`Refusal::RoomMembersFull`] or [`Refusal::RoomArchived`], [`Answer::Unavailable`].
    pub async fn invite(&self, name: &str) -> Result<(), Answer> {
        self.must_be_private()?;
        let person = self.0.rooms.person_called(name).await?;
        if self.0.about().members.iter().any(|member| member.id == person.id) {
            return Err(Answer::Refused(Refusal::PersonIsMember));
        }
        self.0.change(RoomChange::Added { who: vec![person] }, String::new()).await
    }

    /// Takes somebody out of a private room, but not who made it.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomNotYours`] or [`Refusal::RoomArchived`], [`Answer::Unavailable`].
    pub async fn remove(&self, member: MemberId) -> Result<(), Answer> {
        self.must_be_private()?;
        let about = self.0.about();
        if about.maker == Some(member) {
            return Err(Answer::Refused(Refusal::RoomNotYours));
        }
        match about.members.into_iter().find(|known| known.id == member) {
            Some(who) => self.0.change(RoomChange::Removed { who }, String::new()).await,
            None => Ok(()),
        }
    }

    fn must_be_private(&self) -> Result<(), Answer> {
        let is_private = self.0.room.slug.kind() == RoomKind::Private;
        if is_private { Ok(()) } else { Err(Answer::Refused(Refusal::RoomNotYours)) }
    }
}

impl Rooms {
    /// Somebody with a session, by their name as the eye compares names.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::PersonUnknown`], [`Answer::Unavailable`].
    pub async fn person_called(&self, name: &str) -> Result<Member, Answer> {
        let key = name_key(name.trim().trim_start_matches('@'));
        self.store.person_called(key).await?.ok_or(Answer::Refused(Refusal::PersonUnknown))
    }

    /// Somebody tries a code, as fast as they may speak.
    ///
    /// # Errors
    /// [`Answer::TooFast`].
    pub fn may_try(&self, member: &Member) -> Result<(), Answer> {
        self.limits.messages.take(member.id, Instant::now()).map_err(Answer::TooFast)
    }

    /// A room changed: from here on it is another, for whoever asks, and who is out of it hears nothing more. Called in the
    /// order of the numbers, after the commit.
    fn publish_change(self: &Arc<Self>, room: &Arc<Room>, event: Event) {
        let What::Room(change) = &event.what else { return };
        // The writer's thread has no tasks of its own, and whoever goes is announced by one.
        let _runtime = self.runtime.enter();
        room.about_mut().take(&event.by, change);
        match change.clone() {
            RoomChange::Removed { who } => self.lose(room, who),
            RoomChange::Left {} => self.lose(room, event.by.clone()),
            RoomChange::Added { who } => who.iter().for_each(|member| self.begin_reading(member.id, room)),
            _ => {}
        }
        self.publish(room, event);
        self.announce_change(room);
    }

    fn lose(self: &Arc<Self>, room: &Arc<Room>, who: Member) {
        let id = who.id;
        let gone = Admitted::new(self, Arc::clone(room), who);
        gone.hear_no_more();
        gone.reads_no_more();
        self.tell(&[id], &ServerFrame::Lost { room: Slug::clone(&room.slug) });
    }
}
