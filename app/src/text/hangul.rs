//! Hangul: what is a syllable, which letters an input method composes, and which particle follows a word.

/// The first and last precomposed syllable (Unicode, section 3.12).
const SYLLABLES: std::ops::RangeInclusive<u32> = 0xAC00..=0xD7A3;
/// How many final consonants (with none) a syllable can have.
const FINALS: u32 = 28;
/// The final consonant ㄹ, after which 으로 is written 로.
const RIEUL: u32 = 8;

/// Whether a character is a precomposed syllable, as 한.
pub fn is_syllable(character: char) -> bool {
    SYLLABLES.contains(&u32::from(character))
}

/// Whether a character is Hangul: a syllable, a letter on its own (ㅎ), or a conjoining one.
pub fn is_hangul(character: char) -> bool {
    is_syllable(character)
        || matches!(character, '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{A960}'..='\u{A97C}' | '\u{D7B0}'..='\u{D7FB}')
}

/// A particle whose form depends on how the word before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Particle {
    /// 은 or 는.
    Topic,
    /// 이 or 가.
    Subject,
    /// 을 or 를.
    Object,
    /// 과 or 와.
    With,
    /// 으로 or 로.
    Toward,
}

/// The particle's form after a word, also after digits, Latin letters and closing brackets or quotes.
/// A word whose end can't be pronounced gets both forms, as 은(는).
pub fn particle(word: &str, particle: Particle) -> &'static str {
    match (particle, ending(word)) {
        (Particle::Topic, Some(Ending::Vowel)) => "는",
        (Particle::Topic, Some(_)) => "은",
        (Particle::Topic, None) => "은(는)",
        (Particle::Subject, Some(Ending::Vowel)) => "가",
        (Particle::Subject, Some(_)) => "이",
        (Particle::Subject, None) => "이(가)",
        (Particle::Object, Some(Ending::Vowel)) => "를",
        (Particle::Object, Some(_)) => "을",
        (Particle::Object, None) => "을(를)",
        (Particle::With, Some(Ending::Vowel)) => "와",
        (Particle::With, Some(_)) => "과",
        (Particle::With, None) => "과(와)",
        (Particle::Toward, Some(Ending::Consonant)) => "으로",
        (Particle::Toward, Some(_)) => "로",
        (Particle::Toward, None) => "(으)로",
    }
}

#[derive(Clone, Copy)]
enum Ending {
    Vowel,
    Rieul,
    Consonant,
}

/// How the last pronounced character of a word ends when read aloud in Korean.
fn ending(word: &str) -> Option<Ending> {
    let last = word.chars().rev().find(|character| super::is_letter_or_digit(*character))?;
    match last {
        '0' | '3' | '6' => Some(Ending::Consonant),
        '1' | '7' | '8' => Some(Ending::Rieul),
        '2' | '4' | '5' | '9' => Some(Ending::Vowel),
        'l' | 'L' | 'r' | 'R' => Some(Ending::Rieul),
        'b' | 'c' | 'k' | 'm' | 'n' | 'p' | 't' | 'B' | 'C' | 'K' | 'M' | 'N' | 'P' | 'T' => Some(Ending::Consonant),
        letter if letter.is_ascii_alphabetic() => Some(Ending::Vowel),
        syllable if is_syllable(syllable) => Some(match (u32::from(syllable) - SYLLABLES.start()) % FINALS {
            0 => Ending::Vowel,
            RIEUL => Ending::Rieul,
            _ => Ending::Consonant,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(word: &str, which: Particle) -> String {
        format!("{word}{}", particle(word, which))
    }

    #[test]
    fn particles_agree_with_the_word_before_them() {
        assert_eq!(with("학교", Particle::Topic), "학교는");
        assert_eq!(with("집", Particle::Topic), "집은");
        assert_eq!(with("민수", Particle::Subject), "민수가");
        assert_eq!(with("지훈", Particle::Subject), "지훈이");
        assert_eq!(with("회의록", Particle::Object), "회의록을");
        assert_eq!(with("친구", Particle::With), "친구와");
    }

    #[test]
    fn rieul_is_the_exception_of_toward() {
        assert_eq!(with("서울", Particle::Toward), "서울로");
        assert_eq!(with("부산", Particle::Toward), "부산으로");
        assert_eq!(with("학교", Particle::Toward), "학교로");
    }

    #[test]
    fn digits_letters_and_brackets_are_read_aloud() {
        assert_eq!(with("3", Particle::Subject), "3이");
        assert_eq!(with("2", Particle::Subject), "2가");
        assert_eq!(with("7", Particle::Toward), "7로");
        assert_eq!(with("Ben", Particle::Topic), "Ben은");
        assert_eq!(with("Ada", Particle::Topic), "Ada는");
        assert_eq!(with("회의(금)", Particle::Object), "회의(금)을");
        assert_eq!(with("‘민수’", Particle::Subject), "‘민수’가");
        assert_eq!(with("🙂", Particle::Subject), "🙂이(가)");
    }
}
