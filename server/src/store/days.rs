//! On which days something was said. A room's numbers grow with time, so the first event since a moment is found by halving: some
//! twenty looks by the primary key, however long the room is, and no index that every message would have to pay for.

use app::message::Seq;
use rusqlite::{Connection, OptionalExtension};

use super::events::{KIND_ALSO, KIND_POSTED, last_seq, place};
use super::{RoomId, Store, StoreError};

/// So many events of a day are looked at in order to find a message among them.
const MAX_LOOKED_AT: i64 = 1_000;

/// What was said between moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// For each span from one moment to the next, its first message.
    pub first: Vec<Option<Seq>>,
    /// When the last event before the first moment was, in milliseconds since 1970.
    pub before_ms: Option<i64>,
    /// When the first event since the last moment was.
    pub after_ms: Option<i64>,
}

impl Store {
    /// What was said in a room between these moments, which grow (milliseconds since 1970). Where the clock was set back
    /// meanwhile, what was said then may be found a little beside.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn days(&self, room: RoomId, moments: Vec<i64>) -> Result<Days, StoreError> {
        self.read(move |connection| days(connection, room, &moments)).await
    }
}

fn days(connection: &Connection, room: RoomId, moments: &[i64]) -> rusqlite::Result<Days> {
    let beyond = last_seq(connection, room)? + 1;
    let mut starts = Vec::with_capacity(moments.len());
    for moment in moments {
        starts.push(first_since(connection, room, *moment, (starts.last().copied().unwrap_or(1), beyond))?);
    }
    let (from, to) = (starts.first().copied().unwrap_or(beyond), starts.last().copied().unwrap_or(beyond));
    let first = starts.windows(2).map(|span| first_message(connection, room, (span[0], span[1])));
    Ok(Days {
        first: first.collect::<Result<_, _>>()?,
        before_ms: at_ms(connection, room, from - 1)?,
        after_ms: at_ms(connection, room, to)?,
    })
}

/// The first number of a range whose event is not before a moment; the range's end where all are.
fn first_since(
    connection: &Connection,
    room: RoomId,
    moment: i64,
    (mut from, mut to): (Seq, Seq),
) -> rusqlite::Result<Seq> {
    while from < to {
        let middle = from.midpoint(to);
        if at_ms(connection, room, middle)?.is_some_and(|at_ms| at_ms < moment) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    Ok(from)
}

pub(super) fn at_ms(connection: &Connection, room: RoomId, seq: Seq) -> rusqlite::Result<Option<i64>> {
    if seq < 1 {
        return Ok(None);
    }
    let mut statement = connection.prepare_cached("SELECT at_ms FROM event WHERE id = $1")?;
    statement.query_row([place(room, seq)], |row| row.get(0)).optional()
}

fn first_message(connection: &Connection, room: RoomId, (from, to): (Seq, Seq)) -> rusqlite::Result<Option<Seq>> {
    let sql = "SELECT id - $1 FROM (SELECT id, kind FROM event WHERE id >= $2 AND id < $3 ORDER BY id LIMIT $4) \
               WHERE kind IN ($5, $6) ORDER BY id LIMIT 1";
    let values = (place(room, 0), place(room, from), place(room, to), MAX_LOOKED_AT, KIND_POSTED, KIND_ALSO);
    connection.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOM: RoomId = RoomId(2);
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

    /// A room with an event at each of these moments, and others before and after it.
    fn log(events: impl Iterator<Item = (i64, i64)>) -> Connection {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch(
                "CREATE TABLE event (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at_ms INTEGER NOT NULL); BEGIN",
            )
            .expect("a table");
        let put = |room, seq, kind: i64, at_ms: i64| {
            let mut insert = connection.prepare_cached("INSERT INTO event VALUES ($1, $2, $3)").expect("a statement");
            insert.execute((place(room, seq), kind, at_ms)).expect("a row");
        };
        (1..=50).for_each(|seq| put(RoomId(1), seq, KIND_POSTED, seq));
        (1..=50).for_each(|seq| put(RoomId(3), seq, KIND_POSTED, seq));
        events.zip(1..).for_each(|((at_ms, kind), seq)| put(ROOM, seq, kind, at_ms));
        connection.execute_batch("COMMIT").expect("a commit");
        connection
    }

    proptest! {
        #[test]
        fn each_day_has_its_first_message(
            pauses in prop::collection::vec((0..200_i64, 1..4_i64), 0..60),
            spans in prop::collection::vec(1..400_i64, 1..8),
        ) {
            let sum = |total: &mut i64, pause: i64| { *total += pause; Some(*total) };
            let times: Vec<i64> = pauses.iter().map(|(pause, _)| *pause).scan(0, |total, pause| sum(total, pause)).collect();
            let events: Vec<(i64, i64)> = times.into_iter().zip(pauses.iter().map(|(_, kind)| *kind)).collect();
            let moments: Vec<i64> = spans.iter().copied().scan(0, |total, span| sum(total, span)).collect();
            let found = days(&log(events.iter().copied()), ROOM, &moments).expect("days");
            let number = |is_it: &dyn Fn(i64, i64) -> bool| {
                events.iter().position(|(at_ms, kind)| is_it(*at_ms, *kind)).map(|at| at as Seq + 1)
            };
            let first: Vec<_> = moments
                .windows(2)
                .map(|span| number(&|at_ms, kind| (span[0]..span[1]).contains(&at_ms) && kind == KIND_POSTED))
                .collect();
            prop_assert_eq!(found.first, first);
            let (start, end) = (moments[0], moments[moments.len() - 1]);
            prop_assert_eq!(found.before_ms, events.iter().rev().find(|(at_ms, _)| *at_ms < start).map(|(at_ms, _)| *at_ms));
            prop_assert_eq!(found.after_ms, events.iter().find(|(at_ms, _)| *at_ms >= end).map(|(at_ms, _)| *at_ms));
        }
    }

    #[test]
    #[ignore = "a measurement"]
    fn how_long_a_month_of_a_million_messages_takes() {
        const MESSAGES: i64 = 1_000_000;
        let connection = log((0..MESSAGES).map(|number| (number * 365 * DAY_MS / MESSAGES, KIND_POSTED)));
        let moments: Vec<i64> = (150..=181).map(|day| day * DAY_MS).collect();
        let began = std::time::Instant::now();
        const TIMES: u32 = 200;
        for _ in 0..TIMES {
            assert!(days(&connection, ROOM, &moments).expect("days").first.iter().all(Option::is_some));
        }
        println!("a month of a room with {MESSAGES} messages: {:?}", began.elapsed() / TIMES);
    }
}
