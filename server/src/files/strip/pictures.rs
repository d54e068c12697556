//! A picture without what it says beside the picture: where it was taken, when, with what, by whom. The pixels are not touched;
//! the pieces of the file that hold anything else are left out, and what hangs behind its end with them. Which way is up stays.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use image::ImageFormat;
use image::metadata::Orientation;

use super::broken;

/// Where metadata of these sizes ends, nothing is looked for in it.
pub(super) const MAX_EXIF_BYTES: u32 = 1024 * 1024;
/// A longer profile of colours in a PNG is left out: it is packed, and may be a thousand times as long in memory.
const MAX_PACKED_PROFILE_BYTES: u32 = 32 * 1024;
/// So much memory it takes at most, in bytes (RFC 1951 packs no better).
pub(in crate::files) const MAX_PROFILE_BYTES: u64 = MAX_PACKED_PROFILE_BYTES as u64 * 1_032;

/// Copies a picture without its metadata. Says whether it moves.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] when its pieces don't fit together, or what reading and writing says.
pub(in crate::files) fn strip(format: ImageFormat, from: impl BufRead + Seek, to: impl Write) -> io::Result<bool> {
    match format {
        ImageFormat::Jpeg => jpeg(from, to).map(|()| false),
        ImageFormat::Png => png(from, to).map(|()| false),
        ImageFormat::Gif => gif(from, to).map(|()| true),
        ImageFormat::WebP => webp(from, to),
        _ => Err(broken()),
    }
}

fn take<const COUNT: usize>(from: &mut impl Read) -> io::Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    from.read_exact(&mut bytes).map_err(|_| broken())?;
    Ok(bytes)
}

/// Many a file has millions of tiny pieces, for which [`io::copy`] takes ten times as long.
fn copy(from: &mut impl BufRead, to: &mut impl Write, count: u64) -> io::Result<()> {
    let mut left = count;
    while left > 0 {
        let ready = from.fill_buf()?;
        if ready.is_empty() {
            return Err(broken());
        }
        let some = left.min(ready.len() as u64) as usize;
        to.write_all(&ready[..some])?;
        from.consume(some);
        left -= some as u64;
    }
    Ok(())
}

fn skip(from: &mut impl BufRead, count: u64) -> io::Result<()> {
    copy(from, &mut io::sink(), count)
}

/// Segments (ITU-T T.81, annex B). Of the applications' own, those stay without which colours would be others.
fn jpeg(mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    if take(&mut from)? != [0xFF, 0xD8] {
        return Err(broken());
    }
    to.write_all(&[0xFF, 0xD8])?;
    let mut marker = next_marker(&mut from)?;
    let mut has_begun = false;
    loop {
        match marker {
            0xD9 => return to.write_all(&[0xFF, 0xD9]),
            0x01 | 0xD0..=0xD7 => to.write_all(&[0xFF, marker])?,
            _ => segment(marker, &mut from, &mut to)?,
        }
        has_begun |= marker == 0xDA;
        let next = if marker == 0xDA { scan(&mut from, &mut to) } else { next_marker(&mut from).map(Some) };
        marker = match next {
            Ok(Some(next)) => next,
            Ok(None) => return to.write_all(&[0xFF, 0xD9]),
            // What comes to an early end is shown as far as it goes.
            Err(error) if has_begun && error.kind() == io::ErrorKind::InvalidData => {
                return to.write_all(&[0xFF, 0xD9]);
            }
            Err(error) => return Err(error),
        };
    }
}

fn next_marker(from: &mut impl Read) -> io::Result<u8> {
    if take(from)? != [0xFF] {
        return Err(broken());
    }
    loop {
        let [code] = take(from)?;
        match code {
            0xFF => {}
            0x00 => return Err(broken()),
            code => return Ok(code),
        }
    }
}

fn segment(marker: u8, from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let length = u16::from_be_bytes(take(from)?);
    let mut said = vec![0; usize::from(length).checked_sub(2).ok_or_else(broken)?];
    from.read_exact(&mut said).map_err(|_| broken())?;
    let stays = match marker {
        // A thumbnail may show what was cut off.
        0xE0 => said.starts_with(b"JFIF\0") && said.len() == 14,
        0xEE => said.starts_with(b"Adobe"),
        0xE2 => said.starts_with(b"ICC_PROFILE\0"),
        0xE1 => {
            let exif = said.strip_prefix(b"Exif\0\0").and_then(turned);
            if let Some(exif) = exif {
                let length = (exif.len() + 8) as u16;
                to.write_all(&[0xFF, 0xE1])?;
                to.write_all(&length.to_be_bytes())?;
                to.write_all(b"Exif\0\0")?;
                to.write_all(&exif)?;
            }
            false
        }
        0xE3..=0xEF | 0xFE => false,
        _ => true,
    };
    if stays {
        to.write_all(&[0xFF, marker])?;
        to.write_all(&length.to_be_bytes())?;
        to.write_all(&said)?;
    }
    Ok(())
}

/// Copies coded pixels up to the next marker; `None` when there is none.
fn scan(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Option<u8>> {
    loop {
        let ready = from.fill_buf()?;
        if ready.is_empty() {
            return Ok(None);
        }
        let plain = ready.iter().position(|byte| *byte == 0xFF).unwrap_or(ready.len());
        to.write_all(&ready[..plain])?;
        let found = plain < ready.len();
        from.consume(plain);
        if found {
            let mut code = 0xFF;
            while code == 0xFF {
                from.consume(1);
                code = match from.fill_buf()?.first() {
                    Some(code) => *code,
                    None => return Ok(None),
                };
            }
            from.consume(1);
            if !matches!(code, 0x00 | 0xD0..=0xD7) {
                return Ok(Some(code));
            }
            to.write_all(&[0xFF, code])?;
        }
    }
}

/// What is to be said of a picture that is not the right way up: an Exif directory with that one entry (CIPA DC-008, 4.6.5).
pub(super) fn turned(exif: &[u8]) -> Option<[u8; 26]> {
    let orientation = Orientation::from_exif_chunk(exif).filter(|found| *found != Orientation::NoTransforms)?;
    let mut directory = *b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    directory[19] = orientation.to_exif();
    Some(directory)
}

/// Chunks (PNG, third edition, section 5).
fn png(mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    to.write_all(&take::<8>(&mut from)?)?;
    loop {
        let (length, kind) = (u32::from_be_bytes(take(&mut from)?), take::<4>(&mut from)?);
        match &kind {
            b"eXIf" if length <= MAX_EXIF_BYTES => {
                let mut exif = vec![0; length as usize];
                from.read_exact(&mut exif).map_err(|_| broken())?;
                skip(&mut from, 4)?;
                turned(&exif).map_or(Ok(()), |exif| png_chunk(&mut to, &kind, &exif))?;
            }
            b"iCCP" if length > MAX_PACKED_PROFILE_BYTES => skip(&mut from, u64::from(length) + 4)?,
            b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" | b"tRNS" | b"cHRM" | b"gAMA" | b"iCCP" | b"sBIT" | b"sRGB"
            | b"cICP" | b"mDCV" | b"cLLI" | b"bKGD" | b"pHYs" | b"sPLT" | b"hIST" | b"acTL" | b"fcTL" | b"fdAT" => {
                to.write_all(&length.to_be_bytes())?;
                to.write_all(&kind)?;
                copy(&mut from, &mut to, u64::from(length) + 4)?;
            }
            _ => skip(&mut from, u64::from(length) + 4)?,
        }
        if &kind == b"IEND" {
            return Ok(());
        }
    }
}

fn png_chunk(to: &mut impl Write, kind: &[u8; 4], said: &[u8]) -> io::Result<()> {
    to.write_all(&(said.len() as u32).to_be_bytes())?;
    to.write_all(kind)?;
    to.write_all(said)?;
    to.write_all(&crc32(kind.iter().chain(said)).to_be_bytes())
}

/// The check sum of chunks (PNG, annex D), for the few bytes that we write ourselves.
fn crc32<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    !bytes.fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 })
    })
}

/// Chunks (RFC 9649, section 2). The file says at its beginning how long it is, so what stays is counted first.
fn webp(mut from: impl BufRead + Seek, mut to: impl Write) -> io::Result<bool> {
    let head: [u8; 12] = take(&mut from)?;
    let body = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]])).saturating_sub(4);
    let (mut left, mut kept, mut exif, mut flags) = (body, 0, None, 0);
    while let Some(chunk) = Chunk::next(&mut from, &mut left)? {
        let mut rest = chunk.body();
        match &chunk.kind {
            b"VP8X" if chunk.size > 0 => {
                [flags] = take(&mut from)?;
                rest -= 1;
            }
            b"EXIF" if chunk.size <= MAX_EXIF_BYTES => {
                let mut said = vec![0; chunk.size as usize];
                from.read_exact(&mut said).map_err(|_| broken())?;
                rest -= u64::from(chunk.size);
                exif = turned(said.strip_prefix(b"Exif\0\0").unwrap_or(&said));
            }
            _ => {}
        }
        kept += if chunk.stays() { 8 + chunk.body() } else { 0 };
        from.seek_relative(rest.cast_signed())?;
    }
    let exif = exif.filter(|_| flags != 0);
    let size = 4 + kept + exif.map_or(0, |exif| 8 + exif.len() as u64);
    to.write_all(b"RIFF")?;
    to.write_all(&u32::try_from(size).map_err(|_| broken())?.to_le_bytes())?;
    to.write_all(b"WEBP")?;
    from.seek(SeekFrom::Start(head.len() as u64))?;
    left = body;
    while let Some(chunk) = Chunk::next(&mut from, &mut left)? {
        let mut rest = chunk.body();
        if !chunk.stays() {
            from.seek_relative(rest.cast_signed())?;
            continue;
        }
        to.write_all(&chunk.kind)?;
        to.write_all(&chunk.size.to_le_bytes())?;
        if &chunk.kind == b"VP8X" && rest > 0 {
            // What follows has no XMP, and Exif only where it is turned.
            let [flags] = take(&mut from)?;
            to.write_all(&[flags & !0x0C | if exif.is_some() { 0x08 } else { 0 }])?;
            rest -= 1;
        }
        copy(&mut from, &mut to, rest)?;
    }
    if let Some(exif) = exif {
        to.write_all(b"EXIF")?;
        to.write_all(&(exif.len() as u32).to_le_bytes())?;
        to.write_all(&exif)?;
    }
    Ok(flags & 0x02 != 0)
}

/// The head of a piece of a WebP.
struct Chunk {
    kind: [u8; 4],
    size: u32,
}

impl Chunk {
    /// The next one of a file of which so many bytes are left.
    fn next(from: &mut impl Read, left: &mut u64) -> io::Result<Option<Self>> {
        if *left < 8 {
            return Ok(None);
        }
        let chunk = Self { kind: take(from)?, size: u32::from_le_bytes(take(from)?) };
        *left = left.saturating_sub(8 + chunk.body());
        Ok(Some(chunk))
    }

    /// How many bytes follow, with the one that makes them even.
    fn body(&self) -> u64 {
        u64::from(self.size) + u64::from(self.size % 2)
    }

    fn stays(&self) -> bool {
        matches!(&self.kind, b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP")
    }
}

/// Blocks (GIF89a, appendix A). Of the applications' own, those stay that say how often it moves.
fn gif(mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    let head: [u8; 13] = take(&mut from)?;
    to.write_all(&head)?;
    copy(&mut from, &mut to, table_bytes(head[10]))?;
    loop {
        let [block] = take(&mut from)?;
        match block {
            0x3B => return to.write_all(&[0x3B]),
            0x2C => {
                let place: [u8; 9] = take(&mut from)?;
                to.write_all(&[0x2C])?;
                to.write_all(&place)?;
                copy(&mut from, &mut to, table_bytes(place[8]) + 1)?;
                sub_blocks(&mut from, &mut to)?;
            }
            0x21 => {
                let [label, size] = take(&mut from)?;
                let mut said = vec![0; usize::from(size)];
                from.read_exact(&mut said).map_err(|_| broken())?;
                let stays = label == 0xF9 || (label == 0xFF && matches!(&said[..], b"NETSCAPE2.0" | b"ANIMEXTS1.0"));
                if stays {
                    to.write_all(&[0x21, label, size])?;
                    to.write_all(&said)?;
                    sub_blocks(&mut from, &mut to)?;
                } else if size > 0 {
                    sub_blocks(&mut from, &mut io::sink())?;
                }
            }
            _ => return Err(broken()),
        }
    }
}

/// How many bytes a table of colours has.
fn table_bytes(packed: u8) -> u64 {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
}

fn sub_blocks(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    loop {
        let [size] = take(from)?;
        to.write_all(&[size])?;
        if size == 0 {
            return Ok(());
        }
        copy(from, to, size.into())?;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::codecs::jpeg::JpegEncoder;
    use image::{DynamicImage, ImageDecoder, ImageReader, RgbImage};

    use super::*;

    const SECRET: &[u8] = b"52.5200N 13.4050E";

    fn picture() -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(40, 20, |x, y| image::Rgb([x as u8 * 6, y as u8 * 12, 90])))
    }

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture().write_to(&mut bytes, format).expect("it encodes");
        bytes.into_inner()
    }

    /// Exif that turns the picture, and tells a secret behind it.
    fn exif(orientation: u8) -> Vec<u8> {
        let mut directory =
            turned(b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0").expect("turned").to_vec();
        directory[19] = orientation;
        [&directory[..], SECRET].concat()
    }

    fn stripped(format: ImageFormat, bytes: &[u8]) -> Vec<u8> {
        let mut clean = Vec::new();
        strip(format, Cursor::new(bytes), &mut clean).expect("its pieces fit together");
        assert!(!clean.windows(SECRET.len()).any(|window| window == SECRET), "the secret is still told");
        clean
    }

    fn is_shown_as_before(format: ImageFormat, before: &[u8], clean: &[u8], orientation: Orientation) {
        let decode =
            |bytes: &[u8]| ImageReader::with_format(Cursor::new(bytes.to_vec()), format).decode().expect("a picture");
        assert_eq!(decode(before), decode(clean));
        let mut decoder = ImageReader::with_format(Cursor::new(clean), format).into_decoder().expect("a picture");
        assert_eq!(decoder.orientation().expect("known"), orientation);
    }

    fn inserted(bytes: &[u8], at: usize, piece: &[u8]) -> Vec<u8> {
        [&bytes[..at], piece, &bytes[at..]].concat()
    }

    #[test]
    fn a_jpeg_keeps_its_pixels_and_which_way_is_up_and_nothing_else() {
        let segment =
            |marker: u8, said: &[u8]| [&[0xFF, marker][..], &(said.len() as u16 + 2).to_be_bytes(), said].concat();
        let plain = encoded(ImageFormat::Jpeg);
        let told = [
            segment(0xE1, &[b"Exif\0\0", &exif(6)[..]].concat()),
            segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
            segment(0xED, SECRET),
            segment(0xFE, SECRET),
        ];
        let bytes = [inserted(&plain, 2, &told.concat()), SECRET.to_vec()].concat();
        let clean = stripped(ImageFormat::Jpeg, &bytes);
        is_shown_as_before(ImageFormat::Jpeg, &plain, &clean, Orientation::Rotate90);
        assert_eq!(stripped(ImageFormat::Jpeg, &plain), plain, "what tells nothing stays as it is");
        assert!(stripped(ImageFormat::Jpeg, &bytes[..bytes.len() - SECRET.len() - 20]).ends_with(&[0xFF, 0xD9]));
    }

    #[test]
    fn a_jpeg_of_several_scans_is_kept_whole() {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&picture()).expect("it encodes");
        // A second scan header in the same data, as progressive files have.
        let sos = bytes.windows(2).position(|window| window == [0xFF, 0xDA]).expect("a scan");
        let again = bytes[sos..].to_vec();
        let twice = [&bytes[..bytes.len() - 2], &again[..]].concat();
        assert_eq!(stripped(ImageFormat::Jpeg, &twice), twice);
    }

    #[test]
    fn a_png_keeps_its_pixels() {
        let plain = encoded(ImageFormat::Png);
        let mut told = Vec::new();
        png_chunk(&mut told, b"tEXt", SECRET).expect("it is written");
        png_chunk(&mut told, b"eXIf", &exif(3)).expect("it is written");
        let bytes = [inserted(&plain, 33, &told), SECRET.to_vec()].concat();
        let clean = stripped(ImageFormat::Png, &bytes);
        is_shown_as_before(ImageFormat::Png, &plain, &clean, Orientation::Rotate180);
        assert_eq!(stripped(ImageFormat::Png, &plain), plain);
        assert!(strip(ImageFormat::Png, Cursor::new(&plain[..60]), Vec::new()).is_err());
    }

    #[test]
    fn a_webp_keeps_its_pixels() {
        let plain = encoded(ImageFormat::WebP);
        assert_eq!(stripped(ImageFormat::WebP, &plain), plain);
        let chunk = |kind: &[u8; 4], said: &[u8]| {
            let padding = vec![0; said.len() % 2];
            [&kind[..], &(said.len() as u32).to_le_bytes(), said, &padding].concat()
        };
        // 0x0C: there is Exif and XMP; then the size, less one, in 24 bits each.
        let extended = chunk(b"VP8X", &[0x0C, 0, 0, 0, 39, 0, 0, 19, 0, 0]);
        let body = [&b"WEBP"[..], &extended, &plain[12..], &chunk(b"EXIF", &exif(6)), &chunk(b"XMP ", SECRET)].concat();
        let bytes = [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body].concat();
        let clean = stripped(ImageFormat::WebP, &bytes);
        is_shown_as_before(ImageFormat::WebP, &plain, &clean, Orientation::Rotate90);
    }

    #[test]
    fn a_gif_keeps_its_frames() {
        let mut bytes = Vec::new();
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        encoder.set_repeat(image::codecs::gif::Repeat::Infinite).expect("it is written");
        for _ in 0..3 {
            encoder.encode_frame(image::Frame::new(picture().to_rgba8())).expect("it encodes");
        }
        drop(encoder);
        let comment = [&[0x21, 0xFE, SECRET.len() as u8][..], SECRET, &[0]].concat();
        let told = inserted(&bytes, bytes.len() - 1, &comment);
        assert_eq!(stripped(ImageFormat::Gif, &told), bytes);
    }

    /// A file of which it is counted how many bytes are read.
    struct Counted<'a>(Cursor<&'a [u8]>, u64);

    impl Read for Counted<'_> {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            let count = self.0.read(bytes)?;
            self.1 += count as u64;
            Ok(count)
        }
    }

    impl Seek for Counted<'_> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn a_picture_of_a_hundred_thousand_pieces_is_read_twice_and_no_more() {
        let pieces = [&b"ALPH\0\0\0\0"[..], b"JUNK\x04\0\0\0XXXX"].concat().repeat(50_000);
        let bytes = [&b"RIFF"[..], &(pieces.len() as u32 + 4).to_le_bytes(), b"WEBP", &pieces].concat();
        let mut from = io::BufReader::new(Counted(Cursor::new(&bytes), 0));
        let mut clean = Vec::new();
        strip(ImageFormat::WebP, &mut from, &mut clean).expect("its pieces fit together");
        assert_eq!(clean.len(), 12 + 50_000 * 8);
        let read = from.into_inner().1;
        assert!(read < 3 * bytes.len() as u64, "{read} bytes were read of {}", bytes.len());
    }

    #[test]
    fn what_only_begins_like_a_picture_is_refused_and_never_hangs() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
            let whole = encoded(format);
            for length in 0..whole.len().min(600) {
                let _ = strip(format, Cursor::new(&whole[..length]), Vec::new());
            }
            for at in 0..whole.len().min(600) {
                for byte in [0x00, 0xFF, whole[at] ^ 0x55] {
                    let mut bytes = whole.clone();
                    bytes[at] = byte;
                    let _ = strip(format, Cursor::new(&bytes), Vec::new());
                }
            }
        }
    }
}
