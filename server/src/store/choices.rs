//! What people have chosen for rooms.

use app::member::MemberId;
use app::room::{Choice, Slug};
use rusqlite::Connection;

use super::ledger::Ledger;
use super::{RoomId, Store, StoreError};

/// How many choices of a person are read at most.
const MAX_CHOICES: i64 = 1_000;

impl Store {
    /// What a person has chosen, wherever it is not what everyone has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn choices(&self, member: MemberId) -> Result<Vec<Choice>, StoreError> {
        self.read(move |connection| choices(connection, member)).await
    }

    /// Notes what a person chooses for a room. `publish` runs once that is durable.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn choose(
        &self,
        member: MemberId,
        room: RoomId,
        starred: bool,
        publish: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let put = "INSERT INTO room_choice (member_id, room_id, starred) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING";
        let remove = "DELETE FROM room_choice WHERE member_id = $1 AND room_id = $2";
        let note = move |ledger: &mut Ledger| {
            let sql = if starred { put } else { remove };
            ledger.connection.prepare_cached(sql)?.execute((member.0, room.0))
        };
        self.writer.ask(note, |_| publish()).await
    }
}

pub(super) fn choices(connection: &Connection, member: MemberId) -> rusqlite::Result<Vec<Choice>> {
    let sql =
        "SELECT r.slug, c.starred FROM room_choice c JOIN room r ON r.id = c.room_id WHERE c.member_id = $1 LIMIT $2";
    let mut statement = connection.prepare_cached(sql)?;
    let choices = statement.query_map((member.0, MAX_CHOICES), |row| {
        let slug: String = row.get(0)?;
        Ok(Choice { room: Slug::from(slug), starred: row.get(1)? })
    });
    choices?.collect()
}
