//! Calls to a person who looks elsewhere: shown by the browser, and heard. One tab of many shows them, and none does while the
//! room is before the person's eyes in another one: each tab notes where it is looked at ([`look`]), where the others find it.

use std::cell::{OnceCell, RefCell};

use app::chat::Chat;
use app::notices::{Call, Notices, Permission};
use app::room::Slug;
use app::text::number;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AudioContext, Notification, NotificationOptions, NotificationPermission, Storage, Window};

use crate::{browser, tabs};

/// What this browser's person chose.
const CHOICES: &str = "madang-notices";
/// Where the eyes are: when it was noted, which tab it was, and the room.
const EYES: &str = "madang-eyes";
/// A tab that is looked at notes it again before this time has passed, in milliseconds; one that crashed doesn't.
const NOTED_FOR_MS: i64 = 12_000;
/// The two notes of the sound, in hertz, and how long each of them lasts, in seconds.
const NOTES_HZ: [f32; 2] = [587.33, 880.0];
const NOTE_S: f64 = 0.11;

thread_local! {
    // A whole number: to write a fraction takes 7 KB of code.
    static TAB: String = ((browser::random() * 1e15) as u64).to_string();
    static SHOWN: RefCell<Vec<(Slug, Notification)>> = RefCell::default();
    static SPEAKER: OnceCell<Option<AudioContext>> = const { OnceCell::new() };
}

fn window() -> Option<Window> {
    web_sys::window()
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// What was chosen, and what the browser lets be.
pub(crate) fn notices() -> Notices {
    let letters = storage().and_then(|storage| storage.get_item(CHOICES).ok()?).unwrap_or_default();
    Notices::from_letters(&letters, permission())
}

/// Keeps what was chosen. Where calls are to be shown the browser asks its person; whoever has just pressed expects it.
pub(crate) fn keep_notices(chat: Chat, wanted: Notices) {
    if wanted.sound && !notices().sound {
        chime();
    }
    if wanted.shown && permission() == Permission::Askable {
        spawn_local(async move {
            if let Ok(asked) = Notification::request_permission() {
                let _ = JsFuture::from(asked).await;
            }
            keep(chat, wanted);
        });
    } else {
        keep(chat, wanted);
    }
}

fn keep(chat: Chat, wanted: Notices) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(CHOICES, &wanted.letters());
    }
    // Set even where nothing came of it, so that the box shows what is.
    chat.notices.set(Notices::from_letters(&wanted.letters(), permission()));
}

/// A browser without notifications must not be asked for its word on them.
fn permission() -> Permission {
    let has = window().and_then(|window| js_sys::Reflect::has(&window, &"Notification".into()).ok());
    if has != Some(true) {
        return Permission::Absent;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Default => Permission::Askable,
        _ => Permission::Denied,
    }
}

/// Shows a call, and lets it be heard, unless another tab does, or the room is looked at in one.
pub(crate) fn call(chat: Chat, call: Call) {
    if !tabs::may_send() || is_looked_at_elsewhere(&call.room) {
        return;
    }
    let notices = notices();
    if notices.sound {
        chime();
    }
    if notices.shown && show(chat, &call).is_err() {
        // Some browsers on phones say that they can, and can't without a service worker.
        chat.notices.set(Notices { shown: false, permission: Permission::Absent, ..notices });
    }
}

fn show(chat: Chat, call: &Call) -> Result<(), JsValue> {
    let options = NotificationOptions::new();
    options.set_body(&call.body);
    options.set_tag(call.room.as_str());
    options.set_renotify(true);
    options.set_silent(Some(true));
    options.set_icon("/apple-touch-icon.png");
    let shown = Notification::new_with_options(&call.title, &options)?;
    let (room, answered) = (call.room.clone(), call.clone());
    let click = Closure::once_into_js(move || {
        let _ = window().map(|window| window.focus());
        chat.answers(&answered);
        hush(&answered.room);
    });
    shown.set_onclick(Some(click.unchecked_ref()));
    // It has taken the place of the one before.
    drop(taken(&room));
    SHOWN.with_borrow_mut(|all| all.push((room, shown)));
    Ok(())
}

/// A room was read: its call goes.
pub(crate) fn hush(room: &Slug) {
    if let Some(shown) = taken(room) {
        shown.close();
    }
}

/// The call of a room, which is not remembered any more.
fn taken(room: &Slug) -> Option<Notification> {
    SHOWN.with_borrow_mut(|all| {
        let at = all.iter().position(|(of, _)| of == room)?;
        Some(all.swap_remove(at).1)
    })
}

/// Notes which room is before the person's eyes in this tab, or that none is any more.
pub(crate) fn look(chat: Chat) {
    let Some(storage) = storage() else { return };
    match chat.shown_room().filter(|slug| chat.looks_at(slug)) {
        Some(slug) => {
            let _ = storage.set_item(EYES, &format!("{} {} {slug}", browser::now_ms(), TAB.with(String::clone)));
        }
        None if eyes().is_some_and(|(_, tab, _)| TAB.with(|mine| *mine == tab)) => {
            let _ = storage.remove_item(EYES);
        }
        None => {}
    }
}

fn is_looked_at_elsewhere(room: &Slug) -> bool {
    let is_new = |noted_ms: i64| (browser::now_ms() - noted_ms).abs() < NOTED_FOR_MS;
    eyes().is_some_and(|(noted_ms, _, looked_at)| is_new(noted_ms) && looked_at == room.as_str())
}

/// When it was noted, by which tab, and which room it was.
fn eyes() -> Option<(i64, String, String)> {
    let noted = storage()?.get_item(EYES).ok()??;
    let mut parts = noted.split(' ');
    Some((number(parts.next()?)?, parts.next()?.to_owned(), parts.next()?.to_owned()))
}

/// Two short notes. A browser lets a page be heard only after somebody has pressed something in it.
fn chime() {
    SPEAKER.with(|speaker| {
        let is_new = speaker.get().is_none();
        let Some(speaker) = speaker.get_or_init(|| AudioContext::new().ok()) else { return };
        let _ = speaker.resume();
        let now_s = speaker.current_time();
        // As long as it may not be heard its time stands still, and all that is to be heard then would be heard at once.
        if is_new || now_s > 0.0 {
            for (at, hz) in NOTES_HZ.into_iter().enumerate() {
                let _ = play(speaker, now_s + at as f64 * NOTE_S, hz);
            }
        }
    });
}

fn play(speaker: &AudioContext, start_s: f64, hz: f32) -> Result<(), JsValue> {
    let (note, volume) = (speaker.create_oscillator()?, speaker.create_gain()?);
    note.frequency().set_value(hz);
    // It fades, for a tone that is cut off clicks.
    volume.gain().set_value_at_time(0.12, start_s)?;
    volume.gain().linear_ramp_to_value_at_time(0.0, start_s + 2.0 * NOTE_S)?;
    note.connect_with_audio_node(&volume)?.connect_with_audio_node(&speaker.destination())?;
    note.start_with_when(start_s)?;
    note.stop_with_when(start_s + 2.0 * NOTE_S)
}
