//! Connections on which nothing is heard. Time stands still here, and passes only when a test says so.

use std::time::Duration;

use app::protocol::close;
use tokio::time::{Instant, advance};

use crate::support::{Frame, Raw, Town, frame, time_stands_still};

/// How long a program with a plain socket may say nothing before it is asked for a sign of life.
const ASKED_AFTER: Duration = Duration::from_secs(45);
/// How long a page may say nothing, which is to ping by itself.
const GONE_AFTER: Duration = Duration::from_secs(90);
/// How long somebody may be at the door.
const AT_THE_DOOR: Duration = Duration::from_secs(10);
const MOMENT: Duration = Duration::from_millis(2);

const TEXT: u8 = 0x81;
const PING: u8 = 0x89;
const PONG: u8 = 0x8A;

#[tokio::test(start_paused = true)]
async fn a_plain_program_is_asked_for_a_sign_of_life_and_stays_as_long_as_it_gives_one() {
    let _still = time_stands_still();
    let town = Town::open().await;
    let mut program = town.raw("/ws/plain?name=Ada&lang=en").await;
    is_heard(&mut program).await;
    for _ in 0..3 {
        advance(ASKED_AFTER - MOMENT).await;
        // Had it been asked already, that would come first.
        is_heard(&mut program).await;
        advance(ASKED_AFTER + MOMENT).await;
        is_asked(&mut program).await;
        program.sends(&frame(PONG, b"")).await;
        is_heard(&mut program).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_plain_program_that_gives_no_sign_of_life_is_gone() {
    let _still = time_stands_still();
    let town = Town::open().await;
    let mut program = town.raw("/ws/plain?name=Ada&lang=en").await;
    is_heard(&mut program).await;
    advance(ASKED_AFTER + MOMENT).await;
    is_asked(&mut program).await;
    advance(ASKED_AFTER).await;
    program.is_closed_with(close::SILENT, "two silences").await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_does_not_ping_is_gone() {
    let _still = time_stands_still();
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    for _ in 0..3 {
        ada.pings().await;
        advance(GONE_AFTER - MOMENT).await;
    }
    ada.pings().await;
    advance(GONE_AFTER + MOMENT).await;
    ada.is_closed_with(close::SILENT).await;
}

#[tokio::test(start_paused = true)]
async fn whoever_keeps_the_door_busy_without_a_word_is_gone() {
    let _still = time_stands_still();
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let (mut busy, began) = (ada.raw().await, Instant::now());
    for _ in 0..4 {
        is_heard(&mut busy).await;
        advance(AT_THE_DOOR / 4 - MOMENT).await;
    }
    is_heard(&mut busy).await;
    advance(5 * MOMENT).await;
    busy.is_closed_with(close::SILENT, "much, but no first frame").await;
    assert!(began.elapsed() < AT_THE_DOOR * 3 / 2, "no more time has passed");
}

/// What the program says has arrived, and breaks the silence.
async fn is_heard(program: &mut Raw) {
    program.sends(&frame(PING, b"hello")).await;
    assert_eq!(next(program).await, Frame { head: PONG, payload: b"hello".to_vec() });
}

async fn is_asked(program: &mut Raw) {
    assert_eq!(next(program).await, Frame { head: PING, payload: Vec::new() });
}

/// The next frame that is not a line of the room.
async fn next(program: &mut Raw) -> Frame {
    loop {
        let frame = program.hears().await;
        if frame.head != TEXT {
            return frame;
        }
    }
}
