//! What a file is, told from its first bytes and from nothing else. What is not told is something to download.

use app::file::Kind;
use image::ImageFormat;

/// How many bytes it takes to tell.
pub(super) const HEAD_BYTES: usize = 64;
/// What a browser must not open by itself (RFC 2046, section 4.5.1).
pub(super) const ANYTHING: &str = "application/octet-stream";

/// What a file seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// A picture; whether it can be read is still to be seen.
    Picture(ImageFormat),
    /// Something to hear, of this media type.
    Audio(&'static str),
    /// Something to see and hear, of this media type.
    Video(&'static str),
    /// Anything else: pages, drawings that are programs, archives, letters.
    Other,
}

impl Media {
    /// Tells from the first bytes (WHATWG, MIME Sniffing, section 6, as far as it is about what is shown).
    pub(super) fn of(head: &[u8]) -> Self {
        let at = |from: usize, bytes: &[u8]| head.get(from..from + bytes.len()) == Some(bytes);
        match head {
            [0xFF, 0xD8, 0xFF, ..] => Self::Picture(ImageFormat::Jpeg),
            _ if at(0, b"\x89PNG\r\n\x1a\n") => Self::Picture(ImageFormat::Png),
            _ if at(0, b"GIF87a") || at(0, b"GIF89a") => Self::Picture(ImageFormat::Gif),
            _ if at(0, b"RIFF") && at(8, b"WEBP") => Self::Picture(ImageFormat::WebP),
            _ if at(0, b"RIFF") && at(8, b"WAVE") => Self::Audio("audio/wav"),
            _ if at(0, b"ID3") => Self::Audio("audio/mpeg"),
            [0xFF, 0xFA | 0xFB | 0xF2 | 0xF3, ..] => Self::Audio("audio/mpeg"),
            _ if at(0, b"fLaC") => Self::Audio("audio/flac"),
            _ if at(0, b"OggS") && (at(28, b"\x80theora")) => Self::Video("video/ogg"),
            _ if at(0, b"OggS") => Self::Audio("audio/ogg"),
            _ if at(0, b"\x1A\x45\xDF\xA3") && holds(head, b"webm") => Self::Video("video/webm"),
            _ if at(4, b"ftyp") => Self::of_brand(&head[8..]),
            _ => Self::Other,
        }
    }

    /// ISO base media (ISO/IEC 14496-12): its brand says what is in the box.
    fn of_brand(rest: &[u8]) -> Self {
        match rest.get(..4).unwrap_or_default() {
            b"M4A " | b"M4B " => Self::Audio("audio/mp4"),
            b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V " | b"dash"
            | b"MSNV" | b"3gp4" | b"3gp5" => Self::Video("video/mp4"),
            b"qt  " => Self::Video("video/quicktime"),
            _ => Self::Other,
        }
    }

    /// The media type that it is served as, and how it is shown.
    pub(super) fn served(self) -> (&'static str, Kind) {
        match self {
            Self::Picture(ImageFormat::Jpeg) => ("image/jpeg", Kind::Picture),
            Self::Picture(ImageFormat::Png) => ("image/png", Kind::Picture),
            Self::Picture(ImageFormat::Gif) => ("image/gif", Kind::Animation),
            Self::Picture(ImageFormat::WebP) => ("image/webp", Kind::Picture),
            Self::Audio(media) => (media, Kind::Audio),
            Self::Video(media) => (media, Kind::Video),
            Self::Picture(_) | Self::Other => (ANYTHING, Kind::Other),
        }
    }
}

fn holds(head: &[u8], word: &[u8]) -> bool {
    head.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_told_from_its_bytes() {
        let mp4 = b"\0\0\0\x20ftypisom\0\0\x02\0";
        let webm = b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\x82\x84webm";
        assert_eq!(Media::of(mp4), Media::Video("video/mp4"));
        assert_eq!(Media::of(webm), Media::Video("video/webm"));
        assert_eq!(Media::of(b"ID3\x04"), Media::Audio("audio/mpeg"));
        assert_eq!(Media::of(b"RIFF\0\0\0\0WAVEfmt "), Media::Audio("audio/wav"));
        assert_eq!(Media::of(b"GIF89a"), Media::Picture(ImageFormat::Gif));
    }

    #[test]
    fn whatever_could_do_something_is_a_download() {
        for head in [
            &b"<!DOCTYPE html><script>alert(1)</script>"[..],
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"\xFF\xFE<\0s\0c\0r\0",
            b"\0\0\0\x18ftypheic",
            b"\0\0\0\x18ftyp",
            b"",
        ] {
            assert_eq!(Media::of(head).served(), (ANYTHING, Kind::Other), "{head:?}");
        }
    }
}
