//! The five tutorials' own clients, as they behave there: ticker, small pages, plain text chat, echo, names and counts.

use app::i18n::Lang;
use app::protocol::close;
use app::refusal::Refusal;
use reqwest::Method;

use crate::support::{Heard, Town, Wire, sentence};

// 0: the server pushes on its own

#[tokio::test]
async fn the_ticker_counts_to_ten_and_says_to_refresh() {
    let town = Town::open().await;
    let mut client = town.line("/ws/ticker?interval_ms=10").await;
    for number in 0..10 {
        client.hears(&format!("client got {number}")).await;
    }
    client.hears("The client should refresh").await;
    client.is_closed_with(close::NORMAL).await;
}

#[tokio::test]
async fn the_ticker_starts_at_once_and_ends_when_the_client_disconnects() {
    let town = Town::open().await;
    let mut client = town.line("/ws/ticker?interval_ms=60000").await;
    client.hears("client got 0").await;
    client.goes().await;
}

#[tokio::test]
async fn the_ticker_takes_counts_and_intervals_within_bounds() {
    let town = Town::open().await;
    let mut client = town.line("/ws/ticker?count=1&interval_ms=10").await;
    client.hears("client got 0").await;
    client.hears("The client should refresh").await;
    client.is_closed_with(close::NORMAL).await;
    town.line("/ws/ticker?count=1000&interval_ms=60000").await.hears("client got 0").await;

    for query in ["count=0", "count=1001", "interval_ms=9", "interval_ms=60001", "count=-1", "count=ten"] {
        let refused = town.visitor().tries_wire(&format!("/ws/ticker?{query}"), &[]).await;
        let (status, body) = refused.map(|_| ()).expect_err(query);
        assert_eq!(status, 422, "{query}");
        assert!(body.contains(&sentence(Lang::En, Refusal::TickerOutOfRange)), "{query}: {body}");
    }
}

// 1: small pages, and a greeting by name

#[tokio::test]
async fn the_small_pages_answer_as_in_the_tutorial() {
    let town = Town::open().await;
    let visitor = town.visitor();
    assert_eq!(visitor.gets("/lab/hello").await.body, "Hello world!");
    for _ in 0..50 {
        let number: u32 = visitor.gets("/lab/random").await.body.parse().expect("a whole number");
        assert!((1..=100).contains(&number), "{number}");
    }
    for (path, id) in [("42", "42"), ("%EB%AF%BC%EC%88%98", "민수"), ("%3Cb%3E", "<b>"), ("a%2Fb", "a/b")] {
        let answer = visitor.gets(&format!("/lab/user/{path}")).await;
        assert_eq!((answer.header("content-type"), answer.body.as_str()), ("text/plain; charset=utf-8", id));
    }
    assert!(visitor.gets("/hello/Ada").await.shown().contains("Hello Ada."));
}

// 2: plain text lines

#[tokio::test]
async fn a_line_reaches_all_others_as_name_and_text_and_does_not_come_back() {
    let town = Town::open().await;
    let mut ada = town.line("/ws/plain?name=Ada").await;
    ada.hears("새로운 유저 접속 [현재: 1명]").await;
    let mut ben = town.line("/ws/plain?name=Ben").await;
    ada.hears("새로운 유저 접속 [현재: 2명]").await;
    ben.hears("새로운 유저 접속 [현재: 2명]").await;

    ada.says("안녕하세요").await;
    ben.hears("Ada: 안녕하세요").await;
    ben.says("hi").await;

    ada.hears("Ben: hi").await;
}

#[tokio::test]
async fn exit_closes_the_line_normally_and_is_announced_soon() {
    let town = Town::plan().forgiving().open().await;
    let mut ada = town.line("/ws/plain?name=Ada").await;
    ada.hears("새로운 유저 접속 [현재: 1명]").await;
    let mut ben = town.line("/ws/plain?name=Ben").await;
    ada.hears("새로운 유저 접속 [현재: 2명]").await;
    ben.hears("새로운 유저 접속 [현재: 2명]").await;

    // As the tutorial's closeConnection().
    ben.says("/exit").await;

    ben.is_closed_with(close::NORMAL).await;
    ada.hears("유저 연결 해제 [현재: 1명]").await;
}

#[tokio::test]
async fn people_on_the_page_and_on_plain_lines_talk_with_each_other() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    let mut bob = town.line("/ws/plain?room=madang&name=Bob").await;
    ada.hears_arrival(&["Bob"], 2).await;
    bob.hears("새로운 유저 접속 [현재: 2명]").await;

    bob.says("from a line").await;
    ada.sees("Bob", "from a line").await;
    ada.posts("from the page").await;
    bob.hears("Ada: from the page").await;
    ada.browser().writes("madang", "from a form").await;
    bob.hears("Ada: from a form").await;
    bob.goes().await;

    ada.hears_departure(&["Bob"], 1).await;
}

#[tokio::test]
async fn a_line_joins_the_room_that_it_names() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.creates("회의").await;
    ada.has_created().await;
    ada.opens("회의").await;
    let mut bob = town.line("/ws/plain?room=%ED%9A%8C%EC%9D%98&name=%EB%AF%BC%EC%88%98").await;
    bob.hears("새로운 유저 접속 [현재: 2명]").await;

    bob.says("여기예요").await;

    ada.sees("민수", "여기예요").await;
}

#[tokio::test]
async fn a_line_without_a_word_about_itself_is_a_guest_in_the_first_room() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let mut korean = town.line("/ws/plain").await;
    korean.hears("새로운 유저 접속 [현재: 2명]").await;
    let mut english = town.line("/ws/plain?lang=en").await;
    english.hears("Someone joined [now: 3]").await;
    korean.hears("새로운 유저 접속 [현재: 3명]").await;

    korean.says("하나").await;
    let said = english.hears_something().await;
    assert!(said.starts_with("손님 ") && said.ends_with(": 하나"), "{said}");
    english.says("two").await;
    let said = korean.hears_something().await;
    assert!(said.starts_with("Guest ") && said.ends_with(": two"), "{said}");
}

#[tokio::test]
async fn a_line_hears_notices_in_its_language() {
    let town = Town::open().await;
    let mut ada = town.line("/ws/plain?name=Ada&lang=en").await;
    ada.hears("Someone joined [now: 1]").await;
    let ben = town.line("/ws/plain?name=Ben&lang=ko").await;
    ada.hears("Someone joined [now: 2]").await;
    ben.goes().await;
    ada.hears("Someone left [now: 1]").await;
}

#[tokio::test]
async fn a_line_hears_of_what_it_did_wrong_and_goes_on() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    let mut bob = town.line("/ws/plain?name=Bob&lang=en").await;
    bob.hears("Someone joined [now: 2]").await;

    bob.says("  ").await;
    bob.hears(&sentence(Lang::En, Refusal::MessageEmpty)).await;
    bob.says(&"가".repeat(8_001)).await;
    bob.hears(&sentence(Lang::En, Refusal::MessageTooLong)).await;
    bob.says("better").await;

    ada.sees("Bob", "better").await;
}

#[tokio::test]
async fn a_line_whose_name_or_room_cannot_be_had_is_refused() {
    let town = Town::open().await;
    town.walks_in("Ada").await;
    let bob = town.line("/ws/plain?name=Bob").await;
    for (query, status, why) in [
        ("name=ada", 409, Refusal::NameTaken),
        ("name=Bob", 409, Refusal::NameTaken),
        ("name=", 422, Refusal::NameEmpty),
        ("name=a%E2%80%8Bb", 422, Refusal::NameHidden),
        ("room=nowhere&name=Cho", 404, Refusal::RoomUnknown),
    ] {
        let refused = town.visitor().tries_wire(&format!("/ws/plain?{query}"), &[]).await;
        let (said, body) = refused.map(|_| ()).expect_err(query);
        assert_eq!(said, status, "{query}");
        assert!(body.contains(&sentence(Lang::En, why)), "{query}: {body}");
    }
    drop(bob);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_lines_that_ask_for_a_name_at_once_one_gets_it() {
    let town = Town::open().await;
    let mut stay = Vec::new();
    for number in 1..=10 {
        let asking: Vec<_> = (0..8)
            .map(|_| {
                let (visitor, path) = (town.visitor(), format!("/ws/plain?name=Bob{number}&lang=en"));
                tokio::spawn(async move { visitor.tries_wire(&path, &[]).await })
            })
            .collect();
        for asked in asking {
            match asked.await.expect("the request is answered") {
                // Who asked a moment too late is let in and sent away again.
                Ok(mut wire) => match wire.hears("notice").await {
                    Heard::Text(line) => {
                        assert_eq!(line, format!("Someone joined [now: {number}]"));
                        stay.push(wire);
                    }
                    Heard::Closed(code, _) => assert_eq!(code, close::NOT_ALLOWED),
                    Heard::Cut(how) => panic!("somebody was cut off: {how}"),
                },
                Err((status, _)) => assert_eq!(status, 409),
            }
        }
        assert_eq!(stay.len(), number, "two who have one name could not hear each other");
    }
}

#[tokio::test]
async fn a_line_may_come_back_under_its_name() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    ada.opens("madang").await;
    for number in 1..=2 {
        let mut bob = town.line("/ws/plain?name=Bob").await;
        ada.hears_of_people_in("madang", 2).await;
        bob.says(&format!("here I am, {number}")).await;
        ada.sees("Bob", &format!("here I am, {number}")).await;
        bob.goes().await;
        ada.hears_departure(&["Bob"], 1).await;
    }
}

#[tokio::test]
async fn only_the_first_line_of_a_text_stands_at_the_margin() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.line("/ws/plain?name=Ada").await, town.line("/ws/plain?name=Ben").await);
    ben.hears("새로운 유저 접속 [현재: 2명]").await;
    ada.says("hi\nBen: I owe you 100").await;
    ben.hears("Ada: hi\n  Ben: I owe you 100").await;
}

#[tokio::test]
async fn a_line_that_is_refused_changes_nobodys_name() {
    let town = Town::open().await;
    let (mut bot, mut ben) = (town.line("/ws/plain?name=Bot").await, town.line("/ws/plain?name=Ben").await);
    ben.hears("새로운 유저 접속 [현재: 2명]").await;
    assert!(town.visitor().tries_wire("/ws/plain?name=B%20O%20T", &[]).await.is_err());
    bot.says("hi").await;
    ben.hears("Bot: hi").await;
}

#[tokio::test]
async fn the_door_for_lines_can_be_closed() {
    let town = Town::plan().set(|config| config.no_plain = true).open().await;
    let closed = town.visitor().tries_wire("/ws/plain", &[]).await;
    assert_eq!(closed.map(|_| ()).expect_err("a closed door").0, 404);
}

#[tokio::test]
async fn pages_of_other_sites_open_no_plain_line() {
    let town = Town::open().await;
    let foreign = town.visitor().tries_wire("/ws/plain", &[("origin", "http://elsewhere.example")]).await;
    assert_eq!(foreign.map(|_| ()).expect_err("another site's page").0, 403);
}

// 3: echo

#[tokio::test]
async fn every_text_comes_back_from_the_echo() {
    let town = Town::open().await;
    let mut client = town.line("/ws/echo").await;
    for text in ["hi", "", "안녕", "/exit", "{\"ping\":{}}", "two\nlines"] {
        client.says(text).await;
        client.hears(&format!("[RE]: {text}")).await;
    }
    client.goes().await;
}

// 4: one server for page and socket, names, counts

#[tokio::test]
async fn joins_and_leaves_arrive_with_the_count_to_the_letter() {
    let town = Town::open().await;
    let mut first = town.line("/ws/plain?name=A").await;
    first.hears("새로운 유저 접속 [현재: 1명]").await;
    let second = town.line("/ws/plain?name=B").await;
    first.hears("새로운 유저 접속 [현재: 2명]").await;
    let third = town.line("/ws/plain?name=C").await;
    first.hears("새로운 유저 접속 [현재: 3명]").await;
    third.goes().await;
    first.hears("유저 연결 해제 [현재: 2명]").await;
    drop(second);
    first.hears("유저 연결 해제 [현재: 1명]").await;
}

#[tokio::test]
async fn the_tutorials_sockets_open_for_any_page_and_for_none() {
    let town = Town::open().await;
    let origin = format!("http://{}", town.host());
    for path in ["/ws/echo", "/ws/ticker?interval_ms=60000", "/ws/plain"] {
        for headers in [vec![], vec![("origin", "null")], vec![("origin", origin.as_str())]] {
            let opened: Result<Wire, _> = town.visitor().tries_wire(path, &headers).await;
            assert!(opened.is_ok(), "{path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn page_and_socket_come_from_one_address() {
    let town = Town::open().await;
    let visitor = town.visitor();
    assert_eq!(visitor.gets("/").await.status, 200);
    let asked = visitor.sends(visitor.as_program(Method::GET, "/ws/echo")).await;
    assert_eq!((asked.status, asked.header("upgrade")), (426, "websocket"));
    let mut wire = visitor.tries_wire("/ws/echo", &[]).await.expect("the same address");
    wire.says("hi").await;
    assert_eq!(wire.hears("echo").await, Heard::Text("[RE]: hi".into()));
}
