//! `/ws`: one connection's life, from the upgrade to the goodbye. `receive` reads, `deliver` writes; neither waits for the
//! other. The tutorials' sockets are beside it: `plain`, `echo`, `ticker`.

mod deliver;
pub mod echo;
mod opening;
pub mod plain;
mod receive;
pub mod ticker;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use app::protocol::close;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use axum::response::Response;
use futures_util::StreamExt;

pub use opening::Opening;

use crate::broadcast::{Outlet, Voice};
use crate::error::HttpError;
use crate::session::Session;
use crate::state::AppState;

/// How long a write may take before the listener counts as gone.
const WRITE_WITHIN: Duration = Duration::from_secs(10);

/// `GET /ws`: the chat's socket. Only for pages of our own; whoever is not signed in is told so and closed.
///
/// # Errors
/// [`HttpError`].
pub async fn chat(
    State(state): State<AppState>,
    session: Option<Session>,
    opening: Opening,
) -> Result<Response, HttpError> {
    opening.must_be_from_here(&state)?;
    Ok(opening.accept(&state, move |state, socket| converse(state, socket, session)))
}

async fn converse(state: AppState, mut socket: WebSocket, session: Option<Session>) {
    let Some(session) = session else {
        return say_goodbye(&mut socket, close::SIGNED_OUT, "walk in with a name first").await;
    };
    let outlet = state.rooms.outlet(session.member.id, Voice::Frames);
    let people = state.rooms.connect(&outlet, &session.member);
    tracing::info!(member = outlet.member.0, people, "a connection began");
    live(socket, &outlet, |stream| receive::receive(&state, &session.member, &outlet, stream)).await;
    let people = state.rooms.disconnect(&outlet);
    tracing::info!(member = outlet.member.0, people, "a connection ended");
}

/// Reads and writes until either side is done; what waits is still written after the last read.
async fn live<Receiving: Future<Output = ()>>(
    socket: WebSocket,
    outlet: &Arc<Outlet>,
    receive: impl FnOnce(futures_util::stream::SplitStream<WebSocket>) -> Receiving,
) {
    let (sink, stream) = socket.split();
    let mut delivering = pin!(deliver::deliver(outlet, sink));
    tokio::select! {
        () = receive(stream) => {
            outlet.close(close::NORMAL, "");
            let _ = tokio::time::timeout(WRITE_WITHIN, delivering).await;
        }
        () = &mut delivering => {}
    }
}

async fn say_goodbye(socket: &mut WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    let _ = tokio::time::timeout(WRITE_WITHIN, socket.send(Message::Close(Some(frame)))).await;
}
