//! Half of the sockets stop reading. The others notice nothing, the program's memory stays within bounds, and whoever reads
//! on later has missed nothing.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::crowd::{Crowd, first_room};
use crate::person::Habits;
use crate::report::{Report, percentile};
use crate::stage::Stage;
use crate::town::Town;

/// What those who stop reading may cost, in KiB.
const MAX_COST_KIB: u64 = 64 * 1024;
/// How long a message is: some fill a socket's buffers, and then the program's.
const PADDING: usize = 4_000;
/// How often somebody writes.
const EVERY: Duration = Duration::from_millis(25);

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let habits = Habits { haste: 4.0, narrow: true };
    // Of five hundred, fifty: what the figures are about. Of a hundred, half.
    let (people, sleepers) = stage.size((100, 50), (500, 50));
    let crowd = Crowd::walks_in(&town, town.address, people, habits, &stage.dice).await?;
    let time = Duration::from_secs(stage.size(4, 12));

    talk(&crowd, sleepers, time).await;
    let (before_kib, before_ms) = (town.resident_kib(), latencies(&crowd, sleepers));
    crowd.people[..sleepers].iter().for_each(|person| person.sleeps(true));
    let highest_kib = talk_while_watching(&crowd, sleepers, time, &town).await;
    let after_ms = latencies(&crowd, sleepers);
    crowd.people[..sleepers].iter().for_each(|person| person.sleeps(false));

    stage.report.notes(format!("{sleepers} of {people} stop reading"));
    notes_cost(&mut stage.report, before_kib, highest_kib);
    stage.report.notes_times("the others before", &before_ms);
    stage.report.notes_times("and then", &after_ms);
    let ratio = percentile(&after_ms, 99) / percentile(&before_ms, 99).max(0.001);
    stage.report.notes(format!("p99 {ratio:.2} of the baseline (aim: 1.2)"));
    crowd.is_checked(&mut town, &mut stage.report).await
}

/// Those who read write now and then.
async fn talk(crowd: &Crowd, sleepers: usize, time: Duration) {
    let (room, began) = (first_room(), Instant::now());
    let awake = &crowd.people[sleepers..];
    for person in awake.iter().cycle() {
        if began.elapsed() >= time {
            return;
        }
        person.writes(&room, PADDING);
        sleep(EVERY).await;
    }
}

/// The same; the most memory that the program had meanwhile, in KiB.
async fn talk_while_watching(crowd: &Crowd, sleepers: usize, time: Duration, town: &Town) -> u64 {
    let mut highest_kib = 0;
    let mut talking = std::pin::pin!(talk(crowd, sleepers, time));
    loop {
        tokio::select! {
            () = &mut talking => return highest_kib,
            () = sleep(Duration::from_millis(50)) => highest_kib = highest_kib.max(town.resident_kib()),
        }
    }
}

/// The times that deliveries took to those who read.
fn latencies(crowd: &Crowd, sleepers: usize) -> Vec<f64> {
    crowd.people[sleepers..].iter().flat_map(|person| person.takes_latencies()).collect()
}

fn notes_cost(report: &mut Report, before_kib: u64, highest_kib: u64) {
    let cost_kib = highest_kib.saturating_sub(before_kib);
    report.notes(format!("resident {before_kib} KiB, then up to {cost_kib} more"));
    report.demands(cost_kib <= MAX_COST_KIB, || format!("they cost {cost_kib} KiB, more than {MAX_COST_KIB}"));
}
