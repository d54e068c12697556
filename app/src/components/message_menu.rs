//! The rest of what one can do to a message: a menu beside the actions of its row.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::chat::Chat;
use crate::components::popover;
use crate::live::{flag, heard, then};
use crate::message::Seq;
use crate::talk::{Opened, Talk};

/// The menu of the message for which it was opened.
#[component]
pub fn MessageMenu(
    /// The room.
    talk: Talk,
) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let menu = NodeRef::<Div>::new();
    let is_open = popover::follows(talk, menu, Opened::Menu);
    let seq = move || talk.shaping.with(|shaping| shaping.opened.map_or(0, |(_, seq)| seq));
    let is_others = flag(move || is_open.get() && !talk.is_mine(chat, seq()));
    let act = move |act: fn(Chat, Talk, Seq)| {
        then(move || {
            let shaping = talk.shaping.get_untracked();
            let Some((_, seq)) = shaping.opened else { return };
            popover::close(menu);
            talk.let_be(chat);
            talk.shaping.update(|now| now.from_box = shaping.from_box);
            act(chat, talk, seq);
        })
    };
    view! {
        <div id="message-menu" class="message-menu" popover="auto" role="menu" tabindex="-1" aria-label=words.actions node_ref=menu
            on:toggle=then(move || popover::toggled(chat, talk, menu, Opened::Menu)) on:keydown=heard(walk)>
            <button type="button" role="menuitem" tabindex="-1" on:click=act(|chat, talk, seq| talk.copy_said(chat, seq))>{words.copy_text}</button>
            <button type="button" role="menuitem" tabindex="-1" class="danger" hidden=is_others
                on:click=act(|chat, talk, seq| talk.ask_to_delete(chat, seq))>{words.delete}</button>
        </div>
    }
}

/// Up and down among the entries, round and round.
fn walk(event: KeyboardEvent) {
    let Ok(entries) = document().query_selector_all("#message-menu button:not([hidden])") else { return };
    let entry = |at: u32| entries.item(at).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let (count, focused) = (entries.length(), document().active_element());
    let at = (0..count).find(|at| entry(*at).is_some_and(|entry| Some(Element::from(entry)) == focused));
    let to = match (event.key().as_str(), at) {
        ("ArrowDown", Some(at)) => (at + 1) % count,
        ("ArrowDown" | "Home", _) => 0,
        ("ArrowUp", Some(at)) => (at + count - 1) % count,
        ("ArrowUp" | "End", _) => count - 1,
        _ => return,
    };
    event.prevent_default();
    entry(to).into_iter().for_each(|entry| drop(entry.focus()));
}
