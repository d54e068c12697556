//! `/ws/ticker`: the server pushes `client got 0`, `client got 1` … on its own, says that the client should refresh, and closes.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use app::member::MemberId;
use app::protocol::{MAX_FRAME_BYTES, close};
use app::refusal::Refusal;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::ear::{Ear, Patience};
use super::{Connected, Opening, Wire, live};
use crate::broadcast::{Outlet, Voice};
use crate::error::HttpError;
use crate::limits::Address;
use crate::state::AppState;

const NOBODY: MemberId = MemberId(0);
/// After this long without a word the client is asked for a sign of life.
const SILENCE: Duration = Duration::from_secs(45);

/// How many lines, and how far apart.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Asked {
    #[serde(default = "ten")]
    count: u32,
    #[serde(default = "a_second")]
    interval_ms: u64,
}

fn ten() -> u32 {
    10
}

fn a_second() -> u64 {
    1_000
}

impl Asked {
    fn is_in_range(self) -> bool {
        (1..=1_000).contains(&self.count) && (10..=60_000).contains(&self.interval_ms)
    }
}

/// `GET /ws/ticker?count=<1 to 1000>&interval_ms=<10 to 60000>`: from any page, for it gives nothing away.
///
/// # Errors
/// [`HttpError::Refused`] with [`Refusal::TickerOutOfRange`].
pub async fn serve(
    State(state): State<AppState>,
    asked: Result<Query<Asked>, QueryRejection>,
    address: Address,
    opening: Opening,
) -> Result<Response, HttpError> {
    let asked = asked.ok().map(|Query(asked)| asked).filter(|asked| asked.is_in_range());
    let asked = asked.ok_or(HttpError::Refused(Refusal::TickerOutOfRange))?;
    Ok(opening.accept(&state, move |state, wire| push(state, wire, address, asked)))
}

async fn push(state: AppState, wire: Wire, address: Address, asked: Asked) {
    let Some(_seat) = state.limits.sockets_from_address.take(address) else {
        return wire.turn_away(close::TOO_MANY, "too many connections").await;
    };
    let outlet = state.rooms.outlet(NOBODY, Voice::Alone, wire.stream);
    state.rooms.attach(&outlet);
    let _connected = Connected(&state, &outlet, "a ticker connection");
    let ear = Ear::new(wire.early, Patience::Asks(SILENCE), MAX_FRAME_BYTES);
    tracing::info!(people = state.rooms.connected(), "a ticker connection began");
    let ticking = async {
        tokio::select! {
            () = tick(&outlet, asked) => {}
            () = until_gone(&outlet, ear) => {}
        }
    };
    live(&outlet, pin!(ticking)).await;
}

async fn tick(outlet: &Arc<Outlet>, asked: Asked) {
    for number in 0..asked.count {
        outlet.say(&format!("client got {number}"));
        tokio::time::sleep(Duration::from_millis(asked.interval_ms)).await;
        outlet.has_space().await;
    }
    outlet.say("The client should refresh");
    outlet.close(close::NORMAL, "");
}

/// Reads on, so that the client's goodbye is heard; what else it says is of no interest.
async fn until_gone(outlet: &Outlet, mut ear: Ear) {
    while ear.hear(outlet).await.is_some() {}
}
