//! What there may be only so many of is said before one asks for it: how many are left where that is few, and where none are, the
//! reason beside a button that can't be pressed. Every number is a setting, and stands in docs/limits.md.

use app::refusal::Refusal;

use crate::scheduled::{HOUR_MS, at, form_id};
use crate::support::{Answer, HeldClock, Program, Town};

const LIMITS: &str = include_str!("../../docs/limits.md");

/// A button that can't be pressed.
fn is_greyed(page: &Answer) -> bool {
    page.body.split("<button").any(|button| button.split('>').next().is_some_and(|tag| tag.contains(" disabled")))
}

#[tokio::test]
async fn how_many_rooms_one_may_make_is_said_before_and_then_the_button_is_grey() {
    let town = Town::plan().set(|config| config.rooms_per_person = 11).open().await;
    let mut ada = town.walks_in("Ada").await;
    let many = ada.browser().gets("/rooms/new").await;
    assert!(!many.shown().contains("You can make"), "of many nothing is said");
    ada.creates("one").await;
    ada.has_created().await;
    let few = ada.browser().gets("/rooms/new").await;
    assert!(few.shown().contains("You can make 10 more.") && !is_greyed(&few), "{}", few.shown());
    for number in 2..=11 {
        ada.makes_private(&format!("room {number}")).await;
    }
    let none = ada.browser().gets("/rooms/new").await;
    assert!(none.tells(Refusal::RoomsMadeTooMany) && is_greyed(&none), "{}", none.shown());
    let ben = town.walks_in("Ben").await;
    assert!(!is_greyed(&ben.browser().gets("/rooms/new").await), "others may");
}

#[tokio::test]
async fn a_server_with_all_its_rooms_says_so_before_one_types_a_name() {
    let town = Town::plan().set(|config| config.max_rooms = 1).open().await;
    let sheet = town.walks_in("Ada").await.browser().gets("/rooms/new").await;
    assert!(sheet.tells(Refusal::RoomsFull) && is_greyed(&sheet), "{}", sheet.shown());
}

#[tokio::test]
async fn whoever_has_started_all_direct_rooms_is_told_and_comes_into_those_that_they_have() {
    let town = Town::plan().set(|config| config.direct_rooms_per_person = 1).open().await;
    let (ada, _ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let sheet = ada.browser().gets("/direct/new").await;
    assert!(sheet.shown().contains("You can make 1 more."), "{}", sheet.shown());
    let room = ada.talks_directly_to("Ben").await;
    let sheet = ada.browser().gets("/direct/new").await;
    assert!(sheet.tells(Refusal::RoomsMadeTooMany), "{}", sheet.shown());
    assert_eq!(ada.talks_directly_to("Ben").await, room);
}

#[tokio::test]
async fn how_many_more_fit_into_a_private_room_is_said_and_then_nobody_is_asked_for_in_vain() {
    let town = Town::plan().set(|config| config.members_per_room = 2).open().await;
    let (ada, _ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.makes_private("Kitchen").await;
    let about = format!("/rooms/{room}/about");
    let few = ada.browser().gets(&about).await;
    assert!(few.shown().contains("1 more person fits in.") && few.body.contains("sheet-invite"), "{}", few.shown());
    ada.does(&room, "invite", "Ben").await;
    let full = ada.browser().gets(&about).await;
    assert!(full.tells(Refusal::RoomMembersFull) && !full.body.contains("sheet-invite"), "{}", full.shown());
    let public = ada.browser().gets("/rooms/madang/about").await;
    assert!(!public.tells(Refusal::RoomMembersFull), "everyone may walk into a public one");
}

#[tokio::test]
async fn whoever_has_scheduled_all_that_they_may_is_told_before_they_choose_a_time() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).set(|config| config.scheduled_per_person = 1).open().await;
    let browser = town.walks_in("Ada").await.browser();
    let form = browser.gets("/rooms/madang/later").await;
    assert!(!is_greyed(&form));
    let (id, at) = (form_id(&form), at(&clock, HOUR_MS));
    let kept = browser.submits("/rooms/madang/later", &[("id", &id), ("text", "tea"), ("at", &at)]).await;
    assert_eq!(kept.leads_to(), Some("/scheduled"), "{kept:?}");
    let full = browser.gets("/rooms/madang/later").await;
    assert!(is_greyed(&full) && full.shown().contains("You have 1 scheduled already."), "{}", full.shown());
    let change = browser.gets(&format!("/scheduled/{id}")).await;
    assert!(!is_greyed(&change), "what waits may be changed");
    let refused = browser.submits("/rooms/madang/later", &[("text", "typed for long"), ("at", &at)]).await;
    assert!(refused.shown().contains("typed for long") && !is_greyed(&refused), "it may be sent once there is a place");
}

#[tokio::test]
async fn a_full_house_says_so_at_the_door() {
    let town = Town::plan().set(|config| config.max_people = 1).open().await;
    let stranger = town.visitor();
    for path in ["/", "/rooms/madang", "/hello/Ben"] {
        assert!(!stranger.gets(path).await.tells(Refusal::PeopleFull), "{path}");
    }
    let ada = town.walks_in("Ada").await;
    for path in ["/", "/rooms/madang", "/hello/Ben"] {
        assert!(stranger.gets(path).await.tells(Refusal::PeopleFull), "{path}");
        assert!(!ada.browser().gets(path).await.tells(Refusal::PeopleFull), "{path}");
    }
    let refused = stranger.enters("Ben").await;
    assert!(refused.status == 503 && refused.tells(Refusal::PeopleFull), "{refused:?}");
}

#[tokio::test]
async fn every_number_that_can_be_set_stands_in_the_document_and_the_other_way_round() {
    let help = Program::start(&["--help"]).ends().await.printed;
    let settings: Vec<&str> = help.split("\n      --").skip(1).collect();
    let is_limit = |setting: &&str| {
        ["<NUMBER>", "<MB>", "<HOURS>", "<DAYS>"]
            .iter()
            .any(|unit| setting.lines().next().is_some_and(|line| line.contains(unit)))
    };
    let name = |setting: &str| format!("`--{}`", setting.split_whitespace().next().unwrap_or_default());
    let default = |setting: &str| {
        let digits = setting.split_once("[default: ")?.1.split_once(']')?.0.to_owned();
        let (behind, thousands) = (digits.len().saturating_sub(3), digits.len() > 3);
        Some(if thousands { format!("{},{}", &digits[..behind], &digits[behind..]) } else { digits })
    };
    let limits: Vec<&str> = settings.into_iter().filter(is_limit).collect();
    assert!(limits.len() > 25, "{help}");
    for setting in &limits {
        let row = LIMITS.lines().find(|line| line.starts_with('|') && line.contains(&name(setting)));
        let row = row.unwrap_or_else(|| panic!("{} is in no row of docs/limits.md", name(setting)));
        let default = default(setting).expect("a default");
        assert!(row.contains(&default), "{}: {default} is not in {row}", name(setting));
    }
    for named in LIMITS.split("`--").skip(1).filter_map(|rest| rest.split('`').next()) {
        assert!(help.contains(&format!("--{named}")), "--{named} is no setting");
    }
}
