//! The lab's bench in this tab: the one socket that may lie on it, what is written for it, and its log. It lives as long as
//! the page, so that neither another language nor a look at a room ends what is being tried.

use crate::browser::Browser;
use crate::i18n::{LabWords, Lang};
use crate::lab_log::{LabLog, Moment, Stage, Step, path_of, with_probe};
use crate::live::Live;
use crate::message::Cid;
use crate::protocol::{ClientFrame, VERSION, encode};
use crate::room::FIRST_ROOM;

/// A socket that the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Every text comes back.
    Echo,
    /// The server pushes lines.
    Ticker,
    /// Chat in plain text lines.
    Plain,
    /// The chat's own.
    Chat,
}

impl Endpoint {
    /// Its name and what it does.
    pub fn label(self, words: &LabWords) -> [&'static str; 2] {
        match self {
            Self::Echo => words.echo,
            Self::Ticker => words.ticker,
            Self::Plain => words.plain,
            Self::Chat => words.chat,
        }
    }

    /// Its path.
    pub fn path(self) -> &'static str {
        match self {
            Self::Echo => "/ws/echo",
            Self::Ticker => "/ws/ticker",
            Self::Plain => "/ws/plain",
            Self::Chat => "/ws",
        }
    }

    /// An address to start from, with what may be asked for in it.
    fn address(self, lang: Lang, number: u32) -> String {
        let path = self.path();
        match self {
            Self::Echo | Self::Chat => path.to_owned(),
            Self::Ticker => format!("{path}?count=10&interval_ms=1000"),
            Self::Plain => {
                let name = (lang.words().guest)(number);
                format!("{path}?room={FIRST_ROOM}&name={name}&lang={}", lang.tag())
            }
        }
    }
}

/// The signals of the bench. A handle: copies speak of the same bench.
#[derive(Clone, Copy)]
pub struct Bench {
    browser: Browser,
    /// The socket's address: a path on this host, with what is asked for.
    pub address: Live<String>,
    /// The text to send.
    pub writing: Live<String>,
    /// What happened.
    pub log: Live<LabLog>,
}

impl Bench {
    pub(crate) fn new(browser: Browser) -> Self {
        Self {
            browser,
            address: Live::new(Endpoint::Echo.path().to_owned()),
            writing: Live::default(),
            log: Live::default(),
        }
    }

    /// Whether the address is one of this socket's. Not tracked.
    pub fn is_at(self, endpoint: Endpoint) -> bool {
        let is_its = |address: &String| {
            let rest = address.strip_prefix(endpoint.path());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("?"))
        };
        self.address.with_untracked(is_its)
    }

    /// Takes another socket's address, and the words that it wants to hear first.
    pub fn choose(self, endpoint: Endpoint, lang: Lang) {
        let number = 1_000 + self.fresh_id().0 as u32 % 9_000;
        self.address.set(endpoint.address(lang, number));
        let hello = encode(&ClientFrame::Hello { version: VERSION });
        let writing = self.writing.get_untracked();
        if endpoint == Endpoint::Chat && writing.is_empty() {
            self.writing.set(hello);
        } else if endpoint != Endpoint::Chat && writing == hello {
            self.writing.set(String::new());
        }
    }

    /// Opens the socket.
    pub fn connect(self) {
        if self.stage() == Stage::Closed {
            let (path, id) = (path_of(&self.address.get_untracked()), self.fresh_id());
            let probed = with_probe(&path, id);
            self.take(Step::Connect { path, id });
            (self.browser.lab_open)(self, &probed);
        }
    }

    /// Sends what was written. An empty text may be sent too: servers must be able to take one.
    pub fn send(self) {
        if self.stage() == Stage::Open {
            let text = self.writing.get_untracked();
            (self.browser.lab_send)(&text);
            self.take(Step::Send(text));
            self.writing.set(String::new());
        }
    }

    /// Closes the socket, or gives up opening it.
    pub fn disconnect(self) {
        if matches!(self.stage(), Stage::Open | Stage::Connecting) {
            self.take(Step::Disconnect);
            (self.browser.lab_close)(self);
        }
    }

    /// Takes the next step, and asks the server where it leaves a question.
    pub fn take(self, step: Step) {
        let now = Moment { at_ms: (self.browser.now_ms)(), elapsed_us: (self.browser.elapsed_us)() };
        if let Some(id) = self.log.update(|log| log.take(step, now)) {
            (self.browser.lab_fate)(self, id);
        }
    }

    fn stage(self) -> Stage {
        self.log.with_untracked(LabLog::stage)
    }

    fn fresh_id(self) -> Cid {
        (self.browser.new_cid)()
    }
}
