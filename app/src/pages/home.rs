//! `/` for somebody who is in: where to? (A link that greets somebody leads here, too, if they are.)

use crate::chat::Chat;
use crate::components::room_list::room_links;
use crate::route::Route;
use crate::tree::{Node, el};

/// The rooms as large targets. The list at the side has the same and the form for a new one.
pub fn home() -> Node {
    let chat = Chat::here();
    let words = chat.words();
    let heading = match chat.route.get_untracked() {
        Route::Hello(name) => (words.hello)(&name),
        _ => words.choose_room.to_owned(),
    };
    let new_room = el("a").class("button").attr("href", "/rooms/new").attr("data-sheet", "").child(words.new_room);
    el("section")
        .class("home")
        .child(el("h1").child(el("bdi").child(heading)))
        .child(el("p").class("faint").child(words.choose_room_hint))
        .child(room_links())
        .child(new_room)
        .into()
}
