//! Bytes of a file that are read in order, and bytes that are written over.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::FileExt;

use super::broken;

const BUFFER_BYTES: u64 = 4 * 1024;
/// What reading or writing a little costs, in bytes, and how much a small file may cost beyond its size.
const LEAST_COST: u64 = 512;
const ALLOWED: u64 = 16 * 1024 * 1024;
/// So many bytes are written together.
const TOGETHER: u64 = 64 * 1024;

/// Writes over what tells of a place, and never makes a file longer.
pub(super) struct Eraser<'a> {
    file: &'a File,
    bytes: u64,
    /// What may still be done: a file that costs more than twice its bytes lies.
    left: Cell<u64>,
}

/// Reads a part of a file, from its beginning to its end.
pub(super) struct Reading<'a> {
    from: BufReader<Part<'a>>,
    at: u64,
    end: u64,
}

struct Part<'a> {
    file: &'a File,
    at: u64,
}

impl<'a> Eraser<'a> {
    pub(super) fn new(file: &'a File) -> io::Result<Self> {
        let bytes = file.metadata()?.len();
        Ok(Self { file, bytes, left: Cell::new(bytes.saturating_mul(2).saturating_add(ALLOWED)) })
    }

    /// Where the whole file lies.
    pub(super) fn all(&self) -> Range<u64> {
        0..self.bytes
    }

    /// A part of it, as far as there is one; nothing where too much was done already.
    pub(super) fn read(&self, part: Range<u64>) -> Reading<'a> {
        let end = if self.pay(LEAST_COST).is_ok() { part.end.min(self.bytes) } else { part.start };
        let buffer = end.saturating_sub(part.start).min(BUFFER_BYTES);
        let from = BufReader::with_capacity(buffer as usize, Part { file: self.file, at: part.start });
        Reading { from, at: part.start, end }
    }

    /// Makes it all zeros, as far as there is any of it.
    pub(super) fn erase(&self, part: Range<u64>) -> io::Result<()> {
        self.fill(part, 0)
    }

    /// Makes it all the same byte, as far as there is any of it.
    pub(super) fn fill(&self, part: Range<u64>, byte: u8) -> io::Result<()> {
        let end = part.end.min(self.bytes);
        let same = vec![byte; end.saturating_sub(part.start).min(TOGETHER) as usize];
        let mut at = part.start;
        while at < end {
            let count = (end - at).min(TOGETHER);
            self.write(at, &same[..count as usize])?;
            at += count;
        }
        Ok(())
    }

    /// Writes over what is there.
    pub(super) fn write(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let count = bytes.len() as u64;
        self.pay(count.max(LEAST_COST))?;
        if at.checked_add(count).is_none_or(|end| end > self.bytes) {
            return Err(broken());
        }
        self.file.write_all_at(bytes, at)
    }

    fn pay(&self, cost: u64) -> io::Result<()> {
        self.left.set(self.left.get().checked_sub(cost).ok_or_else(broken)?);
        Ok(())
    }

    /// What was written so far is on disk before what is written next.
    pub(super) fn settle(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

impl Reading<'_> {
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn left(&self) -> u64 {
        self.end.saturating_sub(self.at)
    }

    /// The next bytes.
    pub(super) fn take<const COUNT: usize>(&mut self) -> io::Result<[u8; COUNT]> {
        let mut bytes = [0; COUNT];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// As many of the next bytes as there are, at most so many.
    pub(super) fn take_up_to(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.left().min(most as u64) as usize];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// The same, which are read once more afterwards.
    pub(super) fn peek(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let at = self.at;
        let bytes = self.take_up_to(most)?;
        self.go_to(at)?;
        Ok(bytes)
    }

    pub(super) fn u16(&mut self) -> io::Result<u16> {
        self.take().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> io::Result<u32> {
        self.take().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> io::Result<u64> {
        self.take().map(u64::from_be_bytes)
    }

    /// A number of so many bytes, eight at most.
    pub(super) fn number(&mut self, bytes: u8) -> io::Result<u64> {
        (0..bytes).try_fold(0, |number: u64, _| Ok(number << 8 | u64::from(self.take::<1>()?[0])))
    }

    pub(super) fn skip(&mut self, count: u64) -> io::Result<()> {
        self.go_to(self.at.checked_add(count).ok_or_else(broken)?)
    }

    /// Goes on from there.
    pub(super) fn go_to(&mut self, at: u64) -> io::Result<()> {
        if at > self.end {
            return Err(broken());
        }
        self.from.seek_relative(at.wrapping_sub(self.at).cast_signed())?;
        self.at = at;
        Ok(())
    }

    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        if self.left() < bytes.len() as u64 {
            return Err(broken());
        }
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => broken(),
            _ => error,
        })?;
        self.at += bytes.len() as u64;
        Ok(())
    }
}

impl Read for Part<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(bytes, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Part<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => self.at.checked_add_signed(by).ok_or_else(broken)?,
            SeekFrom::End(_) => return Err(io::ErrorKind::Unsupported.into()),
        };
        Ok(self.at)
    }
}
