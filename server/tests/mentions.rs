//! People are called by their names as they are now, those who are there by @here and everyone by @room; who is called knows how
//! often, on every device, whatever is edited, deleted, cut off or restarted meanwhile.

use app::message::{Event, What};
use app::protocol::ClientFrame;
use app::refusal::Refusal;

use server::config::Serve;

use crate::support::{Person, Town, fresh_cid};

/// The tree of what an event says; nothing where it has none.
fn tree(event: &Event) -> String {
    match &event.what {
        What::Posted { markup: Some(markup), .. } | What::Edited { markup: Some(markup), .. } => {
            serde_json::to_string(markup).expect("a tree encodes")
        }
        _ => String::new(),
    }
}

/// Ada and Ben in the first room, and Ben's phone, on which nothing is open.
async fn yard(town: &Town) -> [Person; 3] {
    let (ada, ben) = town.two_in("madang").await;
    let mut phone = ben.opens_another_tab().await;
    phone.has_unread("madang", 0, 0).await;
    [ada, ben, phone]
}

impl Person {
    async fn changes(&mut self, of: i64, text: &str) {
        self.asks(ClientFrame::Edit { room: "madang".into(), of, cid: fresh_cid(), text: text.to_owned() }).await;
    }

    /// What the tree of a text is here, posted.
    async fn shapes(&mut self, text: &str) -> String {
        self.posts(text).await;
        let name = self.is_called();
        tree(&self.sees(&name, text).await)
    }
}

#[tokio::test]
async fn names_are_read_as_people_write_them() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let minsu = town.walks_in("민수").await.me.id.0;
    let long = town.walks_in("Ada Lovelace").await.me.id.0;
    let marked = town.walks_in("*_x_* `y`||z").await.me.id.0;
    for (text, expected) in [
        ("@민수님이 왔어요", format!(r#"[["p",["m","{minsu}","@민수"],"님이 왔어요"]]"#)),
        ("담당은 @민수는?", format!(r#"[["p","담당은 ",["m","{minsu}","@민수"],"는?"]]"#)),
        ("@민수영은 없다", String::new()),
        ("@Ada Lovelace!", format!(r#"[["p",["m","{long}","@Ada Lovelace"],"!"]]"#)),
        ("@ADA and me", format!(r#"[["p",["m","{}","@ADA"]," and me"]]"#, ada.me.id.0)),
        ("@Аdа한테", format!(r#"[["p",["m","{}","@Аdа"],"한테"]]"#, ada.me.id.0)),
        ("@A da", String::new()),
        ("@Adam ada@Ada.example", String::new()),
        ("**@*_x_* `y`||z**", format!(r#"[["p",["b",["m","{marked}","@*_x_* `y`||z"]]]]"#)),
        ("`@Ada`", r#"[["p",["c","@Ada"]]]"#.to_owned()),
    ] {
        assert_eq!(ada.shapes(text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn a_mention_is_counted_for_whom_it_means_on_every_device() {
    let town = Town::open().await;
    let [mut ada, _, mut phone] = yard(&town).await;
    ada.posts_all(&["hello", "@Ben hello", "@Ada myself", "@Ben님, @Ben"].map(String::from)).await;
    phone.has_mentions("madang", 4, &[2, 4]).await;
    phone.opens("madang").await;
    phone.reads(3).await;
    let mut tablet = phone.opens_another_tab().await;
    tablet.has_mentions("madang", 1, &[4]).await;
    let page = ada.browser().gets("/").await;
    assert!(!page.shown().contains("mention"), "{}", page.shown());
    let page = phone.browser().gets("/").await;
    assert!(page.shown().contains("1 mention of you"), "{}", page.shown());
}

#[tokio::test]
async fn an_edit_may_add_or_remove_one_and_a_deletion_removes_it() {
    let mut town = Town::open().await;
    let [mut ada, _, mut phone] = yard(&town).await;
    ada.posts_all(&["@Ben one", "two", "@Ben three"].map(String::from)).await;
    phone.has_mentions("madang", 3, &[1, 3]).await;
    ada.changes(1, "one").await;
    phone.has_mentions("madang", 3, &[3]).await;
    ada.changes(2, "two, @Ben").await;
    phone.has_mentions("madang", 3, &[2, 3]).await;
    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 3, cid: fresh_cid() }).await;
    phone.has_mentions("madang", 3, &[2]).await;

    let phone = phone.drops_off();
    town.restarts().await;
    let mut phone = phone.opens_a_tab("Ben").await;
    phone.has_mentions("madang", 3, &[2]).await;
}

#[tokio::test]
async fn a_reaction_to_a_mention_leaves_it_one() {
    let town = Town::open().await;
    let [mut ada, _ben, mut phone] = yard(&town).await;
    ada.posts_all(&["@Ben one".to_owned()]).await;
    phone.has_mentions("madang", 1, &[1]).await;
    let (room, cid, emoji) = ("madang".into(), fresh_cid(), "👍".to_owned());
    ada.asks(ClientFrame::React { room, of: 1, cid, emoji, on: true }).await;
    ada.sees_event("reaction").await;
    ada.posts("two").await;
    phone.has_mentions("madang", 2, &[1]).await;
    let mut tablet = phone.opens_another_tab().await;
    tablet.has_mentions("madang", 2, &[1]).await;
}

#[tokio::test]
async fn mentions_show_the_name_as_it_was_written_and_the_new_name_is_what_calls() {
    let town = Town::open().await;
    let [mut ada, mut ben, _] = yard(&town).await;
    let id = ben.me.id.0;
    let called = ada.shapes("@Ben").await;
    assert_eq!(called, format!(r#"[["p",["m","{id}","@Ben"]]]"#));
    ben.sees("Ada", "@Ben").await;
    ben.renames("Benjamin").await;
    ben.sees_rename("Ben", "Benjamin").await;
    ada.sees_rename("Ben", "Benjamin").await;
    assert_eq!(ada.shapes("@Ben @Benjamin").await, format!(r#"[["p","@Ben ",["m","{id}","@Benjamin"]]]"#));
    let page = ada.opens("madang").await;
    assert_eq!(tree(&page.events[0]), called);
}

#[tokio::test]
async fn who_is_named_in_a_room_where_they_are_not_hears_of_it_there_or_away_and_others_do_not() {
    let town = Town::open().await;
    let (mut ada, mut ben, cho) = (town.walks_in("Ada").await, town.walks_in("Ben").await, town.walks_in("Cho").await);
    let mut dan = town.walks_in("Dan").await;
    let cho = cho.goes().await;
    ada.creates("Dev").await;
    let dev = ada.has_created().await;
    ada.opens(&dev).await;
    ada.posts("nobody in particular").await;
    ada.sees("Ada", "nobody in particular").await;
    dan.opens(&dev).await;
    dan.leaves(&dev).await;
    dan.is_gone_from(&dev).await;

    for text in ["@Ben, @Cho and @Dan, look", "and this"] {
        ada.posts(text).await;
        ada.sees("Ada", text).await;
    }

    ben.has_mentions(&dev, 2, &[2]).await;
    dan.has_mentions(&dev, 2, &[2]).await;
    let mut cho = cho.opens_a_tab("Cho").await;
    cho.has_mentions(&dev, 2, &[2]).await;
    let page = cho.browser().gets("/").await;
    assert!(page.shown().contains("1 mention of you"), "{}", page.shown());
    ben.opens(&dev).await;
    ben.reads(3).await;
    let mut tab = ben.opens_another_tab().await;
    tab.has_mentions(&dev, 0, &[]).await;
    ada.posts("@Ben again").await;
    ada.sees("Ada", "@Ben again").await;
    tab.has_mentions(&dev, 1, &[4]).await;
    let mut eve = town.walks_in("Eve").await;
    ada.posts("no name, @here").await;
    ada.sees("Ada", "no name, @here").await;
    eve.hears_nothing_more_of_reading().await;
}

#[tokio::test]
async fn here_calls_those_who_are_there_and_room_calls_everyone() {
    let town = Town::open().await;
    let [mut ada, ben, mut phone] = yard(&town).await;
    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;
    cho.leaves("madang").await;
    cho.is_gone_from("madang").await;
    let mut dan = town.walks_in("Dan").await;
    dan.opens("madang").await;
    let mut dan_phone = dan.opens_another_tab().await;
    dan.goes().await;
    while ada.opens("madang").await.people.len() > 2 {}

    let here = ada.shapes("@here lunch?").await;
    let (a, b) = (ada.me.id.0, ben.me.id.0);
    assert_eq!(here, format!(r#"[["p",["m","here {a} {b}","@here"]," lunch?"]]"#));
    phone.has_mentions("madang", 1, &[1]).await;
    assert_eq!(ada.shapes("@room 내일 쉬어요").await, r#"[["p",["m","room","@room"]," 내일 쉬어요"]]"#);
    phone.has_mentions("madang", 2, &[1, 2]).await;
    dan_phone.has_mentions("madang", 2, &[2]).await;
}

#[tokio::test]
async fn in_a_large_room_nobody_calls_everyone_and_the_writer_is_told() {
    let town = Town::plan().set(|config| config.call_all_up_to = 2).open().await;
    let [mut ada, _ben, mut phone] = yard(&town).await;
    assert_ne!(ada.shapes("@room still small").await, "");
    phone.has_mentions("madang", 1, &[1]).await;
    let mut cho = town.walks_in("Cho").await;
    cho.opens("madang").await;

    for text in ["@here lunch?", "@room lunch?"] {
        assert_eq!(ada.shapes(text).await, "");
        assert_eq!(ada.is_refused(Refusal::MentionTooMany).await, (None, Some("madang".into())));
    }
    assert_eq!(ada.shapes("`@room` is *what* calls").await.matches("\"m\"").count(), 0);
    ada.pings().await;
    phone.has_mentions("madang", 4, &[1]).await;

    let page = ada.browser().writes("madang", "@room again").await;
    assert!(page.tells(Refusal::MentionTooMany), "{}", page.shown());
    ada.sees("Ada", "@room again").await;
}

#[tokio::test]
async fn here_calls_five_hundred_who_are_there_and_nobody_where_there_are_more() {
    const MOST: usize = 500;
    let crowds = |config: &mut Serve| {
        config.call_all_up_to = 2 * MOST;
        config.arrivals_per_minute = 2 * MOST as u32;
        config.sockets_per_address = 2 * MOST;
    };
    let town = Town::plan().set(crowds).open().await;
    let [mut ada, ben, mut phone] = yard(&town).await;
    let mut crowd = Vec::new();
    for number in 2..MOST {
        let mut person = town.walks_in(&format!("M{number}")).await;
        person.opens("madang").await;
        crowd.push(person);
    }
    let all = [&ada, &ben].into_iter().chain(&crowd).map(|person| format!(" {}", person.me.id.0)).collect::<String>();
    assert_eq!(ada.shapes("@here lunch?").await, format!(r#"[["p",["m","here{all}","@here"]," lunch?"]]"#));
    phone.has_mentions("madang", 1, &[1]).await;

    let mut one_more = town.walks_in("Cho").await;
    one_more.opens("madang").await;
    assert_eq!(ada.shapes("@here too many").await, "");
    assert_eq!(ada.is_refused(Refusal::MentionTooMany).await, (None, Some("madang".into())));
    assert_eq!(ada.shapes("@room everyone").await, r#"[["p",["m","room","@room"]," everyone"]]"#);
    phone.has_mentions("madang", 3, &[1, 3]).await;
    drop(ben);
}

#[tokio::test]
async fn ten_thousand_mentions_are_fifty() {
    let town = Town::open().await;
    let [mut ada, ben, mut phone] = yard(&town).await;
    for text in [
        "@Ben ".repeat(7_900 / 5),
        "@Ben님 ".repeat(1_100),
        "@".repeat(7_999),
        "@님".repeat(3_999),
        "@here ".repeat(1_300),
    ] {
        let tree = ada.shapes(text.trim_end()).await;
        assert!(tree.matches(r#"["m","#).count() <= app::markup::MAX_MENTIONS, "{tree}");
    }
    phone.has_mentions("madang", 5, &[1, 2, 5]).await;
    drop(ben);
}

#[tokio::test]
async fn whoever_names_more_people_than_a_message_calls_is_told() {
    // A text with marks of emphasis in it may be read more than once; it names no more people for that.
    for mark in ["", "*"] {
        let town = Town::open().await;
        let mut ada = town.walks_in("Ada").await;
        ada.opens("madang").await;
        let mut names = Vec::new();
        for number in 0..=app::markup::MAX_MENTIONS {
            let name = format!("p{mark}{number}{mark}");
            town.visitor().walks_in(&name).await;
            names.push(format!("@{name}"));
        }
        let (fifty, all) = (names[1..].join(" "), names.join(" "));
        let tree = ada.shapes(&fifty).await;
        assert_eq!(tree.matches(r#"["m","#).count(), app::markup::MAX_MENTIONS, "{tree}");
        let again = format!("{fifty} {}", names[1]);
        assert_eq!(ada.shapes(&again).await.matches(r#"["m","#).count(), app::markup::MAX_MENTIONS);
        ada.pings().await;
        ada.posts(&all).await;
        assert_eq!(ada.is_refused(Refusal::MentionTooMany).await, (None, Some("madang".into())));
        ada.sees("Ada", &all).await;
    }
}

#[tokio::test]
async fn a_message_that_is_sent_twice_calls_once() {
    let town = Town::open().await;
    let [mut ada, _ben, mut phone] = yard(&town).await;
    let cid = fresh_cid();
    ada.posts_under(cid, "@Ben").await;
    ada.posts_under(cid, "@Ben").await;
    ada.sees("Ada", "@Ben").await;
    ada.sees("Ada", "@Ben").await;
    ada.posts("done").await;
    phone.has_mentions("madang", 2, &[1]).await;
}
