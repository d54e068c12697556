//! The limits are as the program has them, and people write faster than they allow: what is put off is sent again when the
//! server said, in the order in which it was written, and nothing is lost.

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::stage::Stage;
use crate::town::Town;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let program = stage.program.clone().with_its_own_limits();
    let mut town = Town::open(&program, None).await?;
    let crowd = Crowd::walks_in(&town, town.address, 8, Habits::default(), &stage.dice).await?;
    crowd.writes(stage.size(40, 200), 0);
    crowd.compares_with(&mut town, &mut stage.report).await
}
