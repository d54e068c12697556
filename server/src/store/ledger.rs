//! What the writer keeps in its head beside its connection: the rooms' last numbers and the names of those who write.
//! Numbers that were given out are written back once a commit, whatever the number of events in it.

use std::collections::HashMap;

use app::member::{MemberId, Name};
use app::message::Seq;
use rusqlite::{Connection, OptionalExtension};

use super::RoomId;
use super::events::name;

/// How many names are remembered at most.
const MAX_NAMES: usize = 10_000;

/// The writer's connection, and what it knows of it by heart. Only the writer writes, so this is never out of date.
pub(super) struct Ledger {
    /// The only connection that writes.
    pub(super) connection: Connection,
    heads: HashMap<RoomId, Head>,
    names: HashMap<MemberId, Name>,
}

#[derive(Clone, Copy)]
struct Head {
    seq: Seq,
    is_stored: bool,
}

impl Ledger {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, heads: HashMap::new(), names: HashMap::new() }
    }

    /// Runs a command whole or not at all.
    pub(super) fn in_savepoint<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let heads = self.heads.clone();
        self.run("SAVEPOINT command")?;
        let done = act(self);
        if done.is_err() {
            self.heads = heads;
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
            return Ok(Some(head.seq + 1));
        }
        let mut ask = self.connection.prepare_cached("SELECT head FROM room WHERE id = $1")?;
        let head: Option<Seq> = ask.query_row([room.0], |row| row.get(0)).optional()?;
        Ok(head.map(|seq| {
            self.heads.insert(room, Head { seq, is_stored: true });
            seq + 1
        }))
    }

    /// A number of a room was given to an event.
    pub(super) fn raise(&mut self, room: RoomId, seq: Seq) {
        self.heads.insert(room, Head { seq, is_stored: false });
    }

    /// Writes the rooms' last numbers back; part of every commit.
    pub(super) fn store_heads(&mut self) -> rusqlite::Result<()> {
        let mut note = self.connection.prepare_cached("UPDATE room SET head = $1 WHERE id = $2")?;
        for (room, head) in self.heads.iter_mut().filter(|(_, head)| !head.is_stored) {
            note.execute((head.seq, room.0))?;
            head.is_stored = true;
        }
        Ok(())
    }

    /// The name of somebody who writes; `None` when there is nobody of this number.
    pub(super) fn author_name(&mut self, author: MemberId) -> rusqlite::Result<Option<Name>> {
        if let Some(name) = self.names.get(&author) {
            return Ok(Some(name.clone()));
        }
        let mut ask = self.connection.prepare_cached("SELECT name FROM member WHERE id = $1")?;
        let found = ask.query_row([author.0], |row| name(row, 0)).optional()?;
        if self.names.len() >= MAX_NAMES {
            self.names.clear();
        }
        Ok(found.inspect(|name| drop(self.names.insert(author, name.clone()))))
    }

    /// People changed or went; their names are asked for again.
    pub(super) fn forget_names(&mut self) {
        self.names.clear();
    }
}
