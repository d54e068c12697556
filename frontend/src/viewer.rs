//! What scripts add to the sheet of a picture (`server/src/sheets/picture.rs`): keys for its buttons, larger and smaller in steps
//! whose sizes stand in `style/viewer.css`, and swiping to the next. Two fingers are the browser's own affair.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, MouseEvent};

use crate::browser::{self, on_document};

/// The largest step.
const MOST: i32 = 5;
/// The step that a double click leads to.
const DOUBLE: i32 = 2;
/// A finger that moves so far, in CSS pixels, turns to the next.
const SWIPE_PX: i32 = 60;
/// Where the style finds the step.
const ATTRIBUTE: &str = "data-step";

thread_local! {
    /// Where the pointer went down on a picture.
    static DOWN_AT: Cell<Option<i32>> = const { Cell::new(None) };
    /// How often it was made larger.
    static STEP: Cell<i32> = const { Cell::new(0) };
}

/// Serves the picture that is open from now on.
pub(crate) fn watch() {
    for name in ["keydown", "click", "dblclick", "pointerdown", "pointerup"] {
        on_document(name, |event: Event| {
            hear(&event);
        });
    }
}

fn find(selector: &str) -> Option<HtmlElement> {
    browser::find(selector)?.dyn_into().ok()
}

/// Presses the button that a key is for; whether there is one.
fn press(key: &str) -> bool {
    let Some(stage) = stage() else { return false };
    let selector = match key {
        "ArrowLeft" => "[data-key=ArrowLeft]",
        "ArrowRight" => "[data-key=ArrowRight]",
        "+" | "=" => "[data-zoom='1']",
        "-" => "[data-zoom='-1']",
        "0" => {
            zoom(&stage, 0);
            return true;
        }
        _ => return false,
    };
    find(selector).map(|button| button.click()).is_some()
}

fn stage() -> Option<HtmlElement> {
    find(".viewer-stage")
}

/// A picture that was just opened has none.
fn step(stage: &Element) -> i32 {
    if stage.has_attribute(ATTRIBUTE) { STEP.get() } else { 0 }
}

fn hear(event: &Event) -> Option<()> {
    let (target, stage): (Element, _) = (event.target()?.dyn_into().ok()?, stage()?);
    let on_picture = target.tag_name() == "IMG" && stage.contains(Some(&target));
    let x = || event.unchecked_ref::<MouseEvent>().client_x();
    match event.type_().as_str() {
        "keydown" => {
            let event: &KeyboardEvent = event.unchecked_ref();
            let is_bare = !(event.ctrl_key() || event.meta_key() || event.alt_key());
            if is_bare && press(&event.key()) {
                event.prevent_default();
            }
        }
        "click" => {
            let is_larger = target.closest("[data-zoom]").ok()??.get_attribute("data-zoom")? == "1";
            zoom(&stage, step(&stage) + if is_larger { 1 } else { -1 });
        }
        "dblclick" if on_picture => {
            zoom(&stage, if step(&stage) > 0 { 0 } else { DOUBLE });
        }
        "pointerdown" => DOWN_AT.set((on_picture && step(&stage) == 0).then(x)),
        "pointerup" => {
            let moved_px = x() - DOWN_AT.take()?;
            if moved_px.abs() > SWIPE_PX {
                press(if moved_px > 0 { "ArrowLeft" } else { "ArrowRight" });
            }
        }
        _ => {}
    }
    None
}

/// Shows the picture at this step, and keeps in the middle what is in the middle.
fn zoom(stage: &HtmlElement, to: i32) -> Option<()> {
    let middle = |at: i32, seen: i32, whole: i32| f64::from(2 * at + seen) / f64::from(whole.max(1));
    let across = middle(stage.scroll_left(), stage.client_width(), stage.scroll_width());
    let down = middle(stage.scroll_top(), stage.client_height(), stage.scroll_height());
    STEP.set(to.clamp(0, MOST));
    stage.set_attribute(ATTRIBUTE, &STEP.get().to_string()).ok()?;
    let back = |middle: f64, seen: i32, whole: i32| ((middle * f64::from(whole)) as i32 - seen) / 2;
    stage.set_scroll_left(back(across, stage.client_width(), stage.scroll_width()));
    stage.set_scroll_top(back(down, stage.client_height(), stage.scroll_height()));
    // The file itself, once it is needed; until it is there, what was drawn of it stays.
    let picture = find(".viewer-stage:not([data-step='0']) > [data-fine]")?;
    picture.set_attribute("src", &picture.get_attribute("data-fine")?).ok()?;
    picture.remove_attribute("data-fine").ok()
}
