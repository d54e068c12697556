//! What opens at a message's row (its menu, the emoji): popovers, which lie over everything, beside what opened them.

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::chat::Chat;
use crate::live::{Derived, effect};
use crate::talk::{Opened, Shaping, Talk};
use crate::tree::Spot;

/// What may have the focus but for messages and what opens at them.
const ELSEWHERE: &str = ":not(body, .message, [popover], :is(.message, [popover]) *)";

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

/// The browser has opened or closed a popover. Once it is closed, however that was, the focus is where it was, unless somebody who
/// came by key has taken it elsewhere.
pub fn toggled(chat: Chat, talk: Talk, popover: Popover, which: Opened) {
    let is_shown = popover.get_untracked().is_some_and(|popover| popover.matches(":popover-open").unwrap_or_default());
    let shaping = talk.shaping.get_untracked();
    if is_shown || shaping.opened.is_none_or(|(what, _)| what != which) {
        return;
    }
    let focused = document().active_element().filter(|_| !shaping.from_box);
    if focused.is_some_and(|focused| focused.matches(ELSEWHERE).unwrap_or_default()) {
        talk.shaping.set(Shaping { actions: None, opened: None, ..shaping });
    } else {
        talk.let_be(chat);
    }
}
