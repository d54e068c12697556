//! The Axum program: serves the page and its bundle, the sockets, storage and access.
//!
//! In reading order: `config` and `state`; `port` and `router` with what it routes to (`page`, `sheets`, `forms`, `aside`, `bundle`, `emoji`, `lab`, `socket`, and `policy` on all of it) and
//! who is asking (`reader`, `session`, `error`); `room` with `names`, `limits`, `markup` and `broadcast`; `files`; `store`; `clock`, `zone` and `random`; `fault`, for those who test the tests.
//! [`Madang`] puts them together and serves, for `main` and for tests alike.

pub mod config;
pub mod state;

pub mod port;
pub mod router;

pub mod aside;
pub mod bundle;
pub mod emoji;
mod entrance;
pub mod error;
pub mod forms;
pub mod lab;
pub mod page;
pub mod parts;
pub mod policy;
pub mod reader;
pub mod session;
pub mod sheets;
pub mod socket;
pub mod unshown;

pub mod broadcast;
pub mod files;
pub mod limits;
pub mod markup;
pub mod moderator;
pub mod names;
pub mod previews;
pub mod room;
pub mod store;

pub mod clock;
pub mod fault;
pub mod hex;
pub mod random;
pub mod tls;
pub mod zone;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use clock::Clock;
use config::Serve;
use files::Vault;
use limits::Seats;
use room::Patience;
use state::AppState;
use store::{OpenError, Store, StoreError};

/// How long connections get to end once the program is to stop.
const DRAIN: Duration = Duration::from_secs(8);
/// How much of it there is for what waits to be stored.
const SETTLE: Duration = Duration::from_secs(2);
/// How much time there is for each connection to come back after a restart, in milliseconds: five hundred a second, which
/// leaves a core most of its time. Few are back at once, and thousands don't come all at the same moment.
const RETURN_MS: u32 = 2;
/// The longest delay after which a client comes back, in milliseconds.
const MAX_RETURN_MS: u32 = 5_000;
/// How often the program notes who is here and forgets who is not.
const TEND_EVERY: Duration = Duration::from_secs(60 * 60);

/// Why the program can't start; the texts are for whoever starts it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database, later.
    #[error("the database can't be read: {0}")]
    Store(#[from] StoreError),
    /// The address.
    #[error("can't listen on {address} ({cause}). Stop what listens there, or choose another address with --listen.")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// A program that listens.
pub struct Madang {
    state: AppState,
    listener: TcpListener,
    address: SocketAddr,
}

impl Madang {
    /// Opens the database and the port.
    ///
    /// # Errors
    /// [`StartError`], with a sentence that says what to change.
    pub async fn start(config: Serve, clock: Clock, patience: Patience) -> Result<Self, StartError> {
        let wanted = config.listen;
        let failed = |cause| StartError::Listen { address: wanted, cause };
        let listener = port::open(wanted).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let store = Store::open(&config.data)?;
        let vault = Vault::open(&config, store.owner()).await?;
        let state = AppState::new(config, store, vault, clock, patience).await?;
        Ok(Self { state, listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The state, for tests.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Serves until `stop` resolves, or the store or a task fails, then says goodbye to everyone.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Ended {
        let Self { state, listener, .. } = self;
        let (draining, drained) = watch::channel(false);
        // Behind a proxy all connections come from the proxy, which has its own limits.
        let seats = (!state.config.behind_proxy).then(|| Seats::new(state.config.door_connections_per_address));
        let door = port::Door { places: Arc::new(Semaphore::new(state.config.door_connections)), seats };
        let mut tasks = JoinSet::new();
        tasks.spawn(tend_now_and_then(state.clone()));
        tasks.spawn(Arc::clone(&state.rooms).tell_news());
        tasks.spawn(Arc::clone(&state.files).tend(Arc::clone(&state.rooms)));
        tasks.spawn(Arc::clone(&state.rooms).write_marks());
        tasks.spawn(Arc::clone(&state.rooms).end_rests());
        tasks.spawn(Arc::clone(&state.schedule).say_on_time());
        let mut serving = tokio::spawn(port::serve(listener, router::router(state.clone()), door, drained));
        let ended = tokio::select! {
            () = stop => Ended::ByChoice,
            () = state.store.failed() => Ended::StoreFailed,
            // Each of them goes on for as long as the program does, unless it panics.
            Some(ended) = tasks.join_next() => {
                tracing::error!(?ended, "a task that is always to run has ended, and the program ends with it");
                Ended::TaskFailed
            }
        };
        draining.send_replace(true);
        let until = Instant::now() + DRAIN;
        let _ = timeout(SETTLE, state.rooms.settle()).await;
        state.rooms.say_goodbye(|connections| random::between(0, return_within_ms(connections)));
        let gone = async { tokio::join!(&mut serving, state.rooms.until_deserted()) };
        let _ = timeout_at(until, gone).await;
        tasks.abort_all();
        serving.abort();
        if let Err(error) = state.rooms.write_marks_now().await {
            tracing::warn!(%error, "could not note how far people have read");
        }
        ended
    }
}

/// Over how many milliseconds so many connections come back.
fn return_within_ms(connections: usize) -> u32 {
    u32::try_from(connections).unwrap_or(u32::MAX).saturating_mul(RETURN_MS).min(MAX_RETURN_MS)
}

/// Why serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was told to stop.
    ByChoice,
    /// A commit failed; what it held is not known, and going on would be a lie.
    StoreFailed,
    /// A task that is always to run panicked; without it the program would go on, but not do all that it promises.
    TaskFailed,
}

async fn tend_now_and_then(state: AppState) {
    loop {
        match tend(&state).await {
            Ok(0) => {}
            Ok(people) => tracing::info!(people, "forgot people who were silent and long unseen"),
            Err(error) => tracing::warn!(%error, "could not note who is here"),
        }
        tokio::time::sleep(TEND_EVERY).await;
    }
}

/// Notes who is here, so that nobody's name is given away under them, then forgets people who were silent and long
/// unseen; how many.
///
/// # Errors
/// [`StoreError`].
pub async fn tend(state: &AppState) -> Result<usize, StoreError> {
    let now_ms = state.clock.now_ms();
    state.store.seen(state.rooms.connected_people(), now_ms).await?;
    let forgotten = state.store.forget_silent(now_ms).await?;
    state.rooms.forget(&forgotten);
    Ok(forgotten.len())
}

/// `GET /health`: the program lives and its store answers.
async fn health(State(state): State<AppState>) -> Result<&'static str, error::HttpError> {
    state.store.answers().await?;
    Ok("ok\n")
}

#[cfg(test)]
mod tests {
    use app::member::{Member, MemberId, Name};
    use broadcast::Voice;
    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn whoever_comes_after_the_goodbye_is_told_of_it_at_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Serve::in_folder(folder.path().to_owned());
        let madang = Madang::start(config, Clock::system(), Patience::default()).await.expect("it starts");
        let rooms = &madang.state.rooms;
        let outlet = async |member| {
            let stream = TcpStream::connect(madang.address()).await.expect("a connection");
            rooms.outlet(member, Voice::Frames, stream)
        };
        let ada = Member { id: MemberId(1), name: Name::new("Ada").expect("a name") };
        let [hers, nobodys] = [outlet(ada.id).await, outlet(MemberId(0)).await];

        rooms.say_goodbye(|_| 0);
        rooms.connect(&hers, &ada);
        rooms.attach(&nobodys);

        assert!(hers.is_closing() && nobodys.is_closing());
    }

    #[test]
    fn the_more_there_are_the_longer_their_coming_back_is_stretched_up_to_five_seconds() {
        let within = [0, 1, 20, 200, 2_500, 2_501, usize::MAX].map(return_within_ms);
        assert_eq!(within, [0, 2, 40, 400, 5_000, 5_000, 5_000]);
    }
}
