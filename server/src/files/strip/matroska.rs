//! Matroska and WebM: tags that name a place become void elements of the same length (RFC 9559, section 5.1.8; RFC 8794, section
//! 11.3). Converters write there what a phone has said of its film.

use std::io;
use std::ops::Range;

use super::eraser::{Eraser, Reading};
use super::{broken, is_broken, names_a_place};

/// A name is looked at so far.
const MAX_NAME_BYTES: usize = 512;

const SEGMENT: u64 = 0x1853_8067;
const CLUSTER: u64 = 0x1F43_B675;
const TAGS: u64 = 0x1254_C367;
const TAG: u64 = 0x7373;
const SIMPLE_TAG: u64 = 0x67C8;
const TAG_NAME: u64 = 0x45A3;
const CHECK_SUM: u64 = 0xBF;
const VOID: u64 = 0xEC;

/// An element.
struct Element {
    id: u64,
    start: u64,
    body: u64,
    end: u64,
    /// How long it is was not known when it was begun; it ends where one begins that can't lie in it.
    is_open: bool,
}

/// Whether a file begins like one.
pub(super) fn is_begun_by(head: &[u8]) -> bool {
    head.starts_with(b"\x1A\x45\xDF\xA3")
}

/// Blanks what tells of a place.
pub(super) fn blank(eraser: &Eraser<'_>) -> io::Result<()> {
    let mut reading = eraser.read(eraser.all());
    while let Some(found) = Element::next(&mut reading)? {
        match found.id {
            // What lies in them comes next.
            SEGMENT => reading.go_to(found.body)?,
            CLUSTER if found.is_open => reading.go_to(found.body)?,
            TAGS if !found.is_open => {
                blank_tags(eraser, found.body..found.end)?;
                reading.go_to(found.end)?;
            }
            VOID if !found.is_open => {
                eraser.erase(found.body..found.end)?;
                reading.go_to(found.end)?;
            }
            _ if found.is_open => return Ok(()),
            _ => reading.go_to(found.end)?,
        }
    }
    Ok(())
}

/// The check sum of tags does not fit any more where one is gone, so it goes with it.
fn blank_tags(eraser: &Eraser<'_>, tags: Range<u64>) -> io::Result<()> {
    let mut telling = false;
    for is_blanking in [false, true] {
        let mut reading = eraser.read(tags.clone());
        while let Some(found) = Element::next(&mut reading)? {
            if found.id == TAG && !found.is_open {
                reading.go_to(found.body)?;
                continue;
            }
            let is_place = found.id == SIMPLE_TAG && names_one(eraser, &found)?;
            telling |= is_place;
            if is_blanking && (is_place || (telling && found.id == CHECK_SUM)) {
                found.blank(eraser)?;
            }
            reading.go_to(found.end)?;
        }
    }
    Ok(())
}

/// Whether a tag, or one that lies in it, bears the name of a place.
fn names_one(eraser: &Eraser<'_>, tag: &Element) -> io::Result<bool> {
    let mut reading = eraser.read(tag.body..tag.end);
    while let Some(found) = Element::next(&mut reading)? {
        let is_name = found.id == TAG_NAME;
        if is_name && names_a_place(&eraser.read(found.body..found.end).take_up_to(MAX_NAME_BYTES)?) {
            return Ok(true);
        }
        reading.go_to(if found.id == SIMPLE_TAG { found.body } else { found.end })?;
    }
    Ok(false)
}

impl Element {
    /// The next one, if there is one that fits together.
    fn next(reading: &mut Reading<'_>) -> io::Result<Option<Self>> {
        Self::read(reading).map(Some).or_else(|error| if is_broken(&error) { Ok(None) } else { Err(error) })
    }

    /// The next one, cut where the file is.
    fn read(reading: &mut Reading<'_>) -> io::Result<Self> {
        let start = reading.at();
        let (id, _) = number(reading, 4)?;
        let (size, width) = number(reading, 8)?;
        // The first bit of a number tells how long it is, and a size of nothing but ones is not known.
        let marker = 1 << (7 * u32::from(width));
        let (size, is_open) = (size & (marker - 1), size == marker * 2 - 1);
        let body = reading.at();
        let end = reading.at() + if is_open { reading.left() } else { size.min(reading.left()) };
        Ok(Self { id, start, body, end, is_open })
    }

    /// Makes it void.
    fn blank(&self, eraser: &Eraser<'_>) -> io::Result<()> {
        let bytes = self.end - self.start;
        let (head, rest) = match bytes {
            0..2 => return Err(broken()),
            2..9 => (vec![0xEC, 0x80 | (bytes - 2) as u8], bytes - 2),
            _ => ([&[0xEC][..], &((bytes - 9) | (1 << 56)).to_be_bytes()].concat(), bytes - 9),
        };
        eraser.write(self.start, &head)?;
        eraser.erase(self.end - rest..self.end)
    }
}

/// A number of so many bytes at most, with the bit that tells its length, and that length (RFC 8794, section 4).
fn number(reading: &mut Reading<'_>, most: u8) -> io::Result<(u64, u8)> {
    let [first] = reading.take()?;
    let width = first.leading_zeros() as u8 + 1;
    if width > most {
        return Err(broken());
    }
    Ok((u64::from(first) << (8 * (width - 1)) | reading.number(width - 1)?, width))
}
