//! From the socket to the state: text -> frame -> [`Chat::take`].

use app::chat::Chat;
use app::message::{Event, Seq};
use app::protocol::ServerFrame;
use app::refusal::Refusal;
use app::room::{RoomSummary, Slug};

use crate::{browser, json, pages, thread};

/// What a frame means for the connection itself.
pub(crate) enum Heard {
    /// It stands.
    Welcome,
    /// It still stands.
    Pong,
    /// It won't for long; come back after this many milliseconds.
    Bye(u32),
    /// Nothing.
    Other,
}

/// Takes a text that came over the socket.
pub(crate) fn take(chat: Chat, text: &str) -> Heard {
    let Some(frame) = json::decode(text) else {
        browser::log("a frame that this page doesn't know was passed over");
        return Heard::Other;
    };
    let (heard, room) = weigh(&frame);
    let befallen: Vec<Seq> = match &frame {
        ServerFrame::Events { events, .. } => events.iter().filter_map(Event::touches).collect(),
        _ => Vec::new(),
    };
    chat.take(frame);
    room.iter().for_each(|room| thread::befalls(chat, room, &befallen));
    room.into_iter().for_each(|room| pages::changed(chat, room));
    heard
}

/// What it means for the connection, and whose page it changes.
fn weigh(frame: &ServerFrame) -> (Heard, Option<Slug>) {
    match frame {
        ServerFrame::Welcome { .. } => (Heard::Welcome, None),
        ServerFrame::Pong { .. } => (Heard::Pong, None),
        ServerFrame::Bye { after_ms } => (Heard::Bye(*after_ms), None),
        ServerFrame::Page { room: RoomSummary { slug, .. }, .. }
        | ServerFrame::Resumed { room: RoomSummary { slug, .. }, .. }
        | ServerFrame::Events { room: slug, .. }
        | ServerFrame::Lost { room: slug }
        | ServerFrame::Refused { why: Refusal::RoomUnknown, cid: None, room: Some(slug), .. } => {
            (Heard::Other, Some(slug.clone()))
        }
        _ => (Heard::Other, None),
    }
}
