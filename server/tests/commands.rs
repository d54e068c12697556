//! What begins with a slash does the same through the form without JavaScript as in the message box, and tells what it can't do.

use app::message::What;

use crate::support::Town;

#[tokio::test]
async fn a_form_obeys_commands_and_keeps_what_it_does_not_understand() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let browser = ada.browser();

    browser.writes("madang", "/shrug 글쎄").await;
    ada.sees("Ada", "글쎄 ¯\\_(ツ)_/¯").await;
    browser.writes("madang", "//leave").await;
    ada.sees("Ada", "/leave").await;
    browser.writes("madang", "/nick Grace").await;
    ada.sees_rename("Ada", "Grace").await;

    for (typed, sentence) in [
        ("/dance", "There's no such command"),
        ("/me", "Something belongs behind this command"),
        ("/nick A\u{200B}da", "The name has characters that can't be seen"),
    ] {
        let page = browser.writes("madang", typed).await;
        assert!(page.shown().contains(sentence), "{typed}: {}", page.shown());
        assert!(page.shown().contains(&format!("\n{typed}</textarea>")), "{typed}: {}", page.shown());
    }
    let page = browser.writes("madang", "/help").await;
    assert!(page.shown().contains("/me says what you do"), "{}", page.shown());
    assert!(page.shown().contains(">\n</textarea>"), "{}", page.shown());
    ada.sees_nothing_more().await;

    let page = browser.writes("madang", "/leave").await;
    assert!(page.shown().contains("You left"), "{}", page.shown());
    ada.is_gone_from("madang").await;
}

#[tokio::test]
async fn what_somebody_does_is_told_under_their_name_of_then() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ben.opens("madang").await;
    let mut bob = town.line("/ws/plain?room=madang&name=Bob&lang=en").await;
    let id = ben.me.id.0;
    for (text, tree) in [
        ("/me waves", r#"[["me","Ada","waves"]]"#.to_owned()),
        ("/me **waves** at @Ben", format!(r#"[["me","Ada",["b","waves"]," at ",["m","{id}","@Ben"]]]"#)),
        ("/me - a\n- b", r#"[["me","Ada","- a\n- b"]]"#.to_owned()),
        ("//me waves", r#"[["p","/me waves"]]"#.to_owned()),
    ] {
        ada.posts(text).await;
        let seen = ben.sees("Ada", text).await;
        let What::Posted { markup: Some(markup), .. } = &seen.what else { panic!("{text} has no shape") };
        assert_eq!(serde_json::to_string(markup).expect("a tree encodes"), tree);
    }
    bob.hears_in_passing("* Ada waves").await;
    ada.renames("Grace").await;
    ada.is_now("Grace").await;
    let page = ben.browser().gets("/rooms/madang").await;
    assert!(page.shown().contains("<p class=\"action\" dir=\"auto\"><bdi>Ada</bdi> waves</p>"), "{}", page.shown());
}
