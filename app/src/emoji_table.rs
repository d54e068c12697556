//! The table of all emoji, as the server sends it when it is first wanted: a line `#` and a group's word, then a line for each
//! emoji with its shortcodes, its English name and its Korean words between tabs. It is searched as it lies there.

use crate::text::hangul::is_hangul;
use crate::text::matching::Sought;
use crate::text::{joined, small_letters};

/// How many groups the table has.
pub const GROUPS: usize = 9;
/// What is offered before anything was chosen.
pub const USUAL: &str = "👍 ❤️ 😂 🎉 🙏 👀 ✅ 👏";
/// How many of those that were used last are remembered.
const MAX_RECENT: usize = 16;

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emoji<'a> {
    /// The emoji itself.
    pub emoji: &'a str,
    /// Its shortcodes, the usual one first, between spaces.
    pub codes: &'a str,
    /// Its English name.
    pub name: &'a str,
    /// Its Korean words, between spaces.
    pub korean: &'a str,
    /// Which group it is in, from 0.
    pub group: usize,
}

/// All emoji in the table's order.
pub fn all(table: &str) -> impl Iterator<Item = Emoji<'_>> {
    let mut groups = 0;
    table.lines().filter_map(move |line| {
        if line.starts_with('#') && !line.contains('\t') {
            groups += 1;
            return None;
        }
        let mut parts = line.split('\t');
        let mut part = || parts.next().unwrap_or_default();
        let (emoji, codes, name, korean) = (part(), part(), part(), part());
        (groups > 0 && !emoji.is_empty()).then_some(Emoji { emoji, codes, name, korean, group: groups - 1 })
    })
}

/// Those that a few typed letters may mean, the likeliest first: they are called so, a word of theirs is it, they are called
/// not much more, a word begins with it, or has it in it.
pub fn found<'a>(table: &'a str, typed: &str, most: usize) -> Vec<Emoji<'a>> {
    like(table, typed, HAS_IT_IN_IT, most)
}

/// Those of which a word is what was typed, or begins with it; where `is_whole` says so, only the former.
pub fn completed<'a>(table: &'a str, typed: &str, is_whole: bool, most: usize) -> Vec<Emoji<'a>> {
    like(table, typed, if is_whole { HAS_THE_WORD } else { BEGINS_WITH_IT }, most)
}

const IS_IT: usize = 0;
const HAS_THE_WORD: usize = 1;
const BEGINS_WITH_IT: usize = 100;
const HAS_IT_IN_IT: usize = 101;

fn like<'a>(table: &'a str, typed: &str, least: usize, most: usize) -> Vec<Emoji<'a>> {
    let typed = small_letters(typed.trim().trim_matches(':'));
    let sought = typed.contains(is_hangul).then(|| Sought::new(&typed));
    let mut found: Vec<(usize, Emoji<'a>)> = Vec::new();
    for emoji in all(table) {
        let likeness = emoji.likeness(&typed, sought.as_ref());
        if likeness <= least {
            // Within one likeness the table's order stays.
            let at = found.partition_point(|(other, _)| *other <= likeness);
            found.insert(at, (likeness, emoji));
        }
    }
    found.into_iter().take(most).map(|(_, emoji)| emoji).collect()
}

impl Emoji<'_> {
    /// Whether this is its name, in either language.
    pub fn is_called(&self, name: &str) -> bool {
        self.likeness(&small_letters(name), None) == IS_IT
    }

    /// How much it is what was typed; the less, the more.
    fn likeness(&self, typed: &str, half_typed: Option<&Sought>) -> usize {
        let typed_as_code = typed.replace(' ', "_");
        let mut likeness = if self.emoji == typed { IS_IT } else { usize::MAX };
        for (part, said) in [self.codes, self.name, self.korean].into_iter().enumerate() {
            if has(&said.to_ascii_lowercase(), typed) || has(said, &typed_as_code) {
                likeness = likeness.min(HAS_IT_IN_IT);
            }
            for (at, name) in said.split(' ').enumerate() {
                // `heart` is the heart, and not what else has one.
                let is_called = part == 0 || (part == 2 && at == 0);
                if is_called && starts_with(name, typed) {
                    let more = name.len() - typed.len();
                    likeness = likeness.min(if more == 0 { IS_IT } else { HAS_THE_WORD + more.min(98) });
                }
                for word in name.split(['_', '-']).filter(|word| starts_with(word, typed)) {
                    let is_whole = word.len() == typed.len();
                    likeness = likeness.min(if is_whole { HAS_THE_WORD } else { BEGINS_WITH_IT });
                }
                if part == 2 && half_typed.is_some_and(|sought| sought.begins(name)) {
                    likeness = likeness.min(BEGINS_WITH_IT);
                }
            }
        }
        likeness
    }
}

fn starts_with(word: &str, typed: &str) -> bool {
    word.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed))
}

/// Whether a short text stands in another. (The standard library's search is made for long ones, and weighs a KB in the page.)
fn has(text: &str, sought: &str) -> bool {
    text.as_bytes().windows(sought.len().max(1)).any(|piece| piece == sought.as_bytes())
}

/// Those that were used last, once this one was used: it stands first.
pub fn used(recent: &str, emoji: &str) -> String {
    let others = recent.split(' ').filter(|other| *other != emoji);
    joined(std::iter::once(emoji).chain(others).take(MAX_RECENT), " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "#smileys\n😀\tgrinning\tgrinning face\t웃음 활짝\n😂\tjoy\tface with tears of joy\t눈물 폭소\n\
                         #people\n👍\t+1 thumbsup\tthumbs up\t좋아요 최고\n#symbols\n#️⃣\thash\tkeycap: #\t\n";

    fn search(typed: &str) -> Vec<&'static str> {
        found(TABLE, typed, 10).into_iter().map(|emoji| emoji.emoji).collect()
    }

    #[test]
    fn emoji_are_found_in_both_languages_and_by_code() {
        assert_eq!(all(TABLE).map(|emoji| emoji.group).collect::<Vec<_>>(), [0, 0, 1, 2]);
        assert_eq!((search("웃"), search("폭소"), search("좋아")), (vec!["😀"], vec!["😂"], vec!["👍"]));
        assert_eq!((search("Thumbs"), search(":+1:"), search("thumbs up")), (vec!["👍"], vec!["👍"], vec!["👍"]));
        assert_eq!(search("face"), ["😀", "😂"]);
        assert_eq!((search("ㅍ"), search("폭ㅅ"), search("ㅈㅇ")), (vec!["😂"], vec!["😂"], vec!["👍"]));
        assert_eq!((search("👍"), search("keycap"), search("nothing")), (vec!["👍"], vec!["#️⃣"], vec![]));
    }

    #[test]
    fn a_name_is_completed_from_its_beginning() {
        let complete = |typed, is_whole| {
            completed(TABLE, typed, is_whole, 10).into_iter().map(|emoji| emoji.emoji).collect::<Vec<_>>()
        };
        assert_eq!((complete("thumbs", false), complete("+1", true)), (vec!["👍"], vec!["👍"]));
        assert_eq!((complete("humb", false), complete("thumbs", true)), (vec![], vec!["👍"]));
        assert_eq!(
            (complete("thumb", true), complete("웃", true), complete("웃음", true)),
            (vec![], vec![], vec!["😀"])
        );
    }

    #[test]
    fn what_is_called_so_stands_before_what_has_the_word() {
        let table = "#smileys\n😍\theart_eyes\tsmiling face with heart-eyes\t하트눈 반함 사랑\n😘\tkissing_heart\tface blowing a kiss\t\
                     뽀뽀 키스 하트\n🤕\tface_with_head_bandage\tface with head-bandage\t붕대 다침\n❤️\theart\tred heart\t하트 사랑\n";
        let complete = |typed: &str| {
            let found = completed(table, typed, typed.ends_with(':'), 10);
            found.into_iter().map(|emoji| emoji.emoji).collect::<Vec<_>>()
        };
        assert_eq!(complete("heart:"), ["❤️", "😍", "😘"]);
        assert_eq!((complete("hea"), complete("heart")), (vec!["❤️", "😍", "😘", "🤕"], vec!["❤️", "😍", "😘"]));
        assert_eq!((complete("하"), complete("하트")), (vec!["❤️", "😍", "😘"], vec!["❤️", "😘", "😍"]));
    }

    #[test]
    fn the_one_used_last_stands_first_and_not_twice() {
        assert_eq!(used("a b c", "b"), "b a c");
        assert_eq!(
            used(&(0..40).map(|it| it.to_string()).collect::<Vec<_>>().join(" "), "x").split(' ').count(),
            MAX_RECENT
        );
    }
}
