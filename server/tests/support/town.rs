//! The program on a free port, with a folder and a clock of its own. It can be closed and opened again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use server::clock::Clock;
use server::config::Serve;
use server::room::Patience;
use server::state::AppState;
use server::store::OpenError;
use server::{Ended, Madang, StartError};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{DEADLINE, Line, Person, Raw, Visitor, in_time};

/// Longer than any test.
const NEVER: Duration = Duration::from_secs(DEADLINE.as_secs() * 60);

/// Where the town is; the people who know it find it again after it has moved to another port.
pub(crate) type Address = Arc<RwLock<SocketAddr>>;

/// A running program.
pub(crate) struct Town {
    folder: TempDir,
    config: Serve,
    clock: Clock,
    patience: Patience,
    address: Address,
    running: Option<Running>,
}

struct Running {
    state: AppState,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Ended>,
}

/// How a town is to be, before it opens. What nobody asks for is as in [`Town::open`].
pub(crate) struct Plan {
    folder: TempDir,
    config: Serve,
    clock: Clock,
    patience: Patience,
}

impl Town {
    /// A town where comings and goings are announced at once.
    pub(crate) async fn open() -> Self {
        Self::plan().open().await
    }

    /// A town that is not as all others.
    pub(crate) fn plan() -> Plan {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Serve::in_folder(folder.path().to_owned());
        let (grace, gather, rest) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        // On a slow machine the program would look at the clock while a test still gets things ready.
        let back = Duration::ZERO;
        let at_once = Patience { grace, gather, rest, back, look_every: NEVER, ..Patience::default() };
        Plan { folder, config, clock: Clock::system(), patience: at_once }
    }

    /// Somebody new types a name and is in, with one tab open.
    pub(crate) async fn walks_in(&self, name: &str) -> Person {
        let visitor = self.visitor();
        visitor.walks_in(name).await;
        visitor.opens_a_tab(name).await
    }

    /// Ada and Ben, who have this room open.
    pub(crate) async fn two_in(&self, room: &str) -> (Person, Person) {
        let (mut ada, mut ben) = (self.walks_in("Ada").await, self.walks_in("Ben").await);
        ada.opens(room).await;
        ben.opens(room).await;
        (ada, ben)
    }

    /// The same in the first room, where both have these words of Ada's before them.
    pub(crate) async fn two_with(&self, texts: &[&str]) -> (Person, Person) {
        let (mut ada, mut ben) = self.two_in("madang").await;
        for text in texts {
            ada.posts(text).await;
            ada.sees("Ada", text).await;
            ben.sees("Ada", text).await;
        }
        (ada, ben)
    }

    /// A browser without scripts that has not been here yet.
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::new(Arc::clone(&self.address))
    }

    /// A plain text client, as `/ws/plain?name=ada`.
    pub(crate) async fn line(&self, path: &str) -> Line {
        Line::open(&self.address, path).await
    }

    /// A socket to the byte.
    pub(crate) async fn raw(&self, path: &str) -> Raw {
        Raw::open(&self.address, path, "").await
    }

    /// Asks for a socket in any words; the head of the answer.
    pub(crate) async fn raw_answer(&self, line: &str, headers: &str) -> String {
        Raw::asks(&self.address, line, headers).await.1
    }

    /// Where it is now, as `127.0.0.1:4711`.
    pub(crate) fn host(&self) -> String {
        host(&self.address)
    }

    /// Where it keeps its data.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// How many people have a connection, whether they have said hello or not.
    pub(crate) fn connected(&self) -> usize {
        self.running.as_ref().expect("the town is open").state.rooms.connected()
    }

    /// What the program does of itself once an hour: notes who is here, forgets who is not.
    pub(crate) async fn is_tended(&self) {
        let state = &self.running.as_ref().expect("the town is open").state;
        server::tend(state).await.expect("the store answers");
    }

    /// What the program does of itself once an hour: throws away files that were never sent.
    pub(crate) async fn sweeps(&self) {
        let state = &self.running.as_ref().expect("the town is open").state;
        state.files.sweep_old().await.expect("the folder can be written");
    }

    /// What the program does of itself when their time has come: says what was to be said later.
    pub(crate) async fn says_what_is_due(&self) {
        let state = &self.running.as_ref().expect("the town is open").state;
        state.schedule.say_what_is_due().await.expect("the store answers");
    }

    /// Tells the program to stop; its connections may still be about to end.
    pub(crate) async fn closes(&mut self) {
        let Running { state, stop, served } = self.running.take().expect("the town is open");
        drop(state);
        stop.send(()).expect("the program listens to its signal");
        assert_eq!(end_of(served).await, Ended::ByChoice);
    }

    /// The program ends by itself; why.
    pub(crate) async fn ends(&mut self) -> Ended {
        // Whoever drops what stops it tells it to stop.
        let Running { stop: _stop, served, .. } = self.running.take().expect("the town is open");
        end_of(served).await
    }

    /// Starts the program again in the same folder, on another port.
    pub(crate) async fn reopens(&mut self) {
        let madang = in_time(|| "folder that its last program has let go".to_owned(), self.start()).await;
        *self.address.write().expect("nobody panicked with the address") = madang.address();
        let (stop, stopped) = oneshot::channel();
        let state = madang.state().clone();
        let served = tokio::spawn(madang.serve(async { drop(stopped.await) }));
        self.running = Some(Running { state, stop, served });
    }

    /// While the program is closed, its database is told this.
    pub(crate) fn rules(&self, sql: &str) {
        assert!(self.running.is_none(), "the town is closed");
        self.meddles(sql);
    }

    /// While the program runs, somebody else tells its database this.
    pub(crate) fn meddles(&self, sql: &str) {
        let store = rusqlite::Connection::open(self.folder.path().join("madang.db")).expect("the store is there");
        store.execute_batch(sql).expect("it can be told");
    }

    /// As long as this is kept, nothing can be stored.
    pub(crate) fn holds_up_the_store(&self) -> rusqlite::Connection {
        let store = rusqlite::Connection::open(self.folder.path().join("madang.db")).expect("the store is there");
        store.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes for long");
        store
    }

    /// While the program is closed, its folder is thrown away, and one with a copy of its database takes its place.
    pub(crate) fn is_restored_from(&mut self, copy: &Path) {
        assert!(self.running.is_none(), "the town is closed");
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::copy(copy, folder.path().join("madang.db")).expect("the copy is there");
        self.config.data = folder.path().to_owned();
        self.folder = folder;
    }

    /// A restart of the program.
    pub(crate) async fn restarts(&mut self) {
        self.closes().await;
        self.reopens().await;
    }

    async fn start(&self) -> Madang {
        loop {
            match Madang::start(self.config.clone(), self.clock.clone(), self.patience).await {
                Ok(madang) => return madang,
                // In a real restart the process is gone and its lock with it; here its last tasks end beside us.
                Err(StartError::Open(OpenError::InUse(_))) => tokio::task::yield_now().await,
                Err(error) => panic!("the program does not start: {error}"),
            }
        }
    }
}

impl Plan {
    /// Opens the town.
    pub(crate) async fn open(self) -> Town {
        let Self { folder, config, clock, patience } = self;
        let address = Arc::new(RwLock::new(config.listen));
        let mut town = Town { folder, config, clock, patience, address, running: None };
        town.reopens().await;
        town
    }

    /// Departures wait for longer than any test: whoever comes back was never gone.
    pub(crate) fn forgiving(self) -> Self {
        self.forgiving_for(NEVER)
    }

    /// Departures wait for so long.
    pub(crate) fn forgiving_for(mut self, grace: Duration) -> Self {
        self.patience.grace = grace;
        self
    }

    /// Whoever was there before a restart was never gone, however long it took them to come back.
    pub(crate) fn recognizing(mut self) -> Self {
        self.patience.back = NEVER;
        self
    }

    /// What happens within this time is one notice.
    pub(crate) fn gathering(mut self, gather: Duration) -> Self {
        self.patience.gather = gather;
        self
    }

    /// The clock is looked at this often for what is to be said later.
    pub(crate) fn looking_every(mut self, look_every: Duration) -> Self {
        self.patience.look_every = look_every;
        self
    }

    /// Who was too fast stays so: nobody gets a turn back while a test lasts, however slow the machine is.
    pub(crate) fn unforgetting(self) -> Self {
        self.in_seconds_of(NEVER)
    }

    /// A second lasts so long for those who are too fast.
    pub(crate) fn in_seconds_of(mut self, second: Duration) -> Self {
        self.patience.second = second;
        self
    }

    /// Between two frames about what passes there is so much time.
    pub(crate) fn resting(mut self, rest: Duration) -> Self {
        self.patience.rest = rest;
        self
    }

    /// Whoever does not take at once what waits for them is sent away.
    pub(crate) fn impatient(mut self) -> Self {
        self.patience.slow = Duration::ZERO;
        self
    }

    /// With a clock that stands still until it is told otherwise.
    pub(crate) fn clock(mut self, clock: &HeldClock) -> Self {
        self.clock = clock.clock();
        self
    }

    /// With other settings.
    pub(crate) fn set(mut self, set: impl FnOnce(&mut Serve)) -> Self {
        set(&mut self.config);
        self
    }
}

async fn end_of(served: JoinHandle<Ended>) -> Ended {
    let ended = in_time(|| "end of the program".to_owned(), served).await;
    ended.expect("the program does not panic")
}

/// The address as a `Host` header has it.
pub(super) fn host(address: &Address) -> String {
    address.read().expect("nobody panicked with the address").to_string()
}

/// A clock that a test moves.
#[derive(Clone)]
pub(crate) struct HeldClock(Arc<AtomicI64>, Arc<AtomicBool>);

impl HeldClock {
    /// A clock that stands in November 2026.
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_795_000_000_000)), Arc::default())
    }

    /// Whoever looks at it next panics.
    pub(crate) fn breaks(&self) {
        self.1.store(true, Ordering::SeqCst);
    }

    /// Days go by.
    pub(crate) fn passes_days(&self, days: i64) {
        self.0.fetch_add(days * 24 * 60 * 60 * 1_000, Ordering::SeqCst);
    }

    /// Milliseconds go by.
    pub(crate) fn passes_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// What it says, in milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn clock(&self) -> Clock {
        let held = self.clone();
        Clock::new(move || {
            assert!(!held.1.swap(false, Ordering::SeqCst), "the clock breaks");
            held.now_ms()
        })
    }
}
