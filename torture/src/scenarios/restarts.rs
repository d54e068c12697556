//! Rolling restarts under load: told to stop (SIGTERM), the program says goodbye to everyone and ends in order within ten
//! seconds; started again at the same address, everyone is back by themselves. People's clients have the browser's own pace.

use std::time::Duration;

use tokio::time::sleep;

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::proxy::{Cut, Proxy};
use crate::stage::Stage;

/// How long the program may take to end.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let proxy = Proxy::open(town.address, stage.dice.named("proxy")).await.map_err(|error| error.to_string())?;
    let habits = Habits { haste: stage.size(4.0, 1.0), ..Habits::default() };
    let crowd = Crowd::walks_in(&town, proxy.address, stage.size(20, 200), habits, &stage.dice).await?;
    let (mut after_cuts_ms, mut after_restarts_ms) = (Vec::new(), Vec::new());
    for _ in 0..stage.size(2, 5) {
        crowd.writes_for(Duration::from_millis(stage.dice.within(&(300..800)))).await;
        crowd.reloads().await?;
        proxy.cuts_all(Cut::Reset);
        // Nobody has noticed yet.
        sleep(Duration::from_millis(100)).await;
        crowd.settles().await?;
        after_cuts_ms.extend(crowd.takes_resumes());
        crowd.reloads().await?;
        crowd.tops_up();
        let ended = {
            let mut ending = std::pin::pin!(town.is_told_to_stop());
            loop {
                tokio::select! {
                    ended = &mut ending => break ended?,
                    () = crowd.writes_for(Duration::from_millis(50)) => {}
                }
            }
        };
        stage.report.notes(format!("ended within {:.1} s", ended.as_secs_f64()));
        stage.report.demands(ended <= ENDS_WITHIN, || format!("the program took {ended:?} to end"));
        town.starts().await?;
        crowd.settles().await?;
        after_restarts_ms.extend(crowd.takes_resumes());
    }
    stage.report.notes(format!("at {} times the browser's pace", habits.haste));
    stage.report.notes_times("back after a cut", &after_cuts_ms);
    stage.report.notes_times("after a goodbye", &after_restarts_ms);
    crowd.compares_with(&mut town, &mut stage.report).await
}
