//! `/ws`: one connection's life, from the upgrade to the goodbye. `receive` reads, `deliver` writes; neither waits for the
//! other. The tutorials' sockets are beside it: `plain`, `echo`, `ticker`.

mod deliver;
mod ear;
pub mod echo;
mod opening;
pub mod plain;
mod receive;
pub mod ticker;

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use app::protocol::{ANSWER_WITHIN_MS, MAX_FIRST_FRAME_BYTES, ServerFrame, close, encode};
use app::refusal::Refusal;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use tokio::time::timeout;

use ear::{Ear, Patience};
pub use opening::{Opening, Wire};

use crate::broadcast::{Outlet, Voice, Wanted, text};
use crate::error::HttpError;
use crate::limits::Address;
use crate::random;
use crate::room::Answer;
use crate::session::Session;
use crate::state::AppState;
use crate::store::StoreError;

/// How long a write may take before the listener counts as gone.
const WRITE_WITHIN: Duration = Duration::from_secs(10);
/// How long the goodbye gets to arrive.
const LINGER: Duration = Duration::from_secs(1);
/// Whoever has too many connections comes back after this time at the earliest, in milliseconds.
const RETURN_MS: u32 = 10_000;
/// How long a newcomer has for the first frame.
const HELLO_WITHIN: Duration = Duration::from_millis(ANSWER_WITHIN_MS as u64);

/// `GET /ws`: the chat's socket. Only for pages of our own; whoever is not signed in is told so and closed.
///
/// # Errors
/// [`HttpError`].
pub async fn chat(
    State(state): State<AppState>,
    session: Option<Session>,
    address: Address,
    opening: Opening,
) -> Result<Response, HttpError> {
    opening.must_be_from_here(&state)?;
    Ok(opening.accept(&state, move |state, wire| converse(state, wire, session, address)))
}

async fn converse(state: AppState, wire: Wire, session: Option<Session>, address: Address) {
    let Some(session) = session else {
        return wire.turn_away(close::SIGNED_OUT, "walk in with a name first").await;
    };
    let seats =
        (state.limits.sockets_from_address.take(address), state.limits.sockets_of_person.take(session.member.id));
    let (Some(_from_here), Some(_of_person)) = seats else {
        wire.say(text(&encode(&ServerFrame::Bye { after_ms: random::between(RETURN_MS, 2 * RETURN_MS) })));
        return wire.turn_away(close::TOO_MANY, "too many connections").await;
    };
    let outlet = state.rooms.outlet(session.member.id, Voice::Frames, wire.stream);
    let people = state.rooms.connect(&outlet, &session.member);
    let _connected = Connected(&state, &outlet, "a connection");
    tracing::info!(member = outlet.member.0, people, "a connection began");
    let ear = Ear::new(wire.early, Patience::Awaits(HELLO_WITHIN), MAX_FIRST_FRAME_BYTES);
    live(&outlet, pin!(receive::receive(&state, &session.member, &outlet, address, ear))).await;
}

/// A connection that began, and what the log calls it. It is over when this is dropped: also where its task panics.
struct Connected<'a>(&'a AppState, &'a Arc<Outlet>, &'static str);

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        let Self(state, outlet, what) = self;
        let people = state.rooms.disconnect(outlet);
        tracing::info!(member = outlet.member.0, people, "{what} ended");
    }
}

/// Reads and writes until either side is done; what waits is still written after the last read. `receiving` comes pinned,
/// for a future that is moved takes its place twice, in every connection.
async fn live(outlet: &Arc<Outlet>, receiving: Pin<&mut impl Future<Output = ()>>) {
    let mut delivering = pin!(deliver::deliver(outlet));
    tokio::select! {
        () = receiving => {
            outlet.close(close::NORMAL, "");
            let _ = timeout(WRITE_WITHIN, delivering).await;
        }
        () = &mut delivering => {}
    }
    part(&outlet.stream).await;
}

/// Says that nothing more comes, and waits a little for the other side to have heard it.
async fn part(stream: &tokio::net::TcpStream) {
    let _ = socket2::SockRef::from(stream).shutdown(std::net::Shutdown::Write);
    let _ = timeout(LINGER, Ear::drain(stream)).await;
}

/// A room that is wanted open here could not be read. Its other rooms go on: the client is told, and the room is asked for again
/// whenever the client pings, for it would not know that anything is missing. Where that is not possible, and where too much is asked
/// at once, it is sent away and comes back, later and later.
fn could_not_read(outlet: &Outlet, answer: &Answer, wanted: Wanted) {
    tracing::error!(error = %answer, room = %wanted.room, "a room could not be read for somebody who listens");
    if outlet.has_frames() && matches!(answer, Answer::Unavailable(StoreError::Sqlite(_))) {
        let (why, room) = (Refusal::Unavailable, Some(wanted.room.clone()));
        outlet.answer(&ServerFrame::Refused { why, cid: None, room, after_ms: None });
        outlet.set_aside(wanted);
    } else {
        outlet.close(close::INTERNAL_ERROR, "the room could not be read");
    }
}

impl Wire {
    /// Closes a connection that was only accepted to be told why it can't stay.
    async fn turn_away(self, code: u16, reason: &'static str) {
        self.say(crate::broadcast::closing(code, reason));
        part(&self.stream).await;
    }

    /// Says something at once; a fresh socket has space for a few words.
    fn say(&self, frame: Bytes) {
        let _ = self.stream.try_write(&frame);
    }
}
