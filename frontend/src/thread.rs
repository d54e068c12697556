//! The thread that lies open over its room follows what happens there: where something befalls one of its rows, they are asked for
//! again, and what is different among them takes its place. What is being written under them stays as it is.

use std::cell::Cell;

use app::chat::Chat;
use app::message::Seq;
use app::room::Slug;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, MouseEvent, RequestInit};

use crate::browser::{on_document, window};
use crate::sheet;

/// The rows of the open thread.
const ROWS: &str = ".sheet[open] [data-thread]";

thread_local! {
    static IS_ASKING: Cell<bool> = const { Cell::new(false) };
    /// Something happened since the rows were asked for.
    static IS_STALE: Cell<bool> = const { Cell::new(false) };
}

/// Lets emoji under replies be pressed, from now on.
pub(crate) fn watch(chat: Chat) {
    on_document("click", move |event: MouseEvent| {
        press(chat, &event);
    });
}

/// Something happened to these messages of a room.
pub(crate) fn befalls(room: &Slug, messages: &[Seq]) {
    let is_of_room = sheet::noted().is_some_and(|path| path.starts_with(&format!("{}/", room.path())));
    if is_of_room && messages.iter().any(|seq| find(&format!("{ROWS} [data-seq=\"{seq}\"]")).is_some()) {
        IS_STALE.set(true);
        freshen();
    }
}

fn freshen() {
    if !IS_ASKING.replace(true) {
        spawn_local(async {
            while IS_STALE.replace(false) {
                ask().await;
            }
            IS_ASKING.set(false);
        });
    }
}

/// `None` where another sheet is open meanwhile, or there is no connection: what comes after the cut asks again.
async fn ask() -> Option<()> {
    let path = sheet::noted()?;
    let (_, text) = sheet::fetch(&path, sheet::SHEET, &RequestInit::new()).await?;
    let page = window().document()?.create_element("div").ok()?;
    page.set_inner_html(&text);
    let new = page.query_selector("[data-thread]").ok()??;
    if sheet::noted()? == path { take_over(&find(ROWS)?, &new) } else { None }
}

/// Rows that are as they were are not touched.
fn take_over(rows: &Element, new: &Element) -> Option<()> {
    let mut place = rows.first_element_child();
    while let Some(row) = new.first_element_child() {
        let next = place.as_ref().and_then(Element::next_element_sibling);
        match &place {
            Some(was) if was.is_equal_node(Some(&row)) || is_in_use(was, &row) => row.remove(),
            Some(was) => drop(rows.replace_child(&row, was).ok()?),
            None => drop(rows.append_child(&row).ok()?),
        }
        place = next;
    }
    while let Some(was) = place {
        place = was.next_element_sibling();
        was.remove();
    }
    Some(())
}

/// Whether somebody is about to do something to the same reply.
fn is_in_use(was: &Element, row: &Element) -> bool {
    was.id() == row.id() && was.query_selector("details[open]").is_ok_and(|open| open.is_some())
}

/// The message that bears the emoji takes mine, or loses it, as in the room.
fn press(chat: Chat, event: &MouseEvent) -> Option<()> {
    let emoji = event.target()?.dyn_into::<Element>().ok()?.closest(".sheet .reaction").ok()??;
    let of = emoji.closest("[data-seq]").ok()??.get_attribute("data-seq")?.parse().ok()?;
    let on = emoji.get_attribute("aria-pressed")? != "true";
    let shown = emoji.query_selector(".reaction-emoji").ok()??.text_content()?;
    chat.react(&chat.shown_room()?, of, shown, on);
    Some(())
}

fn find(selector: &str) -> Option<Element> {
    window().document()?.query_selector(selector).ok()?
}
