//! Who is away and who is not to be disturbed is seen in the rooms that they have open, by those who are there and by those who
//! come; a rest outlives the program, and ends when it should. A room in which nothing changes hears nothing.

use std::time::Duration;

use app::availability::UNTIL_I_SAY_MS;
use app::member::MemberId;
use app::protocol::{MAX_NAMED, MAX_ROSTER};

use crate::support::{HeldClock, Person, Town};

async fn in_madang(town: &Town, name: &str) -> Person {
    let mut person = town.walks_in(name).await;
    person.opens("madang").await;
    person
}

#[tokio::test]
async fn somebody_is_away_once_nothing_is_touched_in_any_of_their_tabs() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    let mut other_tab = ada.opens_another_tab().await;
    other_tab.opens("madang").await;

    ada.is_idle(true).await;
    ada.pings().await;
    ben.hears_nothing_of_absent().await;
    other_tab.is_idle(true).await;
    ben.hears_of_absent(&[&ada], &[]).await;
    ada.is_idle(false).await;
    ben.hears_of_absent(&[], &[]).await;

    ada.goes().await;
    ben.hears_of_absent(&[&other_tab], &[]).await;
    // And once the tab at which nothing is touched is closed, the others count alone.
    let mut third_tab = other_tab.opens_another_tab().await;
    third_tab.opens("madang").await;
    ben.hears_of_absent(&[], &[]).await;
    other_tab.goes().await;
    third_tab.rests(UNTIL_I_SAY_MS).await;
    ben.hears_of_absent(&[], &[&third_tab]).await;
    third_tab.rests(0).await;
    ben.hears_of_absent(&[], &[]).await;
}

#[tokio::test]
async fn every_room_that_one_has_open_hears_it_and_whoever_rests_is_not_called_away() {
    let town = Town::open().await;
    let (mut ada, mut ben, mut cho) =
        (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await, town.walks_in("Cho").await);
    ada.creates("Kitchen").await;
    ada.has_created().await;
    ada.opens("kitchen").await;
    cho.opens("kitchen").await;
    ada.is_idle(true).await;
    ben.hears_of_absent_in("madang", &[&ada], &[]).await;
    cho.hears_of_absent_in("kitchen", &[&ada], &[]).await;
    ada.rests(UNTIL_I_SAY_MS).await;
    ben.hears_of_absent_in("madang", &[], &[&ada]).await;
    cho.hears_of_absent_in("kitchen", &[], &[&ada]).await;
    ben.hears_nothing_of_quiet().await;
    ada.rests(0).await;
    ben.hears_of_absent_in("madang", &[&ada], &[]).await;
}

#[tokio::test]
async fn whoever_opens_another_room_at_a_second_device_is_away_in_none() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    ada.creates("Kitchen").await;
    ada.has_created().await;
    ada.is_idle(true).await;
    ben.hears_of_absent(&[&ada], &[]).await;
    let mut phone = ada.opens_another_tab().await;
    phone.opens("kitchen").await;
    ben.hears_of_absent(&[], &[]).await;
}

#[tokio::test]
async fn saying_it_again_is_no_news_and_only_rooms_that_one_has_open_hear_it() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    ben.creates("Kitchen").await;
    ben.opens("kitchen").await;

    for idle in [false, true, true, true] {
        ada.is_idle(idle).await;
    }
    ben.hears_of_absent_in("madang", &[&ada], &[]).await;
    ada.pings().await;
    ben.hears_nothing_of_absent().await;
}

#[tokio::test]
async fn whoever_comes_sees_who_is_away_and_so_does_a_page_and_whoever_comes_back() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    ada.is_idle(true).await;
    ben.rests(UNTIL_I_SAY_MS).await;
    let ids = (ada.me.id, ben.me.id);
    ada.hears_in_the_end_of_absent(&[ids.0], &[ids.1]).await;

    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;
    cho.hears_of_absent(&[&ada], &[&ben]).await;
    let page = cho.browser().gets("/rooms/madang").await;
    assert!(page.body.contains(r#"data-is="away""#) && page.body.contains(r#"data-is="quiet""#), "the page shows both");
    let mut again = cho.goes().await.opens_a_tab("Cho").await;
    again.resumes("madang", 0).await;
    again.is_resumed("madang").await;
    again.hears_of_absent(&[&ada], &[&ben]).await;
}

#[tokio::test]
async fn whoever_left_and_comes_back_is_not_away_any_more() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    ada.is_idle(true).await;
    ben.hears_of_absent(&[&ada], &[]).await;
    ada.drops_off().opens_a_tab("Ada").await.opens("madang").await;

    let mut cho = in_madang(&town, "Cho").await;
    cho.hears_nothing_of_absent().await;
}

#[tokio::test]
async fn a_rest_is_known_in_all_tabs_outlives_the_program_and_is_ended_by_its_person() {
    let mut town = Town::open().await;
    let (mut ada, ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    let mut other_tab = ada.opens_another_tab().await;
    ada.rests(UNTIL_I_SAY_MS + 5).await;
    ada.is_quiet_until(UNTIL_I_SAY_MS).await;
    other_tab.is_quiet_until(UNTIL_I_SAY_MS).await;

    let (ada, ben) = (ada.browser(), ben.browser());
    town.restarts().await;
    let mut ben = ben.opens_a_tab("Ben").await;
    ben.opens("madang").await;
    let mut ada = ada.opens_a_tab("Ada").await;
    ada.is_quiet_until(UNTIL_I_SAY_MS).await;
    ada.opens("madang").await;
    ben.hears_of_absent(&[], &[&ada]).await;
    ada.rests(0).await;
    ada.is_quiet_until(0).await;
    ben.hears_of_absent(&[], &[]).await;
}

#[tokio::test]
async fn a_rest_ends_when_its_time_has_come() {
    let clock = HeldClock::new();
    let mut town = Town::plan().clock(&clock).open().await;
    let (mut ada, mut ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    let until_ms = clock.now_ms() + 30 * 60 * 1_000;
    ada.rests(until_ms).await;
    ada.is_quiet_until(until_ms).await;
    ben.hears_of_absent(&[], &[&ada]).await;

    clock.passes_days(1);
    ada.is_quiet_until(0).await;
    ben.hears_of_absent(&[], &[]).await;
    ada.rests(clock.now_ms() - 1).await;
    ada.is_quiet_until(0).await;

    let ada = ada.browser();
    town.restarts().await;
    let mut ada = ada.opens_a_tab("Ada").await;
    ada.hears_nothing_of_quiet().await;
}

/// Ben, and twenty others.
async fn crowd(town: &Town) -> (Person, Vec<Person>) {
    let ben = in_madang(town, "Ben").await;
    let mut others = Vec::new();
    for number in 0..20 {
        others.push(in_madang(town, &format!("Person {number}")).await);
    }
    (ben, others)
}

#[tokio::test]
async fn what_changes_before_the_rest_is_over_waits_for_its_end() {
    let town = Town::plan().resting(Duration::from_secs(60 * 60)).open().await;
    let (mut ben, mut others) = crowd(&town).await;
    others[0].is_idle(true).await;
    ben.hears_of_absent(&[&others[0]], &[]).await;
    for other in &mut others[1..] {
        other.is_idle(true).await;
        other.pings().await;
    }
    ben.hears_nothing_of_absent().await;
    // Whoever comes meanwhile sees all of them.
    let mut cho = in_madang(&town, "Cho").await;
    cho.hears_of_absent(&others.iter().collect::<Vec<_>>(), &[]).await;
}

#[tokio::test]
async fn what_has_waited_is_told_once() {
    let town = Town::plan().resting(Duration::from_secs(1)).open().await;
    let (mut ben, mut others) = crowd(&town).await;
    for other in &mut others {
        other.is_idle(true).await;
        other.pings().await;
    }
    let ids: Vec<_> = others.iter().map(|other| other.me.id).collect();
    ben.hears_in_the_end_of_absent(&ids, &[]).await;
    ben.hears_nothing_of_absent().await;
}

#[tokio::test]
async fn of_many_who_break_off_at_once_nobody_stays_in_sight_though_few_are_named() {
    let town = Town::plan().gathering(Duration::from_secs(3)).forgiving_for(Duration::from_secs(3)).open().await;
    let mut ada = in_madang(&town, "Ada").await;
    let mut others = Vec::new();
    for number in 0..MAX_NAMED + 5 {
        others.push(in_madang(&town, &format!("Person {number:02}")).await);
    }
    ada.hears_of_people_in("madang", MAX_NAMED + 6).await;
    others.into_iter().for_each(|other| drop(other.drops_off()));
    ada.is_alone_in_the_end().await;
}

#[tokio::test]
async fn in_a_full_room_those_are_named_whom_a_page_names_and_nobody_else_is_left_as_here() {
    let town = Town::plan().forgiving().open().await;
    let mut ada = in_madang(&town, "Ada").await;
    let mut others = Vec::new();
    for number in 0..MAX_ROSTER + 1 {
        others.push(in_madang(&town, &format!("Person {number:03}")).await);
        // As pages do: on a slow machine a room takes longer to fill than anybody may be silent.
        for person in [&mut ada].into_iter().chain(others.iter_mut().take(9)) {
            person.pings().await;
        }
    }
    let gone = others[7].me.id;
    ada.hears_in_the_end_that_are_named(|named| named.len() == MAX_ROSTER && named.contains(&gone)).await;
    // A tab that was full has a place free then, and whoever comes would take it.
    others[7].leaves("madang").await;
    others[7].is_gone_from("madang").await;
    ada.hears_departure(&["Person 007"], MAX_ROSTER + 1).await;
    let mut late = in_madang(&town, "Late").await;
    let unnamed = [gone, late.me.id];
    let is_right = |named: &[MemberId]| named.len() == MAX_ROSTER && unnamed.iter().all(|id| !named.contains(id));
    ada.hears_in_the_end_that_are_named(is_right).await;
    for away in [&mut late, &mut others[8]] {
        away.is_idle(true).await;
        away.pings().await;
    }
    ada.hears_in_the_end_of_absent(&[others[8].me.id], &[]).await;
}

#[tokio::test]
async fn without_scripts_one_chooses_in_a_form() {
    let town = Town::open().await;
    let visitor = town.visitor();
    visitor.walks_in("Ada").await;
    let answer = visitor.submits("/quiet", &[("rest", "30m"), ("next", "/rooms/madang")]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/rooms/madang"));
    assert!(visitor.gets("/").await.body.contains("Do not disturb until "));
    assert_eq!(visitor.submits("/quiet", &[("rest", "over")]).await.status, 303);
    assert!(!visitor.gets("/").await.body.contains("Do not disturb until "));
    assert_eq!(visitor.submits("/quiet", &[("rest", "for ever")]).await.status, 400);
}

/// Numbers are given again once their people are forgotten.
#[tokio::test]
async fn who_comes_after_somebody_who_is_forgotten_does_not_inherit_their_rest() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut cho = in_madang(&town, "Cho").await;
    let mut ada = in_madang(&town, "Ada").await;
    ada.rests(UNTIL_I_SAY_MS).await;
    ada.is_quiet_until(UNTIL_I_SAY_MS).await;
    let number = ada.me.id;
    ada.goes().await;
    cho.hears_departure(&["Ada"], 1).await;
    clock.passes_days(31);
    town.is_tended().await;

    let mut ben = town.walks_in("Ben").await;

    assert_eq!(ben.me.id, number);
    ben.hears_nothing_of_quiet().await;
}
