//! Who is in the room now: at the side where there is space, over the page where there is not.

use leptos::prelude::*;

use crate::availability::Availability;
use crate::chat::Chat;
use crate::components::avatar::avatar;
use crate::components::list::{Key, list};
use crate::live::{flag, text};
use crate::member::Member;
use crate::talk::Talk;
use crate::tree::Node;

/// The names that are known, and how many more there are.
#[component]
pub fn PeoplePanel(
    /// The room.
    talk: Talk,
) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let people = move || talk.roster.with(|roster| roster.people.clone());
    let more = move || talk.roster.with(|roster| roster.here.saturating_sub(roster.people.len()));
    view! {
        <aside id="people" class="people-panel" popover="auto" tabindex="0" aria-label=words.who_is_here>
            <h2>{words.who_is_here}</h2>
            <ul>
                {list(people, |member| Key::Text(format!("{} {}", member.id.0, member.name)), move |member| person(talk, member))}
            </ul>
            <p class="faint" hidden=flag(move || more() == 0)>{text(move || (words.and_more)(more()))}</p>
        </aside>
    }
}

fn person(talk: Talk, member: Member) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let id = member.id;
    let now = move || talk.absent.with(|absent| absent.of(id));
    view! {
        <li>
            <a class="person" href=format!("/people/{}", id.0) data-sheet="">
            {Node::from(avatar(&member))}
            <span class="availability" aria-hidden="true" data-is=text(move || now().word().to_owned())></span>
            <bdi class="person-name">{member.name.to_string()}</bdi>
            {(chat.my_id() == Some(member.id)).then(|| view! { <span class="badge">{words.you}</span> })}
            <span class="person-availability" class:visually-hidden=flag(move || now() == Availability::Here)>
                {text(move || now().label(words).to_owned())}
            </span>
            </a>
        </li>
    }
}
