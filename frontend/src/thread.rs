//! The thread that lies open over its room: its message box is the room's, under rows that the server draws. What is said
//! meanwhile stands below those until something that befell them has them asked for again; then what is different among them takes
//! its place, and what is being written under them stays as it is.

use std::cell::{Cell, RefCell};

use app::chat::Chat;
use app::components::composer::message_box;
use app::components::threads::thread_tail;
use app::components::typing_line::typing_line;
use app::live::Live;
use app::message::{Draft, Seq};
use app::refusal::Refusal;
use app::room::Slug;
use app::talk::Talk;
use app::text::number;
use app::tree::{Drawn, Node, draw_into};
use leptos::prelude::{Owner, provide_context};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlTextAreaElement, KeyboardEvent, MouseEvent, RequestInit};

use crate::browser::{find, focus_on, next_frame, on_document, window};
use crate::keys::is_bare;
use crate::{history, sheet};

/// How a reply was opened for change from the message box.
const BY_KEY: &str = "by-key";
/// The rows that the server has drawn.
const ROWS: &str = "[data-thread]";
/// The answer where a picture was, since its message was deleted.
const GONE: u16 = 404;

thread_local! {
    /// The thread on the sheet.
    static SHOWN: RefCell<Option<Shown>> = const { RefCell::new(None) };
    static IS_ASKING: Cell<bool> = const { Cell::new(false) };
    /// Something happened since the rows were asked for.
    static IS_STALE: Cell<bool> = const { Cell::new(false) };
}

/// What the page draws on the sheet of a thread.
struct Shown {
    talk: Talk,
    /// The server has drawn what was said up to here.
    up_to: Live<Seq>,
    _drawn: [(Drawn, Owner); 2],
}

/// Lets emoji under replies be pressed, and keeps what replies are being changed to, from now on.
pub(crate) fn watch(chat: Chat) {
    on_document("click", move |event: MouseEvent| {
        press(chat, &event);
    });
    on_document("input", move |event: Event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
        field.and_then(|field| keep_change(chat, &field, &field.value()));
    });
}

/// What a reply is being changed to survives a reload in its own tab, as it does in the room.
fn keep_change(chat: Chat, field: &HtmlTextAreaElement, text: &str) -> Option<()> {
    let reply = field.closest(".thread-shaping").ok()??.closest(".thread-reply").ok()??.id();
    let kept = if text.is_empty() { String::new() } else { format!("{reply} {text}") };
    (chat.browser.keep_in_tab)(&note_in(chat, at(field)?), &kept);
    Some(())
}

/// Goes on with a change of a reply that an earlier page left, unless it was saved.
fn take_up_change(chat: Chat, talk: Talk, sheet: &Element) -> Option<()> {
    let note = note_in(chat, talk);
    let kept = (chat.browser.kept_in_tab)(&note)?;
    let (reply, text) = kept.split_once(' ')?;
    let details = sheet.query_selector(&format!("#{reply} .thread-shaping:not([open])")).ok()??;
    let field: HtmlTextAreaElement = details.query_selector("textarea").ok()??.dyn_into().ok()?;
    let said = field.default_value().ok()?;
    if Draft::new(text).is_ok_and(|draft| draft.as_str() == said) {
        (chat.browser.keep_in_tab)(&note, "");
        return None;
    }
    field.set_value(text);
    details.set_attribute("open", "").ok()?;
    field.set_attribute("autofocus", "").ok()
}

fn note_in(chat: Chat, talk: Talk) -> String {
    format!("revision-{}-{}-{}", chat.my_id().map_or(0, |me| me.0), talk.path(), talk.of.unwrap_or_default())
}

/// Gives a sheet that is a thread its message box, and the place for what is said from now on.
pub(crate) fn furnish(chat: Chat, sheet: &Element) -> Option<()> {
    SHOWN.set(None);
    let find = |selector: &str| sheet.query_selector(selector).ok()?;
    let (place, tail) = (find(".thread-box")?, find(".thread-tail")?);
    let slug = Slug::from(place.get_attribute("data-room")?);
    let talk = chat.thread(&slug, number(&place.get_attribute("data-of")?)?);
    talk.shaping.update(|shaping| shaping.from_box = place.has_attribute("data-writes"));
    let up_to = Live::new(0);
    let draw = |into: &Element, draw: &dyn Fn() -> Node| {
        draw_into(into, || {
            provide_context(chat);
            draw()
        })
    };
    tell_up_to(up_to, &find(ROWS)?);
    let _drawn = [
        draw(&tail, &|| thread_tail(talk, up_to)),
        draw(&place, &|| vec![typing_line(talk), message_box(talk)].into()),
    ];
    chat.watches(talk);
    SHOWN.set(Some(Shown { talk, up_to, _drawn }));
    take_up_change(chat, talk, sheet)
}

/// The thread in whose sheet this is.
pub(crate) fn at(element: &Element) -> Option<Talk> {
    element.closest(".sheet").ok()??;
    SHOWN.with_borrow(|shown| shown.as_ref().map(|shown| shown.talk))
}

fn tell_up_to(up_to: Live<Seq>, rows: &Element) -> Option<()> {
    up_to.set(number(&rows.get_attribute("data-thread")?)?);
    Some(())
}

/// The arrow up in the empty box changes my last reply; Escape puts what may be done to a reply away.
pub(crate) fn hear_key(chat: Chat, event: &KeyboardEvent) -> Option<()> {
    let at: Element = event.target()?.dyn_into().ok()?;
    if event.default_prevented() || event.is_composing() || !is_bare(event) {
        return None;
    }
    match event.key().as_str() {
        "ArrowUp" if at.closest(".thread-box").ok()?.is_some() => {
            at.dyn_into::<HtmlTextAreaElement>().ok().filter(|area| area.value().is_empty())?;
            let replies = window().document()?.query_selector_all(&format!("{ROWS} textarea")).ok()?;
            let field: HtmlTextAreaElement = replies.item(replies.length().checked_sub(1)?)?.dyn_into().ok()?;
            field.closest("details").ok()??.set_attribute("open", BY_KEY).ok()?;
            // What is done then leads back to the box.
            let form = field.closest("form").ok()??;
            form.set_attribute("action", &format!("{}?writes=on", form.get_attribute("action")?)).ok()?;
            sheet::goes_on(field)?;
        }
        "Escape" => {
            let open = at.closest(".thread-shaping[open]").ok()??;
            let is_by_key = open.get_attribute("open")? == BY_KEY;
            open.remove_attribute("open").ok()?;
            // What is given up is not taken up again.
            let field = open.query_selector("textarea").ok()?.and_then(|field| field.dyn_into().ok());
            field.and_then(|field| keep_change(chat, &field, ""));
            let back = if is_by_key { find(".thread-box textarea") } else { open.first_element_child() }?;
            focus_on(back)?;
        }
        _ => return None,
    }
    event.prevent_default();
    Some(())
}

/// Something happened to these messages of a room, which may stand on the open sheet.
pub(crate) fn befalls(chat: Chat, room: &Slug, messages: &[Seq]) {
    let is_of_room = history::noted().is_some_and(|path| path.starts_with(&format!("{}/", room.path())));
    if is_of_room && messages.iter().any(|seq| find(&format!(".sheet[open] [data-seq=\"{seq}\"]")).is_some()) {
        IS_STALE.set(true);
        freshen(chat);
    }
}

fn freshen(chat: Chat) {
    if !IS_ASKING.replace(true) {
        spawn_local(async move {
            while IS_STALE.replace(false) {
                ask(chat).await;
            }
            IS_ASKING.set(false);
        });
    }
}

/// `None` where another sheet is open meanwhile, or there is no connection: what comes after the cut asks again.
async fn ask(chat: Chat) -> Option<()> {
    let path = history::noted()?;
    let (answer, text) = sheet::fetch(&path, sheet::SHEET, &RequestInit::new()).await?;
    if history::noted()? != path {
        return None;
    }
    if answer.status() == GONE {
        sheet::close();
        next_frame(Box::new(sheet::focus_box));
        chat.say(chat.sentence(Refusal::MessageDeleted));
    }
    let page = window().document()?.create_element("div").ok()?;
    page.set_inner_html(&text);
    let new = page.query_selector("[data-thread]").ok()??;
    take_over(&find(&format!(".sheet[open] {ROWS}"))?, &new)?;
    follow_as(&page);
    SHOWN.with_borrow(|shown| tell_up_to(shown.as_ref()?.up_to, &new))
}

/// The head says as this page does whether the thread is followed.
fn follow_as(page: &Element) -> Option<()> {
    let (was, new) = (find(".sheet[open] .thread-following")?, page.query_selector(".thread-following").ok()??);
    if !was.is_equal_node(Some(&new)) {
        was.parent_node()?.replace_child(&new, &was).ok()?;
    }
    Some(())
}

/// Rows that are as they were are not touched.
fn take_over(rows: &Element, new: &Element) -> Option<()> {
    let mut place = rows.first_element_child();
    while let Some(row) = new.first_element_child() {
        let next = place.as_ref().and_then(Element::next_element_sibling);
        match &place {
            Some(was) if was.is_equal_node(Some(&row)) || is_in_use(was, &row) => row.remove(),
            Some(was) => {
                let had_focus = was.query_selector(":focus").ok()?.is_some();
                rows.replace_child(&row, was).ok()?;
                if had_focus {
                    row.query_selector(".message").ok()?.and_then(focus_on);
                }
            }
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

/// Whether somebody is about to do something to the same reply, which still can be done.
fn is_in_use(was: &Element, row: &Element) -> bool {
    let has = |row: &Element, what| row.query_selector(what).is_ok_and(|found| found.is_some());
    was.id() == row.id() && has(was, "details[open]") && has(row, "details")
}

/// The message that bears the emoji takes mine, or loses it, as in the room.
fn press(chat: Chat, event: &MouseEvent) -> Option<()> {
    let emoji = event.target()?.dyn_into::<Element>().ok()?.closest(".sheet .reaction").ok()??;
    let of = number(&emoji.closest("[data-seq]").ok()??.get_attribute("data-seq")?)?;
    let on = emoji.get_attribute("aria-pressed")? != "true";
    let shown = emoji.query_selector(".reaction-emoji").ok()??.text_content()?;
    chat.react(&chat.shown_room()?, of, shown, on);
    Some(())
}
