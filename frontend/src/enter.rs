//! Enter in every field of the page, by the rule of `app::text::enter`: turns the browser's events into the machine's, and
//! its outcomes into a submitted form or a line break. All events on the document are heard; no field can be forgotten.

use std::cell::{Cell, RefCell};

use app::text::enter::{Enter, Input, Outcome, TAKEN_BY_INPUT_METHOD};
use wasm_bindgen::JsCast;
use web_sys::{CompositionEvent, Event, HtmlInputElement, HtmlTextAreaElement, InputEvent, KeyboardEvent};

use crate::browser::on_document;

/// Some platforms end the composition right before they report the key.
const SAME_PRESS_MS: f64 = 30.0;

thread_local! {
    /// When a composition ended last.
    static COMPOSED_AT_MS: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
    /// The machine of the field that has the focus; losing the focus resets it.
    static FIELD: RefCell<Enter> = RefCell::default();
}

/// Watches all fields from now on.
pub(crate) fn watch() {
    on_document("keyup", |event: KeyboardEvent| {
        if is_enter(&event) {
            take(&event, Input::EnterUp);
        }
    });
    on_document("compositionupdate", |event: CompositionEvent| {
        take(&event, Input::Composing(event.data().unwrap_or_default()));
    });
    on_document("compositionend", |event: CompositionEvent| {
        take(&event, Input::Composed { text: event.data().unwrap_or_default(), at_ms: event.time_stamp() });
    });
    on_document("beforeinput", |event: InputEvent| {
        if matches!(event.input_type().as_str(), "insertLineBreak" | "insertParagraph") {
            take(&event, Input::LineBreak { at_ms: event.time_stamp() });
        }
    });
    on_document("focusout", |event: Event| take(&event, Input::Blur));
}

/// A key went down.
pub(crate) fn press(event: &KeyboardEvent) {
    let at_ms = event.time_stamp();
    let composing = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
    if is_enter(event) {
        take(event, Input::EnterDown { shift: event.shift_key(), composing, at_ms });
    } else if event.key_code() != TAKEN_BY_INPUT_METHOD {
        take(event, Input::OtherDown);
    }
}

/// Whether the input method is composing in the field that has the focus.
pub(crate) fn is_composing() -> bool {
    FIELD.with_borrow(Enter::is_composing)
}

/// A field that Enter does something in.
enum Field {
    Line(HtmlInputElement),
    Area(HtmlTextAreaElement),
}

impl Field {
    fn of(event: &Event) -> Option<Self> {
        match event.target()?.dyn_into::<HtmlTextAreaElement>() {
            Ok(area) => Some(Self::Area(area)),
            Err(target) => {
                let input = target.dyn_into::<HtmlInputElement>().ok();
                // The field for files is a button: Enter opens it.
                input.filter(|input| !input.has_attribute("multiple")).map(Self::Line)
            }
        }
    }

    fn submit(&self) {
        let form = match self {
            Self::Line(input) => input.form(),
            Self::Area(area) => area.form(),
        };
        if let Some(form) = form {
            // A form that the browser finds invalid says so itself.
            let _ = form.request_submit();
        }
    }

    /// Whether something is offered for what is being typed.
    fn offers(&self) -> bool {
        let Self::Area(area) = self else { return false };
        area.get_attribute("aria-activedescendant").is_some_and(|id| !id.is_empty())
    }

    fn break_line(&self) {
        let Self::Area(area) = self else { return };
        let start = area.selection_start().ok().flatten().unwrap_or_default();
        let end = area.selection_end().ok().flatten().unwrap_or(start);
        let broken = area.set_range_text_with_start_and_end_and_mode("\n", start, end, "end");
        if let (Ok(()), Ok(input)) = (broken, Event::new("input")) {
            let _ = area.dispatch_event(&input);
        }
    }
}

/// Whether Enter does no more than end a composition, however the platform reports it.
fn ends_composition(input: &Input) -> bool {
    match input {
        Input::Composed { at_ms, .. } => {
            COMPOSED_AT_MS.set(*at_ms);
            true
        }
        Input::EnterDown { composing, at_ms, .. } => *composing || at_ms - COMPOSED_AT_MS.get() < SAME_PRESS_MS,
        _ => false,
    }
}

/// Input methods report the key as "Process"; the physical key is still Enter.
fn is_enter(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" || matches!(event.code().as_str(), "Enter" | "NumpadEnter")
}

fn take(event: &Event, input: Input) {
    let Some(field) = Field::of(event) else {
        if input == Input::EnterUp {
            // The press has led away from its field.
            FIELD.with_borrow_mut(|enter| enter.take(input));
        }
        return;
    };
    let ends_composition = ends_composition(&input);
    let outcome = FIELD.with_borrow_mut(|enter| enter.take(input));
    if outcome != Outcome::Pass {
        event.prevent_default();
    }
    match outcome {
        // While something is offered for what was composed, its end is no answer to the offer.
        Outcome::Send if ends_composition && field.offers() => {}
        Outcome::Send => field.submit(),
        Outcome::Break => field.break_line(),
        Outcome::Pass | Outcome::Swallow => {}
    }
}
