//! Who is in the room now: at the side where there is space, over the page where there is not.

use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::avatar::Avatar;
use crate::components::list::{Key, list};
use crate::live::{flag, text};
use crate::member::Member;
use crate::talk::Talk;

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
                {list(people, |member| Key::Text(format!("{} {}", member.id.0, member.name)), person)}
            </ul>
            <p class="faint" hidden=flag(move || more() == 0)>{text(move || (words.and_more)(more()))}</p>
        </aside>
    }
}

fn person(member: Member) -> impl IntoView {
    let chat = Chat::here();
    view! {
        <li class="person">
            <Avatar member=member.clone()/>
            <bdi class="person-name">{member.name.to_string()}</bdi>
            {(chat.my_id() == Some(member.id)).then(|| view! { <span class="badge">{chat.words().you}</span> })}
        </li>
    }
}
