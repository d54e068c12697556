//! What browser and server share: the wire's vocabulary, the state of a tab, and the components that draw it.
//!
//! In reading order: the nouns (`member`, `room`, `message`, `file`, `markup`, `beside`, `reaction`), the wire (`protocol`, `refusal`, `first_page`), the state
//! (`timeline`, `outbox`, `availability`, `notices`, `backoff`, `roster`, `unread`, `unsent`, `emoji_table`, `window`, `talk`, `place`, `chat`; the lab's: `lab_log`, `bench`), text and languages (`text`,
//! `i18n`, `preferences`), the views (`route`, `pages`, `components`), and what is wanted from the browser around it all (`browser`).

pub mod beside;
pub mod file;
pub mod markup;
pub mod member;
pub mod message;
pub mod reaction;
pub mod room;

pub mod first_page;
pub mod protocol;
pub mod refusal;

pub mod availability;
pub mod backoff;
pub mod bench;
pub mod chat;
pub mod emoji_table;
pub mod lab_log;
pub mod live;
pub mod notices;
pub mod outbox;
pub mod place;
pub mod roster;
pub mod talk;
pub mod timeline;
pub mod unread;
pub mod unsent;
pub mod window;

pub mod i18n;
pub mod preferences;
pub mod text;

pub mod components;
pub mod pages;
pub mod route;

pub mod browser;

use leptos::either::EitherOf5;
use leptos::prelude::*;

use chat::Chat;
use components::anew::Anew;
use components::room_list::RoomList;
use components::top_bar::TopBar;
use i18n::Words;
use live::effect;
use pages::home::Home;
use pages::lab::Lab;
use pages::missing::Missing;
use pages::room::Room;
use pages::walk_in::WalkIn;
use route::Route;

/// Everything inside `<body>`. Another language draws it anew; the state, and what is being written, stay.
#[component]
pub fn App(
    /// The state, made by whoever starts the page.
    chat: Chat,
) -> impl IntoView {
    provide_context(chat);
    effect(move || {
        let title = title(chat);
        (chat.browser.dress)(chat.lang.get(), chat.theme.get(), &title, chat.news().as_deref());
    });
    move || {
        let words = chat.lang.get().words();
        Anew(view! {
            <a class="skip-link" href="#talk">{words.skip_to_talk}</a>
            <TopBar/>
            <div class="frame">
                {chat.is_in().then(|| view! { <RoomList/> })}
                <main id="talk" class="page">{move || page(chat)}</main>
            </div>
        })
    }
}

fn page(chat: Chat) -> impl IntoView {
    let is_in = chat.is_in();
    match chat.route.get() {
        Route::Home | Route::Hello(_) if is_in => EitherOf5::A(Anew(view! { <Home/> })),
        Route::Room(slug) | Route::Message(slug, _) if is_in => EitherOf5::B(Anew(view! { <Room slug/> })),
        Route::Home | Route::Hello(_) | Route::Room(_) | Route::Message(..) => EitherOf5::C(Anew(view! { <WalkIn/> })),
        Route::Lab => EitherOf5::D(Anew(view! { <Lab/> })),
        Route::Missing => EitherOf5::E(Anew(view! { <Missing/> })),
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
