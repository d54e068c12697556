//! Rolling restarts under load: told to stop (SIGTERM), the program says goodbye to everyone and ends in order within ten
//! seconds; started again at the same address, everyone is back by themselves. So they are when it was killed, and when only
//! the connections were cut. People's clients have the browser's own pace.

use std::time::Duration;

use tokio::time::sleep;

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::proxy::{Cut, Proxy};
use crate::report::percentile;
use crate::stage::Stage;
use crate::town::Town;

/// How long the program may take to end.
const ENDS_WITHIN: Duration = Duration::from_secs(10);
/// How soon nearly everyone (95 in hundred) is back and up to date, in milliseconds.
const BACK_AFTER_A_CUT_MS: f64 = 1_000.0;
const BACK_AFTER_A_RESTART_MS: f64 = 2_000.0;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let proxy = Proxy::open(town.address, stage.dice.named("proxy")).await.map_err(|error| error.to_string())?;
    let habits = Habits { haste: 1.0, ..Habits::default() };
    let crowd = Crowd::walks_in(&town, proxy.address, stage.size(20, 200), habits, &stage.dice).await?;
    let (mut after_cuts_ms, mut after_restarts_ms, mut after_kills_ms) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..stage.size(2, 5) {
        crowd.reloads().await?;
        proxy.cuts_all(Cut::Reset);
        after_cuts_ms.extend(back(&crowd).await?);

        crowd.reloads().await?;
        let ended = told_to_stop_under_load(&mut town, &crowd).await?;
        stage.report.notes(format!("ended within {:.1} s", ended.as_secs_f64()));
        stage.report.demands(ended <= ENDS_WITHIN, || format!("the program took {ended:?} to end"));
        town.starts().await?;
        after_restarts_ms.extend(back(&crowd).await?);

        crowd.reloads().await?;
        crowd.tops_up();
        town.is_killed();
        town.starts().await?;
        after_kills_ms.extend(back(&crowd).await?);
    }
    for (goal, times_ms, limit_ms) in [
        ("resume p95 after a cut", &after_cuts_ms, BACK_AFTER_A_CUT_MS),
        ("resume p95 after a restart", &after_restarts_ms, BACK_AFTER_A_RESTART_MS),
        ("resume p95 after a kill and a start", &after_kills_ms, BACK_AFTER_A_RESTART_MS),
    ] {
        stage.report.notes_times(goal.trim_start_matches("resume p95 "), times_ms);
        stage.report.measures(goal, percentile(times_ms, 95), "ms", limit_ms);
    }
    crowd.compares_with(&mut town, &mut stage.report).await
}

/// Everyone goes on writing until the program has ended; how long that took.
async fn told_to_stop_under_load(town: &mut Town, crowd: &Crowd) -> Result<Duration, String> {
    crowd.tops_up();
    let mut ending = std::pin::pin!(town.is_told_to_stop());
    loop {
        tokio::select! {
            ended = &mut ending => return ended,
            () = crowd.writes_for(Duration::from_millis(50)) => {}
        }
    }
}

/// Waits until everyone is back and up to date; how long that took each, in milliseconds.
async fn back(crowd: &Crowd) -> Result<Vec<f64>, String> {
    // Nobody may have noticed yet.
    sleep(Duration::from_millis(100)).await;
    crowd.settles().await?;
    Ok(crowd.takes_resumes())
}
