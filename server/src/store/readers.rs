//! The readers: a few threads with a read-only connection each. They see only what is committed, and never wait for the writer.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{OpenError, StoreError, open_reader};

const THREADS: usize = 2;
/// How many queries may wait; more are told that the store is busy.
const MAX_WAITING: usize = 4_096;

type Query = Box<dyn FnOnce(&Connection) + Send>;

/// The way to the reading threads. They end when the last handle is dropped.
#[derive(Clone)]
pub(super) struct Readers(Arc<Open>);

/// Dropped with the last handle.
struct Open(Arc<Desk>);

/// Where queries wait. One query wakes one thread.
#[derive(Default)]
struct Desk {
    waiting: Mutex<Waiting>,
    filled: Condvar,
}

#[derive(Default)]
struct Waiting {
    queries: VecDeque<Query>,
    is_closed: bool,
}

impl Readers {
    pub(super) fn start(file: &Path) -> Result<Self, OpenError> {
        let desk = Arc::new(Desk::default());
        for number in 0..THREADS {
            let (connection, desk) = (open_reader(file)?, Arc::clone(&desk));
            std::thread::Builder::new()
                .name(format!("store-reader-{number}"))
                .spawn(move || {
                    while let Some(query) = desk.next() {
                        query(&connection);
                    }
                })
                .expect("the system has a thread for a reader");
        }
        Ok(Self(Arc::new(Open(desk))))
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let query: Query = Box::new(move |connection| {
            let _ = answer.send(ask(connection));
        });
        self.0.0.put(query)?;
        Ok(answered.await.map_err(|_| StoreError::Unknown)??)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.waiting().is_closed = true;
        self.0.filled.notify_all();
    }
}

impl Desk {
    fn put(&self, query: Query) -> Result<(), StoreError> {
        let mut waiting = self.waiting();
        if waiting.queries.len() >= MAX_WAITING {
            return Err(StoreError::Busy);
        }
        waiting.queries.push_back(query);
        drop(waiting);
        self.filled.notify_one();
        Ok(())
    }

    /// The next query; `None` when there will be none.
    fn next(&self) -> Option<Query> {
        let waits = |waiting: &mut Waiting| waiting.queries.is_empty() && !waiting.is_closed;
        let mut waiting = self.filled.wait_while(self.waiting(), waits).unwrap_or_else(PoisonError::into_inner);
        waiting.queries.pop_front()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
