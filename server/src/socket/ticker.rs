//! `/ws/ticker`: the server pushes `client got 0`, `client got 1` … on its own, says that the client should refresh, and closes.

use std::sync::Arc;
use std::time::Duration;

use app::member::MemberId;
use app::protocol::close;
use axum::extract::ws::WebSocket;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use serde::Deserialize;

use super::{Opening, live};
use crate::broadcast::{Outlet, Voice};
use crate::state::AppState;

const NOBODY: MemberId = MemberId(0);

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

/// `GET /ws/ticker?count=<1 to 1000>&interval_ms=<10 to 60000>`: from any page, for it gives nothing away.
pub async fn serve(State(state): State<AppState>, Query(asked): Query<Asked>, opening: Opening) -> Response {
    if !(1..=1_000).contains(&asked.count) || !(10..=60_000).contains(&asked.interval_ms) {
        opening.refuse(&state);
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    opening.accept(&state, move |state, socket| push(state, socket, asked))
}

async fn push(state: AppState, socket: WebSocket, asked: Asked) {
    let outlet = Outlet::new(NOBODY, Voice::Frames);
    tracing::info!(people = state.rooms.connected(), "a ticker connection began");
    live(socket, &outlet, |stream| async {
        tokio::select! {
            () = tick(&outlet, asked) => {}
            () = until_gone(stream) => {}
        }
    })
    .await;
    tracing::info!(people = state.rooms.connected(), "a ticker connection ended");
}

async fn tick(outlet: &Arc<Outlet>, asked: Asked) {
    for number in 0..asked.count {
        outlet.say(format!("client got {number}"));
        tokio::time::sleep(Duration::from_millis(asked.interval_ms)).await;
        outlet.has_space().await;
    }
    outlet.say("The client should refresh".to_owned());
    outlet.close(close::NORMAL, "");
}

/// Reads on, so that the client's goodbye is heard; what else it says is of no interest.
async fn until_gone(mut stream: SplitStream<WebSocket>) {
    while stream.next().await.is_some_and(|message| message.is_ok()) {}
}
