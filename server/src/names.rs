//! When two names look alike: by the skeleton of Unicode's confusables (UTS #39), without case, spaces and what can't be seen.

use app::text;
use unicode_security::confusable_detection::skeleton;

/// The name as the eye compares names; two names with the same key can't be told apart.
pub fn name_key(name: &str) -> String {
    // Twice, for a small letter may be confusable where its capital is not, and the other way round.
    let folded = folded(&folded(name));
    let seen = folded.chars().filter(|c| !c.is_whitespace() && !text::is_unseen(*c));
    // The skeleton makes I and 1 an l but leaves i, and a name is the same name in capitals.
    text::composed(&seen.map(|c| if c == 'i' { 'l' } else { c }).collect::<String>())
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
    fn names_that_differ_have_their_own() {
        for (one, other) in [("Ada", "Ade"), ("민수", "민주"), ("Ben", "Bea"), ("가", "각"), ("1", "2")] {
            assert_ne!(name_key(one), name_key(other), "{one} {other}");
        }
    }
}
