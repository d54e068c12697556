//! People answer messages: the answer quotes what it answers, as that reads now, and nothing of what is deleted.

use app::message::{Cid, Event, Seq, What};
use app::protocol::ClientFrame;
use app::refusal::Refusal;
use app::room_change::RoomChange;

use crate::support::{Person, Town, fresh_cid};

impl Person {
    /// Answers a message; the id of the answer.
    async fn answers(&mut self, of: Seq, text: &str) -> Cid {
        let cid = fresh_cid();
        self.answers_under(cid, Some(of), text).await;
        cid
    }

    async fn answers_under(&mut self, cid: Cid, reply_to: Option<Seq>, text: &str) {
        self.answers_in("madang", cid, reply_to, text).await;
    }

    async fn answers_in(&mut self, room: &str, cid: Cid, reply_to: Option<Seq>, text: &str) {
        let (room, text) = (room.into(), text.to_owned());
        self.asks(ClientFrame::Post { room, cid, text, files: Vec::new(), reply_to, within: None }).await;
    }

    /// What a message on a fresh page answers: the number, whose it is, and its line.
    async fn finds_quote_at(&mut self, seq: Seq) -> Option<(Seq, String, String)> {
        let page = self.opens_another_tab().await.opens("madang").await;
        page.events.iter().find(|event| event.seq == seq).and_then(quoted)
    }
}

fn quoted(event: &Event) -> Option<(Seq, String, String)> {
    event.reply().map(|quote| (quote.of, quote.by.name.to_string(), quote.text.clone()))
}

fn quote(of: Seq, by: &str, text: &str) -> Option<(Seq, String, String)> {
    Some((of, by.to_owned(), text.to_owned()))
}

#[tokio::test]
async fn an_answer_quotes_the_first_line_of_what_it_answers() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["**lunch** at ||noon||?\nor later"]).await;

    ben.answers(1, "yes").await;

    let seen = ada.sees("Ben", "yes").await;
    assert_eq!(quoted(&seen), quote(1, "Ada", "lunch at ▒▒▒?"));
    assert_eq!(ada.finds_quote_at(2).await, quoted(&seen));
}

#[tokio::test]
async fn a_quote_follows_edits_and_nothing_is_left_of_what_is_deleted() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["a secret"]).await;
    ben.answers(1, "what?").await;
    ada.sees("Ben", "what?").await;

    let edit = ClientFrame::Edit { room: "madang".into(), of: 1, cid: fresh_cid(), text: "another secret".into() };
    ada.asks(edit).await;
    ada.sees_event("edit").await;
    assert_eq!(ben.finds_quote_at(2).await, quote(1, "Ada", "another secret"));
    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 1, cid: fresh_cid() }).await;
    ada.sees_event("deletion").await;

    assert_eq!(ben.finds_quote_at(2).await, quote(1, "Ada", ""));
    let html = ben.browser().gets("/rooms/madang").await.body;
    assert!(!html.contains("secret") && html.contains("class=\"message-quote\""), "{html}");
    let mut late = ben.opens_another_tab().await;
    late.resumes("madang", 1).await;
    assert_eq!(quoted(&late.sees("Ben", "what?").await), quote(1, "Ada", ""), "a resume tells nothing of it either");
    ben.answers(1, "gone").await;
    ada.sees("Ben", "gone").await;
    assert_eq!(ben.finds_quote_at(5).await, quote(1, "Ada", ""), "what is typed is not lost because of it");
}

#[tokio::test]
async fn only_a_message_of_the_room_can_be_answered() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["hi"]).await;
    for seq in [0, 2, -1, Seq::MAX, 1 << 40 | 1] {
        let cid = ben.answers(seq, "yes").await;
        assert_eq!(ben.is_refused(Refusal::MessageUnknown).await, (Some(cid), Some("madang".into())), "{seq}");
    }
    ben.asks(ClientFrame::React { room: "madang".into(), of: 1, cid: fresh_cid(), emoji: "👍".into(), on: true }).await;
    let reaction = ada.sees_event("reaction").await;
    assert!(matches!(reaction.what, What::Reacted { .. }));
    ben.sees_event("reaction").await;
    ben.answers(2, "yes").await;
    ben.is_refused(Refusal::MessageUnknown).await;
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn the_same_answer_twice_is_one_message_and_an_answer_to_something_else_is_another() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["hi"]).await;
    let cid = fresh_cid();
    for _ in 0..2 {
        ben.answers_under(cid, Some(1), "yes").await;
        assert_eq!(ben.sees("Ben", "yes").await.seq, 2);
    }
    ben.answers_under(cid, None, "yes").await;
    ben.is_refused(Refusal::MessageChanged).await;
    ben.answers_under(cid, Some(2), "yes").await;
    ben.is_refused(Refusal::MessageChanged).await;
    ada.sees("Ben", "yes").await;
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn a_reaction_to_an_answer_keeps_what_it_answers() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["hi"]).await;
    ben.answers(1, "yes").await;
    ada.sees("Ben", "yes").await;
    ada.asks(ClientFrame::React { room: "madang".into(), of: 2, cid: fresh_cid(), emoji: "👍".into(), on: true }).await;
    ada.sees_event("reaction").await;

    let page = ada.opens_another_tab().await.opens("madang").await;

    let answer = page.events.iter().find(|event| event.seq == 2).expect("the answer");
    assert_eq!(quoted(answer), quote(1, "Ada", "hi"));
    assert_eq!(answer.beside().map(|beside| beside.reactions.each.len()), Some(1));
}

#[tokio::test]
async fn an_archived_room_takes_no_answer_but_confirms_one_that_it_took() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Dev").await;
    ada.has_created().await;
    ada.opens("dev").await;
    ben.opens("dev").await;
    ada.posts("hi").await;
    ben.sees("Ada", "hi").await;
    let cid = fresh_cid();
    ben.answers_in("dev", cid, Some(1), "yes").await;
    ben.sees("Ben", "yes").await;

    assert_eq!(ada.does("dev", "archive", "").await.status, 303);

    ben.sees_change(RoomChange::Archived {}).await;
    for of in [1, 99] {
        ben.answers_in("dev", fresh_cid(), Some(of), "too late").await;
        ben.is_refused(Refusal::RoomArchived).await;
    }
    ben.answers_in("dev", cid, None, "yes").await;
    ben.is_refused(Refusal::MessageChanged).await;
    ben.answers_in("dev", cid, Some(1), "yes").await;
    assert_eq!(quoted(&ben.sees("Ben", "yes").await), quote(1, "Ada", "hi"));
}

#[tokio::test]
async fn who_is_not_in_a_room_learns_nothing_of_it_by_answering() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.makes_private("secret").await;
    ada.opens(&room).await;
    ada.posts("hi").await;
    ada.sees("Ada", "hi").await;
    for of in [1, 99] {
        ben.answers_in(&room, fresh_cid(), Some(of), "yes").await;
        ben.is_refused(Refusal::RoomUnknown).await;
    }
    ada.sees_nothing_more().await;
}
