//! The browser's reader beside serde_json, in a real engine of JavaScript: what is ours is read alike, and what is broken is
//! refused by both. The reader minds less than serde_json where no frame ever is: it cuts fractions off, takes the last of several
//! equal keys and the first of several words, passes over what an array has too much, and takes an array for an object without
//! fields.

use app::protocol::{ClientFrame, ServerFrame};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Debug;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

#[derive(Deserialize)]
struct Stored {
    client: Vec<Value>,
    server: Vec<Value>,
}

fn stored() -> Stored {
    serde_json::from_str(include_str!("../../../app/tests/frames.json")).expect("the stored frames")
}

/// Reads a text with both; whether it is one of ours.
fn is_ours<Frame: DeserializeOwned + PartialEq + Debug>(text: &str) -> bool {
    let (read, expected): (Option<Frame>, Option<Frame>) = (decode(text), serde_json::from_str(text).ok());
    assert_eq!(read, expected, "{text}");
    read.is_some()
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    /// A number below another one (xorshift).
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

#[wasm_bindgen_test]
fn every_stored_frame_is_read_as_serde_json_reads_it() {
    let Stored { client, server } = stored();
    assert!(client.iter().all(|frame| is_ours::<ClientFrame>(&frame.to_string())));
    assert!(server.iter().all(|frame| is_ours::<ServerFrame>(&frame.to_string())));
    // Fields stand in any order, and one that is not known is passed over.
    assert!(is_ours::<ServerFrame>(r#"{"gone":{"later":[{"a":1}],"room":"madang"}}"#));
    assert!(is_ours::<ClientFrame>(r#"{"read":{"turn":2,"seq":9007199254740991,"room":"\ud83d\udc4d\u0000\"\\\/"}}"#));
}

#[wasm_bindgen_test]
fn frames_of_which_something_is_missing_or_something_else_are_ours_to_both_or_to_none() {
    let Stored { client, server } = stored();
    let (mut dice, mut ours) = (Dice(0x5eed), 0);
    for _ in 0..10_000 {
        let mut frame = server[dice.below(server.len())].clone();
        change(&mut frame, &mut dice);
        ours += usize::from(is_ours::<ServerFrame>(&frame.to_string()));
        let mut frame = client[dice.below(client.len())].clone();
        change(&mut frame, &mut dice);
        ours += usize::from(is_ours::<ClientFrame>(&frame.to_string()));
    }
    assert!((1_000..19_000).contains(&ours), "{ours} are");
}

#[wasm_bindgen_test]
fn texts_that_are_cut_or_misspelled_are_refused_unless_they_are_still_ours() {
    let Stored { server, .. } = stored();
    let (mut dice, mut ours) = (Dice(0xbad), 0);
    for _ in 0..20_000 {
        let mut letters: Vec<char> = server[dice.below(server.len())].to_string().chars().collect();
        let at = dice.below(letters.len());
        match dice.below(4) {
            0 => letters.truncate(at),
            1 => drop(letters.remove(at)),
            2 => letters
                .insert(at, ['{', '}', '[', ']', '"', ',', ':', '\\', 'n', '1', ' ', '\u{7}', '가'][dice.below(13)]),
            _ => letters.swap(at, dice.below(at + 1)),
        }
        let text: String = letters.into_iter().collect();
        let read: Option<ServerFrame> = decode(&text);
        match serde_json::from_str::<ServerFrame>(&text) {
            Ok(frame) => assert_eq!(read, Some(frame), "{text}"),
            Err(_) => assert!(read.is_none() || serde_json::from_str::<Value>(&text).is_ok(), "{text} is no JSON"),
        }
        ours += usize::from(read.is_some());
    }
    assert!((500..19_500).contains(&ours), "{ours} are");
}

/// Something in it is something else from now on, or not there.
fn change(value: &mut Value, dice: &mut Dice) {
    let inner = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if inner == 0 || dice.below(6) == 0 {
        let is_object = value.is_object();
        let others =
            [Value::Null, json!(true), json!(7), json!(-7), json!(1_u64 << 40), json!("text"), json!({}), json!([])];
        // An array is an object to the reader.
        let number = others.len() - usize::from(is_object);
        *value = others[dice.below(number)].clone();
        return;
    }
    let at = dice.below(inner);
    let goes = dice.below(6) == 0;
    match value {
        Value::Array(items) if goes => drop(items.remove(at)),
        Value::Array(items) => change(&mut items[at], dice),
        Value::Object(fields) => {
            let name = fields.keys().nth(at).cloned().unwrap_or_default();
            if goes {
                fields.remove(&name);
            } else if let Some(field) = fields.get_mut(&name) {
                change(field, dice);
            }
        }
        _ => {}
    }
}
