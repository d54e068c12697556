//! Keys, wherever in the page they are pressed: who is asked about them, and those that turn the pages of the talk. Page Up and Page
//! Down do that on any row, in the empty message box, and where nothing has the focus.

use app::chat::Chat;

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::browser::{find, on_document};
use crate::{enter, live_list, menu, thread};

/// Where these keys mean the talk: a text that is written has pages of its own, and so has a sheet that lies over the page.
const MEANS_THE_TALK: &str = "body:not(:has(:modal)), .scroller, .scroller :not(textarea), #message:placeholder-shown";

/// Listens from now on.
pub(crate) fn watch(chat: Chat) {
    on_document("keydown", move |event: KeyboardEvent| {
        enter::press(&event);
        live_list::press(&event);
        menu::press(&event);
        thread::hear_key(chat, &event);
        turn_page(&event);
    });
}

/// Whether it was pressed with none of the keys that make it another.
pub(crate) fn is_bare(event: &KeyboardEvent) -> bool {
    !(event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key())
}

fn turn_page(event: &KeyboardEvent) -> Option<()> {
    let way = match event.key().as_str() {
        "PageUp" => -1,
        "PageDown" => 1,
        _ => return None,
    };
    let target: Element = event.target()?.dyn_into().ok()?;
    if is_bare(event) && target.matches(MEANS_THE_TALK).ok()? {
        let scroller = find(".scroller")?;
        // At once, not little by little: rows that come meanwhile would put an end to it.
        scroller.set_scroll_top(scroller.scroll_top() + way * scroller.client_height() * 7 / 8);
        event.prevent_default();
    }
    None
}
