//! A picture without what it says beside the picture: where it was taken, when, with what, by whom. The pixels are not touched;
//! the pieces of the file that hold anything else are left out, and what hangs behind its end with them. Which way is up stays.
//! Of a picture that breaks off, or whose pieces don't fit together, no more is copied than what is known to tell nothing.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use image::ImageFormat;
use image::metadata::Orientation;

use super::{broken, unless_broken};

/// Where metadata of these sizes ends, nothing is looked for in it.
pub(super) const MAX_EXIF_BYTES: u32 = 1024 * 1024;
/// A longer profile of colours in a PNG is left out: it is packed, and may be a thousand times as long in memory.
const MAX_PACKED_PROFILE_BYTES: u32 = 32 * 1024;
/// So much memory it takes at most, in bytes (RFC 1951 packs no better).
pub(in crate::files) const MAX_PROFILE_BYTES: u64 = MAX_PACKED_PROFILE_BYTES as u64 * 1_032;

/// Copies a picture without its metadata, as far as its pieces fit together. Says whether it moves.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] when it is no picture, or what reading and writing says.
pub(in crate::files) fn strip(format: ImageFormat, from: impl BufRead + Seek, to: impl Write) -> io::Result<bool> {
    match format {
        ImageFormat::Jpeg => jpeg(from, to).map(|()| false),
        ImageFormat::Png => unless_broken(png(from, to)).map(|()| false),
        ImageFormat::Gif => gif(from, to).map(|()| true),
        ImageFormat::WebP => webp(from, to),
        _ => Err(broken()),
    }
}

fn take<const COUNT: usize>(from: &mut impl Read) -> io::Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    fill(from, &mut bytes)?;
    Ok(bytes)
}

fn take_some(from: &mut impl Read, count: u32) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; count as usize];
    fill(from, &mut bytes)?;
    Ok(bytes)
}

fn fill(from: &mut impl Read, bytes: &mut [u8]) -> io::Result<()> {
    from.read_exact(bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => broken(),
        _ => error,
    })
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

/// What is there of it is as good as whole, for what comes to an early end is shown as far as it goes.
fn jpeg(mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    to.write_all(&take::<2>(&mut from)?)?;
    unless_broken(segments(&mut from, &mut to))?;
    to.write_all(&[0xFF, 0xD9])
}

/// Segments (ITU-T T.81, annex B), up to the end of the picture. What stands between them nobody looks at.
fn segments(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    let mut marker = scan(from, &mut io::sink())?;
    while marker != 0xD9 {
        segment(marker, from, to)?;
        marker = if marker == 0xDA { scan(from, to)? } else { scan(from, &mut io::sink())? };
    }
    Ok(())
}

/// What decoders need stays, and of the applications' own that without which colours would be others.
fn segment(marker: u8, from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let length = u16::from_be_bytes(take(from)?);
    let said = take_some(from, u32::from(length).checked_sub(2).ok_or_else(broken)?)?;
    let stays = match marker {
        0xC0..=0xCF | 0xDA..=0xDF => true,
        // A thumbnail may show what was cut off.
        0xE0 => said.starts_with(b"JFIF\0") && said.len() == 14,
        0xEE => said.starts_with(b"Adobe"),
        0xE2 => said.starts_with(b"ICC_PROFILE\0"),
        _ => false,
    };
    if stays {
        to.write_all(&[0xFF, marker])?;
        to.write_all(&length.to_be_bytes())?;
        to.write_all(&said)?;
    }
    let exif = said.strip_prefix(b"Exif\0\0").filter(|_| marker == 0xE1).and_then(turned);
    if let Some(exif) = exif {
        to.write_all(&[0xFF, 0xE1])?;
        to.write_all(&(exif.len() as u16 + 8).to_be_bytes())?;
        to.write_all(b"Exif\0\0")?;
        to.write_all(&exif)?;
    }
    Ok(())
}

/// Copies coded pixels up to the next marker.
fn scan(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<u8> {
    loop {
        let ready = from.fill_buf()?;
        if ready.is_empty() {
            return Err(broken());
        }
        let plain = ready.iter().position(|byte| *byte == 0xFF).unwrap_or(ready.len());
        to.write_all(&ready[..plain])?;
        let found = plain < ready.len();
        from.consume(plain);
        if found {
            let mut code = 0xFF;
            while code == 0xFF {
                from.consume(1);
                code = *from.fill_buf()?.first().ok_or_else(broken)?;
            }
            from.consume(1);
            if !matches!(code, 0x00 | 0x01 | 0xD0..=0xD7) {
                return Ok(code);
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
                let exif = take_some(&mut from, length)?;
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
    let mut survey = Survey::default();
    unless_broken(survey.chunks(&mut from, body))?;
    let Survey { kept, flags, exif } = survey;
    let exif = exif.filter(|_| flags != 0);
    let size = 4 + kept + exif.map_or(0, |exif| 8 + exif.len() as u64);
    to.write_all(b"RIFF")?;
    to.write_all(&u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes())?;
    to.write_all(b"WEBP")?;
    from.seek(SeekFrom::Start(head.len() as u64))?;
    unless_broken(chunks(&mut from, &mut to, body, exif))?;
    Ok(flags & 0x02 != 0)
}

/// What a WebP says of itself, and how many bytes of it stay.
#[derive(Default)]
struct Survey {
    kept: u64,
    flags: u8,
    exif: Option<[u8; 26]>,
}

impl Survey {
    fn chunks(&mut self, from: &mut (impl BufRead + Seek), mut left: u64) -> io::Result<()> {
        while let Some(chunk) = Chunk::next(from, &mut left)? {
            let mut rest = chunk.body;
            self.kept += if chunk.stays() { 8 + chunk.body } else { 0 };
            match &chunk.kind {
                b"VP8X" if chunk.body > 0 => {
                    [self.flags] = take(from)?;
                    rest -= 1;
                }
                b"EXIF" if chunk.size <= MAX_EXIF_BYTES && u64::from(chunk.size) <= rest => {
                    let said = take_some(from, chunk.size)?;
                    rest -= u64::from(chunk.size);
                    self.exif = turned(said.strip_prefix(b"Exif\0\0").unwrap_or(&said));
                }
                _ => {}
            }
            from.seek_relative(rest.cast_signed())?;
        }
        Ok(())
    }
}

fn chunks(
    from: &mut (impl BufRead + Seek),
    to: &mut impl Write,
    mut left: u64,
    exif: Option<[u8; 26]>,
) -> io::Result<()> {
    while let Some(chunk) = Chunk::next(from, &mut left)? {
        let mut rest = chunk.body;
        if !chunk.stays() {
            from.seek_relative(rest.cast_signed())?;
            continue;
        }
        to.write_all(&chunk.kind)?;
        to.write_all(&chunk.size.to_le_bytes())?;
        if &chunk.kind == b"VP8X" && rest > 0 {
            // What follows has no XMP, and Exif only where it is turned.
            let [flags] = take(from)?;
            to.write_all(&[flags & !0x0C | if exif.is_some() { 0x08 } else { 0 }])?;
            rest -= 1;
        }
        copy(from, to, rest)?;
    }
    if let Some(exif) = exif {
        to.write_all(b"EXIF")?;
        to.write_all(&(exif.len() as u32).to_le_bytes())?;
        to.write_all(&exif)?;
    }
    Ok(())
}

/// The head of a piece of a WebP.
struct Chunk {
    kind: [u8; 4],
    size: u32,
    /// How many bytes follow, with the one that makes them even; no more than the picture has.
    body: u64,
}

impl Chunk {
    /// The next one of a picture of which so many bytes are left.
    fn next(from: &mut impl Read, left: &mut u64) -> io::Result<Option<Self>> {
        if *left < 8 {
            return Ok(None);
        }
        let (kind, size) = (take(from)?, u32::from_le_bytes(take(from)?));
        let body = (u64::from(size) + u64::from(size % 2)).min(*left - 8);
        *left -= 8 + body;
        Ok(Some(Self { kind, size, body }))
    }

    fn stays(&self) -> bool {
        matches!(&self.kind, b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP")
    }
}

/// What has no block is no picture; one that goes on with something else ends there, as browsers have it.
fn gif(mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    let head: [u8; 13] = take(&mut from)?;
    to.write_all(&head)?;
    copy(&mut from, &mut to, table_bytes(head[10]))?;
    let [first] = take(&mut from)?;
    if matches!(first, 0x21 | 0x2C | 0x3B) { unless_broken(blocks(first, &mut from, &mut to)) } else { Err(broken()) }
}

/// Blocks (GIF89a, appendix A). Of the applications' own, those stay that say how often it moves.
fn blocks(first: u8, from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    let mut block = first;
    loop {
        match block {
            0x3B => return to.write_all(&[0x3B]),
            0x2C => {
                let place: [u8; 9] = take(from)?;
                to.write_all(&[0x2C])?;
                to.write_all(&place)?;
                copy(from, to, table_bytes(place[8]) + 1)?;
                sub_blocks(from, to)?;
            }
            0x21 => {
                let [label, size] = take(from)?;
                let said = take_some(from, size.into())?;
                let stays = label == 0xF9 || (label == 0xFF && matches!(&said[..], b"NETSCAPE2.0" | b"ANIMEXTS1.0"));
                if stays {
                    to.write_all(&[0x21, label, size])?;
                    to.write_all(&said)?;
                    sub_blocks(from, to)?;
                } else if size > 0 {
                    sub_blocks(from, &mut io::sink())?;
                }
            }
            _ => return Err(broken()),
        }
        [block] = take(from)?;
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

    fn segment(marker: u8, said: &[u8]) -> Vec<u8> {
        [&[0xFF, marker][..], &(said.len() as u16 + 2).to_be_bytes(), said].concat()
    }

    fn chunk(kind: &[u8; 4], said: &[u8]) -> Vec<u8> {
        let padding = vec![0; said.len() % 2];
        [&kind[..], &(said.len() as u32).to_le_bytes(), said, &padding].concat()
    }

    /// A picture that tells a secret wherever it can: before what is shown, behind it, and behind its end.
    fn telling(format: ImageFormat) -> Vec<u8> {
        let plain = encoded(format);
        let (at, told) = match format {
            ImageFormat::Jpeg => {
                let told = [
                    segment(0xE1, &[b"Exif\0\0", &exif(6)[..]].concat()),
                    segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
                    segment(0xED, SECRET),
                    segment(0xFE, SECRET),
                    segment(0x80, SECRET),
                ];
                (2, told.concat())
            }
            ImageFormat::Png => {
                let mut told = Vec::new();
                png_chunk(&mut told, b"tEXt", SECRET).expect("it is written");
                png_chunk(&mut told, b"eXIf", &exif(3)).expect("it is written");
                (33, told)
            }
            ImageFormat::WebP => {
                // 0x0C: there is Exif and XMP; then the size, less one, in 24 bits each.
                let extended = chunk(b"VP8X", &[0x0C, 0, 0, 0, 39, 0, 0, 19, 0, 0]);
                let told = [chunk(b"EXIF", &exif(6)), chunk(b"XMP ", SECRET)].concat();
                let body = [&b"WEBP"[..], &extended, &told, &plain[12..]].concat();
                return [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body, SECRET].concat();
            }
            _ => (plain.len() - 1, [&[0x21, 0xFE, SECRET.len() as u8][..], SECRET, &[0]].concat()),
        };
        [inserted(&plain, at, &told), SECRET.to_vec()].concat()
    }

    #[test]
    fn a_jpeg_keeps_its_pixels_and_which_way_is_up_and_nothing_else() {
        let plain = encoded(ImageFormat::Jpeg);
        let bytes = telling(ImageFormat::Jpeg);
        let clean = stripped(ImageFormat::Jpeg, &bytes);
        is_shown_as_before(ImageFormat::Jpeg, &plain, &clean, Orientation::Rotate90);
        assert_eq!(stripped(ImageFormat::Jpeg, &plain), plain, "what tells nothing stays as it is");
        assert!(stripped(ImageFormat::Jpeg, &bytes[..bytes.len() - SECRET.len() - 20]).ends_with(&[0xFF, 0xD9]));
        let scattered = [&plain[..2], b"who knows", &plain[2..]].concat();
        assert_eq!(stripped(ImageFormat::Jpeg, &scattered), plain, "what stands between its pieces is in no way");
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
        let clean = stripped(ImageFormat::Png, &telling(ImageFormat::Png));
        is_shown_as_before(ImageFormat::Png, &plain, &clean, Orientation::Rotate180);
        assert_eq!(stripped(ImageFormat::Png, &plain), plain);
    }

    #[test]
    fn a_webp_keeps_its_pixels() {
        let plain = encoded(ImageFormat::WebP);
        assert_eq!(stripped(ImageFormat::WebP, &plain), plain);
        let clean = stripped(ImageFormat::WebP, &telling(ImageFormat::WebP));
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
        assert_eq!(stripped(ImageFormat::Gif, &encoded(ImageFormat::Gif)), encoded(ImageFormat::Gif));
    }

    const FORMATS: [ImageFormat; 4] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP];

    /// What is kept of a file that begins like a picture: what is none stays as it is.
    fn kept(format: ImageFormat, bytes: &[u8]) -> Vec<u8> {
        let mut clean = Vec::new();
        let told = strip(format, Cursor::new(bytes), &mut clean);
        if told.is_ok() { clean } else { bytes.to_vec() }
    }

    #[test]
    fn a_picture_that_breaks_off_does_not_tell_either() {
        for format in FORMATS {
            let whole = telling(format);
            for length in 12..whole.len() {
                let kept = kept(format, &whole[..length]);
                assert!(!kept.windows(SECRET.len()).any(|window| window == SECRET), "{format:?} of {length} bytes");
            }
        }
    }

    #[test]
    fn a_piece_that_says_it_is_longer_than_its_picture_ends_with_it() {
        let mut lies = telling(ImageFormat::WebP);
        let at = lies.windows(4).position(|window| window == b"VP8L").expect("it shows something");
        lies[at + 4..at + 8].fill(0xFF);
        assert!(stripped(ImageFormat::WebP, &lies).starts_with(b"RIFF"));
    }

    #[test]
    fn of_a_picture_that_breaks_off_what_is_shown_stays() {
        for format in FORMATS {
            let whole = encoded(format);
            let cut = &whole[..whole.len() - 20];
            assert!(kept(format, cut).starts_with(cut), "{format:?}");
        }
    }

    #[test]
    fn a_text_that_begins_like_a_picture_stays_as_it_is() {
        let text = b"GIF89a is what a picture that moves begins with, as everybody knows.";
        assert_eq!(kept(ImageFormat::Gif, text), text);
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
        for format in FORMATS {
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
