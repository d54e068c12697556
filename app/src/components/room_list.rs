//! The list of rooms: at the side where there is space, over the page where there is not. In sections: what I have starred,
//! rooms, direct rooms.

use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::link::follow;
use crate::components::list::{Key, list};
use crate::live::{Derived, flag, text};
use crate::room::{RoomKind, RoomSummary, Slug};
use crate::route::Route;

/// Which rooms stand together.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    Starred,
    Rooms,
    Direct,
}

impl Section {
    /// Where a room stands (tracked).
    fn of(chat: Chat, slug: &Slug) -> Self {
        match slug.kind() {
            _ if chat.is_starred(slug) => Self::Starred,
            RoomKind::Direct => Self::Direct,
            RoomKind::Public | RoomKind::Private => Self::Rooms,
        }
    }
}

/// Rooms with the number of people in them, and the ways to others.
#[component]
pub fn RoomList() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    view! {
        <nav id="rooms" class="room-list" popover="auto" aria-label=words.rooms>
            {section(chat, Section::Starred, words.starred)}
            {section(chat, Section::Rooms, words.rooms)}
            {section(chat, Section::Direct, words.direct)}
            <div class="room-list-foot">
                {way("/rooms/new", words.new_room)}
                {way("/direct/new", words.new_direct)}
                {way("/rooms/all", words.all_rooms)}
            </div>
        </nav>
    }
}

fn way(path: &'static str, name: &'static str) -> impl IntoView {
    view! { <a class="quiet-button" href=path data-sheet="">{name}</a> }
}

fn section(chat: Chat, section: Section, title: &'static str) -> impl IntoView {
    let rooms = Derived::new(move || {
        let rooms = chat.rooms.get();
        rooms.into_iter().filter(|room| Section::of(chat, &room.slug) == section).collect::<Vec<_>>()
    });
    let is_empty = flag(move || section != Section::Rooms && rooms.with(Vec::is_empty));
    view! {
        <h2 class="room-list-title" hidden=is_empty>{title}</h2>
        <ul class="room-links" hidden=is_empty>{links(move || rooms.get())}</ul>
    }
}

/// A link to each room.
#[component]
pub fn RoomLinks() -> impl IntoView {
    let chat = Chat::here();
    view! { <ul class="room-links">{links(move || chat.rooms.get())}</ul> }
}

fn links(rooms: impl Fn() -> Vec<RoomSummary> + Send + Sync + 'static) -> impl IntoView {
    list(rooms, |room| Key::Text(room.slug.to_string()), |room| view! { <RoomLink room/> })
}

#[component]
fn RoomLink(room: RoomSummary) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let slug = room.slug.clone();
    let path = slug.path();
    let route = Route::Room(slug.clone());
    let is_current = {
        let slug = slug.clone();
        flag(move || chat.route.with(|route| route.room() == Some(&slug)))
    };
    let known = {
        let slug = slug.clone();
        Derived::new(move || {
            let known = chat.rooms.with(|rooms| rooms.iter().find(|room| room.slug == slug).cloned());
            known.unwrap_or_else(|| room.clone())
        })
    };
    let here = Derived::new(move || known.with(|room| room.here));
    let talk = chat.talk(&slug);
    let is_written_to = flag(move || !is_current.get() && !talk.writing.with(|text| text.trim().is_empty()));
    let is_muted = flag(move || chat.is_muted(&slug));
    let has_unread = flag(move || !is_current.get() && talk.unread.get().count() > 0);
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
                class:unread=flag(move || has_unread.get() && !is_muted.get()) class:muted=is_muted on:click=follow(chat, route)>
                <bdi class="room-link-name">{text(move || known.with(|room| room.called(chat.my_id())))}</bdi>
                <span class="room-link-draft" hidden=flag(move || !is_written_to.get())>
                    <span aria-hidden="true">"✎"</span>
                    <span class="visually-hidden">{words.draft}</span>
                </span>
                <span class="room-link-unread" class:mentioned=is_mentioned hidden=flag(move || !has_unread.get())>
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
