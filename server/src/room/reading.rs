//! How far people have read in a room, and what is unread for those who are connected. A mark is written now and then, not with
//! each message; a connection hears of the rooms where its person was, and that it has not open, in one frame now and then.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use app::member::MemberId;
use app::message::{Event, Seq};
use app::notices::Level;
use app::protocol::ServerFrame;
use app::room::{Choice, Slug};
use app::thread::EVERYONE;
use app::unread::{MAX_COUNTED, Mark, ReadMark, Unread};

use super::calls::Calling;
use super::{Admitted, Answer, Room, Rooms};
use crate::broadcast::{Notice, Outlet};
use crate::markup::Meant;
use crate::store::{RoomId, StoreError};

/// Which message calls whom.
type Calls = Vec<(MemberId, Seq)>;

/// How many of a room's latest messages are known by heart, in order to count them for everyone.
const KNOWN: usize = 512;
/// How far people have read is written this often.
const WRITE_EVERY: Duration = Duration::from_secs(3);

/// Where the people of one room have read to, as far as they are connected.
#[derive(Debug)]
pub(super) struct Readers {
    marks: HashMap<MemberId, Unread>,
    /// Which messages call people who have not chosen, and those who have.
    usual: Level,
    levels: HashMap<MemberId, Level>,
    /// The last message that was looked at for whom it calls.
    called: Seq,
    /// The latest messages: all that were said after a number.
    latest: VecDeque<Said>,
    after: Seq,
    /// Whom something means, or does not any more, that they had been told of before.
    changed: HashSet<MemberId>,
    /// Whether there is something that connections have not been told.
    has_news: bool,
}

/// A message as it counts: whose it is, and whom it means now.
#[derive(Debug)]
struct Said {
    seq: Seq,
    by: MemberId,
    meant: Meant,
    /// Whom it counts for whomever it means, where that is not everyone.
    to: Vec<MemberId>,
    /// Whom it answers.
    answered: Vec<MemberId>,
}

/// How far somebody has read: as it is stored, and as it is about to be.
#[derive(Debug)]
pub struct Marks {
    member: MemberId,
    stored: Vec<ReadMark>,
    unwritten: HashMap<RoomId, Option<Mark>>,
}

impl Marks {
    /// Tells the rooms in which there is one from the others.
    pub(super) fn told_apart(&self) -> impl Fn(&Room) -> bool {
        let stored: HashSet<&Slug> = self.stored.iter().map(|mark| &mark.room).collect();
        move |room| stored.contains(&room.slug) || self.unwritten.contains_key(&room.id)
    }
}

impl Said {
    fn counts_for(&self, me: MemberId) -> bool {
        let is_for_me = || self.to.is_empty() || self.to.iter().any(|to| [me, EVERYONE].contains(to));
        self.by != me && (is_for_me() || self.meant.includes(me))
    }
}

impl Readers {
    pub(super) fn new(head: Seq, usual: Level) -> Self {
        let (marks, levels, latest) = (HashMap::new(), HashMap::new(), VecDeque::new());
        Self { marks, usual, levels, called: head, latest, after: head, changed: HashSet::new(), has_news: false }
    }

    /// Notes a message, or a change to one. Says whether people have to be told from now on.
    fn hear(&mut self, event: &Event) -> bool {
        let (seq, by, meant) = (event.seq, event.by.id, Meant::by(event));
        let is_news = match event.what.of() {
            Some(of) if event.what.rewords().is_some() => self.change(of, event, meant),
            // What others put to it means whom it meant.
            Some(_) => false,
            None if event.is_posted() => {
                let (followers, quoted) = event.answered();
                let (to, answered) = (event.to().to_vec(), [followers, quoted.as_slice()].concat());
                self.latest.push_back(Said { seq, by, meant, to, answered });
                if self.latest.len() > KNOWN {
                    self.after = self.latest.pop_front().map_or(self.after, |said| said.seq);
                }
                true
            }
            None => false,
        };
        is_news && !self.marks.is_empty() && !std::mem::replace(&mut self.has_news, true)
    }

    /// A message means others from now on, also for those who have been told of it. Says whether that may be news to anyone.
    fn change(&mut self, of: Seq, change: &Event, meant: Meant) -> bool {
        let known = self.latest.binary_search_by_key(&of, |said| said.seq).ok();
        let known = known.and_then(|at| self.latest.get_mut(at));
        if known.is_some_and(|said| std::mem::replace(&mut said.meant, meant.clone()) == meant) {
            return false;
        }
        for (reader, told) in self.marks.iter_mut().filter(|(_, told)| told.counted() >= of) {
            let before = told.mentions().len();
            told.mention(of, *reader != change.by.id && meant.includes(*reader), change.is_for(*reader));
            if told.mentions().len() != before {
                self.changed.insert(*reader);
            }
        }
        true
    }

    /// How many messages of others there are after a number, as far as they are known by heart.
    fn of_others_after(&self, seq: Seq, me: MemberId) -> usize {
        self.of_others(seq, me).filter(|said| said.counts_for(me)).take(MAX_COUNTED).count()
    }

    fn of_others(&self, seq: Seq, me: MemberId) -> impl Iterator<Item = &Said> {
        self.latest.iter().rev().take_while(move |said| said.seq > seq).filter(move |said| said.by != me)
    }

    /// The messages of others after a number that mean somebody, as far as they are known by heart.
    fn mentions_after(&self, seq: Seq, me: MemberId) -> Vec<Seq> {
        let mentions = self.of_others(seq, me).filter(|said| said.meant.includes(me)).map(|said| said.seq);
        let mut mentions: Vec<Seq> = mentions.take(MAX_COUNTED).collect();
        mentions.reverse();
        mentions
    }

    /// Which messages call somebody, from now on.
    pub(super) fn set_level(&mut self, me: MemberId, level: Level) {
        if level == self.usual {
            self.levels.remove(&me)
        } else {
            self.levels.insert(me, level)
        };
    }

    /// Which messages call somebody.
    pub(super) fn level(&self, me: MemberId) -> Level {
        self.levels.get(&me).copied().unwrap_or(self.usual)
    }

    /// The newest message that calls somebody to whom this is unread, and was not looked at yet.
    fn calls(&self, me: MemberId, unread: &Unread) -> Option<Seq> {
        let newest = match self.level(me) {
            Level::All => self.latest.iter().rev().find(|said| said.counts_for(me)).map(|said| said.seq),
            Level::Mentions => {
                let answers = self.of_others(self.called, me).find(|said| said.answered.contains(&me));
                answers.map(|said| said.seq).max(unread.mentions().last().copied())
            }
            Level::Nothing => None,
        };
        newest.filter(|seq| *seq > self.called)
    }

    /// What is news to people since they were told last, and which message calls whom.
    fn news_and_calls(&mut self, head: Seq) -> (Vec<(MemberId, Unread)>, Calls) {
        let news = self.news(head);
        let calls = news.iter().filter_map(|(member, unread)| Some((*member, self.calls(*member, unread)?))).collect();
        self.called = self.latest.back().map_or(self.called, |said| said.seq);
        (news, calls)
    }

    /// Somebody is not told of the room any more.
    fn forget(&mut self, me: MemberId) {
        self.marks.remove(&me);
        self.levels.remove(&me);
    }

    /// These people are told of nothing any more.
    pub(super) fn forget_all(&mut self, people: &HashSet<MemberId>) {
        self.marks.retain(|member, _| !people.contains(member));
        self.levels.retain(|member, _| !people.contains(member));
    }

    /// The last number that is counted: a message is known here a moment before it raises the head.
    fn counted(&self, head: Seq) -> Seq {
        self.latest.back().map_or(head, |said| head.max(said.seq))
    }

    /// What is unread after a number; `None` when that is further back than is known by heart.
    fn unread_after(&self, read: Seq, head: Seq, me: MemberId) -> Option<Unread> {
        if read < self.after {
            return None;
        }
        let (count, mentions) = (self.of_others_after(read, me), self.mentions_after(read, me));
        Some(Unread::new(read, self.counted(head), count).with_mentions(mentions))
    }

    /// How it stands with somebody now: what was told last, and what was said since.
    pub(super) fn now(&self, me: MemberId, head: Seq) -> Option<Unread> {
        let told = self.marks.get(&me)?;
        let since = told.counted().max(told.read());
        let more = if told.count() < MAX_COUNTED { self.of_others_after(since, me) } else { 0 };
        let count = MAX_COUNTED.min(told.count() + more);
        let mut now = Unread::new(told.read(), self.counted(head).max(told.counted()), count);
        now = now.in_turn(told.mark().turn).with_mentions(told.mentions().to_vec());
        // They are counted.
        self.mentions_after(since, me).into_iter().for_each(|seq| now.mention(seq, true, true));
        Some(now)
    }

    /// Somebody's mark is here from now on, unless it is already or a later one is. Whether that is news.
    fn put(&mut self, me: MemberId, unread: &Unread) -> bool {
        let is_news = self.marks.get(&me).is_none_or(|known| known.mark() < unread.mark());
        if is_news {
            self.marks.insert(me, unread.clone());
        }
        is_news
    }

    /// What is news to people since they were told last.
    fn news(&mut self, head: Seq) -> Vec<(MemberId, Unread)> {
        self.has_news = false;
        let people: Vec<MemberId> = self.marks.keys().copied().collect();
        let now: Vec<(MemberId, Unread)> =
            people.into_iter().filter_map(|id| Some((id, self.now(id, head)?))).collect();
        let is_news = |(id, now): &(MemberId, Unread)| {
            let told = self.marks.insert(*id, now.clone());
            let is_other = told.is_none_or(|told| told.count() != now.count() || told.mentions() != now.mentions());
            self.changed.remove(id) || is_other
        };
        now.into_iter().filter(is_news).collect()
    }
}

impl Room {
    pub(super) fn readers(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is known by heart how far somebody has read.
    pub(super) fn reads(&self, member: MemberId) -> bool {
        self.readers().marks.contains_key(&member)
    }

    pub(super) fn mark(&self, unread: &Unread) -> ReadMark {
        let room = self.slug.clone();
        let (Mark { turn, seq: read }, mentions) = (unread.mark(), unread.mentions().to_vec());
        ReadMark { room, read, turn, head: unread.counted(), unread: unread.count(), mentions, level: None }
    }
}

impl Rooms {
    /// Something was said in a room; those who were there and have it not open are told soon.
    pub(super) fn note_news(&self, room: &Arc<Room>, event: &Event) {
        if room.readers().hear(event) {
            self.has_news_of(room);
        }
    }

    /// Whom it concerns is told soon.
    pub(super) fn has_news_of(&self, room: &Arc<Room>) {
        self.news().push(Arc::clone(room));
        self.has_news.notify_one();
    }

    /// What is kept of a person, for their page or their connection.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn kept_of(&self, member: MemberId) -> Result<(Vec<Choice>, Marks), StoreError> {
        // Before what is stored is read: what is written meanwhile is found here or there.
        let unwritten = self.unwritten_of(member);
        let (choices, stored) = self.store.choices_and_marks(member).await?;
        Ok((choices, Marks { member, stored, unwritten }))
    }

    /// How far a person has read, for a page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reading(&self, marks: Marks) -> Result<ServerFrame, StoreError> {
        let marks = self.marks_now(marks).await?;
        let rooms = marks.into_iter().map(|(room, unread, level)| ReadMark { level, ..room.mark(&unread) }).collect();
        Ok(ServerFrame::Read { rooms })
    }

    /// A connection begins: how far its person has read is known by heart as long as they are connected.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remember_reading(&self, marks: Marks) -> Result<ServerFrame, StoreError> {
        let (member, mut rooms) = (marks.member, Vec::new());
        for (room, unread, level) in self.marks_now(marks).await? {
            self.remember(member, &room, unread.clone());
            let now = {
                let mut readers = room.readers();
                level.into_iter().for_each(|level| readers.set_level(member, level));
                readers.now(member, room.head())
            };
            rooms.push(ReadMark { level, ..room.mark(&now.unwrap_or(unread)) });
        }
        Ok(ServerFrame::Read { rooms })
    }

    /// How far a person has read: as it is known by heart, as it is about to be written, or as it is stored.
    pub(super) async fn marks_now(&self, marks: Marks) -> Result<Vec<(Arc<Room>, Unread, Option<Level>)>, StoreError> {
        let Marks { member, stored, mut unwritten } = marks;
        let mut marks = Vec::new();
        for stored in stored {
            let room = self.by_slug.read().unwrap_or_else(PoisonError::into_inner).get(&stored.room).cloned();
            let Some(room) = room.filter(|room| room.may_enter(member)) else { continue };
            let known = room.readers().now(member, room.head());
            let unread = match (known, unwritten.remove(&room.id)) {
                (Some(unread), _) => unread,
                (None, Some(None)) => continue,
                (None, Some(Some(read))) => self.unread_after(&room, member, read).await?,
                (None, None) => Unread::as_marked(&stored),
            };
            marks.push((room, unread, stored.level));
        }
        for (id, read) in unwritten.into_iter().filter_map(|(id, read)| Some((id, read?))) {
            if let Some(room) = self.with_id(id).filter(|room| room.may_enter(member)) {
                let unread = self.unread_after(&room, member, read).await?;
                marks.push((room, unread, None));
            }
        }
        Ok(marks)
    }

    fn with_id(&self, id: RoomId) -> Option<Arc<Room>> {
        let by_slug = self.by_slug.read().unwrap_or_else(PoisonError::into_inner);
        by_slug.values().find(|room| room.id == id).cloned()
    }

    /// What is unread in a room for a person who has read so far.
    pub(super) async fn unread_after(&self, room: &Room, member: MemberId, read: Mark) -> Result<Unread, StoreError> {
        if let Some(unread) = room.readers().unread_after(read.seq, room.head(), member) {
            return Ok(unread.in_turn(read.turn));
        }
        let mark = self.store.read_mark(room.id, room.slug.clone(), member, read).await?;
        Ok(Unread::as_marked(&mark))
    }

    /// Knows by heart from now on how far somebody has read, if they are connected and it is not known already.
    pub(super) fn remember(&self, member: MemberId, room: &Arc<Room>, unread: Unread) {
        self.remember_and(member, room, unread, |_| {});
    }

    /// The same, and does something with the marks in hand where it was not known.
    fn remember_and(&self, member: MemberId, room: &Arc<Room>, unread: Unread, note: impl FnOnce(Mark)) {
        let mut connections = self.connections();
        let Some(person) = connections.people.get_mut(&member) else { return };
        let mut readers = room.readers();
        // Asked with the marks in hand: whoever leaves is out of the room first and forgotten here then.
        if room.is_open_to(member) {
            readers.marks.entry(member).or_insert_with(|| {
                note(unread.mark());
                unread
            });
            person.visited.entry(room.id).or_insert_with(|| Arc::clone(room));
        }
    }

    /// Somebody is in a closed room from now on: what is said there is news to them, though they have never been there.
    pub(super) fn begin_reading(&self, member: MemberId, room: &Arc<Room>) {
        let head = room.head();
        self.begin_again(member, room.id, Mark { turn: 0, seq: head });
        self.remember(member, room, Unread::new(head, head, 0));
    }

    /// Whoever has just left a room reads it again, from this mark on. Whether that is so; `None` where nothing is about to be written
    /// of them and the room.
    pub(super) fn begin_again(&self, member: MemberId, room: RoomId, from: Mark) -> Option<bool> {
        let mut unwritten = self.unwritten();
        let read = unwritten.get_mut(&(member, room))?;
        let has_left = read.is_none();
        read.get_or_insert(from);
        self.has_unwritten.notify_one();
        Some(has_left)
    }

    /// Tells connections what is new in the rooms that they have not open, as long as the program runs.
    pub async fn tell_news(self: Arc<Self>) {
        loop {
            self.has_news.notified().await;
            tokio::time::sleep(self.patience.rest).await;
            let calls = self.tell_news_once();
            self.tell_calls(calls).await;
        }
    }

    /// Whom something has called, is given back.
    fn tell_news_once(&self) -> Vec<Calling> {
        let mut calls = Vec::new();
        let mut news: HashMap<MemberId, Vec<(RoomId, ReadMark)>> = HashMap::new();
        // A room is looked at once: what was said between two looks would be told behind what was so before, in the same frame.
        let mut rooms = std::mem::take(&mut *self.news());
        rooms.sort_unstable_by_key(|room| room.id);
        rooms.dedup_by_key(|room| room.id);
        for room in rooms {
            let (found, called) = room.readers().news_and_calls(room.head());
            calls.extend(called.into_iter().map(|(member, seq)| Calling { room: Arc::clone(&room), member, seq }));
            for (member, unread) in found {
                news.entry(member).or_default().push((room.id, room.mark(&unread)));
            }
        }
        if news.is_empty() {
            return calls;
        }
        let outlets: Vec<Arc<Outlet>> = self.connections().outlets.values().cloned().collect();
        for outlet in outlets {
            let of_person = news.get(&outlet.member).into_iter().flatten();
            let closed = of_person.filter(|(id, _)| !outlet.listens_to(*id)).map(|(_, mark)| mark.clone());
            let rooms: Vec<ReadMark> = closed.collect();
            if !rooms.is_empty() {
                outlet.tell(&Notice::new(&ServerFrame::Read { rooms }));
            }
        }
        calls
    }

    /// Writes now and then how far people have read, as long as the program runs.
    pub async fn write_marks(self: Arc<Self>) {
        loop {
            self.has_unwritten.notified().await;
            tokio::time::sleep(WRITE_EVERY).await;
            if let Err(error) = self.write_marks_now().await {
                tracing::warn!(%error, "could not note how far people have read");
                self.has_unwritten.notify_one();
            }
        }
    }

    /// Writes how far people have read.
    ///
    /// # Errors
    /// [`StoreError`]; it is tried again.
    pub async fn write_marks_now(&self) -> Result<(), StoreError> {
        let marks: Vec<_> = self.unwritten().iter().map(|(key, read)| (*key, *read)).collect();
        if marks.is_empty() {
            return Ok(());
        }
        self.store.note_marks(marks.clone()).await?;
        // Until it is written it stays here for those who come back meanwhile.
        let mut unwritten = self.unwritten();
        for (key, read) in marks {
            if unwritten.get(&key) == Some(&read) {
                unwritten.remove(&key);
            }
        }
        Ok(())
    }

    fn write_soon(&self, member: MemberId, room: RoomId, read: Option<Mark>) {
        self.unwritten().insert((member, room), read);
        self.has_unwritten.notify_one();
    }

    fn news(&self) -> MutexGuard<'_, Vec<Arc<Room>>> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unwritten_of(&self, member: MemberId) -> HashMap<RoomId, Option<Mark>> {
        let mine = (member, RoomId(i64::MIN))..=(member, RoomId(i64::MAX));
        self.unwritten().range(mine).map(|((_, room), read)| (*room, *read)).collect()
    }

    pub(super) fn unwritten(&self) -> MutexGuard<'_, BTreeMap<(MemberId, RoomId), Option<Mark>>> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A person has no connection any more.
pub(super) fn forget_reading(member: MemberId, visited: HashMap<RoomId, Arc<Room>>) {
    for room in visited.into_values() {
        room.readers().forget(member);
    }
}

impl Admitted {
    /// Somebody opens the room after this number: how far they have read, and what is unread. Who is here for the first time
    /// has read all up to there.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub(super) async fn reading(&self, seq: Seq) -> Result<ServerFrame, Answer> {
        if let Some(known) = self.reading_known() {
            return Ok(known);
        }
        let read = Mark { turn: 0, seq };
        let unread = self.rooms.unread_after(&self.room, self.member.id, read).await?;
        // Another connection of theirs may have opened it and read on meanwhile: what that one wrote stands.
        let write = |read| self.rooms.write_soon(self.member.id, self.room_id(), Some(read));
        self.rooms.remember_and(self.member.id, &self.room, unread.clone(), write);
        Ok(self.reading_known().unwrap_or_else(|| ServerFrame::Read { rooms: vec![self.room.mark(&unread)] }))
    }

    /// How far somebody has read, and what is unread, where that is known by heart.
    pub(super) fn reading_known(&self) -> Option<ServerFrame> {
        let unread = self.room.readers().now(self.member.id, self.head())?;
        Some(ServerFrame::Read { rooms: vec![self.room.mark(&unread)] })
    }

    /// Somebody has read so far over a connection, or set their mark back there; their other ones are told, and this one where
    /// there is more: if it shows a part of the room that is far from the end, it doesn't know how much. A mark that is no later
    /// than the one that is known says nothing, whichever way it took.
    ///
    /// # Errors
    /// [`Answer::Unavailable`].
    pub async fn reads(&self, mark: Mark, outlet: &Outlet) -> Result<(), Answer> {
        let mark = Mark { seq: mark.seq.clamp(0, self.head()), ..mark };
        let is_news = self.room.readers().marks.get(&self.member.id).is_none_or(|known| known.mark() < mark);
        if !is_news {
            return Ok(());
        }
        let unread = self.rooms.unread_after(&self.room, self.member.id, mark).await?;
        {
            // While it was counted, another connection may have said more, or left.
            let mut readers = self.room.readers();
            if !self.room.is_open_to(self.member.id) || !readers.put(self.member.id, &unread) {
                return Ok(());
            }
            self.rooms.write_soon(self.member.id, self.room_id(), Some(mark));
        }
        self.rooms.remember(self.member.id, &self.room, unread.clone());
        let notice = Notice::new(&ServerFrame::Read { rooms: vec![self.room.mark(&unread)] });
        let connections = self.rooms.connections();
        let mine = connections.outlets.values().filter(|mine| mine.member == outlet.member);
        mine.filter(|mine| mine.id != outlet.id || unread.count() > 0).for_each(|mine| mine.tell(&notice));
        Ok(())
    }

    /// Somebody has left: they are not told of the room any more.
    pub(super) fn reads_no_more(&self) {
        self.room.readers().forget(self.member.id);
        // Their mark goes a little later, unless they are back before.
        self.rooms.store.forget_level(self.member.id, self.room_id());
        self.rooms.write_soon(self.member.id, self.room_id(), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::markup::{Kind, Markup, Node};
    use app::member::{Member, Name};
    use app::message::What;
    use app::room::FIRST_ROOM;
    use tokio::net::TcpStream;

    use crate::Madang;
    use crate::broadcast::Voice;
    use crate::clock::Clock;
    use crate::config::Serve;
    use crate::room::Patience;

    const ME: MemberId = MemberId(1);

    fn event(seq: Seq, by: i64, what: What) -> Event {
        Event { seq, at_ms: 0, by: Member { id: MemberId(by), name: Name::new("M").expect("a name") }, what, cid: None }
    }

    fn said(seq: Seq, by: i64) -> Event {
        calling(seq, by, None)
    }

    /// A message that mentions somebody by number, or everyone.
    fn calling(seq: Seq, by: i64, whom: Option<&str>) -> Event {
        let text = "hi".to_owned();
        event(
            seq,
            by,
            What::Posted { text, markup: whom.map(mention), edited_ms: None, files: Vec::new(), beside: None },
        )
    }

    fn mention(whom: &str) -> Markup {
        Markup::new(vec![Node::part(Kind::Mention, whom, vec![Node::Text("@you".to_owned())])])
    }

    fn edited(seq: Seq, of: Seq, whom: Option<&str>) -> Event {
        event(seq, 2, What::Edited { of, text: "hi".to_owned(), markup: whom.map(mention), to: Vec::new() })
    }

    fn mentions(readers: &Readers, head: Seq) -> Vec<Seq> {
        readers.now(ME, head).expect("I am known").mentions().to_vec()
    }

    /// A room of which I have read all, up to 10.
    fn readers() -> Readers {
        let mut readers = Readers::new(10, Level::Mentions);
        readers.marks.insert(ME, Unread::new(10, 10, 0));
        readers
    }

    #[tokio::test]
    async fn where_two_connections_read_for_the_first_time_at_once_what_is_told_is_what_is_written() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Serve::in_folder(folder.path().to_owned());
        let madang = Madang::start(config, Clock::system(), Patience::default()).await.expect("it starts");
        let rooms = &madang.state().rooms;
        let me = Member { id: ME, name: Name::new("M").expect("a name") };
        let stream = TcpStream::connect(madang.address()).await.expect("a connection");
        rooms.connect(&rooms.outlet(ME, Voice::Frames, stream), &me);
        let admitted = rooms.admit(&me, &Slug::from(FIRST_ROOM)).expect("everyone may be there");
        // Both have to ask the store, for so much is not known by heart.
        admitted.room.readers().after = 10;

        let (one, two) = tokio::join!(admitted.reading(1), admitted.reading(2));

        assert_eq!(one.expect("the store answers"), two.expect("the store answers"));
        let told = admitted.room.readers().marks[&ME].mark();
        assert_eq!(rooms.unwritten().get(&(ME, admitted.room_id())), Some(&Some(told)));
    }

    #[test]
    fn a_reaction_to_a_message_changes_nothing_about_whom_it_means() {
        let mut readers = readers();
        readers.hear(&calling(11, 2, Some("1")));
        readers.news(11);
        let what = What::Reacted { of: 11, emoji: "🙂".to_owned(), on: true, count: 1 };
        assert!(!readers.hear(&event(12, 3, what)));
        assert_eq!(mentions(&readers, 12), [11]);
    }

    #[test]
    fn messages_of_others_after_the_mark_are_unread_and_told_once() {
        let mut readers = readers();
        assert!(readers.hear(&said(11, 2)), "the first is news");
        assert!(!readers.hear(&said(12, 1)) && !readers.hear(&said(13, 3)), "what follows goes with it");
        assert_eq!(readers.news(13), [(ME, Unread::new(10, 13, 2))]);
        assert_eq!(readers.news(13), []);
        assert!(readers.hear(&said(14, 1)));
        assert_eq!(readers.news(14), [], "my own is no news to me");
        assert_eq!(readers.unread_after(12, 14, ME), Some(Unread::new(12, 14, 1)));
    }

    #[test]
    fn mentions_come_and_go_with_edits_before_and_after_they_are_told() {
        let mut readers = readers();
        for event in [calling(11, 2, Some("1")), calling(12, 1, Some("1")), calling(13, 2, Some("7")), said(14, 2)] {
            readers.hear(&event);
        }
        assert_eq!(mentions(&readers, 14), [11]);
        readers.hear(&edited(15, 13, Some("room")));
        assert_eq!(mentions(&readers, 15), [11, 13]);
        assert_eq!(readers.news(15), [(ME, Unread::new(10, 15, 3).with_mentions(vec![11, 13]))]);

        assert!(readers.hear(&edited(16, 11, None)), "it is news to whom it was told");
        assert_eq!(readers.news(16), [(ME, Unread::new(10, 16, 3).with_mentions(vec![13]))]);
        assert!(!readers.hear(&edited(17, 14, None)), "nothing has changed");
        let on = What::Reacted { of: 13, emoji: "👍".to_owned(), on: true, count: 1 };
        assert!(!readers.hear(&event(17, 2, on)), "a reaction is no news");
        assert_eq!(mentions(&readers, 17), [13]);
        readers.hear(&edited(18, 14, Some("here 3 1")));
        readers.hear(&event(19, 2, What::Deleted { of: 13, to: Vec::new() }));
        assert_eq!(readers.news(19), [(ME, Unread::new(10, 19, 3).with_mentions(vec![14]))]);
        assert_eq!(readers.unread_after(10, 19, ME), readers.now(ME, 19));
        assert_eq!(readers.unread_after(14, 19, ME), Some(Unread::new(14, 19, 0)));
    }

    #[test]
    fn a_mention_in_a_message_that_is_not_known_by_heart_any_more_changes_too() {
        let mut readers = Readers::new(1_000, Level::Mentions);
        readers.marks.insert(ME, Unread::new(10, 1_000, 90).with_mentions(vec![20, 30]));
        readers.hear(&edited(1_001, 20, None));
        readers.hear(&edited(1_002, 25, Some("1")));
        readers.hear(&edited(1_003, 5, Some("1")));
        assert_eq!(readers.news(1_003), [(ME, Unread::new(10, 1_003, 90).with_mentions(vec![25, 30]))]);
    }

    #[test]
    fn a_message_that_has_not_raised_the_head_yet_is_counted_once() {
        let mut readers = readers();
        readers.hear(&said(11, 2));
        assert_eq!(readers.now(ME, 10), Some(Unread::new(10, 11, 1)));
        assert_eq!(readers.now(ME, 11), Some(Unread::new(10, 11, 1)));
    }

    #[test]
    fn what_is_further_back_than_is_known_is_asked_of_the_store() {
        let mut readers = readers();
        assert_eq!(readers.unread_after(9, 10, ME), None);
        let last = 10 + KNOWN as Seq + 50;
        for seq in 11..=last {
            readers.hear(&said(seq, 1));
        }
        assert_eq!(readers.unread_after(11, last, ME), None, "they are mine, and the first ones are forgotten");
        assert_eq!(readers.unread_after(last - 5, last, ME), Some(Unread::new(last - 5, last, 0)));
        for seq in last + 1..=last + 200 {
            readers.hear(&said(seq, 2));
        }
        assert_eq!(readers.unread_after(1, last + 200, ME), None, "there may be mentions among what is forgotten");
        assert!(readers.latest.len() <= KNOWN);
    }
}
