//! The lab's socket: opened as it is asked for, with nothing of ours put over it, and all that happens to it told to the
//! bench. Asks the server over ordinary HTTP what became of a try that failed.

use std::cell::RefCell;
use std::time::Duration;

use app::bench::Bench;
use app::lab_log::{CUT, Step};
use app::message::Cid;
use app::protocol::{ANSWER_WITHIN_MS, close};
use wasm_bindgen_futures::spawn_local;

use crate::socket::{Happened, Socket};
use crate::{browser, json};

thread_local! {
    /// The socket that the bench hears of. The browser's own, which has last words after it was asked to close.
    static SOCKET: RefCell<Option<web_sys::WebSocket>> = const { RefCell::new(None) };
}

/// Opens a socket at a path of this server.
pub(crate) fn open(bench: Bench, path: &str) {
    let Some(socket) = Socket::open(path) else {
        return bench.take(Step::Closed { code: CUT, reason: String::new() });
    };
    SOCKET.set(Some(socket.raw.clone()));
    give_up_later(bench, socket.raw.clone());
    spawn_local(follow(bench, socket));
}

/// Sends a text.
pub(crate) fn send(text: &str) {
    SOCKET.with_borrow(|socket| {
        if let Some(socket) = socket {
            // A socket that is closing drops it; the log tells when it closed.
            let _ = socket.send_with_str(text);
        }
    });
}

/// Says goodbye.
pub(crate) fn close(bench: Bench) {
    if let Some(raw) = SOCKET.with_borrow(Clone::clone) {
        let _ = raw.close_with_code(close::NORMAL);
        give_up_later(bench, raw);
    }
}

/// Asks the server what became of a try.
pub(crate) fn fate(bench: Bench, id: Cid) {
    spawn_local(async move {
        let answer = browser::fetch(&format!("/lab/probe/{id}"), ANSWER_WITHIN_MS).await;
        bench.take(Step::Explained(answer.and_then(|text| json::decode(&text))));
    });
}

async fn follow(bench: Bench, mut socket: Socket) {
    while let Some(happened) = socket.happens().await {
        let step = match happened {
            Happened::Opened => Step::Opened,
            Happened::Received(text) => Step::Received(text),
            Happened::Closed(code, reason) => return tell(bench, &socket.raw, Step::Closed { code, reason }),
        };
        tell(bench, &socket.raw, step);
    }
}

/// Tells the bench, unless it has given this socket up.
fn tell(bench: Bench, raw: &web_sys::WebSocket, step: Step) {
    if SOCKET.with_borrow(|socket| socket.as_ref() == Some(raw)) {
        if let Step::Closed { .. } = step {
            SOCKET.set(None);
        }
        bench.take(step);
    }
}

/// An opening or a goodbye that nobody answers is not waited for for ever.
fn give_up_later(bench: Bench, raw: web_sys::WebSocket) {
    let give_up = move || {
        if matches!(raw.ready_state(), web_sys::WebSocket::CONNECTING | web_sys::WebSocket::CLOSING) {
            tell(bench, &raw, Step::Closed { code: CUT, reason: String::new() });
            let _ = raw.close();
        }
    };
    browser::later(Duration::from_millis(ANSWER_WITHIN_MS.into()), Box::new(give_up));
}
