//! Who is typing is said to the others in the room: at once, in few small frames, and no longer than it is true.

use std::time::Duration;

use app::protocol::MAX_NAMED;

use crate::support::{DEADLINE, Person, Town};

/// Three people in the room, nobody of whom types.
async fn three(town: &Town) -> (Person, Person, Person) {
    let mut people = Vec::new();
    for name in ["Ada", "Ben", "Cho"] {
        people.push(town.walks_in(name).await);
        people.last_mut().expect("somebody").opens("madang").await;
    }
    let cho = people.pop().expect("Cho");
    let ben = people.pop().expect("Ben");
    (people.pop().expect("Ada"), ben, cho)
}

#[tokio::test]
async fn the_others_hear_who_is_typing_and_the_typist_in_no_tab() {
    let town = Town::open().await;
    let (mut ada, mut ben, mut cho) = three(&town).await;
    let mut other_tab = ada.opens_another_tab().await;
    other_tab.opens("madang").await;

    ada.types().await;
    ben.hears_typing(&["Ada"], 0).await;
    cho.hears_typing(&["Ada"], 0).await;
    ben.types().await;
    cho.hears_in_the_end_that_type(&["Ada", "Ben"]).await;
    ada.hears_typing(&["Ben"], 0).await;
    other_tab.hears_typing(&["Ben"], 0).await;

    for tab in [&mut ada, &mut other_tab] {
        tab.pings().await;
        assert!(tab.heard_of_typing().iter().all(|heard| *heard == (1, 0)), "they hear of Ben alone");
    }
}

#[tokio::test]
async fn whoever_posts_is_done_for_all_who_get_the_message() {
    let town = Town::open().await;
    let (mut ada, mut ben, _cho) = three(&town).await;
    ada.types().await;
    ben.hears_typing(&["Ada"], 0).await;

    ada.posts("that was it").await;
    ben.sees("Ada", "that was it").await;
    ben.types().await;

    ada.hears_typing(&["Ben"], 0).await;
    ben.pings().await;
    assert_eq!(ben.heard_of_typing(), [], "the message said it, and of themselves they are not told");
}

#[tokio::test]
async fn whoever_leaves_or_is_cut_off_types_no_more() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben, mut cho) = three(&town).await;
    ada.types().await;
    cho.hears_typing(&["Ada"], 0).await;
    ben.types().await;
    cho.hears_in_the_end_that_type(&["Ada", "Ben"]).await;

    ada.leaves("madang").await;
    cho.hears_in_the_end_that_type(&["Ben"]).await;
    ben.drops_off();
    cho.hears_in_the_end_that_type(&[]).await;
}

#[tokio::test]
async fn whoever_empties_the_box_types_no_more_and_no_other_box_says_so() {
    let town = Town::open().await;
    let (mut ada, mut ben, mut cho) = three(&town).await;
    let mut other_tab = ada.opens_another_tab().await;
    other_tab.opens("madang").await;
    ada.types().await;
    cho.hears_typing(&["Ada"], 0).await;
    ada.stops_typing_in(Some(1)).await;
    other_tab.stops_typing_in(None).await;
    for tab in [&mut ada, &mut other_tab] {
        tab.pings().await;
    }
    ben.types().await;
    cho.hears_typing(&["Ada", "Ben"], 0).await;

    ada.stops_typing_in(None).await;
    cho.hears_typing(&["Ben"], 0).await;
    ada.types().await;
    cho.hears_typing(&["Ada", "Ben"], 0).await;
}

#[tokio::test]
async fn typing_where_one_is_not_is_passed_over() {
    let town = Town::open().await;
    let (mut ada, mut ben, _cho) = three(&town).await;
    let mut dan = town.walks_in("Dan").await;

    dan.types().await;
    dan.says(r#"{"typing":{"room":"nowhere"}}"#).await;
    dan.pings().await;
    ada.types().await;

    ben.hears_typing(&["Ada"], 0).await;
}

#[tokio::test]
async fn who_types_in_a_thread_is_told_to_those_who_have_it_open_and_not_to_the_room() {
    let town = Town::open().await;
    let (mut ada, mut ben, mut cho) = three(&town).await;
    let (mut ada_too, mut bens_tab) = (ada.opens_another_tab().await, ben.opens_another_tab().await);
    for tab in [&mut ada_too, &mut bens_tab] {
        tab.opens("madang").await;
    }
    ada_too.watches(1).await;
    ben.watches(2).await;
    bens_tab.watches(2).await;
    bens_tab.watches(1).await;
    for tab in [&mut ada_too, &mut ben, &mut bens_tab] {
        tab.pings().await;
    }

    ada.types_in(1).await;
    bens_tab.hears_typing_in(1, &["Ada"]).await;
    cho.types_in(1).await;
    ada_too.hears_typing_in(1, &["Cho"]).await;
    bens_tab.hears_typing_in(1, &["Ada", "Cho"]).await;
    ada.types().await;
    cho.hears_typing(&["Ada"], 0).await;
    bens_tab.hears_typing_in(1, &["Cho"]).await;
    cho.posts("that was it").await;
    bens_tab.sees("Cho", "that was it").await;
    bens_tab.drops_off();
    ada_too.types_in(2).await;
    ben.hears_typing_in(2, &["Ada"]).await;
    for tab in [&mut ben, &mut cho] {
        tab.pings().await;
    }
    cho.has_heard_nothing_of(&["\"of\":"]).await;
    ben.has_heard_nothing_of(&["\"of\":1"]).await;
    assert!(ben.heard_of_typing().iter().all(|heard| *heard == (1, 0) || *heard == (0, 0)));
}

#[tokio::test]
async fn however_many_type_however_often_it_is_one_small_frame() {
    const CROWD: usize = MAX_NAMED + 5;
    const A_LONG_WHILE: Duration = Duration::from_secs(DEADLINE.as_secs() * 60);
    let town = Town::plan().resting(A_LONG_WHILE).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let mut crowd = Vec::new();
    for number in 0..CROWD {
        let mut person = town.walks_in(&format!("Person {number:02}")).await;
        person.opens("madang").await;
        crowd.push(person);
    }
    crowd[0].types().await;
    ada.hears_typing(&["Person 00"], 0).await;
    for person in &mut crowd {
        for _ in 0..20 {
            person.types().await;
        }
        person.pings().await;
    }
    ada.pings().await;
    assert_eq!(ada.heard_of_typing(), [], "the next frame comes after the rest");
}

#[tokio::test]
async fn of_a_crowd_a_few_are_named_and_the_others_are_a_number() {
    const CROWD: usize = MAX_NAMED + 5;
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let mut crowd = Vec::new();
    for number in 0..CROWD {
        let mut person = town.walks_in(&format!("Person {number:02}")).await;
        person.opens("madang").await;
        person.types().await;
        person.pings().await;
        crowd.push(person);
    }
    let mut heard = Vec::new();
    while heard.last() != Some(&(MAX_NAMED, CROWD - MAX_NAMED)) {
        ada.pings().await;
        heard.extend(ada.heard_of_typing());
    }
    assert!(heard.iter().all(|(named, _)| *named <= MAX_NAMED), "{heard:?}");
}
