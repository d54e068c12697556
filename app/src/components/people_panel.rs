//! Who is in the room now: at the side where there is space, over the page where there is not.

use crate::availability::Availability;
use crate::chat::Chat;
use crate::components::avatar::avatar;
use crate::components::list::{Key, list};
use crate::live::{flag, text};
use crate::member::Member;
use crate::talk::Talk;
use crate::tree::{El, el};

/// The names that are known, and how many more there are.
pub fn people_panel(talk: Talk) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let people = move || talk.roster.with(|roster| roster.people.clone());
    let more = move || talk.roster.with(|roster| roster.here.saturating_sub(roster.people.len()));
    let list = list(
        people,
        |member| Key::Text(format!("{} {}", member.id.0, member.name)),
        move |member| person(talk, &member),
    );
    let more =
        el("p").class("faint").attr("hidden", flag(move || more() == 0)).child(text(move || (words.and_more)(more())));
    el("aside")
        .attr("id", "people")
        .class("people-panel")
        .attr("popover", "auto")
        .attr("tabindex", "0")
        .attr("aria-label", words.who_is_here)
        .child(el("h2").child(words.who_is_here))
        .child(el("ul").child(list))
        .child(more)
}

fn person(talk: Talk, member: &Member) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let id = member.id;
    let now = move || talk.absent.with(|absent| absent.of(id));
    let availability = el("span").class("availability").attr("aria-hidden", "true");
    let label = el("span")
        .class("person-availability")
        .class_if("visually-hidden", flag(move || now() == Availability::Here))
        .child(text(move || now().label(words).to_owned()));
    let person = el("a")
        .class("person")
        .attr("href", format!("/people/{}", id.0))
        .attr("data-sheet", "")
        .child(avatar(member))
        .child(availability.attr("data-is", text(move || now().word().to_owned())))
        .child(el("bdi").class("person-name").child(member.name.to_string()))
        .child((chat.my_id() == Some(id)).then(|| el("span").class("badge").child(words.you)))
        .child(label);
    el("li").child(person)
}
