//! The wall clock is set back and forward while people send: numbers, not times, make the order, and nobody notices.

use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::proxy::{Cut, Proxy};
use crate::stage::Stage;

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town_with_shim().await?;
    let proxy = Proxy::open(town.address, stage.dice.named("proxy")).await.map_err(|error| error.to_string())?;
    let crowd = Crowd::walks_in(&town, proxy.address, stage.size(8, 30), Habits::default(), &stage.dice).await?;
    let (mut earliest, mut latest) = (0, 0);
    for jump in 0..stage.size(12, 200) {
        let hours = *stage.dice.pick(&[-24 * 365 * 10, -24 * 20, -1, 0, 1, 24 * 20, 24 * 365 * 10]);
        (earliest, latest) = (earliest.min(hours), latest.max(hours));
        town.shim().sets_clock_ahead_ms(hours * HOUR_MS);
        // More messages than can have been on their way before: at least one has the new time.
        let enough = crowd.acknowledged() + crowd.people.len() * Habits::default().rooms + 1;
        while crowd.acknowledged() < enough && !crowd.has_lost_somebody() {
            crowd.writes_for(Duration::from_millis(stage.dice.within(&(50..150)))).await;
        }
        match jump % 4 {
            1 => proxy.cuts_all(Cut::Reset),
            3 => {
                town.is_told_to_stop().await?;
                town.starts().await?;
            }
            _ => {}
        }
    }
    crowd.settles().await?;
    let database = Connection::open_with_flags(town.database(), OpenFlags::SQLITE_OPEN_READ_ONLY);
    let span = database.and_then(|database| {
        database.query_row("SELECT max(at_ms) - min(at_ms) FROM event", [], |row| row.get::<_, i64>(0))
    });
    let span = span.map_err(|error| error.to_string())? / HOUR_MS;
    stage.report.notes(format!("times that are {span} hours apart"));
    // The run itself takes a while, too: where the latest time came first, it lacks that to the full hours.
    stage.report.demands(span >= latest - earliest - 1, || "the program did not see the clock jump".to_owned());
    crowd.compares_with(&mut town, &mut stage.report).await
}
