//! The browser as the app wants it: clock, random bits, cookies, history, the document; and the browser's own news,
//! carried to the app.

use std::time::Duration;

use app::aside::{Answer, WithReply};
use app::browser::{Browser, WithText};
use app::chat::Chat;
use app::first_page::{ELEMENT_ID, FirstPage, OFFSET_COOKIE, ZONE_COOKIE};
use app::i18n::Lang;
use app::message::Cid;
use app::preferences::Theme;
use app::refusal::Refusal;
use app::route::Route;
use js_sys::Array;
use leptos::prelude::{request_animation_frame, set_timeout};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Document, Element, Event, EventTarget, HtmlDocument, HtmlElement, HtmlInputElement,
    HtmlTextAreaElement, RequestInit, Response, Window,
};

use crate::connection::{self, Wish};
use crate::{attention, calls, enter, history, json, lab, pages, sheet, tabs, uplink, upload};

/// How long an answer may take, and the table of emoji.
const FETCHED_WITHIN_MS: u32 = 20_000;
const YEAR_S: u32 = 31_536_000;
/// How often to look whether the machine slept, or nobody is there.
const TICK_MS: i32 = 5_000;

/// What the app may ask.
pub(crate) fn browser() -> Browser {
    Browser {
        now_ms,
        offset_min,
        new_cid,
        remember,
        dress,
        later,
        carry_over,
        focus,
        copy_text,
        write_over,
        copy_link,
        open_sheet: sheet::bring,
        go_to,
        stand_at,
        copy,
        take_out: upload::take_out,
        once_closed: tabs::once_closed,
        reload,
        load,
        ask: uplink::ask,
        send_waiting: uplink::send_waiting,
        send_later: uplink::send_later,
        keep: tabs::keep,
        recall: pages::recall,
        load_emoji,
        post,
        keep_note,
        kept_note,
        keep_in_tab,
        kept_in_tab,
        keep_notices: calls::keep_notices,
        call: calls::call,
        hush: calls::hush,
        connect: || connection::wish(Wish::Connect),
        disconnect: || connection::wish(Wish::Disconnect),
        elapsed_us,
        lab_open: lab::open,
        lab_send: lab::send,
        lab_close: lab::close,
        lab_fate: lab::fate,
    }
}

/// Carries the browser's news to the app and to the connection.
pub(crate) fn listen(chat: Chat) {
    on_window("popstate", move || {
        if history::has_moved() {
            return;
        }
        let route = Route::parse(&current_path());
        if chat.stands_at() != route {
            chat.show(route);
        }
        sheet::restore(chat);
    });
    on_window("online", check);
    on_window("offline", check);
    on_window("pageshow", check);
    on_window("focus", move || {
        attention::touched();
        chat.looks(true);
    });
    on_window("blur", move || chat.looks(false));
    on_window("pagehide", move || {
        chat.looks(false);
        pages::write(chat);
    });
    on_document("visibilitychange", move |_: Event| {
        chat.looks(is_looked_at());
        if is_hidden() { pages::write(chat) } else { check() }
    });
    watch_for_sleep(chat);
}

fn check() {
    connection::wish(Wish::Check);
}

/// Whether the page is in sight and has the focus.
pub(crate) fn is_looked_at() -> bool {
    window().document().is_some_and(|document| !document.hidden() && document.has_focus().unwrap_or(true))
}

fn is_hidden() -> bool {
    window().document().is_some_and(|document| document.hidden())
}

/// A timer that comes much later than it should has slept with the machine.
fn watch_for_sleep(chat: Chat) {
    let mut last_ms = now_ms();
    let tick = move || {
        let now_ms = now_ms();
        if now_ms - std::mem::replace(&mut last_ms, now_ms) > 3 * i64::from(TICK_MS) {
            check();
        }
        attention::look();
        if chat.is_looked_at.get_untracked() {
            calls::look(chat);
        }
    };
    let tick = Closure::<dyn FnMut()>::new(tick);
    let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(tick.as_ref().unchecked_ref(), TICK_MS);
    // It ticks as long as the page lives.
    tick.forget();
}

/// Listens to an event wherever it happens in the page.
pub(crate) fn on_document<Heard: JsCast>(event: &str, mut heard: impl FnMut(Heard) + 'static) {
    let document = window().document().expect("a window has a document");
    listen_to(&document, event, Box::new(move |event| heard(event.unchecked_into())));
}

fn on_window(event: &str, mut heard: impl FnMut() + 'static) {
    listen_to(&window(), event, Box::new(move |_| heard()));
}

/// As long as the target lives. One piece of code for all events, for it is compiled anew for every type.
pub(crate) fn listen_to(target: &EventTarget, event: &str, heard: Box<dyn FnMut(Event)>) {
    let heard = Closure::wrap(heard).into_js_value();
    let _ = target.add_event_listener_with_callback(event, heard.unchecked_ref());
}

pub(crate) fn window() -> Window {
    web_sys::window().expect("the wasm runs in a window")
}

/// The state that the server wrote into the page.
pub(crate) fn first_page() -> Option<FirstPage> {
    let text = window().document()?.get_element_by_id(ELEMENT_ID)?.text_content()?;
    json::decode(&text)
}

/// Gets a text from this server with an ordinary request; `None` when that fails, or takes longer than this.
pub(crate) async fn fetch(path: &str, within_ms: u32) -> Option<String> {
    Some(answer_to(path, &RequestInit::new(), within_ms).await?.1)
}

/// Asks this server, and gives back its answer with the text in it; `None` when that fails, or takes longer than this.
pub(crate) async fn answer_to(path: &str, asked: &RequestInit, within_ms: u32) -> Option<(Response, String)> {
    asked.set_signal(Some(&AbortSignal::timeout_with_u32(within_ms)));
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, asked)).await.ok()?;
    let answer: Response = answer.unchecked_into();
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    Some((answer, text))
}

/// A name and a value, for headers and forms.
pub(crate) fn pair(name: &str, value: &str) -> Array {
    Array::of2(&name.into(), &value.into())
}

/// Why an answer refuses.
pub(crate) fn refusal_in(text: &str) -> Refusal {
    json::decode::<Answer>(text).and_then(|answer| answer.code).unwrap_or(Refusal::Unavailable)
}

fn post(path: &str, text: &str, then: WithReply) {
    let asked = RequestInit::new();
    asked.set_method("POST");
    asked.set_body(&text.into());
    let path = path.to_owned();
    wasm_bindgen_futures::spawn_local(async move {
        let answered = answer_to(&path, &asked, FETCHED_WITHIN_MS).await;
        then(answered.ok_or(Refusal::Unreachable).and_then(|(answer, text)| {
            json::decode::<Answer>(&text).filter(|_| answer.ok()).ok_or_else(|| refusal_in(&text))
        }));
    });
}

/// The page says where the table lies.
fn load_emoji(then: WithText) {
    let path = find("meta[name=emoji]").and_then(|meta| meta.get_attribute("content"));
    wasm_bindgen_futures::spawn_local(async move {
        then(fetch(path.as_deref().unwrap_or("/emoji"), FETCHED_WITHIN_MS).await);
    });
}

fn keep_note(name: &str, text: &str) {
    if let Ok(Some(notes)) = window().local_storage() {
        let _ = notes.set_item(name, text);
    }
}

fn kept_note(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

fn keep_in_tab(name: &str, text: &str) {
    if let Ok(Some(tab)) = window().session_storage() {
        let _ = if text.is_empty() { tab.remove_item(name) } else { tab.set_item(name, text) };
    }
}

fn kept_in_tab(name: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(name).ok()?
}

/// The page answers to its reader now.
pub(crate) fn mark_ready() {
    if let Some(root) = window().document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-ready", "");
    }
}

/// The full address of a socket on this server.
pub(crate) fn socket_url(path: &str) -> String {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}{path}", location.host().unwrap_or_default())
}

/// Says something to the developer's console.
pub(crate) fn log(text: &str) {
    web_sys::console::error_1(&text.into());
}

pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

fn elapsed_us() -> i64 {
    window().performance().map_or(0, |performance| (performance.now() * 1_000.0) as i64)
}

/// A number in 0..1, for waiting times.
pub(crate) fn random() -> f64 {
    js_sys::Math::random()
}

/// The old way of copying, which works without https and leaves on the screen what was copied, selected.
fn copy(what: &Element) -> bool {
    let selection = window().get_selection().ok().flatten();
    let is_selected = selection.is_some_and(|selection| selection.select_all_children(what).is_ok());
    let document = window().document().and_then(|document| document.dyn_into::<HtmlDocument>().ok());
    is_selected && document.is_some_and(|document| document.exec_command("copy").unwrap_or_default())
}

pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// Says where to: the history may be about to learn of it only now.
fn load(path: &str) {
    let _ = window().location().replace(path);
}

fn offset_min(at_ms: i64) -> i32 {
    -(js_sys::Date::new(&(at_ms as f64).into()).get_timezone_offset() as i32)
}

/// Lets the server draw times on this reader's clock from the next page on.
pub(crate) fn remember_clock() {
    remember(OFFSET_COOKIE, &offset_min(now_ms()).to_string());
    let clock = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
    if let Some(zone) = js_sys::Reflect::get(&clock, &"timeZone".into()).ok().and_then(|zone| zone.as_string()) {
        remember(ZONE_COOKIE, &zone);
    }
}

fn new_cid() -> Cid {
    let mut bytes = [0; 16];
    let crypto = window().crypto().expect("every browser that runs wasm has a source of random bits");
    crypto.get_random_values_with_u8_array(&mut bytes).expect("16 bytes are within its limits");
    Cid::fresh(now_ms(), u128::from_be_bytes(bytes))
}

fn remember(name: &str, value: &str) {
    if let Some(document) = window().document().and_then(|document| document.dyn_into::<HtmlDocument>().ok()) {
        let _ = document.set_cookie(&format!("{name}={value}; Path=/; Max-Age={YEAR_S}; SameSite=Lax"));
    }
}

fn dress(lang: Lang, theme: Theme, title: &str, news: Option<&str>) {
    let Some(document) = window().document() else {
        return;
    };
    document.set_title(title);
    if let Some(root) = document.document_element() {
        put(&root, "lang", lang.tag());
        put(&root, "data-theme", theme.word());
    }
    if let Some(icon) = find("link[rel=icon]") {
        let named = match news {
            None => "/favicon.svg",
            Some(news) if news.starts_with('@') => "/favicon-mention.svg",
            Some(_) => "/favicon-new.svg",
        };
        put(&icon, "href", named);
    }
}

/// Sets an attribute that is not so already: to set the language has the browser look at the style of the whole page again.
fn put(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        let _ = element.set_attribute(name, value);
    }
}

pub(crate) fn later(after: Duration, act: Box<dyn FnOnce()>) {
    set_timeout(act, after);
}

/// Does something before the page is drawn again.
pub(crate) fn next_frame(act: Box<dyn FnOnce()>) {
    request_animation_frame(act);
}

/// By the ids of the elements, which are the same in every language.
fn carry_over() {
    let Some(document) = window().document() else {
        return;
    };
    let typed: Vec<(String, String)> = fields(&document).map(|field| (field.id(), field.value())).collect();
    let focused = document.active_element().map(|element| element.id());
    let put_back = move || {
        for field in fields(&document) {
            if let Some((_, value)) = typed.iter().find(|(id, _)| *id == field.id()) {
                field.set_value(value);
            }
        }
        focused.and_then(|id| document.get_element_by_id(&id)).and_then(focus_on);
    };
    next_frame(Box::new(put_back));
}

fn fields(document: &Document) -> impl Iterator<Item = HtmlInputElement> {
    let inputs = document.get_elements_by_tag_name("input");
    let with_id = |field: &HtmlInputElement| !field.id().is_empty();
    (0..inputs.length()).filter_map(move |at| inputs.item(at)?.dyn_into().ok().filter(with_id))
}

fn focus(selector: &str) {
    let selector = selector.to_owned();
    let focus = move || {
        find(&selector).and_then(focus_on);
    };
    next_frame(Box::new(focus));
}

/// The first element that is like this.
pub(crate) fn find(selector: &str) -> Option<Element> {
    window().document()?.query_selector(selector).ok()?
}

/// Puts the focus on an element.
pub(crate) fn focus_on(element: Element) -> Option<()> {
    element.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

/// Whether the window or the device is like this.
pub(crate) fn is_like(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|query| query.matches())
}

/// By way of an element that is gone again before anybody sees it, and the focus stays where it is.
fn copy_text(text: &str) -> bool {
    let Some(document) = window().document() else { return false };
    let focused = document.active_element();
    // What lies under a modal dialog can't be selected.
    let (Ok(element), Some(place)) = (document.create_element("pre"), find(":modal").or_else(|| find("body"))) else {
        return false;
    };
    element.set_text_content(Some(text));
    let is_copied = place.append_child(&element).is_ok() && copy(&element);
    element.remove();
    focused.and_then(focus_on);
    is_copied
}

/// The browser's own way of typing, so that it can be undone; where it is missing, the text is put there.
fn write_over(area: &HtmlTextAreaElement, from: u32, to: u32, text: &str) {
    let Some(document) = window().document().and_then(|document| document.dyn_into::<HtmlDocument>().ok()) else {
        return;
    };
    if from == to && enter::is_composing() {
        // The input method would go on writing over what it began: a field that is left ends that.
        let _ = area.blur();
    }
    let _ = area.focus();
    let _ = area.set_selection_range(from, to);
    if !document.exec_command_with_show_ui_and_value("insertText", false, text).unwrap_or_default() {
        let _ = area.set_range_text_with_start_and_end_and_mode(text, from, to, "end");
        let _ = Event::new("input").map(|input| area.dispatch_event(&input));
    }
}

fn copy_link(path: &str) -> bool {
    copy_text(&(origin() + path))
}

/// With what the addresses of this server begin.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

fn go_to(path: &str) {
    close_popovers();
    if path != current_path() {
        sheet::step_to(path);
    }
    sheet::close();
}

fn stand_at(path: &str) {
    history::step(true, &JsValue::NULL, Some(path));
}

/// Closes what lies over the page; a new page begins with nothing on it.
pub(crate) fn close_popovers() {
    if let Some(sheet) = find(":popover-open").and_then(|sheet| sheet.dyn_into::<HtmlElement>().ok()) {
        let _ = sheet.hide_popover();
    }
}

fn current_path() -> String {
    window().location().pathname().unwrap_or_default()
}
