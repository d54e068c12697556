//! Messages that are said later: each at its time and never before, in order, once, whether or not its writer is there, with its
//! files, and to what it was written for. What can't be said is kept for its writer, who is told; what it answers may be gone by
//! then, and whether it is to be said all the same is for its writer to decide.
//!
//! A message is said under the id that it was kept with, and is forgotten when it is said: whatever stops the program between the
//! two, it is said again under the same id, which changes nothing.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::command::Asked;
use app::member::MemberId;
use app::message::{Cid, Draft};
use app::protocol::ServerFrame;
use app::refusal::Refusal;
use tokio::sync::Notify;

use super::{Admitted, Answer, Patience, Rooms, Saying};
use crate::broadcast::Outlet;
use crate::clock::Clock;
use crate::config::Serve;
use crate::store::{Count, Kept, NewScheduled, Scheduled, Store, StoreError, To};

/// How many are taken at once.
const AT_ONCE: usize = 256;
const MS_PER_DAY: i64 = 24 * 60 * 60 * 1_000;

/// Why something can't be said later.
#[derive(Debug, thiserror::Error)]
pub enum NotLater {
    /// As for any message.
    #[error(transparent)]
    Answer(#[from] Answer),
    /// What was given as a time is none.
    #[error("no time")]
    NoTime,
    /// The time has passed.
    #[error("past")]
    Past,
    /// The time is farther than so many days.
    #[error("more than {0} days ahead")]
    TooFar(u32),
    /// So many wait already.
    #[error("{0} wait already")]
    TooMany(usize),
    /// It is a command, which is done at once or not at all.
    #[error("a command")]
    Command,
    /// It is said already, or taken back.
    #[error("gone")]
    Gone,
}

impl From<StoreError> for NotLater {
    fn from(error: StoreError) -> Self {
        Self::Answer(Answer::Unavailable(error))
    }
}

/// All that is said later.
pub struct Schedule {
    rooms: Arc<Rooms>,
    store: Store,
    clock: Clock,
    most: usize,
    most_days: u32,
    /// How often the clock is looked at; and how soon something that the store could not do is tried again.
    look_every: Duration,
    counts: Arc<Mutex<HashMap<MemberId, Count>>>,
    /// One at a time says what is due, or the order would be lost.
    saying: tokio::sync::Mutex<()>,
    has_news: Notify,
}

impl Schedule {
    /// Reads how much waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(
        rooms: Arc<Rooms>,
        store: Store,
        clock: Clock,
        patience: Patience,
        config: &Serve,
    ) -> Result<Arc<Self>, StoreError> {
        let counts = Arc::new(Mutex::new(store.scheduled_counts().await?.into_iter().collect()));
        let (most, most_days, look_every) = (config.scheduled_per_person, config.schedule_days, patience.look_every);
        let (saying, has_news) = (tokio::sync::Mutex::default(), Notify::new());
        Ok(Arc::new(Self { rooms, store, clock, most, most_days, look_every, counts, saying, has_news }))
    }

    /// Keeps a message for a room until its time. The same id again is the same message.
    ///
    /// # Errors
    /// [`NotLater`].
    pub async fn keep(&self, admitted: &Admitted, new: NewScheduled) -> Result<(), NotLater> {
        self.may_wait(admitted, &new).await?;
        let member = new.member;
        let kept = self.store.schedule(new, admitted.room_id(), self.most).await?;
        self.is_kept(member, kept).await
    }

    /// Makes another one of one of somebody's. Files that it has no more are thrown away.
    ///
    /// # Errors
    /// [`NotLater`].
    pub async fn change(&self, admitted: &Admitted, new: NewScheduled) -> Result<(), NotLater> {
        self.may_wait(admitted, &new).await?;
        let member = new.member;
        let kept = self.store.reschedule(new, admitted.room_id()).await?;
        self.rooms.something_is_deleted.notify_one();
        self.is_kept(member, kept).await
    }

    /// Takes one of somebody's back, with its files.
    ///
    /// # Errors
    /// [`NotLater::Gone`], [`Answer::TooFast`], [`Answer::Unavailable`].
    pub async fn cancel(&self, member: MemberId, cid: Cid) -> Result<(), NotLater> {
        self.may_ask(member)?;
        if !self.store.unschedule(member, cid).await? {
            return Err(NotLater::Gone);
        }
        self.rooms.something_is_deleted.notify_one();
        self.has_changed(member).await
    }

    /// Says one of somebody's at once, though what it answers may be deleted: they know that.
    ///
    /// # Errors
    /// [`NotLater`]: then it waits as before.
    pub async fn say_now(self: &Arc<Self>, member: MemberId, cid: Cid) -> Result<(), NotLater> {
        self.may_ask(member)?;
        let schedule = Arc::clone(self);
        // A task of its own: what is said is noted as said, whether or not anybody waits for the answer.
        let saying = tokio::spawn(async move { schedule.take_and_say(member, cid).await });
        saying.await.map_err(|_| StoreError::Unknown)?
    }

    async fn take_and_say(&self, member: MemberId, cid: Cid) -> Result<(), NotLater> {
        let _one_at_a_time = self.saying.lock().await;
        let Some(message) = self.store.take_scheduled(member, cid).await? else { return Err(NotLater::Gone) };
        let said = self.say(&message, true).await;
        match &said {
            Ok(()) => self.store.scheduled_is_said(message.id).await?,
            Err(Answer::Refused(why)) => self.store.scheduled_is_kept(message.id, Some(*why)).await?,
            Err(Answer::TooFast(_)) => self.store.scheduled_is_kept(message.id, message.refused).await?,
            // Whether it was said is not known; it is tried again under the same id.
            Err(Answer::Unavailable(_)) => {}
        }
        self.has_changed(member).await?;
        Ok(said?)
    }

    /// All of somebody's, the next one first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of(&self, member: MemberId) -> Result<Vec<Scheduled>, StoreError> {
        self.store.scheduled_by(member).await
    }

    /// How many of somebody's there are, for their pages; `None` where there are none.
    pub fn told(&self, member: MemberId) -> Option<ServerFrame> {
        self.counts().get(&member).map(|count| frame(*count))
    }

    /// Tells somebody's new connection how many there are; from then on it hears of every change.
    pub fn tell(&self, outlet: &Outlet) {
        let counts = self.counts();
        counts.get(&outlet.member).into_iter().for_each(|count| outlet.answer(&frame(*count)));
    }

    /// Whether as many of somebody's wait as may.
    pub fn is_full(&self, member: MemberId) -> bool {
        self.counts().get(&member).is_some_and(|count| count.waiting >= self.most)
    }

    /// Says what is due, for as long as the program runs.
    pub async fn say_on_time(self: Arc<Self>) {
        loop {
            let wait = self.say_what_is_due().await.unwrap_or_else(|error| {
                tracing::error!(%error, "what was to be said later could not be looked for");
                self.look_every
            });
            tokio::select! {
                () = tokio::time::sleep(wait.min(self.look_every)) => {}
                () = self.has_news.notified() => {}
            }
        }
    }

    /// Says all that is due now; how long it is until there may be more.
    ///
    /// # Errors
    /// [`StoreError`]: then what is left is tried again.
    pub async fn say_what_is_due(&self) -> Result<Duration, StoreError> {
        let _one_at_a_time = self.saying.lock().await;
        let mut wait = self.look_every;
        // One who is too fast says no more, so that their order is kept.
        let mut waiting: HashSet<MemberId> = HashSet::new();
        let now_ms = self.clock.now_ms();
        let due = self.store.take_due(now_ms, AT_ONCE).await?;
        let may_be_more = due.len() == AT_ONCE;
        for message in due {
            if waiting.contains(&message.member) {
                continue;
            }
            match self.say(&message, false).await {
                Ok(()) => self.store.scheduled_is_said(message.id).await?,
                Err(Answer::Refused(why)) => self.store.scheduled_is_kept(message.id, Some(why)).await?,
                Err(Answer::TooFast(again)) => {
                    waiting.insert(message.member);
                    wait = wait.min(again);
                    continue;
                }
                Err(Answer::Unavailable(error)) => return Err(error),
            }
            self.count_again(message.member).await?;
        }
        if may_be_more && waiting.is_empty() {
            return Ok(Duration::ZERO);
        }
        // It may have come due meanwhile.
        let next = self.store.next_due_ms(now_ms).await?.map(|due_ms| (due_ms - self.clock.now_ms()).max(0));
        let until_next = next.map(|ms| Duration::from_millis(ms.cast_unsigned()));
        Ok(wait.min(until_next.unwrap_or(self.look_every)))
    }

    /// With the right that its writer has now.
    async fn say(&self, message: &Scheduled, is_anyway: bool) -> Result<(), Answer> {
        let admitted = match self.may_say(message, is_anyway).await {
            // Since it was said, and before that was noted, its writer may have left, or what it answers may have been deleted.
            Err(Answer::Refused(_)) if self.store.is_said(message.member, message.cid).await? => return Ok(()),
            admitted => admitted?,
        };
        let Ok(Asked::Say(draft)) = asked(&message.text, &message.files) else {
            return Err(Answer::Refused(Refusal::CommandUnknown));
        };
        let saying = Saying::New(draft, message.files.clone()).answering(message.to);
        admitted.say_and_wait(message.cid, saying).await.map(drop)
    }

    async fn may_say(&self, message: &Scheduled, is_anyway: bool) -> Result<Admitted, Answer> {
        let unknown = Answer::Refused(Refusal::RoomUnknown);
        let writer = self.store.person(message.member).await?.ok_or(unknown)?;
        let admitted = self.rooms.admit(&writer, &message.room)?;
        if !is_anyway {
            must_be_there(&admitted, message.to).await?;
        }
        Ok(admitted)
    }

    async fn may_wait(&self, admitted: &Admitted, new: &NewScheduled) -> Result<(), NotLater> {
        let refused = |why| NotLater::Answer(Answer::Refused(why));
        if admitted.about().is_archived {
            return Err(refused(Refusal::RoomArchived));
        }
        let said = asked(&new.text, &new.files).map_err(refused)?;
        let Asked::Say(draft) = said else { return Err(NotLater::Command) };
        self.rooms.allowance.message(draft.as_str()).map_err(refused)?;
        let ahead_ms = new.due_ms - self.clock.now_ms();
        if ahead_ms < 0 {
            return Err(NotLater::Past);
        }
        if ahead_ms > i64::from(self.most_days) * MS_PER_DAY {
            return Err(NotLater::TooFar(self.most_days));
        }
        must_be_there(admitted, new.to).await?;
        self.may_ask(new.member)
    }

    /// As fast as one may look for something: each time the store writes.
    fn may_ask(&self, member: MemberId) -> Result<(), NotLater> {
        let taken = self.rooms.limits.lookups.take(member, Instant::now());
        taken.map_err(|wait| NotLater::Answer(Answer::TooFast(wait)))
    }

    async fn is_kept(&self, member: MemberId, kept: Kept) -> Result<(), NotLater> {
        match kept {
            Kept::Is => self.has_changed(member).await,
            Kept::Full => Err(NotLater::TooMany(self.most)),
            Kept::Gone => Err(NotLater::Gone),
            Kept::FileUnknown => Err(NotLater::Answer(Answer::Refused(Refusal::FileUnknown))),
        }
    }

    async fn has_changed(&self, member: MemberId) -> Result<(), NotLater> {
        self.has_news.notify_one();
        Ok(self.count_again(member).await?)
    }

    /// Tells somebody, wherever they are, how many of theirs there are now.
    async fn count_again(&self, member: MemberId) -> Result<(), StoreError> {
        let (rooms, counts) = (Arc::clone(&self.rooms), Arc::clone(&self.counts));
        let publish = move |count| {
            let mut counts = locked(&counts);
            if count == Count::default() {
                counts.remove(&member);
            } else {
                counts.insert(member, count);
            }
            rooms.tell(&[member], &frame(count));
        };
        self.store.count_scheduled(member, publish).await
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<MemberId, Count>> {
        locked(&self.counts)
    }
}

fn locked(counts: &Mutex<HashMap<MemberId, Count>>) -> MutexGuard<'_, HashMap<MemberId, Count>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a text says; where there are files it may be empty.
fn asked(text: &str, files: &[u128]) -> Result<Asked, Refusal> {
    if files.is_empty() { Draft::new(text) } else { Draft::beside_files(text) }.and_then(Asked::of)
}

/// What is answered is there, and can be answered so.
async fn must_be_there(admitted: &Admitted, to: To) -> Result<(), Answer> {
    let Some(of) = to.of() else { return Ok(()) };
    let is_in_thread = admitted.said(of).await?.within().is_some();
    let is_fit = !(is_in_thread && matches!(to, To::Thread(..)));
    is_fit.then_some(()).ok_or(Answer::Refused(Refusal::MessageUnknown))
}

fn frame(Count { waiting, refused }: Count) -> ServerFrame {
    ServerFrame::Scheduled { waiting, refused }
}
