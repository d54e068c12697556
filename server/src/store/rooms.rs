//! Rooms as they are stored.

use app::message::Seq;
use app::room::{RoomName, RoomSummary, Slug};
use rusqlite::{Connection, OptionalExtension, Row};

use super::events::last_seq;
use super::{Store, StoreError};

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
    /// Its name.
    pub name: String,
    /// The number of its last event.
    pub head: Seq,
}

impl StoredRoom {
    /// What the list shows of it.
    pub fn summary(&self, here: usize) -> RoomSummary {
        RoomSummary { slug: self.slug.clone(), name: self.name.clone(), here }
    }
}

impl Store {
    /// All rooms, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rooms(&self) -> Result<Vec<StoredRoom>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id, slug, name FROM room ORDER BY id")?;
            statement.query_map([], |row| room(connection, row))?.collect()
        })
        .await
    }

    /// Makes a room; `None` when one of this name or address, or one that looks like it, is there. `publish` runs once it
    /// is durable.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn create_room(
        &self,
        name: RoomName,
        name_key: String,
        now_ms: i64,
        publish: impl FnOnce(&StoredRoom) + Send + 'static,
    ) -> Result<Option<StoredRoom>, StoreError> {
        let publish = |made: Option<StoredRoom>| made.inspect(publish);
        self.writer.ask(move |ledger| create(&ledger.connection, &name, &name_key, now_ms), publish).await
    }
}

fn create(
    connection: &Connection,
    name: &RoomName,
    name_key: &str,
    now_ms: i64,
) -> rusqlite::Result<Option<StoredRoom>> {
    let sql = "INSERT INTO room (slug, name, name_key, created_ms) VALUES ($1, $2, $3, $4) \
               ON CONFLICT DO NOTHING RETURNING id, slug, name";
    let values = (name.slug().as_str(), name.as_str(), name_key, now_ms);
    connection.prepare_cached(sql)?.query_row(values, |row| room(connection, row)).optional()
}

fn room(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<StoredRoom> {
    let (id, slug): (_, String) = (RoomId(row.get(0)?), row.get(1)?);
    Ok(StoredRoom { id, slug: slug.into(), name: row.get(2)?, head: last_seq(connection, id)? })
}
