//! Whatever came, went missing, came twice or in whatever order: in the end a tab shows what a fresh load of the same
//! range shows. Frames go in through `Chat::take`, as from the socket; what the tab asks is answered as the server does it.

use std::cell::RefCell;

use app::browser::Browser;
use app::chat::{Chat, Connection};
use app::file::{File, FileId, FileLimits, Kind};
use app::first_page::FirstPage;
use app::i18n::Lang;
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Event, Seq, What};
use app::preferences::Theme;
use app::protocol::{ClientFrame, ServerFrame};
use app::room::{RoomSummary, Slug};
use app::talk::{Row, Talk};
use app::text::when::Local;
use app::timeline::Timeline;
use leptos::prelude::{Owner, untrack};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

/// Small, so that their edges are met often.
const PAGE_EVENTS: usize = 5;
const MAX_PAGE_EVENTS: usize = 8;
const MAX_RESUME_EVENTS: i64 = 9;

const EMOJI: [&str; 2] = ["👍", "🎉"];

thread_local! {
    static ASKED: RefCell<Vec<ClientFrame>> = const { RefCell::new(Vec::new()) };
}

/// What may happen.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody says something, or changes their name, after a pause.
    Says { who: i64, renames: bool, pause_ms: i64 },
    /// Somebody changes or deletes one of the newest messages, their own, while the clock may stand or be set back.
    Changes { back: usize, deletes: bool, pause_ms: i64 },
    /// Somebody puts an emoji to one of the newest messages, or takes theirs away.
    Reacts { who: i64, back: usize, emoji: usize },
    /// One of the frames on the way arrives, whichever.
    Arrives(usize),
    /// One of them is lost.
    IsLost(usize),
    /// An old event comes again.
    ComesAgain(usize),
    /// The server answers what was asked.
    Answers,
    /// People come.
    Notice,
    /// The heartbeat.
    Pong,
    /// The reader reads up.
    LoadsOlder,
    /// The reader reads here, and only so many events are kept.
    LetsGo { in_sight: Option<i64>, kept: usize },
    /// The reader goes to the end.
    GoesToEnd,
    /// The connection is cut and comes back.
    IsCut,
    /// The server comes back with an empty store.
    StartsOver,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..3_i64, prop::bool::weighted(0.1), prop_oneof![0..60_000_i64, 200_000..400_000_i64, 40_000_000..90_000_000_i64])
            .prop_map(|(who, renames, pause_ms)| Step::Says { who, renames, pause_ms }),
        6 => (0..12_usize, prop::bool::weighted(0.3), -5_000..60_000_i64)
            .prop_map(|(back, deletes, pause_ms)| Step::Changes { back, deletes, pause_ms }),
        6 => (0..3_i64, 0..12_usize, 0..EMOJI.len()).prop_map(|(who, back, emoji)| Step::Reacts { who, back, emoji }),
        10 => any::<usize>().prop_map(Step::Arrives),
        1 => any::<usize>().prop_map(Step::IsLost),
        2 => any::<usize>().prop_map(Step::ComesAgain),
        4 => Just(Step::Answers),
        1 => Just(Step::Notice),
        1 => Just(Step::Pong),
        3 => Just(Step::LoadsOlder),
        2 => (prop::option::of(0..40_i64), 1..12_usize).prop_map(|(in_sight, kept)| Step::LetsGo { in_sight, kept }),
        1 => Just(Step::GoesToEnd),
        1 => Just(Step::IsCut),
        1 => prop::bool::weighted(0.3).prop_map(|does| if does { Step::StartsOver } else { Step::Pong }),
    ]
}

/// A server with one room, and the frames between it and a tab.
struct World {
    /// As the store has it: messages say what they say now, and of what is deleted no text is left.
    log: Vec<Event>,
    epoch: u32,
    now_ms: i64,
    on_the_way: Vec<ServerFrame>,
    chat: Chat,
    talk: Talk,
}

impl World {
    fn new() -> Self {
        let chat = tab();
        let talk = chat.talk(&slug());
        let mut world = Self { log: Vec::new(), epoch: 1, now_ms: 0, on_the_way: Vec::new(), chat, talk };
        world.connects();
        world
    }

    fn head(&self) -> Seq {
        self.log.len() as Seq
    }

    fn page(&self, from: usize, to: usize) -> ServerFrame {
        ServerFrame::Page { room: room(), events: self.log[from..to].to_vec(), start: from == 0, people: Vec::new() }
    }

    fn connects(&mut self) {
        ASKED.take();
        self.on_the_way.clear();
        self.talk.resuming.set(false);
        self.talk.loading_older.set(false);
        self.chat.take(ServerFrame::Welcome { epoch: self.epoch.to_string(), me: member(0, 0), rooms: Vec::new() });
        ASKED.with_borrow_mut(|asked| asked.push(self.chat.asks_to_open(&slug())));
    }

    fn answers(&mut self) {
        for asked in ASKED.take() {
            match asked {
                ClientFrame::Open { after, .. } => self.opens(after.map(|after| (after.epoch, after.seq))),
                ClientFrame::Older { before, .. } => {
                    let to = (before - 1).clamp(0, self.head()) as usize;
                    let from = self.page_before(to);
                    let events = self.log[from..to].to_vec();
                    self.on_the_way.push(ServerFrame::Older { room: slug(), events, start: from == 0 });
                }
                _ => {}
            }
        }
    }

    /// Where a page begins that ends here: so many lines, and not too many events in all.
    fn page_before(&self, to: usize) -> usize {
        let lines = (0..to).rev().filter(|at| self.log[*at].has_line());
        let from = lines.take(PAGE_EVENTS).last().filter(|_| self.lines_before(to) >= PAGE_EVENTS).unwrap_or_default();
        from.max(to.saturating_sub(MAX_PAGE_EVENTS))
    }

    fn lines_before(&self, to: usize) -> usize {
        self.log[..to].iter().filter(|event| event.has_line()).count()
    }

    fn opens(&mut self, after: Option<(String, Seq)>) {
        let head = self.head();
        let can = |(epoch, seq): &(String, Seq)| {
            *epoch == self.epoch.to_string() && (0..=head).contains(seq) && head - seq <= MAX_RESUME_EVENTS
        };
        match after.filter(can) {
            Some((_, seq)) => {
                let missed = self.log[seq as usize..].iter().cloned();
                self.on_the_way.extend(missed.map(|event| ServerFrame::Events { room: slug(), events: vec![event] }));
                self.on_the_way.push(ServerFrame::Resumed { room: room(), head, people: Vec::new() });
            }
            None => self.on_the_way.push(self.page(self.page_before(self.log.len()), self.log.len())),
        }
    }

    fn goes(&mut self, step: Step) {
        let pick = |at: usize, of: usize| (of > 0).then(|| at % of);
        match step {
            Step::Says { who, renames, pause_ms } => self.says(who, renames, pause_ms),
            Step::Changes { back, deletes, pause_ms } => self.changes(back, deletes, pause_ms),
            Step::Reacts { who, back, emoji } => self.reacts(who, back, EMOJI[emoji]),
            Step::Arrives(at) => {
                if let Some(at) = pick(at, self.on_the_way.len()) {
                    self.chat.take(self.on_the_way.remove(at));
                }
            }
            Step::IsLost(at) => {
                if let Some(at) = pick(at, self.on_the_way.len()) {
                    self.on_the_way.remove(at);
                }
            }
            Step::ComesAgain(at) => {
                if let Some(at) = pick(at, self.log.len()) {
                    self.chat.take(ServerFrame::Events { room: slug(), events: vec![self.log[at].clone()] });
                }
            }
            Step::Answers => self.answers(),
            Step::Notice => {
                self.chat.take(ServerFrame::Arrived { room: slug(), who: vec![member(9, 0)], more: 0, here: 2 });
            }
            Step::Pong => self.chat.take(ServerFrame::Pong { heads: vec![(slug(), self.head())] }),
            Step::LoadsOlder => self.chat.load_older(&slug()),
            Step::LetsGo { in_sight, kept } => {
                let in_sight = in_sight.map(|seq| (seq, seq + 2));
                self.talk.timeline.update(|timeline| timeline.let_go(in_sight, kept));
            }
            Step::GoesToEnd => self.chat.rejoin(&slug()),
            Step::IsCut => self.connects(),
            Step::StartsOver => {
                self.epoch += 1;
                self.log.clear();
                self.connects();
            }
        }
    }

    fn says(&mut self, who: i64, renames: bool, pause_ms: i64) {
        self.now_ms += pause_ms;
        let seq = self.head() + 1;
        let what = if renames { What::Renamed { was: member(who, seq - 1).name } } else { self.said(seq) };
        let event = Event { seq, at_ms: self.now_ms, by: member(who, 0), what };
        self.log.push(event.clone());
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    /// Some messages carry a file, and some of those nothing else.
    fn said(&self, seq: Seq) -> What {
        let said = if seq % 5 == 0 { String::new() } else { format!("message {seq} of life {}", self.epoch) };
        let files = if seq % 5 < 2 { vec![file(seq)] } else { Vec::new() };
        What::Posted { cid: Cid(seq as u128), text: said, markup: None, edited_ms: None, files, beside: None }
    }

    /// As the store does it.
    fn changes(&mut self, back: usize, deletes: bool, pause_ms: i64) {
        let mine = self.log.iter().rev().filter(|event| event.is_posted() && !event.is_deleted()).nth(back);
        let Some(message) = mine.cloned() else { return };
        let What::Posted { edited_ms, .. } = message.what else { return };
        self.now_ms += pause_ms;
        let (seq, of) = (self.head() + 1, message.seq);
        let cid = Cid(seq as u128);
        let what = if deletes {
            What::Deleted { cid, of }
        } else {
            What::Edited { cid, of, text: format!("edit {seq} of life {}", self.epoch), markup: None }
        };
        let at_ms = self.now_ms.max(edited_ms.unwrap_or(message.at_ms) + 1);
        let event = Event { seq, at_ms, by: message.by, what };
        for known in &mut self.log {
            let (is_it, is_its_edit) = (known.seq == of, known.what.of() == Some(of));
            match (&mut known.what, &event.what) {
                (What::Posted { text, edited_ms, .. }, What::Edited { text: new, .. }) if is_it => {
                    (*text, *edited_ms) = (new.clone(), Some(at_ms));
                }
                (What::Posted { text, edited_ms, files, beside, .. }, _) if is_it => {
                    (*text, *edited_ms, *beside) = (String::new(), None, None);
                    files.clear();
                }
                (What::Edited { text, .. }, What::Deleted { .. }) if is_its_edit => text.clear(),
                _ => {}
            }
        }
        self.log.push(event.clone());
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    /// As the store does it.
    fn reacts(&mut self, who: i64, back: usize, emoji: &str) {
        let standing = self.log.iter().rposition(|event| event.is_posted() && !event.is_deleted());
        let Some(at) = standing
            .map(|last| last.saturating_sub(back))
            .filter(|at| self.log[*at].is_posted() && !self.log[*at].is_deleted())
        else {
            return;
        };
        let (seq, of, by) = (self.head() + 1, self.log[at].seq, member(who, 0));
        let before = self.log[at].beside().and_then(|beside| beside.reactions.of(emoji).cloned());
        let on = !before.as_ref().is_some_and(|reaction| reaction.is_by(by.id));
        let count = before.map_or(0, |reaction| reaction.count) + usize::from(on) - usize::from(!on);
        let what = What::Reacted { cid: Cid(seq as u128), of, emoji: emoji.to_owned(), on, count };
        let event = Event { seq, at_ms: self.now_ms, by, what };
        self.log[at].take_change(&event);
        self.log.push(event.clone());
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    /// The network holds, the reader goes to the end, and everything is answered in its order.
    fn settles(&mut self) {
        self.connects();
        self.chat.rejoin(&slug());
        while ASKED.with_borrow(|asked| !asked.is_empty()) {
            self.answers();
            std::mem::take(&mut self.on_the_way).into_iter().for_each(|frame| self.chat.take(frame));
            self.chat.rejoin(&slug());
        }
    }
}

fn tab() -> Chat {
    let ask = |frame| ASKED.with_borrow_mut(|asked| asked.push(frame));
    let (lang, theme) = (Lang::En, Theme::default());
    let page = FirstPage {
        path: slug().path(),
        lang,
        theme,
        offset_min: 0,
        cid: Cid(0),
        frames: Vec::new(),
        slip: None,
        files: FileLimits::default(),
    };
    let chat = Chat::new(page, Browser { ask, ..Browser::absent() });
    chat.connection.set(Connection::Live);
    chat
}

fn slug() -> Slug {
    Slug::from("madang".to_owned())
}

fn room() -> RoomSummary {
    RoomSummary { slug: slug(), name: "Madang".to_owned(), here: 1 }
}

fn file(seq: Seq) -> File {
    let (id, name) = (FileId::from(seq as u128), format!("{seq}.png"));
    File { id, name, kind: Kind::Picture, bytes: seq, width: 1, height: 1, blur: String::new() }
}

fn member(id: i64, version: i64) -> Member {
    Member { id: MemberId(id), name: Name::new(&format!("M{id} {version}")).expect("a name") }
}

fn is_unbroken(timeline: &Timeline) -> bool {
    timeline.end() - timeline.first() + 1 == timeline.len() as Seq
}

/// The lines that a reader sees, but for notices, which pass.
fn lines(talk: Talk) -> Vec<String> {
    let rows = untrack(|| talk.rows(None, |at_ms| Local::new(at_ms, 0)));
    rows.into_iter().filter(|(_, row)| !matches!(row, Row::Notice(_))).map(|line| format!("{line:?}")).collect()
}

#[test]
fn old_state_and_events_are_a_fresh_load() {
    const SEQUENCES: u32 = 5_000;
    const THREADS: u32 = 4;
    let run = || {
        let config =
            ProptestConfig { cases: SEQUENCES / THREADS, failure_persistence: None, ..ProptestConfig::default() };
        let sequences = prop::collection::vec(step(), 1..40);
        TestRunner::new(config).run(&sequences, ends_like_a_fresh_load).map_err(|failure| failure.to_string())
    };
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        runs.into_iter().for_each(|run| assert_eq!(run.join().expect("no panic outside of a sequence"), Ok(())));
    });
}

fn ends_like_a_fresh_load(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let owner = Owner::new();
    owner.set();
    let mut world = World::new();
    let has_notices = steps.iter().any(|step| matches!(step, Step::Notice));
    for step in steps {
        world.goes(step);
        prop_assert!(world.talk.timeline.with_untracked(is_unbroken));
    }
    world.settles();

    let (talk, head) = (world.talk, world.head());
    let (first, end) = talk.timeline.with_untracked(|timeline| (timeline.first(), timeline.end()));
    prop_assert_eq!(end, head, "up to the newest");
    prop_assert_eq!(talk.timeline.with_untracked(Timeline::last), head);
    prop_assert!(!talk.resuming.get_untracked());
    let event = |seq| talk.timeline.with_untracked(|timeline| timeline.event(seq).map(|event| Event::clone(event)));
    let range = (first as usize - 1)..end as usize;
    let said: Vec<_> = world.log[range.clone()].iter().cloned().map(Some).collect();
    prop_assert_eq!((first..=end).map(event).collect::<Vec<_>>(), said);
    prop_assert!(talk.timeline.with_untracked(|timeline| !timeline.reaches_start() || timeline.first() == 1));

    let fresh = tab();
    fresh.take(world.page(range.start, range.end));
    // A notice, which a fresh load knows nothing of, ends a group.
    if !has_notices {
        prop_assert_eq!(lines(talk), lines(fresh.talk(&slug())));
    }
    owner.cleanup();
    Ok(())
}
