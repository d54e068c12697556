//! The power goes: the program is gone at once, and of its files there is only what was synced. Everything that anyone was
//! shown had been synced before, so it is there.

use std::time::Duration;

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::proxy::Proxy;
use crate::stage::Stage;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town_with_shim().await?;
    let proxy = Proxy::open(town.address, stage.dice.named("proxy")).await.map_err(|error| error.to_string())?;
    let crowd = Crowd::walks_in(&town, proxy.address, stage.size(12, 40), Habits::default(), &stage.dice).await?;
    let cuts = stage.size(10, 100);
    for _ in 0..cuts {
        // A slow disk, so that the power often goes in the middle of a sync.
        town.shim().lets_syncs_take_ms(*stage.dice.pick(&[0, 2, 10]));
        crowd.writes_for(Duration::from_millis(stage.dice.within(&(150..700)))).await;
        town.loses_power()?;
        town.starts().await?;
    }
    town.shim().lets_syncs_take_ms(0);
    let syncs = town.shim().syncs();
    stage.report.notes(format!("{cuts} power cuts, {syncs} syncs"));
    stage.report.demands(syncs > 0, || "the program synced nothing".to_owned());
    crowd.compares_with(&mut town, &mut stage.report).await
}
