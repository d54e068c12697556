//! A WebSocket of this server's, and what happens to it, in order. It is closed when it is dropped.

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::browser;

/// What happens to a socket.
pub(crate) enum Happened {
    /// It is open.
    Opened,
    /// A text came. Anything else that a frame may carry is not for us.
    Received(String),
    /// It is closed, or never opened; nothing more happens.
    Closed(CloseEvent),
}

/// A socket.
pub(crate) struct Socket {
    /// The browser's own.
    pub(crate) raw: WebSocket,
    /// What happens to it.
    pub(crate) happened: UnboundedReceiver<Happened>,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Socket {
    /// Opens one at a path; `None` when the browser won't.
    pub(crate) fn open(path: &str) -> Option<Self> {
        let raw = WebSocket::new(&browser::socket_url(path)).ok()?;
        let (sender, happened) = unbounded();
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let happened = match event.type_().as_str() {
                "open" => Some(Happened::Opened),
                "close" => Some(Happened::Closed(event.unchecked_into())),
                _ => event.data().as_string().map(Happened::Received),
            };
            let _ = happened.map(|happened| sender.unbounded_send(happened));
        });
        raw.set_onopen(Some(listener.as_ref().unchecked_ref()));
        raw.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        raw.set_onclose(Some(listener.as_ref().unchecked_ref()));
        Some(Self { raw, happened, _listener: listener })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.raw.set_onopen(None);
        self.raw.set_onmessage(None);
        self.raw.set_onclose(None);
        let _ = self.raw.close();
    }
}
