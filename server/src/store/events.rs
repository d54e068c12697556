//! A room's log: append with the next number, and read it in pages. What people put to messages is counted in `reactions`.

use std::borrow::Cow;

use app::beside::Beside;
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Event, Seq, What};
use app::protocol::MAX_PAGE_EVENTS;
use app::quote::Quote;
use app::refusal::Refusal;
use app::room_change::RoomChange;
use app::thread::InThread;
use rusqlite::{Connection, Error, OptionalExtension, Row};
use serde::de::DeserializeOwned;

use super::files;
use super::ledger::Ledger;
use super::{RoomId, Store, StoreError, mentions, pins, previews, reactions, threads, versions};
use crate::markup::Meant;

/// How many bits of an event's place are its number.
const SEQ_BITS: u32 = 40;
pub(super) const KIND_POSTED: i64 = 1;
const KIND_RENAMED: i64 = 2;
const KIND_EDITED: i64 = 3;
const KIND_DELETED: i64 = 4;
const KIND_REACTED: i64 = 5;
const KIND_ROOM: i64 = 6;
pub(super) const KIND_PREVIEWED: i64 = 7;
/// Said in a thread alone.
pub(super) const KIND_WITHIN: i64 = 8;
/// Said in a thread and to the room.
pub(super) const KIND_ALSO: i64 = 9;
const KIND_PINNED: i64 = 10;
/// How many bytes of text one read brings: it ends with the event that goes beyond.
const MAX_READ_BYTES: usize = 256 * 1024;

/// The statement that reads events, with the message that each answers, or has changed, as it is now.
macro_rules! read {
    ($condition:literal) => {
        concat!(
            "SELECT e.id, e.kind, e.author_id, e.author_name, e.cid, e.at_ms, e.body, e.markup, e.edited_ms, e.message_id, e.files, e.beside, ",
            "q.author_id, q.author_name, q.body, q.markup, q.edited_ms, q.files, q.beside ",
            "FROM event e LEFT JOIN event q ON q.id = e.message_id AND e.kind IN (1, 3, 4, 9) WHERE ",
            $condition
        )
    };
}
pub(super) use read;

/// To what a message is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum To {
    /// To the room.
    #[default]
    Room,
    /// To the room, in answer to the message of this number.
    Message(Seq),
    /// In the thread of the message of this number, and perhaps to the room, too.
    Thread(Seq, bool),
}

impl To {
    /// The number of the message that is answered.
    pub fn of(self) -> Option<Seq> {
        match self {
            Self::Room => None,
            Self::Message(of) | Self::Thread(of, _) => Some(of),
        }
    }
}

/// An event to append.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// To which room.
    pub room: RoomId,
    /// By whom.
    pub author: MemberId,
    /// Whether they may delete what others said.
    pub moderates: bool,
    /// What they do.
    pub what: What,
    /// Under which id of theirs.
    pub cid: Cid,
    /// The tree that its text makes, as it is stored, where there is one.
    pub markup: Option<String>,
    /// To what it is said.
    pub to: To,
    /// How many messages may be pinned to the room.
    pub most_pins: usize,
    /// The files that go with a message; what they are is found in the store.
    pub files: Vec<u128>,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It has a number now.
    New(Event),
    /// The same, and it is an edit; with the people whom the message names since.
    Edited(Event, Vec<MemberId>),
    /// It had one already; this is what it has become meanwhile.
    Repeated(Event),
    /// It can't be: its id was used for something else, its author is not there any more, or what it changes is not theirs
    /// to change.
    Refused(Refusal),
}

impl Store {
    /// A message of a room as it is now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn said(&self, room: RoomId, seq: Seq) -> Result<Option<Event>, StoreError> {
        self.read(move |connection| message(connection, room, seq)).await
    }

    /// Appends an event; the call takes its place in the order. Once it is durable, `publish` is called in the order of the
    /// numbers, and then whoever asked is answered with what it said.
    pub fn append<Said: Send + 'static>(
        &self,
        new: NewEvent,
        publish: impl FnOnce(Appended) -> Said + Send + 'static,
        answer: impl FnOnce(Result<Said, StoreError>) + Send + 'static,
    ) {
        self.writer.submit(move |ledger| append(ledger, new), publish, answer);
    }

    /// The newest events of a room, oldest first: so many that have a line, [`MAX_PAGE_EVENTS`] in all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(&self, room: RoomId, lines: usize) -> Result<Vec<Event>, StoreError> {
        self.before(room, Seq::MAX, lines).await
    }

    /// The events right before a number, oldest first: so many that have a line, [`MAX_PAGE_EVENTS`] in all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn before(&self, room: RoomId, before: Seq, lines: usize) -> Result<Vec<Event>, StoreError> {
        let sql = read!("e.id > $1 AND e.id < $2 ORDER BY e.id DESC LIMIT $3");
        let mut events = self.events(sql, (place(room, 0), place(room, before)), (MAX_PAGE_EVENTS, lines)).await?;
        events.reverse();
        Ok(events)
    }

    /// The events right after a number, oldest first: so many that have a line, [`MAX_PAGE_EVENTS`] in all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newer(&self, room: RoomId, after: Seq, lines: usize) -> Result<Vec<Event>, StoreError> {
        self.following(room, after, (MAX_PAGE_EVENTS, lines)).await
    }

    /// The events right after a number, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn after(&self, room: RoomId, after: Seq, count: usize) -> Result<Vec<Event>, StoreError> {
        self.following(room, after, (count, count)).await
    }

    async fn following(
        &self,
        room: RoomId,
        after: Seq,
        (count, lines): (usize, usize),
    ) -> Result<Vec<Event>, StoreError> {
        let sql = read!("e.id > $1 AND e.id < $2 ORDER BY e.id LIMIT $3");
        self.events(sql, (place(room, after), place(room, Seq::MAX)), (count, lines)).await
    }

    async fn events(
        &self,
        sql: &'static str,
        (above, below): (i64, i64),
        (count, lines): (usize, usize),
    ) -> Result<Vec<Event>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query((above, below, count as i64))?;
            let (mut events, mut bytes, mut seen) = (Vec::new(), 0, 0);
            while let Some(row) = rows.next()?.filter(|_| bytes < MAX_READ_BYTES && seen < lines) {
                let event = event(row)?;
                bytes += event.text_bytes();
                seen += usize::from(event.has_line());
                events.push(event);
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
pub(super) fn room_and_seq(place: i64) -> (RoomId, Seq) {
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
        return Ok(Appended::Refused(Refusal::SignedOut));
    };
    let Some(seq) = ledger.next_seq(new.room)? else {
        return Ok(Appended::Refused(Refusal::RoomUnknown));
    };
    let mut event =
        Event { seq, at_ms: new.at_ms, by: Member { id: new.author, name }, what: new.what, cid: Some(new.cid) };
    let why = ledger.refuses(new.room, new.author)?;
    if let Some(why) = why.filter(|why| *why != Refusal::RoomArchived) {
        return Ok(Appended::Refused(why));
    }
    let answered = match new.to.of() {
        None => None,
        Some(of) => message(&ledger.connection, new.room, of)?,
    };
    if let (What::Posted { beside, .. }, Some(answered)) = (&mut event.what, &answered) {
        *beside = Some(Box::new(said_to(new.to, answered)));
    }
    if let Some(archived) = why {
        // What was taken before is confirmed all the same.
        let known = repeat(&ledger.connection, new.room, &event, &new.files)?;
        return Ok(known.unwrap_or(Appended::Refused(archived)));
    }
    let markup = new.markup.as_deref();
    if let Some(of) = event.what.of() {
        return ledger.in_savepoint(|ledger| match event.what {
            What::Reacted { .. } | What::Pinned { .. } => put_beside(ledger, new.room, of, event, new.most_pins),
            What::Previewed { .. } => previews::hide(ledger, new.room, of, event),
            _ => change(ledger, new.room, of, event, (new.moderates, markup)),
        });
    }
    match (new.to, answered) {
        (To::Room, _) | (To::Message(_), Some(_)) => {}
        (To::Thread(..), Some(root)) if root.within().is_none() => {
            return ledger.in_savepoint(|ledger| reply(ledger, new.room, root, event, markup, &new.files));
        }
        _ => return Ok(Appended::Refused(Refusal::MessageUnknown)),
    }
    if !new.files.is_empty() {
        return ledger.in_savepoint(|ledger| say_with_files(ledger, new.room, event, markup, &new.files));
    }
    let meant = Meant::by(&event);
    if meant.is_nobody() {
        return say(ledger, new.room, event, markup);
    }
    ledger.in_savepoint(|ledger| {
        let said = say(ledger, new.room, event, markup)?;
        if matches!(said, Appended::New(_)) {
            mentions::note(&ledger.connection, place(new.room, seq), &meant, true)?;
        }
        Ok(said)
    })
}

/// What stands beside a message that is said to another one.
fn said_to(to: To, answered: &Event) -> Beside {
    let quote = || Quote::new(answered);
    match to {
        To::Room => Beside::default(),
        To::Message(_) => Beside { reply: quote(), ..Beside::default() },
        To::Thread(of, also) => {
            let within = Some(InThread { of, also, ..InThread::default() });
            Beside { within, reply: if also { quote() } else { None }, ..Beside::default() }
        }
    }
}

/// Appends a reply in the thread of a message, and brings what that one says of its thread up to date.
fn reply(
    ledger: &mut Ledger,
    room: RoomId,
    mut root: Event,
    mut reply: Event,
    markup: Option<&str>,
    files: &[u128],
) -> rusqlite::Result<Appended> {
    if let Some(known) = repeat(&ledger.connection, room, &reply, files)? {
        return Ok(known);
    }
    let thread = place(room, root.seq);
    threads::join(&ledger.connection, &root, thread, &mut reply)?;
    let said = say_with_files(ledger, room, reply, markup, files)?;
    if let Appended::New(reply) = &said {
        root.take_change(reply);
        set_beside(&ledger.connection, room, &root)?;
    }
    Ok(said)
}

/// Appends a message as it is.
fn say(ledger: &mut Ledger, room: RoomId, event: Event, markup: Option<&str>) -> rusqlite::Result<Appended> {
    if insert(&ledger.connection, room, &event, markup)? {
        ledger.raise(room, event.seq);
        return Ok(Appended::New(event));
    }
    repeat(&ledger.connection, room, &event, &[])
        .map(|known| known.unwrap_or(Appended::Refused(Refusal::MessageChanged)))
}

/// Appends a message that carries files. They are the author's own, have arrived, and go with no other message.
fn say_with_files(
    ledger: &mut Ledger,
    room: RoomId,
    mut message: Event,
    markup: Option<&str>,
    ids: &[u128],
) -> rusqlite::Result<Appended> {
    if let Some(known) = repeat(&ledger.connection, room, &message, ids)? {
        return Ok(known);
    }
    let cid = message.cid.unwrap_or(Cid(0));
    let Some(found) = files::to_be_said(&ledger.connection, (message.by.id, room), cid, ids)? else {
        return Ok(Appended::Refused(Refusal::FileUnknown));
    };
    if let What::Posted { files, .. } = &mut message.what {
        *files = found;
    }
    insert(&ledger.connection, room, &message, markup)?;
    files::say(&ledger.connection, place(room, message.seq), ids)?;
    mentions::note(&ledger.connection, place(room, message.seq), &Meant::by(&message), true)?;
    ledger.raise(room, message.seq);
    Ok(Appended::New(message))
}

/// Appends an edit or a deletion, and brings the message itself up to date. Only the author may, or delete it who moderates the
/// room, and only once.
fn change(
    ledger: &mut Ledger,
    room: RoomId,
    of: Seq,
    change: Event,
    (moderates, markup): (bool, Option<&str>),
) -> rusqlite::Result<Appended> {
    if let Some(known) = repeat(&ledger.connection, room, &change, &[])? {
        return Ok(known);
    }
    let is_edit = matches!(change.what, What::Edited { .. });
    let author = if moderates && !is_edit { None } else { Some(change.by.id) };
    let mut message = match message_of(&ledger.connection, room, of, author)? {
        Ok(message) => message,
        Err(why) => return Ok(Appended::Refused(why)),
    };
    if is_edit && message.forwarded().is_some() {
        return Ok(Appended::Refused(Refusal::MessageNotYours));
    }
    // By its time a change is told from those before it, and the clock may have been set back.
    let What::Posted { edited_ms, .. } = &message.what else { return Ok(Appended::Refused(Refusal::MessageUnknown)) };
    let mut change = Event { at_ms: change.at_ms.max((*edited_ms).unwrap_or(message.at_ms) + 1), ..change };
    if let What::Edited { to, .. } | What::Deleted { to, .. } = &mut change.what {
        *to = message.to().to_vec();
    }
    let before = Meant::by(&message);
    insert(&ledger.connection, room, &change, markup)?;
    message.take_change(&change);
    bring_up_to_date(ledger, room, &message, &change, markup)?;
    ledger.raise(room, change.seq);
    if !is_edit {
        return Ok(Appended::New(change));
    }
    let is_new = |person: &&MemberId| **person != change.by.id && !before.people().contains(person);
    let named = Meant::by(&change).people().iter().filter(is_new).copied().collect();
    Ok(Appended::Edited(change, named))
}

/// Appends a reaction or a pin, and notes it at the message itself. Everyone may, as long as there is place for another emoji at
/// the message, or for another pinned one in the room.
fn put_beside(
    ledger: &mut Ledger,
    room: RoomId,
    of: Seq,
    mut event: Event,
    most_pins: usize,
) -> rusqlite::Result<Appended> {
    if let Some(known) = repeat(&ledger.connection, room, &event, &[])? {
        return Ok(known);
    }
    let mut message = match message(&ledger.connection, room, of)? {
        None => return Ok(Appended::Refused(Refusal::MessageUnknown)),
        Some(message) if message.is_deleted() => return Ok(Appended::Refused(Refusal::MessageDeleted)),
        Some(message) => message,
    };
    match &mut event.what {
        What::Reacted { emoji, on: true, .. }
            if message.beside().is_some_and(|beside| !beside.reactions.may_add(emoji)) =>
        {
            return Ok(Appended::Refused(Refusal::ReactionsFull));
        }
        What::Reacted { emoji, on, count, .. } => {
            *count = reactions::put(&ledger.connection, place(room, of), event.by.id, emoji, *on)?;
        }
        What::Pinned { on, .. } if !pins::put(&ledger.connection, (room, of), *on, most_pins)? => {
            return Ok(Appended::Refused(Refusal::PinsFull));
        }
        _ => {}
    }
    message.take_change(&event);
    insert(&ledger.connection, room, &event, None)?;
    set_beside(&ledger.connection, room, &message)?;
    ledger.raise(room, event.seq);
    Ok(Appended::New(event))
}

/// Stores what stands beside a message by now.
pub(super) fn set_beside(connection: &Connection, room: RoomId, message: &Event) -> rusqlite::Result<()> {
    let sql = "UPDATE event SET beside = $1 WHERE id = $2";
    connection.prepare_cached(sql)?.execute((stored(&message.what), place(room, message.seq))).map(drop)
}

/// The message says what the change says. Of one that is deleted no text stays, nor of its edits.
fn bring_up_to_date(
    ledger: &mut Ledger,
    room: RoomId,
    now: &Event,
    change: &Event,
    markup: Option<&str>,
) -> rusqlite::Result<()> {
    let message = place(room, now.seq);
    if let What::Edited { text, .. } = &change.what {
        versions::keep_first(&ledger.connection, message)?;
        let sql = "UPDATE event SET body = $1, markup = $2, edited_ms = $3 WHERE id = $4";
        ledger.connection.prepare_cached(sql)?.execute((text, markup, change.at_ms, message))?;
    } else {
        for sql in [
            "UPDATE event SET body = '', markup = NULL, edited_ms = NULL, files = NULL WHERE id = $1",
            "UPDATE event SET body = '', markup = NULL WHERE message_id = $1 AND kind = 3",
            "DELETE FROM reaction WHERE message_id = $1",
            "DELETE FROM pin WHERE message_id = $1",
            "DELETE FROM first_text WHERE message_id = $1",
        ] {
            ledger.connection.prepare_cached(sql)?.execute([message])?;
        }
        set_beside(&ledger.connection, room, now)?;
        files::let_go(&ledger.connection, message)?;
        previews::forget(ledger, message)?;
    }
    mentions::note(&ledger.connection, message, &Meant::by(change), false)?;
    ledger.leaves_traces();
    Ok(())
}

/// A message that can be changed, which is not deleted; and the author's own, where one is named.
pub(super) fn message_of(
    connection: &Connection,
    room: RoomId,
    of: Seq,
    author: Option<MemberId>,
) -> rusqlite::Result<Result<Event, Refusal>> {
    Ok(match message(connection, room, of)? {
        None => Err(Refusal::MessageUnknown),
        Some(message) if author.is_some_and(|author| message.by.id != author) => Err(Refusal::MessageNotYours),
        Some(message) if message.is_deleted() => Err(Refusal::MessageDeleted),
        Some(message) => Ok(message),
    })
}

/// The message of a number, if it is one.
pub(super) fn message(connection: &Connection, room: RoomId, seq: Seq) -> rusqlite::Result<Option<Event>> {
    let sql = read!("e.id = $1 AND e.kind IN (1, 8, 9)");
    // A number that no event of this room can have would be another event's place.
    let Some(place) = Some(place(room, seq)).filter(|place| room_and_seq(*place) == (room, seq)) else {
        return Ok(None);
    };
    connection.prepare_cached(sql)?.query_row([place], event).optional()
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
    let event = Event { seq, at_ms, by: by.clone(), what: What::Renamed { was: was.clone() }, cid: None };
    insert(&ledger.connection, room, &event, None)?;
    ledger.raise(room, seq);
    Ok(Some(event))
}

/// Appends what somebody did under no id of theirs; `None` when they, or the room, are not there.
pub(super) fn append_by(
    ledger: &mut Ledger,
    room: RoomId,
    by: MemberId,
    what: What,
    at_ms: i64,
) -> rusqlite::Result<Option<Event>> {
    let (Some(name), Some(seq)) = (ledger.author_name(by)?, ledger.next_seq(room)?) else { return Ok(None) };
    let event = Event { seq, at_ms, by: Member { id: by, name }, what, cid: None };
    insert(&ledger.connection, room, &event, None)?;
    ledger.raise(room, seq);
    Ok(Some(event))
}

/// What became of an event whose id its author has used before; `None` when they have not.
pub(super) fn repeat(
    connection: &Connection,
    room: RoomId,
    asked: &Event,
    files: &[u128],
) -> rusqlite::Result<Option<Appended>> {
    let sql = read!("e.author_id = $1 AND e.cid = $2");
    let Some(cid) = asked.cid else { return Ok(None) };
    let found = |row: &Row<'_>| Ok((room_and_seq(row.get(0)?).0, event(row)?));
    let known =
        connection.prepare_cached(sql)?.query_row((asked.by.id.0, &cid.0.to_be_bytes()[..]), found).optional()?;
    Ok(known.map(|(its_room, known)| {
        let is_same = its_room == room && came_of(&known.what, &asked.what) && carries(&known, files);
        if is_same { Appended::Repeated(known) } else { Appended::Refused(Refusal::MessageChanged) }
    }))
}

/// Whether what is stored came of what is asked: its shape may have been found by other rules, and what was changed since, or
/// emptied, is known by its id alone.
fn came_of(stored: &What, asked: &What) -> bool {
    match (stored, asked) {
        (
            What::Posted { text, edited_ms, files, beside, .. },
            What::Posted { text: asked, beside: asked_beside, .. },
        ) => {
            let to = |beside: &Option<Box<Beside>>| {
                let beside = beside.as_ref()?;
                let within = beside.within.as_ref().map(|place| (place.of, place.also));
                Some((beside.reply.as_ref().map(|quote| quote.of), within)).filter(|to| *to != (None, None))
            };
            let is_same = (edited_ms.is_some() || text == asked) && to(beside) == to(asked_beside);
            (text.is_empty() && files.is_empty()) || is_same
        }
        (What::Edited { text, of, .. }, What::Edited { text: asked, of: asked_of, .. }) => {
            of == asked_of && (text.is_empty() || text == asked)
        }
        (What::Reacted { of, emoji, on, .. }, What::Reacted { of: asked_of, emoji: asked, on: asked_on, .. }) => {
            (of, emoji, on) == (asked_of, asked, asked_on)
        }
        (What::Previewed { of, .. }, What::Previewed { of: asked_of, .. })
        | (What::Deleted { of, .. }, What::Deleted { of: asked_of, .. }) => of == asked_of,
        _ => stored == asked,
    }
}

/// Whether a message carries these files, or did before it was deleted.
fn carries(known: &Event, files: &[u128]) -> bool {
    known.is_deleted() || known.files().iter().map(|file| file.id.bits()).eq(files.iter().copied().map(Some))
}

/// What an event says beside its text, as it is stored.
fn stored(what: &What) -> Option<String> {
    let json = match what {
        // What it answers is read from there, so that nothing of it stays here once it is deleted.
        What::Posted { beside, .. } => {
            let own = Beside { reply: None, ..Beside::clone(beside.as_ref()?) };
            serde_json::to_string(&Some(own).filter(|own| *own != Beside::default())?)
        }
        What::Reacted { on, count, .. } => serde_json::to_string(&(on, count)),
        What::Pinned { on, .. } => serde_json::to_string(on),
        _ => return None,
    };
    Some(json.expect("there is nothing in it that JSON can't hold"))
}

/// Adds an event; `false` when its author has used its id before.
pub(super) fn insert(
    connection: &Connection,
    room: RoomId,
    event: &Event,
    markup: Option<&str>,
) -> rusqlite::Result<bool> {
    let sql = "INSERT INTO event (id, kind, author_id, author_name, cid, at_ms, body, markup, message_id, files, beside) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let (kind, body): (_, Cow<'_, str>) = match &event.what {
        What::Posted { text, .. } => (kind_of(event), text.into()),
        What::Renamed { was } => (KIND_RENAMED, was.as_str().into()),
        What::Edited { text, .. } => (KIND_EDITED, text.into()),
        What::Deleted { .. } => (KIND_DELETED, "".into()),
        What::Pinned { .. } => (KIND_PINNED, "".into()),
        What::Reacted { emoji, .. } => (KIND_REACTED, emoji.into()),
        What::Room(change) => (KIND_ROOM, app::protocol::encode(change).into()),
        What::Previewed { preview, .. } => {
            (KIND_PREVIEWED, preview.as_ref().map(app::protocol::encode).unwrap_or_default().into())
        }
    };
    let cid = event.cid.map(|cid| cid.0.to_be_bytes());
    let message = event.touches().or(event.reply().map(|quote| quote.of));
    let (by, cid) = (&event.by, cid.as_ref().map(|cid| &cid[..]));
    let message = message.map(|of| place(room, of));
    let files = (!event.files().is_empty()).then(|| app::protocol::encode(&event.files()));
    let (place, name, beside) = (place(room, event.seq), by.name.as_str(), stored(&event.what));
    let values = (place, kind, by.id.0, name, cid, event.at_ms, &*body, markup, message, files, beside);
    Ok(connection.prepare_cached(sql)?.execute(values)? == 1)
}

fn kind_of(message: &Event) -> i64 {
    match message.within() {
        None => KIND_POSTED,
        Some(InThread { also: true, .. }) => KIND_ALSO,
        Some(_) => KIND_WITHIN,
    }
}

/// Reads an event.
pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let what = what(row).or_else(buried)?;
    Ok(Event {
        seq: room_and_seq(row.get(0)?).1,
        at_ms: row.get(5)?,
        by: Member { id: MemberId(row.get(2)?), name: name(row, 3)? },
        what,
        cid: cid(row, 4)?,
    })
}

/// Reads what happened.
fn what(row: &Row<'_>) -> rusqlite::Result<What> {
    Ok(match row.get::<_, i64>(1)? {
        KIND_RENAMED => What::Renamed { was: name(row, 6)? },
        KIND_ROOM => What::Room(room_change(row, 6)?),
        KIND_EDITED => edited(row)?,
        KIND_PREVIEWED => What::Previewed { of: of(row, 9)?, preview: json(row, 6)? },
        KIND_DELETED => What::Deleted { of: of(row, 9)?, to: to(row)? },
        KIND_PINNED => What::Pinned { of: of(row, 9)?, on: json(row, 11)?.unwrap_or_default() },
        KIND_REACTED => {
            let (on, count) = json(row, 11)?.unwrap_or_default();
            What::Reacted { of: of(row, 9)?, emoji: row.get(6)?, on, count }
        }
        _ => {
            let (text, files): (String, _) = (row.get(6)?, files::carried(row, 10)?);
            let beside = if text.is_empty() && files.is_empty() { json(row, 11)? } else { beside(row)? };
            What::Posted { text, markup: json(row, 7)?, edited_ms: row.get(8)?, files, beside }
        }
    })
}

/// What a damaged row said holds up nobody: it keeps its number, and is as if it had been deleted.
fn buried(error: rusqlite::Error) -> rusqlite::Result<What> {
    match error {
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..) => {
            tracing::error!(%error, "an event can't be read; it is shown as one that was deleted");
            Ok(What::posted(String::new()))
        }
        other => Err(other),
    }
}

/// Reads an edit. What the message doesn't say any more is for those alone who may see its [`versions`].
fn edited(row: &Row<'_>) -> rusqlite::Result<What> {
    let is_last = row.get::<_, Option<i64>>(16)? == Some(row.get(5)?);
    let (text, markup) = if is_last { (row.get(6)?, json(row, 7)?) } else { Default::default() };
    Ok(What::Edited { of: of(row, 9)?, text, markup, to: to(row)? })
}

/// Reads whom the message counts for that an event changes.
fn to(row: &Row<'_>) -> rusqlite::Result<Vec<MemberId>> {
    let beside: Option<Beside> = json(row, 18)?;
    let place = beside.and_then(|beside| beside.within).filter(|place| !place.also);
    Ok(place.map(|place| place.to).unwrap_or_default())
}

/// Reads a change of a room. One that this program doesn't understand keeps its number and says nothing.
fn room_change(row: &Row<'_>, column: usize) -> rusqlite::Result<RoomChange> {
    let stored = row.get_ref(column)?.as_str()?;
    Ok(serde_json::from_str(stored).unwrap_or(RoomChange::Added { who: Vec::new() }))
}

/// Reads a tree, or what stands beside a text. One that this program doesn't understand is left out: the text says the most.
fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let stored = row.get_ref(column)?.as_str_or_null()?;
    Ok(stored.and_then(|stored| serde_json::from_str(stored).ok()))
}

/// Reads what stands beside a message, and the message that it answers.
fn beside(row: &Row<'_>) -> rusqlite::Result<Option<Box<Beside>>> {
    let stored: Option<Box<Beside>> = json(row, 11)?;
    let Some(author) = row.get::<_, Option<i64>>(12)? else { return Ok(stored) };
    let what = What::Posted {
        text: row.get(14)?,
        markup: json(row, 15)?,
        edited_ms: row.get(16)?,
        files: files::carried(row, 17)?,
        beside: None,
    };
    let by = Member { id: MemberId(author), name: name(row, 13)? };
    let reply = Quote::new(&Event { seq: of(row, 9)?, at_ms: 0, by, what, cid: None });
    Ok(Some(Box::new(Beside { reply, ..stored.map(|it| *it).unwrap_or_default() })))
}

/// Reads a name; the rules of names may have become stricter since it was stored.
pub(super) fn name(row: &Row<'_>, column: usize) -> rusqlite::Result<Name> {
    let stored: String = row.get(column)?;
    Ok(Name::new(&stored).unwrap_or_else(|_| Name::new("?").expect("a question mark is a name")))
}

/// The number of the message that an event changes.
fn of(row: &Row<'_>, column: usize) -> rusqlite::Result<Seq> {
    Ok(room_and_seq(row.get(column)?).1)
}

fn cid(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Cid>> {
    Ok(row.get::<_, Option<_>>(column)?.map(|bytes| Cid(u128::from_be_bytes(bytes))))
}
