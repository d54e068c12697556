//! A public room that somebody has left is in none of their lists, on no device and after a restart too, until they go there or
//! are called; it is found all the same, and nothing that was said in it is lost to them.

use app::protocol::{ClientFrame, Position};
use app::room::Slug;

use crate::support::{Person, Town, Visitor, fresh_cid};

/// Whether a room stands in the list on somebody's page.
async fn lists(visitor: &Visitor, room: &str) -> bool {
    visitor.gets("/lab").await.body.contains(&format!("/rooms/{room}\""))
}

/// Ada is in a public room, and so is Ben with a tab; he has another one, and what he looks at pages with.
async fn dev(town: &Town) -> (Person, Person, Person, Visitor) {
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Dev").await;
    let room = ada.has_created().await;
    ada.opens(&room).await;
    ada.posts("hi").await;
    ada.sees("Ada", "hi").await;
    ben.opens(&room).await;
    let (phone, bens) = (ben.opens_another_tab().await, ben.browser());
    assert!(lists(&bens, "dev").await);
    (ada, ben, phone, bens)
}

#[tokio::test]
async fn a_public_room_that_is_left_is_in_no_list_also_after_a_restart_and_is_found_again() {
    let mut town = Town::open().await;
    let (ada, mut ben, mut phone, bens) = dev(&town).await;
    let adas = ada.browser();
    ben.leaves("dev").await;
    ben.is_gone_from("dev").await;
    ben.has_hidden("dev").await;
    phone.has_hidden("dev").await;
    assert!(!lists(&bens, "dev").await);
    assert!(lists(&adas, "dev").await, "the others keep it");

    drop((ada.goes().await, ben.goes().await, phone.goes().await));
    town.restarts().await;
    let (mut ada, mut ben) = (adas.opens_a_tab("Ada").await, bens.opens_a_tab("Ben").await);
    let mut phone = ben.opens_another_tab().await;
    assert!(!lists(&bens, "dev").await);
    // Who comes and goes there, and what is said there, is nothing to who has left.
    ada.opens("dev").await;
    ada.posts("are you there?").await;
    ada.sees("Ada", "are you there?").await;
    phone.has_heard_nothing_of(&["\"slug\":\"dev\""]).await;
    for sheet in ["/find", "/rooms/all"] {
        assert_eq!(bens.finds_names(sheet, "dev").await, ["Dev"], "{sheet}");
    }
    assert!(!lists(&bens, "dev").await, "finding it is no going there");

    ben.shows("dev").await;
    assert!(!phone.hears_of_room("dev").await.hidden);
    let page = ben.opens("dev").await;
    assert_eq!(page.events.iter().map(|event| event.text()).collect::<Vec<_>>(), ["hi", "are you there?"]);
    assert!(lists(&bens, "dev").await);
    drop((ada.goes().await, ben.goes().await, phone.goes().await));
    town.restarts().await;
    assert!(lists(&bens, "dev").await);
}

#[tokio::test]
async fn a_device_that_comes_back_after_a_cut_hears_that_the_room_was_left_and_who_walks_in_is_back() {
    let town = Town::open().await;
    let (_ada, mut ben, mut phone, bens) = dev(&town).await;
    phone.opens("dev").await;
    let epoch = phone.epoch.clone();
    phone.drops_off();
    assert_eq!(ben.leaves_for_good("dev").await.status, 200);
    ben.is_gone_from("dev").await;
    ben.has_hidden("dev").await;

    let mut phone = bens.opens_a_tab("Ben").await;
    let after = Some(Position { epoch, seq: 1 });
    phone.asks(ClientFrame::Open { room: Slug::from("dev"), after, at: None }).await;
    phone.is_gone_from("dev").await;
    assert!(!lists(&bens, "dev").await);

    phone.opens("dev").await;
    assert!(!ben.hears_of_room("dev").await.hidden);
    assert!(lists(&bens, "dev").await);
    phone.leaves("dev").await;
    ben.has_hidden("dev").await;
    assert_eq!(bens.gets("/rooms/dev").await.messages(), ["hi"], "to load its page is to go there");
    assert!(lists(&bens, "dev").await);
    bens.writes("dev", "/leave").await;
    assert!(!lists(&bens, "dev").await, "the command leaves as well");
}

#[tokio::test]
async fn who_is_called_has_the_room_in_their_list_again_and_everyone_is_not_them() {
    let town = Town::open().await;
    let (mut ada, mut ben, mut phone, bens) = dev(&town).await;
    ben.leaves("dev").await;
    phone.has_hidden("dev").await;
    for text in ["@room", "@here"] {
        ada.posts(text).await;
        ada.sees("Ada", text).await;
    }
    phone.has_heard_nothing_of(&["\"slug\":\"dev\""]).await;
    ada.posts("@Ben, look").await;
    assert!(!phone.hears_of_room("dev").await.hidden);
    phone.has_mentions("dev", 1, &[4]).await;
    assert!(lists(&bens, "dev").await);
}

#[tokio::test]
async fn who_is_called_while_they_leave_finds_the_same_rooms_after_a_restart() {
    let mut town = Town::open().await;
    let (mut ada, mut ben, mut phone, bens) = dev(&town).await;
    ben.leaves("dev").await;
    phone.has_hidden("dev").await;
    let held = town.holds_up_the_store();
    ada.posts("@Ben, look").await;
    ada.pings().await;
    // Loading the page would be going there.
    let leaves = ben.leaves_for_good("dev");
    // By then the program has heard of it.
    let others_go_on = async {
        for _ in 0..50 {
            ada.pings().await;
        }
        drop(held);
    };
    let (left, ()) = tokio::join!(leaves, others_go_on);
    assert_eq!(left.status, 200);
    phone.has_hidden("dev").await;
    // What follows from the message is stored before this.
    ada.posts("well?").await;
    for text in ["@Ben, look", "well?"] {
        ada.sees("Ada", text).await;
    }
    let is_listed = lists(&bens, "dev").await;
    drop((ada.goes().await, ben.goes().await, phone.goes().await));
    town.restarts().await;
    assert_eq!(lists(&bens, "dev").await, is_listed);
}

#[tokio::test]
async fn an_edit_that_names_somebody_calls_them_in_from_that_message_on_and_only_once() {
    let mut town = Town::open().await;
    let (mut ada, mut ben, mut phone, bens) = dev(&town).await;
    for text in ["two", "three"] {
        ada.posts(text).await;
        ada.sees("Ada", text).await;
    }
    ben.leaves("dev").await;
    phone.has_hidden("dev").await;
    let mut cho = town.walks_in("Cho").await;
    let edit =
        |of, text: &str| ClientFrame::Edit { room: Slug::from("dev"), of, cid: fresh_cid(), text: text.to_owned() };
    ada.asks(edit(2, "two, @Ben and @Cho")).await;
    for called in [&mut phone, &mut cho] {
        assert!(!called.hears_of_room("dev").await.hidden);
        called.has_mentions("dev", 2, &[2]).await;
    }
    assert!(lists(&bens, "dev").await);
    // Whoever has left since is not called by what named them before.
    phone.opens("dev").await;
    phone.leaves("dev").await;
    ben.has_hidden("dev").await;
    ada.asks(edit(2, "two: @Ben and @Cho")).await;
    ada.sees_event("edit").await;
    ada.sees_event("edit").await;
    assert!(!lists(&bens, "dev").await);

    // The same where nothing of it is known by heart any more.
    let adas = ada.goes().await;
    drop((ben.goes().await, phone.goes().await, cho.goes().await));
    town.restarts().await;
    let (mut ada, mut ben) = (adas.opens_a_tab("Ada").await, bens.opens_a_tab("Ben").await);
    ada.opens("dev").await;
    ada.asks(edit(1, "hi @Ben")).await;
    assert!(!ben.hears_of_room("dev").await.hidden);
    ben.has_mentions("dev", 3, &[1, 2]).await;
    assert!(lists(&bens, "dev").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_opens_a_room_while_another_one_leaves_it_hears_of_it_where_it_is_listed_and_nowhere_else() {
    let town = Town::open().await;
    let (mut ada, mut ben, mut phone, bens) = dev(&town).await;
    for round in 0..100 {
        ben.opens("dev").await;
        // The newest page is not known by heart, so that it takes a moment to open the room.
        ada.posts(&round.to_string()).await;
        ada.sees("Ada", &round.to_string()).await;
        phone.heads_for("dev").await;
        ben.leaves("dev").await;
        ben.pings().await;
        let hears = phone.pings().await.iter().any(|(room, _)| room == "dev");
        assert_eq!(hears, lists(&bens, "dev").await, "in round {round}");
        phone.leaves("dev").await;
        phone.pings().await;
    }
}
