//! Files on their way to the server: chosen with the button, pasted or dropped, sent one after the other as `app::upload` says.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use app::chat::{Chat, Connection};
use app::live::effect;
use app::message::MAX_BYTES;
use app::refusal::Refusal;
use app::talk::Talk;
use app::text::{number, weight};
use app::tray::{Item, Stands};
use app::upload::{Answer, Next, Upload};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    ClipboardEvent, DragEvent, Element, Event, File, FileList, HtmlImageElement, HtmlInputElement, RequestInit,
    Response, UrlSearchParams,
};

use crate::browser::{answer_to, now_ms, on_document, pair, refusal_in, window};
use crate::{json, thread};

/// So long a request may take. What has come of a piece by then is there.
const WITHIN_MS: u32 = 90_000;
/// So long to wait before something is tried again.
const REST: Duration = Duration::from_secs(1);
/// The attribute of the document while files are held over it.
const DRAGGED: &str = "data-dragged";

thread_local! {
    /// The files of all trays that are not at the server yet.
    static CHOSEN: RefCell<Vec<Chosen>> = const { RefCell::new(Vec::new()) };
    static IS_ASKING: Cell<bool> = const { Cell::new(false) };
}

struct Chosen {
    talk: Talk,
    key: u64,
    file: File,
    upload: Upload,
    /// It was taken out, and what the server has of it is to be thrown away.
    is_unwanted: bool,
}

/// Hears of files wherever they come into the page.
pub(crate) fn watch(chat: Chat) {
    effect(move || {
        if chat.connection.get() == Connection::Live {
            load_pictures_again();
            go_on(chat);
        }
    });
    for name in ["change", "paste", "dragover", "dragleave", "drop"] {
        on_document(name, move |event: Event| {
            hear_of_files(chat, &event);
        });
    }
}

fn hear_of_files(chat: Chat, event: &Event) -> Option<()> {
    match event.type_().as_str() {
        "change" => {
            let field: HtmlInputElement = event.target()?.dyn_into().ok()?;
            if field.name() == "files" {
                attach(chat, event, listed(field.files()));
                // The same file may be chosen again.
                field.set_value("");
            }
        }
        "paste" => {
            let pasted = event.unchecked_ref::<ClipboardEvent>().clipboard_data()?;
            let said = |kind: &str| pasted.get_data(kind).unwrap_or_default();
            let (text, mut files) = (said("text/plain"), listed(pasted.files()));
            // A table of a spreadsheet comes as a picture, too, and a file of a Mac's folder with its name as a text.
            if !text.is_empty() && (files.is_empty() || !said("text/html").is_empty()) {
                files = written(chat, event, &text).into_iter().collect();
            }
            if attach(chat, event, files) {
                event.prevent_default();
            }
        }
        name => drag(chat, name, event.unchecked_ref()),
    }
    None
}

/// Files are held over the page, taken away from it, or dropped.
fn drag(chat: Chat, name: &str, event: &DragEvent) {
    let held = event.data_transfer().filter(|held| held.types().includes(&"Files".into(), 0));
    // From one element to the next is still over the page.
    if held.is_none() || (name == "dragleave" && event.related_target().is_some()) {
        return;
    }
    event.prevent_default();
    if let Some(root) = window().document().and_then(|document| document.document_element()) {
        let may = chat.allowance.files > 0 && chat.shown_room().is_some();
        let _ = root.toggle_attribute_with_force(DRAGGED, name == "dragover" && may);
    }
    if name == "drop" {
        attach(chat, event, listed(held.and_then(|held| held.files())));
    }
}

fn listed(files: Option<FileList>) -> Vec<File> {
    files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |at| files.item(at))).collect()
}

/// A text that is too heavy for a message box, as a file, where it is pasted into one: a field takes longer than anybody waits to lay it
/// out.
fn written(chat: Chat, event: &Event, text: &str) -> Option<File> {
    let at: Element = event.target()?.dyn_into().ok()?;
    let is_for_a_file = weight(text) > MAX_BYTES
        && chat.allowance.files > 0
        && at.matches(".composer-box [name=text]").is_ok_and(|is| is);
    let name = chat.lang.get_untracked().words().pasted;
    is_for_a_file.then(|| File::new_with_str_sequence(&Array::of1(&text.into()), name).ok()).flatten()
}

/// Pictures that could not be had while there was no connection.
fn load_pictures_again() {
    let Some(found) = window().document().and_then(|document| document.query_selector_all(".log img").ok()) else {
        return;
    };
    for at in 0..found.length() {
        let picture = found.item(at).and_then(|found| found.dyn_into::<HtmlImageElement>().ok());
        if let Some(picture) = picture.filter(|picture| picture.complete() && picture.natural_width() == 0) {
            picture.set_src(&picture.src());
        }
    }
}

/// Puts files into the tray of the thread into which they come, or of the room that is shown; whether there were any.
fn attach(chat: Chat, event: &Event, files: Vec<File>) -> bool {
    let thread = event.target().and_then(|target| thread::at(target.dyn_ref()?));
    let talk = thread.or_else(|| chat.shown_room().map(|room| chat.talk(&room)));
    let Some(talk) = talk.filter(|_| !files.is_empty()) else { return false };
    let mut refusal = None;
    // What was sent is done with.
    CHOSEN.with_borrow_mut(|all| all.retain(|chosen| chosen.is_unwanted || is_coming(chosen).is_some()));
    for file in files {
        let bytes = file.size() as i64;
        match talk.tray.update(|tray| tray.add(file.name(), bytes, &chat.allowance)) {
            Ok(key) => {
                let chosen = Chosen { talk, key, file, upload: Upload::new(bytes), is_unwanted: false };
                CHOSEN.with_borrow_mut(|all| all.push(chosen));
            }
            Err(why) => refusal = Some(why),
        }
    }
    talk.refusal.set(refusal);
    (chat.browser.focus)(&talk.field());
    chat.chooses(talk);
    go_on(chat);
    true
}

/// Takes a file out, or tries again to send it.
pub(crate) fn take_out(chat: Chat, talk: Talk, key: u64, again: bool) {
    let here = with(talk, key, |chosen| {
        chosen.is_unwanted = !again;
        chosen.upload.again()
    });
    talk.tray.update(|tray| match here.filter(|_| again) {
        Some(here) => drop(tray.stands(key, Stands::Coming(here))),
        None => tray.remove(key),
    });
    talk.refusal.set(None);
    chat.chooses(talk);
    (chat.browser.focus)(&talk.field());
    go_on(chat);
}

/// Sends what waits, one request after the other.
fn go_on(chat: Chat) {
    if IS_ASKING.get() || chat.connection.get_untracked() != Connection::Live {
        return;
    }
    let asked = CHOSEN.with_borrow_mut(|all| {
        let at = all.iter().position(is_to_do)?;
        let chosen = &all[at];
        let asked = (chosen.talk, chosen.key, chosen.file.clone(), request(chosen));
        if chosen.is_unwanted {
            all.remove(at);
        }
        Some(asked)
    });
    let Some((talk, key, file, (path, asked))) = asked else { return };
    IS_ASKING.set(true);
    spawn_local(async move {
        let began_ms = now_ms();
        let answer = answer_to(&path, &asked, WITHIN_MS).await;
        let is_lost = answer.is_none() && !is_readable(&file).await;
        IS_ASKING.set(false);
        hear(chat, talk, key, answer, is_lost, now_ms() - began_ms);
    });
}

/// A folder can't be read, nor a file that was changed, moved or deleted since it was chosen.
async fn is_readable(file: &File) -> bool {
    let Ok(beginning) = file.slice_with_f64_and_f64(0.0, 1.0) else { return false };
    JsFuture::from(beginning.array_buffer()).await.is_ok()
}

/// Whether a file is still to come, or to go again.
fn is_to_do(chosen: &Chosen) -> bool {
    if chosen.is_unwanted { chosen.upload.path().is_some() } else { is_coming(chosen) == Some(true) }
}

/// Whether it is still to come; `None` when it is in no tray any more.
fn is_coming(chosen: &Chosen) -> Option<bool> {
    chosen.talk.tray.with_untracked(|tray| tray.item(chosen.key).map(Item::is_coming))
}

/// The path and the rest of what is to be asked next.
fn request(Chosen { talk, file, upload, is_unwanted, .. }: &Chosen) -> (String, RequestInit) {
    let asked = RequestInit::new();
    let Some(path) = upload.path() else {
        let form = Array::of2(&pair("name", &file.name()), &pair("bytes", &(file.size() as i64).to_string()));
        asked.set_method("POST");
        asked.set_body(&UrlSearchParams::new_with_str_sequence_sequence(&form).map_or(JsValue::NULL, Into::into));
        return (format!("{}/uploads", talk.path()), asked);
    };
    if *is_unwanted {
        asked.set_method("DELETE");
    } else {
        let (from, to) = upload.piece();
        asked.set_method("PATCH");
        asked.set_headers(&Array::of1(&pair("upload-offset", &from.to_string())));
        asked.set_body(&file.slice_with_f64_and_f64(from as f64, to as f64).map_or(JsValue::NULL, Into::into));
    }
    (path.to_owned(), asked)
}

fn hear(chat: Chat, talk: Talk, key: u64, answer: Option<(Response, String)>, is_lost: bool, took_ms: i64) {
    let (mut said, mut text) = (Answer::default(), String::new());
    if is_lost {
        said.status = 409;
    }
    if let Some((response, body)) = answer {
        let header = |name: &str| response.headers().get(name).ok().flatten();
        let offset = header("upload-offset").and_then(|offset| number(&offset));
        (said, text) = (Answer { status: response.status(), offset, location: header("location") }, body);
    }
    let Some((next, here)) = with(talk, key, |chosen| (chosen.upload.hears(said, took_ms), chosen.upload.piece().0))
    else {
        return go_on(chat);
    };
    let stands = match next {
        Next::There => json::decode(&text).map(Stands::There),
        Next::Refused => None,
        Next::On | Next::Later => Some(Stands::Coming(here)),
    };
    let why = || if is_lost { Refusal::UploadMismatch } else { refusal_in(&text) };
    let stands = stands.unwrap_or_else(|| Stands::Failed(why()));
    let is_done = !matches!(stands, Stands::Coming(_));
    talk.tray.update(|tray| tray.stands(key, stands));
    if is_done {
        chat.chooses(talk);
    }
    if next == Next::Later {
        (chat.browser.later)(REST, Box::new(move || go_on(chat)));
    } else {
        go_on(chat);
    }
}

fn with<Found>(talk: Talk, key: u64, look: impl FnOnce(&mut Chosen) -> Found) -> Option<Found> {
    CHOSEN.with_borrow_mut(|all| all.iter_mut().find(|chosen| chosen.talk.is(talk) && chosen.key == key).map(look))
}
