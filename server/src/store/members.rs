//! People, their names and their sessions as they are stored. A name belongs to one person; somebody who was not seen
//! for [`NAME_HELD_MS`] gives it up when another asks for it.

use app::member::{Member, MemberId, Name};
use app::message::{Cid, Event};
use app::refusal::Refusal;
use rusqlite::{Connection, OptionalExtension, Row};

use super::events::{append_renamed, name};
use super::ledger::Ledger;
use super::sessions::Seen;
use super::{RoomId, Store, StoreError};

/// How long an unseen person's name is held: 30 days.
const NAME_HELD_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// How long a plain connection's name is held after it left: a day.
const PLAIN_NAME_HELD_MS: i64 = 24 * 60 * 60 * 1_000;
/// A form that is sent again within this time is a second press of the same button.
const SAME_ENTRY_MS: i64 = 60 * 1_000;
/// Being seen is noted at most this often: once an hour.
const SEEN_EVERY_MS: i64 = 60 * 60 * 1_000;

/// Through which door somebody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The page, with a cookie.
    Page = 0,
    /// Plain text lines, with nothing but a name.
    Plain = 1,
}

/// Somebody whom a session belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub member: Member,
    /// Whether it is time to note that they were seen.
    pub is_stale: bool,
    /// Whether they gave up their name while they were away.
    pub is_nameless: bool,
}

/// Somebody under their new name, and what the rooms' logs say of it.
type Renamed = (Member, Vec<(RoomId, Event)>);

impl Store {
    /// Who a session belongs to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn known(&self, token_hash: [u8; 32], now_ms: i64) -> Result<Option<Known>, StoreError> {
        // Nobody gives up their name, or is forgotten, who was seen so lately.
        let is_lately = |seen: &Seen| now_ms - seen.at_ms <= SEEN_EVERY_MS;
        if let Some(Seen { member, .. }) = self.sessions.get(&token_hash).filter(is_lately) {
            return Ok(Some(Known { member, is_stale: false, is_nameless: false }));
        }
        let asked = self.sessions.now();
        let sql = "SELECT m.id, m.name, m.seen_ms, m.name_key IS NULL FROM session s JOIN member m ON m.id = s.member_id WHERE s.token_hash = $1";
        let known = |row: &Row<'_>| Ok((Seen { member: member(row)?, at_ms: row.get(2)? }, row.get(3)?));
        let found: Option<(Seen, bool)> = self
            .read(move |connection| connection.prepare_cached(sql)?.query_row([&token_hash[..]], known).optional())
            .await?;
        Ok(found.map(|(seen, is_nameless)| {
            let (member, is_stale) = (seen.member.clone(), !is_lately(&seen));
            if !is_stale && !is_nameless {
                self.sessions.remember(token_hash, seen, asked);
            }
            Known { member, is_stale, is_nameless }
        }))
    }

    /// Makes a person with a session, unless the house is full or the name is somebody else's. The same form sent twice within
    /// a minute is the same person, with another session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn walk_in(
        &self,
        name: Name,
        name_key: String,
        form: Cid,
        token_hash: [u8; 32],
        now_ms: i64,
        is_full: bool,
    ) -> Result<Result<Member, Refusal>, StoreError> {
        let asked = self.sessions.now();
        let entered = self.comes(move |connection| {
            let (member, is_new) = match entered_before(connection, &name_key, form, now_ms)? {
                Some(member) => (Ok(member), false),
                None => (create(connection, name, &name_key, (Door::Page, Some(form)), now_ms, is_full)?, true),
            };
            let sql = "INSERT INTO session (token_hash, member_id, created_ms) VALUES ($1, $2, $3)";
            if let Ok(member) = &member {
                connection.execute(sql, (&token_hash[..], member.id.0, now_ms))?;
            }
            Ok((member, is_new))
        });
        let member = entered.await?;
        if let Ok(member) = &member {
            self.sessions.remember(token_hash, Seen { member: member.clone(), at_ms: now_ms }, asked);
        }
        Ok(member)
    }

    /// Whether there is a guest of plain connections whose name has this key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn has_guest(&self, name_key: String) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM member WHERE name_key = $1 AND door = $2)";
        self.read(move |connection| connection.query_row(sql, (name_key, Door::Plain as i64), |row| row.get(0))).await
    }

    /// Finds the guest of a plain connection, under the name as it was written first, or makes one, unless the house is full or
    /// the name is that of somebody with a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn guest(
        &self,
        name: Name,
        name_key: String,
        now_ms: i64,
        is_full: bool,
    ) -> Result<Result<Member, Refusal>, StoreError> {
        self.comes(move |connection| {
            let sql = "UPDATE member SET seen_ms = $1 WHERE name_key = $2 AND door = $3 RETURNING id, name";
            let returning = connection.query_row(sql, (now_ms, &name_key, Door::Plain as i64), member).optional()?;
            returning.map_or_else(
                || Ok((create(connection, name, &name_key, (Door::Plain, None), now_ms, is_full)?, true)),
                |member| Ok((Ok(member), false)),
            )
        })
        .await
    }

    /// Somebody comes, who may be new; whoever is new is counted.
    async fn comes(
        &self,
        act: impl FnOnce(&Connection) -> rusqlite::Result<(Result<Member, Refusal>, bool)> + Send + 'static,
    ) -> Result<Result<Member, Refusal>, StoreError> {
        let people = self.people.clone();
        let publish = move |(member, is_new): (Result<Member, Refusal>, bool)| {
            people.change(i64::from(is_new && member.is_ok()));
            member
        };
        self.writer.ask(|ledger| ledger.in_savepoint(|ledger| act(&ledger.connection)), publish).await
    }

    /// Gives a person another name, and says so in the logs of these rooms; `None` when the name is somebody else's.
    /// `publish` runs in the order of the rooms' numbers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rename(
        &self,
        id: MemberId,
        name: Name,
        name_key: String,
        rooms: Vec<RoomId>,
        now_ms: i64,
        publish: impl FnOnce(&Member, Vec<(RoomId, Event)>) + Send + 'static,
    ) -> Result<Option<Member>, StoreError> {
        let rename = move |ledger: &mut Ledger| {
            ledger.in_savepoint(|ledger| rename(ledger, id, name, &name_key, &rooms, now_ms))
        };
        let sessions = self.sessions.clone();
        let publish = move |renamed: Option<Renamed>| {
            let (member, events) = renamed?;
            sessions.forget(member.id);
            publish(&member, events);
            Some(member)
        };
        self.writer.ask(rename, publish).await
    }

    /// Notes that people were seen.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn seen(&self, people: Vec<MemberId>, now_ms: i64) -> Result<(), StoreError> {
        self.write(move |connection| {
            let mut note = connection.prepare_cached("UPDATE member SET seen_ms = $1 WHERE id = $2")?;
            people.iter().try_for_each(|id| note.execute((now_ms, id.0)).map(|_| ()))
        })
        .await
    }

    /// Notes until when somebody is not to be disturbed, in milliseconds since 1970. `tell` runs once that is durable.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_quiet(
        &self,
        id: MemberId,
        until_ms: i64,
        tell: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let note = move |ledger: &mut Ledger| {
            let sql = "UPDATE member SET quiet_until_ms = $1 WHERE id = $2";
            ledger.connection.prepare_cached(sql)?.execute((until_ms, id.0))
        };
        self.writer.ask(note, |_| tell()).await
    }

    /// The highest id that somebody has; 0 where nobody is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_member(&self) -> Result<MemberId, StoreError> {
        let sql = "SELECT coalesce(max(id), 0) FROM member";
        self.read(move |connection| connection.query_row(sql, [], |row| row.get(0).map(MemberId))).await
    }

    /// Who is not to be disturbed now, and until when.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn quiet(&self, now_ms: i64) -> Result<Vec<(MemberId, i64)>, StoreError> {
        let sql = "SELECT id, quiet_until_ms FROM member WHERE quiet_until_ms > $1";
        self.read(move |connection| {
            let mut ask = connection.prepare(sql)?;
            ask.query_map([now_ms], |row| Ok((MemberId(row.get(0)?), row.get(1)?)))?.collect()
        })
        .await
    }

    /// Of the people with a session and a name of their own who were seen last, `most` of them, those whose names fit, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn seen_last<Fit: Send + 'static>(
        &self,
        most: usize,
        fits: impl Fn(&str) -> Option<Fit> + Send + 'static,
    ) -> Result<Vec<(Fit, Member)>, StoreError> {
        let sql = "SELECT id, name FROM member WHERE door = 0 AND name_key IS NOT NULL ORDER BY seen_ms DESC LIMIT $1";
        self.read(move |connection| {
            let mut ask = connection.prepare_cached(sql)?;
            let (mut rows, mut found) = (ask.query([most as i64])?, Vec::new());
            while let Some(row) = rows.next()? {
                if let Some(fit) = fits(row.get_ref(1)?.as_str()?) {
                    found.push((fit, member(row)?));
                }
            }
            Ok(found)
        })
        .await
    }

    /// Forgets people who were not seen for long and never said anything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_silent(&self, now_ms: i64) -> Result<Vec<MemberId>, StoreError> {
        let sql = "DELETE FROM member WHERE wrote = 0 AND (seen_ms < $1 OR (seen_ms < $2 AND door = $3)) RETURNING id";
        let (page_ms, plain_ms) = (now_ms - NAME_HELD_MS, now_ms - PLAIN_NAME_HELD_MS);
        let forget = move |ledger: &mut Ledger| {
            ledger.forget_names();
            let mut delete = ledger.connection.prepare_cached(sql)?;
            let forgotten =
                delete.query_map((page_ms, plain_ms, Door::Plain as i64), |row| Ok(MemberId(row.get(0)?)))?;
            forgotten.collect::<rusqlite::Result<Vec<MemberId>>>()
        };
        let people = self.people.clone();
        let publish = move |forgotten: Vec<MemberId>| {
            people.change(-(forgotten.len() as i64));
            forgotten
        };
        self.writer.ask(forget, publish).await
    }
}

/// Who came in a moment ago with this very form.
fn entered_before(connection: &Connection, name_key: &str, form: Cid, now_ms: i64) -> rusqlite::Result<Option<Member>> {
    let sql = "SELECT id, name FROM member WHERE name_key = $1 AND entry_cid = $2 AND created_ms > $3";
    connection.query_row(sql, (name_key, form.to_string(), now_ms - SAME_ENTRY_MS), member).optional()
}

fn create(
    connection: &Connection,
    name: Name,
    name_key: &str,
    (door, form): (Door, Option<Cid>),
    now_ms: i64,
    is_full: bool,
) -> rusqlite::Result<Result<Member, Refusal>> {
    if is_full {
        return Ok(Err(Refusal::PeopleFull));
    }
    if !is_free(connection, name_key, None, now_ms)? {
        return Ok(Err(Refusal::NameTaken));
    }
    let sql = "INSERT INTO member (name, name_key, door, entry_cid, created_ms, seen_ms) VALUES ($1, $2, $3, $4, $5, $5) RETURNING id, name";
    connection
        .query_row(sql, (name.as_str(), name_key, door as i64, form.map(|cid| cid.to_string()), now_ms), member)
        .map(Ok)
}

fn rename(
    ledger: &mut Ledger,
    id: MemberId,
    name: Name,
    name_key: &str,
    rooms: &[RoomId],
    now_ms: i64,
) -> rusqlite::Result<Option<Renamed>> {
    if !is_free(&ledger.connection, name_key, Some(id), now_ms)? {
        return Ok(None);
    }
    let was = ledger.connection.query_row("SELECT id, name FROM member WHERE id = $1", [id.0], member)?.name;
    let sql = "UPDATE member SET name = $1, name_key = $2, seen_ms = $3, wrote = 1 WHERE id = $4";
    ledger.connection.execute(sql, (name.as_str(), name_key, now_ms, id.0))?;
    ledger.forget_names();
    let member = Member { id, name };
    let mut events = Vec::new();
    for room in rooms.iter().filter(|_| was != member.name) {
        events.extend(append_renamed(ledger, *room, &member, &was, now_ms)?.map(|event| (*room, event)));
    }
    Ok(Some((member, events)))
}

/// Whether a name can be had; takes it from somebody who was not seen for long.
fn is_free(connection: &Connection, name_key: &str, me: Option<MemberId>, now_ms: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT id, seen_ms, door FROM member WHERE name_key = $1";
    let holder = |row: &Row<'_>| Ok((MemberId(row.get(0)?), row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
    let Some((holder, seen_ms, door)) = connection.query_row(sql, [name_key], holder).optional()? else {
        return Ok(true);
    };
    let held_ms = if door == Door::Plain as i64 { PLAIN_NAME_HELD_MS } else { NAME_HELD_MS };
    if Some(holder) == me {
        return Ok(true);
    }
    if now_ms - seen_ms <= held_ms {
        return Ok(false);
    }
    connection.execute("UPDATE member SET name_key = NULL WHERE id = $1", [holder.0])?;
    Ok(true)
}

fn member(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member { id: MemberId(row.get(0)?), name: name(row, 1)? })
}
