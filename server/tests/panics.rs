//! A task that panics takes nobody, and no promise, with it.

use std::time::Duration;

use server::Ended;

use crate::support::{HeldClock, Town};

#[tokio::test]
async fn whoever_makes_their_connection_panic_is_not_here_any_more() {
    let clock = HeldClock::new();
    let mut town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    let mut ben = town.walks_in("Ben").await;
    ben.opens("madang").await;
    ada.hears_arrival(&["Ben"], 2).await;
    let mut cho = town.line("/ws/plain?name=Cho&lang=en").await;
    ada.hears_arrival(&["Cho"], 3).await;

    clock.breaks();
    ben.posts("hi").await;
    ada.hears_departure(&["Ben"], 2).await;
    clock.breaks();
    cho.says("hi").await;
    ada.hears_departure(&["Cho"], 1).await;

    // Nobody is waited for who is gone.
    ada.goes().await;
    town.closes().await;
}

#[tokio::test]
async fn a_program_of_which_a_part_panics_ends() {
    let clock = HeldClock::new();
    let often = Duration::from_millis(1);
    let mut town = Town::plan().clock(&clock).looking_every(often).open().await;

    clock.breaks();

    assert_eq!(town.ends().await, Ended::TaskFailed);
}
