//! Emoji as far as ranges of numbers tell them (UTS #51): enough to show a message of nothing else large, without tables.

/// A message of more emoji than this is not shown large.
const MAX_LARGE: usize = 24;

const JOINER: char = '\u{200D}';
const AS_EMOJI: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

/// Whether a text is nothing but emoji (and white space), and few enough of them to be shown large.
pub fn is_only_emoji(text: &str) -> bool {
    // The longest common sequence, a family with skin tones, has 41 bytes.
    if text.len() > MAX_LARGE * 48 {
        return false;
    }
    let letters: Vec<char> = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (mut at, mut count) = (0, 0);
    while at < letters.len() {
        let Some(length) = emoji_length(&letters[at..]) else { return false };
        at += length;
        count += 1;
    }
    (1..=MAX_LARGE).contains(&count)
}

/// Whether a joiner at this place makes one emoji of two, as in a family or at a computer.
pub fn is_joiner(letters: &[char], at: usize) -> bool {
    let is_part = |letter: &char| is_emoji(*letter) || is_emoji_when_marked(*letter);
    let (before, after) = (&letters[..at], &letters[at + 1..]);
    let joined = before.iter().rev().find(|letter| !is_mark(**letter));
    letters[at] == JOINER && joined.is_some_and(is_part) && after.first().is_some_and(is_part)
}

/// How many characters the emoji at the start has; `None` where none starts.
fn emoji_length(letters: &[char]) -> Option<usize> {
    let next = |at: usize| letters.get(at).copied().unwrap_or_default();
    match letters[0] {
        '0'..='9' | '#' | '*' => {
            let marked = usize::from(next(1) == AS_EMOJI);
            (next(1 + marked) == KEYCAP).then_some(2 + marked)
        }
        letter if is_flag_letter(letter) => is_flag_letter(next(1)).then_some(2),
        letter => {
            let is_one = is_emoji(letter) || (is_emoji_when_marked(letter) && next(1) == AS_EMOJI);
            let marks = letters[1..].iter().take_while(|letter| is_mark(**letter)).count();
            let joined = 1 + marks;
            let rest = (next(joined) == JOINER).then(|| letters.get(joined + 1..)).flatten();
            is_one.then(|| joined + rest.filter(|rest| !rest.is_empty()).and_then(joined_length).unwrap_or_default())
        }
    }
}

/// The joiner and what it joins, which may be a sign that is no emoji alone.
fn joined_length(rest: &[char]) -> Option<usize> {
    let sign = is_emoji_when_marked(rest[0]).then(|| 1 + usize::from(rest.get(1) == Some(&AS_EMOJI)));
    emoji_length(rest).or(sign).map(|length| 1 + length)
}

fn is_flag_letter(letter: char) -> bool {
    matches!(letter, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Selector, skin tones, and the tags of regional flags.
fn is_mark(letter: char) -> bool {
    matches!(letter, AS_EMOJI | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}

/// Shown as emoji without being asked to.
fn is_emoji(letter: char) -> bool {
    matches!(letter,
        '⌚' | '⌛' | '⏩'..='⏬' | '⏰' | '⏳' | '◽' | '◾' | '☔' | '☕' | '♈'..='♓' | '♿' | '⚓' | '⚡' | '⚪' | '⚫' | '⚽' | '⚾'
        | '⛄' | '⛅' | '⛎' | '⛔' | '⛪' | '⛲' | '⛳' | '⛵' | '⛺' | '⛽' | '✅' | '✊' | '✋' | '✨' | '❌' | '❎' | '❓'..='❕'
        | '❗' | '➕'..='➗' | '➰' | '➿' | '⬛' | '⬜' | '⭐' | '⭕' | '\u{1F004}' | '\u{1F0CF}' | '\u{1F18E}'
        | '\u{1F191}'..='\u{1F19A}' | '\u{1F201}' | '\u{1F21A}' | '\u{1F22F}' | '\u{1F232}'..='\u{1F236}'
        | '\u{1F238}'..='\u{1F23A}' | '\u{1F250}' | '\u{1F251}' | '\u{1F300}'..='\u{1F64F}' | '\u{1F680}'..='\u{1F6FF}'
        | '\u{1F7E0}'..='\u{1F7EB}' | '\u{1F7F0}' | '\u{1F90C}'..='\u{1F9FF}' | '\u{1FA70}'..='\u{1FAFF}')
}

/// Signs that a selector turns into emoji.
fn is_emoji_when_marked(letter: char) -> bool {
    matches!(letter,
        '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '\u{2194}'..='\u{21AA}' | '\u{2300}'..='\u{27BF}' | '⤴' | '⤵' | '⬅'..='⬇'
        | '〰' | '〽' | '㊗' | '㊙' | '\u{1F100}'..='\u{1F2FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_told_from_text() {
        for text in [
            "🎉",
            "👍🏽 👍",
            "👩‍👩‍👧",
            "🏳️‍🌈",
            "❤️",
            "🇰🇷🇰🇷",
            "1️⃣",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "🤦🏽‍♂️",
            "☕\n⭐",
        ] {
            assert!(is_only_emoji(text), "{text}");
        }
        for text in ["", " ", "1", "a", "가", "🎉!", "ㅋㅋ 😂", "❤", "™", "🇰", "#️", "\u{200D}", "\u{FE0F}"]
        {
            assert!(!is_only_emoji(text), "{text}");
        }
        assert!(is_only_emoji(&"😂".repeat(MAX_LARGE)));
        assert!(!is_only_emoji(&"😂".repeat(MAX_LARGE + 1)));
        assert!(!is_only_emoji(&"👍🏽".repeat(10_000)));
    }
}
