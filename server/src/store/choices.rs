//! What people have chosen for rooms.

use app::member::MemberId;
use app::room::{Choice, Slug};

use super::{RoomId, Store, StoreError};

/// How many choices of a person are read at most.
const MAX_CHOICES: i64 = 1_000;

impl Store {
    /// What a person has chosen, wherever it is not what everyone has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn choices(&self, member: MemberId) -> Result<Vec<Choice>, StoreError> {
        let sql = "SELECT r.slug, c.starred, c.muted FROM room_choice c JOIN room r ON r.id = c.room_id WHERE c.member_id = $1 LIMIT $2";
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let choices = statement.query_map((member.0, MAX_CHOICES), |row| {
                let slug: String = row.get(0)?;
                Ok(Choice { room: Slug::from(slug), starred: row.get(1)?, muted: row.get(2)? })
            });
            choices?.collect()
        })
        .await
    }

    /// Notes what a person chooses for a room.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn choose(&self, member: MemberId, room: RoomId, starred: bool, muted: bool) -> Result<(), StoreError> {
        let put = "INSERT INTO room_choice (member_id, room_id, starred, muted) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (member_id, room_id) DO UPDATE SET starred = excluded.starred, muted = excluded.muted";
        let remove = "DELETE FROM room_choice WHERE member_id = $1 AND room_id = $2";
        self.write(move |connection| {
            let done = if starred || muted {
                connection.prepare_cached(put)?.execute((member.0, room.0, starred, muted))
            } else {
                connection.prepare_cached(remove)?.execute((member.0, room.0))
            };
            done.map(drop)
        })
        .await
    }
}
