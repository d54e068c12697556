//! What messages said before they were changed.

use app::member::MemberId;
use app::message::{Event, Seq, What};
use rusqlite::{Connection, OptionalExtension};

use super::events::{message, place};
use super::{RoomId, Store, StoreError};

/// How many changes of a message are read at most; the latest where there are more.
pub(crate) const MAX_VERSIONS: usize = 50;

/// A message and what it said, the newest version first.
#[derive(Clone, Debug)]
pub struct Versions {
    /// Whose it is.
    pub author: MemberId,
    /// When each was written, in milliseconds since 1970, and its text.
    pub each: Vec<(i64, String)>,
    /// Whether there are more between the first one and the others.
    pub has_more: bool,
}

impl Store {
    /// What a message says and said; `None` where there is none of this number, or it is deleted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn versions(&self, room: RoomId, seq: Seq) -> Result<Option<Versions>, StoreError> {
        self.read(move |connection| {
            let message = message(connection, room, seq)?.filter(|message| !message.is_deleted());
            message.map(|message| versions(connection, room, &message)).transpose()
        })
        .await
    }
}

/// The text of a message is about to become another: the one that it had first is kept.
pub(super) fn keep_first(connection: &Connection, message: i64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO first_text (message_id, body) SELECT id, body FROM event WHERE id = $1 AND edited_ms IS NULL \
               ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute([message]).map(drop)
}

fn versions(connection: &Connection, room: RoomId, message: &Event) -> rusqlite::Result<Versions> {
    let at = place(room, message.seq);
    let sql = "SELECT at_ms, body FROM event WHERE message_id = $1 AND kind = 3 ORDER BY id DESC LIMIT $2";
    let mut ask = connection.prepare_cached(sql)?;
    let edits = ask.query_map((at, MAX_VERSIONS as i64 + 1), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut each: Vec<(i64, String)> = edits.collect::<Result<_, _>>()?;
    let has_more = each.len() > MAX_VERSIONS;
    each.truncate(MAX_VERSIONS);
    let first = connection.prepare_cached("SELECT body FROM first_text WHERE message_id = $1")?;
    let first = { first }.query_row([at], |row| row.get(0)).optional()?;
    let now = || if let What::Posted { text, .. } = &message.what { text.clone() } else { String::new() };
    // Where it was never changed it says what it said first.
    let first = first.or_else(|| each.is_empty().then(now));
    each.extend(first.map(|first| (message.at_ms, first)));
    Ok(Versions { author: message.by.id, each, has_more })
}
