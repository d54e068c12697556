//! Menus by key, as ARIA's practices have it for a menu's button: Arrow Down on it opens what it opens and goes to the first thing
//! in there, Arrow Up to the last; and a menu that Tab leads out of is closed. No menu can be forgotten, for all keys are heard.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::browser::{close_popovers, find, focus_on, next_frame, window};

/// What opens a menu, whatever kind of thing that is.
const BUTTON: &str = "[popovertarget], [aria-haspopup=menu]";
/// The menu that is open: there is one at most.
const MENU: &str = ":popover-open";

/// A key was pressed; `None` where it is none that these menus know.
pub(crate) fn press(event: &KeyboardEvent) -> Option<()> {
    let is_up = match event.key().as_str() {
        "ArrowDown" => false,
        "ArrowUp" => true,
        "Tab" => {
            // The focus is where it leads by then.
            next_frame(Box::new(|| {
                leave();
            }));
            return None;
        }
        _ => return None,
    };
    let button: HtmlElement = event.target()?.dyn_into().ok()?;
    if button.matches(BUTTON).ok()? {
        event.prevent_default();
        if find(MENU).is_none() {
            button.click();
        }
        // What is in it may be drawn only now.
        next_frame(Box::new(move || {
            enter(is_up);
        }));
    }
    Some(())
}

/// To the first thing that takes the focus, or to the last: what is hidden doesn't.
fn enter(from_end: bool) -> Option<()> {
    let things = find(MENU)?.query_selector_all("a, button, input").ok()?;
    let (count, document) = (things.length(), window().document()?);
    let takes_focus = |at| {
        let thing: Element = things.item(if from_end { count - 1 - at } else { at })?.unchecked_into();
        focus_on(thing.clone())?;
        document.active_element().filter(|focused| *focused == thing)
    };
    (0..count).find_map(takes_focus).map(drop)
}

/// The menu's own button is not outside of it: from there Tab leads back in.
fn leave() -> Option<()> {
    let (menu, focused) = (find(MENU)?, window().document()?.active_element()?);
    if !menu.contains(Some(&focused)) && focused.get_attribute("popovertarget") != Some(menu.id()) {
        close_popovers();
    }
    Some(())
}
