//! Before the door: slow headers, half-sent frames, and many connections that say nothing. None of it costs more than 64 MiB,
//! and who is inside goes on talking.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::stage::Stage;
use crate::wire::sign_in;

/// What an attack may cost, in MiB.
const MAX_COST_MIB: f64 = 64.0;
/// From how many addresses the strangers come: one alone is stopped sooner.
const ADDRESSES: usize = 50;
/// So many of them are at the door, or the attack is none: there are places for a thousand.
const AT_LEAST: usize = 900;
/// How long a stranger waits to be let in to the door.
const WAITS: Duration = Duration::from_secs(2);

/// What a stranger sends and then says no more.
struct Attack {
    what: &'static str,
    /// The first bytes, from the address and a cookie.
    says: fn(SocketAddr, &str) -> Vec<u8>,
    /// What follows, a byte now and then.
    trickles: bool,
}

const ATTACKS: &[Attack] = &[
    Attack { what: "idle", says: |_, _| Vec::new(), trickles: false },
    Attack { what: "half a request", says: |_, _| b"GET /ws HTTP/1.1\r\nhost: ".to_vec(), trickles: false },
    Attack { what: "slow headers", says: |_, _| b"GET / HTTP/1.1\r\nx: ".to_vec(), trickles: true },
    Attack { what: "long headers", says: |_, _| long_header(), trickles: false },
    Attack { what: "a form without end", says: |_, _| endless_form(), trickles: true },
    Attack { what: "an open socket, silent", says: upgrade, trickles: false },
    Attack { what: "half a frame header", says: |to, cookie| upgraded(to, cookie, &[0x81]), trickles: false },
    Attack { what: "a huge first frame", says: |to, cookie| upgraded(to, cookie, &huge_frame()), trickles: true },
    Attack {
        what: "a slow first frame",
        says: |to, cookie| upgraded(to, cookie, &[0x81, 0xFE, 0x0F, 0xFF, 0, 0, 0, 0]),
        trickles: true,
    },
];

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let crowd = Crowd::walks_in(&town, town.address, 6, Habits::default(), &stage.dice).await?;
    crowd.writes_for(Duration::from_millis(500)).await;
    let cookie = sign_in(town.address, "Stranger", stage.dice.cid()).await?;
    let strangers = stage.size(1_000, 3_000);
    stage.report.notes(format!("{strangers} strangers each, from {ADDRESSES} addresses"));
    for attack in ATTACKS {
        let before_kib = town.resident_kib();
        let bytes = (attack.says)(town.address, &cookie);
        let coming = (0..strangers).map(|number| stranger(number, town.address, &bytes));
        let mut sockets: Vec<TcpStream> = join_all(coming).await.into_iter().flatten().collect();
        stage.report.demands(sockets.len() >= AT_LEAST, || format!("{}: {} came", attack.what, sockets.len()));
        let mut highest_kib = 0;
        for _ in 0..stage.size(5, 40) {
            for socket in sockets.iter_mut().filter(|_| attack.trickles) {
                let _ = socket.try_write(b"a");
            }
            crowd.writes_for(Duration::from_millis(100)).await;
            highest_kib = highest_kib.max(town.resident_kib());
        }
        crowd.settles().await.map_err(|sentence| format!("{}: {sentence}", attack.what))?;
        let cost_kib = highest_kib.saturating_sub(before_kib);
        stage.report.notes(format!("{} {} MiB", attack.what, cost_kib / 1024));
        stage.report.measures("memory for an attack before the door", cost_kib as f64 / 1_024.0, "MiB", MAX_COST_MIB);
        drop(sockets);
        // Memory that one attack has cost would be there for the next.
        town.is_killed();
        town.starts().await?;
        crowd.settles().await?;
    }
    crowd.compares_with(&mut town, &mut stage.report).await
}

/// Comes to the door and says something; `None` for one who is not let in, for the program may have had enough already.
async fn stranger(number: usize, to: SocketAddr, bytes: &[u8]) -> Option<TcpStream> {
    let from = [127, 0, 1, 1 + (number % ADDRESSES) as u8];
    let socket = TcpSocket::new_v4().ok()?;
    socket.bind((from, 0).into()).ok()?;
    let mut stream = timeout(WAITS, socket.connect(to)).await.ok()?.ok()?;
    let _ = timeout(WAITS, stream.write_all(bytes)).await;
    Some(stream)
}

fn upgrade(to: SocketAddr, cookie: &str) -> Vec<u8> {
    upgraded(to, cookie, &[])
}

/// The opening of the chat's socket (RFC 6455, section 4.1), and the first bytes after it.
fn upgraded(to: SocketAddr, cookie: &str, then: &[u8]) -> Vec<u8> {
    let request = format!(
        "GET /ws HTTP/1.1\r\nhost: {to}\r\ncookie: {cookie}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    [request.as_bytes(), then].concat()
}

/// A frame that says it has 2^62 bytes, and the first 16 KiB of them.
fn huge_frame() -> Vec<u8> {
    [&[0x81, 0xFF, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &[b'a'; 16 * 1024]].concat()
}

fn long_header() -> Vec<u8> {
    [b"GET / HTTP/1.1\r\nhost: a\r\nx: ".to_vec(), vec![b'a'; 60 * 1024]].concat()
}

fn endless_form() -> Vec<u8> {
    let head = "POST /enter HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000000000\r\n\r\nname=";
    [head.as_bytes(), &[b'a'; 16 * 1024]].concat()
}
