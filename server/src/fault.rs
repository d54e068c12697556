//! Faults for the controls of the proof by force (`bin/torture`): each breaks one promise, and the checker must find it
//! broken. They exist in a debug build with the feature `faults` alone; elsewhere [`is`] is `false` and costs nothing.

#[cfg(all(feature = "faults", not(debug_assertions)))]
compile_error!("the feature `faults` breaks promises on purpose; a release build can't have it");

use crate::config::Serve;

/// A promise that is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "faults", derive(clap::ValueEnum))]
pub enum Fault {
    /// People are told before the commit.
    AcknowledgeBeforeCommit,
    /// The same id sent twice is two messages.
    NoDedupe,
    /// Commits are not synced.
    SynchronousNormal,
    /// A listener without space misses events, and nobody minds.
    LagIgnored,
}

#[cfg(feature = "faults")]
static PLANNED: std::sync::OnceLock<Fault> = std::sync::OnceLock::new();

/// Takes the fault from the settings, for as long as the program runs.
pub fn plan(config: &Serve) {
    #[cfg(feature = "faults")]
    if let Some(fault) = config.fault {
        let _ = PLANNED.set(fault);
    }
    #[cfg(not(feature = "faults"))]
    let _ = config;
}

/// Whether this fault was asked for.
#[inline]
pub fn is(fault: Fault) -> bool {
    #[cfg(feature = "faults")]
    return PLANNED.get() == Some(&fault);
    #[cfg(not(feature = "faults"))]
    {
        let _ = fault;
        false
    }
}
