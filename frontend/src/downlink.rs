//! From the socket to the state: text -> frame -> [`Chat::take`].

use app::chat::Chat;
use app::protocol::ServerFrame;

use crate::{browser, json};

/// Takes a text that came over the socket and says what it was; `None` when it is not in our vocabulary.
pub(crate) fn take(chat: Chat, text: &str) -> Option<ServerFrame> {
    let frame: Option<ServerFrame> = json::decode(text);
    match &frame {
        Some(frame) => chat.take(frame.clone()),
        None => browser::log("a frame that this page doesn't know was passed over"),
    }
    frame
}
