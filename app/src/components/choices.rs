//! What can be written instead of the word that is being typed: a list above the message box. The focus stays in the box; the
//! arrows choose, Enter and Tab take, Escape closes, and so do a click and a finger.

use leptos::ev::{KeyboardEvent, MouseEvent};
use web_sys::HtmlTextAreaElement;

use crate::chat::Chat;
use crate::completion::{Choice, Offer};
use crate::components::list::{Key, list};
use crate::live::{Live, flag, text};
use crate::talk::Talk;
use crate::tree::{El, Spot, el};

/// The list, over the end of the talk and never over the box.
pub(super) fn choices(talk: Talk, area: Spot<HtmlTextAreaElement>, offer: Live<Option<Offer>>) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let count = move || offer.with(|offer| offer.as_ref().map_or(0, |offer| offer.choices.len()));
    let choices = move || offer.with(|offer| offer.as_ref().map_or_else(Vec::new, |offer| offer.choices.clone()));
    let sentence = text(move || if count() == 0 { String::new() } else { (words.suggestions)(count()) });
    let rows = list(
        choices,
        |choice| Key::Text(choice.id.clone() + &choice.hint),
        move |choice| row(chat, area, offer, choice),
    );
    let list = el("ul")
        .attr("id", talk.id("choices"))
        .class("choices")
        .attr("role", "listbox")
        .attr("aria-label", words.suggest)
        .attr("hidden", flag(move || count() == 0))
        .heard("mousedown", |event: MouseEvent| event.prevent_default())
        .child(rows);
    let sentence = el("p").class("visually-hidden").attr("role", "status").child(sentence);
    el("div").class("choices-place").child(list).child(sentence)
}

fn row(chat: Chat, area: Spot<HtmlTextAreaElement>, offer: Live<Option<Offer>>, choice: Choice) -> El {
    let Choice { id, text: written, hint } = choice;
    let key = id.clone();
    let is_chosen = flag(move || offer.with(|offer| id_of_chosen(offer.as_ref()) == key));
    let pressed = id.clone();
    let press = move || {
        offer.update(|offer| {
            if let Some(offer) = offer {
                offer.chosen = offer.choices.iter().position(|choice| choice.id == pressed).unwrap_or_default();
            }
        });
        take(chat, area, offer);
    };
    el("li")
        .attr("id", id)
        .attr("role", "option")
        .class("choice")
        .attr("aria-selected", text(move || is_chosen.get().to_string()))
        .on("click", press)
        .child(el("bdi").class("choice-text").child(written))
        .child(el("span").class("choice-hint").child(hint))
}

/// The id of the chosen row; empty where nothing is offered.
pub(super) fn id_of_chosen(offer: Option<&Offer>) -> String {
    offer.and_then(Offer::choice).map(|choice| choice.id.clone()).unwrap_or_default()
}

/// Whether what is chosen stands in the box as it is typed.
pub(super) fn is_whole(offer: &Option<Offer>) -> bool {
    offer.as_ref().is_some_and(|offer| offer.is_whole)
}

/// Writes what is chosen into the box. Whether there was anything.
pub(super) fn take(chat: Chat, area: Spot<HtmlTextAreaElement>, offer: Live<Option<Offer>>) -> bool {
    let taken = offer.get_untracked();
    let choice = taken.as_ref().and_then(|taken| Some((taken, taken.choice()?)));
    if let (Some((taken, choice)), Some(area)) = (choice, area.get_untracked()) {
        (chat.browser.write_over)(&area, taken.from, taken.to, &choice.text);
    }
    // Not before: what was written was looked at, too.
    offer.set(None);
    choice.is_some()
}

/// What a key does to what is offered; whether it did anything.
pub(super) fn walk(
    chat: Chat,
    area: Spot<HtmlTextAreaElement>,
    offer: Live<Option<Offer>>,
    event: &KeyboardEvent,
) -> bool {
    let is_held = event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key();
    if is_held || event.is_composing() {
        return false;
    }
    let is_any = offer.with_untracked(|offer| offer.as_ref().is_some_and(|offer| offer.choice().is_some()));
    let key = event.key();
    match key.as_str() {
        "ArrowUp" | "ArrowDown" if is_any => {
            offer.update(|offer| offer.iter_mut().for_each(|offer| offer.step(key == "ArrowUp")))
        }
        "Tab" if is_any => drop(take(chat, area, offer)),
        // Also what is still to come.
        "Escape" => offer.set(None),
        "ArrowLeft" | "ArrowRight" | "Home" | "End" => {
            offer.set(None);
            return false;
        }
        _ => return false,
    }
    is_any
}
