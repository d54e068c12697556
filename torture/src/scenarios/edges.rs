//! The edges of coming back: each kind of position is answered with exactly what was missed, or plainly with a fresh page.

use app::message::{Cid, Event, Seq};
use app::protocol::{ClientFrame, MAX_RESUME_EVENTS, PAGE_EVENTS, Position, ServerFrame};
use app::refusal::Refusal;

use crate::checker::check;
use crate::crowd::first_room;
use crate::dice::Dice;
use crate::record::{Record, Shown};
use crate::stage::Stage;
use crate::town::Town;
use crate::wire::{Answer, Wire, sign_in};

/// So many were missed by somebody who was away for long.
const MANY: Seq = 10_000;
/// How many messages are on their way at once while the room is filled.
const WINDOW: usize = 256;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let mut reader = Reader::walks_in(&town, &mut stage.dice).await?;

    reader.gets_page("an empty room", None, 0).await;
    reader.gets("nothing seen yet of an empty room", Position { epoch: reader.epoch.clone(), seq: 0 }, 0).await;
    let mut writer = Writer::walks_in(&town, &mut stage.dice).await?;
    writer.writes(1, &mut stage.dice).await?;
    let one = reader.at(0);
    reader.gets("nothing seen yet, one missed", one, 1).await;
    writer.writes(MAX_RESUME_EVENTS as usize - 1, &mut stage.dice).await?;
    let head = MAX_RESUME_EVENTS;
    for (what, seq) in [
        ("the most that can be missed", 0),
        ("one missed", head - 1),
        ("none missed", head),
        ("none missed, again", head),
    ] {
        reader.gets(what, reader.at(seq), head - seq).await;
    }
    let many = MANY + head;
    writer.writes((many - head) as usize, &mut stage.dice).await?;
    for (what, position) in [
        ("10,000 missed", reader.at(head)),
        ("one more missed than can be", reader.at(many - MAX_RESUME_EVENTS - 1)),
        ("a number from the future", reader.at(many + 1)),
        ("a number from far in the future", reader.at(Seq::MAX)),
        ("a negative number", reader.at(-1)),
        ("the most negative number", reader.at(Seq::MIN)),
        ("another epoch", Position { epoch: "0000000000000000".to_owned(), seq: many }),
        ("no epoch", Position { epoch: String::new(), seq: many }),
    ] {
        reader.gets_page(what, Some(position), many).await;
    }
    reader.gets("one missed, at the end", reader.at(many - 1), 1).await;
    let epoch = reader.epoch.clone();
    for seq in ["\"12\"", "null", "1.5", "[]", "99999999999999999999"] {
        let frame = format!(r#"{{"open":{{"room":"madang","after":{{"epoch":"{epoch}","seq":{seq}}}}}}}"#);
        reader.is_refused(frame, Refusal::UnknownFrame).await;
    }
    let nowhere = format!(r#"{{"open":{{"room":"nowhere","after":{{"epoch":"{epoch}","seq":1}}}}}}"#);
    reader.is_refused(nowhere, Refusal::RoomUnknown).await;
    reader.gets("one missed, after all that", reader.at(many - 1), 1).await;

    stage.report.notes(format!("{} edges", reader.edges));
    reader.faults.drain(..).for_each(|fault| stage.report.blames(fault));
    town.is_told_to_stop().await?;
    stage.report.takes(check(&town.database(), &[reader.record]));
    Ok(())
}

/// Somebody who comes back again and again, always to another place, over a connection of its own each time.
struct Reader {
    town: std::net::SocketAddr,
    cookie: String,
    epoch: String,
    record: Record,
    edges: usize,
    faults: Vec<String>,
}

impl Reader {
    async fn walks_in(town: &Town, dice: &mut Dice) -> Result<Self, String> {
        let cookie = sign_in(town.address, "Reader", dice.cid()).await?;
        let (_, epoch) = Wire::arrive(town.address, &cookie).await?;
        let record = Record::of("Reader");
        Ok(Self { town: town.address, cookie, epoch, record, edges: 0, faults: Vec::new() })
    }

    fn at(&self, seq: Seq) -> Position {
        Position { epoch: self.epoch.clone(), seq }
    }

    /// The position is served with exactly so many events, which follow it.
    async fn gets(&mut self, what: &str, position: Position, missed: Seq) {
        let seq = position.seq;
        match self.opens(Some(position)).await {
            Ok(Answer::Resumed { missed: events, head }) => {
                let is_right = head == seq + missed && follow(&events, seq) && events.len() as Seq == missed;
                self.judges(is_right, || format!("{what}: {} events and the head {head}", events.len()));
                self.shows(&events);
            }
            other => self.judges(false, || format!("{what}: {}", told(&other))),
        }
    }

    /// The position can't be served, and is answered with the newest page.
    async fn gets_page(&mut self, what: &str, position: Option<Position>, head: Seq) {
        match self.opens(position).await {
            Ok(Answer::Page { events, start }) => {
                let first = (head - PAGE_EVENTS as Seq).max(0);
                let is_right = events.len() as Seq == head - first && follow(&events, first) && start == (first == 0);
                self.judges(is_right, || format!("{what}: a page of {} events", events.len()));
                self.shows(&events);
            }
            other => self.judges(false, || format!("{what}: {}", told(&other))),
        }
    }

    /// The frame is refused for this reason, and the connection goes on.
    async fn is_refused(&mut self, frame: String, why: Refusal) {
        let answered = async {
            let (mut wire, _) = Wire::arrive(self.town, &self.cookie).await?;
            wire.says(frame.clone()).await?;
            let answer = wire.is_answered().await?;
            wire.asks(&ClientFrame::Ping {}).await?;
            wire.hears_until("pong", |frame| matches!(frame, ServerFrame::Pong { .. }).then_some(())).await?;
            Ok(answer)
        };
        let answer: Result<Answer, String> = answered.await;
        let is_right = matches!(&answer, Ok(Answer::Refused(refused)) if *refused == why);
        self.judges(is_right, || format!("{frame}: {}", told(&answer)));
    }

    async fn opens(&self, after: Option<Position>) -> Result<Answer, String> {
        let (mut wire, _) = Wire::arrive(self.town, &self.cookie).await?;
        wire.opens(&first_room(), after).await?;
        wire.is_answered().await
    }

    fn judges(&mut self, is_right: bool, otherwise: impl FnOnce() -> String) {
        self.edges += 1;
        if !is_right {
            self.faults.push(otherwise());
        }
    }

    fn shows(&mut self, events: &[Event]) {
        let screen = self.edges;
        self.record.shown.extend(events.iter().map(|event| Shown::new(&first_room(), screen, event)));
    }
}

/// Whether these come one after the other, right after a number.
fn follow(events: &[Event], after: Seq) -> bool {
    (after + 1..).zip(events).all(|(expected, event)| event.seq == expected)
}

fn told(answer: &Result<Answer, String>) -> String {
    match answer {
        Ok(Answer::Page { events, .. }) => format!("a page of {}", events.len()),
        Ok(Answer::Resumed { missed, head }) => format!("{} events, resumed at {head}", missed.len()),
        Ok(Answer::Refused(why)) => format!("refused, {why:?}"),
        Err(sentence) => sentence.clone(),
    }
}

/// Somebody who fills the room quickly.
struct Writer {
    wire: Wire,
    written: usize,
}

impl Writer {
    async fn walks_in(town: &Town, dice: &mut Dice) -> Result<Self, String> {
        let cookie = sign_in(town.address, "Writer", dice.cid()).await?;
        let (mut wire, _) = Wire::arrive(town.address, &cookie).await?;
        wire.opens(&first_room(), None).await?;
        wire.is_answered().await?;
        Ok(Self { wire, written: 0 })
    }

    async fn writes(&mut self, count: usize, dice: &mut Dice) -> Result<(), String> {
        for begun in (0..count).step_by(WINDOW) {
            let now = WINDOW.min(count - begun);
            for _ in 0..now {
                self.written += 1;
                self.wire.feed(&post(dice.cid(), self.written)).await?;
            }
            self.wire.flush().await?;
            for _ in 0..now {
                let came = |frame| matches!(frame, ServerFrame::Events { .. }).then_some(());
                self.wire.hears_until("message", came).await?;
            }
        }
        Ok(())
    }
}

fn post(cid: Cid, number: usize) -> ClientFrame {
    ClientFrame::Post {
        room: first_room(),
        cid,
        text: format!("message {number}"),
        files: Vec::new(),
        reply_to: None,
        within: None,
    }
}
