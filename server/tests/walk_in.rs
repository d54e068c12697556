//! A name is all it takes: the cookie that remembers a person, which names can be had, and how a name changes hands.

use app::i18n::Lang;
use app::protocol::{ClientFrame, close};
use app::refusal::Refusal;
use reqwest::Method;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::files::until;
use crate::support::{Answer, Heard, HeldClock, Town, sentence};

#[tokio::test]
async fn a_name_opens_the_door_and_leads_on() {
    let town = Town::open().await;
    let ada = town.visitor();
    assert!(ada.gets("/").await.shown().contains("action=\"/enter\""));

    let entered = ada.submits("/enter", &[("name", " Ada "), ("next", "/rooms/madang")]).await;

    assert_eq!(entered.leads_to(), Some("/rooms/madang"));
    let tab = ada.opens_a_tab("Ada").await;
    assert_eq!(tab.me.name.as_str(), "Ada");
}

#[tokio::test]
async fn who_is_in_already_stays_who_they_are() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;

    assert_eq!(ada.enters("Ida").await.headers("set-cookie"), [""; 0]);

    assert_eq!(ada.opens_a_tab("Ada").await.me.name.as_str(), "Ada");
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let town = Town::open().await;

    let (value, mut attributes) = session_cookie(&town.visitor().enters("Ada").await);

    assert_eq!(value.len(), 64, "256 bits in hexadecimal: {value}");
    attributes.sort();
    assert_eq!(attributes, ["HttpOnly", "Max-Age=31536000", "Path=/", "SameSite=Lax"]);
}

#[tokio::test]
async fn the_cookie_stays_on_https_where_the_page_came_over_https() {
    let town = Town::open().await;
    let over_https = format!("https://{}", town.host());
    for (name, header, value) in [("Ada", "origin", over_https.as_str()), ("Ben", "x-forwarded-proto", "https")] {
        let visitor = town.visitor();
        let request = visitor.as_browser(Method::POST, "/enter").header(header, value).form(&[("name", name)]);

        let (_, attributes) = session_cookie(&visitor.sends(request).await);

        assert!(attributes.contains(&"Secure".to_owned()), "{header}: {value}: {attributes:?}");
    }
}

#[tokio::test]
async fn the_cookie_itself_is_nowhere_in_the_database() {
    let mut town = Town::open().await;
    let (token, _) = session_cookie(&town.visitor().enters("Ada").await);
    town.closes().await;

    let database = Connection::open(town.folder().join("madang.db")).expect("the database opens");
    let kept: Vec<u8> = database.query_row("SELECT token_hash FROM session", [], |row| row.get(0)).expect("a session");
    assert_eq!(kept, Sha256::digest(&token).to_vec());
    for file in std::fs::read_dir(town.folder()).expect("the folder is there") {
        let path = file.expect("a file").path();
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(&path).expect("the file can be read");
        let holds_token = bytes.windows(token.len()).any(|window| window == token.as_bytes());
        assert!(!holds_token, "{} holds the token", path.display());
    }
}

#[tokio::test]
async fn a_cookie_that_we_did_not_give_opens_nothing() {
    let town = Town::open().await;
    town.walks_in("Ada").await;
    let mallory = town.visitor();
    mallory.has_cookie(&format!("madang={}", "0".repeat(64)));

    assert!(mallory.gets("/rooms/madang").await.shown().contains("action=\"/enter\""));
    assert_eq!(mallory.wire().await.hears("closing").await, signed_out());
}

#[tokio::test]
async fn nobody_talks_without_a_name() {
    let town = Town::open().await;

    assert_eq!(town.visitor().wire().await.hears("closing").await, signed_out());
}

#[tokio::test]
async fn names_that_cannot_be_are_refused_with_their_sentence() {
    let town = Town::open().await;
    let long = "가".repeat(33);
    for (typed, why) in [
        ("", Refusal::NameEmpty),
        (" \t ", Refusal::NameEmpty),
        (long.as_str(), Refusal::NameTooLong),
        ("A\u{200B}da", Refusal::NameHidden),
        ("A\u{202E}da", Refusal::NameHidden),
        ("A\u{7}da", Refusal::NameHidden),
        ("\u{3164}", Refusal::NameHidden),
    ] {
        let visitor = town.visitor();
        for (tag, lang) in [("en", Lang::En), ("ko", Lang::Ko)] {
            visitor.has_cookie(&format!("lang={tag}"));
            let answer = visitor.enters(typed).await;
            assert_eq!(answer.status, 422, "{typed:?}");
            assert!(answer.shown().contains(&sentence(lang, why)), "{typed:?}: {}", answer.shown());
            assert_eq!(answer.headers("set-cookie"), [""; 0], "{typed:?}");
        }
        let as_program = visitor.as_program(Method::POST, "/enter").form(&[("name", typed)]);
        assert_eq!(visitor.sends(as_program).await.problem()["code"], serde_json::json!(why), "{typed:?}");
    }
    assert!(town.visitor().enters(&"가".repeat(32)).await.leads_to().is_some());
}

#[tokio::test]
async fn a_refused_name_stays_in_its_field() {
    let town = Town::open().await;
    town.walks_in("Ada").await;

    let refused = town.visitor().submits("/enter", &[("name", "ada"), ("next", "/rooms/madang")]).await;

    assert!(refused.shown().contains("value=\"ada\""));
    assert!(refused.shown().contains("value=\"/rooms/madang\""), "the way on is kept");
}

#[tokio::test]
async fn names_that_look_alike_are_one_name() {
    let town = Town::open().await;
    town.walks_in("Ada").await;
    for typed in ["Ada", "ada", "ADA", "\u{410}d\u{430}", "A d a", " Ada ", "Ada\u{FE0F}"] {
        let answer = town.visitor().enters(typed).await;
        assert_eq!(answer.status, 409, "{typed:?}");
        assert!(answer.tells(Refusal::NameTaken), "{typed:?}");
    }
    let mut ben = town.walks_in("Ben").await;
    ben.renames("\u{410}da").await;
    ben.is_refused(Refusal::NameTaken).await;
    ben.renames("Bea").await;
    ben.is_now("Bea").await;
}

#[tokio::test]
async fn a_second_press_of_the_button_is_the_same_entry() {
    let town = Town::open().await;
    let form = [("name", "Ada"), ("cid", "00112233445566778899aabbccddeeff")];
    let (first, second, other) = (town.visitor(), town.visitor(), town.visitor());
    assert_eq!(first.submits("/enter", &form).await.status, 303);
    assert_eq!(second.submits("/enter", &form).await.status, 303, "the same form again");
    assert_eq!(other.submits("/enter", &[("name", "Ada"), ("cid", &"1".repeat(32))]).await.status, 409);
    let (mut ada, mut ada_too) = (first.opens_a_tab("Ada").await, second.opens_a_tab("Ada").await);
    ada.opens("madang").await;
    assert_eq!(ada_too.opens("madang").await.room.here, 1, "one person");
}

#[tokio::test]
async fn of_many_who_ask_for_a_name_at_once_one_gets_it() {
    let town = Town::open().await;
    let asking: Vec<_> = (0..8)
        .map(|_| {
            let visitor = town.visitor();
            tokio::spawn(async move { visitor.enters("Ada").await.status })
        })
        .collect();

    let mut answers = Vec::new();
    for asked in asking {
        answers.push(asked.await.expect("the request is answered"));
    }

    answers.sort_unstable();
    assert_eq!(answers, [303, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn a_new_name_is_seen_by_others_and_in_all_my_tabs() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let mut other_tab = ada.opens_another_tab().await;
    for person in [&mut ada, &mut other_tab, &mut ben] {
        person.opens("madang").await;
    }

    ada.renames("Ida").await;
    ada.posts("it is me").await;

    for person in [&mut ada, &mut other_tab, &mut ben] {
        assert_eq!(person.sees_rename("Ada", "Ida").await.seq, 1);
        assert_eq!(person.sees("Ida", "it is me").await.seq, 2);
    }
    ada.is_now("Ida").await;
    other_tab.is_now("Ida").await;
    assert_eq!(ada.browser().opens_a_tab("Ada").await.me.name.as_str(), "Ida");
    assert_eq!(town.walks_in("Ada").await.me.name.as_str(), "Ada", "the old name is free");
}

#[tokio::test]
async fn a_new_name_by_form_is_seen_too() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;

    let renamed = ada.browser().submits("/name", &[("name", "Ida"), ("next", "/rooms/madang")]).await;

    assert_eq!(renamed.leads_to(), Some("/rooms/madang"));
    ben.sees_rename("Ada", "Ida").await;
    ada.is_now("Ida").await;
    assert_eq!(ada.browser().submits("/name", &[("name", "ben")]).await.status, 409);
}

#[tokio::test]
async fn the_new_name_goes_along_into_every_room() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ben.creates("Dev").await;
    ben.has_created().await;
    ben.opens("dev").await;
    ben.hears_arrival(&["Ben"], 1).await;

    ada.renames("Ida").await;
    ada.is_now("Ida").await;
    let page = ada.opens("dev").await;

    assert_eq!(page.people, ["Ben", "Ida"]);
    ben.hears_arrival(&["Ida"], 2).await;
}

#[tokio::test]
async fn my_own_name_is_no_change() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;

    ada.renames("Ada").await;

    ada.is_now("Ada").await;
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn a_name_is_held_for_thirty_days_and_then_another_may_have_it() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("I shall be back").await;
    ada.sees("Ada", "I shall be back").await;
    let adas_browser = ada.goes().await;

    clock.passes_days(30);
    assert_eq!(town.visitor().enters("Ada").await.status, 409, "not yet");
    clock.passes_days(1);
    let mut new_ada = town.walks_in("Ada").await;

    let mut old_ada = adas_browser.opens_a_tab("Ada").await;
    assert_eq!(old_ada.me.name.as_str(), "Ada 2");
    let page = old_ada.opens("madang").await;
    assert_eq!(page.events[0].by.name.as_str(), "Ada", "what was said keeps the name of then");
    new_ada.opens("madang").await;
    old_ada.posts("so there are two of us").await;
    new_ada.sees("Ada 2", "so there are two of us").await;
}

#[tokio::test]
async fn whoever_is_back_under_another_name_has_it_in_closed_rooms_too() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let (ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.makes_private_with("Plans", &mut ben).await;
    let (adas, about) = (ada.goes().await, format!("/rooms/{room}/about"));
    clock.passes_days(31);
    town.walks_in("Ada").await;

    assert_eq!(adas.opens_a_tab("Ada").await.me.name.as_str(), "Ada 2");

    let sheet = ben.browser().gets(&about).await;
    assert!(sheet.shown().contains("Ada 2"), "{}", sheet.shown());
}

#[tokio::test]
async fn whoever_was_seen_lately_keeps_their_name() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    for _ in 0..3 {
        clock.passes_days(20);
        ada.gets("/").await;
    }
    assert_eq!(town.visitor().enters("Ada").await.status, 409);
}

#[tokio::test]
async fn whoever_is_here_keeps_their_name_however_long_they_stay() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let mut bob = town.line("/ws/plain?name=Bob&lang=en").await;
    bob.hears("Someone joined [now: 2]").await;
    for _ in 0..31 {
        clock.passes_days(1);
        town.is_tended().await;
    }

    assert_eq!(town.visitor().enters("Ada").await.status, 409);
    assert_eq!(town.visitor().enters("Bob").await.status, 409);
    bob.says("and I can still talk").await;
    ada.sees("Bob", "and I can still talk").await;
    let adas_browser = ada.goes().await;
    bob.hears("Someone left [now: 1]").await;

    clock.passes_days(31);
    town.is_tended().await;
    assert!(adas_browser.gets("/").await.shown().contains("action=\"/enter\""), "who never spoke is forgotten");
    town.walks_in("Ada").await;
}

#[tokio::test]
async fn a_link_greets_by_name_and_offers_it() {
    let town = Town::open().await;

    let page = town.visitor().gets("/hello/Ada").await;
    assert!(page.shown().contains("Hello Ada."));
    assert!(page.shown().contains("value=\"Ada\""));

    let ada = town.visitor();
    ada.walks_in("Ada").await;
    assert!(ada.gets("/hello/Ada").await.shown().contains("Hello Ada."), "whoever is in is greeted too");

    let page = town.visitor().gets("/hello/%EB%AF%BC%EC%88%98").await;
    assert!(page.shown().contains("Hello 민수."));

    let page = town.visitor().gets("/hello/%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script>alert"), "the name is text, not HTML");
}

#[tokio::test]
async fn there_is_room_for_as_many_people_as_the_server_is_set_to_hold() {
    let town = Town::plan().set(|config| config.max_people = 2).open().await;
    town.walks_in("Ada").await;
    town.walks_in("Ben").await;

    let refused = town.visitor().enters("Cho").await;

    assert_eq!(refused.status, 503);
    assert!(refused.tells(Refusal::PeopleFull));
    for nobody in ["/ws/plain?name=Cho", "/ws/plain"] {
        let refused = town.visitor().tries_wire(nobody, &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(refused.0, 503, "{nobody}");
    }
}

#[tokio::test]
async fn whoever_has_a_place_in_a_full_house_comes_back_in() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).set(|config| config.max_people = 3).open().await;
    let mut guest = town.line("/ws/plain?name=Cho&lang=en").await;
    guest.says("back soon").await;
    guest.goes().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let form = [("name", "Ben"), ("cid", "0123456789abcdef0123456789abcdef")];
    let ben = town.visitor();
    assert_eq!(ben.submits("/enter", &form).await.status, 303);
    assert!(town.visitor().gets("/").await.tells(Refusal::PeopleFull));

    assert_eq!(town.visitor().submits("/enter", &form).await.status, 303, "the button was pressed twice");
    let mut guest = town.line("/ws/plain?name=cho&lang=en").await;
    guest.says("here again").await;
    ada.sees("Cho", "here again").await;
    let _wire = ada.goes().await.wire().await;
    // After a month another may take a name, but not the place.
    clock.passes_days(31);
    assert_eq!(town.visitor().enters("Ben").await.status, 503);
    assert!(ben.gets("/").await.shown().contains("Ben"));
    assert_eq!(ben.submits("/name", &[("name", "Benjamin")]).await.status, 303);
}

#[tokio::test]
async fn whoever_takes_another_name_before_a_tab_says_hello_bears_it_there() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let wire = ada.wire().await;
    until("a connection", || town.connected() == 1).await;
    assert_eq!(ada.submits("/name", &[("name", "Ada L.")]).await.status, 303);
    assert_eq!(ada.says_hello("Ada", wire).await.me.name.as_str(), "Ada L.");
}

#[tokio::test]
async fn another_version_of_the_vocabulary_is_sent_away() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let mut wire = ada.wire().await;

    wire.says(&app::protocol::encode(&ClientFrame::Hello { version: 999 })).await;

    assert!(matches!(wire.hears("closing").await, Heard::Closed(close::PROTOCOL, _)));
}

fn signed_out() -> Heard {
    Heard::Closed(close::SIGNED_OUT, "walk in with a name first".to_owned())
}

/// The session cookie's value and attributes.
fn session_cookie(answer: &Answer) -> (String, Vec<String>) {
    let cookies = answer.headers("set-cookie");
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("madang=")).unwrap_or_else(|| panic!("{answer:?}"));
    let mut parts = cookie.split("; ").map(str::to_owned);
    let value = parts.next().expect("a value").replace("madang=", "");
    (value, parts.collect())
}

#[tokio::test]
async fn the_number_of_people_is_right_whoever_comes_twice_is_forgotten_or_outlasts_a_restart() {
    let clock = HeldClock::new();
    let mut town = Town::plan().clock(&clock).set(|config| config.max_people = 3).open().await;
    let is_full = async |town: &Town| town.visitor().gets("/").await.tells(Refusal::PeopleFull);
    // A guest comes twice; Ada says something; Ben is only there.
    for _ in 0..2 {
        town.line("/ws/plain?name=Cho").await.goes().await;
    }
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("hi").await;
    ada.sees("Ada", "hi").await;
    assert!(!is_full(&town).await);
    let ben = town.walks_in("Ben").await;
    assert!(is_full(&town).await);
    assert_eq!(town.visitor().enters("Dan").await.status, 503);
    drop((ada.goes().await, ben.goes().await));
    town.restarts().await;
    assert!(is_full(&town).await);

    // The guest is forgotten after a day, and who never said anything after thirty.
    clock.passes_days(2);
    town.is_tended().await;
    assert!(!is_full(&town).await);
    clock.passes_days(30);
    town.is_tended().await;
    for name in ["Dan", "Eve"] {
        assert!(!is_full(&town).await);
        town.walks_in(name).await;
    }
    assert!(is_full(&town).await);
}
