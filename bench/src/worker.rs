//! One thread of the crowd: its people's sockets on one poll (edge-triggered), and what to do when bytes come. As long as
//! something is measured it never sleeps: a server would have to wake it with each of its sends, and pay for that.

use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::crowd::{Outcome, Pace, Phase, Plan, Shared};
use crate::dialect::Step;
use crate::frame;
use crate::histogram::Histogram;
use crate::note::{MARK, Note};
use crate::tally::Tally;

/// How much is read at once.
const READ_BYTES: usize = 256 * 1024;
/// How many may be on their way in at the same time; fewer than the shortest queue of a listening socket.
const ENTERING_AT_ONCE: usize = 64;
/// How long the thread sleeps without a look at what everybody does now, while nobody is to say anything.
const NAP: Duration = Duration::from_millis(2);

/// A thread's people and what it needs for them.
pub(crate) struct Worker {
    plan: Arc<Plan>,
    shared: Arc<Shared>,
    thread: usize,
    poll: Poll,
    people: Vec<Person>,
    /// How many have set out.
    begun: usize,
    entering: usize,
    phase: Phase,
    /// Who has something to write.
    writing: Vec<usize>,
    latency: Histogram,
    recorded_from_ns: u64,
    deliveries: u64,
    confirmed: u64,
    sent: u64,
    busy_ns: u64,
    /// How many messages of everybody's plan were due so far, where they post by the clock.
    due: u64,
    buffer: Vec<u8>,
    draft: Vec<u8>,
}

struct Person {
    stream: Option<TcpStream>,
    stage: Stage,
    number: usize,
    room: u16,
    sender: Option<u16>,
    sent: u32,
    in_flight: u32,
    /// The beginning of a frame whose rest has not come yet.
    unread: Vec<u8>,
    unwritten: Vec<u8>,
    is_writing: bool,
    tally: Tally,
}

enum Stage {
    Upgrading,
    OnTheWay(Vec<Step>, usize),
    Inside,
}

impl Worker {
    /// The people whose number leaves this thread's number over.
    pub(crate) fn new(plan: &Plan, shared: &Arc<Shared>, thread: usize) -> std::io::Result<Self> {
        let all = plan.rooms.len() * plan.people_a_room;
        let people = (0..all).filter(|number| number % plan.threads == thread).map(|number| Person::new(plan, number));
        Ok(Self {
            plan: Arc::new(plan.clone()),
            shared: Arc::clone(shared),
            thread,
            poll: Poll::new()?,
            people: people.collect(),
            begun: 0,
            entering: 0,
            phase: Phase::Entering,
            writing: Vec::new(),
            latency: Histogram::new(),
            recorded_from_ns: u64::MAX,
            deliveries: 0,
            confirmed: 0,
            sent: 0,
            busy_ns: 0,
            due: 0,
            buffer: vec![0; READ_BYTES],
            draft: Vec::new(),
        })
    }

    /// Goes on until everybody is to go.
    pub(crate) fn run(mut self) -> (Histogram, Vec<Outcome>) {
        let mut events = Events::with_capacity(1_024);
        while self.phase != Phase::Gone {
            let (began_ns, sent) = (self.shared.now_ns(), self.sent);
            self.send_in();
            let nap = if self.phase == Phase::Silent { NAP } else { Duration::ZERO };
            if self.poll.poll(&mut events, Some(nap)).is_err_and(|error| error.kind() != ErrorKind::Interrupted) {
                break;
            }
            for event in &events {
                let Token(at) = event.token();
                if event.is_readable() || event.is_error() || event.is_read_closed() {
                    self.read(at);
                }
                if event.is_writable() {
                    self.write_soon(at);
                }
            }
            self.note_phase();
            self.post_what_is_due();
            self.write_all();
            if !events.is_empty() || self.sent > sent {
                self.busy_ns += self.shared.now_ns() - began_ns;
            }
            self.publish();
        }
        (self.latency, self.people.into_iter().map(Person::outcome).collect())
    }

    /// Sends on their way in as many as may be.
    fn send_in(&mut self) {
        while self.entering < ENTERING_AT_ONCE && self.begun < self.people.len() && self.phase == Phase::Entering {
            let at = self.begun;
            self.begun += 1;
            self.entering += 1;
            if self.connect(at).is_err() {
                self.drop_off(at);
            }
        }
    }

    fn connect(&mut self, at: usize) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(self.plan.address)?;
        stream.set_nodelay(true)?;
        self.poll.registry().register(&mut stream, Token(at), Interest::READABLE | Interest::WRITABLE)?;
        let person = &mut self.people[at];
        person.stream = Some(stream);
        person.unwritten = upgrade(&self.plan, person).into_bytes();
        Ok(())
    }

    fn drop_off(&mut self, at: usize) {
        self.people[at].stream = None;
        self.people[at].unwritten.clear();
        if self.phase < Phase::Gone {
            self.shared.dropped.fetch_add(1, Ordering::AcqRel);
        }
    }

    // Reading

    fn read(&mut self, at: usize) {
        let mut buffer = std::mem::take(&mut self.buffer);
        loop {
            let person = &mut self.people[at];
            let kept = person.unread.len();
            if buffer.len() < kept + READ_BYTES / 2 {
                buffer.resize(kept + READ_BYTES, 0);
            }
            buffer[..kept].copy_from_slice(&person.unread);
            let Some(stream) = &mut person.stream else { break };
            match stream.read(&mut buffer[kept..]) {
                Ok(0) => {
                    self.drop_off(at);
                    break;
                }
                Ok(count) => {
                    let end = kept + count;
                    let used = self.take(at, &buffer[..end]);
                    let person = &mut self.people[at];
                    person.unread.clear();
                    person.unread.extend_from_slice(&buffer[used..end]);
                    // Less than there was space for: the socket is empty, and more will be a new event (epoll(7)).
                    if end < buffer.len() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => {
                    self.drop_off(at);
                    break;
                }
            }
        }
        self.buffer = buffer;
    }

    /// Takes what is whole; how many bytes that were.
    fn take(&mut self, at: usize, bytes: &[u8]) -> usize {
        let now_ns = self.shared.now_ns();
        let mut used = 0;
        if let Stage::Upgrading = self.people[at].stage {
            let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else { return 0 };
            used = end + 4;
            if !bytes.starts_with(b"HTTP/1.1 101") {
                self.drop_off(at);
                return bytes.len();
            }
            self.upgraded(at);
        }
        while let Some(frame) = frame::read(bytes, used) {
            used = frame.payload.end;
            self.hear(at, frame.opcode, &bytes[frame.payload], now_ns);
        }
        used
    }

    fn hear(&mut self, at: usize, opcode: u8, payload: &[u8], now_ns: u64) {
        match opcode {
            frame::CLOSE => self.drop_off(at),
            frame::PING => self.say_frame(at, frame::PONG, payload),
            frame::PONG => {}
            _ if matches!(self.people[at].stage, Stage::Inside) => self.hear_inside(at, payload, now_ns),
            _ => self.hear_on_the_way(at, payload),
        }
    }

    /// A frame may bear several texts, one, or something else.
    fn hear_inside(&mut self, at: usize, payload: &[u8], now_ns: u64) {
        let mut start = 0;
        let mut bears_text = false;
        while let Some(mark) = memchr::memchr(MARK, &payload[start..]) {
            start += mark;
            match Note::read(&payload[start..]) {
                Some(note) => {
                    self.deliver(at, &note, now_ns);
                    bears_text = true;
                    start += crate::note::BYTES;
                }
                None => start += 1,
            }
            if start >= payload.len() {
                break;
            }
        }
        if !bears_text {
            self.answer(at, payload);
        }
    }

    fn deliver(&mut self, at: usize, note: &Note, now_ns: u64) {
        let person = &mut self.people[at];
        person.tally.take(person.room, note);
        self.deliveries += 1;
        if note.meant_ns >= self.recorded_from_ns {
            self.latency.record(now_ns.saturating_sub(note.meant_ns));
        }
        if person.sender == Some(note.sender) && person.room == note.room {
            person.in_flight = person.in_flight.saturating_sub(1);
            self.confirmed += 1;
            if let (Pace::Window(_), Phase::Posting) = (self.plan.pace, self.phase) {
                self.post(at, now_ns);
            }
        }
    }

    fn answer(&mut self, at: usize, payload: &[u8]) {
        if let Some(answer) = self.plan.dialect.answer(payload) {
            self.say(at, answer.as_bytes());
        }
    }

    // The way in

    fn upgraded(&mut self, at: usize) {
        let person = &self.people[at];
        let steps = self.plan.dialect.way_in(&self.plan.rooms[usize::from(person.room)], person.number);
        self.go_on(at, steps, 0);
    }

    fn hear_on_the_way(&mut self, at: usize, payload: &[u8]) {
        let Stage::OnTheWay(steps, step) = &self.people[at].stage else { return };
        if steps[*step].until.iter().any(|start| payload.starts_with(start.as_bytes())) {
            let (steps, next) = (steps.clone(), step + 1);
            self.go_on(at, steps, next);
        } else {
            self.answer(at, payload);
        }
    }

    fn go_on(&mut self, at: usize, steps: Vec<Step>, next: usize) {
        let Some(step) = steps.get(next) else {
            self.people[at].stage = Stage::Inside;
            self.entering -= 1;
            self.shared.inside.fetch_add(1, Ordering::AcqRel);
            return;
        };
        let (say, has_no_answer) = (step.say.clone(), step.until.is_empty());
        if !say.is_empty() {
            self.say(at, say.as_bytes());
        }
        if has_no_answer {
            return self.go_on(at, steps, next + 1);
        }
        self.people[at].stage = Stage::OnTheWay(steps, next);
    }

    // Posting

    fn note_phase(&mut self) {
        self.recorded_from_ns = self.shared.recorded_from_ns.load(Ordering::Acquire);
        let phase = self.shared.phase();
        let begins = phase == Phase::Posting && self.phase != Phase::Posting;
        self.phase = phase;
        if let (true, Pace::Window(window)) = (begins, self.plan.pace) {
            let senders: Vec<usize> = (0..self.people.len()).filter(|&at| self.people[at].sender.is_some()).collect();
            let now_ns = self.shared.now_ns();
            for at in senders {
                (0..window).for_each(|_| self.post(at, now_ns));
            }
        }
    }

    fn post_what_is_due(&mut self) {
        let (Pace::PerSecond(_), Phase::Posting) = (self.plan.pace, self.phase) else { return };
        let senders = (self.plan.rooms.len() * self.plan.senders_a_room) as u64;
        loop {
            let meant_ns = self.due_ns(self.due);
            if meant_ns > self.shared.now_ns() {
                return;
            }
            let whose = self.due % senders;
            self.due += 1;
            let (room, sender) = (whose as usize / self.plan.senders_a_room, whose as usize % self.plan.senders_a_room);
            let number = room * self.plan.people_a_room + sender;
            if number % self.plan.threads == self.thread {
                self.post(number / self.plan.threads, meant_ns);
            }
        }
    }

    /// When a message is meant to be sent: one in each span of equal length, at a moment of its own.
    fn due_ns(&self, which: u64) -> u64 {
        let Pace::PerSecond(rate) = self.plan.pace else { return u64::MAX };
        let jitter = (which + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let spans = which as f64 + jitter as f64 / (1 << 24) as f64;
        let from_ns = self.shared.posting_from_ns.load(Ordering::Acquire);
        from_ns.saturating_add((spans / rate * 1e9) as u64)
    }

    fn post(&mut self, at: usize, meant_ns: u64) {
        let person = &mut self.people[at];
        let (Some(sender), Some(_)) = (person.sender, &person.stream) else { return };
        person.sent += 1;
        person.in_flight += 1;
        self.sent += 1;
        let note = Note { room: person.room, sender, number: person.sent, meant_ns };
        let cid = u128::from(meant_ns) << 64 | (person.number as u128) << 32 | u128::from(person.sent);
        self.draft.clear();
        let room = &self.plan.rooms[usize::from(person.room)];
        self.plan.dialect.post(&mut self.draft, room, cid, &note.text());
        let draft = std::mem::take(&mut self.draft);
        self.say(at, &draft);
        self.draft = draft;
    }

    // Writing

    fn say(&mut self, at: usize, payload: &[u8]) {
        self.say_frame(at, self.plan.dialect.opcode(), payload);
    }

    fn say_frame(&mut self, at: usize, opcode: u8, payload: &[u8]) {
        frame::write(&mut self.people[at].unwritten, opcode, payload);
        self.write_soon(at);
    }

    fn write_soon(&mut self, at: usize) {
        let person = &mut self.people[at];
        if !person.is_writing && !person.unwritten.is_empty() {
            person.is_writing = true;
            self.writing.push(at);
        }
    }

    fn write_all(&mut self) {
        for at in std::mem::take(&mut self.writing) {
            self.people[at].is_writing = false;
            if self.people[at].write().is_err() {
                self.drop_off(at);
            }
        }
    }

    fn publish(&self) {
        let counters = self.shared.counters(self.thread);
        counters.deliveries.store(self.deliveries, Ordering::Release);
        counters.confirmed.store(self.confirmed, Ordering::Release);
        counters.sent.store(self.sent, Ordering::Release);
        counters.busy_ns.store(self.busy_ns, Ordering::Release);
    }
}

impl Person {
    fn new(plan: &Plan, number: usize) -> Self {
        let (room, place) = (number / plan.people_a_room, number % plan.people_a_room);
        Self {
            stream: None,
            stage: Stage::Upgrading,
            number,
            room: room as u16,
            sender: (place < plan.senders_a_room).then_some(place as u16),
            sent: 0,
            in_flight: 0,
            unread: Vec::new(),
            unwritten: Vec::new(),
            is_writing: false,
            tally: Tally::new(plan.senders_a_room),
        }
    }

    fn write(&mut self) -> std::io::Result<()> {
        while let (Some(stream), false) = (&mut self.stream, self.unwritten.is_empty()) {
            match stream.write(&self.unwritten) {
                Ok(count) => drop(self.unwritten.drain(..count)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // The poll says when there is space again, or when the connection is made.
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn outcome(self) -> Outcome {
        Outcome { room: self.room, sent: self.sender.map(|sender| (sender, self.sent)), tally: self.tally }
    }
}

fn upgrade(plan: &Plan, person: &Person) -> String {
    let path = plan.dialect.path(&plan.rooms[usize::from(person.room)]);
    let cookie = plan.cookies.get(person.number).map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    let subprotocol = plan.dialect.subprotocol();
    let subprotocol = subprotocol.map(|name| format!("Sec-WebSocket-Protocol: {name}\r\n")).unwrap_or_default();
    format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{subprotocol}{cookie}\r\n",
        plan.address
    )
}
