//! What a browser's tab holds: per room the timeline on the screen and the outbox, the same types as the page's, moved by
//! the same rules (`app/src/chat.rs`). The outbox outlives connections and reloads.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::member::MemberId;
use app::message::{Cid, Draft, Event, Seq};
use app::outbox::Outbox;
use app::protocol::{ClientFrame, Position, ServerFrame};
use app::refusal::Refusal;
use app::room::Slug;
use app::timeline::{Applied, Timeline};
use tokio::sync::Notify;

use crate::record::{Acknowledged, Record, Shown, Written, digest, latency_ms, text};

/// How long a message waits that the server put off without saying for how long, in milliseconds.
const PUT_OFF_MS: u32 = 100;

/// A tab, shared by the person in front of it and the connection behind it.
pub(crate) struct Tab {
    state: Mutex<State>,
    /// There may be something to send, or the person did something to the tab.
    pub(crate) stirred: Notify,
}

/// What is in a tab.
pub(crate) struct State {
    /// What the checker reads.
    pub(crate) record: Record,
    /// The tab stops reading, as one whose laptop is closed.
    pub(crate) is_asleep: bool,
    /// Nothing more will come: the server has sent the person away for good.
    pub(crate) is_away: bool,
    /// How often the page was loaded again.
    pub(crate) reloads: usize,
    me: Option<MemberId>,
    epoch: String,
    talks: BTreeMap<Slug, Talk>,
    /// What goes out before any message.
    asked: Vec<ClientFrame>,
    cut_at: Option<Instant>,
    /// When a message that was put off may go again.
    holds_until: Option<Instant>,
}

/// A room in the tab.
#[derive(Default)]
struct Talk {
    timeline: Timeline,
    outbox: Outbox,
    is_open: bool,
    is_resuming: bool,
    /// Counts fresh pages: each begins another screen.
    screen: usize,
    /// The last number that came over this connection.
    heard: Seq,
}

impl Tab {
    /// An empty tab with these rooms.
    pub(crate) fn new(name: &str, rooms: &[Slug]) -> Self {
        let state = State {
            record: Record::of(name),
            is_asleep: false,
            is_away: false,
            reloads: 0,
            me: None,
            epoch: String::new(),
            talks: rooms.iter().map(|room| (room.clone(), Talk::default())).collect(),
            asked: Vec::new(),
            cut_at: None,
            holds_until: None,
        };
        Self { state: Mutex::new(state), stirred: Notify::new() }
    }

    /// What is in it.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    // What the person does

    /// Writes a message.
    pub(crate) fn writes(&mut self, room: &Slug, cid: Cid, padding: usize) {
        let text = text(&self.record.name, self.record.written.len() + 1, padding);
        let draft = Draft::new(&text).expect("a text that may be sent");
        self.record.written.push(Written { room: room.clone(), cid, digest: digest(draft.as_str()) });
        self.talks.entry(room.clone()).or_default().outbox.add(&draft, Vec::new(), cid, 0);
    }

    /// Loads the page again.
    pub(crate) fn reloads(&mut self) {
        self.reloads += 1;
        for talk in self.talks.values_mut() {
            talk.timeline = Timeline::default();
            talk.screen += 1;
        }
    }

    /// Closes the tab; what it showed.
    pub(crate) fn closes(&mut self) -> Record {
        self.record.ends = self.talks.iter().map(|(room, talk)| (room.clone(), talk.timeline.last())).collect();
        self.record.waiting = self.waiting();
        std::mem::take(&mut self.record)
    }

    /// How many messages wait for their acknowledgement.
    pub(crate) fn waiting(&self) -> usize {
        self.talks.values().map(|talk| talk.outbox.pending().count()).sum()
    }

    /// The last number on the screen, by room; `None` as long as a room is not open.
    pub(crate) fn stands(&self) -> Vec<(Slug, Option<Seq>)> {
        self.talks.iter().map(|(room, talk)| (room.clone(), talk.is_open.then(|| talk.timeline.last()))).collect()
    }

    // What the connection does

    /// The socket is gone: what was on its way waits again.
    pub(crate) fn is_cut(&mut self) {
        if self.talks.values().any(|talk| talk.is_open) {
            self.cut_at = Some(Instant::now());
        }
        for talk in self.talks.values_mut() {
            talk.outbox.cut();
            (talk.is_open, talk.is_resuming, talk.heard) = (false, false, 0);
        }
        self.asked.clear();
    }

    /// The server has sent the person away for good.
    pub(crate) fn is_sent_away(&mut self, code: u16) {
        self.is_away = true;
        self.record.trouble.push(format!("was sent away for good, with {code}"));
    }

    /// What is to be sent now: what opens rooms and fills gaps first, then each room's next message.
    pub(crate) fn asks_now(&mut self) -> Vec<ClientFrame> {
        let mut asked = std::mem::take(&mut self.asked);
        if self.holds_until.is_some_and(|until| until > Instant::now()) {
            return asked;
        }
        self.holds_until = None;
        for (room, talk) in &mut self.talks {
            if talk.is_open
                && let Some(next) = talk.outbox.take_next()
            {
                asked.push(ClientFrame::Post {
                    room: room.clone(),
                    cid: next.cid,
                    text: next.text().to_owned(),
                    files: Vec::new(),
                    reply_to: None,
                    within: None,
                });
            }
        }
        asked
    }

    /// Until when nothing is said, because the server asked for it.
    pub(crate) fn holds_until(&self) -> Option<Instant> {
        self.holds_until
    }

    /// Takes what the server says to a page, by how often it was loaded again; whether that page is still there.
    /// What was on its way to an earlier one means nothing to the next.
    pub(crate) fn takes_on_page(&mut self, reloads: usize, frame: ServerFrame) -> bool {
        let is_there = self.reloads == reloads;
        if is_there {
            self.take(frame);
        }
        is_there
    }

    /// Takes what the server says.
    fn take(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Welcome { epoch, me, .. } => self.welcome(epoch, me.id),
            ServerFrame::Page { room, events, start, .. } => self.page(&room.slug, events, start),
            ServerFrame::Events { room, events } => events.into_iter().for_each(|event| self.event(&room, event)),
            ServerFrame::Resumed { room, head, .. } => self.resumed(&room.slug, head),
            ServerFrame::Refused { why, cid, room: Some(room), after_ms } => self.refused(&room, why, cid, after_ms),
            ServerFrame::Refused { why, .. } => self.record.trouble.push(format!("was refused: {why:?}")),
            ServerFrame::Pong { heads } => heads.iter().for_each(|(room, head)| self.head(room, *head)),
            _ => {}
        }
    }

    fn welcome(&mut self, epoch: String, me: MemberId) {
        if !self.epoch.is_empty() && self.epoch != epoch {
            self.record.trouble.push("came back to another database".to_owned());
            self.talks.values_mut().for_each(|talk| talk.timeline = Timeline::default());
        }
        (self.epoch, self.me) = (epoch, Some(me));
        let rooms: Vec<Slug> = self.talks.keys().cloned().collect();
        rooms.iter().for_each(|room| self.ask_to_open(room));
    }

    fn ask_to_open(&mut self, room: &Slug) {
        let seq = self.talks[room].timeline.last();
        let after = (seq > 0).then(|| Position { epoch: self.epoch.clone(), seq });
        self.asked.push(ClientFrame::Open { room: room.clone(), after, at: None });
    }

    fn page(&mut self, room: &Slug, events: Vec<Event>, start: bool) {
        let talk = self.talks.entry(room.clone()).or_default();
        talk.screen += 1;
        talk.timeline.reset(events, start, None);
        talk.heard = talk.timeline.last();
        self.record.pages += 1;
        let timeline = &self.talks[room].timeline;
        let events: Vec<_> =
            (timeline.first()..=timeline.last()).filter_map(|seq| timeline.event(seq)).cloned().collect();
        self.show(room, &events);
        self.settle(room);
    }

    fn resumed(&mut self, room: &Slug, head: Seq) {
        let last = self.talks.entry(room.clone()).or_default().timeline.last();
        if last < head {
            self.record.holes.push(format!("{room}: resumed at {head} with nothing after {last}"));
        }
        self.settle(room);
    }

    /// The room is open and up to date.
    fn settle(&mut self, room: &Slug) {
        let talk = self.talks.entry(room.clone()).or_default();
        (talk.is_open, talk.is_resuming) = (true, false);
        if self.talks.values().all(|talk| talk.is_open)
            && let Some(cut_at) = self.cut_at.take()
        {
            self.record.resumes_ms.push(cut_at.elapsed().as_secs_f64() * 1_000.0);
        }
    }

    fn event(&mut self, room: &Slug, event: Event) {
        let is_mine = Some(event.by.id) == self.me;
        let (seq, live_ms) = (event.seq, latency_ms(&event));
        let talk = self.talks.entry(room.clone()).or_default();
        let expected = talk.heard.max(talk.timeline.last()) + 1;
        // A repeated message of one's own is answered out of turn.
        if seq > expected && !is_mine {
            self.record.holes.push(format!("{room}: {seq} came where {expected} was next"));
        }
        if !is_mine || seq == expected {
            talk.heard = talk.heard.max(seq);
        }
        let (cid, digest) = (event.cid, crate::record::event_digest(&event));
        match talk.timeline.apply(event) {
            Applied::Added(events) => {
                self.record.latencies_ms.extend(live_ms);
                self.show(room, &events);
            }
            Applied::Repeated if is_mine => self.strike(room, seq, cid, digest),
            Applied::Repeated => {}
            Applied::Held => self.fill_gap(room),
        }
    }

    /// Writes down what is new on the screen, and strikes what was mine from the outbox.
    fn show(&mut self, room: &Slug, events: &[Arc<Event>]) {
        let screen = self.talks[room].screen;
        let shown: Vec<Shown> = events.iter().map(|event| Shown::new(room, screen, event)).collect();
        for shown in &shown {
            if Some(shown.by) == self.me {
                self.strike(room, shown.seq, shown.cid, shown.digest);
            }
        }
        self.record.shown.extend(shown);
    }

    fn strike(&mut self, room: &Slug, seq: Seq, cid: Option<Cid>, digest: u64) {
        let talk = self.talks.entry(room.clone()).or_default();
        if let Some(cid) = cid.filter(|cid| talk.outbox.delivery(*cid).is_some()) {
            talk.outbox.strike(cid);
            self.record.acknowledged.push(Acknowledged { room: room.clone(), cid, seq, digest });
        }
    }

    fn fill_gap(&mut self, room: &Slug) {
        let talk = self.talks.entry(room.clone()).or_default();
        if !std::mem::replace(&mut talk.is_resuming, true) {
            self.ask_to_open(room);
        }
    }

    fn head(&mut self, room: &Slug, head: Seq) {
        if self.talks.get(room).is_some_and(|talk| talk.timeline.is_behind(head)) {
            self.fill_gap(room);
        }
    }

    /// A message that may be asked again waits; for any other there was no reason.
    fn refused(&mut self, room: &Slug, why: Refusal, cid: Option<Cid>, after_ms: Option<u32>) {
        let talk = self.talks.entry(room.clone()).or_default();
        match (why, cid) {
            (Refusal::TooFast | Refusal::Unavailable, Some(_)) => {
                talk.outbox.cut();
                self.holds_until = Some(Instant::now() + Duration::from_millis(after_ms.unwrap_or(PUT_OFF_MS).into()));
                self.record.put_off += 1;
            }
            _ => self.record.trouble.push(format!("{room}: was refused: {why:?} {cid:?}")),
        }
    }
}
