//! `/` for somebody who is in: where to? (A link that greets somebody leads here, too, if they are.)

use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::room_list::RoomLinks;
use crate::route::Route;

/// The rooms as large targets. The list at the side has the same and the form for a new one.
#[component]
pub fn Home() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let heading = match chat.route.get_untracked() {
        Route::Hello(name) => (words.hello)(&name),
        _ => words.choose_room.to_owned(),
    };
    view! {
        <section class="home">
            <h1><bdi>{heading}</bdi></h1>
            <p class="faint">{words.choose_room_hint}</p>
            <RoomLinks/>
            <a class="button" href="/rooms/new" data-sheet="">{words.new_room}</a>
        </section>
    }
}
