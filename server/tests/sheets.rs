//! Sheets: whole pages for whoever has no JavaScript, and only themselves for a dialog; forms on them lose nothing.

use app::i18n::Lang;
use app::refusal::Refusal;
use reqwest::Method;

use crate::support::{Answer, Town, Visitor, sentence};

const ABOUT: &str = "/rooms/madang/about";
const NEW: &str = "/rooms/new";

async fn in_dialog(visitor: &Visitor, path: &str) -> Answer {
    visitor.sends(visitor.as_browser(Method::GET, path).header("sheet", "1")).await
}

async fn submits_in_dialog(visitor: &Visitor, path: &str, fields: &[(&str, &str)]) -> Answer {
    visitor.sends(visitor.as_browser(Method::POST, path).header("sheet", "1").form(fields)).await
}

#[tokio::test]
async fn a_sheet_is_a_page_and_in_a_dialog_only_itself() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    for path in [ABOUT, NEW] {
        let (page, sheet) = (ada.gets(path).await, in_dialog(&ada, path).await);
        for answer in [&page, &sheet] {
            assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{path}");
            assert_eq!(answer.header("sheet"), "1", "{path}");
            assert!(answer.header("content-security-policy").contains("script-src 'self' 'nonce-"), "{path}");
            assert!(answer.body.contains("<h1 id=\"sheet-title\""), "{path}: {}", answer.body);
        }
        assert!(page.body.starts_with("<!DOCTYPE html><html lang=\"en\""), "{path}: {}", page.body);
        assert!(page.body.contains("<link rel=\"stylesheet\"") && page.shown().contains("<main class=\"page\">"));
        assert!(!page.body.contains("<script"), "{path} needs none");
        assert!(sheet.body.starts_with("<section class=\"sheet-page\""), "{path}: {}", sheet.body);
        assert!(page.body.contains(&sheet.body), "{path} says the same in both");
    }
}

#[tokio::test]
async fn what_people_are_called_cannot_become_part_of_a_sheet() {
    let town = Town::open().await;
    let mut ada = town.walks_in("<b>A</b></section>").await;
    ada.opens("madang").await;
    let sheet = in_dialog(&ada.browser(), ABOUT).await;
    assert!(sheet.body.contains("&lt;b&gt;A&lt;/b&gt;") && !sheet.body.contains("<b>A"), "{}", sheet.body);
    let refused = submits_in_dialog(&ada.browser(), NEW, &[("name", "\"><script>alert(1)</script>\u{200B}")]).await;
    assert!(!refused.body.contains("<script>"), "{}", refused.body);
    assert!(refused.body.contains("value=\"&quot;&gt;&lt;script"), "{}", refused.body);
}

#[tokio::test]
async fn a_form_on_a_sheet_comes_back_with_its_reason_and_what_was_typed() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    for (typed, why, status) in [("a\u{200B}b", Refusal::RoomNameHidden, 422), ("마당", Refusal::RoomNameTaken, 409)]
    {
        let page = ada.submits(NEW, &[("name", typed)]).await;
        let sheet = submits_in_dialog(&ada, NEW, &[("name", typed)]).await;
        for answer in [page, sheet] {
            assert_eq!((answer.status, answer.header("sheet")), (status, "1"));
            assert!(answer.body.contains(&format!("value=\"{typed}\"")), "{}", answer.body);
            assert!(
                answer.body.contains(&sentence(Lang::En, why).replace('\'', "&#x27;"))
                    || answer.body.contains(&sentence(Lang::En, why))
            );
            assert!(answer.body.contains("aria-invalid=\"true\""));
        }
    }
    let made = submits_in_dialog(&ada, NEW, &[("name", "Kitchen")]).await;
    assert_eq!(made.leads_to(), Some("/rooms/kitchen"));
}

#[tokio::test]
async fn whatever_else_goes_wrong_is_a_sentence_for_the_sheet_that_is_open() {
    let town = Town::open().await;
    let ada = town.visitor();
    let signed_out = in_dialog(&ada, NEW).await;
    assert_eq!((signed_out.status, signed_out.body.as_str()), (401, sentence(Lang::En, Refusal::SignedOut).as_str()));
    ada.walks_in("Ada").await;

    let missing = in_dialog(&ada, "/rooms/nowhere/about").await;
    assert_eq!((missing.status, missing.body.as_str()), (404, sentence(Lang::En, Refusal::RoomUnknown).as_str()));
    assert!(missing.header("content-type").starts_with("text/plain"));
    let gone = in_dialog(&ada, &format!("/rooms/madang/pictures/{}", "0".repeat(32))).await;
    assert_eq!((gone.status, gone.body.as_str()), (404, Lang::En.words().missing_hint), "a picture that was deleted");
    let too_much = submits_in_dialog(&ada, NEW, &[("name", &"x".repeat(300_000))]).await;
    assert_eq!((too_much.status, too_much.body.as_str()), (413, Lang::En.words().trouble_hint));

    let page = ada.gets("/rooms/nowhere/about").await;
    assert_eq!((page.status, page.tells(Refusal::RoomUnknown)), (404, true), "{}", page.body);
}

#[tokio::test]
async fn forms_of_other_sites_make_no_room() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let forged = ada.as_browser(Method::POST, NEW).header("origin", "https://evil.example").header("sheet", "1");
    let refused = ada.sends(forged.form(&[("name", "Forged")])).await;
    assert_eq!((refused.status, refused.body.as_str()), (403, sentence(Lang::En, Refusal::ForeignOrigin).as_str()));
    assert_eq!(ada.gets("/rooms/forged").await.status, 404);
}

#[tokio::test]
async fn whoever_has_no_scripts_is_told_in_which_zone_the_times_on_a_page_are() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("lunch?").await;
    ada.sees("Ada", "lunch?").await;
    let browser = ada.browser();
    let said = |zone: &str| format!("{zone}</p></noscript>");
    for (cookie, zone) in [
        ("lang=en", "Times are in UTC"),
        ("utc_offset_min=-210", "Times are in UTC-03:30"),
        ("zone=America/New_York", "Times are in America/New York"),
        ("lang=ko", "시각 기준: America/New York"),
    ] {
        browser.has_cookie(cookie);
        for sheet in ["/1/thread", "/1/history", "/pins", "/days", ""].map(|rest| format!("/rooms/madang{rest}")) {
            let page = browser.gets(&sheet).await.body;
            assert!(page.contains(&said(zone)), "{zone} on {sheet}: {page}");
        }
        let threads = browser.gets("/threads").await.body;
        assert!(threads.contains(&said(zone)), "{zone}: {threads}");
        assert!(
            !in_dialog(&browser, "/rooms/madang/pins").await.body.contains(zone),
            "the room knows the reader's clock"
        );
        assert!(!browser.gets("/rooms/new").await.body.contains(zone), "there are no times");
    }
}
