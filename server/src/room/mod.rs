//! Rooms: the only place where an event comes to be. `admit` gives the right to a room, [`Admitted`] is what one may do
//! with it, `presence` knows who is there and `typing` who is about to
//! say something, `reading` how far people have read, `mentions` whom a text may call, `calls` whom a message calls who looks
//! elsewhere, `availability` who is away or not to be disturbed; `making` makes rooms, `keeper` changes them, and `find` finds
//! them, and people, while a name is typed; `forward` passes messages on; `schedule` says later what was written now.

mod admit;
mod availability;
mod called_in;
mod calls;
mod find;
mod forward;
mod keeper;
mod leaving;
mod listeners;
mod making;
mod mentions;
mod pins;
mod presence;
mod preview;
mod reading;
mod schedule;
mod speak;
mod threads;
mod typing;
mod versions;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use app::allowance::Allowance;
use app::availability::Availability;
use app::member::{Member, MemberId};
use app::message::{Event, Seq, What};
use app::notices::Level;
use app::protocol::ServerFrame;
use app::refusal::Refusal;
use app::room::{Choice, RoomName, RoomSummary, Slug};
use app::unread::Mark;

use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::Notify;

pub use admit::{Admitted, Answer, Posted, Saying};
pub use find::{Found, MAX_SOUGHT_BYTES};
pub use keeper::Keeper;
pub use making::{Kind, Left, Most};
pub use mentions::Callable;
pub use schedule::{NotLater, Schedule};
pub use threads::{Followed, MOST_FOLLOWED};
pub use versions::Version;

use crate::broadcast::{Notice, Outlet, Voice};
use crate::clock::Clock;
use crate::config::Serve;
use crate::limits::Limits;
use crate::names::{must_not_pass_for_a_line, name_key};
use crate::previews::Previews;
use crate::store::{About, RoomId, Store, StoreError, StoredRoom};
use availability::Telling;
use listeners::Listeners;
use presence::Presence;
pub use reading::Marks;
use reading::Readers;
use speak::Unsaid;
use typing::Typing;

/// How many public rooms a list shows, besides those where somebody has been.
const LISTED: usize = 40;

/// How many bytes of text a room's newest page has at most that is kept in memory.
const MAX_REMEMBERED_BYTES: usize = 16 * 1024;

/// How long things wait.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Somebody who is back within this time was never gone.
    pub grace: Duration,
    /// Comings and goings within this time are one notice.
    pub gather: Duration,
    /// Between two frames about what passes, as who is typing, there is so much time.
    pub rest: Duration,
    /// A listener who has not taken what waits for them by then is sent away; they come back and resume.
    pub slow: Duration,
    /// The clock, which may be set, is looked at this often for what is to be said later.
    pub look_every: Duration,
    /// What lasts as long as a second in the limits on how much somebody may do in one.
    pub second: Duration,
    /// Who was in a room before the program began, and is back within this time, was never gone.
    pub back: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let (rest, slow) = (Duration::from_secs(1), Duration::from_secs(30));
        let (look_every, second) = (Duration::from_secs(20), Duration::from_secs(1));
        let (grace, gather) = (Duration::from_secs(10), Duration::from_millis(400));
        // A browser may wait for half a minute before it tries again.
        let back = Duration::from_secs(30) + grace;
        Self { grace, gather, rest, slow, look_every, second, back }
    }
}

/// All rooms of the server, and all connections.
pub struct Rooms {
    store: Store,
    clock: Clock,
    patience: Patience,
    earlier: Earlier,
    /// In a room of so many people everyone may call all of them.
    call_all_up_to: usize,
    allowance: Allowance,
    most: Most,
    runtime: Handle,
    limits: Arc<Limits>,
    by_slug: RwLock<HashMap<Slug, Arc<Room>>>,
    connections: Mutex<Connections>,
    deserted: Notify,
    outlets_made: AtomicU64,
    /// Rooms with something to say since the last commit.
    stirred: Mutex<Vec<Arc<Room>>>,
    /// Rooms with something that was not told yet to those who have them not open.
    news: Mutex<Vec<Arc<Room>>>,
    has_news: Notify,
    /// How far people have read, where that is not written yet.
    unwritten: Mutex<BTreeMap<(MemberId, RoomId), Option<Mark>>>,
    has_unwritten: Notify,
    something_is_deleted: Notify,
    /// Who is not to be disturbed, and until when, in milliseconds since 1970.
    quiet: Mutex<HashMap<MemberId, i64>>,
    has_quiet: Notify,
    /// What finds what lies behind links, where the operator wants that.
    previews: OnceLock<Arc<Previews>>,
}

/// Who may have been here before the program began.
struct Earlier {
    /// Nobody has an id above this.
    last: MemberId,
    /// Until then their browsers come back by themselves.
    until: Instant,
}

impl Earlier {
    /// Whether somebody who goes on where a room was for them has probably not been away.
    fn may_have(&self, member: MemberId) -> bool {
        member <= self.last && Instant::now() < self.until
    }
}

/// All connections, and whose they are.
#[derive(Default)]
struct Connections {
    outlets: HashMap<u64, Arc<Outlet>>,
    /// Whether all were told to go; whoever comes after that is told at once.
    goodbye_is_said: bool,
    people: HashMap<MemberId, Connected>,
}

impl Connections {
    fn add(&mut self, outlet: &Arc<Outlet>) {
        if self.goodbye_is_said {
            close_for_restart(outlet);
        }
        self.outlets.insert(outlet.id, Arc::clone(outlet));
    }

    fn begin(&mut self, outlet: &Arc<Outlet>, member: &Member) -> usize {
        self.add(outlet);
        let new = || Connected {
            member: member.clone(),
            connections: 0,
            idle: Vec::new(),
            shown: Availability::default(),
            visited: HashMap::new(),
            told: 0,
        };
        self.people.entry(member.id).or_insert_with(new).connections += 1;
        self.people.len()
    }

    /// Tells all connections of some people what none may miss, and one that is just being welcomed neither.
    fn tell(&mut self, notice: &Notice, is_for: impl Fn(MemberId) -> bool) {
        for outlet in self.outlets.values().filter(|outlet| is_for(outlet.member)) {
            outlet.tell(notice);
            self.people.get_mut(&outlet.member).into_iter().for_each(|person| person.told += 1);
        }
    }
}

fn close_for_restart(outlet: &Outlet) {
    outlet.close(app::protocol::close::RESTARTING, "the server is restarting");
}

/// Somebody with connections, under the name that they have now.
struct Connected {
    member: Member,
    connections: usize,
    /// Those of the connections at which nothing is touched.
    idle: Vec<u64>,
    /// How their rooms were last told that it stands with them.
    shown: Availability,
    /// Where they were, now or before, and of which they are told.
    visited: HashMap<RoomId, Arc<Room>>,
    /// How often a connection of theirs was told what it may not miss.
    told: u64,
}

/// One room: its listeners, and who is there.
pub struct Room {
    id: RoomId,
    slug: Slug,
    /// What it is called and about, and who may be in it. It is changed where events of the log are published, in their order.
    about: RwLock<About>,
    /// Who does not see it in their list, though they may be in it.
    hidden: Mutex<HashSet<MemberId>>,
    head: AtomicI64,
    /// When something happened in it last, in milliseconds since 1970.
    latest_ms: AtomicI64,
    unsaid: Mutex<Unsaid>,
    listeners: Mutex<Listeners>,
    presence: Mutex<Presence>,
    presence_changed: Notify,
    typing: Mutex<Typing>,
    typing_changed: Notify,
    telling: Mutex<Telling>,
    readers: Mutex<Readers>,
    /// The newest page, as long as somebody listens and it is short.
    newest: Mutex<Option<Newest>>,
}

/// A room's newest events as they were read once.
struct Newest {
    head: Seq,
    events: Vec<Event>,
}

impl Rooms {
    /// Reads the rooms from the store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(
        store: Store,
        clock: Clock,
        patience: Patience,
        config: &Serve,
        limits: Arc<Limits>,
    ) -> Result<Arc<Self>, StoreError> {
        let stored = store.rooms().await?;
        let hidden = store.hidden_rooms().await?;
        let quiet = store.quiet(clock.now_ms()).await?.into_iter().collect();
        let earlier = Earlier { last: store.last_member().await?, until: Instant::now() + patience.back };
        let by_slug: HashMap<_, _> =
            stored.into_iter().map(|stored| (stored.slug.clone(), Arc::new(Room::new(stored)))).collect();
        let by_id: HashMap<RoomId, &Arc<Room>> = by_slug.values().map(|room| (room.id, room)).collect();
        for (id, member) in hidden {
            if let Some(room) = by_id.get(&id) {
                room.hidden().insert(member);
            }
        }
        let rooms = Arc::new(Self {
            store: store.clone(),
            clock,
            patience,
            earlier,
            allowance: config.allowance(),
            most: config.most(),
            runtime: Handle::current(),
            call_all_up_to: config.call_all_up_to,
            limits,
            by_slug: RwLock::new(by_slug),
            connections: Mutex::default(),
            deserted: Notify::new(),
            outlets_made: AtomicU64::new(0),
            stirred: Mutex::default(),
            news: Mutex::default(),
            has_news: Notify::new(),
            unwritten: Mutex::default(),
            has_unwritten: Notify::new(),
            something_is_deleted: Notify::new(),
            quiet: Mutex::new(quiet),
            has_quiet: Notify::new(),
            previews: OnceLock::new(),
        });
        let everyone = Arc::downgrade(&rooms);
        store.after_publishing(move |commands| {
            everyone.upgrade().iter().for_each(|rooms| rooms.speak(commands == 1));
        });
        Ok(rooms)
    }

    /// Something happened in a room: it is said once all that was committed with it is known. Called in the order of the
    /// numbers, after the commit.
    fn publish(&self, room: &Arc<Room>, event: Event) {
        self.note_news(room, &event);
        self.show_news(room, &event);
        if matches!(event.what, What::Deleted { .. }) {
            self.something_is_deleted.notify_one();
        }
        if room.publish(event) {
            self.stirred.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(room));
        }
    }

    /// Lets every room speak that has something to say: here and now when it is quiet, else beside the writing.
    fn speak(&self, is_quiet: bool) {
        let stirred = std::mem::take(&mut *self.stirred.lock().unwrap_or_else(PoisonError::into_inner));
        for room in stirred {
            if is_quiet && room.is_small() {
                speak::speak_now(&room);
            } else {
                drop(self.runtime.spawn(speak::speak(room, self.store.clone())));
            }
        }
    }

    /// Makes the room that is there from the start, where there is none at all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_first(self: &Arc<Self>) -> Result<(), StoreError> {
        let is_empty = self.by_slug.read().unwrap_or_else(PoisonError::into_inner).is_empty();
        if !is_empty {
            return Ok(());
        }
        match self.create(None, making::Kind::Public, RoomName::of_first_room()).await {
            Ok(_) | Err(Answer::Refused(_) | Answer::TooFast(_)) => Ok(()),
            Err(Answer::Unavailable(error)) => Err(error),
        }
    }

    /// Whether there is a room at this address that everyone may be in.
    pub fn is_public(&self, slug: &Slug) -> bool {
        slug.is_public() && self.find(slug).is_some()
    }

    /// The right to a room, for a person who may be there at this moment. For whoever may not there is no such room.
    ///
    /// # Errors
    /// [`Answer::Refused`] with [`Refusal::RoomUnknown`].
    pub fn admit(self: &Arc<Self>, member: &Member, slug: &Slug) -> Result<Admitted, Answer> {
        let room = self.find(slug).filter(|room| room.may_enter(member.id));
        room.map(|room| Admitted::new(self, room, self.as_now_called(member)))
            .ok_or(Answer::Refused(Refusal::RoomUnknown))
    }

    fn find(&self, slug: &Slug) -> Option<Arc<Room>> {
        self.by_slug.read().unwrap_or_else(PoisonError::into_inner).get(slug).cloned()
    }

    /// All rooms that a person may be in.
    fn for_person(&self, member: MemberId) -> Vec<Arc<Room>> {
        let by_slug = self.by_slug.read().unwrap_or_else(PoisonError::into_inner);
        by_slug.values().filter(|room| room.may_enter(member)).cloned().collect()
    }

    /// The person under the name that they have now; a connection remembers the one that it began with.
    pub fn as_now_called(&self, member: &Member) -> Member {
        self.connections().people.get(&member.id).map_or_else(|| member.clone(), |person| person.member.clone())
    }

    /// The rooms of a person's list, in the order of their names: all of their own, those where they have been or that they have
    /// starred, and of the other public ones those with the most people. Nothing that is archived or hidden from them.
    pub fn listed(&self, member: MemberId, choices: &[Choice], marks: Option<&Marks>) -> Vec<RoomSummary> {
        let mut public = 0;
        let were_there = marks.map(Marks::told_apart);
        let is_theirs = |room: &Room| {
            let is_starred = choices.iter().any(|choice| choice.starred && choice.room == room.slug);
            !room.slug.is_public() || is_starred || were_there.as_ref().is_some_and(|were_there| were_there(room))
        };
        let mut listed = self.all_listed(member);
        listed.retain(|summary| {
            let room = self.find(&summary.slug).filter(|room| !summary.archived && room.is_listed_for(member));
            public += usize::from(room.is_some() && summary.slug.is_public());
            room.is_some_and(|room| public <= LISTED || is_theirs(&room))
        });
        listed.sort_by_cached_key(|room| room.sorted_by(Some(member)));
        listed
    }

    /// All rooms that a person may be in: the fullest first, and the newest first where they are as full.
    pub fn all_listed(&self, member: MemberId) -> Vec<RoomSummary> {
        let mut rooms = self.for_person(member);
        rooms.sort_by_key(|room| std::cmp::Reverse(room.id));
        let mut listed: Vec<RoomSummary> = rooms.into_iter().map(|room| room.summary()).collect();
        listed.sort_by_key(|room| std::cmp::Reverse(room.here));
        listed
    }

    /// How many people have a connection.
    pub fn connected(&self) -> usize {
        self.connections().people.len()
    }

    /// An outlet for a new connection.
    pub fn outlet(&self, member: MemberId, voice: Voice, stream: TcpStream) -> Arc<Outlet> {
        Outlet::new(self.outlets_made.fetch_add(1, Ordering::Relaxed), member, voice, stream, self.patience.slow)
    }

    /// A connection begins; how many people are connected now.
    pub fn connect(&self, outlet: &Arc<Outlet>, member: &Member) -> usize {
        self.connections().begin(outlet, member)
    }

    /// A connection of nobody's begins: it is told when the program goes away, and of nothing else.
    pub fn attach(&self, outlet: &Arc<Outlet>) {
        self.connections().add(outlet);
    }

    /// A connection of somebody who may have only one begins; `None` when they have it already.
    pub fn connect_alone(&self, outlet: &Arc<Outlet>, member: &Member) -> Option<usize> {
        let mut connections = self.connections();
        (!connections.people.contains_key(&member.id)).then(|| connections.begin(outlet, member))
    }

    /// A connection is over: it listens no more, and its person may have left. How many people are connected now.
    pub fn disconnect(&self, outlet: &Arc<Outlet>) -> usize {
        for admitted in outlet.rooms() {
            admitted.slip_out(outlet);
        }
        let mut connections = self.connections();
        connections.outlets.remove(&outlet.id);
        if let Some(person) = connections.people.get_mut(&outlet.member) {
            person.connections -= 1;
            person.idle.retain(|id| *id != outlet.id);
            if person.connections == 0 {
                let visited = std::mem::take(&mut person.visited);
                connections.people.remove(&outlet.member);
                reading::forget_reading(outlet.member, visited);
            } else {
                self.show(person);
            }
        }
        if connections.outlets.is_empty() {
            self.deserted.notify_waiters();
        }
        connections.people.len()
    }

    /// Whether a person has a connection.
    pub fn is_connected(&self, member: MemberId) -> bool {
        self.connections().people.contains_key(&member)
    }

    /// Everyone who has a connection.
    pub fn connected_people(&self) -> Vec<MemberId> {
        self.connections().people.keys().copied().collect()
    }

    /// Resolves when a message has been deleted since the last time.
    pub async fn until_something_is_deleted(&self) {
        self.something_is_deleted.notified().await;
    }

    /// Resolves once nobody is connected.
    pub async fn until_deserted(&self) {
        loop {
            let mut deserted = std::pin::pin!(self.deserted.notified());
            deserted.as_mut().enable();
            if self.connections().outlets.is_empty() {
                return;
            }
            deserted.await;
        }
    }

    /// Resolves when all that was asked for by now is stored, and said to those who listen.
    pub async fn settle(&self) {
        let stored = self.store.settle().await;
        let is_speaking = || {
            let by_slug = self.by_slug.read().unwrap_or_else(PoisonError::into_inner);
            by_slug.values().any(|room| room.is_speaking())
        };
        while stored.is_ok() && is_speaking() {
            tokio::task::yield_now().await;
        }
    }

    /// Gives a person another name and says so wherever they are.
    ///
    /// # Errors
    /// [`Answer::TooFast`], [`Answer::Refused`] with [`Refusal::NameTooLong`], [`Refusal::NameHidden`] or [`Refusal::NameTaken`],
    /// [`Answer::Unavailable`].
    pub async fn rename(self: &Arc<Self>, member: &Member, name: app::member::Name) -> Result<Member, Answer> {
        self.limits.messages.take(member.id, Instant::now()).map_err(Answer::TooFast)?;
        self.allowance.name(name.as_str()).map_err(Answer::Refused)?;
        if name != member.name {
            must_not_pass_for_a_line(&name).map_err(Answer::Refused)?;
        }
        let rooms: Vec<Arc<Room>> = {
            let by_slug = self.by_slug.read().unwrap_or_else(PoisonError::into_inner);
            by_slug.values().filter(|room| room.presence().is_here(member.id)).cloned().collect()
        };
        let renamed = self.name(member.id, name, rooms).await?;
        renamed.ok_or(Answer::Refused(Refusal::NameTaken))
    }

    /// Calls a person by another name from now on, and says so in these rooms; `None` when the name is somebody else's.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn name(
        self: &Arc<Self>,
        id: MemberId,
        name: app::member::Name,
        rooms: Vec<Arc<Room>>,
    ) -> Result<Option<Member>, StoreError> {
        let ids = rooms.iter().map(|room| room.id).collect();
        // On the writer's side, for whoever asked may hang up before the answer.
        let everywhere = Arc::clone(self);
        let publish = move |renamed: &Member, events: Vec<(RoomId, Event)>| {
            for (id, event) in events {
                let room = rooms.iter().find(|room| room.id == id);
                room.into_iter().for_each(|room| everywhere.publish(room, event.clone()));
            }
            everywhere.call(renamed);
            everywhere.rename_in_rooms(renamed);
        };
        let key = name_key(name.as_str());
        self.store.rename(id, name, key, ids, self.clock.now_ms(), publish).await
    }

    /// Gives a name to somebody whose name was given away; `None` when it is somebody else's. No room is told, for they are in none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn name_again(
        self: &Arc<Self>,
        id: MemberId,
        name: app::member::Name,
    ) -> Result<Option<Member>, StoreError> {
        self.name(id, name, Vec::new()).await
    }

    /// Direct rooms are called by their people.
    fn rename_in_rooms(&self, member: &Member) {
        self.by_slug
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .for_each(|room| room.presence().rename(member));
        for room in self.for_person(member.id).into_iter().filter(|room| !room.slug.is_public()) {
            room.about_mut()
                .members
                .iter_mut()
                .filter(|known| known.id == member.id)
                .for_each(|known| *known = member.clone());
            self.announce(&room);
        }
    }

    /// A person's connections know them by this name from now on, and tell them so.
    fn call(&self, member: &Member) {
        let mut connections = self.connections();
        if let Some(person) = connections.people.get_mut(&member.id) {
            person.member = member.clone();
        }
        connections.tell(&Notice::new(&ServerFrame::You { me: member.clone() }), |known| known == member.id);
    }

    /// Tells all connections that the program goes away and when to come back, and closes them. `delay_ms` draws the time
    /// for each, from how many there are.
    pub fn say_goodbye(&self, mut delay_ms: impl FnMut(usize) -> u32) {
        let mut connections = self.connections();
        connections.goodbye_is_said = true;
        let outlets = &connections.outlets;
        for outlet in outlets.values() {
            // Plain lines have no word for it; their closing says enough.
            outlet.tell(&Notice::new(&ServerFrame::Bye { after_ms: delay_ms(outlets.len()) }));
            close_for_restart(outlet);
        }
    }

    /// Tells every connection that may know of it what the list shows of a room now.
    fn announce(&self, room: &Room) {
        let connections = self.connections();
        // With the connections in hand: else another thread would tell first what is so later.
        let notice = Notice::new(&ServerFrame::Room(room.summary()));
        let may_know = connections.outlets.values().filter(|outlet| room.is_listed_for(outlet.member));
        may_know.for_each(|outlet| outlet.hint(&notice));
    }

    /// As with any announcement, but nobody may miss it.
    fn announce_change(&self, room: &Room) {
        let mut connections = self.connections();
        let notice = Notice::new(&ServerFrame::Room(room.summary()));
        connections.tell(&notice, |member| room.is_listed_for(member));
    }

    /// Tells all connections of these people, and whoever comes after them knows it from the store.
    fn tell(&self, people: &[MemberId], frame: &ServerFrame) {
        self.connections().tell(&Notice::new(frame), |member| people.contains(&member));
    }

    /// How often a person's connections were told by now what none may miss.
    pub fn told(&self, member: MemberId) -> u64 {
        self.connections().people.get(&member).map_or(0, |person| person.told)
    }

    /// Says these to a connection that begins, unless its person was told something since they were put together: they would say
    /// what was so before. Whether they were said.
    pub fn greet(&self, outlet: &Outlet, told: u64, frames: &[ServerFrame]) -> bool {
        let connections = self.connections();
        let is_so = connections.people.get(&outlet.member).is_none_or(|person| person.told == told);
        frames.iter().filter(|_| is_so).for_each(|frame| outlet.answer(frame));
        is_so
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn new(stored: StoredRoom) -> Self {
        let StoredRoom { id, slug, head, latest_ms, about } = stored;
        let (head, readers) = (AtomicI64::new(head), Mutex::new(Readers::new(head, Level::usual(&slug))));
        Self {
            id,
            slug,
            about: RwLock::new(about),
            hidden: Mutex::default(),
            head,
            latest_ms: AtomicI64::new(latest_ms),
            unsaid: Mutex::default(),
            listeners: Mutex::default(),
            presence: Mutex::default(),
            presence_changed: Notify::new(),
            typing: Mutex::default(),
            typing_changed: Notify::new(),
            telling: Mutex::default(),
            readers,
            newest: Mutex::default(),
        }
    }

    /// The newest events if they are known by heart and nothing has happened since.
    fn newest(&self) -> Option<Vec<Event>> {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.as_ref().filter(|newest| newest.head == self.head()).map(|newest| newest.events.clone())
    }

    fn remember_newest(&self, events: &[Event]) {
        let is_short = events.iter().map(Event::text_bytes).sum::<usize>() <= MAX_REMEMBERED_BYTES;
        let (head, events) = (events.last().map_or(0, |last| last.seq), events.to_vec());
        let newest = (is_short && !self.listeners().is_empty()).then_some(Newest { head, events });
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = newest;
    }

    /// A connection listens no more. Says whether it did.
    fn forget(&self, listeners: &mut Listeners, outlet: &Outlet) -> bool {
        outlet.unsubscribe(self.id);
        let listened = listeners.remove(outlet);
        if listeners.is_empty() {
            *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        listened
    }

    fn hint(&self, notice: &Notice) {
        self.listeners().all().for_each(|outlet| outlet.hint(notice));
    }

    fn head(&self) -> Seq {
        self.head.load(Ordering::SeqCst)
    }

    fn summary(&self) -> RoomSummary {
        let here = self.presence().here();
        self.about().summary(&self.slug, here)
    }

    /// What a page shows of it.
    fn summary_with_topic(&self) -> RoomSummary {
        // One after the other: whoever holds what a room is about and asks for it again waits for ever behind whoever changes it.
        let topic = self.about().topic.clone();
        RoomSummary { topic: Some(topic), ..self.summary() }
    }

    /// Whether a person may be in it at this moment.
    fn may_enter(&self, member: MemberId) -> bool {
        self.slug.is_public() || self.about().members.iter().any(|known| known.id == member)
    }

    fn about(&self) -> RwLockReadGuard<'_, About> {
        self.about.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn about_mut(&self) -> RwLockWriteGuard<'_, About> {
        self.about.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn presence(&self) -> MutexGuard<'_, Presence> {
        self.presence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listeners(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
