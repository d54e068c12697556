//! How many people there are, by heart: everyone at the door is told where there is no more place, and counting takes as long as
//! there are people. It changes where people are made and forgotten, after the commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::Connection;

use super::Store;

/// The number. Copies speak of the same one.
#[derive(Clone, Debug)]
pub(super) struct People(Arc<AtomicI64>);

impl People {
    /// Counts those who are there when the database is opened.
    pub(super) fn counted(connection: &Connection) -> rusqlite::Result<Self> {
        let count: i64 = connection.query_row("SELECT count(*) FROM member", [], |row| row.get(0))?;
        Ok(Self(Arc::new(AtomicI64::new(count))))
    }

    /// There are so many more, or fewer.
    pub(super) fn change(&self, by: i64) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }
}

impl Store {
    /// How many people there are.
    pub fn count_people(&self) -> i64 {
        self.people.0.load(Ordering::Relaxed)
    }
}
