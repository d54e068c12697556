//! The browser's history: what stands at the place where one is, and the steps from there. A step back takes its time, on a busy
//! machine long enough for another press; what is wanted meanwhile is put into the history when the step has come, or when it has
//! not come for long: a browser may pass over it.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use wasm_bindgen::JsValue;
use web_sys::History;

use crate::browser::{later, window};

/// A step back that has not come by then is not waited for any more.
const WITHIN: Duration = Duration::from_secs(2);

/// Another place or this one, what is noted there, and its path if it is another.
type Step = (bool, JsValue, Option<String>);

thread_local! {
    /// The steps that wait for a step back, while one is under way.
    static WAITING: RefCell<Option<Vec<Step>>> = const { RefCell::new(None) };
    /// How many steps back there were.
    static TAKEN: Cell<u32> = const { Cell::new(0) };
}

/// The address of the sheet that stands at this place of the history.
pub(crate) fn noted() -> Option<String> {
    WAITING.with_borrow(|waiting| match waiting {
        Some(steps) => steps.last()?.1.as_string(),
        None => window().history().ok()?.state().ok()?.as_string(),
    })
}

/// Puts a path and what is noted with it into the history: as another step, or in place of this one.
pub(crate) fn step(in_place: bool, state: &JsValue, path: Option<&str>) {
    let waits = WAITING.with_borrow_mut(|waiting| {
        waiting.as_mut().map(|steps| steps.push((in_place, state.clone(), path.map(str::to_owned))))
    });
    if waits.is_none() {
        let put = if in_place { History::replace_state_with_url } else { History::push_state_with_url };
        let _ = window().history().map(|history| put(&history, state, "", path));
    }
}

/// Takes the last step back.
pub(crate) fn back() {
    let waits = WAITING.with_borrow_mut(|waiting| waiting.as_mut().map(Vec::pop));
    if waits.is_none() {
        WAITING.set(Some(Vec::new()));
        let this = TAKEN.get() + 1;
        TAKEN.set(this);
        let give_up = move || {
            if TAKEN.get() == this {
                has_moved();
            }
        };
        later(WITHIN, Box::new(give_up));
        let _ = window().history().map(|history| history.back());
    }
}

/// The browser is at another place; whether somebody is further already.
pub(crate) fn has_moved() -> bool {
    let waiting = WAITING.take().unwrap_or_default();
    waiting.iter().for_each(|(in_place, state, path)| step(*in_place, state, path.as_deref()));
    !waiting.is_empty()
}
