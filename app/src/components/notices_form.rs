//! What may call me in this browser. Nothing is asked of the browser before somebody presses. Which messages of a room call me is
//! chosen on the sheet about it.

use crate::chat::Chat;
use crate::live::{flag, text};
use crate::notices::{Notices, Permission};
use crate::tree::{El, el};

/// What one of the boxes is about.
type Part = fn(&mut Notices) -> &mut bool;

/// The choices. They need scripts, and are there once scripts are.
pub fn notices_form() -> El {
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
        let tick = el("input").attr("type", "checkbox").ticked(is_chosen).on("change", choose);
        el("label").class("choice").child(tick).child(el("span").child(label))
    };
    let note = text(move || match permission() {
        Permission::Denied => words.attention.calls_denied.to_owned(),
        Permission::Absent => words.attention.calls_absent.to_owned(),
        _ => String::new(),
    });
    let list = el("fieldset").class("check-list").child(el("legend").child(words.attention.calls));
    el("div")
        .class("stack")
        .attr("hidden", flag(move || permission() == Permission::Unknown))
        .child(choices.into_iter().fold(list, |list, one| list.child(choice(one))))
        .child(el("p").class("field-note").attr("role", "status").child(note))
}
