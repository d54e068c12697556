//! Finding a room or somebody while a name is typed, also in a message. Only what the asker may enter is looked at, and a person is
//! anyone whom they could name; with nothing typed there is what they most likely want to go to.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use app::member::{Member, MemberId};
use app::notices::Level;
use app::room::{RoomKind, RoomSummary, Slug};
use app::text::composed;
use app::text::matching::{Fit, Typed};
use app::unread::Unread;

use super::{Admitted, Answer, Room, Rooms};
use crate::store::{RoomId, StoreError};

/// The longest text that is looked for, in bytes; no name is longer, not even one that was taken apart (NFD).
pub const MAX_SOUGHT_BYTES: usize = 512;
/// How many results there are at most.
const MOST_FOUND: usize = 20;
/// How many people are offered before anything is typed, where what is typed is not asked about.
const MOST_OFFERED: usize = 100;
/// Among so many people, those seen last, somebody is found by a part of their name.
const PEOPLE_LOOKED_AT: usize = 2_000;

/// Something that was found.
#[derive(Clone, Debug)]
pub enum Found {
    /// A room, and what is unread in it; nothing where it is quiet.
    Room(RoomSummary, Unread),
    /// Somebody.
    Person(Member),
}

impl Rooms {
    /// Rooms and people for what somebody has typed, the best first. A person with whom they have a room alone is that room.
    /// With nothing typed there are rooms: unread ones, then those where they were, the latest first, but for the one they come
    /// `from`.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn look_for(&self, me: &Member, typed: &str, from: Option<&Slug>) -> Result<Vec<Found>, Answer> {
        let Some(sought) = self.sought(me.id, typed)? else { return Ok(Vec::new()) };
        let unread = self.unread_of(me.id).await?;
        let rooms = self.for_person(me.id);
        let mut found: Vec<_> =
            rooms.iter().filter_map(|room| ranked(room, me.id, &sought, from, unread.get(&room.id))).collect();
        if !sought.is_empty() {
            let have_room: HashSet<MemberId> = rooms.iter().filter_map(|room| room.shared_alone(me.id)).collect();
            let mut people = self.people(me.id, sought).await?;
            people.retain(|(_, person)| !have_room.contains(&person.id));
            found.extend(people.into_iter().map(|(fit, person)| (Rank::of_person(fit), Found::Person(person))));
        }
        found.sort_by_key(|(rank, _)| *rank);
        Ok(found.into_iter().take(MOST_FOUND).map(|(_, found)| found).collect())
    }

    /// All rooms that somebody may be in and whose names fit what they have typed, the best first, and the archived ones last.
    ///
    /// # Errors
    /// [`Answer::TooFast`].
    pub fn all_that_fit(&self, me: MemberId, typed: &str) -> Result<Vec<RoomSummary>, Answer> {
        let Some(sought) = self.sought(me, typed)? else { return Ok(Vec::new()) };
        let fit = |room: RoomSummary| Some((room.archived, sought.fits(&room.called(Some(me)))?, room));
        let mut rooms: Vec<_> = self.all_listed(me).into_iter().filter_map(fit).collect();
        rooms.sort_by_key(|(is_archived, fit, _)| (*is_archived, *fit));
        Ok(rooms.into_iter().map(|(_, _, room)| room).collect())
    }

    /// People other than me for what somebody has typed, the best first, and those who were seen last before others.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn look_for_people(&self, me: &Member, typed: &str) -> Result<Vec<Member>, Answer> {
        let Some(sought) = self.sought(me.id, typed)? else { return Ok(Vec::new()) };
        Ok(first(self.people(me.id, sought).await?))
    }

    /// Looks for something that is no room and nobody, as often as somebody may.
    ///
    /// # Errors
    /// [`Answer::TooFast`].
    pub fn looks_something_up(&self, me: MemberId) -> Result<(), Answer> {
        self.limits.lookups.take(me, Instant::now()).map_err(Answer::TooFast)
    }

    /// What is looked for, as often as somebody may; `None` where no name can be so long.
    fn sought(&self, me: MemberId, typed: &str) -> Result<Option<Typed>, Answer> {
        self.looks_something_up(me)?;
        let is_possible = typed.len() <= MAX_SOUGHT_BYTES;
        Ok(is_possible.then(|| Typed::new(&composed(typed.trim().trim_start_matches(['#', '@'])))))
    }

    async fn people(&self, me: MemberId, sought: Typed) -> Result<Vec<(Fit, Member)>, StoreError> {
        let mut found = self.store.seen_last(PEOPLE_LOOKED_AT, move |name| sought.fits(name)).await?;
        found.retain(|(_, person)| person.id != me);
        found.sort_by_key(|(fit, _)| *fit);
        Ok(found)
    }

    /// What is unread for somebody in the rooms where they were, but for those that they have quieted.
    pub(super) async fn unread_of(&self, me: MemberId) -> Result<HashMap<RoomId, Unread>, StoreError> {
        let visited = self.connections().people.get(&me).map(|person| person.visited.clone());
        let all: Vec<(RoomId, Unread, Level)> = match visited {
            Some(rooms) => {
                let known = |room: &Arc<Room>| {
                    let readers = room.readers();
                    Some((room.id, readers.now(me, room.head())?, readers.level(me)))
                };
                rooms.values().filter_map(known).collect()
            }
            None => {
                let marks = self.marks_now(self.kept_of(me).await?.1).await?.into_iter();
                marks.map(|(room, unread, level)| (room.id, unread, level.unwrap_or(Level::All))).collect()
            }
        };
        let heard = |unread, level| if level == Level::Nothing { Unread::default() } else { unread };
        Ok(all.into_iter().map(|(id, unread, level)| (id, heard(unread, level))).collect())
    }
}

impl Admitted {
    /// Whom a message may mean here by the beginning of a name, the best first: who is there before who is not, where everyone may
    /// come in.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn people_called(&self, typed: &str) -> Result<Vec<Member>, Answer> {
        let Some(sought) = self.rooms.sought(self.member.id, typed)? else { return Ok(Vec::new()) };
        let is_public = self.room.slug.is_public();
        let near = if is_public { self.room.presence().members() } else { self.room.about().members.clone() };
        let fit = |person: Member| Some((sought.fits(person.name.as_str())?, person));
        let mut found: Vec<_> = near.into_iter().filter_map(fit).collect();
        if is_public {
            let is_near: HashSet<MemberId> = found.iter().map(|(_, person)| person.id).collect();
            let others = self.rooms.people(self.member.id, sought).await?;
            found.extend(others.into_iter().filter(|(_, person)| !is_near.contains(&person.id)));
        }
        found.sort_by_key(|(fit, _)| *fit);
        Ok(first(found))
    }

    /// Who is not in a closed room, of those whom the beginning of a name fits, the best first.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn guests_called(&self, typed: &str) -> Result<Vec<Member>, Answer> {
        let Some(sought) = self.rooms.sought(self.member.id, typed)? else { return Ok(Vec::new()) };
        let members: HashSet<MemberId> = self.room.about().members.iter().map(|member| member.id).collect();
        let mut found = self.rooms.people(self.member.id, sought).await?;
        found.retain(|(_, person)| !members.contains(&person.id));
        Ok(first(found))
    }

    /// Who was seen last of those who are not in a closed room: everyone could find them by their names, too.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn guests_seen_last(&self) -> Result<Vec<Member>, Answer> {
        let members: HashSet<MemberId> = self.room.about().members.iter().map(|member| member.id).collect();
        let seen = self.rooms.store.seen_last(MOST_OFFERED + members.len(), |_| Some(())).await?.into_iter();
        Ok(seen.map(|(_, person)| person).filter(|person| !members.contains(&person.id)).take(MOST_OFFERED).collect())
    }
}

impl Room {
    /// With whom somebody has it to themselves.
    fn shared_alone(&self, me: MemberId) -> Option<MemberId> {
        let about = self.about();
        let is_of_two = self.slug.kind() == RoomKind::Direct && about.members.len() == 2;
        about.members.iter().map(|member| member.id).find(|id| is_of_two && *id != me)
    }
}

/// What comes first: the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    fit: Fit,
    is_archived: bool,
    has_no_mention: bool,
    is_all_read: bool,
    is_new_to_me: bool,
    latest: Reverse<(i64, RoomId)>,
}

impl Rank {
    fn of_person(fit: Fit) -> Self {
        let latest = Reverse((0, RoomId(0)));
        Self { fit, is_archived: false, has_no_mention: true, is_all_read: true, is_new_to_me: true, latest }
    }
}

/// A room that fits, and how it compares with others.
fn ranked(
    room: &Room,
    me: MemberId,
    sought: &Typed,
    from: Option<&Slug>,
    unread: Option<&Unread>,
) -> Option<(Rank, Found)> {
    let summary = room.summary();
    if sought.is_empty() && (summary.archived || from == Some(&room.slug)) {
        return None;
    }
    let rank = Rank {
        fit: sought.fits(&summary.called(Some(me)))?,
        is_archived: summary.archived,
        has_no_mention: unread.is_none_or(|unread| unread.mentions().is_empty()),
        is_all_read: unread.is_none_or(|unread| unread.count() == 0),
        is_new_to_me: unread.is_none() && room.slug.is_public(),
        latest: Reverse((room.latest_ms.load(Ordering::Relaxed), room.id)),
    };
    Some((rank, Found::Room(summary, unread.cloned().unwrap_or_default())))
}

/// The first of those who were found.
fn first(found: Vec<(Fit, Member)>) -> Vec<Member> {
    found.into_iter().take(MOST_FOUND).map(|(_, person)| person).collect()
}
