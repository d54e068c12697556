//! Files without what they say of a place. Pictures that are shown are copied without all that they say beside the picture
//! (`pictures`). Everything else stays as long as it is, and what tells of a place is blanked where it lies, before the file is
//! hashed: films, sound and HEIC, which are boxes (`boxes`, `samples`, `items`), Matroska, TIFF with raw photographs
//! and the pictures in them (`jpeg`), and RIFF.
//!
//! Of a shown picture that breaks off only what is known to be one is kept. Elsewhere what does not fit together is left as it is,
//! for a file that was fine must not be harmed, and the rest is looked through all the same. Left are also, because they can't
//! be told apart from what is shown or heard: what stands inside coded pictures and sound, subtitles, maker notes, which raw
//! decoders need, headers packed with zlib (`cmov`), what dash cameras write among the samples or behind the last box, and
//! pictures on covers. Left are the tags of MP3, FLAC and Ogg: no phone or recorder was found that writes a place there.

mod boxes;
mod eraser;
mod items;
mod jpeg;
mod matroska;
mod pictures;
mod riff;
mod samples;
mod tiff;

use std::fs::File;
use std::io;

use eraser::Eraser;
pub(super) use pictures::{MAX_PROFILE_BYTES, strip};

/// Blanks what a file that begins like this tells of a place; its length stays. Doing it again changes nothing, also after it
/// was stopped in between.
///
/// # Errors
/// What reading and writing says.
pub(super) fn blank(file: &File, head: &[u8]) -> io::Result<()> {
    let eraser = Eraser::new(file)?;
    unless_broken(match head {
        _ if boxes::is_begun_by(head) => boxes::blank(&eraser),
        _ if matroska::is_begun_by(head) => matroska::blank(&eraser),
        _ if tiff::is_begun_by(head) => tiff::blank(&eraser),
        _ if jpeg::is_begun_by(head) => jpeg::blank(&eraser),
        _ if riff::is_begun_by(head) => riff::blank(&eraser),
        _ => Ok(()),
    })
}

/// Its pieces don't fit together.
fn broken() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

fn is_broken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}

/// What does not fit together is left.
fn unless_broken(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|error| if is_broken(&error) { Ok(()) } else { Err(error) })
}

/// Whether what bears this name, which anybody may have chosen, tells of a place.
fn names_a_place(name: &[u8]) -> bool {
    const WORDS: [&[u8]; 12] = [
        b"location",
        b"gps",
        b"geo",
        b"latitude",
        b"longitude",
        b"altitude",
        b"iso6709",
        b"xyz",
        b"direction",
        b"place",
        b"city",
        b"address",
    ];
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.windows(word.len()).any(|window| window == *word))
}

#[cfg(test)]
mod tests;
