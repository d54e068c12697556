//! The one writer: a thread with the only connection that writes. What waits is committed together, so that one sync to
//! disk serves many; nobody is answered before the sync, and what is answered or published goes out in commit order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::time::Duration;

use rusqlite::{Connection, ffi};
use tokio::sync::{oneshot, watch};

use super::StoreError;
use super::copier::{Copier, Copying};
use super::ledger::Ledger;
use super::reserve::Reserve;
use crate::fault::{self, Fault};

/// How many commands one commit takes at most.
const MAX_BATCH: usize = 1_024;
/// From so many commands on, those who are about to ask for more go first.
const MANY: usize = 8;
/// How many commands may wait; more have to wait outside.
const MAX_WAITING: usize = 4_096;
/// How many more may wait of those that follow from what is stored. Of each that waits, one follows at most.
const MAX_FOLLOWING: usize = 2 * MAX_WAITING;

/// What waits for the writer: runs inside the transaction, and has its say once that is durable. All that a commit held is
/// published before anyone who asked is answered.
trait Command: Send {
    fn run(&mut self, ledger: &mut Ledger);
    fn publish(&mut self);
    fn answer(self: Box<Self>);
    fn is_turned_away(self: Box<Self>, why: StoreError);
}

/// A command that stands somewhere between being asked for and being answered.
struct Asked<Act, Done, Publish, Said, Answer> {
    stage: Stage<Act, Done, Said>,
    publish: Option<Publish>,
    answer: Answer,
}

enum Stage<Act, Done, Said> {
    Waits(Act),
    Ran(rusqlite::Result<Done>),
    Published(rusqlite::Result<Said>),
    Over,
}

impl<Act, Done, Publish, Said, Answer> Asked<Act, Done, Publish, Said, Answer> {
    fn take_stage(&mut self) -> Stage<Act, Done, Said> {
        std::mem::replace(&mut self.stage, Stage::Over)
    }
}

impl<Act, Done, Publish, Said, Answer> Command for Asked<Act, Done, Publish, Said, Answer>
where
    Act: FnOnce(&mut Ledger) -> rusqlite::Result<Done> + Send,
    Done: Send,
    Publish: FnOnce(Done) -> Said + Send,
    Said: Send,
    Answer: FnOnce(Result<Said, StoreError>) + Send,
{
    fn run(&mut self, ledger: &mut Ledger) {
        if let Stage::Waits(act) = self.take_stage() {
            self.stage = Stage::Ran(act(ledger));
        }
    }

    fn publish(&mut self) {
        if let (Stage::Ran(outcome), Some(publish)) = (self.take_stage(), self.publish.take()) {
            self.stage = Stage::Published(outcome.map(publish));
        }
    }

    fn answer(mut self: Box<Self>) {
        if let Stage::Published(outcome) = self.take_stage() {
            (self.answer)(outcome.map_err(StoreError::from));
        }
    }

    fn is_turned_away(self: Box<Self>, why: StoreError) {
        (self.answer)(Err(why));
    }
}

/// What happens once all that a commit held is published; with the number of its commands.
type Published = Arc<OnceLock<Box<dyn Fn(usize) + Send + Sync>>>;

/// The way to the writing thread. It ends when the last handle is dropped.
#[derive(Clone)]
pub(super) struct Writer {
    commands: mpsc::Sender<Box<dyn Command>>,
    failed: watch::Receiver<bool>,
    published: Published,
    /// How many commands are asked for and not committed.
    unstored: Arc<AtomicUsize>,
}

impl Writer {
    pub(super) fn start(connection: Connection, copying: Copying, reserve: Reserve) -> Self {
        let (commands, waiting) = mpsc::channel();
        let (failure, failed) = watch::channel(false);
        let published = Published::default();
        let after_publishing = Arc::clone(&published);
        let unstored = Arc::new(AtomicUsize::new(0));
        let still_unstored = Arc::clone(&unstored);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                let copier = Copier::start(copying, failure.clone());
                write(
                    Ledger::new(connection),
                    &copier,
                    reserve,
                    &waiting,
                    &still_unstored,
                    &failure,
                    &after_publishing,
                );
            })
            .expect("the system has a thread for the writer");
        Self { commands, failed, published, unstored }
    }

    /// From now on this happens whenever all that a commit held is published, with the number of its commands. Only the first
    /// call counts.
    pub(super) fn after_publishing(&self, act: impl Fn(usize) + Send + Sync + 'static) {
        let _ = self.published.set(Box::new(act));
    }

    /// Queues a command now, in the order of the calls. `publish` runs after the commit, in commit order, and says what is
    /// answered. Nobody is answered when the writer stops: the outcome is not known.
    /// A command that may fail half-way runs [`Ledger::in_savepoint`].
    pub(super) fn submit<Done: Send + 'static, Said: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Ledger) -> rusqlite::Result<Done> + Send + 'static,
        publish: impl FnOnce(Done) -> Said + Send + 'static,
        answer: impl FnOnce(Result<Said, StoreError>) + Send + 'static,
    ) {
        self.queue(Box::new(Asked { stage: Stage::Waits(act), publish: Some(publish), answer }), MAX_WAITING);
    }

    /// Queues what follows from something that was just stored. Nobody waits for it, so there is a place for it when nobody else
    /// gets one.
    pub(super) fn follow_up<Done: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Ledger) -> rusqlite::Result<Done> + Send + 'static,
        publish: impl FnOnce(Done) + Send + 'static,
    ) {
        let answer = |outcome: Result<(), StoreError>| {
            outcome.unwrap_or_else(
                |error| tracing::error!(%error, "what follows from something stored could not be noted"),
            );
        };
        let act = |ledger: &mut Ledger| ledger.in_savepoint(act);
        let asked = Asked { stage: Stage::Waits(act), publish: Some(publish), answer };
        self.queue(Box::new(asked), MAX_WAITING + MAX_FOLLOWING);
    }

    fn queue(&self, command: Box<dyn Command>, most: usize) {
        let refusal = if self.unstored.fetch_add(1, Ordering::Relaxed) < most {
            self.commands.send(command).err().map(|unsent| (unsent.0, StoreError::Unknown))
        } else {
            Some((command, StoreError::Busy))
        };
        if let Some((command, why)) = refusal {
            self.unstored.fetch_sub(1, Ordering::Relaxed);
            command.is_turned_away(why);
        }
    }

    /// As [`Writer::submit`], and waits for the answer.
    pub(super) async fn ask<Done: Send + 'static, Said: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Ledger) -> rusqlite::Result<Done> + Send + 'static,
        publish: impl FnOnce(Done) -> Said + Send + 'static,
    ) -> Result<Said, StoreError> {
        let (answer, answered) = oneshot::channel();
        // Whoever asked may have gone; what was committed stays.
        self.submit(act, publish, |outcome| drop(answer.send(outcome)));
        answered.await.unwrap_or(Err(StoreError::Unknown))
    }

    /// Whether something waits to be committed, or is being committed.
    pub(super) fn has_waiting(&self) -> bool {
        self.unstored.load(Ordering::Relaxed) > 0
    }

    /// Resolves when a commit has failed: its outcome is unknown, and the program must stop.
    pub(super) async fn failed(&self) {
        let mut failed = self.failed.clone();
        // A writer that is gone without a word has failed, too.
        let _ = failed.wait_for(|failed| *failed).await;
    }
}

fn write(
    mut ledger: Ledger,
    copier: &Copier,
    mut reserve: Reserve,
    waiting: &mpsc::Receiver<Box<dyn Command>>,
    unstored: &AtomicUsize,
    failure: &watch::Sender<bool>,
    published: &Published,
) {
    let stop = |error: rusqlite::Error| {
        tracing::error!(%error, "a commit failed and its outcome is unknown; stopping");
        failure.send_replace(true);
    };
    let mut written = None;
    loop {
        let first = match next(waiting, &mut ledger, &mut reserve, written) {
            Ok(Some(first)) => first,
            Ok(None) => return,
            Err(error) => return stop(error),
        };
        let batch = gather(first, waiting);
        let together = batch.len();
        match commit_together(&mut ledger, batch, published) {
            Ok(done) => {
                unstored.fetch_sub(together, Ordering::Relaxed);
                tell(done, published);
            }
            Err(error) => return stop(error),
        }
        written = match copier.look_after(&ledger.connection) {
            Ok(written) => written,
            Err(error) => return stop(error),
        };
    }
}

/// The next command; `None` when there will be none. Meanwhile what was deleted is wiped, then space set aside, and what comes
/// after so many pages of the log brought near.
fn next(
    waiting: &mpsc::Receiver<Box<dyn Command>>,
    ledger: &mut Ledger,
    reserve: &mut Reserve,
    written: Option<i64>,
) -> rusqlite::Result<Option<Box<dyn Command>>> {
    while let Some(wait) = ledger.wipes_in() {
        if wait.is_zero() {
            ledger.wipe_traces()?;
            continue;
        }
        match waiting.recv_timeout(wait) {
            Ok(command) => return Ok(Some(command)),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
    loop {
        match waiting.try_recv() {
            Ok(command) => return Ok(Some(command)),
            Err(mpsc::TryRecvError::Empty) if reserve.grows() => {}
            Err(_) => {
                written.inspect(|pages| reserve.comes_near(*pages));
                return Ok(waiting.recv().ok());
            }
        }
    }
}

fn commit_together(
    ledger: &mut Ledger,
    mut batch: Vec<Box<dyn Command>>,
    published: &Published,
) -> rusqlite::Result<Vec<Box<dyn Command>>> {
    ledger.run("BEGIN IMMEDIATE")?;
    for command in &mut batch {
        command.run(ledger);
        // What comes next would be stored by itself, under a number that counts what is not there any more.
        if ledger.connection.is_autocommit() {
            return Err(undone());
        }
    }
    if fault::is(Fault::AcknowledgeBeforeCommit) {
        tell(std::mem::take(&mut batch), published);
        // Long enough for the power to go now and then just here.
        std::thread::sleep(Duration::from_millis(5));
    }
    ledger.run("COMMIT")?;
    Ok(batch)
}

/// A disk that is full or fails in the middle of a command may undo all that was done before it as well.
fn undone() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ABORT_ROLLBACK), None)
}

/// All that waits. When that is much, more is on its way: whoever shares this core and is about to ask goes first.
fn gather(first: Box<dyn Command>, waiting: &mpsc::Receiver<Box<dyn Command>>) -> Vec<Box<dyn Command>> {
    let mut batch: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).take(MAX_BATCH).collect();
    if (MANY..MAX_BATCH).contains(&batch.len()) {
        std::thread::yield_now();
        batch.extend(waiting.try_iter().take(MAX_BATCH - batch.len()));
    }
    batch
}

fn tell(mut done: Vec<Box<dyn Command>>, published: &Published) {
    done.iter_mut().for_each(|command| command.publish());
    published.get().inspect(|act| act(done.len()));
    done.into_iter().for_each(|command| command.answer());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn what_follows_from_something_stored_has_a_place_where_nobody_else_gets_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let writer = Store::open(folder.path()).expect("a store").writer;
        let (held, holds) = mpsc::channel::<()>();
        writer.submit(move |_| Ok(holds.recv().is_ok()), |_| (), drop);
        let is_turned_away = || {
            let (answer, answered) = mpsc::channel();
            writer.submit(|_| Ok(()), drop, move |outcome| drop(answer.send(outcome)));
            matches!(answered.try_recv(), Ok(Err(StoreError::Busy)))
        };
        assert_eq!((0..2 * MAX_WAITING).filter(|_| !is_turned_away()).count(), MAX_WAITING - 1);
        let (publish, published) = mpsc::channel();
        writer.follow_up(|_| Ok("noted"), move |word| publish.send(word).expect("somebody listens"));
        assert!(is_turned_away(), "nobody else");
        drop(held);
        assert_eq!(published.recv(), Ok("noted"));
    }

    #[tokio::test]
    async fn what_comes_after_a_command_that_undid_the_others_is_not_stored_without_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let writer = Store::open(folder.path()).expect("a store").writer;
        let (held, holds) = mpsc::channel::<()>();
        let (begins, begun) = mpsc::channel();
        let (answer, answered) = mpsc::channel();
        let says = || {
            let answer = answer.clone();
            move |outcome: Result<(), StoreError>| drop(answer.send(outcome))
        };
        let waits = move |_: &mut Ledger| {
            begins.send(()).expect("somebody waits");
            let _ = holds.recv();
            Ok(())
        };
        writer.submit(waits, drop, says());
        begun.recv().expect("a commit of its own");
        writer.submit(|ledger| note(ledger, "first"), drop, says());
        writer.submit(fills_the_disk, drop, says());
        writer.submit(|ledger| note(ledger, "last"), drop, says());

        drop(held);
        writer.failed().await;

        drop((writer, answer));
        answered.recv().expect("what was stored before").expect("an answer");
        assert!(answered.recv().is_err(), "nobody is told what became of the others");
        let store = Store::open(folder.path()).expect("the same store");
        assert_eq!(store.read(notes).await.expect("notes"), 0);
    }

    fn note(ledger: &mut Ledger, key: &'static str) -> rusqlite::Result<()> {
        ledger.connection.execute("INSERT INTO meta (key, value) VALUES ($1, 'noted')", [key]).map(drop)
    }

    fn notes(connection: &Connection) -> rusqlite::Result<i64> {
        connection.query_row("SELECT count(*) FROM meta WHERE value = 'noted'", [], |row| row.get(0))
    }

    /// As a disk does that takes no more of what does not fit into memory, and then takes a little again.
    fn fills_the_disk(ledger: &mut Ledger) -> rusqlite::Result<()> {
        let connection = &ledger.connection;
        let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        connection.query_row(&format!("PRAGMA max_page_count = {}", pages + 1), [], |_| Ok(()))?;
        let long = "a".repeat(64 * 1024);
        let noted = connection.execute("INSERT INTO meta (key, value) VALUES ('long', $1)", [long]);
        connection.query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(()))?;
        noted.map(drop)
    }
}
