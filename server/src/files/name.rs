//! What a file may be called: one name without a path, composed, without what can't be seen or turns the writing direction.

use app::text;

/// How long a name may be, in bytes: what file systems take, with room for a browser's ` (1)`.
const MAX_BYTES: usize = 200;
/// How long an ending may be, in bytes, that stays when a name is shortened.
const MAX_ENDING_BYTES: usize = 16;
/// The name of what has none.
const NAMELESS: &str = "file";

/// The name that a file is kept, shown and downloaded under.
pub fn file_name(typed: &str) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|letter| !text::is_hidden(*letter)).collect();
    let composed = text::composed(&visible);
    let trimmed = composed.trim_matches(|letter: char| letter.is_whitespace() || letter == '.');
    let name = shortened(trimmed);
    if name.chars().all(text::is_unseen) { NAMELESS.to_owned() } else { name }
}

/// Cut before its ending, between two characters as a reader sees them.
fn shortened(name: &str) -> String {
    if name.len() <= MAX_BYTES {
        return name.to_owned();
    }
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= MAX_ENDING_BYTES).unwrap_or(name.len());
    let (stem, ending) = name.split_at(dot);
    let fits = |count: &usize| text::first_graphemes(stem, *count).len() + ending.len() <= MAX_BYTES;
    let kept = (0..=stem.len().min(MAX_BYTES)).rev().find(fits).unwrap_or_default();
    format!("{}{ending}", text::first_graphemes(stem, kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_name_and_nothing_hidden() {
        for (typed, name) in [
            ("회의록.pdf", "회의록.pdf"),
            ("\u{1112}\u{116C}\u{110B}\u{1174}.txt", "회의.txt"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\a.png", "a.png"),
            ("photo\u{202E}gnp.exe", "photognp.exe"),
            ("a\r\nSet-Cookie: b.txt", "aSet-Cookie: b.txt"),
            ("\u{0}", "file"),
            ("..", "file"),
            (" .  ", "file"),
            ("", "file"),
            ("dir/", "file"),
            (".gitignore", "gitignore"),
            ("\u{3164}", "file"),
        ] {
            assert_eq!(file_name(typed), name, "{typed:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_whole_characters() {
        let name = file_name(&format!("{}.jpeg", "👨‍👩‍👧".repeat(40)));
        assert!(name.len() <= MAX_BYTES && name.ends_with("👧.jpeg"), "{name}");
        assert_eq!(file_name(&"a".repeat(900)).len(), MAX_BYTES);
        assert!(file_name(&format!("a.{}", "b".repeat(900))).len() <= MAX_BYTES);
    }
}
