//! A room is opened a thousand times while people write in it, afresh and from a number: what is sent first and what comes
//! live fit together without a hole and without a repetition, each time.

use std::net::SocketAddr;

use app::message::{Event, Seq};
use app::protocol::{Position, ServerFrame};
use tokio::task::JoinSet;

use crate::crowd::{Crowd, first_room};
use crate::dice::Dice;
use crate::person::Habits;
use crate::stage::Stage;
use crate::wire::{Answer, Wire, sign_in};

/// How many open rooms at once.
const AT_ONCE: usize = 10;
/// How many live events each opening is followed for.
const FOLLOWED: usize = 5;
/// How far back somebody comes from at most.
const BACK: u64 = 200;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let crowd = Crowd::walks_in(&town, town.address, 6, Habits::in_one_room(), &stage.dice).await?;
    let each = stage.size(100, 1_000);
    let mut opening = JoinSet::new();
    for number in 0..AT_ONCE {
        let name = format!("Opener {}", number + 1);
        let mut dice = stage.dice.named(&name);
        let cookie = sign_in(town.address, &name, dice.cid()).await?;
        opening.spawn(opens(town.address, cookie, each, dice));
    }
    let mut openings = 0;
    while !opening.is_empty() {
        crowd.tops_up();
        let ended = tokio::time::timeout(std::time::Duration::from_millis(10), opening.join_next()).await;
        if let Ok(Some(ended)) = ended {
            match ended.map_err(|error| error.to_string())? {
                Ok(()) => openings += each,
                Err(sentence) => stage.report.blames(sentence),
            }
        }
    }
    stage.report.notes(format!("{openings} openings"));
    crowd.compares_with(&mut town, &mut stage.report).await
}

async fn opens(address: SocketAddr, cookie: String, times: usize, mut dice: Dice) -> Result<(), String> {
    let (mut wire, epoch) = Wire::arrive(address, &cookie).await?;
    let mut last: Seq = 0;
    for time in 0..times {
        if dice.falls(20) {
            (wire, _) = Wire::arrive(address, &cookie).await?;
        }
        let from = (last - dice.within(&(0..BACK)) as Seq).max(0);
        let is_afresh = last == 0 || dice.falls(50);
        let after = (!is_afresh).then(|| Position { epoch: epoch.clone(), seq: from });
        last = open(&mut wire, after).await.map_err(|sentence| format!("opening {time}: {sentence}"))?;
    }
    Ok(())
}

/// Opens the room once and follows what comes; the last number.
async fn open(wire: &mut Wire, after: Option<Position>) -> Result<Seq, String> {
    let from = after.as_ref().map(|position| position.seq);
    wire.opens(&first_room(), after).await?;
    let answer = wire.is_answered().await?;
    let mut last = match (&answer, from) {
        (Answer::Page { events, .. }, _) => follow(events, events.first().map_or(0, |event| event.seq - 1))?,
        (Answer::Resumed { missed, head }, Some(from)) => {
            // On an old connection events were still on their way.
            let begun = missed.iter().rposition(|event| event.seq == from + 1).unwrap_or(missed.len());
            let last = follow(&missed[begun..], from)?;
            if last != *head {
                return Err(format!("resumed at {head} after {last}"));
            }
            last
        }
        (answer, _) => return Err(format!("answered with {answer:?}")),
    };
    for _ in 0..FOLLOWED {
        let seq = wire.hears_until("message", |frame| match frame {
            ServerFrame::Events { events, .. } => events.first().map(|event| event.seq),
            _ => None,
        });
        let seq = seq.await?;
        if seq != last + 1 {
            return Err(format!("{seq} came live after {last}"));
        }
        last = seq;
    }
    Ok(last)
}

fn follow(events: &[Event], after: Seq) -> Result<Seq, String> {
    events.iter().try_fold(after, |last, event| {
        if event.seq == last + 1 { Ok(event.seq) } else { Err(format!("{} came after {last}", event.seq)) }
    })
}
