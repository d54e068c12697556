//! Who is here: comings and goings are announced with the number of people, a person counts once, a short absence is none.

use std::time::Duration;

use app::protocol::MAX_NAMED;
use server::config::Serve;

use crate::support::{Person, Town, Visitor};

/// Long enough for several people to do something at about the same time on a busy machine.
const A_WHILE: Duration = Duration::from_secs(3);

#[tokio::test]
async fn comings_and_goings_are_announced_with_the_number_of_people() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);

    assert_eq!(ada.opens("madang").await.room.here, 1);
    ada.hears_arrival(&["Ada"], 1).await;
    let page = ben.opens("madang").await;
    assert_eq!((page.room.here, page.people), (2, vec!["Ada".to_owned(), "Ben".to_owned()]));
    ada.hears_arrival(&["Ben"], 2).await;
    ben.hears_arrival(&["Ben"], 2).await;
    ben.goes().await;

    ada.hears_departure(&["Ben"], 1).await;
    ada.has_heard_all_notices();
}

#[tokio::test]
async fn a_connection_that_breaks_is_a_departure_too() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    ben.opens("madang").await;
    ada.hears_arrival(&["Ben"], 2).await;

    ben.drops_off();

    ada.hears_departure(&["Ben"], 1).await;
}

#[tokio::test]
async fn several_who_come_at_about_the_same_time_are_one_line() {
    let town = Town::plan().gathering(A_WHILE).open().await;
    let mut people = Vec::new();
    for name in ["Ada", "Ben", "Cho"] {
        people.push(town.walks_in(name).await);
    }
    for person in &mut people {
        person.heads_for("madang").await;
    }

    for person in &mut people {
        person.hears_arrival(&["Ada", "Ben", "Cho"], 3).await;
    }
}

#[tokio::test]
async fn a_crowd_is_a_few_names_and_a_number() {
    const CROWD: usize = MAX_NAMED + 5;
    let town = Town::plan().gathering(A_WHILE).open().await;
    let mut people = Vec::new();
    for number in 0..CROWD {
        people.push(town.walks_in(&format!("Person {number:02}")).await);
    }
    for person in &mut people {
        person.heads_for("madang").await;
    }

    let named: Vec<String> = (0..MAX_NAMED).map(|number| format!("Person {number:02}")).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    people[0].hears_arrival(&named, CROWD).await;
    people[0].has_heard_all_notices();
}

#[tokio::test]
async fn where_many_listen_they_are_told_of_comings_and_goings_more_seldom() {
    const MANY: usize = 512;
    let many = |config: &mut Serve| (config.sockets_per_person, config.sockets_per_address) = (2 * MANY, 3 * MANY);
    let town = Town::plan().gathering(A_WHILE).set(many).open().await;
    let (mut ada, mut ben, mut cho) =
        (town.walks_in("Ada").await, town.walks_in("Ben").await, town.walks_in("Cho").await);
    ada.opens("madang").await;
    ada.creates("Kitchen").await;
    let kitchen = ada.has_created().await;
    ada.opens(&kitchen).await;
    cho.opens(&kitchen).await;
    ada.hears_arrival(&["Ada"], 1).await;
    ada.hears_arrival(&["Ada", "Cho"], 2).await;
    let mut tabs = Vec::new();
    for _ in 0..MANY {
        let mut tab = ada.opens_another_tab().await;
        tab.opens("madang").await;
        tabs.push(tab);
    }

    ben.opens("madang").await;
    ben.opens(&kitchen).await;

    ada.hears_arrival(&["Ben"], 3).await;
    ada.hears_arrival(&["Ben"], 2).await;
}

#[tokio::test]
async fn several_who_leave_at_about_the_same_time_are_one_line() {
    let town = Town::plan().gathering(A_WHILE).open().await;
    let (mut ada, mut ben, mut cho) =
        (town.walks_in("Ada").await, town.walks_in("Ben").await, town.walks_in("Cho").await);
    for person in [&mut ada, &mut ben, &mut cho] {
        person.heads_for("madang").await;
    }
    cho.hears_arrival(&["Ada", "Ben", "Cho"], 3).await;

    ada.leaves("madang").await;
    ben.leaves("madang").await;

    cho.hears_departure(&["Ada", "Ben"], 1).await;
    cho.has_heard_all_notices();
}

#[tokio::test]
async fn whoever_leaves_while_another_is_waited_for_is_announced_too() {
    let town = Town::plan().forgiving_for(A_WHILE).open().await;
    let (mut ada, mut ben, mut cho) =
        (town.walks_in("Ada").await, town.walks_in("Ben").await, town.walks_in("Cho").await);
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    ben.opens("madang").await;
    ada.hears_arrival(&["Ben"], 2).await;

    ben.drops_off();
    cho.opens("madang").await;
    ada.hears_arrival(&["Cho"], 3).await;
    cho.drops_off();

    ada.hears_all_leave(&["Ben", "Cho"], 1).await;
}

#[tokio::test]
async fn a_person_counts_once_however_many_tabs() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let mut other_tab = ben.opens_another_tab().await;
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;

    ben.opens("madang").await;
    ada.hears_arrival(&["Ben"], 2).await;
    other_tab.opens("madang").await;
    let mut cho = town.walks_in("Cho").await;
    let page = cho.opens("madang").await;
    assert_eq!((page.room.here, page.people.len()), (3, 3));
    ada.hears_arrival(&["Cho"], 3).await;
    ben.goes().await;
    other_tab.posts("still here").await;
    ada.sees("Ben", "still here").await;
    other_tab.goes().await;

    ada.hears_departure(&["Ben"], 2).await;
    ada.has_heard_all_notices();
}

#[tokio::test]
async fn whoever_is_soon_back_was_never_gone() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    ben.opens("madang").await;
    ada.hears_arrival(&["Ben"], 2).await;

    // A reload.
    let mut ben = ben.goes().await.opens_a_tab("Ben").await;
    assert_eq!(ben.opens("madang").await.room.here, 2, "they counted all the while");
    // A break in the line.
    let mut ben = ben.drops_off().opens_a_tab("Ben").await;
    ben.resumes("madang", 0).await;
    assert_eq!(ben.is_resumed("madang").await.here, 2);
    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;

    ada.hears_arrival(&["Cho"], 3).await;
    ada.has_heard_all_notices();
}

#[tokio::test]
async fn whoever_is_back_after_a_restart_was_never_gone_and_is_seen_by_all() {
    let mut town = Town::plan().recognizing().open().await;
    let mut crowd = Vec::new();
    for number in 0..MAX_NAMED + 5 {
        let mut person = town.walks_in(&format!("Person {number:02}")).await;
        person.opens("madang").await;
        crowd.push(person);
    }
    crowd[0].posts("hello").await;
    for person in &mut crowd {
        person.sees("Person 00", "hello").await;
    }
    let names: Vec<String> = crowd.iter().map(|person| person.me.name.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let browsers: Vec<Visitor> = crowd.into_iter().map(Person::drops_off).collect();
    town.restarts().await;

    let mut line = town.line("/ws/plain?room=madang&name=Bob&lang=en").await;
    line.hears_in_passing("Someone joined [now: 1]").await;
    let mut back = Vec::new();
    for (browser, name) in browsers.iter().zip(&names) {
        let mut person = browser.opens_a_tab(name).await;
        person.resumes("madang", 1).await;
        person.is_resumed("madang").await;
        back.push(person);
    }

    back[0].hears_all_come_back(&names, names.len() + 1).await;
    let mut new = town.walks_in("New").await;
    new.opens("madang").await;
    line.hears(&format!("Someone joined [now: {}]", names.len() + 2)).await;
    back[0].hears_arrival(&["New"], names.len() + 2).await;
    back[0].has_heard_all_notices();
    let browser = back.remove(1).drops_off();
    back[0].hears_departure(&[names[1]], names.len() + 1).await;
    let mut again = browser.opens_a_tab(names[1]).await;
    again.resumes("madang", 1).await;
    back[0].hears_arrival(&[names[1]], names.len() + 2).await;
}

#[tokio::test]
async fn whoever_is_new_after_a_restart_is_announced_also_where_their_tab_goes_on_from_a_page() {
    let mut town = Town::plan().recognizing().open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("hello").await;
    ada.sees("Ada", "hello").await;
    let ada = ada.drops_off();
    town.restarts().await;
    let mut ada = ada.opens_a_tab("Ada").await;
    ada.resumes("madang", 1).await;
    ada.hears_all_come_back(&["Ada"], 1).await;

    let mut ben = town.walks_in("Ben").await;
    ben.resumes("madang", 1).await;

    ada.hears_arrival(&["Ben"], 2).await;
}

#[tokio::test]
async fn leaving_by_choice_is_announced_soon_and_closes_the_room_in_all_tabs() {
    // Forgiving: only a departure by choice is heard of.
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let mut other_tab = ben.opens_another_tab().await;
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    ben.opens("madang").await;
    other_tab.opens("madang").await;
    ada.hears_arrival(&["Ben"], 2).await;

    ben.leaves("madang").await;

    ada.hears_departure(&["Ben"], 1).await;
    ben.is_gone_from("madang").await;
    other_tab.is_gone_from("madang").await;
    ada.posts("are they gone?").await;
    ada.sees("Ada", "are they gone?").await;
    ben.sees_nothing_more().await;
    other_tab.sees_nothing_more().await;
    assert_eq!(ben.pings().await, [], "no room is open any more");
}

#[tokio::test]
async fn whoever_left_may_walk_back_in() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    ben.opens("madang").await;
    ada.hears_arrival(&["Ben"], 2).await;
    ben.leaves("madang").await;
    ada.hears_departure(&["Ben"], 1).await;

    assert_eq!(ben.opens("madang").await.room.here, 2);

    ada.hears_arrival(&["Ben"], 2).await;
    ada.posts("welcome back").await;
    ben.sees("Ada", "welcome back").await;
}

#[tokio::test]
async fn the_list_of_rooms_tells_how_many_are_in_each() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    assert_eq!(here_in(&ada.rooms, "madang"), 0);
    ada.creates("Dev").await;
    ada.has_created().await;

    let (mut ben, mut cho) = (town.walks_in("Ben").await, town.walks_in("Cho").await);
    ben.opens("dev").await;
    ada.hears_of_people_in("dev", 1).await;
    cho.opens("dev").await;
    ada.hears_of_people_in("dev", 2).await;

    let rooms = town.walks_in("Dan").await.rooms;
    assert_eq!((here_in(&rooms, "dev"), here_in(&rooms, "madang")), (2, 0));
    ben.goes().await;
    cho.leaves("dev").await;
    ada.hears_of_people_in("dev", 0).await;
}

#[tokio::test]
async fn a_visit_too_short_to_be_announced_does_not_linger_in_the_lists() {
    let town = Town::plan().gathering(A_WHILE * 60).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let mut ben = town.walks_in("Ben").await;
    assert_eq!(here_in(&ben.rooms, "madang"), 1);

    ada.goes().await;

    ben.hears_of_people_in("madang", 0).await;
}

#[tokio::test]
async fn reading_the_page_is_not_walking_in() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    let ben: Visitor = town.visitor();
    ben.walks_in("Ben").await;

    let page = ben.gets("/rooms/madang").await;
    ben.writes("madang", "by form").await;

    assert!(page.shown().contains("1 person"), "{}", page.shown());
    ada.sees("Ben", "by form").await;
    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;
    ada.hears_arrival(&["Cho"], 2).await;
    ada.has_heard_all_notices();
}

fn here_in(rooms: &[app::room::RoomSummary], slug: &str) -> usize {
    rooms.iter().find(|room| room.slug.as_str() == slug).expect("the room is in the list").here
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_another_name_while_they_walk_in_is_there_under_that_name() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let (mut phone, adas) = (ben.opens_another_tab().await, ada.browser());
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    for round in 0..50 {
        let name = format!("Ben {round}");
        // The newest page is not known by heart, so that it takes a moment to open the room.
        adas.writes("madang", &name).await;
        phone.heads_for("madang").await;
        ben.renames(&name).await;
        ben.pings().await;
        phone.pings().await;
        assert_eq!(ada.opens("madang").await.people, ["Ada".to_owned(), name]);
        // A visit that is over before its arrival is told is told of in no way.
        ada.hears_somebody_arrive().await;
        phone.leaves("madang").await;
        ada.hears_departure(&[&format!("Ben {round}")], 1).await;
    }
}
