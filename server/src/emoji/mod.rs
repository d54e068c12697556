//! Emoji: what a reaction may be, and the table from which the browser's picker and completion are made. The names, groups and
//! shortcodes are Unicode's and GitHub's (crate `emojis`), the Korean words are ours (`korean.txt`).

use std::collections::HashMap;
use std::io::Write;
use std::sync::OnceLock;

use app::reaction::MAX_EMOJI_BYTES;
use app::refusal::Refusal;
use app::text::{emoji::is_only_emoji, graphemes};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use emojis::Group;
use sha2::{Digest, Sha256};

use crate::bundle;
use crate::error::HttpError;
use crate::hex::hex;

const KOREAN: &str = include_str!("korean.txt");
/// Brotli's own measures: the best that it can do, in a window that holds the whole table.
const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 18;
const BROTLI_BUFFER_BYTES: usize = 4 * 1024;

/// The emoji that somebody asked for, in the one way in which it is written; a single character, known or in the ranges of
/// emoji (UTS #51).
///
/// # Errors
/// [`Refusal::EmojiUnknown`].
pub fn checked(asked: &str) -> Result<String, Refusal> {
    if let Some(known) = emojis::get(asked) {
        return Ok(known.as_str().to_owned());
    }
    let is_one = asked.len() <= MAX_EMOJI_BYTES && !asked.contains(char::is_whitespace) && graphemes(asked) == 1;
    if is_one && is_only_emoji(asked) { Ok(asked.to_owned()) } else { Err(Refusal::EmojiUnknown) }
}

/// The table as it goes out.
struct Table {
    plain: Vec<u8>,
    brotli: Vec<u8>,
    hash: String,
}

/// Made when it is first asked for, and the same for ever.
fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let plain = lines().as_bytes().to_vec();
        Table { brotli: squeezed(&plain), hash: hash().to_owned(), plain }
    })
}

/// Where the table lies: its address bears its content's hash.
pub fn path() -> String {
    format!("/emoji/{}", hash())
}

fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hex(&Sha256::digest(lines())[..8]))
}

/// The table: a line `#` and a group's word, then a line for each of its emoji, with the emoji, its shortcodes, its English
/// name and its Korean words between tabs.
pub fn lines() -> &'static str {
    static LINES: OnceLock<String> = OnceLock::new();
    LINES.get_or_init(|| {
        let korean: HashMap<&str, &str> = KOREAN.lines().filter_map(|line| line.split_once(' ')).collect();
        Group::iter().fold(String::new(), |mut lines, group| {
            lines.push_str(&format!("#{}\n", word(group)));
            for emoji in group.emojis() {
                let codes: Vec<&str> = emoji.shortcodes().collect();
                let korean = korean.get(emoji.as_str()).copied().unwrap_or_default();
                lines.push_str(&format!("{emoji}\t{}\t{}\t{korean}\n", codes.join(" "), emoji.name()));
            }
            lines
        })
    })
}

fn word(group: Group) -> &'static str {
    match group {
        Group::SmileysAndEmotion => "smileys",
        Group::PeopleAndBody => "people",
        Group::AnimalsAndNature => "nature",
        Group::FoodAndDrink => "food",
        Group::TravelAndPlaces => "travel",
        Group::Activities => "activities",
        Group::Objects => "objects",
        Group::Symbols => "symbols",
        Group::Flags => "flags",
    }
}

fn squeezed(plain: &[u8]) -> Vec<u8> {
    let mut squeezed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut squeezed, BROTLI_BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(plain).and_then(|()| writer.flush()).expect("memory takes what is written to it");
    drop(writer);
    squeezed
}

/// `GET /emoji`: the table, asked for again each time.
///
/// # Errors
/// [`HttpError::Missing`] where the table can't be made.
pub async fn latest(headers: HeaderMap) -> Result<Response, HttpError> {
    answer(&headers, "no-cache").await
}

/// `GET /emoji/{hash}`: the table under the address of its content, kept for ever.
///
/// # Errors
/// [`HttpError::Missing`] under the address of another table.
pub async fn kept(Path(asked): Path<String>, headers: HeaderMap) -> Result<Response, HttpError> {
    if asked != hash() {
        return Err(HttpError::Missing);
    }
    answer(&headers, "public, max-age=31536000, immutable").await
}

/// The first asker waits for the squeezing, beside all that goes on.
async fn answer(headers: &HeaderMap, keep: &'static str) -> Result<Response, HttpError> {
    let table = tokio::task::spawn_blocking(table).await.map_err(|_| HttpError::Missing)?;
    let is_squeezed = bundle::accepts(headers, "br");
    let etag = format!("\"{}{}\"", table.hash, if is_squeezed { "-br" } else { "" });
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = match (is_known, is_squeezed) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, true) => table.brotli.as_slice().into_response(),
        (false, false) => table.plain.as_slice().into_response(),
    };
    let answered = response.headers_mut();
    answered.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answered.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answered.insert(header::ETAG, etag);
    }
    if is_squeezed && !is_known {
        answered.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reaction_is_a_single_emoji_written_in_one_way() {
        for (asked, written) in
            [("👍", "👍"), ("❤", "❤️"), ("❤️", "❤️"), ("👍🏽", "👍🏽"), ("👩‍👩‍👧", "👩‍👩‍👧"), ("🇰🇷", "🇰🇷"), ("1️⃣", "1️⃣")]
        {
            assert_eq!(checked(asked), Ok(written.to_owned()), "{asked}");
        }
        let tower = format!("👍{}", "\u{301}".repeat(100));
        for asked in ["", "a", "1", "👍👍", "👍 ", " 👍", "👍!", "ㅋ", "🇰", "\u{200D}", "\u{FE0F}", &tower]
        {
            assert_eq!(checked(asked), Err(Refusal::EmojiUnknown), "{asked:?}");
        }
        let family = "👩🏽‍".repeat(40);
        assert_eq!(checked(&family), Err(Refusal::EmojiUnknown));
    }

    #[test]
    fn every_korean_line_is_of_an_emoji_that_the_table_has() {
        let lines = lines();
        let mut seen = std::collections::HashSet::new();
        for line in KOREAN.lines() {
            let (emoji, words) = line.split_once(' ').expect("an emoji and its words");
            assert!(lines.contains(&format!("\n{emoji}\t")), "{emoji} ({words})");
            assert!(seen.insert(emoji), "{emoji} stands twice");
        }
        assert!(seen.len() >= 500);
    }

    #[test]
    fn what_is_squeezed_is_the_table() {
        let mut plain = Vec::new();
        std::io::Read::read_to_end(&mut brotli::Decompressor::new(&table().brotli[..], 4096), &mut plain)
            .expect("brotli");
        assert_eq!(plain, table().plain);
        assert!(table().brotli.len() * 5 < plain.len() * 2, "{} of {}", table().brotli.len(), plain.len());
    }
}
