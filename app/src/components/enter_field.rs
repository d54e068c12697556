//! Enter in a field, by the rule of `text::enter`: turns the browser's events into the machine's, and its outcomes into
//! a submitted form or a line break. Every field that reacts to Enter uses it.

use leptos::ev::{CompositionEvent, Event, FocusEvent, InputEvent, KeyboardEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use crate::text::enter::{Enter, Input, Outcome, TAKEN_BY_INPUT_METHOD};

/// The machine of one field. A handle: copies speak of the same field.
#[derive(Clone, Copy)]
pub struct EnterField(StoredValue<Enter>);

impl EnterField {
    /// A field that nobody has typed into yet.
    pub fn new() -> Self {
        Self(StoredValue::new(Enter::default()))
    }

    /// For `keydown`.
    pub fn key_down(self, event: KeyboardEvent) {
        let at_ms = event.time_stamp();
        let composing = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
        if is_enter(&event) {
            self.take(
                &event,
                Input::EnterDown {
                    shift: event.shift_key(),
                    composing,
                    at_ms,
                },
            );
        } else if event.key_code() != TAKEN_BY_INPUT_METHOD {
            self.take(&event, Input::OtherDown);
        }
    }

    /// For `keyup`.
    pub fn key_up(self, event: KeyboardEvent) {
        if is_enter(&event) {
            self.take(&event, Input::EnterUp);
        }
    }

    /// For `compositionupdate`.
    pub fn composing(self, event: CompositionEvent) {
        self.take(&event, Input::Composing(event.data().unwrap_or_default()));
    }

    /// For `compositionend`.
    pub fn composed(self, event: CompositionEvent) {
        let text = event.data().unwrap_or_default();
        self.take(
            &event,
            Input::Composed {
                text,
                at_ms: event.time_stamp(),
            },
        );
    }

    /// For `beforeinput`.
    pub fn before_input(self, event: InputEvent) {
        if matches!(
            event.input_type().as_str(),
            "insertLineBreak" | "insertParagraph"
        ) {
            self.take(
                &event,
                Input::LineBreak {
                    at_ms: event.time_stamp(),
                },
            );
        }
    }

    /// For `blur`.
    pub fn blur(self, event: FocusEvent) {
        self.take(&event, Input::Blur);
    }

    fn take(self, event: &Event, input: Input) {
        let outcome = self
            .0
            .try_update_value(|enter| enter.take(input))
            .unwrap_or(Outcome::Pass);
        if outcome != Outcome::Pass {
            event.prevent_default();
        }
        match outcome {
            Outcome::Send => submit_form(event),
            Outcome::Break => break_line(event),
            Outcome::Pass | Outcome::Swallow => {}
        }
    }
}

impl Default for EnterField {
    fn default() -> Self {
        Self::new()
    }
}

/// Input methods report the key as "Process"; the physical key is still Enter.
fn is_enter(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" || matches!(event.code().as_str(), "Enter" | "NumpadEnter")
}

fn submit_form(event: &Event) {
    let Some(target) = event.target() else { return };
    let form = match target.dyn_into::<HtmlTextAreaElement>() {
        Ok(area) => area.form(),
        Err(target) => target
            .dyn_into::<HtmlInputElement>()
            .ok()
            .and_then(|input| input.form()),
    };
    if let Some(form) = form {
        // A form that the browser finds invalid says so itself.
        let _ = form.request_submit();
    }
}

fn break_line(event: &Event) {
    let Some(area) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok())
    else {
        return;
    };
    let before: Vec<u16> = area.value().encode_utf16().collect();
    let end = before.len();
    let start = area
        .selection_start()
        .ok()
        .flatten()
        .map_or(end, |at| at as usize)
        .min(end);
    let stop = area
        .selection_end()
        .ok()
        .flatten()
        .map_or(end, |at| at as usize)
        .clamp(start, end);
    let after: Vec<u16> = before[..start]
        .iter()
        .copied()
        .chain(std::iter::once(u16::from(b'\n')))
        .chain(before[stop..].iter().copied())
        .collect();
    area.set_value(&String::from_utf16_lossy(&after));
    let caret = u32::try_from(start + 1).unwrap_or_default();
    let _ = area.set_selection_range(caret, caret);
    if let Ok(input) = Event::new("input") {
        let _ = area.dispatch_event(&input);
    }
}
