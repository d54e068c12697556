//! What the app wants from the browser around it. `frontend` fills this in; on the server there is nobody to ask.

use std::time::Duration;

use crate::aside::WithReply;
use crate::bench::Bench;
use crate::chat::Chat;
use crate::i18n::Lang;
use crate::message::Cid;
use crate::notices::{Call, Notices};
use crate::preferences::Theme;
use crate::protocol::{ClientFrame, ServerFrame};
use crate::room::Slug;
use crate::talk::Talk;

/// What is done with a text that was asked for, or without it.
pub type WithText = Box<dyn FnOnce(Option<String>)>;

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
    /// Gives the document its language, theme and title, and its icon a dot when there is news, another one when I am mentioned
    /// ([`Chat::news`]).
    pub dress: fn(lang: Lang, theme: Theme, title: &str, news: Option<&str>),
    /// Does something after a while.
    pub later: fn(after: Duration, act: Box<dyn FnOnce()>),
    /// Takes what is typed into the fields, and the focus, over to the page as it is drawn next.
    pub carry_over: fn(),
    /// Gives the focus to the element that a selector finds, once what has changed is drawn.
    pub focus: fn(selector: &str),
    /// Puts a text where it can be pasted from; whether that could be done.
    pub copy_text: fn(text: &str) -> bool,
    /// Writes into a field over what stands between two places, in UTF-16 units, as if it were typed.
    pub write_over: fn(&web_sys::HtmlTextAreaElement, from: u32, to: u32, text: &str),
    /// Puts the full address of a path where it can be pasted from; whether that could be done.
    pub copy_link: fn(path: &str) -> bool,
    /// Opens the page at a path as a sheet over the room.
    pub open_sheet: fn(Chat, String),
    /// Puts a path into the address bar, as a step that "back" undoes, and closes what lies over the page.
    pub go_to: fn(path: &str),
    /// Puts a path into the address bar in place of the one that stands there.
    pub stand_at: fn(path: &str),
    /// Copies what an element says, for pasting; whether the browser let it.
    pub copy: fn(&web_sys::Element) -> bool,
    /// Takes a file out of a message box's tray, and what the server has of it is thrown away; or tries again to send it,
    /// from where it stood.
    pub take_out: fn(Chat, Talk, key: u64, again: bool),
    /// Does something once the page of this browser with this id ([`Chat::form_cid`]) is closed.
    pub once_closed: fn(page: &str, act: Box<dyn FnOnce()>),
    /// Loads the page again.
    pub reload: fn(),
    /// Loads a page of this server in place of this one.
    pub load: fn(path: &str),
    /// Gives a frame to the connection; dropped while there is none.
    pub ask: fn(ClientFrame),
    /// Lets the connection look at the outboxes.
    pub send_waiting: fn(),
    /// The server has no time for messages; after so many milliseconds the connection looks at the outboxes again.
    pub send_later: fn(after_ms: u32),
    /// Keeps a change of the outbox where other tabs and a later page find it ([`crate::chat::Chat::hear_from_tab`]).
    pub keep: fn(ServerFrame),
    /// The newest page of a room as an earlier page or another tab left it, if it belongs to this store and person.
    pub recall: fn(Chat, &Slug) -> Option<ServerFrame>,
    /// Gets the table of emoji; nothing where that failed.
    pub load_emoji: fn(then: WithText),
    /// Gives the server a text at a path; with [`crate::refusal::Refusal::Unreachable`] where that could not be done.
    pub post: fn(path: &str, text: &str, then: WithReply),
    /// Keeps a short text under a name, in this browser alone.
    pub keep_note: fn(name: &str, text: &str),
    /// The text that is kept under a name.
    pub kept_note: fn(name: &str) -> Option<String>,
    /// Keeps a text under a name over a reload of this tab; an empty one is kept no more.
    pub keep_in_tab: fn(name: &str, text: &str),
    /// The text that this tab keeps under a name.
    pub kept_in_tab: fn(name: &str) -> Option<String>,
    /// Keeps what may call the person in this browser, and asks its person where the browser wants that.
    pub keep_notices: fn(Chat, Notices),
    /// Shows a call, and lets it be heard, as the person wants it; one tab of many does.
    pub call: fn(Chat, Call),
    /// The room is read: its call goes.
    pub hush: fn(&Slug),
    /// Opens the connection, or tries at once.
    pub connect: fn(),
    /// Closes the connection by choice.
    pub disconnect: fn(),
    /// Microseconds since the page began, as fine as the browser tells them: for measuring.
    pub elapsed_us: fn() -> i64,
    /// Opens the lab's socket at a path of this server; what happens to it is told to the bench.
    pub lab_open: fn(bench: Bench, path: &str),
    /// Sends a text over the lab's socket.
    pub lab_send: fn(text: &str),
    /// Closes the lab's socket, or gives up opening it; the bench is told when it is done.
    pub lab_close: fn(bench: Bench),
    /// Asks the server what became of a try to open the lab's socket, and tells the bench.
    pub lab_fate: fn(bench: Bench, id: Cid),
}

impl Browser {
    /// Nobody to ask: for rendering on the server.
    pub fn absent() -> Self {
        Self {
            now_ms: || 0,
            offset_min: |_| 0,
            new_cid: || Cid(0),
            remember: |_, _| {},
            dress: |_, _, _, _| {},
            later: |_, _| {},
            carry_over: || {},
            focus: |_| {},
            copy_text: |_| false,
            write_over: |_, _, _, _| {},
            copy_link: |_| false,
            open_sheet: |_, _| {},
            go_to: |_| {},
            stand_at: |_| {},
            copy: |_| false,
            take_out: |_, _, _, _| {},
            once_closed: |_, _| {},
            reload: || {},
            load: |_| {},
            ask: |_| {},
            send_waiting: || {},
            send_later: |_| {},
            keep: |_| {},
            recall: |_, _| None,
            load_emoji: |_| {},
            post: |_, _, _| {},
            keep_note: |_, _| {},
            kept_note: |_| None,
            keep_in_tab: |_, _| {},
            kept_in_tab: |_| None,
            keep_notices: |_, _| {},
            call: |_, _| {},
            hush: |_| {},
            connect: || {},
            disconnect: || {},
            elapsed_us: || 0,
            lab_open: |_, _| {},
            lab_send: |_| {},
            lab_close: |_| {},
            lab_fate: |_, _| {},
        }
    }
}
