//! From a connection's bytes to texts. tungstenite's protocol machine reads the frames; it is fed from a buffer that all
//! connections of a thread share, so that a connection that says nothing holds next to nothing.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::pin::Pin;
use std::time::Duration;

use app::protocol::{MAX_FRAME_BYTES, close};
use bytes::Bytes;
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};
use tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};
use tungstenite::{Error, Message, Utf8Bytes};

use crate::broadcast::Outlet;

/// How much is read at once.
const READ_BYTES: usize = 16 * 1024;
/// What a connection holds itself of what it reads, beside a frame that is not complete.
const KEPT_BYTES: usize = 256;

thread_local! {
    static READ: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BYTES].into());
}

/// The hearing side of a connection.
pub(super) struct Ear {
    codec: Box<WebSocketContext>,
    /// What came with the upgrade's request already.
    early: Bytes,
    heard: VecDeque<Utf8Bytes>,
    is_over: bool,
    patience: Patience,
    heard_at: Instant,
    alarm: Pin<Box<Sleep>>,
}

/// How long silence is borne.
#[derive(Clone, Copy, Debug)]
pub(super) enum Patience {
    /// The client is to have said its first text within this time, whatever else it sends.
    Awaits(Duration),
    /// The client is to speak by itself within this time.
    Expects(Duration),
    /// After this time the server asks for a sign of life, and gives the same time again for it.
    Asks(Duration),
}

impl Patience {
    fn length(self) -> Duration {
        match self {
            Self::Awaits(length) | Self::Expects(length) | Self::Asks(length) => length,
        }
    }
}

impl Ear {
    /// Hears from here on; `max_bytes` is the largest message.
    pub(super) fn new(early: Bytes, patience: Patience, max_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(KEPT_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(READ_BYTES)
            .max_message_size(Some(max_bytes))
            .max_frame_size(Some(max_bytes));
        let heard_at = Instant::now();
        Self {
            codec: Box::new(WebSocketContext::new(Role::Server, Some(config))),
            early,
            heard: VecDeque::new(),
            is_over: false,
            patience,
            heard_at,
            alarm: Box::pin(sleep_until(heard_at + patience.length())),
        }
    }

    /// The client is known from here on: it may say more at once, and has this long for it.
    pub(super) fn trust(&mut self, patience: Patience) {
        self.codec.set_config(|config| {
            config.max_message_size = Some(MAX_FRAME_BYTES);
            config.max_frame_size = Some(MAX_FRAME_BYTES);
        });
        self.patience = patience;
        self.heard_at = Instant::now();
        self.alarm.as_mut().reset(self.heard_at + patience.length());
    }

    /// The next text; `None` when there is none to come, and then the outlet knows why. Whoever does not read what they are
    /// answered is not heard meanwhile: the protocol's own answers, to pings, take space as well.
    pub(super) async fn hear(&mut self, outlet: &Outlet) -> Option<Utf8Bytes> {
        if !self.early.is_empty() {
            let early = std::mem::take(&mut self.early);
            self.listen(outlet, &early);
        }
        while self.heard.is_empty() && !self.is_over && !outlet.is_closing() {
            tokio::select! {
                readable = ready(outlet) => match readable {
                    Ok(()) => self.read(outlet),
                    Err(_) => self.is_over = true,
                },
                () = self.alarm.as_mut() => self.bear_silence(outlet),
            }
        }
        self.heard.pop_front()
    }

    /// Reads to the end, for as long as the goodbye needs to arrive: a socket that is dropped over unread bytes takes what
    /// it was still sending with it.
    pub(super) async fn drain(stream: &TcpStream) {
        let mut is_open = true;
        while is_open && stream.readable().await.is_ok() {
            is_open = READ.with_borrow_mut(|buffer| match stream.try_read(buffer) {
                Ok(read) => read > 0,
                Err(error) => error.kind() == ErrorKind::WouldBlock,
            });
        }
    }

    fn read(&mut self, outlet: &Outlet) {
        READ.with_borrow_mut(|buffer| match outlet.stream.try_read(buffer) {
            Ok(0) => self.is_over = true,
            Ok(read) => {
                if !matches!(self.patience, Patience::Awaits(_)) {
                    self.heard_at = Instant::now();
                }
                self.listen(outlet, &buffer[..read]);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => self.is_over = true,
        });
    }

    /// Feeds bytes to the protocol machine and keeps the texts that are complete.
    fn listen(&mut self, outlet: &Outlet, bytes: &[u8]) {
        let mut feed = Feed { bytes, replies: Vec::new() };
        while !self.is_over {
            match self.codec.read(&mut feed) {
                Ok(Message::Text(text)) => self.heard.push_back(text),
                Ok(Message::Binary(_)) => self.end(outlet, close::UNSUPPORTED, "only text frames, please"),
                Ok(Message::Close(frame)) => {
                    let code = frame.map_or(close::NORMAL, |frame| frame.code.into());
                    self.end(outlet, code, "");
                }
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => break,
                Err(Error::Capacity(_)) => self.end(outlet, close::TOO_BIG, "the frame is too big"),
                Err(Error::Utf8(_)) => self.end(outlet, close::NOT_UTF8, "the text is not UTF-8"),
                Err(_) => self.end(outlet, close::BROKEN_PROTOCOL, "not the WebSocket protocol"),
            }
        }
        if !feed.replies.is_empty() {
            outlet.reply(feed.replies);
        }
    }

    fn end(&mut self, outlet: &Outlet, code: u16, reason: &'static str) {
        outlet.close(code, reason);
        self.is_over = true;
    }

    fn bear_silence(&mut self, outlet: &Outlet) {
        let (patience, silence) = (self.patience.length(), self.heard_at.elapsed());
        match self.patience {
            _ if silence < patience => self.alarm.as_mut().reset(self.heard_at + patience),
            Patience::Asks(_) if silence < patience * 2 => {
                outlet.ping();
                self.alarm.as_mut().reset(self.heard_at + patience * 2);
            }
            _ => outlet.close(close::SILENT, "nothing was heard for too long"),
        }
    }
}

/// There is something to read, and space for the answer.
async fn ready(outlet: &Outlet) -> std::io::Result<()> {
    outlet.has_space().await;
    outlet.stream.readable().await
}

/// Bytes that were read, as a stream that has no more for now; what the protocol machine answers is put beside them.
struct Feed<'a> {
    bytes: &'a [u8],
    replies: Vec<u8>,
}

impl Read for Feed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.bytes.is_empty() { Err(ErrorKind::WouldBlock.into()) } else { self.bytes.read(buffer) }
    }
}

impl Write for Feed<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.replies.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use app::member::MemberId;
    use futures_util::FutureExt;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;
    use crate::broadcast::Voice;
    use crate::socket::deliver::deliver;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[tokio::test]
    async fn whoever_does_not_read_what_waits_for_them_is_not_heard_until_they_do() {
        let (mut client, outlet) = connection().await;
        let mut ear = Ear::new(Bytes::new(), Patience::Expects(HOUR), MAX_FRAME_BYTES);
        outlet.say(&"so much that there is no space for more ".repeat(32 * 1024));
        client.write_all(b"\x81\x82\0\0\0\0hi").await.expect("space for a frame");
        outlet.stream.readable().await.expect("a connection");
        assert_eq!(ear.hear(&outlet).now_or_never(), None);

        let mut nowhere = tokio::io::sink();
        tokio::select! {
            heard = ear.hear(&outlet) => assert_eq!(heard.as_deref(), Some("hi")),
            () = deliver(&outlet) => panic!("all was said"),
            _ = tokio::io::copy(&mut client, &mut nowhere) => panic!("the connection ended"),
        }
    }

    async fn connection() -> (TcpStream, Arc<Outlet>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let client = TcpStream::connect(address).await.expect("a connection");
        let (stream, _) = listener.accept().await.expect("the same connection");
        (client, Outlet::new(0, MemberId(0), Voice::Alone, stream, HOUR))
    }
}
