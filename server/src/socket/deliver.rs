//! The writing side of a connection: waits for a socket that takes no bytes, and reads from the store what is missing.

use std::sync::Arc;

use tokio::time::timeout_at;

use super::{WRITE_WITHIN, could_not_read};
use crate::broadcast::{Next, Outlet, Wanted};
use crate::room::Admitted;

/// Writes until all is said, the goodbye too, or the socket takes no more.
pub(super) async fn deliver(outlet: &Arc<Outlet>) {
    loop {
        match outlet.next().await {
            Next::WaitForSocket(moved_at) => {
                let deadline = (moved_at + WRITE_WITHIN).into();
                if !matches!(timeout_at(deadline, outlet.stream.writable()).await, Ok(Ok(()))) {
                    return;
                }
            }
            // Kept off the connection's own memory: it happens now and then.
            Next::CatchUp(admitted, seq) => Box::pin(catch_up(outlet, admitted, seq)).await,
            Next::End => return,
        }
    }
}

async fn catch_up(outlet: &Arc<Outlet>, admitted: Admitted, seq: i64) {
    let head = admitted.head();
    match admitted.after(seq).await {
        Ok(events) => outlet.caught_up(&admitted, seq, head, events),
        // It does not hear of the room any more, unless it has left it meanwhile anyway.
        Err(answer) if outlet.unsubscribe(admitted.room_id()).is_some() => {
            admitted.slip_out(outlet);
            let (room, after) = (admitted.slug().clone(), admitted.position(seq));
            could_not_read(outlet, &answer, Wanted { room, after, at: None });
        }
        Err(_) => {}
    }
}
