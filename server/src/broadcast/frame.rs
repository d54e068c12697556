//! What the server says as it goes over the wire: WebSocket frames (RFC 6455, section 5.2), unmasked and whole. A frame is
//! made once, and the same bytes go to everyone.

use bytes::Bytes;
use serde::Serialize;

const WHOLE: u8 = 0x80;
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
/// Instead of a length: it stands in the next two bytes.
const LENGTH_IN_TWO_BYTES: u8 = 126;
/// The longest reason of a closing in bytes: a control frame holds 125, two of them the code.
const MAX_REASON_BYTES: usize = 123;

/// Appends a text frame.
fn append_text(bytes: &mut Vec<u8>, text: &str) {
    append(bytes, TEXT, text.as_bytes());
}

/// Appends a text frame that bears this as JSON: written where it stays, and its length before it afterwards.
pub(super) fn append_json(bytes: &mut Vec<u8>, said: &impl Serialize) {
    let start = bytes.len();
    bytes.extend_from_slice(&[WHOLE | TEXT, LENGTH_IN_TWO_BYTES, 0, 0]);
    let payload = bytes.len();
    serde_json::to_writer(&mut *bytes, said).expect("frames hold nothing that JSON can't, and memory takes all");
    match bytes.len() - payload {
        length @ 126..=0xFFFF => bytes[start + 2..payload].copy_from_slice(&(length as u16).to_be_bytes()),
        _ => {
            let said = bytes.split_off(payload);
            bytes.truncate(start);
            append(bytes, TEXT, &said);
        }
    }
}

/// A text frame.
pub fn text(text: &str) -> Bytes {
    let mut bytes = Vec::with_capacity(text.len() + 10);
    append_text(&mut bytes, text);
    bytes.into()
}

/// A closing with its code and reason (section 5.5.1).
pub fn closing(code: u16, reason: &str) -> Bytes {
    let reason = &reason.as_bytes()[..reason.len().min(MAX_REASON_BYTES)];
    let mut bytes = Vec::with_capacity(reason.len() + 4);
    append(&mut bytes, CLOSE, &[&code.to_be_bytes(), reason].concat());
    bytes.into()
}

/// A ping without a payload (section 5.5.2).
pub(super) fn ping() -> Bytes {
    Bytes::from_static(&[WHOLE | PING, 0])
}

fn append(bytes: &mut Vec<u8>, kind: u8, payload: &[u8]) {
    bytes.push(WHOLE | kind);
    match payload.len() {
        length @ 0..=125 => bytes.push(length as u8),
        length @ 126..=0xFFFF => {
            bytes.push(LENGTH_IN_TWO_BYTES);
            bytes.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            bytes.push(127);
            bytes.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_written_as_short_as_it_can_be() {
        let header = |length: usize| text(&"a".repeat(length)).slice(..text(&"a".repeat(length)).len() - length);
        assert_eq!(&header(0)[..], [0x81, 0]);
        assert_eq!(&header(125)[..], [0x81, 125]);
        assert_eq!(&header(126)[..], [0x81, 126, 0, 126]);
        assert_eq!(&header(0xFFFF)[..], [0x81, 126, 0xFF, 0xFF]);
        assert_eq!(&header(0x1_0000)[..], [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn json_that_is_written_where_it_stays_is_the_same_frame() {
        for length in [0, 100, 123, 124, 125, 1_000, 0xFFFD, 0xFFFE, 0x1_0000] {
            let said = "a".repeat(length);
            let mut bytes = b"before".to_vec();
            append_json(&mut bytes, &said);
            assert_eq!(&bytes[6..], &text(&format!("\"{said}\""))[..], "{length}");
        }
    }

    #[test]
    fn a_closing_bears_its_code_and_as_much_of_the_reason_as_fits() {
        assert_eq!(&closing(1000, "bye")[..], [0x88, 5, 3, 0xE8, b'b', b'y', b'e']);
        assert_eq!(closing(1000, &"a".repeat(200)).len(), 2 + 125);
    }
}
