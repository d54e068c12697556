//! The bar on top: the way to the rooms, the name of the house, the connection, the language, the settings.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::connection_menu::ConnectionMenu;
use crate::components::link::follow;
use crate::components::settings_menu::SettingsMenu;
use crate::i18n::Lang;
use crate::live::{heard, text};
use crate::route::Route;

/// The frame's upper edge, on every page.
#[component]
pub fn TopBar() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let is_in = chat.is_in();
    view! {
        <header class="top-bar">
            {is_in.then(|| view! {
                <button type="button" class="icon-button rooms-button" popovertarget="rooms" aria-label=words.show_rooms>
                    <span aria-hidden="true">"☰"</span>
                </button>
            })}
            <a class="brand" href="/" on:click=follow(chat, Route::Home)>
                <span class="brand-mark" aria-hidden="true"></span>
                <span lang="ko">"마당"</span>
                <span class="brand-latin" lang="en">"Madang"</span>
            </a>
            <span class="stretch"></span>
            {is_in.then(|| view! { <ConnectionMenu/> })}
            <LanguageSwitch/>
            <SettingsMenu/>
        </header>
    }
}

/// One click to the other language.
#[component]
fn LanguageSwitch() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let other = if chat.lang.get_untracked() == Lang::Ko { Lang::En } else { Lang::Ko };
    let choose = move |event: SubmitEvent| {
        event.prevent_default();
        chat.choose_lang(other);
    };
    view! {
        <form class="language-switch" method="post" action="/preferences" aria-label=words.choose_language on:submit=heard(choose)>
            <input type="hidden" name="next" value=text(move || chat.path())/>
            <input type="hidden" name="lang" value=other.tag()/>
            <button id="language" type="submit" class="quiet-button" lang=other.tag()>{other.words().language}</button>
        </form>
    }
}
