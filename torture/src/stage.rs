//! What a scenario is given: the program, its seed, how long it may be, and where to put what it found.

use crate::dice::Dice;
use crate::report::Report;
use crate::shim::{Library, Shim};
use crate::town::{Program, Town};

/// The stage of one scenario.
pub(crate) struct Stage {
    /// What is tortured.
    pub(crate) program: Program,
    /// The layer that lies about disks and clocks.
    pub(crate) library: Library,
    /// The scenario's decisions.
    pub(crate) dice: Dice,
    /// Whether there is time for more of everything.
    pub(crate) is_long: bool,
    /// What came out.
    pub(crate) report: Report,
}

impl Stage {
    /// One of two sizes: the short form's, or the long form's.
    pub(crate) fn size<T>(&self, short: T, long: T) -> T {
        if self.is_long { long } else { short }
    }

    /// A town with an empty database.
    ///
    /// # Errors
    /// A sentence when it does not open.
    pub(crate) async fn town(&self) -> Result<Town, String> {
        Town::open(&self.program, None).await
    }

    /// The same, on a disk and with a clock that can be lied about.
    ///
    /// # Errors
    /// A sentence when it does not open.
    pub(crate) async fn town_with_shim(&self) -> Result<Town, String> {
        Town::open(&self.program, Some(Shim::new(&self.library)?)).await
    }
}
