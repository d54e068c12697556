//! The text of a message: which one it is and when it was meant to be sent, in 80 bytes that no encoding changes.

/// How long every text is, in bytes.
pub(crate) const BYTES: usize = 80;
/// A text begins with this byte, which stands nowhere else in a frame of any server.
pub(crate) const MARK: u8 = b'~';

/// Room and sender, number, moment: 8, 8 and 16 letters from a to p, four bits each.
const HEAD_BYTES: usize = 33;
const REST: &[u8; BYTES - HEAD_BYTES] = b" come in, sit down, there is tea in the yard...";

/// What a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// The number of the room it was sent into.
    pub(crate) room: u16,
    /// Which of the room's senders sent it.
    pub(crate) sender: u16,
    /// The how-manieth of this sender it is: 1, 2, 3 …
    pub(crate) number: u32,
    /// When it was meant to be sent, in nanoseconds since the run began.
    pub(crate) meant_ns: u64,
}

impl Note {
    /// The text.
    pub(crate) fn text(&self) -> [u8; BYTES] {
        let mut text = [MARK; BYTES];
        text[1..9].copy_from_slice(&letters(u32::from(self.room) << 16 | u32::from(self.sender)));
        text[9..17].copy_from_slice(&letters(self.number));
        text[17..25].copy_from_slice(&letters((self.meant_ns >> 32) as u32));
        text[25..33].copy_from_slice(&letters(self.meant_ns as u32));
        text[HEAD_BYTES..].copy_from_slice(REST);
        text
    }

    /// Reads a text that begins here; `None` when this is no text of ours.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let head = text.get(..HEAD_BYTES).filter(|head| head[0] == MARK)?;
        let from = word(&head[1..9])?;
        let meant = u64::from(word(&head[17..25])?) << 32 | u64::from(word(&head[25..33])?);
        Some(Self { room: (from >> 16) as u16, sender: from as u16, number: word(&head[9..17])?, meant_ns: meant })
    }
}

fn letters(word: u32) -> [u8; 8] {
    std::array::from_fn(|at| b'a' + (word >> (28 - 4 * at) & 0xF) as u8)
}

/// All eight letters at once, for there are millions of them a second.
fn word(letters: &[u8]) -> Option<u32> {
    let spread = u64::from_be_bytes(letters.try_into().ok()?).wrapping_sub(u64::from_be_bytes([b'a'; 8]));
    if spread & 0xF0F0_F0F0_F0F0_F0F0 != 0 {
        return None;
    }
    let pairs = (spread | spread >> 4) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF;
    Some((fours | fours >> 16) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_what_it_was_made_of() {
        for (room, sender, number, meant_ns) in
            [(0, 0, 1, 0), (99, 4_999, 123_456_789, 1_795_151_102_000_000), (u16::MAX, u16::MAX, u32::MAX, u64::MAX)]
        {
            let note = Note { room, sender, number, meant_ns };
            assert_eq!(Note::read(&note.text()), Some(note));
        }
    }

    #[test]
    fn the_mark_stands_only_at_the_start_and_json_leaves_the_text_alone() {
        let text = Note { room: 1, sender: 2, number: 3, meant_ns: 4 }.text();
        assert!(!text[1..].contains(&MARK));
        let text = String::from_utf8(text.to_vec()).expect("letters");
        assert_eq!(serde_json::to_string(&text).expect("a string"), format!("\"{text}\""));
        assert_eq!(text.trim(), text);
    }

    #[test]
    fn what_is_no_text_of_ours_is_none() {
        for text in ["", "~", "~abc", "hello", "~aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaz", "~AAAAAAAAaaaaaaaaaaaaaaaaaaaaaaaa"]
        {
            assert_eq!(Note::read(text.as_bytes()), None, "{text}");
        }
    }
}
