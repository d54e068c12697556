//! A message reaches everyone once, everyone in the same order, and what was sent twice is said once.

use app::message::Event;
use app::protocol::ClientFrame;
use app::refusal::Refusal;

use crate::support::{HeldClock, Person, Town, fresh_cid, seqs};

#[tokio::test]
async fn a_message_reaches_everyone_and_comes_home_by_the_same_road() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;

    let cid = ada.posts("hi").await;

    let seen = ben.sees("Ada", "hi").await;
    assert_eq!((seen.seq, &seen.by), (1, &ada.me));
    assert_eq!(ada.sees("Ada", "hi").await, Event { cid: Some(cid), ..seen });
    ben.posts("안녕\n하세요 👩‍👩‍👧").await;
    assert_eq!(ada.sees("Ben", "안녕\n하세요 👩‍👩‍👧").await.seq, 2);
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn a_message_bears_the_time_at_which_the_server_took_it() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("today").await;
    let today = ada.sees("Ada", "today").await.at_ms;
    assert_eq!(today, clock.now_ms());
    clock.passes_days(1);
    ada.posts("tomorrow").await;
    assert_eq!(ada.sees("Ada", "tomorrow").await.at_ms, today + 24 * 60 * 60 * 1_000);
}

#[tokio::test]
async fn rooms_do_not_overhear_each_other() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Dev").await;
    ada.has_created().await;
    ada.opens("dev").await;
    ben.opens("madang").await;

    ada.posts("only in dev").await;
    assert_eq!(ada.sees("Ada", "only in dev").await.seq, 1);
    ben.posts("only in madang").await;

    assert_eq!(ben.sees("Ben", "only in madang").await.seq, 1, "each room counts for itself");
    ben.sees_nothing_more().await;
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn both_tabs_of_a_person_see_what_was_said_in_one() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    let mut other_tab = ada.opens_another_tab().await;
    ada.opens("madang").await;
    other_tab.opens("madang").await;

    let cid = ada.posts("from the first").await;
    assert_eq!(other_tab.sees("Ada", "from the first").await.cid, Some(cid));
    other_tab.posts("from the second").await;

    ada.sees("Ada", "from the first").await;
    ada.sees("Ada", "from the second").await;
    other_tab.sees("Ada", "from the second").await;
}

#[tokio::test]
async fn the_same_message_sent_again_is_said_once() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;

    let cid = ada.posts("hi").await;
    let first = ada.sees("Ada", "hi").await;
    ada.posts_under(cid, "hi").await;
    assert_eq!(ada.sees("Ada", "hi").await, first, "the first number is the answer");
    // Once more after the connection broke, as a client does that never heard the answer.
    let mut ada = ada.drops_off().opens_a_tab("Ada").await;
    ada.opens("madang").await;
    ada.posts_under(cid, "hi").await;
    assert_eq!(ada.sees("Ada", "hi").await, first);
    ada.posts("and now").await;

    ben.sees("Ada", "hi").await;
    assert_eq!(ben.sees("Ada", "and now").await.seq, 2);
}

#[tokio::test]
async fn a_message_sent_from_two_tabs_at_once_is_said_once() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let mut other_tab = ada.opens_another_tab().await;
    for person in [&mut ada, &mut other_tab, &mut ben] {
        person.opens("madang").await;
    }
    for number in 1..=20 {
        let cid = fresh_cid();
        let text = number.to_string();
        tokio::join!(ada.posts_under(cid, &text), other_tab.posts_under(cid, &text));
        let seen = ben.sees("Ada", &text).await;
        assert_eq!((seen.seq, seen.cid), (number, None), "whose it is not is not told its id");
    }
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn nobody_but_its_author_is_told_a_messages_id() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ben.heads_for("madang").await;
    let cid = ada.posts("hi").await;
    ada.sees("Ada", "hi").await;

    let room = || "madang".into();
    ben.asks(ClientFrame::Older { room: room(), before: 2 }).await;
    ben.asks(ClientFrame::Newer { room: room(), after: 0 }).await;
    ben.resumes("madang", 0).await;
    ben.asks(ClientFrame::Open { room: room(), after: None, at: Some(1) }).await;
    ben.heads_for("madang").await;
    ben.has_heard_nothing_of(&[&cid.to_string()]).await;
    let ben = ben.goes().await;
    assert!(!ben.gets("/rooms/madang").await.body.contains(&cid.to_string()));

    let ada = ada.goes().await;
    assert!(ada.gets("/rooms/madang").await.body.contains(&cid.to_string()), "so that a later page knows what is sent");
}

#[tokio::test]
async fn an_id_stands_for_one_text_in_one_room() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Dev").await;
    ada.has_created().await;
    ada.opens("madang").await;
    ben.opens("madang").await;
    let cid = ada.posts("hi").await;
    ada.sees("Ada", "hi").await;

    ada.posts_under(cid, "something else").await;
    assert_eq!(ada.is_refused(Refusal::MessageChanged).await, (Some(cid), Some("madang".into())));
    ada.opens("dev").await;
    ada.posts_under(cid, "hi").await;
    assert_eq!(ada.is_refused(Refusal::MessageChanged).await, (Some(cid), Some("dev".into())));

    ben.sees("Ada", "hi").await;
    ben.posts_under(cid, "my own").await;
    assert_eq!(ben.sees("Ben", "my own").await.seq, 2, "another person's id is another id");
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn what_was_said_survives_a_restart() {
    let mut town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("before").await;
    let before = ada.sees("Ada", "before").await;
    let epoch = ada.epoch.clone();

    town.restarts().await;

    let mut ada = ada.drops_off().opens_a_tab("Ada").await;
    assert_eq!(ada.epoch, epoch, "numbers that clients remember stay good");
    assert_eq!(ada.opens("madang").await.events, [before]);
    ada.posts("after").await;
    assert_eq!(ada.sees("Ada", "after").await.seq, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_many_talk_at_once_all_see_the_same_order_without_a_hole() {
    const PEOPLE: usize = 6;
    const MESSAGES: usize = 50;
    let town = Town::open().await;
    let mut tabs = Vec::new();
    for number in 0..PEOPLE {
        let person = town.walks_in(&format!("Person {number}")).await;
        tabs.push(person.opens_another_tab().await);
        tabs.push(person);
    }
    for tab in &mut tabs {
        tab.opens("madang").await;
    }

    let total = tabs.len() * MESSAGES;
    let talking = tabs.into_iter().map(|tab| tokio::spawn(talks_and_listens(tab, MESSAGES, total)));
    let mut seen = Vec::new();
    for talk in talking.collect::<Vec<_>>() {
        seen.push(talk.await.expect("nobody fails"));
    }

    for one in &seen {
        assert_eq!(one, &seen[0]);
    }
    let mut said = seen[0].clone();
    said.sort_unstable();
    said.dedup();
    assert_eq!(said.len(), total, "each message is there once");
}

/// Posts while the others do, and gives back what was seen, in order.
async fn talks_and_listens(mut tab: Person, messages: usize, total: usize) -> Vec<String> {
    for _ in 0..messages {
        tab.posts(&format!("message {}", fresh_cid())).await;
    }
    let seen = tab.sees_up_to(i64::try_from(total).expect("a number")).await;
    assert_eq!(seqs(&seen), (1..=seen.len() as i64).collect::<Vec<_>>(), "numbers without a hole");
    tab.sees_nothing_more().await;
    seen.iter().map(|event| event.text().to_owned()).collect()
}

#[tokio::test]
async fn a_tab_can_send_to_a_room_that_it_has_not_open_and_is_told_when_it_is_there() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ben.opens("madang").await;
    let cid = ada.posts("from elsewhere").await;

    assert_eq!(ben.sees("Ada", "from elsewhere").await.cid, None);
    assert_eq!(ada.sees("Ada", "from elsewhere").await.cid, Some(cid));

    ada.posts_under(cid, "from elsewhere").await;
    assert_eq!(ada.sees("Ada", "from elsewhere").await.seq, 1);
    ben.sees_nothing_more().await;
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn what_is_stored_and_cannot_be_read_for_its_author_is_confirmed_when_they_ask_again() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ben.opens("madang").await;
    town.meddles(
        "CREATE TRIGGER spoil AFTER INSERT ON event
         BEGIN UPDATE event SET at_ms = CAST(at_ms AS BLOB) WHERE id = NEW.id; END",
    );
    let cid = ada.posts("from elsewhere").await;
    ben.sees("Ada", "from elsewhere").await;

    let (asked, after_ms) = ada.is_slowed_down().await;

    assert_eq!(asked, cid);
    assert!(after_ms > 0);
    town.meddles("DROP TRIGGER spoil; UPDATE event SET at_ms = CAST(at_ms AS INTEGER)");
    ada.posts_under(cid, "from elsewhere").await;
    assert_eq!(ada.sees("Ada", "from elsewhere").await.cid, Some(cid));
    ben.sees_nothing_more().await;
}
