//! The lab can tell why a socket did not open: the server remembers what became of each try.

use app::i18n::Lang;
use app::i18n::sheets::SheetWords;
use app::refusal::Refusal;
use reqwest::Method;

use crate::support::{Town, Visitor, sentence};

fn words() -> &'static SheetWords {
    Lang::En.sheet_words()
}

#[tokio::test]
async fn the_lab_learns_what_became_of_a_try() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    assert_eq!(fate(&ada, "never").await, words().fate_never_arrived);

    ada.tries_wire("/ws/echo?probe=opened", &[]).await.expect("the echo opens");
    assert_eq!(fate(&ada, "opened").await, words().fate_half_open);

    ada.sends(ada.as_program(Method::GET, "/ws/echo?probe=stripped")).await;
    assert_eq!(fate(&ada, "stripped").await, words().fate_upgrade_stripped);

    let foreign = ada.tries_wire("/ws?probe=foreign", &[("origin", "https://evil.example")]).await;
    assert!(foreign.is_err());
    assert_eq!(fate(&ada, "foreign").await, words().fate_host_changed);

    for (path, why) in [
        ("/ws/plain?room=nowhere&probe=refused", Refusal::RoomUnknown),
        ("/ws/plain?name=Ada&probe=refused", Refusal::NameTaken),
        ("/ws/ticker?count=0&probe=refused", Refusal::TickerOutOfRange),
        ("/ws/mistyped?probe=refused", Refusal::SocketUnknown),
    ] {
        assert!(ada.tries_wire(path, &[]).await.is_err());
        assert_eq!(fate(&ada, "refused").await, (words().fate_refused)(&sentence(Lang::En, why)), "{path}");
    }
}

#[tokio::test]
async fn the_latest_try_counts_and_old_ones_are_forgotten() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.sends(ada.as_program(Method::GET, "/ws/echo?probe=mine")).await;
    ada.tries_wire("/ws/echo?probe=mine", &[]).await.expect("the echo opens");
    assert_eq!(fate(&ada, "mine").await, words().fate_half_open);

    for number in 0..1_000 {
        ada.sends(ada.as_program(Method::GET, &format!("/ws/echo?probe={number}"))).await;
    }

    assert_eq!(fate(&ada, "mine").await, words().fate_never_arrived);
    assert_eq!(fate(&ada, "999").await, words().fate_upgrade_stripped);
}

async fn fate(visitor: &Visitor, id: &str) -> String {
    let answer = visitor.sends(visitor.as_program(Method::GET, &format!("/lab/probe/{id}"))).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    serde_json::from_str(&answer.body).expect("a sentence in JSON")
}
