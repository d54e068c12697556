//! A tab closes a room to make place for another: it hears no more of it and is not there, and all else is as before it was opened.

use app::protocol::MAX_OPEN_ROOMS;

use crate::support::Town;

#[tokio::test]
async fn a_room_that_is_closed_makes_place_for_one_more() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    let mut rooms = Vec::new();
    for number in 0..=MAX_OPEN_ROOMS {
        ada.creates(&format!("Room {number}")).await;
        rooms.push(ada.has_created().await);
    }
    let one_more = rooms.pop().expect("one more");
    for room in &rooms {
        ada.opens(room).await;
    }

    ada.closes(&rooms[0]).await;
    ada.opens(&one_more).await;

    let mut open: Vec<String> = ada.pings().await.into_iter().map(|(room, _)| room).collect();
    let mut expected = [&rooms[1..], &[one_more]].concat();
    open.sort();
    expected.sort();
    assert_eq!(open, expected);
}

#[tokio::test]
async fn what_is_said_in_a_room_that_was_closed_is_counted_as_where_one_never_was_and_comes_on_opening_it_again() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.posts("one").await;
    ben.sees("Ada", "one").await;
    ben.reads(1).await;

    ben.closes("madang").await;
    ben.has_unread("madang", 1, 0).await;
    ada.posts("two").await;
    ada.posts("@Ben three").await;

    ben.has_unread("madang", 1, 2).await;
    assert_eq!(ben.gets_called("madang").await.text(), "@Ben three");
    ben.sees_nothing_more().await;
    ben.resumes("madang", 1).await;
    ben.sees("Ada", "two").await;
    ben.sees("Ada", "@Ben three").await;
    assert_eq!(ben.is_resumed("madang").await.head, 3);
    ada.posts("four").await;
    ben.sees("Ada", "four").await;
}

#[tokio::test]
async fn whoever_closes_a_room_is_there_no_more_unless_with_another_tab_and_types_no_more() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let mut phone = ben.opens_another_tab().await;
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    ben.opens("madang").await;
    phone.opens("madang").await;
    ada.hears_arrival(&["Ben"], 2).await;
    ben.types().await;
    ada.hears_typing(&["Ben"], 0).await;

    ben.closes("madang").await;
    ada.hears_typing(&[], 0).await;
    ada.posts("still here?").await;
    phone.sees("Ada", "still here?").await;
    ada.pings().await;
    ada.has_heard_all_notices();

    phone.closes("madang").await;
    ada.hears_departure(&["Ben"], 1).await;
    ben.opens("madang").await;
    ada.hears_arrival(&["Ben"], 2).await;
}

#[tokio::test]
async fn who_has_closed_a_room_hears_nobody_type_in_the_thread_that_was_open_there() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    ada.posts("one").await;
    ben.sees("Ada", "one").await;
    ben.watches(1).await;
    ben.pings().await;
    ada.types_in(1).await;
    ben.hears_typing_in(1, &["Ada"]).await;

    ben.closes("madang").await;
    ada.stops_typing_in(Some(1)).await;
    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;
    cho.watches(1).await;
    cho.pings().await;
    ada.types_in(1).await;
    cho.hears_typing_in(1, &["Ada"]).await;

    ben.pings().await;
    assert_eq!(ben.heard_of_typing(), []);
}

#[tokio::test]
async fn what_is_sent_to_a_room_that_was_closed_is_said_and_confirmed() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;

    ben.closes("madang").await;
    let cid = ben.posts("on its way").await;

    ada.sees("Ben", "on its way").await;
    assert_eq!(ben.sees("Ben", "on its way").await.cid, Some(cid));
    ben.posts_under(cid, "on its way").await;
    assert_eq!(ben.sees("Ben", "on its way").await.seq, 1, "it is confirmed as often as it is asked");
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn a_room_that_is_not_open_is_closed_again_and_nothing_begins_there() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("one").await;
    ada.sees("Ada", "one").await;
    let mut ben = town.walks_in("Ben").await;

    for room in ["madang", "nowhere", "~0123456789abcdef01234567"] {
        ben.closes(room).await;
    }

    ada.posts("two").await;
    ada.sees("Ada", "two").await;
    ben.hears_nothing_more_of_reading().await;
    ben.opens("madang").await;
    ben.has_unread("madang", 2, 0).await;
}
