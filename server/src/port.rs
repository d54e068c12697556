//! The port: takes connections and hands their requests to the router, with limits on how long a stranger may take to say
//! what they want and how much the server remembers of it meanwhile.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use crate::limits::{Address, Seats};

/// How long a request's headers may take, and how long a connection may wait before it sends the next.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// How large a request's headers may be, in bytes.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// How many connections the system may keep until the port takes them (it may have a lower limit of its own). After a restart
/// all come at once, and who finds no place tries again only after a second.
const BACKLOG: u32 = 4_096;
/// How long the port rests when the system gives no more connections.
const REST: Duration = Duration::from_millis(100);

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Opens the port.
///
/// # Errors
/// What the system says when the address is taken or isn't ours.
pub(crate) fn open(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections of a program that has just ended may still be closing.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// How many connections may be at the door at a time: those that are not sockets of the chat (yet).
pub(crate) struct Door {
    /// From everywhere.
    pub(crate) places: Arc<Semaphore>,
    /// From one address; none are counted where all come from a proxy's.
    pub(crate) seats: Option<Seats<Address>>,
}

/// Serves until draining begins; ends once every request that was begun is answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    Door { places, seats }: Door,
    mut draining: watch::Receiver<bool>,
) {
    let (busy, mut all_done) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            accepted = next(&listener, &places) => accepted,
            () = until_drained(&mut draining) => break,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                let seat = seats.as_ref().map(|seats| seats.take(peer.ip().into()));
                if let Some(None) = seat {
                    continue;
                }
                let (requests, draining, busy) = (Requests::of(&router, peer), draining.clone(), busy.clone());
                tokio::spawn(async move {
                    converse(stream, requests, draining).await;
                    drop((place, seat, busy));
                });
            }
            Err(error) => {
                tracing::debug!(%error, "the system gave no connection");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop((listener, busy));
    let _ = all_done.recv().await;
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

/// One connection, until it is closed or becomes a socket of its own.
async fn converse(stream: TcpStream, requests: Requests, mut draining: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).max_buf_size(MAX_HEADER_BYTES);
    let mut connection = pin!(protocol.serve_connection(TokioIo::new(stream), requests).with_upgrades());
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = until_drained(&mut draining) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Resolves when draining begins; whoever would begin it may be gone.
async fn until_drained(draining: &mut watch::Receiver<bool>) {
    let _ = draining.wait_for(|draining| *draining).await;
}

/// The requests of one connection, on their way to the router.
struct Requests {
    router: TowerToHyperService<Router>,
    peer: Peer,
}

impl Requests {
    fn of(router: &Router, peer: SocketAddr) -> Self {
        Self { router: TowerToHyperService::new(router.clone()), peer: Peer(peer) }
    }
}

impl Service<Request<Incoming>> for Requests {
    type Response = Response;
    type Error = std::convert::Infallible;
    type Future = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        self.router.call(request)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use futures_util::future::join_all;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn five_hundred_who_come_at_once_are_connected_before_anybody_is_served() {
        let port = open((Ipv4Addr::LOCALHOST, 0).into()).expect("a port");
        let address = port.local_addr().expect("an address");
        let coming = join_all((0..500).map(|_| TcpStream::connect(address)));
        let came = timeout(Duration::from_secs(20), coming).await.expect("somebody found no place in the queue");
        assert!(came.iter().all(Result::is_ok));
    }
}
