//! `/` for somebody who is in: where to?

use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::link::follow;
use crate::route::Route;

/// The rooms as large targets. The list at the side has the same and the form for a new one.
#[component]
pub fn Home() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    view! {
        <section class="home">
            <h1>{words.choose_room}</h1>
            <p class="faint">{words.choose_room_hint}</p>
            <ul class="home-rooms">
                <For each=move || chat.rooms.get() key=|room| (room.slug.clone(), room.here) let(room)>
                    <li>
                        <a class="card" href=room.slug.path() on:click=follow(chat, Route::Room(room.slug.clone()))>
                            <span class="card-title">{room.name.clone()}</span>
                            <span class="faint">{(words.people_here)(room.here)}</span>
                        </a>
                    </li>
                </For>
            </ul>
        </section>
    }
}
