//! A room's log: append with the next number, and read it in pages.

use app::markup::Markup;
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Event, Seq, What};
use rusqlite::{Connection, Row};

use super::ledger::Ledger;
use super::{RoomId, Store, StoreError};
use crate::markup::Shape;

/// How many bits of an event's place are its number.
const SEQ_BITS: u32 = 40;
pub(super) const KIND_POSTED: i64 = 1;
const KIND_RENAMED: i64 = 2;
/// How many bytes of text one read brings: it ends with the event that goes beyond.
const MAX_READ_BYTES: usize = 256 * 1024;

/// A message to append.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// To which room.
    pub room: RoomId,
    /// By whom.
    pub author: MemberId,
    /// The author's id for it.
    pub cid: Cid,
    /// The text.
    pub text: String,
    /// Its shape, where it has one.
    pub shape: Option<Shape>,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It has a number now.
    New(Event),
    /// It had one already.
    Repeated(Event),
    /// Its id was used for something else.
    Changed,
    /// Its room or author is not there any more.
    Gone,
}

impl Store {
    /// Appends a message; the call takes its place in the order. Once it is durable, `publish` is called in the order of the
    /// numbers, and then whoever asked is answered with what it said.
    pub fn append<Said: Send + 'static>(
        &self,
        new: NewEvent,
        publish: impl FnOnce(Appended) -> Said + Send + 'static,
        answer: impl FnOnce(Result<Said, StoreError>) + Send + 'static,
    ) {
        self.writer.submit(move |ledger| append(ledger, new), publish, answer);
    }

    /// The newest events of a room, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(&self, room: RoomId, count: usize) -> Result<Vec<Event>, StoreError> {
        self.before(room, Seq::MAX, count).await
    }

    /// The events right before a number, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn before(&self, room: RoomId, before: Seq, count: usize) -> Result<Vec<Event>, StoreError> {
        let sql = "SELECT id, kind, author_id, author_name, cid, at_ms, body, markup FROM event WHERE id > $1 AND id < $2 ORDER BY id DESC LIMIT $3";
        let mut events = self.events(sql, (place(room, 0), place(room, before)), count).await?;
        events.reverse();
        Ok(events)
    }

    /// The events right after a number, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn after(&self, room: RoomId, after: Seq, count: usize) -> Result<Vec<Event>, StoreError> {
        let sql = "SELECT id, kind, author_id, author_name, cid, at_ms, body, markup FROM event WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3";
        self.events(sql, (place(room, after), place(room, Seq::MAX)), count).await
    }

    async fn events(
        &self,
        sql: &'static str,
        (above, below): (i64, i64),
        count: usize,
    ) -> Result<Vec<Event>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query((above, below, count as i64))?;
            let (mut events, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.next()?.filter(|_| bytes < MAX_READ_BYTES) {
                events.push(event(row)?);
                bytes += events.last().map_or(0, Event::text_bytes);
            }
            Ok(events)
        })
        .await
    }
}

/// Where an event lies: its room and its number in one, so that a room's events lie together in their order.
pub(super) fn place(room: RoomId, seq: Seq) -> i64 {
    room.0 << SEQ_BITS | seq.clamp(0, (1 << SEQ_BITS) - 1)
}

/// The room and the number of a place.
fn room_and_seq(place: i64) -> (RoomId, Seq) {
    (RoomId(place >> SEQ_BITS), place & ((1 << SEQ_BITS) - 1))
}

/// The number of a room's last event; 0 where there is none.
pub(super) fn last_seq(connection: &Connection, room: RoomId) -> rusqlite::Result<Seq> {
    let sql = "SELECT coalesce(max(id), $1) FROM event WHERE id > $1 AND id < $2";
    let last = connection.prepare_cached(sql)?.query_row((place(room, 0), place(room, Seq::MAX)), |row| row.get(0))?;
    Ok(room_and_seq(last).1)
}

fn append(ledger: &mut Ledger, new: NewEvent) -> rusqlite::Result<Appended> {
    let Some(name) = ledger.author_name(new.author)? else {
        return Ok(Appended::Gone);
    };
    let Some(seq) = ledger.next_seq(new.room)? else {
        return Ok(Appended::Gone);
    };
    let (markup, stored) = new.shape.map(|Shape { markup, stored }| (markup, stored)).unzip();
    let what = What::Posted { cid: new.cid, text: new.text, markup };
    let event = Event { seq, at_ms: new.at_ms, by: Member { id: new.author, name }, what };
    if insert(&ledger.connection, new.room, &event, stored.as_deref())? {
        ledger.raise(new.room, seq);
        return Ok(Appended::New(event));
    }
    let (room, first) = with_cid(&ledger.connection, new.author, new.cid)?;
    Ok(if room == new.room && says_the_same(&first, &event) { Appended::Repeated(first) } else { Appended::Changed })
}

/// Whether two messages have the same text; its shape may have been found by other rules.
fn says_the_same(one: &Event, other: &Event) -> bool {
    match (&one.what, &other.what) {
        (What::Posted { text: one, .. }, What::Posted { text: other, .. }) => one == other,
        _ => false,
    }
}

/// Appends a change of name to a room's log.
pub(super) fn append_renamed(
    ledger: &mut Ledger,
    room: RoomId,
    by: &Member,
    was: &Name,
    at_ms: i64,
) -> rusqlite::Result<Option<Event>> {
    let Some(seq) = ledger.next_seq(room)? else {
        return Ok(None);
    };
    let event = Event { seq, at_ms, by: by.clone(), what: What::Renamed { was: was.clone() } };
    insert(&ledger.connection, room, &event, None)?;
    ledger.raise(room, seq);
    Ok(Some(event))
}

fn with_cid(connection: &Connection, author: MemberId, cid: Cid) -> rusqlite::Result<(RoomId, Event)> {
    let sql = "SELECT id, kind, author_id, author_name, cid, at_ms, body, markup FROM event WHERE author_id = $1 AND cid = $2";
    let found = |row: &Row<'_>| Ok((room_and_seq(row.get(0)?).0, event(row)?));
    connection.prepare_cached(sql)?.query_row((author.0, &cid.0.to_be_bytes()[..]), found)
}

/// Adds an event; `false` when its author has used its id before.
fn insert(connection: &Connection, room: RoomId, event: &Event, markup: Option<&str>) -> rusqlite::Result<bool> {
    let sql = "INSERT INTO event (id, kind, author_id, author_name, cid, at_ms, body, markup) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
               ON CONFLICT DO NOTHING";
    let (kind, cid, body) = match &event.what {
        What::Posted { cid, text, .. } => (KIND_POSTED, Some(cid.0.to_be_bytes()), text.as_str()),
        What::Renamed { was } => (KIND_RENAMED, None, was.as_str()),
    };
    let (by, cid) = (&event.by, cid.as_ref().map(|cid| &cid[..]));
    let values = (place(room, event.seq), kind, by.id.0, by.name.as_str(), cid, event.at_ms, body, markup);
    Ok(connection.prepare_cached(sql)?.execute(values)? == 1)
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let what = match row.get::<_, i64>(1)? {
        KIND_RENAMED => What::Renamed { was: name(row, 6)? },
        _ => What::Posted { cid: cid(row, 4)?, text: row.get(6)?, markup: markup(row, 7)? },
    };
    Ok(Event {
        seq: room_and_seq(row.get(0)?).1,
        at_ms: row.get(5)?,
        by: Member { id: MemberId(row.get(2)?), name: name(row, 3)? },
        what,
    })
}

/// Reads a tree. One that this program doesn't understand is left out: the text says it, too.
fn markup(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Markup>> {
    let stored = row.get_ref(column)?.as_str_or_null()?;
    Ok(stored.and_then(|stored| serde_json::from_str(stored).ok()))
}

/// Reads a name; the rules of names may have become stricter since it was stored.
pub(super) fn name(row: &Row<'_>, column: usize) -> rusqlite::Result<Name> {
    let stored: String = row.get(column)?;
    Ok(Name::new(&stored).unwrap_or_else(|_| Name::new("?").expect("a question mark is a name")))
}

fn cid(row: &Row<'_>, column: usize) -> rusqlite::Result<Cid> {
    Ok(Cid(u128::from_be_bytes(row.get(column)?)))
}
