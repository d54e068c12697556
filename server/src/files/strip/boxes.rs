//! Films, sound, HEIC and AVIF: boxes in boxes (ISO/IEC 14496-12; Apple, QuickTime File Format). A box that tells of a place
//! becomes one of free space, as long as it was, so that whatever is found by its offset stays where it is.

use std::io;
use std::ops::Range;

use super::eraser::{Eraser, Reading};
use super::samples::{self, Track};
use super::{items, unless_broken};

/// Deeper boxes are not looked into.
const MAX_DEPTH: usize = 16;
/// More places of samples are not remembered: a fragmented film has two a second, or fewer.
const MAX_HELD: usize = 100_000;

/// What is said of a film or of music in boxes of their own; whatever else lies there is not needed to show it. Apple's names
/// begin with `©`, the others are 3GPP TS 26.244, section 8, and iTunes's.
const DESCRIBING: [&[u8; 4]; 87] = [
    b"\xA9nam", b"\xA9ART", b"\xA9alb", b"\xA9day", b"\xA9cmt", b"\xA9gen", b"\xA9wrt", b"\xA9too", b"\xA9swr",
    b"\xA9cpy", b"\xA9des", b"\xA9dir", b"\xA9ed1", b"\xA9fmt", b"\xA9inf", b"\xA9prd", b"\xA9prf", b"\xA9req",
    b"\xA9src", b"\xA9wrn", b"\xA9hst", b"\xA9grp", b"\xA9lyr", b"\xA9trk", b"\xA9com", b"\xA9aut", b"\xA9enc",
    b"\xA9mvn", b"\xA9mvi", b"\xA9mvc", b"\xA9wrk", b"\xA9st3", b"\xA9isr", b"\xA9lab", b"\xA9pub", b"\xA9con",
    b"titl", b"auth", b"perf", b"gnre", b"dscp", b"albm", b"yrrc", b"rtng", b"clsf", b"kywd", b"cprt", b"tsel",
    b"kind", b"strk", b"ludt", b"hnti", b"hinf", b"tagc", b"LOOP", b"SelO", b"AllF", b"chpl", b"name", b"covr",
    b"trkn", b"disk", b"aART", b"tmpo", b"cpil", b"pgap", b"desc", b"ldes", b"sonm", b"soar", b"soal", b"soaa",
    b"soco", b"sosn", b"stik", b"catg", b"keyw", b"tvsh", b"tven", b"tvsn", b"tves", b"tvnn", b"pcst", b"hdvd",
    b"shwm", b"egid", b"purl",
];
/// Boxes by number without which something is not shown: spherical films, encrypted streams (PIFF), Canon's raw previews.
const NEEDED: [u128; 8] = [
    0xffcc8263_f855_4a93_8814_587a02521fdd,
    0x8974dbce_7be7_4c51_84f9_7148f9882554,
    0xa2394f52_5a9b_4f14_a244_6c427c648df4,
    0xd08a4f18_10f3_4a82_b6c8_32d8aba183d3,
    0x6d1d9b05_42d5_44e6_80e2_141daff757b2,
    0xd4807ef2_ca39_4695_8e54_26cb9e46a79f,
    0xeaf42b5e_1c98_4b88_b9fb_b7dc406e4d16,
    0x210f1687_9149_11e4_8111_00242131fce4,
];
/// Canon's box of boxes in raw photographs; of those `CMT4` tells of the place.
const CANON: u128 = 0x85c0b687_820f_11e0_8111_f4ce462b6a48;

/// A box.
pub(super) struct Found {
    pub(super) kind: [u8; 4],
    pub(super) start: u64,
    /// Where its head ends.
    pub(super) body: u64,
    pub(super) end: u64,
    /// Whether it would be longer than what it lies in.
    is_cut: bool,
}

/// The boxes of a part of a file, one after the other.
pub(super) struct Boxes<'a> {
    reading: Reading<'a>,
    end: u64,
    is_outermost: bool,
}

/// A film, which may lie within a photograph that moves.
struct Film<'a> {
    eraser: &'a Eraser<'a>,
    /// Where samples lie.
    held: Held,
    /// Tracks that nobody sees or hears.
    beside: Vec<Track>,
}

/// Where samples lie, in ascending order, and from where their offsets are counted.
pub(super) struct Held {
    pub(super) origin: u64,
    parts: Vec<Range<u64>>,
}

/// What a box lies in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Film,
    UserData,
}

/// Whether a file begins like one, after QuickTime's old way too.
pub(super) fn is_begun_by(head: &[u8]) -> bool {
    matches!(head.get(4..8), Some(b"ftyp" | b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot"))
}

/// Blanks what tells of a place.
pub(super) fn blank(eraser: &Eraser<'_>) -> io::Result<()> {
    blank_film(eraser, eraser.all(), 0)
}

fn blank_film(eraser: &Eraser<'_>, part: Range<u64>, depth: usize) -> io::Result<()> {
    let Some(film) = Film::survey(eraser, part.clone())? else { return Ok(()) };
    if !film.beside.is_empty() {
        film.erase_beside(part.clone())?;
        // As long as they are tracks they are found again.
        eraser.settle()?;
    }
    film.walk(Boxes::outermost(eraser, part), Within::Film, depth)
}

impl<'a> Film<'a> {
    /// What lies where. `None` where neither the first box says that it is a film nor any has one.
    fn survey(eraser: &'a Eraser<'a>, part: Range<u64>) -> io::Result<Option<Self>> {
        let mut film = Self { eraser, held: Held { origin: part.start, parts: Vec::new() }, beside: Vec::new() };
        let mut is_film = false;
        for found in Boxes::outermost(eraser, part.clone()) {
            let found = found?;
            match &found.kind {
                b"mdat" if film.held.parts.len() < MAX_HELD => film.held.parts.push(found.body..found.end),
                b"moov" => samples::find_beside(eraser, found.body..found.end, &mut film.beside)?,
                _ => {}
            }
            is_film |= &found.kind == b"moov" || (found.start == part.start && &found.kind == b"ftyp");
        }
        Ok(is_film.then_some(film))
    }

    fn erase_beside(&self, part: Range<u64>) -> io::Result<()> {
        for track in &self.beside {
            unless_broken(track.erase_samples(self.eraser, &self.held))?;
        }
        for found in Boxes::outermost(self.eraser, part) {
            let found = found?;
            if &found.kind == b"moof" {
                unless_broken(samples::erase_fragment(self.eraser, &found, &self.beside, &self.held))?;
            }
        }
        Ok(())
    }

    fn walk(&self, boxes: Boxes<'_>, within: Within, depth: usize) -> io::Result<()> {
        for found in boxes {
            let found = found?;
            let inner = || Boxes::within(self.eraser, found.body..found.end);
            match &found.kind {
                b"free" | b"skip" | b"wide" if found.is_cut => {}
                b"free" | b"skip" | b"wide" => self.eraser.erase(found.body..found.end)?,
                b"\xA9xyz" | b"loci" | b"gps " | b"sefd" | b"ID32" | b"CMT4" => found.blank(self.eraser)?,
                b"uuid" => self.by_number(&found, depth)?,
                b"trak" | b"traf" if self.is_beside(&found)? => found.blank(self.eraser)?,
                _ if depth == MAX_DEPTH => {}
                b"meta" => unless_broken(items::blank(self.eraser, &found, &self.held))?,
                b"mpvd" => blank_film(self.eraser, found.body..found.end, depth + 1)?,
                b"udta" => self.walk(inner(), Within::UserData, depth + 1)?,
                kind if within == Within::UserData && !is_describing(kind) => found.blank(self.eraser)?,
                b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" | b"moof" | b"traf" | b"mvex" => {
                    self.walk(inner(), Within::Film, depth + 1)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A box whose kind is a number (ISO/IEC 14496-12, section 11.1).
    fn by_number(&self, found: &Found, depth: usize) -> io::Result<()> {
        let mut reading = self.eraser.read(found.body..found.end);
        let number = if reading.left() < 16 { 0 } else { u128::from_be_bytes(reading.take()?) };
        if number == CANON && depth < MAX_DEPTH {
            return self.walk(Boxes::within(self.eraser, found.body + 16..found.end), Within::Film, depth + 1);
        }
        if NEEDED.contains(&number) { Ok(()) } else { found.blank(self.eraser) }
    }

    fn is_beside(&self, found: &Found) -> io::Result<bool> {
        if &found.kind == b"trak" {
            return Ok(self.beside.iter().any(|track| track.start == found.start));
        }
        let id = if self.beside.is_empty() { None } else { samples::fragment_of(self.eraser, found)? };
        Ok(self.beside.iter().any(|track| Some(track.id) == id))
    }
}

/// Whether a box among user data says what there is to see or hear.
pub(super) fn is_describing(kind: &[u8; 4]) -> bool {
    DESCRIBING.contains(&kind)
}

impl Held {
    /// Erases a sample, if it lies where samples do.
    pub(super) fn erase(&self, eraser: &Eraser<'_>, at: u64, bytes: u64) -> io::Result<()> {
        self.part(at, bytes).map_or(Ok(()), |part| eraser.erase(part))
    }

    /// Where so many bytes lie from an offset on, as far as they are there; `None` where that is not among samples.
    pub(super) fn part(&self, at: u64, bytes: u64) -> Option<Range<u64>> {
        let start = self.origin.checked_add(at)?;
        let end = start.checked_add(bytes)?;
        let before = self.parts.partition_point(|part| part.start <= start);
        let part = self.parts.get(before.checked_sub(1)?)?;
        (start < part.end).then_some(start..end.min(part.end))
    }
}

impl Found {
    /// Makes it free space. Its kind is changed last, so that it is found again when this is stopped.
    pub(super) fn blank(&self, eraser: &Eraser<'_>) -> io::Result<()> {
        eraser.erase(self.body..self.end)?;
        eraser.write(self.start + 4, b"free")
    }
}

impl<'a> Boxes<'a> {
    /// Those of a whole file, of which the last may go on to its end without saying how long it is.
    fn outermost(eraser: &Eraser<'a>, part: Range<u64>) -> Self {
        Self { is_outermost: true, ..Self::within(eraser, part) }
    }

    /// Those in a box.
    pub(super) fn within(eraser: &Eraser<'a>, part: Range<u64>) -> Self {
        Self { end: part.end, reading: eraser.read(part), is_outermost: false }
    }

    fn read(&mut self) -> io::Result<Option<Found>> {
        if self.reading.left() < 8 {
            return Ok(None);
        }
        let start = self.reading.at();
        let (size, kind) = (self.reading.u32()?, self.reading.take()?);
        let size = match size {
            0 if self.is_outermost => self.end - start,
            1 if self.reading.left() >= 8 => self.reading.u64()?,
            size => size.into(),
        };
        let body = self.reading.at();
        let says = start.saturating_add(size);
        if says < body {
            return Ok(None);
        }
        // Many a film was not sent to its end; what there is of it is as good as whole.
        let end = says.min(self.end);
        self.reading.go_to(end)?;
        Ok(Some(Found { kind, start, body, end, is_cut: says > end }))
    }
}

impl Iterator for Boxes<'_> {
    type Item = io::Result<Found>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}
