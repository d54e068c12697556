//! The outbox, and what is being written, between the tabs of one browser: kept in IndexedDB, every change told on a channel, and the tab that holds
//! the lock sends for all of them. Where the browser has no locks or keeps nothing, a tab sends what it knows itself; the
//! ids make it one message.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use app::chat::Chat;
use app::kept::kept;
use app::message::{Cid, What};
use app::protocol::ServerFrame;
use app::unsent::UNSENT;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::storage::Shelf;
use crate::{browser, json, uplink};

/// The tab that sends may be stuck, or asleep with the lock in its hand. After this long without a confirmation another
/// one that is connected sends too.
const PATIENCE: Duration = Duration::from_secs(5);

thread_local! {
    static TABS: RefCell<Option<Tabs>> = const { RefCell::new(None) };
    /// Whether what is being told comes from the others, who know it.
    static HEARING: Cell<bool> = const { Cell::new(false) };
}

#[wasm_bindgen]
extern "C" {
    /// The browser's locks (Web Locks API); web-sys has them only behind a flag.
    #[derive(Clone)]
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, granted: &Function) -> Promise;
}

struct Tabs {
    /// What the tabs of this person meet under.
    name: String,
    channel: Option<BroadcastChannel>,
    /// The tab's own until the browser has opened the database.
    shelf: Option<Shelf>,
    locks: Option<LockManager>,
    /// Called when the lock is granted, or comes too late.
    granted: Closure<dyn FnMut() -> Promise>,
    /// Gives the lock back, while this tab holds it.
    release: Option<Function>,
    is_asking: bool,
    /// Whether all is here that earlier pages have left: what is written now goes out behind it.
    has_all: bool,
    /// The browser keeps nothing, so that what this tab knows no other one may find.
    is_alone: bool,
    is_impatient: bool,
    is_waiting: bool,
}

/// Joins the other tabs of this person.
pub(crate) fn join(chat: Chat) {
    let Some(me) = chat.my_id() else { return };
    let name = format!("madang-outbox-{}", me.0);
    let channel = BroadcastChannel::new(&name).ok();
    if let Some(channel) = &channel {
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            hear(chat, &event.data());
            uplink::send_waiting();
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        // It listens as long as the page lives.
        hear.forget();
    }
    let locks = web_sys::window().and_then(|window| Reflect::get(&window.navigator(), &"locks".into()).ok());
    let locks: Option<LockManager> = locks.filter(JsValue::is_object).map(JsCast::unchecked_into);
    if let Some(locks) = &locks {
        // As long as the page lives.
        let hold = Closure::once_into_js(|| Promise::new(&mut |_, _| {}));
        drop(locks.request(&chat.form_cid.to_string(), hold.unchecked_ref()));
    }
    TABS.set(Some(Tabs {
        name: name.clone(),
        channel,
        shelf: Shelf::in_tab(&name),
        locks,
        granted: Closure::new(move || granted(chat)),
        release: None,
        is_asking: false,
        has_all: false,
        is_alone: false,
        is_impatient: false,
        is_waiting: false,
    }));
    spawn_local(async move {
        // A page that went away before the browser had opened the database has left it in the tab.
        load(chat).await;
        chat.goes_on_writing();
        match Shelf::open(&name, move || lose(chat)).await {
            Some(shelf) => {
                let in_tab = with(|tabs| tabs.shelf.replace(shelf)).flatten();
                keep_what_waits(chat);
                load(chat).await;
                with(|tabs| tabs.has_all = true);
                uplink::send_waiting();
                // After what lies there, which may be newer.
                chat.keep_all_writing();
                in_tab.iter().for_each(Shelf::clear_tab);
            }
            None => lose(chat),
        }
    });
}

/// Keeps a change of the outbox, and tells the other tabs.
pub(crate) fn keep(frame: ServerFrame) {
    if !HEARING.get()
        && let Some(text) = kept(&frame)
    {
        let text = JsValue::from(text);
        with(|tabs| {
            if let Some(shelf) = &tabs.shelf {
                put_away(shelf, &frame, &text);
            }
            if let Some(channel) = &tabs.channel {
                let _ = channel.post_message(&text);
            }
        });
    }
}

/// Whether this tab sends.
pub(crate) fn may_send() -> bool {
    with(|tabs| {
        let is_its_turn = tabs.has_all && (tabs.release.is_some() || tabs.locks.is_none());
        is_its_turn || tabs.is_impatient || tabs.is_alone
    }) == Some(true)
}

/// Does something once another page is closed: its lock is free then. Where there are no locks nobody knows of other pages.
pub(crate) fn once_closed(page: &str, act: Box<dyn FnOnce()>) {
    match with(|tabs| tabs.locks.clone()).flatten() {
        Some(locks) => drop(locks.request(page, Closure::once_into_js(act).unchecked_ref())),
        None => act(),
    }
}

/// Another tab should send what waits. If it doesn't, this one will.
pub(crate) fn leave_it_to_the_other() {
    let is_new = with(|tabs| !std::mem::replace(&mut tabs.is_waiting, true));
    if is_new == Some(true) {
        let give_up = || {
            with(|tabs| (tabs.is_waiting, tabs.is_impatient) = (false, uplink::has_waiting()));
            uplink::send_waiting();
        };
        browser::later(PATIENCE, Box::new(give_up));
    }
}

/// This tab is connected: it sends as soon as no other one does.
pub(crate) fn compete() {
    let asked = with(|tabs| {
        let may = !std::mem::replace(&mut tabs.is_asking, true);
        let locks = tabs.locks.as_ref().filter(|_| may)?;
        Some(locks.request(&tabs.name, tabs.granted.as_ref().unchecked_ref()))
    });
    if let Some(asked) = asked.flatten() {
        spawn_local(async move {
            if JsFuture::from(asked).await.is_err() {
                // A browser that has locks but gives none.
                with(|tabs| tabs.locks = None);
                uplink::send_waiting();
            }
        });
    }
}

/// This tab has no connection: another one may send.
pub(crate) fn release() {
    let release = with(|tabs| {
        tabs.is_impatient = false;
        tabs.release.take()
    });
    if let Some(release) = release.flatten() {
        let _ = release.call0(&JsValue::UNDEFINED);
    }
}

/// The lock is this tab's until the promise is kept.
fn granted(chat: Chat) -> Promise {
    with(|tabs| tabs.is_asking = false);
    if uplink::connected().is_none() {
        return Promise::resolve(&JsValue::UNDEFINED);
    }
    // A tab that crashed may have written more than it could tell.
    spawn_local(load(chat));
    Promise::new(&mut |release, _| {
        with(|tabs| tabs.release = Some(release));
    })
}

/// Takes in what lies on the shelf, then sends.
async fn load(chat: Chat) {
    let shelf = with(|tabs| tabs.shelf.clone()).flatten();
    if let Some(shelf) = shelf
        && let Some(texts) = shelf.all().await
    {
        for text in texts.iter() {
            // One that the page brought confirmed is done with.
            hear(chat, &text).into_iter().for_each(|cid| shelf.remove(&cid.to_string()));
        }
    }
    uplink::send_waiting();
}

/// Takes what another tab told or an earlier page left; gives the id back of what need not be kept.
fn hear(chat: Chat, text: &JsValue) -> Option<Cid> {
    let frame = json::decode(&text.as_string()?)?;
    HEARING.set(true);
    let done_with = chat.hear_from_tab(frame);
    HEARING.set(false);
    done_with
}

/// What was written before the shelf was there.
fn keep_what_waits(chat: Chat) {
    for (slug, talk) in chat.talks() {
        talk.outbox.with_untracked(|outbox| outbox.pending().for_each(|pending| chat.keep(&slug, pending.clone())));
    }
}

/// From here on the outbox lives in memory, and the person is told.
fn lose(chat: Chat) {
    with(|tabs| {
        tabs.shelf.take().iter().for_each(Shelf::clear_tab);
        tabs.is_alone = true;
    });
    chat.keeps.set(false);
    uplink::send_waiting();
}

/// What waits lies under its id, and why it was refused right behind it; what is being written lies under its room, and its thread.
fn put_away(shelf: &Shelf, frame: &ServerFrame, text: &JsValue) {
    match frame {
        ServerFrame::Events { room, events } if events.iter().any(|event| event.seq == UNSENT) => {
            let of = events[0].within().map_or(0, |place| place.of);
            let key = format!("~{of}~{room}");
            let is_empty = events.iter().all(|event| event.text().is_empty() && event.files().is_empty());
            if is_empty { shelf.remove(&key) } else { shelf.put(&key, text) }
        }
        ServerFrame::Events { events, .. } => events.iter().for_each(|event| {
            let key = event.cid.map(String::from).unwrap_or_default();
            shelf.remove(&refusal_of(&key));
            match &event.what {
                What::Posted { text: said, files, .. } if said.is_empty() && files.is_empty() => shelf.remove(&key),
                _ if event.seq == 0 => shelf.put(&key, text),
                _ => shelf.remove(&key),
            }
        }),
        ServerFrame::Refused { cid: Some(cid), .. } => shelf.put(&refusal_of(&cid.to_string()), text),
        _ => {}
    }
}

fn refusal_of(key: &str) -> String {
    format!("{key}!")
}

fn with<Answer>(ask: impl FnOnce(&mut Tabs) -> Answer) -> Option<Answer> {
    TABS.with_borrow_mut(|tabs| tabs.as_mut().map(ask))
}
