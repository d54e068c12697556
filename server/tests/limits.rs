//! Nobody can take all there is: what is too much at once is refused with the time to wait, and nothing is lost by it.

use app::allowance::Allowance;
use app::i18n::Lang;
use app::message::Seq;
use app::protocol::{ClientFrame, VERSION, close, encode};
use app::refusal::Refusal;

use reqwest::Method;
use std::time::Duration;

use crate::support::{Answer, Heard, Person, Program, Town, seqs, time_stands_still};

/// Long enough to send twenty messages on a busy machine.
const A_WHILE: Duration = Duration::from_secs(4);

#[tokio::test]
async fn who_sends_too_fast_is_told_when_to_send_it_again() {
    let plan = Town::plan().in_seconds_of(A_WHILE);
    let town = plan.set(|config| (config.messages_per_second, config.message_burst) = (1, 20)).open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    for number in 1..=20 {
        ada.posts(&number.to_string()).await;
    }
    let late = ada.posts("21").await;

    let (cid, after_ms) = ada.is_slowed_down().await;

    assert_eq!(cid, late);
    assert!((1..=A_WHILE.as_millis() as u32 + 1).contains(&after_ms), "{after_ms}");
    ben.posts("not I").await;
    assert_eq!(ben.sees_up_to(21).await.last().expect("an event").by.name.as_str(), "Ben", "others are not held up");
    insists_on(&mut ada, late, "21").await;
    assert_eq!(seqs(&ada.sees_up_to(22).await), (1..=22).collect::<Vec<Seq>>());
}

#[tokio::test]
async fn a_form_that_comes_too_fast_comes_back_with_its_text_and_the_time_to_wait() {
    let plan = Town::plan().unforgetting();
    let town = plan.set(|config| (config.messages_per_second, config.message_burst) = (1, 1)).open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    ada.writes("madang", "first").await;

    let page = ada.writes("madang", "second, not lost").await;

    let seconds: u32 = page.header("retry-after").parse().expect("it says when to come back");
    assert_eq!((page.status, seconds > 0), (429, true));
    assert!(page.tells(Refusal::TooFast));
    assert!(page.shown().contains("second, not lost"), "{}", page.body);
    assert_eq!(page.messages(), ["first"]);
}

#[tokio::test]
async fn names_rooms_and_what_is_said_later_change_as_fast_as_one_may_speak() {
    let plan = || Town::plan().unforgetting();
    let slow = || plan().set(|config| (config.messages_per_second, config.message_burst) = (1, 2)).open();
    let is_slowed = |answer: Answer| (answer.status, answer.tells(Refusal::TooFast)) == (429, true);
    let town = slow().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    for name in ["Adah", "Ada", "Adah"] {
        ada.renames(name).await;
    }
    assert_eq!(ada.sees_up_to(2).await.len(), 2);
    ada.is_refused(Refusal::TooFast).await;
    let form = [("name", "Adam"), ("next", "/")];
    assert!(is_slowed(ada.browser().submits("/name", &form).await), "by a form it is the same");
    ada.sees_nothing_more().await;

    let town = slow().await;
    let mut ada = town.walks_in("Ada").await;
    for _ in 0..2 {
        ada.opens("madang").await;
        ada.leaves("madang").await;
        ada.is_gone_from("madang").await;
    }
    ada.opens("madang").await;
    ada.leaves("madang").await;
    assert_eq!(ada.is_refused(Refusal::TooFast).await, (None, Some("madang".into())));
    assert!(is_slowed(ada.leaves_for_good("madang").await), "by a form it is the same");
    ada.posts("still here").await;
    assert!(ada.is_slowed_down().await.1 > 0, "it still is theirs to write in, at its pace");

    for things in
        [[("topic", "one"), ("topic", "two")], [("star", ""), ("unstar", "")], [("topic", "one"), ("call_nothing", "")]]
    {
        let town = slow().await;
        let ada = town.walks_in("Ada").await;
        for (what, text) in things {
            assert_eq!(ada.does("madang", what, text).await.status, 303, "{what}");
        }
        for (what, text) in [("topic", "three"), ("star", ""), ("call_nothing", "")] {
            assert!(is_slowed(ada.does("madang", what, text).await), "{what}");
        }
        let command = ada.browser().as_program(Method::POST, "/rooms/madang/command").body("/topic four");
        assert_eq!(ada.browser().sends(command).await.status, 429);
    }

    let town = plan().set(|config| (config.lookups_per_second, config.lookup_burst) = (1, 2)).open().await;
    let ada = town.walks_in("Ada").await.browser();
    let later = |text| [("text", text), ("when", "hour"), ("id", "00112233445566778899aabbccddeeff")];
    assert_eq!(ada.submits("/rooms/madang/later", &later("one")).await.status, 303);
    let path = "/scheduled/00112233445566778899aabbccddeeff";
    assert_eq!(ada.submits(path, &later("two")).await.status, 303);
    assert!(is_slowed(ada.submits(path, &later("three")).await));
    for what in ["send", "cancel"] {
        let form = [("do", what), ("id", "00112233445566778899aabbccddeeff")];
        assert!(is_slowed(ada.submits("/scheduled", &form).await), "{what}");
    }
    assert!(ada.gets("/scheduled").await.shown().contains(">two</p>"));
}

#[tokio::test]
async fn a_plain_line_that_comes_too_fast_is_answered_with_a_sentence() {
    let plan = Town::plan().unforgetting();
    let town = plan.set(|config| (config.messages_per_second, config.message_burst) = (1, 1)).open().await;
    let mut bob = town.line("/ws/plain?name=Bob&lang=en").await;
    bob.says("one").await;
    bob.says("two").await;
    bob.hears_in_passing("That was too much at once. Please try again in a moment.").await;
}

#[tokio::test]
async fn a_person_has_so_many_sockets_and_whoever_closes_one_may_open_another() {
    let town = Town::plan().set(|config| config.sockets_per_person = 2).open().await;
    let ada = town.walks_in("Ada").await;
    let other = ada.opens_another_tab().await;

    let browser = ada.browser();
    turned_away(browser.wire().await).await;

    let browser = other.goes().await;
    loop {
        // The seat is free once the server has heard the goodbye through.
        if let Some(mut tab) = browser.opens_a_tab_if_let("Ada").await {
            return tab.sees_nothing_more().await;
        }
    }
}

#[tokio::test]
async fn an_address_has_so_many_sockets() {
    let town = Town::plan().set(|config| config.sockets_per_address = 2).open().await;
    let (_ada, _ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let cleo = town.visitor();
    cleo.walks_in("Cleo").await;

    turned_away(cleo.wire().await).await;
}

#[tokio::test]
async fn behind_a_proxy_people_are_told_apart_by_what_the_proxy_saw() {
    let limits = |config: &mut server::config::Serve| (config.sockets_per_address, config.behind_proxy) = (1, true);
    let town = Town::plan().set(limits).open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let from = |address: &'static str| [("x-forwarded-for", address)];

    let mut first = ada.tries_wire("/ws", &from("192.0.2.1")).await.expect("a socket");
    turned_away(ada.tries_wire("/ws", &from("invented, 192.0.2.1")).await.expect("a socket")).await;
    let mut second = ada.tries_wire("/ws", &from("192.0.2.1, 192.0.2.2")).await.expect("a socket");

    for wire in [&mut first, &mut second] {
        wire.says(&encode(&ClientFrame::Hello { version: VERSION })).await;
        assert!(matches!(wire.hears("welcome").await, Heard::Text(_)));
    }
}

#[tokio::test]
async fn an_address_brings_so_many_people_and_rooms_in_a_minute() {
    let town = Town::plan().set(|config| config.arrivals_per_minute = 3).open().await;
    let mut ada = town.walks_in("Ada").await;
    town.visitor().walks_in("Ben").await;
    ada.creates("One").await;
    assert_eq!(ada.has_created().await, "one");

    ada.creates("Two").await;
    ada.is_refused(Refusal::TooFast).await;
    let door = town.visitor().enters("Cleo").await;

    assert_eq!(door.status, 429);
    assert!(door.tells(Refusal::TooFast));
    assert!((1..=20).contains(&door.header("retry-after").parse::<u32>().expect("seconds")));
}

/// Who takes nothing is cut off after a while, which may pass on a slow machine before all is said: it stands still.
#[tokio::test(start_paused = true)]
async fn who_reads_too_slowly_is_sent_away_and_resumes() {
    let _still = time_stands_still();
    const MESSAGES: Seq = 600;
    let town = Town::plan().impatient().open().await;
    let slow = town.visitor();
    slow.walks_in("Slow").await;
    let mut slow = slow.opens_a_narrow_tab("Slow").await;
    slow.opens("madang").await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let long: Vec<String> = (1..=MESSAGES).map(|number| format!("{number} {}", "가".repeat(1_400))).collect();
    ada.posts_all(&long).await;

    let (seen, code) = slow.sees_until_closed().await;
    let last = seen.last().expect("it saw some").seq;
    assert_eq!((seqs(&seen), code), ((1..=last).collect(), close::TOO_SLOW));
    let mut slow = slow.drops_off().opens_a_tab("Slow").await;
    slow.resumes("madang", MESSAGES - 2).await;

    assert_eq!(seqs(&slow.sees_up_to(MESSAGES).await), [MESSAGES - 1, MESSAGES]);
}

#[tokio::test]
async fn the_settings_are_those_that_the_promise_names() {
    let help = Program::start(&["--help"]).ends().await;
    for promise in [
        "--messages-per-second <NUMBER>",
        "[env: MADANG_MESSAGES_PER_SECOND=] [default: 10]",
        "[env: MADANG_MESSAGE_BURST=] [default: 20]",
        "[env: MADANG_SOCKETS_PER_PERSON=] [default: 20]",
        "[env: MADANG_SOCKETS_PER_ADDRESS=] [default: 200]",
    ] {
        let one_line = help.printed.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(one_line.contains(promise), "{promise} is not in {one_line}");
    }
}

/// Sends a message until it is taken, as often as the server says to.
async fn insists_on(person: &mut Person, cid: app::message::Cid, text: &str) {
    loop {
        person.posts_under(cid, text).await;
        person.pings().await;
        if !person.was_slowed_down() {
            return;
        }
    }
}

async fn turned_away(mut wire: crate::support::Wire) {
    let Heard::Text(bye) = wire.hears("goodbye").await else { panic!("it was not told when to come back") };
    assert!(bye.starts_with(r#"{"bye":{"after_ms":"#), "{bye}");
    assert!(matches!(wire.hears("closing").await, Heard::Closed(close::TOO_MANY, _)));
}

/// A town in which everything is short.
async fn terse_town() -> Town {
    let set = |config: &mut server::config::Serve| {
        (config.message_length, config.name_length) = (12, 10);
        (config.room_name_length, config.topic_length) = (11, 13);
    };
    Town::plan().set(set).open().await
}

/// What that town says of it.
fn terse_sentence(why: Refusal) -> String {
    Allowance { message: 12, name: 10, room_name: 11, topic: 13, ..Allowance::default() }.sentence(Lang::En, why)
}

#[tokio::test]
async fn a_message_is_as_long_as_the_server_is_set_to_and_a_longer_one_comes_back_whole() {
    let town = terse_town().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let (fits, too_long) = ("가나다라마바사아자차카타", "가나다라마바사아자차카타파");

    ada.posts(fits).await;
    ada.sees("Ada", fits).await;
    let cid = ada.posts(too_long).await;
    assert_eq!(ada.is_refused(Refusal::MessageTooLong).await.0, Some(cid));

    ada.asks(ClientFrame::Edit { room: "madang".into(), of: 1, cid, text: too_long.to_owned() }).await;
    assert_eq!(ada.is_refused(Refusal::MessageTooLong).await.0, Some(cid));
    let later = [("text", too_long), ("when", "tomorrow")];
    let refused = ada.browser().submits("/rooms/madang/later", &later).await;
    assert!(refused.status == 422 && refused.shown().contains(too_long), "not only when it is to be said: {refused:?}");
    assert!(refused.shown().contains(&terse_sentence(Refusal::MessageTooLong)), "{}", refused.body);

    let page = ada.browser().writes("madang", too_long).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains(r#""allowance":{"message":12,"#), "the box counts to the same number");
    assert!(page.shown().contains(too_long), "{}", page.body);
    assert!(page.shown().contains(&terse_sentence(Refusal::MessageTooLong)), "{}", page.body);
    assert_eq!(page.messages(), [fits]);
}

#[tokio::test]
async fn names_and_topics_are_as_long_as_the_server_is_set_to_and_that_is_said_before() {
    let town = terse_town().await;
    let door = town.visitor().gets("/").await;
    assert!(door.shown().contains("Up to 10 characters."), "{}", door.body);
    let long = town.visitor().enters("abcdefghijk").await;
    assert!(long.shown().contains(&terse_sentence(Refusal::NameTooLong)), "{}", long.body);

    let mut ada = town.walks_in("abcdefghij").await;
    ada.opens("madang").await;
    ada.asks(ClientFrame::Rename { name: "abcdefghijk".to_owned() }).await;
    ada.is_refused(Refusal::NameTooLong).await;
    ada.asks(ClientFrame::Create { name: "twelve chars".to_owned() }).await;
    ada.is_refused(Refusal::RoomNameTooLong).await;

    let browser = ada.browser();
    let form = browser.gets("/rooms/new").await;
    for hint in ["Up to 11 characters.", "up to 13 characters."] {
        assert!(form.shown().contains(hint), "{hint}: {}", form.body);
    }
    ada.creates("short one").await;
    let room = ada.has_created().await;
    let topic = ada.does(&room, "topic", "fourteen chars").await;
    assert!(topic.shown().contains(&terse_sentence(Refusal::TopicTooLong)), "{}", topic.body);
    let name = ada.does(&room, "rename", "twelve chars").await;
    assert!(name.shown().contains(&terse_sentence(Refusal::RoomNameTooLong)), "{}", name.body);
    let fields = [("name", "short"), ("topic", "fourteen chars")];
    let refused = browser.sends(browser.as_browser(reqwest::Method::POST, "/rooms/new").form(&fields)).await;
    assert!(refused.shown().contains(&terse_sentence(Refusal::TopicTooLong)), "{}", refused.body);
    assert!(!browser.gets("/rooms").await.shown().contains("short"), "no room is made without the topic");
}
