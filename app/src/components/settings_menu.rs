//! Settings: my name, light or dark, and the way to the lab.

use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::link::follow;
use crate::components::notices_form::NoticesForm;
use crate::components::quiet_switch::QuietSwitch;
use crate::first_page::{Form, Slip};
use crate::live::{flag, heard, text};
use crate::member::Name;
use crate::preferences::Theme;
use crate::protocol::ClientFrame;
use crate::route::Route;

/// The button and what it opens.
#[component]
pub fn SettingsMenu() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let is_in = chat.is_in();
    let initials = text(move || chat.me.with(|me| me.as_ref().map_or("⚙".to_owned(), |me| me.name.initials())));
    let hue = chat.me.with_untracked(|me| me.as_ref().map(|me| format!("--hue:{}", me.id.hue())));
    let label = text(move || {
        let quiet = if chat.is_quiet() { words.attention.quiet } else { "" };
        [words.settings, quiet].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    });
    view! {
        <button type="button" class="icon-button settings-button" popovertarget="settings" aria-label=label>
            <span aria-hidden="true" class:avatar=is_in style=hue>{initials}</span>
            <span class="availability" aria-hidden="true" data-is="quiet" hidden=flag(move || !chat.is_quiet())></span>
        </button>
        <div id="settings" class="menu" popover="auto" role="group" aria-label=words.settings>
            {is_in.then(|| view! { <NameForm/><QuietSwitch/><NoticesForm/> })}
            <ThemeSwitch/>
            <a class="menu-link" href="/lab" on:click=follow(chat, Route::Lab)>{words.lab}</a>
        </div>
        <p class="toast" role="status" hidden=flag(move || chat.said.with(String::is_empty))>
            {chat.said.text()}
        </p>
    }
}

/// Changes my name.
#[component]
fn NameForm() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let field = NodeRef::<leptos::html::Input>::new();
    let rename = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        match Name::new(&typed) {
            Ok(_) => chat.submit(Form::Rename, typed.clone(), ClientFrame::Rename { name: typed }),
            Err(why) => chat.slip.set(Some(Slip { form: Form::Rename, typed, why })),
        }
    };
    view! {
        <form class="stack" method="post" action="/name" on:submit=heard(rename)>
            <input type="hidden" name="next" value=text(move || chat.path())/>
            <label for="my-name">{words.change_name}</label>
            <div class="row">
                <input id="my-name" class="field" name="name" autocomplete="nickname" required maxlength="160" node_ref=field
                    aria-describedby="my-name-note"
                    value=chat.typed(Form::Rename).or_else(|| chat.me.get_untracked().map(|me| me.name.to_string()))/>
                <button type="submit" class="button">{words.save}</button>
            </div>
            <p id="my-name-note" class="field-note" role="alert">{text(move || chat.refusal_of(Form::Rename))}</p>
        </form>
    }
}

/// System, light or dark.
#[component]
fn ThemeSwitch() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let choice = move |theme: Theme| {
        view! {
            <button type="submit" name="theme" value=theme.word()
                aria-pressed=text(move || (chat.theme.get() == theme).to_string())
                on:click=heard(move |event: MouseEvent| { event.prevent_default(); chat.choose_theme(theme); })>
                {theme.label(words)}
            </button>
        }
    };
    view! {
        <form class="stack" method="post" action="/preferences">
            <input type="hidden" name="next" value=text(move || chat.path())/>
            <fieldset class="segments">
                <legend>{words.theme}</legend>
                {Theme::ALL.map(choice)}
            </fieldset>
        </form>
    }
}
