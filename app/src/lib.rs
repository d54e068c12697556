//! What browser and server share: the wire's vocabulary, the state of a tab, and the components that draw it.
//!
//! In reading order: the nouns (`member`, `room`, `room_change`, `message`, `file`, `allowance`, `markup`, `beside`, `quote`, `forwarded`, `reaction`, `pin`), the wire (`protocol`, `refusal`, `first_page`), the state
//! (`timeline`, `outbox`, `tray`, `upload`, `availability`, `notices`, `backoff`, `roster`, `unread`, `unsent`, `kept`, `emoji_table`, `window`, `talk`, `place`, `chat`, `command`, `completion`, `aside`, `marking`; the lab's: `lab_log`, `bench`), text and languages (`text`,
//! `i18n`, `preferences`), the views (`route`, `pages`, `components`), and what is wanted from the browser around it all (`browser`).

pub mod allowance;
pub mod beside;
pub mod file;
pub mod forwarded;
pub mod markup;
pub mod member;
pub mod message;
pub mod pin;
pub mod preview;
pub mod quote;
pub mod reaction;
pub mod room;
pub mod room_change;
pub mod thread;

pub mod first_page;
#[cfg(any(test, not(feature = "ssr")))]
mod json;
pub mod protocol;
pub mod refusal;

pub mod aside;
pub mod availability;
pub mod backoff;
pub mod bench;
pub mod chat;
pub mod command;
pub mod completion;
pub mod emoji_table;
pub mod kept;
pub mod lab_log;
pub mod live;
pub mod marking;
pub mod notices;
pub mod outbox;
pub mod place;
pub mod roster;
pub mod talk;
pub mod timeline;
pub mod tray;
pub mod tree;
pub mod unread;
pub mod unsent;
pub mod upload;
pub mod window;

pub mod i18n;
pub mod preferences;
pub mod text;

pub mod components;
pub mod pages;
pub mod route;

pub mod browser;

use leptos::prelude::*;

use chat::Chat;
use components::room_list::room_list;
use components::top_bar::top_bar;
use i18n::Words;
use live::effect;
use pages::home::home;
use pages::lab::lab;
use pages::missing::missing;
use pages::room::room;
use pages::walk_in::walk_in;
use route::Route;
use tree::{Node, el, shown};

/// Everything inside `<body>`, from the state that whoever starts the page has made. Another language draws it anew; the state,
/// and what is being written, stay.
pub fn app(chat: Chat) -> Node {
    provide_context(chat);
    effect(move || {
        let title = title(chat);
        (chat.browser.dress)(chat.lang.get(), chat.theme.get(), &title, chat.news().as_deref());
    });
    shown(
        move || (chat.lang.get(), chat.is_in()),
        move |(lang, is_in)| {
            let skip = el("a").class("skip-link").attr("href", "#talk").child(lang.words().skip_to_talk);
            let page = el("main").attr("id", "talk").class("page").child(shown(move || chat.route.get(), page));
            let frame = el("div").class("frame").child(is_in.then(room_list)).child(page);
            vec![skip.into(), top_bar(), frame.into()]
        },
    )
}

fn page(route: Route) -> Node {
    let is_in = Chat::here().is_in();
    match route {
        Route::Home | Route::Hello(_) if is_in => home(),
        Route::Room(slug) | Route::Message(slug, _) if is_in => room(slug),
        Route::Home | Route::Hello(_) | Route::Room(_) | Route::Message(..) => walk_in(),
        Route::Lab => lab(),
        Route::Missing => missing(),
    }
}

/// The document's title: how much is new while nobody looks, where one is, and the program's name.
pub fn title(chat: Chat) -> String {
    let words = chat.lang.get().words();
    let place = place(chat, words);
    chat.news().map_or(place.clone(), |news| format!("({news}) {place}"))
}

fn place(chat: Chat, words: &Words) -> String {
    match chat.route.get() {
        Route::Room(slug) | Route::Message(slug, _) => format!("{} · Madang", chat.talk(&slug).name.get()),
        Route::Lab => format!("{} · Madang", words.lab),
        Route::Missing => format!("{} · Madang", words.missing),
        Route::Hello(name) => format!("{} · Madang", (words.hello)(&name)),
        Route::Home => "마당 Madang".to_owned(),
    }
}
