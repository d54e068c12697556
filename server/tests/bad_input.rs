//! Whatever is sent: a clear error, nothing lost, and the connection kept where it can be.

use app::i18n::Lang;
use app::message::{Cid, MAX_GRAPHEMES};
use app::protocol::{ClientFrame, MAX_FIRST_FRAME_BYTES, MAX_FRAME_BYTES, MAX_OPEN_ROOMS, VERSION, close, encode};
use app::refusal::Refusal;
use reqwest::Method;

use crate::support::{Heard, Person, Town, Wire, sentence};

const CID: &str = "00112233445566778899aabbccddeeff";

#[tokio::test]
async fn a_frame_that_means_nothing_is_refused_and_the_connection_goes_on() {
    let (_town, mut ada) = somebody_in_a_room().await;
    for (frame, why) in [
        ("", Refusal::NotJson),
        ("hello", Refusal::NotJson),
        ("{", Refusal::NotJson),
        ("{\"ping\":{}} and more", Refusal::NotJson),
        ("\u{FEFF}{\"ping\":{}}", Refusal::NotJson),
        ("\"ping\"", Refusal::UnknownFrame),
        ("{\"dance\":{}}", Refusal::UnknownFrame),
        ("{\"post\":{}}", Refusal::UnknownFrame),
        ("{\"post\":{\"room\":\"madang\",\"cid\":\"12\",\"text\":\"hi\"}}", Refusal::UnknownFrame),
        ("{\"open\":{\"room\":7}}", Refusal::UnknownFrame),
        ("{\"older\":{\"room\":\"madang\",\"before\":\"1\"}}", Refusal::UnknownFrame),
        ("{\"older\":{\"room\":\"madang\",\"before\":99999999999999999999}}", Refusal::UnknownFrame),
    ] {
        ada.says(frame).await;
        assert_eq!(ada.is_refused(why).await, (None, None), "{frame}");
        still_works(&mut ada, frame).await;
    }
}

#[tokio::test]
async fn json_of_another_shape_is_refused_one_way_or_the_other() {
    let (_town, mut ada) = somebody_in_a_room().await;
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let deep_within = format!("{{\"post\":{{\"cid\":\"{CID}\",\"text\":{deep}}}}}");
    let two = "{\"ping\":{},\"leave\":{\"room\":\"madang\"}}";
    for frame in ["7", "null", "[]", "{}", two, &deep, &deep_within] {
        ada.says(frame).await;
        let why = ada.is_refused_somehow().await;
        assert!(matches!(why, Refusal::UnknownFrame | Refusal::NotJson), "{frame:.40}: {why:?}");
        still_works(&mut ada, frame).await;
    }
    assert_eq!(ada.pings().await.len(), 1, "the room is still open");
}

#[tokio::test]
async fn a_broken_message_is_refused_under_its_own_id() {
    let (_town, mut ada) = somebody_in_a_room().await;
    ada.says(&format!("{{\"post\":{{\"room\":\"madang\",\"cid\":\"{CID}\",\"text\":7}}}}")).await;
    assert_eq!(ada.is_refused(Refusal::UnknownFrame).await, (Cid::parse(CID), None));
    still_works(&mut ada, "broken message").await;
}

#[tokio::test]
async fn saying_hello_twice_does_no_harm() {
    let (_town, mut ada) = somebody_in_a_room().await;
    ada.asks(ClientFrame::Hello { version: VERSION }).await;
    still_works(&mut ada, "second hello").await;
}

#[tokio::test]
async fn an_empty_message_is_refused() {
    let (_town, mut ada) = somebody_in_a_room().await;
    for text in ["", " \n\t ", "\u{200B}", "\u{3164}"] {
        let cid = ada.posts(text).await;
        assert_eq!(ada.is_refused(Refusal::MessageEmpty).await, (Some(cid), Some("madang".into())), "{text:?}");
        still_works(&mut ada, text).await;
    }
}

#[tokio::test]
async fn a_message_is_refused_from_8001_characters_on() {
    let (_town, mut ada) = somebody_in_a_room().await;
    let longest = "가".repeat(MAX_GRAPHEMES);
    ada.posts(&longest).await;
    ada.sees("Ada", &longest).await;

    let cid = ada.posts(&"가".repeat(MAX_GRAPHEMES + 1)).await;
    assert_eq!(ada.is_refused(Refusal::MessageTooLong).await, (Some(cid), Some("madang".into())));
    ada.posts(&format!("a{}", "\u{301}".repeat(30_001))).await;
    ada.is_refused(Refusal::MessageTooLong).await;

    still_works(&mut ada, "too long").await;
}

#[tokio::test]
async fn asking_about_a_room_that_is_not_open_is_refused() {
    let (town, mut ada) = somebody_in_a_room().await;
    ada.creates("Dev").await;
    ada.has_created().await;
    let cid = Cid::parse(CID).expect("an id");
    let post = |room: &str| ClientFrame::Post {
        room: room.into(),
        cid,
        text: "hi".into(),
        files: Vec::new(),
        reply_to: None,
        within: None,
    };
    for (frame, room, why, about) in [
        (ClientFrame::Older { room: "dev".into(), before: 1 }, "dev", Refusal::RoomNotOpen, None),
        (ClientFrame::Leave { room: "dev".into() }, "dev", Refusal::RoomNotOpen, None),
        (post("nowhere"), "nowhere", Refusal::RoomUnknown, Some(cid)),
        (ClientFrame::Open { room: "".into(), after: None, at: None }, "", Refusal::RoomUnknown, None),
        (ClientFrame::Leave { room: "nowhere".into() }, "nowhere", Refusal::RoomUnknown, None),
        (ClientFrame::Older { room: "nowhere".into(), before: 1 }, "nowhere", Refusal::RoomUnknown, None),
    ] {
        let asked = format!("{frame:?}");
        ada.asks(frame).await;
        assert_eq!(ada.is_refused(why).await, (about, Some(room.into())), "{asked}");
        still_works(&mut ada, &asked).await;
    }
    assert_eq!(town.walks_in("Ben").await.opens("dev").await.events, []);
}

#[tokio::test]
async fn names_that_cannot_be_are_refused() {
    let (town, mut ada) = somebody_in_a_room().await;
    town.walks_in("Ben").await;
    for (name, why) in [
        ("", Refusal::NameEmpty),
        ("A\u{200B}", Refusal::NameHidden),
        ("aaaaaaaaaabbbbbbbbbbccccccccccddd", Refusal::NameTooLong),
        ("ben", Refusal::NameTaken),
    ] {
        ada.renames(name).await;
        ada.is_refused(why).await;
        still_works(&mut ada, name).await;
    }
}

#[tokio::test]
async fn a_socket_has_fifty_rooms_open_at_most() {
    let (_town, mut ada) = somebody_in_a_room().await;
    for number in 1..=MAX_OPEN_ROOMS {
        ada.creates(&format!("Room {number}")).await;
        ada.has_created().await;
    }
    for number in 1..MAX_OPEN_ROOMS {
        ada.opens(&format!("room-{number}")).await;
    }

    let one_more = format!("room-{MAX_OPEN_ROOMS}");
    ada.asks(ClientFrame::Open { room: one_more.as_str().into(), after: None, at: None }).await;
    assert_eq!(ada.is_refused(Refusal::RoomsOpenTooMany).await, (None, Some(one_more.as_str().into())));

    ada.opens("room-1").await;
    ada.leaves("room-1").await;
    ada.is_gone_from("room-1").await;
    ada.opens(&one_more).await;
    still_works(&mut ada, "rooms").await;
}

#[tokio::test]
async fn a_frame_over_the_cap_closes_with_1009() {
    let (_town, mut ada) = somebody_in_a_room().await;
    let largest = " ".repeat(MAX_FRAME_BYTES);
    ada.says(&largest).await;
    ada.is_refused(Refusal::NotJson).await;

    ada.says(&format!("{largest} ")).await;

    ada.is_closed_with(close::TOO_BIG).await;
}

#[tokio::test]
async fn a_frame_far_over_the_cap_closes_with_1009_too() {
    let (town, mut ada) = somebody_in_a_room().await;
    let mut line = town.line("/ws/echo").await;
    let huge = " ".repeat(1_000_000);
    ada.says(&huge).await;
    ada.is_closed_with(close::TOO_BIG).await;
    line.says(&huge).await;
    line.is_closed_with(close::TOO_BIG).await;
}

#[tokio::test]
async fn a_text_that_is_not_utf8_closes_with_1007() {
    let (town, mut ada) = somebody_in_a_room().await;
    let mut line = town.line("/ws/plain?name=Bob&lang=en").await;
    line.hears("Someone joined [now: 2]").await;

    ada.wire().says_as_text(b"\xFF\xFE").await;
    ada.is_closed_with(close::NOT_UTF8).await;
    line.hears("Someone left [now: 1]").await;
    line.wire().says_as_text(b"{\xC3\x28}").await;
    line.is_closed_with(close::NOT_UTF8).await;
}

#[tokio::test]
async fn a_binary_frame_closes_with_1003() {
    let (town, mut ada) = somebody_in_a_room().await;
    ada.wire().says_bytes(b"\x00\x01").await;
    ada.is_closed_with(close::UNSUPPORTED).await;

    let mut line = town.line("/ws/echo").await;
    line.wire().says_bytes(b"\x00\x01").await;
    line.is_closed_with(close::UNSUPPORTED).await;
}

#[tokio::test]
async fn a_ping_of_the_protocol_itself_disturbs_nothing() {
    let (_town, mut ada) = somebody_in_a_room().await;
    ada.wire().pings().await;
    still_works(&mut ada, "protocol ping").await;
}

#[tokio::test]
async fn the_first_frame_has_to_be_hello() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    for first in ["{\"ping\":{}}", "hello", "", "{\"open\":{\"room\":\"madang\"}}"] {
        let mut wire = ada.wire().await;
        wire.says(first).await;
        assert!(matches!(wire.hears("closing").await, Heard::Closed(close::PROTOCOL, _)), "{first:?}");
    }
}

#[tokio::test]
async fn the_first_frame_is_a_small_one() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let hello = encode(&ClientFrame::Hello { version: VERSION });
    let padded = |bytes: usize| format!("{hello}{}", " ".repeat(bytes - hello.len()));

    let mut wire = ada.wire().await;
    wire.says(&padded(MAX_FIRST_FRAME_BYTES)).await;
    assert!(matches!(wire.hears("welcome").await, Heard::Text(_)));
    let mut wire = ada.wire().await;
    wire.says(&padded(MAX_FIRST_FRAME_BYTES + 1)).await;
    assert!(matches!(wire.hears("closing").await, Heard::Closed(close::TOO_BIG, _)));
}

#[tokio::test]
async fn pages_of_other_sites_cannot_use_our_visitors_cookies() {
    let town = Town::plan().set(|config| config.allow_origin = vec!["https://chat.example.org".into()]).open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let other_port = "http://127.0.0.1:1".to_owned();
    let lookalike = format!("http://{}.evil.example", town.host());
    for foreign in
        ["https://evil.example", "null", "", &other_port, &lookalike, "https://chat.example.org.evil.example"]
    {
        let refused = ada.tries_wire("/ws", &[("origin", foreign)]).await;
        let (status, body) = refused.map(|_| ()).expect_err(foreign);
        assert_eq!(status, 403, "{foreign}");
        assert!(body.contains(&sentence(Lang::En, Refusal::ForeignOrigin)), "{body}");
    }
    let our_own = format!("http://{}", town.host());
    for ours in [our_own.as_str(), "https://chat.example.org"] {
        assert!(ada.tries_wire("/ws", &[("origin", ours)]).await.is_ok(), "{ours}");
    }
}

#[tokio::test]
async fn failed_requests_are_pages_for_people_and_problems_for_programs() {
    let town = Town::open().await;
    let visitor = town.visitor();
    for (method, path, status) in [
        (Method::GET, "/nowhere", 404),
        (Method::GET, "/rooms", 405),
        (Method::GET, "/nowhere/at/all?x=1", 404),
        (Method::GET, "/pkg/nothing.js", 404),
        (Method::GET, "/../Cargo.toml", 404),
        (Method::GET, "/..%2fCargo.toml", 404),
        (Method::GET, "/rooms/%FF", 400),
        (Method::POST, "/", 405),
        (Method::DELETE, "/rooms/madang", 405),
        (Method::POST, "/ws", 405),
        (Method::GET, "/ws", 426),
        (Method::GET, "/ws/plain", 426),
        (Method::GET, "/ws/ticker?count=0", 426),
        (Method::POST, "/rooms", 401),
        (Method::POST, "/enter", 422),
    ] {
        let form = [("nom", "nobody")];
        let asked = |request: reqwest::RequestBuilder| match method {
            Method::POST => request.form(&form),
            _ => request,
        };
        let page = visitor.sends(asked(visitor.as_browser(method.clone(), path))).await;
        assert_eq!(page.status, status, "{method} {path} for people");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{method} {path}");
        assert!(page.shown().contains("<h1") && page.shown().contains("href=\"/\""), "{method} {path}");
        let answer = visitor.sends(asked(visitor.as_program(method.clone(), path))).await;
        assert_eq!(answer.status, status, "{method} {path} for programs");
        assert_eq!(answer.problem()["type"], "about:blank", "{method} {path}");
        assert_eq!(status == 405, !answer.header("allow").is_empty(), "{method} {path}");
        assert_eq!(status == 405, !page.header("allow").is_empty(), "{method} {path}");
        assert_eq!(status == 426, answer.header("upgrade") == "websocket", "{method} {path}");
        assert_eq!(status == 426, answer.header("sec-websocket-version") == "13", "{method} {path}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_the_askers_language() {
    let town = Town::open().await;
    let visitor = town.visitor();
    for (tag, lang) in [("ko", Lang::Ko), ("en", Lang::En)] {
        let request = visitor.as_program(Method::GET, "/ws").header("accept-language", tag);
        let problem = visitor.sends(request).await.problem();
        assert_eq!(problem["detail"], sentence(lang, Refusal::UpgradeNeeded));
        assert_eq!(problem["code"], "upgrade_needed");
    }
}

#[tokio::test]
async fn what_is_no_socket_does_not_open_as_one() {
    let town = Town::open().await;
    for path in ["/", "/lab/hello", "/nowhere"] {
        let refused: Result<Wire, _> = town.visitor().tries_wire(path, &[]).await;
        assert!(refused.is_err(), "{path}");
    }
}

async fn somebody_in_a_room() -> (Town, Person) {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    (town, ada)
}

/// The same connection says something, and it comes home.
async fn still_works(person: &mut Person, after: &str) {
    let name = person.is_called();
    let text = format!("after {after:.40}!").replace(|c: char| c.is_control(), " ");
    person.posts(&text).await;
    person.sees(&name, &text).await;
}
