//! Somebody inside floods: pings without end, one text in 100,000 fragments, pongs that nobody asked for, frames that mean
//! nothing, and none of the answers are read. The others go on talking, and the memory stays within bounds.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use app::protocol::{ClientFrame, VERSION, encode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::crowd::Crowd;
use crate::person::Habits;
use crate::stage::Stage;
use crate::wire::sign_in;

/// What a flood may cost, in MiB.
const MAX_COST_MIB: f64 = 64.0;
/// How many flood at once.
const FLOODERS: usize = 20;
/// How many fragments the one text has, and how many pings there are.
const FRAMES: usize = 100_000;

/// How long a flooder writes at most, and stays afterwards.
const STAYS: Duration = Duration::from_millis(1_500);

const PING: u8 = 0x89;
const PONG: u8 = 0x8A;
const TEXT: u8 = 0x81;
const FIRST_FRAGMENT: u8 = 0x01;
const NEXT_FRAGMENT: u8 = 0x00;

/// Runs the scenario.
pub(crate) async fn run(stage: &mut Stage) -> Result<(), String> {
    let mut town = stage.town().await?;
    let crowd = Crowd::walks_in(&town, town.address, 6, Habits::default(), &stage.dice).await?;
    let cookie = sign_in(town.address, "Flooder", stage.dice.cid()).await?;
    let floods: [(&str, Vec<u8>, bool); 6] = [
        ("pings", frame(PING, &[b'p'; 125]).repeat(FRAMES), true),
        ("pings, unread", frame(PING, &[b'p'; 125]).repeat(FRAMES), false),
        ("pongs", frame(PONG, b"").repeat(FRAMES), true),
        ("tiny fragments", fragments(b"a"), true),
        ("empty fragments", fragments(b""), true),
        ("chat pings, unread", frame(TEXT, br#"{"ping":{}}"#).repeat(FRAMES), false),
    ];
    for (what, bytes, reads) in &floods {
        let before_kib = town.resident_kib();
        let flooding: Vec<_> = (0..FLOODERS).map(|_| flood(town.address, &cookie, bytes, *reads)).collect();
        let mut flooding = std::pin::pin!(futures_util::future::join_all(flooding));
        let (mut highest_kib, began) = (0, Instant::now());
        loop {
            tokio::select! {
                flooded = &mut flooding => break flooded.into_iter().collect::<Result<Vec<()>, _>>().map(drop)?,
                () = crowd.writes_for(Duration::from_millis(20)) => highest_kib = highest_kib.max(town.resident_kib()),
            }
        }
        highest_kib = highest_kib.max(town.resident_kib());
        crowd.settles().await.map_err(|sentence| format!("{what}: {sentence}"))?;
        let cost_kib = highest_kib.saturating_sub(before_kib);
        stage.report.notes(format!("{what} {} MiB, {:.1} s", cost_kib / 1024, began.elapsed().as_secs_f64()));
        stage.report.measures("memory for a flood from inside", cost_kib as f64 / 1_024.0, "MiB", MAX_COST_MIB);
        // Memory that one flood has cost would be there for the next.
        town.is_killed();
        town.starts().await?;
        crowd.settles().await?;
    }
    crowd.compares_with(&mut town, &mut stage.report).await
}

/// Opens a socket, says hello, sends all that or as much as is taken, and stays for a while.
///
/// # Errors
/// A sentence when the socket does not open.
async fn flood(town: SocketAddr, cookie: &str, bytes: &[u8], reads: bool) -> Result<(), String> {
    let mut socket = open(town, cookie).await.map_err(|error| error.to_string())?;
    let (mut from, mut to) = socket.split();
    let reading = async {
        let mut nowhere = vec![0; 64 * 1024];
        while reads && from.read(&mut nowhere).await.is_ok_and(|read| read > 0) {}
        if !reads {
            std::future::pending::<()>().await;
        }
    };
    let writing = async {
        // It may be sent away, or not be listened to any more.
        let _ = timeout(STAYS, to.write_all(bytes)).await;
        sleep(STAYS).await;
    };
    tokio::select! {
        () = writing => {}
        () = reading => {}
    }
    Ok(())
}

async fn open(address: SocketAddr, cookie: &str) -> std::io::Result<TcpStream> {
    let mut socket = TcpStream::connect(address).await?;
    let request = format!(
        "GET /ws HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await?;
    socket.write_all(&frame(TEXT, encode(&ClientFrame::Hello { version: VERSION }).as_bytes())).await?;
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await?;
    if &answer == b"HTTP/1.1 101" { Ok(socket) } else { Err(std::io::Error::other("the socket does not open")) }
}

/// One text in very many pieces.
fn fragments(piece: &[u8]) -> Vec<u8> {
    [frame(FIRST_FRAGMENT, piece), frame(NEXT_FRAGMENT, piece).repeat(FRAMES)].concat()
}

/// A short frame, masked with zeros (RFC 6455, section 5.2).
fn frame(head: u8, payload: &[u8]) -> Vec<u8> {
    assert!(payload.len() < 126, "a short frame");
    [&[head, 0x80 | payload.len() as u8, 0, 0, 0, 0][..], payload].concat()
}
