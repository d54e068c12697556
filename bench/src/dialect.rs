//! What a client says to each kind of server: how it gets in, how it posts, what it answers.

use std::io::Write;

use crate::frame;
use crate::note::BYTES;

/// The words that a server understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Madang's own frames (`app/src/protocol.rs`).
    Madang,
    /// The room is in the address, `joined` is the first word, and from then on every text goes to all.
    Plain,
    /// Engine.IO 4 over a socket alone, and Socket.IO 5 in it.
    SocketIo,
    /// The NATS client protocol; a room is a subject.
    Nats,
    /// XMPP over WebSocket (RFC 7395), anonymous people in rooms (XEP-0045).
    Xmpp,
}

/// One exchange on the way in: what is said, and with what the answer that is waited for begins (one of these).
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// What the client says; nothing where the server speaks first.
    pub(crate) say: String,
    /// How the answer begins; with none, the next is said in the same breath.
    pub(crate) until: &'static [&'static str],
}

/// Where XMPP's people and rooms live.
pub(crate) const XMPP_HOST: &str = "localhost";
pub(crate) const XMPP_ROOMS: &str = "rooms.localhost";

impl Dialect {
    /// The path of the upgrade.
    pub(crate) fn path(self, room: &str) -> String {
        match self {
            Self::Madang => "/ws".to_owned(),
            Self::Plain => format!("/ws?room={room}"),
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket".to_owned(),
            Self::Nats => "/".to_owned(),
            Self::Xmpp => "/xmpp-websocket".to_owned(),
        }
    }

    /// The subprotocol of the upgrade.
    pub(crate) fn subprotocol(self) -> Option<&'static str> {
        (self == Self::Xmpp).then_some("xmpp")
    }

    /// The kind of frame that texts go in.
    pub(crate) fn opcode(self) -> u8 {
        if self == Self::Nats { frame::BINARY } else { frame::TEXT }
    }

    /// From the upgrade to hearing what is said in the room, for the person with this number.
    pub(crate) fn way_in(self, room: &str, number: usize) -> Vec<Step> {
        let step = |say: &str, until: &'static [&'static str]| Step { say: say.to_owned(), until };
        match self {
            Self::Madang => vec![
                step(&hello(), &[]),
                step(&format!(r#"{{"open":{{"room":"{room}"}}}}"#), &[r#"{"page":"#, r#"{"resumed":"#]),
            ],
            Self::Plain => vec![step("", &["joined"])],
            Self::SocketIo => vec![
                step("", &["0{"]),
                step("40", &["40"]),
                step(&format!(r#"42["join","{room}"]"#), &[r#"42["joined""#]),
            ],
            Self::Nats => vec![
                step("", &["INFO"]),
                step(&format!("CONNECT {{\"verbose\":false}}\r\nSUB {room} 1\r\nPING\r\n"), &["PONG"]),
            ],
            Self::Xmpp => xmpp_way_in(room, number),
        }
    }

    /// Writes what posts a text.
    pub(crate) fn post(self, out: &mut Vec<u8>, room: &str, cid: u128, text: &[u8; BYTES]) {
        let head = match self {
            Self::Madang => write!(out, r#"{{"post":{{"room":"{room}","cid":"{cid:032x}","text":""#),
            Self::Plain => Ok(()),
            Self::SocketIo => write!(out, r#"42["post",""#),
            Self::Nats => write!(out, "PUB {room} {BYTES}\r\n"),
            Self::Xmpp => write!(
                out,
                r#"<message xmlns="jabber:client" to="{room}@{XMPP_ROOMS}" type="groupchat" id="{cid:x}"><body>"#
            ),
        };
        head.expect("memory takes all");
        out.extend_from_slice(text);
        out.extend_from_slice(match self {
            Self::Madang => br#""}}"#,
            Self::Plain => b"",
            Self::SocketIo => br#""]"#,
            Self::Nats => b"\r\n",
            Self::Xmpp => b"</body></message>",
        });
    }

    /// What a frame that bears no text of ours has to be answered with.
    pub(crate) fn answer(self, payload: &[u8]) -> Option<&'static str> {
        match (self, payload) {
            (Self::SocketIo, b"2") => Some("3"),
            (Self::Nats, b"PING\r\n") => Some("PONG\r\n"),
            _ => None,
        }
    }
}

/// The first word to Madang, in the version that the program beside this one speaks.
pub(crate) fn hello() -> String {
    let protocol = include_str!("../../app/src/protocol.rs");
    let version = protocol.split_once("pub const VERSION: u32 = ").and_then(|(_, rest)| rest.split(';').next());
    format!(r#"{{"hello":{{"version":{}}}}}"#, version.unwrap_or_default())
}

fn xmpp_way_in(room: &str, number: usize) -> Vec<Step> {
    let step = |say: String, until: &'static [&'static str]| Step { say, until };
    let open = || format!(r#"<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="{XMPP_HOST}" version="1.0"/>"#);
    let auth = r#"<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>"#.to_owned();
    let bind = r#"<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>"#;
    let join = format!(
        r#"<presence xmlns="jabber:client" to="{room}@{XMPP_ROOMS}/p{number}"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/></x></presence>"#
    );
    vec![
        step(open(), &["<stream:features"]),
        step(auth, &["<success"]),
        step(open(), &["<stream:features"]),
        step(bind.to_owned(), &["<iq"]),
        // The room's subject comes last, as a message.
        step(join, &["<message"]),
    ]
}
