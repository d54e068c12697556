//! What the app wants from the browser around it. `frontend` fills this in; on the server there is nobody to ask.

use crate::i18n::Lang;
use crate::message::Cid;
use crate::preferences::Theme;
use crate::protocol::ClientFrame;

/// The browser, as a list of what can be asked of it.
#[derive(Clone, Copy)]
pub struct Browser {
    /// The time now, in milliseconds since 1970 (UTC).
    pub now_ms: fn() -> i64,
    /// How many minutes the reader's clock is ahead of UTC at this moment.
    pub offset_min: fn(i64) -> i32,
    /// 128 fresh random bits.
    pub new_cid: fn() -> Cid,
    /// Remembers a choice for a year, where the server sees it too.
    pub remember: fn(name: &str, value: &str),
    /// Gives the document its language, theme and title.
    pub dress: fn(lang: Lang, theme: Theme, title: &str),
    /// Puts a path into the address bar, as a step that "back" undoes, and closes what lies over the page.
    pub go_to: fn(path: &str),
    /// Loads the page again.
    pub reload: fn(),
    /// Gives a frame to the connection; dropped while there is none.
    pub ask: fn(ClientFrame),
    /// Lets the connection look at the outboxes.
    pub send_waiting: fn(),
    /// Opens the connection, or tries at once.
    pub connect: fn(),
    /// Closes the connection by choice.
    pub disconnect: fn(),
}

impl Browser {
    /// Nobody to ask: for rendering on the server.
    pub fn absent() -> Self {
        Self {
            now_ms: || 0,
            offset_min: |_| 0,
            new_cid: || Cid(0),
            remember: |_, _| {},
            dress: |_, _, _| {},
            go_to: |_| {},
            reload: || {},
            ask: |_| {},
            send_waiting: || {},
            connect: || {},
            disconnect: || {},
        }
    }
}
