//! The database, and the only place that knows SQL. Statements use `$1` parameters and integers, text and blobs alone,
//! so that the same text can run on PostgreSQL. One file a noun: `members`, `rooms`, `events`, `files`, `mentions`, `reactions`, `marks`,
//! `choices`, `pins`, `scheduled`.

mod choices;
mod copier;
mod days;
mod events;
mod files;
mod followed;
mod hiding;
mod ledger;
mod marks;
mod members;
mod mentions;
mod migrations;
mod people;
mod pins;
mod previews;
mod reactions;
mod readers;
mod reserve;
mod rooms;
mod scheduled;
mod sessions;
mod threads;
mod versions;
mod writer;

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

pub use days::Days;
pub use events::{Appended, NewEvent, To};
pub use files::{Among, Arriving, Content, Hash, NewFile, Waiting};
pub use marks::NewMark;
pub use members::{Door, Known};
pub use mentions::Called;
pub use pins::Pinned;
pub use previews::NewPreview;
pub use rooms::{About, NewRoom, RoomId, StoredRoom};
pub use scheduled::{Count, Kept, NewScheduled, Scheduled};
pub use threads::StoredThread;
pub(crate) use versions::MAX_VERSIONS;
pub use versions::Versions;

use crate::fault::{self, Fault};
use copier::Copying;
use people::People;
use readers::Readers;
use reserve::Reserve;
use sessions::Sessions;
use writer::Writer;

/// The name of the database in the data folder.
const FILE: &str = "madang.db";
/// The file that keeps a second program out of the same folder.
const LOCK: &str = "madang.lock";

/// The open database. A handle: clones speak to the same one.
#[derive(Clone)]
pub struct Store {
    writer: Writer,
    readers: Readers,
    sessions: Sessions,
    people: People,
    epoch: String,
    owner: String,
    _lock: std::sync::Arc<std::fs::File>,
}

/// Why the database could not be opened; the texts are for whoever starts the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data folder can't be made or written.
    #[error("the data folder {} can't be written ({cause}). Choose another with --data, or change its permissions.", folder.display())]
    Folder {
        /// Which folder.
        folder: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// There is no place for files where the settings say.
    #[error("files can't be kept at {at}: {why}. Mend that, or choose another place with --files-at.")]
    Files {
        /// Where that is.
        at: String,
        /// What is wrong with it.
        why: String,
    },
    /// Another program holds it.
    #[error("the data folder {} is in use by another Madang. Stop that one first, or choose another folder with --data.", .0.display())]
    InUse(PathBuf),
    /// The schema is from the future.
    #[error(
        "the database was written by a newer version of Madang. Start that version, or choose another folder with --data."
    )]
    Newer,
    /// The schema is not ours.
    #[error("the database's schema is not one that this program made. Choose another folder with --data.")]
    Foreign,
    /// The file can't be read as a database.
    #[error("the database can't be read ({0}). Restore it from a backup, or choose another folder with --data.")]
    Sqlite(#[from] rusqlite::Error),
}

/// Why a command or query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much waits; nothing was done.
    #[error("the store is busy")]
    Busy,
    /// The store stopped; whether it was done is not known.
    #[error("the store stopped")]
    Unknown,
    /// The database refused; nothing was done.
    #[error("the database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl Store {
    /// Opens the database in a folder, and makes both where they are not there.
    ///
    /// # Errors
    /// [`OpenError`], with a sentence that says what to change.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let lock = lock_folder(folder)?;
        let file = folder.join(FILE);
        let mut connection = Connection::open(&file)?;
        // FULL: a commit that was answered survives a power cut; NORMAL would lose it.
        // What is deleted is overwritten with zeros.
        // The copier copies the log into the database, not the commit that makes it long.
        connection.execute_batch(
            "PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16000;",
        )?;
        keep_plans(&connection)?;
        migrations::migrate(&mut connection)?;
        if fault::is(Fault::SynchronousNormal) {
            connection.execute_batch("PRAGMA synchronous = NORMAL")?;
        }
        if fault::is(Fault::NoDedupe) {
            connection.execute_batch("DROP INDEX IF EXISTS event_cid")?;
        }
        let (owner, people) = (owner(&connection)?, People::counted(&connection)?);
        let epoch = epoch(&connection, &file)?;
        Ok(Self {
            people,
            readers: Readers::start(&file)?,
            writer: Writer::start(connection, Copying::open(&file)?, Reserve::of(&file)),
            sessions: Sessions::default(),
            epoch,
            owner,
            _lock: std::sync::Arc::new(lock),
        })
    }

    /// The mark of this store's life: numbers that clients remember are good only under the same mark.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Whose the files are that lie elsewhere; a copy of the store, too, finds them again.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Whether the database can be read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn answers(&self) -> Result<(), StoreError> {
        self.read(|connection| connection.query_row("SELECT 1 FROM meta LIMIT 1", [], |_| Ok(()))).await
    }

    /// Resolves when a commit has failed and the program must stop.
    pub async fn failed(&self) {
        self.writer.failed().await;
    }

    /// From now on this happens whenever all that a commit held is published, with the number of its commands. Only the first
    /// call counts.
    pub fn after_publishing(&self, act: impl Fn(usize) + Send + Sync + 'static) {
        self.writer.after_publishing(act);
    }

    /// Whether something waits to be stored, or is being stored.
    pub fn has_waiting(&self) -> bool {
        self.writer.has_waiting()
    }

    /// Resolves when all that was asked for by now is stored, and published.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle(&self) -> Result<(), StoreError> {
        self.writer.ask(|_| Ok(()), |()| ()).await
    }

    async fn write<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.ask(|ledger| ledger.in_savepoint(|ledger| act(&ledger.connection)), |done| done).await
    }

    async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.read(ask).await
    }
}

fn lock_folder(folder: &Path) -> Result<std::fs::File, OpenError> {
    let failed = |cause| OpenError::Folder { folder: folder.to_owned(), cause };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let lock = std::fs::File::create(folder.join(LOCK)).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(std::fs::TryLockError::Error(cause)) => Err(failed(cause)),
    }
}

fn open_reader(file: &Path) -> Result<Connection, OpenError> {
    let connection =
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8000;")?;
    keep_plans(&connection)?;
    Ok(connection)
}

/// Plans depend on a query's text alone. Otherwise SQLite parses and plans a query with a range anew for every number in it.
fn keep_plans(connection: &Connection) -> rusqlite::Result<bool> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
}

/// The mark by which the store is told from all others, however often it is copied.
fn owner(connection: &Connection) -> rusqlite::Result<String> {
    known_or(connection, "owner", || known_or(connection, "epoch", || Ok(crate::random::hex::<8>())))
}

/// The mark of the store's life. A database that lies in another file than before is a copy, perhaps an older one: the numbers that
/// clients remember may be given to other events there.
fn epoch(connection: &Connection, file: &Path) -> Result<String, OpenError> {
    let failed = |cause| OpenError::Folder { folder: file.to_owned(), cause };
    let metadata = file.metadata().map_err(failed)?;
    let born = metadata.created().ok().and_then(|born| born.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let here = format!("{} {}", metadata.ino(), born.as_nanos());
    if known_or(connection, "file", || Ok(here.clone()))? != here {
        connection.execute("DELETE FROM meta WHERE key = 'epoch'", [])?;
        connection.execute("UPDATE meta SET value = $1 WHERE key = 'file'", [here])?;
    }
    Ok(known_or(connection, "epoch", || Ok(crate::random::hex::<8>()))?)
}

/// What is noted under a key, or is from now on.
fn known_or(
    connection: &Connection,
    key: &str,
    new: impl FnOnce() -> rusqlite::Result<String>,
) -> rusqlite::Result<String> {
    let mut ask = connection.prepare_cached("SELECT value FROM meta WHERE key = $1")?;
    if let Some(known) = ask.query_row([key], |row| row.get(0)).optional()? {
        return Ok(known);
    }
    let new = new()?;
    connection.execute("INSERT INTO meta (key, value) VALUES ($1, $2)", (key, &new))?;
    Ok(new)
}
