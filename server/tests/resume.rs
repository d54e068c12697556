//! Whoever was away, late or slow gets all that they missed, each event once and in order, or plainly a fresh page.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use app::message::Seq;
use app::protocol::{ClientFrame, MAX_RESUME_EVENTS, PAGE_EVENTS, Position, close};
use app::refusal::Refusal;

use crate::support::{Person, Town, seqs};

#[tokio::test]
async fn coming_back_brings_exactly_what_was_missed() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.posts_all(&texts(1..=3)).await;
    assert_eq!(seqs(&ben.sees_up_to(3).await), [1, 2, 3]);

    let ben = ben.drops_off();
    ada.posts_all(&texts(4..=6)).await;
    let mut ben = ben.opens_a_tab("Ben").await;
    ben.resumes("madang", 3).await;

    for text in texts(4..=6) {
        ben.sees("Ada", &text).await;
    }
    assert_eq!(ben.is_resumed("madang").await.head, 6);
    ada.posts("live again").await;
    assert_eq!(ben.sees("Ada", "live again").await.seq, 7);
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn coming_back_without_having_missed_anything_says_so() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts_all(&texts(1..=2)).await;

    let mut ada = ada.drops_off().opens_a_tab("Ada").await;
    ada.resumes("madang", 2).await;

    assert_eq!(ada.is_resumed("madang").await.head, 2);
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn coming_back_after_a_restart_is_no_different() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.posts_all(&texts(1..=4)).await;
    ben.sees_up_to(2).await;
    let epoch = ben.epoch.clone();

    town.restarts().await;

    let mut ben = ben.drops_off().opens_a_tab("Ben").await;
    ben.asks(ClientFrame::Open { room: "madang".into(), after: Some(Position { epoch, seq: 2 }), at: None }).await;
    assert_eq!(seqs(&ben.sees_up_to(4).await), [3, 4]);
    assert_eq!(ben.is_resumed("madang").await.head, 4);
}

#[tokio::test]
async fn a_store_that_was_restored_is_another_one() {
    let mut town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts_all(&texts(1..=2)).await;
    let epoch = ada.epoch.clone();
    let copy = town.folder().join("copy.db");
    town.meddles(&format!("VACUUM INTO '{}'", copy.display()));
    ada.posts("lost with the disk").await;
    assert_eq!(ada.sees("Ada", "lost with the disk").await.seq, 3);

    town.closes().await;
    town.is_restored_from(&copy);
    town.reopens().await;

    let mut ada = ada.drops_off().opens_a_tab("Ada").await;
    ada.opens("madang").await;
    ada.posts_all(&texts(3..=4)).await;
    let mut ben = ada.opens_another_tab().await;
    let after = Some(Position { epoch, seq: 3 });
    ben.asks(ClientFrame::Open { room: "madang".into(), after, at: None }).await;
    let page = ben.gets_page("madang").await;
    assert_eq!(seqs(&page.events), [1, 2, 3, 4]);
}

#[tokio::test]
async fn the_server_says_goodbye_and_when_to_come_back() {
    let mut town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let mut line = town.line("/ws/plain?name=Bob&lang=en").await;
    line.hears("Someone joined [now: 2]").await;

    town.closes().await;

    assert!(ada.is_told_to_come_back().await <= 4);
    ada.is_closed_with(close::RESTARTING).await;
    line.is_closed_with(close::RESTARTING).await;
}

#[tokio::test]
async fn whoever_has_just_said_something_is_answered_before_the_goodbye() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let (held, host) = (town.holds_up_the_store(), town.host());
    let said = ada.posts("just in time").await;
    ada.pings().await;

    let is_closed = async {
        while tokio::net::TcpStream::connect(&host).await.is_ok() {
            tokio::task::yield_now().await;
        }
        drop(held);
    };
    tokio::join!(town.closes(), is_closed);

    assert_eq!(ada.sees("Ada", "just in time").await.cid, Some(said));
    ben.sees("Ada", "just in time").await;
    ada.is_told_to_come_back().await;
    ben.is_told_to_come_back().await;
    ada.is_closed_with(close::RESTARTING).await;
}

#[tokio::test]
async fn after_a_goodbye_few_are_back_soon_and_not_all_at_once() {
    let mut town = Town::open().await;
    let ada = town.walks_in("Ada").await;
    let mut tabs = vec![ada];
    while tabs.len() < 20 {
        tabs.push(tabs[0].opens_another_tab().await);
    }

    town.closes().await;

    let mut delays_ms = BTreeSet::new();
    for mut tab in tabs {
        delays_ms.insert(tab.is_told_to_come_back().await);
    }
    assert!(delays_ms.iter().all(|delay_ms| *delay_ms <= 40), "{delays_ms:?}");
    assert!(delays_ms.len() > 1, "all at {delays_ms:?}");
}

#[tokio::test]
async fn a_position_that_means_nothing_here_gets_a_fresh_page() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts_all(&texts(1..=3)).await;
    let ours = ada.epoch.clone();
    for (why, epoch, seq) in [
        ("another life of the store", "0123456789abcdef", 1),
        ("a number that is not there yet", ours.as_str(), 4),
        ("a number far beyond", ours.as_str(), Seq::MAX),
        ("a number below all", ours.as_str(), -1),
        ("a number far below all", ours.as_str(), Seq::MIN),
    ] {
        let mut ben = ada.opens_another_tab().await;
        let after = Some(Position { epoch: epoch.to_owned(), seq });
        ben.asks(ClientFrame::Open { room: "madang".into(), after, at: None }).await;
        let page = ben.gets_page("madang").await;
        assert_eq!((seqs(&page.events), page.start), (vec![1, 2, 3], true), "{why}");
        ben.sees_nothing_more().await;
    }
}

#[tokio::test]
async fn whoever_missed_too_much_starts_from_the_newest_page() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts_all(&texts(1..=MAX_RESUME_EVENTS)).await;
    let mut ben = town.walks_in("Ben").await;

    ben.resumes("madang", 0).await;
    assert_eq!(seqs(&ben.sees_up_to(MAX_RESUME_EVENTS).await), (1..=MAX_RESUME_EVENTS).collect::<Vec<_>>());
    assert_eq!(ben.is_resumed("madang").await.head, MAX_RESUME_EVENTS);
    ada.posts("one too many").await;
    ben.sees("Ada", "one too many").await;

    let mut ben = ben.opens_another_tab().await;
    ben.resumes("madang", 0).await;
    let page = ben.gets_page("madang").await;
    let newest = MAX_RESUME_EVENTS + 1;
    assert_eq!(seqs(&page.events), (newest - PAGE_EVENTS as i64 + 1..=newest).collect::<Vec<_>>());
    assert!(!page.start);
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn older_pages_lead_back_to_the_start() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts_all(&texts(1..=120)).await;

    let mut ben = town.walks_in("Ben").await;
    let page = ben.opens("madang").await;

    assert_eq!((seqs(&page.events), page.start), ((71..=120).collect(), false));
    assert_eq!(ben.gets_older(71).await, ((21..=70).collect(), false));
    assert_eq!(ben.gets_older(21).await, ((1..=20).collect(), true));
    assert_eq!(ben.gets_older(1).await, (vec![], true));
    assert_eq!(ben.gets_older(52).await, ((2..=51).collect(), false));
    assert_eq!(ben.gets_older(51).await, ((1..=50).collect(), true));
}

#[tokio::test]
async fn a_page_of_long_messages_is_short_and_the_rest_comes_when_asked_for() {
    const LONG: usize = 8_000;
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let long: Vec<String> = (1..=40).map(|number| format!("{number} {}", "가".repeat(LONG - 3))).collect();
    ada.posts_all(&long).await;

    let mut ben = town.walks_in("Ben").await;
    let page = ben.opens("madang").await;
    assert!(!page.start && page.events.len() < 20, "{} came at once", page.events.len());
    let mut before = page.events[0].seq;
    while before > 1 {
        let (older, start) = ben.gets_older(before).await;
        assert_eq!((older.last(), start), (Some(&(before - 1)), older[0] == 1));
        before = older[0];
    }

    let mut cleo = town.walks_in("Cleo").await;
    cleo.resumes("madang", 0).await;
    assert_eq!(seqs(&cleo.sees_up_to(40).await), (1..=40).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_pong_tells_where_the_open_rooms_stand() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    assert_eq!(ada.pings().await, []);
    ada.opens("madang").await;
    ada.posts_all(&texts(1..=2)).await;

    assert_eq!(ada.pings().await, [("madang".to_owned(), 2)]);
}

#[tokio::test]
async fn opening_a_room_again_repeats_nothing() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.posts_all(&texts(1..=3)).await;
    ben.sees_up_to(3).await;

    ben.resumes("madang", 3).await;
    assert_eq!(ben.is_resumed("madang").await.head, 3);
    ada.posts("4").await;
    ben.sees("Ada", "4").await;
    assert_eq!(seqs(&ben.opens("madang").await.events), [1, 2, 3, 4]);
    ada.posts("5").await;

    ben.sees("Ada", "5").await;
    ben.sees_nothing_more().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_in_the_moment_of_coming_back_is_not_lost() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    let ben = town.visitor();
    ben.walks_in("Ben").await;
    ada.opens("madang").await;
    for number in 1..=300 {
        let text = number.to_string();
        let mut ben = ben.opens_a_tab("Ben").await;
        tokio::join!(ada.posts(&text), ben.resumes("madang", number - 1));
        // Nobody says more until this was seen: the last message has no next one that would show the gap.
        assert_eq!(ben.sees("Ada", &text).await.seq, number);
        ada.sees("Ada", &text).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_a_room_again_further_back_while_catching_up_loses_nothing() {
    const EVENTS: Seq = 600;
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts_all(&texts(1..=EVENTS)).await;
    for _ in 0..20 {
        let mut ben = ada.opens_another_tab().await;
        // The second may come while the answer to the first is being read from the store.
        ben.resumes("madang", EVENTS / 2).await;
        ben.resumes("madang", 100).await;

        let mut seen = BTreeSet::new();
        while seen.len() < (101..=EVENTS).count() {
            let event = ben.sees_event(&format!("event after 100 beside the {} that came", seen.len())).await;
            seen.extend((event.seq > 100).then_some(event.seq));
        }
        ben.goes().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_who_does_not_read_for_a_while_loses_nothing() {
    const MESSAGES: Seq = 2_000;
    let town = Town::open().await;
    let slow = town.visitor();
    slow.walks_in("Slow").await;
    let mut slow = slow.opens_a_narrow_tab("Slow").await;
    slow.opens("madang").await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;

    // 8 MB: far more than the queue of 256 frames or 1 MiB, and what the system itself keeps for a connection.
    let long: Vec<String> = (1..=MESSAGES).map(|number| format!("{number} {}", "가".repeat(1_400))).collect();
    ada.posts_all(&long).await;

    let mut seen: Vec<Seq> = Vec::new();
    while seen.last().is_none_or(|last| *last < MESSAGES) {
        match slow.sees_event_unless_it_ends().await {
            Some(event) => seen.push(event.seq),
            // On a very busy machine the server gives up on it before we are done; then it does what every client does.
            None => {
                slow = slow.drops_off().opens_a_tab("Slow").await;
                slow.resumes("madang", seen.last().copied().unwrap_or(0)).await;
            }
        }
    }
    assert_eq!(seen, (1..=MESSAGES).collect::<Vec<_>>());
    ada.posts("still there?").await;
    slow.sees("Ada", "still there?").await;
    slow.sees_nothing_more().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_again_and_again_loses_and_repeats_nothing() {
    const MESSAGES: Seq = 400;
    let town = Town::open().await;
    let (mut ada, ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    let talking = tokio::spawn(async move {
        ada.posts_all(&texts(1..=MESSAGES)).await;
        ada
    });

    let mut browser = ben.drops_off();
    let mut seen: Vec<Seq> = Vec::new();
    while seen.len() < MESSAGES as usize {
        let mut ben = browser.opens_a_tab("Ben").await;
        ben.resumes("madang", seen.last().copied().unwrap_or(0)).await;
        // Reads a few, then the line breaks with more on the way.
        for _ in 0..(MESSAGES as usize - seen.len()).min(37) {
            seen.push(ben.sees_event("event").await.seq);
        }
        browser = ben.drops_off();
    }

    assert_eq!(seen, (1..=MESSAGES).collect::<Vec<_>>());
    drop::<Person>(talking.await.expect("Ada says it all"));
}

#[tokio::test]
async fn a_message_that_cannot_be_read_keeps_its_number_and_holds_up_nobody() {
    let town = Town::open().await;
    let (mut ada, ben) = town.two_with(&["one", "two", "three"]).await;
    let ben = ben.drops_off();

    town.meddles("UPDATE event SET body = CAST(x'ff' AS TEXT) WHERE body = 'two'");

    let mut ben = ben.opens_a_tab("Ben").await;
    ben.resumes("madang", 1).await;
    let missed = ben.sees_up_to(3).await;
    assert_eq!(seqs(&missed), [2, 3]);
    assert!(missed[0].is_deleted());
    ada.posts("four").await;
    ben.sees("Ada", "four").await;
    let mut cho = town.walks_in("Cho").await;
    let page = cho.opens("madang").await;
    assert_eq!(seqs(&page.events), [1, 2, 3, 4]);
    assert_eq!(page.events[1], missed[0]);
}

/// The second message of a room can't be read any more, or can be again.
fn breaks(town: &Town, room: &str, is_broken: bool) {
    let at_ms = if is_broken { "CAST(at_ms AS BLOB)" } else { "CAST(at_ms AS INTEGER)" };
    town.meddles(&format!(
        "UPDATE event SET at_ms = {at_ms} WHERE id = 2 + (SELECT id FROM room WHERE slug = '{room}') * 1099511627776"
    ));
}

#[tokio::test]
async fn a_room_that_cannot_be_read_holds_up_no_other_and_is_there_once_it_can_be() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.creates("Dev").await;
    let dev = ada.has_created().await;
    ada.opens(&dev).await;
    ada.posts_all(&texts(1..=3)).await;
    let mut ada = ada.goes().await.opens_a_tab("Ada").await;
    breaks(&town, &dev, true);

    for _ in 0..2 {
        ben.heads_for(&dev).await;
        assert_eq!(ben.is_refused(Refusal::Unavailable).await, (None, Some(dev.as_str().into())));
    }
    ben.pings().await;
    ben.is_refused(Refusal::Unavailable).await;
    ada.opens("madang").await;
    ada.posts("can you hear me?").await;
    ben.sees("Ada", "can you hear me?").await;
    assert_eq!(ada.opens("madang").await.people, ["Ada", "Ben"]);

    breaks(&town, &dev, false);
    ben.pings().await;
    assert_eq!(seqs(&ben.gets_page(&dev).await.events), [1, 2, 3]);
    ada.opens(&dev).await;
    ada.posts("and here?").await;
    ben.sees("Ada", "and here?").await;
    ben.pings().await;
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn whoever_comes_back_to_a_room_that_cannot_be_read_just_then_misses_nothing() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["before"]).await;
    ada.posts("meanwhile").await;
    ben.sees("Ada", "meanwhile").await;
    let ben = ben.drops_off();

    breaks(&town, "madang", true);
    let mut ben = ben.opens_a_tab("Ben").await;
    ben.resumes("madang", 1).await;
    assert_eq!(ben.is_refused(Refusal::Unavailable).await, (None, Some("madang".into())));
    ada.posts("too soon").await;
    ada.sees("Ada", "meanwhile").await;
    ada.sees("Ada", "too soon").await;
    breaks(&town, "madang", false);

    ben.pings().await;
    for text in ["meanwhile", "too soon"] {
        ben.sees("Ada", text).await;
    }
    assert_eq!(ben.is_resumed("madang").await.head, 3);
    ada.posts("again").await;
    ben.sees("Ada", "again").await;
    ben.sees_nothing_more().await;
    let mut cho = town.walks_in("Cho").await;
    assert_eq!(cho.opens("madang").await.people, ["Ada", "Ben", "Cho"]);
    ben.goes().await;
    cho.hears_departure(&["Ben"], 2).await;
}

#[tokio::test]
async fn a_room_that_could_not_be_read_and_was_left_with_another_device_stays_left() {
    let town = Town::open().await;
    let (mut ben, dev) = someone_whose_room_cannot_be_read(&town).await;
    let mut phone = ben.opens_another_tab().await;
    breaks(&town, &dev, false);
    phone.leaves_for_good(&dev).await;

    ben.pings().await;
    ben.is_gone_from(&dev).await;
    phone.has_hidden(&dev).await;
    ben.pings().await;
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn a_room_that_could_not_be_read_and_was_closed_is_not_tried_again() {
    let town = Town::open().await;
    let (mut ben, dev) = someone_whose_room_cannot_be_read(&town).await;

    ben.closes(&dev).await;
    breaks(&town, &dev, false);

    ben.pings().await;
    assert_eq!(ben.pings().await, []);
}

/// Ben, who was refused the room that he made and has spoken in; it is broken.
async fn someone_whose_room_cannot_be_read(town: &Town) -> (Person, String) {
    let mut ben = town.walks_in("Ben").await;
    ben.creates("Dev").await;
    let dev = ben.has_created().await;
    ben.opens(&dev).await;
    ben.posts_all(&texts(1..=2)).await;
    let mut ben = ben.goes().await.opens_a_tab("Ben").await;
    breaks(town, &dev, true);
    ben.heads_for(&dev).await;
    ben.is_refused(Refusal::Unavailable).await;
    (ben, dev)
}

fn texts(numbers: RangeInclusive<Seq>) -> Vec<String> {
    numbers.map(|number| number.to_string()).collect()
}
