//! What every page promises: it is light, it is not kept by caches, and browsers may do nothing with it that we don't.

use app::text::when::Local;
use serde_json::Value;

use crate::support::{Answer, HeldClock, Town, fresh_cid};

const BUDGET: &str = include_str!("../../end2end/budget.json");

#[tokio::test]
async fn the_first_page_is_light_in_both_languages() {
    let town = Town::open().await;
    let visitor = town.visitor();
    for lang in ["ko", "en"] {
        visitor.has_cookie(&format!("lang={lang}"));
        for path in ["/", "/hello/Ada", "/rooms/madang"] {
            within_budget(path, &visitor.gets(path).await);
        }
    }
    visitor.walks_in("Ada").await;
    for path in ["/", "/rooms/madang"] {
        within_budget(path, &visitor.gets(path).await);
    }
}

#[tokio::test]
async fn every_answer_tells_browsers_to_trust_nothing_else() {
    let town = Town::open().await;
    let visitor = town.visitor();
    for path in ["/", "/rooms/madang", "/nowhere", "/ws", "/lab/hello", "/lab/user/%3Cscript%3E"] {
        let answer = visitor.gets(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("script-src 'unsafe-inline'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    }
}

#[tokio::test]
async fn a_pages_own_scripts_bear_a_mark_that_nobody_can_guess() {
    let town = Town::open().await;
    let visitor = town.visitor();
    let (first, second) = (visitor.gets("/").await, visitor.gets("/").await);
    let nonce = |page: &Answer| {
        let policy = page.header("content-security-policy").to_owned();
        let after = policy.split_once("'nonce-").expect("a nonce in the policy").1.to_owned();
        after.split_once('\'').expect("its end").0.to_owned()
    };
    assert_ne!(nonce(&first), nonce(&second));
    assert!(nonce(&first).len() >= 16);
    for page in [&first, &second] {
        assert!(page.body.contains(&format!("nonce=\"{}\"", nonce(page))));
    }
}

#[tokio::test]
async fn pages_with_a_persons_name_are_kept_by_no_cache() {
    let town = Town::open().await;
    let visitor = town.visitor();
    visitor.walks_in("Ada").await;
    for path in ["/", "/rooms/madang", "/nowhere"] {
        assert_eq!(visitor.gets(path).await.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn what_was_said_in_winter_is_told_on_winters_clock_in_summer_too() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("cold").await;
    ada.sees("Ada", "cold").await;
    let in_winter = Local::new(clock.now_ms(), -5 * 60).iso();
    clock.passes_days(182);
    ada.browser().has_cookie("utc_offset_min=-240");
    ada.browser().has_cookie("zone=America/New_York");
    let page = ada.browser().gets("/rooms/madang").await;
    assert!(page.body.contains(&format!("datetime=\"{in_winter}\"")), "{in_winter} in {}", page.body);
}

#[tokio::test]
async fn where_a_clock_changes_in_between_each_time_is_drawn_as_it_stood_then() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("in winter").await;
    ada.sees("Ada", "in winter").await;
    let in_winter = Local::new(clock.now_ms(), 60).iso();
    clock.passes_days(182);
    let in_summer = Local::new(clock.now_ms(), 2 * 60).iso();
    ada.posts("in summer").await;
    ada.sees("Ada", "in summer").await;
    let browser = ada.browser();
    browser.sends_box("/rooms/madang/1/thread", &[("cid", &fresh_cid().to_string()), ("text", "yes")], &[]).await;
    browser.has_cookie("zone=Europe/Berlin");
    for path in ["/rooms/madang", "/rooms/madang/1", "/rooms/madang/1/thread"] {
        let page = browser.gets(path).await;
        for shown in [&in_winter, &in_summer] {
            assert!(page.body.contains(&format!("datetime=\"{shown}\"")), "{path}: {shown} in {}", page.body);
        }
    }
}

#[tokio::test]
async fn the_program_says_that_it_lives() {
    let town = Town::open().await;
    let answer = town.visitor().gets("/health").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"));
}

fn within_budget(path: &str, page: &Answer) {
    let budget: Value = serde_json::from_str(BUDGET).expect("the budget is JSON");
    let budget = budget["first_page_html_bytes"].as_u64().expect("a number of bytes");
    let bytes = page.body.len() as u64;
    assert_eq!(page.status, 200, "{path}");
    assert!(bytes <= budget, "{path} has {bytes} bytes; the budget is {budget}");
}
