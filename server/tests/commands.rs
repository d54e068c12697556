//! What begins with a slash does the same through the form without JavaScript as in the message box, and tells what it can't do.

use app::message::What;
use app::refusal::Refusal;
use app::room_change::RoomChange;
use reqwest::Method;

use crate::support::{Answer, Town, Visitor};

#[tokio::test]
async fn a_form_obeys_commands_and_keeps_what_it_does_not_understand() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let browser = ada.browser();

    browser.writes("madang", "/shrug 글쎄").await;
    ada.sees("Ada", "글쎄 ¯\\_(ツ)_/¯").await;
    browser.writes("madang", "//leave").await;
    ada.sees("Ada", "/leave").await;
    browser.writes("madang", "/nick Grace").await;
    ada.sees_rename("Ada", "Grace").await;

    for (typed, sentence) in [
        ("/dance", "There's no such command"),
        ("/me", "This command needs something after it"),
        ("/nick A\u{200B}da", "The name has characters that can't be seen"),
    ] {
        let page = browser.writes("madang", typed).await;
        assert!(page.shown().contains(sentence), "{typed}: {}", page.shown());
        assert!(page.shown().contains(&format!("\n{typed}</textarea>")), "{typed}: {}", page.shown());
    }
    let page = browser.writes("madang", "/help").await;
    assert!(page.shown().contains("/me says what you do"), "{}", page.shown());
    assert!(page.shown().contains(">\n</textarea>"), "{}", page.shown());
    ada.sees_nothing_more().await;

    let page = browser.writes("madang", "/leave").await;
    assert!(page.shown().contains("You left"), "{}", page.shown());
    ada.is_gone_from("madang").await;
}

#[tokio::test]
async fn what_somebody_does_is_told_under_their_name_of_then() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let mut bob = town.line("/ws/plain?room=madang&name=Bob&lang=en").await;
    let id = ben.me.id.0;
    for (text, tree) in [
        ("/me waves", r#"[["me","Ada","waves"]]"#.to_owned()),
        ("/me **waves** at @Ben", format!(r#"[["me","Ada",["b","waves"]," at ",["m","{id}","@Ben"]]]"#)),
        ("/me - a\n- b", r#"[["me","Ada","- a\n- b"]]"#.to_owned()),
        ("//me waves", r#"[["p","/me waves"]]"#.to_owned()),
    ] {
        ada.posts(text).await;
        let seen = ben.sees("Ada", text).await;
        let What::Posted { markup: Some(markup), .. } = &seen.what else { panic!("{text} has no shape") };
        assert_eq!(serde_json::to_string(markup).expect("a tree encodes"), tree);
    }
    bob.hears_in_passing("* Ada waves").await;
    ada.renames("Grace").await;
    ada.is_now("Grace").await;
    let page = ben.browser().gets("/rooms/madang").await;
    assert!(page.shown().contains("<p class=\"action\" dir=\"auto\"><bdi>Ada</bdi> waves</p>"), "{}", page.shown());
}

/// What the message box asks with scripts: the command as it was typed.
async fn commands(visitor: &Visitor, room: &str, typed: &str) -> Answer {
    visitor.sends(visitor.as_program(Method::POST, &format!("/rooms/{room}/command")).body(typed.to_owned())).await
}

fn code(answer: &Answer) -> Refusal {
    serde_json::from_value(answer.problem()["code"].clone()).expect("the problem has a code of ours")
}

#[tokio::test]
async fn the_topic_is_set_by_command_with_scripts_and_without() {
    let town = Town::open().await;
    let (ada, mut ben) = town.two_in("madang").await;
    assert_eq!(commands(&ada.browser(), "madang", "/topic  점심은 어디서? ").await.status, 200);
    ben.sees_change(RoomChange::Topic { topic: "점심은 어디서?".to_owned() }).await;
    ada.browser().writes("madang", "/topic 👩🏽‍💻 Dinner").await;
    ben.sees_change(RoomChange::Topic { topic: "👩🏽‍💻 Dinner".to_owned() }).await;

    let long = format!("/topic {}", "x".repeat(251));
    for (typed, why) in [
        (long.as_str(), Refusal::TopicTooLong),
        (&format!("/topic {}", "가".repeat(7_000)), Refusal::TopicTooLong),
        ("/topic a\u{202E}b", Refusal::TopicHidden),
        ("/topic", Refusal::CommandIncomplete),
        ("hello", Refusal::CommandUnknown),
        ("/leave", Refusal::CommandUnknown),
    ] {
        assert_eq!(code(&commands(&ada.browser(), "madang", typed).await), why, "{typed}");
    }
    let page = ada.browser().writes("madang", &long).await;
    assert!(page.tells(Refusal::TopicTooLong) && page.shown().contains(&format!("\n{long}</textarea>")));
    assert_eq!(code(&commands(&town.visitor(), "madang", "/topic x").await), Refusal::SignedOut);
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn commands_count_as_messages_where_it_is_too_fast() {
    let town = Town::plan()
        .unforgetting()
        .set(|config| (config.messages_per_second, config.message_burst) = (1, 1))
        .open()
        .await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    assert_eq!(commands(&ada, "madang", "/topic one").await.status, 200);
    let hurried = commands(&ada, "madang", "/topic two").await;
    assert_eq!((hurried.status, code(&hurried)), (429, Refusal::TooFast));
}

#[tokio::test]
async fn people_are_asked_into_a_private_room_by_command_and_into_no_other() {
    let town = Town::open().await;
    let (ada, mut ben, cho) = (town.walks_in("Ada").await, town.walks_in("Ben Lee").await, town.walks_in("Cho").await);
    let room = ada.makes_private("Plans").await;
    let private = ada.browser();
    assert_eq!(commands(&private, &room, "/invite @ben lee").await.status, 200);
    assert_eq!(ben.hears_of_room(&room).await.name, "Plans");
    ben.opens(&room).await;
    ada.browser().writes(&room, "/invite Cho").await;
    ben.sees_change(RoomChange::Added { who: vec![cho.me.clone()] }).await;

    for (room, typed, why) in [
        (room.as_str(), "/invite @Cho", Refusal::PersonIsMember),
        (&room, "/invite Nobody", Refusal::PersonUnknown),
        ("madang", "/invite Cho", Refusal::RoomIsPublic),
        ("~0123", "/invite Cho", Refusal::RoomUnknown),
    ] {
        assert_eq!(code(&commands(&private, room, typed).await), why, "{room} {typed}");
    }
    let direct = ada.talks_directly_to("Ben Lee").await;
    assert_eq!(code(&commands(&private, &direct, "/invite Cho").await), Refusal::RoomIsDirect);
    assert!(ada.browser().writes(&direct, "/invite Cho").await.tells(Refusal::RoomIsDirect));
    ben.sees_nothing_more().await;
}
