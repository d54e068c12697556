//! `/rooms/{slug}`: the talk, the message box, and who is there; or why there is none of it.

use leptos::ev::SubmitEvent;

use crate::chat::Chat;
use crate::components::composer::message_box;
use crate::components::link::follow;
use crate::components::message_list::message_list;
use crate::components::people_panel::people_panel;
use crate::components::room_list::private_sign;
use crate::components::typing_line::typing_line;
use crate::first_page::Form;
use crate::live::{Derived, flag, text};
use crate::pages::missing::missing;
use crate::protocol::ClientFrame;
use crate::room::Slug;
use crate::route::Route;
use crate::talk::{Standing, Talk};
use crate::tree::{El, Node, el, shown};

/// A room in whatever standing, by its address.
pub fn room(slug: Slug) -> Node {
    let talk = Chat::here().talk(&slug);
    // What is being written while the room opens must not be drawn anew when it is open.
    let standing = Derived::new(move || match talk.standing.get() {
        Standing::Away | Standing::Opening => Standing::Open,
        standing => standing,
    });
    let draw = move |standing| match standing {
        Standing::Away | Standing::Open | Standing::Opening => talking(talk, slug.clone()),
        Standing::Unknown if !slug.is_public() => missing(),
        Standing::Unknown => unknown(&slug).into(),
        Standing::Left => gone(talk, &slug).into(),
    };
    shown(move || standing.get(), draw)
}

fn talking(talk: Talk, slug: Slug) -> Node {
    let chat = Chat::here();
    let words = chat.words();
    let unscripted = el("noscript");
    // Browsers with scripts draw nothing in there.
    #[cfg(feature = "ssr")]
    let unscripted = unscripted.child(refresh(chat, &slug));
    let section = el("section")
        .class("room")
        .attr("aria-labelledby", "room-name")
        .attr("data-drop", words.drop_here)
        .child(head(talk, &slug))
        .child(message_list(talk, slug.clone()))
        .child(typing_line(talk))
        .child(unscripted);
    vec![section.child(message_box(talk)).into(), people_panel(talk).into()].into()
}

/// What scripts do by themselves: fetch what is new, and ask the reader's clock.
#[cfg(feature = "ssr")]
fn refresh(chat: Chat, slug: &Slug) -> El {
    let words = chat.lang.get_untracked().sheet_words();
    let refresh = el("a").attr("href", slug.path()).child(words.refresh);
    el("p").class("refresh").child(refresh).child(format!(" · {}", chat.zone()))
}

/// The room's name, and what one can do in it as a whole.
fn head(talk: Talk, slug: &Slug) -> El {
    let words = Chat::here().words();
    let path = slug.path();
    let here = Derived::new(move || talk.roster.with(|roster| roster.here));
    let people = el("button")
        .attr("type", "button")
        .class("quiet-button people-button")
        .attr("popovertarget", "people")
        .attr("aria-label", text(move || (words.people_here)(here.get())))
        .child(text(move || (words.people)(here.get())));
    let topic = el("p")
        .class("room-topic faint")
        .attr("dir", "auto")
        .attr("hidden", flag(move || talk.topic.with(String::is_empty)))
        .child(talk.topic.text());
    el("header")
        .class("room-head")
        .child(private_sign(slug))
        .child(el("h1").attr("id", "room-name").class("room-name").child(el("bdi").child(talk.name.text())))
        .child(sheet(format!("{path}/about"), words.about_room, "ⓘ"))
        .child(sheet(format!("{path}/days"), words.jump_to_date, "▦"))
        .child(sheet(format!("{path}/pins"), words.on_message.pins, "⚑"))
        .child(people)
        .child(el("span").class("stretch"))
        .child(slug.is_public().then(|| leave(slug)))
        .child(topic)
}

fn sheet(path: String, label: &'static str, sign: &'static str) -> El {
    el("a")
        .class("icon-button about-button")
        .attr("href", path)
        .attr("data-sheet", "")
        .attr("aria-label", label)
        .child(el("span").attr("aria-hidden", "true").child(sign))
}

fn leave(slug: &Slug) -> El {
    let chat = Chat::here();
    let path = format!("{}/leave", slug.path());
    let slug = slug.clone();
    let leave = move |event: SubmitEvent| {
        event.prevent_default();
        chat.leave(&slug);
    };
    let button = el("button").attr("type", "submit").class("quiet-button").child(chat.words().leave);
    el("form").attr("method", "post").attr("action", path).heard("submit", leave).child(button)
}

fn unknown(slug: &Slug) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let name = slug.to_string();
    let typed = name.clone();
    let create = move |event: SubmitEvent| {
        event.prevent_default();
        chat.submit(Form::Create, typed.clone(), ClientFrame::Create { name: typed.clone() });
    };
    let button = el("button").attr("type", "submit").class("button primary").child((words.create_this)(&name));
    let form = el("form")
        .attr("method", "post")
        .attr("action", "/rooms")
        .heard("submit", create)
        .child(el("input").attr("type", "hidden").attr("name", "name").attr("value", name.clone()))
        .child(button);
    let note = el("p").class("field-note").attr("role", "alert");
    el("section")
        .class("lonely")
        .child(el("h1").child((words.room_missing)(&name)))
        .child(el("p").child(words.choose_room_hint))
        .child(form)
        .child(note.child(text(move || chat.refusal_of(Form::Create))))
}

fn gone(talk: Talk, slug: &Slug) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let title = el("h1").child((words.you_left)(&talk.name.get_untracked()));
    let back = el("a")
        .class("button primary")
        .attr("href", slug.path())
        .heard("click", follow(chat, Route::Room(slug.clone())))
        .child(words.walk_back_in);
    el("section")
        .class("lonely")
        .child(el("div").attr("role", "status").child(title))
        .child(el("p").child(words.choose_room_hint))
        .child(back)
}
