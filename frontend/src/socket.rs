//! A WebSocket of this server's, through gloo-net, and what happens to it, in order. It is closed when it is dropped.

use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use futures_util::{SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, WebSocketError};

use crate::browser;

/// What happens to a socket.
pub(crate) enum Happened {
    /// It is open.
    Opened,
    /// A text came. Anything else that a frame may carry is not for us.
    Received(String),
    /// It is closed, or never opened, with this code and reason; nothing more happens.
    Closed(u16, String),
}

/// A socket.
pub(crate) struct Socket {
    /// The browser's own, which has last words after it was asked to close; gloo's takes them with it.
    pub(crate) raw: web_sys::WebSocket,
    gloo: WebSocket,
    is_open: bool,
}

impl Socket {
    /// Opens one at a path; `None` when the browser won't.
    pub(crate) fn open(path: &str) -> Option<Self> {
        let raw = web_sys::WebSocket::new(&browser::socket_url(path)).ok()?;
        let gloo = WebSocket::try_from(raw.clone()).ok()?;
        Some(Self { raw, gloo, is_open: false })
    }

    /// Says a text; `false` when it can't be said.
    pub(crate) fn say(&mut self, text: String) -> bool {
        self.gloo.start_send_unpin(Message::Text(text)).is_ok()
    }

    /// The next thing that happens; `None` when nothing more does.
    pub(crate) async fn happens(&mut self) -> Option<Happened> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Happened>> {
        // Ready as soon as it is no longer connecting, however that ended.
        if !self.is_open
            && self.gloo.poll_ready_unpin(context).is_ready()
            && self.raw.ready_state() == web_sys::WebSocket::OPEN
        {
            self.is_open = true;
            return Poll::Ready(Some(Happened::Opened));
        }
        loop {
            match ready!(self.gloo.poll_next_unpin(context)) {
                Some(Ok(Message::Text(text))) => return Poll::Ready(Some(Happened::Received(text))),
                Some(Err(WebSocketError::ConnectionClose(event))) => {
                    return Poll::Ready(Some(Happened::Closed(event.code, event.reason)));
                }
                // The server sends no bytes, and after an error the closing comes.
                Some(_) => {}
                None => return Poll::Ready(None),
            }
        }
    }
}
