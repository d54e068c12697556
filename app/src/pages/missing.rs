//! The page for an address that means nothing.

use crate::chat::Chat;
use crate::components::link::follow;
use crate::route::Route;
use crate::tree::{Node, el};

/// Says so, and shows the way back.
pub fn missing() -> Node {
    let chat = Chat::here();
    let words = chat.words();
    let back = el("a").class("button primary").attr("href", "/").heard("click", follow(chat, Route::Home));
    el("section")
        .class("lonely")
        .child(el("h1").child(words.missing))
        .child(el("p").child(words.missing_hint))
        .child(back.child(words.home))
        .into()
}
