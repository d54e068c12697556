//! `/ws/echo`: every text comes back as `[RE]: <text>`.

use std::sync::Arc;
use std::time::Duration;

use app::member::MemberId;
use axum::extract::State;
use axum::extract::ws::WebSocket;
use axum::response::Response;
use futures_util::stream::SplitStream;

use super::receive::hear;
use super::{Opening, live};
use crate::broadcast::{Outlet, Voice};
use crate::state::AppState;

/// After this long without a word the connection is closed.
const SILENCE: Duration = Duration::from_secs(60 * 60);
/// How much of a text is logged.
const LOGGED_CHARACTERS: usize = 200;
/// Nobody: the lab's sockets need no name.
const NOBODY: MemberId = MemberId(0);

/// `GET /ws/echo`: from any page, for it gives nothing away.
pub async fn serve(State(state): State<AppState>, opening: Opening) -> Response {
    opening.accept(&state, echo)
}

async fn echo(state: AppState, socket: WebSocket) {
    let outlet = state.rooms.outlet(NOBODY, Voice::Frames);
    tracing::info!(people = state.rooms.connected(), "an echo connection began");
    live(socket, &outlet, |stream| answer(&outlet, stream)).await;
    tracing::info!(people = state.rooms.connected(), "an echo connection ended");
}

async fn answer(outlet: &Arc<Outlet>, mut stream: SplitStream<WebSocket>) {
    while let Some(text) = hear(outlet, &mut stream, SILENCE).await {
        let logged: String = text.chars().take(LOGGED_CHARACTERS).collect();
        tracing::info!(text = ?logged, "the lab received a text");
        outlet.say(format!("[RE]: {text}"));
        outlet.has_space().await;
    }
}
