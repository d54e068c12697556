//! Text as people read it: what is checked and normalised at the edge, how Korean is written, when Enter sends, which
//! name somebody looks for.

pub mod emoji;
pub mod enter;
pub mod hangul;
pub mod matching;
pub mod month;
mod unicode;
pub mod when;

/// The text in Unicode's composed form (NFC), which everything is stored, counted and compared in.
pub fn composed(text: &str) -> String {
    unicode::composed(text)
}

/// The text in capital letters.
pub fn capitals(text: &str) -> String {
    unicode::capitals(text)
}

/// The text in small letters.
pub fn small_letters(text: &str) -> String {
    unicode::small_letters(text)
}

/// Whether a character is a letter or a digit of any script.
pub fn is_letter_or_digit(character: char) -> bool {
    character.is_ascii_alphanumeric() || !character.is_ascii() && unicode::is_letter_or_digit(character)
}

/// How many characters a reader sees: extended grapheme clusters (UAX #29).
pub fn graphemes(text: &str) -> usize {
    unicode::grapheme_bytes(text).len()
}

/// The last `count` characters that a reader sees.
pub fn last_graphemes(text: &str, count: usize) -> &str {
    let bytes: usize = unicode::grapheme_bytes(text).iter().rev().take(count).sum();
    &text[text.len() - bytes..]
}

/// The first `count` characters that a reader sees.
pub fn first_graphemes(text: &str, count: usize) -> &str {
    let bytes: usize = unicode::grapheme_bytes(text).iter().take(count).sum();
    &text[..bytes]
}

/// Whether a character is invisible or changes the writing direction: controls, bidirectional controls, zero-width and
/// other default-ignorable characters, and the Hangul fillers.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a line has something hidden in it. What makes one emoji of several is not hidden: it is seen by what it does.
pub fn hides(line: &str) -> bool {
    let letters: Vec<char> = line.chars().collect();
    (0..letters.len()).any(|at| is_hidden(letters[at]) && !emoji::is_joiner(&letters, at))
}

/// Whether a character shows nothing on its own: hidden ones, variation selectors, and white space.
pub fn is_unseen(character: char) -> bool {
    is_hidden(character) || character.is_whitespace() || matches!(character, '\u{FE00}'..='\u{FE0F}')
}

/// Texts in one, with this between each two.
pub fn joined<Part: AsRef<str>>(parts: impl IntoIterator<Item = Part>, between: &str) -> String {
    let mut whole = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        append(&mut whole, if at > 0 { between } else { "" }, part.as_ref());
    }
    whole
}

#[inline(never)]
fn append(whole: &mut String, between: &str, part: &str) {
    whole.push_str(between);
    whole.push_str(part);
}

/// The text as HTML, for elements whose text Leptos writes as it is.
pub fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_hangul_counts_as_the_reader_sees_it() {
        let decomposed = "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}";
        assert_eq!(composed(decomposed), "한글");
        assert_eq!(graphemes(decomposed), 2);
        assert_eq!(graphemes("👩‍👩‍👧"), 1);
    }

    #[test]
    fn the_last_characters_are_never_split() {
        assert_eq!(last_graphemes("홍길동", 2), "길동");
        assert_eq!(last_graphemes("a👩‍👩‍👧", 1), "👩‍👩‍👧");
        assert_eq!(last_graphemes("e\u{301}", 2), "e\u{301}");
    }
}
