//! What opens at a message's row (its menu, the emoji): popovers, which lie over everything, beside what opened them.

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::chat::Chat;
use crate::live::{Derived, effect};
use crate::talk::{Opened, Talk};
use crate::tree::Spot;

/// Its element.
pub type Popover = Spot<HtmlElement>;

/// Opens a popover when it is wanted, beside the actions of the row, and closes it when the message is deleted; whether it is open.
pub fn follows(talk: Talk, popover: Popover, which: Opened) -> Derived<bool> {
    let is_open = Derived::new(move || {
        let opened = talk.shaping.with(|shaping| shaping.opened);
        opened.is_some_and(|(what, seq)| what == which && !talk.is_deleted(seq))
    });
    effect(move || {
        if let Some(popover) = popover.get() {
            if is_open.get() {
                stand_beside(&popover);
                let _ = popover.show_popover();
            } else {
                let _ = popover.hide_popover();
            }
        }
    });
    is_open
}

/// Below the lower edge of the row's actions, or where there is room above the window's end; wide windows alone look at it.
fn stand_beside(popover: &HtmlElement) {
    if let Ok(Some(actions)) = document().query_selector(".message-actions") {
        let place = actions.get_bounding_client_rect();
        let from_end = f64::from(document().document_element().map_or(0, |root| root.client_width())) - place.right();
        let style = popover.style();
        let _ = style.set_property("--below", &format!("{}px", place.bottom().round() as i64));
        let _ = style.set_property("--from-end", &format!("{}px", from_end.round() as i64));
    }
}

/// Closes a popover.
pub fn close(popover: Popover) {
    if let Some(popover) = popover.get_untracked() {
        let _ = popover.hide_popover();
    }
}

/// The browser has opened or closed a popover. Once it is closed, however that was, the focus is where it was.
pub fn toggled(chat: Chat, talk: Talk, popover: Popover, which: Opened) {
    let is_shown = popover.get_untracked().is_some_and(|popover| popover.matches(":popover-open").unwrap_or_default());
    let is_open = talk.shaping.with_untracked(|shaping| shaping.opened.is_some_and(|(what, _)| what == which));
    if is_open && !is_shown {
        talk.let_be(chat);
    }
}
