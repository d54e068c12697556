//! What the lab knows of its socket: how it stands, what happened when, how long an echo took, and, where a connection
//! failed, who it was that stopped it. Knows no language; the sentences are put together where the log is drawn, or are the server's.

use std::sync::Arc;

use crate::i18n::LabWords;
use crate::message::Cid;

/// How many entries are kept; older ones go first.
const MAX_ENTRIES: usize = 500;
/// How much of a text the log shows, in bytes. Its size is always that of the whole.
const MAX_SHOWN_BYTES: usize = 4_000;
/// What the echo puts before a text that it sends back.
const ECHO: &str = "[RE]: ";
/// The code of a connection that ended without a goodbye (RFC 6455, section 7.4.1). Browsers say it; nobody sends it.
pub const CUT: u16 = 1006;

const US_PER_S: i64 = 1_000_000;
const MS_PER_DAY: i64 = 24 * 60 * 60 * 1_000;

/// A point in time, on two clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The clock on the wall: milliseconds since 1970 (UTC). It may be set while one looks.
    pub at_ms: i64,
    /// The stopwatch: microseconds since the page began.
    pub elapsed_us: i64,
}

/// How the lab's socket stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// There is none.
    #[default]
    Closed,
    /// It is being opened.
    Connecting,
    /// It is open.
    Open,
    /// Somebody wants it closed.
    Closing,
    /// It did not open, and the server is being asked why.
    Checking,
}

/// What a person does, and what happens to the socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Open it.
    Connect {
        /// At this path.
        path: String,
        /// Under this id.
        id: Cid,
    },
    /// It opened.
    Opened,
    /// Send a text.
    Send(String),
    /// A text came.
    Received(String),
    /// Close it.
    Disconnect,
    /// It closed, or could not be opened.
    Closed {
        /// Why, as a number (RFC 6455, section 7.4).
        code: u16,
        /// Why, in the other side's words.
        reason: String,
    },
    /// The server told, in a sentence, what it knows of a try that failed; `None` when it could not be asked.
    Explained(Option<String>),
    /// Forget the entries.
    Clear,
}

/// Something that happened to the socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Tells the entries of one log apart.
    pub id: u64,
    /// When, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// What.
    pub what: What,
}

/// What happened to the socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It opened, at this address.
    Connected(String),
    /// A text came.
    Received {
        /// As much of it as is shown.
        text: String,
        /// The size of the whole.
        bytes: usize,
        /// How long ago it had been sent, where it is an echo.
        round_trip_us: Option<i64>,
    },
    /// A text went.
    Sent {
        /// As much of it as is shown.
        text: String,
        /// The size of the whole.
        bytes: usize,
    },
    /// It closed.
    Disconnected {
        /// Why, as a number (RFC 6455, section 7.4).
        code: u16,
        /// Why, in the other side's words.
        reason: String,
    },
    /// It failed.
    Error(Trouble),
}

/// Who or what stopped a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Not even an ordinary request gets through.
    Unreachable,
    /// It never opened; this is what the server says of it.
    Told(String),
    /// It was open, and ended without a goodbye.
    Cut {
        /// How long it had been open, in seconds.
        open_s: i64,
        /// How long ago the last frame had come or gone, in seconds.
        silent_s: i64,
    },
}

impl What {
    /// The word that styles and tests know it by.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Connected(_) => "connected",
            Self::Received { .. } => "received",
            Self::Sent { .. } => "sent",
            Self::Disconnected { .. } => "disconnected",
            Self::Error(_) => "error",
        }
    }

    /// The word that people know it by.
    pub fn label(&self, words: &LabWords) -> &'static str {
        match self {
            Self::Connected(_) => words.connected,
            Self::Received { .. } => words.received,
            Self::Sent { .. } => words.sent,
            Self::Disconnected { .. } => words.disconnected,
            Self::Error(_) => words.error,
        }
    }

    /// The size, where it has one.
    pub fn bytes(&self) -> Option<usize> {
        match self {
            Self::Received { bytes, .. } | Self::Sent { bytes, .. } => Some(*bytes),
            Self::Connected(_) | Self::Disconnected { .. } | Self::Error(_) => None,
        }
    }

    /// How long an echo took, as milliseconds with one decimal.
    pub fn round_trip_ms(&self) -> Option<String> {
        let Self::Received { round_trip_us: Some(us), .. } = self else { return None };
        Some(format!("{}.{}", us / 1_000, us % 1_000 / 100))
    }
}

impl Entry {
    /// The time of day to the millisecond, as `14:05:09.123`, where clocks are `offset_min` minutes ahead of UTC.
    pub fn time(&self, offset_min: i32) -> String {
        let ms = (self.at_ms + i64::from(offset_min) * 60_000).rem_euclid(MS_PER_DAY);
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        format!("{hour:02}:{minute:02}:{second:02}.{:03}", ms % 1_000)
    }
}

/// The log of the lab, how its socket stands, and what is needed to judge the next step.
#[derive(Clone, Debug, Default)]
pub struct LabLog {
    stage: Stage,
    entries: Vec<Arc<Entry>>,
    made: u64,
    /// The socket's path.
    path: String,
    /// Under which id the server knows the try.
    id: Option<Cid>,
    /// Texts that went to the socket, with the stopwatch's time, until they come back.
    unanswered: Vec<(String, i64)>,
    opened_us: Option<i64>,
    last_frame_us: i64,
}

impl LabLog {
    /// How the socket stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// Takes the next step. Where that leaves a question that only the server can answer, it is about the try with this id.
    pub fn take(&mut self, step: Step, now: Moment) -> Option<Cid> {
        match step {
            Step::Connect { path, id } => self.connect(path, id),
            Step::Opened => self.opened(now),
            Step::Send(text) => self.sent(text, now),
            Step::Received(text) => self.received(&text, now),
            Step::Disconnect => self.stage = Stage::Closing,
            Step::Closed { code, reason } => return self.closed(code, reason, now),
            Step::Explained(said) => self.explained(said, now),
            Step::Clear => self.entries.clear(),
        }
        None
    }

    fn connect(&mut self, path: String, id: Cid) {
        self.stage = Stage::Connecting;
        self.path = path;
        self.id = Some(id);
        self.unanswered.clear();
        self.opened_us = None;
    }

    fn opened(&mut self, now: Moment) {
        self.stage = Stage::Open;
        self.opened_us = Some(now.elapsed_us);
        self.last_frame_us = now.elapsed_us;
        self.note(What::Connected(self.path.clone()), now);
    }

    fn sent(&mut self, text: String, now: Moment) {
        self.last_frame_us = now.elapsed_us;
        self.note(What::Sent { text: shown(&text), bytes: text.len() }, now);
        if self.unanswered.len() == MAX_ENTRIES {
            self.unanswered.remove(0);
        }
        self.unanswered.push((text, now.elapsed_us));
    }

    fn received(&mut self, text: &str, now: Moment) {
        self.last_frame_us = now.elapsed_us;
        let round_trip_us = self.answered(text).map(|sent_us| now.elapsed_us - sent_us);
        self.note(What::Received { text: shown(text), bytes: text.len(), round_trip_us }, now);
    }

    /// When the text was sent that this is the echo of. The echo keeps the order, so what was sent before it is lost.
    fn answered(&mut self, text: &str) -> Option<i64> {
        let echoed = text.strip_prefix(ECHO)?;
        let at = self.unanswered.iter().position(|(sent, _)| sent == echoed)?;
        let later = self.unanswered.split_off(at + 1);
        std::mem::replace(&mut self.unanswered, later).pop().map(|(_, sent_us)| sent_us)
    }

    /// A socket that closes by choice needs no explanation; one that was open explains itself.
    fn closed(&mut self, code: u16, reason: String, now: Moment) -> Option<Cid> {
        let by_choice = self.stage == Stage::Closing;
        self.stage = Stage::Closed;
        self.note(What::Disconnected { code, reason }, now);
        if by_choice {
            return None;
        }
        let Some(opened_us) = self.opened_us else {
            self.stage = Stage::Checking;
            return self.id;
        };
        if code == CUT {
            let seconds_since = |then_us: i64| (now.elapsed_us - then_us + US_PER_S / 2) / US_PER_S;
            let cut = Trouble::Cut { open_s: seconds_since(opened_us), silent_s: seconds_since(self.last_frame_us) };
            self.note(What::Error(cut), now);
        }
        None
    }

    fn explained(&mut self, said: Option<String>, now: Moment) {
        self.stage = Stage::Closed;
        self.note(What::Error(said.map_or(Trouble::Unreachable, Trouble::Told)), now);
    }

    fn note(&mut self, what: What, now: Moment) {
        if self.entries.len() == MAX_ENTRIES {
            self.entries.remove(0);
        }
        self.made += 1;
        self.entries.push(Arc::new(Entry { id: self.made, at_ms: now.at_ms, what }));
    }
}

/// As much of a text as the log shows.
fn shown(text: &str) -> String {
    if text.len() <= MAX_SHOWN_BYTES {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(MAX_SHOWN_BYTES)])
}

/// An address as somebody typed it, as a path on this host: it begins with a slash, and a fragment, which sockets can't
/// have, is cut off.
pub fn path_of(typed: &str) -> String {
    let typed = typed.trim_ascii();
    let path = typed.find('#').map_or(typed, |at| &typed[..at]);
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// The path with the id under which the server is asked what became of it.
pub fn with_probe(path: &str, id: Cid) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}probe={id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Cid = Cid(255);

    fn after_ms(ms: i64) -> Moment {
        Moment { at_ms: 1_000_000 + ms, elapsed_us: ms * 1_000 }
    }

    fn connecting() -> LabLog {
        let mut log = LabLog::default();
        log.take(Step::Connect { path: "/ws/echo".to_owned(), id: ID }, after_ms(0));
        log
    }

    fn open() -> LabLog {
        let mut log = connecting();
        log.take(Step::Opened, after_ms(0));
        log
    }

    fn closed(code: u16) -> Step {
        Step::Closed { code, reason: "bye".to_owned() }
    }

    fn last(log: &LabLog) -> What {
        log.entries().last().expect("something happened").what.clone()
    }

    fn send(log: &mut LabLog, text: &str, ms: i64) {
        log.take(Step::Send(text.to_owned()), after_ms(ms));
    }

    fn round_trip_us(log: &mut LabLog, text: &str, ms: i64) -> Option<i64> {
        log.take(Step::Received(text.to_owned()), after_ms(ms));
        let What::Received { round_trip_us, .. } = last(log) else { panic!("not received") };
        round_trip_us
    }

    #[test]
    fn an_echo_is_timed_from_the_oldest_of_its_kind_that_is_unanswered() {
        let mut log = open();
        send(&mut log, "a", 10);
        send(&mut log, "a", 20);
        send(&mut log, "b", 30);
        assert_eq!(round_trip_us(&mut log, "[RE]: a", 40), Some(30_000));
        assert_eq!(round_trip_us(&mut log, "[RE]: a", 50), Some(30_000));
        assert_eq!(round_trip_us(&mut log, "[RE]: a", 60), None);
        assert_eq!(round_trip_us(&mut log, "b", 70), None);
        assert_eq!(round_trip_us(&mut log, "[RE]: b", 80), Some(50_000));
    }

    #[test]
    fn what_another_connection_left_unanswered_is_not_waited_for() {
        let mut log = open();
        send(&mut log, "a", 10);
        log.take(closed(1000), after_ms(15));
        log.take(Step::Connect { path: "/ws/echo".to_owned(), id: ID }, after_ms(20));
        log.take(Step::Opened, after_ms(25));
        assert_eq!(round_trip_us(&mut log, "[RE]: a", 30), None);
    }

    #[test]
    fn a_round_trip_reads_in_milliseconds_with_one_decimal() {
        let echo = |us| What::Received { text: String::new(), bytes: 0, round_trip_us: Some(us) };
        assert_eq!(echo(412).round_trip_ms().as_deref(), Some("0.4"));
        assert_eq!(echo(12_050).round_trip_ms().as_deref(), Some("12.0"));
        assert_eq!(What::Sent { text: String::new(), bytes: 0 }.round_trip_ms(), None);
    }

    #[test]
    fn a_cut_tells_how_long_it_was_open_and_how_long_silent() {
        let mut log = open();
        send(&mut log, "a", 2_000);
        assert_eq!(log.take(closed(CUT), after_ms(62_400)), None);
        assert_eq!(last(&log), What::Error(Trouble::Cut { open_s: 62, silent_s: 60 }));
        assert_eq!(log.stage(), Stage::Closed);
    }

    #[test]
    fn a_goodbye_is_no_error() {
        for code in [1000, 4001] {
            let mut log = open();
            assert_eq!(log.take(closed(code), after_ms(5)), None);
            assert_eq!(last(&log), What::Disconnected { code, reason: "bye".to_owned() });
            assert_eq!(log.stage(), Stage::Closed);
        }
    }

    #[test]
    fn what_ends_by_choice_needs_no_explanation_even_when_nobody_answers() {
        for mut log in [open(), connecting()] {
            log.take(Step::Disconnect, after_ms(1));
            assert_eq!(log.take(closed(CUT), after_ms(2)), None);
            assert_eq!(last(&log), What::Disconnected { code: CUT, reason: "bye".to_owned() });
            assert_eq!(log.stage(), Stage::Closed);
        }
    }

    #[test]
    fn what_never_opened_is_asked_about_and_then_explained() {
        let mut log = connecting();
        assert_eq!(log.take(closed(CUT), after_ms(1)), Some(ID));
        assert_eq!(log.stage(), Stage::Checking);
        log.take(Step::Explained(Some("A proxy.".to_owned())), after_ms(2));
        assert_eq!(last(&log), What::Error(Trouble::Told("A proxy.".to_owned())));
        assert_eq!(log.stage(), Stage::Closed);
        log.take(Step::Explained(None), after_ms(3));
        assert_eq!(last(&log), What::Error(Trouble::Unreachable));
    }

    #[test]
    fn the_log_keeps_the_latest_and_shows_the_start_of_what_is_long() {
        let mut log = open();
        for ms in 0..600 {
            round_trip_us(&mut log, "가", ms);
        }
        assert_eq!(log.entries().len(), MAX_ENTRIES);
        assert_eq!(log.entries()[0].id, 102);
        round_trip_us(&mut log, &"가".repeat(2_000), 600);
        let What::Received { text, bytes, .. } = last(&log) else { panic!("not received") };
        assert_eq!((text.chars().count(), bytes), (1_334, 6_000));
        log.take(Step::Clear, after_ms(700));
        assert!(log.entries().is_empty());
    }

    #[test]
    fn times_are_the_readers() {
        let entry = Entry { id: 1, at_ms: 1_795_151_109_007, what: What::Connected(String::new()) };
        assert_eq!(entry.time(540), "14:05:09.007");
        assert_eq!(entry.time(-600), "19:05:09.007");
    }

    #[test]
    fn an_address_becomes_a_path_with_a_probe() {
        assert_eq!(path_of(" ws/echo#top "), "/ws/echo");
        assert_eq!(path_of("/ws/plain?name=민수"), "/ws/plain?name=민수");
        assert_eq!(path_of(""), "/");
        let id = "000000000000000000000000000000ff";
        assert_eq!(with_probe("/ws", Cid(255)), format!("/ws?probe={id}"));
        assert_eq!(with_probe("/ws/ticker?count=3", Cid(255)), format!("/ws/ticker?count=3&probe={id}"));
    }
}
