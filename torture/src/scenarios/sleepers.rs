//! Half of the sockets stop reading. The others notice nothing, the program's memory stays within bounds, and whoever reads
//! on later has missed nothing.

use std::time::Duration;

use tokio::time::{interval, sleep};

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::report::{Report, percentile};
use crate::stage::Stage;
use crate::town::Town;

/// What those who stop reading may cost, in MiB.
const MAX_COST_MIB: f64 = 64.0;
/// How much longer deliveries to the others may take meanwhile.
const MAX_RATIO: f64 = 1.2;
/// How long a message is: some fill a socket's buffers, and the rest more than the program keeps for one listener.
const PADDING: usize = 4_000;
/// How many messages are written while people sleep.
const WRITTEN: usize = 400;
/// How many once they are awake again.
const AFTERWARDS: usize = 100;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let habits = Habits { haste: 4.0, narrow: true, rooms: 1 };
    // Of five hundred, fifty: what the figures are about. Of a hundred, half.
    let (people, sleepers) = stage.size((100, 50), (500, 50));
    let crowd = Crowd::walks_in(&town, town.address, people, habits, &stage.dice).await?;
    let every = Duration::from_millis(stage.size(10, 200));

    talk(&crowd, sleepers, WRITTEN, every).await;
    let (before_kib, before_ms) = (town.resident_kib(), latencies(&crowd, sleepers));
    crowd.people[..sleepers].iter().for_each(|person| person.sleeps(true));
    let highest_kib = talk_while_watching(&crowd, sleepers, every, &town).await;
    let after_ms = latencies(&crowd, sleepers);
    crowd.people[..sleepers].iter().for_each(|person| person.sleeps(false));
    // They hear what had been waiting for them, and then what is new: nothing may be left out between the two.
    talk(&crowd, sleepers, AFTERWARDS, every).await;

    stage.report.notes(format!("{sleepers} of {people} stop reading"));
    notes_cost(&mut stage.report, before_kib, highest_kib);
    stage.report.notes_times("the others before", &before_ms);
    stage.report.notes_times("and then", &after_ms);
    let ratio = percentile(&after_ms, 99) / percentile(&before_ms, 99).max(0.001);
    stage.report.notes(format!("p99 {ratio:.2} of the baseline"));
    // In the short form the few seconds of each half say more about the machine than about the program.
    if stage.is_long {
        stage.report.measures("p99 of the others, while 50 of 500 stop reading", ratio, "of the baseline", MAX_RATIO);
    }
    crowd.compares_with(&mut town, &mut stage.report).await
}

/// Those who read write in turn.
async fn talk(crowd: &Crowd, sleepers: usize, count: usize, every: Duration) {
    let mut beat = interval(every);
    let awake = &crowd.people[sleepers..];
    for person in awake.iter().cycle().take(count) {
        beat.tick().await;
        person.writes(PADDING);
    }
}

/// The same; the most memory that the program had meanwhile, in KiB.
async fn talk_while_watching(crowd: &Crowd, sleepers: usize, every: Duration, town: &Town) -> u64 {
    let mut highest_kib = 0;
    let mut talking = std::pin::pin!(talk(crowd, sleepers, WRITTEN, every));
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
    report.measures("memory for those who stop reading", cost_kib as f64 / 1_024.0, "MiB", MAX_COST_MIB);
}
