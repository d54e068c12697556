//! No name passes for somebody else's line, where people are told of messages as lines of text; who has such a name already keeps it.

use app::refusal::Refusal;
use rusqlite::Connection;
use server::names::name_key;

use crate::support::{Town, sentence};

/// Writes another name into the store of a town that is closed, as if it had been taken before there was a rule.
fn had_this_name_before(town: &Town, name: &str, before: &str) {
    let store = Connection::open(town.folder().join("madang.db")).expect("the store is there");
    let sql = "UPDATE member SET name = $1, name_key = $2 WHERE name = $3";
    assert_eq!(store.execute(sql, (before, name_key(before), name)).expect("the store can be written"), 1, "{name}");
}

#[tokio::test]
async fn a_name_that_would_read_as_somebodys_line_is_refused_at_every_door() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    for name in ["Ben: I resign", "Ben：네", "Ben\u{2236} yes"] {
        let visitor = town.visitor();
        let refused = visitor.enters(name).await;
        assert!(refused.status == 422 && refused.tells(Refusal::NameHidden), "{name}: {refused:?}");
        assert!(refused.shown().contains("Ben"), "what was typed stays");
        let program = visitor.as_program(reqwest::Method::POST, "/enter").header("accept-language", "ko");
        let problem = visitor.sends(program.form(&[("name", name)])).await.problem();
        assert_eq!(problem["detail"], sentence(app::i18n::Lang::Ko, Refusal::NameHidden), "{name}");
        assert!(ada.browser().submits("/name", &[("name", name)]).await.tells(Refusal::NameHidden), "{name}");
        ada.renames(name).await;
        ada.is_refused(Refusal::NameHidden).await;
        let path = format!("/ws/plain?name={}", app::route::percent_encoded(name));
        assert_eq!(
            town.visitor().tries_wire(&path, &[]).await.map(drop).map_err(|(status, _)| status),
            Err(422),
            "{name}"
        );
    }
    for name in ["Ada (10:30)", ":)", "a:b"] {
        assert_eq!(town.visitor().enters(name).await.status, 303, "{name}");
    }
}

#[tokio::test]
async fn who_has_such_a_name_keeps_it_and_their_lines_are_their_own() {
    let mut town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    ada.writes("madang", "so that I stay").await;
    town.line("/ws/plain?name=Bob").await.goes().await;
    town.closes().await;
    had_this_name_before(&town, "Ada", "Ben: I resign");
    had_this_name_before(&town, "Bob", "* Ben: yes");
    town.reopens().await;

    let mut cleo = town.line("/ws/plain?name=Cleo&lang=en").await;
    let mut bob = town.line("/ws/plain?name=*%20Ben%3A%20yes&lang=en").await;
    assert_eq!(ada.writes("madang", "hi").await.status, 303);
    cleo.hears_in_passing("Ben:I resign: hi").await;
    bob.says("ho").await;
    cleo.hears("Ben:yes: ho").await;
    assert!(ada.gets("/rooms/madang").await.shown().contains("Ben: I resign"), "elsewhere it stands as it is");
    assert_eq!(ada.submits("/name", &[("name", "Ben: I resign"), ("next", "/")]).await.status, 303, "and may be saved");
}
