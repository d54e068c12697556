//! The page for an address that means nothing.

use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::link::follow;
use crate::route::Route;

/// Says so, and shows the way back.
#[component]
pub fn Missing() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    view! {
        <section class="lonely">
            <h1>{words.missing}</h1>
            <p>{words.missing_hint}</p>
            <a class="button primary" href="/" on:click=follow(chat, Route::Home)>{words.home}</a>
        </section>
    }
}
