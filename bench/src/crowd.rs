//! Many people at once: connects them, has some of them post by a plan, and counts what everyone gets. Threads that share
//! nothing but a few counters, each with its people on one poll; frames are read where they lie, writes are joined.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::dialect::Dialect;
use crate::histogram::Histogram;
use crate::tally::Tally;
use crate::worker::Worker;

/// How long all of them together may take to get in.
const IN_WITHIN: Duration = Duration::from_secs(60);
/// How long what was sent may take to arrive once nothing new is sent, without any progress.
const STILL_WITHIN: Duration = Duration::from_secs(5);

/// Who comes, and what they do.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Where the server is.
    pub(crate) address: SocketAddr,
    /// What it understands.
    pub(crate) dialect: Dialect,
    /// The rooms' names, as the server knows them.
    pub(crate) rooms: Vec<String>,
    /// How many are in each room.
    pub(crate) people_a_room: usize,
    /// How many of them post.
    pub(crate) senders_a_room: usize,
    /// The cookie of each person, where the server asks for one; room by room.
    pub(crate) cookies: Vec<String>,
    /// How they post.
    pub(crate) pace: Pace,
    /// How many threads they share.
    pub(crate) threads: usize,
}

impl Plan {
    /// How long it takes until everybody who posts by the clock has posted once.
    pub(crate) fn round_takes(&self) -> Duration {
        let Pace::PerSecond(rate) = self.pace else { return Duration::ZERO };
        Duration::from_secs_f64((self.rooms.len() * self.senders_a_room) as f64 / rate)
    }
}

/// How people post.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pace {
    /// Each keeps so many unconfirmed messages on the way.
    Window(u32),
    /// All together post so many a second, in turn, at moments that don't depend on any answer.
    PerSecond(f64),
}

/// What everybody does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
#[repr(u8)]
pub(crate) enum Phase {
    /// Getting in.
    Entering,
    /// Listening only.
    Silent,
    /// Posting.
    Posting,
    /// Posting no more, still listening.
    Ending,
    /// Going.
    Gone,
}

/// What the threads and whoever watches them share.
#[derive(Debug)]
pub(crate) struct Shared {
    phase: AtomicU8,
    /// When the run began; all moments count from here.
    pub(crate) began: Instant,
    /// From when on latency is recorded, in nanoseconds.
    pub(crate) recorded_from_ns: AtomicU64,
    /// When posting begins, in nanoseconds.
    pub(crate) posting_from_ns: AtomicU64,
    /// How many are in.
    pub(crate) inside: AtomicUsize,
    /// How many connections were refused or lost.
    pub(crate) dropped: AtomicUsize,
    counters: Vec<Counters>,
}

/// What a thread has seen so far.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Counters {
    pub(crate) deliveries: AtomicU64,
    pub(crate) confirmed: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) busy_ns: AtomicU64,
}

/// What one person has sent and got.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// In which room.
    pub(crate) room: u16,
    /// As which of its senders, and how many.
    pub(crate) sent: Option<(u16, u32)>,
    /// What came.
    pub(crate) tally: Tally,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    /// Texts that reached somebody.
    pub(crate) deliveries: u64,
    /// Texts that came home to their sender.
    pub(crate) confirmed: u64,
    /// Texts that were sent.
    pub(crate) sent: u64,
    /// How long the threads had something to do, in nanoseconds; else they only looked whether there is something.
    pub(crate) busy_ns: u64,
}

/// People who are connected.
pub(crate) struct Crowd {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<(Histogram, Vec<Outcome>)>>,
    people: usize,
    people_a_room: usize,
    rooms: usize,
    senders_a_room: usize,
}

/// Everything that a run showed.
#[derive(Debug)]
pub(crate) struct Seen {
    /// From the moment a text was meant to be sent to its arrival, each of them.
    pub(crate) latency: Histogram,
    /// Texts that never arrived, summed over receivers.
    pub(crate) lost: u64,
    /// That arrived twice.
    pub(crate) doubled: u64,
    /// That arrived after a later one of the same sender.
    pub(crate) disordered: u64,
    /// That arrived in another room.
    pub(crate) misdirected: u64,
    /// How many receivers saw another order than the first of their room.
    pub(crate) other_orders: u64,
    /// Connections that were refused or lost.
    pub(crate) dropped: usize,
}

impl Shared {
    /// What everybody does now.
    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Entering,
            1 => Phase::Silent,
            2 => Phase::Posting,
            3 => Phase::Ending,
            _ => Phase::Gone,
        }
    }

    /// Nanoseconds since the run began.
    pub(crate) fn now_ns(&self) -> u64 {
        self.began.elapsed().as_nanos() as u64
    }

    /// A thread's own counters.
    pub(crate) fn counters(&self, thread: usize) -> &Counters {
        &self.counters[thread]
    }
}

impl Crowd {
    /// Sends all of them in; how long that took until the last was inside.
    ///
    /// # Errors
    /// A sentence, when not all got in.
    pub(crate) fn enter(plan: Plan) -> Result<(Self, Duration), String> {
        let counters = (0..plan.threads).map(|_| Counters::default()).collect();
        let shared = Arc::new(Shared {
            phase: AtomicU8::new(Phase::Entering as u8),
            began: Instant::now(),
            recorded_from_ns: AtomicU64::new(u64::MAX),
            posting_from_ns: AtomicU64::new(u64::MAX),
            inside: AtomicUsize::new(0),
            dropped: AtomicUsize::new(0),
            counters,
        });
        let (rooms, people_a_room, senders_a_room) = (plan.rooms.len(), plan.people_a_room, plan.senders_a_room);
        let workers: Result<Vec<Worker>, _> =
            (0..plan.threads).map(|thread| Worker::new(&plan, &shared, thread)).collect();
        let workers = workers.map_err(|error| format!("the system gives no poll: {error}"))?;
        let threads = workers.into_iter().map(|worker| std::thread::spawn(move || worker.run())).collect();
        let crowd = Self { shared, threads, people: rooms * people_a_room, people_a_room, rooms, senders_a_room };
        let took = crowd.until_inside()?;
        Ok((crowd, took))
    }

    fn until_inside(&self) -> Result<Duration, String> {
        loop {
            let (inside, dropped) =
                (self.shared.inside.load(Ordering::Acquire), self.shared.dropped.load(Ordering::Acquire));
            let took = self.shared.began.elapsed();
            if inside == self.people {
                return Ok(took);
            }
            if took > IN_WITHIN || dropped > 0 {
                self.turn_to(Phase::Gone);
                return Err(format!(
                    "{inside} of {} got in within {} s, {dropped} were dropped",
                    self.people,
                    took.as_secs()
                ));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Nobody says anything.
    pub(crate) fn is_silent(&self) {
        self.turn_to(Phase::Silent);
    }

    /// Those who post begin.
    pub(crate) fn begins_to_post(&self) {
        self.shared.posting_from_ns.store(self.shared.now_ns(), Ordering::Release);
        self.turn_to(Phase::Posting);
    }

    /// From here on latency is recorded; the counters of this moment.
    pub(crate) fn is_recorded_from_now(&self) -> Sums {
        self.shared.recorded_from_ns.store(self.shared.now_ns(), Ordering::Release);
        self.sums()
    }

    /// The counters of this moment.
    pub(crate) fn sums(&self) -> Sums {
        let sum = |pick: fn(&Counters) -> &AtomicU64| {
            self.shared.counters.iter().map(|counters| pick(counters).load(Ordering::Acquire)).sum()
        };
        Sums {
            deliveries: sum(|counters| &counters.deliveries),
            confirmed: sum(|counters| &counters.confirmed),
            sent: sum(|counters| &counters.sent),
            busy_ns: sum(|counters| &counters.busy_ns),
        }
    }

    /// How many connections were lost so far.
    pub(crate) fn dropped(&self) -> usize {
        self.shared.dropped.load(Ordering::Acquire)
    }

    /// Nobody posts any more; waits for what is on its way, sends all home and adds up what they saw.
    pub(crate) fn goes(self) -> Seen {
        self.turn_to(Phase::Ending);
        self.until_still();
        self.turn_to(Phase::Gone);
        let mut seen = Seen {
            latency: Histogram::new(),
            lost: 0,
            doubled: 0,
            disordered: 0,
            misdirected: 0,
            other_orders: 0,
            dropped: self.dropped(),
        };
        let mut outcomes = Vec::with_capacity(self.people);
        for thread in self.threads {
            let (latency, of_thread) = thread.join().expect("no thread of ours panics");
            seen.latency.add(&latency);
            outcomes.extend(of_thread);
        }
        seen.add_up(&outcomes, self.rooms, self.senders_a_room);
        seen
    }

    fn until_still(&self) {
        let (mut last, mut progressed) = (self.sums(), Instant::now());
        // A message that is being sent at this moment is not in the sums yet.
        std::thread::sleep(Duration::from_millis(50));
        while self.sums().deliveries < self.sums().sent * self.people_a_room as u64
            && progressed.elapsed() < STILL_WITHIN
        {
            std::thread::sleep(Duration::from_millis(10));
            let now = self.sums();
            if now.deliveries != last.deliveries {
                (last, progressed) = (now, Instant::now());
            }
        }
        // What comes now would be a double.
        std::thread::sleep(Duration::from_millis(100));
    }

    fn turn_to(&self, phase: Phase) {
        self.shared.phase.store(phase as u8, Ordering::Release);
    }
}

impl Seen {
    fn add_up(&mut self, outcomes: &[Outcome], rooms: usize, senders_a_room: usize) {
        let mut sent = vec![vec![0; senders_a_room]; rooms];
        let mut orders: Vec<Option<u64>> = vec![None; rooms];
        for outcome in outcomes {
            if let Some((sender, count)) = outcome.sent {
                sent[usize::from(outcome.room)][usize::from(sender)] = count;
            }
        }
        for Outcome { room, tally, .. } in outcomes {
            self.lost += tally.lost(&sent[usize::from(*room)]);
            self.doubled += tally.doubled;
            self.disordered += tally.disordered;
            self.misdirected += tally.misdirected;
            let order = orders[usize::from(*room)].get_or_insert(tally.order);
            self.other_orders += u64::from(*order != tally.order);
        }
    }
}
