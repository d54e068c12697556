//! The road is bad: delays, one byte at a time, cuts in mid-frame by reset, by closing and by silence, now and then for all
//! at once, and people load the page again in between.

use std::time::Duration;

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::proxy::{Cut, EVERY_CUT, Proxy, Weather};
use crate::stage::Stage;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let proxy = Proxy::open(town.address, stage.dice.named("proxy")).await.map_err(|error| error.to_string())?;
    let crowd = Crowd::walks_in(&town, proxy.address, stage.size(16, 60), Habits::default(), &stage.dice).await?;
    let bad = Weather { delay_ms: 0..8, dripping: 30, cut: 80, cut_after: 1..20_000, cuts: &EVERY_CUT };
    for storm in 0..stage.size(16, 200) {
        proxy.turns(bad.clone());
        crowd.writes_for(Duration::from_millis(stage.dice.within(&(200..900)))).await;
        match stage.dice.below(4) {
            0 => proxy.cuts_all(Cut::Reset),
            1 => proxy.cuts_all(Cut::Close),
            2 => crowd.people[storm % crowd.people.len()].reloads(),
            _ => {}
        }
    }
    proxy.turns(Weather::default());
    proxy.cuts_all(Cut::Close);
    crowd.compares_with(&mut town, &mut stage.report).await
}
