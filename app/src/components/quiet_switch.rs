//! Not to be disturbed: for how long, and the way back.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::availability::{Rest, UNTIL_I_SAY_MS};
use crate::chat::Chat;
use crate::first_page::Form;
use crate::live::{flag, heard, text};

/// The choices, or what was chosen and its end.
#[component]
pub fn QuietSwitch() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let button = move |rest: Rest| {
        let choose = move |event: MouseEvent| {
            event.prevent_default();
            chat.rests(rest);
        };
        // One is there at a time; both would be one fieldset too many for whoever hears them.
        let is_hidden = flag(move || (rest == Rest::Over) != chat.is_quiet());
        view! {
            <button type="submit" name="rest" value=rest.word() hidden=is_hidden on:click=heard(choose)>
                {rest.label(words)}
            </button>
        }
    };
    let legend = text(move || match chat.quiet_until_ms.get() {
        0 | UNTIL_I_SAY_MS => words.attention.quiet.to_owned(),
        until_ms => (words.attention.quiet_until)(&chat.local(until_ms).time(chat.lang.get_untracked())),
    });
    view! {
        <form class="stack" method="post" action="/quiet">
            <input type="hidden" name="next" value=text(move || chat.path())/>
            <fieldset class="options">
                <legend>{legend}</legend>
                {Rest::ALL.map(button)}
                {button(Rest::Over)}
            </fieldset>
            <p class="field-note" role="alert">{text(move || chat.refusal_of(Form::Quiet))}</p>
        </form>
    }
}
