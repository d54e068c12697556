//! `/ws/echo`: every text comes back as `[RE]: <text>`.

use std::sync::Arc;
use std::time::Duration;

use app::member::MemberId;
use app::protocol::MAX_FRAME_BYTES;
use axum::extract::State;
use axum::response::Response;

use super::ear::{Ear, Patience};
use super::{Opening, Wire, live};
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

async fn echo(state: AppState, wire: Wire) {
    let outlet = state.rooms.outlet(NOBODY, Voice::Frames, wire.stream);
    let ear = Ear::new(wire.early, Patience::Expects(SILENCE), MAX_FRAME_BYTES);
    tracing::info!(people = state.rooms.connected(), "an echo connection began");
    live(&outlet, answer(&outlet, ear)).await;
    tracing::info!(people = state.rooms.connected(), "an echo connection ended");
}

async fn answer(outlet: &Arc<Outlet>, mut ear: Ear) {
    while let Some(text) = ear.hear(outlet).await {
        let logged: String = text.chars().take(LOGGED_CHARACTERS).collect();
        tracing::info!(text = ?logged, "the lab received a text");
        outlet.say(&format!("[RE]: {text}"));
        outlet.has_space().await;
    }
}
