//! Lists on sheets that answer while one types: the list under a field is asked for again with each key, one request at a time,
//! and the newest text is always asked for last. The field keeps the focus; arrows choose in the list, Enter goes where the chosen
//! line leads, as soon as the list is the answer to what stands in the field. Also the keys that open the quick switcher.

use std::cell::Cell;

use app::chat::Chat;
use app::refusal::Refusal;
use app::text::hangul::is_hangul;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, RequestInit, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use crate::browser::{find, on_document, window};
use crate::sheet;

/// What is asked for in the header of sheets.
const LIST: &str = "list";
/// The line that Enter goes to.
const CHOSEN: &str = "#found [aria-selected=true]";

thread_local! {
    static IS_ASKING: Cell<bool> = const { Cell::new(false) };
    /// Enter was pressed before the answer was there.
    static GOES: Cell<bool> = const { Cell::new(false) };
}

/// Serves all such fields from now on.
pub(crate) fn watch(chat: Chat) {
    on_document("input", move |_: Event| look(chat));
}

/// Goes where the chosen line leads.
pub(crate) fn go(chat: Chat) {
    GOES.set(true);
    look(chat);
}

/// What the list answers to stands in the field by default, as the server wrote it.
fn look(chat: Chat) {
    if !IS_ASKING.replace(true) {
        spawn_local(async move {
            let mut goes = GOES.get();
            let has_answer = loop {
                let has_answer = answer(chat).await.is_some();
                // Enter that was pressed while something was asked asks anew where that failed.
                if has_answer || std::mem::replace(&mut goes, true) || !GOES.get() {
                    break has_answer;
                }
            };
            IS_ASKING.set(false);
            if GOES.replace(false) && has_answer {
                click(CHOSEN);
            }
        });
    }
}

/// Asks until the list is the answer to what stands in the field; `None` when there is none to be had.
async fn answer(chat: Chat) -> Option<()> {
    loop {
        let field = field()?;
        let text = field.value();
        if text == field.default_value() {
            sheet::say(chat, "");
            return Some(());
        }
        let path = sheet::path_of(&field.form()?)?;
        let Some((answer, list)) = sheet::fetch(&path, LIST, &RequestInit::new()).await else {
            if field.value() != text {
                continue;
            }
            sheet::say(chat, &chat.sentence(Refusal::Unreachable));
            return None;
        };
        if self::field().as_ref() != Some(&field) {
            // It belongs to a sheet that is gone.
            GOES.set(false);
        } else if sheet::is(&answer, LIST) {
            // Whoever went to a line with the arrows stays there; else the best one is chosen.
            let walked_to = chosen().filter(|line| line.previous_element_sibling().is_some());
            find("#found")?.set_inner_html(&list);
            field.set_default_value(&text);
            let kept = walked_to.and_then(|line| window().document()?.get_element_by_id(&line.id()));
            choose(&field, kept.or_else(chosen));
            sheet::note(&path);
            sheet::say(chat, "");
        } else {
            sheet::take(chat, path, &answer, &list);
            return None;
        }
    }
}

/// A key was pressed; `None` where it chooses nothing in a list.
pub(crate) fn press(event: &KeyboardEvent) -> Option<()> {
    let code = event.code();
    if code == "KeyK" && is_command(event) {
        event.prevent_default();
        click("[aria-keyshortcuts]")?;
    }
    // Whoever goes on typing has not gone.
    GOES.set(GOES.get() && code == "Enter");
    let is_back = match code.as_str() {
        "ArrowDown" => false,
        "ArrowUp" => true,
        _ => return None,
    };
    let (field, now) = (field()?, chosen()?);
    // Candidates of an input method are chosen by the arrows; Hangul has none.
    if event.is_composing() && !field.value().ends_with(is_hangul) {
        return None;
    }
    event.prevent_default();
    let list = now.parent_element()?;
    let next = if is_back { now.previous_element_sibling() } else { now.next_element_sibling() };
    choose(&field, next.or_else(|| if is_back { list.last_element_child() } else { list.first_element_child() }))
}

/// ⌘ on Apple's systems, where Ctrl and K cut a line; Ctrl elsewhere.
fn is_command(event: &KeyboardEvent) -> bool {
    let is_apple = window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"));
    let is_held = if is_apple { event.meta_key() } else { event.ctrl_key() };
    is_held && !event.shift_key() && !event.alt_key()
}

/// Marks a line as the one that Enter goes to, and shows it.
fn choose(field: &HtmlInputElement, line: Option<Element>) -> Option<()> {
    let id = line.as_ref().map(|line| line.id()).unwrap_or_default();
    field.set_attribute("aria-expanded", if id.is_empty() { "false" } else { "true" }).ok()?;
    field.set_attribute("aria-activedescendant", &id).ok()?;
    let line = line?;
    chosen()?.set_attribute("aria-selected", "false").ok()?;
    line.set_attribute("aria-selected", "true").ok()?;
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    line.scroll_into_view_with_scroll_into_view_options(&nearest);
    Some(())
}

/// The field of the open sheet.
fn field() -> Option<HtmlInputElement> {
    find("dialog[open] [data-live] [role=combobox]")?.dyn_into().ok()
}

fn chosen() -> Option<Element> {
    find(CHOSEN)
}

fn click(selector: &str) -> Option<()> {
    find(selector)?.dyn_into::<HtmlElement>().ok()?.click();
    Some(())
}
