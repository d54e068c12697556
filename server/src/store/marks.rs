//! How far people have read, and how much is unread.

use app::member::MemberId;
use app::message::Seq;
use app::notices::Level;
use app::room::{Choice, Slug};
use app::thread::EVERYONE;
use app::unread::{MAX_COUNTED, Mark, ReadMark};
use rusqlite::{Connection, OptionalExtension};

use super::choices::choices;
use super::events::{KIND_ALSO, KIND_POSTED, KIND_WITHIN, last_seq, place};
use super::hiding::comes_back;
use super::ledger::Ledger;
use super::{RoomId, Store, StoreError, mentions};

/// How many events are looked at in order to count the messages among them.
const MAX_LOOKED_AT: i64 = 10_000;

const LEVEL_ALL: i64 = 1;
const LEVEL_NOTHING: i64 = 2;
const LEVEL_MENTIONS: i64 = 3;

/// How far somebody has read somewhere; `None` when they left and are not told of the room any more.
pub type NewMark = ((MemberId, RoomId), Option<Mark>);

impl Store {
    /// What somebody who arrives is told of: what they have chosen, how far they have read in the rooms where they were, and how
    /// much is unread there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn choices_and_marks(&self, member: MemberId) -> Result<(Vec<Choice>, Vec<ReadMark>), StoreError> {
        self.read(move |connection| Ok((choices(connection, member)?, read_marks(connection, member)?))).await
    }

    /// What is unread in a room for a person who has read up to a number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn read_mark(
        &self,
        id: RoomId,
        room: Slug,
        member: MemberId,
        read: Mark,
    ) -> Result<ReadMark, StoreError> {
        self.read(move |connection| mark(connection, id, room, member, read)).await
    }

    /// Notes which messages of a room call somebody, who has read up to a number there. `publish` runs once that is durable.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_level(
        &self,
        (member, room): (MemberId, RoomId),
        read: Seq,
        level: Level,
        publish: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO read_mark (member_id, room_id, seq, level) SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM member WHERE id = $1) \
                   ON CONFLICT (member_id, room_id) DO UPDATE SET level = excluded.level";
        let stored = match level {
            Level::Mentions => LEVEL_MENTIONS,
            Level::All => LEVEL_ALL,
            Level::Nothing => LEVEL_NOTHING,
        };
        let note = move |ledger: &mut Ledger| ledger.connection.execute(sql, (member.0, room.0, read, stored));
        self.writer.ask(note, |_| publish()).await
    }

    /// Forgets which messages of a room call somebody who has left it, and doesn't wait for that: what they choose when they are
    /// back comes after it.
    pub fn forget_level(&self, member: MemberId, room: RoomId) {
        let sql = "UPDATE read_mark SET level = 0 WHERE member_id = $1 AND room_id = $2";
        self.writer.follow_up(move |ledger| ledger.connection.execute(sql, (member.0, room.0)), drop);
    }

    /// Which messages of a room call somebody; `None` where it is as usual.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn level(&self, member: MemberId, room: RoomId) -> Result<Option<Level>, StoreError> {
        let sql = "SELECT level FROM read_mark WHERE member_id = $1 AND room_id = $2";
        let stored = self.read(move |connection| {
            connection.prepare_cached(sql)?.query_row((member.0, room.0), |row| row.get(0)).optional()
        });
        Ok(stored.await?.and_then(level))
    }

    /// Notes that people read a public room from now on, and have read it up to a number: those who had left it, and those of whom
    /// nothing was noted there. `publish` is told of them, in the order of what is said.
    pub fn begin_reading(
        &self,
        people: Vec<MemberId>,
        room: RoomId,
        read: Seq,
        publish: impl FnOnce(Vec<MemberId>) + Send + 'static,
    ) {
        // The mark of somebody who left may still be there.
        let put = "INSERT INTO read_mark (member_id, room_id, seq) SELECT $1, $2, $3 WHERE EXISTS (SELECT 1 FROM member WHERE id = $1) \
                   ON CONFLICT (member_id, room_id) DO UPDATE SET seq = excluded.seq, turn = 0, level = 0 WHERE $4";
        let act = move |ledger: &mut Ledger| {
            let mut put = ledger.connection.prepare_cached(put)?;
            let mut begun = Vec::new();
            for person in people {
                let had_left = comes_back(&ledger.connection, room, person)?;
                if put.execute((person.0, room.0, read, had_left))? > 0 {
                    begun.push(person);
                }
            }
            Ok(begun)
        };
        self.writer.follow_up(act, publish);
    }

    /// Notes how far people have read. Who is not there any more is passed over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_marks(&self, marks: Vec<NewMark>) -> Result<(), StoreError> {
        let put = "INSERT INTO read_mark (member_id, room_id, seq, turn) SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM member WHERE id = $1) \
                   ON CONFLICT (member_id, room_id) DO UPDATE SET seq = excluded.seq, turn = excluded.turn";
        let remove = "DELETE FROM read_mark WHERE member_id = $1 AND room_id = $2";
        self.write(move |connection| {
            let (mut put, mut remove) = (connection.prepare_cached(put)?, connection.prepare_cached(remove)?);
            marks.iter().try_for_each(|((member, room), read)| {
                match read {
                    Some(mark) => put.execute((member.0, room.0, mark.seq, mark.turn)),
                    None => remove.execute((member.0, room.0)),
                }
                .map(drop)
            })
        })
        .await
    }
}

/// As many as there are: whoever opens a room whose mark was left out would begin to read there.
fn read_marks(connection: &Connection, member: MemberId) -> rusqlite::Result<Vec<ReadMark>> {
    let sql = "SELECT r.id, r.slug, m.seq, m.level, m.turn FROM read_mark m JOIN room r ON r.id = m.room_id WHERE m.member_id = $1";
    let mut statement = connection.prepare_cached(sql)?;
    let marks = statement.query_map([member.0], |row| {
        let (id, slug): (_, String) = (RoomId(row.get(0)?), row.get(1)?);
        let level = level(row.get(3)?);
        let read = Mark { turn: row.get(4)?, seq: row.get(2)? };
        Ok(ReadMark { level, ..mark(connection, id, slug.into(), member, read)? })
    });
    marks?.collect()
}

fn mark(connection: &Connection, id: RoomId, room: Slug, member: MemberId, read: Mark) -> rusqlite::Result<ReadMark> {
    let Mark { turn, seq: read } = read;
    let head = last_seq(connection, id)?;
    let is_behind = read < head;
    let unread = if is_behind { count(connection, id, member, read, head)? } else { 0 };
    let mentions = if is_behind { mentions::unread(connection, id, member, (read, head))? } else { Vec::new() };
    Ok(ReadMark { room, read, turn, head, unread, mentions, level: None })
}

/// Which messages call somebody; `None` where it is as usual.
fn level(stored: i64) -> Option<Level> {
    [(LEVEL_ALL, Level::All), (LEVEL_NOTHING, Level::Nothing), (LEVEL_MENTIONS, Level::Mentions)]
        .into_iter()
        .find(|(known, _)| *known == stored)
        .map(|(_, level)| level)
}

fn count(connection: &Connection, id: RoomId, member: MemberId, read: Seq, head: Seq) -> rusqlite::Result<usize> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM \
               (SELECT id, kind, author_id, beside FROM event WHERE id > $1 AND id <= $2 ORDER BY id DESC LIMIT $3) \
               WHERE author_id <> $4 AND (kind IN ($5, $6) OR (kind = $7 AND \
               (EXISTS (SELECT 1 FROM json_each(beside, '$.within.to') WHERE value IN ($4, $8)) OR \
               EXISTS (SELECT 1 FROM mention WHERE message_id = id AND member_id IN ($4, $8))))) LIMIT $9)";
    let kinds = (KIND_POSTED, KIND_ALSO, KIND_WITHIN);
    let values = (
        place(id, read),
        place(id, head),
        MAX_LOOKED_AT,
        member.0,
        kinds.0,
        kinds.1,
        kinds.2,
        EVERYONE.0,
        MAX_COUNTED as i64,
    );
    let count: i64 = connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}
