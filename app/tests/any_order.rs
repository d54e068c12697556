//! Whatever came, went missing, came twice or in whatever order: in the end a tab shows what a fresh load of the same
//! range shows. Frames go in through `Chat::take`, as from the socket; what the tab asks is answered as the server does it.

use std::cell::RefCell;

use app::allowance::Allowance;
use app::beside::Beside;
use app::browser::Browser;
use app::chat::{Chat, Connection};
use app::file::{File, FileId, Kind};
use app::first_page::FirstPage;
use app::forwarded::Forwarded;
use app::i18n::Lang;
use app::markup::{self, Markup, Node};
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Event, Seq, What};
use app::preferences::Theme;
use app::protocol::{ClientFrame, ServerFrame};
use app::quote::Quote;
use app::room::{RoomSummary, Slug};
use app::room_change::RoomChange;
use app::roster::Named;
use app::route::Route;
use app::talk::{Row, Talk};
use app::text::when::Local;
use app::thread::{InThread, MAX_FACES, Thread};
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
    Says { who: i64, renames: bool, pause_ms: i64, answers: Option<usize> },
    /// Somebody replies in the thread of one of the newest messages, and perhaps to the room, too.
    Replies { who: i64, back: usize, also: bool },
    /// Somebody changes or deletes one of the newest messages, their own, while the clock may stand or be set back.
    Changes { back: usize, deletes: bool, pause_ms: i64 },
    /// Somebody puts an emoji to one of the newest messages, or takes theirs away.
    Reacts { who: i64, back: usize, emoji: usize },
    /// The server finds what lies behind the link of one of the newest messages, or its author doesn't want that shown.
    Previews { back: usize, hides: bool },
    /// Somebody pins one of the newest messages, or takes it from the wall.
    Pins { who: i64, back: usize, on: bool },
    /// Somebody changes the room.
    ChangesRoom(RoomChange),
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
    /// The reader scrolls down.
    LoadsNewer,
    /// The reader goes to the end.
    GoesToEnd,
    /// The reader follows a link to a message, or to a number that is none.
    FollowsLink(Seq),
    /// The connection is cut and comes back.
    IsCut,
    /// The server comes back with an empty store.
    StartsOver,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..3_i64, prop::bool::weighted(0.1), prop_oneof![0..60_000_i64, 200_000..400_000_i64, 40_000_000..90_000_000_i64])
            .prop_flat_map(|(who, renames, pause_ms)| {
                prop::option::weighted(0.4, 0..12_usize).prop_map(move |answers| Step::Says { who, renames, pause_ms, answers })
            }),
        6 => (0..4_i64, 0..6_usize, prop::bool::weighted(0.3)).prop_map(|(who, back, also)| Step::Replies { who, back, also }),
        6 => (0..12_usize, prop::bool::weighted(0.3), -5_000..60_000_i64)
            .prop_map(|(back, deletes, pause_ms)| Step::Changes { back, deletes, pause_ms }),
        6 => (0..3_i64, 0..12_usize, 0..EMOJI.len()).prop_map(|(who, back, emoji)| Step::Reacts { who, back, emoji }),
        4 => (0..12_usize, prop::bool::weighted(0.3)).prop_map(|(back, hides)| Step::Previews { back, hides }),
        3 => (0..3_i64, 0..12_usize, any::<bool>()).prop_map(|(who, back, on)| Step::Pins { who, back, on }),
        3 => room_change().prop_map(Step::ChangesRoom),
        10 => any::<usize>().prop_map(Step::Arrives),
        1 => any::<usize>().prop_map(Step::IsLost),
        2 => any::<usize>().prop_map(Step::ComesAgain),
        4 => Just(Step::Answers),
        1 => Just(Step::Notice),
        1 => Just(Step::Pong),
        3 => Just(Step::LoadsOlder),
        2 => (prop::option::of(0..40_i64), 1..12_usize).prop_map(|(in_sight, kept)| Step::LetsGo { in_sight, kept }),
        3 => Just(Step::LoadsNewer),
        1 => Just(Step::GoesToEnd),
        2 => (0..40_i64).prop_map(Step::FollowsLink),
        1 => Just(Step::IsCut),
        1 => prop::bool::weighted(0.3).prop_map(|does| if does { Step::StartsOver } else { Step::Pong }),
    ]
}

fn room_change() -> impl Strategy<Value = RoomChange> {
    let who = || (1..4_i64).prop_map(|who| member(who, 0));
    prop_oneof![
        (0..100_u8).prop_map(|number| RoomChange::Named { name: format!("Room {number}") }),
        (0..100_u8).prop_map(|number| RoomChange::Topic { topic: format!("topic {number}") }),
        Just(RoomChange::Topic { topic: String::new() }),
        Just(RoomChange::Archived {}),
        Just(RoomChange::Restored {}),
        who().prop_map(|who| RoomChange::Added { who: vec![who] }),
        who().prop_map(|who| RoomChange::Removed { who }),
        Just(RoomChange::Left {}),
    ]
}

/// A server with one room, and the frames between it and a tab.
struct World {
    /// As the store gives it out: messages say what they say now; of what they said before, or of what is deleted, there is no text.
    log: Vec<Event>,
    /// What the room is called and about, and whether it can only be read.
    about: RoomSummary,
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
        let mut world =
            Self { log: Vec::new(), about: room(), epoch: 1, now_ms: 0, on_the_way: Vec::new(), chat, talk };
        world.connects();
        world
    }

    fn head(&self) -> Seq {
        self.log.len() as Seq
    }

    fn page(&self, from: usize, to: usize) -> ServerFrame {
        let head = Some(self.head()).filter(|head| (to as Seq) < *head);
        let events = self.log[from..to].to_vec();
        ServerFrame::Page { room: self.about.clone(), events, start: from == 0, head, people: Named::default() }
    }

    /// The newest page, or the one around a number.
    fn page_at(&self, at: Option<Seq>) -> ServerFrame {
        let Some(at) = at.filter(|at| *at < self.head()) else {
            return self.page(self.page_before(self.log.len(), PAGE_EVENTS), self.log.len());
        };
        let at = at.max(1) as usize;
        self.page(self.page_before(at, PAGE_EVENTS / 2), self.page_after(at, PAGE_EVENTS / 2))
    }

    fn connects(&mut self) {
        ASKED.take();
        self.on_the_way.clear();
        self.talk.resuming.set(false);
        self.talk.loading_older.set(false);
        self.talk.loading_newer.set(false);
        self.chat.take(ServerFrame::Welcome { epoch: self.epoch.to_string(), me: member(0, 0), rooms: Vec::new() });
        ASKED.with_borrow_mut(|asked| asked.push(self.chat.asks_to_open(&slug())));
    }

    fn answers(&mut self) {
        for asked in ASKED.take() {
            match asked {
                ClientFrame::Open { after, at, .. } => self.opens(after.map(|after| (after.epoch, after.seq)), at),
                ClientFrame::Older { before, .. } => {
                    let to = (before - 1).clamp(0, self.head()) as usize;
                    let from = self.page_before(to, PAGE_EVENTS);
                    let events = self.log[from..to].to_vec();
                    self.on_the_way.push(ServerFrame::Older { room: slug(), events, start: from == 0 });
                }
                ClientFrame::Newer { after, .. } => {
                    let from = after.clamp(0, self.head()) as usize;
                    let events = self.log[from..self.page_after(from, PAGE_EVENTS)].to_vec();
                    self.on_the_way.push(ServerFrame::Newer { room: slug(), events });
                }
                _ => {}
            }
        }
    }

    /// Where a page begins that ends here: so many lines, and not too many events in all.
    fn page_before(&self, to: usize, count: usize) -> usize {
        let lines = (0..to).rev().filter(|at| self.log[*at].has_line());
        let from = lines.take(count).last().filter(|_| self.lines_before(to) >= count).unwrap_or_default();
        from.max(to.saturating_sub(MAX_PAGE_EVENTS))
    }

    /// Where a page ends that begins here.
    fn page_after(&self, from: usize, count: usize) -> usize {
        let mut lines = (from..self.log.len()).filter(|at| self.log[*at].has_line());
        let to = lines.nth(count - 1).map_or(self.log.len(), |at| at + 1);
        to.min(from + MAX_PAGE_EVENTS)
    }

    fn lines_before(&self, to: usize) -> usize {
        self.log[..to].iter().filter(|event| event.has_line()).count()
    }

    fn opens(&mut self, after: Option<(String, Seq)>, at: Option<Seq>) {
        let head = self.head();
        let is_of_now = after.as_ref().is_none_or(|(epoch, _)| *epoch == self.epoch.to_string());
        let can = |(epoch, seq): &(String, Seq)| {
            *epoch == self.epoch.to_string() && (0..=head).contains(seq) && head - seq <= MAX_RESUME_EVENTS
        };
        match after.filter(can) {
            Some((_, seq)) => {
                let missed = self.log[seq as usize..].iter().cloned();
                self.on_the_way.extend(missed.map(|event| ServerFrame::Events { room: slug(), events: vec![event] }));
                self.on_the_way.push(ServerFrame::Resumed { room: self.about.clone(), head, people: Named::default() });
            }
            None => self.on_the_way.push(self.page_at(at.filter(|_| is_of_now))),
        }
    }

    fn goes(&mut self, step: Step) {
        let pick = |at: usize, of: usize| (of > 0).then(|| at % of);
        match step {
            Step::Says { who, renames, pause_ms, answers } => self.says(who, renames, pause_ms, answers),
            Step::Replies { who, back, also } => self.replies(who, back, also),
            Step::Changes { back, deletes, pause_ms } => self.changes(back, deletes, pause_ms),
            Step::Reacts { who, back, emoji } => self.reacts(who, back, EMOJI[emoji]),
            Step::Previews { back, hides } => self.previews(back, hides),
            Step::Pins { who, back, on } => self.pins(who, back, on),
            Step::ChangesRoom(change) => self.changes_room(change),
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
                self.chat.take(ServerFrame::Arrived {
                    room: slug(),
                    who: vec![member(9, 0)],
                    more: 0,
                    here: 2,
                    back: false,
                });
            }
            Step::Pong => self.chat.take(ServerFrame::Pong { heads: vec![(slug(), self.head())] }),
            Step::LoadsOlder => self.chat.load_older(&slug()),
            Step::LetsGo { in_sight, kept } => {
                let in_sight = in_sight.map(|seq| (seq, seq + 2));
                self.talk.timeline.update(|timeline| timeline.let_go(in_sight, kept));
            }
            Step::LoadsNewer => self.chat.load_newer(&slug()),
            Step::GoesToEnd => self.chat.seek_end(&slug()),
            Step::FollowsLink(seq) => self.chat.go(Route::Message(slug(), seq)),
            Step::IsCut => self.connects(),
            Step::StartsOver => {
                self.epoch += 1;
                self.log.clear();
                self.about = room();
                self.connects();
            }
        }
    }

    fn says(&mut self, who: i64, renames: bool, pause_ms: i64, answers: Option<usize>) {
        self.now_ms += pause_ms;
        let seq = self.head() + 1;
        let answered = |back| self.log.iter().rev().filter_map(Quote::new).nth(back);
        let mut what = if renames { What::Renamed { was: member(who, seq - 1).name } } else { self.said(seq) };
        if let What::Posted { beside, .. } = &mut what {
            *beside = answers.and_then(answered).map(Beside::reply);
            if seq % 7 == 0 {
                let from = Forwarded { room: Slug::from("elsewhere"), of: seq, by: member(who, 0) };
                beside.get_or_insert_default().forwarded = Some(from);
            }
        }
        let event = Event { seq, at_ms: self.now_ms, by: member(who, 0), what, cid: None };
        self.log.push(event.clone());
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    /// As the store does it.
    fn replies(&mut self, who: i64, back: usize, also: bool) {
        let roots = self.log.iter().rev().filter(|event| event.is_posted() && event.within().is_none());
        let Some(root) = roots.map(|root| root.seq).nth(back) else { return };
        let seq = self.head() + 1;
        let mut what = self.said(seq);
        let is_reply = |event: &&Event| event.within().is_some_and(|place| place.of == root);
        let count = self.log.iter().filter(is_reply).count() + 1;
        let reply = also.then(|| Quote::new(&self.log[root as usize - 1]).expect("a message"));
        let within = Some(InThread { of: root, also, count, to: vec![MemberId(who)] });
        if let What::Posted { beside, .. } = &mut what {
            *beside = Some(Box::new(Beside { reply, within, ..Beside::default() }));
        }
        let event = Event { seq, at_ms: self.now_ms, by: member(who, 0), what, cid: None };
        self.log.push(event.clone());
        let mut faces: Vec<Member> = Vec::new();
        for reply in self.log.iter().rev().filter(is_reply) {
            if faces.len() < MAX_FACES && !faces.contains(&reply.by) {
                faces.push(reply.by.clone());
            }
        }
        if let What::Posted { beside, .. } = &mut self.log[root as usize - 1].what {
            beside.get_or_insert_default().thread = Thread { count, last: seq, last_ms: self.now_ms, faces };
        }
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    /// Some messages carry a file, and some of those nothing else; some have a link.
    fn said(&self, seq: Seq) -> What {
        let said = if seq % 5 == 0 { String::new() } else { format!("message {seq} of life {}", self.epoch) };
        let files = if seq % 5 < 2 { vec![file(seq)] } else { Vec::new() };
        What::Posted { text: said, markup: link(seq), edited_ms: None, files, beside: None }
    }

    /// As the store does it.
    fn changes(&mut self, back: usize, deletes: bool, pause_ms: i64) {
        let mine = self.log.iter().rev().filter(|event| event.is_posted() && !event.is_deleted()).nth(back);
        let Some(message) = mine.cloned() else { return };
        let What::Posted { edited_ms, .. } = message.what else { return };
        self.now_ms += pause_ms;
        let (seq, of) = (self.head() + 1, message.seq);
        let what = if deletes {
            What::Deleted { of, to: Vec::new() }
        } else {
            What::Edited { of, text: format!("edit {seq} of life {}", self.epoch), markup: link(seq), to: Vec::new() }
        };
        let at_ms = self.now_ms.max(edited_ms.unwrap_or(message.at_ms) + 1);
        let event = Event { seq, at_ms, by: message.by, what, cid: None };
        for known in &mut self.log {
            let (is_it, is_its_edit) = (known.seq == of, known.what.of() == Some(of));
            match (&mut known.what, &event.what) {
                (What::Posted { text, markup, edited_ms, .. }, What::Edited { text: new, markup: shape, .. })
                    if is_it =>
                {
                    (*text, *markup, *edited_ms) = (new.clone(), shape.clone(), Some(at_ms));
                }
                (What::Posted { text, markup, edited_ms, files, beside, .. }, _) if is_it => {
                    (*text, *markup, *edited_ms) = (String::new(), None, None);
                    *beside = beside.take().and_then(|beside| left(*beside));
                    files.clear();
                }
                (What::Edited { text, markup, .. }, _) if is_its_edit => {
                    (*text, *markup) = (String::new(), None);
                }
                (What::Previewed { preview, .. }, What::Deleted { .. }) if is_its_edit => *preview = None,
                _ => {}
            }
        }
        self.quotes_again(of);
        self.log.push(event.clone());
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    /// What a message says now is what its answers quote.
    fn quotes_again(&mut self, of: Seq) {
        let now = Quote::new(&self.log[of as usize - 1]);
        for known in &mut self.log {
            if let What::Posted { beside: Some(beside), .. } = &mut known.what
                && beside.reply.as_ref().is_some_and(|quote| quote.of == of)
            {
                beside.reply.clone_from(&now);
            }
        }
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
        let what = What::Reacted { of, emoji: emoji.to_owned(), on, count };
        let event = Event { seq, at_ms: self.now_ms, by, what, cid: None };
        self.log[at].take_change(&event);
        self.log.push(event.clone());
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    /// As the store does it.
    fn previews(&mut self, back: usize, hides: bool) {
        let standing = self.log.iter().rev().filter(|event| event.is_posted() && !event.is_deleted()).nth(back);
        let Some(message) = standing.cloned() else { return };
        let What::Posted { markup, .. } = &message.what else { return };
        let (seq, of) = (self.head() + 1, message.seq);
        let address = markup.as_ref().and_then(Markup::first_link).unwrap_or_default();
        let title = (!hides).then(|| format!("page {seq} of life {}", self.epoch));
        let preview = Markup::preview(address, title);
        for known in &mut self.log {
            let (is_it, is_of_it) = (known.seq == of, known.what.of() == Some(of));
            match &mut known.what {
                What::Posted { beside, .. } if is_it => {
                    let beside = beside.get_or_insert_default();
                    (beside.preview, beside.previewed) = (Some(preview.clone()), seq);
                }
                What::Previewed { preview, .. } if is_of_it => *preview = None,
                _ => {}
            }
        }
        let what = What::Previewed { of, preview: Some(preview) };
        let event = Event { seq, at_ms: self.now_ms, by: message.by, what, cid: None };
        self.log.push(event.clone());
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    /// As the store does it.
    fn pins(&mut self, who: i64, back: usize, on: bool) {
        let (seq, by) = (self.head() + 1, member(who, 0));
        let mut standing = self.log.iter_mut().rev().filter(|event| event.is_posted() && !event.is_deleted());
        let Some(message) = standing.nth(back) else { return };
        let of = message.seq;
        let event = Event { seq, at_ms: self.now_ms, by, what: What::Pinned { of, on }, cid: None };
        message.take_change(&event);
        self.log.push(event.clone());
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    fn changes_room(&mut self, change: RoomChange) {
        match &change {
            RoomChange::Named { name } => self.about.name.clone_from(name),
            RoomChange::Topic { topic } => self.about.topic = Some(topic.clone()),
            RoomChange::Archived {} => self.about.archived = true,
            RoomChange::Restored {} => self.about.archived = false,
            RoomChange::Added { .. } | RoomChange::Removed { .. } | RoomChange::Left {} => {}
        }
        let event =
            Event { seq: self.head() + 1, at_ms: self.now_ms, by: member(1, 0), what: What::Room(change), cid: None };
        self.log.push(event.clone());
        self.on_the_way.push(ServerFrame::Events { room: slug(), events: vec![event] });
    }

    /// The network holds, and everything is answered in its order.
    fn settles(&mut self) {
        self.connects();
        self.is_answered();
    }

    fn is_answered(&mut self) {
        while ASKED.with_borrow(|asked| !asked.is_empty()) {
            self.answers();
            std::mem::take(&mut self.on_the_way).into_iter().for_each(|frame| self.chat.take(frame));
        }
    }

    /// The reader comes to the end, page by page or at once.
    fn comes_to_the_end(&mut self, page_by_page: bool) {
        if !page_by_page {
            self.chat.seek_end(&slug());
        }
        self.is_answered();
        while self.talk.timeline.with_untracked(Timeline::is_cut_off) {
            self.chat.load_newer(&slug());
            assert!(ASKED.with_borrow(|asked| !asked.is_empty()), "there is more, and it is asked for");
            self.is_answered();
        }
        self.talk.window.set(None);
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
        allowance: Allowance::default(),
    };
    let chat = Chat::new(page, Browser { ask, ..Browser::absent() });
    chat.connection.set(Connection::Live);
    chat
}

fn slug() -> Slug {
    Slug::from("madang".to_owned())
}

fn room() -> RoomSummary {
    RoomSummary { topic: Some(String::new()), ..RoomSummary::new(slug(), "Madang".to_owned(), 1) }
}

/// The shape of a message that has a link, which every other one has.
fn link(seq: Seq) -> Option<Markup> {
    let text = Node::Text(format!("https://example.org/{}", seq % 3));
    let link = Node::part(markup::Kind::Link, "", vec![text]);
    (seq % 2 == 0).then(|| Markup::new(vec![Node::part(markup::Kind::Paragraph, "", vec![link])]))
}

fn file(seq: Seq) -> File {
    let (id, name) = (FileId::from(seq as u128), format!("{seq}.png"));
    File { id, name, kind: Kind::Picture, bytes: seq, width: 1, height: 1, blur: String::new() }
}

fn member(id: i64, version: i64) -> Member {
    Member { id: MemberId(id), name: Name::new(&format!("M{id} {version}")).expect("a name") }
}

/// What the room is called and about, and whether it can only be read, as it is shown.
fn about(talk: Talk) -> (String, String, bool) {
    (talk.name.get_untracked(), talk.topic.get_untracked(), talk.is_archived.get_untracked())
}

/// What stays beside a message that is deleted: its place in a thread, and the thread on it.
fn left(beside: Beside) -> Option<Box<Beside>> {
    let left = Beside { within: beside.within, thread: beside.thread, ..Beside::default() };
    (left != Beside::default()).then(|| Box::new(left))
}

fn is_unbroken(timeline: &Timeline) -> bool {
    timeline.end() - timeline.first() + 1 == timeline.len() as Seq
}

/// The lines that a reader sees, but for notices, which pass, and for what is new to this reader.
fn lines(talk: Talk) -> Vec<String> {
    talk.mark_new(None);
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
        let sequences = (prop::collection::vec(step(), 1..40), any::<bool>());
        TestRunner::new(config).run(&sequences, ends_like_a_fresh_load).map_err(|failure| failure.to_string())
    };
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        runs.into_iter().for_each(|run| assert_eq!(run.join().expect("no panic outside of a sequence"), Ok(())));
    });
}

fn ends_like_a_fresh_load((steps, page_by_page): (Vec<Step>, bool)) -> Result<(), TestCaseError> {
    let owner = Owner::new();
    owner.set();
    let mut world = World::new();
    let has_notices = steps.iter().any(|step| matches!(step, Step::Notice));
    for step in steps {
        world.goes(step);
        prop_assert!(world.talk.timeline.with_untracked(is_unbroken));
    }
    world.settles();
    world.comes_to_the_end(page_by_page);

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
    prop_assert_eq!(about(talk), about(fresh.talk(&slug())));
    // A notice, which a fresh load knows nothing of, ends a group.
    if !has_notices {
        prop_assert_eq!(lines(talk), lines(fresh.talk(&slug())));
    }
    owner.cleanup();
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happened before: who follows a link is at the message, or at the nearest one, and sees what a fresh load of the
    /// same range shows.
    #[test]
    fn a_link_leads_to_its_message(steps in prop::collection::vec(step(), 1..40), seq in 0..40_i64) {
        let owner = Owner::new();
        owner.set();
        let mut world = World::new();
        let has_notices = steps.iter().any(|step| matches!(step, Step::Notice));
        steps.into_iter().for_each(|step| world.goes(step));
        world.settles();
        world.chat.go(Route::Message(slug(), seq));
        world.is_answered();

        let talk = world.talk;
        let is_message = |event: &&Event| event.is_said();
        let (first, end) = talk.timeline.with_untracked(|timeline| (timeline.first(), timeline.end()));
        let here = &world.log[(first as usize - 1)..end as usize];
        let nearest = here.iter().rev().filter(|event| event.seq <= seq).find(is_message);
        let nearest = nearest.or_else(|| here.iter().find(is_message)).map(|event| event.seq);
        prop_assert_eq!(talk.target.get_untracked(), nearest);
        prop_assert_eq!(talk.seeks.get(), None);
        prop_assert!(nearest.is_none() || !talk.at_end.get_untracked());
        prop_assert!(talk.timeline.with_untracked(is_unbroken));
        let asked_for = seq.clamp(1, world.head().max(1));
        prop_assert!(world.log.is_empty() || (first..=end).contains(&asked_for), "{} is in {}..={}", seq, first, end);

        let fresh = tab();
        fresh.take(world.page(first as usize - 1, end as usize));
        fresh.talk(&slug()).window.set(talk.window.get_untracked());
        if !has_notices {
            prop_assert_eq!(lines(talk), lines(fresh.talk(&slug())));
        }
        owner.cleanup();
    }
}
