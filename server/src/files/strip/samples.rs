//! Tracks that nobody sees or hears: a list of where the phone was, second by second, which way it was turned, which faces it
//! saw. Their samples lie among those of the film and are found by its tables (ISO/IEC 14496-12, sections 8.6 to 8.8).

use std::io;
use std::ops::Range;

use super::boxes::{Boxes, Found, Held};
use super::eraser::{Eraser, Reading};
use super::{broken, unless_broken};

/// A film has about five at most.
const MAX_TRACKS: usize = 256;

/// A track that is not shown.
#[derive(Default)]
pub(super) struct Track {
    /// Where its box begins.
    pub(super) start: u64,
    pub(super) id: u32,
    /// What it is for, and how it is coded.
    handler: [u8; 4],
    format: [u8; 4],
    /// How large a sample of a fragment is that does not say so.
    usual_bytes: u32,
    sizes: Option<Found>,
    runs: Option<Found>,
    places: Option<Found>,
}

/// How large one sample after the other is.
struct Sizes<'a> {
    reading: Reading<'a>,
    /// All are as large, or how many bytes each one's number has.
    each: Result<u32, u8>,
    left: u32,
}

/// How many samples lie together in one chunk after the other.
struct Runs<'a> {
    reading: Reading<'a>,
    left: u32,
    samples: u32,
    /// From which chunk on there are so many.
    next: Option<(u32, u32)>,
}

/// Adds the tracks of a film (a `moov`) that nobody sees or hears.
pub(super) fn find_beside(eraser: &Eraser<'_>, film: Range<u64>, beside: &mut Vec<Track>) -> io::Result<()> {
    for found in Boxes::within(eraser, film.clone()) {
        let found = found?;
        if &found.kind == b"trak" && beside.len() < MAX_TRACKS {
            let mut track = Track { start: found.start, ..Track::default() };
            unless_broken(track.look_into(eraser, &found))?;
            beside.extend(track.is_beside().then_some(track));
        }
    }
    for found in Boxes::within(eraser, film) {
        let found = found?;
        if &found.kind == b"mvex" && !beside.is_empty() {
            unless_broken(note_usual_bytes(eraser, found, beside))?;
        }
    }
    Ok(())
}

fn note_usual_bytes(eraser: &Eraser<'_>, extends: Found, beside: &mut [Track]) -> io::Result<()> {
    for found in Boxes::within(eraser, extends.body..extends.end) {
        let found = found?;
        if &found.kind == b"trex" {
            let mut reading = eraser.read(found.body..found.end);
            let [_, id, _, _, bytes] = [reading.u32()?, reading.u32()?, reading.u32()?, reading.u32()?, reading.u32()?];
            beside.iter_mut().filter(|track| track.id == id).for_each(|track| track.usual_bytes = bytes);
        }
    }
    Ok(())
}

/// Which track a fragment (a `traf`) is of.
pub(super) fn fragment_of(eraser: &Eraser<'_>, fragment: &Found) -> io::Result<Option<u32>> {
    for found in Boxes::within(eraser, fragment.body..fragment.end) {
        let found = found?;
        if &found.kind == b"tfhd" && found.end - found.body >= 8 {
            return eraser.read(found.body + 4..found.end).u32().map(Some);
        }
    }
    Ok(None)
}

/// Erases the samples of a fragment (a `moof`) that are of these tracks.
pub(super) fn erase_fragment(eraser: &Eraser<'_>, fragment: &Found, beside: &[Track], held: &Held) -> io::Result<()> {
    let mut is_first = true;
    for found in Boxes::within(eraser, fragment.body..fragment.end) {
        let found = found?;
        if &found.kind == b"traf" {
            let id = fragment_of(eraser, &found)?;
            if let Some(track) = beside.iter().find(|track| Some(track.id) == id) {
                track.erase_part(eraser, &found, fragment.start - held.origin, is_first, held)?;
            }
            is_first = false;
        }
    }
    Ok(())
}

impl Track {
    /// Timed metadata; Canon's raw photographs need theirs to be decoded.
    fn is_beside(&self) -> bool {
        matches!(&self.handler, b"meta" | b"camm" | b"data" | b"gps ") && &self.format != b"CTMD"
    }

    fn look_into(&mut self, eraser: &Eraser<'_>, parent: &Found) -> io::Result<()> {
        for found in Boxes::within(eraser, parent.body..parent.end) {
            let found = found?;
            let mut reading = eraser.read(found.body..found.end);
            match (&parent.kind, &found.kind) {
                (b"trak", b"mdia") | (b"mdia", b"minf") | (b"minf", b"stbl") => self.look_into(eraser, &found)?,
                (b"trak", b"tkhd") => {
                    let times = if reading.take::<4>()?[0] == 1 { 16 } else { 8 };
                    reading.skip(times)?;
                    self.id = reading.u32()?;
                }
                (b"mdia", b"hdlr") => self.handler = reading.take::<12>().map(|[.., a, b, c, d]| [a, b, c, d])?,
                (b"stbl", b"stsd") if reading.left() >= 16 => {
                    self.format = reading.take::<16>().map(|[.., a, b, c, d]| [a, b, c, d])?;
                }
                (b"stbl", b"stsz" | b"stz2") => self.sizes = Some(found),
                (b"stbl", b"stsc") => self.runs = Some(found),
                (b"stbl", b"stco" | b"co64") => self.places = Some(found),
                _ => {}
            }
        }
        Ok(())
    }

    /// Erases the samples that the track's own tables tell of.
    pub(super) fn erase_samples(&self, eraser: &Eraser<'_>, held: &Held) -> io::Result<()> {
        let (Some(sizes), Some(runs), Some(places)) = (&self.sizes, &self.runs, &self.places) else { return Ok(()) };
        let (mut sizes, mut runs) = (Sizes::of(eraser, sizes)?, Runs::of(eraser, runs)?);
        let width = if &places.kind == b"co64" { 8 } else { 4 };
        let mut places = eraser.read(places.body + 4..places.end);
        let mut chunk = 0;
        let chunks = places.u32()?;
        while chunk < chunks && sizes.left > 0 {
            chunk += 1;
            let at = places.number(width)?;
            held.erase(eraser, at, sizes.of_next(runs.samples_in(chunk)?)?)?;
        }
        Ok(())
    }

    /// Erases the samples of a part (a `traf`) of a fragment that begins so far from where offsets are counted.
    fn erase_part(
        &self,
        eraser: &Eraser<'_>,
        part: &Found,
        fragment_at: u64,
        is_first: bool,
        held: &Held,
    ) -> io::Result<()> {
        let (mut origin, mut usual_bytes, mut at) = (None, self.usual_bytes, 0);
        for found in Boxes::within(eraser, part.body..part.end) {
            let found = found?;
            let mut reading = eraser.read(found.body..found.end);
            match &found.kind {
                b"tfhd" => {
                    let (flags, _) = (reading.u32()?, reading.u32()?);
                    let has = |flag: u32| flags & flag != 0;
                    origin = (has(0x02_0000) || is_first).then_some(fragment_at);
                    if has(0x01) {
                        origin = Some(reading.u64()?);
                    }
                    reading.skip(4 * (u64::from(has(0x02)) + u64::from(has(0x08))))?;
                    if has(0x10) {
                        usual_bytes = reading.u32()?;
                    }
                    at = origin.unwrap_or_default();
                }
                b"trun" => {
                    let Some(origin) = origin else { continue };
                    let (flags, count) = (reading.u32()?, reading.u32()?);
                    if flags & 0x01 != 0 {
                        let by = reading.u32()?.cast_signed();
                        at = origin.checked_add_signed(by.into()).ok_or_else(broken)?;
                    }
                    reading.skip(if flags & 0x04 != 0 { 4 } else { 0 })?;
                    let bytes = run_bytes(&mut reading, flags, count, usual_bytes)?;
                    held.erase(eraser, at, bytes)?;
                    at = at.checked_add(bytes).ok_or_else(broken)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// How many bytes the samples of a run have (a `trun`, section 8.8.8).
fn run_bytes(reading: &mut Reading<'_>, flags: u32, count: u32, usual_bytes: u32) -> io::Result<u64> {
    if flags & 0x200 == 0 {
        return Ok(u64::from(count) * u64::from(usual_bytes));
    }
    let before = if flags & 0x100 != 0 { 4 } else { 0 };
    let behind = 4 * (u64::from(flags & 0x400 != 0) + u64::from(flags & 0x800 != 0));
    (0..count).try_fold(0, |sum, _| {
        reading.skip(before)?;
        let bytes = reading.u32()?;
        reading.skip(behind)?;
        Ok(sum + u64::from(bytes))
    })
}

impl<'a> Sizes<'a> {
    fn of(eraser: &Eraser<'a>, found: &Found) -> io::Result<Self> {
        let mut reading = eraser.read(found.body + 4..found.end);
        let (first, left) = (reading.u32()?, reading.u32()?);
        let each = match (&found.kind, first) {
            (b"stsz", 0) => Err(4),
            (b"stsz", bytes) => Ok(bytes),
            (_, 8) => Err(1),
            (_, 16) => Err(2),
            _ => return Err(broken()),
        };
        Ok(Self { reading, each, left })
    }

    /// How many bytes the next samples have together.
    fn of_next(&mut self, count: u32) -> io::Result<u64> {
        let count = count.min(self.left);
        self.left -= count;
        match self.each {
            Ok(bytes) => Ok(u64::from(bytes) * u64::from(count)),
            Err(width) => (0..count).try_fold(0, |sum, _| Ok(sum + self.reading.number(width)?)),
        }
    }
}

impl<'a> Runs<'a> {
    fn of(eraser: &Eraser<'a>, found: &Found) -> io::Result<Self> {
        let mut reading = eraser.read(found.body + 4..found.end);
        let left = reading.u32()?;
        let mut runs = Self { reading, left, samples: 0, next: None };
        runs.read_next()?;
        Ok(runs)
    }

    /// How many samples a chunk has; chunks are counted from 1 and asked for in their order.
    fn samples_in(&mut self, chunk: u32) -> io::Result<u32> {
        while let Some((_, samples)) = self.next.filter(|(first, _)| *first <= chunk) {
            self.samples = samples;
            self.read_next()?;
        }
        Ok(self.samples)
    }

    fn read_next(&mut self) -> io::Result<()> {
        self.next = None;
        if self.left > 0 {
            self.left -= 1;
            let (first, samples, _) = (self.reading.u32()?, self.reading.u32()?, self.reading.u32()?);
            self.next = Some((first, samples));
        }
        Ok(())
    }
}
