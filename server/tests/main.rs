//! What Madang promises, tested through the doors that people and programs use: the real router on a free port, real
//! sockets, named people. One file a promise; `support` has the people and the town they meet in.
//!
//! Nothing here sleeps: a test waits for what it was promised, and fails with a sentence when it doesn't come.

mod support;

mod availability;
mod bad_input;
mod buckets;
mod calls;
mod closing;
mod codec;
mod commands;
mod counting;
mod days;
mod door;
mod files;
mod films;
mod find;
mod foretold;
mod forms;
mod forwarding;
mod kinds;
mod lab;
mod left_rooms;
mod limits;
mod markup;
mod mentions;
mod moderator;
mod names;
mod pages;
mod panics;
mod permalinks;
mod pins;
mod presence;
mod previews;
mod reacting;
mod reading;
mod replying;
mod resume;
mod rooms;
mod scheduled;
mod scheduled_whole;
mod shaping;
mod sheets;
mod silence;
mod start;
mod stored_trees;
mod strangers;
mod talk;
mod thread_box;
mod threads;
mod tutorials;
mod typing;
mod versions;
mod walk_in;
