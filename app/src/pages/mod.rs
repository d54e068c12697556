//! The pages: one file each, named as what it shows.

pub mod home;
pub mod lab;
pub mod missing;
pub mod room;
pub mod walk_in;
