//! Direct rooms that somebody has left: they are in the room as before, and it is not in their list until something new is said.

use app::member::MemberId;

use super::events::{KIND_ALSO, KIND_POSTED, KIND_WITHIN, last_seq, place};
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
            Ok(found)
        })
        .await
    }

    /// Hides a room from somebody who is in it, until something is said. `publish` runs in the order of what is said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hide_room(
        &self,
        room: RoomId,
        member: MemberId,
        publish: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE room_member SET hidden_seq = $1 WHERE room_id = $2 AND member_id = $3";
        let act = move |ledger: &mut super::ledger::Ledger| {
            let last = last_seq(&ledger.connection, room)?;
            ledger.connection.prepare_cached(sql)?.execute((last, room.0, member.0)).map(drop)
        };
        self.writer.ask(act, move |()| publish()).await
    }

    /// Shows it to them again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn show_room(&self, room: RoomId, member: MemberId) -> Result<(), StoreError> {
        let sql = "UPDATE room_member SET hidden_seq = NULL WHERE room_id = $1 AND member_id = $2";
        self.write(move |connection| connection.prepare_cached(sql)?.execute((room.0, member.0)).map(drop)).await
    }
}
