//! The message box: one line that grows to eight, Enter sends once, Shift+Enter breaks the line, nothing typed is lost.
//! Without the wasm it is a plain form.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use crate::chat::{Chat, Connection};
use crate::command::Asked;
use crate::completion::Offer;
use crate::components::choices::{Choices, id_of_chosen, take, walk};
use crate::file::size;
use crate::first_page::Form;
use crate::live::{Live, Noted, effect, flag, heard, text, then};
use crate::message::MAX_GRAPHEMES;
use crate::protocol::ClientFrame;
use crate::room::Slug;
use crate::talk::Talk;
use crate::text::{as_html, graphemes};

/// From this many characters on the counter is shown.
const COUNTER_FROM: usize = MAX_GRAPHEMES - 500;

/// The form at the bottom of a room.
#[component]
pub fn Composer(
    /// The room.
    talk: Talk,
    /// Its address.
    slug: Slug,
) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let area = NodeRef::<Textarea>::new();
    let action = format!("{}/messages", slug.path());
    keep_what_was_typed_before_the_wasm(area, chat, slug.clone());

    let typing_in = slug.clone();
    let offer = Live::<Option<Offer>>::default();
    let look = move || offer.set(area.get_untracked().and_then(|area| offered(chat, talk, &area)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // Enter takes what is offered; the button sends.
        if event.submitter().is_none() && take(chat, offer) {
            return;
        }
        offer.set(None);
        match Asked::read(&talk.writing.get_untracked()) {
            Ok(Asked::Say(draft)) => chat.post(&slug, &draft, Vec::new()),
            Ok(Asked::Nick(name)) => chat.submit(Form::Nick, name.clone(), ClientFrame::Rename { name }),
            Ok(Asked::Leave) => chat.leave(&slug),
            Ok(Asked::Help) => {
                chat.write(&slug, "/".to_owned());
                return offer.set(Offer::of(chat, talk, "/"));
            }
            Err(why) => return talk.refusal.set(Some(why)),
        }
        chat.write_no_more(&slug);
        talk.refusal.set(None);
    };
    let typed = move |event| {
        chat.write(&typing_in, event_target_value(&event));
        talk.refusal.set(None);
        chat.types(&typing_in);
        look();
    };
    let pressed = move |event: KeyboardEvent| {
        if walk(chat, offer, &event) {
            return event.prevent_default();
        }
        let is_bare =
            !(event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing());
        let may = event.key() == "ArrowUp" && is_bare && talk.writing.with_untracked(String::is_empty);
        if may && talk.edit_last(chat) {
            event.prevent_default();
        }
    };
    let hint = (words.attach)(chat.file_limits.files, &size(chat.file_limits.bytes));
    let title = hint.clone();
    let invitation = text(move || (words.write_to)(&talk.name.get()));
    let is_online = flag(move || !matches!(chat.connection.get(), Connection::Offline { .. }));
    let note = text(move || {
        let refusal = talk.refusal.get().map(|why| (words.refusal)(why).to_owned());
        let left = talk.writing.with(|text| left(text)).map(words.characters_left);
        let unkept = (!chat.keeps.get()).then(|| words.not_kept.to_owned());
        refusal.into_iter().chain(left).chain(unkept).collect::<Vec<_>>().join(" ")
    });
    view! {
        <Choices offer/>
        <form class="composer" method="post" action=action enctype="multipart/form-data" on:submit=heard(submit)>
            <p class="offline-banner" hidden=is_online>{words.offline_hint}</p>
            <input type="hidden" name="cid" value=chat.form_cid.to_string()/>
            <label class="visually-hidden" for="message">{invitation}</label>
            <div class="composer-box">
                <label class="attach" title=title>
                    <input id="files" class="visually-hidden" name="files" type="file" multiple aria-label=hint/>
                </label>
                <div class="composer-grow" data-text=talk.writing.text()>
                    <textarea id="message" name="text" rows="1" enterkeyhint="send" autocomplete="off" node_ref=area
                        placeholder=invitation aria-describedby="message-note" prop:value=talk.writing.text() on:input=heard(typed)
                        on:keydown=heard(pressed) on:click=then(look) on:blur=then(move || offer.set(None))
                        aria-autocomplete="list" aria-haspopup="listbox" aria-controls="choices"
                        aria-activedescendant=text(move || offer.with(|offer| id_of_chosen(offer.as_ref()))) inner_html=as_html(&talk.writing.get_untracked())>
                    </textarea>
                </div>
                <button type="submit" class="button primary">{words.send}</button>
            </div>
            <p id="message-note" class="field-note" class:refused=flag(move || talk.refusal.with(Option::is_some)) role="status">
                {note}
            </p>
        </form>
    }
}

/// What is offered for the word before the caret.
fn offered(chat: Chat, talk: Talk, area: &HtmlTextAreaElement) -> Option<Offer> {
    let caret = area.selection_start().ok().flatten().filter(|start| area.selection_end() == Ok(Some(*start)))?;
    let units: Vec<u16> = area.value().encode_utf16().take(caret as usize).collect();
    Offer::of(chat, talk, &String::from_utf16_lossy(&units))
}

/// How many characters are left, once that is worth saying.
pub(super) fn left(text: &str) -> Option<i64> {
    let count = if text.len() < COUNTER_FROM { 0 } else { graphemes(text) };
    (count >= COUNTER_FROM).then_some(MAX_GRAPHEMES as i64 - count as i64)
}

fn keep_what_was_typed_before_the_wasm(area: NodeRef<Textarea>, chat: Chat, slug: Slug) {
    let first = Noted::new(true);
    effect(move || {
        if let Some(area) = area.get().filter(|_| first.update(std::mem::take)) {
            let typed = area.value();
            if chat.talk(&slug).writing.with_untracked(String::is_empty) && !typed.is_empty() {
                chat.write(&slug, typed);
            }
        }
    });
}
