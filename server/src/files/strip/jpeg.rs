//! JPEG inside other files: the picture by which a camera shows a raw photograph. It says where it was taken once more, and is blanked
//! where it lies (ITU-T T.81, annex B). Also the raw photographs of Fujifilm, which are one such picture, and sensor data.

use std::io;

use super::eraser::Eraser;
use super::{broken, tiff};

/// A camera writes about ten before the picture itself; what comes after so many is not looked at.
const MAX_SEGMENTS: usize = 64;

/// Whether a file begins like one of Fujifilm's.
pub(super) fn is_begun_by(head: &[u8]) -> bool {
    head.starts_with(b"FUJIFILMCCD-RAW ")
}

/// Blanks what one of Fujifilm's tells of a place. Behind its versions and the camera's name stands where the picture lies.
pub(super) fn blank(eraser: &Eraser<'_>) -> io::Result<()> {
    let mut reading = eraser.read(eraser.all());
    reading.skip(84)?;
    blank_at(eraser, reading.u32()?.into())
}

/// Blanks what a picture that lies there tells of a place, if one does.
pub(super) fn blank_at(eraser: &Eraser<'_>, at: u64) -> io::Result<()> {
    let mut reading = eraser.read(at..u64::MAX);
    if reading.take()? != [0xFF, 0xD8] {
        return Ok(());
    }
    for _ in 0..MAX_SEGMENTS {
        let [0xFF, marker] = reading.take()? else { return Ok(()) };
        if marker == 0xDA {
            return Ok(());
        }
        let size = u64::from(reading.u16()?).checked_sub(2).ok_or_else(broken)?;
        let said = reading.at()..reading.at() + size;
        match marker {
            0xE1 if reading.peek(6)? == b"Exif\0\0" => tiff::blank_within(eraser, said.start + 6)?,
            // Adobe's words, and anybody's.
            0xE1 | 0xED | 0xFE => eraser.erase(said.clone())?,
            _ => {}
        }
        reading.go_to(said.end)?;
    }
    Ok(())
}
