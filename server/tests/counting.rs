//! What is unread is right after any order of what people say, reply, change, delete, pin, follow, read and mark unread: the count
//! is the number of messages above the mark that count for that person, and the mentions are those that mention them now. All the
//! ways in which it is counted agree: by heart while one is connected, from the store, by the tab as it hears one event after the
//! other, and by a tab that comes back and hears them late.

use std::collections::{BTreeMap, BTreeSet};

use app::message::{Event, Seq};
use app::protocol::ClientFrame;
use app::thread::InThread;
use app::unread::{Mark, Unread};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::support::{Person, Town, Visitor, fresh_cid};

const NAMES: [&str; 3] = ["Ada", "Ben", "Cho"];
const ROOM: &str = "madang";
const SEQUENCES: usize = 12;

/// What may happen. People and messages are meant by any number, and it is the one that this leads to.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody says something to the room, and it may call somebody.
    Says { who: usize, calls: Calls },
    /// Somebody replies in a thread, and perhaps to the room, too.
    Replies { who: usize, to: usize, also: bool, calls: Calls },
    /// A message calls others from now on, or nobody.
    Edits { which: usize, calls: Calls },
    /// A message is deleted.
    Deletes { which: usize },
    /// Somebody puts an emoji to a message.
    Reacts { who: usize, which: usize },
    /// Somebody pins a message, or takes it from the wall.
    Pins { who: usize, which: usize, on: bool },
    /// Somebody follows a thread, or does not any more.
    Follows { who: usize, which: usize, does: bool },
    /// Somebody reads up to a number; it may be a late word that has not heard of a turn.
    Reads { who: usize, up_to: usize, late: bool },
    /// Somebody marks a message unread.
    MarksUnread { who: usize, from: usize },
    /// Somebody goes, and comes back to where they were.
    GoesAndComes { who: usize },
}

/// Whom a text calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calls {
    Nobody,
    Somebody(usize),
    Everyone,
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..NAMES.len();
    let calls =
        || prop_oneof![3 => Just(Calls::Nobody), 2 => who().prop_map(Calls::Somebody), 1 => Just(Calls::Everyone)];
    prop_oneof![
        4 => (who(), calls()).prop_map(|(who, calls)| Step::Says { who, calls }),
        6 => (who(), 0..1_000_usize, prop::bool::weighted(0.3), calls())
            .prop_map(|(who, to, also, calls)| Step::Replies { who, to, also, calls }),
        4 => (0..1_000_usize, calls()).prop_map(|(which, calls)| Step::Edits { which, calls }),
        2 => (0..1_000_usize).prop_map(|which| Step::Deletes { which }),
        1 => (who(), 0..1_000_usize).prop_map(|(who, which)| Step::Reacts { who, which }),
        1 => (who(), 0..1_000_usize, any::<bool>()).prop_map(|(who, which, on)| Step::Pins { who, which, on }),
        2 => (who(), 0..1_000_usize, any::<bool>()).prop_map(|(who, which, does)| Step::Follows { who, which, does }),
        2 => (who(), 0..1_000_usize, any::<bool>()).prop_map(|(who, up_to, late)| Step::Reads { who, up_to, late }),
        2 => (who(), 0..1_000_usize).prop_map(|(who, from)| Step::MarksUnread { who, from }),
        1 => who().prop_map(|who| Step::GoesAndComes { who }),
    ]
}

/// A message as it counts.
#[derive(Debug)]
struct Said {
    seq: Seq,
    by: usize,
    /// Of which thread it is, and whether it is said to the room, too.
    within: Option<(Seq, bool)>,
    /// Whom it counts for whatever it says, where it is said in a thread alone.
    to: BTreeSet<usize>,
    /// Whom it mentions now.
    mentions: BTreeSet<usize>,
    is_deleted: bool,
}

/// What has happened, as the promise has it.
#[derive(Default)]
struct Log {
    head: Seq,
    said: Vec<Said>,
    /// Who follows the thread of a message, and who does not any more.
    follow: BTreeMap<Seq, BTreeMap<usize, bool>>,
    marks: [Mark; NAMES.len()],
}

impl Log {
    /// How far somebody has read, how many messages after it count for them, and which mention them.
    fn standing(&self, me: usize) -> (Mark, usize, Vec<Seq>) {
        let mark = self.marks[me];
        let others = || self.said.iter().filter(|said| said.seq > mark.seq && said.by != me);
        let counts = |said: &&Said| {
            said.within.is_none_or(|(_, also)| also) || said.to.contains(&me) || said.mentions.contains(&me)
        };
        let mentions = others().filter(|said| said.mentions.contains(&me)).map(|said| said.seq).collect();
        (mark, others().filter(counts).count(), mentions)
    }

    fn says(&mut self, by: usize, within: Option<(Seq, bool)>, calls: Calls) {
        self.head += 1;
        let mentions = called(calls);
        let to = within.map(|(root, _)| self.joins(root, by)).into_iter().flatten().chain(mentions.clone()).collect();
        self.said.push(Said { seq: self.head, by, within, to, mentions, is_deleted: false });
    }

    /// Who follows a thread when somebody has replied in it.
    fn joins(&mut self, root: Seq, by: usize) -> Vec<usize> {
        let author = self.said.iter().find(|said| said.seq == root).expect("a message").by;
        let thread = self.follow.entry(root).or_default();
        thread.entry(author).or_insert(true);
        thread.insert(by, true);
        thread.iter().filter(|(_, does)| **does).map(|(who, _)| *who).collect()
    }

    fn pick(&self, which: usize, may_be: impl Fn(&&Said) -> bool) -> Option<&Said> {
        let found: Vec<&Said> = self.said.iter().filter(may_be).collect();
        found.get(which % found.len().max(1)).copied()
    }
}

fn called(calls: Calls) -> BTreeSet<usize> {
    match calls {
        Calls::Nobody => BTreeSet::new(),
        Calls::Somebody(who) => BTreeSet::from([who]),
        Calls::Everyone => (0..NAMES.len()).collect(),
    }
}

fn text(seq: Seq, calls: Calls) -> String {
    match calls {
        Calls::Nobody => format!("number {seq}"),
        Calls::Somebody(who) => format!("@{} number {seq}", NAMES[who]),
        Calls::Everyone => format!("@room number {seq}"),
    }
}

/// Somebody with the room open at a desk, and a phone on which it is not.
struct Reader {
    desk: Person,
    phone: Person,
    /// All that the desk has heard of the room.
    heard: Vec<Event>,
    /// What the phone was told last.
    told: Option<(Mark, usize, Vec<Seq>)>,
}

impl Reader {
    async fn walks_in(town: &Town, name: &str) -> Self {
        let mut desk = town.walks_in(name).await;
        desk.opens(ROOM).await;
        let phone = desk.opens_another_tab().await;
        Self { desk, phone, heard: Vec::new(), told: None }
    }

    async fn hears_up_to(&mut self, head: Seq) {
        if self.heard.last().map_or(0, |event| event.seq) < head {
            self.heard.extend(self.desk.sees_up_to(head).await);
        }
    }

    /// Both tabs are closed, and then there are others.
    async fn goes_and_comes(self, name: &str) -> Self {
        let browser = self.desk.goes().await;
        self.phone.goes().await;
        Self::comes_back(browser, name, self.heard).await
    }

    async fn comes_back(browser: Visitor, name: &str, heard: Vec<Event>) -> Self {
        let mut desk = browser.opens_a_tab(name).await;
        desk.resumes(ROOM, heard.last().map_or(0, |event| event.seq)).await;
        desk.is_resumed(ROOM).await;
        let phone = browser.opens_a_tab(name).await;
        Self { desk, phone, heard, told: None }
    }

    /// What the phone is told in the end.
    async fn is_told(&mut self, standing: &(Mark, usize, Vec<Seq>), steps: &[Step]) {
        let told = async {
            loop {
                self.told = self.phone.was_told_of(ROOM).await.pop().or(self.told.take());
                if self.told.as_ref() == Some(standing) {
                    return;
                }
            }
        };
        let in_time = tokio::time::timeout(crate::support::DEADLINE, told).await;
        assert!(in_time.is_ok(), "{:?} and not {standing:?} after {steps:?}", self.told);
    }
}

/// The town and its three readers, and what has happened.
struct World {
    log: Log,
    readers: Vec<Reader>,
}

impl World {
    async fn goes(&mut self, step: Step) {
        match step {
            Step::Says { who, calls } => {
                self.readers[who].desk.posts(&text(self.log.head + 1, calls)).await;
                self.log.says(who, None, calls);
            }
            Step::Replies { who, to, also, calls } => {
                let Some(of) = self.log.pick(to, |said| said.within.is_none()).map(|said| said.seq) else { return };
                let (cid, text) = (fresh_cid(), text(self.log.head + 1, calls));
                let within = Some(InThread { of, also, ..InThread::default() });
                let reply =
                    ClientFrame::Post { room: ROOM.into(), cid, text, files: Vec::new(), reply_to: None, within };
                self.readers[who].desk.asks(reply).await;
                self.log.says(who, Some((of, also)), calls);
            }
            Step::Edits { which, calls } => {
                let Some((of, by)) = self.standing_message(which) else { return };
                let (cid, text) = (fresh_cid(), text(self.log.head + 1, calls));
                self.readers[by].desk.asks(ClientFrame::Edit { room: ROOM.into(), of, cid, text }).await;
                self.changes(of, called(calls), false);
            }
            Step::Deletes { which } => {
                let Some((of, by)) = self.standing_message(which) else { return };
                self.readers[by].desk.asks(ClientFrame::Delete { room: ROOM.into(), of, cid: fresh_cid() }).await;
                self.changes(of, BTreeSet::new(), true);
            }
            Step::Reacts { who, which } => {
                let Some((of, _)) = self.standing_message(which) else { return };
                let (cid, emoji) = (fresh_cid(), "👍".to_owned());
                self.readers[who].desk.asks(ClientFrame::React { room: ROOM.into(), of, cid, emoji, on: true }).await;
                self.log.head += 1;
            }
            Step::Pins { who, which, on } => {
                let Some((of, _)) = self.standing_message(which) else { return };
                self.readers[who].desk.asks(ClientFrame::Pin { room: ROOM.into(), of, cid: fresh_cid(), on }).await;
                self.log.head += 1;
            }
            Step::Follows { who, which, does } => {
                let Some(of) = self.log.pick(which, |said| said.within.is_none()).map(|said| said.seq) else { return };
                let (path, what) = (format!("/rooms/{ROOM}/{of}/thread"), if does { "follow" } else { "unfollow" });
                let answer = self.readers[who].desk.browser().submits(&path, &[("do", what)]).await;
                assert_eq!(answer.status, 303, "{answer:?}");
                self.log.follow.entry(of).or_default().insert(who, does);
            }
            Step::Reads { who, up_to, late } => {
                let known = self.log.marks[who];
                let turn = if late { known.turn.saturating_sub(1) } else { known.turn };
                self.marks(who, Mark { turn, seq: up_to as Seq % (self.log.head + 1) }).await;
            }
            Step::MarksUnread { who, from } => {
                let turn = self.log.marks[who].turn + 1;
                self.marks(who, Mark { turn, seq: from as Seq % (self.log.head + 1) }).await;
            }
            Step::GoesAndComes { who } => {
                self.readers[who].hears_up_to(self.log.head).await;
                let reader = self.readers.remove(who).goes_and_comes(NAMES[who]).await;
                self.readers.insert(who, reader);
            }
        }
        for reader in &mut self.readers {
            reader.hears_up_to(self.log.head).await;
        }
    }

    /// A message that still stands, and whose it is.
    fn standing_message(&self, which: usize) -> Option<(Seq, usize)> {
        self.log.pick(which, |said| !said.is_deleted).map(|said| (said.seq, said.by))
    }

    fn changes(&mut self, of: Seq, mentions: BTreeSet<usize>, is_deleted: bool) {
        self.log.head += 1;
        let said = self.log.said.iter_mut().find(|said| said.seq == of).expect("a message");
        (said.mentions, said.is_deleted) = (mentions, is_deleted);
    }

    async fn marks(&mut self, who: usize, mark: Mark) {
        let desk = &mut self.readers[who].desk;
        desk.reads_in_turn(mark.turn, mark.seq).await;
        desk.pings().await;
        self.log.marks[who] = self.log.marks[who].max(mark);
    }
}

/// What a tab counts that hears these events after its mark.
fn counted(mark: Mark, events: &[Event], me: &Person) -> (Mark, usize, Vec<Seq>) {
    let mut unread = Unread::new(mark.seq, mark.seq, 0).in_turn(mark.turn);
    for event in events {
        unread.hear(event, Some(me.me.id));
    }
    (unread.mark(), unread.count(), unread.mentions().to_vec())
}

/// A tab is told of the room, perhaps again, and of nothing but this.
async fn is_all_that_is_told(tab: &mut Person, standing: &(Mark, usize, Vec<Seq>), (how, steps): (&str, &[Step])) {
    let told = tab.was_told_of(ROOM).await;
    assert!(
        !told.is_empty() && told.iter().all(|it| it == standing),
        "{told:?} and not {standing:?} {how}, after {steps:?}"
    );
}

async fn is_counted_right(steps: Vec<Step>) {
    let set =
        |serve: &mut server::config::Serve| (serve.messages_per_second, serve.message_burst) = (1_000_000, 1_000_000);
    let mut town = Town::plan().set(set).open().await;
    let mut readers = Vec::new();
    for name in NAMES {
        readers.push(Reader::walks_in(&town, name).await);
    }
    let mut world = World { log: Log::default(), readers };
    for step in steps.clone() {
        world.goes(step).await;
    }

    let World { log, readers } = world;
    let mut browsers = Vec::new();
    for (who, mut reader) in readers.into_iter().enumerate() {
        let standing = log.standing(who);
        reader.is_told(&standing, &steps).await;
        let mut tablet = reader.desk.opens_another_tab().await;
        is_all_that_is_told(&mut tablet, &standing, ("by heart", &steps)).await;
        assert_eq!(counted(standing.0, &reader.heard, &tablet), standing, "one by one, after {steps:?}");
        tablet.resumes(ROOM, 0).await;
        let events = if log.head > 0 { tablet.sees_up_to(log.head).await } else { Vec::new() };
        assert_eq!(counted(standing.0, &events, &tablet), standing, "late, after {steps:?}");
        tablet.goes().await;
        let again = reader.goes_and_comes(NAMES[who]).await;
        let (mut phone, desk) = (again.phone, again.desk);
        is_all_that_is_told(&mut phone, &standing, ("come back", &steps)).await;
        phone.goes().await;
        browsers.push(desk.goes().await);
    }
    town.restarts().await;
    for (who, browser) in browsers.into_iter().enumerate() {
        let mut tab = browser.opens_a_tab(NAMES[who]).await;
        is_all_that_is_told(&mut tab, &log.standing(who), ("from the store", &steps)).await;
    }
}

#[tokio::test]
async fn the_count_is_the_number_of_messages_above_the_mark_that_count_for_one_in_any_order_of_events() {
    let mut runner = TestRunner::default();
    let sequences = prop::collection::vec(step(), 10..40);
    for _ in 0..SEQUENCES {
        let steps = sequences.new_tree(&mut runner).expect("steps").current();
        is_counted_right(steps).await;
    }
}
