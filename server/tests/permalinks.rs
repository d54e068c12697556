//! Every message has an address: it opens the room there, as a page and over the socket, and pages lead on to either side.

use app::message::Seq;
use app::protocol::{ClientFrame, Position};

use crate::support::{Person, Town, Visitor, fresh_cid, seqs};

async fn long_room(town: &Town, messages: usize) -> Person {
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let texts: Vec<String> = (1..=messages).map(|number| format!("line {number}.")).collect();
    ada.posts_all(&texts).await;
    ada
}

/// The numbers of the lines on a page, and the marked one.
async fn lines(reader: &Visitor, path: &str) -> (Vec<Seq>, Option<Seq>) {
    let body = reader.gets(path).await.body;
    let number = |after: &str| -> Seq {
        let digits = after.split('"').next().expect("a quotation mark");
        digits.parse().unwrap_or_else(|_| panic!("{digits} is a number"))
    };
    let rows: Vec<(bool, Seq)> = body
        .split("<article ")
        .skip(1)
        .map(|row| {
            let (attributes, _) = row.split_once('>').expect("an end of the tag");
            let seq = attributes.split_once("data-seq=\"").expect("a number").1;
            (attributes.contains("target") && attributes.contains("autofocus"), number(seq))
        })
        .collect();
    let marked: Vec<Seq> = rows.iter().filter(|(is_marked, _)| *is_marked).map(|(_, seq)| *seq).collect();
    assert!(marked.len() <= 1, "{marked:?}");
    (rows.iter().map(|(_, seq)| *seq).collect(), marked.first().copied())
}

fn to(from: Seq, to: Seq) -> Vec<Seq> {
    (from..=to).collect()
}

#[tokio::test]
async fn an_address_opens_the_room_at_its_message_with_what_was_said_before_and_after() {
    let town = Town::open().await;
    let ada = long_room(&town, 200).await;
    let reader = ada.browser();
    assert_eq!(lines(&reader, "/rooms/madang/100").await, (to(76, 125), Some(100)));
    assert_eq!(lines(&reader, "/rooms/madang/3").await, (to(1, 28), Some(3)));
    assert_eq!(lines(&reader, "/rooms/madang/190").await, (to(166, 200), Some(190)));
    assert_eq!(lines(&reader, "/rooms/madang/200").await, (to(151, 200), Some(200)));
    assert_eq!(lines(&reader, "/rooms/madang").await, (to(151, 200), None));

    let page = reader.gets("/rooms/madang/100").await;
    assert!(page.body.contains("href=\"/rooms/madang/76\""), "the way to what is older");
    assert!(page.body.contains("href=\"/rooms/madang/125\""), "the way to what is newer");
    assert!(page.body.contains("href=\"/rooms/madang\""), "the way to the newest");
}

#[tokio::test]
async fn an_address_of_nothing_leads_to_the_nearest_message_and_says_so() {
    let town = Town::open().await;
    let mut ada = long_room(&town, 60).await;
    let reader = ada.browser();
    ada.renames("Adah").await;
    ada.sees_rename("Ada", "Adah").await;
    let missing = "The message in this link isn&#39;t there";
    for (number, nearest) in [("61", 60), ("62", 60), ("999999999999", 60), ("9223372036854775807", 60), ("0", 1)] {
        let path = format!("/rooms/madang/{number}");
        assert_eq!(lines(&reader, &path).await.1, Some(nearest), "{path}");
        let page = reader.gets(&path).await;
        assert!(page.body.replace('\'', "&#39;").contains(missing), "{path} says that it is another one");
    }
    assert!(!reader.gets("/rooms/madang/60").await.body.replace('\'', "&#39;").contains(missing));
    for nowhere in ["-1", "1e3", "abc", "99999999999999999999", "1/2", "%31%32x", "1?at=2/../.."] {
        let answer = reader.gets(&format!("/rooms/madang/{nowhere}")).await;
        let is_there = nowhere.starts_with("1?");
        assert_eq!(answer.status, if is_there { 200 } else { 404 }, "{nowhere}");
    }
    assert_eq!(reader.gets("/rooms/nobody/7").await.status, 404);
    assert_eq!(reader.gets("/rooms/Madang/7").await.header("location"), "/rooms/madang/7");

    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 30, cid: fresh_cid() }).await;
    ada.sees_event("deletion").await;
    assert_eq!(lines(&reader, "/rooms/madang/30").await.1, Some(30), "its place is there");
    ada.creates("Empty").await;
    assert_eq!(lines(&reader, "/rooms/empty/5").await, (vec![], None));
}

#[tokio::test]
async fn who_is_not_in_yet_comes_to_the_message_after_the_door() {
    let town = Town::open().await;
    long_room(&town, 60).await.goes().await;
    let stranger = town.visitor();
    let page = stranger.gets("/rooms/madang/7").await;
    assert!(!page.body.contains("line 7."));
    assert!(page.body.contains("value=\"/rooms/madang/7\""), "the form leads there");
}

#[tokio::test]
async fn a_listener_opens_a_room_anywhere_and_hears_what_happens_from_then_on() {
    let town = Town::open().await;
    let mut ada = long_room(&town, 200).await;
    let mut ben = town.walks_in("Ben").await;
    let page = ben.opens_at("madang", 100).await;
    assert_eq!((seqs(&page.events), page.start, page.head), (to(76, 125), false, Some(200)));
    assert_eq!(page.people, ["Ada", "Ben"]);
    ada.posts("and on").await;
    assert_eq!(ben.sees("Ada", "and on").await.seq, 201, "not what lies between");

    let page = ben.opens_at("madang", 190).await;
    assert_eq!((seqs(&page.events), page.head), (to(166, 201), None));
    let page = ben.opens_at("madang", -5).await;
    assert_eq!((seqs(&page.events), page.start, page.head), (to(1, 26), true, Some(201)));
    let page = ben.opens_at("madang", Seq::MAX).await;
    assert_eq!((seqs(&page.events), page.head), (to(152, 201), None));
}

#[tokio::test]
async fn newer_pages_follow_each_other_to_the_end_without_a_hole() {
    let town = Town::open().await;
    let mut ada = long_room(&town, 130).await;
    ada.asks(ClientFrame::Edit { room: "madang".into(), of: 10, cid: fresh_cid(), text: "better".to_owned() }).await;
    ada.sees_event("edit").await;
    let mut seen = vec![1];
    while seen.last() < Some(&131) {
        let newer = ada.gets_newer(*seen.last().expect("a number")).await;
        assert!(newer.len() <= 51, "{newer:?}");
        seen.extend(newer);
    }
    assert_eq!(seen, to(1, 131));
    assert_eq!(ada.gets_newer(131).await, Vec::<Seq>::new());
    assert_eq!(ada.gets_newer(Seq::MAX).await, Vec::<Seq>::new());
    assert_eq!(ada.gets_newer(Seq::MIN).await.first(), Some(&1));
}

#[tokio::test]
async fn who_was_away_for_too_long_to_resume_is_back_where_they_read() {
    let town = Town::open().await;
    let ada = long_room(&town, 2_300).await;
    let mut ben = town.walks_in("Ben").await;
    let open = |epoch: String, at| {
        let after = Some(Position { epoch, seq: 250 });
        ClientFrame::Open { room: "madang".into(), after, at }
    };
    ben.asks(open(ada.epoch.clone(), Some(100))).await;
    let page = ben.gets_page("madang").await;
    assert_eq!((seqs(&page.events), page.head), (to(76, 125), Some(2_300)));
    ben.asks(open(ada.epoch.clone(), None)).await;
    assert_eq!(seqs(&ben.gets_page("madang").await.events), to(2_251, 2_300));
    ben.asks(open("another".to_owned(), Some(100))).await;
    let page = ben.gets_page("madang").await;
    assert_eq!((seqs(&page.events), page.head), (to(2_251, 2_300), None), "in another store the number means nothing");
}

#[tokio::test]
async fn nothing_is_told_of_a_room_that_is_not_open() {
    let town = Town::open().await;
    long_room(&town, 3).await;
    let mut ben = town.walks_in("Ben").await;
    ben.asks(ClientFrame::Newer { room: "madang".into(), after: 0 }).await;
    ben.is_refused(app::refusal::Refusal::RoomNotOpen).await;
}
