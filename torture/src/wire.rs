//! A bare chat socket: signing in as the page's form does, frames out, frames in, and nothing that heals.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use app::message::{Cid, Event, Seq};
use app::protocol::{ClientFrame, Position, ServerFrame, VERSION, encode};
use app::room::Slug;
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// How long anything may take that a scenario can't go on without.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Types a name at the door, under the form's id; the cookie that the browser gets for it.
///
/// # Errors
/// A sentence when nobody answers or the answer is no cookie.
pub(crate) async fn sign_in(address: SocketAddr, name: &str, form: Cid) -> Result<String, String> {
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().timeout(DEADLINE);
    let browser = browser.build().map_err(|error| error.to_string())?;
    let fields = [("name", name), ("cid", &form.to_string()), ("next", "/")];
    let answer =
        browser.post(format!("http://{address}/enter")).header("accept", "text/html").form(&fields).send().await;
    let answer = answer.map_err(|error| format!("{name} can't walk in: {error}"))?;
    let cookie = answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()?.split(';').next());
    cookie.map(str::to_owned).ok_or_else(|| format!("{name} can't walk in: {}", answer.status()))
}

/// An open socket.
pub(crate) struct Wire {
    stream: WebSocketStream<TcpStream>,
    /// Events that came in one frame are heard one by one.
    unheard: VecDeque<ServerFrame>,
}

/// What comes over a socket.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A frame of ours.
    Frame(Box<ServerFrame>),
    /// A goodbye with its code.
    Closed(u16),
    /// The connection is gone without one.
    Cut,
}

impl Wire {
    /// Opens the chat's socket with a cookie. With `narrow`, there is next to no space for what was not read yet.
    ///
    /// # Errors
    /// A sentence when it does not open.
    pub(crate) async fn open(address: SocketAddr, cookie: &str, narrow: bool) -> Result<Self, String> {
        let socket = TcpSocket::new_v4().map_err(|error| error.to_string())?;
        if narrow {
            socket.set_recv_buffer_size(4_096).map_err(|error| error.to_string())?;
        }
        let mut request = format!("ws://{address}/ws").into_client_request().expect("an address is a request");
        request.headers_mut().insert("cookie", cookie.parse().map_err(|_| "a cookie that is none".to_owned())?);
        let opening = async {
            let stream = socket.connect(address).await.map_err(|error| error.to_string())?;
            stream.set_nodelay(true).map_err(|error| error.to_string())?;
            tokio_tungstenite::client_async(request, stream).await.map_err(|error| error.to_string())
        };
        let (stream, _) = timeout(DEADLINE, opening).await.map_err(|_| "the socket does not open".to_owned())??;
        Ok(Self { stream, unheard: VecDeque::new() })
    }

    /// Opens the socket, says hello and waits for the welcome; the store's mark comes with it.
    ///
    /// # Errors
    /// A sentence when one is not welcome.
    pub(crate) async fn arrive(address: SocketAddr, cookie: &str) -> Result<(Self, String), String> {
        let mut wire = Self::open(address, cookie, false).await?;
        wire.asks(&ClientFrame::Hello { version: VERSION }).await?;
        let epoch = wire.hears_until("welcome", |frame| match frame {
            ServerFrame::Welcome { epoch, .. } => Some(epoch),
            _ => None,
        });
        let epoch = epoch.await?;
        Ok((wire, epoch))
    }

    /// Asks for something.
    ///
    /// # Errors
    /// A sentence when the socket is gone.
    pub(crate) async fn asks(&mut self, frame: &ClientFrame) -> Result<(), String> {
        self.says(encode(frame)).await
    }

    /// Sends any text.
    ///
    /// # Errors
    /// A sentence when the socket is gone.
    pub(crate) async fn says(&mut self, text: String) -> Result<(), String> {
        match timeout(DEADLINE, self.stream.send(Message::text(text))).await {
            Ok(sent) => sent.map_err(|error| error.to_string()),
            Err(_) => Err("the socket takes nothing".to_owned()),
        }
    }

    /// Puts a text into the socket's buffer; it goes out with the next [`Wire::flush`] at the latest.
    ///
    /// # Errors
    /// A sentence when the socket is gone.
    pub(crate) async fn feed(&mut self, frame: &ClientFrame) -> Result<(), String> {
        self.stream.feed(Message::text(encode(frame))).await.map_err(|error| error.to_string())
    }

    /// Sends what was fed.
    ///
    /// # Errors
    /// A sentence when the socket is gone.
    pub(crate) async fn flush(&mut self) -> Result<(), String> {
        self.stream.flush().await.map_err(|error| error.to_string())
    }

    /// Opens a room, after a number where one was seen.
    ///
    /// # Errors
    /// A sentence when the socket is gone.
    pub(crate) async fn opens(&mut self, room: &Slug, after: Option<Position>) -> Result<(), String> {
        self.asks(&ClientFrame::Open { room: room.clone(), after, at: None }).await
    }

    /// What comes next, whenever it comes. Safe to drop and call again.
    pub(crate) async fn hears(&mut self) -> Heard {
        loop {
            if let Some(frame) = self.unheard.pop_front() {
                return Heard::Frame(Box::new(frame));
            }
            return match self.stream.next().await {
                Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                    Ok(ServerFrame::Events { room, events }) => {
                        let one = |event| ServerFrame::Events { room: room.clone(), events: vec![event] };
                        self.unheard.extend(events.into_iter().map(one));
                        continue;
                    }
                    Ok(frame) => Heard::Frame(Box::new(frame)),
                    Err(_) => Heard::Cut,
                },
                Some(Ok(Message::Close(Some(frame)))) => Heard::Closed(frame.code.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                _ => Heard::Cut,
            };
        }
    }

    /// Hears frames until one is what was waited for.
    ///
    /// # Errors
    /// A sentence when it does not come.
    pub(crate) async fn hears_until<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(ServerFrame) -> Option<T>,
    ) -> Result<T, String> {
        let waiting = async {
            loop {
                match self.hears().await {
                    Heard::Frame(frame) => {
                        if let Some(found) = wanted(*frame) {
                            return Ok(found);
                        }
                    }
                    other => return Err(format!("instead of a {what}: {other:?}")),
                }
            }
        };
        timeout(DEADLINE, waiting).await.unwrap_or_else(|_| Err(format!("there was no {what}")))
    }

    /// How the server answers the opening of a room: what comes up to the end of the answer.
    ///
    /// # Errors
    /// A sentence when it does not answer.
    pub(crate) async fn is_answered(&mut self) -> Result<Answer, String> {
        let mut events = Vec::new();
        let answer = self.hears_until("room", |frame| match frame {
            ServerFrame::Events { events: came, .. } => {
                events.extend(came);
                None
            }
            ServerFrame::Page { events, start, .. } => Some(Answer::Page { events, start }),
            ServerFrame::Resumed { head, .. } => Some(Answer::Resumed { missed: std::mem::take(&mut events), head }),
            ServerFrame::Refused { why, .. } => Some(Answer::Refused(why)),
            _ => None,
        });
        answer.await
    }
}

/// How the opening of a room is answered.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The newest page; what the client had is void.
    Page {
        /// Its events.
        events: Vec<Event>,
        /// Whether the first is the room's first.
        start: bool,
    },
    /// What was missed.
    Resumed {
        /// The events.
        missed: Vec<Event>,
        /// The last number.
        head: Seq,
    },
    /// No.
    Refused(app::refusal::Refusal),
}
