//! Without JavaScript: the page can be read, a name given, a message posted, a room left, a language chosen.

use app::message::MAX_GRAPHEMES;
use app::refusal::Refusal;
use reqwest::Method;

use crate::support::{Town, fresh_cid};

#[tokio::test]
async fn enter_then_post_then_the_page_shows_it() {
    let town = Town::open().await;
    let mut ben = town.walks_in("Ben").await;
    ben.opens("madang").await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;

    let posted = ada.writes("madang", "hello <b>from</b> a form").await;

    assert_eq!(posted.leads_to(), Some("/rooms/madang"));
    assert_eq!(ada.gets("/rooms/madang").await.messages(), ["hello &lt;b&gt;from&lt;/b&gt; a form"]);
    ben.sees("Ada", "hello <b>from</b> a form").await;
    ben.posts("hello from a socket").await;
    ben.sees("Ben", "hello from a socket").await;
    assert_eq!(ada.gets("/rooms/madang").await.messages().last().map(String::as_str), Some("hello from a socket"));
}

#[tokio::test]
async fn the_page_has_the_newest_fifty_in_order_and_none_older() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let said: Vec<String> = (1..=60).map(|number| format!("line {number:03}")).collect();
    ada.posts_all(&said).await;

    let page = ada.browser().gets("/rooms/madang").await;

    assert_eq!(page.messages(), said[10..]);
    assert!(!page.body.contains("line 010"), "not even for the scripts");
}

#[tokio::test]
async fn what_people_say_cannot_become_part_of_the_page() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada</title><script>alert(1)").await;
    ada.opens("madang").await;
    ada.posts("</script><script>alert(2)</script><!--").await;
    ada.sees("Ada</title><script>alert(1)", "</script><script>alert(2)</script><!--").await;

    let page = ada.browser().gets("/rooms/madang").await;

    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(!page.body.contains("</script><script>alert"));
}

#[tokio::test]
async fn words_for_a_room_that_is_not_there_or_only_read_any_more_come_back() {
    let town = Town::open().await;
    let (ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let secret = ada.makes_private("Budget").await;
    ben.creates("Dev").await;
    let dev = ben.has_created().await;
    let cid = ben.browser().gets("/rooms/madang").await.form_cid().to_string();
    ben.does(&dev, "archive", "").await;
    let words = [("cid", cid.as_str()), ("text", "a <b>long</b> text")];
    for (room, status) in [("nowhere", 404), (secret.as_str(), 404), (dev.as_str(), 422)] {
        let (browser, path) = (ben.browser(), format!("/rooms/{room}/messages"));
        let with_file = browser.sends_box(&path, &words, &[("menu.txt", b"soup")]).await;
        for answer in [browser.submits(&path, &words).await, with_file] {
            assert_eq!(answer.status, status, "{room}");
            assert!(answer.body.contains("\na &lt;b>long&lt;/b> text</textarea>"), "{}", answer.body);
            assert!(!answer.body.contains("Budget"));
        }
        let program = browser.as_program(Method::POST, &path).header("sec-fetch-site", "same-origin");
        assert_eq!(browser.sends(program.form(&words)).await.problem()["status"], status, "{room}");
        let nothing = browser.submits(&path, &[words[0], ("text", "")]).await;
        assert!(nothing.status >= 400 && !nothing.shown().contains("<textarea id=\"sheet-lost\""), "{room}");
    }
}

#[tokio::test]
async fn a_form_sent_twice_is_one_message() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let cid = ada.gets("/rooms/madang").await.form_cid().to_string();
    let form = [("cid", cid.as_str()), ("text", "once")];

    let (first, second) =
        tokio::join!(ada.submits("/rooms/madang/messages", &form), ada.submits("/rooms/madang/messages", &form));
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(ada.submits("/rooms/madang/messages", &form).await.status, 303);

    assert_eq!(ada.gets("/rooms/madang").await.messages(), ["once"]);
    let other = ada.submits("/rooms/madang/messages", &[("cid", &cid), ("text", "another text")]).await;
    assert!(other.tells(Refusal::MessageChanged));
    assert!(other.shown().contains("another text"), "what was typed is kept");
    assert_eq!(ada.gets("/rooms/madang").await.messages(), ["once"]);
}

#[tokio::test]
async fn every_page_has_an_id_of_its_own_for_the_next_message() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;

    ada.writes("madang", "same words").await;
    ada.writes("madang", "same words").await;

    assert_eq!(ada.gets("/rooms/madang").await.messages(), ["same words", "same words"]);
}

#[tokio::test]
async fn a_message_that_cannot_be_sent_stays_in_the_box_with_its_sentence() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let too_long = format!("start {} end", "가".repeat(MAX_GRAPHEMES));
    for (text, why) in [(too_long.as_str(), Refusal::MessageTooLong), (" \r\n ", Refusal::MessageEmpty)] {
        let refused = ada.writes("madang", text).await;
        assert_eq!(refused.status, 422, "{why:?}");
        assert!(refused.tells(why), "{why:?}");
        if why == Refusal::MessageTooLong {
            let typed = refused.shown().split_once("<textarea").expect("a box").1;
            let typed = typed.split_once("</textarea>").expect("its end").0;
            assert!(typed.contains(&too_long), "the box has lost what was typed");
        }
    }
    assert_eq!(ada.gets("/rooms/madang").await.messages(), [""; 0]);
    assert_eq!(ada.writes("madang", &"가".repeat(MAX_GRAPHEMES)).await.status, 303);
}

#[tokio::test]
async fn exit_and_the_leave_button_leave_the_room() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;

    for way in ["/exit", "button"] {
        ben.opens("madang").await;
        ada.hears_arrival(&["Ben"], 2).await;
        let browser = ben.browser();
        let left = match way {
            "button" => browser.submits("/rooms/madang/leave", &[]).await,
            typed => browser.writes("madang", typed).await,
        };
        assert_eq!(left.status, 200, "{way}");
        assert!(left.shown().contains("You left"), "{way}");
        ada.hears_departure(&["Ben"], 1).await;
        ben.is_gone_from("madang").await;
    }
    assert_eq!(ada.browser().gets("/rooms/madang").await.messages(), [""; 0], "/exit is not said aloud");
}

#[tokio::test]
async fn the_language_is_the_browsers_wish_until_one_is_chosen() {
    let town = Town::open().await;
    let visitor = town.visitor();
    let wishing = |wish: &'static str| visitor.as_browser(Method::GET, "/").header("accept-language", wish);
    assert!(visitor.sends(wishing("ko-KR,ko;q=0.9,en;q=0.8")).await.body.contains("<html lang=\"ko\""));
    assert!(visitor.sends(wishing("fr")).await.body.contains("<html lang=\"en\""));

    let chosen = visitor.submits("/preferences", &[("lang", "ko"), ("next", "/lab")]).await;

    assert_eq!(chosen.leads_to(), Some("/lab"));
    assert_eq!(chosen.headers("set-cookie"), ["lang=ko; Path=/; Max-Age=31536000; SameSite=Lax"]);
    let page = visitor.sends(wishing("en")).await;
    assert!(page.body.contains("<html lang=\"ko\"") && page.shown().contains("어서 오세요"));
}

#[tokio::test]
async fn the_theme_is_remembered() {
    let town = Town::open().await;
    let visitor = town.visitor();
    assert!(visitor.gets("/").await.body.contains("data-theme=\"auto\""));

    visitor.submits("/preferences", &[("theme", "dark"), ("next", "/")]).await;

    assert!(visitor.gets("/").await.body.contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn a_choice_that_there_is_not_changes_nothing() {
    let town = Town::open().await;
    let visitor = town.visitor();
    let chosen = visitor.submits("/preferences", &[("theme", "pink; Path=/x"), ("lang", "tlh"), ("next", "/")]).await;
    assert_eq!((chosen.leads_to(), chosen.headers("set-cookie")), (Some("/"), vec![]));
}

#[tokio::test]
async fn a_form_leads_nowhere_but_to_our_own_pages() {
    let town = Town::open().await;
    for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
        let visitor = town.visitor();
        let chosen = visitor.submits("/preferences", &[("theme", "dark"), ("next", elsewhere)]).await;
        assert_eq!(chosen.leads_to(), Some("/"), "{elsewhere}");
    }
    let entered = town.visitor().submits("/enter", &[("name", "Ada"), ("next", "//evil.example")]).await;
    assert_eq!(entered.leads_to(), Some("/"));
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let cid = fresh_cid().to_string();
    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        for path in ["/rooms/madang/messages", "/name", "/rooms", "/preferences", "/rooms/madang/leave", "/enter"] {
            let form = [("cid", cid.as_str()), ("text", "forged"), ("name", "Forged"), ("theme", "dark")];
            let refused = ada.sends(ada.as_browser(Method::POST, path).header(header, value).form(&form)).await;
            assert_eq!(refused.status, 403, "{path} with {header}: {value}");
            assert_eq!(refused.headers("set-cookie"), [""; 0]);
            assert!(refused.tells(Refusal::ForeignOrigin), "{path} with {header}: {value}: {}", refused.shown());
        }
    }
    let page = ada.gets("/rooms/madang").await;
    assert_eq!(page.messages(), [""; 0]);
    assert!(!page.body.contains("Forged"));
}

#[tokio::test]
async fn another_address_of_ours_may_be_allowed() {
    let town = Town::plan().set(|config| config.allow_origin = vec!["https://chat.example.org".into()]).open().await;
    let ada = town.visitor();
    let entering = ada.as_browser(Method::POST, "/enter").header("origin", "https://chat.example.org");
    assert_eq!(ada.sends(entering.form(&[("name", "Ada")])).await.status, 303);
    let entering = town.visitor().as_browser(Method::POST, "/enter").header("origin", "https://chat.example.com");
    assert_eq!(ada.sends(entering.form(&[("name", "Ben")])).await.status, 403);
}

#[tokio::test]
async fn whoever_is_not_in_is_asked_to_walk_in() {
    let town = Town::open().await;
    let visitor = town.visitor();
    let form = [("cid", "00112233445566778899aabbccddeeff"), ("text", "hi"), ("name", "Dev")];
    for path in ["/rooms/madang/leave", "/rooms", "/name"] {
        let refused = visitor.submits(path, &form).await;
        assert_eq!(refused.status, 401, "{path}");
        assert!(refused.tells(Refusal::SignedOut), "{path}");
    }
    let page = visitor.gets("/rooms/madang").await;
    assert_eq!(page.status, 200);
    assert!(page.shown().contains("value=\"/rooms/madang\""), "the door leads on to the room");
}

#[tokio::test]
async fn a_form_without_its_fields_is_refused() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    for (path, form) in [
        ("/rooms/madang/messages", vec![("text", "no id")]),
        ("/rooms/madang/messages", vec![("cid", "not an id"), ("text", "hi")]),
        ("/rooms", vec![]),
        ("/name", vec![("nom", "Ada")]),
    ] {
        let refused = ada.submits(path, &form).await;
        assert!((400..500).contains(&refused.status), "{path} {form:?}: {}", refused.status);
        assert!(refused.shown().contains("href=\"/\""), "a page with the way back");
    }
    let too_much = ada.submits("/rooms/madang/messages", &[("text", &"x".repeat(1_100_000))]).await;
    assert_eq!(too_much.status, 413);
    assert_eq!(ada.gets("/rooms/madang").await.messages(), [""; 0]);
}
