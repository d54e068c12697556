//! A link to another page of the app: without the wasm an ordinary link, with it a change of view that keeps the socket.

use leptos::ev::MouseEvent;

use crate::chat::Chat;
use crate::live::{Doing, heard};
use crate::route::Route;

/// Takes a click over unless the person wants a new tab, a window or a download.
pub fn follow(chat: Chat, route: Route) -> Doing<MouseEvent> {
    in_place(move || chat.go(route.clone()))
}

/// Takes a click over for something that is done here.
pub fn in_place(act: impl Fn() + Send + 'static) -> Doing<MouseEvent> {
    heard(move |event: MouseEvent| {
        if !wants_another_tab(&event) {
            event.prevent_default();
            act();
        }
    })
}

/// Whether a click on a link is for a new tab, a window or a download.
pub fn wants_another_tab(event: &MouseEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() || event.button() != 0
}
