//! The list of rooms: at the side where there is space, over the page where there is not. In sections: what I have starred,
//! rooms, direct rooms.

use crate::chat::Chat;
use crate::components::link::follow;
use crate::components::list::{Key, list};
use crate::live::{Derived, flag, text};
use crate::room::{RoomKind, RoomSummary, Slug};
use crate::route::Route;
use crate::tree::{El, Node, el};

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
pub fn room_list() -> El {
    let chat = Chat::here();
    let words = chat.words();
    let foot = el("div")
        .class("room-list-foot")
        .child(way("/rooms/new", words.new_room))
        .child(way("/direct/new", words.new_direct))
        .child(way("/threads", words.threads))
        .child(way("/rooms/all", words.all_rooms));
    let find = el("a")
        .class("button")
        .attr("href", "/find")
        .attr("data-sheet", "")
        .child(words.find)
        .attr("aria-keyshortcuts", "Control+K Meta+K")
        .attr("title", "Ctrl K · ⌘ K");
    el("nav")
        .attr("id", "rooms")
        .class("room-list")
        .attr("popover", "auto")
        .attr("aria-label", words.rooms)
        .child(find)
        .child(section(chat, Section::Starred, words.starred))
        .child(section(chat, Section::Rooms, words.rooms))
        .child(section(chat, Section::Direct, words.direct))
        .child(foot)
}

fn way(path: &'static str, name: &'static str) -> El {
    el("a").class("quiet-button").attr("href", path).attr("data-sheet", "").child(name)
}

fn section(chat: Chat, section: Section, title: &'static str) -> Node {
    let rooms = Derived::new(move || {
        let rooms = chat.rooms.get();
        rooms.into_iter().filter(|room| Section::of(chat, &room.slug) == section).collect::<Vec<_>>()
    });
    let is_empty = flag(move || section != Section::Rooms && rooms.with(Vec::is_empty));
    let title = el("h2").class("room-list-title").attr("hidden", is_empty).child(title);
    vec![title.into(), links(move || rooms.get()).attr("hidden", is_empty).into()].into()
}

/// A link to each room.
pub fn room_links() -> El {
    let chat = Chat::here();
    links(move || chat.rooms.get())
}

fn links(rooms: impl Fn() -> Vec<RoomSummary> + Send + 'static) -> El {
    el("ul").class("room-links").child(list(rooms, |room| Key::Text(room.slug.to_string()), room_link))
}

fn room_link(room: RoomSummary) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let slug = room.slug.clone();
    let path = slug.path();
    let lock = private_sign(&slug);
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
    let may_be_unread = move || !is_current.get() || talk.keeps_unread.get();
    let has_unread = flag(move || talk.unread.get().count() > 0 && may_be_unread());
    let is_mentioned = flag(move || talk.unread.with(|unread| !unread.mentions().is_empty()));
    let unread_words = text(move || {
        let unread = talk.unread.get();
        let mentions = unread.mentions().len();
        let mentions = if mentions > 0 { (words.mentions)(mentions) + ", " } else { String::new() };
        mentions + &(words.new_messages)(unread.count())
    });
    let is_page = text(move || if is_current.get() { "page" } else { "false" }.to_owned());
    let unread = el("span").class("room-link-unread").class_if("mentioned", is_mentioned);
    let people = el("span").class("room-link-here").class_if("nobody", flag(move || here.get() == 0));
    let link = el("a")
        .class("room-link")
        .attr("href", path)
        .attr("aria-current", is_page)
        .class_if("unread", flag(move || has_unread.get() && !is_muted.get()))
        .class_if("muted", is_muted)
        .heard("click", follow(chat, route))
        .child(lock)
        .child(el("bdi").class("room-link-name").child(text(move || known.with(|room| room.called(chat.my_id())))))
        .child(
            sign(el("span").class("room-link-draft"), "✎", words.draft)
                .attr("hidden", flag(move || !is_written_to.get())),
        )
        .child(
            sign(unread, text(move || talk.unread.get().badge()), unread_words)
                .attr("hidden", flag(move || !has_unread.get())),
        )
        .child(sign(people, text(move || here.get().to_string()), text(move || (words.people_here)(here.get()))));
    el("li").child(link)
}

/// A lock for a private room.
pub fn private_sign(slug: &Slug) -> Option<El> {
    let words = Chat::here().words();
    (slug.kind() == RoomKind::Private).then(|| sign(el("span").class("private-sign"), "", words.private))
}

/// A sign for those who see, and words for those who hear.
fn sign(around: El, sign: impl Into<Node>, words: impl Into<Node>) -> El {
    let sign = el("span").attr("aria-hidden", "true").child(sign);
    around.child(sign).child(el("span").class("visually-hidden").child(words))
}
