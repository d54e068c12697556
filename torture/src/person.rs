//! A person whose client behaves as the browser does: `tab` is what it shows and still has to send, `client` its connection.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use app::message::Seq;
use app::room::Slug;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::dice::Dice;
use crate::record::Record;
use crate::tab::Tab;

/// How a person's client is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    /// How many times quicker than the browser its heartbeat and its back-off run: 1 is the browser.
    pub(crate) haste: f64,
    /// With next to no space for what was not read yet.
    pub(crate) narrow: bool,
    /// In so many rooms.
    pub(crate) rooms: usize,
}

impl Default for Habits {
    fn default() -> Self {
        Self { haste: 40.0, narrow: false, rooms: 2 }
    }
}

impl Habits {
    /// As most, but in the first room alone.
    pub(crate) fn in_one_room() -> Self {
        Self { rooms: 1, ..Self::default() }
    }
}

/// Somebody with the chat open in a tab. The tab is closed when this is dropped.
pub(crate) struct Person {
    rooms: Vec<Slug>,
    dice: Mutex<Dice>,
    tab: Arc<Tab>,
    living: JoinHandle<()>,
}

impl Person {
    /// Opens the chat in a tab, with these rooms. It connects by itself and stays until it is dropped.
    pub(crate) fn opens(
        name: &str,
        cookie: String,
        door: SocketAddr,
        rooms: Vec<Slug>,
        habits: Habits,
        dice: &Dice,
    ) -> Self {
        let dice = dice.named(name);
        let tab = Arc::new(Tab::new(name, &rooms));
        let client = Client { tab: Arc::clone(&tab), cookie, door, habits, dice: dice.named("client") };
        Self { rooms, dice: Mutex::new(dice), tab, living: tokio::spawn(client.lives()) }
    }

    /// Writes a message into one of their rooms: it waits in the outbox until it is acknowledged.
    pub(crate) fn writes(&self, padding: usize) {
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        let (room, cid) = (dice.pick(&self.rooms), dice.cid());
        self.tab.state().writes(room, cid, padding);
        self.tab.stirred.notify_one();
    }

    /// Loads the page again: what was on the screen is gone, what was not acknowledged is kept and sent again.
    pub(crate) fn reloads(&self) {
        self.tab.state().reloads();
        self.tab.stirred.notify_one();
    }

    /// Stops reading from the socket, or goes on.
    pub(crate) fn sleeps(&self, asleep: bool) {
        self.tab.state().is_asleep = asleep;
        self.tab.stirred.notify_one();
    }

    /// Whether the server has sent them away for good.
    pub(crate) fn is_away(&self) -> bool {
        self.tab.state().is_away
    }

    /// How many messages wait for their acknowledgement.
    pub(crate) fn waiting(&self) -> usize {
        self.tab.state().waiting()
    }

    /// How many messages were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.tab.state().record.acknowledged.len()
    }

    /// The last number on the screen, by room; `None` as long as a room is not open.
    pub(crate) fn stands(&self) -> Vec<(Slug, Option<Seq>)> {
        self.tab.state().stands()
    }

    /// How long deliveries took since this was asked last, in milliseconds.
    pub(crate) fn takes_latencies(&self) -> Vec<f64> {
        std::mem::take(&mut self.tab.state().record.latencies_ms)
    }

    /// How long coming back took since this was asked last, in milliseconds.
    pub(crate) fn takes_resumes(&self) -> Vec<f64> {
        std::mem::take(&mut self.tab.state().record.resumes_ms)
    }

    /// Closes the tab; what it showed.
    pub(crate) fn closes(self) -> Record {
        self.living.abort();
        self.tab.state().closes()
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.living.abort();
    }
}
