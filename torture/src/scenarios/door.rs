//! Before the door: slow headers, half-sent frames, and many connections that say nothing. None of it costs more than 64 MiB,
//! and who is inside goes on talking.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::stage::Stage;
use crate::wire::sign_in;

/// What an attack may cost, in KiB.
const MAX_COST_KIB: u64 = 64 * 1024;

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
    stage.report.notes(format!("{strangers} strangers each"));
    for attack in ATTACKS {
        let before_kib = town.resident_kib();
        let mut sockets = Vec::new();
        for _ in 0..strangers {
            let mut socket =
                TcpStream::connect(town.address).await.map_err(|error| format!("{}: {error}", attack.what))?;
            // The program may have had enough already.
            let _ = socket.write_all(&(attack.says)(town.address, &cookie)).await;
            sockets.push(socket);
        }
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
        stage.report.demands(cost_kib <= MAX_COST_KIB, || format!("{} costs {cost_kib} KiB", attack.what));
        drop(sockets);
        // Memory that one attack has cost would be there for the next.
        town.is_killed();
        town.starts().await?;
        crowd.settles().await?;
    }
    crowd.compares_with(&mut town, &mut stage.report).await
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
