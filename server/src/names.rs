//! When two names look alike: by the skeleton of Unicode's confusables (UTS #39), without case, spaces and what can't be seen. And
//! when a name looks like the beginning of somebody's line, where people are told of messages as lines of text.

use std::borrow::Cow;

use app::member::Name;
use app::refusal::Refusal;
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

/// That a new name can't be taken for somebody else's line, as `Ben: yes` could, whose owner says no more than `hi`. Who has such a
/// name already keeps it, for lines are written so that it can't either ([`in_line`]).
///
/// # Errors
/// [`Refusal::NameHidden`].
pub fn must_not_pass_for_a_line(name: &Name) -> Result<(), Refusal> {
    if ends_early(name.as_str()) { Err(Refusal::NameHidden) } else { Ok(()) }
}

/// A name as it stands in a line of text: without the space that would end it there, and without what begins an action.
pub fn in_line(name: &str) -> Cow<'_, str> {
    let name = without_stars(name);
    if !ends_early(name) {
        return Cow::Borrowed(name);
    }
    let mut line = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            letter if is_colon(letter) => line.push(':'),
            letter if text::is_unseen(letter) && line.ends_with(':') => {}
            letter => line.push(letter),
        }
    }
    Cow::Owned(line)
}

fn without_stars(name: &str) -> &str {
    let rest = name.strip_prefix('*').filter(|rest| rest.starts_with(text::is_unseen));
    rest.map_or(name, |rest| without_stars(rest.trim_start_matches(text::is_unseen)))
}

/// Whether there is a colon in it with a space behind it, or one that is as wide as both.
fn ends_early(name: &str) -> bool {
    let behind = |at: usize, colon: char| &name[at + colon.len_utf8()..];
    let ends = |(at, colon): (usize, char)| colon == '\u{FF1A}' || behind(at, colon).starts_with(text::is_unseen);
    name.char_indices().filter(|(_, letter)| is_colon(*letter)).any(ends)
}

/// Whether the eye takes it for a colon.
fn is_colon(letter: char) -> bool {
    letter == ':' || (!letter.is_ascii() && skeleton(letter.encode_utf8(&mut [0; 4])).eq([':']))
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
    fn a_name_that_could_pass_for_a_line_is_refused_and_one_that_is_there_is_written_so_that_it_does_not() {
        for (name, line) in [
            ("Ben: yes", "Ben:yes"),
            ("Ben : yes", "Ben :yes"),
            ("Ben：yes", "Ben:yes"),
            ("벤:\u{3000}네", "벤:네"),
            ("Ben\u{2236} \u{2236} yes", "Ben::yes"),
            ("Ben:\u{FE0F} yes", "Ben:yes"),
            ("* Ben: yes", "Ben:yes"),
        ] {
            assert_eq!(in_line(name), line, "{name}");
            assert_eq!(must_not_pass_for_a_line(&Name::from(name.to_owned())), Err(Refusal::NameHidden), "{name}");
            assert_eq!(must_not_pass_for_a_line(&Name::from(line.to_owned())), Ok(()), "{line}");
        }
        for name in ["Ada", "민수", "Ada (10:30)", ":)", "Ada :)", "a:b", "Ben:", "ada * ben"] {
            assert_eq!(must_not_pass_for_a_line(&Name::from(name.to_owned())), Ok(()), "{name}");
            assert_eq!(in_line(name), name);
        }
        assert_eq!(in_line("* Ben waves"), "Ben waves");
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
