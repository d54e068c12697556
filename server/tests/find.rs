//! Rooms and people are found while their names are typed: by initial consonants and half-typed syllables, the better place
//! first, and nothing that the asker may not enter.

use app::member::Member;
use app::protocol::MAX_ROSTER;
use reqwest::Method;

use crate::support::{Answer, Person, Town, Visitor};

const FIND: &str = "/find";

async fn finds(person: &Person, typed: &str) -> Vec<String> {
    person.browser().finds_names(FIND, typed).await
}

async fn makes(person: &mut Person, names: &[&str]) {
    for name in names {
        person.creates(name).await;
        person.has_created().await;
    }
}

#[tokio::test]
async fn a_room_is_found_while_its_name_is_typed() {
    let town = Town::open().await;
    let (mut ada, ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    makes(&mut ada, &["회의", "주간 회의", "주간회의록", "Dev & Ops", "교회 모임"]).await;
    for typed in ["ㅎㅇ", "회", "횡", "회ㅇ", "회의", "\u{1112}\u{116C}\u{110B}\u{1174}"] {
        assert_eq!(finds(&ben, typed).await[..2], ["회의", "주간 회의"], "{typed}: the beginning, then a word");
    }
    assert_eq!(finds(&ben, "회의").await, ["회의", "주간 회의", "주간회의록"]);
    assert_eq!(finds(&ben, "OPS dev").await, ["Dev &amp; Ops"]);
    assert_eq!(finds(&ben, "#dev").await, ["Dev &amp; Ops"]);
    assert!(finds(&ben, "의자").await.is_empty());
    assert_eq!(ben.browser().finds_names("/rooms/all", "ㅎㅇ").await, ["회의", "주간 회의", "주간회의록"]);
}

#[tokio::test]
async fn only_what_the_asker_may_enter_is_found() {
    let town = Town::plan().forgiving().open().await;
    let (ada, ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.makes_private("예산 비밀").await;
    assert_eq!(finds(&ada, "ㅇㅅ").await, ["예산 비밀"]);
    for typed in ["ㅇㅅ", "예산 비밀", &room, ""] {
        for sheet in [FIND, "/rooms/all"] {
            let (lists, page) =
                (ben.browser().finds(sheet, typed).await, ben.browser().gets(&format!("{sheet}?q=예산")).await);
            assert!(!format!("{lists:?}{page:?}").contains("비밀"), "{typed} on {sheet}");
        }
    }
    ada.does(&room, "invite", "Ben").await;
    assert_eq!(finds(&ben, "ㅇㅅ").await, ["예산 비밀"]);
    ada.does(&room, "remove", &ben.me.id.0.to_string()).await;
    assert!(finds(&ben, "ㅇㅅ").await.is_empty());
}

#[tokio::test]
async fn somebody_is_found_and_leads_to_the_room_with_them() {
    let town = Town::open().await;
    let (ada, minsu) = (town.walks_in("Ada").await, town.walks_in("김민수").await);
    let _guest = town.line("/ws/plain?name=민지").await;
    assert_eq!(finds(&ada, "민ㅅ").await, ["김민수"]);
    assert!(finds(&ada, "Ada").await.is_empty(), "oneself is nobody to go to");
    let found = ada.browser().finds(FIND, "ㄱㅁㅅ").await;
    let number = format!("name=\"person\" value=\"{}\"", minsu.me.id.0);
    assert!(found[0].1.contains("form=\"talk-to\"") && found[0].1.contains(&number), "{found:?}");
    let room = ada.talks_directly_to("김민수").await;
    let found = ada.browser().finds(FIND, "민ㅅ").await;
    assert_eq!(found.len(), 1, "the room is them, and once: {found:?}");
    assert!(found[0].1.contains(&format!("/rooms/{room}")), "{found:?}");
    assert_eq!(finds(&minsu, "ada").await, ["Ada"]);
}

#[tokio::test]
async fn with_nothing_typed_there_is_what_is_unread_and_then_the_latest_but_not_where_one_is() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    makes(&mut ada, &["Attic", "Kitchen", "Cellar", "Garden"]).await;
    for room in ["attic", "kitchen", "cellar"] {
        ben.opens(room).await;
    }
    // The later the less it matters: a mention, something unread, and something that is read.
    for (room, text) in [("attic", "@Ben dust"), ("kitchen", "soup"), ("cellar", "wine")] {
        ada.opens(room).await;
        ada.posts(text).await;
        ada.sees("Ada", text).await;
    }
    ben.reads(1).await;
    ben.pings().await;
    let away = ben.goes().await;
    let found = away.finds_names(FIND, "").await;
    assert_eq!(found[..3], ["Attic", "Kitchen", "Cellar"], "{found:?}");
    assert!(found.contains(&"Garden".to_owned()), "{found:?}");
    let referer = "http://madang.example/rooms/attic";
    let asked = away.as_browser(Method::GET, FIND).header("sheet", "list").header("referer", referer);
    let elsewhere = away.sends(asked).await;
    assert!(!elsewhere.body.contains("Attic") && elsewhere.body.contains("Kitchen"), "{elsewhere:?}");
}

#[tokio::test]
async fn what_is_quiet_is_no_news_and_what_can_only_be_read_comes_last() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    makes(&mut ada, &["Noise", "Nest", "No entry"]).await;
    for room in ["noise", "nest"] {
        ben.opens(room).await;
    }
    assert_eq!(ben.does("noise", "call_nothing", "").await.status, 303);
    for (room, text) in [("nest", "hello"), ("noise", "@Ben hello")] {
        ada.opens(room).await;
        ada.posts(text).await;
        ada.sees("Ada", text).await;
    }
    assert_eq!(ada.does("no-entry", "archive", "").await.status, 303);
    let away = ben.goes().await;
    let found = away.finds(FIND, "").await;
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..2], ["Nest", "Noise"], "{found:?}");
    assert!(!names.contains(&"No entry"), "{found:?}");
    assert!(found[0].1.contains("1 new message") && !found[1].1.contains("new message"), "{found:?}");
    for sheet in [FIND, "/rooms/all"] {
        let names = away.finds_names(sheet, "no").await;
        assert_eq!(names.last().map(String::as_str), Some("No entry"), "{sheet}: {names:?}");
    }
}

#[tokio::test]
async fn what_can_only_be_read_comes_after_all_that_fits_as_well_and_in_the_list_of_all_rooms_after_everything() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    makes(&mut ada, &["Plan B", "Our plan", "Plans of old", "The plans"]).await;
    // The one that comes to an end was talked in last, and fits best.
    for (room, text) in
        [("our-plan", "hello"), ("the-plans", "hello"), ("plan-b", "hello"), ("plans-of-old", "goodbye")]
    {
        ada.opens(room).await;
        ada.posts(text).await;
        ada.sees("Ada", text).await;
    }
    assert_eq!(finds(&ada, "plans").await, ["Plans of old", "The plans"], "as a control");
    assert_eq!(finds(&ada, "plan").await, ["Plans of old", "Plan B", "The plans", "Our plan"], "as a control");
    assert_eq!(ada.does("plans-of-old", "archive", "").await.status, 303);
    assert_eq!(finds(&ada, "plan").await, ["Plan B", "Plans of old", "The plans", "Our plan"]);
    let all = ada.browser().finds_names("/rooms/all", "plans").await;
    assert_eq!(all, ["The plans", "Plans of old"]);
}

#[tokio::test]
async fn without_scripts_it_is_a_form_and_plain_links() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    makes(&mut ada, &["회의"]).await;
    let page = ada.browser().gets("/find?q=ㅎㅇ").await;
    assert!(page.body.contains("<form method=\"get\" action=\"/find\""), "{}", page.body);
    assert!(page.body.contains("<button type=\"submit\"") && !page.body.contains("role=\"option\""), "{}", page.body);
    assert!(page.body.contains("href=\"/rooms/%ED%9A%8C%EC%9D%98\"") && page.body.contains("value=\"ㅎㅇ\""));
    assert_eq!(town.visitor().gets(FIND).await.status, 401);
}

#[tokio::test]
async fn what_is_no_name_finds_nothing_and_hurts_nobody() {
    let town = Town::open().await;
    let (ada, _ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let words = "a ".repeat(200);
    for typed in ["\u{200B}", "<b>", &"가".repeat(400), &format!("a{}", "\u{301}".repeat(300)), &words] {
        assert!(finds(&ada, typed).await.is_empty(), "{typed}");
    }
    let sheet = ada.browser().gets("/find?q=%22%3E%3Cscript%3E").await;
    assert!(!sheet.body.contains("<script"), "{}", sheet.body);
    assert_eq!(ada.browser().gets("/find?q=%FF").await.status, 200);
}

#[tokio::test]
async fn there_are_twenty_results_at_most_and_so_many_questions_in_a_time() {
    let town = Town::plan()
        .unforgetting()
        .set(|config| (config.lookups_per_second, config.lookup_burst) = (1, 3))
        .open()
        .await;
    let mut ada = town.walks_in("Ada").await;
    let names: Vec<String> = (0..30).map(|number| format!("Room {number}")).collect();
    makes(&mut ada, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(finds(&ada, "roo").await.len(), 20);
    assert_eq!(finds(&ada, "room 7").await, ["Room 7", "Room 27", "Room 17"]);
    finds(&ada, "").await;
    let refused = asks(&ada.browser()).await;
    assert!(refused.0 == 429 && refused.1.parse::<u32>().is_ok_and(|seconds| seconds > 0), "{refused:?}");
    for sheet in ["/rooms/all?q=r", "/direct/new?q=b"] {
        assert_eq!(ada.browser().gets(sheet).await.status, 429, "{sheet} is as much work");
    }
    for list in ["people", "guests"] {
        assert_eq!(types(&ada.browser(), "madang", list, "b").await.status, 429, "{list} are as much work");
    }
    let ben = town.walks_in("Ben").await;
    assert_eq!(asks(&ben.browser()).await.0, 200, "others are not held up");
}

async fn asks(browser: &Visitor) -> (u16, String) {
    let answer = browser.sends(browser.as_browser(Method::GET, FIND).header("sheet", "list")).await;
    (answer.status, answer.header("retry-after").to_owned())
}

/// What the message box asks while somebody types a name there.
async fn types(browser: &Visitor, room: &str, list: &str, typed: &str) -> Answer {
    let asked = browser.as_program(Method::POST, &format!("/rooms/{room}/{list}"));
    browser.sends(asked.body(typed.to_owned())).await
}

/// Whom it is told.
async fn is_offered(person: &Person, room: &str, list: &str, typed: &str) -> Vec<String> {
    let answer = types(&person.browser(), room, list, typed).await;
    let people = serde_json::from_str::<serde_json::Value>(&answer.body).expect("an answer")["people"].take();
    let people: Vec<Member> = serde_json::from_value(people).expect("people");
    people.iter().map(|person| person.name.to_string()).collect()
}

#[tokio::test]
async fn everyone_in_a_large_room_can_be_named_and_who_is_away_comes_after_who_is_there() {
    let town = Town::open().await;
    let (ada, gone) = (town.walks_in("Ada").await, town.walks_in("민수진").await.goes().await);
    let mut there = Vec::new();
    for number in 0..=MAX_ROSTER {
        there.push(town.walks_in(&format!("Person {number}")).await);
        there.last_mut().expect("somebody").opens("madang").await;
    }
    let mut last = town.walks_in("민수").await;
    last.opens("madang").await;
    assert_eq!(
        is_offered(&ada, "madang", "people", &format!("person {MAX_ROSTER}")).await,
        [format!("Person {MAX_ROSTER}")]
    );
    assert_eq!(is_offered(&ada, "madang", "people", "ㅁㅅ").await, ["민수", "민수진"]);
    assert_eq!(is_offered(&ada, "madang", "people", "per").await.len(), 20, "no more than anybody reads");
    drop(gone);
}

#[tokio::test]
async fn in_a_closed_room_its_members_are_named_and_everyone_else_can_be_asked_in() {
    let town = Town::plan().forgiving().open().await;
    let (ada, ben, cho) = (town.walks_in("Ada").await, town.walks_in("Ben").await, town.walks_in("Benjamin").await);
    let room = ada.makes_private("Plans").await;
    ada.does(&room, "invite", "Ben").await;
    let away = ben.goes().await;
    assert_eq!(is_offered(&ada, &room, "people", "ben").await, ["Ben"], "though they are not there");
    assert_eq!(is_offered(&ada, &room, "guests", "ben").await, ["Benjamin"]);
    assert_eq!(is_offered(&ada, &room, "guests", "").await, ["Benjamin"], "before anything is typed");
    for typed in ["<b>", &"가".repeat(400), "\u{200B}"] {
        assert!(is_offered(&ada, &room, "people", typed).await.is_empty(), "{typed}");
    }
    for list in ["people", "guests"] {
        assert_eq!(types(&cho.browser(), &room, list, "").await.status, 404, "{list} of a room that is none of theirs");
        assert_eq!(types(&town.visitor(), "madang", list, "").await.status, 401, "{list}");
    }
    drop(away);
}
