//! The bar on top: the way to the rooms, the name of the house, the connection, the language, the settings.

use leptos::ev::SubmitEvent;

use crate::chat::Chat;
use crate::components::connection_menu::connection_menu;
use crate::components::link::follow;
use crate::components::settings_menu::settings_menu;
use crate::i18n::Lang;
use crate::live::text;
use crate::route::Route;
use crate::tree::{El, Node, el};

/// The frame's upper edge, on every page.
pub fn top_bar() -> Node {
    let chat = Chat::here();
    let is_in = chat.is_in();
    el("header")
        .class("top-bar")
        .child(is_in.then(|| rooms_button(chat)))
        .child(brand(chat))
        .child(el("span").class("stretch"))
        .child(is_in.then(connection_menu))
        .child(language_switch(chat))
        .child(settings_menu())
        .into()
}

fn rooms_button(chat: Chat) -> El {
    let words = chat.words();
    let name = text(move || match chat.unread_in_list() {
        0 => words.show_rooms.to_owned(),
        count => format!("{}, {}", words.show_rooms, (words.new_messages)(count)),
    });
    el("button")
        .attr("type", "button")
        .class("icon-button rooms-button")
        .attr("popovertarget", "rooms")
        .attr("aria-label", name)
        .child(el("span").attr("aria-hidden", "true").child("☰"))
}

fn brand(chat: Chat) -> El {
    el("a")
        .class("brand")
        .attr("href", "/")
        .heard("click", follow(chat, Route::Home))
        .child(el("span").class("brand-mark").attr("aria-hidden", "true"))
        .child(el("span").attr("lang", "ko").child("마당"))
        .child(el("span").class("brand-latin").attr("lang", "en").child("Madang"))
}

/// One click to the other language.
fn language_switch(chat: Chat) -> El {
    let other = if chat.lang.get_untracked() == Lang::Ko { Lang::En } else { Lang::Ko };
    let choose = move |event: SubmitEvent| {
        event.prevent_default();
        chat.choose_lang(other);
    };
    let button = el("button").attr("id", "language").attr("type", "submit").class("quiet-button");
    el("form")
        .class("language-switch")
        .attr("method", "post")
        .attr("action", "/preferences")
        .attr("aria-label", chat.words().choose_language)
        .heard("submit", choose)
        .child(el("input").attr("type", "hidden").attr("name", "next").attr("value", text(move || chat.path())))
        .child(el("input").attr("type", "hidden").attr("name", "lang").attr("value", other.tag()))
        .child(button.attr("lang", other.tag()).child(other.words().language))
}
