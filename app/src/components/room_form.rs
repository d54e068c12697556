//! The form that makes a room.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::chat::Chat;
use crate::components::enter_field::EnterField;
use crate::first_page::{Form, Slip};
use crate::protocol::ClientFrame;
use crate::room::RoomName;

/// One field and a button; what was refused stays in the field with the reason under it.
#[component]
pub fn RoomForm() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let enter = EnterField::new();
    let field = NodeRef::<leptos::html::Input>::new();
    let slip = move || chat.slip.get().filter(|slip| slip.form == Form::Create);
    let create = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = field
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default();
        match RoomName::new(&typed) {
            Ok(_) => chat.submit(
                Form::Create,
                typed.clone(),
                ClientFrame::Create { name: typed },
            ),
            Err(why) => chat.slip.set(Some(Slip {
                form: Form::Create,
                typed,
                why,
            })),
        }
    };
    view! {
        <form class="room-form" method="post" action="/rooms" on:submit=create>
            <label for="new-room">{words.new_room}</label>
            <div class="row">
                <input id="new-room" class="field" name="name" autocomplete="off" required maxlength="160" node_ref=field
                    aria-describedby="new-room-note"
                    value=slip().map(|slip| slip.typed)
                    on:keydown=move |e| enter.key_down(e) on:keyup=move |e| enter.key_up(e) on:blur=move |e| enter.blur(e)
                    on:compositionupdate=move |e| enter.composing(e) on:compositionend=move |e| enter.composed(e)/>
                <button type="submit" class="button">{words.create}</button>
            </div>
            <p id="new-room-note" class="field-note" role="alert">{move || slip().map(|slip| (words.refusal)(slip.why))}</p>
        </form>
    }
}
