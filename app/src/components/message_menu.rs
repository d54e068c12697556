//! The rest of what one can do to a message: a menu beside the actions of its row.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::chat::Chat;
use crate::components::pin_mark::pinned_by;
use crate::components::popover;
use crate::components::reactions::who_reacted;
use crate::live::{flag, text};
use crate::message::Seq;
use crate::route::Route;
use crate::talk::{Opened, Talk};
use crate::tree::{El, Node, Spot, el};

/// The menu of the message for which it was opened.
pub(super) fn message_menu(talk: Talk) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let menu = Spot::<HtmlElement>::new();
    let is_open = popover::follows(talk, menu, Opened::Menu);
    let seq = move || talk.shaping.with(|shaping| shaping.opened.map_or(0, |(_, seq)| seq));
    let is_others = flag(move || is_open.get() && !talk.is_mine(chat, seq()));
    let is_kept = flag(move || is_others.get() && !talk.moderates.get());
    let counts_nothing = flag(move || is_open.get() && !talk.counts_from(chat, seq()));
    let has_no_preview = flag(move || !is_open.get() || is_others.get() || !talk.has_preview(seq()));
    // A file alone says nothing.
    let says_nothing = flag(move || is_open.get() && talk.said_at(seq()).is_empty());
    let is_pinned = flag(move || is_open.get() && pinned_by(chat, talk, seq()).is_some());
    let entry = move |name: Node, act: fn(Chat, Talk, Seq)| {
        let entry = el("button").attr("type", "button").attr("role", "menuitem").attr("tabindex", "-1");
        let chosen = move || {
            let shaping = talk.shaping.get_untracked();
            let Some((_, seq)) = shaping.opened else { return };
            popover::close(menu);
            talk.let_be(chat);
            talk.shaping.update(|now| now.from_box = shaping.from_box);
            act(chat, talk, seq);
        };
        entry.on("click", chosen).child(name)
    };
    let mark_unread = entry(words.on_message.mark_unread.into(), |chat, _, seq| {
        chat.shown_room().iter().for_each(|slug| chat.mark_unread(slug, seq));
    });
    let forward = entry(words.on_message.forward.into(), |chat, _, seq| {
        let path = chat.shown_room().map(|slug| format!("{}/forward", Route::Message(slug, seq).path()));
        path.into_iter().for_each(|path| (chat.browser.open_sheet)(chat, path));
    });
    let hide = entry(words.on_message.hide_preview.into(), |chat, _, seq| {
        chat.shown_room().iter().for_each(|slug| chat.hide_preview(slug, seq));
    });
    let [pin_it, unpin_it] = words.on_message.pin;
    let pin = text(move || if is_pinned.get() { unpin_it } else { pin_it }.to_owned());
    let pin = entry(pin.into(), |chat, talk, seq| {
        let on = untrack(|| pinned_by(chat, talk, seq)).is_none();
        chat.shown_room().iter().for_each(|slug| chat.pin(slug, seq, on));
    });
    let delete = entry(words.delete.into(), |chat, talk, seq| talk.ask_to_delete(chat, seq));
    let reacted = text(move || if is_open.get() { who_reacted(chat, talk, seq()) } else { String::new() });
    el("div")
        .attr("id", "message-menu")
        .class("message-menu")
        .attr("popover", "auto")
        .attr("role", "menu")
        .attr("tabindex", "-1")
        .attr("aria-label", words.actions)
        .known_by(menu)
        .on("toggle", move || popover::toggled(chat, talk, menu, Opened::Menu))
        .heard("keydown", walk)
        .child(entry(words.copy_text.into(), |chat, talk, seq| talk.copy_said(chat, seq)).attr("hidden", says_nothing))
        .child(entry(words.on_message.copy_link.into(), |chat, _, seq| copy_link(chat, seq)))
        .child(mark_unread.attr("hidden", counts_nothing))
        .child(pin)
        .child(forward)
        .child(hide.attr("hidden", has_no_preview))
        .child(delete.class("danger").attr("hidden", is_kept))
        // The emoji themselves are labelled so.
        .child(el("p").class("reacted").attr("role", "none").child(reacted))
}

fn copy_link(chat: Chat, seq: Seq) {
    let path = chat.shown_room().map(|slug| Route::Message(slug, seq).path());
    if path.is_some_and(|path| (chat.browser.copy_link)(&path)) {
        chat.say(chat.words().on_message.link_copied.to_owned());
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
