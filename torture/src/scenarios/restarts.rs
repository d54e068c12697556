//! Rolling restarts under load: told to stop (SIGTERM), the program says goodbye to everyone and ends in order within ten
//! seconds; started again at the same address, everyone is back by themselves. People's clients have the browser's own pace.

use std::time::Duration;

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
    let habits = Habits { haste: stage.size(4.0, 1.0), narrow: false };
    let crowd = Crowd::walks_in(&town, proxy.address, stage.size(20, 200), habits, &stage.dice).await?;
    for _ in 0..stage.size(2, 10) {
        crowd.writes_for(Duration::from_millis(stage.dice.within(&(300..800)))).await;
        proxy.cuts_all(Cut::Reset);
        crowd.writes_for(Duration::from_millis(500)).await;
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
    }
    crowd.is_checked(&mut town, &mut stage.report).await
}
