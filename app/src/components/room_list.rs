//! The list of rooms: at the side where there is space, over the page where there is not.

use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::link::follow;
use crate::components::list::{Key, list};
use crate::components::room_form::RoomForm;
use crate::live::{Derived, flag, text};
use crate::room::RoomSummary;
use crate::route::Route;

/// Rooms with the number of people in them, and the form for a new one.
#[component]
pub fn RoomList() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    view! {
        <nav id="rooms" class="room-list" popover="auto" aria-label=words.rooms>
            <h2 class="room-list-title">{words.rooms}</h2>
            <RoomLinks/>
            <RoomForm/>
        </nav>
    }
}

/// A link to each room.
#[component]
pub fn RoomLinks() -> impl IntoView {
    let chat = Chat::here();
    view! {
        <ul class="room-links">
            {list(move || chat.rooms.get(), |room| Key::Text(room.slug.to_string()), |room| view! { <RoomLink room/> })}
        </ul>
    }
}

#[component]
fn RoomLink(room: RoomSummary) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let RoomSummary { slug, name, here } = room;
    let path = slug.path();
    let route = Route::Room(slug.clone());
    let is_current = {
        let slug = slug.clone();
        flag(move || chat.route.with(|route| route.room() == Some(&slug)))
    };
    let here = {
        let slug = slug.clone();
        Derived::new(move || {
            chat.rooms.with(|rooms| rooms.iter().find(|room| room.slug == slug).map_or(here, |room| room.here))
        })
    };
    let talk = chat.talk(&slug);
    let is_written_to = flag(move || !is_current.get() && !talk.writing.with(|text| text.trim().is_empty()));
    let is_unread = flag(move || !is_current.get() && talk.unread.get().count() > 0);
    let is_mentioned = flag(move || talk.unread.with(|unread| !unread.mentions().is_empty()));
    let unread_words = text(move || {
        let unread = talk.unread.get();
        let mentions = unread.mentions().len();
        let mentions = if mentions > 0 { (words.mentions)(mentions) + ", " } else { String::new() };
        mentions + &(words.new_messages)(unread.count())
    });
    view! {
        <li>
            <a class="room-link" href=path aria-current=text(move || if is_current.get() { "page" } else { "false" }.to_owned())
                class:unread=is_unread on:click=follow(chat, route)>
                <span class="room-link-name">{name}</span>
                <span class="room-link-draft" hidden=flag(move || !is_written_to.get())>
                    <span aria-hidden="true">"✎"</span>
                    <span class="visually-hidden">{words.draft}</span>
                </span>
                <span class="room-link-unread" class:mentioned=is_mentioned hidden=flag(move || !is_unread.get())>
                    <span aria-hidden="true">{text(move || talk.unread.get().badge())}</span>
                    <span class="visually-hidden">{unread_words}</span>
                </span>
                <span class="room-link-here" class:nobody=flag(move || here.get() == 0)>
                    <span aria-hidden="true">{text(move || here.get().to_string())}</span>
                    <span class="visually-hidden">{text(move || (words.people_here)(here.get()))}</span>
                </span>
            </a>
        </li>
    }
}
