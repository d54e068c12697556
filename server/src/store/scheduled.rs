//! Messages that wait for their time, as they are stored, with all that they are to go with. Their files are nobody else's meanwhile.

use app::member::MemberId;
use app::message::{Cid, Seq};
use app::refusal::Refusal;
use app::room::Slug;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{RoomId, Store, StoreError, To, files};

/// A message that waits for its time.
#[derive(Clone, Debug)]
pub struct Scheduled {
    /// In the order in which they were written.
    pub id: i64,
    /// Whose it is.
    pub member: MemberId,
    /// Where it is to be said.
    pub room: Slug,
    /// Under which id it will be said.
    pub cid: Cid,
    /// What was typed.
    pub text: String,
    /// To what it is said.
    pub to: To,
    /// Its files, in their order.
    pub files: Vec<u128>,
    /// When, in milliseconds since 1970: not before that.
    pub due_ms: i64,
    /// The time zone of the writer's clock.
    pub zone: String,
    /// Why it could not be said, if it could not.
    pub refused: Option<Refusal>,
}

/// What somebody wants to be said later.
#[derive(Clone, Debug)]
pub struct NewScheduled {
    /// Who.
    pub member: MemberId,
    /// Under which id; the same again is the same message.
    pub cid: Cid,
    /// What was typed.
    pub text: String,
    /// To what it is said.
    pub to: To,
    /// Its files, in their order: their own, and uploaded for the room.
    pub files: Vec<u128>,
    /// When, in milliseconds since 1970.
    pub due_ms: i64,
    /// The time zone of the writer's clock.
    pub zone: String,
}

/// What became of a message that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is.
    Is,
    /// There was no place for it.
    Full,
    /// It was not there any more.
    Gone,
    /// One of its files is not to be had.
    FileUnknown,
}

/// How many messages of somebody wait, and how many could not be said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All of them.
    pub waiting: usize,
    /// Those that could not be said.
    pub refused: usize,
}

/// How a message answers another one, as it is stored.
const QUOTES: i64 = 0;
const IN_THREAD: i64 = 1;
const ALSO_TO_ROOM: i64 = 2;
/// How many bytes the id of a file takes.
const ID_BYTES: usize = 16;

const COLUMNS: &str = "id, member_id, (SELECT slug FROM room WHERE room.id = scheduled.room_id), cid, text, due_ms, zone, refused, \
                       answers, within, files";

impl Store {
    /// Keeps a message until its time, with `most` of the person's at once. The same id again is the same message.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn schedule(&self, new: NewScheduled, room: RoomId, most: usize) -> Result<Kept, StoreError> {
        self.write(move |connection| {
            let sql = "SELECT 1 FROM scheduled WHERE member_id = $1 AND cid = $2";
            if connection.prepare_cached(sql)?.exists((new.member.0, bytes(new.cid)))? {
                return Ok(Kept::Is);
            }
            if count(connection, new.member)?.waiting >= most {
                return Ok(Kept::Full);
            }
            if files::to_be_said(connection, (new.member, room), new.cid, &new.files)?.is_none() {
                return Ok(Kept::FileUnknown);
            }
            files::wait_with(connection, new.cid, &new.files)?;
            // Whoever has something to say is not forgotten.
            connection.prepare_cached("UPDATE member SET wrote = 1 WHERE id = $1")?.execute([new.member.0])?;
            let sql = "INSERT INTO scheduled (member_id, room_id, cid, text, due_ms, zone, answers, within, files) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
            let (answers, within) = stored_to(new.to);
            let values = (
                new.member.0,
                room.0,
                bytes(new.cid),
                new.text,
                new.due_ms,
                new.zone,
                answers,
                within,
                stored_ids(&new.files),
            );
            connection.prepare_cached(sql)?.execute(values).map(|_| Kept::Is)
        })
        .await
    }

    /// Makes another one of a message, also where it could not be said. Files that it has no more are thrown away.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reschedule(&self, new: NewScheduled, room: RoomId) -> Result<Kept, StoreError> {
        let sql = "UPDATE scheduled SET text = $1, due_ms = $2, zone = $3, answers = $4, within = $5, files = $6, refused = NULL \
                   WHERE member_id = $7 AND cid = $8 AND is_leaving = 0";
        self.write(move |connection| {
            let Some(had) = files_of(connection, new.member, new.cid)? else { return Ok(Kept::Gone) };
            if files::to_be_said(connection, (new.member, room), new.cid, &new.files)?.is_none() {
                return Ok(Kept::FileUnknown);
            }
            let dropped: Vec<u128> = had.into_iter().filter(|id| !new.files.contains(id)).collect();
            files::wait_no_more(connection, new.cid, &dropped)?;
            files::wait_with(connection, new.cid, &new.files)?;
            let ((answers, within), ids) = (stored_to(new.to), stored_ids(&new.files));
            let values = (new.text, new.due_ms, new.zone, answers, within, ids, new.member.0, bytes(new.cid));
            connection.prepare_cached(sql)?.execute(values).map(|_| Kept::Is)
        })
        .await
    }

    /// Forgets a message that is not said yet, and throws its files away; whether it was still there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unschedule(&self, member: MemberId, cid: Cid) -> Result<bool, StoreError> {
        let sql = "DELETE FROM scheduled WHERE member_id = $1 AND cid = $2";
        self.write(move |connection| {
            let Some(had) = files_of(connection, member, cid)? else { return Ok(false) };
            files::wait_no_more(connection, cid, &had)?;
            connection.prepare_cached(sql)?.execute((member.0, bytes(cid))).map(|rows| rows == 1)
        })
        .await
    }

    /// All of somebody's, the next one first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scheduled_by(&self, member: MemberId) -> Result<Vec<Scheduled>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM scheduled WHERE member_id = $1 ORDER BY due_ms, id");
        self.read(move |connection| connection.prepare_cached(&sql)?.query_map([member.0], scheduled)?.collect()).await
    }

    /// When the next one is due after a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_due_ms(&self, after_ms: i64) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT min(due_ms) FROM scheduled WHERE refused IS NULL AND due_ms > $1";
        self.read(move |connection| connection.prepare_cached(sql)?.query_row([after_ms], |row| row.get(0))).await
    }

    /// Those that are due, and those that were taken before a stop and may be said already: nobody changes them from here on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_due(&self, now_ms: i64, most: usize) -> Result<Vec<Scheduled>, StoreError> {
        let due = "SELECT id FROM scheduled WHERE is_leaving = 1 OR (refused IS NULL AND due_ms <= $1) ORDER BY due_ms, id LIMIT $2";
        let sql = format!("UPDATE scheduled SET is_leaving = 1 WHERE id IN ({due}) RETURNING {COLUMNS}");
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let taken: Result<Vec<Scheduled>, _> = statement.query_map((now_ms, most as i64), scheduled)?.collect();
            let mut taken = taken?;
            taken.sort_by_key(|message| (message.due_ms, message.id));
            Ok(taken)
        })
        .await
    }

    /// Takes one of somebody's whose time has not come, or that could not be said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_scheduled(&self, member: MemberId, cid: Cid) -> Result<Option<Scheduled>, StoreError> {
        let sql = format!(
            "UPDATE scheduled SET is_leaving = 1 WHERE member_id = $1 AND cid = $2 AND is_leaving = 0 RETURNING {COLUMNS}"
        );
        self.write(move |connection| {
            connection.prepare_cached(&sql)?.query_row((member.0, bytes(cid)), scheduled).optional()
        })
        .await
    }

    /// Whether somebody has said something under this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_said(&self, member: MemberId, cid: Cid) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM event WHERE author_id = $1 AND cid = $2";
        self.read(move |connection| connection.prepare_cached(sql)?.exists((member.0, bytes(cid)))).await
    }

    /// One that was taken is said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scheduled_is_said(&self, id: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM scheduled WHERE id = $1";
        self.write(move |connection| connection.prepare_cached(sql)?.execute([id]).map(drop)).await
    }

    /// One that was taken can't be said, and waits for its writer; or, without a reason, for another try.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scheduled_is_kept(&self, id: i64, why: Option<Refusal>) -> Result<(), StoreError> {
        let sql = "UPDATE scheduled SET is_leaving = 0, refused = $1 WHERE id = $2";
        let word = why.and_then(|why| serde_json::to_string(&why).ok());
        self.write(move |connection| connection.prepare_cached(sql)?.execute((word, id)).map(drop)).await
    }

    /// Counts somebody's. `publish` is told in the order of what is written, so the last number is the right one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_scheduled(
        &self,
        member: MemberId,
        publish: impl FnOnce(Count) + Send + 'static,
    ) -> Result<(), StoreError> {
        self.writer.ask(move |ledger| count(&ledger.connection, member), publish).await
    }

    /// How many there are, of whoever has any.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scheduled_counts(&self) -> Result<Vec<(MemberId, Count)>, StoreError> {
        let sql = "SELECT member_id, count(*), count(refused) FROM scheduled GROUP BY member_id";
        let read =
            |row: &Row<'_>| Ok((MemberId(row.get(0)?), Count { waiting: number(row, 1)?, refused: number(row, 2)? }));
        self.read(move |connection| connection.prepare_cached(sql)?.query_map([], read)?.collect()).await
    }
}

fn count(connection: &Connection, member: MemberId) -> rusqlite::Result<Count> {
    let sql = "SELECT count(*), count(refused) FROM scheduled WHERE member_id = $1";
    let read = |row: &Row<'_>| Ok(Count { waiting: number(row, 0)?, refused: number(row, 1)? });
    connection.prepare_cached(sql)?.query_row([member.0], read)
}

fn number(row: &Row<'_>, at: usize) -> rusqlite::Result<usize> {
    Ok(usize::try_from(row.get::<_, i64>(at)?).unwrap_or_default())
}

/// The files of a message that waits; `None` when it is not there any more.
fn files_of(connection: &Connection, member: MemberId, cid: Cid) -> rusqlite::Result<Option<Vec<u128>>> {
    let sql = "SELECT files FROM scheduled WHERE member_id = $1 AND cid = $2 AND is_leaving = 0";
    connection.prepare_cached(sql)?.query_row((member.0, bytes(cid)), |row| ids(row, 0)).optional()
}

fn scheduled(row: &Row<'_>) -> rusqlite::Result<Scheduled> {
    let (room, cid): (String, [u8; 16]) = (row.get(2)?, row.get(3)?);
    let word: Option<String> = row.get(7)?;
    Ok(Scheduled {
        id: row.get(0)?,
        member: MemberId(row.get(1)?),
        room: Slug::from(room),
        cid: Cid(u128::from_be_bytes(cid)),
        text: row.get(4)?,
        to: to(row.get(8)?, row.get(9)?),
        files: ids(row, 10)?,
        due_ms: row.get(5)?,
        zone: row.get(6)?,
        // A word that this program does not know any more is still a refusal.
        refused: word.map(|word| serde_json::from_str(&word).unwrap_or(Refusal::Unavailable)),
    })
}

fn stored_to(to: To) -> (Option<Seq>, i64) {
    let within = match to {
        To::Room | To::Message(_) => QUOTES,
        To::Thread(_, false) => IN_THREAD,
        To::Thread(_, true) => ALSO_TO_ROOM,
    };
    (to.of(), within)
}

fn to(answers: Option<Seq>, within: i64) -> To {
    match answers {
        None => To::Room,
        Some(of) if within == QUOTES => To::Message(of),
        Some(of) => To::Thread(of, within == ALSO_TO_ROOM),
    }
}

fn stored_ids(ids: &[u128]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.to_be_bytes()).collect()
}

fn ids(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<u128>> {
    let (ids, _) = row.get_ref(column)?.as_blob()?.as_chunks::<ID_BYTES>();
    Ok(ids.iter().map(|id| u128::from_be_bytes(*id)).collect())
}

fn bytes(cid: Cid) -> [u8; 16] {
    cid.0.to_be_bytes()
}
