//! RIFF: sound of field recorders and old films (Microsoft and IBM, Multimedia Programming Interface; EBU Tech 3306). Chunks that
//! tell of a place become padding.

use std::io;

use super::eraser::Eraser;

/// Whether a file begins like one.
pub(super) fn is_begun_by(head: &[u8]) -> bool {
    matches!(head.get(..4), Some(b"RIFF" | b"RF64")) && matches!(head.get(8..12), Some(b"WAVE" | b"AVI "))
}

/// Blanks what tells of a place: recorders' XML, and XMP.
pub(super) fn blank(eraser: &Eraser<'_>) -> io::Result<()> {
    let mut reading = eraser.read(eraser.all());
    reading.skip(12)?;
    while reading.left() >= 8 {
        let at = reading.at();
        let (kind, size) = (reading.take::<4>()?, u32::from_le_bytes(reading.take()?));
        let body = reading.at();
        let size = u64::from(size).min(reading.left());
        if matches!(&kind, b"iXML" | b"_PMX") {
            eraser.erase(body..body + size)?;
            eraser.write(at, b"JUNK")?;
        }
        reading.skip((size + size % 2).min(reading.left()))?;
    }
    Ok(())
}
