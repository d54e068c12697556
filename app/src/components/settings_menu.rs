//! Settings: my name, light or dark, and the way to the lab.

use leptos::either::Either;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::avatar::Avatar;
use crate::components::link::follow;
use crate::first_page::Form;
use crate::member::Name;
use crate::preferences::Theme;
use crate::protocol::ClientFrame;
use crate::refusal::Refusal;
use crate::route::Route;

/// The button and what it opens.
#[component]
pub fn SettingsMenu() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    view! {
        <button type="button" class="icon-button" popovertarget="settings" aria-label=words.settings>
            {move || match chat.me.get() {
                Some(member) => Either::Left(view! { <Avatar member/> }),
                None => Either::Right(view! { <span aria-hidden="true">"⚙"</span> }),
            }}
        </button>
        <div id="settings" class="menu" popover="auto" role="group" aria-label=words.settings>
            {move || chat.me.with(Option::is_some).then(|| view! { <NameForm/> })}
            <ThemeSwitch/>
            <a class="menu-link" href="/lab" on:click=follow(chat, Route::Lab)>{words.lab}</a>
        </div>
        <p class="toast" role="status" hidden=move || chat.said.with(Option::is_none)>{move || chat.said.get()}</p>
    }
}

/// Changes my name.
#[component]
fn NameForm() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let field = NodeRef::<leptos::html::Input>::new();
    let refusal = move || {
        chat.slip
            .with(|slip| slip.as_ref().filter(|slip| slip.form == Form::Rename).map(|slip| (words.refusal)(slip.why)))
    };
    let rename = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        match Name::new(&typed) {
            Ok(_) => chat.submit(Form::Rename, typed.clone(), ClientFrame::Rename { name: typed }),
            Err(why) => refuse(chat, typed, why),
        }
    };
    view! {
        <form class="stack" method="post" action="/name" on:submit=rename>
            <input type="hidden" name="next" value=move || chat.route.get().path()/>
            <label for="my-name">{words.change_name}</label>
            <div class="row">
                <input id="my-name" class="field" name="name" autocomplete="nickname" required maxlength="160" node_ref=field
                    aria-describedby="my-name-note"
                    value=chat.me.get_untracked().map(|me| me.name.to_string())/>
                <button type="submit" class="button">{words.save}</button>
            </div>
            <p id="my-name-note" class="field-note" role="alert">{refusal}</p>
        </form>
    }
}

fn refuse(chat: Chat, typed: String, why: Refusal) {
    chat.slip.set(Some(crate::first_page::Slip { form: Form::Rename, typed, why }));
}

/// System, light or dark.
#[component]
fn ThemeSwitch() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let choice = move |theme: Theme| {
        view! {
            <button type="submit" name="theme" value=theme.word() aria-pressed=move || (chat.theme.get() == theme).to_string()
                on:click=move |event| { event.prevent_default(); chat.choose_theme(theme); }>
                {theme.label(words)}
            </button>
        }
    };
    view! {
        <form class="stack" method="post" action="/preferences">
            <input type="hidden" name="next" value=move || chat.route.get().path()/>
            <fieldset class="segments">
                <legend>{words.theme}</legend>
                {Theme::ALL.map(choice)}
            </fieldset>
        </form>
    }
}
