//! The one writer: a thread with the only connection that writes. What waits is committed together, so that one sync to
//! disk serves many; nobody is answered before the sync, and what is answered or published goes out in commit order.

use std::sync::mpsc;

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::StoreError;

/// How many commands one commit takes at most.
const MAX_BATCH: usize = 256;
/// How many commands may wait; more have to wait outside.
const MAX_WAITING: usize = 4_096;

/// A command: runs inside the transaction, and leaves behind what to do once that is durable.
type Command = Box<dyn FnOnce(&mut Connection) -> AfterCommit + Send>;
type AfterCommit = Box<dyn FnOnce() + Send>;

/// The way to the writing thread. It ends when the last handle is dropped.
#[derive(Clone)]
pub(super) struct Writer {
    commands: mpsc::SyncSender<Command>,
    failed: watch::Receiver<bool>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Self {
        let (commands, waiting) = mpsc::sync_channel(MAX_WAITING);
        let (failure, failed) = watch::channel(false);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write(connection, &waiting, &failure))
            .expect("the system has a thread for the writer");
        Self { commands, failed }
    }

    /// Queues a command now, in the order of the calls; the future waits for the commit. `publish` runs in commit order.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        publish: impl FnOnce(&T) + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send + 'static {
        let (answer, answered) = oneshot::channel();
        let command: Command = Box::new(move |connection| {
            let outcome = in_savepoint(connection, act);
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

fn in_savepoint<T>(
    connection: &mut Connection,
    act: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let savepoint = connection.savepoint()?;
    let done = act(&savepoint)?;
    savepoint.commit()?;
    Ok(done)
}

fn write(mut connection: Connection, waiting: &mpsc::Receiver<Command>, failure: &watch::Sender<bool>) {
    while let Ok(first) = waiting.recv() {
        match commit_together(&mut connection, first, waiting) {
            Ok(answers) => answers.into_iter().for_each(|answer| answer()),
            Err(error) => {
                tracing::error!(%error, "a commit failed and its outcome is unknown; stopping");
                failure.send_replace(true);
                return;
            }
        }
    }
}

fn commit_together(
    connection: &mut Connection,
    first: Command,
    waiting: &mpsc::Receiver<Command>,
) -> rusqlite::Result<Vec<AfterCommit>> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let batch = std::iter::once(first).chain(waiting.try_iter()).take(MAX_BATCH);
    let answers = batch.map(|command| command(connection)).collect();
    connection.execute_batch("COMMIT")?;
    Ok(answers)
}
