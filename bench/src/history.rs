//! Madang with a long past: how soon it is ready, and a room's newest and middle messages are there.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use rusqlite::Connection;

use crate::cell::{self, Figures, Settings};
use crate::dialect;
use crate::door::{self, Browser};
use crate::frame;
use crate::server::Server;

/// How often each is asked for; the figure is the middle one.
const TIMES: usize = 101;

/// Fills the first room, starts the program again and asks.
///
/// # Errors
/// A sentence.
pub(crate) fn measure(
    figures: &mut Figures,
    server: &Server,
    messages: i64,
    settings: &Settings,
) -> Result<(), String> {
    let cookie = {
        let running = cell::start(server, settings)?;
        door::walk_in(running.address, 1)?.remove(0)
    };
    fill(&cell::folder_of(server, settings).join("madang.db"), messages).map_err(|error| error.to_string())?;
    let began = Instant::now();
    let running = cell::start_again(server, settings)?;
    figures.ready_ms = Some(milliseconds(began));
    let mut browser = Browser::open(running.address)?;
    figures.first_page_ms = Some(middle(|| browser.get("/rooms/madang", &cookie).map(drop))?);
    let mut socket = Socket::open(running.address, &cookie)?;
    let middle_one = format!(r#"{{"older":{{"room":"madang","before":{}}}}}"#, messages / 2);
    figures.open_ms = Some(middle(|| socket.asks(r#"{"open":{"room":"madang"}}"#, r#"{"page":"#))?);
    figures.jump_ms = Some(middle(|| socket.asks(&middle_one, r#"{"older":"#))?);
    Ok(())
}

fn fill(file: &std::path::Path, messages: i64) -> rusqlite::Result<()> {
    let mut database = Connection::open(file)?;
    let filling = database.transaction()?;
    filling.execute(
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < $1)
         INSERT INTO event (id, kind, author_id, author_name, cid, at_ms, body)
         SELECT room.id * 1099511627776 + n, 1, member.id, member.name, CAST(printf('%016d', n) AS BLOB), 1790000000000 + n * 1000,
                printf('message %d: eighty bytes of text, so that it is like all the others here.....', n)
         FROM number, (SELECT id FROM room WHERE slug = 'madang') AS room, (SELECT id, name FROM member LIMIT 1) AS member",
        [messages],
    )?;
    filling.commit()
}

/// The middle of many times, in milliseconds; the first few only warm it up.
fn middle(mut ask: impl FnMut() -> Result<(), String>) -> Result<f64, String> {
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let began = Instant::now();
        ask()?;
        took.push(milliseconds(began));
    }
    took.sort_by(f64::total_cmp);
    Ok(took[TIMES / 2])
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// A socket that asks for one thing after the other.
struct Socket {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Socket {
    fn open(address: std::net::SocketAddr, cookie: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
        let mut socket = Self { stream, unread: Vec::new() };
        let request = format!(
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {cookie}\r\n\r\n"
        );
        socket.stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
        let end = loop {
            if let Some(at) = socket.unread.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break at + 4;
            }
            socket.read()?;
        };
        socket.unread.drain(..end);
        socket.asks(&dialect::hello(), r#"{"welcome":"#)?;
        Ok(socket)
    }

    /// Says something and waits for the answer that begins so.
    fn asks(&mut self, text: &str, until: &str) -> Result<(), String> {
        let mut bytes = Vec::new();
        frame::write(&mut bytes, frame::TEXT, text.as_bytes());
        self.stream.write_all(&bytes).map_err(|error| error.to_string())?;
        loop {
            while let Some(found) = frame::read(&self.unread, 0) {
                let is_answer = self.unread[found.payload.clone()].starts_with(until.as_bytes());
                self.unread.drain(..found.payload.end);
                if is_answer {
                    return Ok(());
                }
            }
            self.read()?;
        }
    }

    fn read(&mut self) -> Result<(), String> {
        let mut buffer = [0; 64 * 1024];
        match self.stream.read(&mut buffer) {
            Ok(0) => Err("the server hung up".to_owned()),
            Ok(count) => {
                self.unread.extend_from_slice(&buffer[..count]);
                Ok(())
            }
            Err(error) => Err(error.to_string()),
        }
    }
}
