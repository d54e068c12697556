//! People reply in threads: what is said there stands in the room's log, is seen at its message, and counts for those who follow.

use app::message::{Cid, Event, Seq, What};
use app::protocol::ClientFrame;
use app::refusal::Refusal;
use app::room_change::RoomChange;
use app::thread::{InThread, MAX_FOLLOWERS};
use reqwest::Method;

use crate::support::{Person, Town, fresh_cid, seqs};

impl Person {
    /// Replies in the thread of a message, and perhaps to the room, too; the id of the reply.
    async fn replies(&mut self, room: &str, of: Seq, text: &str, also: bool) -> Cid {
        let cid = fresh_cid();
        self.replies_under(cid, room, (of, also), text).await;
        cid
    }

    async fn replies_under(&mut self, cid: Cid, room: &str, (of, also): (Seq, bool), text: &str) {
        let within = Some(InThread { of, also, ..InThread::default() });
        let (room, text) = (room.into(), text.to_owned());
        self.asks(ClientFrame::Post { room, cid, text, files: Vec::new(), reply_to: None, within }).await;
    }

    /// What a message says of its thread on a fresh page: how many replies there are, the last one's number, and who wrote.
    async fn finds_thread_at(&mut self, seq: Seq) -> (usize, Seq, Vec<String>) {
        let page = self.opens_another_tab().await.opens("madang").await;
        let message = page.events.iter().find(|event| event.seq == seq).expect("it is on the page");
        thread(message)
    }

    async fn reads_thread(&self, room: &str, of: Seq) -> String {
        self.browser().gets(&format!("/rooms/{room}/{of}/thread")).await.body
    }

    /// The thread as it lies over its room.
    async fn opens_thread(&self, of: Seq) -> String {
        let browser = self.browser();
        let asked = browser.as_browser(Method::GET, &format!("/rooms/madang/{of}/thread")).header("sheet", "1");
        browser.sends(asked).await.body
    }

    async fn asks_in_thread(&self, of: Seq, fields: &[(&str, &str)]) -> u16 {
        self.browser().submits(&format!("/rooms/madang/{of}/thread"), fields).await.status
    }
}

fn thread(message: &Event) -> (usize, Seq, Vec<String>) {
    let thread = message.beside().map(|beside| beside.thread.clone()).unwrap_or_default();
    (thread.count, thread.last, thread.faces.iter().map(|face| face.name.to_string()).collect())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn a_message_shows_how_many_replies_there_are_and_who_wrote_last() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    for (text, count) in [("yes", 1), ("where?", 2)] {
        ben.replies("madang", 1, text, false).await;
        let seen = ada.sees("Ben", text).await;
        assert_eq!(seen.within().map(|place| (place.of, place.also, place.count)), Some((1, false, count)));
        assert!(!seen.has_line());
    }
    ada.replies("madang", 1, "here", false).await;
    ben.sees("Ben", "yes").await;
    ben.sees("Ben", "where?").await;
    ben.sees("Ada", "here").await;

    assert_eq!(ben.finds_thread_at(1).await, (3, 4, names(&["Ada", "Ben"])));

    let room = ben.browser().gets("/rooms/madang").await;
    assert_eq!(room.messages(), ["lunch?"], "the talk of the room does not show them");
    assert!(room.shown().contains("/rooms/madang/1/thread") && room.shown().contains("3 replies"), "{room:?}");
    let mut late = ben.opens_another_tab().await;
    late.resumes("madang", 1).await;
    let missed = late.sees_up_to(4).await;
    assert_eq!(seqs(&missed), [2, 3, 4], "a resume brings them");
}

#[tokio::test]
async fn a_thread_is_read_and_written_without_scripts() {
    let town = Town::open().await;
    let (mut ada, ben) = town.two_with(&["lunch?"]).await;
    let empty = ben.browser().gets("/rooms/madang/1/thread").await;
    assert_eq!((empty.status, empty.messages()), (200, names(&["lunch?"])));
    assert!(empty.shown().contains("No replies yet"), "{empty:?}");
    let cid = "00112233445566778899aabbccddeeff";

    for _ in 0..2 {
        let said = ben.browser().sends_box("/rooms/madang/1/thread", &[("cid", cid), ("text", "by <form>")], &[]).await;
        assert_eq!(said.leads_to(), Some("/rooms/madang/1/thread?writes=on"));
    }

    let seen = ada.sees("Ben", "by <form>").await;
    assert_eq!((seen.seq, seen.has_line()), (2, false));
    ada.sees_nothing_more().await;
    let read = ada.browser().gets("/rooms/madang/1/thread").await;
    assert_eq!(read.messages(), names(&["lunch?", "by &lt;form&gt;"]));
    let long = "가".repeat(8_001);
    let fields = [("cid", "00112233445566778899aabbccddee01"), ("text", &long[..]), ("also", "on")];
    let refused = ben.browser().sends_box("/rooms/madang/1/thread", &fields, &[]).await;
    assert!(refused.tells(Refusal::MessageTooLong) && refused.body.contains(&long), "what was typed is not lost");
    let tick = refused.body.split("name=\"also\"").nth(1).and_then(|tick| tick.split('>').next());
    assert!(tick.is_some_and(|tick| tick.contains("checked")), "{tick:?}");
    let also = [("cid", "00112233445566778899aabbccddee03"), ("text", "to all"), ("also", "on")];
    assert_eq!(ben.browser().sends_box("/rooms/madang/1/thread", &also, &[]).await.status, 303);
    assert!(ada.sees("Ben", "to all").await.has_line(), "it is said to the room, too");
    assert_eq!(ada.browser().gets("/rooms/madang/99/thread").await.status, 404);
    assert_eq!(town.visitor().gets("/rooms/madang/1/thread").await.status, 401);
}

#[tokio::test]
async fn a_reply_that_is_said_to_the_room_too_stands_in_both_and_quotes_its_message() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    let cid = ben.replies("madang", 1, "yes, at noon", true).await;

    let seen = ada.sees("Ben", "yes, at noon").await;

    assert!(seen.has_line() && seen.reply().is_some_and(|quote| quote.of == 1 && quote.text == "lunch?"));
    let read = ada.reads_thread("madang", 1).await;
    assert!(read.contains("yes, at noon") && !read.contains("message-quote"), "{read}");
    assert_eq!(ada.browser().gets("/rooms/madang").await.messages(), ["lunch?", "yes, at noon"]);
    ben.replies_under(cid, "madang", (1, false), "yes, at noon").await;
    ben.sees("Ben", "yes, at noon").await;
    ben.is_refused(Refusal::MessageChanged).await;
    ben.replies_under(cid, "madang", (1, true), "yes, at noon").await;
    assert_eq!(ben.sees("Ben", "yes, at noon").await.seq, 2);
    assert_eq!(ada.finds_thread_at(1).await, (1, 2, names(&["Ben"])));
}

#[tokio::test]
async fn threads_hang_on_messages_of_the_room_and_not_on_replies() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    ben.replies("madang", 1, "yes", false).await;
    ben.replies("madang", 1, "at noon", true).await;
    ben.sees("Ben", "yes").await;
    ben.sees("Ben", "at noon").await;
    for of in [0, 2, 3, 9, -1, Seq::MAX, 1 << 40 | 1] {
        let cid = ben.replies("madang", of, "no", false).await;
        assert_eq!(ben.is_refused(Refusal::MessageUnknown).await, (Some(cid), Some("madang".into())), "{of}");
    }
    for of in [2, 3, 9] {
        let path = format!("/rooms/madang/{of}/thread");
        assert_eq!(ben.browser().gets(&path).await.status, 404, "{of} has none");
        assert_eq!(ben.asks_in_thread(of, &[("do", "follow")]).await, 404, "{of} can't be followed");
    }
    ada.sees("Ben", "yes").await;
    ada.sees("Ben", "at noon").await;
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn what_calls_everyone_in_a_thread_counts_for_everyone() {
    let mut town = Town::open().await;
    let (_ada, mut ben) = town.two_with(&["lunch?"]).await;
    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;
    let mut phone = cho.opens_another_tab().await;
    phone.has_unread("madang", 1, 0).await;
    ben.replies("madang", 1, "@room now", false).await;
    ben.sees("Ben", "@room now").await;
    phone.has_mentions("madang", 1, &[2]).await;

    let chos = cho.drops_off();
    phone.drops_off();
    town.restarts().await;

    chos.opens_a_tab("Cho").await.has_mentions("madang", 1, &[2]).await;
}

#[tokio::test]
async fn what_is_written_in_a_thread_cannot_become_part_of_its_sheet() {
    let town = Town::open().await;
    let (_ada, mut ben) = town.two_with(&["lunch?"]).await;
    let hostile = "</textarea></section><script>alert(1)</script>";
    ben.replies("madang", 1, hostile, false).await;
    ben.sees("Ben", hostile).await;
    let read = ben.reads_thread("madang", 1).await;
    assert!(read.contains("alert(1)") && !read.contains("<script>alert"), "{read}");
    let long = hostile.to_owned() + &"가".repeat(8_001);
    let cid = fresh_cid().to_string();
    let (path, edit) = ("/rooms/madang/1/thread", [("do", "edit"), ("of", "2"), ("text", &long[..])]);
    let said = ben.browser().sends_box(path, &[("cid", &cid), ("text", &long)], &[]).await;
    for refused in [said, ben.browser().submits(path, &edit).await] {
        assert!(refused.tells(Refusal::MessageTooLong) && !refused.body.contains("<script>alert"), "{}", refused.body);
    }
}

#[tokio::test]
async fn a_thread_that_many_follow_says_that_nobody_else_can() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, ben) = town.two_with(&["lunch?"]).await;
    let followers = |count: usize| {
        format!(
            "WITH RECURSIVE n (id) AS (SELECT 1000 UNION ALL SELECT id + 1 FROM n WHERE id < {}) \
             INSERT INTO member (id, name, door, created_ms, seen_ms) SELECT id, 'M' || id, 0, 0, 0 FROM n; \
             INSERT INTO thread_follower SELECT 1 + (SELECT id FROM room) * 1099511627776, id, 1 FROM member WHERE id >= 1000",
            999 + count
        )
    };
    // With Ada, whose message it is, there is one place left.
    town.meddles(&followers(MAX_FOLLOWERS - 2));
    ada.replies("madang", 1, "who comes?", false).await;
    ada.sees("Ada", "who comes?").await;
    assert_eq!(ben.asks_in_thread(1, &[("do", "follow")]).await, 303);
    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;

    let sheet = cho.reads_thread("madang", 1).await;
    assert!(sheet.contains("200 people do already"), "{sheet}");
    assert!(sheet.contains("value=\"follow\" disabled"), "{sheet}");
    assert_eq!(cho.asks_in_thread(1, &[("do", "follow")]).await, 303);
    assert!(cho.reads_thread("madang", 1).await.contains("200 people do already"), "asking anyway changes nothing");
    let cho = cho.goes().await;
    ada.replies("madang", 1, "at noon", false).await;
    ada.sees("Ada", "at noon").await;
    cho.opens_a_tab("Cho").await.has_unread("madang", 2, 0).await;
    assert_eq!(ben.asks_in_thread(1, &[("do", "unfollow")]).await, 303);
    let cho = cho.opens_a_tab("Cho").await;
    assert_eq!(cho.asks_in_thread(1, &[("do", "follow")]).await, 303);
    assert!(cho.reads_thread("madang", 1).await.contains("value=\"unfollow\""), "there is a place again");
}

#[tokio::test]
async fn who_follows_and_unfollows_too_fast_has_to_wait() {
    let town = Town::plan()
        .unforgetting()
        .set(|config| (config.messages_per_second, config.message_burst) = (1, 1))
        .open()
        .await;
    let (_ada, ben) = town.two_with(&["lunch?"]).await;
    assert_eq!(ben.asks_in_thread(1, &[("do", "follow")]).await, 303);
    assert_eq!(ben.asks_in_thread(1, &[("do", "unfollow")]).await, 429);
}

#[tokio::test]
async fn edits_reactions_and_deletions_reach_replies_and_a_thread_outlives_its_message() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    ben.replies("madang", 1, "a secret", false).await;
    ben.sees("Ben", "a secret").await;
    let edit = ClientFrame::Edit { room: "madang".into(), of: 2, cid: fresh_cid(), text: "another secret".into() };
    ben.asks(edit).await;
    ben.sees_event("edit").await;
    ada.asks(ClientFrame::React { room: "madang".into(), of: 2, cid: fresh_cid(), emoji: "👍".into(), on: true }).await;
    ben.sees_event("reaction").await;
    let read = ada.reads_thread("madang", 1).await;
    assert!(read.contains("another secret") && read.contains("👍"), "{read}");

    ben.asks(ClientFrame::Delete { room: "madang".into(), of: 2, cid: fresh_cid() }).await;
    ben.sees_event("deletion of the reply").await;
    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 1, cid: fresh_cid() }).await;
    ben.sees_event("deletion of the message").await;

    let read = ada.reads_thread("madang", 1).await;
    assert!(!read.contains("secret") && !read.contains("lunch?") && read.contains("data-seq=\"2\""), "{read}");
    assert_eq!(
        ada.browser().gets("/rooms/madang").await.messages().len(),
        1,
        "the deleted reply is no line of the room"
    );
    assert_eq!(ben.finds_thread_at(1).await, (1, 2, names(&["Ben"])));
    ben.replies("madang", 1, "what was it?", false).await;
    ben.sees("Ben", "what was it?").await;
    assert_eq!(ben.finds_thread_at(1).await, (2, 7, names(&["Ben"])));
}

#[tokio::test]
async fn a_reply_counts_for_those_who_follow_its_thread_and_for_nobody_else() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;
    let mut dan = town.walks_in("Dan").await;
    dan.opens("madang").await;
    assert_eq!(dan.asks_in_thread(1, &[("do", "follow")]).await, 303);
    ada.reads(1).await;
    let [adas, chos, dans] = [ada.goes().await, cho.goes().await, dan.goes().await];

    ben.replies("madang", 1, "yes", false).await;
    ben.sees("Ben", "yes").await;

    adas.opens_a_tab("Ada").await.has_unread("madang", 1, 1).await;
    chos.opens_a_tab("Cho").await.has_unread("madang", 1, 0).await;
    dans.opens_a_tab("Dan").await.has_unread("madang", 1, 1).await;
    ben.replies("madang", 1, "@Cho?", false).await;
    ben.sees("Ben", "@Cho?").await;
    chos.opens_a_tab("Cho").await.has_mentions("madang", 1, &[3]).await;
    adas.opens_a_tab("Ada").await.has_unread("madang", 1, 2).await;
    ben.replies("madang", 1, "noon", true).await;
    ben.sees("Ben", "noon").await;
    chos.opens_a_tab("Cho").await.has_unread("madang", 1, 2).await;
}

#[tokio::test]
async fn who_follows_no_more_is_left_alone_until_they_write_again() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    assert!(ada.reads_thread("madang", 1).await.contains("value=\"unfollow\""), "it is hers");
    assert!(ben.reads_thread("madang", 1).await.contains("value=\"follow\""));
    ben.replies("madang", 1, "yes", false).await;
    ben.sees("Ben", "yes").await;
    assert!(ben.reads_thread("madang", 1).await.contains("value=\"unfollow\""), "who writes follows");
    assert_eq!(ada.asks_in_thread(1, &[("do", "unfollow")]).await, 303);
    ada.reads(1).await;
    let adas = ada.goes().await;

    ben.replies("madang", 1, "where?", false).await;
    ben.sees("Ben", "where?").await;

    adas.opens_a_tab("Ada").await.has_unread("madang", 1, 1).await;
    ben.reads(3).await;
    let bens = ben.goes().await;
    town.restarts().await;
    let mut ada = adas.opens_a_tab("Ada").await;
    ada.has_unread("madang", 1, 1).await;
    ada.opens("madang").await;
    ada.replies("madang", 1, "here", false).await;
    let seen = ada.sees("Ada", "here").await;
    assert_eq!(seen.within().map(|place| place.to.len()), Some(2), "who writes follows again");
    bens.opens_a_tab("Ben").await.has_unread("madang", 3, 1).await;
}

#[tokio::test]
async fn threads_of_a_closed_or_archived_room_are_not_for_everyone() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.makes_private("Budget").await;
    ada.opens(&room).await;
    ada.posts("forty-two").await;
    ada.sees("Ada", "forty-two").await;
    ben.replies(&room, 1, "hm", false).await;
    ben.is_refused(Refusal::RoomUnknown).await;
    let path = format!("/rooms/{room}/1/thread");
    let read = ben.browser().gets(&path).await;
    assert!(read.status == 404 && !read.body.contains("forty-two"), "{read:?}");
    assert_eq!(ben.browser().submits(&path, &[("do", "follow")]).await.status, 404);

    let cid = ada.replies(&room, 1, "thousand", false).await;
    ada.sees("Ada", "thousand").await;
    assert_eq!(ada.does(&room, "archive", "").await.status, 303);
    ada.sees_change(RoomChange::Archived {}).await;
    ada.replies(&room, 1, "more", false).await;
    ada.is_refused(Refusal::RoomArchived).await;
    ada.replies_under(cid, &room, (1, false), "thousand").await;
    ada.sees("Ada", "thousand").await;
    let read = ada.browser().gets(&path).await.body;
    assert!(read.contains("thousand") && !read.contains("<textarea"), "{read}");
    assert!(read.contains("Copy link") && read.contains("Forward"), "it can still be passed on: {read}");
    for change in ["react", "edit", "delete", "pin"] {
        assert!(!read.contains(&format!("name=\"do\" value=\"{change}\"")), "{change}: {read}");
    }
}

#[tokio::test]
async fn a_long_thread_is_read_part_by_part() {
    let town = Town::plan()
        .set(|serve| (serve.messages_per_second, serve.message_burst) = (1_000_000, 1_000_000))
        .open()
        .await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    for number in 2..=106 {
        ben.replies("madang", 1, &format!("reply {number}."), false).await;
        ada.sees("Ben", &format!("reply {number}.")).await;
    }
    let read = ada.reads_thread("madang", 1).await;
    assert!(read.contains("reply 106.") && read.contains("reply 7.") && !read.contains("reply 6."));
    assert!(read.contains("/rooms/madang/1/thread?before=7") && read.contains("105 replies"));
    let earlier = ada.browser().gets("/rooms/madang/1/thread?before=7").await.body;
    assert!(earlier.contains("reply 6.") && earlier.contains("reply 2.") && !earlier.contains("reply 7."));
    assert!(!earlier.contains("before="), "there is nothing before them");
    let sought = ada.browser().gets("/rooms/madang/1/thread?reply=3").await.body;
    assert!(is_marked(&sought, 3), "further back than the newest");
}

#[tokio::test]
async fn the_address_of_a_reply_leads_to_it_in_its_thread() {
    let town = Town::open().await;
    let (ada, mut ben) = town.two_with(&["lunch?"]).await;
    for (text, also) in [("yes", false), ("who else?", true), ("no", false)] {
        ben.replies("madang", 1, text, also).await;
        ben.sees("Ben", text).await;
    }
    let reader = ada.browser();
    assert_eq!(reader.gets("/rooms/madang/2").await.leads_to(), Some("/rooms/madang/1/thread?reply=2"));
    let thread = reader.gets("/rooms/madang/1/thread?reply=2").await.body;
    assert!(is_marked(&thread, 2) && !is_marked(&thread, 1) && !is_marked(&thread, 4));
    let room = reader.gets("/rooms/madang/3").await;
    assert!(room.leads_to().is_none() && is_marked(&room.body, 3), "it is said to the room, too");
}

/// Whether a page leads its reader to this message.
fn is_marked(page: &str, seq: Seq) -> bool {
    let row = page.split("<article ").find(|row| row.contains(&format!("data-seq=\"{seq}\""))).unwrap_or_default();
    row.split('>').next().is_some_and(|attributes| attributes.contains("target") && attributes.contains("autofocus"))
}

#[tokio::test]
async fn replies_are_changed_deleted_and_reacted_to_by_forms_by_those_who_may() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    ben.replies("madang", 1, "yes", false).await;
    ben.sees("Ben", "yes").await;
    assert!(!ada.reads_thread("madang", 1).await.contains("value=\"edit\""), "it is not hers");

    assert_eq!(ada.asks_in_thread(1, &[("do", "react"), ("of", "2"), ("emoji", "👍")]).await, 303);
    assert!(ada.reads_thread("madang", 1).await.contains("name=\"without\" value=\"👍\""));
    assert_eq!(ada.asks_in_thread(1, &[("do", "react"), ("of", "2"), ("without", "👍")]).await, 303);
    assert!(!ada.reads_thread("madang", 1).await.contains("name=\"without\""));
    let theirs = [("do", "edit"), ("of", "2"), ("text", "no")];
    let refused = ada.browser().submits("/rooms/madang/1/thread", &theirs).await;
    assert!(refused.tells(Refusal::MessageNotYours), "{refused:?}");
    assert_eq!(ben.asks_in_thread(1, &[("do", "edit"), ("of", "2"), ("text", "yes, gladly")]).await, 303);
    assert!(ada.reads_thread("madang", 1).await.contains("yes, gladly"));
    let empty = ben.browser().submits("/rooms/madang/1/thread", &[("do", "edit"), ("of", "2"), ("text", " ")]).await;
    let details = empty.body.split("<details").nth(1).and_then(|details| details.split('>').next());
    assert!(empty.tells(Refusal::MessageEmpty) && details.is_some_and(|it| it.contains(" open")), "{details:?}");
    assert_eq!(ben.asks_in_thread(1, &[("do", "react"), ("of", "2"), ("emoji", "words")]).await, 422);
    assert_eq!(ben.asks_in_thread(1, &[("do", "delete"), ("of", "2")]).await, 303);
    let read = ada.reads_thread("madang", 1).await;
    assert!(!read.contains("gladly") && !read.contains("thread-shaping"), "{read}");
    for what in ["reply", "reaction", "its end", "edit", "deletion"] {
        ada.sees_event(what).await;
    }
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn any_emoji_is_found_for_a_reply_which_has_an_address_and_is_passed_on() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    ben.replies("madang", 1, "yes", false).await;
    ada.sees_event("a reply").await;
    let adas = ada.browser();

    let thread = ada.reads_thread("madang", 1).await;
    for way in ["/rooms/madang/2/react", "/rooms/madang/2/forward", "/rooms/madang/1/thread?reply=2"] {
        assert!(thread.contains(&format!("href=\"{way}\"")), "{way}: {thread}");
    }
    assert_eq!(adas.finds_names("/rooms/madang/2/react", "").await[0], "👍 thumbs up", "the usual ones");
    assert_eq!(adas.finds_names("/rooms/madang/2/react", "rice ball").await, ["🍙 rice ball"]);
    assert_eq!(adas.finds_names("/rooms/madang/2/react", "주먹ㅂ").await, ["🍙 rice ball"], "half-typed, too");
    assert!(adas.finds_names("/rooms/madang/2/react", "no such thing").await.is_empty());
    assert_eq!(ada.asks_in_thread(1, &[("do", "react"), ("of", "2"), ("emoji", "🍙")]).await, 303);
    assert!(ada.reads_thread("madang", 1).await.contains("🍙"));
    assert_eq!(adas.gets("/rooms/madang/1/react").await.status, 404, "a message has its own in the room");
    assert!(adas.gets("/rooms/madang/9/react").await.tells(Refusal::MessageUnknown));
    assert_eq!(town.visitor().gets("/rooms/madang/2/react").await.status, 401);
}

#[tokio::test]
async fn a_reply_is_pinned_from_its_thread_and_the_sheet_of_pins_leads_there() {
    let town = Town::plan().set(|config| config.pins_per_room = 2).open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    ben.replies("madang", 1, "at noon", false).await;
    ben.replies("madang", 1, "or at one", true).await;
    ben.replies("madang", 1, "or never", false).await;
    for reply in ["at noon", "or at one", "or never"] {
        ada.sees("Ben", reply).await;
    }
    for of in ["2", "3"] {
        assert_eq!(ada.asks_in_thread(1, &[("do", "pin"), ("of", of)]).await, 303);
        let What::Pinned { of: its, on, .. } = ada.sees_event("a pin").await.what else { panic!("no pin") };
        assert_eq!((its.to_string().as_str(), on), (of, true));
    }

    let thread = ben.reads_thread("madang", 1).await;
    assert_eq!(thread.matches("Pinned by Ada").count(), 2, "both rows say so: {thread}");
    assert_eq!((thread.matches("value=\"unpin\"").count(), thread.matches("value=\"pin\"").count()), (2, 1));
    let wall = ben.browser().gets("/rooms/madang/pins").await.body;
    assert!(wall.contains("href=\"/rooms/madang/1/thread?reply=2\" data-sheet"), "{wall}");
    assert!(wall.contains("href=\"/rooms/madang/3\""), "what was said to the room, too, is found there: {wall}");
    assert_eq!(wall.matches("Pinned by Ada · Thread").count(), 1, "{wall}");
    let full = ben.browser().submits("/rooms/madang/1/thread", &[("do", "pin"), ("of", "4")]).await;
    let details = full.body.split("id=\"reply-4\"").nth(1).unwrap_or_default();
    assert!(full.tells(Refusal::PinsFull) && details.contains("<details open class=\"thread-shaping\""), "{details}");

    assert_eq!(ben.asks_in_thread(1, &[("do", "unpin"), ("of", "2")]).await, 303);
    ada.sees_event("the end of a pin").await;
    assert_eq!(ada.reads_thread("madang", 1).await.matches("Pinned by").count(), 1);
    assert!(!ben.browser().gets("/rooms/madang/pins").await.body.contains("at noon"));
    assert_eq!(ben.asks_in_thread(1, &[("do", "delete"), ("of", "3")]).await, 303);
    assert!(!ben.reads_thread("madang", 1).await.contains("Pinned by"), "what is deleted is no longer pinned");
    assert_eq!(ada.asks_in_thread(1, &[("do", "pin"), ("of", "3")]).await, 422);
}

#[tokio::test]
async fn replies_of_a_closed_room_are_pinned_by_those_who_are_in_it_alone() {
    let town = Town::open().await;
    let (mut ada, ben) = town.two_with(&[]).await;
    let room = ada.makes_private("Plans").await;
    ada.opens(&room).await;
    ada.posts("a secret").await;
    ada.sees("Ada", "a secret").await;
    ada.replies(&room, 1, "noted", false).await;
    ada.sees("Ada", "noted").await;
    let (path, pin) = (format!("/rooms/{room}/1/thread"), [("do", "pin"), ("of", "2")]);
    assert_eq!(ben.browser().submits(&path, &pin).await.status, 404);
    assert_eq!(ada.browser().submits(&path, &pin).await.status, 303);
    ada.sees_event("a pin").await;
    ada.does(&room, "archive", "").await;
    let refused = ada.browser().submits(&path, &[("do", "unpin"), ("of", "2")]).await;
    assert!(refused.tells(Refusal::RoomArchived), "{refused:?}");
    let wall = ada.browser().gets(&format!("/rooms/{room}/pins")).await.body;
    assert!(wall.contains("noted") && wall.contains(&format!("href=\"{path}?reply=2\"")), "{wall}");
}

#[tokio::test]
async fn the_text_of_a_reply_is_there_to_be_copied_where_a_script_can_do_so() {
    let town = Town::open().await;
    let (mut ada, ben) = town.two_with(&["lunch?"]).await;
    ada.replies("madang", 1, "**at noon** & \"later\"", false).await;
    ada.sees_event("a reply").await;
    let said = "data-copy=\"**at noon** &amp; &quot;later&quot;\"";
    let dialog = ben.opens_thread(1).await;
    assert!(dialog.contains(said) && dialog.contains("Copy text"), "{dialog}");
    let page = ben.reads_thread("madang", 1).await;
    assert!(!page.contains("Copy text") && page.contains("Copy link"), "{page}");
    assert_eq!(ada.asks_in_thread(1, &[("do", "delete"), ("of", "2")]).await, 303);
    let dialog = ben.opens_thread(1).await;
    assert!(!dialog.contains("at noon") && !dialog.contains("Copy text"), "{dialog}");
}

#[tokio::test]
async fn the_first_reply_says_whose_it_is_though_the_message_is_theirs_too() {
    let town = Town::open().await;
    let (mut ada, _ben) = town.two_with(&["where?"]).await;
    ada.replies("madang", 1, "here", false).await;
    ada.sees_event("a reply").await;
    ada.replies("madang", 1, "or there", false).await;
    ada.sees_event("a reply").await;
    let sheet = ada.reads_thread("madang", 1).await;
    assert_eq!(sheet.matches("opens-group").count(), 2, "{sheet}");
}

#[tokio::test]
async fn of_very_many_threads_that_one_follows_the_latest_are_listed_and_the_sheet_says_so() {
    let town = Town::open().await;
    let said: Vec<String> = (1..=51).map(|number| format!("question {number}")).collect();
    let (_ada, ben) = town.two_with(&said.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for of in 1..=51 {
        let sheet = ben.browser().gets("/threads").await.body;
        assert!(!sheet.contains("Only the latest"), "{of}");
        assert_eq!(ben.asks_in_thread(of, &[("do", "follow")]).await, 303);
    }
    let sheet = ben.browser().gets("/threads").await.body;
    assert_eq!(sheet.matches("class=\"pin\"").count(), 50);
    assert!(sheet.contains("Only the latest 50 are listed."), "{sheet}");
}

#[tokio::test]
async fn what_one_follows_is_listed_with_what_is_new_in_it_and_of_closed_rooms_for_members_alone() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["lunch?"]).await;
    let listed = async |person: &Person| person.browser().gets("/threads").await.body;
    assert!(listed(&ada).await.contains("You don't follow any thread yet."), "{}", listed(&ada).await);

    ben.replies("madang", 1, "at noon", false).await;
    ben.sees_event("reply").await;
    ada.sees_event("reply").await;
    let seen = listed(&ada).await;
    assert!(seen.contains("/rooms/madang/1/thread") && seen.contains("lunch?") && seen.contains("1 reply"), "{seen}");
    assert!(seen.contains(">New<"), "{seen}");
    assert!(!listed(&ben).await.contains(">New<"), "his own reply is not new to him");
    ada.reads(2).await;
    ada.replies("madang", 1, "fine", false).await;
    ada.sees_event("reply").await;
    ben.sees_event("reply").await;
    assert!(!listed(&ada).await.contains(">New<"));
    assert_eq!(ada.asks_in_thread(1, &[("do", "unfollow")]).await, 303);
    assert!(!listed(&ada).await.contains("/rooms/madang/1/thread"));

    let plans = ada.makes_private("Plans").await;
    ada.does(&plans, "invite", "Ben").await;
    ada.opens(&plans).await;
    ben.opens(&plans).await;
    ada.posts("a secret").await;
    let of = ada.sees("Ada", "a secret").await.seq;
    ben.replies(&plans, of, "noted", false).await;
    ben.sees("Ada", "a secret").await;
    ben.sees_event("reply").await;
    let both = listed(&ben).await;
    assert!(both.find("a secret") < both.find("lunch?"), "what was last replied to comes first: {both}");
    ben.leaves_for_good(&plans).await;
    assert!(!listed(&ben).await.contains("a secret"));
}
