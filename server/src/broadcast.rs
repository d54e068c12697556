//! From one event to every listener: an event is encoded once, and the same bytes wait in each listener's [`Outlet`].
//!
//! Putting bytes there never waits. A listener whose queue is full is marked as behind and pulls from the store by number
//! once it reads again; so does one that resumes or has just walked in. Those three are one case.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::i18n::Lang;
use app::member::MemberId;
use app::message::{Event, Seq, What};
use app::protocol::{MAX_OPEN_ROOMS, ServerFrame, encode};
use axum::extract::ws::Utf8Bytes;
use tokio::sync::Notify;

use crate::room::Admitted;
use crate::store::RoomId;

/// How many frames wait for a listener at most.
const MAX_FRAMES: usize = 256;
/// How many bytes wait for a listener at most.
const MAX_BYTES: usize = 1024 * 1024;

/// In which form a listener hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// JSON frames ([`app::protocol`]).
    Frames,
    /// Plain text lines in a language.
    Lines(Lang),
}

/// What is said in a room, in every form that its listeners need; each form is made at most once.
pub struct Broadcast {
    frame: Utf8Bytes,
    by: Option<MemberId>,
    line: Option<[Utf8Bytes; 2]>,
}

impl Broadcast {
    /// An event of the log.
    pub fn event(room: &app::room::Slug, event: &Event) -> Self {
        let frame = encode(&ServerFrame::Event { room: room.clone(), event: event.clone() }).into();
        let line = line_of(event).map(Utf8Bytes::from);
        Self { frame, by: Some(event.by.id), line: line.map(|line| [line.clone(), line]) }
    }

    /// A passing notice, with its line in every language where plain listeners hear of it.
    pub fn notice(frame: &ServerFrame, line: Option<fn(Lang, usize) -> String>, here: usize) -> Self {
        let line = line.map(|line| Lang::ALL.map(|lang| line(lang, here).into()));
        Self { frame: encode(frame).into(), by: None, line }
    }

    /// The bytes for a listener; `None` when it doesn't hear of this.
    fn for_listener(&self, outlet: &Outlet) -> Option<Utf8Bytes> {
        match outlet.voice {
            Voice::Frames => Some(self.frame.clone()),
            Voice::Lines(_) if self.by == Some(outlet.member) => None,
            Voice::Lines(lang) => self.line.as_ref().map(|lines| lines[usize::from(lang == Lang::En)].clone()),
        }
    }
}

/// An event as a plain line, if plain listeners hear of it: `<name>: <text>`.
fn line_of(event: &Event) -> Option<String> {
    match &event.what {
        // Only the first line of a message stands at the margin, so that no text can pass for somebody else's line.
        What::Posted { text, .. } => Some(format!("{}: {}", event.by.name, text.replace('\n', "\n  "))),
        What::Renamed { .. } => None,
    }
}

/// What waits for one connection. Shared by the rooms that fill it and the connection that empties it.
pub struct Outlet {
    /// Tells outlets apart.
    pub id: u64,
    /// Whose connection it is.
    pub member: MemberId,
    voice: Voice,
    state: Mutex<State>,
    filled: Notify,
    emptied: Notify,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Utf8Bytes>,
    bytes: usize,
    rooms: HashMap<RoomId, Subscription>,
    closing: Option<Closing>,
}

struct Subscription {
    admitted: Admitted,
    sent: Seq,
    behind: bool,
    says_resumed: bool,
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
    /// Write these, together.
    Write(VecDeque<Utf8Bytes>),
    /// Read from the store what this room's listener lacks after a number.
    CatchUp(Admitted, Seq),
    /// Say goodbye.
    Close(Closing),
}

impl Outlet {
    /// A new, empty outlet; its id is one that no other has ([`crate::room::Rooms::outlet`]).
    pub fn new(id: u64, member: MemberId, voice: Voice) -> Arc<Self> {
        Arc::new(Self { id, member, voice, state: Mutex::default(), filled: Notify::new(), emptied: Notify::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // What rooms do

    /// Offers an event of a room in its turn. A listener without space, or one that lacks what came before, is behind from here on.
    pub fn offer(&self, room: RoomId, seq: Seq, broadcast: &Broadcast) {
        let mut state = self.state();
        let has_space = state.has_space();
        let Some(subscription) = state.rooms.get_mut(&room) else {
            return;
        };
        if subscription.behind || seq <= subscription.sent {
            return;
        }
        if !has_space || seq > subscription.sent + 1 {
            subscription.behind = true;
        } else {
            subscription.sent = seq;
            if let Some(bytes) = broadcast.for_listener(self) {
                state.push(bytes);
            }
        }
        drop(state);
        self.filled.notify_one();
    }

    /// Offers something that may be missed: dropped when the queue is half full.
    pub fn hint(&self, broadcast: &Broadcast) {
        let Some(bytes) = broadcast.for_listener(self) else {
            return;
        };
        let mut state = self.state();
        if state.queue.len() < MAX_FRAMES / 2 && state.bytes < MAX_BYTES / 2 {
            state.push(bytes);
            drop(state);
            self.filled.notify_one();
        }
    }

    /// Says something that must not be missed.
    pub fn tell(&self, broadcast: &Broadcast) {
        if let Some(bytes) = broadcast.for_listener(self) {
            self.state().push(bytes);
            self.filled.notify_one();
        }
    }

    // What the connection's receiving side does

    /// Answers the client. Answers are never dropped; [`Outlet::has_space`] keeps a client that doesn't read from asking more.
    pub fn answer(&self, frame: &ServerFrame) {
        self.say(encode(frame));
    }

    /// Says a text as it is.
    pub fn say(&self, text: String) {
        self.state().push(text.into());
        self.filled.notify_one();
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

    /// Listens to a room after a number: what is missing comes from the store, then all that happens. Says whether the
    /// room is new to this connection.
    pub fn subscribe(&self, admitted: Admitted, sent: Seq, says_resumed: bool) -> bool {
        let subscription = Subscription { sent, behind: true, says_resumed, admitted };
        let before = self.state().rooms.insert(subscription.admitted.room_id(), subscription);
        self.filled.notify_one();
        before.is_none()
    }

    /// Whether the connection may listen to a room: it does already, or has not as many as it may.
    pub fn may_open(&self, room: RoomId) -> bool {
        let state = self.state();
        state.rooms.len() < MAX_OPEN_ROOMS || state.rooms.contains_key(&room)
    }

    /// Whether the connection listens to a room.
    pub fn listens_to(&self, room: RoomId) -> bool {
        self.state().rooms.contains_key(&room)
    }

    /// Stops listening to a room.
    pub fn unsubscribe(&self, room: RoomId) -> Option<Admitted> {
        self.state().rooms.remove(&room).map(|subscription| subscription.admitted)
    }

    /// Stops listening to all rooms.
    pub fn unsubscribe_all(&self) -> Vec<Admitted> {
        self.state().rooms.drain().map(|(_, subscription)| subscription.admitted).collect()
    }

    /// The rooms that the connection listens to.
    pub fn rooms(&self) -> Vec<Admitted> {
        self.state().rooms.values().map(|subscription| subscription.admitted.clone()).collect()
    }

    /// Ends the connection once all that waits is written. The first reason stands.
    pub fn close(&self, code: u16, reason: &'static str) {
        self.state().closing.get_or_insert(Closing { code, reason });
        self.filled.notify_one();
    }

    /// Whether the connection is about to end.
    pub fn is_closing(&self) -> bool {
        self.state().closing.is_some()
    }

    // What the connection's writing side does

    /// Waits for something to do.
    pub async fn next(&self) -> Next {
        loop {
            let filled = self.filled.notified();
            if let Some(next) = self.state().next() {
                self.emptied.notify_one();
                return next;
            }
            filled.await;
        }
    }

    /// Puts what the store had after a number into the queue; `head` was the room's last number before the store was read.
    /// When nothing is missing any more, the room is live from here on.
    pub fn caught_up(&self, admitted: &Admitted, after: Seq, head: Seq, events: &[Event]) {
        let mut state = self.state();
        let lines: Vec<Utf8Bytes> =
            events.iter().filter_map(|event| Broadcast::event(admitted.slug(), event).for_listener(self)).collect();
        // The client may have left the room or opened it anew at another number meanwhile; then this answers nothing.
        let Some(subscription) = state.rooms.get_mut(&admitted.room_id()).filter(|known| known.sent == after) else {
            return;
        };
        // Where the store has nothing up to the head of then, there is nothing to wait for. What was said since is still missing.
        subscription.sent = events.last().map_or(after.max(head), |last| last.seq);
        let is_live = subscription.sent >= admitted.head();
        subscription.behind = !is_live;
        let says_resumed = is_live && std::mem::take(&mut subscription.says_resumed);
        let sent = subscription.sent;
        lines.into_iter().for_each(|line| state.push(line));
        if says_resumed {
            state.push(encode(&admitted.resumed(sent)).into());
        }
        drop(state);
        self.filled.notify_one();
    }
}

impl State {
    fn has_space(&self) -> bool {
        self.queue.len() < MAX_FRAMES && self.bytes < MAX_BYTES
    }

    fn push(&mut self, bytes: Utf8Bytes) {
        self.bytes += bytes.len();
        self.queue.push_back(bytes);
    }

    fn next(&mut self) -> Option<Next> {
        if !self.queue.is_empty() {
            self.bytes = 0;
            return Some(Next::Write(std::mem::take(&mut self.queue)));
        }
        if let Some(closing) = &self.closing {
            return Some(Next::Close(closing.clone()));
        }
        let behind = self.rooms.values().find(|subscription| subscription.behind)?;
        Some(Next::CatchUp(behind.admitted.clone(), behind.sent))
    }
}
