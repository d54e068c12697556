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
    // A browser gives out its clusters one by one, which takes long: a plain letter between plain ones needs no looking up.
    let (mut beside, mut alone, mut was_plain) = (String::new(), 0, true);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_plain = is_plain(letter);
        if was_plain && is_plain && letters.peek().is_none_or(|next| self::is_plain(*next)) {
            alone += 1;
        } else {
            beside.push(letter);
        }
        was_plain = is_plain;
    }
    alone + unicode::grapheme_bytes(&beside).len()
}

/// How heavy a text is for a browser that lays it out in a field: its bytes, and more where that takes longer. The time grows with the
/// square of the marks on a letter and of the changes between scripts.
pub fn weight(text: &str) -> usize {
    const MARK: usize = 10;
    const CHANGE: usize = 8;
    let (mut weight, mut before) = (text.len(), 0);
    for letter in text.chars() {
        let kind = match letter {
            '\u{300}'..='\u{36F}'
            | '\u{483}'..='\u{489}'
            | '\u{591}'..='\u{5C7}'
            | '\u{610}'..='\u{61A}'
            | '\u{64B}'..='\u{670}'
            | '\u{E34}'..='\u{E3A}'
            | '\u{E47}'..='\u{E4E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{FE00}'..='\u{FE0F}' => MARK,
            // Signs and emoji, and the scripts of India.
            '\u{2028}'..='\u{2E7F}' | '\u{10000}'.. => 8,
            '\u{900}'..='\u{DFF}' => 6,
            '\u{300}'.. => 1,
            _ => 0,
        };
        weight += kind;
        // A mark belongs to its letter, what is neither letter nor digit to whatever stands around it.
        if kind != MARK && (!letter.is_ascii() || letter.is_ascii_alphanumeric()) {
            weight += if kind == before { 0 } else { CHANGE };
            before = kind;
        }
    }
    weight
}

/// Whether a character joins no other of these: Latin letters, Han, and Hangul in syllables.
fn is_plain(letter: char) -> bool {
    matches!(letter, '\0'..='\u{2FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}') && letter != '\r'
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

/// A whole number as it stands in an address or on an element: digits and nothing else.
pub fn number(digits: &str) -> Option<i64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
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

    proptest::proptest! {
        #[test]
        fn characters_are_counted_as_unicode_has_them(
            text in "(a|é|e\u{301}|\r\n|\r|\n|©|\u{200D}|👩🏽|🇰🇷|🇰|가|가\u{11A8}|\u{1100}|\u{1161}|漢|\u{FE0F}|क्षि|\u{600}|日\u{E0100}){0,12}"
        ) {
            proptest::prop_assert_eq!(graphemes(&text), unicode::grapheme_bytes(&text).len());
        }
    }

    #[test]
    fn what_people_write_is_light_and_what_holds_up_a_page_is_heavy() {
        let many = |piece: &str, count: usize| piece.repeat(count / graphemes(piece));
        let bytes = crate::message::MAX_BYTES;
        for light in [
            "마당은 한 집안이 만나는 곳이다. ",
            "이 React 컴포넌트에서는 useState를 부르지 마세요 🙂 그리고 3번 PR을 봐 주세요. ",
            "The quick brown fox jumps over the lazy dog — “always”. ",
            "Все люди рождаются свободными и равными. ",
            "كل الناس أحرار ومتساوون في الكرامة والحقوق. ",
            "すべての人間は、生まれながらにして自由である。",
            "Vie\u{323}\u{302}t Nam la\u{300} mo\u{323}\u{302}t nu\u{31B}o\u{31B}\u{301}c. ",
        ] {
            assert!(weight(&many(light, crate::message::MAX_GRAPHEMES)) <= bytes, "{light}");
        }
        assert_eq!(weight(&"a".repeat(bytes)), bytes);
        for heavy in
            ["👩🏽‍💻 ", "❤\u{FE0F} ", "ok 😀 ", "a가 ", "א1 a ", "h\u{335}\u{301}e\u{336}", "सभी मनुष्यों को गौरव ", "\u{5B0}"]
        {
            assert!(weight(&heavy.repeat(40_000 / heavy.len())) > bytes, "{heavy}");
        }
    }

    #[test]
    fn the_last_characters_are_never_split() {
        assert_eq!(last_graphemes("홍길동", 2), "길동");
        assert_eq!(last_graphemes("a👩‍👩‍👧", 1), "👩‍👩‍👧");
        assert_eq!(last_graphemes("e\u{301}", 2), "e\u{301}");
    }
}
