//! The lab's bench in this tab: the one socket that may lie on it, what is asked of it, and its log. It lives as long as
//! the page, so that neither another language nor a look at a room ends what is being tried.

use leptos::prelude::*;

use crate::browser::Browser;
use crate::i18n::{LabWords, Lang};
use crate::lab_log::{Fate, LabLog, Moment, Trouble, path_of, with_probe};
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

/// How the bench stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The server drew it; nobody is there yet to serve it.
    Asleep,
    /// There is no socket.
    Closed,
    /// One is being opened.
    Connecting,
    /// One is open.
    Open,
    /// Somebody wants it closed.
    Closing,
    /// It did not open, and the server is being asked why.
    Checking,
}

/// What happens to the socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It opened.
    Opened,
    /// A text came.
    Received(String),
    /// It closed, or could not be opened.
    Closed {
        /// Why, as a number (RFC 6455, section 7.4).
        code: u16,
        /// Why, in the other side's words.
        reason: String,
    },
}

/// The signals of the bench. A handle: copies speak of the same bench.
#[derive(Clone, Copy)]
pub struct Bench {
    browser: Browser,
    /// The socket that was chosen.
    pub endpoint: RwSignal<Endpoint>,
    /// Its address: a path on this host, with what is asked for.
    pub address: RwSignal<String>,
    /// The text to send.
    pub writing: RwSignal<String>,
    /// How it stands.
    pub stage: RwSignal<Stage>,
    /// What happened.
    pub log: RwSignal<LabLog>,
    /// Under which path and id the socket was asked for.
    asked: StoredValue<(String, Cid)>,
}

impl Endpoint {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 4] = [Self::Echo, Self::Ticker, Self::Plain, Self::Chat];

    /// Its name and what it does.
    pub fn label(self, words: &LabWords) -> [&'static str; 2] {
        match self {
            Self::Echo => words.echo,
            Self::Ticker => words.ticker,
            Self::Plain => words.plain,
            Self::Chat => words.chat,
        }
    }

    fn address(self, lang: Lang, number: u32) -> String {
        match self {
            Self::Echo => "/ws/echo".to_owned(),
            Self::Ticker => "/ws/ticker?count=10&interval_ms=1000".to_owned(),
            Self::Plain => {
                let name = (lang.words().guest)(number).replace(' ', "+");
                format!("/ws/plain?room={FIRST_ROOM}&name={name}&lang={}", lang.tag())
            }
            Self::Chat => "/ws".to_owned(),
        }
    }
}

impl Bench {
    pub(crate) fn new(browser: Browser) -> Self {
        Self {
            browser,
            endpoint: RwSignal::new(Endpoint::Echo),
            address: RwSignal::new(Endpoint::Echo.address(Lang::En, 0)),
            writing: RwSignal::default(),
            stage: RwSignal::new(Stage::Asleep),
            log: RwSignal::default(),
            asked: StoredValue::new((String::new(), Cid(0))),
        }
    }

    /// From here on there is somebody to serve it.
    pub fn wake(self) {
        self.pass(Stage::Asleep, Stage::Closed);
    }

    /// Takes another socket's address, and the words that it wants to hear first.
    pub fn choose(self, endpoint: Endpoint, lang: Lang) {
        let hello = encode(&ClientFrame::Hello { version: VERSION });
        let number = 1_000 + self.fresh_id().0 as u32 % 9_000;
        self.endpoint.set(endpoint);
        self.address.set(endpoint.address(lang, number));
        let writing = self.writing.get_untracked();
        if endpoint == Endpoint::Chat && writing.is_empty() {
            self.writing.set(hello);
        } else if endpoint != Endpoint::Chat && writing == hello {
            self.writing.set(String::new());
        }
    }

    /// Opens the socket.
    pub fn connect(self) {
        if self.pass(Stage::Closed, Stage::Connecting) {
            let (path, id) = (path_of(&self.address.get_untracked()), self.fresh_id());
            let probed = with_probe(&path, id);
            self.asked.set_value((path, id));
            (self.browser.lab_open)(self, &probed);
        }
    }

    /// Sends what was written. An empty text may be sent too: it is one that servers must be able to take.
    pub fn send(self) {
        if self.stage.get_untracked() == Stage::Open {
            let text = self.writing.get_untracked();
            (self.browser.lab_send)(&text);
            let now = self.now();
            self.log.update(|log| log.sent(text, now));
            self.writing.set(String::new());
        }
    }

    /// Closes the socket, or gives up opening it.
    pub fn disconnect(self) {
        if self.pass(Stage::Open, Stage::Closing) || self.pass(Stage::Connecting, Stage::Closing) {
            (self.browser.lab_close)(self);
        }
    }

    /// Takes what happens to the socket.
    pub fn hear(self, news: News) {
        let now = self.now();
        match news {
            News::Opened => {
                self.pass(Stage::Connecting, Stage::Open);
                self.log.update(|log| log.connected(self.asked.with_value(|(path, _)| path.clone()), now));
            }
            News::Received(text) => self.log.update(|log| log.received(&text, now)),
            News::Closed { code, reason } => self.closed(code, reason, now),
        }
    }

    fn closed(self, code: u16, reason: String, now: Moment) {
        let by_choice = self.stage.get_untracked() == Stage::Closing;
        let was_open = self.log.try_update(|log| log.disconnected(code, reason, by_choice, now)) == Some(true);
        if was_open || by_choice {
            self.stage.set(Stage::Closed);
        } else {
            self.stage.set(Stage::Checking);
            (self.browser.lab_fate)(self, self.asked.with_value(|(_, id)| *id));
        }
    }

    /// Takes what the server knows of the try that failed; `None` when it could not be asked.
    pub fn explain(self, fate: Option<Fate>) {
        let now = self.now();
        self.log.update(|log| log.explained(Trouble::of_fate(fate), now));
        self.pass(Stage::Checking, Stage::Closed);
    }

    /// Goes from one stage to the next, if it stands there.
    fn pass(self, from: Stage, to: Stage) -> bool {
        let stands_there = self.stage.get_untracked() == from;
        if stands_there {
            self.stage.set(to);
        }
        stands_there
    }

    fn fresh_id(self) -> Cid {
        (self.browser.new_cid)()
    }

    fn now(self) -> Moment {
        Moment { at_ms: (self.browser.now_ms)(), elapsed_us: (self.browser.elapsed_us)() }
    }
}
