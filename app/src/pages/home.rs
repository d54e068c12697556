//! `/` for somebody who is in: where to?

use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::room_list::RoomLinks;

/// The rooms as large targets. The list at the side has the same and the form for a new one.
#[component]
pub fn Home() -> impl IntoView {
    let words = Chat::here().words();
    view! {
        <section class="home">
            <h1>{words.choose_room}</h1>
            <p class="faint">{words.choose_room_hint}</p>
            <RoomLinks/>
            <button type="button" class="button narrow-only" popovertarget="rooms">{words.new_room}</button>
        </section>
    }
}
