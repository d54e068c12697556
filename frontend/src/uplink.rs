//! From what people do to the socket: frames that are asked for at once, and the outboxes' messages, one at a time a room.

use std::cell::RefCell;

use app::chat::{Chat, Connection};
use app::outbox::Outbox;
use app::protocol::ClientFrame;
use app::room::Slug;
use app::talk::Standing;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use leptos::prelude::{GetUntracked, Set, Update, WithUntracked};

thread_local! {
    static UPLINK: RefCell<Option<Uplink>> = const { RefCell::new(None) };
}

struct Uplink {
    chat: Chat,
    socket: Option<UnboundedSender<ClientFrame>>,
}

/// Carries for this tab from now on.
pub(crate) fn serve(chat: Chat) {
    UPLINK.set(Some(Uplink { chat, socket: None }));
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

/// The socket is gone: what was on its way waits again.
pub(crate) fn close() {
    let chat = UPLINK.with_borrow_mut(|uplink| {
        let uplink = uplink.as_mut()?;
        uplink.socket = None;
        Some(uplink.chat)
    });
    if let Some(chat) = chat {
        chat.talks().into_iter().for_each(|(_, talk)| {
            talk.outbox.update(Outbox::cut);
            talk.resuming.set(false);
            talk.loading_older.set(false);
        });
    }
}

/// Gives a frame to the socket; without one it is dropped, for what must not be lost is asked again when it stands.
pub(crate) fn ask(frame: ClientFrame) {
    UPLINK.with_borrow(|uplink| {
        if let Some(socket) = uplink.as_ref().and_then(|uplink| uplink.socket.as_ref()) {
            let _ = socket.unbounded_send(frame);
        }
    });
}

/// Opens every room that this tab is in, then sends what waits.
pub(crate) fn reopen_rooms(chat: Chat) {
    for (slug, talk) in chat.talks() {
        if is_wanted(chat, &slug, talk.standing.get_untracked()) {
            ask(chat.asks_to_open(&slug));
        }
    }
    send_waiting();
}

/// Rooms that were open, and the page's own unless it was left; the list knows more than those.
fn is_wanted(chat: Chat, slug: &Slug, standing: Standing) -> bool {
    let is_shown = chat.route.with_untracked(|route| route.room() == Some(slug));
    standing == Standing::Open || (standing != Standing::Left && is_shown)
}

/// Gives the socket what may go out of each room's outbox, once the server has said welcome: before that no room is open.
pub(crate) fn send_waiting() {
    let Some(chat) = UPLINK.with_borrow(|uplink| uplink.as_ref().map(|uplink| uplink.chat)) else {
        return;
    };
    if chat.connection.get_untracked() != Connection::Live {
        return;
    }
    for (room, talk) in chat.talks() {
        if talk.standing.get_untracked() == Standing::Open && talk.outbox.with_untracked(Outbox::has_waiting) {
            let next = talk.outbox.try_update(Outbox::take_next).flatten();
            if let Some(pending) = next {
                ask(ClientFrame::Post { room, cid: pending.cid, text: pending.text });
            }
        }
    }
}
