//! Files as they are stored: who announced which, what has arrived, and which message carries it. The bytes are not here
//! ([`crate::files`]).

use app::file::{File, FileId, Kind};
use app::member::MemberId;
use app::message::{Cid, Seq};
use app::refusal::Refusal;
use rusqlite::{Connection, OptionalExtension, Row};

use super::events::place;
use super::{RoomId, Store, StoreError};

/// How a content's kind is stored.
const KINDS: [Kind; 5] = [Kind::Other, Kind::Picture, Kind::Animation, Kind::Audio, Kind::Video];

/// The SHA-256 of a content.
pub type Hash = [u8; 32];

/// A file that somebody wants to send.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its id, drawn by the server.
    pub id: u128,
    /// Whose it is.
    pub member: MemberId,
    /// For which room.
    pub room: RoomId,
    /// What it is called.
    pub name: String,
    /// How large it is to become, in bytes.
    pub bytes: i64,
    /// When it was announced, in milliseconds since 1970.
    pub at_ms: i64,
}

/// How much of one person's may wait to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// How many files.
    pub files: i64,
    /// How many bytes.
    pub bytes: i64,
}

/// A picture among those of its room.
#[derive(Debug)]
pub struct Among {
    /// The picture itself.
    pub picture: File,
    /// The message that carries it; none carries what is not sent yet.
    pub message: Option<Seq>,
    /// The picture before it, in the order in which they were said.
    pub before: Option<File>,
    /// The one after it.
    pub after: Option<File>,
}

/// What lies under a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its hash.
    pub hash: Hash,
    /// Its size in bytes.
    pub bytes: i64,
    /// Its media type.
    pub media: String,
    /// How it is shown.
    pub kind: Kind,
    /// A picture's width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Its placeholder.
    pub blur: String,
}

/// A file of somebody's that no message carries yet.
#[derive(Clone, Debug)]
pub struct Arriving {
    /// What it is called.
    pub name: String,
    /// How large it is announced to be, in bytes.
    pub bytes: i64,
    /// What it is, once all of it is there.
    pub content: Option<Content>,
}

impl Content {
    /// The file of this content, as a message carries it.
    pub fn file(&self, id: u128, name: String) -> File {
        let Self { bytes, kind, width, height, ref blur, .. } = *self;
        File { id: FileId::from(id), name, kind, bytes, width, height, blur: blur.clone() }
    }
}

impl Store {
    /// Notes a file that is announced.
    ///
    /// # Errors
    /// [`StoreError`]; within it [`Refusal::UploadsTooMany`] when too much of this person's waits.
    pub async fn announce_file(&self, new: NewFile, most: Waiting) -> Result<Result<(), Refusal>, StoreError> {
        self.write(move |connection| {
            let sql = "SELECT count(*), coalesce(sum(bytes), 0) FROM file WHERE member_id = $1 AND message_id IS NULL";
            let waiting: (i64, i64) =
                connection.prepare_cached(sql)?.query_row([new.member.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
            if waiting.0 >= most.files || waiting.1.saturating_add(new.bytes) > most.bytes {
                return Ok(Err(Refusal::UploadsTooMany));
            }
            let sql =
                "INSERT INTO file (id, member_id, room_id, name, bytes, created_ms) VALUES ($1, $2, $3, $4, $5, $6)";
            let values = (key(&new.id), new.member.0, new.room.0, new.name, new.bytes, new.at_ms);
            connection.prepare_cached(sql)?.execute(values)?;
            Ok(Ok(()))
        })
        .await
    }

    /// How many bytes are announced and not arrived as a whole.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bytes_to_come(&self) -> Result<i64, StoreError> {
        let sql = "SELECT coalesce(sum(bytes), 0) FROM file WHERE message_id IS NULL AND hash IS NULL";
        self.read(move |connection| connection.prepare_cached(sql)?.query_row([], |row| row.get(0))).await
    }

    /// A file of somebody's own that no message carries yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn arriving_file(
        &self,
        id: u128,
        member: MemberId,
        room: RoomId,
    ) -> Result<Option<Arriving>, StoreError> {
        let sql = "SELECT f.name, f.bytes, c.hash, c.bytes, c.media, c.kind, c.width, c.height, c.blur \
                   FROM file f LEFT JOIN content c ON c.hash = f.hash \
                   WHERE f.id = $1 AND f.member_id = $2 AND f.room_id = $3 AND f.message_id IS NULL";
        let arriving = |row: &Row<'_>| {
            let content = row.get::<_, Option<Hash>>(2)?.map(|_| content(row, 2)).transpose()?;
            Ok(Arriving { name: row.get(0)?, bytes: row.get(1)?, content })
        };
        self.read(move |connection| {
            connection.prepare_cached(sql)?.query_row((key(&id), member.0, room.0), arriving).optional()
        })
        .await
    }

    /// All of a file has arrived and is this. `false` when it was given up meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn file_arrived(&self, id: u128, content: Content) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let sql = "UPDATE file SET hash = $1, bytes = $2 WHERE id = $3 AND hash IS NULL";
            if connection.prepare_cached(sql)?.execute((content.hash, content.bytes, key(&id)))? == 0 {
                return Ok(false);
            }
            let sql = "INSERT INTO content (hash, bytes, media, kind, width, height, blur) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
            let kind = KINDS.iter().position(|kind| *kind == content.kind).unwrap_or_default() as i64;
            let Content { hash, bytes, media, width, height, blur, .. } = content;
            connection.prepare_cached(sql)?.execute((hash, bytes, media, kind, width, height, blur))?;
            Ok(true)
        })
        .await
    }

    /// What a message carries, once more for a message of somebody's in another room: files of theirs that nobody has said yet, under
    /// ids of their own. Those that are there already stay as they are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn copy_files(
        &self,
        (from, seq): (RoomId, Seq),
        (room, member): (RoomId, MemberId),
        ids: Vec<(u128, u128)>,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO file (id, member_id, room_id, name, bytes, created_ms, hash) \
                   SELECT $1, $2, $3, name, bytes, $4, hash FROM file WHERE id = $5 AND message_id = $6 ON CONFLICT DO NOTHING";
        self.write(move |connection| {
            let mut copy = connection.prepare_cached(sql)?;
            ids.iter().try_for_each(|(id, copied)| {
                copy.execute((key(copied), member.0, room.0, at_ms, key(id), place(from, seq))).map(drop)
            })
        })
        .await
    }

    /// Somebody gives a file up that no message carries, nor is to carry later. `false` when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn give_file_up(&self, id: u128, member: MemberId) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let given_up = "FROM file WHERE id = $1 AND member_id = $2 AND message_id IS NULL AND scheduled IS NULL";
            let values = (key(&id), member.0);
            let loosen = format!("UPDATE content SET is_loose = 1 WHERE hash IN (SELECT hash {given_up})");
            connection.prepare_cached(&loosen)?.execute(values)?;
            Ok(connection.prepare_cached(&format!("DELETE {given_up}"))?.execute(values)? > 0)
        })
        .await
    }

    /// Gives up all that was announced before, was never said and does not wait with a message; which ones.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn give_old_files_up(&self, before_ms: i64) -> Result<Vec<u128>, StoreError> {
        self.write(move |connection| {
            let old = "FROM file WHERE message_id IS NULL AND scheduled IS NULL AND created_ms < $1";
            let loosen = format!("UPDATE content SET is_loose = 1 WHERE hash IN (SELECT hash {old})");
            connection.prepare_cached(&loosen)?.execute([before_ms])?;
            let mut delete = connection.prepare_cached(&format!("DELETE {old} RETURNING id"))?;
            delete.query_map([before_ms], |row| row.get(0).map(u128::from_be_bytes))?.collect()
        })
        .await
    }

    /// Those of somebody's files that have arrived and that no message carries yet, each under its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn own_files(&self, member: MemberId, ids: Vec<u128>) -> Result<Vec<(u128, File)>, StoreError> {
        let sql = "SELECT f.name, c.hash, c.bytes, c.media, c.kind, c.width, c.height, c.blur \
                   FROM file f JOIN content c ON c.hash = f.hash \
                   WHERE f.id = $1 AND f.member_id = $2 AND f.message_id IS NULL";
        self.read(move |connection| {
            let mut find = connection.prepare_cached(sql)?;
            let mut found = Vec::new();
            for id in ids {
                let file = |row: &Row<'_>| Ok((id, content(row, 1)?.file(id, row.get(0)?)));
                found.extend(find.query_row((key(&id), member.0), file).optional()?);
            }
            Ok(found)
        })
        .await
    }

    /// What a message of this room carries under this id, and what it is called there. To whoever uploaded it, it is there before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn said_file(
        &self,
        id: u128,
        room: RoomId,
        reader: MemberId,
    ) -> Result<Option<(String, Content)>, StoreError> {
        let sql = "SELECT f.name, c.hash, c.bytes, c.media, c.kind, c.width, c.height, c.blur \
                   FROM file f JOIN content c ON c.hash = f.hash \
                   WHERE f.id = $1 AND f.room_id = $2 AND (f.message_id IS NOT NULL OR f.member_id = $3)";
        let said = |row: &Row<'_>| Ok((row.get(0)?, content(row, 1)?));
        self.read(move |connection| {
            connection.prepare_cached(sql)?.query_row((key(&id), room.0, reader.0), said).optional()
        })
        .await
    }

    /// A picture of this room, and those beside it. To whoever uploaded it, it is there before it is said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn picture(&self, id: u128, room: RoomId, reader: MemberId) -> Result<Option<Among>, StoreError> {
        self.read(move |connection| among(connection, id, (room, reader))).await
    }

    /// Whether this is a file that has not arrived as a whole.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_to_come(&self, id: u128) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM file WHERE id = $1 AND hash IS NULL";
        self.read(move |connection| connection.prepare_cached(sql)?.exists([key(&id)])).await
    }

    /// Whether anything is known of a content.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn knows_content(&self, hash: Hash) -> Result<bool, StoreError> {
        self.read(move |connection| connection.prepare_cached("SELECT 1 FROM content WHERE hash = $1")?.exists([hash]))
            .await
    }

    /// Contents that no file has any more. What was let go of by one and is still had by another is not loose from here on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn loose_contents(&self) -> Result<Vec<Hash>, StoreError> {
        self.write(|connection| {
            let had = "UPDATE content SET is_loose = 0 WHERE is_loose = 1 AND EXISTS (SELECT 1 FROM file WHERE file.hash = content.hash)";
            connection.prepare_cached(had)?.execute([])?;
            let mut loose = connection.prepare_cached("SELECT hash FROM content WHERE is_loose = 1")?;
            loose.query_map([], |row| row.get(0))?.collect()
        })
        .await
    }

    /// Whether a content that was let go of has no file any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_loose(&self, hash: Hash) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM content WHERE hash = $1 AND is_loose = 1 AND NOT EXISTS (SELECT 1 FROM file WHERE file.hash = $1)";
        self.read(move |connection| connection.prepare_cached(sql)?.exists([hash])).await
    }

    /// The bytes of a content are deleted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_content(&self, hash: Hash) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection.prepare_cached("DELETE FROM content WHERE hash = $1")?.execute([hash]).map(drop)
        })
        .await
    }
}

fn among(connection: &Connection, id: u128, (room, reader): (RoomId, MemberId)) -> rusqlite::Result<Option<Among>> {
    let sql = "SELECT f.name, c.hash, c.bytes, c.media, c.kind, c.width, c.height, c.blur, f.message_id \
               FROM file f JOIN content c ON c.hash = f.hash \
               WHERE f.id = $1 AND f.room_id = $2 AND (f.message_id IS NOT NULL OR f.member_id = $3)";
    let found = |row: &Row<'_>| Ok((content(row, 1)?.file(id, row.get(0)?), row.get::<_, Option<i64>>(8)?));
    let found = connection.prepare_cached(sql)?.query_row((key(&id), room.0, reader.0), found).optional()?;
    let Some((picture, message)) = found.filter(|(file, _)| file.is_picture()) else { return Ok(None) };
    let Some(message) = message else {
        return Ok(Some(Among { picture, message: None, before: None, after: None }));
    };
    let beside = pictures(connection, message)?;
    let at = beside.iter().position(|file| file.id == picture.id).unwrap_or_default();
    let before = match at.checked_sub(1).and_then(|at| beside.get(at)) {
        Some(before) => Some(before.clone()),
        None => next_pictures(connection, (place(room, 0), message), "DESC")?.pop(),
    };
    let after = match beside.get(at + 1) {
        Some(after) => Some(after.clone()),
        None => next_pictures(connection, (message, place(room, Seq::MAX)), "ASC")?.into_iter().next(),
    };
    Ok(Some(Among { picture, message: Some(message - place(room, 0)), before, after }))
}

/// The pictures of the message nearest to one end of a range, both ends left out.
fn next_pictures(connection: &Connection, (from, to): (i64, i64), order: &str) -> rusqlite::Result<Vec<File>> {
    let sql = format!(
        "SELECT f.message_id FROM file f JOIN content c ON c.hash = f.hash \
         WHERE f.message_id > $1 AND f.message_id < $2 AND c.kind IN (1, 2) ORDER BY f.message_id {order} LIMIT 1"
    );
    let message = connection.prepare_cached(&sql)?.query_row((from, to), |row| row.get(0)).optional()?;
    message.map_or(Ok(Vec::new()), |message| pictures(connection, message))
}

/// The pictures of a message, in their order.
fn pictures(connection: &Connection, message: i64) -> rusqlite::Result<Vec<File>> {
    let sql = "SELECT files FROM event WHERE id = $1";
    let files = connection.prepare_cached(sql)?.query_row([message], |row| carried(row, 0)).optional()?;
    Ok(files.unwrap_or_default().into_iter().filter(File::is_picture).collect())
}

/// What somebody's own files are that are to go with the message of this id; `None` when one of them is not to be had, or waits with
/// another message.
pub(super) fn to_be_said(
    connection: &Connection,
    (member, room): (MemberId, RoomId),
    cid: Cid,
    ids: &[u128],
) -> rusqlite::Result<Option<Vec<File>>> {
    let sql = "SELECT f.name, c.hash, c.bytes, c.media, c.kind, c.width, c.height, c.blur \
               FROM file f JOIN content c ON c.hash = f.hash \
               WHERE f.id = $1 AND f.member_id = $2 AND f.room_id = $3 AND f.message_id IS NULL AND coalesce(f.scheduled, $4) = $4";
    if ids.iter().enumerate().any(|(at, id)| ids[..at].contains(id)) {
        return Ok(None);
    }
    let mut find = connection.prepare_cached(sql)?;
    let mut file = |id: &u128| {
        let file = |row: &Row<'_>| Ok(content(row, 1)?.file(*id, row.get(0)?));
        find.query_row((key(id), member.0, room.0, key(&cid.0)), file).optional()
    };
    ids.iter().map(&mut file).collect()
}

/// These files wait with the message that will have this id.
pub(super) fn wait_with(connection: &Connection, cid: Cid, ids: &[u128]) -> rusqlite::Result<()> {
    let mut wait = connection.prepare_cached("UPDATE file SET scheduled = $1 WHERE id = $2")?;
    ids.iter().try_for_each(|id| wait.execute((key(&cid.0), key(id))).map(drop))
}

/// These files wait with that message no longer, and nobody has them any more.
pub(super) fn wait_no_more(connection: &Connection, cid: Cid, ids: &[u128]) -> rusqlite::Result<()> {
    let given_up = "FROM file WHERE id = $1 AND scheduled = $2 AND message_id IS NULL";
    let loosen = format!("UPDATE content SET is_loose = 1 WHERE hash IN (SELECT hash {given_up})");
    for id in ids {
        let values = (key(id), key(&cid.0));
        connection.prepare_cached(&loosen)?.execute(values)?;
        connection.prepare_cached(&format!("DELETE {given_up}"))?.execute(values)?;
    }
    Ok(())
}

/// A message carries these files from now on.
pub(super) fn say(connection: &Connection, message: i64, ids: &[u128]) -> rusqlite::Result<()> {
    let mut say = connection.prepare_cached("UPDATE file SET message_id = $1, scheduled = NULL WHERE id = $2")?;
    ids.iter().try_for_each(|id| say.execute((message, key(id))).map(drop))
}

/// A message carries nothing any more.
pub(super) fn let_go(connection: &Connection, message: i64) -> rusqlite::Result<()> {
    let loosen = "UPDATE content SET is_loose = 1 WHERE hash IN (SELECT hash FROM file WHERE message_id = $1)";
    connection.prepare_cached(loosen)?.execute([message])?;
    connection.prepare_cached("DELETE FROM file WHERE message_id = $1")?.execute([message])?;
    Ok(())
}

/// Reads the files of a message. What this program doesn't understand is left out.
pub(super) fn carried(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<File>> {
    let stored = row.get_ref(column)?.as_str_or_null()?;
    Ok(stored.and_then(|stored| serde_json::from_str(stored).ok()).unwrap_or_default())
}

fn content(row: &Row<'_>, from: usize) -> rusqlite::Result<Content> {
    let kind: i64 = row.get(from + 3)?;
    Ok(Content {
        hash: row.get(from)?,
        bytes: row.get(from + 1)?,
        media: row.get(from + 2)?,
        kind: usize::try_from(kind).ok().and_then(|kind| KINDS.get(kind)).copied().unwrap_or(Kind::Other),
        width: row.get(from + 4)?,
        height: row.get(from + 5)?,
        blur: row.get(from + 6)?,
    })
}

fn key(id: &u128) -> [u8; 16] {
    id.to_be_bytes()
}
