//! The door: a name, and one is in. Also where a link greets somebody by name, or leads to a room.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use web_sys::{Event, HtmlInputElement};

use crate::allowance::filled;
use crate::chat::Chat;
use crate::first_page::{Form, Slip};
use crate::live::text;
use crate::member::Name;
use crate::route::Route;
use crate::tree::{Node, Spot, el};

/// A plain form: it works before the wasm is there. The wasm only says sooner what a name can't be.
pub fn walk_in() -> Node {
    let chat = Chat::here();
    let words = chat.words();
    let field = Spot::<HtmlInputElement>::new();
    let check = move |event: SubmitEvent| {
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        if let Err(why) = Name::new(&typed).and_then(|name| chat.allowance.name(name.as_str())) {
            event.prevent_default();
            chat.slip.set(Some(Slip { form: Form::Enter, typed, why: Some(why) }));
        }
    };
    let route = chat.route.get_untracked();
    let next = if route.room().is_some() { route.path() } else { "/".to_owned() };
    let greeted = if let Route::Hello(name) = &route { Some(name.clone()) } else { None };
    let typed = chat.naming.get();
    let offered = typed.or_else(|| chat.typed(Form::Enter)).or(greeted);
    let heading = match &route {
        Route::Hello(name) => (words.hello)(name),
        _ => words.walk_in.to_owned(),
    };
    let hint = match &route {
        Route::Hello(_) => words.hello_hint.to_owned(),
        Route::Room(slug) | Route::Message(slug, _) => (words.walk_into)(slug.as_str()),
        _ => words.tagline.to_owned(),
    };
    let name = el("input")
        .attr("id", "name")
        .class("field large")
        .attr("name", "name")
        .attr("autocomplete", "nickname")
        .attr("required", true)
        .attr("autofocus", true)
        .attr("maxlength", "160")
        .known_by(field)
        .attr("aria-describedby", "name-hint name-note")
        .attr("value", offered)
        .heard("input", move |event: Event| chat.naming.set(Some(event_target_value(&event))));
    let note = el("p").attr("id", "name-note").class("field-note").attr("role", "alert");
    let form = el("form")
        .class("stack")
        .attr("method", "post")
        .attr("action", "/enter")
        .heard("submit", check)
        .child(el("input").attr("type", "hidden").attr("name", "next").attr("value", next))
        .child(el("input").attr("type", "hidden").attr("name", "cid").attr("value", chat.form_cid.to_string()))
        .child(el("label").attr("for", "name").child(words.your_name))
        .child(name)
        .child(note.child(text(move || chat.refusal_of(Form::Enter))))
        .child(el("p").attr("id", "name-hint").class("faint").child(filled(words.name_hint, chat.allowance.name)))
        .child(el("button").attr("type", "submit").class("button primary large").child(words.enter));
    el("section")
        .class("door")
        .child(el("h1").child(el("bdi").child(heading)))
        .child(el("p").class("faint").child(hint))
        .child(form)
        .into()
}
