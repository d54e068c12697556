//! The chaos between people and the program: a TCP proxy that delays, chops, cuts in mid-frame, resets, and swallows.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::dice::Dice;

/// How long a swallowed connection stays half open at most.
const SWALLOWED_FOR: Duration = Duration::from_secs(60);

/// How a connection ends that the proxy ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// With a reset (RST) to both sides.
    Reset,
    /// As if one side had closed (FIN).
    Close,
    /// Not at all: bytes are taken and go nowhere, as behind a router that forgot the connection.
    Swallow,
}

/// All ways.
pub(crate) const EVERY_CUT: [Cut; 3] = [Cut::Reset, Cut::Close, Cut::Swallow];

/// What connections have to go through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weather {
    /// Every piece waits for so many milliseconds; empty for none.
    pub(crate) delay_ms: Range<u64>,
    /// How many connections in hundred get their bytes one at a time.
    pub(crate) dripping: u64,
    /// How many connections in hundred are cut.
    pub(crate) cut: u64,
    /// After how many bytes those are cut; a frame that is under way then is torn.
    pub(crate) cut_after: Range<u64>,
    /// In which ways.
    pub(crate) cuts: &'static [Cut],
}

/// A running proxy. It ends when it is dropped.
pub(crate) struct Proxy {
    /// Where people connect.
    pub(crate) address: SocketAddr,
    weather: Arc<Mutex<Weather>>,
    storm: broadcast::Sender<Cut>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Opens a proxy in front of a program, in calm weather.
    ///
    /// # Errors
    /// What the system says when there is no port.
    pub(crate) async fn open(upstream: SocketAddr, dice: Dice) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let weather = Arc::new(Mutex::new(Weather::default()));
        let (storm, _) = broadcast::channel(16);
        let accepting = tokio::spawn(accept(listener, upstream, Arc::clone(&weather), storm.clone(), dice));
        Ok(Self { address, weather, storm, accepting })
    }

    /// The weather for connections that begin from now on.
    pub(crate) fn turns(&self, weather: Weather) {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }

    /// Cuts all connections that there are.
    pub(crate) fn cuts_all(&self, how: Cut) {
        // Nobody may be connected.
        let _ = self.storm.send(how);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: TcpListener,
    upstream: SocketAddr,
    weather: Arc<Mutex<Weather>>,
    storm: broadcast::Sender<Cut>,
    mut dice: Dice,
) {
    let mut lines = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        let fate = Fate::draw(&weather.lock().unwrap_or_else(PoisonError::into_inner), &mut dice);
        lines.spawn(carry(near, upstream, fate, storm.subscribe()));
        while lines.try_join_next().is_some() {}
    }
}

/// What one connection has to go through.
struct Fate {
    delay_ms: Range<u64>,
    drips: bool,
    cut: Option<(u64, Cut)>,
    dice: Dice,
}

impl Fate {
    fn draw(weather: &Weather, dice: &mut Dice) -> Self {
        let is_cut = dice.falls(weather.cut);
        let cut = is_cut.then(|| (dice.within(&weather.cut_after), *dice.pick(weather.cuts)));
        Self {
            delay_ms: weather.delay_ms.clone(),
            drips: dice.falls(weather.dripping),
            cut,
            dice: Dice::new(dice.number()),
        }
    }
}

async fn carry(mut near: TcpStream, upstream: SocketAddr, fate: Fate, mut storm: broadcast::Receiver<Cut>) {
    let Ok(mut far) = TcpStream::connect(upstream).await else {
        let _ = near.set_zero_linger();
        return;
    };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let how = {
        let ((mut from_near, mut to_near), (mut from_far, mut to_far)) = (near.split(), far.split());
        let left = Mutex::new(fate.cut.map(|(after, _)| after));
        let how = fate.cut.map_or(Cut::Close, |(_, how)| how);
        tokio::select! {
            torn = pump(&mut from_near, &mut to_far, &fate, &left) => if torn { how } else { Cut::Close },
            torn = pump(&mut from_far, &mut to_near, &fate, &left) => if torn { how } else { Cut::Close },
            Ok(how) = storm.recv() => how,
        }
    };
    end(near, far, how).await;
}

/// Carries one way until the end; whether that end is the one that was fated.
async fn pump(from: &mut ReadHalf<'_>, to: &mut WriteHalf<'_>, fate: &Fate, left: &Mutex<Option<u64>>) -> bool {
    let mut buffer = vec![0; 16 * 1024];
    let mut dice = fate.dice.clone();
    loop {
        let read = match from.read(&mut buffer).await {
            Ok(0) | Err(_) => return false,
            Ok(read) => read,
        };
        if !fate.delay_ms.is_empty() {
            sleep(Duration::from_millis(dice.within(&fate.delay_ms))).await;
        }
        let (passes, is_torn) = spend(left, read);
        if write(to, &buffer[..passes], fate.drips).await.is_err() {
            return false;
        }
        if is_torn {
            return true;
        }
    }
}

/// How many of these bytes pass before the cut, and whether the cut comes then.
fn spend(left: &Mutex<Option<u64>>, read: usize) -> (usize, bool) {
    match &mut *left.lock().unwrap_or_else(PoisonError::into_inner) {
        None => (read, false),
        Some(left) if *left > read as u64 => {
            *left -= read as u64;
            (read, false)
        }
        Some(left) => (*left as usize, true),
    }
}

async fn write(to: &mut WriteHalf<'_>, bytes: &[u8], drips: bool) -> std::io::Result<()> {
    if !drips {
        return to.write_all(bytes).await;
    }
    for byte in bytes {
        to.write_all(std::slice::from_ref(byte)).await?;
    }
    Ok(())
}

async fn end(mut near: TcpStream, mut far: TcpStream, how: Cut) {
    match how {
        Cut::Reset => {
            let _ = (near.set_zero_linger(), far.set_zero_linger());
        }
        Cut::Close => {
            let _ = (near.shutdown().await, far.shutdown().await);
        }
        Cut::Swallow => {
            let (mut nowhere, mut void) = (tokio::io::sink(), tokio::io::sink());
            let swallowing =
                async { tokio::join!(tokio::io::copy(&mut near, &mut nowhere), tokio::io::copy(&mut far, &mut void)) };
            let _ = timeout(SWALLOWED_FOR, swallowing).await;
        }
    }
}
