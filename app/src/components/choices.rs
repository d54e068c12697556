//! What can be written instead of the word that is being typed: a list above the field. The focus stays in the field; the
//! arrows choose, Enter and Tab take, Escape closes, and so do a click and a finger.

use std::time::Duration;

use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, HtmlTextAreaElement, InputEvent};

use crate::chat::Chat;
use crate::completion::{Choice, Offer, SIGNS};
use crate::components::list::{Key, list};
use crate::components::tools::{goes_on_in_code, hears};
use crate::live::{Live, effect, flag, text};
use crate::marking::byte_at;
use crate::talk::Talk;
use crate::tree::{El, Spot, el};

/// A field whose words are completed, and what is offered for them.
#[derive(Clone, Copy)]
pub(super) struct Completing {
    chat: Chat,
    talk: Talk,
    area: Spot<HtmlTextAreaElement>,
    /// Whether what is written there may be a command.
    obeys: bool,
    offer: Live<Option<Offer>>,
}

impl Completing {
    pub(super) fn new(chat: Chat, talk: Talk, area: Spot<HtmlTextAreaElement>, obeys: bool) -> Self {
        let it = Self { chat, talk, area, obeys, offer: Live::default() };
        // Emoji and people, while they are waited for. A name that was typed whole without them is still meant where its writer
        // still is.
        effect(move || {
            chat.emoji.track();
            chat.found.track();
            if let Some(before) = it.offer.get_untracked().filter(|offer| !offer.is_walked) {
                let is_there = area.get_untracked().is_some_and(|area| area.selection_end() == Ok(Some(before.to)));
                it.look(before.is_typed && is_there);
            }
        });
        it
    }

    /// What is offered for the word before the caret.
    fn look(self, is_typed: bool) {
        let area = self.area.get_untracked().filter(|area| area.selection_start() == area.selection_end());
        let found = area.and_then(|area| Offer::of(self.chat, self.talk, &before_caret(&area), self.obeys));
        let found = found.map(|found| Offer { is_typed, is_named: is_typed && found.is_named, ..found });
        let is_named = found.as_ref().is_some_and(|found| found.is_named);
        self.offer.set(found);
        if is_named {
            // What is written while a key is still being typed could not be undone.
            (self.chat.browser.later)(Duration::ZERO, Box::new(move || self.take_named()));
        }
    }

    fn take_named(self) {
        // The field may be gone.
        let is_named = self.offer.try_with_untracked(|offer| offer.as_ref().is_some_and(|offer| offer.is_named));
        if is_named == Some(true) {
            take(self.chat, self.area, self.offer);
        }
    }

    /// Something was written.
    pub(super) fn typed(self, event: &Event) {
        // Somebody closed the list, or took back what was taken from it, who wants the name as it stands.
        if event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type().starts_with("history")) {
            self.offer.set(None);
            self.area.get_untracked().and_then(|area| go_on_behind(&area));
        } else {
            self.look(self.offer.with_untracked(Option::is_some));
        }
    }

    /// What a key does to the text instead of what it does elsewhere; whether it does anything.
    pub(super) fn hears(self, event: &KeyboardEvent) -> bool {
        // Before what this key writes.
        self.take_named();
        walk(self.chat, self.area, self.offer, event) || hears(self.chat, self.area, event)
    }

    /// Enter takes what is offered, and sends what was whole; a button sends. Whether it is not to be sent yet.
    pub(super) fn holds(self, event: &SubmitEvent) -> bool {
        let is_enter = event.submitter().is_none();
        let is_whole = self.offer.with_untracked(is_whole);
        let is_held =
            is_enter && (take(self.chat, self.area, self.offer) && !is_whole || goes_on_in_code(self.chat, self.area));
        if !is_held {
            self.offer.set(None);
        }
        is_held
    }

    /// Offers what may follow a text.
    pub(super) fn offers(self, text: &str) {
        self.offer.set(Offer::of(self.chat, self.talk, text, self.obeys));
    }

    /// The field, with what it says of the list.
    pub(super) fn field(self, field: El, list_id: String) -> El {
        let offer = self.offer;
        field
            .on("click", move || self.look(false))
            .on("blur", move || offer.set(None))
            .attr("aria-autocomplete", "list")
            .attr("aria-haspopup", "listbox")
            .attr("aria-controls", list_id)
            .attr(
                "aria-activedescendant",
                text(move || {
                    // Enter is told by it whether there is anything to take.
                    offer.with(|offer| if is_whole(offer) { String::new() } else { id_of_chosen(offer.as_ref()) })
                }),
            )
    }

    /// The list, over what stands above the field and never over the field.
    pub(super) fn list(self, list_id: String) -> El {
        let Self { chat, area, offer, .. } = self;
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
            .attr("id", list_id)
            .class("choices")
            .attr("role", "listbox")
            .attr("aria-label", words.suggest)
            .attr("hidden", flag(move || count() == 0))
            .heard("mousedown", |event: MouseEvent| event.prevent_default())
            .child(rows);
        let sentence = el("p").class("visually-hidden").attr("role", "status").child(sentence);
        el("div").class("choices-place").child(list).child(sentence)
    }
}

/// What stands before the caret, or before what is chosen.
pub(super) fn before_caret(area: &HtmlTextAreaElement) -> String {
    let place = area.selection_start().ok().flatten().unwrap_or_default() as usize;
    String::from_utf16_lossy(&area.value().encode_utf16().take(place).collect::<Vec<u16>>())
}

/// Chromium chooses the word that it brings back, and the next letter would take its place.
fn go_on_behind(area: &HtmlTextAreaElement) -> Option<()> {
    let (from, to) = (area.selection_start().ok()??, area.selection_end().ok()??);
    let text = area.value();
    let is_word = text[byte_at(&text, from)..].starts_with(SIGNS);
    is_word.then(|| area.set_selection_range(to, to)).and_then(Result::ok)
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
fn id_of_chosen(offer: Option<&Offer>) -> String {
    offer.and_then(Offer::choice).map(|choice| choice.id.clone()).unwrap_or_default()
}

/// Whether what is chosen stands in the box as it is typed.
fn is_whole(offer: &Option<Offer>) -> bool {
    offer.as_ref().is_some_and(|offer| offer.is_whole)
}

/// Writes what is chosen into the box. Whether there was anything.
fn take(chat: Chat, area: Spot<HtmlTextAreaElement>, offer: Live<Option<Offer>>) -> bool {
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
fn walk(chat: Chat, area: Spot<HtmlTextAreaElement>, offer: Live<Option<Offer>>, event: &KeyboardEvent) -> bool {
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
