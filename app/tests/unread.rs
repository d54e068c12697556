//! However the words on what was said and what was read come, in whatever order, twice or late: in the end the count that a
//! tab shows is the number of messages of others above the mark, and its mentions are those of them that mention me as they read
//! now. The mark is the latest that was set, back or on, wherever. Frames go in through `Chat::take`, as from the socket.

use std::cell::RefCell;

use app::allowance::Allowance;
use app::beside::Beside;
use app::browser::Browser;
use app::chat::{Chat, Connection};
use app::first_page::FirstPage;
use app::i18n::Lang;
use app::markup::{Kind, Markup, Node};
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Event, Seq, What};
use app::preferences::Theme;
use app::protocol::{ClientFrame, ServerFrame};
use app::room::{RoomSummary, Slug};
use app::roster::Named;
use app::route::Route;
use app::talk::Talk;
use app::thread::{EVERYONE, InThread};
use app::timeline::Timeline;
use app::unread::{Mark, ReadMark};
use leptos::prelude::Owner;
use proptest::prelude::*;

thread_local! {
    static ASKED: RefCell<Vec<ClientFrame>> = const { RefCell::new(Vec::new()) };
    static LATER: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

/// What may happen.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody says something that may mention me, I do, or somebody changes their name.
    Says { who: i64, renames: bool, mentions: bool },
    /// Somebody replies in a thread, which I may follow, and perhaps to the room, too.
    Replies { who: i64, of: usize, also: bool, follows: bool, mentions: bool },
    /// Somebody changes or deletes what they have said, reacts to it or pins it.
    Changes { which: usize, mentions: bool, deletes: bool },
    /// One of the frames on the way arrives, whichever.
    Arrives(usize),
    /// An old event comes again.
    ComesAgain(usize),
    /// I read up to somewhere on another device, which may not have heard that the mark was set back.
    ReadsElsewhere { at: usize, late: bool },
    /// I set the mark back, here or on another device.
    MarksUnread { at: usize, here: bool },
    /// The server says again how it stands.
    IsTold,
    /// I look at the page, and the newest row is in sight; or I look away.
    Looks(bool),
    /// I follow a link to a message.
    FollowsLink(usize),
    /// I scroll down.
    LoadsNewer,
    /// I go to the end.
    GoesToEnd,
    /// Only so many events are kept.
    LetsGo { in_sight: Seq, kept: usize },
    /// A while passes.
    Waits,
    /// The connection is cut and comes back.
    IsCut,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (1..4_i64, prop::bool::weighted(0.1), any::<bool>())
            .prop_map(|(who, renames, mentions)| Step::Says { who, renames, mentions }),
        6 => (1..4_i64, any::<usize>(), prop::bool::weighted(0.3), any::<bool>(), prop::bool::weighted(0.3))
            .prop_map(|(who, of, also, follows, mentions)| Step::Replies { who, of, also, follows, mentions }),
        4 => (any::<usize>(), any::<bool>(), prop::bool::weighted(0.3))
            .prop_map(|(which, mentions, deletes)| Step::Changes { which, mentions, deletes }),
        8 => any::<usize>().prop_map(Step::Arrives),
        1 => any::<usize>().prop_map(Step::ComesAgain),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(at, late)| Step::ReadsElsewhere { at, late }),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(at, here)| Step::MarksUnread { at, here }),
        1 => Just(Step::IsTold),
        2 => any::<bool>().prop_map(Step::Looks),
        2 => any::<usize>().prop_map(Step::FollowsLink),
        2 => Just(Step::LoadsNewer),
        2 => Just(Step::GoesToEnd),
        1 => (1..20_i64, 1..8_usize).prop_map(|(in_sight, kept)| Step::LetsGo { in_sight, kept }),
        2 => Just(Step::Waits),
        1 => Just(Step::IsCut),
    ]
}

/// A server with one room in which I was before, what it knows of my reading, and the frames between it and my tab.
struct World {
    log: Vec<Event>,
    read: Mark,
    on_the_way: Vec<ServerFrame>,
    chat: Chat,
    talk: Talk,
}

impl World {
    fn new() -> Self {
        let ask = |frame| ASKED.with_borrow_mut(|asked| asked.push(frame));
        let later = |_, act| LATER.with_borrow_mut(|waiting| waiting.push(act));
        let (path, lang, theme) = (slug().path(), Lang::En, Theme::default());
        let page = FirstPage {
            path,
            lang,
            theme,
            offset_min: 0,
            cid: Cid(0),
            frames: Vec::new(),
            slip: None,
            allowance: Allowance::default(),
        };
        let chat = Chat::new(page, Browser { ask, later, ..Browser::absent() });
        let mut world =
            Self { log: Vec::new(), read: Mark::default(), on_the_way: Vec::new(), chat, talk: chat.talk(&slug()) };
        (0..10).for_each(|number| world.says(2 + number % 2, false, number % 3 == 0));
        world.read.seq = 4;
        world.connects();
        chat.looks(false);
        world
    }

    fn head(&self) -> Seq {
        self.log.len() as Seq
    }

    fn unread_after(&self, read: Seq) -> usize {
        let of_others = self.log.iter().filter(|event| event.seq > read && event.is_posted() && event.by.id != ME);
        let is_for_me = |place: &InThread| place.also || is_for_me(place);
        of_others.filter(|event| event.mentions(ME) || event.within().is_none_or(is_for_me)).count()
    }

    /// What is said in the log is what it says now, and so are the mentions.
    fn mentions_after(&self, read: Seq) -> Vec<Seq> {
        let of_others = self.log.iter().filter(|event| event.is_posted() && event.seq > read && event.by.id != ME);
        of_others.filter(|event| event.mentions(ME)).map(|event| event.seq).collect()
    }

    fn mark(&self) -> ServerFrame {
        let (room, Mark { turn, seq: read }, head) = (slug(), self.read, self.head());
        let (unread, mentions) = (self.unread_after(read), self.mentions_after(read));
        ServerFrame::Read { rooms: vec![ReadMark { room, read, turn, head, unread, mentions, level: None }] }
    }

    fn connects(&mut self) {
        ASKED.take();
        self.on_the_way.clear();
        self.talk.resuming.set(false);
        self.talk.loading_newer.set(false);
        self.chat.connection.set(Connection::Live);
        let me = member(ME.0);
        self.chat.take(ServerFrame::Welcome { epoch: "e".into(), me, rooms: vec![room()] });
        self.chat.take(self.mark());
        ASKED.with_borrow_mut(|asked| asked.push(self.chat.asks_to_open(&slug())));
        self.answers();
    }

    fn answers(&mut self) {
        for asked in ASKED.take() {
            match asked {
                ClientFrame::Open { after: Some(after), .. } => {
                    let missed = self.log[after.seq as usize..].to_vec();
                    self.on_the_way.push(self.mark());
                    self.on_the_way.extend(missed.into_iter().map(events));
                    self.on_the_way.push(ServerFrame::Resumed {
                        room: room(),
                        head: self.head(),
                        people: Named::default(),
                    });
                }
                ClientFrame::Open { at, .. } => {
                    let at = at.unwrap_or(self.head()).clamp(1, self.head());
                    let (from, to) = ((at - PAGE_HALF).max(1), (at + PAGE_HALF).min(self.head()));
                    let (start, head) = (from == 1, Some(self.head()).filter(|head| to < *head));
                    let events = self.log[from as usize - 1..to as usize].to_vec();
                    self.on_the_way.push(ServerFrame::Page {
                        room: room(),
                        events,
                        start,
                        head,
                        people: Named::default(),
                    });
                    self.on_the_way.push(self.mark());
                }
                ClientFrame::Newer { after, .. } => {
                    let events = self.log[after as usize..].iter().take(3).cloned().collect();
                    self.on_the_way.push(ServerFrame::Newer { room: slug(), events });
                }
                ClientFrame::Read { seq, turn, .. } => {
                    let is_later = self.is_marked(Mark { turn, seq });
                    if is_later && self.unread_after(seq) > 0 {
                        self.on_the_way.push(self.mark());
                    }
                }
                _ => {}
            }
        }
    }

    /// The server hears of a mark; whether it is a later one.
    fn is_marked(&mut self, mark: Mark) -> bool {
        let is_later = mark > self.read;
        self.read = self.read.max(mark);
        is_later
    }

    /// The number of one of the events that are here.
    fn kept(&self, at: usize) -> Option<Seq> {
        let (first, end) = self.talk.timeline.with_untracked(|timeline| (timeline.first(), timeline.end()));
        (first <= end).then(|| first + at as Seq % (end - first + 1))
    }

    fn says(&mut self, who: i64, renames: bool, mentions: bool) {
        let posted = What::Posted {
            text: format!("message {}", self.head() + 1),
            markup: mentions.then(mention),
            edited_ms: None,
            files: Vec::new(),
            beside: None,
        };
        self.happens(who, if renames { What::Renamed { was: member(who).name } } else { posted });
    }

    /// As the store does it: a reply counts for those who follow the thread, and for whom it calls.
    fn replies(&mut self, who: i64, of: usize, also: bool, follows: bool, mentions: bool) {
        let is_root = |event: &&Event| event.is_posted() && event.within().is_none();
        let roots: Vec<Seq> = self.log.iter().filter(is_root).map(|event| event.seq).collect();
        let Some(of) = roots.get(of % roots.len().max(1)).copied() else { return };
        let mut to = vec![MemberId(who)];
        to.extend((follows || mentions).then_some(if of % 5 == 0 { EVERYONE } else { ME }));
        let text = format!("reply {}", self.head() + 1);
        let beside = Beside { within: Some(InThread { of, also, count: 1, to }), ..Beside::default() };
        let (markup, beside) = (mentions.then(mention), Some(Box::new(beside)));
        self.happens(who, What::Posted { text, markup, edited_ms: None, files: Vec::new(), beside });
    }

    /// As the store does it: the message says what it says now.
    fn changes(&mut self, which: usize, mentions: bool, deletes: bool) {
        let said = |event: &&Event| event.is_posted() && !event.is_deleted();
        let messages: Vec<(Seq, i64)> = self.log.iter().filter(said).map(|event| (event.seq, event.by.id.0)).collect();
        let Some((of, who)) = messages.get(which % messages.len().max(1)).copied() else { return };
        let to = self.log[of as usize - 1].to().to_vec();
        let edited = What::Edited { of, text: "better".to_owned(), markup: mentions.then(mention), to: to.clone() };
        let reacted = What::Reacted { of, emoji: "👍".to_owned(), on: true, count: 1 };
        let pinned = What::Pinned { of, on: deletes };
        let what = match (which % 4, deletes) {
            (0, _) => reacted,
            (1, _) => pinned,
            (_, true) => What::Deleted { of, to },
            _ => edited,
        };
        let change = self.happens(who, what);
        for event in &mut self.log {
            event.take_change(&change);
        }
    }

    fn happens(&mut self, who: i64, what: What) -> Event {
        let seq = self.head() + 1;
        let event = Event { seq, at_ms: seq, by: member(who), what, cid: None };
        self.log.push(event.clone());
        self.on_the_way.push(events(event.clone()));
        event
    }

    fn goes(&mut self, step: Step) {
        match step {
            Step::Says { who, renames, mentions } => self.says(who, renames, mentions),
            Step::Replies { who, of, also, follows, mentions } => self.replies(who, of, also, follows, mentions),
            Step::Changes { which, mentions, deletes } => self.changes(which, mentions, deletes),
            Step::Arrives(at) if !self.on_the_way.is_empty() => {
                let frame = self.on_the_way.remove(at % self.on_the_way.len());
                self.chat.take(frame);
            }
            Step::Arrives(_) => {}
            Step::ComesAgain(at) => self.chat.take(events(self.log[at % self.log.len()].clone())),
            Step::FollowsLink(at) => {
                self.chat.go(Route::Message(slug(), (at % self.log.len()) as Seq + 1));
                self.answers();
            }
            Step::LoadsNewer => {
                self.chat.load_newer(&slug());
                self.answers();
            }
            Step::GoesToEnd => {
                self.chat.seek_end(&slug());
                self.answers();
            }
            Step::LetsGo { in_sight, kept } => {
                self.talk.timeline.update(|timeline| timeline.let_go(Some((in_sight, in_sight)), kept));
            }
            Step::ReadsElsewhere { at, late } => {
                let turn = if late { self.read.turn.saturating_sub(1) } else { self.read.turn };
                self.is_marked(Mark { turn, seq: (at % self.log.len()) as Seq + 1 });
                self.on_the_way.push(self.mark());
            }
            Step::MarksUnread { at, here: true } => {
                self.kept(at).into_iter().for_each(|seq| self.chat.mark_unread(&slug(), seq));
                self.answers();
            }
            Step::MarksUnread { at, here: false } => {
                self.is_marked(Mark { turn: self.read.turn + 1, seq: (at % self.log.len()) as Seq });
                self.on_the_way.push(self.mark());
            }
            Step::IsTold => self.on_the_way.push(self.mark()),
            Step::Looks(does) => self.chat.looks(does),
            Step::Waits => {
                LATER.take().into_iter().for_each(|act| act());
                self.answers();
            }
            Step::IsCut => self.connects(),
        }
    }

    /// Everything arrives in its order, and nobody looks.
    fn settles(&mut self) {
        self.chat.looks(false);
        self.connects();
        while !self.on_the_way.is_empty() {
            std::mem::take(&mut self.on_the_way).into_iter().for_each(|frame| self.chat.take(frame));
            LATER.take().into_iter().for_each(|act| act());
            self.answers();
        }
    }
}

const ME: MemberId = MemberId(1);
/// So many events around a number make a page.
const PAGE_HALF: Seq = 2;

fn is_for_me(place: &InThread) -> bool {
    place.to.iter().any(|to| [ME, EVERYONE].contains(to))
}

fn mention() -> Markup {
    Markup::new(vec![Node::part(Kind::Mention, "1", vec![Node::Text("@me".to_owned())])])
}

fn events(event: Event) -> ServerFrame {
    ServerFrame::Events { room: slug(), events: vec![event] }
}

fn slug() -> Slug {
    Slug::from("yard")
}

fn room() -> RoomSummary {
    RoomSummary::new(slug(), "Yard".to_owned(), 1)
}

fn member(id: i64) -> Member {
    Member { id: MemberId(id), name: Name::new(&format!("M{id}")).expect("a name") }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_counts_are_the_numbers_of_messages_of_others_above_the_mark_and_of_those_that_mention_me(steps in prop::collection::vec(step(), 1..40)) {
        LATER.take();
        let owner = Owner::new();
        owner.set();
        let mut world = World::new();
        for step in steps {
            world.goes(step);
        }
        world.settles();

        let unread = world.talk.unread.get_untracked();
        let read = world.read.seq;
        prop_assert_eq!(unread.mark(), world.read, "the server knows the mark");
        prop_assert_eq!(unread.count(), world.unread_after(read));
        prop_assert_eq!(unread.mentions(), world.mentions_after(read));
        let is_cut_off = world.talk.timeline.with_untracked(Timeline::is_cut_off);
        prop_assert!(unread.counted() == world.head() || is_cut_off, "all that is here is counted");
        let first_new = world.talk.first_new.get_untracked();
        prop_assert!(unread.count() == 0 || first_new.is_some(), "what is unread has a line before it");
        owner.cleanup();
    }
}

/// A room at whose end I look: ten messages of others, all read, and the last three of them are here.
fn world_that_is_read() -> World {
    LATER.take();
    let mut world = World::new();
    world.settles();
    world.chat.go(Route::Room(slug()));
    world.chat.looks(true);
    world.goes(Step::Waits);
    assert_eq!((world.talk.unread.get_untracked().count(), world.read), (0, Mark { turn: 0, seq: 10 }));
    world
}

/// The server's mark, and what the tab counts.
fn standing(world: &World) -> (Mark, usize) {
    (world.read, world.talk.unread.get_untracked().count())
}

#[test]
fn what_i_mark_unread_stays_so_while_i_look_until_i_come_back() {
    let owner = Owner::new();
    owner.set();
    let mut world = world_that_is_read();

    world.chat.mark_unread(&slug(), 9);
    world.answers();
    assert_eq!(standing(&world), (Mark { turn: 1, seq: 8 }, 2));
    world.says(2, false, false);
    world.goes(Step::Arrives(0));
    world.goes(Step::Arrives(0));
    world.chat.looks(false);
    world.chat.looks(true);
    world.chat.has_read(&slug());
    world.goes(Step::Waits);
    assert_eq!(standing(&world), (Mark { turn: 1, seq: 8 }, 3));
    assert_eq!(world.talk.first_new.get_untracked(), Some(9));

    world.chat.go(Route::Home);
    world.chat.go(Route::Room(slug()));
    world.chat.has_read(&slug());
    world.goes(Step::Waits);
    assert_eq!(standing(&world), (Mark { turn: 1, seq: 11 }, 0));
    owner.cleanup();
}

#[test]
fn what_the_server_has_counted_and_is_not_here_yet_is_not_read_by_looking() {
    let owner = Owner::new();
    owner.set();
    let mut world = world_that_is_read();
    world.says(2, false, false);
    world.says(3, false, false);
    world.chat.take(world.mark());
    world.chat.has_read(&slug());
    world.goes(Step::Waits);
    assert_eq!(standing(&world), (Mark { turn: 0, seq: 10 }, 2));

    world.goes(Step::Arrives(0));
    world.goes(Step::Arrives(0));
    world.chat.has_read(&slug());
    world.goes(Step::Waits);
    assert_eq!(standing(&world), (Mark { turn: 0, seq: 12 }, 0));
    owner.cleanup();
}

#[test]
fn who_looks_away_tells_at_once_how_far_they_have_read() {
    let owner = Owner::new();
    owner.set();
    let mut world = world_that_is_read();
    world.says(2, false, false);
    world.goes(Step::Arrives(0));
    world.chat.has_read(&slug());
    assert_eq!(ASKED.take(), [], "what is read meanwhile is told together");
    world.chat.looks(false);
    assert_eq!(ASKED.take(), [ClientFrame::Read { room: slug(), seq: 11, turn: 0 }]);
    owner.cleanup();
}

#[test]
fn who_goes_to_what_is_new_is_not_at_the_message_of_an_address_any_more() {
    let owner = Owner::new();
    owner.set();
    LATER.take();
    let mut world = World::new();
    world.settles();
    assert_eq!(world.talk.first_new.get_untracked(), Some(5));
    let arrives = |world: &mut World| {
        world.answers();
        std::mem::take(&mut world.on_the_way).into_iter().for_each(|frame| world.chat.take(frame));
    };
    for at in [9, 5] {
        world.chat.go(Route::Message(slug(), at));
        arrives(&mut world);
        assert_eq!(world.talk.target.get_untracked(), Some(at));
        world.chat.seek_new(&slug());
        arrives(&mut world);
        assert_eq!(world.talk.target.get_untracked(), None, "after {at}");
        assert_eq!(world.chat.stands_at(), Route::Room(slug()));
    }
    owner.cleanup();
}

#[test]
fn what_is_marked_unread_on_another_device_stays_so_while_i_look_here() {
    let owner = Owner::new();
    owner.set();
    let mut world = world_that_is_read();

    world.is_marked(Mark { turn: 1, seq: 8 });
    world.on_the_way.push(world.mark());
    world.goes(Step::Arrives(0));
    world.chat.has_read(&slug());
    world.goes(Step::Waits);
    assert_eq!(standing(&world), (Mark { turn: 1, seq: 8 }, 2));
    assert_eq!(world.talk.first_new.get_untracked(), Some(9));
    owner.cleanup();
}

#[test]
fn what_i_mark_unread_without_a_connection_is_told_once_there_is_one() {
    let owner = Owner::new();
    owner.set();
    let mut world = world_that_is_read();

    world.chat.connection.set(Connection::Offline { seconds: 3 });
    world.chat.mark_unread(&slug(), 8);
    world.answers();
    assert_eq!(standing(&world), (Mark { turn: 0, seq: 10 }, 3));
    world.settles();
    assert_eq!(standing(&world), (Mark { turn: 1, seq: 7 }, 3));
    owner.cleanup();
}
