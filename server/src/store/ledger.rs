//! What the writer keeps in its head beside its connection: the rooms' last numbers and the names of those who write.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use app::member::{MemberId, Name};
use app::message::Seq;
use app::refusal::Refusal;
use app::room::Slug;
use rusqlite::{Connection, ErrorCode, OptionalExtension};

use super::RoomId;
use super::events::{last_seq, name};

/// How many names are remembered at most.
const MAX_NAMES: usize = 10_000;

/// The write-ahead log is emptied at most so often.
const WIPE_EVERY: Duration = Duration::from_secs(1);

/// Who may write in a room.
#[derive(Clone, Copy)]
struct Rule {
    is_closed: bool,
    is_archived: bool,
}

/// The writer's connection, and what it knows of it by heart. Only the writer writes, so this is never out of date.
pub(super) struct Ledger {
    /// The only connection that writes.
    pub(super) connection: Connection,
    heads: HashMap<RoomId, Seq>,
    rules: HashMap<RoomId, Rule>,
    names: HashMap<MemberId, Name>,
    /// Whether the write-ahead log may hold a text that is not wanted any more.
    has_traces: bool,
    wiped_at: Option<Instant>,
}

impl Ledger {
    pub(super) fn new(connection: Connection) -> Self {
        // What a program that was killed has left there is wiped, too.
        let has_traces = true;
        Self {
            connection,
            heads: HashMap::new(),
            rules: HashMap::new(),
            names: HashMap::new(),
            has_traces,
            wiped_at: None,
        }
    }

    /// Runs a command whole or not at all.
    pub(super) fn in_savepoint<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.run("SAVEPOINT command")?;
        let done = act(self);
        if done.is_err() {
            self.heads.clear();
            self.rules.clear();
            self.forget_names();
            self.run("ROLLBACK TO command")?;
        }
        self.run("RELEASE command")?;
        done
    }

    /// Runs a statement that asks for nothing.
    pub(super) fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(|_| ())
    }

    /// The next number of a room; `None` when there is no such room. It is taken with [`Ledger::raise`].
    pub(super) fn next_seq(&mut self, room: RoomId) -> rusqlite::Result<Option<Seq>> {
        if let Some(head) = self.heads.get(&room) {
            return Ok(Some(head + 1));
        }
        let mut ask = self.connection.prepare_cached("SELECT 1 FROM room WHERE id = $1")?;
        if !ask.exists([room.0])? {
            return Ok(None);
        }
        let head = last_seq(&self.connection, room)?;
        self.heads.insert(room, head);
        Ok(Some(head + 1))
    }

    /// Why somebody may not write in a room at this moment; `None` when they may.
    pub(super) fn refuses(&mut self, room: RoomId, author: MemberId) -> rusqlite::Result<Option<Refusal>> {
        let Some(rule) = self.rule(room)? else { return Ok(Some(Refusal::RoomUnknown)) };
        if rule.is_closed {
            let sql = "SELECT 1 FROM room_member WHERE room_id = $1 AND member_id = $2";
            if !self.connection.prepare_cached(sql)?.exists((room.0, author.0))? {
                return Ok(Some(Refusal::RoomUnknown));
            }
        }
        Ok(rule.is_archived.then_some(Refusal::RoomArchived))
    }

    fn rule(&mut self, room: RoomId) -> rusqlite::Result<Option<Rule>> {
        if let Some(rule) = self.rules.get(&room) {
            return Ok(Some(*rule));
        }
        let mut ask = self.connection.prepare_cached("SELECT slug, archived_ms IS NOT NULL FROM room WHERE id = $1")?;
        let rule = ask.query_row([room.0], |row| {
            let slug: String = row.get(0)?;
            Ok(Rule { is_closed: !Slug::from(slug).is_public(), is_archived: row.get(1)? })
        });
        let rule = rule.optional()?;
        rule.into_iter().for_each(|rule| {
            self.rules.insert(room, rule);
        });
        Ok(rule)
    }

    /// A room has become another.
    pub(super) fn forget_rule(&mut self, room: RoomId) {
        self.rules.remove(&room);
    }

    /// A number of a room was given to an event.
    pub(super) fn raise(&mut self, room: RoomId, seq: Seq) {
        self.heads.insert(room, seq);
    }

    /// The name of somebody who is about to write; `None` when there is nobody of this number.
    pub(super) fn author_name(&mut self, author: MemberId) -> rusqlite::Result<Option<Name>> {
        if let Some(name) = self.names.get(&author) {
            return Ok(Some(name.clone()));
        }
        let mut ask = self.connection.prepare_cached("SELECT name, wrote FROM member WHERE id = $1")?;
        let found = ask.query_row([author.0], |row| Ok((name(row, 0)?, row.get::<_, bool>(1)?))).optional()?;
        let Some((name, has_written)) = found else { return Ok(None) };
        if !has_written {
            self.connection.prepare_cached("UPDATE member SET wrote = 1 WHERE id = $1")?.execute([author.0])?;
        }
        if self.names.len() >= MAX_NAMES {
            self.names.clear();
        }
        self.names.insert(author, name.clone());
        Ok(Some(name))
    }

    /// A text was overwritten. The write-ahead log holds it still.
    pub(super) fn leaves_traces(&mut self) {
        self.has_traces = true;
    }

    /// How long until the write-ahead log is to be emptied; `None` when it need not be.
    pub(super) fn wipes_in(&self) -> Option<Duration> {
        let since = self.wiped_at.map_or(WIPE_EVERY, |wiped_at| wiped_at.elapsed());
        self.has_traces.then(|| WIPE_EVERY.saturating_sub(since))
    }

    /// Empties the write-ahead log, between two commits. Where somebody reads just now, or the disk is full, it is tried again.
    ///
    /// # Errors
    /// The disk failed. What is copied may not be there, and the log that holds it must stay.
    pub(super) fn wipe_traces(&mut self) -> rusqlite::Result<()> {
        self.wiped_at = Some(Instant::now());
        let wiped = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        match wiped {
            Ok(is_busy) => self.has_traces = is_busy != 0,
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure) => return Err(error),
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be emptied; it is tried again"),
        }
        Ok(())
    }

    /// People changed or went; their names are asked for again.
    pub(super) fn forget_names(&mut self) {
        self.names.clear();
    }
}
