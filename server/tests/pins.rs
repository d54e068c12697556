//! Messages are pinned to their room: everyone sees it in its turn, a page and a sheet have the whole of it, and what is deleted
//! is no longer there.

use app::message::{Cid, Seq, What};
use app::pin::Pin;
use app::protocol::ClientFrame;
use app::refusal::Refusal;
use app::text::when::Local;

use crate::support::{HeldClock, Person, Town, fresh_cid};

const PINS: &str = "/rooms/madang/pins";

impl Person {
    /// Pins a message, or takes it from the wall; the id of that.
    async fn pins(&mut self, of: Seq, on: bool) -> Cid {
        let cid = fresh_cid();
        self.pins_under(cid, of, on).await;
        cid
    }

    async fn pins_under(&mut self, cid: Cid, of: Seq, on: bool) {
        self.asks(ClientFrame::Pin { room: "madang".into(), of, cid, on }).await;
    }

    /// The next event is this; its number.
    async fn sees_pin(&mut self, by: &str, of: Seq, on: bool) -> Seq {
        let event = self.sees_event(&format!("pin of {of}")).await;
        let What::Pinned { of: its, on: is_on, .. } = event.what else { panic!("{event:?}") };
        assert_eq!((event.by.name.as_str(), its, is_on), (by, of, on));
        event.seq
    }

    /// How it stands with a message on a fresh page.
    async fn finds_pin_at(&mut self, seq: Seq) -> (Seq, Option<String>) {
        let mut other = self.opens_another_tab().await;
        let page = other.opens("madang").await;
        let message = page.events.iter().find(|event| event.seq == seq).expect("the message is on the page");
        let Pin { last, by } = message.beside().map(|beside| beside.pin.clone()).unwrap_or_default();
        (last, by.map(|by| by.name.to_string()))
    }

    /// The beginnings of what the sheet shows, from above.
    async fn finds_on_the_wall(&self) -> Vec<String> {
        let sheet = self.browser().gets(PINS).await;
        assert_eq!(sheet.status, 200);
        let text = |rest: &str| Some(rest.split('>').nth(1)?.split('<').next()?.to_owned());
        sheet.body.split("pin-text").skip(1).filter_map(text).collect()
    }
}

#[tokio::test]
async fn a_pin_from_another_season_is_told_on_the_readers_clock_of_that_season() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.browser().has_cookie("zone=America/New_York");
    let mut shown = Vec::new();
    for quarter in 0..4 {
        let text = format!("quarter {quarter}");
        ada.posts(&text).await;
        let seq = ada.sees_event(&text).await.seq;
        ada.pins(seq, true).await;
        ada.sees_pin("Ada", seq, true).await;
        let offset_min = server::zone::Zone::named("America/New_York").expect("a zone").offset_min(clock.now_ms());
        shown.push((offset_min, Local::new(clock.now_ms(), offset_min).iso()));
        clock.passes_days(91);
    }
    let sheet = ada.browser().gets(PINS).await.body;
    shown.iter().for_each(|(_, iso)| assert!(sheet.contains(iso), "{iso} in {sheet}"));
    shown.dedup_by_key(|(offset_min, _)| *offset_min);
    assert!(shown.len() > 1, "{shown:?}");
}

#[tokio::test]
async fn everyone_pins_and_unpins_and_a_page_and_the_sheet_say_so() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["**rules**", "chatter"]).await;

    ben.pins(1, true).await;
    assert_eq!(ada.sees_pin("Ben", 1, true).await, 3);
    ada.pins(2, true).await;
    ada.sees_pin("Ada", 2, true).await;
    assert_eq!(ada.finds_pin_at(1).await, (3, Some("Ben".to_owned())));
    assert_eq!(ada.finds_on_the_wall().await, ["chatter", "rules"], "what was pinned last first");
    let sheet = ada.browser().gets(PINS).await;
    assert!(sheet.body.contains("Pinned by Ben") && sheet.body.contains("href=\"/rooms/madang/1\""), "{}", sheet.body);
    assert!(sheet.body.contains("2 pinned · at most 100"), "{}", sheet.body);
    let about = ada.browser().gets("/rooms/madang/about").await;
    assert!(about.body.contains("Pinned messages (2)"), "{}", about.body);
    let page = ada.browser().gets("/rooms/madang").await;
    assert!(page.body.contains("Pinned by Ben"), "{}", page.body);

    ada.pins(1, false).await;
    assert_eq!(ada.sees_pin("Ada", 1, false).await, 5);
    assert_eq!(ben.finds_pin_at(1).await, (5, None));
    assert_eq!(ben.finds_on_the_wall().await, ["chatter"]);
}

#[tokio::test]
async fn a_pin_counts_once_however_often_it_is_asked_for_and_stays_who_was_first() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["rules"]).await;
    let cid = fresh_cid();
    for _ in 0..2 {
        ben.pins_under(cid, 1, true).await;
        assert_eq!(ben.sees_pin("Ben", 1, true).await, 2);
    }
    ada.pins(1, true).await;
    assert_eq!(ben.sees_pin("Ada", 1, true).await, 3);
    assert_eq!(ada.finds_pin_at(1).await, (3, Some("Ben".to_owned())));
    assert_eq!(ada.finds_on_the_wall().await, ["rules"]);
    ben.pins_under(cid, 1, false).await;
    ben.is_refused(Refusal::MessageChanged).await;
}

#[tokio::test]
async fn what_is_deleted_is_no_longer_pinned_and_nothing_of_it_is_left() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["secret", "stays"]).await;
    for of in [1, 2] {
        ben.pins(of, true).await;
        ben.sees_pin("Ben", of, true).await;
    }
    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 1, cid: fresh_cid() }).await;
    ben.sees_event("deletion").await;
    assert_eq!(ben.finds_pin_at(1).await, (0, None));
    assert_eq!(ben.finds_on_the_wall().await, ["stays"]);
    let cid = ben.pins(1, true).await;
    assert_eq!(ben.is_refused(Refusal::MessageDeleted).await.0, Some(cid));
    let about = ben.browser().gets("/rooms/madang/about").await;
    assert!(about.body.contains("Pinned messages (1)"), "it takes no place either: {}", about.body);
}

#[tokio::test]
async fn only_messages_are_pinned_and_only_so_many() {
    let town = Town::plan().set(|config| config.pins_per_room = 2).open().await;
    let (mut ada, mut ben) = town.two_with(&["one", "two", "three"]).await;
    for of in [0, 4, -1, Seq::MAX, 1 << 40 | 1] {
        let cid = ben.pins(of, true).await;
        assert_eq!(ben.is_refused(Refusal::MessageUnknown).await.0, Some(cid), "{of}");
    }
    for of in [1, 2] {
        ben.pins(of, true).await;
        ben.sees_pin("Ben", of, true).await;
    }
    let cid = ben.pins(3, true).await;
    assert_eq!(ben.is_refused(Refusal::PinsFull).await.0, Some(cid));
    ben.pins(2, true).await;
    ben.sees_pin("Ben", 2, true).await;
    ada.creates("Dev").await;
    let dev = ada.has_created().await;
    let mut there = ada.opens_another_tab().await;
    there.opens(&dev).await;
    there.posts("elsewhere").await;
    there.asks(ClientFrame::Pin { room: dev.as_str().into(), of: 1, cid: fresh_cid(), on: true }).await;
    there.sees_up_to(2).await;
    let wall = ada.browser().gets(&format!("/rooms/{dev}/pins")).await;
    assert!(wall.body.contains("elsewhere") && wall.body.matches("pin-text").count() == 1, "{}", wall.body);
    assert_eq!(ben.finds_on_the_wall().await, ["two", "one"], "what is pinned elsewhere is not here");
    ben.pins(1, false).await;
    ben.sees_pin("Ben", 1, false).await;
    ben.pins(3, true).await;
    ben.sees_pin("Ben", 3, true).await;
    assert_eq!(ben.finds_on_the_wall().await, ["three", "two"]);
}

#[tokio::test]
async fn whoever_was_away_gets_pins_too_also_after_a_restart() {
    let mut town = Town::open().await;
    let (mut ada, ben) = town.two_with(&["rules"]).await;
    let browser = ben.drops_off();
    ada.pins(1, true).await;
    ada.sees_pin("Ada", 1, true).await;
    town.restarts().await;

    let mut ben = browser.opens_a_tab("Ben").await;
    ben.resumes("madang", 1).await;
    assert_eq!(ben.sees_pin("Ada", 1, true).await, 2);
    assert_eq!(ben.is_resumed("madang").await.head, 2);
    assert_eq!(ben.finds_on_the_wall().await, ["rules"]);
}

#[tokio::test]
async fn the_sheet_unpins_and_says_why_where_it_cannot() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_with(&["rules"]).await;
    ada.pins(1, true).await;
    ada.sees_pin("Ada", 1, true).await;
    ben.sees_pin("Ada", 1, true).await;

    let unpinned = ben.browser().submits(PINS, &[("unpin", "1")]).await;
    assert_eq!(unpinned.leads_to(), Some(PINS));
    ada.sees_pin("Ben", 1, false).await;
    assert_eq!(ben.finds_on_the_wall().await, Vec::<String>::new());
    assert!(ben.browser().gets(PINS).await.shown().contains("Nothing is pinned to this room yet."));

    let refused = ben.browser().submits(PINS, &[("unpin", "77")]).await;
    let why = (app::i18n::Lang::En.words().refusal)(Refusal::MessageUnknown);
    assert_eq!((refused.status, refused.shown().contains(why)), (422, true), "{}", refused.shown());
}

#[tokio::test]
async fn the_wall_of_a_closed_room_is_not_there_for_others_and_that_of_an_archived_one_stays_as_it_is() {
    let town = Town::open().await;
    let (mut ada, ben) = town.two_with(&[]).await;
    let slug = ada.makes_private("Plans").await;
    ada.opens(&slug).await;
    ada.posts("plan").await;
    ada.sees("Ada", "plan").await;
    ada.asks(ClientFrame::Pin { room: slug.as_str().into(), of: 1, cid: fresh_cid(), on: true }).await;
    ada.sees_pin("Ada", 1, true).await;
    let path = format!("/rooms/{slug}/pins");
    assert_eq!(ben.browser().gets(&path).await.status, 404);
    assert_eq!(ben.browser().submits(&path, &[("unpin", "1")]).await.status, 404);

    ada.does(&slug, "archive", "").await;
    let sheet = ada.browser().gets(&path).await;
    assert!(sheet.body.contains("plan") && !sheet.body.contains("name=\"unpin\""), "{}", sheet.body);
    ada.asks(ClientFrame::Pin { room: slug.as_str().into(), of: 1, cid: fresh_cid(), on: false }).await;
    ada.is_refused(Refusal::RoomArchived).await;
}
