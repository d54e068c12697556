//! When two names look alike: by the skeleton of Unicode's confusables (UTS #39), without case, spaces and what can't be seen.

use unicode_security::confusable_detection::skeleton;

/// The name as the eye compares names; two names with the same key can't be told apart.
pub fn name_key(name: &str) -> String {
    // Case is folded on both sides of the skeleton: it maps some capitals to other letters' small forms.
    let visible = name.to_lowercase();
    let seen: String = skeleton(&visible).collect();
    let plain = seen
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{FE00}'..='\u{FE0F}'))
        .collect::<String>();
    app::text::composed(&plain)
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
