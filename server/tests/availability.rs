//! Who is away and who is not to be disturbed is seen in the rooms that they have open, by those who are there and by those who
//! come; a rest outlives the program, and ends when it should. A room in which nothing changes hears nothing.

use std::time::Duration;

use app::availability::UNTIL_I_SAY_MS;

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
