//! From a connection's outlet to its socket: all that waits goes out in one write; what is missing comes from the store.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use app::protocol::close;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use tokio::time::timeout;

use super::WRITE_WITHIN;
use crate::broadcast::{Next, Outlet};

/// Closes a connection whose room could not be read; the client comes back and asks again (RFC 6455, section 7.4.1).
const INTERNAL_ERROR: u16 = 1011;

/// How long the goodbye gets to arrive.
const LINGER: Duration = Duration::from_secs(1);

/// Writes until the outlet is closed or the socket takes no more.
pub(super) async fn deliver(outlet: &Arc<Outlet>, mut sink: SplitSink<WebSocket, Message>) {
    loop {
        match outlet.next().await {
            Next::Write(waiting) => match timeout(WRITE_WITHIN, write_together(&mut sink, waiting)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return,
            },
            Next::CatchUp(admitted, seq) => {
                let head = admitted.head();
                match admitted.after(seq).await {
                    Ok(events) => outlet.caught_up(&admitted, seq, head, &events),
                    Err(error) => {
                        tracing::error!(%error, "a listener could not catch up");
                        outlet.close(INTERNAL_ERROR, "the room could not be read");
                    }
                }
            }
            Next::Close(closing) => {
                let frame = CloseFrame { code: closing.code, reason: closing.reason.into() };
                let _ = timeout(WRITE_WITHIN, sink.send(Message::Close(Some(frame)))).await;
                // What a frame that is too big still brings is not read, and a socket that is dropped over unread bytes takes
                // the goodbye with it.
                if closing.code == close::TOO_BIG {
                    tokio::time::sleep(LINGER).await;
                }
                // Where the other side said goodbye first, what goes out is the answer to that.
                let _ = timeout(WRITE_WITHIN, sink.close()).await;
                return;
            }
        }
    }
}

async fn write_together(
    sink: &mut SplitSink<WebSocket, Message>,
    waiting: VecDeque<Utf8Bytes>,
) -> Result<(), axum::Error> {
    for text in waiting {
        sink.feed(Message::Text(text)).await?;
    }
    sink.flush().await
}
