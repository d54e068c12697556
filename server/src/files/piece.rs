//! A file in the pieces in which it goes elsewhere.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::spawn_blocking;

/// In pieces of so many bytes a file goes elsewhere: buckets take none that are smaller, but for the last.
pub(super) const PIECE: usize = 5 * 1024 * 1024;

/// What is still to be read of a file.
pub(super) struct Pieces {
    file: Arc<File>,
    bytes: u64,
}

impl Pieces {
    /// Opens a file. It blocks.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { file: Arc::new(file), bytes })
    }

    /// How many bytes the whole file has.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next piece, if there is one.
    pub(super) async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let file = Arc::clone(&self.file);
        let read = spawn_blocking(move || read(&file)).await.map_err(io::Error::other)??;
        Ok((!read.is_empty()).then(|| read.into()))
    }
}

fn read(mut file: &File) -> io::Result<Vec<u8>> {
    let mut read = Vec::with_capacity(PIECE);
    file.by_ref().take(PIECE as u64).read_to_end(&mut read)?;
    Ok(read)
}
