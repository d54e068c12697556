//! The client's side of WebSocket framing (RFC 6455, section 5): writes masked frames, reads frames where they lie.

use std::ops::Range;

/// A text frame.
pub(crate) const TEXT: u8 = 1;
/// A binary frame.
pub(crate) const BINARY: u8 = 2;
/// The other side closes.
pub(crate) const CLOSE: u8 = 8;
/// The other side wants a pong.
pub(crate) const PING: u8 = 9;
/// The answer to a ping.
pub(crate) const PONG: u8 = 10;

/// Any key does: masking is there for proxies, not for secrecy.
const MASK: [u8; 4] = [0x5A, 0x13, 0xC7, 0x2E];

/// A frame within the bytes that it was read from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// What kind it is.
    pub(crate) opcode: u8,
    /// Where its payload lies.
    pub(crate) payload: Range<usize>,
}

/// The frame that begins at `start`; `None` when it is not whole yet.
pub(crate) fn read(bytes: &[u8], start: usize) -> Option<Frame> {
    let head = bytes.get(start..start + 2)?;
    let (first, length) = (start + 2, usize::from(head[1] & 0x7F));
    let (first, length) = match length {
        126 => (first + 2, usize::from(u16::from_be_bytes(bytes.get(first..first + 2)?.try_into().ok()?))),
        127 => (first + 8, u64::from_be_bytes(bytes.get(first..first + 8)?.try_into().ok()?) as usize),
        _ => (first, length),
    };
    let end = first.checked_add(length)?;
    (end <= bytes.len()).then_some(Frame { opcode: head[0] & 0x0F, payload: first..end })
}

/// Appends a whole, masked frame.
pub(crate) fn write(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    const MASKED: u8 = 0x80;
    out.push(0x80 | opcode);
    match payload.len() {
        length @ 0..=125 => out.push(MASKED | length as u8),
        length @ 126..=65_535 => {
            out.push(MASKED | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(MASKED | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&MASK);
    out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same frame as a server would send it.
    fn unmasked(payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, TEXT, payload);
        let head = bytes.len() - payload.len();
        bytes[1] &= 0x7F;
        bytes.drain(head - 4..head);
        let head = bytes.len() - payload.len();
        bytes[head..].copy_from_slice(payload);
        bytes
    }

    #[test]
    fn frames_of_every_length_are_read_where_they_lie() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            let mut bytes = b"before".to_vec();
            bytes.extend(unmasked(&payload));
            let frame = read(&bytes, 6).expect("a whole frame");
            assert_eq!((frame.opcode, &bytes[frame.payload.clone()]), (TEXT, payload.as_slice()));
            assert_eq!(frame.payload.end, bytes.len());
            assert_eq!(read(&bytes[..bytes.len() - 1], 6), None, "{length} bytes, less one");
        }
    }

    #[test]
    fn what_is_written_is_masked_and_whole() {
        let mut bytes = Vec::new();
        write(&mut bytes, TEXT, b"hello");
        assert_eq!(bytes[..2], [0x81, 0x85]);
        let plain: Vec<u8> =
            bytes[6..].iter().zip(bytes[2..6].iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        assert_eq!(plain, b"hello");
    }
}
