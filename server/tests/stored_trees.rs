//! A message keeps the tree that its text made when it was sent, and each version of the program draws that in its own way. What it
//! doesn't understand of a tree, or holds for unsafe by now, is left out: the text is there in any case.

use rusqlite::Connection;

use crate::support::Town;

#[tokio::test]
async fn a_tree_of_another_version_is_drawn_by_todays_rules_or_its_text_stands_alone() {
    let mut town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    for text in ["**kept**", "**strange**", "a link"] {
        ada.posts(text).await;
        ada.sees("Ada", text).await;
    }
    town.closes().await;
    let store = Connection::open(town.folder().join("madang.db")).expect("the store is there");
    let sql = "UPDATE event SET markup = $1 WHERE body = $2";
    for (text, tree) in [
        ("**strange**", r#"[["p",["from-tomorrow","9","strange"]]]"#),
        ("a link", r#"[["p",["a","javascript:alert(1)","a link"]]]"#),
    ] {
        assert_eq!(store.execute(sql, (tree, text)).expect("the store can be written"), 1, "{text}");
    }
    drop(store);
    town.reopens().await;

    let page = ada.browser().gets("/rooms/madang").await;
    assert_eq!(page.messages(), ["kept", "**strange**", "a link"]);
    assert!(page.shown().contains("<strong>kept</strong>"), "{}", page.shown());
    assert!(!page.shown().contains("href=\"javascript"), "{}", page.shown());
}
