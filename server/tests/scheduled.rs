//! What is to be said later is said then and never before, in order and once, whether or not its writer is there; what can't be
//! said is kept.

use std::time::Duration;

use app::protocol::ClientFrame;
use app::refusal::Refusal;
use reqwest::Method;

use crate::support::{Answer, HeldClock, Town, Visitor, fresh_cid, holds, in_time};

pub(crate) const HOUR_MS: i64 = 60 * 60 * 1_000;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A time as the field for it writes it, so many milliseconds from now, on a clock that shows UTC.
pub(crate) fn at(clock: &HeldClock, ahead_ms: i64) -> String {
    let seconds = (clock.now_ms() + ahead_ms) / 1_000;
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let minute = app::text::when::Local { day, minute: second / 60 }.iso();
    format!("{minute}:{:02}", second % 60)
}

/// Has a text sent later, by the form on its sheet; each time under another id.
async fn schedules(visitor: &Visitor, room: &str, text: &str, at: &str) -> Answer {
    let path = format!("/rooms/{room}/later");
    let id = form_id(&visitor.gets(&path).await);
    visitor.submits(&path, &[("id", &id), ("text", text), ("at", at)]).await
}

/// The id in the form, or of the first message on the list.
pub(crate) fn form_id(page: &Answer) -> String {
    let after = page.body.split_once("name=\"id\" value=\"").expect("the page has a form").1;
    after[..32].to_owned()
}

#[tokio::test]
async fn it_is_said_at_its_time_and_not_a_moment_before_though_its_writer_is_away() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let kept = schedules(&ada.browser(), "madang", "**점심** @Ben", &at(&clock, HOUR_MS)).await;
    assert_eq!(kept.leads_to(), Some("/scheduled"), "{kept:?}");
    ada.has_scheduled(1, 0).await;
    let list = ada.browser().gets("/scheduled").await;
    assert!(list.shown().contains("**점심** @Ben"), "{}", list.shown());
    let due_ms = clock.now_ms() + HOUR_MS;
    let browser = ada.goes().await;

    clock.passes_ms(HOUR_MS - 1);
    town.says_what_is_due().await;
    ben.sees_nothing_more().await;
    clock.passes_ms(1);
    town.says_what_is_due().await;
    let said = ben.sees("Ada", "**점심** @Ben").await;
    assert!(said.at_ms >= due_ms, "{} is before {due_ms}", said.at_ms);
    let app::message::What::Posted { markup: Some(markup), .. } = said.what else { panic!("it has no shape") };
    assert!(serde_json::to_string(&markup).expect("JSON").contains("@Ben"), "it calls whom it names");
    town.says_what_is_due().await;
    ben.sees_nothing_more().await;
    assert!(browser.gets("/scheduled").await.shown().contains("Nothing is scheduled"));
}

#[tokio::test]
async fn it_survives_a_restart_and_is_said_in_order_by_the_program_itself() {
    let clock = HeldClock::new();
    let mut town = Town::plan().clock(&clock).open().await;
    let ada = town.walks_in("Ada").await.goes().await;
    let ben = town.walks_in("Ben").await.goes().await;
    for (text, ahead_ms) in
        [("three", 3 * HOUR_MS), ("one", HOUR_MS), ("two, too", 2 * HOUR_MS), ("never", 9 * HOUR_MS)]
    {
        assert_eq!(schedules(&ada, "madang", text, &at(&clock, ahead_ms)).await.status, 303);
    }
    // At the same time: in the order in which they were written.
    assert_eq!(schedules(&ada, "madang", "three and a half", &at(&clock, 3 * HOUR_MS)).await.status, 303);
    town.closes().await;
    clock.passes_ms(4 * HOUR_MS);
    town.reopens().await;

    let mut ben = ben.opens_a_tab("Ben").await;
    let page = ben.opens("madang").await;
    let mut texts: Vec<String> = page.events.iter().map(|event| event.text().to_owned()).collect();
    while texts.len() < 4 {
        texts.push(ben.sees_event("what was due").await.text().to_owned());
    }
    assert_eq!(texts, ["one", "two, too", "three", "three and a half"]);
    ben.sees_nothing_more().await;
    assert!(ada.gets("/scheduled").await.shown().contains("never"));
    town.restarts().await;
    assert!(ada.gets("/rooms/madang").await.shown().contains("1 scheduled"));
    ada.opens_a_tab("Ada").await.has_scheduled(1, 0).await;
}

#[tokio::test]
async fn a_message_is_one_however_often_its_form_is_sent_and_whenever_the_program_stops() {
    let clock = HeldClock::new();
    let mut town = Town::plan().clock(&clock).open().await;
    let ada = town.walks_in("Ada").await.goes().await;
    let mut ben = town.walks_in("Ben").await;
    ben.opens("madang").await;
    let path = "/rooms/madang/later";
    let id = form_id(&ada.gets(path).await);
    let form = [("id", id.as_str()), ("text", "once"), ("at", &at(&clock, HOUR_MS))];
    for _ in 0..3 {
        assert_eq!(ada.submits(path, &form).await.status, 303);
    }
    clock.passes_ms(HOUR_MS);
    town.says_what_is_due().await;
    ben.sees("Ada", "once").await;

    // As if the program had stopped between saying it and noting that: it is still there, under the same id.
    let again = [form[0], form[1], ("at", &at(&clock, HOUR_MS))];
    assert_eq!(ada.submits(path, &again).await.status, 303);
    assert!(ada.gets("/scheduled").await.shown().contains("once"));
    let browser = ben.goes().await;
    town.closes().await;
    clock.passes_ms(HOUR_MS);
    town.reopens().await;
    town.says_what_is_due().await;
    assert!(ada.gets("/scheduled").await.shown().contains("Nothing is scheduled"));
    let mut ben = browser.opens_a_tab("Ben").await;
    let page = ben.opens("madang").await;
    assert_eq!(page.events.iter().filter(|event| event.text() == "once").count(), 1);
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn it_is_changed_sent_at_once_or_taken_back_by_its_writer_alone() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ben.opens("madang").await;
    let browser = ada.browser();
    schedules(&browser, "madang", "frist", &at(&clock, HOUR_MS)).await;
    ada.has_scheduled(1, 0).await;
    let id = form_id(&browser.gets("/scheduled").await);
    let path = format!("/scheduled/{id}");

    let stranger = ben.browser();
    assert_eq!(stranger.gets(&path).await.status, 404);
    assert_eq!(stranger.submits(&path, &[("text", "mine"), ("at", &at(&clock, HOUR_MS))]).await.status, 404);
    for what in ["send", "cancel"] {
        let refused = stranger.submits("/scheduled", &[("do", what), ("id", &id)]).await;
        assert_eq!(refused.status, 422, "{what}");
        assert!(refused.shown().contains("already sent or deleted") && !refused.shown().contains("frist"), "{what}");
    }
    assert!(!stranger.gets("/scheduled").await.shown().contains("frist"));
    assert_eq!(town.visitor().gets("/scheduled").await.status, 401);

    assert!(browser.gets(&path).await.shown().contains("frist"));
    let changed = browser.submits(&path, &[("text", "first"), ("at", &at(&clock, 2 * HOUR_MS))]).await;
    assert_eq!(changed.leads_to(), Some("/scheduled"), "{changed:?}");
    ada.has_scheduled(1, 0).await;
    clock.passes_ms(HOUR_MS);
    town.says_what_is_due().await;
    ben.sees_nothing_more().await;
    assert_eq!(browser.submits("/scheduled", &[("do", "send"), ("id", &id)]).await.status, 303);
    ben.sees("Ada", "first").await;
    ada.has_scheduled(0, 0).await;
    assert_eq!(browser.submits("/scheduled", &[("do", "send"), ("id", &id)]).await.status, 422);

    schedules(&browser, "madang", "second thoughts", &at(&clock, HOUR_MS)).await;
    let id = form_id(&browser.gets("/scheduled").await);
    assert_eq!(browser.submits("/scheduled", &[("do", "cancel"), ("id", &id)]).await.status, 303);
    clock.passes_ms(9 * HOUR_MS);
    town.says_what_is_due().await;
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn what_can_not_be_said_is_kept_for_its_writer_with_the_reason_and_can_be_said_elsewhen() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    let mut ben = town.walks_in("Ben").await;
    let room = ada.makes_private_with("Plans", &mut ben).await;
    schedules(&ada.browser(), &room, "to an archive", &at(&clock, HOUR_MS)).await;
    schedules(&ben.browser(), &room, "from outside", &at(&clock, HOUR_MS)).await;
    ada.has_scheduled(1, 0).await;
    ben.has_scheduled(1, 0).await;
    assert_eq!(ben.leaves_for_good(&room).await.status, 303);
    assert_eq!(ada.does(&room, "archive", "").await.status, 303);
    clock.passes_ms(HOUR_MS);
    town.says_what_is_due().await;

    ada.has_scheduled(1, 1).await;
    ben.has_scheduled(1, 1).await;
    let list = ada.browser().gets("/scheduled").await;
    assert!(list.shown().contains("to an archive") && list.tells(Refusal::RoomArchived), "{}", list.shown());
    assert!(list.shown().contains("Plans"), "{}", list.shown());
    let bens = ben.browser().gets("/scheduled").await;
    assert!(bens.shown().contains("from outside") && bens.tells(Refusal::RoomUnknown), "{}", bens.shown());
    assert!(!bens.shown().contains("Plans"), "a room that is not there for him is not named");
    // Whoever comes back is told, and the first page says it, too.
    ada.opens_another_tab().await.has_scheduled(1, 1).await;
    let page = ada.browser().gets("/rooms/madang").await;
    assert!(page.body.contains(r#""scheduled":{"waiting":1,"refused":1}"#) && page.shown().contains("1 not sent"));
    let again = schedules(&ada.browser(), &room, "again", &at(&clock, HOUR_MS)).await;
    assert!(again.status == 422 && again.tells(Refusal::RoomArchived) && again.shown().contains("again"));

    assert_eq!(ada.does(&room, "restore", "").await.status, 303);
    let id = form_id(&list);
    assert_eq!(ada.browser().submits("/scheduled", &[("do", "send"), ("id", &id)]).await.status, 303);
    ada.has_scheduled(0, 0).await;
    assert_eq!(ada.browser().gets(&format!("/rooms/{room}")).await.messages(), ["to an archive"]);

    // Ben's is still where it was, and with another time it is said once he may.
    ada.does(&room, "invite", "Ben").await;
    let id = form_id(&ben.browser().gets("/scheduled").await);
    let form = [("text", "from inside"), ("at", &at(&clock, HOUR_MS))];
    assert_eq!(ben.browser().submits(&format!("/scheduled/{id}"), &form).await.status, 303);
    ben.has_scheduled(1, 0).await;
    clock.passes_ms(HOUR_MS);
    town.says_what_is_due().await;
    ben.has_scheduled(0, 0).await;
    assert_eq!(ada.browser().gets(&format!("/rooms/{room}")).await.messages(), ["to an archive", "from inside"]);
}

#[tokio::test]
async fn what_is_on_its_way_is_not_changed_any_more_and_leaves_as_fast_as_one_may_speak() {
    let clock = HeldClock::new();
    let slow = |config: &mut server::config::Serve| (config.messages_per_second, config.message_burst) = (1, 1);
    let mut town = Town::plan().clock(&clock).unforgetting().set(slow).open().await;
    let (ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ben.opens("madang").await;
    let browser = ada.browser();
    for text in ["two", "one"] {
        let ahead_ms = if text == "one" { HOUR_MS } else { HOUR_MS + 1_000 };
        schedules(&browser, "madang", text, &at(&clock, ahead_ms)).await;
    }
    schedules(&browser, "madang", "much later", &at(&clock, 9 * HOUR_MS)).await;
    let list = browser.gets("/scheduled").await.body;
    let ids: Vec<&str> = list.split("name=\"id\" value=\"").skip(1).map(|rest| &rest[..32]).collect();
    clock.passes_ms(2 * HOUR_MS);
    town.says_what_is_due().await;
    ben.sees("Ada", "one").await;

    // It could not be said at once, and waits for its turn.
    for what in ["send", "cancel"] {
        assert_eq!(browser.submits("/scheduled", &[("do", what), ("id", ids[1])]).await.status, 422, "{what}");
    }
    let form = [("text", "changed"), ("at", &at(&clock, 3 * HOUR_MS))];
    let changed = browser.submits(&format!("/scheduled/{}", ids[1]), &form).await;
    assert!(changed.status == 422 || changed.status == 404, "{changed:?}");
    // Who was too fast is forgotten with the program.
    town.restarts().await;
    let mut ben = ben.drops_off().opens_a_tab("Ben").await;
    ben.resumes("madang", 1).await;
    ben.sees("Ada", "two").await;

    // What is sent by hand too fast waits as before, and can be taken back.
    let hurried = browser.submits("/scheduled", &[("do", "send"), ("id", ids[2])]).await;
    assert!(hurried.tells(Refusal::TooFast) && hurried.shown().contains("much later"), "{hurried:?}");
    assert_eq!(browser.submits("/scheduled", &[("do", "cancel"), ("id", ids[2])]).await.status, 303);
    ben.sees_nothing_more().await;
}

/// As if the program ended at a step: whatever it does to this table from here on fails, until the town [`recovers`].
async fn dies_at(town: &mut Town, step: &str) {
    town.closes().await;
    town.rules(&format!("CREATE TRIGGER death BEFORE {step} BEGIN SELECT RAISE(ABORT, 'the end'); END"));
    town.reopens().await;
}

async fn recovers(town: &mut Town) {
    town.closes().await;
    town.rules("DROP TRIGGER death");
    town.reopens().await;
}

#[tokio::test]
async fn what_is_sent_by_hand_as_the_program_ends_is_neither_lost_nor_said_twice() {
    for (step, is_said) in [("INSERT ON event", false), ("DELETE ON scheduled", true)] {
        let clock = HeldClock::new();
        let mut town = Town::plan().clock(&clock).open().await;
        let ada = town.walks_in("Ada").await.goes().await;
        let ben = town.walks_in("Ben").await.goes().await;
        schedules(&ada, "madang", "by hand", &at(&clock, HOUR_MS)).await;
        let id = form_id(&ada.gets("/scheduled").await);
        dies_at(&mut town, step).await;
        assert_eq!(ada.submits("/scheduled", &[("do", "send"), ("id", &id)]).await.status, 500, "{step}");
        let said = ada.gets("/rooms/madang").await.messages();
        assert_eq!(said.len(), usize::from(is_said), "{step}: {said:?}");
        // Nobody knows whether it is said; so it can't be taken back, nor be made another one.
        assert_eq!(ada.submits("/scheduled", &[("do", "cancel"), ("id", &id)]).await.status, 422, "{step}");
        let form = [("text", "another"), ("at", &at(&clock, 2 * HOUR_MS))];
        assert_eq!(ada.submits(&format!("/scheduled/{id}"), &form).await.status, 422, "{step}");

        recovers(&mut town).await;
        town.says_what_is_due().await;
        assert_eq!(ada.gets("/rooms/madang").await.messages(), ["by hand"], "{step}");
        assert!(ada.gets("/scheduled").await.shown().contains("Nothing is scheduled"), "{step}");
        let mut ben = ben.opens_a_tab("Ben").await;
        ben.opens("madang").await;
        clock.passes_ms(HOUR_MS);
        town.says_what_is_due().await;
        ben.sees_nothing_more().await;
    }
}

#[tokio::test]
async fn what_was_said_counts_as_said_though_its_room_or_what_it_answers_is_gone_before_that_is_noted() {
    let clock = HeldClock::new();
    let mut town = Town::plan().clock(&clock).open().await;
    let (mut ada, mut ben) = town.two_with(&["one"]).await;
    let room = ada.makes_private_with("Plans", &mut ben).await;
    let (browser, path) = (ben.browser(), "/rooms/madang/later");
    let id = form_id(&browser.gets(path).await);
    let form = [("id", id.as_str()), ("text", "to one"), ("at", &at(&clock, HOUR_MS)), ("reply_to", "1")];
    assert_eq!(browser.submits(path, &form).await.status, 303);
    assert_eq!(schedules(&browser, &room, "to us", &at(&clock, 2 * HOUR_MS)).await.status, 303);
    let list = browser.gets("/scheduled").await.body;
    let ids: Vec<&str> = list.split("name=\"id\" value=\"").skip(1).map(|rest| &rest[..32]).collect();
    let (adas, bens) = (ada.goes().await, ben.goes().await);

    dies_at(&mut town, "DELETE ON scheduled").await;
    for id in ids {
        assert_eq!(bens.submits("/scheduled", &[("do", "send"), ("id", id)]).await.status, 500);
    }
    ada = adas.opens_a_tab("Ada").await;
    ada.opens("madang").await;
    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 1, cid: fresh_cid() }).await;
    ada.sees_event("deletion").await;
    ben = bens.opens_a_tab("Ben").await;
    assert_eq!(ben.leaves_for_good(&room).await.status, 303);
    let (adas, bens) = (ada.goes().await, ben.goes().await);
    recovers(&mut town).await;
    town.says_what_is_due().await;

    assert_eq!(adas.gets(&format!("/rooms/{room}")).await.messages(), ["to us"]);
    let list = bens.gets("/scheduled").await;
    assert!(list.shown().contains("Nothing is scheduled"), "{}", list.shown());
}

/// With so many messages a second, `burst` of them at once: this many of one person's are due while the town is closed, and it says
/// them by itself when it is open again, all of them in their order.
async fn says_all_that_was_due_while_closed(per_second: u32, burst: u32, count: usize) {
    let clock = HeldClock::new();
    let limits = |config: &mut server::config::Serve| {
        (config.messages_per_second, config.message_burst) = (per_second, burst);
        (config.lookup_burst, config.scheduled_per_person) = (1_000, 1_000);
    };
    // Nothing but the end of the wait wakes it.
    let mut town = Town::plan().clock(&clock).set(limits).looking_every(HOUR).open().await;
    let (ada, ben) = (town.visitor(), town.visitor());
    ada.walks_in("Ada").await;
    ben.walks_in("Ben").await;
    let texts: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    for text in &texts {
        let form = [("id", &fresh_cid().to_string()[..]), ("text", text), ("at", &at(&clock, HOUR_MS))];
        assert_eq!(ada.submits("/rooms/madang/later", &form).await.status, 303, "{text}");
    }
    town.closes().await;
    clock.passes_ms(HOUR_MS);
    town.reopens().await;
    let mut ben = ben.opens_a_tab("Ben").await;
    ben.resumes("madang", 0).await;
    for text in &texts {
        assert_eq!(ben.sees_event("what was due").await.text(), text);
    }
}

#[tokio::test]
async fn however_fast_they_are_due_the_messages_of_one_are_said_in_their_order_and_all_of_them() {
    says_all_that_was_due_while_closed(100, 1, 40).await;
}

#[tokio::test]
async fn more_than_are_taken_at_once_are_said_without_a_pause() {
    says_all_that_was_due_while_closed(10_000, 10_000, 300).await;
}

#[tokio::test]
async fn whatever_comes_to_be_the_next_one_is_waited_for() {
    // The program sleeps for an hour if nobody wakes it.
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).looking_every(HOUR).open().await;
    let (ada, mut ben) = (town.walks_in("Ada").await.browser(), town.walks_in("Ben").await);
    ben.opens("madang").await;
    schedules(&ada, "madang", "much later", &at(&clock, 5 * HOUR_MS)).await;
    let id = form_id(&ada.gets("/scheduled").await);
    schedules(&ada, "madang", "a new one", &at(&clock, 0)).await;
    ben.sees("Ada", "a new one").await;
    schedules(&ada, "madang", "again", &at(&clock, 0)).await;
    ben.sees("Ada", "again").await;
    let sooner = [("text", "sooner than it was"), ("at", &at(&clock, 0))];
    assert_eq!(ada.submits(&format!("/scheduled/{id}"), &sooner).await.status, 303);
    ben.sees("Ada", "sooner than it was").await;
}

#[tokio::test]
async fn the_program_wakes_by_itself_when_the_next_one_is_due_also_where_one_before_it_was_taken_back() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).looking_every(HOUR).open().await;
    let (ada, mut ben) = (town.walks_in("Ada").await.browser(), town.walks_in("Ben").await);
    ben.opens("madang").await;
    schedules(&ada, "madang", "never", &at(&clock, 1_000)).await;
    let id = form_id(&ada.gets("/scheduled").await);
    schedules(&ada, "madang", "in a moment", &at(&clock, 1_000)).await;
    assert_eq!(ada.submits("/scheduled", &[("do", "cancel"), ("id", &id)]).await.status, 303);
    // By now the program sleeps for the second that is left; nobody wakes it.
    clock.passes_ms(1_000);
    ben.sees("Ada", "in a moment").await;
    ben.sees_nothing_more().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn however_many_are_kept_at_the_same_moment_the_last_number_is_right() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).set(|config| config.scheduled_per_person = 1_000).open().await;
    let ada = town.walks_in("Ada").await.goes().await;
    let at = at(&clock, HOUR_MS);
    for round in 1..=100 {
        let all = (0..10).map(|_| {
            let (ada, at) = (ada.clone(), at.clone());
            tokio::spawn(async move { schedules(&ada, "madang", "one of many", &at).await.status })
        });
        for kept in futures_util::future::join_all(all).await {
            assert_eq!(kept.expect("nobody panics"), 303);
        }
        ada.opens_a_tab("Ada").await.has_scheduled(10 * round, 0).await;
    }
}

#[tokio::test]
async fn a_clock_that_is_set_is_noticed() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).looking_every(Duration::from_millis(10)).open().await;
    let (ada, mut ben) = (town.walks_in("Ada").await.browser(), town.walks_in("Ben").await);
    ben.opens("madang").await;
    schedules(&ada, "madang", "in nine hours", &at(&clock, 9 * HOUR_MS)).await;
    clock.passes_ms(9 * HOUR_MS);
    ben.sees("Ada", "in nine hours").await;
}

#[tokio::test]
async fn who_has_something_to_say_is_not_forgotten_until_it_is_said() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let ada = town.walks_in("Ada").await.goes().await;
    schedules(&ada, "madang", "in a hundred days", &at(&clock, 100 * 24 * HOUR_MS)).await;
    clock.passes_days(99);
    town.is_tended().await;

    let mut ben = town.walks_in("Ben").await;
    ben.opens("madang").await;
    clock.passes_days(2);
    town.says_what_is_due().await;
    ben.sees("Ada", "in a hundred days").await;
}

#[tokio::test]
async fn of_what_was_sent_later_and_deleted_nothing_is_left() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    schedules(&ada.browser(), "madang", "a secret for later", &at(&clock, HOUR_MS)).await;
    clock.passes_ms(HOUR_MS);
    town.says_what_is_due().await;
    ada.sees("Ada", "a secret for later").await;
    assert!(holds(&town.folder(), "a secret for later"), "as a control");
    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 1, cid: fresh_cid() }).await;
    ada.sees_event("deletion").await;
    let gone = async {
        while holds(&town.folder(), "a secret for later") {
            tokio::task::yield_now().await;
        }
    };
    in_time(|| "folder without the secret".to_owned(), gone).await;
}

#[tokio::test]
async fn what_is_no_time_or_no_message_comes_back_with_its_reason_and_all_that_was_typed() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).set(|config| config.scheduled_per_person = 2).open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let later = at(&clock, HOUR_MS);
    let long = "가".repeat(8_001);
    for (text, at, sentence) in [
        ("hi", String::new(), "Please choose a day and a time."),
        ("hi", "soon".to_owned(), "Please choose a day and a time."),
        ("hi", at(&clock, -1_000), "That time has passed."),
        ("hi", at(&clock, 400 * 24 * HOUR_MS), "within the next 366 days."),
        (" ", later.clone(), "nothing in the message"),
        (long.as_str(), later.clone(), "The message is too long."),
        ("/topic x", later.clone(), "Commands can&#x27;t be sent later."),
        ("/dance", later.clone(), "There&#x27;s no such command"),
    ] {
        let page = schedules(&ada, "madang", text, &at).await;
        let shown = page.shown().replace('\'', "&#x27;");
        assert_eq!(page.status, 422, "{text:.10} {at}");
        assert!(shown.contains(sentence), "{text:.10} {at}: {shown:.2000}");
        assert!(shown.contains(&format!("\n{}", text.trim_end())), "{text:.10} {at} stays: {shown:.2000}");
    }
    let markup = schedules(&ada, "madang", "a</textarea><b>&lt;", "soon").await;
    assert!(markup.body.contains("\na&lt;/textarea>&lt;b>&amp;lt;</textarea>"), "{}", markup.body);
    for (text, status) in [("one", 303), ("two", 303), ("three", 422)] {
        let page = schedules(&ada, "madang", text, &later).await;
        assert_eq!(page.status, status, "{text}");
        assert!(status == 303 || page.shown().contains("You have 2 scheduled already"), "{}", page.shown());
    }
    assert_eq!(schedules(&ada, "madang", "//leave", &later).await.status, 422, "there is no place any more");
    assert_eq!(town.visitor().gets("/rooms/madang/later").await.status, 401);
    assert_eq!(ada.gets("/rooms/~0123/later").await.status, 404);
}

#[tokio::test]
async fn the_times_that_are_offered_are_those_of_the_writers_clock() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    ada.has_cookie("zone=Asia/Seoul");
    // The clock stands at 2026-11-18T11:06:40Z, a Wednesday: in Seoul it is evening.
    let box_text = ada.submits("/rooms/madang/later", &[("cid", "junk"), ("text", "from the box")]).await;
    assert_eq!(box_text.status, 200);
    assert!(box_text.shown().contains("\nfrom the box</textarea>") && box_text.shown().contains("data-from-box"));
    assert!(box_text.shown().contains("Thursday, November 19, 2026 9:00\u{a0}AM"), "{}", box_text.shown());
    assert!(box_text.shown().contains("Monday, November 23, 2026 9:00\u{a0}AM"), "{}", box_text.shown());
    assert!(box_text.shown().contains("Asia/Seoul"));
    for (when, shown) in [
        ("hour", "9:07\u{a0}PM"),
        ("tomorrow", "November 19, 2026 9:00\u{a0}AM"),
        ("monday", "November 23, 2026 9:00\u{a0}AM"),
    ] {
        let kept = ada.submits("/rooms/madang/later", &[("text", when), ("when", when), ("at", "")]).await;
        assert_eq!(kept.status, 303, "{kept:?}");
        let list = ada.gets("/scheduled").await;
        assert!(list.shown().contains(shown), "{when}: {}", list.shown());
    }
    let in_dialog = ada.as_browser(Method::GET, "/scheduled").header("sheet", "1");
    assert_eq!(ada.sends(in_dialog).await.header("sheet"), "1");
}
