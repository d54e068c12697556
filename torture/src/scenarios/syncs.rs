//! A sync fails (EIO): nobody is told "sent" or "failed" from then on. The program stops, or takes nothing more; after a
//! restart the retries settle it, even where the power goes first and nothing of what could not be synced is there.

use std::time::Duration;

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::proxy::Proxy;
use crate::stage::Stage;

/// How long the program may take to notice.
const NOTICED_WITHIN: Duration = Duration::from_secs(15);

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town_with_shim().await?;
    let proxy = Proxy::open(town.address, stage.dice.named("proxy")).await.map_err(|error| error.to_string())?;
    let crowd = Crowd::walks_in(&town, proxy.address, stage.size(10, 40), Habits::default(), &stage.dice).await?;
    let (rounds, mut stopped) = (stage.size(5, 40), 0);
    for round in 0..rounds {
        crowd.writes_for(Duration::from_millis(stage.dice.within(&(100..400)))).await;
        let failed_before = town.shim().failed_syncs();
        town.shim().lets_syncs_fail(true);
        crowd.tops_up();
        if let Ok(status) = town.ends(NOTICED_WITHIN).await {
            stopped += 1;
            stage.report.demands(!status.success(), || "the program called its end a success".to_owned());
        }
        let failed = town.shim().failed_syncs() - failed_before;
        stage.report.demands(failed > 0, || format!("no sync failed in round {round}"));
        if round % 2 == 0 {
            town.loses_power()?;
        }
        town.is_killed();
        town.shim().lets_syncs_fail(false);
        town.starts().await?;
    }
    stage.report.notes(format!("{rounds} times the disk failed, {stopped} times the program stopped of itself"));
    crowd.compares_with(&mut town, &mut stage.report).await
}
