//! A month of days on a sheet: those on which something was said lead to the first message, on the reader's clock.

use app::protocol::ClientFrame;
use app::thread::InThread;

use crate::support::{HeldClock, Person, Town, Visitor, fresh_cid};

/// The days that are links, and where they lead.
async fn days(reader: &Visitor, path: &str) -> Vec<(i64, String)> {
    let body = reader.gets(path).await.body;
    let (_, table) = body.split_once("<tbody>").expect("a table");
    let links = table.split("<a href=\"").skip(1).map(|link| {
        let (path, rest) = link.split_once('"').expect("an end of the address");
        let day = rest.split_once('>').expect("an end of the tag").1;
        let digits: String = day.chars().take_while(char::is_ascii_digit).collect();
        (digits.parse().expect("a day"), path.to_owned())
    });
    links.collect()
}

fn leads(days: &[(i64, &str)]) -> Vec<(i64, String)> {
    days.iter().map(|(day, path)| (*day, (*path).to_owned())).collect()
}

async fn says(person: &mut Person, text: &str) {
    person.posts(text).await;
    person.sees("Ada", text).await;
}

/// The held clock's first day as a month and a day, from the sheet itself: it is the only day with a message.
async fn first_day(reader: &Visitor) -> i64 {
    days(reader, "/rooms/madang/days").await[0].0
}

#[tokio::test]
async fn the_days_of_a_month_lead_to_their_first_messages_and_arrows_to_other_months() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let reader = ada.browser();
    says(&mut ada, "one").await;
    says(&mut ada, "two").await;
    let first = first_day(&reader).await;
    assert_eq!(days(&reader, "/rooms/madang/days").await, leads(&[(first, "/rooms/madang/1")]));
    let sheet = reader.gets("/rooms/madang/days").await;
    assert!(!sheet.body.contains("Earlier month") && !sheet.body.contains("Later month"));
    assert!(sheet.body.contains("aria-current=\"date\""), "today");

    clock.passes_days(62);
    let newest = days(&reader, "/rooms/madang/days").await;
    assert_eq!(newest, leads(&[(first, "/rooms/madang/1")]), "it begins with the month of the newest message");
    says(&mut ada, "much later").await;
    let sheet = reader.gets("/rooms/madang/days").await.body;
    assert!(sheet.contains("Earlier month") && !sheet.contains("Later month"));
    let later = days(&reader, "/rooms/madang/days").await;
    assert_eq!(later.len(), 1);
    assert_eq!(later[0].1, "/rooms/madang/3");
    // The arrow passes over months in which nothing was said.
    let (_, arrow) = sheet.split_once("<a href=\"/rooms/madang/days?month=").expect("an arrow");
    let month = arrow.split_once('"').expect("its end").0;
    let earlier = format!("/rooms/madang/days?month={month}");
    assert_eq!(days(&reader, &earlier).await, leads(&[(first, "/rooms/madang/1")]));
    assert!(reader.gets(&earlier).await.body.contains("Later month"));
    let quiet = reader.gets("/rooms/madang/days?month=1999-01").await;
    assert!(quiet.body.contains("Nothing was said in this month.") && quiet.body.contains("Later month"));
}

#[tokio::test]
async fn a_day_is_one_of_the_readers_clock() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let reader = ada.browser();
    says(&mut ada, "one").await;
    // Somewhere on the earth it is another day.
    let mut seen = Vec::new();
    for offset_min in [-720, 0, 840] {
        reader.has_cookie(&format!("utc_offset_min={offset_min}"));
        let day = (clock.now_ms() + offset_min * 60_000).div_euclid(86_400_000);
        let shown = first_day(&reader).await;
        let label = app::text::when::Local { day, minute: 0 }.date(app::i18n::Lang::En);
        let sheet = reader.gets("/rooms/madang/days").await;
        assert!(sheet.body.contains(&format!("aria-label=\"{label}\"")), "{label}: {}", sheet.body);
        seen.push(shown);
    }
    seen.dedup();
    assert!(seen.len() > 1, "{seen:?}");
}

#[tokio::test]
async fn a_day_of_replies_leads_to_the_first_that_was_said_to_the_room_too() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    says(&mut ada, "one").await;
    let first = first_day(&ada.browser()).await;
    clock.passes_days(1);
    for also in [false, true] {
        let (room, cid, text) = ("madang".into(), fresh_cid(), "a reply".to_owned());
        let within = Some(InThread { of: 1, also, ..InThread::default() });
        ada.asks(ClientFrame::Post { room, cid, text, files: Vec::new(), reply_to: None, within }).await;
        ada.sees("Ada", "a reply").await;
    }
    let leads_to = leads(&[(first, "/rooms/madang/1"), (first + 1, "/rooms/madang/3")]);
    assert_eq!(days(&ada.browser(), "/rooms/madang/days").await, leads_to);
}

#[tokio::test]
async fn a_day_of_changes_alone_and_nonsense_lead_nowhere() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let reader = ada.browser();
    assert_eq!(days(&reader, "/rooms/madang/days").await, leads(&[]), "an empty room");
    says(&mut ada, "one").await;
    clock.passes_days(1);
    ada.renames("Adah").await;
    ada.sees_rename("Ada", "Adah").await;
    let all: usize = {
        let months = ["/rooms/madang/days", "/rooms/madang/days?month=nonsense", "/rooms/madang/days?month="];
        let mut count = 0;
        for path in months {
            count += days(&reader, path).await.len();
        }
        count
    };
    assert!(all <= 3, "the day of the new name is no day on which something was said");
    for month in ["9999-12", "0000-00", "-1", "2026-11;drop", "%F0%9F%98%80"] {
        assert_eq!(reader.gets(&format!("/rooms/madang/days?month={month}")).await.status, 200, "{month}");
    }
    assert_eq!(reader.gets("/rooms/nowhere/days").await.status, 404);
    assert_eq!(town.visitor().gets("/rooms/madang/days").await.status, 401);
}
