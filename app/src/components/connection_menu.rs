//! How the connection stands, always visible and quiet; behind it the choice to close it and open it again.

use crate::chat::{Chat, Connection};
use crate::i18n::Words;
use crate::live::{flag, text};
use crate::tree::{Node, el};

/// The dot with its word, and its menu.
pub fn connection_menu() -> Node {
    let chat = Chat::here();
    let words = chat.words();
    let connection = chat.connection;
    let says = text(move || sentence(connection.get(), words));
    let button = el("button")
        .attr("type", "button")
        .class("connection")
        .attr("popovertarget", "connection-menu")
        .attr("data-state", text(move || state(connection.get()).to_owned()))
        .child(el("span").class("connection-dot").attr("aria-hidden", "true"))
        .child(el("span").class("connection-word").attr("role", "status").child(says));
    let first = el("button").attr("type", "button").class("button").on("click", move || first_choice(chat));
    let give_up = el("button")
        .attr("type", "button")
        .class("button")
        .attr("hidden", flag(move || !is_trying(connection.get())))
        .on("click", move || (chat.browser.disconnect)())
        .child(words.disconnect);
    let first = first.child(text(move || first_word(connection.get(), words).to_owned()));
    let menu = el("div")
        .attr("id", "connection-menu")
        .class("menu")
        .attr("popover", "auto")
        .attr("role", "group")
        .attr("aria-label", words.connection)
        .child(el("p").class("menu-title").child(words.connection))
        .child(el("p").child(says))
        .child(el("div").class("row").child(first).child(give_up));
    vec![button.into(), menu.into()].into()
}

/// What the first button does: the opposite of how it stands.
fn first_choice(chat: Chat) {
    match chat.connection.get_untracked() {
        Connection::Live => (chat.browser.disconnect)(),
        Connection::Stale => (chat.browser.reload)(),
        Connection::Closed | Connection::Connecting | Connection::Offline { .. } => (chat.browser.connect)(),
    }
}

fn first_word(connection: Connection, words: &Words) -> &'static str {
    match connection {
        Connection::Live => words.disconnect,
        Connection::Stale => words.reload,
        Connection::Closed => words.connect,
        Connection::Connecting | Connection::Offline { .. } => words.try_now,
    }
}

fn is_trying(connection: Connection) -> bool {
    matches!(connection, Connection::Connecting | Connection::Offline { .. })
}

/// The word that styles and tests know the state by.
fn state(connection: Connection) -> &'static str {
    match connection {
        Connection::Connecting => "connecting",
        Connection::Live => "live",
        Connection::Offline { .. } => "offline",
        Connection::Closed => "closed",
        Connection::Stale => "stale",
    }
}

fn sentence(connection: Connection, words: &Words) -> String {
    match connection {
        Connection::Connecting => words.connecting.to_owned(),
        Connection::Live => words.live.to_owned(),
        Connection::Offline { seconds } => (words.offline)(seconds),
        Connection::Closed => words.closed.to_owned(),
        Connection::Stale => words.stale.to_owned(),
    }
}
