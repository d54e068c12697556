//! One id is sent one to five times, over two sockets at once and again after the program was killed: it is one message, and
//! every answer names the same number. Under the same id another text is refused.

use std::collections::HashMap;
use std::net::SocketAddr;

use app::message::{Cid, Event, Seq};
use app::protocol::{ClientFrame, ServerFrame};
use app::refusal::Refusal;
use app::room::Slug;

use crate::checker::check;
use crate::crowd::first_room;
use crate::dice::Dice;
use crate::record::{Acknowledged, Record, event_digest};
use crate::stage::Stage;
use crate::wire::{Answer, Wire, sign_in};

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let cookie = sign_in(town.address, "Repeater", stage.dice.cid()).await?;
    let mut repeater = Repeater::new();
    for round in 0..stage.size(3, 30) {
        let messages = repeater.writes(stage.size(60, 300), &mut stage.dice);
        // Sent over two sockets, and the answers to some of it are never read: the program is killed.
        let mut sockets = two_sockets(town.address, &cookie).await?;
        for (cid, text, times) in &messages {
            for time in 0..*times {
                sockets[time % 2].asks(&post(*cid, text)).await?;
            }
        }
        repeater.hears_some(&mut sockets, messages.len() / 2).await?;
        town.is_killed();
        town.starts().await?;
        // Whatever became of it, it is sent again.
        let mut sockets = two_sockets(town.address, &cookie).await?;
        for (number, (cid, text, _)) in messages.iter().enumerate() {
            sockets[number % 2].asks(&post(*cid, text)).await?;
            repeater.hears_of(&mut sockets[number % 2], *cid).await?;
        }
        let (cid, text, _) = &messages[round % messages.len()];
        sockets[0].asks(&post(*cid, &format!("{text}, changed"))).await?;
        let answer = sockets[0].hears_until("answer", |frame| match frame {
            ServerFrame::Refused { why, .. } => Some(why == Refusal::MessageChanged),
            ServerFrame::Events { events, .. } => events.iter().any(|event| event.cid == Some(*cid)).then_some(false),
            _ => None,
        });
        let is_refused = answer.await?;
        stage.report.demands(is_refused, || format!("another text was taken under the id {cid}"));
    }
    town.is_told_to_stop().await?;
    stage.report.takes(check(&town.database(), &[repeater.record]));
    Ok(())
}

/// Somebody who says everything more than once, and remembers every number that was answered.
struct Repeater {
    room: Slug,
    numbers: HashMap<Cid, Seq>,
    record: Record,
    written: usize,
}

impl Repeater {
    fn new() -> Self {
        let record = Record::of("Repeater");
        Self { room: first_room(), numbers: HashMap::new(), record, written: 0 }
    }

    /// So many messages: id, text, and how often each is sent.
    fn writes(&mut self, count: usize, dice: &mut Dice) -> Vec<(Cid, String, usize)> {
        let messages = (0..count).map(|_| {
            self.written += 1;
            (dice.cid(), format!("message {}", self.written), 1 + dice.below(5))
        });
        messages.collect()
    }

    /// Listens to both sockets until so many different messages were answered.
    async fn hears_some(&mut self, sockets: &mut [Wire; 2], count: usize) -> Result<(), String> {
        let known = self.numbers.len();
        while self.numbers.len() < known + count {
            let [first, second] = &mut *sockets;
            let event = tokio::select! {
                event = next_event(first) => event?,
                event = next_event(second) => event?,
            };
            self.notes(&event);
        }
        Ok(())
    }

    /// Listens until this message is answered.
    async fn hears_of(&mut self, socket: &mut Wire, cid: Cid) -> Result<(), String> {
        loop {
            let event = next_event(socket).await?;
            self.notes(&event);
            if event.cid == Some(cid) {
                return Ok(());
            }
        }
    }

    fn notes(&mut self, event: &Event) {
        let Some(cid) = event.cid else { return };
        let seq = event.seq;
        if let Some(before) = self.numbers.insert(cid, seq).filter(|before| *before != seq) {
            self.record.twice.push(format!("message {cid} came home as {before} and as {seq}"));
        }
        let (room, digest) = (self.room.clone(), event_digest(event));
        self.record.acknowledged.push(Acknowledged { room, cid, seq, digest });
    }
}

fn post(cid: Cid, text: &str) -> ClientFrame {
    ClientFrame::Post {
        room: first_room(),
        cid,
        text: text.to_owned(),
        files: Vec::new(),
        reply_to: None,
        within: None,
    }
}

/// Two tabs of one browser, both in the room.
async fn two_sockets(address: SocketAddr, cookie: &str) -> Result<[Wire; 2], String> {
    Ok([socket(address, cookie).await?, socket(address, cookie).await?])
}

async fn socket(address: SocketAddr, cookie: &str) -> Result<Wire, String> {
    let (mut wire, _) = Wire::arrive(address, cookie).await?;
    wire.opens(&first_room(), None).await?;
    match wire.is_answered().await? {
        Answer::Page { .. } => Ok(wire),
        other => Err(format!("instead of a page: {other:?}")),
    }
}

async fn next_event(socket: &mut Wire) -> Result<Event, String> {
    let event = socket.hears_until("message", |frame| match frame {
        ServerFrame::Events { events, .. } => events.into_iter().next(),
        _ => None,
    });
    event.await
}
