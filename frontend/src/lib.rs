//! The wasm entry: hydrates the page that the server drew, and owns the browser's side of the socket.
//!
//! `connection` opens, watches and reopens the `socket`; `uplink` carries what people do to it, `downlink` what it says to
//! the state; `tabs` shares the outbox between tabs, `pages` keeps rooms' newest pages, both on `storage`; `enter` decides when
//! a field sends, `attention` whether anybody is there; `calls` shows what calls somebody who looks elsewhere; `upload` carries files
//! to the server; `sheet` opens pages over the room, `history` is the way back from them, `live_list` asks for the lists on them
//! while somebody types, `menu` is how keys get into menus and out, and `viewer` is what scripts add to the sheet of a picture; `lab` is the socket of the lab's page;
//! `thread` keeps an open thread up to date; `browser` is the rest of the browser as the app wants it.

mod attention;
mod browser;
mod calls;
mod connection;
mod downlink;
mod enter;
mod history;
mod json;
mod keys;
mod lab;
mod live_list;
mod menu;
mod pages;
mod sheet;
mod socket;
mod storage;
mod tabs;
mod thread;
mod uplink;
mod upload;
mod viewer;

use any_spawner::Executor;
use app::app;
use app::chat::Chat;
use app::live::effect;
use app::tree::take_over;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Takes over the page. The loader in the page's head runs this once the wasm is there.
#[wasm_bindgen(start)]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| browser::log(&panic.to_string())));
    let Some(page) = browser::first_page() else {
        return browser::log("this page carries no state to start from");
    };
    browser::remember_clock();
    // It can be refused only where somebody did it before.
    let _ = Executor::init_wasm_bindgen();
    let body = browser::window().document().and_then(|document| document.body()).expect("a page has a body");
    take_over(body.into(), move || {
        let chat = Chat::new(page, browser::browser());
        uplink::serve(chat);
        browser::listen(chat);
        enter::watch();
        upload::watch(chat);
        viewer::watch();
        sheet::watch(chat);
        live_list::watch(chat);
        keys::watch(chat);
        thread::watch(chat);
        attention::watch();
        if chat.me.with_untracked(Option::is_some) {
            tabs::join(chat);
            wasm_bindgen_futures::spawn_local(pages::load(chat));
            wasm_bindgen_futures::spawn_local(connection::keep(chat));
        }
        effect(move || {
            chat.route.track();
            chat.is_looked_at.track();
            calls::look(chat);
        });
        let mut is_loading = true;
        effect(move || {
            chat.route.track();
            // Whoever goes to a room and types at once writes there: once it is drawn, and not as late as it is painted.
            if !std::mem::take(&mut is_loading) {
                wasm_bindgen_futures::spawn_local(async { sheet::focus_box() });
            }
        });
        let settle = move || {
            chat.trust_browsers_clock();
            chat.notices.set(calls::notices());
            chat.looks(browser::is_looked_at());
            browser::mark_ready();
        };
        browser::next_frame(Box::new(settle));
        app(chat)
    });
}
