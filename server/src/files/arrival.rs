//! What comes goes to disk as it comes, beside the chat: a file that grows, and one at a time who writes it. How much of it is
//! there is what the disk says, after a cut and after a restart alike.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use tokio::sync::{OwnedMutexGuard, watch};
use tokio::task::spawn_blocking;

/// So many bytes are written together.
const TOGETHER: usize = 256 * 1024;

/// Whose turn it is to write which file.
#[derive(Clone, Default)]
pub(super) struct Desk(Arc<Mutex<HashMap<u128, Queue>>>);

/// Those who want to write one file.
#[derive(Clone)]
struct Queue {
    turn: Arc<tokio::sync::Mutex<()>>,
    /// The number of the one who came last: everyone before stops.
    last: watch::Sender<u64>,
}

/// A file that grows, and the turn to write it.
pub(super) struct Arrival {
    path: PathBuf,
    file: Option<File>,
    written: u64,
    gathered: BytesMut,
    number: u64,
    last: watch::Receiver<u64>,
    _turn: Turn,
}

/// Given back when dropped.
struct Turn {
    desk: Desk,
    id: u128,
    _held: OwnedMutexGuard<()>,
}

impl Desk {
    /// Waits for the turn to write a file, and asks whoever has it to stop.
    pub(super) async fn take(&self, id: u128, path: PathBuf) -> Arrival {
        let new = || Queue { turn: Arc::default(), last: watch::Sender::new(0) };
        let Queue { turn, last } = self.queues().entry(id).or_insert_with(new).clone();
        let mut number = 0;
        last.send_modify(|last| {
            *last += 1;
            number = *last;
        });
        let held = turn.lock_owned().await;
        let written = std::fs::metadata(&path).map_or(0, |found| found.len());
        let turn = Turn { desk: self.clone(), id, _held: held };
        Arrival { path, file: None, written, gathered: BytesMut::new(), number, last: last.subscribe(), _turn: turn }
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<u128, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut queues = self.desk.queues();
        // The map has one, and this turn another; whoever waits has one more.
        if queues.get(&self.id).is_some_and(|queue| Arc::strong_count(&queue.turn) <= 2) {
            queues.remove(&self.id);
        }
    }
}

impl Arrival {
    /// How many bytes are here.
    pub(super) fn offset(&self) -> u64 {
        self.written + self.gathered.len() as u64
    }

    /// Where they are.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Resolves when somebody else wants to write this file.
    pub(super) async fn is_asked_to_stop(&mut self) {
        let number = self.number;
        if self.last.wait_for(|last| *last > number).await.is_err() {
            std::future::pending().await
        }
    }

    /// Takes more; it goes to disk when there is enough of it.
    ///
    /// # Errors
    /// What the disk says. What was written before stays.
    pub(super) async fn write(mut self, bytes: Bytes) -> io::Result<Self> {
        self.gathered.extend_from_slice(&bytes);
        if self.gathered.len() < TOGETHER { Ok(self) } else { self.flush().await }
    }

    /// All that came is on disk. The turn is kept until then, also when nobody waits for it any more.
    ///
    /// # Errors
    /// As [`Arrival::write`].
    pub(super) async fn flush(mut self) -> io::Result<Self> {
        spawn_blocking(move || {
            let gathered = self.gathered.split();
            let file = match &mut self.file {
                Some(file) => file,
                None => self.file.insert(File::options().append(true).create(true).open(&self.path)?),
            };
            file.write_all(&gathered)?;
            self.written += gathered.len() as u64;
            Ok(self)
        })
        .await
        .map_err(io::Error::other)?
    }
}
