//! What a `meta` box says: of films by names (Apple, QuickTime File Format; iTunes), of HEIC and AVIF by items that lie elsewhere
//! in the file (ISO/IEC 14496-12, section 8.11; ISO/IEC 23008-12, annex A). An item keeps its length and says nothing more.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use super::boxes::{Boxes, Found, Held, is_describing};
use super::eraser::{Eraser, Reading};
use super::pictures::{MAX_EXIF_BYTES, turned};
use super::{broken, names_a_place, unless_broken};

/// More names or items that tell of a place are not looked for.
const MAX_TELLING: usize = 10_000;
/// A name is looked at so far.
const MAX_NAME_BYTES: usize = 512;
/// Exif that says nothing: how far the directory is away, and one without entries (CIPA DC-008, section 4.5).
const NO_EXIF: &[u8] = b"\0\0\0\0MM\0\x2A\0\0\0\x08\0\0\0\0\0\0";
/// XMP that says nothing; blanks may follow (ISO 16684-1, section 7.3.2).
const NO_XMP: &[u8] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";

/// What an item says, and in which words it says nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Exif,
    Xmp,
    Anything,
}

/// The boxes that tell what lies where.
#[derive(Default)]
struct Tables {
    names: Option<Range<u64>>,
    named: Option<Range<u64>>,
    items: Option<Range<u64>>,
    places: Option<Range<u64>>,
    within: Option<Range<u64>>,
}

/// Blanks what a `meta` box tells of a place.
pub(super) fn blank(eraser: &Eraser<'_>, meta: &Found, held: &Held) -> io::Result<()> {
    let mut tables = Tables::default();
    for found in Boxes::within(eraser, first_box(eraser, meta)?..meta.end) {
        let found = found?;
        let part = Some(found.body..found.end);
        match &found.kind {
            b"keys" => tables.names = part,
            b"ilst" => tables.named = part,
            b"iinf" => tables.items = part,
            b"iloc" => tables.places = part,
            b"idat" => tables.within = part,
            b"free" | b"skip" => eraser.erase(found.body..found.end)?,
            b"xml " | b"bxml" | b"ID32" | b"uuid" => found.blank(eraser)?,
            _ => {}
        }
    }
    unless_broken(tables.blank_named(eraser))?;
    unless_broken(tables.blank_items(eraser, held))
}

/// QuickTime's has no version and flags before its boxes.
fn first_box(eraser: &Eraser<'_>, meta: &Found) -> io::Result<u64> {
    let mut reading = eraser.read(meta.body..meta.end);
    let is_quick_time = reading.left() >= 8 && &reading.take::<8>()?[4..] == b"hdlr";
    Ok(if is_quick_time { meta.body } else { meta.body + 4 })
}

impl Tables {
    fn blank_named(&self, eraser: &Eraser<'_>) -> io::Result<()> {
        let Some(named) = self.named.clone() else { return Ok(()) };
        let telling = self.names.clone().map_or(Ok(Vec::new()), |names| telling_names(eraser, names))?;
        for found in Boxes::within(eraser, named) {
            let found = found?;
            let name = u32::from_be_bytes(found.kind);
            let tells = match &found.kind {
                [0, ..] => telling.binary_search(&name).is_ok(),
                b"----" => names_a_place(&eraser.read(found.body..found.end).take_up_to(MAX_NAME_BYTES)?),
                kind => !is_describing(kind),
            };
            if tells {
                found.blank(eraser)?;
            }
        }
        Ok(())
    }

    fn blank_items(&self, eraser: &Eraser<'_>, held: &Held) -> io::Result<()> {
        let (Some(items), Some(places)) = (self.items.clone(), self.places.clone()) else { return Ok(()) };
        let telling = telling_items(eraser, items)?;
        if telling.is_empty() { Ok(()) } else { self.erase_items(eraser, eraser.read(places), &telling, held) }
    }

    /// Goes through the places of all items (section 8.11.3).
    fn erase_items(
        &self,
        eraser: &Eraser<'_>,
        mut reading: Reading<'_>,
        telling: &BTreeMap<u32, Says>,
        held: &Held,
    ) -> io::Result<()> {
        let [version, ..] = reading.take::<4>()?;
        let [a, b] = reading.take::<2>()?;
        let widths = [a >> 4, a & 15, b >> 4, if version == 0 { 0 } else { b & 15 }];
        if version > 2 || widths.iter().any(|width| *width > 8) {
            return Err(broken());
        }
        let [offset_width, length_width, base_width, index_width] = widths;
        let id_width = if version < 2 { 2 } else { 4 };
        for _ in 0..reading.number(id_width)? {
            let id = reading.number(id_width)? as u32;
            let way = if version == 0 { 0 } else { reading.u16()? & 15 };
            let (elsewhere, base, extents) = (reading.u16()?, reading.number(base_width)?, reading.u16()?);
            let says = telling.get(&id).filter(|_| elsewhere == 0 && length_width > 0);
            let Some(says) = says else {
                reading.skip(u64::from(extents) * u64::from(index_width + offset_width + length_width))?;
                continue;
            };
            for extent in 0..extents {
                reading.skip(index_width.into())?;
                let at = base.checked_add(reading.number(offset_width)?).ok_or_else(broken)?;
                let bytes = reading.number(length_width)?;
                let part = match way {
                    0 => held.part(at, bytes),
                    1 => self.part_within(at, bytes),
                    _ => None,
                };
                if let Some(part) = part {
                    silence(eraser, part, if extent == 0 { *says } else { Says::Anything })?;
                }
            }
        }
        Ok(())
    }

    /// Where so many bytes lie in the `meta` box itself, as far as they are there.
    fn part_within(&self, at: u64, bytes: u64) -> Option<Range<u64>> {
        let within = self.within.as_ref()?;
        let start = within.start.checked_add(at)?;
        let end = start.checked_add(bytes)?;
        (start < within.end).then_some(start..end.min(within.end))
    }
}

/// Which names tell of a place, by their numbers, in ascending order.
fn telling_names(eraser: &Eraser<'_>, names: Range<u64>) -> io::Result<Vec<u32>> {
    let mut telling = Vec::new();
    for (number, found) in (1..).zip(Boxes::within(eraser, names.start.saturating_add(8)..names.end)) {
        let found = found?;
        let name = eraser.read(found.body..found.end).take_up_to(MAX_NAME_BYTES)?;
        if names_a_place(&name) && telling.len() < MAX_TELLING {
            telling.push(number);
        }
    }
    Ok(telling)
}

/// Which items are no pictures (an `iinf` of `infe`, section 8.11.6).
fn telling_items(eraser: &Eraser<'_>, items: Range<u64>) -> io::Result<BTreeMap<u32, Says>> {
    let mut telling = BTreeMap::new();
    let [version, ..] = eraser.read(items.clone()).take::<4>()?;
    let first = items.start + if version == 0 { 6 } else { 8 };
    for found in Boxes::within(eraser, first..items.end) {
        let found = found?;
        let mut reading = eraser.read(found.body..found.end);
        if &found.kind == b"infe" && reading.left() >= 12 && telling.len() < MAX_TELLING {
            let [version, ..] = reading.take::<4>()?;
            let id = reading.number(if version < 3 { 2 } else { 4 })? as u32;
            let says = match (version, &reading.take::<6>()?[2..]) {
                (2.., b"Exif") => Says::Exif,
                (2.., b"mime") => Says::Xmp,
                (2.., b"uri ") => Says::Anything,
                _ => continue,
            };
            telling.insert(id, says);
        }
    }
    Ok(telling)
}

/// Writes over an item. Which way is up stays.
fn silence(eraser: &Eraser<'_>, part: Range<u64>, says: Says) -> io::Result<()> {
    let bytes = part.end - part.start;
    let words = match says {
        Says::Exif => exif_without(&eraser.read(part.clone()).take_up_to(MAX_EXIF_BYTES as usize)?),
        Says::Xmp => NO_XMP.to_vec(),
        Says::Anything => Vec::new(),
    };
    let words = if words.len() as u64 <= bytes { words } else { Vec::new() };
    eraser.fill(part.start + words.len() as u64..part.end, if says == Says::Xmp { b' ' } else { 0 })?;
    eraser.write(part.start, &words)
}

fn exif_without(exif: &[u8]) -> Vec<u8> {
    let directory = exif.first_chunk().and_then(|skip| exif.get(4..)?.get(u32::from_be_bytes(*skip) as usize..));
    directory.and_then(turned).map_or(NO_EXIF.to_vec(), |turned| [&NO_EXIF[..4], &turned].concat())
}
