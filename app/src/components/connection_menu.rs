//! How the connection stands, always visible and quiet; behind it the choice to close it and open it again.

use leptos::prelude::*;

use crate::chat::{Chat, Connection};
use crate::i18n::Words;
use crate::live::{flag, text, then};

/// The dot with its word, and its menu.
#[component]
pub fn ConnectionMenu() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let connection = chat.connection;
    let says = text(move || sentence(connection.get(), words));
    view! {
        <button type="button" class="connection" popovertarget="connection-menu" data-state=text(move || state(connection.get()).to_owned())>
            <span class="connection-dot" aria-hidden="true"></span>
            <span class="connection-word" role="status">{says}</span>
        </button>
        <div id="connection-menu" class="menu" popover="auto" role="group" aria-label=words.connection>
            <p class="menu-title">{words.connection}</p>
            <p>{says}</p>
            <div class="row">
                <button type="button" class="button" on:click=then(move || first_choice(chat))>
                    {text(move || first_word(connection.get(), words).to_owned())}
                </button>
                <button type="button" class="button" hidden=flag(move || !is_trying(connection.get())) on:click=then(move || (chat.browser.disconnect)())>
                    {words.disconnect}
                </button>
            </div>
        </div>
    }
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
