//! Which messages are pinned: the list of a room's. By whom, their own rows say.

use app::member::Member;
use app::message::{Event, Seq};
use app::quote::Quote;
use rusqlite::Connection;

use super::events::{message, place, room_and_seq};
use super::{RoomId, Store, StoreError};

/// A message that is pinned.
#[derive(Clone, Debug)]
pub struct Pinned {
    /// Its number, its author, and how it begins.
    pub said: Quote,
    /// When it was said, in milliseconds since 1970.
    pub at_ms: i64,
    /// Who pinned it.
    pub by: Member,
    /// The message in whose thread it was said, where it was not said to the room.
    pub thread: Option<Seq>,
    last: Seq,
}

impl Store {
    /// What is pinned in a room, what was pinned last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pins(&self, room: RoomId) -> Result<Vec<Pinned>, StoreError> {
        self.read(move |connection| pins(connection, room)).await
    }

    /// How many messages are pinned in a room.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_pins(&self, room: RoomId) -> Result<usize, StoreError> {
        self.read(move |connection| count(connection, room)).await
    }
}

/// A message is pinned from now on, or no longer. Twice is as good as once. `false` where there are as many already.
pub(super) fn put(connection: &Connection, (room, of): (RoomId, Seq), on: bool, most: usize) -> rusqlite::Result<bool> {
    let message = place(room, of);
    if !on {
        let sql = "DELETE FROM pin WHERE message_id = $1";
        return connection.prepare_cached(sql)?.execute([message]).map(|_| true);
    }
    let is_pinned = connection.prepare_cached("SELECT 1 FROM pin WHERE message_id = $1")?.exists([message])?;
    if is_pinned {
        return Ok(true);
    }
    if count(connection, room)? >= most {
        return Ok(false);
    }
    connection.prepare_cached("INSERT INTO pin (message_id) VALUES ($1)")?.execute([message])?;
    Ok(true)
}

fn count(connection: &Connection, room: RoomId) -> rusqlite::Result<usize> {
    let sql = "SELECT count(*) FROM pin WHERE message_id > $1 AND message_id < $2";
    let range = (place(room, 0), place(room, Seq::MAX));
    let count: i64 = connection.prepare_cached(sql)?.query_row(range, |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

fn pins(connection: &Connection, room: RoomId) -> rusqlite::Result<Vec<Pinned>> {
    let sql = "SELECT message_id FROM pin WHERE message_id > $1 AND message_id < $2";
    let mut ask = connection.prepare_cached(sql)?;
    let places = ask.query_map((place(room, 0), place(room, Seq::MAX)), |row| row.get(0))?;
    let mut pins = Vec::new();
    for place in places.collect::<Result<Vec<i64>, _>>()? {
        pins.extend(message(connection, room, room_and_seq(place).1)?.and_then(|event| pinned(&event)));
    }
    pins.sort_by_key(|pin| std::cmp::Reverse(pin.last));
    Ok(pins)
}

fn pinned(event: &Event) -> Option<Pinned> {
    let pin = &event.beside()?.pin;
    let (said, thread) = (Quote::new(event)?, event.thread_alone());
    Some(Pinned { said, at_ms: event.at_ms, by: pin.by.clone()?, thread, last: pin.last })
}
