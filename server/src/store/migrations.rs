//! The schema, step by step, forward only. A step that has run is remembered with its checksum.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::OpenError;

const STEPS: [&str; 20] = [
    include_str!("migrations/0001_start.sql"),
    include_str!("migrations/0002_lean_log.sql"),
    include_str!("migrations/0003_one_number.sql"),
    include_str!("migrations/0004_markup.sql"),
    include_str!("migrations/0005_read_marks.sql"),
    include_str!("migrations/0006_edits.sql"),
    include_str!("migrations/0007_files.sql"),
    include_str!("migrations/0008_mentions.sql"),
    include_str!("migrations/0009_reactions.sql"),
    include_str!("migrations/0010_quiet.sql"),
    include_str!("migrations/0011_levels.sql"),
    include_str!("migrations/0012_rooms.sql"),
    include_str!("migrations/0013_turns.sql"),
    include_str!("migrations/0014_threads.sql"),
    include_str!("migrations/0015_pins.sql"),
    include_str!("migrations/0016_scheduled.sql"),
    include_str!("migrations/0017_first_texts.sql"),
    include_str!("migrations/0018_one_choice.sql"),
    include_str!("migrations/0019_scheduled_whole.sql"),
    include_str!("migrations/0020_hidden.sql"),
];

/// Brings the schema to what this program knows.
///
/// # Errors
/// [`OpenError::Newer`] when a newer program was here, [`OpenError::Foreign`] when a step is not the one that we know,
/// [`OpenError::Sqlite`] when the file can't be read or written.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let transaction = connection.transaction()?;
    transaction
        .execute_batch("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL)")?;
    let newest: i64 = transaction.query_row("SELECT coalesce(max(number), 0) FROM migration", [], |row| row.get(0))?;
    if newest > STEPS.len() as i64 {
        return Err(OpenError::Newer);
    }
    for (number, sql) in (1_i64..).zip(STEPS) {
        let checksum = checksum(sql);
        let ran: Option<String> = transaction
            .query_row("SELECT checksum FROM migration WHERE number = $1", [number], |row| row.get(0))
            .optional()?;
        match ran {
            Some(known) if known == checksum => {}
            Some(_) => return Err(OpenError::Foreign),
            None => {
                transaction.execute_batch(sql)?;
                transaction.execute("INSERT INTO migration (number, checksum) VALUES ($1, $2)", (number, checksum))?;
            }
        }
    }
    Ok(transaction.commit()?)
}

fn checksum(sql: &str) -> String {
    Sha256::digest(sql).iter().map(|byte| format!("{byte:02x}")).collect()
}
