//! `/rooms/{slug}`: the talk, the message box, and who is there; or why there is none of it.

use leptos::either::{Either, EitherOf3};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::anew::Anew;
use crate::components::composer::Composer;
use crate::components::link::follow;
use crate::components::message_list::message_list;
use crate::components::people_panel::PeoplePanel;
use crate::components::typing_line::typing_line;
use crate::first_page::Form;
use crate::live::{Derived, flag, heard, text};
use crate::pages::missing::missing;
use crate::protocol::ClientFrame;
use crate::refusal::Refusal;
use crate::room::Slug;
use crate::route::Route;
use crate::talk::{Standing, Talk};
use crate::tree::Node;

/// A room in whatever standing.
#[component]
pub fn Room(
    /// Its address.
    slug: Slug,
) -> impl IntoView {
    let chat = Chat::here();
    let talk = chat.talk(&slug);
    // What is being written while the room opens must not be drawn anew when it is open.
    let standing = Derived::new(move || match talk.standing.get() {
        Standing::Away | Standing::Opening => Standing::Open,
        standing => standing,
    });
    move || match standing.get() {
        Standing::Away | Standing::Open | Standing::Opening => {
            EitherOf3::A(Anew(view! { <Talking talk slug=slug.clone()/> }))
        }
        Standing::Unknown => EitherOf3::B(Anew(view! { <Unknown slug=slug.clone()/> })),
        Standing::Left => EitherOf3::C(Anew(view! { <Gone talk slug=slug.clone()/> })),
    }
}

#[component]
fn Talking(talk: Talk, slug: Slug) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let here = Derived::new(move || talk.roster.with(|roster| roster.here));
    let leave_path = format!("{}/leave", slug.path());
    let here_path = slug.path();
    let (about_path, days_path) = (format!("{here_path}/about"), format!("{here_path}/days"));
    let leave = {
        let slug = slug.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            chat.leave(&slug);
        }
    };
    view! {
        <section class="room" aria-labelledby="room-name">
            <header class="room-head">
                <h1 id="room-name" class="room-name"><bdi>{talk.name.text()}</bdi></h1>
                <a class="icon-button about-button" href=about_path data-sheet="" aria-label=words.about_room>
                    <span aria-hidden="true">"ⓘ"</span>
                </a>
                <a class="icon-button about-button" href=days_path data-sheet="" aria-label=words.jump_to_date>
                    <span aria-hidden="true">"▦"</span>
                </a>
                <button type="button" class="quiet-button people-button" popovertarget="people" aria-label=text(move || (words.people_here)(here.get()))>
                    {text(move || (words.people)(here.get()))}
                </button>
                <span class="stretch"></span>
                {slug.is_public().then(|| view! {
                    <form method="post" action=leave_path on:submit=heard(leave)>
                        <button type="submit" class="quiet-button">{words.leave}</button>
                    </form>
                })}
                <p class="room-topic faint" dir="auto" hidden=flag(move || talk.topic.with(String::is_empty))>{talk.topic.text()}</p>
            </header>
            {Node::from(message_list(talk, slug.clone()))}
            {typing_line(talk)}
            <noscript><p class="refresh"><a href=here_path>{words.refresh}</a></p></noscript>
            {move || match talk.is_archived.get() {
                true => Either::Left(view! { <p id="archived" class="room-archived">{(words.refusal)(Refusal::RoomArchived)}</p> }),
                false => Either::Right(Anew(view! { <Composer talk slug=slug.clone()/> })),
            }}
        </section>
        <PeoplePanel talk/>
    }
}

#[component]
fn Unknown(slug: Slug) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    if !slug.is_public() {
        return Either::Left(missing());
    }
    let name = slug.to_string();
    let create = {
        let name = name.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            chat.submit(Form::Create, name.clone(), ClientFrame::Create { name: name.clone() });
        }
    };
    Either::Right(view! {
        <section class="lonely">
            <h1>{(words.room_missing)(&name)}</h1>
            <p>{words.choose_room_hint}</p>
            <form method="post" action="/rooms" on:submit=heard(create)>
                <input type="hidden" name="name" value=name.clone()/>
                <button type="submit" class="button primary">{(words.create_this)(&name)}</button>
            </form>
            <p class="field-note" role="alert">{text(move || chat.refusal_of(Form::Create))}</p>
        </section>
    })
}

#[component]
fn Gone(talk: Talk, slug: Slug) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    view! {
        <section class="lonely">
            <div role="status"><h1>{(words.you_left)(&talk.name.get_untracked())}</h1></div>
            <p>{words.choose_room_hint}</p>
            <a class="button primary" href=slug.path() on:click=follow(chat, Route::Room(slug))>{words.walk_back_in}</a>
        </section>
    }
}
