//! The right to a room, and what one may do with it. [`Admitted`] comes from [`Rooms::admit`] alone: code that reaches a
//! room has asked for the right, or it doesn't compile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::markup::{Kind, Markup, Node};
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Draft, Event, Seq, What};
use app::protocol::{MAX_RESUME_EVENTS, PAGE_EVENTS, Position, ServerFrame, encode};
use app::refusal::Refusal;
use app::room::{RoomSummary, Slug};
use app::roster::Named;

use tokio::sync::oneshot;

use super::availability::tell_soon;
use super::listeners::Listeners;
use super::presence::{Presence, Watch};
use super::{Callable, Patience, Room, Rooms};
use crate::broadcast::{Notice, Outlet, text};
use crate::markup::{self, Shape};
use crate::store::{About, Appended, Days, NewEvent, RoomId, StoreError, To};

/// How many events a listener that is behind reads at a time.
const CATCH_UP_EVENTS: usize = 64;

/// Why something in a room was not done.
#[derive(Debug, thiserror::Error)]
pub enum Answer {
    /// The person can do something about it.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The store could not; the outcome may be unknown.
    #[error(transparent)]
    Unavailable(#[from] StoreError),
    /// Too much at once; it can be asked again after this time.
    #[error("too fast: again after {0:?}")]
    TooFast(Duration),
}

impl Answer {
    /// The word that every language has a sentence for, where it is for the person who asked.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused(why) => Some(*why),
            Self::TooFast(_) => Some(Refusal::TooFast),
            Self::Unavailable(_) => None,
        }
    }
}

/// What somebody says, or does to what they said.
#[derive(Debug)]
pub enum Saying {
    /// Something new, with files that were uploaded for it.
    New(Draft, Vec<u128>),
    /// The same, to something that was said.
    Answer(To, Draft, Vec<u128>),
    /// Another text for the message of this number.
    Edit(Seq, Draft),
    /// The end of the message of this number.
    Deletion(Seq),
    /// An emoji for the message of this number, or its end.
    Reaction(Seq, String, bool),
    /// That the message of this number is shown without what lies behind its link.
    HiddenPreview(Seq),
    /// The message of this number is pinned to the room, or no longer.
    Pin(Seq, bool),
}

impl Saying {
    /// What it says; nothing where it says nothing new.
    pub fn text(&self) -> &str {
        match self {
            Self::New(draft, _) | Self::Answer(_, draft, _) | Self::Edit(_, draft) => draft.as_str(),
            Self::Deletion(_) | Self::Reaction(..) | Self::Pin(..) | Self::HiddenPreview(_) => "",
        }
    }

    fn to(&self) -> To {
        if let Self::Answer(to, ..) = self { *to } else { To::Room }
    }

    /// The same, to something that was said, where it is something new.
    pub fn answering(self, to: To) -> Self {
        if let Self::New(draft, files) = self { Self::Answer(to, draft, files) } else { self }
    }

    /// What happens, the tree of its text as it is stored, and the files that go with it.
    fn under(self, author: &Name, callable: &Callable) -> (What, Option<String>, Vec<u128>) {
        let (of, draft, files) = match self {
            Self::New(draft, files) | Self::Answer(_, draft, files) => (None, draft, files),
            Self::Edit(of, draft) => (Some(of), draft, Vec::new()),
            Self::Deletion(of) => return (What::Deleted { of, to: Vec::new() }, None, Vec::new()),
            Self::Pin(of, on) => return (What::Pinned { of, on }, None, Vec::new()),
            Self::Reaction(of, emoji, on) => return (What::Reacted { of, emoji, on, count: 0 }, None, Vec::new()),
            Self::HiddenPreview(of) => return (What::Previewed { of, preview: None }, None, Vec::new()),
        };
        let action = markup::action(author.as_str(), draft.as_str(), callable);
        let shape = action.or_else(|| markup::parse(draft.as_str(), callable));
        let (markup, stored) = shape.map(|Shape { markup, stored }| (markup, stored)).unzip();
        let text = draft.into_string();
        let what = match of {
            None => What::Posted { text, markup, edited_ms: None, files: Vec::new(), beside: None },
            Some(of) => What::Edited { of, text, markup, to: Vec::new() },
        };
        (what, stored, files)
    }
}

/// A person with the right to a room.
#[derive(Clone)]
pub struct Admitted {
    pub(super) rooms: Arc<Rooms>,
    pub(super) room: Arc<Room>,
    pub(super) member: Member,
}

impl Admitted {
    pub(super) fn new(rooms: &Arc<Rooms>, room: Arc<Room>, member: Member) -> Self {
        Self { rooms: Arc::clone(rooms), room, member }
    }

    /// The room's number in the store.
    pub fn room_id(&self) -> RoomId {
        self.room.id
    }

    /// Whose right it is.
    pub fn member_id(&self) -> MemberId {
        self.member.id
    }

    /// The room's address.
    pub fn slug(&self) -> &Slug {
        &self.room.slug
    }

    /// What a page of this person's shows of the room.
    pub fn summary(&self) -> RoomSummary {
        RoomSummary { hidden: self.room.is_hidden_from(self.member.id), ..self.room.summary_with_topic() }
    }

    /// What it is called and about, who made it, and who may be in it.
    pub fn about(&self) -> About {
        self.room.about().clone()
    }

    /// The number of the last event that was published.
    pub fn head(&self) -> Seq {
        self.room.head()
    }

    /// A number of the room's log as a place to go on from.
    pub fn position(&self, seq: Seq) -> Position {
        Position { epoch: self.rooms.store.epoch().to_owned(), seq }
    }

    /// Says something that may call these people. The call takes its place in the order; the answer comes once it is durable and published, and does not
    /// come when the store stops. The same id with the same text gives the first event back.
    ///
    /// Answered with [`Answer::TooFast`], [`Answer::Refused`] with [`Refusal::MessageTooLong`], [`Refusal::MessageChanged`],
    /// [`Refusal::FileUnknown`] or [`Refusal::SignedOut`], and of changes with [`Refusal::MessageUnknown`], [`Refusal::MessageNotYours`],
    /// [`Refusal::MessageDeleted`], [`Refusal::ReactionsFull`] or [`Refusal::PinsFull`], or [`Answer::Unavailable`] when it can't be.
    pub fn say(
        &self,
        cid: Cid,
        saying: Saying,
        callable: &Callable,
        answer: impl FnOnce(Result<Posted, Answer>) + Send + 'static,
    ) {
        if let Err(wait) = self.rooms.limits.messages.take(self.member.id, Instant::now()) {
            return answer(Err(Answer::TooFast(wait)));
        }
        if let Err(why) = self.rooms.allowance.message(saying.text()) {
            return answer(Err(Answer::Refused(why)));
        }
        self.has_typed();
        let (author, at_ms) = (self.member.id, self.rooms.clock.now_ms());
        // Here, where only whoever says it waits for it.
        let (to, most_pins) = (saying.to(), self.rooms.most.pins);
        let (what, markup, files) = saying.under(&self.member.name, callable);
        let (room, moderates) = (self.room_id(), self.moderates());
        self.append(NewEvent { room, author, moderates, what, cid, markup, files, to, most_pins, at_ms }, answer);
    }

    /// Says what is ready to be said, by somebody who has not been too fast.
    pub(super) fn append(&self, new: NewEvent, answer: impl FnOnce(Result<Posted, Answer>) + Send + 'static) {
        let (rooms, room) = (Arc::clone(&self.rooms), Arc::clone(&self.room));
        let look = self.looks_behind(&new.what);
        let publish = move |appended| match appended {
            Appended::New(event) => {
                let seq = event.seq;
                look.into_iter().for_each(|look| look.begin(event.what.of().unwrap_or(seq)));
                rooms.call_in(&room, &event);
                rooms.publish(&room, event);
                Ok(Posted::Now(seq))
            }
            Appended::Edited(event, named) => {
                let (seq, of) = (event.seq, event.what.of().unwrap_or(event.seq));
                look.into_iter().for_each(|look| look.begin(of));
                rooms.publish(&room, event);
                rooms.call_into_past(&room, of, named);
                Ok(Posted::Now(seq))
            }
            Appended::Repeated(event) => Ok(Posted::Before(event)),
            Appended::Refused(why) => Err(Answer::Refused(why)),
        };
        self.rooms.store.append(new, publish, |said| answer(said.map_err(Answer::from).flatten()));
    }

    /// Says something new as [`Admitted::say`] does, and waits for the answer: what became of it, and whether it was to call more
    /// people than its author may.
    ///
    /// # Errors
    /// As [`Admitted::say`].
    pub async fn post_and_wait(&self, cid: Cid, draft: Draft, files: Vec<u128>) -> Result<(Posted, bool), Answer> {
        self.say_and_wait(cid, Saying::New(draft, files)).await
    }

    /// The same for whatever is said.
    ///
    /// # Errors
    /// As [`Admitted::say`].
    pub async fn say_and_wait(&self, cid: Cid, saying: Saying) -> Result<(Posted, bool), Answer> {
        let (answer, answered) = oneshot::channel();
        let was_too_many = {
            let callable = self.callable(saying.text()).await?;
            self.say(cid, saying, &callable, |posted| drop(answer.send(posted)));
            callable.was_too_many()
        };
        let posted = answered.await.unwrap_or(Err(Answer::Unavailable(StoreError::Unknown)))?;
        Ok((posted, was_too_many))
    }

    /// The tree that a text of this person would have here, and whether it is to call more people than they may.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn preview(&self, draft: Draft) -> Result<(Markup, bool), Answer> {
        let callable = self.callable(draft.as_str()).await?;
        let plain = draft.as_str().to_owned();
        let markup = match Saying::New(draft, Vec::new()).under(&self.member.name, &callable).0 {
            What::Posted { markup: Some(markup), .. } => markup,
            _ => Markup::new(vec![Node::part(Kind::Paragraph, "", vec![Node::Text(plain)])]),
        };
        Ok((markup, callable.was_too_many()))
    }

    /// The newest page of the room, or the one around a number.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomUnknown`], [`Answer::Unavailable`].
    pub async fn page(&self, at: Option<Seq>) -> Result<ServerFrame, Answer> {
        let last = self.head();
        let (events, head) = match at.filter(|at| *at < last) {
            Some(at) => {
                let events = self.around(at.max(1)).await?;
                let is_cut_off = last_of(&events) < last;
                (events, is_cut_off.then_some(last))
            }
            None => (self.newest().await?, None),
        };
        let start = begins(&events);
        Ok(ServerFrame::Page { room: self.summary(), events, start, head, people: self.people() })
    }

    /// Half a page up to a number, and half a page after it.
    async fn around(&self, at: Seq) -> Result<Vec<Event>, Answer> {
        let mut events = self.rooms.store.before(self.room_id(), at + 1, PAGE_EVENTS / 2).await?;
        events.extend(self.rooms.store.newer(self.room_id(), at, PAGE_EVENTS / 2).await?);
        self.unless_removed(self.as_told(events))
    }

    async fn newest(&self) -> Result<Vec<Event>, Answer> {
        if let Some(events) = self.room.newest() {
            return Ok(self.as_told(events));
        }
        let events = self.rooms.store.newest(self.room_id(), PAGE_EVENTS).await?;
        self.room.remember_newest(&events);
        self.unless_removed(self.as_told(events))
    }

    /// As this person is told of them: the ids that others gave their own stay with those.
    fn as_told(&self, mut events: Vec<Event>) -> Vec<Event> {
        events.iter_mut().filter(|event| event.by.id != self.member.id).for_each(|event| event.cid = None);
        events
    }

    /// What was read of the room, unless it was closed to this person while it was read: it may say what came after that.
    pub(super) fn unless_removed<T>(&self, read: T) -> Result<T, Answer> {
        if self.room.may_enter(self.member.id) { Ok(read) } else { Err(Answer::Refused(Refusal::RoomUnknown)) }
    }

    /// When the newest event was, in milliseconds since 1970; `None` in an empty room.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomUnknown`], [`Answer::Unavailable`].
    pub async fn newest_ms(&self) -> Result<Option<i64>, Answer> {
        Ok(self.newest().await?.last().map(|event| event.at_ms))
    }

    /// What was said between moments, which grow.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomUnknown`], [`Answer::Unavailable`].
    pub async fn days(&self, moments: Vec<i64>) -> Result<Days, Answer> {
        self.unless_removed(self.rooms.store.days(self.room_id(), moments).await?)
    }

    /// The page before a number.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomUnknown`], [`Answer::Unavailable`].
    pub async fn older(&self, before: Seq) -> Result<ServerFrame, Answer> {
        let events = self.rooms.store.before(self.room_id(), before, PAGE_EVENTS).await?;
        let start = begins(&events);
        self.unless_removed(ServerFrame::Older { room: self.slug().clone(), events: self.as_told(events), start })
    }

    /// The page after a number.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomUnknown`], [`Answer::Unavailable`].
    pub async fn newer(&self, after: Seq) -> Result<ServerFrame, Answer> {
        let events = self.rooms.store.newer(self.room_id(), after.max(0), PAGE_EVENTS).await?;
        self.unless_removed(ServerFrame::Newer { room: self.slug().clone(), events: self.as_told(events) })
    }

    /// Some of what came after a number.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn after(&self, seq: Seq) -> Result<Vec<Event>, Answer> {
        Ok(self.as_told(self.rooms.store.after(self.room_id(), seq, CATCH_UP_EVENTS).await?))
    }

    /// A listener walks in, or comes back to where it was. What it missed comes from the store; a position that can't be
    /// served (another epoch, a number that is not there yet, too far behind) gets a fresh page: the newest, or in the same
    /// epoch the one around the number where the listener reads.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomsOpenTooMany`] or [`Refusal::RoomUnknown`], [`Answer::Unavailable`].
    pub async fn open(&self, outlet: &Arc<Outlet>, after: Option<Position>, at: Option<Seq>) -> Result<(), Answer> {
        if !outlet.may_open(self.room_id()) {
            return Err(Answer::Refused(Refusal::RoomsOpenTooMany));
        }
        if self.has_left(after.is_some()).await? {
            outlet.answer(&ServerFrame::Gone { room: self.slug().clone() });
            return Ok(());
        }
        let is_of_now = after.as_ref().is_none_or(|position| position.epoch == self.rooms.store.epoch());
        let after = after.filter(|position| self.can_resume(position));
        let is_back = after.is_some() && self.rooms.earlier.may_have(self.member.id);
        let is_open = match after {
            Some(position) => {
                let reading = self.reading(position.seq).await?;
                self.listen(outlet, &[reading], position.seq, true, is_back)
            }
            None => {
                let page = self.page_with_me(at.filter(|_| is_of_now)).await?;
                let last = if let ServerFrame::Page { events, head, .. } = &page {
                    head.unwrap_or_else(|| last_of(events))
                } else {
                    0
                };
                let reading = self.reading(last).await?;
                let is_open = self.listen(outlet, &[page, reading], last, false, is_back);
                // After listening: what changes from here on is told.
                self.present().iter().filter(|_| is_open).for_each(|present| outlet.answer(present));
                is_open
            }
        };
        if is_open {
            return Ok(());
        }
        // Their mark may have been made after they went.
        self.reads_no_more();
        self.unless_removed(())?;
        outlet.answer(&ServerFrame::Gone { room: self.slug().clone() });
        Ok(())
    }

    /// A listener walks in and hears what is said from now on.
    pub fn listen_from_now(&self, outlet: &Arc<Outlet>) {
        self.listen(outlet, &[], self.head(), false, false);
    }

    fn can_resume(&self, position: &Position) -> bool {
        let head = self.head();
        position.epoch == self.rooms.store.epoch()
            && (0..=head).contains(&position.seq)
            && head - position.seq <= MAX_RESUME_EVENTS
    }

    /// The page as it is once this person is in.
    async fn page_with_me(&self, at: Option<Seq>) -> Result<ServerFrame, Answer> {
        let mut page = self.page(at).await?;
        if let ServerFrame::Page { room, people, .. } = &mut page
            && !self.room.presence().is_here(self.member.id)
        {
            room.here += 1;
            *people = people.with(&self.member);
        }
        Ok(page)
    }

    /// A connection hears these and then what follows a number, and its person is here. Says whether the room is open to them.
    fn listen(
        &self,
        outlet: &Arc<Outlet>,
        first: &[ServerFrame],
        sent: Seq,
        says_resumed: bool,
        is_back: bool,
    ) -> bool {
        let first = first.iter().map(|said| text(&encode(said))).collect();
        let patience = self.patience();
        let is_new = {
            let mut listeners = self.room.listeners();
            // Whoever has left meanwhile with another connection, or was removed, is found here or among the listeners: that
            // closes the room to them first.
            if !self.room.is_open_to(self.member.id) {
                return false;
            }
            let is_new = listeners.add(outlet);
            if is_new {
                self.room.presence().enter(&self.member, is_back, Instant::now(), patience);
            }
            outlet.subscribe(self.clone(), first, sent, says_resumed);
            is_new
        };
        if is_new {
            self.announce_soon();
            self.shows_as_now();
        }
        true
    }

    /// A connection is gone, or wants to hear no more: it does not listen, and the person has left unless they are soon back. Says
    /// whether it did listen.
    pub fn slip_out(&self, outlet: &Outlet) -> bool {
        let listened = self.change_presence(
            |listeners| self.room.forget(listeners, outlet),
            |presence, now, patience| presence.slip_out(self.member.id, now, patience),
        );
        if listened {
            self.types_no_more(outlet);
        }
        listened
    }

    /// A connection wants to hear no more of the room. How much is unread is to be told where that is known: the rest of what it
    /// lacks does not come any more.
    pub fn close(&self, outlet: &Outlet) -> Option<ServerFrame> {
        self.slip_out(outlet);
        self.reading_known()
    }

    /// The person is here with no connection any more; these were theirs.
    pub(super) fn hear_no_more(&self) -> Vec<Arc<Outlet>> {
        let mut mine: Vec<Arc<Outlet>> = Vec::new();
        self.change_presence(
            |listeners| {
                mine.extend(listeners.all().filter(|outlet| outlet.member == self.member.id).cloned());
                for outlet in &mine {
                    self.room.forget(listeners, outlet);
                }
                true
            },
            |presence, now, patience| presence.leave(self.member.id, now, patience),
        );
        mine.iter().for_each(|outlet| self.types_no_more(outlet));
        mine
    }

    /// The answer that ends a resume.
    pub fn resumed(&self, head: Seq) -> ServerFrame {
        ServerFrame::Resumed { room: self.summary(), head, people: self.people() }
    }

    /// Who is there, as far as a page names them.
    pub fn people(&self) -> Named {
        self.room.presence().named()
    }

    /// Changes who listens and, if that says so, who is here: both at once, so that whoever listens is counted, once. Has it
    /// announced. A visit that is over before anyone was told is not announced, but a list may have counted it.
    fn change_presence(
        &self,
        listen: impl FnOnce(&mut Listeners) -> bool,
        change: impl FnOnce(&mut Presence, Instant, Patience),
    ) -> bool {
        let patience = self.patience();
        let (is_fewer, has_moved) = {
            let mut listeners = self.room.listeners();
            if !listen(&mut listeners) {
                return false;
            }
            let mut presence = self.room.presence();
            let before = presence.here();
            change(&mut presence, Instant::now(), patience);
            (presence.here() < before, presence.has_moved())
        };
        if is_fewer {
            self.rooms.announce(&self.room);
        }
        if has_moved {
            tell_soon(&self.room, self.rooms.patience.rest);
        }
        self.announce_soon();
        true
    }

    fn patience(&self) -> Patience {
        let patience = self.rooms.patience;
        Patience { gather: self.room.at_ease(patience.gather), ..patience }
    }

    /// Announces comings and goings once they are due. One task a room does it, as long as something is due at all.
    fn announce_soon(&self) {
        let watch = self.room.presence().watch();
        match watch {
            Watch::Begins => {
                drop(tokio::spawn(announce_what_is_due(Arc::clone(&self.rooms), Arc::clone(&self.room))));
            }
            Watch::Sooner => self.room.presence_changed.notify_one(),
            Watch::Off | Watch::Until(_) => {}
        }
    }
}

async fn announce_what_is_due(rooms: Arc<Rooms>, room: Arc<Room>) {
    loop {
        let Some(due) = room.presence().next_due_or_end_watch() else { return };
        tokio::select! {
            () = tokio::time::sleep_until(due.into()) => {
                announce(&rooms, &room);
                if room.presence().has_moved() {
                    tell_soon(&room, rooms.patience.rest);
                }
            }
            () = room.presence_changed.notified() => {}
        }
    }
}

/// Says who came and went, and lets all lists know the new number of people.
fn announce(rooms: &Rooms, room: &Room) {
    let (news, here) = {
        let mut presence = room.presence();
        (presence.news(Instant::now()), presence.here())
    };
    let frames = news.frames(&room.slug, here);
    for frame in &frames {
        room.hint(&match frame {
            ServerFrame::Arrived { back: false, .. } => {
                Notice::with_line(frame, |lang| (lang.words().arrived_plain)(here))
            }
            ServerFrame::Left { .. } => Notice::with_line(frame, |lang| (lang.words().left_plain)(here)),
            _ => Notice::new(frame),
        });
    }
    if !frames.is_empty() {
        rooms.announce(room);
    }
}

/// What became of a message that was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posted {
    /// It is new, with this number; all who listen have it.
    Now(Seq),
    /// It was posted before; the listeners had it then.
    Before(Event),
}

fn last_of(events: &[Event]) -> Seq {
    events.last().map_or(0, |event| event.seq)
}

fn begins(events: &[Event]) -> bool {
    events.first().is_none_or(|event| event.seq == 1)
}
