//! Many people in a town: they walk in, write, settle, and are checked.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use app::protocol::{ClientFrame, ServerFrame};
use app::room::{FIRST_ROOM, Slug};
use tokio::time::sleep;

use crate::checker::check;
use crate::dice::Dice;
use crate::person::{Habits, Person};
use crate::record::Record;
use crate::report::Report;
use crate::town::Town;
use crate::wire::{Wire, sign_in};

/// How many rooms there are besides the first, where people are in more than one.
const SIDE_ROOMS: usize = 3;
/// How long people may need to be up to date once everything is well again.
const SETTLE_WITHIN: Duration = Duration::from_secs(60);

/// Many people.
#[derive(Default)]
pub(crate) struct Crowd {
    /// Who they are.
    pub(crate) people: Vec<Person>,
}

impl Crowd {
    /// So many people walk into a town through this door, each into the first room and some others, and wait until they are
    /// there.
    ///
    /// # Errors
    /// A sentence when somebody can't.
    pub(crate) async fn walks_in(
        town: &Town,
        door: SocketAddr,
        count: usize,
        habits: Habits,
        dice: &Dice,
    ) -> Result<Self, String> {
        let (mut crowd, mut rooms) = (Self::default(), vec![first_room()]);
        for number in 1..=count {
            let name = format!("Person {number}");
            let cookie = sign_in(town.address, &name, dice.named(&name).cid()).await?;
            if number == 1 {
                rooms.extend(side_rooms(town, &cookie, if habits.rooms > 1 { SIDE_ROOMS } else { 0 }).await?);
            }
            // Neighbours share rooms, and no two rooms have the same people.
            let mine = (0..habits.rooms).map(|place| if place == 0 { 0 } else { 1 + (number + place) % SIDE_ROOMS });
            let mine = mine.map(|place| rooms[place].clone()).collect();
            crowd.people.push(Person::opens(&name, cookie, door, mine, habits, dice));
        }
        crowd.settles().await?;
        Ok(crowd)
    }

    /// Everyone writes so many messages.
    pub(crate) fn writes(&self, each: usize, padding: usize) {
        for person in &self.people {
            (0..each).for_each(|_| person.writes(padding));
        }
    }

    /// Everyone writes whenever little of theirs is waiting, until the time is over.
    pub(crate) async fn writes_for(&self, time: Duration) {
        let began = Instant::now();
        while began.elapsed() < time {
            self.tops_up();
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Everyone of whose messages few are waiting writes some more.
    pub(crate) fn tops_up(&self) {
        for person in self.people.iter().filter(|person| person.waiting() < 4) {
            (0..8).for_each(|_| person.writes(0));
        }
    }

    /// How many messages were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.people.iter().map(Person::acknowledged).sum()
    }

    /// Everyone loads the page again, and waits until it is up to date: from here on a cut is everyone's first.
    ///
    /// # Errors
    /// A sentence that says who is not there yet.
    pub(crate) async fn reloads(&self) -> Result<(), String> {
        self.people.iter().for_each(Person::reloads);
        sleep(Duration::from_millis(100)).await;
        self.settles().await?;
        drop(self.takes_resumes());
        Ok(())
    }

    /// How long coming back took everyone since this was asked last, in milliseconds.
    pub(crate) fn takes_resumes(&self) -> Vec<f64> {
        self.people.iter().flat_map(Person::takes_resumes).collect()
    }

    /// Whether somebody was sent away for good.
    pub(crate) fn has_lost_somebody(&self) -> bool {
        self.people.iter().any(Person::is_away)
    }

    /// Waits until nothing waits any more and everyone sees the same last number.
    ///
    /// # Errors
    /// A sentence that says who is not there yet.
    pub(crate) async fn settles(&self) -> Result<(), String> {
        let began = Instant::now();
        while let Some(laggard) = self.laggard() {
            if self.has_lost_somebody() {
                return Err("people were sent away for good".to_owned());
            }
            if began.elapsed() > SETTLE_WITHIN {
                return Err(format!("after {SETTLE_WITHIN:?} people did not settle: {laggard}"));
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    fn laggard(&self) -> Option<String> {
        let stands: Vec<_> = self.people.iter().map(Person::stands).collect();
        let mut heads: BTreeMap<&Slug, i64> = BTreeMap::new();
        for (room, last) in stands.iter().flatten() {
            let head = heads.entry(room).or_default();
            *head = (*head).max(last.unwrap_or_default());
        }
        for (person, stand) in self.people.iter().zip(&stands) {
            if person.waiting() > 0 {
                return Some(format!("{} messages of one person are waiting", person.waiting()));
            }
            if let Some((room, last)) = stand.iter().find(|(room, last)| *last != Some(heads[room])) {
                return Some(format!("somebody stands at {last:?} of {} in {room}", heads[room]));
            }
        }
        None
    }

    /// Everyone closes the tab; what they showed.
    pub(crate) fn closes(self) -> Vec<Record> {
        self.people.into_iter().map(Person::closes).collect()
    }

    /// Waits until everyone is up to date, stops the town, and compares what everyone saw with its database.
    ///
    /// # Errors
    /// A sentence when the program does not stop in order.
    pub(crate) async fn compares_with(self, town: &mut Town, report: &mut Report) -> Result<(), String> {
        let settled = self.settles().await;
        let records = self.closes();
        let stopped = if town.has_ended() { Ok(Duration::ZERO) } else { town.is_told_to_stop().await };
        report.takes(check(&town.database(), &records));
        if let Err(laggard) = settled {
            report.blames(laggard);
        }
        let resumes: Vec<f64> = records.iter().flat_map(|record| record.resumes_ms.iter().copied()).collect();
        report.notes_times("from cut to resumed", &resumes);
        let put_off: usize = records.iter().map(|record| record.put_off).sum();
        if put_off > 0 {
            report.notes(format!("{put_off} put off"));
        }
        stopped.map(|_| ())
    }
}

/// Makes some rooms besides the first.
async fn side_rooms(town: &Town, cookie: &str, count: usize) -> Result<Vec<Slug>, String> {
    let (mut wire, _) = Wire::arrive(town.address, cookie).await?;
    let mut rooms = Vec::new();
    for number in 1..=count {
        wire.asks(&ClientFrame::Create { name: format!("Side room {number}") }).await?;
        let created = wire.hears_until("new room", |frame| match frame {
            ServerFrame::Created { room } => Some(room),
            _ => None,
        });
        rooms.push(created.await?);
    }
    Ok(rooms)
}

/// The room that is there from the start.
pub(crate) fn first_room() -> Slug {
    FIRST_ROOM.into()
}
