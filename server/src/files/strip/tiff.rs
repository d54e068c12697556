//! TIFF, and raw photographs that are TIFF: DNG, CR2, NEF, ARW, PEF, ORF, RW2. Entries that tell of a place are taken out of their
//! directories, and what they pointed at is erased (TIFF 6.0, section 2; CIPA DC-008, section 4.6.3).

use std::io;

use super::eraser::Eraser;
use super::{jpeg, unless_broken};

/// A raw photograph has about ten; more are not remembered.
const MAX_DIRECTORIES: usize = 64;
const ENTRY_BYTES: usize = 12;

/// Points at further directories.
const SUB_DIRECTORIES: u16 = 0x014A;
const EXIF: u16 = 0x8769;
const GPS: u16 = 0x8825;
/// The picture by which a camera shows the photograph: Panasonic's, and everybody else's.
const PICTURES: [u16; 2] = [0x002E, 0x0201];
/// Adobe's words, which tell of the place once more: XMP, IPTC, Photoshop's.
const WORDS: [u16; 3] = [0x02BC, 0x83BB, 0x8649];

/// A file of directories.
struct Tiff<'a> {
    eraser: &'a Eraser<'a>,
    /// Where it begins, from which its offsets count.
    from: u64,
    is_little: bool,
}

/// An entry, as it stands there.
#[derive(Clone, Copy)]
struct Entry {
    bytes: [u8; ENTRY_BYTES],
    tag: u16,
    /// How many bytes its value has, and where they lie where they have no place in the entry.
    size: u64,
    value: u32,
}

/// Whether a file begins like one.
pub(super) fn is_begun_by(head: &[u8]) -> bool {
    matches!(head.get(..4), Some(b"II*\0" | b"MM\0*" | b"IIRO" | b"IIRS" | b"IIU\0"))
}

/// Blanks what tells of a place.
pub(super) fn blank(eraser: &Eraser<'_>) -> io::Result<()> {
    for picture in blank_from(eraser, 0)?.pictures {
        unless_broken(jpeg::blank_at(eraser, picture.into()))?;
    }
    Ok(())
}

/// The same for what a picture says of itself from there on. A picture in it has none.
pub(super) fn blank_within(eraser: &Eraser<'_>, from: u64) -> io::Result<()> {
    unless_broken(blank_from(eraser, from).map(drop))
}

fn blank_from(eraser: &Eraser<'_>, from: u64) -> io::Result<Directories> {
    let head: [u8; 8] = eraser.read(from..u64::MAX).take()?;
    let tiff = Tiff { eraser, from, is_little: head[0] == b'I' };
    let mut found = Directories::default();
    found.add(tiff.u32(&head[4..]));
    while let Some(at) = found.next() {
        // One may lie beyond where a file breaks off, and the others not.
        unless_broken(tiff.blank_directory(tiff.place(at), &mut found))?;
    }
    Ok(found)
}

/// Where directories lie, each once, how many of them were looked at, and where pictures lie that they point at.
#[derive(Default)]
struct Directories {
    places: Vec<u32>,
    seen: usize,
    pictures: Vec<u32>,
}

impl Directories {
    fn add(&mut self, at: u32) {
        remember(&mut self.places, at);
    }

    fn next(&mut self) -> Option<u32> {
        let at = self.places.get(self.seen).copied()?;
        self.seen += 1;
        Some(at)
    }
}

fn remember(places: &mut Vec<u32>, at: u32) {
    if at > 0 && places.len() < MAX_DIRECTORIES && !places.contains(&at) {
        places.push(at);
    }
}

impl Tiff<'_> {
    /// Where something lies in the file.
    fn place(&self, at: u32) -> u64 {
        self.from + u64::from(at)
    }

    fn blank_directory(&self, at: u64, found: &mut Directories) -> io::Result<()> {
        let (entries, next) = self.directory(at)?;
        let mut kept = Vec::new();
        for entry in &entries {
            match entry.tag {
                GPS => unless_broken(self.erase_places(self.place(entry.value)))?,
                tag if WORDS.contains(&tag) => self.erase_value(entry)?,
                EXIF => found.add(entry.value),
                tag if PICTURES.contains(&tag) => remember(&mut found.pictures, entry.value),
                SUB_DIRECTORIES => unless_broken(self.further(entry, found))?,
                _ => {}
            }
            if entry.tag != GPS && !WORDS.contains(&entry.tag) {
                kept.push(entry.bytes);
            }
        }
        if let [a, b, c, d] = next[..] {
            found.add(self.u32(&[a, b, c, d]));
        }
        if kept.len() == entries.len() { Ok(()) } else { self.rewrite(at, &kept, &next, entries.len()) }
    }

    /// What was taken out leaves its place behind the directory.
    fn rewrite(&self, at: u64, kept: &[[u8; ENTRY_BYTES]], next: &[u8], before: usize) -> io::Result<()> {
        let count = kept.len() as u16;
        let count = if self.is_little { count.to_le_bytes() } else { count.to_be_bytes() };
        let blank = vec![0; (before - kept.len()) * ENTRY_BYTES];
        self.eraser.write(at, &[&count[..], kept.as_flattened(), next, &blank].concat())
    }

    /// Erases a directory of places, and all that it points at.
    fn erase_places(&self, at: u64) -> io::Result<()> {
        let (entries, _) = self.directory(at)?;
        for entry in &entries {
            self.erase_value(entry)?;
        }
        self.eraser.erase(at..at + 2 + (entries.len() * ENTRY_BYTES) as u64)
    }

    fn erase_value(&self, entry: &Entry) -> io::Result<()> {
        let at = self.place(entry.value);
        if entry.size <= 4 { Ok(()) } else { self.eraser.erase(at..at.saturating_add(entry.size)) }
    }

    /// The directories that one entry points at.
    fn further(&self, entry: &Entry, found: &mut Directories) -> io::Result<()> {
        if entry.size <= 4 {
            found.add(entry.value);
            return Ok(());
        }
        let at = self.place(entry.value);
        let places = self.eraser.read(at..at.saturating_add(entry.size)).take_up_to(4 * MAX_DIRECTORIES)?;
        places.chunks_exact(4).for_each(|place| found.add(self.u32(place)));
        Ok(())
    }

    /// The entries that stand there, and where the next directory is, as far as the file goes.
    fn directory(&self, at: u64) -> io::Result<(Vec<Entry>, Vec<u8>)> {
        let mut reading = self.eraser.read(at..u64::MAX);
        let count = self.u16(&reading.take::<2>()?);
        let count = u64::from(count).min(reading.left() / ENTRY_BYTES as u64);
        let entries = (0..count).map(|_| Ok(self.entry(reading.take()?))).collect::<io::Result<_>>()?;
        Ok((entries, reading.take_up_to(4)?))
    }

    fn entry(&self, bytes: [u8; ENTRY_BYTES]) -> Entry {
        let width = match self.u16(&bytes[2..]) {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 0,
        };
        let size = u64::from(self.u32(&bytes[4..])) * width;
        Entry { bytes, tag: self.u16(&bytes), size, value: self.u32(&bytes[8..]) }
    }

    fn u16(&self, bytes: &[u8]) -> u16 {
        let [a, b] = [bytes[0], bytes[1]];
        if self.is_little { u16::from_le_bytes([a, b]) } else { u16::from_be_bytes([a, b]) }
    }

    fn u32(&self, bytes: &[u8]) -> u32 {
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }
}
