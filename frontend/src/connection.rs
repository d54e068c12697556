//! The socket's life: opens it, watches it, reopens it with jittered back-off, and asks for what was missed.

use std::cell::RefCell;
use std::future::pending;

use app::backoff::Backoff;
use app::chat::{Chat, Connection};
use app::protocol::{ANSWER_WITHIN_MS, ClientFrame, PING_EVERY_MS, ServerFrame, VERSION, close, encode};
use app::refusal::Refusal;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::Fuse;
use futures_util::{FutureExt, StreamExt, select_biased};
use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;

use crate::socket::{Happened, Socket};
use crate::{attention, browser, downlink, pages, tabs, uplink};

/// How long the answer to a ping may take when there is a reason to doubt the connection.
const CHECKED_WITHIN_MS: u32 = 5_000;

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
    /// Something happened after which it may not stand any more, or could be made: look at once.
    Check,
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

/// Counts down to the next try, or until somebody wants it at once. A clock that is set back meanwhile makes it no longer.
async fn wait(chat: Chat, mut left_ms: u32, wishes: &mut UnboundedReceiver<Wish>) {
    loop {
        chat.connection.set(Connection::Offline { seconds: left_ms.div_ceil(1_000) });
        if left_ms == 0 {
            return;
        }
        let (began_ms, rest_ms) = (browser::now_ms(), left_ms.min(1_000));
        select_biased! {
            _ = timer(rest_ms) => {
                let passed_ms = u32::try_from(browser::now_ms() - began_ms).unwrap_or_default();
                left_ms = left_ms.saturating_sub(passed_ms.max(rest_ms));
            }
            wish = wishes.next() => match wish {
                Some(Wish::Connect | Wish::Check) => return,
                Some(Wish::Disconnect) => return rest(chat, Connection::Closed, wishes).await,
                None => {}
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
    let Some(mut socket) = Socket::open("/ws") else {
        return End::Lost(None);
    };
    let mut asked = uplink::open();
    // The rooms are asked for in the same breath: what the browser has of them says which store it is from.
    uplink::ask(ClientFrame::Hello { version: VERSION });
    attention::tell();
    chat.reopen();
    let mut beat = Beat::starting();
    let mut delay_ms = None;
    let mut is_open = false;
    loop {
        select_biased! {
            happened = socket.happens().fuse() => match happened {
                Some(Happened::Opened) => is_open = true,
                Some(Happened::Received(text)) => match downlink::take(chat, &text) {
                    downlink::Heard::Welcome => {
                        chat.connection.set(Connection::Live);
                        beat = Beat::resting();
                        tabs::compete();
                        uplink::send_waiting();
                    }
                    downlink::Heard::Pong => beat = Beat::resting(),
                    downlink::Heard::Bye(after_ms) => delay_ms = Some(after_ms),
                    downlink::Heard::Other => {}
                },
                Some(Happened::Closed(code, _)) => return end_of(chat, code, delay_ms),
                None => return End::Lost(delay_ms),
            },
            frame = next_asked(&mut asked, is_open).fuse() => if !socket.say(encode(&frame)) {
                return End::Lost(delay_ms);
            },
            wish = wishes.next() => match wish {
                Some(Wish::Disconnect) => {
                    let _ = socket.raw.close_with_code(close::NORMAL);
                    return End::ByChoice;
                }
                Some(Wish::Check) if beat.kind == BeatKind::Resting => beat = Beat::asks(CHECKED_WITHIN_MS),
                Some(Wish::Check | Wish::Connect) | None => {}
            },
            _ = &mut beat.timer => match beat.kind {
                BeatKind::Resting => beat = Beat::asks(ANSWER_WITHIN_MS),
                BeatKind::Asking => return End::Lost(None),
            },
        }
    }
}

/// The next frame to send, once the socket takes one.
async fn next_asked(asked: &mut UnboundedReceiver<ClientFrame>, is_open: bool) -> ClientFrame {
    if is_open { asked.select_next_some().await } else { pending().await }
}

/// What a close code means here ([`close`]).
fn end_of(chat: Chat, code: u16, delay_ms: Option<u32>) -> End {
    let shown = chat.route.with_untracked(|route| route.room().cloned());
    match (code, shown) {
        (close::SIGNED_OUT, _) => return End::SignedOut,
        (close::NOT_ALLOWED, Some(room)) if chat.talk(&room).is_followed() => chat.take(ServerFrame::Gone { room }),
        (close::NOT_ALLOWED | close::PROTOCOL, _) => return End::Stale,
        (close::TOO_MANY, _) => chat.say(chat.words().too_many_tabs.to_owned()),
        (close::NOT_UTF8, _) => uplink::fail(chat, Refusal::Unavailable),
        (close::TOO_BIG, _) => uplink::fail(chat, Refusal::MessageTooLong),
        (close::PLACE_LOST, _) => {
            pages::forget();
            chat.forget_places();
        }
        _ => {}
    }
    End::Lost(delay_ms)
}

/// The heartbeat: a ping now and then, and a limit to how long its answer may take.
struct Beat {
    kind: BeatKind,
    timer: Fuse<JsFuture>,
}

#[derive(PartialEq, Eq)]
enum BeatKind {
    /// Nothing is owed.
    Resting,
    /// An answer is owed.
    Asking,
}

impl Beat {
    /// Hello was said; the welcome is owed.
    fn starting() -> Self {
        Self::asking(ANSWER_WITHIN_MS)
    }

    /// Says ping.
    fn asks(within_ms: u32) -> Self {
        uplink::ask(ClientFrame::Ping {});
        Self::asking(within_ms)
    }

    fn asking(within_ms: u32) -> Self {
        Self { kind: BeatKind::Asking, timer: timer(within_ms) }
    }

    fn resting() -> Self {
        let jittered_ms = f64::from(PING_EVERY_MS) * (0.8 + 0.4 * browser::random());
        Self { kind: BeatKind::Resting, timer: timer(jittered_ms as u32) }
    }
}

/// Ends after so many milliseconds. One that nobody waits for any more does nothing.
fn timer(ms: u32) -> Fuse<JsFuture> {
    let ends = Promise::new(&mut |end, _| {
        let _ = browser::window().set_timeout_with_callback_and_timeout_and_arguments_0(&end, ms as i32);
    });
    JsFuture::from(ends).fuse()
}
