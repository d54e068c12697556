//! What the world does to servers, a file each.

pub(crate) mod clocks;
pub(crate) mod cuts;
pub(crate) mod door;
pub(crate) mod edges;
pub(crate) mod floods;
pub(crate) mod full_disk;
pub(crate) mod kills;
pub(crate) mod limits;
pub(crate) mod millions;
pub(crate) mod openings;
pub(crate) mod power;
pub(crate) mod repeats;
pub(crate) mod restarts;
pub(crate) mod sleepers;
pub(crate) mod syncs;
