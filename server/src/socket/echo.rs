//! `/ws/echo`: every text comes back as `[RE]: <text>`.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use app::member::MemberId;
use app::protocol::{MAX_FRAME_BYTES, close};
use axum::extract::State;
use axum::response::Response;

use super::ear::{Ear, Patience};
use super::{Connected, Opening, Wire, live};
use crate::broadcast::{Outlet, Voice};
use crate::limits::Address;
use crate::state::AppState;

/// After this long without a word the connection is closed.
const SILENCE: Duration = Duration::from_secs(60 * 60);
/// How much of a text is logged.
const LOGGED_CHARACTERS: usize = 200;
/// Nobody: the lab's sockets need no name.
const NOBODY: MemberId = MemberId(0);

/// `GET /ws/echo`: from any page, for it gives nothing away.
pub async fn serve(State(state): State<AppState>, address: Address, opening: Opening) -> Response {
    opening.accept(&state, move |state, wire| echo(state, wire, address))
}

async fn echo(state: AppState, wire: Wire, address: Address) {
    let Some(_seat) = state.limits.sockets_from_address.take(address) else {
        return wire.turn_away(close::TOO_MANY, "too many connections").await;
    };
    let outlet = state.rooms.outlet(NOBODY, Voice::Alone, wire.stream);
    state.rooms.attach(&outlet);
    let _connected = Connected(&state, &outlet, "an echo connection");
    let ear = Ear::new(wire.early, Patience::Expects(SILENCE), MAX_FRAME_BYTES);
    tracing::info!(people = state.rooms.connected(), "an echo connection began");
    live(&outlet, pin!(answer(&outlet, ear))).await;
}

async fn answer(outlet: &Arc<Outlet>, mut ear: Ear) {
    while let Some(text) = ear.hear(outlet).await {
        let logged: String = text.chars().take(LOGGED_CHARACTERS).collect();
        tracing::info!(text = ?logged, "the lab received a text");
        outlet.say(&format!("[RE]: {text}"));
        outlet.has_space().await;
    }
}
