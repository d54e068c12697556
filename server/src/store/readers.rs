//! The readers: a few threads with a read-only connection each. They see only what is committed, and never wait for the writer.

use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{OpenError, StoreError, open_reader};

const THREADS: usize = 2;
/// How many queries may wait; more are told that the store is busy.
const MAX_WAITING: usize = 4_096;

type Query = Box<dyn FnOnce(&Connection) + Send>;

/// The way to the reading threads. They end when the last handle is dropped.
#[derive(Clone)]
pub(super) struct Readers {
    queries: mpsc::SyncSender<Query>,
}

impl Readers {
    pub(super) fn start(file: &Path) -> Result<Self, OpenError> {
        let (queries, waiting) = mpsc::sync_channel::<Query>(MAX_WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..THREADS {
            let (connection, waiting) = (open_reader(file)?, Arc::clone(&waiting));
            std::thread::Builder::new()
                .name(format!("store-reader-{number}"))
                .spawn(move || {
                    while let Some(query) = next(&waiting) {
                        query(&connection);
                    }
                })
                .expect("the system has a thread for a reader");
        }
        Ok(Self { queries })
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let query: Query = Box::new(move |connection| {
            let _ = answer.send(ask(connection));
        });
        self.queries.try_send(query).map_err(|_| StoreError::Busy)?;
        Ok(answered.await.map_err(|_| StoreError::Unknown)??)
    }
}

fn next(waiting: &Mutex<mpsc::Receiver<Query>>) -> Option<Query> {
    waiting.lock().ok()?.recv().ok()
}
