//! The schema, step by step, forward only. A step that has run is remembered with its checksum.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::OpenError;
use crate::hex::hex;

const STEPS: [&str; 21] = [
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
    include_str!("migrations/0021_left.sql"),
];

/// Steps that ran in another wording before the first release, with the checksum of that: what they left is as good.
const FORMERLY: [(i64, &str); 1] = [(18, "e71c187741266151ac5d024bc475ab7cada90f69d6c1c092d101b848cdb5f82d")];

/// Brings the schema to what this program knows.
///
/// # Errors
/// [`OpenError::Newer`] when a newer program was here, [`OpenError::Foreign`] when a step is not the one that we know,
/// [`OpenError::Sqlite`] when the file can't be read or written.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    run(connection, &STEPS)
}

fn run(connection: &mut Connection, steps: &[&str]) -> Result<(), OpenError> {
    let transaction = connection.transaction()?;
    transaction
        .execute_batch("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL)")?;
    let newest: i64 = transaction.query_row("SELECT coalesce(max(number), 0) FROM migration", [], |row| row.get(0))?;
    if newest > steps.len() as i64 {
        return Err(OpenError::Newer);
    }
    for (number, sql) in (1_i64..).zip(steps) {
        let checksum = checksum(sql);
        let ran: Option<String> = transaction
            .query_row("SELECT checksum FROM migration WHERE number = $1", [number], |row| row.get(0))
            .optional()?;
        match ran {
            Some(known) if known == checksum || FORMERLY.contains(&(number, &known)) => {}
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
    hex(&Sha256::digest(sql))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database as it was after so many steps.
    fn after(steps: usize) -> Connection {
        let mut connection = Connection::open_in_memory().expect("a database");
        run(&mut connection, &STEPS[..steps]).expect("the steps run");
        connection
    }

    fn numbers(connection: &Connection, sql: &str) -> Vec<[i64; 4]> {
        let mut statement = connection.prepare(sql).expect("a statement");
        let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]));
        rows.expect("rows").collect::<Result<_, _>>().expect("numbers")
    }

    #[test]
    fn what_was_muted_calls_nobody_also_where_they_never_were() {
        let mut connection = after(17);
        let before = "INSERT INTO member (id, name, door, created_ms, seen_ms) VALUES (1, 'Ada', 0, 0, 0), (2, 'Ben', 0, 0, 0);
            INSERT INTO room (id, slug, name, name_key, created_ms)
                VALUES (1, 'a', 'a', 'a', 0), (2, 'b', 'b', 'b', 0), (3, 'c', 'c', 'c', 0), (4, 'd', 'd', 'd', 0);
            INSERT INTO event (id, kind, author_id, author_name, at_ms, body)
                VALUES (1 * 1099511627776 + 7, 1, 1, 'Ada', 0, 'x'), (2 * 1099511627776 + 5, 1, 1, 'Ada', 0, 'x');
            INSERT INTO read_mark (member_id, room_id, seq, level, turn) VALUES (1, 1, 3, 1, 2), (1, 4, 2, 1, 0), (2, 1, 6, 0, 0);
            INSERT INTO room_choice (member_id, room_id, starred, muted)
                VALUES (1, 1, 0, 1), (1, 2, 1, 1), (1, 3, 0, 1), (1, 4, 1, 0);";
        connection.execute_batch(before).expect("what was there");

        migrate(&mut connection).expect("the steps run");

        let marks = "SELECT member_id * 10 + room_id, seq, level, turn FROM read_mark ORDER BY 1";
        // There they were; there they were not, and something was said; nothing was said; not muted; somebody else's.
        let expected = [[11, 3, 2, 2], [12, 5, 2, 0], [13, 0, 2, 0], [14, 2, 1, 0], [21, 6, 0, 0]];
        assert_eq!(numbers(&connection, marks), expected);
        let stars = "SELECT member_id, room_id, starred, 0 FROM room_choice ORDER BY 2";
        assert_eq!(numbers(&connection, stars), [[1, 2, 1, 0], [1, 4, 1, 0]]);
    }

    #[test]
    fn a_step_that_ran_in_its_former_wording_is_known_and_one_that_is_not_ours_is_not() {
        let (number, formerly) = FORMERLY[0];
        let note = "UPDATE migration SET checksum = $1 WHERE number = $2";
        let mut connection = after(STEPS.len());
        connection.execute(note, (formerly, number)).expect("a note");
        assert!(migrate(&mut connection).is_ok());
        connection.execute(note, (formerly, number - 1)).expect("a note");
        assert!(matches!(migrate(&mut connection), Err(OpenError::Foreign)));
    }
}
