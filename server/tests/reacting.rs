//! People put emoji to messages: everyone sees it in its turn, each person's counts once, and a page has the whole of it.

use app::message::{Cid, Seq, What};
use app::protocol::ClientFrame;
use app::reaction::{MAX_EMOJI, MAX_KNOWN, MAX_NAMED, Reaction, Reactions};
use app::refusal::Refusal;

use crate::support::{Person, Town, fresh_cid};

impl Person {
    /// Puts an emoji to a message; the id of it.
    async fn reacts(&mut self, of: Seq, emoji: &str) -> Cid {
        let cid = fresh_cid();
        self.reacts_under(cid, of, emoji, true).await;
        cid
    }

    /// Takes an emoji away again.
    async fn takes_away(&mut self, of: Seq, emoji: &str) {
        self.reacts_under(fresh_cid(), of, emoji, false).await;
    }

    async fn reacts_under(&mut self, cid: Cid, of: Seq, emoji: &str, on: bool) {
        self.asks(ClientFrame::React { room: "madang".into(), of, cid, emoji: emoji.to_owned(), on }).await;
    }

    /// The next event is this reaction; how many people have reacted so by then.
    async fn sees_reaction(&mut self, by: &str, of: Seq, emoji: &str, on: bool) -> usize {
        let event = self.sees_event(&format!("{emoji} at {of}")).await;
        let What::Reacted { of: its, emoji: put, on: is_on, count, .. } = &event.what else { panic!("{event:?}") };
        assert_eq!((event.by.name.as_str(), *its, put.as_str(), *is_on), (by, of, emoji, on));
        *count
    }

    /// What stands at a message on a fresh page.
    async fn finds_at(&mut self, seq: Seq) -> Reactions {
        let mut other = self.opens_another_tab().await;
        let page = other.opens("madang").await;
        let message = page.events.iter().find(|event| event.seq == seq).expect("the message is on the page");
        message.beside().map(|beside| beside.reactions.clone()).unwrap_or_default()
    }
}

fn told(reactions: &Reactions) -> Vec<(String, usize, Vec<String>)> {
    let names = |it: &'_ Reaction| it.who.iter().map(|who| who.name.as_str().to_owned()).collect();
    reactions.each.iter().map(|it| (it.emoji.clone(), it.count, names(it))).collect()
}

fn one(emoji: &str, count: usize, who: &[&str]) -> (String, usize, Vec<String>) {
    (emoji.to_owned(), count, who.iter().map(ToString::to_string).collect())
}

#[tokio::test]
async fn a_reaction_is_an_event_and_a_fresh_page_has_all_of_them() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["hi"]).await;

    ben.reacts(1, "👍").await;
    assert_eq!(ada.sees_reaction("Ben", 1, "👍", true).await, 1);
    ada.reacts(1, "❤").await;
    assert_eq!(ada.sees_reaction("Ada", 1, "❤️", true).await, 1);
    ada.reacts(1, "👍").await;
    assert_eq!(ada.sees_reaction("Ada", 1, "👍", true).await, 2);

    assert_eq!(told(&ben.finds_at(1).await), [one("👍", 2, &["Ben", "Ada"]), one("❤️", 1, &["Ada"])]);
    ben.takes_away(1, "👍").await;
    assert_eq!(ada.sees_reaction("Ben", 1, "👍", false).await, 1);
    ada.takes_away(1, "👍").await;
    assert_eq!(ada.sees_reaction("Ada", 1, "👍", false).await, 0);
    let left = ben.finds_at(1).await;
    assert_eq!((told(&left), left.last), (vec![one("❤️", 1, &["Ada"])], 6));
}

#[tokio::test]
async fn each_persons_emoji_counts_once_however_often_it_is_asked_for() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["hi"]).await;
    let cid = fresh_cid();

    for _ in 0..2 {
        ben.reacts_under(cid, 1, "👍", true).await;
        assert_eq!(ben.sees_reaction("Ben", 1, "👍", true).await, 1);
    }
    ben.reacts(1, "👍").await;
    assert_eq!(ben.sees_reaction("Ben", 1, "👍", true).await, 1, "it stands already");
    ben.reacts_under(cid, 1, "🎉", true).await;
    ben.is_refused(Refusal::MessageChanged).await;
    ada.takes_away(1, "👍").await;
    assert_eq!(ben.sees_reaction("Ada", 1, "👍", false).await, 1, "it was not hers");

    assert_eq!(told(&ben.finds_at(1).await), [one("👍", 1, &["Ben"])]);
}

#[tokio::test]
async fn only_a_single_emoji_is_taken_and_only_at_a_message() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["hi"]).await;
    let about = |cid| (Some(cid), Some("madang".into()));

    for emoji in ["", "a", "👍👍", "<b>", "👍 ", &"👩🏽‍".repeat(1_000)] {
        let cid = ben.reacts(1, emoji).await;
        assert_eq!(ben.is_refused(Refusal::EmojiUnknown).await, about(cid), "{emoji:?}");
    }
    for seq in [0, 2, -1, Seq::MAX, 1 << 40 | 1] {
        let cid = ben.reacts(seq, "👍").await;
        assert_eq!(ben.is_refused(Refusal::MessageUnknown).await, about(cid), "{seq}");
    }
    ben.reacts(1, "👍").await;
    ada.sees_reaction("Ben", 1, "👍", true).await;
    let cid = ben.reacts(2, "👍").await;
    ben.sees_reaction("Ben", 1, "👍", true).await;
    assert_eq!(ben.is_refused(Refusal::MessageUnknown).await, about(cid), "a reaction is no message");
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn a_deletion_takes_the_reactions_along() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["hi"]).await;
    ben.reacts(1, "👍").await;
    ada.sees_reaction("Ben", 1, "👍", true).await;
    ben.sees_reaction("Ben", 1, "👍", true).await;

    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 1, cid: fresh_cid() }).await;
    ben.sees_event("deletion").await;

    assert_eq!(ben.finds_at(1).await, Reactions::default());
    let cid = ben.reacts(1, "👍").await;
    assert_eq!(ben.is_refused(Refusal::MessageDeleted).await.0, Some(cid));
}

#[tokio::test]
async fn a_message_bears_so_many_different_emoji_and_no_more() {
    const OTHERS: [&str; MAX_EMOJI] = [
        "😀", "😃", "😄", "😁", "😆", "😅", "😂", "🙂", "😉", "😊", "😍", "😘", "😜", "🤔", "😐", "😴", "😷", "😎",
        "😢", "😡",
    ];
    let town = Town::plan().set(|config| config.message_burst = 100).open().await;
    let (mut ada, mut ben) = town.two_with(&["hi"]).await;
    for emoji in OTHERS {
        ben.reacts(1, emoji).await;
        ben.sees_reaction("Ben", 1, emoji, true).await;
        ada.sees_reaction("Ben", 1, emoji, true).await;
    }

    ada.reacts(1, "👍").await;
    ada.is_refused(Refusal::ReactionsFull).await;
    ada.reacts(1, "😀").await;
    assert_eq!(ada.sees_reaction("Ada", 1, "😀", true).await, 2, "one that is there takes no place");
    ben.takes_away(1, "😡").await;
    ada.sees_reaction("Ben", 1, "😡", false).await;
    ada.reacts(1, "👍").await;
    ada.sees_reaction("Ada", 1, "👍", true).await;
}

#[tokio::test]
async fn the_count_is_whole_where_the_names_are_not() {
    const PEOPLE: usize = MAX_KNOWN + 5;
    let town = Town::open().await;
    let (mut ada, _ben) = town.two_with(&["hi"]).await;
    for number in 0..PEOPLE {
        let mut guest = town.walks_in(&format!("Guest {number}")).await;
        guest.reacts(1, "🎉").await;
        assert_eq!(ada.sees_reaction(&format!("Guest {number}"), 1, "🎉", true).await, number + 1);
        guest.goes().await;
    }
    let reactions = ada.finds_at(1).await;
    let party = reactions.of("🎉").expect("a party");
    assert_eq!((party.count, party.who.len(), party.others.len()), (PEOPLE, MAX_NAMED, MAX_KNOWN - MAX_NAMED));
}

#[tokio::test]
async fn whoever_was_away_gets_reactions_too_also_after_a_restart() {
    let mut town = Town::open().await;
    let (mut ada, ben) = town.two_with(&["hi"]).await;
    let browser = ben.drops_off();
    ada.reacts(1, "👍").await;
    ada.sees_reaction("Ada", 1, "👍", true).await;

    town.restarts().await;

    let mut ben = browser.opens_a_tab("Ben").await;
    ben.resumes("madang", 1).await;
    assert_eq!(ben.sees_reaction("Ada", 1, "👍", true).await, 1);
    assert_eq!(ben.is_resumed("madang").await.head, 2);
    assert_eq!(told(&ben.finds_at(1).await), [one("👍", 1, &["Ada"])]);
}

#[tokio::test]
async fn a_page_without_scripts_shows_them_and_plain_lines_hear_nothing() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["hi"]).await;
    let mut line = town.line("/ws/plain?name=Bob&lang=en").await;
    line.hears("Someone joined [now: 3]").await;
    ben.reacts(1, "👍").await;
    ben.sees_reaction("Ben", 1, "👍", true).await;
    ada.posts("next").await;

    line.hears("Ada: next").await;
    let html = ada.browser().gets("/rooms/madang").await.body;
    assert!(html.contains("aria-label=\"👍 Ben\""), "{html}");
}

#[tokio::test]
async fn the_table_of_emoji_is_kept_for_ever_under_its_hash() {
    let town = Town::open().await;
    let ada = town.walks_in("Ada").await;
    let visitor = ada.browser();
    let html = visitor.gets("/rooms/madang").await.body;
    let path =
        html.split("name=\"emoji\" content=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("its address");

    let table = visitor.gets(path).await;
    assert!(table.body.contains("\n👍\t+1 thumbsup\tthumbs up\t좋아요"), "{}", &table.body[..200]);
    assert_eq!(table.header("cache-control"), "public, max-age=31536000, immutable");
    let latest = visitor.gets("/emoji").await;
    assert_eq!((latest.body == table.body, latest.header("cache-control")), (true, "no-cache"));
    assert_eq!(latest.header("etag"), table.header("etag"));
    assert_eq!(visitor.gets("/emoji/0011").await.status, 404);
}
