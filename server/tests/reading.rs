//! How far one has read is known on every device and after a restart; what is unread is told also of rooms that are not open.

use app::notices::Level;
use app::protocol::{ClientFrame, VERSION, close, encode};

use crate::support::{Heard, Town};

#[tokio::test]
async fn who_is_new_in_a_room_has_missed_nothing_and_then_counts_what_others_say() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ada.posts_all(&["one", "two"].map(String::from)).await;

    ben.opens("madang").await;
    ben.has_unread("madang", 2, 0).await;
    let mut phone = ben.opens_another_tab().await;
    phone.has_unread("madang", 2, 0).await;
    ada.posts("three").await;
    phone.has_unread("madang", 2, 1).await;
    ben.posts("my own").await;
    ada.posts("five").await;
    phone.has_unread("madang", 2, 2).await;
}

#[tokio::test]
async fn what_is_read_on_one_device_is_read_on_the_others() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ben.has_unread("madang", 0, 0).await;
    let mut phone = ben.opens_another_tab().await;
    let mut tablet = ben.opens_another_tab().await;
    phone.opens("madang").await;
    ada.posts_all(&["one", "two", "three"].map(String::from)).await;
    ben.sees_up_to(3).await;

    ben.reads(2).await;
    phone.has_unread("madang", 2, 1).await;
    tablet.has_unread("madang", 2, 1).await;
    ben.has_unread("madang", 2, 1).await;
    ben.reads(1).await;
    ben.reads(99).await;
    phone.has_unread("madang", 3, 0).await;
    tablet.has_unread("madang", 3, 0).await;
    for tab in [&mut ben, &mut phone, &mut tablet] {
        tab.hears_nothing_more_of_reading().await;
    }
}

#[tokio::test]
async fn what_is_marked_unread_is_unread_on_all_devices_and_a_late_word_of_reading_does_not_undo_it() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let mut phone = ben.opens_another_tab().await;
    phone.has_unread("madang", 0, 0).await;
    phone.opens("madang").await;
    ada.posts_all(&["one", "two", "@Ben three", "four"].map(String::from)).await;
    ben.sees_up_to(4).await;
    ben.reads(4).await;
    phone.has_unread("madang", 4, 0).await;

    ben.reads_in_turn(1, 1).await;
    ben.has_mentions("madang", 3, &[3]).await;
    phone.has_unread("madang", 1, 3).await;
    // From a device that has not heard of it.
    phone.reads(4).await;
    phone.pings().await;
    let mut tablet = ben.opens_another_tab().await;
    tablet.has_unread("madang", 1, 3).await;
    ben.reads_in_turn(1, 2).await;
    phone.has_unread("madang", 2, 2).await;
    ben.has_unread("madang", 2, 2).await;
    ada.posts("five").await;
    tablet.has_unread("madang", 2, 3).await;
    phone.reads_in_turn(1, 5).await;
    ben.has_unread("madang", 5, 0).await;
    tablet.has_unread("madang", 5, 0).await;
}

#[tokio::test]
async fn what_is_marked_unread_stays_so_over_a_restart_and_so_does_the_turn() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.posts_all(&["one", "two", "three"].map(String::from)).await;
    ben.sees_up_to(3).await;
    ben.reads(3).await;
    ben.reads_in_turn(1, 1).await;
    ben.has_unread("madang", 1, 2).await;
    let (_, ben) = (ada.drops_off(), ben.drops_off());
    town.restarts().await;

    let page = ben.gets("/").await;
    assert!(page.shown().contains("2 new messages"), "{}", page.shown());
    let mut ben = ben.opens_a_tab("Ben").await;
    ben.has_unread("madang", 1, 2).await;
    ben.opens("madang").await;
    ben.reads(3).await;
    ben.pings().await;
    let mut phone = ben.opens_another_tab().await;
    phone.has_unread("madang", 1, 2).await;
}

#[tokio::test]
async fn who_asks_for_a_page_meanwhile_takes_no_news_from_the_other_tabs() {
    let town = Town::plan().resting(std::time::Duration::from_millis(500)).open().await;
    let (mut ada, ben) = town.two_in("madang").await;
    let mut phone = ben.opens_another_tab().await;
    phone.has_unread("madang", 0, 0).await;
    ada.posts("one").await;
    ada.sees("Ada", "one").await;

    let page = ben.browser().gets("/").await;

    assert!(page.shown().contains("1 new message"), "{}", page.shown());
    phone.has_unread("madang", 0, 1).await;
}

#[tokio::test]
async fn whose_marks_can_not_be_read_is_sent_back_and_has_them_later() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.posts_all(&["one", "two", "three"].map(String::from)).await;
    ben.sees_up_to(3).await;
    ben.reads(1).await;
    ben.pings().await;
    let browser = ben.goes().await;
    town.meddles("ALTER TABLE read_mark RENAME TO lost");

    let mut wire = browser.tries_wire("/ws", &[]).await.expect("a socket");
    wire.says(&encode(&ClientFrame::Hello { version: VERSION })).await;
    loop {
        match wire.hears("closing").await {
            // Rooms may have news for him.
            Heard::Text(text) => assert!(!text.contains("welcome"), "{text}"),
            Heard::Closed(code, reason) => break assert_eq!(code, close::INTERNAL_ERROR, "{reason}"),
            Heard::Cut(how) => panic!("he was cut off: {how}"),
        }
    }

    town.meddles("ALTER TABLE lost RENAME TO read_mark");
    let mut ben = browser.opens_a_tab("Ben").await;
    ben.has_unread("madang", 1, 2).await;
    ben.resumes("madang", 3).await;
    ben.has_unread("madang", 1, 2).await;
}

#[tokio::test]
async fn marks_survive_a_reload_and_a_restart() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.posts_all(&["one", "two", "three"].map(String::from)).await;
    ben.sees_up_to(3).await;
    ben.reads(2).await;
    ben.pings().await;

    let mut ben = ben.goes().await.opens_a_tab("Ben").await;
    ben.has_unread("madang", 2, 1).await;
    let (ada, ben) = (ada.drops_off(), ben.drops_off());
    town.restarts().await;

    let page = ben.gets("/").await;
    assert!(page.shown().contains("1 new message"), "{}", page.shown());
    let mut ben = ben.opens_a_tab("Ben").await;
    ben.has_unread("madang", 2, 1).await;
    let mut ada = ada.opens_a_tab("Ada").await;
    ada.opens("madang").await;
    ada.posts("four").await;
    ben.has_unread("madang", 2, 2).await;
}

#[tokio::test]
async fn rooms_where_one_never_was_or_that_one_has_left_are_not_told_of() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Dev").await;
    ada.has_created().await;
    ada.opens("madang").await;
    ben.opens("madang").await;
    ben.has_unread("madang", 0, 0).await;
    ben.leaves("madang").await;
    ben.is_gone_from("madang").await;
    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;
    let mut phone = cho.opens_another_tab().await;

    ada.posts("not for Ben").await;
    phone.has_unread("madang", 0, 1).await;
    ada.opens("dev").await;
    ada.posts("nor this").await;
    ada.sees("Ada", "not for Ben").await;
    ada.sees("Ada", "nor this").await;

    ben.hears_nothing_more_of_reading().await;
    let mut again = ben.opens_another_tab().await;
    again.hears_nothing_more_of_reading().await;
    again.opens("madang").await;
    again.has_unread("madang", 1, 0).await;
}

#[tokio::test]
async fn what_one_has_left_is_not_told_of_before_that_is_written_and_what_one_is_asked_back_into_is_for_good() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let plans = ada.makes_private("Plans").await;
    ada.does(&plans, "invite", "Ben").await;
    ben.opens("madang").await;
    ada.opens("madang").await;
    ada.posts("one").await;
    ben.sees("Ada", "one").await;
    ben.reads(1).await;
    ben.pings().await;
    let (ada, ben) = (ada.goes().await, ben.goes().await);
    town.restarts().await;

    let (mut ada, mut ben) = (ada.opens_a_tab("Ada").await, ben.opens_a_tab("Ben").await);
    ben.has_unread("madang", 1, 0).await;
    ben.opens("madang").await;
    ben.leaves("madang").await;
    ben.is_gone_from("madang").await;
    assert_eq!(ben.leaves_for_good(&plans).await.status, 303);
    let mut again = ben.opens_another_tab().await;
    for room in ["madang", plans.as_str()] {
        assert_eq!(again.was_told_of(room).await, [], "{room}");
    }
    ada.does(&plans, "invite", "Ben").await;
    ada.opens(&plans).await;
    ada.posts("welcome back").await;
    ada.sees("Ada", "welcome back").await;
    let ben = ben.goes().await;
    again.goes().await;
    ada.goes().await;
    town.restarts().await;
    let told = ben.opens_a_tab("Ben").await.was_told_of(&plans).await;
    assert_eq!(told.iter().map(|(_, unread, _)| *unread).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn what_is_unread_is_counted_however_much_one_has_said_oneself_since() {
    let town = Town::plan().set(|config| config.message_burst = 1_000).open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.posts_all(&["one", "two", "three"].map(String::from)).await;
    ben.sees_up_to(3).await;
    // More than a room knows by heart.
    ben.posts_all(&(0..520).map(|number| number.to_string()).collect::<Vec<_>>()).await;
    ben.reads(1).await;
    ben.has_unread("madang", 1, 2).await;
}

#[tokio::test]
async fn reading_where_one_is_not_is_passed_over() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.reads(7).await;
    ada.says(r#"{"read":{"room":"nowhere","seq":-3}}"#).await;
    ada.opens("madang").await;
    ada.reads(-3).await;
    ada.reads_in_turn(0, i64::MIN).await;
    ada.pings().await;
    ada.has_unread("madang", 0, 0).await;
    ada.hears_nothing_more_of_reading().await;
}

#[tokio::test]
async fn more_than_a_hundred_are_not_counted() {
    let town = Town::plan().set(|config| config.message_burst = 1_000).open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ben.opens("madang").await;
    let ben = ben.goes().await;
    ada.opens("madang").await;
    ada.posts_all(&(0..120).map(|number| number.to_string()).collect::<Vec<_>>()).await;

    let mut ben = ben.opens_a_tab("Ben").await;
    ben.has_unread("madang", 0, 100).await;
}

#[tokio::test]
async fn who_is_in_very_many_rooms_misses_nothing_of_the_newest_of_them() {
    const MANY: usize = 510;
    let town = Town::open().await;
    let (mut ada, ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let mut newest = String::new();
    for number in 1..=MANY {
        newest = ben.makes_private(&format!("Room {number}")).await;
    }
    ben.does(&newest, "invite", "Ada").await;
    let mut ben = ben.goes().await.opens_a_tab("Ben").await;
    ben.wants_calls(&newest, Level::All).await;
    ben.opens(&newest).await;
    ben.reads(99).await;
    let ben = ben.goes().await;
    ada.opens(&newest).await;
    ada.posts("one").await;
    ada.sees("Ada", "one").await;

    let mut ben = ben.opens_a_tab("Ben").await;
    ben.has_level(&newest, Level::All).await;
    let mut phone = ben.opens_another_tab().await;
    phone.has_unread(&newest, 1, 1).await;
    ada.posts("two").await;
    assert_eq!(ben.gets_called(&newest).await.text(), "two");
    phone.has_unread(&newest, 1, 2).await;
    phone.opens(&newest).await;
    phone.has_unread(&newest, 1, 2).await;
}
