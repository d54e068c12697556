//! Messages are passed on to other rooms: as what they are, under the name of whose they were, once, and by nobody who may not
//! read them.

use app::file::FileId;
use app::message::{Cid, Event};
use app::protocol::ClientFrame;
use app::refusal::Refusal;
use app::room::Slug;
use reqwest::Method;

use crate::support::{Answer, Person, Town, Visitor, fresh_cid};

async fn forwards(browser: &Visitor, from: (&str, i64), to: &str, cid: Cid, comment: &str) -> Answer {
    let path = format!("{}/{}/forward", Slug::from(from.0).path(), from.1);
    browser.submits(&path, &[("cid", &cid.to_string()), ("to", to), ("comment", comment)]).await
}

fn came_from(event: &Event) -> (String, i64, String) {
    let from = event.forwarded().unwrap_or_else(|| panic!("it comes from nowhere: {event:?}"));
    (from.room.to_string(), from.of, from.by.name.to_string())
}

/// Ada has said something in the first room, and both are in the kitchen.
async fn said(town: &Town, text: &str) -> (Person, Person) {
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.opens("madang").await;
    ada.posts(text).await;
    ada.sees("Ada", text).await;
    ada.creates("Kitchen").await;
    ada.has_created().await;
    ada.opens("kitchen").await;
    ben.opens("kitchen").await;
    (ada, ben)
}

#[tokio::test]
async fn a_message_goes_to_another_room_once_with_a_word_to_it() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = said(&town, "**lunch** at @Ben noon").await;
    let cid = fresh_cid();
    for _ in 0..2 {
        let answer = forwards(&ben.browser(), ("madang", 1), "kitchen", cid, "who comes?").await;
        assert_eq!(answer.leads_to(), Some("/rooms/kitchen"), "{answer:?}");
    }
    for person in [&mut ada, &mut ben] {
        let passed_on = person.sees("Ben", "**lunch** at @Ben noon").await;
        assert_eq!(came_from(&passed_on), ("madang".to_owned(), 1, "Ada".to_owned()));
        assert!(!passed_on.mentions(ben_of(&passed_on)), "nobody is called by it");
        assert!(person.sees("Ben", "who comes?").await.forwarded().is_none());
        person.sees_nothing_more().await;
    }
    // From there on again: it is still Ada's.
    let again = forwards(&ada.browser(), ("kitchen", 1), "madang", fresh_cid(), "").await;
    assert_eq!(again.leads_to(), Some("/rooms/madang"));
    let browser = ada.goes().await;
    ben.goes().await;
    town.restarts().await;
    let page = browser.opens_a_tab("Ada").await.opens("madang").await;
    assert_eq!(came_from(&page.events[1]), ("madang".to_owned(), 1, "Ada".to_owned()), "{:?}", page.events);
    assert_eq!(browser.gets("/rooms/kitchen").await.messages(), ["lunch at @Ben noon", "who comes?"]);
}

#[tokio::test]
async fn the_word_to_it_may_be_as_long_as_any_message() {
    let town = Town::open().await;
    let (_ada, mut ben) = said(&town, "lunch").await;
    let word = "가".repeat(8_000);
    let answer = forwards(&ben.browser(), ("madang", 1), "kitchen", fresh_cid(), &word).await;
    assert_eq!(answer.leads_to(), Some("/rooms/kitchen"), "{answer:?}");
    ben.sees("Ben", "lunch").await;
    ben.sees("Ben", &word).await;
}

#[tokio::test]
async fn the_word_to_it_is_read_as_the_message_box_reads_it_and_a_command_comes_back() {
    let town = Town::plan().forgiving().set(|config| config.call_all_up_to = 1).open().await;
    let (mut ada, mut ben) = said(&town, "lunch").await;
    for (word, sentence) in [
        ("/topic dinner", "Commands can't go with a message that is passed on"),
        ("/LEAVE", "Commands can't go with a message that is passed on"),
        ("/dance", "There's no such command"),
        ("/me", "This command needs something after it"),
    ] {
        let refused = forwards(&ben.browser(), ("madang", 1), "kitchen", fresh_cid(), word).await;
        assert!(refused.status == 422 && refused.shown().contains(sentence), "{word}: {refused:?}");
        assert!(refused.body.contains(&format!("value=\"{word}\"")), "{word} is kept: {refused:?}");
    }
    ben.sees_nothing_more().await;
    for (word, said) in [("/ME **is** in", "/me **is** in"), ("//leave", "/leave"), ("/shrug", "¯\\_(ツ)_/¯")] {
        let cid = fresh_cid();
        for _ in 0..2 {
            assert_eq!(forwards(&ben.browser(), ("madang", 1), "kitchen", cid, word).await.status, 303);
        }
        ada.sees("Ben", "lunch").await;
        ada.sees("Ben", said).await;
    }
    let page = ada.browser().gets("/rooms/kitchen").await;
    assert!(page.messages().contains(&"Ben is in".to_owned()), "it is what Ben does: {:?}", page.messages());
    assert!(!page.shown().contains("dinner"));

    let called = forwards(&ben.browser(), ("madang", 1), "kitchen", fresh_cid(), "@room now").await;
    assert!(called.tells(Refusal::MentionTooMany) && !called.body.contains("value=\"@room now\""), "{called:?}");
    ada.sees("Ben", "lunch").await;
    ada.sees("Ben", "@room now").await;
    ada.sees_nothing_more().await;
}

fn ben_of(event: &Event) -> app::member::MemberId {
    event.by.id
}

#[tokio::test]
async fn what_another_said_can_be_taken_back_and_not_be_changed() {
    let town = Town::plan().forgiving().open().await;
    let (_ada, mut ben) = said(&town, "lunch").await;
    forwards(&ben.browser(), ("madang", 1), "kitchen", fresh_cid(), "").await;
    ben.sees("Ben", "lunch").await;
    let (room, text) = (Slug::from("kitchen"), "dinner".to_owned());
    ben.asks(ClientFrame::Edit { room: room.clone(), of: 1, cid: fresh_cid(), text }).await;
    ben.is_refused(Refusal::MessageNotYours).await;
    ben.asks(ClientFrame::Delete { room, of: 1, cid: fresh_cid() }).await;
    ben.sees_event("deletion").await;
    assert!(ben.opens_another_tab().await.opens("kitchen").await.events[0].forwarded().is_none());
}

#[tokio::test]
async fn what_is_deleted_is_not_passed_on_and_nothing_is_said_where_the_word_to_it_is_refused() {
    let town = Town::plan().forgiving().set(|config| config.message_length = 20).open().await;
    let (mut ada, mut ben) = said(&town, "lunch").await;
    let long = "a word of twenty-one.";
    let refused = forwards(&ben.browser(), ("madang", 1), "kitchen", fresh_cid(), long).await;
    assert!(refused.status == 422 && refused.body.contains(long), "{refused:?}");
    ben.sees_nothing_more().await;

    ada.opens("madang").await;
    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 1, cid: fresh_cid() }).await;
    ada.sees_event("deletion").await;
    let refused = forwards(&ben.browser(), ("madang", 1), "kitchen", fresh_cid(), "").await;
    assert!(refused.status == 422 || refused.status == 404, "{refused:?}");
    assert_eq!(ben.browser().gets("/rooms/madang/1/forward").await.status, refused.status);
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn what_can_only_be_read_is_no_place_to_pass_something_on_to() {
    let town = Town::plan().forgiving().open().await;
    let (ada, mut ben) = said(&town, "lunch").await;
    assert_eq!(ada.does("kitchen", "archive", "").await.status, 303);
    ben.sees_event("end of the kitchen").await;
    assert!(ben.browser().finds_names("/rooms/madang/1/forward", "kit").await.is_empty());
    let refused = forwards(&ben.browser(), ("madang", 1), "kitchen", fresh_cid(), "").await;
    assert!(refused.tells(Refusal::RoomArchived), "{refused:?}");
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn only_who_may_read_a_message_passes_it_on_and_only_to_where_they_may_write() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, ben) = said(&town, "lunch").await;
    let private = ada.makes_private("Budget Zebra").await;
    ada.opens(&private).await;
    ada.posts("forty-two").await;
    ada.sees("Ada", "forty-two").await;
    let path = format!("/rooms/{private}/1/forward");
    assert_eq!(ben.browser().gets(&path).await.status, 404);
    for (from, to) in
        [((private.as_str(), 1), "kitchen"), (("madang", 1), private.as_str()), (("madang", 1), "nowhere")]
    {
        let refused = forwards(&ben.browser(), from, to, fresh_cid(), "").await;
        assert_eq!(refused.status, 404, "{from:?} {to}: {refused:?}");
        assert!(!refused.body.contains("Zebra") && !refused.body.contains("forty-two"), "{refused:?}");
    }
    assert_eq!(forwards(&ben.browser(), ("madang", 9), "kitchen", fresh_cid(), "").await.status, 422);
    let passed_on = forwards(&ada.browser(), (&private, 1), "kitchen", fresh_cid(), "").await;
    assert_eq!(passed_on.leads_to(), Some("/rooms/kitchen"));
    let theirs = ben.browser().gets("/rooms/kitchen").await;
    assert_eq!(theirs.messages(), ["forty-two"]);
    assert!(!theirs.body.contains("Zebra"), "the room's name is its people's");
    assert!(!theirs.shown().contains(&format!("href=\"/rooms/{private}/1\"")), "nor does a link lead there");
    let hers = ada.browser().gets("/rooms/kitchen").await;
    assert!(hers.shown().contains("Budget Zebra") && hers.shown().contains(&format!("/rooms/{}/1", "~")[..8]));
}

#[tokio::test]
async fn what_is_not_passed_on_leaves_nothing_behind() {
    const MAX_WAITING: usize = 100;
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = said(&town, "lunch").await;
    let form = |name: &'static str| [("name", name), ("bytes", "3")];
    let announces = async |browser: Visitor, name| {
        browser.sends(browser.as_program(Method::POST, "/rooms/kitchen/uploads").form(&form(name))).await
    };
    let path = announces(ben.browser(), "menu.txt").await.header("location").to_owned();
    let piece = ben.browser().as_program(Method::PATCH, &path).header("upload-offset", 0).body("one");
    assert_eq!(ben.browser().sends(piece).await.status, 200);
    let files = vec![FileId(path.rsplit('/').next().expect("an id").to_owned())];
    let (cid, text) = (fresh_cid(), String::new());
    ben.asks(ClientFrame::Post { room: "kitchen".into(), cid, text, files, reply_to: None, within: None }).await;
    ben.sees_event("file").await;
    ada.creates("Attic").await;
    ada.has_created().await;
    assert_eq!(ada.does("attic", "archive", "").await.status, 303);
    for _ in 0..MAX_WAITING {
        let refused = forwards(&ben.browser(), ("kitchen", 1), "attic", fresh_cid(), "").await;
        assert!(refused.tells(Refusal::RoomArchived), "{refused:?}");
    }
    let answer = announces(ben.browser(), "other.txt").await;
    assert_eq!(answer.status, 201, "no file waits: {answer:?}");
}

#[tokio::test]
async fn who_passes_on_too_fast_leaves_nothing_behind_either() {
    let town = Town::plan()
        .unforgetting()
        .set(|config| (config.messages_per_second, config.message_burst) = (1, 3))
        .open()
        .await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("lunch").await;
    ada.sees("Ada", "lunch").await;
    ada.creates("Attic").await;
    ada.has_created().await;
    for _ in 0..2 {
        assert_eq!(forwards(&ada.browser(), ("madang", 1), "attic", fresh_cid(), "").await.status, 303);
    }
    let refused = forwards(&ada.browser(), ("madang", 1), "attic", fresh_cid(), "").await;
    assert_eq!((refused.status, refused.tells(Refusal::TooFast)), (429, true), "{refused:?}");
}

#[tokio::test]
async fn the_sheet_finds_where_to_and_somebody_is_a_place_too() {
    let town = Town::plan().forgiving().open().await;
    let (ada, mut ben) = said(&town, "lunch").await;
    let sheet = "/rooms/madang/1/forward";
    assert_eq!(ada.browser().finds_names(sheet, "kit").await, ["Kitchen"]);
    assert_eq!(ada.browser().finds_names(sheet, "be").await, ["Ben"]);
    assert!(!ada.browser().finds_names(sheet, "").await.contains(&"마당".to_owned()), "not where it is");
    let page = ada.browser().gets(sheet).await;
    assert!(page.shown().contains(">lunch</span>") && page.shown().contains(">Ada</bdi>"), "{}", page.body);
    let (cid, person) = (fresh_cid().to_string(), ben.me.id.0.to_string());
    let lost = ada.browser().submits(sheet, &[("cid", &cid), ("to", "nowhere"), ("comment", "for you")]).await;
    assert!(lost.tells(Refusal::RoomUnknown) && lost.body.contains("value=\"for you\""), "{lost:?}");
    let form = [("cid", cid.as_str()), ("person", &person), ("comment", "for you")];
    let answer = ada.browser().submits(sheet, &form).await;
    let room = answer.leads_to().expect("it leads to the two").trim_start_matches("/rooms/").to_owned();
    let page = ben.opens(&room).await;
    let texts: Vec<&str> = page.events.iter().map(Event::text).collect();
    assert_eq!(texts, ["lunch", "for you"]);
}
