//! The one writer: a thread with the only connection that writes. What waits is committed together, so that one sync to
//! disk serves many; nobody is answered before the sync, and what is answered or published goes out in commit order.

use std::sync::{Arc, OnceLock, mpsc};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::StoreError;
use super::ledger::Ledger;
use crate::fault::{self, Fault};

/// How many commands one commit takes at most.
const MAX_BATCH: usize = 1_024;
/// From so many commands on, the writer waits for more as long as the last commit took.
const MANY: usize = 8;
/// But not longer than this.
const MOMENT: Duration = Duration::from_millis(5);
/// How many commands may wait; more have to wait outside.
const MAX_WAITING: usize = 4_096;

/// A command: runs inside the transaction, and leaves behind what to do once that is durable.
type Command = Box<dyn FnOnce(&mut Ledger) -> AfterCommit + Send>;
type AfterCommit = Box<dyn FnOnce() + Send>;
/// What happens once all that a commit held is published.
type Published = Arc<OnceLock<Box<dyn Fn() + Send + Sync>>>;

/// The way to the writing thread. It ends when the last handle is dropped.
#[derive(Clone)]
pub(super) struct Writer {
    commands: mpsc::SyncSender<Command>,
    failed: watch::Receiver<bool>,
    published: Published,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Self {
        let (commands, waiting) = mpsc::sync_channel(MAX_WAITING);
        let (failure, failed) = watch::channel(false);
        let published = Published::default();
        let after_publishing = Arc::clone(&published);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write(Ledger::new(connection), &waiting, &failure, &after_publishing))
            .expect("the system has a thread for the writer");
        Self { commands, failed, published }
    }

    /// From now on this happens whenever all that a commit held is published. Only the first call counts.
    pub(super) fn after_publishing(&self, act: impl Fn() + Send + Sync + 'static) {
        let _ = self.published.set(Box::new(act));
    }

    /// Queues a command now, in the order of the calls; the future waits for the commit. `publish` runs in commit order.
    /// A command that may fail half-way runs [`Ledger::in_savepoint`].
    pub(super) fn submit<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Ledger) -> rusqlite::Result<T> + Send + 'static,
        publish: impl FnOnce(&T) + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send + 'static {
        let (answer, answered) = oneshot::channel();
        let command: Command = Box::new(move |ledger| {
            let outcome = act(ledger);
            Box::new(move || {
                if let Ok(done) = &outcome {
                    publish(done);
                }
                // Whoever asked may have gone; what was committed stays.
                let _ = answer.send(outcome);
            })
        });
        let queued = self.commands.try_send(command);
        async move {
            match queued {
                Ok(()) => answered.await.map_err(|_| StoreError::Unknown)?.map_err(StoreError::from),
                Err(mpsc::TrySendError::Full(_)) => Err(StoreError::Busy),
                Err(mpsc::TrySendError::Disconnected(_)) => Err(StoreError::Unknown),
            }
        }
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
    waiting: &mpsc::Receiver<Command>,
    failure: &watch::Sender<bool>,
    published: &OnceLock<Box<dyn Fn() + Send + Sync>>,
) {
    let mut last = Duration::ZERO;
    while let Ok(first) = waiting.recv() {
        let batch = gather(first, waiting, last.min(MOMENT));
        let began = Instant::now();
        match commit_together(&mut ledger, batch, published) {
            Ok(answers) => {
                last = began.elapsed();
                answer(answers, published);
            }
            Err(error) => {
                tracing::error!(%error, "a commit failed and its outcome is unknown; stopping");
                failure.send_replace(true);
                return;
            }
        }
    }
}

fn commit_together(
    ledger: &mut Ledger,
    batch: Vec<Command>,
    published: &OnceLock<Box<dyn Fn() + Send + Sync>>,
) -> rusqlite::Result<Vec<AfterCommit>> {
    ledger.run("BEGIN IMMEDIATE")?;
    let mut answers: Vec<AfterCommit> = batch.into_iter().map(|command| command(ledger)).collect();
    ledger.store_heads()?;
    if fault::is(Fault::AcknowledgeBeforeCommit) {
        answer(std::mem::take(&mut answers), published);
    }
    ledger.run("COMMIT")?;
    Ok(answers)
}

/// All that waits. When that is much, more is on its way, and a moment more makes fewer syncs of it; a lone command goes at once.
fn gather(first: Command, waiting: &mpsc::Receiver<Command>, moment: Duration) -> Vec<Command> {
    let mut batch: Vec<Command> = std::iter::once(first).chain(waiting.try_iter()).take(MAX_BATCH).collect();
    if (MANY..MAX_BATCH).contains(&batch.len()) {
        std::thread::sleep(moment);
        batch.extend(waiting.try_iter().take(MAX_BATCH - batch.len()));
    }
    batch
}

fn answer(answers: Vec<AfterCommit>, published: &OnceLock<Box<dyn Fn() + Send + Sync>>) {
    answers.into_iter().for_each(|answer| answer());
    published.get().inspect(|act| act());
}
