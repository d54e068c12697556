//! The program is killed (SIGKILL) in a loop while people send; whatever was acknowledged is there afterwards, once.

use std::time::Duration;

use tokio::time::sleep;

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::proxy::{Proxy, Weather};
use crate::stage::Stage;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let proxy = Proxy::open(town.address, stage.dice.named("proxy")).await.map_err(|error| error.to_string())?;
    proxy.turns(Weather { delay_ms: 0..4, ..Weather::default() });
    let crowd = Crowd::walks_in(&town, proxy.address, stage.size(12, 40), Habits::default(), &stage.dice).await?;
    let kills = stage.size(12, 60);
    for _ in 0..kills {
        crowd.writes_for(Duration::from_millis(stage.dice.within(&(150..600)))).await;
        town.is_killed();
        sleep(Duration::from_millis(stage.dice.within(&(0..100)))).await;
        town.starts().await?;
    }
    stage.report.notes(format!("{kills} kills"));
    stage.report.notes(format!("ready after {:.0} ms", town.opened_within.as_secs_f64() * 1_000.0));
    crowd.compares_with(&mut town, &mut stage.report).await
}
