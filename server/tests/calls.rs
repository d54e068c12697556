//! Who is named, or asked for every message of a room, is told of the newest one where the room is not open, and nobody else is.

use app::message::Seq;
use app::notices::Level;
use app::protocol::ClientFrame;
use app::thread::InThread;

use crate::support::{Person, Town, fresh_cid};

/// Ada in the first room, and Ben who was there and has another one open now, in the tab that is given back.
async fn ada_and_ben(town: &Town, level: Option<Level>) -> (Person, Person) {
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let mut ben = town.walks_in("Ben").await;
    ben.opens("madang").await;
    if let Some(level) = level {
        ben.wants_calls("madang", level).await;
    }
    let mut elsewhere = ben.opens_another_tab().await;
    elsewhere.creates("Kitchen").await;
    let kitchen = elsewhere.has_created().await;
    elsewhere.opens(&kitchen).await;
    (ada, elsewhere)
}

#[tokio::test]
async fn whoever_wants_all_is_called_where_the_room_is_not_open() {
    let town = Town::open().await;
    let (mut ada, mut ben) = ada_and_ben(&town, Some(Level::All)).await;
    ada.posts("lunch?").await;
    let event = ben.gets_called("madang").await;
    assert_eq!((event.by.name.as_str(), event.text()), ("Ada", "lunch?"));

    ben.opens("madang").await;
    ada.posts("anybody?").await;
    ben.sees("Ada", "anybody?").await;
    ben.has_unread("madang", 0, 0).await;
    ben.is_not_called().await;
}

#[tokio::test]
async fn a_picture_without_words_calls_too() {
    let town = Town::open().await;
    let (mut ada, mut ben) = ada_and_ben(&town, Some(Level::All)).await;
    let file = ada.browser().uploads("마당.bin", b"a view").await;
    ada.posts_files("", &[&file]).await;
    let event = ben.gets_called("madang").await;
    assert_eq!((event.text(), event.files()[0].name.as_str()), ("", "마당.bin"));
}

#[tokio::test]
async fn nobody_is_called_who_did_not_ask_for_it_nor_by_their_own_words() {
    for level in [None, Some(Level::Mentions), Some(Level::Nothing)] {
        let town = Town::open().await;
        let (mut ada, mut ben) = ada_and_ben(&town, level).await;
        ada.posts("lunch?").await;
        ben.has_unread("madang", 0, 1).await;
        ben.wants_calls("madang", Level::All).await;
        ada.posts("anybody?").await;
        assert_eq!(ben.gets_called("madang").await.text(), "anybody?", "the first that calls, after {level:?}");
    }
    let town = Town::open().await;
    let (mut ada, mut ben) = ada_and_ben(&town, Some(Level::All)).await;
    let mut at_home = ben.opens_another_tab().await;
    at_home.opens("madang").await;
    at_home.posts("I am here").await;
    ada.sees("Ben", "I am here").await;
    ada.posts("good").await;
    assert_eq!(ben.gets_called("madang").await.text(), "good", "the first that calls");
}

#[tokio::test]
async fn a_message_that_names_somebody_calls_them_once_unless_they_want_nothing() {
    let town = Town::open().await;
    let (mut ada, mut ben) = ada_and_ben(&town, None).await;
    ada.posts("@Ben look").await;
    assert_eq!(ben.gets_called("madang").await.text(), "@Ben look");
    ada.posts("or not").await;
    ben.has_unread("madang", 0, 2).await;
    ada.posts("@Ben again").await;
    assert_eq!(ben.gets_called("madang").await.text(), "@Ben again");

    let town = Town::open().await;
    let (mut ada, mut ben) = ada_and_ben(&town, Some(Level::Nothing)).await;
    ada.posts("@Ben look").await;
    ben.has_unread("madang", 0, 1).await;
    ben.is_not_called().await;
}

/// Somebody who said something in the first room and looks elsewhere now, in the tab that is given back; with its number.
async fn says_and_goes(town: &Town, name: &str, text: &str) -> (Person, Seq) {
    let mut there = town.walks_in(name).await;
    there.opens("madang").await;
    there.posts(text).await;
    let seq = there.sees(name, text).await.seq;
    (there.opens_another_tab().await, seq)
}

/// Says something that answers a message, or stands in its thread.
async fn answers(person: &mut Person, reply_to: Option<Seq>, within: Option<InThread>, text: &str) {
    let (room, cid, text) = ("madang".into(), fresh_cid(), text.to_owned());
    person.asks(ClientFrame::Post { room, cid, text, files: Vec::new(), reply_to, within }).await;
}

#[tokio::test]
async fn an_answer_calls_whom_it_answers_as_a_mention_does() {
    let town = Town::open().await;
    let (mut ben, of) = says_and_goes(&town, "Ben", "lunch?").await;
    let (mut eve, _) = says_and_goes(&town, "Eve", "no, thanks").await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    answers(&mut ada, Some(of), None, "noodles").await;
    assert_eq!(ben.gets_called("madang").await.text(), "noodles");
    for (also, text) in [(false, "or rice"), (true, "rice it is")] {
        answers(&mut ada, None, Some(InThread { of, also, ..InThread::default() }), text).await;
        assert_eq!(ben.gets_called("madang").await.text(), text);
    }
    eve.has_unread("madang", of, 2).await;
    eve.is_not_called().await;

    ben.wants_calls("madang", Level::Nothing).await;
    answers(&mut ada, Some(of), None, "or soup").await;
    eve.has_unread("madang", of, 3).await;
    ben.is_not_called().await;
}

#[tokio::test]
async fn what_was_chosen_is_known_in_all_tabs_and_after_a_restart_until_one_leaves() {
    let mut town = Town::open().await;
    let (mut ada, ben) = ada_and_ben(&town, Some(Level::All)).await;
    ada.posts("one").await;
    ada.sees("Ada", "one").await;
    let (ada, ben) = (ada.browser(), ben.browser());
    town.restarts().await;
    let mut ada = ada.opens_a_tab("Ada").await;
    ada.opens("madang").await;
    let mut ben = ben.opens_a_tab("Ben").await;
    ben.has_level("madang", Level::All).await;
    ada.posts("two").await;
    assert_eq!(ben.gets_called("madang").await.text(), "two");

    ben.opens("madang").await;
    ben.leaves("madang").await;
    ben.is_gone_from("madang").await;
    ada.posts("three").await;
    ada.sees("Ada", "two").await;
    ada.sees("Ada", "three").await;
    ben.is_not_called().await;
    // Who comes back begins anew.
    ben.opens("madang").await;
    let mut elsewhere = ben.opens_another_tab().await;
    ada.posts("four").await;
    elsewhere.has_unread("madang", 3, 1).await;
    ada.posts("@Ben five").await;
    assert_eq!(elsewhere.gets_called("madang").await.text(), "@Ben five", "the first that calls");
}

/// A direct room of Ada and Ben, which neither has open; Ada has another tab in the room.
async fn between(town: &Town) -> (Person, Person, String) {
    let ada = town.walks_in("Ada").await;
    let ben = town.walks_in("Ben").await;
    let room = ada.talks_directly_to("Ben").await;
    let mut at_it = ada.opens_another_tab().await;
    at_it.opens(&room).await;
    (at_it, ben, room)
}

#[tokio::test]
async fn in_a_direct_room_each_message_calls_unless_one_wants_otherwise() {
    let mut town = Town::open().await;
    let (mut ada, mut ben, room) = between(&town).await;
    ada.posts("are you there?").await;
    assert_eq!(ben.gets_called(&room).await.text(), "are you there?");

    ben.wants_calls(&room, Level::Mentions).await;
    ada.posts("nobody is named").await;
    ben.has_unread(&room, 0, 2).await;
    ben.is_not_called().await;
    let (ada, ben) = (ada.browser(), ben.browser());
    town.restarts().await;
    let mut ada = ada.opens_a_tab("Ada").await;
    ada.opens(&room).await;
    let mut ben = ben.opens_a_tab("Ben").await;
    ben.has_level(&room, Level::Mentions).await;
    ada.posts("@Ben but now").await;
    assert_eq!(ben.gets_called(&room).await.text(), "@Ben but now");
}

#[tokio::test]
async fn what_one_wants_of_a_room_is_one_choice_on_the_sheet_about_it() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    for (level, word) in [(Level::Mentions, "mentions"), (Level::Nothing, "nothing"), (Level::All, "all")] {
        ada.wants_calls("madang", level).await;
        let sheet = ada.browser().gets("/rooms/madang/about").await.body;
        let chosen: Vec<&str> = sheet.split("<button").filter(|it| it.contains("aria-pressed=\"true\"")).collect();
        assert_eq!(chosen.len(), 1);
        assert!(chosen[0].contains(&format!("call_{word}")), "{}", chosen[0]);
    }
}
