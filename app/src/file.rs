//! A file that a message carries, as it goes over the wire and is drawn; its bytes are had over HTTP. What one may attach.

use serde::{Deserialize, Serialize};

use crate::room::Slug;
use crate::route::percent_encoded;
use crate::text::joined;

/// How many colours a picture's placeholder has in each direction.
pub const BLUR: usize = 4;
/// How many hexadecimal digits a colour of it has.
const DIGITS: usize = 3;
/// What the names of files end in that people expect to see or hear on the page.
const SHOWN: &str = ".png .jpg .jpeg .gif .webp .svg .heic .avif .bmp .tiff .mp4 .webm .mov .mp3 .m4a .wav .html";

/// The id of a file: 128 random bits in 32 hexadecimal digits, given by the server. From elsewhere it may be anything.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileId(pub String);

impl FileId {
    /// The bits; `None` when the text is no id.
    pub fn bits(&self) -> Option<u128> {
        let is_id = self.0.len() == 32 && self.0.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_id.then(|| u128::from_str_radix(&self.0, 16).ok()).flatten()
    }
}

impl From<u128> for FileId {
    fn from(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }
}

/// How a file is shown. The server tells it from the bytes, never from the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A picture with thumbnails.
    Picture,
    /// The same, and it may move when it is opened.
    Animation,
    /// Something to hear.
    Audio,
    /// Something to see and hear.
    Video,
    /// Something to download.
    Other,
}

/// A file as a message carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// What its sender called it: composed (NFC), without paths and hidden characters.
    pub name: String,
    /// How it is shown.
    pub kind: Kind,
    /// Its size in bytes.
    pub bytes: i64,
    /// A picture's width in pixels, the right way up; 0 where it is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub width: u32,
    /// Its height in pixels.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub height: u32,
    /// [`BLUR`] rows of as many colours of three hexadecimal digits each; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub blur: String,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl File {
    /// Where its bytes are.
    pub fn path(&self, room: &Slug) -> String {
        format!("{}/files/{}/{}", room.path(), self.id.0, percent_encoded(&self.name))
    }

    /// Where a picture of it is, `small` or `large`, as the server has drawn it.
    pub fn drawn_path(&self, room: &Slug, size: &str) -> String {
        format!("{}/pictures/{}/{size}", room.path(), self.id.0)
    }

    /// Where a picture of it is looked at.
    pub fn viewer_path(&self, room: &Slug) -> String {
        format!("{}/pictures/{}", room.path(), self.id.0)
    }

    /// Whether there are pictures of it.
    pub fn is_picture(&self) -> bool {
        matches!(self.kind, Kind::Picture | Kind::Animation)
    }

    /// Whether its name promises something to see or hear, which it is not, or not of a kind that is shown.
    pub fn is_not_as_named(&self) -> bool {
        let name = self.name.as_bytes();
        let ends_in = |ending: &str| {
            let from = name.len().checked_sub(ending.len());
            from.is_some_and(|from| name[from..].eq_ignore_ascii_case(ending.as_bytes()))
        };
        self.kind == Kind::Other && SHOWN.split(' ').any(ends_in)
    }

    /// How many bytes it takes on the wire, more or less.
    pub fn wire_bytes(&self) -> usize {
        128 + self.name.len() + self.blur.len()
    }

    /// What stands in a picture's place until it is there: a background of a few colours, as CSS.
    pub fn ground(&self) -> String {
        if self.blur.len() != BLUR * BLUR * DIGITS {
            return String::new();
        }
        let rows = (0..BLUR).map(|row| {
            let colours = (0..BLUR).map(|column| {
                let at = (row * BLUR + column) * DIGITS;
                format!(",#{}", self.blur.get(at..at + DIGITS).unwrap_or_default())
            });
            let place = 100 * row / (BLUR - 1);
            format!("linear-gradient(90deg{}) 0 {place}%/100% 26% no-repeat", colours.collect::<String>())
        });
        format!("background:{}", joined(rows, ","))
    }
}

/// A size as people read it, in units of a thousand: `812 B`, `1.2 MB`, `100 MB`.
pub fn size(bytes: i64) -> String {
    let (mut tenths, mut unit) = (bytes.saturating_mul(10), 0);
    while tenths >= 9_995 && unit < 3 {
        tenths = (tenths + 500) / 1_000;
        unit += 1;
    }
    let unit = ["B", "KB", "MB", "GB"][unit];
    if tenths < 100 && tenths % 10 != 0 {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    } else {
        format!("{} {unit}", (tenths + 5) / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        let sizes = [0, 812, 999, 1_000, 1_240, 9_940, 100_000_000, 1_500_000_000, 99_960_000];
        let said = ["0 B", "812 B", "999 B", "1 KB", "1.2 KB", "9.9 KB", "100 MB", "1.5 GB", "100 MB"];
        assert_eq!(sizes.map(size), said);
    }

    #[test]
    fn an_id_is_32_digits_and_nothing_else() {
        let id = FileId::from(0x0123_4567_u128);
        assert_eq!((id.0.len(), id.bits()), (32, Some(0x0123_4567)));
        for text in ["", "12", "../../../../../../../../etc/passwd", "+0112233445566778899aabbccddeeff"] {
            assert_eq!(FileId(text.to_owned()).bits(), None, "{text}");
        }
    }

    #[test]
    fn what_promises_a_picture_and_is_none_is_told_from_a_letter() {
        let file = |name: &str, kind| {
            let (id, name) = (FileId::from(7), name.to_owned());
            File { id, name, kind, bytes: 1, width: 0, height: 0, blur: String::new() }
        };
        for name in ["a.PNG", "마당.svg", ".html", "a.b.heic", "film.mov"] {
            assert!(file(name, Kind::Other).is_not_as_named(), "{name}");
            assert!(!file(name, Kind::Picture).is_not_as_named(), "{name}");
        }
        for name in ["a.pdf", "png", "a.png.zip", "a.pngx", "", "사진"] {
            assert!(!file(name, Kind::Other).is_not_as_named(), "{name}");
        }
    }

    #[test]
    fn a_ground_has_the_colours_of_the_picture_row_by_row() {
        let mut file = File {
            id: FileId::from(7),
            name: "a.png".to_owned(),
            kind: Kind::Picture,
            bytes: 1,
            width: 2,
            height: 2,
            blur: ["fff", "000", "123", "abc"].map(|colour| colour.repeat(BLUR)).concat(),
        };
        assert!(
            file.ground().starts_with("background:linear-gradient(90deg,#fff,#fff,#fff,#fff) 0 0%/100% 26% no-repeat,")
        );
        assert!(file.ground().ends_with("linear-gradient(90deg,#abc,#abc,#abc,#abc) 0 100%/100% 26% no-repeat"));
        file.blur = "fff".to_owned();
        assert_eq!(file.ground(), "");
    }
}
