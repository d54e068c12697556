//! Rooms as they are stored: what they are called and about, who made them, and who may be in them.

use app::member::{Member, MemberId};
use app::message::{Event, Seq, What};
use app::refusal::Refusal;
use app::room::{RoomKind, RoomName, RoomSummary, Slug};
use app::room_change::RoomChange;
use rusqlite::{Connection, OptionalExtension, Row};

use super::days::at_ms;
use super::events::{append_by, last_seq, name};
use super::ledger::Ledger;
use super::{Store, StoreError};

/// What the key of a closed room's name begins with: no name has it, so a closed room takes no name from anyone.
const CLOSED: char = '\u{1}';
/// How many addresses are tried for a name whose own was another room's before.
const MAX_TRIED: u32 = 1_000;

/// A room's number in the store; it never leaves the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(pub i64);

/// A room with the number of its last event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRoom {
    /// Its number.
    pub id: RoomId,
    /// Its address.
    pub slug: Slug,
    /// The number of its last event.
    pub head: Seq,
    /// When that was, or when it was made, in milliseconds since 1970.
    pub latest_ms: i64,
    /// What can change of it.
    pub about: About,
}

/// What can change of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its name; nothing for a direct room.
    pub name: String,
    /// What it is about.
    pub topic: String,
    /// Who made it, where that is known.
    pub maker: Option<MemberId>,
    /// Whether it can only be read.
    pub is_archived: bool,
    /// Who may be in a private or direct room, by their numbers.
    pub members: Vec<Member>,
}

/// A room to make, by whom, and how many they may make.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// Its address: where there is a name it may get a number.
    pub slug: Slug,
    /// Its name; nothing for a direct room.
    pub name: String,
    /// The name as the eye compares names.
    pub name_key: String,
    /// Who makes it, if it is somebody.
    pub maker: Option<MemberId>,
    /// Who is in it from the start, where it is closed.
    pub members: Vec<MemberId>,
    /// How many rooms of this kind a person may have made.
    pub most: usize,
    /// When.
    pub now_ms: i64,
}

impl StoredRoom {
    /// What the list shows of it.
    pub fn summary(&self, here: usize) -> RoomSummary {
        self.about.summary(&self.slug, here)
    }
}

impl About {
    /// What the list shows of the room at this address.
    pub fn summary(&self, slug: &Slug, here: usize) -> RoomSummary {
        let people = if slug.kind() == RoomKind::Direct { self.members.clone() } else { Vec::new() };
        let moderator = self.moderator(slug.kind());
        let plain = RoomSummary::new(slug.clone(), self.name.clone(), here);
        RoomSummary { archived: self.is_archived, people, moderator, ..plain }
    }

    /// Who may delete what others say in a room of this kind, and read what they said before: who made it. In a direct room nobody may.
    pub fn moderator(&self, kind: RoomKind) -> Option<MemberId> {
        self.maker.filter(|_| kind != RoomKind::Direct)
    }

    /// Takes what somebody did to the room.
    pub fn take(&mut self, by: &Member, change: &RoomChange) {
        match change {
            RoomChange::Named { name } => self.name.clone_from(name),
            RoomChange::Topic { topic } => self.topic.clone_from(topic),
            RoomChange::Archived {} => self.is_archived = true,
            RoomChange::Restored {} => self.is_archived = false,
            RoomChange::Added { who } => {
                self.members.extend(who.iter().cloned());
                self.members.sort_by_key(|member| member.id.0);
            }
            RoomChange::Removed { who } => self.members.retain(|member| member.id != who.id),
            RoomChange::Left {} => self.members.retain(|member| member.id != by.id),
        }
    }
}

impl Store {
    /// All rooms, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rooms(&self) -> Result<Vec<StoredRoom>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT id, slug, name, topic, maker_id, archived_ms, created_ms FROM room ORDER BY id";
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map([], |row| room(connection, row))?.collect()
        })
        .await
    }

    /// Makes a room. `publish` runs once it is durable. Refused with [`Refusal::RoomNameTaken`] when one of this name or
    /// address, or one that looks like it, is there, and with [`Refusal::RoomsMadeTooMany`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn create_room(
        &self,
        new: NewRoom,
        publish: impl FnOnce(&StoredRoom) + Send + 'static,
    ) -> Result<Result<StoredRoom, Refusal>, StoreError> {
        self.make(create, new, publish).await
    }

    /// The room of these people, who are all in it from now on: the one that they have, or a new one at this address. `publish`
    /// runs once it is durable. Refused with [`Refusal::PersonUnknown`] and [`Refusal::RoomsMadeTooMany`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn direct_room(
        &self,
        new: NewRoom,
        publish: impl FnOnce(&StoredRoom) + Send + 'static,
    ) -> Result<Result<StoredRoom, Refusal>, StoreError> {
        self.make(find_direct, new, publish).await
    }

    async fn make(
        &self,
        act: fn(&mut Ledger, &NewRoom) -> rusqlite::Result<Result<StoredRoom, Refusal>>,
        new: NewRoom,
        publish: impl FnOnce(&StoredRoom) + Send + 'static,
    ) -> Result<Result<StoredRoom, Refusal>, StoreError> {
        let publish = |made: Result<StoredRoom, Refusal>| made.inspect(publish);
        self.writer.ask(move |ledger| ledger.in_savepoint(|ledger| act(ledger, &new)), publish).await
    }

    /// Does something to a room under its next number; nothing when that changes nothing. Whoever is added and is there
    /// already is left out. `publish` runs in the order of the numbers.
    ///
    /// Refused with [`Refusal::RoomUnknown`] to somebody who is not in it, [`Refusal::RoomArchived`],
    /// [`Refusal::RoomNameTaken`], and [`Refusal::RoomMembersFull`] for more members than `most`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change_room(
        &self,
        room: RoomId,
        by: MemberId,
        (change, name_key): (RoomChange, String),
        most: usize,
        now_ms: i64,
        publish: impl FnOnce(Event) + Send + 'static,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let act = move |ledger: &mut Ledger| {
            ledger.in_savepoint(|ledger| alter(ledger, room, by, change, &name_key, most, now_ms))
        };
        let publish =
            |changed: Result<Option<Event>, Refusal>| changed.map(|event| event.map(publish).unwrap_or_default());
        self.writer.ask(act, publish).await
    }

    /// The person with a session who has this name, as the eye compares names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn person_called(&self, name_key: String) -> Result<Option<Member>, StoreError> {
        self.read(move |connection| {
            let sql = "SELECT id, name FROM member WHERE name_key = $1 AND door = 0";
            connection.prepare_cached(sql)?.query_row([name_key], member).optional()
        })
        .await
    }

    /// How many rooms somebody has made: direct ones, or those with a name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rooms_made(&self, maker: MemberId, is_direct: bool) -> Result<usize, StoreError> {
        self.read(move |connection| has_made(connection, maker, is_direct)).await
    }

    /// A room is somebody's from now on, as if they had made it. `publish` runs in the order of what is said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn give_room(
        &self,
        room: RoomId,
        member: MemberId,
        publish: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        // Whoever has a room stays, and nobody else gets their number.
        let act = move |ledger: &mut Ledger| {
            ledger.in_savepoint(|ledger| {
                ledger.connection.execute("UPDATE member SET wrote = 1 WHERE id = $1", [member.0])?;
                ledger.connection.execute("UPDATE room SET maker_id = $1 WHERE id = $2", (member.0, room.0)).map(drop)
            })
        };
        self.writer.ask(act, move |()| publish()).await
    }

    /// The person with a session of this number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn person(&self, id: MemberId) -> Result<Option<Member>, StoreError> {
        self.read(move |connection| {
            let sql = "SELECT id, name FROM member WHERE id = $1 AND door = 0";
            connection.prepare_cached(sql)?.query_row([id.0], member).optional()
        })
        .await
    }
}

fn create(ledger: &mut Ledger, new: &NewRoom) -> rusqlite::Result<Result<StoredRoom, Refusal>> {
    let connection = &ledger.connection;
    let is_direct = new.slug.kind() == app::room::RoomKind::Direct;
    if let Some(maker) = new.maker
        && has_made(connection, maker, is_direct)? >= new.most
    {
        return Ok(Err(Refusal::RoomsMadeTooMany));
    }
    let key = if new.slug.is_public() { new.name_key.clone() } else { format!("{CLOSED}{}", new.slug) };
    if connection.prepare_cached("SELECT 1 FROM room WHERE name_key = $1")?.exists([&key])? {
        return Ok(Err(Refusal::RoomNameTaken));
    }
    let Some(slug) = free_slug(connection, &new.slug)? else { return Ok(Err(Refusal::RoomNameTaken)) };
    let sql = "INSERT INTO room (slug, name, name_key, created_ms, maker_id, people) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    let people = is_direct.then(|| people_of(&new.members));
    let maker = new.maker.map(|maker| maker.0);
    let values = (slug.as_str(), &new.name, &key, new.now_ms, maker, people);
    let id = RoomId(connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?);
    for member in &new.members {
        add(connection, id, *member)?;
    }
    stored(connection, id).map(Ok)
}

fn find_direct(ledger: &mut Ledger, new: &NewRoom) -> rusqlite::Result<Result<StoredRoom, Refusal>> {
    let connection = &ledger.connection;
    for member in &new.members {
        let mut ask = connection.prepare_cached("SELECT 1 FROM member WHERE id = $1 AND door = 0")?;
        if !ask.exists([member.0])? {
            return Ok(Err(Refusal::PersonUnknown));
        }
    }
    let mut ask = connection.prepare_cached("SELECT id FROM room WHERE people = $1")?;
    let known = ask.query_row([people_of(&new.members)], |row| row.get(0).map(RoomId)).optional()?;
    drop(ask);
    let Some(id) = known else { return create(ledger, new) };
    for member in &new.members {
        add(connection, id, *member)?;
    }
    stored(connection, id).map(Ok)
}

fn has_made(connection: &Connection, maker: MemberId, is_direct: bool) -> rusqlite::Result<usize> {
    let sql = "SELECT count(*) FROM room WHERE maker_id = $1 AND (people IS NOT NULL) = $2";
    let made: i64 = connection.prepare_cached(sql)?.query_row((maker.0, is_direct), |row| row.get(0))?;
    Ok(usize::try_from(made).unwrap_or_default())
}

/// The address that a name asks for. A room that had it and has another name now keeps it; then it is the next one with a
/// number. `None` when a room of just this name has it.
fn free_slug(connection: &Connection, slug: &Slug) -> rusqlite::Result<Option<Slug>> {
    let mut ask = connection.prepare_cached("SELECT name FROM room WHERE slug = $1")?;
    let mut holder = |slug: &Slug| ask.query_row([slug.as_str()], |row| row.get::<_, String>(0)).optional();
    match holder(slug)? {
        None => return Ok(Some(slug.clone())),
        Some(name)
            if RoomName::new(&name).is_ok_and(|name| name.slug() == slug)
                || name == RoomName::of_first_room().as_str() =>
        {
            return Ok(None);
        }
        Some(_) => {}
    }
    for number in 2..MAX_TRIED {
        let numbered = slug.numbered(number);
        if holder(&numbered)?.is_none() {
            return Ok(Some(numbered));
        }
    }
    Ok(None)
}

fn people_of(members: &[MemberId]) -> String {
    let mut ids: Vec<i64> = members.iter().map(|member| member.0).collect();
    ids.sort_unstable();
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// Whoever is in a closed room is not forgotten.
fn add(connection: &Connection, room: RoomId, member: MemberId) -> rusqlite::Result<bool> {
    connection.prepare_cached("UPDATE member SET wrote = 1 WHERE id = $1")?.execute([member.0])?;
    let sql = "INSERT INTO room_member (room_id, member_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let is_new = connection.prepare_cached(sql)?.execute((room.0, member.0))? == 1;
    // What is said from now on is unread for them, though they have never been there.
    let sql = "INSERT INTO read_mark (member_id, room_id, seq) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute((member.0, room.0, last_seq(connection, room)?))?;
    Ok(is_new)
}

fn remove(connection: &Connection, room: RoomId, member: MemberId) -> rusqlite::Result<bool> {
    let sql = "DELETE FROM room_member WHERE room_id = $1 AND member_id = $2";
    Ok(connection.prepare_cached(sql)?.execute((room.0, member.0))? == 1)
}

fn alter(
    ledger: &mut Ledger,
    room: RoomId,
    by: MemberId,
    change: RoomChange,
    name_key: &str,
    most: usize,
    now_ms: i64,
) -> rusqlite::Result<Result<Option<Event>, Refusal>> {
    let is_about_archive = matches!(change, RoomChange::Restored {} | RoomChange::Archived {} | RoomChange::Left {});
    match ledger.refuses(room, by)? {
        Some(Refusal::RoomArchived) if is_about_archive => {}
        Some(why) => return Ok(Err(why)),
        None => {}
    }
    let change = match altered(&ledger.connection, room, by, change, name_key, most, now_ms)? {
        Ok(Some(change)) => change,
        Ok(None) => return Ok(Ok(None)),
        Err(why) => return Ok(Err(why)),
    };
    ledger.forget_rule(room);
    Ok(append_by(ledger, room, by, What::Room(change), now_ms)?.map(Some).ok_or(Refusal::RoomUnknown))
}

/// Brings the room's row up to date; `None` where nothing changes.
fn altered(
    connection: &Connection,
    room: RoomId,
    by: MemberId,
    change: RoomChange,
    name_key: &str,
    most: usize,
    now_ms: i64,
) -> rusqlite::Result<Result<Option<RoomChange>, Refusal>> {
    let is_done = match &change {
        RoomChange::Named { name } => {
            let mut taken = connection.prepare_cached("SELECT 1 FROM room WHERE name_key = $1 AND id <> $2")?;
            if taken.exists((name_key, room.0))? {
                return Ok(Err(Refusal::RoomNameTaken));
            }
            // A closed room keeps the key that is nobody's name.
            let sql = "UPDATE room SET name = $1, name_key = CASE WHEN substr(slug, 1, 1) IN ('~', '_') THEN name_key ELSE $2 END \
                       WHERE id = $3 AND name <> $1";
            connection.prepare_cached(sql)?.execute((name, name_key, room.0))?
        }
        RoomChange::Topic { topic } => {
            let sql = "UPDATE room SET topic = $1 WHERE id = $2 AND topic <> $1";
            connection.prepare_cached(sql)?.execute((topic, room.0))?
        }
        RoomChange::Archived {} => {
            let sql = "UPDATE room SET archived_ms = $1 WHERE id = $2 AND archived_ms IS NULL";
            connection.prepare_cached(sql)?.execute((now_ms, room.0))?
        }
        RoomChange::Restored {} => {
            let sql = "UPDATE room SET archived_ms = NULL WHERE id = $1 AND archived_ms IS NOT NULL";
            connection.prepare_cached(sql)?.execute([room.0])?
        }
        RoomChange::Added { who } => return added(connection, room, who, most),
        RoomChange::Removed { who } => usize::from(remove(connection, room, who.id)?),
        RoomChange::Left {} => usize::from(remove(connection, room, by)?),
    };
    Ok(Ok((is_done > 0).then_some(change)))
}

fn added(
    connection: &Connection,
    room: RoomId,
    who: &[Member],
    most: usize,
) -> rusqlite::Result<Result<Option<RoomChange>, Refusal>> {
    let mut new = Vec::new();
    for member in who {
        if add(connection, room, member.id)? {
            new.push(member.clone());
        }
    }
    let sql = "SELECT count(*) FROM room_member WHERE room_id = $1";
    let count: i64 = connection.prepare_cached(sql)?.query_row([room.0], |row| row.get(0))?;
    if usize::try_from(count).unwrap_or_default() > most {
        for member in &new {
            remove(connection, room, member.id)?;
        }
        return Ok(Err(Refusal::RoomMembersFull));
    }
    Ok(Ok((!new.is_empty()).then_some(RoomChange::Added { who: new })))
}

fn stored(connection: &Connection, id: RoomId) -> rusqlite::Result<StoredRoom> {
    let sql = "SELECT id, slug, name, topic, maker_id, archived_ms, created_ms FROM room WHERE id = $1";
    connection.prepare_cached(sql)?.query_row([id.0], |row| room(connection, row))
}

fn room(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<StoredRoom> {
    let (id, slug): (_, String) = (RoomId(row.get(0)?), row.get(1)?);
    let about = About {
        name: row.get(2)?,
        topic: row.get(3)?,
        maker: row.get::<_, Option<i64>>(4)?.map(MemberId),
        is_archived: row.get::<_, Option<i64>>(5)?.is_some(),
        members: members(connection, id)?,
    };
    let head = last_seq(connection, id)?;
    let latest_ms = at_ms(connection, id, head)?.unwrap_or(row.get(6)?);
    Ok(StoredRoom { id, slug: slug.into(), head, latest_ms, about })
}

fn members(connection: &Connection, room: RoomId) -> rusqlite::Result<Vec<Member>> {
    let sql =
        "SELECT m.id, m.name FROM room_member r JOIN member m ON m.id = r.member_id WHERE r.room_id = $1 ORDER BY m.id";
    connection.prepare_cached(sql)?.query_map([room.0], member)?.collect()
}

fn member(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member { id: MemberId(row.get(0)?), name: name(row, 1)? })
}
