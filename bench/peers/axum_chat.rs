//! Chat rooms with Axum as in its chat example: a broadcast channel for each room, one task that receives and one that
//! sends. The room is in the address. `axum-chat PORT` writes every text by itself, as the example does;
//! `axum-chat PORT joined` writes all that waits at once and turns TCP_NODELAY on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt;
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// The example's 100 is too few: whoever falls behind is thrown out, and in a full room that is nearly everybody.
const CAPACITY: usize = 4_096;

#[derive(Clone, Default)]
struct Rooms {
    senders: Arc<Mutex<HashMap<String, Sender<Utf8Bytes>>>>,
    joins_writes: bool,
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let port = arguments.get(1).and_then(|port| port.parse::<u16>().ok()).expect("a port");
    let joins_writes = arguments.get(2).is_some_and(|word| word == "joined");
    let rooms = Rooms { joins_writes, ..Rooms::default() };
    let router = Router::new().route("/ws", get(upgrade)).with_state(rooms);
    let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
    let listener = listener.tap_io(move |stream| {
        if joins_writes {
            stream.set_nodelay(true).expect("it is a TCP socket");
        }
    });
    axum::serve(listener, router).await.expect("it serves");
}

async fn upgrade(
    upgrade: WebSocketUpgrade,
    Query(asked): Query<HashMap<String, String>>,
    State(rooms): State<Rooms>,
) -> Response {
    let room = asked.get("room").cloned().unwrap_or_default();
    upgrade.on_upgrade(move |socket| chat(socket, room, rooms))
}

async fn chat(socket: WebSocket, room: String, rooms: Rooms) {
    let (mut sink, mut stream) = socket.split();
    let sender =
        rooms.senders.lock().expect("nobody panicked").entry(room).or_insert_with(|| channel(CAPACITY).0).clone();
    let receiver = sender.subscribe();
    if sink.send(Message::text("joined")).await.is_err() {
        return;
    }
    let joins_writes = rooms.joins_writes;
    let mut sending = tokio::spawn(async move {
        if joins_writes { send_joined(receiver, sink).await } else { send_each(receiver, sink).await }
    });
    let mut receiving = tokio::spawn(async move {
        while let Some(Ok(Message::Text(text))) = stream.next().await {
            let _ = sender.send(text);
        }
    });
    tokio::select! {
        _ = &mut sending => receiving.abort(),
        _ = &mut receiving => sending.abort(),
    }
}

async fn send_each(mut receiver: Receiver<Utf8Bytes>, mut sink: SplitSink<WebSocket, Message>) {
    while let Ok(text) = receiver.recv().await {
        if sink.send(Message::Text(text)).await.is_err() {
            return;
        }
    }
}

async fn send_joined(mut receiver: Receiver<Utf8Bytes>, mut sink: SplitSink<WebSocket, Message>) {
    while let Ok(text) = receiver.recv().await {
        let mut next = Some(text);
        while let Some(text) = next {
            if sink.feed(Message::Text(text)).await.is_err() {
                return;
            }
            next = receiver.try_recv().ok();
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
}
