//! Settings: my name, light or dark, and the way to the lab.

use leptos::ev::{MouseEvent, SubmitEvent};
use web_sys::HtmlInputElement;

use crate::chat::Chat;
use crate::components::link::follow;
use crate::components::notices_form::notices_form;
use crate::components::quiet_switch::quiet_switch;
use crate::first_page::{Form, Slip};
use crate::live::{flag, text};
use crate::member::Name;
use crate::preferences::Theme;
use crate::protocol::ClientFrame;
use crate::route::Route;
use crate::text::joined;
use crate::tree::{El, Node, Spot, el};

/// The button and what it opens.
pub fn settings_menu() -> Node {
    let chat = Chat::here();
    let words = chat.words();
    let is_in = chat.is_in();
    let initials = text(move || chat.me.with(|me| me.as_ref().map_or("⚙".to_owned(), |me| me.name.initials())));
    let hue = chat.me.with_untracked(|me| me.as_ref().map(|me| format!("--hue:{}", me.id.hue())));
    let label = text(move || {
        let quiet = if chat.is_quiet() { words.attention.quiet } else { "" };
        joined([words.settings, quiet].into_iter().filter(|part| !part.is_empty()), " · ")
    });
    let quiet = el("span").class("availability").attr("aria-hidden", "true").attr("data-is", "quiet");
    let face = el("span").attr("aria-hidden", "true").class_if("avatar", is_in).attr("style", hue).child(initials);
    let button = el("button")
        .attr("type", "button")
        .class("icon-button settings-button")
        .attr("popovertarget", "settings")
        .attr("aria-label", label)
        .child(face)
        .child(quiet.attr("hidden", flag(move || !chat.is_quiet())));
    let lab = el("a").class("menu-link").attr("href", "/lab").heard("click", follow(chat, Route::Lab)).child(words.lab);
    let menu = el("div")
        .attr("id", "settings")
        .class("menu")
        .attr("popover", "auto")
        .attr("role", "group")
        .attr("aria-label", words.settings)
        .child(is_in.then(|| name_form(chat)))
        .child(is_in.then(quiet_switch))
        .child(is_in.then(notices_form))
        .child(theme_switch(chat))
        .child(lab);
    let toast = el("p")
        .class("toast")
        .attr("role", "status")
        .attr("hidden", flag(move || chat.said.with(String::is_empty)))
        .child(chat.said.text());
    vec![button.into(), menu.into(), toast.into()].into()
}

/// Changes my name.
fn name_form(chat: Chat) -> El {
    let words = chat.words();
    let field = Spot::<HtmlInputElement>::new();
    let rename = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        match Name::new(&typed).and_then(|name| chat.allowance.name(name.as_str())) {
            Ok(_) => chat.submit(Form::Rename, typed.clone(), ClientFrame::Rename { name: typed }),
            Err(why) => chat.slip.set(Some(Slip { form: Form::Rename, typed, why: Some(why) })),
        }
    };
    let name = el("input")
        .attr("id", "my-name")
        .class("field")
        .attr("name", "name")
        .attr("autocomplete", "nickname")
        .attr("required", true)
        .attr("maxlength", "160")
        .known_by(field)
        .attr("aria-describedby", "my-name-note")
        .attr("value", chat.typed(Form::Rename).or_else(|| chat.me.get_untracked().map(|me| me.name.to_string())));
    let save = el("button").attr("type", "submit").class("button").child(words.save);
    let note = el("p").attr("id", "my-name-note").class("field-note").attr("role", "alert");
    el("form")
        .class("stack")
        .attr("method", "post")
        .attr("action", "/name")
        .heard("submit", rename)
        .child(next(chat))
        .child(el("label").attr("for", "my-name").child(words.change_name))
        .child(el("div").class("row").child(name).child(save))
        .child(note.child(text(move || chat.refusal_of(Form::Rename))))
}

/// System, light or dark.
fn theme_switch(chat: Chat) -> El {
    let words = chat.words();
    let choice = |theme: Theme| {
        let choose = move |event: MouseEvent| {
            event.prevent_default();
            chat.choose_theme(theme);
        };
        let button = el("button").attr("type", "submit").attr("name", "theme").attr("value", theme.word());
        let is_pressed = text(move || (chat.theme.get() == theme).to_string());
        button.attr("aria-pressed", is_pressed).heard("click", choose).child(theme.label(words))
    };
    let themes = el("fieldset").class("segments").child(el("legend").child(words.theme));
    el("form")
        .class("stack")
        .attr("method", "post")
        .attr("action", "/preferences")
        .child(next(chat))
        .child(Theme::ALL.into_iter().fold(themes, |themes, theme| themes.child(choice(theme))))
}

/// Where a form leads back to.
fn next(chat: Chat) -> El {
    el("input").attr("type", "hidden").attr("name", "next").attr("value", text(move || chat.path()))
}
