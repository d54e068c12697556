//! Who moderates the room that nobody has made: whoever runs the program says so, by a code from its command line, and nobody is it by
//! having been there first.

use app::message::What;
use app::protocol::ClientFrame;
use app::refusal::Refusal;
use server::clock::Clock;
use server::moderator::{make_code, take_code};
use tempfile::TempDir;

use crate::support::{Program, fresh_cid};

async fn code_from(data: &str, more: &[&str]) -> String {
    let arguments = [&["moderator", "--data", data], more].concat();
    let ended = Program::start(&arguments).ends().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let code = ended.printed.lines().find_map(|line| line.strip_prefix("    "));
    code.unwrap_or_else(|| panic!("no code: {ended:?}")).to_owned()
}

#[tokio::test]
async fn whoever_has_a_code_from_the_command_line_moderates_the_first_room_and_nobody_else() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let mut program = Program::start(&["--listen", "127.0.0.1:0", "--data", data]);
    let adas = program.opens().await;
    let bens = adas.another();
    for (visitor, name) in [(&adas, "Ada"), (&bens, "Ben")] {
        visitor.walks_in(name).await;
    }
    let (mut ada, mut ben) = (adas.opens_a_tab("Ada").await, bens.opens_a_tab("Ben").await);
    assert_eq!(ada.opens("madang").await.room.moderator, None, "nobody is it by being the first");
    ben.opens("madang").await;
    ben.posts("spam").await;
    for person in [&mut ada, &mut ben] {
        person.sees("Ben", "spam").await;
    }
    let deletes = |of| ClientFrame::Delete { room: "madang".into(), of, cid: fresh_cid() };
    ada.asks(deletes(1)).await;
    ada.is_refused(Refusal::MessageNotYours).await;
    assert!(adas.gets("/rooms/madang/about").await.shown().contains("Nobody moderates this room yet."));

    // A note that can't be read is no code, and is told to whoever runs the program.
    let unreadable = folder.path().join("moderator-code");
    std::fs::create_dir(&unreadable).expect("a folder");
    assert_eq!(adas.submits("/moderator", &[("code", "00000")]).await.status, 422);
    std::fs::remove_dir(&unreadable).expect("it is empty");

    let code = code_from(data, &[]).await;
    for wrong in ["", "00000-00000-00000-00000", &code[1..]] {
        let refused = adas.submits("/moderator", &[("code", wrong)]).await;
        assert!(refused.status == 422 && refused.shown().contains("doesn't work"), "{refused:?}");
    }
    let typed = format!(" {} ", code.to_uppercase());
    assert_eq!(adas.submits("/moderator", &[("code", &typed)]).await.leads_to(), Some("/rooms/madang/about"));
    // News of who came may be on its way before it.
    while ben.hears_of_room("madang").await.moderator != Some(ada.me.id) {}
    ada.asks(deletes(1)).await;
    let event = ben.sees_event("deletion").await;
    assert!(matches!(event.what, What::Deleted { of: 1, .. }), "{event:?}");
    assert!(!adas.gets("/rooms/madang/about").await.shown().contains("Nobody moderates"));
    assert_eq!(bens.submits("/moderator", &[("code", &code)]).await.status, 422, "it holds once");
    assert_eq!(adas.another().submits("/moderator", &[("code", &code)]).await.status, 401);

    // It is kept, and another one may follow.
    program.is_signalled("TERM");
    let log = program.ends().await.log;
    assert!(!log.contains(&code) && log.contains("moderates") && log.contains("moderator-code"), "{log}");
    let mut program = Program::start(&["--listen", "127.0.0.1:0", "--data", data]);
    let visitor = program.opens().await;
    let bens = bens.at(&visitor);
    let code = code_from(data, &["--room", "madang"]).await;
    let mut ben = bens.opens_a_tab("Ben").await;
    assert_eq!(ben.opens("madang").await.room.moderator, Some(ada.me.id));
    assert_eq!(bens.submits("/moderator", &[("code", &code)]).await.status, 303);
    assert_eq!(ben.opens("madang").await.room.moderator, Some(ben.me.id));
}

#[tokio::test]
async fn a_code_is_for_one_public_room_in_a_folder_that_is_there() {
    for (room, data) in [("~0123456789", "."), ("", "."), ("madang", "/nowhere/at/all")] {
        let ended = Program::start(&["moderator", "--data", data, "--room", room]).ends().await;
        assert!(ended.code != Some(0) && !ended.log.is_empty() && ended.printed.is_empty(), "{ended:?}");
    }
}

#[test]
fn a_code_holds_for_a_quarter_of_an_hour_and_the_latest_one_alone() {
    let folder = TempDir::new().expect("a folder");
    let (data, room) = (folder.path(), "madang".into());
    let at = |minutes: i64| Clock::new(move || minutes * 60_000);
    assert_eq!(take_code(data, "", &at(0)), None, "there is none");
    let first = make_code(data, &room, &at(0)).expect("a code");
    assert_eq!(take_code(data, &first, &at(15)), None);
    let second = make_code(data, &room, &at(0)).expect("a code");
    assert_eq!(take_code(data, &first, &at(1)), None);
    assert_eq!(take_code(data, &second, &at(14)), Some(room));
    assert_eq!(take_code(data, &second, &at(14)), None);
}
