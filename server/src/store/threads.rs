//! Threads as they are stored: what is said in one, and who follows it.

use app::member::MemberId;
use app::message::{Event, Seq, What};
use app::thread::{EVERYONE, InThread, MAX_FOLLOWERS};
use rusqlite::{Connection, OptionalExtension};

use super::events::{event, message, place, read};
use super::{RoomId, Store, StoreError};
use crate::markup::Meant;

/// A thread for whoever reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredThread {
    /// The message on which it hangs.
    pub message: Event,
    /// The replies that were asked for, in order.
    pub replies: Vec<Event>,
    /// Whether there are others before them.
    pub has_earlier: bool,
    /// Whether the reader follows it.
    pub follows: bool,
    /// Whether as many others follow it as may.
    pub is_full: bool,
}

impl Store {
    /// The thread of a message: the newest replies before a number. `None` where there is no such message, or it is itself said in
    /// a thread.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn thread(
        &self,
        (room, of): (RoomId, Seq),
        me: MemberId,
        before: Seq,
        count: usize,
    ) -> Result<Option<StoredThread>, StoreError> {
        let sql = read!("e.message_id = $1 AND e.kind IN (8, 9) AND e.id < $2 ORDER BY e.id DESC LIMIT $3");
        self.read(move |connection| {
            let Some(message) = message(connection, room, of)?.filter(|message| message.within().is_none()) else {
                return Ok(None);
            };
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_map((place(room, of), place(room, before), count as i64 + 1), event)?;
            let mut replies: Vec<Event> = found.collect::<Result<_, _>>()?;
            let has_earlier = replies.len() > count;
            replies.truncate(count);
            replies.reverse();
            let follows = follows(connection, place(room, of), me)?;
            let starts = message.by.id == me && message.beside().is_none_or(|beside| beside.thread.is_empty());
            let follows = follows.unwrap_or(starts);
            let is_full = !follows && followers(connection, place(room, of))?.len() >= MAX_FOLLOWERS;
            Ok(Some(StoredThread { message, replies, has_earlier, follows, is_full }))
        })
        .await
    }

    /// Somebody follows a thread from now on, where it has a place for them, or does not any more. Says whether there is such a message.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn follow(&self, (room, of): (RoomId, Seq), me: MemberId, does: bool) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let is_there = message(connection, room, of)?.is_some_and(|message| message.within().is_none());
            if is_there {
                put(connection, place(room, of), me, does, true)?;
            }
            Ok(is_there)
        })
        .await
    }
}

/// Puts a reply into its thread: who wrote it follows it from now on, and so does the author of the message as long as they have
/// not said otherwise. It counts for all who follow, and for whom it names.
pub(super) fn join(connection: &Connection, root: &Event, thread: i64, reply: &mut Event) -> rusqlite::Result<()> {
    let (by, meant) = (reply.by.id, Meant::by(reply));
    put(connection, thread, root.by.id, true, false)?;
    put(connection, thread, by, true, true)?;
    let mut to = followers(connection, thread)?;
    let named = meant.is_everyone().then_some(EVERYONE).into_iter().chain(meant.people().iter().copied());
    named.for_each(|named| {
        if !to.contains(&named) {
            to.push(named)
        }
    });
    let count = root.beside().map_or(0, |beside| beside.thread.count) + 1;
    if let What::Posted { beside: Some(beside), .. } = &mut reply.what
        && let Some(place) = &mut beside.within
    {
        *place = InThread { count, to, ..place.clone() };
    }
    Ok(())
}

fn put(connection: &Connection, thread: i64, member: MemberId, does: bool, anyway: bool) -> rusqlite::Result<()> {
    let sql = "INSERT INTO thread_follower (message_id, member_id, follows) \
               SELECT $1, $2, $3 WHERE EXISTS (SELECT 1 FROM member WHERE id = $2) AND (NOT $3 OR $4 > \
               (SELECT count(*) FROM thread_follower WHERE message_id = $1 AND follows AND member_id <> $2)) \
               ON CONFLICT (message_id, member_id) DO UPDATE SET follows = excluded.follows WHERE $5";
    connection.prepare_cached(sql)?.execute((thread, member.0, does, MAX_FOLLOWERS as i64, anyway)).map(drop)
}

fn follows(connection: &Connection, thread: i64, member: MemberId) -> rusqlite::Result<Option<bool>> {
    let sql = "SELECT follows FROM thread_follower WHERE message_id = $1 AND member_id = $2";
    connection.prepare_cached(sql)?.query_row((thread, member.0), |row| row.get(0)).optional()
}

fn followers(connection: &Connection, thread: i64) -> rusqlite::Result<Vec<MemberId>> {
    let sql = "SELECT member_id FROM thread_follower WHERE message_id = $1 AND follows LIMIT $2";
    let mut ask = connection.prepare_cached(sql)?;
    ask.query_map((thread, MAX_FOLLOWERS as i64), |row| Ok(MemberId(row.get(0)?)))?.collect()
}
