//! The stage: a [`Town`] (the program on a free port, in a folder of its own), [`Visitor`]s (browsers without scripts),
//! [`Person`]s (an open chat socket each), and [`Line`]s (sockets that speak plain text).

mod bucket;
mod line;
mod person;
mod program;
mod raw;
mod town;
mod visitor;
mod wire;

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use app::allowance::Allowance;
use app::i18n::Lang;
use app::refusal::Refusal;

pub(crate) use bucket::{Bucket, Fault, SECRET};
pub(crate) use line::Line;
pub(crate) use person::{Person, fresh_cid, seqs};
pub(crate) use program::Program;
pub(crate) use raw::{Frame, Raw, frame, unmasked};
pub(crate) use town::{HeldClock, Plan, Town};
pub(crate) use visitor::{Answer, Visitor};
pub(crate) use wire::{Heard, Wire};

/// What a server that nobody has set otherwise says of a refusal.
pub(crate) fn sentence(lang: Lang, why: Refusal) -> String {
    Allowance::default().sentence(lang, why)
}

/// How long anything that was promised may take. Only a failing test waits this long.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Waits for something that was promised, and says what was missed if it does not come.
pub(crate) async fn in_time<T>(what: impl FnOnce() -> String, promised: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, promised).await {
        Ok(kept) => kept,
        Err(_) => panic!("after {DEADLINE:?} there was still no {}", what()),
    }
}

/// Keeps tokio, where its time is paused, from letting time pass whenever everyone waits for the network: it doesn't as long as a
/// thread is at work. Not for ever, so that a test that waits in vain comes to its end.
pub(crate) fn time_stands_still() -> mpsc::Sender<()> {
    let (still, until) = mpsc::channel();
    tokio::task::spawn_blocking(move || until.recv_timeout(6 * DEADLINE));
    still
}

/// Whether any file of a folder has this text.
pub(crate) fn holds(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).expect("the folder is there").map(|file| file.expect("a file").path());
    let mut bytes = files.map(|file| std::fs::read(file).unwrap_or_default());
    bytes.any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}
