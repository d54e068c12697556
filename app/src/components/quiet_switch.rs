//! Not to be disturbed: for how long, and the way back.

use leptos::ev::MouseEvent;

use crate::availability::{Rest, UNTIL_I_SAY_MS};
use crate::chat::Chat;
use crate::first_page::Form;
use crate::live::{flag, text};
use crate::tree::{El, el};

/// The choices, or what was chosen and its end.
pub fn quiet_switch() -> El {
    let chat = Chat::here();
    let words = chat.words();
    let button = move |rest: Rest| {
        let choose = move |event: MouseEvent| {
            event.prevent_default();
            chat.rests(rest);
        };
        // One is there at a time; both would be one fieldset too many for whoever hears them.
        let is_hidden = flag(move || (rest == Rest::Over) != chat.is_quiet());
        let button = el("button").attr("type", "submit").attr("name", "rest").attr("value", rest.word());
        button.attr("hidden", is_hidden).heard("click", choose).child(rest.label(words))
    };
    let legend = text(move || match chat.quiet_until_ms.get() {
        0 | UNTIL_I_SAY_MS => words.attention.quiet.to_owned(),
        until_ms => (words.attention.quiet_until)(&chat.local(until_ms).time(chat.lang.get_untracked())),
    });
    let choices = el("fieldset").class("options").child(el("legend").child(legend));
    let choices = Rest::ALL.into_iter().fold(choices, |choices, rest| choices.child(button(rest)));
    el("form")
        .class("stack")
        .attr("method", "post")
        .attr("action", "/quiet")
        .child(el("input").attr("type", "hidden").attr("name", "next").attr("value", text(move || chat.path())))
        .child(choices.child(button(Rest::Over)))
        .child(el("p").class("field-note").attr("role", "alert").child(text(move || chat.refusal_of(Form::Quiet))))
}
