//! A database with a million messages: the program is open within a second, the newest page comes at once, and talking goes on.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::crowd::{Crowd, first_room};
use crate::person::Habits;
use crate::stage::Stage;
use crate::town::Town;
use crate::wire::{Answer, Wire, sign_in};

/// How soon the program has to be open, in milliseconds.
const OPEN_WITHIN_MS: f64 = 1_000.0;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let cookie = sign_in(town.address, "Chronicler", stage.dice.cid()).await?;
    town.is_told_to_stop().await?;
    let messages = stage.size(100_000, 1_000_000);
    fill(&town, messages).map_err(|error| format!("the database can't be filled: {error}"))?;
    town.starts().await?;
    stage.report.notes(format!("{messages} messages"));
    notes_opening(stage, &town, "open within");

    let (mut wire, _) = Wire::arrive(town.address, &cookie).await?;
    let asked = Instant::now();
    wire.opens(&first_room(), None).await?;
    let answer = wire.is_answered().await?;
    stage.report.notes(format!("newest page within {:.1} ms", asked.elapsed().as_secs_f64() * 1_000.0));
    let is_newest =
        matches!(&answer, Answer::Page { events, .. } if events.last().map(|last| last.seq) == Some(messages));
    stage.report.demands(is_newest, || format!("instead of the newest page: {answer:?}"));
    drop(wire);

    let crowd = Crowd::walks_in(&town, town.address, 6, Habits::in_one_room(), &stage.dice).await?;
    crowd.writes_for(Duration::from_millis(500)).await;
    town.is_killed();
    town.starts().await?;
    notes_opening(stage, &town, "after a kill within");
    crowd.compares_with(&mut town, &mut stage.report).await
}

fn notes_opening(stage: &mut Stage, town: &Town, what: &str) {
    let opened_ms = town.opened_within.as_secs_f64() * 1_000.0;
    stage.report.notes(format!("{what} {opened_ms:.1} ms"));
    let goal = stage.size("ready with 100,000 messages", "ready with 1,000,000 messages");
    stage.report.measures(goal, opened_ms, "ms", OPEN_WITHIN_MS);
}

/// Writes so many messages of the one person into the first room, past the program.
fn fill(town: &Town, messages: i64) -> rusqlite::Result<()> {
    let database = Connection::open(town.database())?;
    database.execute_batch(&format!(
        "BEGIN;
         WITH RECURSIVE number (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM number WHERE seq < {messages})
         INSERT INTO event (id, kind, author_id, author_name, cid, at_ms, body)
         SELECT (room.id << 40) + seq, 1, member.id, member.name, randomblob(16), seq, 'message ' || seq
         FROM number, (SELECT id FROM room ORDER BY id LIMIT 1) room, (SELECT id, name FROM member LIMIT 1) member;
         COMMIT;"
    ))
}
