//! A socket to the byte: frames as a client may build them, right and wrong, and frames as they come back (RFC 6455, section 5).

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::in_time;
use super::town::{Address, host};

const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

/// An open socket, below all libraries.
pub(crate) struct Raw(TcpStream);

/// A frame that the server sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The first byte: whether it is the last of its message, reserved bits, and the kind.
    pub(crate) head: u8,
    /// What it carries.
    pub(crate) payload: Vec<u8>,
}

impl Raw {
    /// Opens a socket with these cookies.
    pub(super) async fn open(address: &Address, path: &str, cookie: &str) -> Self {
        let headers = format!(
            "cookie: {cookie}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        );
        let (raw, answer) = Self::asks(address, &format!("GET {path} HTTP/1.1"), &headers).await;
        assert!(answer.starts_with("HTTP/1.1 101 "), "{path}: {answer}");
        // The example of section 1.3.
        assert!(answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{path}: {answer}");
        raw
    }

    /// Asks for a socket in any words; the head of the answer.
    pub(super) async fn asks(address: &Address, line: &str, headers: &str) -> (Self, String) {
        let host = host(address);
        let mut stream = TcpStream::connect(&host).await.expect("the port answers");
        stream.set_nodelay(true).expect("a socket");
        let request = format!("{line}\r\nhost: {host}\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.expect("the port listens");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            let byte = in_time(|| "answer to the opening".to_owned(), stream.read_u8()).await;
            answer.push(byte.expect("the answer has an end"));
        }
        (Self(stream), String::from_utf8(answer).expect("headers are text"))
    }

    /// Sends bytes as they are.
    pub(crate) async fn sends(&mut self, bytes: &[u8]) {
        // A server that has heard enough may close before all is said.
        let _ = in_time(|| "space for what is sent".to_owned(), self.0.write_all(bytes)).await;
    }

    /// Sends bytes one at a time.
    pub(crate) async fn sends_chopped(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.sends(&[*byte]).await;
            tokio::task::yield_now().await;
        }
    }

    /// The next frame.
    pub(crate) async fn hears(&mut self) -> Frame {
        in_time(|| "frame".to_owned(), self.reads()).await.expect("there is another frame")
    }

    async fn reads(&mut self) -> std::io::Result<Frame> {
        let (head, short) = (self.0.read_u8().await?, self.0.read_u8().await?);
        let length = match short {
            126 => usize::from(self.0.read_u16().await?),
            127 => usize::try_from(self.0.read_u64().await?).expect("a length that fits"),
            short => usize::from(short),
        };
        assert!(short < 0x80, "servers don't mask (section 5.1)");
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).await?;
        Ok(Frame { head, payload })
    }

    /// The next frame is this text, whole.
    pub(crate) async fn hears_text(&mut self, text: &str) {
        let frame = self.hears().await;
        assert_eq!(frame.head, 0x81, "{frame:?} where {text:.60} was to come");
        let heard = String::from_utf8(frame.payload).expect("a text is UTF-8");
        assert!(heard == text, "{heard:.60} where {text:.60} was to come");
    }

    /// The next frame answers a ping with this.
    pub(crate) async fn hears_pong(&mut self, payload: &[u8]) {
        assert_eq!(self.hears().await, Frame { head: 0x8A, payload: payload.to_vec() });
    }

    /// The next frame is a goodbye, and then the connection ends; its code, if it bears one.
    pub(crate) async fn is_closed(&mut self) -> Option<u16> {
        let frame = self.hears().await;
        assert_eq!(frame.head, 0x88, "{frame:?} where the goodbye was to come");
        let mut rest = Vec::new();
        // A reset is an end, too: the server need not read what still comes.
        let _ = in_time(|| "end of the connection".to_owned(), self.0.read_to_end(&mut rest)).await;
        assert!(rest.is_empty(), "{rest:?} after the goodbye");
        assert!(frame.payload.len() != 1, "half a code");
        frame.payload.get(..2).map(|code| u16::from_be_bytes([code[0], code[1]]))
    }

    /// The server says goodbye with this code, and nothing more.
    pub(crate) async fn is_closed_with(&mut self, code: u16, after: &str) {
        assert_eq!(self.is_closed().await, Some(code), "after {after}");
    }
}

/// A client's frame: its first byte, and what it carries under a mask.
pub(crate) fn frame(head: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header(head, payload.len(), true);
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// The same without a mask, as no client may send it.
pub(crate) fn unmasked(head: u8, payload: &[u8]) -> Vec<u8> {
    [header(head, payload.len(), false), payload.to_vec()].concat()
}

fn header(head: u8, length: usize, is_masked: bool) -> Vec<u8> {
    let mask = if is_masked { 0x80 } else { 0 };
    let long = length.to_be_bytes();
    match length {
        0..=125 => vec![head, mask | length as u8],
        126..=0xFFFF => [&[head, mask | 126][..], &long[6..]].concat(),
        _ => [&[head, mask | 127][..], &long].concat(),
    }
}
