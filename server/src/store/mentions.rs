//! Whom messages mean, for counting, and whose names are called.

use std::collections::HashMap;

use app::member::MemberId;
use app::message::Seq;
use app::unread::MAX_COUNTED;
use rusqlite::{Connection, OptionalExtension};

use super::events::{place, room_and_seq};
use super::{RoomId, Store, StoreError};
use crate::markup::Meant;

/// Stands for all people of a room.
const EVERYONE: i64 = 0;

/// Whose names are called, by the key of the name as the eye compares names; with the name itself.
pub type Called = HashMap<String, (MemberId, String)>;

impl Store {
    /// Who of the people with these names may read a room.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn called(&self, room: RoomId, keys: Vec<String>) -> Result<Called, StoreError> {
        // A public room is open to everyone, a closed one (its address begins with a sign) to its members.
        let sql = "SELECT m.id, m.name FROM member m WHERE m.name_key = $1 AND \
                   ((SELECT substr(slug, 1, 1) NOT IN ('~', '_') FROM room WHERE id = $2) \
                    OR EXISTS (SELECT 1 FROM room_member r WHERE r.room_id = $2 AND r.member_id = m.id))";
        self.read(move |connection| {
            let mut ask = connection.prepare_cached(sql)?;
            let mut called = Called::new();
            for key in keys {
                let found = ask.query_row((&key, room.0), |row| Ok((MemberId(row.get(0)?), row.get(1)?))).optional()?;
                found.into_iter().for_each(|person| drop(called.insert(key.clone(), person)));
            }
            Ok(called)
        })
        .await
    }

    /// How many people a room has, counted up to a number: all who were there and have not left it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn people_of(&self, room: RoomId, up_to: usize) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM read_mark WHERE room_id = $1 LIMIT $2)";
        let count = move |connection: &Connection| {
            connection.prepare_cached(sql)?.query_row((room.0, up_to as i64), |row| row.get::<_, i64>(0))
        };
        Ok(usize::try_from(self.read(count).await?).unwrap_or_default())
    }
}

/// A message means these people from now on, and nobody else.
pub(super) fn note(connection: &Connection, message: i64, meant: &Meant, is_new: bool) -> rusqlite::Result<()> {
    if !is_new {
        connection.prepare_cached("DELETE FROM mention WHERE message_id = $1")?.execute([message])?;
    }
    if meant.is_nobody() {
        return Ok(());
    }
    let mut put = connection.prepare_cached("INSERT INTO mention (member_id, message_id) VALUES ($1, $2)")?;
    let everyone = meant.is_everyone().then_some(EVERYONE);
    let people = meant.people().iter().map(|id| id.0);
    everyone.into_iter().chain(people).try_for_each(|id| put.execute((id, message)).map(drop))
}

/// The messages of others that mean somebody, after one number and up to another, in order; the latest where there are many.
pub(super) fn unread(
    connection: &Connection,
    room: RoomId,
    member: MemberId,
    (read, head): (Seq, Seq),
) -> rusqlite::Result<Vec<Seq>> {
    let sql = "SELECT DISTINCT m.message_id FROM mention m JOIN event e ON e.id = m.message_id \
               WHERE m.member_id IN ($1, $2) AND m.message_id > $3 AND m.message_id <= $4 AND e.author_id <> $1 \
               ORDER BY m.message_id DESC LIMIT $5";
    let values = (member.0, EVERYONE, place(room, read), place(room, head), MAX_COUNTED as i64);
    let mut ask = connection.prepare_cached(sql)?;
    let found = ask.query_map(values, |row| Ok(room_and_seq(row.get(0)?).1))?;
    let mut found: Vec<Seq> = found.collect::<Result<_, _>>()?;
    found.reverse();
    Ok(found)
}
