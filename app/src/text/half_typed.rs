//! Whether a name begins with what somebody is still typing: letters whatever their case, syllables that an input method has only
//! begun (`민ㅅ`, `믽`), and initial consonants alone (`ㅁㅅ`).

use super::capitals;
use super::hangul::is_syllable;

const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
/// Each vowel and each final as the keys that type it.
const VOWELS: &str = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ";
const FINALS: &str =
    " ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ";

/// How well a name fits what is typed; the smaller the better, `None` when it doesn't.
pub fn fits(name: &str, typed: &str) -> Option<usize> {
    let (name, typed) = (capitals(name), capitals(typed));
    let (keys, sought) = (keys(&name), keys(&typed));
    if keys.starts_with(&sought) {
        return Some(0);
    }
    let is_initials = typed.chars().all(|letter| INITIALS.contains(letter));
    if is_initials && initials(&name).starts_with(&typed) {
        return Some(1);
    }
    let words = name.match_indices(' ').map(|(at, _)| &name[at + 1..]);
    words.map(self::keys).any(|keys| keys.starts_with(&sought)).then_some(2)
}

/// Finds words by what is typed of them: Hangul that an input method has only begun, or the first consonants alone.
pub struct Sought {
    keys: String,
    /// What is typed, where it is consonants alone.
    initials: Option<String>,
}

impl Sought {
    /// Looks for what begins with this.
    pub fn new(typed: &str) -> Self {
        let is_initials = typed.chars().all(|letter| INITIALS.contains(letter));
        Self { keys: keys(typed), initials: is_initials.then(|| typed.to_owned()) }
    }

    /// Whether a word of Hangul begins so.
    pub fn begins(&self, word: &str) -> bool {
        // A look at the first consonant spares nearly all words the rest.
        let first = word.chars().next().and_then(parts).and_then(|(initial, ..)| INITIALS.chars().nth(initial));
        first.is_some_and(|first| self.keys.starts_with(first))
            && (keys(word).starts_with(&self.keys)
                || self.initials.as_ref().is_some_and(|sought| initials(word).starts_with(sought)))
    }
}

/// The keys that type a text.
fn keys(text: &str) -> String {
    let mut keys = String::new();
    for letter in text.chars() {
        match parts(letter) {
            Some((initial, vowel, end)) => {
                keys.extend(INITIALS.chars().nth(initial));
                keys.extend(VOWELS.split(' ').nth(vowel));
                keys.extend(FINALS.split(' ').nth(end));
            }
            // Two finals in one letter, while nothing else is there yet.
            None => match letter {
                'ㄳ' => keys.push_str("ㄱㅅ"),
                'ㄵ' => keys.push_str("ㄴㅈ"),
                'ㄶ' => keys.push_str("ㄴㅎ"),
                letter => keys.push(letter),
            },
        }
    }
    keys
}

fn initials(text: &str) -> String {
    let initial = |letter: char| parts(letter).and_then(|(initial, ..)| INITIALS.chars().nth(initial));
    text.chars().map(|letter| initial(letter).unwrap_or(letter)).collect()
}

/// The numbers of a syllable's initial, vowel and final (Unicode, section 3.12).
fn parts(letter: char) -> Option<(usize, usize, usize)> {
    let number = is_syllable(letter).then(|| letter as usize - '가' as usize)?;
    Some((number / 588, number / 28 % 21, number % 28))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_while_they_are_typed() {
        for typed in ["ㅁ", "미", "민", "민ㅅ", "민수", "ㅁㅅ", ""] {
            assert!(fits("민수", typed).is_some(), "{typed}");
        }
        for (name, typed) in
            [("민지", "믽"), ("과장님", "고"), ("김 민수", "민"), ("Ada Lovelace", "lo"), ("Ada", "aD")]
        {
            assert!(fits(name, typed).is_some(), "{typed} {name}");
        }
        for (name, typed) in [("민수", "ㅅ"), ("민수", "만"), ("민수", "민수영"), ("Ada", "d"), ("가", "ㄴ")]
        {
            assert_eq!(fits(name, typed), None, "{typed} {name}");
        }
    }

    #[test]
    fn words_are_found_while_they_are_typed() {
        for typed in ["ㅈ", "조", "좋", "좋ㅇ", "좋아", "ㅈㅇㅇ"] {
            assert!(Sought::new(typed).begins("좋아요"), "{typed}");
        }
        for (word, typed) in [("좋아요", "ㅇ"), ("좋아요", "좋다"), ("joy", "ㅈ"), ("", "ㅈ"), ("좋아요", "j")]
        {
            assert!(!Sought::new(typed).begins(word), "{typed} {word}");
        }
    }

    #[test]
    fn the_beginning_of_a_name_comes_before_its_other_words() {
        assert!(fits("민수", "민") < fits("김 민수", "민"));
        assert!(fits("ㅁㅅ", "ㅁㅅ") < fits("민수", "ㅁㅅ"));
    }
}
