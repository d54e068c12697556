//! Films and photographs say nothing of the place where they were made, however they come and however they are read; what they
//! show stays, to the byte. The samples were made with ffmpeg and heif-enc, and told of Seoul with exiftool.

use app::file::Kind;
use reqwest::Method;

use crate::files::{described, holds, path};
use crate::support::Town;

/// A second of a test picture, which tells its place in `udta`, in `meta` and in a `uuid` box of XMP, and its title.
const FILM: &[u8] = include_bytes!("samples/film.mov");
const FILM_SAYS: [&[u8]; 3] = [b"+37.5665+126.9780/", b"+37.5665+126.978", b"exif:GPSLatitude"];
/// A test picture that is turned and tells its place in Exif and in XMP, both of which lie beside its pixels.
const PHOTOGRAPH: &[u8] = include_bytes!("samples/photo.heic");
/// 37° 33' 59.4" as Exif writes it.
const PHOTOGRAPH_SAYS: [&[u8]; 2] =
    [b"\0\0\0\x25\0\0\0\x01\0\0\0\x21\0\0\0\x01\0\0\x01\x29\0\0\0\x05", b"exif:GPSLatitude"];

fn tells(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

/// What lies from these letters on, so many bytes.
fn behind<'a>(bytes: &'a [u8], letters: &[u8], count: usize) -> &'a [u8] {
    let at = bytes.windows(letters.len()).position(|window| window == letters).expect("the letters stand there");
    &bytes[at..at + count]
}

#[tokio::test]
async fn a_film_that_came_in_pieces_does_not_say_where_it_was_made() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let browser = ada.browser();
    let to = browser.announces("film.mov", FILM.len()).await;
    // A piece ends in the middle of what it tells of the place.
    let cut = FILM.windows(8).position(|window| window == b"+37.5665").expect("it tells") + 4;
    assert_eq!(browser.sends_piece(&to, 0, &FILM[..cut]).await.status, 204);

    let film = described(&browser.sends_piece(&to, cut, &FILM[cut..]).await);
    ada.posts_files("", &[&film]).await;
    ben.sees_files().await;

    assert_eq!((film.kind, film.bytes), (Kind::Video, FILM.len() as i64));
    let whole = ben.browser().reads_bytes(&path(&film)).await;
    for words in FILM_SAYS {
        assert!(tells(FILM, words), "the sample says so");
        assert!(!tells(&whole, words) && !holds(&town.folder(), words), "{}", String::from_utf8_lossy(words));
    }
    assert!(tells(&whole, b"Courtyard"), "what it is called stays");
    assert_eq!(behind(&whole, b"mdat", 300), behind(FILM, b"mdat", 300), "what it shows stays");
    let mut parts = String::new();
    for at in (0..FILM.len()).step_by(500) {
        let answer = ben.browser().asks_for_part(&path(&film), &format!("bytes={at}-{}", at + 499)).await;
        assert_eq!(answer.status, 206, "{answer:?}");
        parts += &answer.body;
    }
    assert!(!parts.contains("37.5665") && parts.contains("Courtyard"));
}

#[tokio::test]
async fn a_photograph_that_came_with_a_form_does_not_say_where_it_was_taken() {
    let town = Town::open().await;
    let (ada, mut ben) = town.two_in("madang").await;
    let browser = ada.browser();
    let cid = browser.gets("/rooms/madang").await.form_cid();
    let part = reqwest::multipart::Part::bytes(PHOTOGRAPH).file_name("photo.heic");
    let form = reqwest::multipart::Form::new().text("cid", cid.to_string()).text("text", "").part("files", part);
    let request = browser.as_browser(Method::POST, "/rooms/madang/messages");

    let answer = browser.sends(request.header("origin", format!("http://{}", town.host())).multipart(form)).await;

    assert_eq!(answer.status, 303, "{answer:?}");
    let photograph = ben.sees_files().await.files()[0].clone();
    let whole = ben.browser().reads_bytes(&path(&photograph)).await;
    assert_eq!(whole.len(), PHOTOGRAPH.len());
    for words in PHOTOGRAPH_SAYS {
        assert!(tells(PHOTOGRAPH, words), "the sample says so");
        assert!(!tells(&whole, words) && !holds(&town.folder(), words), "{}", String::from_utf8_lossy(words));
    }
    let turned = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06";
    assert!(tells(&whole, turned), "which way is up stays");
}
