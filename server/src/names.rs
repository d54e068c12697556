//! When two names look alike: by the skeleton of Unicode's confusables (UTS #39), without case, spaces and what can't be seen.

use app::text;
use unicode_security::confusable_detection::skeleton;

/// The name as the eye compares names; two names with the same key can't be told apart.
pub fn name_key(name: &str) -> String {
    text::composed(&key_of(name))
}

fn key_of(name: &str) -> String {
    // Twice, for a small letter may be confusable where its capital is not, and the other way round.
    let folded = folded(&folded(name));
    let seen = folded.chars().filter(|c| !c.is_whitespace() && !text::is_unseen(*c));
    // The skeleton makes I and 1 an l but leaves i, and a name is the same name in capitals.
    seen.map(|c| if c == 'i' { 'l' } else { c }).collect()
}

/// The keys of a text's beginnings, each with where it ends, in bytes; they end where it is asked for, in order. Letter by letter, so
/// that it takes no longer than the text is.
pub fn keys_of_beginnings(text: &str, ends: &[usize]) -> Vec<(usize, String)> {
    let mut keys = Vec::with_capacity(ends.len());
    let (mut key, mut from) = (String::new(), 0);
    for end in ends {
        for letter in text[from..*end].chars() {
            key.push_str(&key_of(letter.encode_utf8(&mut [0; 4])));
        }
        keys.push((*end, text::composed(&key)));
        from = *end;
    }
    keys
}

fn folded(name: &str) -> String {
    skeleton(name).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_have_one_key() {
        for (one, other) in [
            ("Ada", "ada"),
            ("Ada", "Аdа"),
            ("Ada", "A d a"),
            ("paypal", "раураl"),
            ("민수", "\u{1106}\u{1175}\u{11AB}\u{1109}\u{116E}"),
            ("Ada", "Ada\u{FE0F}"),
            ("Ben", "Вen"),
            ("Alice", "AIice"),
            ("Ian", "ian"),
        ] {
            assert_eq!(name_key(one), name_key(other), "{one} {other}");
        }
    }

    #[test]
    fn beginnings_have_the_keys_that_they_would_have_as_names() {
        for text in
            ["Ada Lovelace, 님", "민수님이 왔다", "раураl I1 José", "각 힣ᄒ", "e\u{301}\u{300}", "ＡＢＣ ﬁ ß Ǆ"]
        {
            let ends: Vec<usize> = text.char_indices().map(|(at, letter)| at + letter.len_utf8()).collect();
            for (end, key) in keys_of_beginnings(text, &ends) {
                assert_eq!(key, name_key(&text[..end]), "{}", &text[..end]);
            }
        }
    }

    #[test]
    fn names_that_differ_have_their_own() {
        for (one, other) in [("Ada", "Ade"), ("민수", "민주"), ("Ben", "Bea"), ("가", "각"), ("1", "2")] {
            assert_ne!(name_key(one), name_key(other), "{one} {other}");
        }
    }
}
