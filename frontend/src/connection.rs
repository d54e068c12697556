//! The socket's life: opens it, watches it, reopens it with jittered back-off, and asks for what was missed.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use app::chat::{Chat, Connection};
use app::protocol::{ANSWER_WITHIN_MS, ClientFrame, PING_EVERY_MS, ServerFrame, VERSION, close, encode};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{FutureExt, Sink, SinkExt, StreamExt, select};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::Set;

use crate::backoff::Backoff;
use crate::{browser, downlink, uplink};

thread_local! {
    static WISHES: RefCell<Option<UnboundedSender<Wish>>> = const { RefCell::new(None) };
}

/// What is wanted of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The person wants it open now.
    Connect,
    /// The person wants it closed.
    Disconnect,
    /// The browser says that the network is gone.
    NetworkGone,
    /// The browser says that the network is back.
    NetworkBack,
}

/// How a connection ended.
enum End {
    /// Lost: come back, after this many milliseconds if the server said so.
    Lost(Option<u32>),
    /// Closed by choice.
    ByChoice,
    /// Nobody is signed in (any more).
    SignedOut,
    /// We don't understand each other; the page must be loaded again.
    Stale,
}

/// Tells the connection what is wanted.
pub(crate) fn wish(wish: Wish) {
    WISHES.with_borrow(|wishes| {
        if let Some(wishes) = wishes {
            let _ = wishes.unbounded_send(wish);
        }
    });
}

/// Keeps this tab connected as long as it lives.
pub(crate) async fn keep(chat: Chat) {
    let (sender, mut wishes) = unbounded();
    WISHES.set(Some(sender));
    let mut backoff = Backoff::default();
    loop {
        chat.connection.set(Connection::Connecting);
        let began_ms = browser::now_ms();
        let end = connect(chat, &mut wishes).await;
        chat.connection.set(Connection::Connecting);
        uplink::close();
        backoff.stood((browser::now_ms() - began_ms) as f64);
        match end {
            End::Lost(after_ms) => {
                wait(chat, after_ms.unwrap_or_else(|| backoff.next_ms(browser::random())), &mut wishes).await
            }
            End::ByChoice => rest(chat, Connection::Closed, &mut wishes).await,
            End::Stale => rest(chat, Connection::Stale, &mut wishes).await,
            End::SignedOut => return browser::reload(),
        }
    }
}

/// Counts down to the next try, or until somebody wants it at once.
async fn wait(chat: Chat, wait_ms: u32, wishes: &mut UnboundedReceiver<Wish>) {
    let until_ms = browser::now_ms() + i64::from(wait_ms);
    loop {
        let left_ms = u32::try_from(until_ms - browser::now_ms()).unwrap_or_default();
        chat.connection.set(Connection::Offline { seconds: left_ms.div_ceil(1_000) });
        if left_ms == 0 {
            return;
        }
        select! {
            () = TimeoutFuture::new(left_ms.min(1_000)).fuse() => {}
            wish = wishes.next() => match wish {
                Some(Wish::Connect | Wish::NetworkBack) => return,
                Some(Wish::Disconnect) => return rest(chat, Connection::Closed, wishes).await,
                Some(Wish::NetworkGone) | None => {}
            },
        }
    }
}

/// Stays as it is until somebody wants to connect.
async fn rest(chat: Chat, as_what: Connection, wishes: &mut UnboundedReceiver<Wish>) {
    chat.connection.set(as_what);
    while wishes.next().await.is_some_and(|wish| wish != Wish::Connect) {}
}

/// One connection from its opening to its end.
async fn connect(chat: Chat, wishes: &mut UnboundedReceiver<Wish>) -> End {
    let Ok(mut socket) = WebSocket::open(&browser::socket_url("/ws")) else {
        return End::Lost(None);
    };
    let mut asked = uplink::open();
    uplink::ask(ClientFrame::Hello { version: VERSION });
    let mut beat = Beat::starting();
    let mut delay_ms = None;
    let mut is_open = false;
    loop {
        select! {
            heard = hear(&mut socket, is_open).fuse() => match heard {
                Heard::Open => is_open = true,
                Heard::Frame(Ok(Message::Text(text))) => match downlink::take(chat, &text) {
                    Some(ServerFrame::Welcome { .. }) => {
                        chat.connection.set(Connection::Live);
                        beat = Beat::resting();
                        uplink::reopen_rooms(chat);
                    }
                    Some(ServerFrame::Pong { .. }) => beat = Beat::resting(),
                    Some(ServerFrame::Bye { after_ms }) => delay_ms = Some(after_ms),
                    _ => {}
                },
                Heard::Frame(Ok(Message::Bytes(_)) | Err(WebSocketError::ConnectionError)) => {}
                Heard::Frame(Err(WebSocketError::ConnectionClose(event))) => return end_of(event.code, delay_ms),
                Heard::Frame(Err(_)) | Heard::Nothing => return End::Lost(delay_ms),
            },
            frame = next_asked(&mut asked, is_open).fuse() => if socket.send(Message::Text(encode(&frame))).await.is_err() {
                return End::Lost(delay_ms);
            },
            wish = wishes.next() => match wish {
                Some(Wish::Disconnect) => {
                    let _ = socket.close(Some(close::NORMAL), None);
                    return End::ByChoice;
                }
                Some(Wish::NetworkGone) => return End::Lost(None),
                Some(Wish::Connect | Wish::NetworkBack) | None => {}
            },
            () = &mut beat.timer => match beat.kind {
                BeatKind::Resting => {
                    uplink::ask(ClientFrame::Ping {});
                    beat = Beat::asking();
                }
                BeatKind::Asking => return End::Lost(None),
            },
        }
    }
}

/// What comes from a socket.
enum Heard {
    /// It is open now.
    Open,
    /// A frame, or why there are no more.
    Frame(Result<Message, WebSocketError>),
    /// Nothing more.
    Nothing,
}

/// Listens to a socket, also for its opening as long as it is not open.
async fn hear(socket: &mut WebSocket, is_open: bool) -> Heard {
    poll_fn(|context| {
        let may_send = !is_open && Pin::new(&mut *socket).poll_ready(context).is_ready();
        if may_send && matches!(socket.state(), State::Open) {
            return Poll::Ready(Heard::Open);
        }
        socket.poll_next_unpin(context).map(|frame| frame.map_or(Heard::Nothing, Heard::Frame))
    })
    .await
}

/// The next frame to send, once the socket takes one.
async fn next_asked(asked: &mut UnboundedReceiver<ClientFrame>, is_open: bool) -> ClientFrame {
    if is_open { asked.select_next_some().await } else { pending().await }
}

fn end_of(code: u16, delay_ms: Option<u32>) -> End {
    match code {
        close::SIGNED_OUT => End::SignedOut,
        close::PROTOCOL | close::NOT_ALLOWED => End::Stale,
        _ => End::Lost(delay_ms),
    }
}

/// The heartbeat: a ping now and then, and a limit to how long its answer may take.
struct Beat {
    kind: BeatKind,
    timer: futures_util::future::Fuse<TimeoutFuture>,
}

enum BeatKind {
    /// Nothing is owed.
    Resting,
    /// An answer is owed.
    Asking,
}

impl Beat {
    /// Hello was said; the welcome is owed.
    fn starting() -> Self {
        Self::asking()
    }

    fn asking() -> Self {
        Self { kind: BeatKind::Asking, timer: TimeoutFuture::new(ANSWER_WITHIN_MS).fuse() }
    }

    fn resting() -> Self {
        let jittered_ms = f64::from(PING_EVERY_MS) * (0.8 + 0.4 * browser::random());
        Self { kind: BeatKind::Resting, timer: TimeoutFuture::new(jittered_ms as u32).fuse() }
    }
}
