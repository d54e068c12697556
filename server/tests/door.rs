//! Who writes without scripts and is not in any more keeps their words: they stand at the door, go along with the name, and come back
//! in the box for which they were written. Nobody else comes to see them.

use app::refusal::Refusal;
use reqwest::Method;

use crate::support::{Answer, Person, Town, Visitor, fresh_cid, holds};

const WORDS: &str = "a <b>long</b> text\nin two lines";
const AS_HTML: &str = "\na &lt;b>long&lt;/b> text\nin two lines</textarea>";

/// Ada, who has said something, and whose browser then forgets who she is.
async fn forgotten(town: &Town) -> (Person, Visitor) {
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.posts("lunch?").await;
    ada.sees("Ada", "lunch?").await;
    let browser = town.visitor();
    browser.has_cookie("madang=nobody; Path=/");
    (ada, browser)
}

/// What stands in the first box of an answer, as HTML.
fn in_box(answer: &Answer) -> &str {
    let area = answer.shown().split_once("<textarea").expect("a box").1;
    area.split_once('>').expect("its tag ends").1.split_once("</textarea>").expect("its end").0
}

/// The value of a hidden field.
fn hidden<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let after = answer.body.split_once(&format!("name=\"{name}\" value=\""))?.1;
    after.split('"').next()
}

/// Fills in the door with a name, with all that stands in its form.
async fn walks_in_again(browser: &Visitor, door: &Answer, name: &str) -> Answer {
    assert_eq!(door.status, 401, "{door:?}");
    assert!(door.shown().contains("You are no longer in."), "{}", door.shown());
    let text = in_box(door).trim_start_matches('\n').replace("&lt;", "<");
    let mut form = vec![("name", name), ("text", text.as_str())];
    for field in ["cid", "next", "at", "also", "files"] {
        form.extend(hidden(door, field).map(|value| (field, value)));
    }
    browser.submits("/enter", &form).await
}

#[tokio::test]
async fn words_for_a_room_come_back_in_its_box_and_are_sent_only_then() {
    let town = Town::open().await;
    let (mut ada, browser) = forgotten(&town).await;
    let cid = fresh_cid().to_string();

    let door = browser.submits("/rooms/madang/messages", &[("cid", &cid), ("text", WORDS)]).await;
    assert!(door.body.contains(AS_HTML), "{}", door.body);
    let room = walks_in_again(&browser, &door, "Grace").await;

    assert_eq!((room.status, room.headers("set-cookie").len()), (200, 1));
    assert!(in_box(&room).contains("a &lt;b&gt;long&lt;/b&gt; text\nin two lines"), "{}", in_box(&room));
    assert_eq!(room.messages(), ["lunch?"], "nothing is said by walking in");
    let sent =
        browser.submits("/rooms/madang/messages", &[("cid", &room.form_cid().to_string()), ("text", WORDS)]).await;
    assert_eq!(sent.leads_to(), Some("/rooms/madang"));
    ada.sees("Grace", WORDS).await;
}

#[tokio::test]
async fn words_that_came_with_files_come_back_without_them() {
    let town = Town::open().await;
    let (_ada, browser) = forgotten(&town).await;
    let large = vec![7; 3_000_000];
    let files: [(&str, &[u8]); 2] = [("one.bin", &large), ("two.bin", b"two")];

    let door = browser.sends_box("/rooms/madang/messages", &[("cid", "x"), ("text", WORDS)], &files).await;
    assert!(door.body.contains(AS_HTML) && door.shown().contains("choose them again"), "{}", door.body);
    let without = browser.sends_box("/rooms/madang/messages", &[("text", WORDS)], &[("", b"")]).await;
    assert!(without.body.contains(AS_HTML) && !without.shown().contains("choose them again"));
    let refused = walks_in_again(&browser, &door, " ").await;
    assert!(refused.shown().contains("choose them again"), "the second time, too");
    assert!(!town.folder().join("files").exists() || !holds(&town.folder().join("files"), "two"));
}

#[tokio::test]
async fn words_for_a_thread_come_back_there_and_so_do_those_of_an_edit() {
    let town = Town::open().await;
    let (_ada, browser) = forgotten(&town).await;
    let thread = "/rooms/madang/1/thread";

    let door = browser.sends_box(thread, &[("cid", "x"), ("text", WORDS), ("also", "on")], &[]).await;
    let back = walks_in_again(&browser, &door, "Grace").await;
    assert_eq!(back.status, 200);
    assert!(in_box(&back).contains("in two lines") && back.shown().contains("checked"), "{}", back.shown());

    let other = town.visitor();
    let door = other.submits(thread, &[("do", "edit"), ("of", "1"), ("text", WORDS)]).await;
    let back = walks_in_again(&other, &door, "Joan").await;
    assert!(in_box(&back).contains("in two lines") && !back.shown().contains("checked"), "{}", back.shown());
    let followed = town.visitor().submits(thread, &[("do", "follow")]).await;
    assert!(followed.status == 401 && followed.tells(Refusal::SignedOut), "where nothing was written all is as ever");
}

#[tokio::test]
async fn words_for_later_come_back_with_their_time_and_those_of_a_forwarded_message_with_it() {
    let town = Town::open().await;
    let (_ada, browser) = forgotten(&town).await;

    let form = [("id", "x"), ("text", WORDS), ("at", "2100-01-02T03:04")];
    let door = browser.submits("/rooms/madang/later", &form).await;
    let back = walks_in_again(&browser, &door, "Grace").await;
    assert!(back.body.contains(AS_HTML) && back.body.contains("value=\"2100-01-02T03:04\""), "{}", back.body);

    let other = town.visitor();
    let form = [("cid", &*fresh_cid().to_string()), ("comment", "look at \"this\""), ("to", "madang")];
    let door = other.submits("/rooms/madang/1/forward", &form).await;
    let back = walks_in_again(&other, &door, "Joan").await;
    assert_eq!(back.status, 200);
    assert!(
        back.body.contains("value=\"look at &quot;this&quot;\"") && back.shown().contains("lunch?"),
        "{}",
        back.body
    );
}

#[tokio::test]
async fn where_the_box_is_not_there_for_them_the_words_stand_alone() {
    let town = Town::open().await;
    let (mut ada, browser) = forgotten(&town).await;
    let secret = ada.makes_private("Budget").await;
    let scheduled = format!("/scheduled/{}", fresh_cid());
    ada.creates("Dev").await;
    let dev = ada.has_created().await;
    ada.does(&dev, "archive", "").await;
    let rooms = [format!("/rooms/{secret}/messages"), "/rooms/madang/9/thread".to_owned(), scheduled];
    for (number, path) in rooms.iter().chain([&format!("/rooms/{dev}/messages")]).enumerate() {
        let browser = if number == 0 { browser.clone() } else { town.visitor() };
        let door = browser.submits(path, &[("cid", "x"), ("text", WORDS)]).await;
        let alone = walks_in_again(&browser, &door, &format!("Grace {number}")).await;
        assert!(alone.status >= 400 && alone.headers("set-cookie").len() == 1, "{path}: {alone:?}");
        assert!(alone.body.contains(AS_HTML) && alone.shown().contains("readonly"), "{path}: {}", alone.body);
        assert!(!alone.body.contains("Budget"));
    }
}

#[tokio::test]
async fn a_name_that_is_refused_loses_no_word_and_a_second_press_goes_on() {
    let town = Town::open().await;
    let (_ada, browser) = forgotten(&town).await;
    let door = browser.submits("/rooms/madang/messages", &[("cid", "x"), ("text", WORDS)]).await;

    let refused = walks_in_again(&browser, &door, "ada").await;
    assert_eq!((refused.status, refused.headers("set-cookie").len()), (409, 0));
    assert!(
        refused.tells(Refusal::NameTaken) && refused.body.contains(AS_HTML) && refused.body.contains("value=\"ada\"")
    );

    assert_eq!(walks_in_again(&browser, &door, "Grace").await.status, 200);
    let again = walks_in_again(&browser, &door, "Grace").await;
    assert!(again.status == 200 && in_box(&again).contains("in two lines"), "also where the page is loaded again");
}

#[tokio::test]
async fn nobody_else_sees_the_words_and_the_server_keeps_none() {
    let town = Town::open().await;
    let (_ada, browser) = forgotten(&town).await;
    let secret = "the words of one person alone";
    let door = browser.submits("/rooms/madang/messages", &[("cid", "x"), ("text", secret)]).await;
    assert_eq!((door.header("cache-control"), door.leads_to()), ("no-store", None));
    let room = walks_in_again(&browser, &door, "Grace").await;
    assert!(room.body.contains(secret) && room.header("cache-control") == "no-store" && room.leads_to().is_none());

    assert!(!holds(&town.folder(), secret));
    for visitor in [&town.visitor(), &browser] {
        for path in ["/", "/rooms/madang", "/rooms/madang/later", "/rooms/madang/1/thread"] {
            assert!(!visitor.gets(path).await.body.contains(secret), "{path}");
        }
    }
    let elsewhere = [("name", "Eve"), ("next", "//evil.example/rooms"), ("text", secret)];
    let alone = town.visitor().submits("/enter", &elsewhere).await;
    assert!(
        alone.leads_to().is_none() && alone.body.contains(secret) && !alone.body.contains("evil"),
        "{}",
        alone.body
    );
}

#[tokio::test]
async fn a_stranger_can_write_no_more_than_the_longest_message() {
    let town = Town::open().await;
    let (_ada, browser) = forgotten(&town).await;
    let longest = "가".repeat(8_000);
    let door = browser.submits("/rooms/madang/messages", &[("cid", "x"), ("text", &longest)]).await;
    assert!(door.body.contains(&longest));
    assert_eq!(walks_in_again(&browser, &door, "Grace").await.status, 200);

    let stranger = town.visitor();
    let endless = "x".repeat(2_000_000);
    let plain = stranger.submits("/rooms/madang/messages", &[("cid", "x"), ("text", &endless)]).await;
    assert!(plain.status == 401 && plain.body.len() < 20_000, "{}", plain.body.len());
    let in_parts = stranger.sends_box("/rooms/madang/messages", &[("text", &endless)], &[]).await;
    assert!(in_parts.status == 401 && in_parts.body.len() < 300_000, "{}", in_parts.body.len());
    let entering = stranger.submits("/enter", &[("name", "Eve"), ("text", &endless)]).await;
    assert!(entering.status == 422 && entering.body.len() < 20_000, "{}", entering.status);
}

#[tokio::test]
async fn programs_and_dialogs_are_refused_as_ever() {
    let town = Town::open().await;
    let (_ada, browser) = forgotten(&town).await;
    let form = [("cid", "x"), ("text", WORDS)];
    let program = browser.sends(browser.as_program(Method::POST, "/rooms/madang/messages").form(&form)).await;
    assert_eq!((program.status, program.problem()["code"].as_str()), (401, Some("signed_out")));
    let dialog = browser.as_browser(Method::POST, "/rooms/madang/later").header("sheet", "1").form(&form);
    let told = browser.sends(dialog).await;
    assert!(told.status == 401 && !told.body.contains("in two lines"), "{told:?}");
}
