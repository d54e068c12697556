//! Where a name behind an `@` may end. The name is the longest beginning that is somebody's; behind it stands no letter that could
//! belong to it: the end, a space, punctuation, or what Korean hangs on a name, as titles and particles (`@민수님이`, `@Ada는`).

use app::member;
use app::text::hangul::is_syllable;

/// How many characters of a text are looked at for a name.
const MAX_LETTERS: usize = 2 * member::MAX_GRAPHEMES;
/// How many syllables may hang on a name.
const MAX_TRAILING: usize = 12;

/// What hangs on names: ways to address people, then particles. They may follow each other.
const TRAILING: [&str; 97] = [
    "님",
    "씨",
    "군",
    "양",
    "형",
    "누나",
    "언니",
    "오빠",
    "선배",
    "후배",
    "선생",
    "교수",
    "박사",
    "팀장",
    "과장",
    "부장",
    "차장",
    "대리",
    "사원",
    "사장",
    "대표",
    "이사",
    "실장",
    "원장",
    "회장",
    "총무",
    "작가",
    "기자",
    "감독",
    "코치",
    "매니저",
    "들",
    "네",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "도",
    "만",
    "과",
    "와",
    "랑",
    "이랑",
    "하고",
    "로",
    "으로",
    "께",
    "께서",
    "에게",
    "에게서",
    "한테",
    "한테서",
    "에서",
    "부터",
    "까지",
    "보다",
    "처럼",
    "같이",
    "마다",
    "조차",
    "마저",
    "밖에",
    "이나",
    "나",
    "라도",
    "이라도",
    "야",
    "아",
    "이야",
    "여",
    "이여",
    "요",
    "이요",
    "란",
    "이란",
    "라는",
    "이라는",
    "라고",
    "이라고",
    "이고",
    "며",
    "이며",
    "인데",
    "인가",
    "입니다",
    "입니까",
    "이에요",
    "예요",
    "이죠",
    "죠",
    "뿐",
    "만큼",
    "말고",
];

/// Where in a text, in bytes, a name that begins it may end; the nearest first.
pub(crate) fn ends(text: &str) -> Vec<usize> {
    let line = text.split('\n').next().unwrap_or_default();
    let letters = line.char_indices().take(MAX_LETTERS);
    let behind = letters.map(|(at, letter)| (at + letter.len_utf8(), letter));
    behind.filter(|(at, letter)| !letter.is_whitespace() && may_end(*letter, &text[*at..])).map(|(at, _)| at).collect()
}

/// Whether a name that ends with this letter is over where this follows.
fn may_end(last: char, rest: &str) -> bool {
    let mut following = rest.chars();
    let Some(next) = following.next() else { return true };
    match next {
        '-' | '_' => !following.next().is_some_and(char::is_alphanumeric),
        next if is_syllable(next) => is_trailing(rest),
        next if !next.is_alphanumeric() => !is_mark(next),
        // Scripts that put no spaces between words.
        next if is_unspaced(next) => !is_unspaced(last),
        _ => false,
    }
}

/// Whether the syllables at the beginning of a text are what may hang on a name.
fn is_trailing(text: &str) -> bool {
    let run: usize = text.chars().take_while(|letter| is_syllable(*letter)).map(char::len_utf8).sum();
    let run = &text[..run];
    if run.chars().count() > MAX_TRAILING {
        return false;
    }
    let mut reached = vec![0];
    while let Some(at) = reached.pop() {
        if at == run.len() {
            return true;
        }
        let further = TRAILING.iter().filter(|piece| run[at..].starts_with(**piece)).map(|piece| at + piece.len());
        for next in further {
            if !reached.contains(&next) {
                reached.push(next);
            }
        }
    }
    false
}

/// A mark that belongs to the letter before it.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{20D0}'..='\u{20FF}')
}

/// Kana and Han.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        ends(text).into_iter().map(|end| &text[..end]).collect()
    }

    #[test]
    fn a_name_ends_with_a_word_or_before_what_hangs_on_it() {
        assert_eq!(names("Ada, are you"), ["Ada", "Ada,", "Ada, are", "Ada, are you"]);
        assert_eq!(names("민수님이 왔다")[..3], ["민수", "민수님", "민수님이"]);
        assert_eq!(names("김 민수는"), ["김", "김 민수", "김 민수는"]);
        assert_eq!(names("Ada는")[0], "Ada");
        assert_eq!(names("Yukiさん")[0], "Yuki");
    }

    #[test]
    fn no_part_of_a_word_is_a_name() {
        for (text, name) in [
            ("Adam", "Ada"),
            ("Adá", "Ad"),
            ("Ada_x", "Ada"),
            ("Ada-Lovelace", "Ada"),
            ("민수영", "민수"),
            ("Ada7", "Ada"),
            ("Ада", "Ад"),
            ("日本", "日"),
            ("Ada\nBen", "Ada\nBen"),
        ] {
            assert!(!names(text).contains(&name), "{name} in {text}");
        }
    }

    #[test]
    fn what_hangs_on_a_name_may_be_long_but_not_endless() {
        for trailing in ["님", "님이", "씨한테서", "팀장님께서는", "님들이랑", "이에요", "네에서도"]
        {
            assert!(is_trailing(trailing), "{trailing}");
        }
        for other in ["영", "님김", &"님".repeat(MAX_TRAILING + 1)] {
            assert!(!is_trailing(other), "{other}");
        }
        assert!(ends(&"님".repeat(5_000)).len() <= MAX_LETTERS);
    }
}
