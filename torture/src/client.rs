//! The connection of a tab, as the browser keeps it: opened, watched by a heartbeat, opened again after a jittered back-off.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::backoff::Backoff;
use app::protocol::{ANSWER_WITHIN_MS, ClientFrame, PING_EVERY_MS, ServerFrame, VERSION, close};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::dice::Dice;
use crate::person::Habits;
use crate::tab::Tab;
use crate::wire::{Heard, Wire};

/// The connection's side of a tab.
pub(crate) struct Client {
    /// What it serves.
    pub(crate) tab: Arc<Tab>,
    /// The session.
    pub(crate) cookie: String,
    /// Where it connects.
    pub(crate) door: SocketAddr,
    /// How it is.
    pub(crate) habits: Habits,
    /// Its jitter.
    pub(crate) dice: Dice,
}

/// How a connection ended.
enum End {
    /// Come back, after this many milliseconds if the server said so.
    Lost(Option<u32>),
    /// Come back at once: the page is loaded again.
    Reload,
    /// There is no use in coming back.
    ForGood,
}

/// The heartbeat: a ping now and then, and a limit to how long its answer may take.
struct Beat {
    is_owed: bool,
    due: Instant,
}

impl Client {
    /// Keeps the tab connected.
    pub(crate) async fn lives(mut self) {
        let mut backoff = Backoff::default();
        loop {
            let began = Instant::now();
            let end = self.connect().await;
            self.tab.state().is_cut();
            backoff.stood(began.elapsed().as_secs_f64() * 1_000.0 * self.habits.haste);
            match end {
                End::Lost(after_ms) => {
                    let wait_ms = after_ms.unwrap_or_else(|| backoff.next_ms(self.dice.fraction()));
                    sleep(self.hasty(wait_ms.into())).await;
                }
                End::Reload => backoff = Backoff::default(),
                End::ForGood => return,
            }
        }
    }

    async fn connect(&mut self) -> End {
        let reloads = self.tab.state().reloads;
        let opening = Wire::open(self.door, &self.cookie, self.habits.narrow);
        let Ok(Ok(mut wire)) = timeout(self.patience(), opening).await else {
            return End::Lost(None);
        };
        if wire.asks(&ClientFrame::Hello { version: VERSION }).await.is_err() {
            return End::Lost(None);
        }
        let (mut beat, mut bye) = (self.owes(), None);
        loop {
            let (is_asleep, holds_until, is_reloaded) = {
                let state = self.tab.state();
                (state.is_asleep, state.holds_until(), state.reloads > reloads)
            };
            if is_reloaded {
                return End::Reload;
            }
            tokio::select! {
                heard = wire.hears(), if !is_asleep => match heard {
                    Heard::Frame(frame) => {
                        match &*frame {
                            ServerFrame::Welcome { .. } | ServerFrame::Pong { .. } => beat = self.rests(),
                            ServerFrame::Bye { after_ms } => bye = Some(*after_ms),
                            _ => {}
                        }
                        if !self.tab.state().takes_on_page(reloads, *frame) {
                            return End::Reload;
                        }
                        self.tab.stirred.notify_one();
                    }
                    Heard::Closed(code) => return self.end_of(code, bye),
                    Heard::Cut => return End::Lost(bye),
                },
                () = self.tab.stirred.notified() => {
                    let asked = self.tab.state().asks_now();
                    for frame in asked {
                        if wire.asks(&frame).await.is_err() {
                            return End::Lost(bye);
                        }
                    }
                }
                () = sleep_until(holds_until.map_or(beat.due, Instant::from)), if holds_until.is_some() => {
                    self.tab.stirred.notify_one();
                }
                () = sleep_until(beat.due), if !is_asleep => {
                    if beat.is_owed || wire.asks(&ClientFrame::Ping {}).await.is_err() {
                        return End::Lost(None);
                    }
                    beat = self.owes();
                }
            }
        }
    }

    fn end_of(&self, code: u16, bye: Option<u32>) -> End {
        if matches!(code, close::SIGNED_OUT | close::NOT_ALLOWED | close::PROTOCOL) {
            self.tab.state().is_sent_away(code);
            return End::ForGood;
        }
        End::Lost(bye)
    }

    fn owes(&self) -> Beat {
        Beat { is_owed: true, due: Instant::now() + self.patience() }
    }

    fn rests(&mut self) -> Beat {
        let jittered_ms = f64::from(PING_EVERY_MS) * (0.8 + 0.4 * self.dice.fraction());
        Beat { is_owed: false, due: Instant::now() + self.hasty(jittered_ms) }
    }

    /// How long an answer may take; not under a second and a half, for here the machine has other things to do.
    fn patience(&self) -> Duration {
        self.hasty(f64::from(ANSWER_WITHIN_MS)).max(Duration::from_millis(1_500))
    }

    fn hasty(&self, ms: f64) -> Duration {
        Duration::from_secs_f64(ms / 1_000.0 / self.habits.haste)
    }
}
