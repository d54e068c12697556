//! The threads that somebody follows, in whatever rooms.

use app::member::MemberId;
use app::message::Event;

use super::events::{message, room_and_seq};
use super::{RoomId, Store, StoreError};

/// Of so many threads the newest are looked for.
const MOST_LOOKED_AT: i64 = 2_000;

impl Store {
    /// The messages on which they hang, at most so many: what was last replied to comes first. Only of rooms of which `may_read`
    /// is told.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn followed(
        &self,
        me: MemberId,
        most: usize,
        may_read: impl Fn(RoomId) -> bool + Send + 'static,
    ) -> Result<Vec<(RoomId, Event)>, StoreError> {
        let sql = "SELECT f.message_id, coalesce((SELECT e.at_ms FROM event e WHERE e.message_id = f.message_id AND e.kind IN (8, 9) \
                   ORDER BY e.id DESC LIMIT 1), 0) AS last_ms FROM thread_follower f WHERE f.member_id = $1 AND f.follows \
                   ORDER BY last_ms DESC, f.message_id DESC LIMIT $2";
        self.read(move |connection| {
            let mut ask = connection.prepare_cached(sql)?;
            let mut rows = ask.query((me.0, MOST_LOOKED_AT))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()?.filter(|_| found.len() < most) {
                let (room, seq) = room_and_seq(row.get(0)?);
                if may_read(room) {
                    found.extend(message(connection, room, seq)?.map(|message| (room, message)));
                }
            }
            Ok(found)
        })
        .await
    }
}
