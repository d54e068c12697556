//! Anyone may make a public room and find it again; a name that can't be had is refused with its reason.

use app::protocol::ClientFrame;
use app::refusal::Refusal;
use reqwest::Method;

use crate::support::{Person, Town};

/// Names that can't be, and why.
const REFUSED: [(&str, Refusal, u16); 8] = [
    ("", Refusal::RoomNameEmpty, 422),
    (" # ", Refusal::RoomNameEmpty, 422),
    ("!?", Refusal::RoomNameEmpty, 422),
    ("New", Refusal::RoomNameReserved, 422),
    ("a\u{200B}b", Refusal::RoomNameHidden, 422),
    ("aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd!", Refusal::RoomNameTooLong, 422),
    ("마당", Refusal::RoomNameTaken, 409),
    ("d e v", Refusal::RoomNameTaken, 409),
];

#[tokio::test]
async fn a_room_made_by_frame_is_in_everyones_list() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);

    ada.creates(" #Dev & Ops ").await;

    assert_eq!(ada.has_created().await, "dev-ops");
    let listed = ben.hears_of_room("dev-ops").await;
    assert_eq!((listed.name.as_str(), listed.here), ("Dev & Ops", 0));
    let page = ben.opens("dev-ops").await;
    assert_eq!((page.room.name.as_str(), page.events.len(), page.start), ("Dev & Ops", 0, true));
    let slugs: Vec<String> = town.walks_in("Cho").await.rooms.iter().map(|room| room.slug.to_string()).collect();
    assert!(slugs.contains(&"dev-ops".to_owned()) && slugs.contains(&"madang".to_owned()), "{slugs:?}");
}

#[tokio::test]
async fn a_room_made_by_form_opens_at_once() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    let ben = town.visitor();
    ben.walks_in("Ben").await;

    let created = ben.submits("/rooms", &[("name", "주간 회의")]).await;

    let path = "/rooms/%EC%A3%BC%EA%B0%84-%ED%9A%8C%EC%9D%98";
    assert_eq!(created.leads_to(), Some(path));
    let page = ben.gets(path).await;
    assert_eq!(page.status, 200);
    assert!(page.shown().contains("주간 회의"));
    assert_eq!(ada.hears_of_room("주간-회의").await.name, "주간 회의");
}

#[tokio::test]
async fn a_korean_room_is_one_room_however_it_is_typed() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    let decomposed = "\u{1112}\u{116C}\u{110B}\u{1174}";

    ada.creates(decomposed).await;
    assert_eq!(ada.has_created().await, "회의");
    ada.creates("회의").await;
    ada.is_refused(Refusal::RoomNameTaken).await;

    let page = ada.browser().gets(&format!("/rooms/{}", app::route::percent_encoded(decomposed))).await;
    assert_eq!(page.status, 200);
    ada.asks(ClientFrame::Open { room: decomposed.into(), after: None, at: None }).await;
    assert_eq!(ada.gets_page("회의").await.room.name, "회의");
}

#[tokio::test]
async fn names_that_cannot_be_are_refused_by_frame() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.creates("Dev").await;
    ada.has_created().await;
    for (typed, why, _) in REFUSED {
        ada.creates(typed).await;
        ada.is_refused(why).await;
    }
    ada.creates("Fine").await;
    assert_eq!(ada.has_created().await, "fine");
}

#[tokio::test]
async fn names_that_cannot_be_are_refused_by_form_with_their_sentence() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    ada.submits("/rooms", &[("name", "Dev")]).await;
    for (typed, why, status) in REFUSED {
        let refused = ada.submits("/rooms", &[("name", typed)]).await;
        assert_eq!(refused.status, status, "{typed:?}");
        assert!(refused.tells(why), "{typed:?}: {}", refused.shown());
        let as_program = ada.as_program(Method::POST, "/rooms").form(&[("name", typed)]);
        assert_eq!(ada.sends(as_program).await.problem()["code"], serde_json::json!(why), "{typed:?}");
    }
}

#[tokio::test]
async fn what_is_far_too_long_for_a_line_is_told_so_and_comes_back() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    ada.submits("/rooms", &[("name", "Dev")]).await;
    // As forms write it, nine bytes each.
    let typed = "가".repeat(8_000);
    for (path, form, why) in [
        ("/rooms", vec![("name", typed.as_str())], Refusal::RoomNameTooLong),
        ("/rooms/new", vec![("name", &typed)], Refusal::RoomNameTooLong),
        ("/rooms/dev/about", vec![("do", "rename"), ("text", &typed)], Refusal::RoomNameTooLong),
        ("/rooms/dev/about", vec![("do", "topic"), ("text", &typed)], Refusal::TopicTooLong),
        ("/name", vec![("name", &typed)], Refusal::NameTooLong),
    ] {
        let refused = ada.submits(path, &form).await;
        assert!(refused.status == 422 && refused.tells(why), "{path}: {} {}", refused.status, refused.shown());
        assert!(refused.body.contains(&typed), "{path}: what was typed is still there");
    }
}

#[tokio::test]
async fn there_are_as_many_rooms_as_the_server_is_set_to_hold() {
    let town = Town::plan().set(|config| config.max_rooms = 2).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.creates("Second").await;
    ada.has_created().await;

    ada.creates("Third").await;

    ada.is_refused(Refusal::RoomsFull).await;
    let refused = ada.browser().submits("/rooms", &[("name", "Third")]).await;
    assert_eq!(refused.status, 503);
    assert!(refused.tells(Refusal::RoomsFull));
}

#[tokio::test]
async fn a_room_that_is_not_there_is_offered_to_be_made() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;

    let page = ada.browser().gets("/rooms/%ED%9A%8C%EC%9D%98").await;

    assert_eq!(page.status, 404);
    assert!(page.shown().contains("action=\"/rooms\""));
    assert!(page.shown().contains("value=\"회의\""));
    ada.asks(ClientFrame::Open { room: "회의".into(), after: None, at: None }).await;
    assert_eq!(ada.is_refused(Refusal::RoomUnknown).await, (None, Some("회의".into())));
    let made = ada.browser().submits("/rooms", &[("name", "회의")]).await;
    assert!(made.leads_to().is_some());
    ada.opens("회의").await;
}

#[tokio::test]
async fn rooms_and_their_names_survive_a_restart() {
    let mut town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.creates("주간 회의").await;
    ada.has_created().await;

    town.restarts().await;

    let ada = ada.drops_off().opens_a_tab("Ada").await;
    let names: Vec<&str> = ada.rooms.iter().map(|room| room.name.as_str()).collect();
    assert_eq!(names, ["마당", "주간 회의"]);
}

#[tokio::test]
async fn rooms_stand_in_the_order_of_their_names_whoever_is_in_them() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    for name in ["회의", "dev", "가방", "Café", "Alps"] {
        ada.creates(name).await;
        ada.has_created().await;
    }
    ada.talks_directly_to("Ben").await;
    ada.opens("회의").await;
    ben.opens("회의").await;
    ben.opens("dev").await;

    let mut tab = ada.opens_another_tab().await;
    let order = |tab: &Person| {
        let me = Some(tab.me.id);
        tab.rooms.iter().map(|room| room.called(me)).collect::<Vec<_>>()
    };
    assert_eq!(order(&tab), ["Alps", "Ben", "Café", "dev", "가방", "마당", "회의"]);
    ben.leaves("회의").await;
    tab.hears_of_people_in("회의", 1).await;
    assert_eq!(order(&ada.opens_another_tab().await), order(&tab));
}

#[tokio::test]
async fn where_somebody_has_been_stands_in_their_list_however_many_rooms_there_are() {
    const MORE_THAN_ARE_LISTED: usize = 45;
    let mut town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Attic").await;
    ada.has_created().await;
    ada.opens("attic").await;
    ada.posts("mine").await;
    ada.sees("Ada", "mine").await;
    for number in 1..=MORE_THAN_ARE_LISTED {
        ben.creates(&format!("Room {number}")).await;
        ben.has_created().await;
    }

    let (ada, ben) = (ada.goes().await, ben.goes().await);
    town.restarts().await;

    let lists = |person: &Person| person.rooms.iter().any(|room| room.slug.as_str() == "attic");
    assert!(lists(&ada.opens_a_tab("Ada").await));
    assert!(!lists(&ben.opens_a_tab("Ben").await), "of those where he never was there are enough");
}

#[tokio::test]
async fn of_many_who_make_a_room_at_once_one_makes_it() {
    let town = Town::open().await;
    let mut people = Vec::new();
    for number in 0..6 {
        people.push(town.walks_in(&format!("Person {number}")).await);
    }
    for person in &mut people {
        person.creates("Dev").await;
    }

    let mut made = 0;
    for person in &mut people {
        person.pings().await;
        made += usize::from(person.was_told_of_a_new_room());
    }
    assert_eq!(made, 1);
}
