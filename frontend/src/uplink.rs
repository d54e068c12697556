//! From what people do to the socket: frames that are asked for at once, and the outboxes' messages, one at a time a room.

use std::cell::RefCell;
use std::time::Duration;

use app::chat::{Chat, Connection};
use app::outbox::Outbox;
use app::protocol::{ClientFrame, ServerFrame};
use app::refusal::Refusal;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};

use crate::{browser, tabs};

thread_local! {
    static UPLINK: RefCell<Option<Uplink>> = const { RefCell::new(None) };
}

struct Uplink {
    chat: Chat,
    socket: Option<UnboundedSender<ClientFrame>>,
    /// The server has no time for messages.
    is_paused: bool,
}

/// Carries for this tab from now on.
pub(crate) fn serve(chat: Chat) {
    UPLINK.set(Some(Uplink { chat, socket: None, is_paused: false }));
}

/// A socket stands: what is asked comes out of the receiver until the next [`close`].
pub(crate) fn open() -> UnboundedReceiver<ClientFrame> {
    let (sender, receiver) = unbounded();
    UPLINK.with_borrow_mut(|uplink| {
        if let Some(uplink) = uplink {
            uplink.socket = Some(sender);
        }
    });
    receiver
}

/// The socket is gone: what was on its way waits again, for another tab if there is one.
pub(crate) fn close() {
    let chat = UPLINK.with_borrow_mut(|uplink| {
        let uplink = uplink.as_mut()?;
        uplink.socket = None;
        Some(uplink.chat)
    });
    if let Some(chat) = chat {
        chat.form_refused(Refusal::Unreachable);
        chat.talks().into_iter().for_each(|(_, talk)| {
            talk.outbox.update(Outbox::cut);
            talk.resuming.set(false);
            talk.loading_older.set(false);
            talk.loading_newer.set(false);
        });
    }
    tabs::release();
}

/// Gives a frame to the socket; without one it is dropped, for what must not be lost is asked again when it stands.
pub(crate) fn ask(frame: ClientFrame) {
    UPLINK.with_borrow(|uplink| {
        if let Some(socket) = uplink.as_ref().and_then(|uplink| uplink.socket.as_ref()) {
            let _ = socket.unbounded_send(frame);
        }
    });
}

/// Gives the socket what may go out of each room's outbox, once the server has said welcome. One tab does it for all.
pub(crate) fn send_waiting() {
    let Some(chat) = connected() else { return };
    let is_paused = UPLINK.with_borrow(|uplink| uplink.as_ref().is_some_and(|uplink| uplink.is_paused));
    if is_paused || !has_waiting() {
        return;
    }
    if !tabs::may_send() {
        return tabs::leave_it_to_the_other();
    }
    for (room, talk) in chat.talks() {
        if talk.outbox.with_untracked(Outbox::has_waiting) {
            let next = talk.outbox.update(Outbox::take_next);
            next.and_then(|pending| pending.asks(room)).into_iter().for_each(ask);
        }
    }
}

/// The server has no time for messages before so many milliseconds have passed.
pub(crate) fn send_later(after_ms: u32) {
    pause(true);
    let go_on = || {
        pause(false);
        send_waiting();
    };
    browser::later(Duration::from_millis(after_ms.into()), Box::new(go_on));
}

fn pause(is_paused: bool) {
    UPLINK.with_borrow_mut(|uplink| uplink.iter_mut().for_each(|uplink| uplink.is_paused = is_paused));
}

/// Whether a message waits in any room.
pub(crate) fn has_waiting() -> bool {
    connected().is_some_and(|chat| chat.talks().iter().any(|(_, talk)| talk.outbox.with_untracked(Outbox::has_waiting)))
}

/// What was on its way was not even read, and fails.
pub(crate) fn fail(chat: Chat, why: Refusal) {
    for (room, talk) in chat.talks() {
        let cid = talk.outbox.with_untracked(Outbox::on_its_way);
        if cid.is_some() {
            chat.take(ServerFrame::Refused { why, cid, room: Some(room), after_ms: None });
        }
    }
}

/// The state, while a connection stands.
pub(crate) fn connected() -> Option<Chat> {
    let chat = UPLINK.with_borrow(|uplink| uplink.as_ref().map(|uplink| uplink.chat))?;
    (chat.connection.get_untracked() == Connection::Live).then_some(chat)
}
