//! What may call me: in this browser, and from the room that is shown. Nothing is asked of the browser before somebody presses.

use leptos::prelude::*;

use crate::chat::Chat;
use crate::live::{Live, flag, text, then};
use crate::notices::{Level, Notices, Permission};

/// What one of the boxes is about.
type Part = fn(&mut Notices) -> &mut bool;

/// The choices. They need scripts, and are there once scripts are.
#[component]
pub fn NoticesForm() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let notices = chat.notices;
    let permission = move || notices.with(|notices| notices.permission);
    let choices: [(&str, Part); 3] = [
        (words.attention.show_calls, |notices| &mut notices.shown),
        (words.attention.show_text, |notices| &mut notices.text),
        (words.attention.play_sound, |notices| &mut notices.sound),
    ];
    let choice = move |(label, part): (&'static str, Part)| {
        let is_chosen = flag(move || *part(&mut notices.get()));
        let choose = move || {
            let mut wanted = notices.get_untracked();
            let chosen = part(&mut wanted);
            *chosen = !*chosen;
            (chat.browser.keep_notices)(chat, wanted);
        };
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=is_chosen on:change=then(choose)/>
                <span>{label}</span>
            </label>
        }
    };
    let note = text(move || match permission() {
        Permission::Denied => words.attention.calls_denied.to_owned(),
        Permission::Absent => words.attention.calls_absent.to_owned(),
        _ => String::new(),
    });
    view! {
        <div class="stack" hidden=flag(move || permission() == Permission::Unknown)>
            <fieldset class="check-list">
                <legend>{words.attention.calls}</legend>
                {choices.map(choice)}
            </fieldset>
            <p class="field-note" role="status">{note}</p>
            {move || chat.route.with(|route| route.room().map(|slug| levels(chat, chat.talk(slug).level)))}
        </div>
    }
}

/// Which messages of the room that is shown call me.
fn levels(chat: Chat, level: Live<Level>) -> impl IntoView {
    let words = chat.words();
    let choice = move |one: Level| {
        view! {
            <button type="button" aria-pressed=text(move || (level.get() == one).to_string()) on:click=then(move || chat.wants_calls(one))>
                {one.label(words)}
            </button>
        }
    };
    crate::components::anew::Anew(view! {
        <fieldset class="segments">
            <legend>{words.attention.calls_from}</legend>
            {Level::ALL.map(choice)}
        </fieldset>
    })
}
