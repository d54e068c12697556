//! Space for the write-ahead log, taken while there is nothing else to do. A commit that is written where the file is long
//! enough already is synced without waiting for the file system's journal, which would have to note that the file grew.

use std::fs::File;
use std::io;
use std::num::NonZeroU64;
use std::os::unix::fs::FileExt;
use std::path::Path;

use rustix::fs::{Advice, fadvise};

/// How long the log is made (20 MiB): as far as it is filled before it has been copied and begins anew ([`super::copier`]).
const ENOUGH_BYTES: u64 = 20 * 1024 * 1024;
/// How much is added at a time: a commit that comes meanwhile waits for no more.
static PIECE: [u8; 256 * 1024] = [0; 256 * 1024];
/// What a page takes in the log, with what stands before it.
const PAGE_BYTES: u64 = 4_096 + 24;
/// How much is brought into memory at a time: what some ten messages write.
const NEAR_BYTES: u64 = 128 * 1024;

/// The log of a database, as a file that may be made longer. Only whoever writes the log may do so, between two commits:
/// zeros behind the last frame are no frame (<https://www.sqlite.org/fileformat2.html#the_write_ahead_log>, section 4).
pub(super) struct Reserve {
    log: Option<File>,
}

impl Reserve {
    /// Of a database that is open and has its log. Without one, and where it may not be written to, nothing is ever added.
    pub(super) fn of(database: &Path) -> Self {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Self { log: File::options().write(true).open(log).ok() }
    }

    /// Has the system bring into memory what is written next, after so many pages of the log: where it has put that away in the
    /// meantime, a commit would wait for the disk before it can write a part of a page.
    pub(super) fn comes_near(&self, pages: i64) {
        if let (Some(log), Ok(pages)) = (&self.log, u64::try_from(pages)) {
            // Where that can't be had, a commit is only slower.
            let _ = fadvise(log, pages * PAGE_BYTES, NonZeroU64::new(NEAR_BYTES), Advice::WillNeed);
        }
    }

    /// Adds a piece; says whether it did. A disk that takes no more of it is not asked again.
    pub(super) fn grows(&mut self) -> bool {
        let Some(log) = &self.log else { return false };
        match grow(log) {
            Ok(grew) => grew,
            Err(error) => {
                tracing::warn!(%error, "no space could be set aside for the write-ahead log");
                self.log = None;
                false
            }
        }
    }
}

fn grow(log: &File) -> io::Result<bool> {
    let length = log.metadata()?.len();
    if length >= ENOUGH_BYTES {
        return Ok(false);
    }
    log.write_all_at(&PIECE, length)?;
    log.sync_data()?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rusqlite::Connection;

    use super::*;

    fn database(folder: &tempfile::TempDir) -> (PathBuf, Connection) {
        let file = folder.path().join("some.db");
        let connection = Connection::open(&file).expect("a database");
        let settings = "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_mode = WAL; CREATE TABLE word (text TEXT);";
        connection.execute_batch(settings).expect("settings");
        (file, connection)
    }

    fn write(connection: &Connection, count: i64) {
        for n in 0..count {
            connection.execute("INSERT INTO word VALUES ($1)", [format!("{n} {}", "a".repeat(3_000))]).expect("a row");
        }
    }

    fn length(file: &Path) -> u64 {
        file.with_extension("db-wal").metadata().expect("a log").len()
    }

    /// What a copy of the files holds, as it would be found after the program died.
    fn found_by_the_next(file: &Path) -> i64 {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("some.db");
        for end in ["db", "db-wal"] {
            std::fs::copy(file.with_extension(end), copy.with_extension(end)).expect("a copy");
        }
        let next = Connection::open(&copy).expect("a database");
        let whole: String = next.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
        assert_eq!(whole, "ok");
        next.query_row("SELECT count(*) FROM word", [], |row| row.get(0)).expect("a count")
    }

    #[test]
    fn a_log_that_was_made_longer_holds_what_it_held_and_takes_more_without_growing() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, connection) = database(&folder);
        write(&connection, 50);
        let mut reserve = Reserve::of(&file);
        while reserve.grows() {}
        let enough = length(&file);
        assert!(enough >= ENOUGH_BYTES);
        assert_eq!(found_by_the_next(&file), 50);

        write(&connection, 500);
        assert_eq!(length(&file), enough);
        assert_eq!(found_by_the_next(&file), 550);
    }

    #[test]
    fn an_emptied_log_is_made_longer_again_and_nothing_that_was_wiped_comes_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, connection) = database(&folder);
        write(&connection, 50);
        let mut reserve = Reserve::of(&file);
        while reserve.grows() {}
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("an empty log");
        assert_eq!(length(&file), 0);

        while reserve.grows() {}
        let log = std::fs::read(file.with_extension("db-wal")).expect("the log");
        assert!(log.iter().all(|byte| *byte == 0));
        assert_eq!(found_by_the_next(&file), 50);
        write(&connection, 10);
        assert_eq!(found_by_the_next(&file), 60);
    }

    #[test]
    fn without_a_log_or_the_right_to_write_it_nothing_is_added() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!Reserve::of(&folder.path().join("none.db")).grows());
        let (file, _connection) = database(&folder);
        let before = length(&file);
        let read_only = File::open(file.with_extension("db-wal")).expect("the log");
        let mut reserve = Reserve { log: Some(read_only) };
        assert!(!reserve.grows() && !reserve.grows());
        assert_eq!(length(&file), before);
    }
}
