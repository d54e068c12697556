//! Copies the write-ahead log into the database beside the writing: a thread with a connection of its own, so that nobody's commit
//! waits for it. Only what was written while it copied is left to the writer, and only where the writer never rests.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};
use tokio::sync::watch;

use super::OpenError;

/// From so many pages on that are not copied yet it begins (16 MB): pages that change again and again are copied less often.
const MANY_PAGES: i64 = 4_000;
/// So few the writer copies itself when it never rests (2 MB): a log begins anew only where nothing is left in it.
const FEW_PAGES: i64 = 500;
/// From so many pages on the writer copies all of it itself (64 MB): the disk is too slow for both.
const TOO_MANY_PAGES: i64 = 16_000;

/// What SQLite says when a sync fails.
const DISK_FAILED: ffi::Error = ffi::Error { code: ErrorCode::SystemIoFailure, extended_code: ffi::SQLITE_IOERR_FSYNC };

/// The log's pages, and how many of them the database has.
#[derive(Clone, Copy, Debug)]
struct Log {
    pages: i64,
    copied: i64,
}

impl Log {
    fn rest(self) -> i64 {
        self.pages - self.copied
    }
}

/// What the thread copies with.
pub(super) struct Copying {
    connection: Connection,
    /// The database, for a sync without SQLite. It stays open: closing it gives up the system's locks of the whole program on it,
    /// which the lock of the data folder stands in for.
    database: File,
}

/// The way to the copying thread. It ends when this is dropped.
pub(super) struct Copier {
    begin: mpsc::SyncSender<()>,
    is_copying: Arc<AtomicBool>,
}

impl Copier {
    /// Starts the thread. A disk that fails it is told like a commit that failed.
    pub(super) fn start(copying: Copying, failure: watch::Sender<bool>) -> Self {
        let (begin, asked) = mpsc::sync_channel(1);
        let is_copying = Arc::new(AtomicBool::new(false));
        let copies = Arc::clone(&is_copying);
        std::thread::Builder::new()
            .name("store-copier".to_owned())
            .spawn(move || {
                while asked.recv().is_ok() {
                    if let Err(error) = copying.copy_most() {
                        tracing::error!(%error, "the log could not be copied into the database; stopping");
                        failure.send_replace(true);
                        return;
                    }
                    copies.store(false, Ordering::Release);
                }
            })
            .expect("the system has a thread for copying");
        Self { begin, is_copying }
    }

    /// Looks after the log, between two commits of the writer. Says how many pages are written, unless they are being copied.
    ///
    /// # Errors
    /// The disk failed.
    pub(super) fn look_after(&self, writer: &Connection) -> rusqlite::Result<Option<i64>> {
        if self.is_copying.load(Ordering::Acquire) {
            return Ok(None);
        }
        let log = look(writer)?;
        if log.pages >= TOO_MANY_PAGES || (log.pages >= MANY_PAGES && (1..=FEW_PAGES).contains(&log.rest())) {
            copy(writer)?;
        } else if log.rest() >= MANY_PAGES {
            self.is_copying.store(true, Ordering::Release);
            let _ = self.begin.try_send(());
        }
        Ok(Some(log.pages))
    }
}

impl Copying {
    /// Opens the database once more.
    ///
    /// # Errors
    /// [`OpenError`].
    pub(super) fn open(file: &Path) -> Result<Self, OpenError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL;")?;
        let failed = |cause| OpenError::Folder { folder: file.to_owned(), cause };
        Ok(Self { connection, database: File::options().write(true).open(file).map_err(failed)? })
    }

    /// Copies until little is left, or more comes than can be copied.
    fn copy_most(&self) -> rusqlite::Result<()> {
        let mut before = i64::MAX;
        let mut rest = look(&self.connection)?.rest();
        while rest > FEW_PAGES && rest < before {
            copy(&self.connection)?;
            before = rest;
            rest = look(&self.connection)?.rest();
        }
        // SQLite syncs what is copied only with the last of it, which may be left to the writer.
        self.database.sync_data().map_err(|_| rusqlite::Error::SqliteFailure(DISK_FAILED, None))
    }
}

fn look(connection: &Connection) -> rusqlite::Result<Log> {
    checkpoint(connection, "PRAGMA wal_checkpoint(NOOP)")
}

/// Copies what nobody reads at this moment. A full disk is not the end: the log stays, and it is tried again.
///
/// # Errors
/// The disk failed. What is copied may not be there, and the log that holds it must stay.
fn copy(connection: &Connection) -> rusqlite::Result<()> {
    match checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)") {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure) => Err(error),
        Err(error) => {
            tracing::warn!(%error, "the log could not be copied into the database; it is tried again");
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

fn checkpoint(connection: &Connection, sql: &str) -> rusqlite::Result<Log> {
    connection.prepare_cached(sql)?.query_row([], |row| Ok(Log { pages: row.get(1)?, copied: row.get(2)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database in a folder, and somebody who writes there as the writer does.
    fn database(folder: &tempfile::TempDir) -> (std::path::PathBuf, Connection) {
        let file = folder.path().join("log.db");
        let writer = Connection::open(&file).expect("a database");
        let settings = "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_mode = WAL; CREATE TABLE page (filling BLOB);";
        writer.execute_batch(settings).expect("a table");
        (file, writer)
    }

    fn write(writer: &Connection, pages: i64) {
        let sql = "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < $1)
                   INSERT INTO page SELECT zeroblob(3500) FROM number";
        writer.execute(sql, [pages]).expect("space");
    }

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    #[test]
    fn what_is_copied_while_the_writer_rests_leaves_nothing_and_the_log_begins_anew() {
        let folder = folder();
        let (file, writer) = database(&folder);
        let copying = Copying::open(&file).expect("the same database");
        write(&writer, MANY_PAGES);
        assert!(look(&writer).expect("a log").rest() >= MANY_PAGES);
        copying.copy_most().expect("a disk");
        assert_eq!(look(&writer).expect("a log").rest(), 0);
        write(&writer, 1);
        assert!(look(&writer).expect("a log").pages < 10);
    }

    #[test]
    fn a_log_that_somebody_reads_is_copied_as_far_as_they_have_it_and_not_again_and_again() {
        let folder = folder();
        let (file, writer) = database(&folder);
        let copying = Copying::open(&file).expect("the same database");
        write(&writer, 10);
        let reader = Connection::open(&file).expect("the same database");
        reader.execute_batch("BEGIN; SELECT count(*) FROM page;").expect("something to read");
        write(&writer, MANY_PAGES);
        copying.copy_most().expect("a disk");
        assert!(look(&writer).expect("a log").rest() >= MANY_PAGES);
        reader.execute_batch("COMMIT").expect("an end");
        copying.copy_most().expect("a disk");
        assert_eq!(look(&writer).expect("a log").rest(), 0);
    }

    #[test]
    fn of_a_log_that_is_long_the_writer_copies_the_last_few_pages_and_it_begins_anew() {
        let folder = folder();
        let (file, writer) = database(&folder);
        let (failure, _) = watch::channel(false);
        let copier = Copier::start(Copying::open(&file).expect("the same database"), failure);
        write(&writer, MANY_PAGES);
        // As long as somebody reads there it goes on growing, as it does under a writer that never rests.
        let reader = Connection::open(&file).expect("the same database");
        reader.execute_batch("BEGIN; SELECT count(*) FROM page;").expect("something to read");
        Copying::open(&file).expect("the same database").copy_most().expect("a disk");
        write(&writer, FEW_PAGES / 2);
        reader.execute_batch("COMMIT").expect("an end");
        copier.look_after(&writer).expect("a disk");
        assert_eq!(look(&writer).expect("a log").rest(), 0);
        write(&writer, 1);
        assert!(look(&writer).expect("a log").pages < 10);
    }

    #[test]
    fn a_log_that_is_too_long_is_copied_by_the_writer_at_once() {
        let folder = folder();
        let (file, writer) = database(&folder);
        let (failure, _) = watch::channel(false);
        let copier = Copier::start(Copying::open(&file).expect("the same database"), failure);
        write(&writer, TOO_MANY_PAGES);
        copier.look_after(&writer).expect("a disk");
        assert_eq!(look(&writer).expect("a log").rest(), 0);
    }
}
