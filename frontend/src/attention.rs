//! Whether anybody is at this tab: the last time that something was touched here, and the word to the server when that was long
//! ago, or is not any more. A page that is not in sight is not touched.

use std::cell::Cell;

use app::availability::AWAY_AFTER_MS;
use app::protocol::ClientFrame;
use web_sys::Event;

use crate::{browser, uplink};

/// What people do to a page. Where the pointer moves over it, somebody is there.
const TOUCHES: [&str; 4] = ["pointermove", "pointerdown", "keydown", "wheel"];

thread_local! {
    static TOUCHED_MS: Cell<i64> = const { Cell::new(0) };
    static IS_IDLE: Cell<bool> = const { Cell::new(false) };
}

/// Begins to listen.
pub(crate) fn watch() {
    touched();
    TOUCHES.iter().for_each(|event| browser::on_document(event, |_: Event| touched()));
}

/// Something is touched, or the page is looked at again.
pub(crate) fn touched() {
    TOUCHED_MS.set(browser::now_ms());
    if IS_IDLE.replace(false) {
        uplink::ask(ClientFrame::Idle { idle: false });
    }
}

/// Looks how long ago it was.
pub(crate) fn look() {
    if browser::now_ms() - TOUCHED_MS.get() >= AWAY_AFTER_MS && !IS_IDLE.replace(true) {
        tell();
    }
}

/// Tells a server that doesn't know, as after a cut.
pub(crate) fn tell() {
    if IS_IDLE.get() {
        uplink::ask(ClientFrame::Idle { idle: true });
    }
}
