//! What the world does to servers, a file each.

pub(crate) mod cuts;
pub(crate) mod kills;
pub(crate) mod repeats;
