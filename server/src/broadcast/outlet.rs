//! What waits for one connection, and its way into the socket. Putting bytes there never waits: what the socket takes at
//! once is written at once, all of it in one write; the rest waits for the connection's own task.
//!
//! A listener whose queue is full is marked as behind and pulls from the store by number once it reads again; so does one
//! that resumes or has just walked in. Those three are one case.

use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::member::MemberId;
use app::message::{Event, Seq};
use app::protocol::{MAX_OPEN_ROOMS, Position, ServerFrame, close, encode};
use app::room::Slug;
use bytes::Bytes;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::{Broadcast, Notice, Voice, frame};
use crate::fault::{self, Fault};
use crate::room::Admitted;
use crate::store::RoomId;

/// How many frames wait for a listener at most.
const MAX_FRAMES: usize = 256;
/// How many bytes wait for a listener at most.
const MAX_BYTES: usize = 1024 * 1024;
/// How many pieces go into one write at most.
const MAX_PIECES: usize = 64;

/// The way to one connection. Shared by the rooms that fill it and the connection that empties it.
pub struct Outlet {
    /// Tells outlets apart.
    pub id: u64,
    /// Whose connection it is.
    pub member: MemberId,
    /// The connection.
    pub stream: TcpStream,
    voice: Voice,
    /// A listener whose queue was full and has not been empty since then for so long is given up.
    patience: Duration,
    state: Mutex<State>,
    stirred: Notify,
    emptied: Notify,
}

struct State {
    queue: VecDeque<Bytes>,
    /// How much of the first in the queue is written.
    written: usize,
    bytes: usize,
    rooms: Vec<Subscription>,
    wanted: Vec<Wanted>,
    closing: Option<Closing>,
    said_goodbye: bool,
    is_broken: bool,
    /// When bytes last left, or since when the first in the queue waits.
    moved_at: Instant,
    /// Since when there was no space, or what filled it is not yet gone.
    crowded_since: Option<Instant>,
}

struct Subscription {
    admitted: Admitted,
    sent: Seq,
    behind: bool,
    says_resumed: bool,
}

/// A room that a client wants open and that could not be read.
#[derive(Debug)]
pub struct Wanted {
    /// Which.
    pub room: Slug,
    /// After what it is to go on.
    pub after: Position,
    /// Where its client wants to be in it.
    pub at: Option<Seq>,
}

/// With which words a connection ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// One of [`app::protocol::close`].
    pub code: u16,
    /// A sentence for whoever looks.
    pub reason: &'static str,
}

/// What the connection does next.
pub enum Next {
    /// Wait until the socket takes bytes again. Bytes left it last at this moment.
    WaitForSocket(Instant),
    /// Read from the store what this room's listener lacks after a number.
    CatchUp(Admitted, Seq),
    /// All is written, the goodbye too; or the socket takes nothing any more.
    End,
}

impl Outlet {
    /// A new, empty outlet; its id is one that no other has ([`crate::room::Rooms::outlet`]).
    pub fn new(id: u64, member: MemberId, voice: Voice, stream: TcpStream, patience: Duration) -> Arc<Self> {
        let state = State {
            queue: VecDeque::new(),
            written: 0,
            bytes: 0,
            rooms: Vec::new(),
            wanted: Vec::new(),
            closing: None,
            said_goodbye: false,
            is_broken: false,
            moved_at: Instant::now(),
            crowded_since: None,
        };
        Arc::new(Self {
            id,
            member,
            stream,
            voice,
            patience,
            state: Mutex::new(state),
            stirred: Notify::new(),
            emptied: Notify::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // What rooms do

    /// Brings what [`Outlet::offer`] begins with into the processor's cache; whether it is there and listens.
    pub fn comes_near(&self) -> bool {
        !self.state.is_poisoned() && self.voice != Voice::Alone
    }

    /// Offers events of a room in their turn. A listener without space, or one that lacks what came before, is behind from
    /// here on.
    pub fn offer(&self, room: RoomId, broadcast: &Broadcast) {
        self.hear(|state| state.take(room, broadcast, self.voice, self.member));
    }

    /// Offers events of a room before their turn comes: only where nothing is missing before them, and there is space.
    pub fn offer_early(&self, room: RoomId, broadcast: &Broadcast) {
        self.hear(|state| {
            let is_next = state.is_next(room, broadcast);
            is_next.then(|| state.take(room, broadcast, self.voice, self.member)).flatten()
        });
    }

    fn hear(&self, take: impl FnOnce(&mut State) -> Option<Bytes>) {
        let mut state = self.state();
        if let Some(said) = take(&mut state) {
            state.write_now(&self.stream, said);
        }
        if state.needs_its_task() {
            drop(state);
            self.stirred.notify_one();
        }
    }

    /// Offers something that may be missed: dropped when the queue is half full.
    pub fn hint(&self, notice: &Notice) {
        let Some(said) = notice.heard_in(self.voice) else {
            return;
        };
        let mut state = self.state();
        if state.queue.len() < MAX_FRAMES / 2 && state.bytes < MAX_BYTES / 2 {
            state.push(said);
            drop(state);
            self.stirred.notify_one();
        }
    }

    /// Says something that must not be missed. A listener without space is given up after a while.
    pub fn tell(&self, notice: &Notice) {
        if let Some(said) = notice.heard_in(self.voice) {
            self.state().note_crowd();
            self.push(said);
        }
    }

    // What the connection's receiving side does

    /// Answers the client. Answers are never dropped; [`Outlet::has_space`] keeps a client that doesn't read from asking more.
    pub fn answer(&self, said: &ServerFrame) {
        self.say(&encode(said));
    }

    /// Says a text as it is.
    pub fn say(&self, text: &str) {
        self.push(frame::text(text));
    }

    /// Asks the other side's machinery for a sign of life.
    pub fn ping(&self) {
        self.push(frame::ping());
    }

    /// Passes on frames that the protocol itself demands, as the answer to a ping.
    pub fn reply(&self, bytes: Vec<u8>) {
        self.push(bytes.into());
    }

    fn push(&self, said: Bytes) {
        self.state().push(said);
        self.stirred.notify_one();
    }

    /// Waits until there is space for an answer.
    pub async fn has_space(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.state().has_space() {
                return;
            }
            emptied.await;
        }
    }

    /// Listens to a room after a number: these come first, what is missing comes from the store, then all that happens.
    pub fn subscribe(&self, admitted: Admitted, first: Vec<Bytes>, sent: Seq, says_resumed: bool) {
        let subscription = Subscription { sent, behind: true, says_resumed, admitted };
        let mut state = self.state();
        state.unsubscribe(subscription.admitted.room_id());
        state.wanted.retain(|wanted| wanted.room != *subscription.admitted.slug());
        first.into_iter().for_each(|said| state.push(said));
        state.rooms.push(subscription);
        drop(state);
        self.stirred.notify_one();
    }

    /// Whether the connection may listen to a room: it does already, or has not as many as it may.
    pub fn may_open(&self, room: RoomId) -> bool {
        let mut state = self.state();
        state.rooms.len() < MAX_OPEN_ROOMS || state.subscription(room).is_some()
    }

    /// Whether the connection listens to a room.
    pub fn listens_to(&self, room: RoomId) -> bool {
        self.state().subscription(room).is_some()
    }

    /// Stops listening to a room.
    pub fn unsubscribe(&self, room: RoomId) {
        self.state().unsubscribe(room);
    }

    /// A room could not be read; it is kept in mind until the client is heard of again.
    pub fn set_aside(&self, wanted: Wanted) {
        let mut state = self.state();
        state.wanted.retain(|known| known.room != wanted.room);
        if state.wanted.len() < MAX_OPEN_ROOMS {
            state.wanted.push(wanted);
        }
    }

    /// A room that could not be read is not to be asked for once more.
    pub fn wants_no_more(&self, room: &Slug) {
        self.state().wanted.retain(|wanted| wanted.room != *room);
    }

    /// The rooms that could not be read, to be asked for once more.
    pub fn take_wanted(&self) -> Vec<Wanted> {
        std::mem::take(&mut self.state().wanted)
    }

    /// Whether the other side asks in frames, and can be answered with one.
    pub fn has_frames(&self) -> bool {
        matches!(self.voice, Voice::Frames)
    }

    /// The rooms that the connection listens to.
    pub fn rooms(&self) -> Vec<Admitted> {
        self.state().rooms.iter().map(|subscription| subscription.admitted.clone()).collect()
    }

    /// Ends the connection once all that waits is written. The first reason stands.
    pub fn close(&self, code: u16, reason: &'static str) {
        self.state().closing.get_or_insert(Closing { code, reason });
        self.stirred.notify_one();
    }

    /// Whether the connection is about to end.
    pub fn is_closing(&self) -> bool {
        self.state().closing.is_some()
    }

    // What the connection's writing side does

    /// Writes what waits, then waits for something else to do.
    pub async fn next(&self) -> Next {
        loop {
            let stirred = self.stirred.notified();
            let next = self.state().next(&self.stream, self.patience);
            self.emptied.notify_one();
            if let Some(next) = next {
                return next;
            }
            stirred.await;
        }
    }

    /// Puts what the store had after a number into the queue; `head` was the room's last number before the store was read.
    /// When nothing is missing any more, the room is live from here on.
    pub fn caught_up(&self, admitted: &Admitted, after: Seq, head: Seq, events: Vec<Event>) {
        // Where the store has nothing up to the head of then, there is nothing to wait for. What was said since is still missing.
        let sent = events.last().map_or(after.max(head), |last| last.seq);
        let said = Broadcast::of(admitted.slug(), events).map(|found| found.heard_by(self.voice, self.member));
        let mut state = self.state();
        // The client may have left the room or opened it anew at another number meanwhile; then this answers nothing.
        let Some(subscription) = state.subscription(admitted.room_id()).filter(|known| known.sent == after) else {
            return;
        };
        subscription.sent = sent;
        said.into_iter().for_each(|said| state.push(said));
        state.go_live();
    }
}

impl State {
    /// The bytes of events if it is their turn and there is space.
    fn take(&mut self, room: RoomId, broadcast: &Broadcast, voice: Voice, member: MemberId) -> Option<Bytes> {
        let may = self.has_space() && self.closing.is_none();
        let subscription = self.subscription(room)?;
        if subscription.behind || broadcast.last <= subscription.sent {
            return None;
        }
        if !may || broadcast.first != subscription.sent + 1 {
            if fault::is(Fault::LagIgnored) {
                subscription.sent = broadcast.last;
                return None;
            }
            subscription.behind = true;
            self.note_crowd();
            return None;
        }
        subscription.sent = broadcast.last;
        Some(broadcast.heard_by(voice, member))
    }

    fn is_next(&mut self, room: RoomId, broadcast: &Broadcast) -> bool {
        self.has_space() && self.subscription(room).is_some_and(|known| broadcast.first == known.sent + 1)
    }

    fn subscription(&mut self, room: RoomId) -> Option<&mut Subscription> {
        self.rooms.iter_mut().find(|subscription| subscription.admitted.room_id() == room)
    }

    fn unsubscribe(&mut self, room: RoomId) {
        self.rooms.retain(|subscription| subscription.admitted.room_id() != room);
    }

    fn has_space(&self) -> bool {
        self.queue.len() < MAX_FRAMES && self.bytes < MAX_BYTES
    }

    /// Something comes from others: where there is no space for it, there has been none since now at the latest.
    fn note_crowd(&mut self) {
        if !self.has_space() {
            self.crowded_since.get_or_insert_with(Instant::now);
        }
    }

    fn push(&mut self, said: Bytes) {
        if !said.is_empty() && !self.said_goodbye {
            if self.queue.is_empty() {
                self.moved_at = Instant::now();
            }
            self.bytes += said.len();
            self.queue.push_back(said);
        }
    }

    fn needs_its_task(&self) -> bool {
        !self.queue.is_empty() || self.is_broken || self.rooms.iter().any(|subscription| subscription.behind)
    }

    fn next(&mut self, stream: &TcpStream, patience: Duration) -> Option<Next> {
        self.write(stream);
        if !self.queue.is_empty() && self.crowded_since.is_some_and(|since| since.elapsed() > patience) {
            self.give_up();
            self.write(stream);
        }
        if self.queue.is_empty()
            && !self.said_goodbye
            && let Some(Closing { code, reason }) = self.closing.clone()
        {
            self.push(frame::closing(code, reason));
            self.said_goodbye = true;
            self.write(stream);
        }
        if self.is_broken || (self.said_goodbye && self.queue.is_empty()) {
            return Some(Next::End);
        }
        if !self.queue.is_empty() {
            return Some(Next::WaitForSocket(self.moved_at));
        }
        self.go_live();
        self.write(stream);
        if !self.queue.is_empty() {
            return Some(Next::WaitForSocket(self.moved_at));
        }
        let behind = self.rooms.iter().find(|subscription| subscription.behind)?;
        Some(Next::CatchUp(behind.admitted.clone(), behind.sent))
    }

    /// Whoever lacks nothing is live from here on. A room raises its head before it offers an event, so that nothing is missed.
    fn go_live(&mut self) {
        let mut said = Vec::new();
        for room in self.rooms.iter_mut().filter(|room| room.behind && room.sent >= room.admitted.head()) {
            room.behind = false;
            if std::mem::take(&mut room.says_resumed) {
                said.push(frame::text(&encode(&room.admitted.resumed(room.sent))));
                said.extend(room.admitted.present().map(|present| frame::text(&encode(&present))));
            }
        }
        said.into_iter().for_each(|said| self.push(said));
    }

    /// It reads too slowly: what waits is dropped, but for the piece that it has begun to read, and it is told to come back.
    fn give_up(&mut self) {
        let begun = usize::from(self.written > 0);
        self.queue.truncate(begun);
        self.closing = Some(Closing { code: close::TOO_SLOW, reason: "too slow" });
    }

    /// Writes what is said now. Where nothing waits and the socket takes all of it, that is all: neither the queue nor the
    /// runtime's own notes of the socket are touched, which for a thousand listeners in turn would be found in no cache.
    fn write_now(&mut self, stream: &TcpStream, said: Bytes) {
        let mut taken = 0;
        if self.queue.is_empty() && !self.is_broken && !self.said_goodbye && !said.is_empty() {
            // Whatever goes wrong goes wrong again below, where it is heard.
            taken = socket2::SockRef::from(stream).send(&said).unwrap_or(0);
        }
        if taken < said.len() {
            self.push(said);
            self.written += taken;
            self.write(stream);
        }
    }

    /// Writes as much as the socket takes.
    fn write(&mut self, stream: &TcpStream) {
        while !self.queue.is_empty() && !self.is_broken {
            match self.write_once(stream) {
                Ok(written) => self.strike(written),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => self.is_broken = true,
            }
        }
        self.crowded_since = None;
    }

    fn write_once(&self, stream: &TcpStream) -> std::io::Result<usize> {
        let first = &self.queue[0][self.written..];
        if self.queue.len() == 1 {
            return stream.try_write(first);
        }
        let mut pieces = [IoSlice::new(&[]); MAX_PIECES];
        pieces[0] = IoSlice::new(first);
        let rest = pieces[1..].iter_mut().zip(self.queue.iter().skip(1));
        let count = 1 + rest.map(|(piece, said)| *piece = IoSlice::new(said)).count();
        stream.try_write_vectored(&pieces[..count])
    }

    /// So many bytes are written.
    fn strike(&mut self, mut written: usize) {
        self.moved_at = Instant::now();
        written += self.written;
        while let Some(first) = self.queue.front().filter(|first| first.len() <= written) {
            written -= first.len();
            self.bytes -= first.len();
            self.queue.pop_front();
        }
        self.written = written;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::*;

    /// More than the system takes at once for somebody who does not read.
    const MUCH: usize = 32 * 1024 * 1024;

    async fn connection() -> (TcpStream, Arc<Outlet>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let client = TcpStream::connect(listener.local_addr().expect("an address")).await.expect("a connection");
        let (stream, _) = listener.accept().await.expect("the same connection");
        (client, Outlet::new(0, MemberId(0), Voice::Frames, stream, Duration::ZERO))
    }

    async fn written_to_its_end(outlet: &Outlet) {
        while let Next::WaitForSocket(_) = outlet.next().await {
            outlet.stream.writable().await.expect("a connection");
        }
    }

    #[tokio::test]
    async fn who_is_given_up_hears_what_was_begun_to_its_end_and_then_why() {
        let (mut client, outlet) = connection().await;
        let begun = frame::text(&"a".repeat(MUCH));
        outlet.state().write_now(&outlet.stream, begun.clone());
        outlet.state().crowded_since = Some(Instant::now());

        let mut heard = Vec::new();
        let (_, read) = tokio::join!(
            async {
                written_to_its_end(&outlet).await;
                socket2::SockRef::from(&outlet.stream).shutdown(std::net::Shutdown::Write).expect("a connection");
            },
            client.read_to_end(&mut heard)
        );

        read.expect("a connection");
        assert!(heard == [begun, frame::closing(close::TOO_SLOW, "too slow")].concat(), "{} bytes", heard.len());
    }

    #[tokio::test]
    async fn what_may_be_missed_is_dropped_where_half_is_full_and_nobody_is_heard_where_all_is() {
        let (_client, outlet) = connection().await;
        let passing = Notice { frame: frame::text("passing"), lines: None };
        (0..127).for_each(|_| outlet.say("one of many"));
        outlet.hint(&passing);
        outlet.hint(&passing);
        assert_eq!(outlet.state().queue.len(), 128);
        (128..255).for_each(|_| outlet.say("one of many"));
        assert!(outlet.has_space().now_or_never().is_some());
        outlet.say("the last one");
        assert!(outlet.has_space().now_or_never().is_none());

        let (_client, outlet) = connection().await;
        outlet.say(&"a".repeat(512 * 1024));
        outlet.hint(&passing);
        assert_eq!(outlet.state().queue.len(), 1);
        assert!(outlet.has_space().now_or_never().is_some());
        outlet.say(&"a".repeat(512 * 1024));
        assert!(outlet.has_space().now_or_never().is_none());
    }

    #[tokio::test]
    async fn who_takes_nothing_of_what_must_not_be_missed_is_given_up() {
        let (_client, outlet) = connection().await;
        let notice = Notice { frame: frame::text(&"a".repeat(MUCH)), lines: None };
        outlet.tell(&notice);
        assert!(matches!(outlet.next().await, Next::WaitForSocket(_)));
        assert!(!outlet.is_closing(), "one thing that is long is not too much");

        outlet.tell(&notice);

        assert!(matches!(outlet.next().await, Next::WaitForSocket(_)));
        assert!(outlet.is_closing());
    }
}
