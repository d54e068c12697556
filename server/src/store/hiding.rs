//! Rooms that somebody has left and that are not in their list: a direct one until something new is said there, for they are in it
//! as before; a public one until they go there, or are called.

use app::member::MemberId;
use rusqlite::Connection;

use super::events::{KIND_ALSO, KIND_POSTED, KIND_WITHIN, last_seq, place};
use super::ledger::Ledger;
use super::{RoomId, Store, StoreError};

impl Store {
    /// Which rooms are hidden from whom.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hidden_rooms(&self) -> Result<Vec<(RoomId, MemberId)>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT room_id, member_id, hidden_seq FROM room_member WHERE hidden_seq IS NOT NULL";
            let said = format!(
                "SELECT 1 FROM event WHERE id > $1 AND id < $2 AND kind IN ({KIND_POSTED}, {KIND_WITHIN}, {KIND_ALSO})"
            );
            let (mut hidden, mut said) = (connection.prepare_cached(sql)?, connection.prepare_cached(&said)?);
            let mut rows = hidden.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let (room, member) = (RoomId(row.get(0)?), MemberId(row.get(1)?));
                if !said.exists((place(room, row.get(2)?), place(room, i64::MAX)))? {
                    found.push((room, member));
                }
            }
            let mut left = connection.prepare_cached("SELECT room_id, member_id FROM left_room")?;
            let rows = left.query_map([], |row| Ok((RoomId(row.get(0)?), MemberId(row.get(1)?))))?;
            rows.into_iter().try_for_each(|row| row.map(|row| found.push(row)))?;
            Ok(found)
        })
        .await
    }

    /// Hides a room from somebody who leaves it. `publish` runs in the order of what is said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hide_room(
        &self,
        (room, is_public): (RoomId, bool),
        member: MemberId,
        publish: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let act = move |ledger: &mut Ledger| {
            let connection = &ledger.connection;
            if is_public {
                let sql = "INSERT INTO left_room (room_id, member_id) SELECT $1, $2 \
                           WHERE EXISTS (SELECT 1 FROM member WHERE id = $2) ON CONFLICT DO NOTHING";
                return connection.prepare_cached(sql)?.execute((room.0, member.0)).map(drop);
            }
            let sql = "UPDATE room_member SET hidden_seq = $1 WHERE room_id = $2 AND member_id = $3";
            let last = last_seq(connection, room)?;
            connection.prepare_cached(sql)?.execute((last, room.0, member.0)).map(drop)
        };
        self.writer.ask(act, move |()| publish()).await
    }

    /// Shows it to them again. `publish` runs in the order of what is said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn show_room(
        &self,
        room: RoomId,
        member: MemberId,
        publish: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        self.writer.ask(move |ledger| show(ledger, room, member), move |()| publish()).await
    }
}

fn show(ledger: &mut Ledger, room: RoomId, member: MemberId) -> rusqlite::Result<()> {
    ledger.in_savepoint(|ledger| {
        let sql = "UPDATE room_member SET hidden_seq = NULL WHERE room_id = $1 AND member_id = $2";
        ledger.connection.prepare_cached(sql)?.execute((room.0, member.0))?;
        comes_back(&ledger.connection, room, member).map(drop)
    })
}

/// Somebody is in a public room again. Whether they had left it.
pub(super) fn comes_back(connection: &Connection, room: RoomId, member: MemberId) -> rusqlite::Result<bool> {
    let sql = "DELETE FROM left_room WHERE room_id = $1 AND member_id = $2";
    Ok(connection.prepare_cached(sql)?.execute((room.0, member.0))? > 0)
}
