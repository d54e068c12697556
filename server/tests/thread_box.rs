//! A thread's message box is the room's: without scripts, too, it takes files and commands, and gives back what it refuses.

use app::refusal::Refusal;
use reqwest::Method;

use crate::support::{Answer, Person, Town, fresh_cid, seqs};

const THREAD: &str = "/rooms/madang/1/thread";

impl Person {
    /// Sends the form of the thread's message box, with the id that it bears there.
    async fn writes_in_thread(&self, text: &str, also: bool, files: &[(&str, &[u8])]) -> Answer {
        let cid = self.browser().gets(THREAD).await.form_cid().to_string();
        let mut fields = vec![("cid", &cid[..]), ("text", text)];
        fields.extend(also.then_some(("also", "on")));
        self.browser().sends_box(THREAD, &fields, files).await
    }
}

#[tokio::test]
async fn a_reply_takes_files_and_is_said_to_the_room_too_where_that_is_wanted() {
    let town = Town::open().await;
    let (mut ada, ben) = town.two_with(&["lunch?"]).await;
    let sent = ben.writes_in_thread("the menu", false, &[("menu.txt", b"soup"), ("wine.txt", b"red")]).await;
    assert_eq!(sent.leads_to(), Some("/rooms/madang/1/thread?writes=on"));
    assert_eq!(ben.writes_in_thread("", true, &[("map.txt", b"left, then right")]).await.status, 303);

    let [menu, map] = [ada.sees_event("the menu").await, ada.sees_event("the map").await];

    let names = |event: &app::message::Event| event.files().iter().map(|file| file.name.clone()).collect::<Vec<_>>();
    assert_eq!((menu.text(), names(&menu)), ("the menu", vec!["menu.txt".to_owned(), "wine.txt".to_owned()]));
    assert_eq!(menu.within().map(|place| (place.of, place.also)), Some((1, false)));
    assert_eq!((map.within().map(|place| place.also), names(&map)), (Some(true), vec!["map.txt".to_owned()]));
    let read = ada.browser().gets(THREAD).await.body;
    assert!(read.contains("menu.txt") && read.contains("map.txt"), "{read}");
    let mut late = ada.opens_another_tab().await;
    late.resumes("madang", 1).await;
    assert_eq!(seqs(&late.sees_up_to(3).await), [2, 3]);
}

#[tokio::test]
async fn what_is_refused_comes_back_and_its_files_are_not_kept() {
    let town = Town::open().await;
    let (mut ada, ben) = town.two_with(&["lunch?"]).await;
    let long = "가".repeat(8_001);
    let refused = ben.writes_in_thread(&long, true, &[("menu.txt", b"soup")]).await;
    assert!(refused.tells(Refusal::MessageTooLong) && refused.body.contains(&long));
    assert!(refused.body.contains("checked"), "so does the tick");
    let empty = ben.writes_in_thread(" ", false, &[]).await;
    assert!(empty.tells(Refusal::MessageEmpty) && !empty.body.contains("checked"), "{empty:?}");
    ada.sees_nothing_more().await;
    let waiting = std::fs::read_dir(town.folder().join("files").join("arriving")).map_or(0, Iterator::count);
    assert_eq!(waiting, 0, "no file waits for a message that was not said");
    let malformed = ben.browser().sends_box(THREAD, &[("cid", "no id"), ("text", "hm")], &[]).await;
    assert_eq!(malformed.status, 400);
    assert_eq!(town.visitor().sends_box(THREAD, &[("cid", &fresh_cid().to_string())], &[]).await.status, 401);
}

#[tokio::test]
async fn commands_are_obeyed_in_a_thread_as_in_its_room() {
    let town = Town::open().await;
    let (mut ada, ben) = town.two_with(&["lunch?"]).await;
    ben.writes_in_thread("/shrug 글쎄", false, &[]).await;
    let seen = ada.sees("Ben", "글쎄 ¯\\_(ツ)_/¯").await;
    assert_eq!(seen.within().map(|place| place.of), Some(1));
    ben.writes_in_thread("/nick Bengt", false, &[]).await;
    ada.sees_rename("Ben", "Bengt").await;
    let taken = ben.writes_in_thread("/nick Ada", false, &[]).await;
    assert!(taken.tells(Refusal::NameTaken) && taken.shown().contains("\n/nick Ada</textarea>"), "{taken:?}");
    let help = ben.writes_in_thread("/help", false, &[]).await;
    assert!(help.shown().contains("/me says what you do") && help.shown().contains(">\n</textarea>"), "{help:?}");
    let left = ben.writes_in_thread("/leave", false, &[]).await;
    assert!(left.shown().contains("You left"), "{left:?}");
}

#[tokio::test]
async fn words_for_a_thread_that_is_not_there_or_only_read_any_more_come_back() {
    let town = Town::open().await;
    let (ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.makes_private("Plans").await;
    ada.does(&room, "invite", "Ben").await;
    ben.opens(&room).await;
    ben.posts("lunch?").await;
    let of = ben.sees("Ben", "lunch?").await.seq;
    let browser = ben.browser();
    let thread = format!("/rooms/{room}/{of}/thread");
    let cid = browser.gets(&thread).await.form_cid().to_string();
    let words = [("cid", &cid[..]), ("text", "a <b>long</b> reply")];
    let file = [("menu.txt", &b"soup"[..])];
    let come_back = |answer: &Answer| answer.body.contains("\na &lt;b>long&lt;/b> reply</textarea>");

    ada.does(&room, "archive", "").await;
    let refused = browser.sends_box(&thread, &words, &file).await;
    assert!(refused.status == 422 && refused.tells(Refusal::RoomArchived) && come_back(&refused), "{refused:?}");
    ada.does(&room, "restore", "").await;
    ada.does(&room, "remove", &ben.me.id.0.to_string()).await;
    for refused in [browser.sends_box(&thread, &words, &file).await, browser.submits(&thread, &words).await] {
        assert!(refused.status == 404 && refused.tells(Refusal::RoomUnknown) && come_back(&refused), "{refused:?}");
        assert!(!refused.body.contains("Plans") && !refused.body.contains("lunch?"), "{refused:?}");
    }
}

#[tokio::test]
async fn the_first_reply_begins_a_group_whoever_wrote_above_it() {
    let town = Town::open().await;
    let (mut ada, _ben) = town.two_with(&["lunch?"]).await;
    for text in ["I mean today", "at noon"] {
        ada.writes_in_thread(text, false, &[]).await;
        ada.sees("Ada", text).await;
    }
    let read = ada.browser().gets(THREAD).await.body;
    let opens: Vec<_> = read.split("<article ").skip(1).map(|row| row.contains("opens-group")).collect();
    assert_eq!(opens, [true, true, false]);
}

#[tokio::test]
async fn the_page_of_a_thread_goes_to_its_room_where_scripts_run_and_only_by_our_own_script() {
    let town = Town::open().await;
    let (ada, _ben) = town.two_with(&["lunch?"]).await;
    let page = ada.browser().gets(THREAD).await;
    let script = page.body.split("<script ").nth(1).expect("it has a script");
    let nonce = script.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a nonce");
    assert!(page.header("content-security-policy").contains(&format!("'nonce-{nonce}'")), "{page:?}");
    assert!(script.contains("location.reload()") && page.body.contains("thread-message"));
    let browser = ada.browser();
    let in_dialog = browser.sends(browser.as_browser(Method::GET, THREAD).header("sheet", "1")).await.body;
    assert!(!in_dialog.contains("<script") && !in_dialog.contains("<textarea"), "there the page draws its own box");
    let refused = ada.writes_in_thread(" ", false, &[]).await;
    assert!(!refused.body.contains("<script"), "nothing leads away from what was typed");
}
