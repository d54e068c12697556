//! The door: a name, and one is in. Also where a link greets somebody by name, or leads to a room.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::chat::Chat;
use crate::first_page::{Form, Slip};
use crate::live::{heard, text};
use crate::member::Name;
use crate::route::Route;

/// A plain form: it works before the wasm is there. The wasm only says sooner what a name can't be.
#[component]
pub fn WalkIn() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let field = NodeRef::<leptos::html::Input>::new();
    let check = move |event: SubmitEvent| {
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        if let Err(why) = Name::new(&typed) {
            event.prevent_default();
            chat.slip.set(Some(Slip { form: Form::Enter, typed, why }));
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
    view! {
        <section class="door">
            <h1><bdi>{heading}</bdi></h1>
            <p class="faint">{hint}</p>
            <form class="stack" method="post" action="/enter" on:submit=heard(check)>
                <input type="hidden" name="next" value=next/>
                <input type="hidden" name="cid" value=chat.form_cid.to_string()/>
                <label for="name">{words.your_name}</label>
                <input id="name" class="field large" name="name" autocomplete="nickname" required autofocus maxlength="160" node_ref=field
                    aria-describedby="name-hint name-note"
                    value=offered on:input=heard(move |event| chat.naming.set(Some(event_target_value(&event))))/>
                <p id="name-note" class="field-note" role="alert">{text(move || chat.refusal_of(Form::Enter))}</p>
                <p id="name-hint" class="faint">{words.name_hint}</p>
                <button type="submit" class="button primary large">{words.enter}</button>
            </form>
        </section>
    }
}
