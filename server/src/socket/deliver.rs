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
        Err(answer) if admitted.slip_out(outlet) => {
            let (room, after) = (admitted.slug().clone(), admitted.position(seq));
            could_not_read(outlet, &answer, Wanted { room, after, at: None });
        }
        Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use app::member::MemberId;
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::Instant;

    use super::*;
    use crate::broadcast::Voice;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_no_bytes_is_let_go_after_ten_seconds() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let _client = TcpStream::connect(listener.local_addr().expect("an address")).await.expect("a connection");
        let (stream, _) = listener.accept().await.expect("the same connection");
        let outlet = Outlet::new(0, MemberId(0), Voice::Alone, stream, HOUR);
        outlet.say(&"more than the system takes at once ".repeat(1024 * 1024));
        let began = Instant::now();

        deliver(&outlet).await;

        assert!((WRITE_WITHIN..HOUR).contains(&began.elapsed()));
        assert_eq!(WRITE_WITHIN, Duration::from_secs(10));
    }
}
