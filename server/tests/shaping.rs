//! People change and delete what they said, and nobody else's; everyone sees it in its turn, and what is deleted is gone.

use app::message::{Cid, Event, Seq, What};
use app::protocol::{ClientFrame, MAX_PAGE_EVENTS, PAGE_EVENTS};
use app::refusal::Refusal;
use app::room::Slug;
use app::thread::InThread;

use crate::support::{HeldClock, Person, Town, fresh_cid, holds, in_time, seqs};

impl Person {
    /// Changes a message; the id of the change.
    async fn edits(&mut self, of: Seq, text: &str) -> Cid {
        let cid = fresh_cid();
        self.edits_under(cid, of, text).await;
        cid
    }

    async fn edits_under(&mut self, cid: Cid, of: Seq, text: &str) {
        self.asks(ClientFrame::Edit { room: "madang".into(), of, cid, text: text.to_owned() }).await;
    }

    /// Deletes a message; the id of the deletion.
    async fn deletes(&mut self, of: Seq) -> Cid {
        let cid = fresh_cid();
        self.deletes_under(cid, of).await;
        cid
    }

    async fn deletes_under(&mut self, cid: Cid, of: Seq) {
        self.asks(ClientFrame::Delete { room: "madang".into(), of, cid }).await;
    }

    /// The next event is this edit.
    async fn sees_edit(&mut self, of: Seq, text: &str) -> Event {
        let event = self.sees_event(&format!("edit of {of}")).await;
        let What::Edited { of: its, text: said, .. } = &event.what else { panic!("no edit but {event:?}") };
        assert_eq!((*its, said.as_str()), (of, text));
        event
    }

    /// The next event is this deletion.
    async fn sees_deletion(&mut self, of: Seq) -> Event {
        let event = self.sees_event(&format!("deletion of {of}")).await;
        assert!(matches!(event.what, What::Deleted { of: its, .. } if its == of), "no deletion of {of} but {event:?}");
        event
    }
}

fn said(event: &Event) -> (&str, Option<i64>) {
    let What::Posted { text, edited_ms, .. } = &event.what else { panic!("no message but {event:?}") };
    (text, *edited_ms)
}

#[tokio::test]
async fn an_edit_is_an_event_and_a_fresh_page_shows_what_came_of_it() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let (mut ada, mut ben) = town.two_with(&["helo"]).await;

    let cid = ada.edits(1, "hello\u{7}\n").await;

    let seen = ben.sees_edit(1, "hello").await;
    assert_eq!((seen.seq, &seen.by), (2, &ada.me));
    assert_eq!(ada.sees_edit(1, "hello").await, Event { cid: Some(cid), ..seen.clone() });
    ada.edits(1, "hello!").await;
    let again = ben.sees_edit(1, "hello!").await;
    assert!(again.at_ms > seen.at_ms, "the clock stands, but edits are told apart by their times");

    let page = ben.opens_another_tab().await.opens("madang").await;
    assert_eq!(seqs(&page.events), [1, 2, 3]);
    assert_eq!(said(&page.events[0]), ("hello!", Some(again.at_ms)));
}

#[tokio::test]
async fn a_deletion_leaves_the_place_and_nothing_of_the_text() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["a secret"]).await;
    ada.edits(1, "another secret").await;
    ben.sees_edit(1, "another secret").await;

    ada.deletes(1).await;

    assert_eq!(ben.sees_deletion(1).await.seq, 3);
    let mut late = ben.opens_another_tab().await;
    let page = late.opens("madang").await;
    assert_eq!((seqs(&page.events), said(&page.events[0])), (vec![1, 2, 3], ("", None)));
    assert!(matches!(&page.events[1].what, What::Edited { text, .. } if text.is_empty()), "{:?}", page.events[1]);
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn nobody_changes_what_somebody_else_said_or_what_is_no_message() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["mine"]).await;
    let about = |cid| (Some(cid), Some("madang".into()));

    for cid in [ben.edits(1, "yours").await, ben.deletes(1).await] {
        assert_eq!(ben.is_refused(Refusal::MessageNotYours).await, about(cid));
    }
    for seq in [0, 2, -1, Seq::MAX, 1 << 40 | 1, (1 << 41) + 1] {
        let cid = ada.deletes(seq).await;
        assert_eq!(ada.is_refused(Refusal::MessageUnknown).await, about(cid), "{seq}");
    }
    let cid = ada.edits(1, " \n ").await;
    assert_eq!(ada.is_refused(Refusal::MessageEmpty).await, about(cid));
    let cid = ada.edits(1, &"가".repeat(8_001)).await;
    assert_eq!(ada.is_refused(Refusal::MessageTooLong).await, about(cid));

    ada.renames("Adah").await;
    ben.sees_rename("Ada", "Adah").await;
    ada.deletes(2).await;
    ada.is_refused(Refusal::MessageUnknown).await;
    ada.deletes(1).await;
    ben.sees_deletion(1).await;
    ada.deletes(1).await;
    ada.is_refused(Refusal::MessageDeleted).await;
    ada.edits(1, "back again").await;
    ada.is_refused(Refusal::MessageDeleted).await;
    ada.edits(3, "an edit of a deletion").await;
    ada.is_refused(Refusal::MessageUnknown).await;
    ben.sees_nothing_more().await;
}

/// Whether the page of a thread offers somebody to delete a reply.
async fn may_delete_in_thread(person: &Person, path: &str) -> bool {
    person.browser().gets(path).await.body.contains("value=\"delete\"")
}

#[tokio::test]
async fn who_made_a_room_deletes_what_others_say_there_and_changes_none_of_it() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Dev").await;
    let dev = ada.has_created().await;
    assert_eq!(ada.opens(&dev).await.room.moderator, Some(ada.me.id), "so that a page may offer it");
    ben.opens(&dev).await;
    ben.posts("something vile, @Ada").await;
    ben.sees("Ben", "something vile, @Ada").await;
    ada.sees("Ben", "something vile, @Ada").await;
    let of = 1;
    let slug = || Slug::from(dev.as_str());
    let edit = ClientFrame::Edit { room: slug(), of, cid: fresh_cid(), text: "nice".to_owned() };
    ada.asks(edit).await;
    ada.is_refused(Refusal::MessageNotYours).await;

    ada.asks(ClientFrame::Delete { room: slug(), of, cid: fresh_cid() }).await;

    assert_eq!(ada.sees_deletion(of).await.by, ada.me);
    assert_eq!(ben.sees_deletion(of).await.by, ada.me);
    let mut late = town.walks_in("Cho").await;
    assert_eq!(said(&late.opens(&dev).await.events[0]), ("", None));
    ben.asks(ClientFrame::Delete { room: slug(), of, cid: fresh_cid() }).await;
    ben.is_refused(Refusal::MessageDeleted).await;
}

#[tokio::test]
async fn who_made_a_room_deletes_replies_by_form_and_where_nobody_moderates_nobody_else_does() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Dev").await;
    let dev = ada.has_created().await;
    let direct = ada.talks_directly_to("Ben").await;
    for (room, moderates) in [(dev, true), (direct, false)] {
        assert_eq!(ada.opens(&room).await.room.moderator.is_some(), moderates, "{room}");
        ben.opens(&room).await;
        ben.posts("a root").await;
        ben.sees("Ben", "a root").await;
        ada.sees("Ben", "a root").await;
        let path = format!("/rooms/{room}/1/thread");
        let within = Some(InThread { of: 1, ..InThread::default() });
        let (text, files) = ("a reply".to_owned(), Vec::new());
        let post =
            ClientFrame::Post { room: room.as_str().into(), cid: fresh_cid(), text, files, reply_to: None, within };
        ben.asks(post).await;
        let reply = ben.sees_event("reply").await.seq;
        ada.sees_event("reply").await;
        assert_eq!(may_delete_in_thread(&ada, &path).await, moderates, "{room}");

        let done = ada.browser().submits(&path, &[("do", "delete"), ("of", &reply.to_string())]).await;

        if moderates {
            assert_eq!(done.status, 303, "{}", done.body);
            ben.sees_deletion(reply).await;
            ada.sees_deletion(reply).await;
        } else {
            assert_eq!(done.status, 422, "{}", done.body);
            assert!(done.body.contains("Only its author can change a message."), "{}", done.body);
            ben.sees_nothing_more().await;
        }
    }
}

#[tokio::test]
async fn a_number_means_a_message_of_the_room_that_is_asked() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["in madang"]).await;
    ada.creates("Dev").await;
    ada.has_created().await;
    ada.opens("dev").await;

    let frame = ClientFrame::Delete { room: "dev".into(), of: 1, cid: fresh_cid() };
    ada.asks(frame).await;

    ada.is_refused(Refusal::MessageUnknown).await;
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn the_same_change_twice_is_one_event() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["one"]).await;
    let (first, second, last) = (fresh_cid(), fresh_cid(), fresh_cid());

    for _ in 0..2 {
        ada.edits_under(first, 1, "two").await;
        assert_eq!(ada.sees_edit(1, "two").await.seq, 2);
    }
    ada.edits_under(first, 1, "something else").await;
    ada.is_refused(Refusal::MessageChanged).await;
    ada.deletes_under(first, 1).await;
    ada.is_refused(Refusal::MessageChanged).await;
    ada.edits_under(second, 1, "three").await;
    ada.sees_edit(1, "three").await;
    for _ in 0..2 {
        ada.deletes_under(last, 1).await;
        assert_eq!(ada.sees_deletion(1).await.seq, 4);
    }
    ada.edits_under(second, 1, "three").await;
    assert_eq!(ada.sees_edit(1, "").await.seq, 3, "it is known by its id, though its text is gone");

    ben.sees_edit(1, "two").await;
    ben.sees_edit(1, "three").await;
    ben.sees_deletion(1).await;
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn a_message_that_is_sent_again_after_it_was_changed_is_still_the_same_one() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["before"]).await;
    let cid = fresh_cid();
    ada.posts_under(cid, "first").await;
    ada.sees("Ada", "first").await;
    ben.sees("Ada", "first").await;

    ada.edits(2, "changed").await;
    ada.sees_edit(2, "changed").await;
    ada.posts_under(cid, "first").await;
    assert_eq!(ada.sees("Ada", "changed").await.seq, 2);
    ada.deletes(2).await;
    ada.sees_deletion(2).await;
    ada.posts_under(cid, "first").await;
    assert_eq!(ada.sees("Ada", "").await.seq, 2);

    ben.sees_edit(2, "changed").await;
    ben.sees_deletion(2).await;
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn whoever_was_away_gets_the_changes_too_also_after_a_restart() {
    let mut town = Town::open().await;
    let (mut ada, ben) = town.two_with(&["one"]).await;
    let browser = ben.drops_off();
    ada.edits(1, "uno").await;
    ada.sees_edit(1, "uno").await;
    ada.posts("two").await;
    ada.sees("Ada", "two").await;
    ada.deletes(3).await;
    ada.sees_deletion(3).await;

    town.restarts().await;

    let mut ben = browser.opens_a_tab("Ben").await;
    ben.resumes("madang", 1).await;
    ben.sees_edit(1, "uno").await;
    assert_eq!(ben.sees("Ada", "").await.seq, 3);
    ben.sees_deletion(3).await;
    assert_eq!(ben.is_resumed("madang").await.head, 4);
    let page = ben.opens("madang").await;
    assert_eq!((said(&page.events[0]).0, said(&page.events[2]).0), ("uno", ""));
}

#[tokio::test]
async fn what_a_message_said_before_comes_to_nobody_who_was_not_there() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["a slip"]).await;
    ada.posts("something else").await;
    ada.sees("Ada", "something else").await;
    let first = ada.edits(1, "worse").await;
    ada.sees_edit(1, "worse").await;
    for text in ["worse yet", "well put"] {
        ada.edits(1, text).await;
        ada.sees_edit(1, text).await;
    }
    ada.edits_under(first, 1, "worse").await;
    assert_eq!(ada.sees_edit(1, "").await.seq, 3, "it is known by its id, though nobody hears its text any more");
    ben.sees_up_to(5).await;
    let texts = |events: &[Event]| -> Vec<String> {
        let text = |event: &Event| match &event.what {
            What::Edited { text, .. } => text.clone(),
            _ => event.text().to_owned(),
        };
        events.iter().map(text).collect()
    };
    for is_restarted in [false, true] {
        if is_restarted {
            town.restarts().await;
        }
        let mut cho = town.walks_in(if is_restarted { "Dan" } else { "Cho" }).await;
        cho.resumes("madang", 0).await;
        let all = cho.sees_up_to(5).await;
        assert_eq!(texts(&all), ["well put", "something else", "", "", "well put"]);
        cho.is_resumed("madang").await;
        let page = cho.opens_another_tab().await.opens("madang").await;
        assert_eq!(page.events, all);
        let html = cho.browser().gets("/rooms/madang").await.body;
        assert!(html.contains("well put") && !html.contains("worse") && !html.contains("a slip"), "{html}");
    }
}

#[tokio::test]
async fn changes_count_as_messages_where_it_is_too_fast() {
    let town = Town::plan()
        .unforgetting()
        .set(|config| (config.messages_per_second, config.message_burst) = (1, 2))
        .open()
        .await;
    let (mut ada, mut ben) = town.two_with(&["one"]).await;
    ada.edits(1, "two").await;
    ada.sees_edit(1, "two").await;

    let cid = ada.deletes(1).await;

    assert_eq!(ada.is_slowed_down().await.0, cid);
    ben.sees_edit(1, "two").await;
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn a_page_counts_lines_and_has_no_hole() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["one"]).await;
    for number in 2..=60 {
        ada.posts(&number.to_string()).await;
        ada.sees("Ada", &number.to_string()).await;
    }
    for number in 1..=30 {
        ada.edits(60, &format!("edit {number}")).await;
        ada.sees_edit(60, &format!("edit {number}")).await;
    }
    let page = ben.opens("madang").await;
    assert_eq!((seqs(&page.events), page.start), ((11..=90).collect(), false));
    assert_eq!(ben.gets_older(11).await, ((1..=10).collect(), true));

    for number in 31..=300 {
        ada.edits(1, &format!("edit {number}")).await;
        ada.sees_edit(1, &format!("edit {number}")).await;
    }
    let page = ben.opens("madang").await;
    let most = MAX_PAGE_EVENTS as Seq;
    assert_eq!(seqs(&page.events), (361 - most..=360).collect::<Vec<_>>(), "not for ever further back");
    let (older, _) = ben.gets_older(361 - most).await;
    assert_eq!((older.len(), older.last()), (PAGE_EVENTS + 100, Some(&(360 - most))));
}

#[tokio::test]
async fn plain_lines_hear_nothing_of_changes() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["one"]).await;
    let mut line = town.line("/ws/plain?name=Bob&lang=en").await;
    line.hears("Someone joined [now: 3]").await;

    ada.edits(1, "two").await;
    ada.deletes(1).await;
    ben.sees_edit(1, "two").await;
    ben.sees_deletion(1).await;
    ada.posts("three").await;

    line.hears("Ada: three").await;
}

#[tokio::test]
async fn a_page_without_scripts_shows_what_is_left() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["a slip of the tongue"]).await;
    ada.posts("helo").await;
    ben.sees("Ada", "helo").await;
    ada.edits(2, "hello").await;
    ada.deletes(1).await;
    ben.sees_edit(2, "hello").await;
    ben.sees_deletion(1).await;

    let html = ben.browser().gets("/rooms/madang").await.body;

    assert!(!html.contains("a slip of the tongue") && !html.contains("helo"));
    assert!(html.contains(">edited</a>") && html.contains(">deleted</div>"), "{html}");
}

#[tokio::test]
async fn what_is_deleted_is_in_no_file_of_the_data_folder() {
    const LONG: usize = 1_000;
    let town = Town::open().await;
    let secret = format!("쉿! {}", "비밀이에요 ".repeat(LONG));
    let (mut ada, mut ben) = town.two_with(&["kept"]).await;
    ada.posts("the first secret").await;
    ada.sees("Ada", "the first secret").await;
    ada.edits(2, secret.trim_end()).await;
    ada.sees_edit(2, secret.trim_end()).await;
    ben.sees("Ada", "the first secret").await;
    ben.sees_edit(2, secret.trim_end()).await;
    let answer = "what?".to_owned();
    let (room, reply_to) = ("madang".into(), Some(2));
    ben.asks(ClientFrame::Post { room, cid: fresh_cid(), text: answer, files: Vec::new(), reply_to, within: None })
        .await;
    ben.asks(ClientFrame::Pin { room: "madang".into(), of: 2, cid: fresh_cid(), on: true }).await;
    ben.asks(ClientFrame::React { room: "madang".into(), of: 4, cid: fresh_cid(), emoji: "👍".into(), on: true }).await;
    ada.sees_up_to(6).await;
    // As a control. What is carried from the log to the database meanwhile, a look may miss in both.
    let there = async {
        while !(holds(&town.folder(), "the first secret") && holds(&town.folder(), "비밀이에요")) {
            tokio::task::yield_now().await;
        }
    };
    in_time(|| "secret in the folder".to_owned(), there).await;

    ada.deletes(2).await;
    ada.sees_deletion(2).await;

    let gone = async {
        while holds(&town.folder(), "the first secret") || holds(&town.folder(), "비밀이에요") {
            tokio::task::yield_now().await;
        }
    };
    in_time(|| "folder without the secret".to_owned(), gone).await;
    assert!(holds(&town.folder(), "kept"));
    ben.goes().await;
}
