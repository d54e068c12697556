//! From the socket to the rooms: bytes -> frame, from a known person; size, order and patience checked.

use std::sync::Arc;
use std::time::Duration;

use app::file::FileId;
use app::member::{Member, Name};
use app::message::{Cid, Draft, Event, Seq};
use app::protocol::{ClientFrame, Position, ServerFrame, VERSION, close, decode_asked};
use app::refusal::Refusal;
use app::room::{RoomName, Slug};
use app::thread::InThread;
use app::unread::Mark;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::could_not_read;
use super::ear::{Ear, Patience};
use crate::broadcast::{Outlet, Wanted};
use crate::emoji;
use crate::limits::Address;
use crate::room::{Admitted, Answer, Callable, Kind, Posted, Saying};
use crate::state::AppState;
use crate::store::{StoreError, To};

/// Browsers slow the timers of hidden pages down to one a minute; a client silent for longer than this is gone.
const SILENCE: Duration = Duration::from_secs(90);
/// How many messages of one connection may wait for their commit; then it has to wait before it says more.
const MAX_IN_FLIGHT: usize = 32;

/// After this time a client asks again about what is stored and could not be read.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// A number that no room has, and from which none goes on.
const NOWHERE: Seq = -1;

/// Reads frames until the client is done, or has to be sent away.
pub(super) async fn receive(state: &AppState, member: &Member, outlet: &Arc<Outlet>, address: Address, mut ear: Ear) {
    if hello(state, member, outlet, &mut ear).await.is_none() {
        return;
    }
    ear.trust(Patience::Expects(SILENCE));
    let client = Client { state, member, outlet, address, posting: Arc::new(Semaphore::new(MAX_IN_FLIGHT)) };
    loop {
        outlet.has_space().await;
        let Some(text) = ear.hear(outlet).await else { return };
        match decode_asked(&text) {
            Ok(ClientFrame::Post { room, cid, text, files, reply_to, within }) => {
                let to = match within {
                    Some(InThread { of, also, .. }) => To::Thread(of, also),
                    None => reply_to.map_or(To::Room, To::Message),
                };
                client.say(room, cid, new(state, &text, &files).map(|saying| saying.answering(to))).await;
            }
            Ok(ClientFrame::Edit { room, of, cid, text }) => {
                client.say(room, cid, Draft::new(&text).map(|draft| Saying::Edit(of, draft))).await;
            }
            Ok(ClientFrame::Delete { room, of, cid }) => client.say(room, cid, Ok(Saying::Deletion(of))).await,
            Ok(ClientFrame::React { room, of, cid, emoji, on }) => {
                client.say(room, cid, emoji::checked(&emoji).map(|emoji| Saying::Reaction(of, emoji, on))).await;
            }
            Ok(ClientFrame::HidePreview { room, of, cid }) => {
                client.say(room, cid, Ok(Saying::HiddenPreview(of))).await;
            }
            Ok(ClientFrame::Pin { room, of, cid, on }) => client.say(room, cid, Ok(Saying::Pin(of, on))).await,
            // Kept off the connection's own memory: it happens now and then.
            Ok(frame) => Box::pin(client.asks(frame)).await,
            Err((why, cid)) => refuse(outlet, why, cid, None),
        }
    }
}

/// A new message, which has a text or a file.
fn new(state: &AppState, text: &str, files: &[FileId]) -> Result<Saying, Refusal> {
    if files.is_empty() {
        return Ok(Saying::New(Draft::new(text)?, Vec::new()));
    }
    Ok(Saying::New(Draft::beside_files(text)?, state.files.named(files)?))
}

/// Takes the first frame and answers it; `None` when the client has to go.
async fn hello(state: &AppState, member: &Member, outlet: &Arc<Outlet>, ear: &mut Ear) -> Option<()> {
    let text = ear.hear(outlet).await?;
    match decode_asked(&text) {
        Ok(ClientFrame::Hello { version: VERSION }) => {
            // Without their marks each of their rooms would begin anew for them, and what is known better would be written over.
            let come_back = |error: StoreError| {
                tracing::error!(%error, "what somebody has chosen and read could not be read");
                outlet.close(close::INTERNAL_ERROR, "what you have read could not be read");
            };
            while !greet(state, member, outlet).await.map_err(come_back).ok()? {}
            state.schedule.tell(outlet);
            Some(())
        }
        _ => {
            outlet.close(close::PROTOCOL, "say hello first, in this version");
            None
        }
    }
}

/// Tells a new connection how everything stands; `false` where something changed meanwhile, and it has to be looked at again.
async fn greet(state: &AppState, member: &Member, outlet: &Outlet) -> Result<bool, StoreError> {
    let told = state.rooms.told(member.id);
    let (choices, marks) = state.rooms.kept_of(member.id).await?;
    let (epoch, me) = (state.store.epoch().to_owned(), state.rooms.as_now_called(member));
    let rooms = state.rooms.listed(member.id, &choices, Some(&marks));
    let mut frames =
        vec![ServerFrame::Welcome { epoch, me, rooms }, ServerFrame::Choices { rooms: choices, all: true }];
    let until_ms = state.rooms.quiet_until_ms(member.id);
    frames.extend((until_ms > 0).then_some(ServerFrame::Quiet { until_ms }));
    frames.push(state.rooms.remember_reading(marks).await?);
    Ok(state.rooms.greet(outlet, told, &frames))
}

/// A person at the other end of a connection, and what they may ask.
struct Client<'a> {
    state: &'a AppState,
    member: &'a Member,
    outlet: &'a Arc<Outlet>,
    address: Address,
    /// A place for each message that waits for its commit.
    posting: Arc<Semaphore>,
}

impl Client<'_> {
    async fn asks(&self, frame: ClientFrame) {
        match frame {
            ClientFrame::Open { room, after, at } => self.open(room, after, at).await,
            ClientFrame::Show { room } => self.show(&room).await,
            ClientFrame::Leave { room } => self.leave(room).await,
            ClientFrame::Close { room } => self.close(room),
            ClientFrame::Older { room, before } => {
                let page = self.admitted(&room).map(|admitted| async move { admitted.older(before).await });
                self.send_page(room, page).await;
            }
            ClientFrame::Newer { room, after } => {
                let page = self.admitted(&room).map(|admitted| async move { admitted.newer(after).await });
                self.send_page(room, page).await;
            }
            ClientFrame::Typing { room, of, done } => self.types(&room, of, done),
            ClientFrame::Watch { room, of } => self.watches(&room, of),
            ClientFrame::Read { room, seq, turn } => self.reads(&room, Mark { turn, seq }).await,
            ClientFrame::Idle { idle } => self.state.rooms.is_idle(self.outlet, idle),
            ClientFrame::Quiet { until_ms } => self.rests(until_ms).await,
            ClientFrame::Create { name } => self.create(&name).await,
            ClientFrame::Rename { name } => self.rename(&name).await,
            ClientFrame::Ping {} => {
                // What could not be read then may be readable now.
                for Wanted { room, after, at } in self.outlet.take_wanted() {
                    self.open(room, Some(after), at).await;
                }
                self.pong();
            }
            ClientFrame::Hello { .. }
            | ClientFrame::Post { .. }
            | ClientFrame::Edit { .. }
            | ClientFrame::Delete { .. }
            | ClientFrame::React { .. }
            | ClientFrame::Pin { .. }
            | ClientFrame::HidePreview { .. } => {}
        }
    }

    async fn open(&self, room: Slug, after: Option<Position>, at: Option<Seq>) {
        let admitted = match self.state.rooms.admit(self.member, &room) {
            Ok(admitted) => admitted,
            Err(answer) => return refuse(self.outlet, word_for(answer), None, Some(room)),
        };
        match admitted.open(self.outlet, after.clone(), at).await {
            Ok(()) => {}
            Err(answer @ Answer::Unavailable(_)) => {
                // Whoever has nothing of it yet still comes back when it is asked for again, and does not walk in anew.
                let after = after.unwrap_or_else(|| admitted.position(NOWHERE));
                could_not_read(self.outlet, &answer, Wanted { room, after, at });
            }
            Err(answer) => refuse(self.outlet, word_for(answer), None, Some(room)),
        }
    }

    /// Where the room is not theirs, opening it says so.
    async fn show(&self, room: &Slug) {
        if let Ok(admitted) = self.state.rooms.admit(self.member, room)
            && let Err(answer) = admitted.unhide().await
        {
            word_for(answer);
        }
    }

    fn close(&self, room: Slug) {
        self.outlet.wants_no_more(&room);
        let admitted = self.state.rooms.admit(self.member, &room);
        let reading = admitted.ok().and_then(|admitted| admitted.close(self.outlet));
        self.outlet.answer(&ServerFrame::Closed { room });
        reading.into_iter().for_each(|reading| self.outlet.answer(&reading));
    }

    async fn leave(&self, room: Slug) {
        let left = match self.admitted(&room) {
            Ok(admitted) => admitted.leave().await.map_err(word_for),
            Err(why) => Err(why),
        };
        if let Err(why) = left {
            refuse(self.outlet, why, None, Some(room));
        }
    }

    /// Sends an older or a newer page of a room that this connection has opened.
    async fn send_page(&self, room: Slug, page: Result<impl Future<Output = Result<ServerFrame, Answer>>, Refusal>) {
        let page = match page {
            Ok(page) => page.await.map_err(word_for),
            Err(why) => Err(why),
        };
        match page {
            Ok(frame) => self.outlet.answer(&frame),
            Err(why) => refuse(self.outlet, why, None, Some(room)),
        }
    }

    /// Where it comes too late, nobody misses it.
    fn types(&self, room: &Slug, of: Option<Seq>, done: bool) {
        match self.admitted(room) {
            Ok(admitted) if done => admitted.stops_typing(self.outlet, of),
            Ok(admitted) => admitted.types(self.outlet, of),
            Err(_) => {}
        }
    }

    fn watches(&self, room: &Slug, of: Seq) {
        if let Ok(admitted) = self.admitted(room) {
            admitted.watches(self.outlet, of);
        }
    }

    /// As with typing: whoever has left meanwhile need not be told.
    async fn reads(&self, room: &Slug, mark: Mark) {
        if let Ok(admitted) = self.admitted(room)
            && let Err(answer) = admitted.reads(mark, self.outlet).await
        {
            word_for(answer);
        }
    }

    async fn rests(&self, until_ms: i64) {
        if let Err(answer) = self.state.rooms.rests(self.member.id, until_ms).await {
            refuse(self.outlet, word_for(answer), None, None);
        }
    }

    async fn create(&self, name: &str) {
        let created = match RoomName::new(name) {
            Ok(name) => {
                self.state.rooms.create_for(self.address, self.member, Kind::Public, name).await.map_err(word_for)
            }
            Err(why) => Err(why),
        };
        match created {
            Ok(room) => self.outlet.answer(&ServerFrame::Created { room: room.slug }),
            Err(why) => refuse(self.outlet, why, None, None),
        }
    }

    async fn rename(&self, name: &str) {
        let renamed = match Name::new(name) {
            Ok(name) => self.state.rooms.rename(self.member, name).await.map_err(word_for),
            Err(why) => Err(why),
        };
        if let Err(why) = renamed {
            refuse(self.outlet, why, None, None);
        }
    }

    fn pong(&self) {
        let heads =
            self.outlet.rooms().into_iter().map(|admitted| (admitted.slug().clone(), admitted.head())).collect();
        self.outlet.answer(&ServerFrame::Pong { heads });
    }

    /// Says something. A client that has said much at once waits here until some of it is durable.
    async fn say(&self, room: Slug, cid: Cid, saying: Result<Saying, Refusal>) {
        let Ok(place) = Arc::clone(&self.posting).acquire_owned().await else { return };
        match self.callable(&room, saying).await {
            Ok((admitted, saying, callable)) => {
                let (outlet, runtime) = (Arc::clone(self.outlet), Handle::current());
                let reply = Reply { outlet, runtime, admitted: admitted.clone(), cid, _place: place };
                admitted.say(cid, saying, &callable, |posted| reply.answer(posted));
                if callable.was_too_many() {
                    refuse(self.outlet, Refusal::MentionTooMany, None, Some(room));
                }
            }
            Err(why) => refuse(self.outlet, why, Some(cid), Some(room)),
        }
    }

    /// What is to be said, by whom and where, and whom it may call.
    async fn callable(
        &self,
        room: &Slug,
        saying: Result<Saying, Refusal>,
    ) -> Result<(Admitted, Saying, Callable), Refusal> {
        let admitted = self.state.rooms.admit(self.member, room).map_err(word_for)?;
        let saying = saying?;
        let callable = admitted.callable(saying.text()).await.map_err(word_for)?;
        Ok((admitted, saying, callable))
    }

    /// The right to a room that this connection has opened.
    fn admitted(&self, room: &Slug) -> Result<Admitted, Refusal> {
        let admitted = self.state.rooms.admit(self.member, room).map_err(word_for)?;
        if self.outlet.listens_to(admitted.room_id()) { Ok(admitted) } else { Err(Refusal::RoomNotOpen) }
    }
}

/// How the sender of a message hears what became of it.
struct Reply {
    outlet: Arc<Outlet>,
    runtime: Handle,
    admitted: Admitted,
    cid: Cid,
    _place: OwnedSemaphorePermit,
}

impl Reply {
    /// A message that was new comes home with the broadcast where this connection has the room open. Else, and where it was
    /// posted before, the connection alone is answered.
    fn answer(self, posted: Result<Posted, Answer>) {
        match posted {
            Ok(Posted::Now(_)) if self.outlet.listens_to(self.admitted.room_id()) => {}
            Ok(Posted::Now(seq)) => drop(self.runtime.clone().spawn(self.show(seq))),
            Ok(Posted::Before(event)) => self.confirm(vec![event]),
            Err(Answer::TooFast(wait)) => self.slow_down(wait),
            // Whether it was stored is not known. Silence makes the client ask again under the same id.
            Err(Answer::Unavailable(StoreError::Unknown)) => {}
            Err(answer) => refuse(&self.outlet, word_for(answer), Some(self.cid), Some(self.room())),
        }
    }

    async fn show(self, seq: Seq) {
        match self.admitted.after(seq - 1).await {
            Ok(mut events) => {
                events.truncate(1);
                self.confirm(events);
            }
            Err(answer) => {
                // It is stored. Asked again, the writer will know.
                word_for(answer);
                self.slow_down(ASK_AGAIN);
            }
        }
    }

    fn confirm(&self, events: Vec<Event>) {
        self.outlet.answer(&ServerFrame::Events { room: self.room(), events });
    }

    fn slow_down(&self, wait: Duration) {
        let after_ms = Some(u32::try_from(wait.as_millis() + 1).unwrap_or(u32::MAX));
        let (cid, room) = (Some(self.cid), Some(self.room()));
        self.outlet.answer(&ServerFrame::Refused { why: Refusal::TooFast, cid, room, after_ms });
    }

    fn room(&self) -> Slug {
        self.admitted.slug().clone()
    }
}

fn refuse(outlet: &Outlet, why: Refusal, cid: Option<Cid>, room: Option<Slug>) {
    outlet.answer(&ServerFrame::Refused { why, cid, room, after_ms: None });
}

fn word_for(answer: Answer) -> Refusal {
    match answer {
        Answer::Refused(why) => why,
        Answer::TooFast(_) => Refusal::TooFast,
        Answer::Unavailable(error) => {
            tracing::error!(%error, "something that was asked over a socket could not be done");
            Refusal::Unavailable
        }
    }
}
