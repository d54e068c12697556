//! What a message said before is kept for its author and for who made the room, and for nobody once it is deleted.

use app::message::Seq;
use app::protocol::ClientFrame;

use crate::support::{Person, Town, fresh_cid};

impl Person {
    async fn edits_to(&mut self, room: &str, of: Seq, text: &str) {
        self.asks(ClientFrame::Edit { room: room.into(), of, cid: fresh_cid(), text: text.to_owned() }).await;
        self.sees_event("edit").await;
    }

    /// What the sheet shows of a message's versions, and how many there are.
    async fn finds_versions(&self, room: &str, of: Seq) -> (Vec<String>, usize) {
        let sheet = self.browser().gets(&format!("/rooms/{room}/{of}/history")).await;
        assert_eq!(sheet.status, 200, "{}", sheet.body);
        let text = |rest: &str| Some(rest.split('>').nth(1)?.split('<').next()?.to_owned());
        (sheet.body.split("version-text").skip(1).filter_map(text).collect(), sheet.body.matches("<time").count())
    }
}

#[tokio::test]
async fn the_author_and_the_rooms_maker_see_what_a_message_said_and_others_only_when() {
    let town = Town::open().await;
    let (mut ada, mut ben, cho) = (town.walks_in("Ada").await, town.walks_in("Ben").await, town.walks_in("Cho").await);
    ada.creates("Dev").await;
    let dev = ada.has_created().await;
    ben.opens(&dev).await;
    ben.posts("first <b>").await;
    ben.sees("Ben", "first <b>").await;
    assert_eq!(ben.finds_versions(&dev, 1).await, (vec!["first &lt;b&gt;".to_owned()], 1));
    ben.edits_to(&dev, 1, "second").await;
    ben.edits_to(&dev, 1, "third").await;

    for person in [&ben, &ada] {
        let (texts, count) = person.finds_versions(&dev, 1).await;
        assert_eq!((texts, count), (["third", "second", "first &lt;b&gt;"].map(String::from).to_vec(), 3));
    }
    assert_eq!(cho.finds_versions(&dev, 1).await, (Vec::new(), 3));
    for of in [2, 7, -1] {
        assert_eq!(ben.browser().gets(&format!("/rooms/{dev}/{of}/history")).await.status, 422, "{of} is no message");
    }
}

#[tokio::test]
async fn who_began_to_talk_directly_is_nobody_who_sees_what_the_other_said_before() {
    let town = Town::open().await;
    let (ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let direct = ada.talks_directly_to("Ben").await;
    ben.opens(&direct).await;
    ben.posts("a slip").await;
    ben.sees("Ben", "a slip").await;
    ben.edits_to(&direct, 1, "mended").await;

    assert_eq!(ada.finds_versions(&direct, 1).await, (Vec::new(), 2));
    assert_eq!(ben.finds_versions(&direct, 1).await.0, ["mended", "a slip"]);
}

#[tokio::test]
async fn of_very_many_changes_the_latest_are_listed_and_the_sheet_says_so() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.posts("first").await;
    ada.sees("Ada", "first").await;
    let mut says_so = Vec::new();
    for change in 1..=51 {
        ada.edits_to("madang", 1, &format!("change {change}")).await;
        if change >= 50 {
            let sheet = ada.browser().gets("/rooms/madang/1/history").await;
            says_so.push(sheet.body.contains("Only the latest 50 are listed."));
        }
    }
    let (texts, _) = ada.finds_versions("madang", 1).await;
    assert_eq!((texts.len(), &texts[0][..], &texts[49][..], &texts[50][..]), (51, "change 51", "change 2", "first"));
    assert_eq!(says_so, [false, true]);
}

#[tokio::test]
async fn once_it_is_deleted_nothing_of_it_is_left_and_a_closed_room_is_not_there_for_others() {
    let town = Town::open().await;
    let (mut ada, ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let slug = ada.makes_private("Plans").await;
    ada.opens(&slug).await;
    ada.posts("secret").await;
    ada.sees("Ada", "secret").await;
    ada.edits_to(&slug, 1, "less").await;
    let path = format!("/rooms/{slug}/1/history");
    assert_eq!(ben.browser().gets(&path).await.status, 404);
    assert_eq!(ada.finds_versions(&slug, 1).await.0, ["less", "secret"]);
    ada.asks(ClientFrame::Delete { room: slug.as_str().into(), of: 1, cid: fresh_cid() }).await;
    ada.sees_event("deletion").await;
    let gone = ada.browser().gets(&path).await;
    assert!(gone.status == 422 && !gone.body.contains("secret") && !gone.body.contains("less"), "{}", gone.body);
}
