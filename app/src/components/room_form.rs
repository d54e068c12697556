//! The form that makes a room.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::chat::Chat;
use crate::first_page::Form;
use crate::live::{effect, heard, text};
use crate::protocol::ClientFrame;

/// One field and a button; what was refused stays in the field with the reason under it.
#[component]
pub fn RoomForm() -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let field = NodeRef::<leptos::html::Input>::new();
    let create = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        chat.submit(Form::Create, typed.clone(), ClientFrame::Create { name: typed });
    };
    let mut is_first = true;
    effect(move || {
        chat.route.track();
        // On to another page: the room was made, or is not wanted any more.
        if let (false, Some(field)) = (std::mem::take(&mut is_first), field.get_untracked()) {
            field.set_value("");
        }
    });
    view! {
        <form class="room-form" method="post" action="/rooms" on:submit=heard(create)>
            <label for="new-room">{words.new_room}</label>
            <div class="row">
                <input id="new-room" class="field" name="name" autocomplete="off" required maxlength="160"
                    aria-describedby="new-room-note"
                    value=chat.typed(Form::Create) node_ref=field/>
                <button type="submit" class="button">{words.create}</button>
            </div>
            <p id="new-room-note" class="field-note" role="alert">{text(move || chat.refusal_of(Form::Create))}</p>
        </form>
    }
}
