//! What is said later takes along what it was written with: its files, which its writer alone reads until then and which stay as long
//! as it waits, and the message or the thread that it answers. What of these is gone by then is told, and nothing is lost.

use app::file::File;
use app::message::{Event, Seq};
use reqwest::Method;
use reqwest::multipart::{Form, Part};

use crate::files::{files_in, until};
use crate::scheduled::{HOUR_MS, at, form_id};
use crate::support::{Answer, HeldClock, Person, Town, Visitor};

const ROOM: &str = "/rooms/madang/later";

/// A town with a clock of its own, Ada who writes, and Ben who listens.
async fn two_in(clock: &HeldClock) -> (Town, Person, Person) {
    let town = Town::plan().clock(clock).set(|config| config.upload_hours = 1).open().await;
    let (ada, ben) = town.two_in("madang").await;
    (town, ada, ben)
}

/// Has a message sent in an hour, with what the form says besides.
async fn schedules(visitor: &Visitor, clock: &HeldClock, text: &str, besides: &[(&str, &str)]) -> Answer {
    let (id, at) = (form_id(&visitor.gets(ROOM).await), at(clock, HOUR_MS));
    let form = [("id", id.as_str()), ("text", text), ("at", &at)];
    visitor.submits(ROOM, &[&form, besides].concat()).await
}

/// The form of the first message that waits.
async fn first_form(visitor: &Visitor) -> (String, Answer) {
    let path = format!("/scheduled/{}", form_id(&visitor.gets("/scheduled").await));
    let form = visitor.gets(&path).await;
    (path, form)
}

async fn comes_due(town: &Town, clock: &HeldClock) {
    clock.passes_ms(HOUR_MS);
    town.says_what_is_due().await;
}

fn path(file: &File) -> String {
    file.path(&"madang".into())
}

fn quoted(event: &Event) -> Option<(Seq, &str)> {
    event.reply().map(|quote| (quote.of, quote.text.as_str()))
}

#[tokio::test]
async fn its_files_are_its_writers_alone_until_it_is_said_and_outlast_the_sweep_of_what_was_never_sent() {
    let clock = HeldClock::new();
    let (town, ada, mut ben) = two_in(&clock).await;
    let (browser, reader) = (ada.browser(), ben.browser());
    let (one, two) = (browser.uploads("one.txt", b"first").await, browser.uploads("two.txt", b"second").await);
    let stray = browser.uploads("stray.txt", b"never sent").await;
    let both = format!("{} {}", two.id.0, one.id.0);
    let from_box = browser.submits(ROOM, &[("text", ""), ("file", &both), ("reply_to", "")]).await;
    assert!(from_box.body.contains("data-from-box") && from_box.shown().contains("two.txt"), "{from_box:?}");
    // No words are needed where there are files.
    assert_eq!(schedules(&browser, &clock, "", &[("file", &both)]).await.leads_to(), Some("/scheduled"));
    let list = browser.gets("/scheduled").await;
    assert!(list.body.contains(&path(&one)) && list.body.contains(&path(&two)), "{list:?}");
    assert!(!reader.gets("/scheduled").await.body.contains(&path(&one)));

    // A look at what is due that is still under way would find it once the hour has passed.
    town.says_what_is_due().await;
    clock.passes_ms(HOUR_MS + HOUR_MS / 2);
    // The sweep comes first, as if the program had been asleep.
    town.sweeps().await;
    assert_eq!(browser.gets(&path(&stray)).await.status, 404, "what was never sent is swept away");
    assert_eq!(browser.reads_bytes(&path(&one)).await, b"first");
    assert_eq!(reader.gets(&path(&one)).await.status, 404);
    // Nothing else can have it meanwhile, nor can it be thrown away as an upload.
    let upload = format!("/rooms/madang/uploads/{}", one.id.0);
    assert_eq!(browser.sends(browser.as_program(Method::DELETE, &upload)).await.status, 404);
    let other = schedules(&browser, &clock, "the same file", &[("file", &one.id.0)]).await;
    assert!(other.status == 404 && other.shown().contains("isn't here any more"), "{other:?}");
    assert!(other.shown().contains("the same file"), "nothing that was typed is lost");
    let stranger = schedules(&reader, &clock, "not mine", &[("file", &two.id.0)]).await;
    assert_eq!(stranger.status, 404, "{stranger:?}");

    town.says_what_is_due().await;
    let said = ben.sees_event("message with files").await;
    assert_eq!((said.text(), said.files()), ("", &[two, one.clone()][..]));
    assert_eq!(reader.reads_bytes(&path(&one)).await, b"first");
    town.sweeps().await;
    assert_eq!(reader.reads_bytes(&path(&one)).await, b"first");
}

#[tokio::test]
async fn its_files_are_deleted_with_it_and_one_that_is_taken_out_at_once() {
    let clock = HeldClock::new();
    let (town, ada, mut ben) = two_in(&clock).await;
    let (browser, folder) = (ada.browser(), town.folder().join("files"));
    let (one, two) = (browser.uploads("one.txt", b"first").await, browser.uploads("two.txt", b"second").await);
    let both = format!("{} {}", one.id.0, two.id.0);
    assert_eq!(schedules(&browser, &clock, "papers", &[("file", &both)]).await.status, 303);
    let (path_of_it, form) = first_form(&browser).await;
    assert!(form.shown().contains("one.txt") && form.shown().contains("two.txt"), "{form:?}");

    let at = at(&clock, HOUR_MS);
    let kept = browser.submits(&path_of_it, &[("text", "paper"), ("at", &at), ("file", &two.id.0)]).await;
    assert_eq!(kept.leads_to(), Some("/scheduled"), "{kept:?}");
    until("one of two is deleted", || files_in(&folder) == 1).await;
    assert_eq!(browser.gets(&path(&one)).await.status, 404);
    assert_eq!(browser.reads_bytes(&path(&two)).await, b"second");

    let id = form_id(&browser.gets("/scheduled").await);
    assert_eq!(browser.submits("/scheduled", &[("do", "cancel"), ("id", &id)]).await.status, 303);
    until("all of it is deleted", || files_in(&folder) == 0).await;
    assert_eq!(browser.gets(&path(&two)).await.status, 404);
    comes_due(&town, &clock).await;
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn it_answers_what_it_was_written_for_in_the_room_or_in_a_thread_and_changing_it_keeps_that() {
    let clock = HeldClock::new();
    let (town, mut ada, mut ben) = two_in(&clock).await;
    ben.posts("lunch?").await;
    ada.sees("Ben", "lunch?").await;
    ben.sees("Ben", "lunch?").await;
    let browser = ada.browser();
    for (text, besides) in [
        ("yes", &[("reply_to", "1")][..]),
        ("in the thread", &[("thread", "1")][..]),
        ("to both", &[("thread", "1"), ("also", "on")][..]),
    ] {
        let from_box = browser.submits(ROOM, &[&[("text", text)][..], besides].concat()).await;
        assert!(from_box.shown().contains("lunch?"), "what it answers is shown: {from_box:?}");
        assert_eq!(schedules(&browser, &clock, text, besides).await.status, 303, "{text}");
    }
    assert_eq!(browser.gets("/scheduled").await.body.matches("lunch?").count(), 3);
    let (path, form) = first_form(&browser).await;
    assert!(form.body.contains("name=\"reply_to\" value=\"1\" checked"), "{form:?}");
    let changed = [("text", "yes, at one"), ("at", &at(&clock, HOUR_MS)), ("reply_to", "1")];
    assert_eq!(browser.submits(&path, &changed).await.status, 303);

    comes_due(&town, &clock).await;
    let yes = ben.sees("Ada", "yes, at one").await;
    assert_eq!((quoted(&yes), yes.within()), (Some((1, "lunch?")), None));
    let within = ben.sees("Ada", "in the thread").await;
    assert_eq!(within.within().map(|place| (place.of, place.also, place.count)), Some((1, false, 1)));
    let both = ben.sees("Ada", "to both").await;
    assert_eq!(both.within().map(|place| (place.of, place.also, place.count)), Some((1, true, 2)));
    assert_eq!(quoted(&both), Some((1, "lunch?")));
    // The thread's own box leads here, too.
    let thread = browser.gets("/rooms/madang/1/thread").await;
    assert!(thread.body.contains("formaction=\"/rooms/madang/later\" name=\"thread\" value=\"1\""), "{thread:?}");

    for (besides, why) in [(("reply_to", "99"), "no such message"), (("thread", "3"), "no such message")] {
        let refused = schedules(&browser, &clock, "to nothing", &[besides]).await;
        assert!(refused.status == 422 && refused.shown().contains(why), "{refused:?}");
    }
}

#[tokio::test]
async fn what_it_answers_may_be_deleted_by_then_and_its_writer_decides() {
    let clock = HeldClock::new();
    let (town, mut ada, mut ben) = two_in(&clock).await;
    for text in ["one", "two", "three"] {
        let cid = ben.posts(text).await;
        ada.sees("Ben", text).await;
        assert_eq!(ben.sees("Ben", text).await.cid, Some(cid));
    }
    let browser = ada.browser();
    let file = browser.uploads("notes.txt", b"notes").await;
    assert_eq!(schedules(&browser, &clock, "to one", &[("reply_to", "1"), ("file", &file.id.0)]).await.status, 303);
    assert_eq!(schedules(&browser, &clock, "in two", &[("thread", "2")]).await.status, 303);
    assert_eq!(schedules(&browser, &clock, "to three", &[("reply_to", "3")]).await.status, 303);
    for of in [1, 2, 3] {
        ben.asks(app::protocol::ClientFrame::Delete { room: "madang".into(), of, cid: crate::support::fresh_cid() })
            .await;
        ben.sees_event("deletion").await;
        ada.sees_event("deletion").await;
    }
    for waiting in 1..=3 {
        ada.has_scheduled(waiting, 0).await;
    }
    comes_due(&town, &clock).await;
    ben.sees_nothing_more().await;
    for refused in 1..=3 {
        ada.has_scheduled(3, refused).await;
    }
    let list = browser.gets("/scheduled").await;
    assert_eq!(list.shown().matches("The message that it answers was deleted.").count(), 3, "{}", list.shown());
    assert!(list.shown().contains("to one") && list.body.contains(&path(&file)), "nothing is lost");

    // All the same.
    let id = form_id(&list);
    assert_eq!(browser.submits("/scheduled", &[("do", "send"), ("id", &id)]).await.status, 303);
    let said = ben.sees("Ada", "to one").await;
    assert_eq!((quoted(&said), said.files()), (Some((1, "")), &[file][..]));
    // In its thread all the same.
    let id = form_id(&browser.gets("/scheduled").await);
    assert_eq!(browser.submits("/scheduled", &[("do", "send"), ("id", &id)]).await.status, 303);
    assert_eq!(ben.sees("Ada", "in two").await.within().map(|place| place.of), Some(2));
    // Without it, at another time; as long as it answers what is gone, the form says so.
    let (path, form) = first_form(&browser).await;
    assert!(form.shown().contains("Answers a deleted message"), "{form:?}");
    let at = at(&clock, HOUR_MS);
    let refused = browser.submits(&path, &[("text", "to three"), ("at", &at), ("reply_to", "3")]).await;
    assert!(refused.status == 422 && refused.shown().contains("was deleted"), "{refused:?}");
    assert_eq!(browser.submits(&path, &[("text", "to all"), ("at", &at)]).await.status, 303);
    comes_due(&town, &clock).await;
    assert_eq!(quoted(&ben.sees("Ada", "to all").await), None);
    for (waiting, refused) in [(2, 2), (1, 1), (1, 0), (0, 0)] {
        ada.has_scheduled(waiting, refused).await;
    }
}

#[tokio::test]
async fn a_file_that_is_gone_holds_its_message_back_with_a_sentence_and_the_rest_goes_without_it() {
    let clock = HeldClock::new();
    let (mut town, ada, ben) = two_in(&clock).await;
    let browser = ada.browser();
    let (one, two) = (browser.uploads("one.txt", b"first").await, browser.uploads("two.txt", b"second").await);
    let both = format!("{} {}", one.id.0, two.id.0);
    assert_eq!(schedules(&browser, &clock, "papers", &[("file", &both)]).await.status, 303);
    let (_, reader) = (ada.goes().await, ben.goes().await);
    town.closes().await;
    {
        let store = rusqlite::Connection::open(town.folder().join("madang.db")).expect("the store is there");
        let lost = store.execute("DELETE FROM file WHERE name = 'one.txt'", []).expect("it can be written");
        assert_eq!(lost, 1);
    }
    town.reopens().await;
    comes_due(&town, &clock).await;

    let list = browser.gets("/scheduled").await;
    let sentence = "One of its files isn't here any more.";
    assert!(list.shown().contains(&format!("Not sent. {sentence}")) && list.shown().contains("papers"), "{list:?}");
    let (path_of_it, form) = first_form(&browser).await;
    assert!(form.shown().contains(sentence) && form.shown().contains("two.txt"), "{form:?}");
    let id = form_id(&list);
    let again = browser.submits("/scheduled", &[("do", "send"), ("id", &id)]).await;
    assert!(again.status == 404 && again.shown().contains(sentence), "{again:?}");
    // The form as it stands: with the file that is there.
    let form = [("text", "papers"), ("at", &at(&clock, HOUR_MS)), ("file", &two.id.0)];
    assert_eq!(browser.submits(&path_of_it, &form).await.status, 303);
    comes_due(&town, &clock).await;
    assert_eq!(reader.gets("/rooms/madang").await.messages(), ["paperstwo.txt6 B"]);
    assert_eq!(reader.reads_bytes(&path(&two)).await, b"second");
}

#[tokio::test]
async fn who_is_out_of_the_room_by_then_keeps_words_and_files_and_the_room_never_sees_them() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).open().await;
    let (ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.makes_private_with("Plans", &mut ben).await;
    let browser = ben.browser();
    let form =
        Form::new().text("text", "from outside").part("files", Part::bytes(b"mine".to_vec()).file_name("mine.txt"));
    let asked = browser.as_browser(Method::POST, &format!("/rooms/{room}/later")).multipart(form);
    let drawn = browser.sends(asked).await;
    let file = drawn.body.split_once("name=\"file\" value=\"").expect("the file came with the form").1[..32].to_owned();
    let fields =
        [("id", &form_id(&drawn)[..]), ("text", "from outside"), ("at", &at(&clock, HOUR_MS)), ("file", &file)];
    assert_eq!(browser.submits(&format!("/rooms/{room}/later"), &fields).await.status, 303);
    assert_eq!(ben.leaves_for_good(&room).await.status, 303);
    comes_due(&town, &clock).await;

    ben.has_scheduled(1, 0).await;
    ben.has_scheduled(1, 1).await;
    let list = browser.gets("/scheduled").await;
    assert!(list.shown().contains("from outside") && list.shown().contains("mine.txt"), "{}", list.shown());
    assert_eq!(ada.browser().gets(&format!("/rooms/{room}")).await.messages(), Vec::<String>::new());
    let id = form_id(&list);
    assert_eq!(browser.submits("/scheduled", &[("do", "cancel"), ("id", &id)]).await.status, 303);
    let folder = town.folder().join("files");
    until("it is deleted", || files_in(&folder) == 0).await;
}

#[tokio::test]
async fn a_file_that_is_still_on_its_way_is_waited_for_and_nothing_is_taken_from_the_box() {
    let clock = HeldClock::new();
    let (_town, ada, _ben) = two_in(&clock).await;
    let browser = ada.browser();
    let file = browser.uploads("one.txt", b"first").await;
    let coming = format!("{} -", file.id.0);
    let told = browser.submits(ROOM, &[("text", "with both"), ("file", &coming)]).await;
    assert!(told.status == 422 && told.shown().contains("Not all of the files are there yet."), "{told:?}");
    assert!(!told.body.contains("<form"), "there is nothing yet to send");
    let too_many = [file.id.0.as_str(); 11].join(" ");
    let told = schedules(&browser, &clock, "many", &[("file", &too_many)]).await;
    assert!(told.status == 422 && told.shown().contains("At most 10 files fit"), "{told:?}");
    let twice = format!("{0} {0}", file.id.0);
    assert_eq!(schedules(&browser, &clock, "twice", &[("file", &twice)]).await.status, 404);
}
