//! Sheets: pages that the server draws, over the room instead of in its place. A link with `data-sheet` opens one, its links
//! and forms turn it, and an answer that is another page closes it and leads there. One listener for clicks and one for forms on
//! the document serve all of them; what is open stands in the history, so that "back" closes it.

use std::cell::{Cell, RefCell};

use app::chat::Chat;
use app::components::link::wants_another_tab;
use app::refusal::Refusal;
use app::route::Route;
use app::text::number;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, FormData, HtmlButtonElement, HtmlDialogElement, HtmlFormElement, HtmlTextAreaElement, MouseEvent,
    RequestInit, Response, SubmitEvent, UrlSearchParams,
};

use crate::browser::{answer_to, find, focus_on, is_like, listen_to, on_document, origin, pair, window};
use crate::history::{back, noted, step};
use crate::{live_list, thread};

/// The header of requests for a sheet alone, and of answers that are one.
const HEADER: &str = "sheet";
/// What it says for a whole sheet.
pub(crate) const SHEET: &str = "1";
/// How long the server has to answer.
const WITHIN_MS: u32 = 20_000;
/// A form that carries files says so by this name.
const MULTIPART: &str = "multipart/form-data";

thread_local! {
    /// Something was asked, and is not answered yet.
    static IS_ASKING: Cell<bool> = const { Cell::new(false) };
    /// What is asked next: what was wanted meanwhile.
    static NEXT: RefCell<Option<(String, RequestInit, String)>> = const { RefCell::new(None) };
    /// How often something was asked or given up: an answer to what was given up comes too late.
    static TURNS: Cell<u32> = const { Cell::new(0) };
    /// From which reply of a thread the sheet was opened.
    static FROM: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Serves the links and forms of sheets from now on, and opens the one that was open before the page was loaded again.
pub(crate) fn watch(chat: Chat) {
    on_document("click", move |event: MouseEvent| {
        clicked(chat, &event);
    });
    on_document("submit", move |event: SubmitEvent| {
        submitted(chat, &event);
    });
    restore(chat);
}

/// After a step through the history: the sheet that stands at this place, or none.
pub(crate) fn restore(chat: Chat) {
    match noted() {
        Some(path) => bring(chat, path),
        None => close(),
    }
}

/// Opens the sheet at this path.
pub(crate) fn bring(chat: Chat, path: String) {
    ask(chat, path, RequestInit::new(), String::new());
}

/// Closes the sheet.
pub(crate) fn close() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

/// Puts a path into the address bar: in the place of the open sheet, or as a step of its own.
pub(crate) fn step_to(path: &str) {
    step(noted().is_some(), &JsValue::NULL, Some(path));
}

fn clicked(chat: Chat, event: &MouseEvent) -> Option<()> {
    let link = event.target()?.dyn_into::<Element>().ok()?.closest("a[data-sheet], .sheet a").ok()??;
    let path = link.get_attribute("href").filter(|path| path.starts_with('/'))?;
    if event.default_prevented() || wants_another_tab(event) || link.has_attribute("download") {
        return None;
    }
    let route = Route::parse(plain(&path));
    if link.has_attribute("data-close") {
        close();
    } else if let Some(text) = link.get_attribute("data-copy") {
        let words = chat.words();
        let (is_copied, said) = if text.is_empty() {
            ((chat.browser.copy_link)(&path), words.on_message.link_copied)
        } else {
            ((chat.browser.copy_text)(&text), words.text_copied)
        };
        // What is said over the page is not seen behind a sheet.
        is_copied.then(|| link.set_text_content(Some(said)));
    } else if link.has_attribute("data-sheet") {
        FROM.set(link.closest(".thread-reply").ok().flatten().map(|reply| reply.id()).unwrap_or_default());
        bring(chat, path);
    } else if route != Route::Missing {
        leave(chat, route);
    } else {
        return None;
    }
    event.prevent_default();
    Some(())
}

fn submitted(chat: Chat, event: &SubmitEvent) -> Option<()> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let button = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
    // A button may lead its form to a sheet, and always in short.
    let other = button.as_ref().and_then(|button| button.get_attribute("formaction"));
    if other.is_none() {
        form.closest(".sheet, [data-sheet]").ok()??;
    }
    if event.default_prevented() {
        return None;
    }
    event.prevent_default();
    if form.has_attribute("data-live") {
        live_list::go(chat);
        return None;
    }
    let filled_in = FormData::new_with_form(&form).ok()?;
    if let Some(button) = button.filter(|button| !button.name().is_empty()) {
        filled_in.append_with_str(&button.name(), &button.value()).ok()?;
    }
    let asked = RequestInit::new();
    if form.method() == "get" {
        ask(chat, path_of(&form)?, asked, String::new());
        return Some(());
    }
    asked.set_method("POST");
    let is_multipart = form.enctype() == MULTIPART && other.is_none();
    let pairs = pairs(&filled_in)?;
    let said = String::from(pairs.to_string());
    asked.set_body(&if is_multipart { filled_in.into() } else { JsValue::from(pairs) });
    ask(chat, other.or_else(|| form.get_attribute("action"))?, asked, said);
    Some(())
}

/// Where a form leads that asks for something.
pub(crate) fn path_of(form: &HtmlFormElement) -> Option<String> {
    let pairs = pairs(&FormData::new_with_form(form).ok()?)?;
    Some(format!("{}?{}", form.get_attribute("action")?, String::from(pairs.to_string())))
}

fn pairs(filled_in: &FormData) -> Option<UrlSearchParams> {
    UrlSearchParams::new_with_str_sequence_sequence(filled_in).ok()
}

/// Asks one thing at a time; what is wanted meanwhile comes next, if the sheet is still there then.
fn ask(chat: Chat, path: String, asked: RequestInit, said: String) {
    if IS_ASKING.replace(true) {
        return NEXT.set(Some((path, asked, said)));
    }
    let turn = next_turn();
    busy(true);
    spawn_local(async move {
        let answer = fetch(&path, SHEET, &asked).await;
        if TURNS.get() != turn {
            return;
        }
        IS_ASKING.set(false);
        busy(false);
        // A second press of the same button or link is none.
        let next = NEXT.take().filter(|(to, _, wanted)| *to != path || *wanted != said);
        match answer {
            // What answers a form need not be there to be asked for.
            Some((answer, text)) => {
                take(chat, asked.get_method().and_then(|_| noted()).unwrap_or(path), &answer, &text)
            }
            None => return say(chat, &chat.sentence(Refusal::Unreachable)),
        }
        if let Some((path, asked, said)) = next.filter(|_| noted().is_some()) {
            ask(chat, path, asked, said);
        }
    });
}

fn next_turn() -> u32 {
    TURNS.set(TURNS.get() + 1);
    TURNS.get()
}

pub(crate) async fn fetch(path: &str, what: &str, asked: &RequestInit) -> Option<(Response, String)> {
    asked.set_headers(&Array::of2(&pair("accept", "text/html"), &pair(HEADER, what)));
    answer_to(path, asked, WITHIN_MS).await
}

/// Whether an answer is what was asked for in the header of sheets.
pub(crate) fn is(answer: &Response, what: &str) -> bool {
    has(answer, HEADER, what)
}

fn has(answer: &Response, name: &str, value: &str) -> bool {
    answer.headers().get(name).ok().flatten().is_some_and(|it| it.starts_with(value))
}

/// An answer is a sheet, a sentence, or another page.
pub(crate) fn take(chat: Chat, path: String, answer: &Response, text: &str) {
    let led_to = || answer.url().strip_prefix(&origin()).map(str::to_owned).unwrap_or_default();
    if is(answer, SHEET) {
        // What was taken over from the message box is kept elsewhere now.
        let taken = || dialog()?.query_selector("[data-from-box]").ok()??.get_attribute("data-from-box");
        if let (Some(slug), Some(of)) = (chat.shown_room(), taken().filter(|_| answer.redirected())) {
            let thread = number(&of).map(|of| chat.thread(&slug, of));
            chat.hands_over(thread.unwrap_or_else(|| chat.talk(&slug)));
        }
        show(chat, if answer.redirected() { led_to() } else { path }, text);
    } else if has(answer, "content-type", "text/plain") {
        say(chat, text);
    } else if answer.ok() {
        let path = led_to();
        match Route::parse(plain(&path)) {
            Route::Missing => drop(window().location().assign(&path)),
            route => leave(chat, route),
        }
    } else {
        say(chat, chat.words().trouble_hint);
    }
}

/// The path without what follows it.
fn plain(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Puts the sheet before the eyes, and the focus where something is to be done. The server escaped what it says.
fn show(chat: Chat, path: String, sheet: &str) -> Option<()> {
    let dialog = dialog().or_else(make)?;
    let was_open = dialog.open();
    let focused = window().document().and_then(|document| document.active_element()).map(|element| element.id());
    dialog.set_inner_html(sheet);
    thread::furnish(chat, &dialog);
    note(&path);
    if !was_open {
        open(&dialog)?;
    }
    let find = |selector: &str| dialog.query_selector(selector).ok().flatten();
    // What was pressed is often still there; the title of another sheet was not pressed.
    let kept = || find(&format!("#{}", focused.filter(|id| !id.is_empty() && id != "sheet-title")?));
    // Whoever is back in a thread is where they left it.
    let left = || FROM.with_borrow(|reply| find(&format!("#{reply} summary")));
    let place =
        find("[aria-invalid]").or_else(kept).or_else(|| find("[autofocus]")).or_else(left).or_else(|| find("h1"))?;
    focus_on(place)
}

/// The open sheet stands at this place of the history, with what it shows now; what is opened from a thread leads back to it.
pub(crate) fn note(path: &str) {
    let is_thread = |path: &str| plain(path).ends_with("/thread");
    step(noted().is_some_and(|was| !is_thread(&was) || is_thread(path)), &path.into(), None);
}

/// Where there is space, a thread stands beside its room; everything else lies over what is below it.
fn open(dialog: &HtmlDialogElement) -> Option<()> {
    let stands_beside = dialog.query_selector(".thread").ok()?.is_some() && is_like("(min-width: 75rem)");
    dialog.set_attribute("closedby", if stands_beside { "closerequest" } else { "any" }).ok()?;
    if stands_beside {
        dialog.show()
    } else {
        dialog.show_modal().ok()?
    }
    Some(())
}

/// At the foot of the sheet, or on the page where none is open.
pub(crate) fn say(chat: Chat, sentence: &str) {
    let note = dialog().filter(HtmlDialogElement::open).and_then(|dialog| dialog.query_selector(".sheet-note").ok()?);
    match note {
        Some(note) => note.set_text_content(Some(sentence)),
        None => chat.say(sentence.to_owned()),
    }
}

/// To another page, unless it lies below anyway. A message is looked for again.
fn leave(chat: Chat, route: Route) {
    let is_message = matches!(route, Route::Message(..));
    let is_here =
        chat.route.with_untracked(|shown| *shown == route || (route.room().is_some() && shown.room() == route.room()));
    if !is_message && is_here {
        close();
    } else {
        chat.go(route);
    }
}

/// What opened the sheet may be gone: the focus goes where one writes, unless that would bring a keyboard onto the screen.
pub(crate) fn focus_box() {
    // A message that is being changed comes first, and stands above the box.
    let field = find("#revision, #message").filter(|_| is_like("(pointer: fine)"));
    field.and_then(|field| field.dyn_into().ok()).and_then(goes_on);
}

/// What stands in a field already is gone on with.
pub(crate) fn goes_on(field: HtmlTextAreaElement) -> Option<()> {
    field.focus().ok()?;
    let end = field.text_length();
    field.set_selection_range(end, end).ok()
}

fn dialog() -> Option<HtmlDialogElement> {
    find("dialog.sheet")?.dyn_into().ok()
}

fn make() -> Option<HtmlDialogElement> {
    let document = window().document()?;
    let dialog: HtmlDialogElement = document.create_element("dialog").ok()?.dyn_into().ok()?;
    dialog.set_class_name("sheet");
    dialog.set_attribute("aria-labelledby", "sheet-title").ok()?;
    // However it was closed, by Escape too.
    let closed = |_| {
        next_turn();
        IS_ASKING.set(false);
        NEXT.take();
        if noted().is_some() {
            back();
        }
    };
    listen_to(&dialog, "close", Box::new(closed));
    document.body()?.append_child(&dialog).ok()?;
    Some(dialog)
}

fn busy(is_busy: bool) {
    if let Some(dialog) = dialog() {
        let _ = dialog.set_attribute("aria-busy", if is_busy { "true" } else { "false" });
    }
}
