//! Somebody with the chat open in a tab: asks with frames, and is told with frames.
//!
//! What was asked for is looked for in the order in which it came; what came besides waits for a later question.

use std::collections::{BTreeSet, VecDeque};

use app::member::{Member, MemberId};
use app::message::{Cid, Event, Seq, What};
use app::notices::Level;
use app::protocol::{ClientFrame, Position, ServerFrame, VERSION, encode};
use app::refusal::Refusal;
use app::room::{RoomSummary, Slug};
use app::room_change::RoomChange;
use app::route::Route;
use app::unread::Mark;

use super::{Answer, Heard, Visitor, Wire};

/// A tab, and who sits there.
pub(crate) struct Person {
    name: String,
    browser: Visitor,
    wire: Wire,
    unread: VecDeque<ServerFrame>,
    room: Slug,
    /// What the server said of the person at the start.
    pub(crate) me: Member,
    /// The store's mark.
    pub(crate) epoch: String,
    /// The list of rooms at the start.
    pub(crate) rooms: Vec<RoomSummary>,
}

/// A room as it was when somebody came in.
#[derive(Debug)]
pub(crate) struct Page {
    /// The room and how many are there.
    pub(crate) room: RoomSummary,
    /// Its newest events.
    pub(crate) events: Vec<Event>,
    /// Whether the first of them is the room's first.
    pub(crate) start: bool,
    /// The room's last number, where they do not reach it.
    pub(crate) head: Option<Seq>,
    /// Who is there.
    pub(crate) people: Vec<String>,
}

/// How coming back ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Resumed {
    /// The room's last number.
    pub(crate) head: Seq,
    /// How many are there.
    pub(crate) here: usize,
}

impl Person {
    pub(super) async fn arrives(name: &str, browser: Visitor, wire: Wire) -> Self {
        Self::arrives_if_let(name, browser, wire).await.unwrap_or_else(|| panic!("{name} was turned away"))
    }

    /// Says hello; `None` when there are too many connections.
    pub(super) async fn arrives_if_let(name: &str, browser: Visitor, mut wire: Wire) -> Option<Self> {
        wire.says_if_open(&encode(&ClientFrame::Hello { version: VERSION })).await;
        let (epoch, me, rooms) = loop {
            match wire.hears("welcome").await {
                Heard::Text(text) => match decode(&text) {
                    Some(ServerFrame::Welcome { epoch, me, rooms }) => break (epoch, me, rooms),
                    // News of rooms and of what one chose there, of what is unread there, of what calls and of one's name may be quicker;
                    // what comes with the welcome is newer.
                    Some(
                        ServerFrame::Room(_)
                        | ServerFrame::Choices { .. }
                        | ServerFrame::Read { .. }
                        | ServerFrame::Called { .. }
                        | ServerFrame::You { .. },
                    ) => {}
                    Some(ServerFrame::Bye { .. }) => return None,
                    _ => panic!("{name} was not welcomed but heard {text}"),
                },
                other => panic!("{name} was not welcomed but: {other:?}"),
            }
        };
        let (unread, room) = (VecDeque::new(), Slug::from("madang"));
        Some(Self { name: name.to_owned(), browser, wire, unread, room, me, epoch, rooms })
    }

    // What people do

    /// Walks into a room, which is the one they write to from now on.
    pub(crate) async fn opens(&mut self, room: &str) -> Page {
        self.heads_for(room).await;
        self.gets_page(room).await
    }

    /// Walks into a room at a number.
    pub(crate) async fn opens_at(&mut self, room: &str, seq: Seq) -> Page {
        self.room = room.into();
        self.asks(ClientFrame::Open { room: room.into(), after: None, at: Some(seq) }).await;
        self.gets_page(room).await
    }

    /// Walks into a room, but does not wait for what is there.
    pub(crate) async fn heads_for(&mut self, room: &str) {
        self.room = room.into();
        self.asks(ClientFrame::Open { room: room.into(), after: None, at: None }).await;
    }

    /// Comes back to a room, having seen all up to a number.
    pub(crate) async fn resumes(&mut self, room: &str, seq: Seq) {
        let after = Some(Position { epoch: self.epoch.clone(), seq });
        self.room = room.into();
        self.asks(ClientFrame::Open { room: room.into(), after, at: None }).await;
    }

    /// Says something; its id.
    pub(crate) async fn posts(&mut self, text: &str) -> Cid {
        let cid = fresh_cid();
        self.posts_under(cid, text).await;
        cid
    }

    /// Says something under an id.
    pub(crate) async fn posts_under(&mut self, cid: Cid, text: &str) {
        self.asks(ClientFrame::Post {
            room: self.room.clone(),
            cid,
            text: text.to_owned(),
            files: Vec::new(),
            reply_to: None,
            within: None,
        })
        .await;
    }

    /// Says many things, and sees each of them come home in order.
    pub(crate) async fn posts_all(&mut self, texts: &[String]) {
        let name = self.name.clone();
        for few in texts.chunks(100) {
            for text in few {
                self.posts(text).await;
            }
            for text in few {
                self.sees(&name, text).await;
            }
        }
    }

    /// Types in the room that they write to, as their tab says it now and then.
    pub(crate) async fn types(&mut self) {
        self.asks(ClientFrame::Typing { room: self.room.clone(), of: None, done: false }).await;
    }

    /// Leaves a room by choice.
    pub(crate) async fn leaves(&mut self, room: &str) {
        self.asks(ClientFrame::Leave { room: room.into() }).await;
    }

    /// Wants to hear no more of a room in this tab, and is told that it is closed there.
    pub(crate) async fn closes(&mut self, room: &str) {
        self.asks(ClientFrame::Close { room: room.into() }).await;
        let closed = |frame: &ServerFrame| {
            if let ServerFrame::Closed { room } = frame { Some(room.to_string()) } else { None }
        };
        assert_eq!(self.next(&format!("word that {room} is closed"), closed).await, room);
    }

    /// Takes another name.
    pub(crate) async fn renames(&mut self, name: &str) {
        self.asks(ClientFrame::Rename { name: name.to_owned() }).await;
    }

    /// Makes a room.
    pub(crate) async fn creates(&mut self, name: &str) {
        self.asks(ClientFrame::Create { name: name.to_owned() }).await;
    }

    /// Makes a private room; its address.
    pub(crate) async fn makes_private(&self, name: &str) -> String {
        let made = self.browser.submits("/rooms/new", &[("name", name), ("kind", "private")]).await;
        room_at(made.leads_to().unwrap_or_else(|| panic!("{} can't make {name}: {made:?}", self.name)))
    }

    /// Makes a private room and asks somebody into it, who hears of that; its address.
    pub(crate) async fn makes_private_with(&self, name: &str, other: &mut Self) -> String {
        let room = self.makes_private(name).await;
        self.does(&room, "invite", &other.name).await;
        other.hears_of_room(&room).await;
        room
    }

    /// The direct room with these people, named with commas between them; its address.
    pub(crate) async fn talks_directly_to(&self, names: &str) -> String {
        let mut people = Vec::new();
        for name in names.split(',').map(str::trim) {
            people.push(("person", self.browser.number_of(name).await));
        }
        let form: Vec<_> = people.iter().map(|(name, number)| (*name, number.as_str())).collect();
        let found = self.browser.submits("/direct/new", &form).await;
        room_at(found.leads_to().unwrap_or_else(|| panic!("{} can't talk to {names}: {found:?}", self.name)))
    }

    /// Does something to a room, by the forms of its sheet.
    pub(crate) async fn does(&self, room: &str, what: &str, text: &str) -> Answer {
        let path = format!("{}/about", Slug::from(room).path());
        self.browser.submits(&path, &[("do", what), ("text", text), ("person", text)]).await
    }

    /// Leaves a room by the form that asks for it.
    pub(crate) async fn leaves_for_good(&self, room: &str) -> Answer {
        self.browser.submits(&format!("{}/leave", Slug::from(room).path()), &[]).await
    }

    /// So many messages of theirs wait for their time, they are told, and so many could not be sent.
    pub(crate) async fn has_scheduled(&mut self, waiting: usize, refused: usize) {
        let told = |frame: &ServerFrame| match frame {
            ServerFrame::Scheduled { waiting, refused } => Some((*waiting, *refused)),
            _ => None,
        };
        assert_eq!(self.next("word of what is scheduled", told).await, (waiting, refused), "{}", self.name);
    }

    /// This room is not there for them any more.
    pub(crate) async fn has_lost(&mut self, room: &str) {
        let lost = |frame: &ServerFrame| {
            if let ServerFrame::Lost { room } = frame { Some(room.to_string()) } else { None }
        };
        assert_eq!(self.next(&format!("word that {room} is lost"), lost).await, room);
    }

    /// This room is out of their list.
    pub(crate) async fn has_hidden(&mut self, room: &str) {
        while !self.hears_of_room(room).await.hidden {}
    }

    /// Goes to a room that is not in their list.
    pub(crate) async fn shows(&mut self, room: &str) {
        self.asks(ClientFrame::Show { room: room.into() }).await;
    }

    /// The next event of any room is this change of the room.
    pub(crate) async fn sees_change(&mut self, change: RoomChange) -> Event {
        let event = self.sees_event(&format!("change {change:?}")).await;
        assert_eq!(event.what, What::Room(change), "{} saw something else", self.name);
        event
    }

    /// What they have chosen for rooms, as it is told next.
    pub(crate) async fn hears_choices(&mut self) -> Vec<(String, bool)> {
        let choices = |frame: &ServerFrame| {
            let ServerFrame::Choices { rooms, .. } = frame else { return None };
            Some(rooms.iter().map(|choice| (choice.room.to_string(), choice.starred)).collect())
        };
        self.next("word of what they have chosen", choices).await
    }

    /// The rooms that they have starred, after all that they were told of it.
    pub(crate) async fn has_starred_in_the_end(&mut self) -> BTreeSet<String> {
        self.pings().await;
        let mut starred = BTreeSet::new();
        for frame in &self.unread {
            let ServerFrame::Choices { rooms, all } = frame else { continue };
            starred.retain(|_| !all);
            for choice in rooms {
                let room = choice.room.to_string();
                _ = if choice.starred { starred.insert(room) } else { starred.remove(&room) };
            }
        }
        starred
    }

    /// Of all that came, up to the answer to a ping, nothing has any of these words in it.
    pub(crate) async fn has_heard_nothing_of(&mut self, words: &[&str]) {
        self.pings().await;
        for frame in &self.unread {
            let said = encode(frame);
            words.iter().for_each(|word| assert!(!said.contains(word), "{} heard of {word}: {said}", self.name));
        }
    }

    /// Opens the chat in another tab of the same browser.
    pub(crate) async fn opens_another_tab(&self) -> Self {
        self.browser.opens_a_tab(&self.name).await
    }

    /// Closes the tab.
    pub(crate) async fn goes(mut self) -> Visitor {
        self.wire.closes().await;
        self.browser
    }

    /// The connection breaks without a goodbye.
    pub(crate) fn drops_off(self) -> Visitor {
        self.browser
    }

    /// The browser that the tab is in.
    pub(crate) fn browser(&self) -> Visitor {
        self.browser.clone()
    }

    /// Asks for anything.
    pub(crate) async fn asks(&mut self, frame: ClientFrame) {
        self.wire.says(&encode(&frame)).await;
    }

    /// Sends anything at all.
    pub(crate) async fn says(&mut self, text: &str) {
        self.wire.says(text).await;
    }

    /// The bare socket.
    pub(crate) fn wire(&mut self) -> &mut Wire {
        &mut self.wire
    }

    // What people see

    /// The next event of any room is this message.
    pub(crate) async fn sees(&mut self, by: &str, text: &str) -> Event {
        let event = self.sees_event(&format!("“{by}: {text}”")).await;
        let said = match &event.what {
            What::Posted { text, .. } => text.as_str(),
            What::Renamed { .. } => "(a change of name)",
            What::Room(_) => "(a change of the room)",
            What::Edited { .. } => "(an edit)",
            What::Deleted { .. } => "(a deletion)",
            What::Previewed { .. } => "(a preview)",
            What::Reacted { .. } => "(a reaction)",
            What::Pinned { .. } => "(a pin)",
        };
        assert_eq!((event.by.name.as_str(), said), (by, text), "{} saw something else", self.name);
        event
    }

    /// The next event of any room is this change of name.
    pub(crate) async fn sees_rename(&mut self, was: &str, now: &str) -> Event {
        let event = self.sees_event(&format!("change of name from {was} to {now}")).await;
        let What::Renamed { was: before } = &event.what else {
            panic!("{} saw no change of name but {event:?}", self.name);
        };
        assert_eq!((before.as_str(), event.by.name.as_str()), (was, now), "{} saw something else", self.name);
        event
    }

    /// The next event of any room.
    pub(crate) async fn sees_event(&mut self, what: &str) -> Event {
        self.next(what, event_in).await
    }

    /// The next event of any room; `None` when the connection ends before.
    pub(crate) async fn sees_event_unless_it_ends(&mut self) -> Option<Event> {
        self.next_unless_it_ends("event", event_in).await.ok()
    }

    /// The next events of any room, up to a number.
    pub(crate) async fn sees_up_to(&mut self, head: Seq) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        while events.last().is_none_or(|event| event.seq < head) {
            events.push(self.sees_event(&format!("event up to {head}")).await);
        }
        events
    }

    /// Nothing that is numbered has come besides, and none is on its way: the answer to a ping came first.
    pub(crate) async fn sees_nothing_more(&mut self) {
        self.pings().await;
        let events: Vec<_> = self.unread.iter().filter(|frame| matches!(frame, ServerFrame::Events { .. })).collect();
        assert!(events.is_empty(), "{} saw more: {events:?}", self.name);
    }

    /// The next notice of an arrival names these people, and how many are there now.
    pub(crate) async fn hears_arrival(&mut self, names: &[&str], here: usize) {
        let arrived = |frame: &ServerFrame| {
            let ServerFrame::Arrived { who, here, back: false, .. } = frame else { return None };
            Some((sorted_names(who), *here))
        };
        let heard = self.next(&format!("arrival of {names:?}"), arrived).await;
        assert_eq!(heard, (names.iter().map(ToString::to_string).collect(), here), "{} heard of others", self.name);
    }

    /// Sooner or later all of them are back who were there before the program began again, and are named.
    pub(crate) async fn hears_all_come_back(&mut self, names: &[&str], here: usize) {
        let back = |frame: &ServerFrame| {
            let ServerFrame::Arrived { who, here, back: true, .. } = frame else { return None };
            Some((sorted_names(who), *here))
        };
        let (mut heard, mut now_here) = (BTreeSet::new(), 0);
        while heard.len() < names.len() {
            let (who, here) = self.next(&format!("return of more than {heard:?}"), back).await;
            heard.extend(who);
            now_here = here;
        }
        assert_eq!((heard, now_here), (names.iter().map(ToString::to_string).collect(), here), "{}", self.name);
    }

    /// Somebody's arrival is announced, by whatever name.
    pub(crate) async fn hears_somebody_arrive(&mut self) {
        self.next("an arrival", |frame| matches!(frame, ServerFrame::Arrived { .. }).then_some(())).await;
    }

    /// The departures of these people are announced, in one notice or several, and how many are there in the end.
    pub(crate) async fn hears_all_leave(&mut self, names: &[&str], here: usize) {
        let mut gone = Vec::new();
        let mut still_here = None;
        while gone.len() < names.len() {
            let (who, here) = self.next(&format!("departure beside those of {gone:?}"), left_in).await;
            gone.extend(who);
            still_here = Some(here);
        }
        gone.sort();
        assert_eq!((gone.iter().map(String::as_str).collect::<Vec<_>>(), still_here), (names.to_vec(), Some(here)));
    }

    /// The next notice of a departure names these people, and how many are there now.
    pub(crate) async fn hears_departure(&mut self, names: &[&str], here: usize) {
        let heard = self.next(&format!("departure of {names:?}"), left_in).await;
        assert_eq!(heard, (names.iter().map(ToString::to_string).collect(), here), "{} heard of others", self.name);
    }

    /// No notice of a coming or going is left unheard.
    pub(crate) fn has_heard_all_notices(&self) {
        let notices: Vec<_> = self
            .unread
            .iter()
            .filter(|frame| matches!(frame, ServerFrame::Arrived { .. } | ServerFrame::Left { .. }))
            .collect();
        assert!(notices.is_empty(), "{} heard more: {notices:?}", self.name);
    }

    /// Types a bit in the thread of a message.
    pub(crate) async fn types_in(&mut self, of: Seq) {
        self.asks(ClientFrame::Typing { room: self.room.clone(), of: Some(of), done: false }).await;
    }

    /// Empties the box in which they typed: the room's, or that of a thread.
    pub(crate) async fn stops_typing_in(&mut self, of: Option<Seq>) {
        self.asks(ClientFrame::Typing { room: self.room.clone(), of, done: true }).await;
    }

    /// Has the thread of a message open.
    pub(crate) async fn watches(&mut self, of: Seq) {
        self.asks(ClientFrame::Watch { room: self.room.clone(), of }).await;
    }

    /// Sooner or later these people are typing in the thread of a message, and nobody else.
    pub(crate) async fn hears_typing_in(&mut self, of: Seq, names: &[&str]) {
        let in_thread = |frame: &ServerFrame| match frame {
            ServerFrame::Typing { of: its, who, .. } if *its == Some(of) => Some(sorted_names(who)),
            _ => None,
        };
        while self.next(&format!("word that {names:?} type in the thread of {of}"), in_thread).await != names {}
    }

    /// The next word of who is typing names these people, and how many more.
    pub(crate) async fn hears_typing(&mut self, names: &[&str], more: usize) {
        let heard = self.next(&format!("word that {names:?} type"), typing_in).await;
        assert_eq!(heard, (names.iter().map(ToString::to_string).collect(), more), "{} heard of others", self.name);
    }

    /// Sooner or later these people are typing, and nobody else.
    pub(crate) async fn hears_in_the_end_that_type(&mut self, names: &[&str]) {
        while self.next(&format!("word that {names:?} type"), typing_in).await.0 != names {}
    }

    /// All words of who is typing that came before the answer to the last ping: how many are named, and how many more there are.
    pub(crate) fn heard_of_typing(&mut self) -> Vec<(usize, usize)> {
        let heard = self.unread.iter().filter_map(typing_in).map(|(names, more)| (names.len(), more)).collect();
        self.unread.retain(|frame| typing_in(frame).is_none());
        heard
    }

    /// Has seen all up to a number in the room that they write to.
    pub(crate) async fn reads(&mut self, seq: Seq) {
        self.reads_in_turn(0, seq).await;
    }

    /// The same, when they have set their mark back so often; it may be back itself.
    pub(crate) async fn reads_in_turn(&mut self, turn: u32, seq: Seq) {
        self.asks(ClientFrame::Read { room: self.room.clone(), seq, turn }).await;
    }

    /// Sooner or later it is said that in this room all up to a number is read, and so much after it is not.
    pub(crate) async fn has_unread(&mut self, room: &str, read: Seq, unread: usize) {
        let slug = Slug::from(room);
        let mark = |frame: &ServerFrame| match frame {
            ServerFrame::Read { rooms } => {
                rooms.iter().find(|mark| mark.room == slug).map(|mark| (mark.read, mark.unread))
            }
            _ => None,
        };
        let what = format!("word that {unread} are unread after {read} in {room}");
        while self.next(&what, mark).await != (read, unread) {}
    }

    /// Sooner or later it is said that so much is unread in this room, and which messages mention the person.
    pub(crate) async fn has_mentions(&mut self, room: &str, unread: usize, mentions: &[Seq]) {
        let slug = Slug::from(room);
        let mark = |frame: &ServerFrame| match frame {
            ServerFrame::Read { rooms } => {
                rooms.iter().find(|mark| mark.room == slug).map(|mark| (mark.unread, mark.mentions.clone()))
            }
            _ => None,
        };
        let what = format!("word that {mentions:?} of {unread} mention them in {room}");
        while self.next(&what, mark).await != (unread, mentions.to_vec()) {}
    }

    /// All that was said of the reading in a room before the answer to a ping, and was not heard: how far it is read, how much is
    /// unread, and which messages mention the person.
    pub(crate) async fn was_told_of(&mut self, room: &str) -> Vec<(Mark, usize, Vec<Seq>)> {
        self.pings().await;
        let slug = Slug::from(room);
        let (mut told, mut others) = (Vec::new(), VecDeque::new());
        for frame in self.unread.drain(..) {
            let ServerFrame::Read { rooms } = frame else {
                others.push_back(frame);
                continue;
            };
            let here = rooms.into_iter().filter(|mark| mark.room == slug);
            told.extend(here.map(|mark| (Mark { turn: mark.turn, seq: mark.read }, mark.unread, mark.mentions)));
        }
        self.unread = others;
        told
    }

    /// Nothing was said of reading and of what is unread that was not heard, before the answer to a ping.
    pub(crate) async fn hears_nothing_more_of_reading(&mut self) {
        self.pings().await;
        let more = self.unread.iter().filter(|frame| matches!(frame, ServerFrame::Read { rooms } if !rooms.is_empty()));
        assert_eq!(more.collect::<Vec<_>>(), Vec::<&ServerFrame>::new(), "{} heard more", self.name);
    }

    // What calls them

    /// Sooner or later it is said which messages of a room call them.
    pub(crate) async fn has_level(&mut self, room: &str, level: Level) {
        let slug = Slug::from(room);
        let said = |frame: &ServerFrame| match frame {
            ServerFrame::Read { rooms } => rooms.iter().find(|mark| mark.room == slug)?.level,
            _ => None,
        };
        while self.next(&format!("word that {level:?} of {room} calls"), said).await != level {}
    }

    /// Chooses on the sheet about a room which of its messages call them, and is told so.
    pub(crate) async fn wants_calls(&mut self, room: &str, level: Level) {
        let what = match level {
            Level::All => "call_all",
            Level::Mentions => "call_mentions",
            Level::Nothing => "call_nothing",
        };
        self.does(room, what, "").await;
        self.has_level(room, level).await;
    }

    /// The next call is from this room; its message.
    pub(crate) async fn gets_called(&mut self, room: &str) -> Event {
        let called = |frame: &ServerFrame| match frame {
            ServerFrame::Called { room, event } => Some((room.to_string(), event.clone())),
            _ => None,
        };
        let (from, event) = self.next(&format!("call from {room}"), called).await;
        assert_eq!(from, room, "{} was called from elsewhere", self.name);
        event
    }

    /// No call has come, and none is on its way.
    pub(crate) async fn is_not_called(&mut self) {
        self.pings().await;
        let calls = self.unread.iter().filter(|frame| matches!(frame, ServerFrame::Called { .. }));
        assert_eq!(calls.collect::<Vec<_>>(), Vec::<&ServerFrame>::new(), "{} was called", self.name);
    }

    // Who is away, and who is not to be disturbed

    /// Touches nothing for long, or something again.
    pub(crate) async fn is_idle(&mut self, idle: bool) {
        self.asks(ClientFrame::Idle { idle }).await;
    }

    /// Is not to be disturbed until a moment.
    pub(crate) async fn rests(&mut self, until_ms: i64) {
        self.asks(ClientFrame::Quiet { until_ms }).await;
    }

    /// The next word on their own rest.
    pub(crate) async fn is_quiet_until(&mut self, until_ms: i64) {
        let quiet =
            |frame: &ServerFrame| if let ServerFrame::Quiet { until_ms } = frame { Some(*until_ms) } else { None };
        assert_eq!(self.next("word of the rest", quiet).await, until_ms);
    }

    /// No word on their own rest has come.
    pub(crate) async fn hears_nothing_of_quiet(&mut self) {
        self.pings().await;
        assert!(
            self.unread.iter().all(|frame| !matches!(frame, ServerFrame::Quiet { .. })),
            "{} heard more",
            self.name
        );
    }

    /// The next word on who is away and who is not to be disturbed, in any room.
    pub(crate) async fn hears_of_absent(&mut self, away: &[&Person], quiet: &[&Person]) {
        let expected = [away, quiet].map(|people| people.iter().map(|person| person.me.id).collect::<Vec<_>>());
        let heard = self.next("word of who is away", absent_in).await;
        assert_eq!(heard.1, expected, "{} heard of others", self.name);
    }

    /// The same of this room.
    pub(crate) async fn hears_of_absent_in(&mut self, room: &str, away: &[&Person], quiet: &[&Person]) {
        let expected = [away, quiet].map(|people| people.iter().map(|person| person.me.id).collect::<Vec<_>>());
        let heard = self.next("word of who is away", absent_in).await;
        assert_eq!(heard, (room.into(), expected), "{} heard of others", self.name);
    }

    /// Sooner or later it stands so.
    pub(crate) async fn hears_in_the_end_of_absent(&mut self, away: &[MemberId], quiet: &[MemberId]) {
        while self.next("word of who is away", absent_in).await.1 != [away.to_vec(), quiet.to_vec()] {}
    }

    /// Sooner or later those whom a page names are so, whether here, away or not to be disturbed.
    pub(crate) async fn hears_in_the_end_that_are_named(&mut self, is_right: impl Fn(&[MemberId]) -> bool) {
        let named = |frame: &ServerFrame| match frame {
            ServerFrame::Present { here, away, quiet, .. } => Some([&here[..], away, quiet].concat()),
            _ => None,
        };
        while !is_right(&self.next("word of who is there", named).await) {}
    }

    /// Sooner or later nobody but them is left in sight, by all that was said of who comes, who goes and who is there.
    pub(crate) async fn is_alone_in_the_end(&mut self) {
        let (mut in_sight, mut was_told_of_others) = (BTreeSet::new(), false);
        while !was_told_of_others || in_sight != BTreeSet::from([self.me.id]) {
            match self.next("word of who is there", presence_in).await {
                ServerFrame::Arrived { who, .. } => in_sight.extend(who.iter().map(|member| member.id)),
                ServerFrame::Left { who, .. } => in_sight.retain(|id| who.iter().all(|member| member.id != *id)),
                ServerFrame::Present { here, away, quiet, .. } => {
                    in_sight = [here, away, quiet].concat().into_iter().collect();
                    was_told_of_others = true;
                }
                _ => {}
            }
            was_told_of_others |= in_sight.len() > 1;
        }
    }

    /// No word on it has come, and none is on its way.
    pub(crate) async fn hears_nothing_of_absent(&mut self) {
        self.pings().await;
        let more: Vec<_> = self.unread.iter().filter_map(absent_in).collect();
        assert!(more.is_empty(), "{} heard more: {more:?}", self.name);
    }

    /// What the list says of a room next.
    pub(crate) async fn hears_of_room(&mut self, room: &str) -> RoomSummary {
        let slug = Slug::from(room);
        let summary = |frame: &ServerFrame| match frame {
            ServerFrame::Room(summary) if summary.slug == slug => Some(summary.clone()),
            _ => None,
        };
        self.next(&format!("news of {room} for the list"), summary).await
    }

    /// The list says sooner or later that so many are in a room.
    pub(crate) async fn hears_of_people_in(&mut self, room: &str, here: usize) {
        while self.hears_of_room(room).await.here != here {}
    }

    /// A room from its newest page on.
    pub(crate) async fn gets_page(&mut self, room: &str) -> Page {
        let slug = Slug::from(room);
        let page = |frame: &ServerFrame| match frame {
            ServerFrame::Page { room, events, start, head, people } if room.slug == slug => {
                let people = sorted_names(people);
                Some(Page { room: room.clone(), events: events.clone(), start: *start, head: *head, people })
            }
            _ => None,
        };
        self.next(&format!("page of {room}"), page).await
    }

    /// The end of coming back.
    pub(crate) async fn is_resumed(&mut self, room: &str) -> Resumed {
        let slug = Slug::from(room);
        let resumed = |frame: &ServerFrame| match frame {
            ServerFrame::Resumed { room, head, .. } if room.slug == slug => {
                Some(Resumed { head: *head, here: room.here })
            }
            _ => None,
        };
        self.next(&format!("end of the resume in {room}"), resumed).await
    }

    /// The page before a number, asked for and given.
    pub(crate) async fn gets_older(&mut self, before: Seq) -> (Vec<Seq>, bool) {
        self.asks(ClientFrame::Older { room: self.room.clone(), before }).await;
        let older = |frame: &ServerFrame| {
            if let ServerFrame::Older { events, start, .. } = frame { Some((seqs(events), *start)) } else { None }
        };
        self.next(&format!("page before {before}"), older).await
    }

    /// The page after a number, asked for and given.
    pub(crate) async fn gets_newer(&mut self, after: Seq) -> Vec<Seq> {
        self.asks(ClientFrame::Newer { room: self.room.clone(), after }).await;
        let newer =
            |frame: &ServerFrame| if let ServerFrame::Newer { events, .. } = frame { Some(seqs(events)) } else { None };
        self.next(&format!("page after {after}"), newer).await
    }

    /// The room that was asked for exists now; its address.
    pub(crate) async fn has_created(&mut self) -> String {
        let created = |frame: &ServerFrame| {
            if let ServerFrame::Created { room } = frame { Some(room.to_string()) } else { None }
        };
        self.next("word that the room is there", created).await
    }

    /// This room was left, here or in another tab.
    pub(crate) async fn is_gone_from(&mut self, room: &str) {
        let gone = |frame: &ServerFrame| {
            if let ServerFrame::Gone { room } = frame { Some(room.to_string()) } else { None }
        };
        assert_eq!(self.next(&format!("word of having left {room}"), gone).await, room);
    }

    /// Is called this now.
    pub(crate) async fn is_now(&mut self, name: &str) {
        let you = |frame: &ServerFrame| {
            if let ServerFrame::You { me } = frame { Some(me.name.to_string()) } else { None }
        };
        assert_eq!(self.next("word of the new name", you).await, name);
    }

    /// The next refusal is this one.
    pub(crate) async fn is_refused(&mut self, why: Refusal) -> (Option<Cid>, Option<Slug>) {
        let refused = |frame: &ServerFrame| match frame {
            ServerFrame::Refused { why, cid, room, .. } => Some((*why, (*cid, room.clone()))),
            _ => None,
        };
        let (said, about) = self.next(&format!("refusal {why:?}"), refused).await;
        assert_eq!(said, why, "{} was refused for another reason", self.name);
        about
    }

    /// The next refusal says to send this message again after so many milliseconds.
    pub(crate) async fn is_slowed_down(&mut self) -> (Cid, u32) {
        let refused = |frame: &ServerFrame| match frame {
            ServerFrame::Refused { why, cid, after_ms, .. } => Some((*why, *cid, *after_ms)),
            _ => None,
        };
        let (why, cid, after_ms) = self.next("refusal with a time to wait", refused).await;
        assert_eq!(why, Refusal::TooFast, "{} was refused for another reason", self.name);
        (cid.expect("it says which message"), after_ms.expect("it says when"))
    }

    /// Whether a message was refused to be sent again later, before the answer to the last ping.
    pub(crate) fn was_slowed_down(&mut self) -> bool {
        let before = self.unread.len();
        self.unread.retain(|frame| !matches!(frame, ServerFrame::Refused { why: Refusal::TooFast, .. }));
        self.unread.len() < before
    }

    /// The events that come until the connection is closed, and with which code.
    pub(crate) async fn sees_until_closed(&mut self) -> (Vec<Event>, u16) {
        let mut events = Vec::new();
        loop {
            match self.next_unless_it_ends("event or closing", event_in).await {
                Ok(event) => events.push(event),
                Err(Heard::Closed(code, _)) => return (events, code),
                Err(end) => panic!("{} was not closed properly: {end:?}", self.name),
            }
        }
    }

    /// The next refusal, whatever it is.
    pub(crate) async fn is_refused_somehow(&mut self) -> Refusal {
        let refused =
            |frame: &ServerFrame| if let ServerFrame::Refused { why, .. } = frame { Some(*why) } else { None };
        self.next("refusal", refused).await
    }

    /// Whether word has come that a room which was asked for is there.
    pub(crate) fn was_told_of_a_new_room(&self) -> bool {
        self.unread.iter().any(|frame| matches!(frame, ServerFrame::Created { .. }))
    }

    /// What the server called the person at the start.
    pub(crate) fn is_called(&self) -> String {
        self.me.name.to_string()
    }

    /// Asks whether the server is there; the last numbers of the open rooms.
    pub(crate) async fn pings(&mut self) -> Vec<(String, Seq)> {
        self.asks(ClientFrame::Ping {}).await;
        let pong = |frame: &ServerFrame| {
            let ServerFrame::Pong { heads } = frame else {
                return None;
            };
            Some(heads.iter().map(|(room, head)| (room.to_string(), *head)).collect())
        };
        self.next("pong", pong).await
    }

    /// The server says goodbye, and when to come back.
    pub(crate) async fn is_told_to_come_back(&mut self) -> u32 {
        let bye = |frame: &ServerFrame| if let ServerFrame::Bye { after_ms } = frame { Some(*after_ms) } else { None };
        self.next("goodbye", bye).await
    }

    /// The connection is closed with this code, whatever is said before.
    pub(crate) async fn is_closed_with(&mut self, code: u16) {
        loop {
            match self.wire.hears(&format!("closing with {code}")).await {
                Heard::Text(_) => {}
                Heard::Closed(said, reason) => {
                    return assert_eq!(said, code, "{} was closed with “{reason}”", self.name);
                }
                Heard::Cut(how) => panic!("{} was cut off: {how}", self.name),
            }
        }
    }

    /// The first frame that answers the question, of those that came and those to come.
    async fn next<T>(&mut self, what: &str, pick: impl Fn(&ServerFrame) -> Option<T>) -> T {
        match self.next_unless_it_ends(what, pick).await {
            Ok(picked) => picked,
            Err(end) => panic!("{} waited for {what}, but: {end:?}", self.name),
        }
    }

    async fn next_unless_it_ends<T>(
        &mut self,
        what: &str,
        pick: impl Fn(&ServerFrame) -> Option<T>,
    ) -> Result<T, Heard> {
        if let Some((at, picked)) = self.unread.iter().enumerate().find_map(|(at, frame)| Some((at, pick(frame)?))) {
            self.unread.remove(at);
            return Ok(picked);
        }
        loop {
            let frame = match self.wire.hears(&format!("{what} for {}", self.name)).await {
                Heard::Text(text) => decode(&text).unwrap_or_else(|| panic!("this is not a frame: {text}")),
                end => return Err(end),
            };
            let mut frames = one_by_one(frame).into_iter();
            let picked = frames.by_ref().find_map(|frame| match pick(&frame) {
                None => {
                    self.unread.push_back(frame);
                    None
                }
                picked => picked,
            });
            self.unread.extend(frames);
            if let Some(picked) = picked {
                return Ok(picked);
            }
        }
    }
}

/// The address of the room to which a path leads.
fn room_at(path: &str) -> String {
    Route::parse(path).room().expect("a room's path").to_string()
}

/// 128 random bits, as a client makes them.
pub(crate) fn fresh_cid() -> Cid {
    Cid(u128::from_be_bytes(server::random::bytes()))
}

/// The numbers of events.
pub(crate) fn seqs(events: &[Event]) -> Vec<Seq> {
    events.iter().map(|event| event.seq).collect()
}

fn sorted_names(people: &[Member]) -> Vec<String> {
    let mut names: Vec<String> = people.iter().map(|member| member.name.to_string()).collect();
    names.sort();
    names
}

fn left_in(frame: &ServerFrame) -> Option<(Vec<String>, usize)> {
    if let ServerFrame::Left { who, here, .. } = frame { Some((sorted_names(who), *here)) } else { None }
}

fn presence_in(frame: &ServerFrame) -> Option<ServerFrame> {
    use ServerFrame::{Arrived, Left, Present};
    matches!(frame, Arrived { .. } | Left { .. } | Present { .. }).then(|| frame.clone())
}

fn typing_in(frame: &ServerFrame) -> Option<(Vec<String>, usize)> {
    let ServerFrame::Typing { of: None, who, more, .. } = frame else { return None };
    Some((sorted_names(who), *more))
}

fn absent_in(frame: &ServerFrame) -> Option<(Slug, [Vec<MemberId>; 2])> {
    let ServerFrame::Present { room, away, quiet, .. } = frame else { return None };
    Some((room.clone(), [away.clone(), quiet.clone()]))
}

fn event_in(frame: &ServerFrame) -> Option<Event> {
    if let ServerFrame::Events { events, .. } = frame { events.first().cloned() } else { None }
}

/// Events that came in one frame are seen one by one.
fn one_by_one(frame: ServerFrame) -> Vec<ServerFrame> {
    let ServerFrame::Events { room, events } = frame else { return vec![frame] };
    events.into_iter().map(|event| ServerFrame::Events { room: room.clone(), events: vec![event] }).collect()
}

fn decode(text: &str) -> Option<ServerFrame> {
    serde_json::from_str(text).ok()
}
