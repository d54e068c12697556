//! The WebSocket protocol to the byte (RFC 6455), through the echo: the cases of the Autobahn test suite, chapters 1 to 7 and
//! 10, as our own. Where the suite is stricter than the RFC, the RFC counts.
//!
//! The echo answers every text with `[RE]: <text>`; it takes no binary frames (1003) and no text over 64 KiB (1009).

use app::protocol::{MAX_FRAME_BYTES, close};

use crate::support::{Raw, Town, frame, unmasked};

const FIN: u8 = 0x80;
const MORE: u8 = 0x00;
const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// What a frame that breaks the protocol is closed with (section 7.4.1).
const BROKEN: u16 = 1002;

// 1: framing

#[tokio::test]
async fn texts_of_every_length_come_back() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    for length in [0, 1, 2, 124, 125, 126, 127, 128, 129, 1_300, 65_534, 65_535, MAX_FRAME_BYTES] {
        let text = "*".repeat(length);
        echo.sends(&frame(FIN | TEXT, text.as_bytes())).await;
        echo.hears_text(&format!("[RE]: {text}")).await;
    }
}

#[tokio::test]
async fn texts_come_back_however_their_bytes_are_chopped() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    for (length, piece) in [(0, 1), (1, 1), (125, 1), (126, 1), (300, 1), (65_535, 997), (MAX_FRAME_BYTES, 16_384)] {
        let text = "ㅁ".repeat(length / 3) + &"*".repeat(length % 3);
        for piece in frame(FIN | TEXT, text.as_bytes()).chunks(piece) {
            echo.sends_chopped(&piece[..1]).await;
            echo.sends(&piece[1..]).await;
        }
        echo.hears_text(&format!("[RE]: {text}")).await;
    }
}

#[tokio::test]
async fn many_texts_in_one_piece_come_back_one_by_one() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    let texts: Vec<String> = (0..200).map(|number| format!("text {number}")).collect();
    let together: Vec<u8> = texts.iter().flat_map(|text| frame(FIN | TEXT, text.as_bytes())).collect();
    echo.sends(&together).await;
    for text in texts {
        echo.hears_text(&format!("[RE]: {text}")).await;
    }
}

#[tokio::test]
async fn a_text_is_too_big_from_64_kib_on_whatever_its_length_says() {
    let town = Town::open().await;
    let too_big = "*".repeat(MAX_FRAME_BYTES + 1);
    let halves = [frame(MORE | TEXT, &too_big.as_bytes()[..40_000]), frame(FIN, &too_big.as_bytes()[40_000..])];
    let claim = |length: u64| [&[FIN | TEXT, 0xFF][..], &length.to_be_bytes(), &[0; 4]].concat();
    for (what, bytes) in [
        ("a whole one", frame(FIN | TEXT, too_big.as_bytes())),
        ("one in two pieces", halves.concat()),
        ("one that only says so", claim(1 << 20)),
        ("one of half of what there is", claim(i64::MAX as u64)),
    ] {
        let mut echo = town.raw("/ws/echo").await;
        echo.sends(&bytes).await;
        echo.is_closed_with(close::TOO_BIG, what).await;
    }
    // The most significant bit must be 0 (section 5.2); which of the two mistakes is named is left to the reader.
    let mut echo = town.raw("/ws/echo").await;
    echo.sends(&claim(u64::MAX)).await;
    assert!(matches!(echo.is_closed().await, Some(BROKEN | close::TOO_BIG)));
}

#[tokio::test]
async fn binary_frames_of_every_length_are_not_taken() {
    let town = Town::open().await;
    for length in [0, 1, 125, 126, 127, 128, 65_535, MAX_FRAME_BYTES] {
        let mut echo = town.raw("/ws/echo").await;
        echo.sends(&frame(FIN | BINARY, &vec![0xFE; length])).await;
        echo.is_closed_with(close::UNSUPPORTED, &format!("{length} bytes")).await;
    }
    let mut echo = town.raw("/ws/echo").await;
    echo.sends(&[frame(MORE | BINARY, b"a"), frame(FIN, b"b")].concat()).await;
    echo.is_closed_with(close::UNSUPPORTED, "two pieces").await;
}

// 2: pings and pongs

#[tokio::test]
async fn a_ping_is_answered_with_its_own_payload() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    for payload in [&b""[..], b"hello", &[0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF], &[0xFE; 125]] {
        echo.sends(&frame(FIN | PING, payload)).await;
        echo.hears_pong(payload).await;
        echo.sends_chopped(&frame(FIN | PING, payload)).await;
        echo.hears_pong(payload).await;
    }
    still_echoes(&mut echo).await;
}

#[tokio::test]
async fn ten_pings_are_answered_in_order() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    let pings: Vec<u8> = (0..10_u8).flat_map(|number| frame(FIN | PING, &[number])).collect();
    for chopped in [false, true] {
        if chopped {
            echo.sends_chopped(&pings).await;
        } else {
            echo.sends(&pings).await;
        }
        // Only the latest has to be answered (section 5.5.3); we answer every one.
        for number in 0..10 {
            echo.hears_pong(&[number]).await;
        }
    }
}

#[tokio::test]
async fn a_pong_that_nobody_asked_for_is_ignored() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    for payload in [&b""[..], b"unsolicited", &[0xFE; 125]] {
        echo.sends(&frame(FIN | PONG, payload)).await;
        still_echoes(&mut echo).await;
    }
    echo.sends(&[frame(FIN | PONG, b"unsolicited"), frame(FIN | PING, b"asked")].concat()).await;
    echo.hears_pong(b"asked").await;
}

#[tokio::test]
async fn a_control_frame_longer_than_125_bytes_breaks_the_protocol() {
    let town = Town::open().await;
    for kind in [PING, PONG, CLOSE] {
        for length in [126, 65_536] {
            breaks(&town, &frame(FIN | kind, &vec![b'a'; length]), &format!("{kind:#x} of {length} bytes")).await;
        }
    }
}

// 3: reserved bits

#[tokio::test]
async fn reserved_bits_break_the_protocol() {
    let town = Town::open().await;
    for bits in 1..=7_u8 {
        for kind in [TEXT, BINARY, CLOSE, PING, PONG] {
            breaks(&town, &frame(FIN | bits << 4 | kind, b"*"), &format!("bits {bits:#b} with {kind:#x}")).await;
        }
        let mut echo = town.raw("/ws/echo").await;
        still_echoes(&mut echo).await;
        echo.sends_chopped(&frame(FIN | bits << 4 | TEXT, b"*")).await;
        echo.is_closed_with(BROKEN, "a text that was right").await;
    }
}

// 4: reserved kinds

#[tokio::test]
async fn reserved_kinds_break_the_protocol() {
    let town = Town::open().await;
    for kind in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        breaks(&town, &frame(FIN | kind, b""), &format!("{kind:#x}, empty")).await;
        breaks(&town, &frame(FIN | kind, b"reserved"), &format!("{kind:#x}")).await;
        let mut echo = town.raw("/ws/echo").await;
        still_echoes(&mut echo).await;
        echo.sends_chopped(&frame(FIN | kind, b"*")).await;
        echo.is_closed_with(BROKEN, "a text that was right").await;
    }
}

// 5: fragments

#[tokio::test]
async fn fragments_are_one_text() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    let many: Vec<Vec<u8>> = (0..50).map(|_| frame(MORE, b"m")).collect();
    for (pieces, text) in [
        (vec![frame(MORE | TEXT, b"frag"), frame(FIN, b"ment")], "fragment".to_owned()),
        (vec![frame(MORE | TEXT, b""), frame(MORE, b""), frame(FIN, b"")], String::new()),
        (vec![frame(MORE | TEXT, b""), frame(MORE, b"middle"), frame(FIN, b"")], "middle".to_owned()),
        ([vec![frame(MORE | TEXT, b"f")], many, vec![frame(FIN, b"l")]].concat(), format!("f{}l", "m".repeat(50))),
    ] {
        echo.sends(&pieces.concat()).await;
        echo.hears_text(&format!("[RE]: {text}")).await;
        echo.sends_chopped(&pieces.concat()).await;
        echo.hears_text(&format!("[RE]: {text}")).await;
    }
}

#[tokio::test]
async fn control_frames_are_answered_between_fragments() {
    let town = Town::open().await;
    for chopped in [false, true] {
        let mut echo = town.raw("/ws/echo").await;
        let pieces = [
            frame(MORE | TEXT, b"one "),
            frame(FIN | PING, b"first"),
            frame(MORE, b"two "),
            frame(FIN | PONG, b"nobody asked"),
            frame(FIN | PING, b"second"),
            frame(FIN, b"three"),
        ];
        if chopped {
            echo.sends_chopped(&pieces.concat()).await;
        } else {
            echo.sends(&pieces.concat()).await;
        }
        // A pong may overtake the text that was not complete, or follow it.
        let mut heard = [echo.hears().await, echo.hears().await, echo.hears().await];
        heard.sort_by_key(|frame| (frame.head == FIN | TEXT, frame.payload.clone()));
        let [first, second, text] = heard;
        assert_eq!((first.head, first.payload), (FIN | PONG, b"first".to_vec()));
        assert_eq!((second.head, second.payload), (FIN | PONG, b"second".to_vec()));
        assert_eq!((text.head, text.payload), (FIN | TEXT, b"[RE]: one two three".to_vec()));
    }
}

#[tokio::test]
async fn a_ping_is_answered_before_the_text_around_it_is_complete() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    echo.sends(&frame(MORE | TEXT, b"frag")).await;
    echo.sends(&frame(FIN | PING, b"now")).await;
    echo.hears_pong(b"now").await;
    echo.sends(&frame(FIN, b"ment")).await;
    echo.hears_text("[RE]: fragment").await;
}

#[tokio::test]
async fn fragments_out_of_order_break_the_protocol() {
    let town = Town::open().await;
    let complete = [frame(MORE | TEXT, b"frag"), frame(FIN, b"ment")].concat();
    for (what, bytes) in [
        ("a continuation of nothing", frame(FIN | CONTINUATION, b"*")),
        ("an open continuation of nothing", frame(MORE | CONTINUATION, b"*")),
        ("a new text inside a text", [frame(MORE | TEXT, b"a"), frame(FIN | TEXT, b"b")].concat()),
        ("a new binary inside a text", [frame(MORE | TEXT, b"a"), frame(FIN | BINARY, b"b")].concat()),
        ("an open text inside a text", [frame(MORE | TEXT, b"a"), frame(MORE | TEXT, b"b")].concat()),
        ("a ping in pieces", frame(MORE | PING, b"*")),
        ("a pong in pieces", frame(MORE | PONG, b"*")),
        ("a goodbye in pieces", frame(MORE | CLOSE, b"")),
    ] {
        breaks(&town, &bytes, what).await;
    }
    let mut echo = town.raw("/ws/echo").await;
    echo.sends(&complete).await;
    echo.hears_text("[RE]: fragment").await;
    echo.sends(&frame(FIN | CONTINUATION, b"*")).await;
    echo.is_closed_with(BROKEN, "a text that was complete").await;
}

// 6: UTF-8

/// Valid texts (Unicode, table 3-7): every length of a sequence at its first and last value, and what is only unusual.
const VALID: &[&[u8]] = &[
    b"Hello",
    "κόσμε-안녕하세요-𝄞".as_bytes(),
    b"\x00",
    b"\x7F",
    b"\xC2\x80",
    b"\xDF\xBF",
    b"\xE0\xA0\x80",
    b"\xEF\xBF\xBF",
    b"\xF0\x90\x80\x80",
    b"\xF4\x8F\xBF\xBF",
    b"\xED\x9F\xBF",
    b"\xEE\x80\x80",
    b"\xEF\xBF\xBD",
    b"\xEF\xBF\xBE",
    b"\xEF\xB7\x90",
    b"\xF0\x9F\xBF\xBE",
    b"\xF0\x9F\xBF\xBF",
    b"\xF3\xAF\xBF\xBE",
    b"\xF4\x8F\xBF\xBE",
    b"\xEF\xBB\xBFafter a mark of byte order",
];

/// Invalid texts: stray continuations, truncated and overlong sequences, surrogates, values beyond the last.
const INVALID: &[&[u8]] = &[
    b"\x80",
    b"\xBF",
    b"\x80\xBF\x80\xBF\x80",
    b"\xC0 \xC1 ",
    b"\xC2 ",
    b"\xE0 \xE1 \xEF ",
    b"\xF0 \xF4 ",
    b"\xF5 \xF8 \xFB ",
    b"\xFC \xFD ",
    b"\xC2",
    b"\xE0\xA0",
    b"\xEF\xBF",
    b"\xF0\x90\x80",
    b"\xF4\x8F\xBF",
    b"\xF8\x88\x80\x80",
    b"\xFC\x84\x80\x80\x80",
    b"\xFE",
    b"\xFF",
    b"\xFE\xFE\xFF\xFF",
    b"\xC0\xAF",
    b"\xE0\x80\xAF",
    b"\xF0\x80\x80\xAF",
    b"\xF8\x80\x80\x80\xAF",
    b"\xFC\x80\x80\x80\x80\xAF",
    b"\xC1\xBF",
    b"\xE0\x9F\xBF",
    b"\xF0\x8F\xBF\xBF",
    b"\xF8\x87\xBF\xBF\xBF",
    b"\xFC\x83\xBF\xBF\xBF\xBF",
    b"\xC0\x80",
    b"\xE0\x80\x80",
    b"\xF0\x80\x80\x80",
    b"\xF8\x88\x80\x80\x80",
    b"\xFC\x84\x80\x80\x80\x80",
    b"\xF4\x90\x80\x80",
    b"\xF7\xBF\xBF\xBF",
    b"\xED\xA0\x80",
    b"\xED\xAD\xBF",
    b"\xED\xAE\x80",
    b"\xED\xAF\xBF",
    b"\xED\xB0\x80",
    b"\xED\xBE\x80",
    b"\xED\xBF\xBF",
    b"\xED\xA0\x80\xED\xB0\x80",
    b"\xED\xAF\xBF\xED\xBF\xBF",
    b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80edited",
];

#[tokio::test]
async fn valid_utf8_comes_back_split_anywhere() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    for bytes in VALID {
        let text = format!("[RE]: {}", std::str::from_utf8(bytes).expect("valid"));
        echo.sends(&frame(FIN | TEXT, bytes)).await;
        echo.hears_text(&text).await;
        for at in 0..=bytes.len() {
            echo.sends(&[frame(MORE | TEXT, &bytes[..at]), frame(FIN, &bytes[at..])].concat()).await;
            echo.hears_text(&text).await;
        }
        echo.sends(&in_single_bytes(bytes)).await;
        echo.hears_text(&text).await;
    }
}

#[tokio::test]
async fn invalid_utf8_closes_with_1007_split_anywhere() {
    let town = Town::open().await;
    for bytes in INVALID {
        let mut ways = vec![frame(FIN | TEXT, bytes), in_single_bytes(bytes)];
        ways.extend((0..=bytes.len()).map(|at| [frame(MORE | TEXT, &bytes[..at]), frame(FIN, &bytes[at..])].concat()));
        for way in ways {
            let mut echo = town.raw("/ws/echo").await;
            echo.sends(&way).await;
            echo.is_closed_with(close::NOT_UTF8, &format!("{bytes:x?}")).await;
        }
    }
}

#[tokio::test]
async fn invalid_utf8_is_noticed_at_the_end_of_its_fragment() {
    let town = Town::open().await;
    for invalid in [&b"\xF4\x90"[..], b"\xED\xA0", b"\xC0", b"\xFF"] {
        let mut echo = town.raw("/ws/echo").await;
        echo.sends(&frame(MORE | TEXT, &[b"first ", invalid].concat())).await;
        // Without waiting for the rest, which never comes.
        echo.is_closed_with(close::NOT_UTF8, &format!("{invalid:x?}")).await;
    }
}

// 7: closing

#[tokio::test]
async fn a_goodbye_is_answered_with_its_code() {
    let town = Town::open().await;
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        for reason in [&b""[..], b"Hello World!", "안녕히 가세요".as_bytes(), &[b'*'; 123]] {
            let mut echo = town.raw("/ws/echo").await;
            echo.sends(&frame(FIN | CLOSE, &[&u16::to_be_bytes(code), reason].concat())).await;
            echo.is_closed_with(code, &format!("{code} and {} bytes", reason.len())).await;
        }
    }
}

#[tokio::test]
async fn a_goodbye_without_a_code_is_answered() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    echo.sends(&frame(FIN | CLOSE, b"")).await;
    assert!(matches!(echo.is_closed().await, None | Some(close::NORMAL)));
}

#[tokio::test]
async fn a_goodbye_that_is_none_breaks_the_protocol() {
    let town = Town::open().await;
    breaks(&town, &frame(FIN | CLOSE, b"a"), "half a code").await;
    breaks(&town, &frame(FIN | CLOSE, &[&[3, 232][..], &[b'*'; 124]].concat()), "a long reason").await;
    for code in [0_u16, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535] {
        for reason in [&b""[..], b"reason"] {
            let goodbye = frame(FIN | CLOSE, &[&code.to_be_bytes(), reason].concat());
            breaks(&town, &goodbye, &format!("the code {code}")).await;
        }
    }
}

#[tokio::test]
async fn a_reason_that_is_not_utf8_is_noticed() {
    let town = Town::open().await;
    for reason in [&b"\xFF"[..], b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80"] {
        let mut echo = town.raw("/ws/echo").await;
        echo.sends(&frame(FIN | CLOSE, &[&[3, 232][..], reason].concat())).await;
        let code = echo.is_closed().await;
        assert!(matches!(code, Some(close::NOT_UTF8 | BROKEN)), "{code:?}");
    }
}

#[tokio::test]
async fn nothing_is_answered_after_a_goodbye() {
    let town = Town::open().await;
    let goodbye = frame(FIN | CLOSE, &[3, 232]);
    for (what, later) in [
        ("a text", frame(FIN | TEXT, b"late")),
        ("a ping", frame(FIN | PING, b"late")),
        ("a second goodbye", goodbye.clone()),
        ("an open text", frame(MORE | TEXT, b"late")),
        ("nonsense", vec![0xFF; 64]),
    ] {
        let mut echo = town.raw("/ws/echo").await;
        echo.sends(&[goodbye.clone(), later].concat()).await;
        echo.is_closed_with(close::NORMAL, what).await;
    }
}

#[tokio::test]
async fn what_came_before_a_goodbye_is_answered() {
    let town = Town::open().await;
    let goodbye = frame(FIN | CLOSE, &[3, 232]);
    let mut echo = town.raw("/ws/echo").await;
    echo.sends(&[frame(FIN | TEXT, b"first"), frame(FIN | TEXT, b"second"), goodbye.clone()].concat()).await;
    echo.hears_text("[RE]: first").await;
    echo.hears_text("[RE]: second").await;
    echo.is_closed_with(close::NORMAL, "two texts").await;

    let mut echo = town.raw("/ws/echo").await;
    echo.sends(&[frame(FIN | PING, b"last"), goodbye.clone()].concat()).await;
    echo.hears_pong(b"last").await;
    echo.is_closed_with(close::NORMAL, "a ping").await;

    let mut echo = town.raw("/ws/echo").await;
    echo.sends(&[frame(MORE | TEXT, b"unfinished"), goodbye].concat()).await;
    echo.is_closed_with(close::NORMAL, "half a text").await;
}

#[tokio::test]
async fn a_connection_that_ends_in_a_frame_takes_nothing_with_it() {
    let town = Town::open().await;
    let text = frame(FIN | TEXT, "torn".as_bytes());
    for length in 0..text.len() {
        let mut torn = town.raw("/ws/echo").await;
        torn.sends(&text[..length]).await;
        drop(torn);
    }
    still_echoes(&mut town.raw("/ws/echo").await).await;
}

// 10: long messages in many pieces

#[tokio::test]
async fn a_long_text_in_pieces_of_1300_bytes_comes_back() {
    let town = Town::open().await;
    let mut echo = town.raw("/ws/echo").await;
    let text = "*".repeat(MAX_FRAME_BYTES);
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(1_300).collect();
    let (last, first) = pieces.split_last().expect("pieces");
    let mut bytes: Vec<u8> = Vec::new();
    for (number, piece) in first.iter().enumerate() {
        bytes.extend(frame(MORE | if number == 0 { TEXT } else { CONTINUATION }, piece));
    }
    bytes.extend(frame(FIN | CONTINUATION, last));
    echo.sends(&bytes).await;
    echo.hears_text(&format!("[RE]: {text}")).await;
}

// Masks and the opening

#[tokio::test]
async fn a_frame_without_a_mask_breaks_the_protocol() {
    let town = Town::open().await;
    for (kind, payload) in [(TEXT, &b"naked"[..]), (TEXT, b""), (PING, b"naked"), (CLOSE, &[3, 232])] {
        breaks(&town, &unmasked(FIN | kind, payload), &format!("{kind:#x} without a mask")).await;
    }
}

#[tokio::test]
async fn an_opening_has_to_be_one() {
    let town = Town::open().await;
    let [connection, upgrade, version, key] = [
        "connection: Upgrade\r\n",
        "upgrade: websocket\r\n",
        "sec-websocket-version: 13\r\n",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    ];
    let get = "GET /ws/echo HTTP/1.1";
    for (line, headers) in [
        (get, [upgrade, version, key].concat()),
        (get, [connection, version, key].concat()),
        (get, [connection, upgrade, key].concat()),
        (get, [connection, upgrade, version].concat()),
        (get, ["connection: close\r\n", upgrade, version, key].concat()),
        (get, [connection, "upgrade: h2c\r\n", version, key].concat()),
        (get, [connection, upgrade, "sec-websocket-version: 8\r\n", key].concat()),
        (get, [connection, upgrade, "sec-websocket-version: 130\r\n", key].concat()),
        ("POST /ws/echo HTTP/1.1", [connection, upgrade, version, key].concat()),
        ("GET /ws/echo HTTP/1.0", [connection, upgrade, version, key].concat()),
    ] {
        let answer = town.raw_answer(line, &headers).await;
        let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
        assert!(status.starts_with('4'), "{line} {headers}: {answer}");
    }
    for headers in [
        ["connection: keep-alive, UPGRADE\r\n", "upgrade: WebSocket\r\n", version, key].concat(),
        [connection, "upgrade: h2c, websocket\r\n", version, key].concat(),
        [connection, upgrade, version, key, "sec-websocket-extensions: permessage-deflate\r\n"].concat(),
    ] {
        let answer = town.raw_answer(get, &headers).await;
        assert!(answer.starts_with("HTTP/1.1 101 "), "{headers}: {answer}");
        assert!(!answer.to_lowercase().contains("sec-websocket-extensions"), "nothing was agreed: {answer}");
    }
}

/// These bytes are closed with 1002.
async fn breaks(town: &Town, bytes: &[u8], what: &str) {
    let mut echo = town.raw("/ws/echo").await;
    echo.sends(bytes).await;
    echo.is_closed_with(BROKEN, what).await;
}

async fn still_echoes(echo: &mut Raw) {
    echo.sends(&frame(FIN | TEXT, b"still here")).await;
    echo.hears_text("[RE]: still here").await;
}

/// A text in as many fragments as it has bytes.
fn in_single_bytes(bytes: &[u8]) -> Vec<u8> {
    let first = frame(MORE | TEXT, b"");
    let pieces = bytes.iter().flat_map(|byte| frame(MORE, &[*byte]));
    first.into_iter().chain(pieces).chain(frame(FIN, b"")).collect()
}
