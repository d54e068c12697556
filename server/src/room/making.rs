//! Making rooms: public ones for everyone, private ones, and the one room that the same people always have.

use std::sync::{Arc, PoisonError};
use std::time::Instant;

use app::member::{Member, MemberId};
use app::protocol::ServerFrame;
use app::refusal::Refusal;
use app::room::{MAX_DIRECT, RoomKind, RoomName, RoomSummary, Slug};

use super::{Answer, Room, Rooms};
use crate::limits::Address;
use crate::names::name_key;
use crate::random;
use crate::store::{NewRoom, StoredRoom};

/// How many of something there may be.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// Public and private rooms on the server.
    pub rooms: usize,
    /// Public and private rooms that one person makes.
    pub rooms_of_person: usize,
    /// Direct rooms that one person starts.
    pub direct_rooms_of_person: usize,
    /// Members of a private room.
    pub members: usize,
    /// Messages that are pinned to a room.
    pub pins: usize,
}

/// How many more of something there may be, and what is said when there may be none.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// So many.
    pub count: usize,
    /// Why no more.
    pub why: Refusal,
}

impl Left {
    pub(super) fn of(most: usize, there: usize, why: Refusal) -> Self {
        Self { count: most.saturating_sub(there), why }
    }
}

/// Of what kind a room with a name is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For everyone.
    Public,
    /// For its members.
    Private,
}

impl Rooms {
    /// Makes a room for somebody who comes from this address.
    ///
    /// # Errors
    /// As [`Rooms::create`], and [`Answer::TooFast`].
    pub async fn create_for(
        self: &Arc<Self>,
        address: Address,
        maker: &Member,
        kind: Kind,
        name: RoomName,
    ) -> Result<RoomSummary, Answer> {
        self.limits.arrivals.take(address, Instant::now()).map_err(Answer::TooFast)?;
        self.create(Some(maker.id), kind, name).await
    }

    /// Makes a room.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomNameTooLong`], [`Refusal::RoomNameTaken`], [`Refusal::RoomsFull`] or [`Refusal::RoomsMadeTooMany`],
    /// [`Answer::Unavailable`].
    pub async fn create(
        self: &Arc<Self>,
        maker: Option<MemberId>,
        kind: Kind,
        name: RoomName,
    ) -> Result<RoomSummary, Answer> {
        self.allowance.room_name(name.as_str()).map_err(Answer::Refused)?;
        if self.count_named() >= self.most.rooms {
            return Err(Answer::Refused(Refusal::RoomsFull));
        }
        let new = NewRoom {
            slug: match kind {
                Kind::Public => name.slug().clone(),
                Kind::Private => unguessable(RoomKind::Private),
            },
            name_key: name_key(name.as_str()),
            name: name.as_str().to_owned(),
            maker,
            members: maker.filter(|_| kind == Kind::Private).into_iter().collect(),
            most: self.most.rooms_of_person,
            now_ms: self.clock.now_ms(),
        };
        // On the writer's side, for whoever asked may hang up before the answer.
        let rooms = Arc::clone(self);
        let stored = self.store.create_room(new, move |stored| rooms.open(stored)).await?;
        stored.map(|stored| stored.summary(0)).map_err(Answer::Refused)
    }

    /// The room of these people, me among them: the one that they have, or a new one. All of them are in it from now on.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::DirectCount`], [`Refusal::PersonUnknown`] or [`Refusal::RoomsMadeTooMany`],
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn direct(
        self: &Arc<Self>,
        address: Address,
        me: &Member,
        others: &[MemberId],
    ) -> Result<RoomSummary, Answer> {
        let mut members: Vec<MemberId> = others.iter().copied().chain([me.id]).collect();
        members.sort_unstable_by_key(|member| member.0);
        members.dedup();
        if !(2..=MAX_DIRECT).contains(&members.len()) {
            return Err(Answer::Refused(Refusal::DirectCount));
        }
        self.limits.arrivals.take(address, Instant::now()).map_err(Answer::TooFast)?;
        let new = NewRoom {
            slug: unguessable(RoomKind::Direct),
            name: String::new(),
            name_key: String::new(),
            maker: Some(me.id),
            members,
            most: self.most.direct_rooms_of_person,
            now_ms: self.clock.now_ms(),
        };
        let rooms = Arc::clone(self);
        let stored = self.store.direct_room(new, move |stored| rooms.open(stored)).await?.map_err(Answer::Refused)?;
        self.admit(me, &stored.slug)?.unhide().await?;
        Ok(stored.summary(0))
    }

    /// How many more public and private rooms somebody may make.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn rooms_left(&self, maker: MemberId) -> Result<Left, Answer> {
        let made = self.store.rooms_made(maker, false).await?;
        let own = Left::of(self.most.rooms_of_person, made, Refusal::RoomsMadeTooMany);
        let all = Left::of(self.most.rooms, self.count_named(), Refusal::RoomsFull);
        Ok(if all.count < own.count { all } else { own })
    }

    /// How many more direct rooms somebody may start.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn direct_rooms_left(&self, maker: MemberId) -> Result<Left, Answer> {
        let made = self.store.rooms_made(maker, true).await?;
        Ok(Left::of(self.most.direct_rooms_of_person, made, Refusal::RoomsMadeTooMany))
    }

    /// How many public and private rooms there are.
    fn count_named(&self) -> usize {
        let by_slug = self.by_slug.read().unwrap_or_else(PoisonError::into_inner);
        by_slug.keys().filter(|slug| slug.kind() != RoomKind::Direct).count()
    }

    /// A room is there from now on, or its people are in it again.
    fn open(&self, stored: &StoredRoom) {
        let mut is_new = false;
        let room = {
            let mut by_slug = self.by_slug.write().unwrap_or_else(PoisonError::into_inner);
            let new = || {
                is_new = true;
                Arc::new(Room::new(stored.clone()))
            };
            Arc::clone(by_slug.entry(stored.slug.clone()).or_insert_with(new))
        };
        room.about_mut().members.clone_from(&stored.about.members);
        if room.slug.is_public() {
            self.announce(&room);
        } else {
            let members: Vec<MemberId> = stored.about.members.iter().map(|member| member.id).collect();
            if is_new {
                members.iter().for_each(|member| self.begin_reading(*member, &room));
            }
            let seeing: Vec<MemberId> = members.into_iter().filter(|member| room.is_listed_for(*member)).collect();
            self.tell(&seeing, &ServerFrame::Room(room.summary()));
        }
    }
}

/// An address that nobody can guess, nor make with a name.
fn unguessable(kind: RoomKind) -> Slug {
    Slug::closed(kind, &random::hex::<12>())
}
