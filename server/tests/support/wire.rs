//! A bare WebSocket: texts and closings, as any client would have them.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{CloseFrame, Frame};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::in_time;
use super::town::{Address, host};

/// An open socket.
pub(crate) struct Wire(WebSocketStream<TcpStream>);

/// What comes over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A text frame.
    Text(String),
    /// The other side closes, with this code and reason.
    Closed(u16, String),
    /// The connection was cut without a goodbye.
    Cut(String),
}

impl Wire {
    /// Opens a socket, or gives the status of the refusal and what was said with it.
    pub(crate) async fn open(
        address: &Address,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, (u16, String)> {
        Self::open_over(TcpSocket::new_v4().expect("a socket"), address, path, headers).await
    }

    /// The same with little space for what was not read yet.
    pub(crate) async fn open_narrow(address: &Address, path: &str, headers: &[(&'static str, &str)]) -> Self {
        let narrow = TcpSocket::new_v4().expect("a socket");
        // Much smaller, and the system lets bytes trickle in by its own timers alone.
        narrow.set_recv_buffer_size(32 * 1_024).expect("a small buffer");
        Self::open_over(narrow, address, path, headers).await.expect("the socket opens")
    }

    async fn open_over(
        socket: TcpSocket,
        address: &Address,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, (u16, String)> {
        let host = host(address);
        let mut request: Request = format!("ws://{host}{path}").into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        let to: SocketAddr = host.parse().expect("an address");
        let opening = async {
            let stream = socket.connect(to).await.expect("the port answers");
            tokio_tungstenite::client_async(request, stream).await
        };
        match in_time(|| format!("answer to the upgrade of {path}"), opening).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(Error::Http(answer)) => {
                let body = answer.body().clone().unwrap_or_default();
                Err((answer.status().as_u16(), String::from_utf8_lossy(&body).into_owned()))
            }
            Err(error) => panic!("{path} can't be opened: {error}"),
        }
    }

    /// Sends a text.
    pub(crate) async fn says(&mut self, text: &str) {
        self.sends(Message::text(text)).await;
    }

    /// Sends a text, unless the other side has said goodbye already.
    pub(crate) async fn says_if_open(&mut self, text: &str) {
        let _ = in_time(|| "space for what is to be sent".to_owned(), self.0.send(Message::text(text))).await;
    }

    /// Sends a binary frame.
    pub(crate) async fn says_bytes(&mut self, bytes: &'static [u8]) {
        self.sends(Message::binary(bytes)).await;
    }

    /// Sends a text frame that holds something else than text.
    pub(crate) async fn says_as_text(&mut self, bytes: &'static [u8]) {
        self.sends(Message::Frame(Frame::message(bytes, OpCode::Data(Data::Text), true))).await;
    }

    /// Asks whether the other side's machinery lives, as proxies do.
    pub(crate) async fn pings(&mut self) {
        self.sends(Message::Ping("are you there".into())).await;
    }

    /// Closes as browsers do, and waits for the other side's goodbye.
    pub(crate) async fn closes(&mut self) {
        self.0.close(Some(CloseFrame { code: 1000.into(), reason: "".into() })).await.expect("the socket is open");
        while let Heard::Text(_) = self.hears("goodbye").await {}
    }

    async fn sends(&mut self, message: Message) {
        in_time(|| "space for what is to be sent".to_owned(), self.0.send(message)).await.expect("the socket is open");
    }

    /// What comes next.
    pub(crate) async fn hears(&mut self, waiting_for: &str) -> Heard {
        loop {
            return match in_time(|| waiting_for.to_owned(), self.0.next()).await {
                Some(Ok(Message::Text(text))) => Heard::Text(text.as_str().to_owned()),
                Some(Ok(Message::Close(Some(frame)))) => Heard::Closed(frame.code.into(), frame.reason.to_string()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                other => Heard::Cut(format!("{other:?}")),
            };
        }
    }
}
