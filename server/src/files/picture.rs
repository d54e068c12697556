//! What has arrived is made ready to be shown: told what it is, stripped of its metadata, hashed, and, where it is a picture,
//! drawn in two sizes. On threads of its own; how large a picture is is looked at before it is decoded, and no more are decoded
//! at a time than fit into the memory that is set aside.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::file::{BLUR, Kind};
use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, ImageResult, Limits};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Trouble;
use super::media::{ANYTHING, HEAD_BYTES, Media};
use super::strip::{MAX_PROFILE_BYTES, blank, strip};
use super::vault::clean;
use crate::config::{MEGABYTE, Serve};
use crate::store::Content;

/// The longer side of a small picture, in pixels: a row of a message, on a screen with two dots a pixel.
const SMALL_PX: u32 = 640;
/// The longer side of a large one.
pub const LARGE_PX: u32 = 1_920;
/// The longest side of a picture that is drawn.
const MAX_SIDE_PX: u32 = 30_000;
/// A decoder takes about so many times the memory of its picture (a progressive JPEG's coefficients, an animation's canvas); that of PNG
/// writes where the picture is to be.
const DECODING: u64 = 3;
/// The quality of a drawn picture, of 100.
const QUALITY: u8 = 82;
/// A longer profile of colours is left out of what is drawn.
const MAX_DRAWN_PROFILE_BYTES: usize = 16 * 1024;

/// Where pictures are made ready.
pub(super) struct Studio {
    bounds: Bounds,
    memory_mb: Arc<Semaphore>,
}

/// What is drawn; a picture beyond it is something to download.
#[derive(Clone, Copy)]
struct Bounds {
    /// How many pixels it may have.
    pixels: u64,
    /// How many bytes: a JPEG is read into memory.
    bytes: u64,
    /// How much memory all that is being decoded may take, in megabytes.
    memory_mb: u32,
}

/// What is ready to be kept.
pub(super) struct Ready {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// What it is.
    pub(super) content: Content,
    /// The small and the large picture of it.
    pub(super) drawn: Option<[Bytes; 2]>,
}

impl Bounds {
    /// How much memory it takes to look at a picture's beginning: a JPEG is read as a whole, a PNG's profile is unpacked.
    fn measuring_mb(self) -> u32 {
        let mb = self.bytes.max(MAX_PROFILE_BYTES) >> 20;
        u32::try_from(mb + 1).unwrap_or(self.memory_mb).min(self.memory_mb)
    }
}

impl Studio {
    /// With the bounds that the settings ask for.
    pub(super) fn new(config: &Serve) -> Self {
        let memory = u64::from(config.picture_memory_mb) << 20;
        let bounds = Bounds {
            pixels: u64::from(config.picture_megapixels) * 1_000_000,
            bytes: memory.min(u64::from(config.picture_mb) * MEGABYTE.unsigned_abs()),
            memory_mb: config.picture_memory_mb,
        };
        Self { bounds, memory_mb: Arc::new(Semaphore::new(bounds.memory_mb as usize)) }
    }

    /// Makes ready what has arrived at a path; where it has metadata, what is kept lies beside it.
    pub(super) async fn make_ready(&self, arrived: PathBuf) -> Result<Ready, Trouble> {
        let (ready, format) = spawn_blocking(move || look(&arrived)).await.map_err(io::Error::other)??;
        let Some(format) = format else { return Ok(ready) };
        let (path, bounds) = (ready.path.clone(), self.bounds);
        let measured = {
            let _memory = self.memory_mb.acquire_many(bounds.measuring_mb()).await.map_err(io::Error::other)?;
            spawn_blocking(move || measure(&path, format, bounds)).await
        };
        // What no decoder understands, or makes one panic, is no picture.
        let Ok(Some(need_mb)) = measured else { return Ok(ready.not_shown()) };
        let _memory = self.memory_mb.acquire_many(need_mb).await.map_err(io::Error::other)?;
        let path = ready.path.clone();
        let drawn = spawn_blocking(move || draw(&path, format, bounds)).await;
        Ok(match drawn {
            Ok(Ok(drawn)) => ready.shown(drawn),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a picture could not be decoded");
                ready.not_shown()
            }
            Err(_) => ready.not_shown(),
        })
    }
}

/// A picture as it is drawn.
struct Drawn {
    width: u32,
    height: u32,
    blur: String,
    pictures: [Bytes; 2],
}

impl Ready {
    fn shown(mut self, drawn: Drawn) -> Self {
        let Drawn { width, height, blur, pictures } = drawn;
        (self.content.width, self.content.height, self.content.blur) = (width, height, blur);
        self.drawn = Some(pictures);
        self
    }

    fn not_shown(mut self) -> Self {
        (self.content.media, self.content.kind) = (ANYTHING.to_owned(), Kind::Other);
        self
    }
}

/// Tells what it is, and copies it without its metadata where it is a picture; elsewhere what tells of a place is blanked.
fn look(arrived: &Path) -> io::Result<(Ready, Option<ImageFormat>)> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    File::options()
        .create(true)
        .append(true)
        .read(true)
        .open(arrived)?
        .take(HEAD_BYTES as u64)
        .read_to_end(&mut head)?;
    let mut media = Media::of(&head);
    if let Media::Picture(format) = media {
        let clean = clean(arrived);
        match copy_clean(format, arrived, &clean) {
            Ok((hashed, moves)) => {
                let (served, kind) = media.served();
                let kind = if moves { Kind::Animation } else { kind };
                return Ok((hashed.ready(clean, served, kind), Some(format)));
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => std::fs::remove_file(&clean)?,
            Err(error) => {
                let _ = std::fs::remove_file(&clean);
                return Err(error);
            }
        }
        media = Media::Other;
    }
    let mut file = File::options().read(true).write(true).open(arrived)?;
    blank(&file, &head)?;
    let mut hashed = Hashed::new(io::sink());
    io::copy(&mut file, &mut hashed)?;
    file.sync_all()?;
    let (served, kind) = media.served();
    Ok((hashed.ready(arrived.to_owned(), served, kind), None))
}

fn copy_clean(format: ImageFormat, from: &Path, to: &Path) -> io::Result<(Hashed<BufWriter<File>>, bool)> {
    let mut hashed = Hashed::new(BufWriter::new(File::create(to)?));
    let moves = strip(format, BufReader::new(File::open(from)?), &mut hashed)?;
    hashed.to.flush()?;
    hashed.to.get_ref().sync_all()?;
    Ok((hashed, moves))
}

/// Hashes and counts what is written through it.
struct Hashed<To> {
    to: To,
    hash: Sha256,
    bytes: i64,
}

impl<To: Write> Hashed<To> {
    fn new(to: To) -> Self {
        Self { to, hash: Sha256::new(), bytes: 0 }
    }

    fn ready(self, path: PathBuf, media: &str, kind: Kind) -> Ready {
        let (hash, bytes, media, blur) = (self.hash.finalize().into(), self.bytes, media.to_owned(), String::new());
        Ready { path, content: Content { hash, bytes, media, kind, width: 0, height: 0, blur }, drawn: None }
    }
}

impl<To: Write> Write for Hashed<To> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.to.write(bytes)?;
        self.hash.update(&bytes[..count]);
        self.bytes += count as i64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn decoder(path: &Path, format: ImageFormat, bounds: Bounds) -> ImageResult<impl ImageDecoder> {
    let mut reader = ImageReader::with_format(BufReader::new(File::open(path)?), format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE_PX), Some(MAX_SIDE_PX));
    limits.max_alloc = Some(u64::from(bounds.memory_mb) << 20);
    reader.limits(limits);
    reader.into_decoder()
}

/// How much memory it takes to decode a picture, in megabytes; `None` when it is not to be decoded.
fn measure(path: &Path, format: ImageFormat, bounds: Bounds) -> Option<u32> {
    let bytes = std::fs::metadata(path).map(|found| found.len()).ok().filter(|bytes| *bytes <= bounds.bytes)?;
    let decoder = decoder(path, format, bounds).ok()?;
    let (width, height) = decoder.dimensions();
    let is_small = width.min(height) > 0 && u64::from(width) * u64::from(height) <= bounds.pixels;
    let (times, beside) = if format == ImageFormat::Png { (1, MAX_PROFILE_BYTES) } else { (DECODING, bytes) };
    let need_mb = decoder.total_bytes().saturating_mul(times).saturating_add(beside) >> 20;
    u32::try_from(need_mb + 1).ok().filter(|need_mb| is_small && *need_mb <= bounds.memory_mb)
}

fn draw(path: &Path, format: ImageFormat, bounds: Bounds) -> ImageResult<Drawn> {
    let mut decoder = decoder(path, format, bounds)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| profile.len() <= MAX_DRAWN_PROFILE_BYTES);
    let whole = DynamicImage::from_decoder(decoder)?;
    let (width, height) = turned((whole.width(), whole.height()), orientation);
    let mut large = fitted(whole, LARGE_PX);
    large.apply_orientation(orientation);
    let small = fitted(large.clone(), SMALL_PX);
    let is_opaque = !large.color().has_alpha() || small.to_rgba8().pixels().all(|pixel| pixel[3] == u8::MAX);
    let blur = if is_opaque { blur(&small) } else { String::new() };
    let pictures = [encoded(&small, is_opaque, &profile)?, encoded(&large, is_opaque, &profile)?];
    Ok(Drawn { width, height, blur, pictures })
}

fn turned((width, height): (u32, u32), orientation: Orientation) -> (u32, u32) {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    match orientation {
        Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH => (height, width),
        _ => (width, height),
    }
}

/// Never larger than it is.
fn fitted(picture: DynamicImage, px: u32) -> DynamicImage {
    if picture.width().max(picture.height()) > px { picture.thumbnail(px, px) } else { picture }
}

fn encoded(picture: &DynamicImage, is_opaque: bool, profile: &Option<Vec<u8>>) -> ImageResult<Bytes> {
    let mut bytes = Cursor::new(Vec::new());
    if is_opaque {
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        profile.iter().for_each(|profile| drop(encoder.set_icc_profile(profile.clone())));
        picture.to_rgb8().write_with_encoder(encoder)?;
    } else {
        let mut encoder = WebPEncoder::new_lossless(&mut bytes);
        profile.iter().for_each(|profile| drop(encoder.set_icc_profile(profile.clone())));
        picture.to_rgba8().write_with_encoder(encoder)?;
    }
    Ok(bytes.into_inner().into())
}

/// A few colours, of three hexadecimal digits each, row by row.
fn blur(picture: &DynamicImage) -> String {
    let colours = picture.thumbnail_exact(BLUR as u32, BLUR as u32).to_rgb8();
    colours.pixels().flat_map(|pixel| pixel.0).map(|channel| format!("{:x}", channel >> 4)).collect()
}
