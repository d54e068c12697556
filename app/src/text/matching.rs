//! Whether a name is what somebody looks for, while they are still typing it: letters whatever their case, syllables that an
//! input method has only begun (`민ㅅ`, `믽`), and initial consonants alone (`ㅁㅅ`). What stands between a name's words need not be
//! typed.

use super::hangul::{is_hangul, is_syllable};
use super::{capitals, is_letter_or_digit};

/// So many words are looked for one by one; of what has more, only the whole.
const MAX_WORDS: usize = 8;
const INITIALS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];
/// Each vowel and each final as the keys that type it.
const VOWELS: &str = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ";
const FINALS: &str =
    " ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ";

/// How well a name fits; the smaller the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is the whole name.
    Whole,
    /// The name begins with it.
    Beginning,
    /// A word of the name begins with it.
    Word,
    /// It stands inside a word.
    Inside,
}

/// How well a name fits what is typed, in one piece; `None` when it doesn't.
pub fn fits(name: &str, typed: &str) -> Option<Fit> {
    place(&spelled(name), &keys_of(typed))
}

/// What somebody types, made ready to be looked for in many names.
pub struct Typed {
    keys: String,
    /// Of each word; of none where they are too many.
    words: Vec<String>,
}

impl Typed {
    /// Looks for this.
    pub fn new(typed: &str) -> Self {
        let words: Vec<&str> = typed.split_whitespace().take(MAX_WORDS + 1).collect();
        let looked_for = if words.len() <= MAX_WORDS { words.as_slice() } else { &[] };
        Self { keys: keys_of(typed), words: looked_for.iter().map(|word| keys_of(word)).collect() }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// How well a name fits in one piece, or else how well each word of what is typed fits somewhere in it; `None` when it doesn't.
    pub fn fits(&self, name: &str) -> Option<Fit> {
        let name = spelled(name);
        place(&name, &self.keys).or_else(|| {
            let places = self.words.iter().map(|word| place(&name, word));
            Some(places.collect::<Option<Vec<Fit>>>()?.into_iter().max()?.max(Fit::Word))
        })
    }
}

/// Finds words of Hangul by what is typed of them, among so many that most have to be passed over at a glance.
pub struct Sought(String);

impl Sought {
    /// Looks for what begins with this.
    pub fn new(typed: &str) -> Self {
        Self(keys_of(typed))
    }

    /// Whether a word of Hangul begins so.
    pub fn begins(&self, word: &str) -> bool {
        let first = word.chars().next().and_then(initial);
        first.is_some_and(|first| self.0.starts_with(first)) && begins(&spelled(word), &self.0).is_some()
    }
}

fn spelled(name: &str) -> Vec<char> {
    capitals(name).chars().collect()
}

/// The best place in a name for these keys.
fn place(name: &[char], sought: &str) -> Option<Fit> {
    let Some(first) = sought.chars().next() else { return Some(Fit::Beginning) };
    let at = |from: usize| {
        // A look at the first key spares nearly all places the rest.
        let may_be = name[from] == first || initial(name[from]).map_or(!name[from].is_ascii(), |key| key == first);
        let is_whole = if may_be { begins(&name[from..], sought)? } else { return None };
        Some(match from {
            0 if is_whole => Fit::Whole,
            0 => Fit::Beginning,
            _ if starts_word(name[from - 1], name[from]) => Fit::Word,
            _ => Fit::Inside,
        })
    };
    (0..name.len()).filter_map(at).min()
}

/// Whether a name begins with these keys, and whether nothing else is in it.
fn begins(name: &[char], mut sought: &str) -> Option<bool> {
    let mut is_whole = true;
    for letter in name {
        if sought.is_empty() {
            return Some(false);
        }
        let keys = keys(*letter);
        if keys.starts_with(sought) && keys != sought {
            return Some(false);
        } else if let Some(rest) = sought.strip_prefix(keys.as_str()) {
            sought = rest;
        } else if let Some(rest) = initial(*letter).and_then(|initial| sought.strip_prefix(initial)) {
            (sought, is_whole) = (rest, false);
        } else if !is_gap(*letter) {
            return None;
        }
    }
    sought.is_empty().then_some(is_whole)
}

fn starts_word(before: char, letter: char) -> bool {
    is_gap(before) || is_hangul(before) != is_hangul(letter)
}

fn is_gap(letter: char) -> bool {
    !is_hangul(letter) && !is_letter_or_digit(letter)
}

fn keys_of(typed: &str) -> String {
    capitals(typed).chars().map(keys).collect()
}

/// The keys that type a letter.
fn keys(letter: char) -> String {
    let mut keys = String::new();
    match parts(letter) {
        Some((initial, vowel, end)) => {
            keys.extend(INITIALS.get(initial));
            keys.extend(VOWELS.split(' ').nth(vowel));
            keys.extend(FINALS.split(' ').nth(end));
        }
        // Two finals in one letter, while nothing else is there yet.
        None => match letter {
            'ㄳ' => keys.push_str("ㄱㅅ"),
            'ㄵ' => keys.push_str("ㄴㅈ"),
            'ㄶ' => keys.push_str("ㄴㅎ"),
            'ㅄ' => keys.push_str("ㅂㅅ"),
            letter => keys.push(letter),
        },
    }
    keys
}

fn initial(letter: char) -> Option<char> {
    parts(letter).and_then(|(initial, ..)| INITIALS.get(initial).copied())
}

/// The numbers of a syllable's initial, vowel and final (Unicode, section 3.12).
fn parts(letter: char) -> Option<(usize, usize, usize)> {
    let number = is_syllable(letter).then(|| letter as usize - '가' as usize)?;
    Some((number / 588, number / 28 % 21, number % 28))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: &[(&str, &str, Fit)]) {
        for (typed, name, fit) in found {
            assert_eq!(Typed::new(typed).fits(name), Some(*fit), "{typed} in {name}");
        }
    }

    #[test]
    fn names_are_found_while_they_are_typed() {
        for typed in ["ㅁ", "미", "민", "민ㅅ", "ㅁㅅ", "ㅁ수", ""] {
            assert_eq!(fits("민수", typed), Some(Fit::Beginning), "{typed}");
        }
        for (name, typed) in [("민지", "믽"), ("과장님", "고"), ("한글", "한ㄱ"), ("하늘", "한"), ("닭갈비", "달")]
        {
            assert_eq!(fits(name, typed), Some(Fit::Beginning), "{typed} {name}");
        }
        for step in ["ㅎ", "호", "회", "횡", "회ㅇ", "회으", "ㅎㅇ"] {
            check(&[(step, "회의", Fit::Beginning), (step, "주간 회의", Fit::Word), (step, "주간회의", Fit::Inside)]);
        }
        for (name, typed) in
            [("민수", "만"), ("민수", "민수영"), ("가", "ㄴ"), ("한글", "하글"), ("회의", "호의"), ("까치", "ㄱ")]
        {
            assert_eq!(fits(name, typed), None, "{typed} {name}");
        }
    }

    #[test]
    fn consonants_that_the_input_method_joined_are_taken_apart() {
        check(&[("ㄳ", "감사", Fit::Beginning), ("ㅄ", "봄소식", Fit::Beginning), ("값", "갑시다", Fit::Beginning)]);
    }

    #[test]
    fn case_and_what_stands_between_words_do_not_count() {
        check(&[
            ("dEv", "Dev", Fit::Whole),
            ("DE", "dev & ops", Fit::Beginning),
            ("op", "Dev & Ops", Fit::Word),
            ("devops", "Dev & Ops", Fit::Whole),
            ("ops dev", "Dev & Ops", Fit::Word),
            ("ps v", "Dev & Ops", Fit::Inside),
            ("école", "L'ÉCOLE", Fit::Word),
            ("주간회의", "주간 회의", Fit::Whole),
            ("주간 회의", "주간회의", Fit::Inside),
            ("q3ㅎㅇ", "Q3 회의", Fit::Beginning),
            ("ㅎㅇ", "Q3회의", Fit::Word),
            ("🎉", "🎉 party", Fit::Beginning),
        ]);
        for (name, typed) in
            [("Dev & Ops", "dex"), ("Dev & Ops", "dev design"), ("교회 모임", "ㅎㅇ"), ("a b", "a a a a a a a a a")]
        {
            assert_eq!(Typed::new(typed).fits(name), None, "{typed} {name}");
        }
        assert_eq!(fits("Ada", "Ada "), None, "in one piece, a space is a space");
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
    fn the_better_place_comes_first() {
        let order = [("민수", "민수"), ("민수영", "민수"), ("김 민수", "민수"), ("김민수", "민수")];
        let fits = order.map(|(name, typed)| fits(name, typed));
        assert!(fits.is_sorted() && fits[0] == Some(Fit::Whole) && fits[3] == Some(Fit::Inside), "{fits:?}");
        check(&[("ㅁㅅ", "ㅁㅅ", Fit::Whole), ("ㅁㅅ", "민수", Fit::Beginning)]);
    }
}
