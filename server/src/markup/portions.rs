//! How a text is drawn that would cost a browser much. Breaking a text into lines takes browsers time with the square of how often
//! its script or font changes, so such a text is drawn in portions, each of which they look at by itself; where there is no place
//! to break it for long, it breaks anywhere. And of a tower of marks on one letter not more is drawn than any language has. Only
//! how it is drawn changes: the message's own text is what its author wrote.

use std::borrow::Cow;

use app::markup::{BREAKS_ANYWHERE, Kind, Node, Part};
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// So many marks of a letter are drawn (Stream-Safe Text Format, UAX #15, section 13).
const MAX_MARKS: usize = 30;
/// A text whose script changes so often, or that has so many letters of scripts that are costly by themselves, is drawn in portions.
const MANY: usize = 500;
/// With so many costly letters between two spaces a text breaks anywhere: no language has such words.
const LONG_WORD: usize = 200;
/// So many characters are a portion, more or less.
const PORTION: usize = 128;

/// The text without the marks of which there are too many.
pub(super) fn thinned(text: &str) -> Cow<'_, str> {
    // Each mark has two bytes or more.
    if text.len() <= 2 * MAX_MARKS {
        return text.into();
    }
    let drawn = || {
        let mut marks = 0;
        text.chars().filter(move |letter| {
            marks = if letter.is_ascii() || !is_combining_mark(*letter) { 0 } else { marks + 1 };
            marks <= MAX_MARKS
        })
    };
    if drawn().eq(text.chars()) { text.into() } else { drawn().collect() }
}

/// How a text is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// As it is.
    Small,
    /// In portions.
    Large,
    /// In portions that break anywhere.
    Endless,
}

/// What characters look like to a browser: neighbours of one kind are drawn together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Space,
    Latin,
    Eastern,
    /// Each of these costs something by itself.
    Other,
}

impl Look {
    fn of(letter: char) -> Self {
        match letter {
            _ if letter.is_whitespace() => Self::Space,
            '\0'..='\u{2FF}' | '\u{1E00}'..='\u{1EFF}' | '\u{2010}'..='\u{2027}' => Self::Latin,
            '\u{3000}'..='\u{3029}' | '\u{3030}'..='\u{3098}' | '\u{309B}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => {
                Self::Eastern
            }
            '\u{FF00}'..='\u{FFEF}' => Self::Eastern,
            _ => Self::Other,
        }
    }
}

impl Cost {
    /// Of the texts of a message, one behind the other.
    pub(super) fn of(text: &str) -> Self {
        let (mut changes, mut word, mut longest, mut before) = (0, 0, 0, Look::Space);
        // No text has more characters than bytes.
        if text.len() <= MANY {
            return Self::Small;
        }
        for look in text.chars().map(Look::of) {
            match look {
                Look::Space => {
                    word = 0;
                    continue;
                }
                Look::Other => {
                    (changes, word) = (changes + 1, word + 1);
                    longest = longest.max(word);
                }
                look => changes += usize::from(look != before && before != Look::Space),
            }
            before = look;
        }
        match (changes > MANY, longest > LONG_WORD) {
            (false, _) => Self::Small,
            (true, false) => Self::Large,
            (true, true) => Self::Endless,
        }
    }

    fn class(self) -> &'static str {
        if self == Self::Endless { BREAKS_ANYWHERE } else { "" }
    }
}

/// The nodes with their texts in portions. Code is drawn without a break anyway.
pub(super) fn portioned(nodes: Vec<Node>, cost: Cost) -> Vec<Node> {
    if cost == Cost::Small {
        return nodes;
    }
    let drawn = |node: Node| match node {
        Node::Text(text) => portions(&text, cost),
        Node::Part(part) if matches!(part.kind, Kind::Token | Kind::Block) => vec![Node::Part(part)],
        Node::Part(Part { kind, value, nodes }) => {
            // An address that is its own text is nowhere else.
            let address = (kind == Kind::Link && value.is_empty()).then(|| super::text_of(&nodes));
            vec![Node::part(kind, address.unwrap_or(value), portioned(nodes, cost))]
        }
    };
    nodes.into_iter().flat_map(drawn).collect()
}

fn portions(text: &str, cost: Cost) -> Vec<Node> {
    let portion = |piece: &str| Node::part(Kind::Token, cost.class(), vec![Node::Text(piece.to_owned())]);
    pieces(text).map(portion).collect()
}

/// What is drawn of a text that has no tree: its portions, each with its class.
pub(super) fn drawn(text: &str) -> Vec<(&'static str, String)> {
    match Cost::of(text) {
        Cost::Small => vec![("", text.to_owned())],
        cost => pieces(text).map(|piece| (cost.class(), piece.to_owned())).collect(),
    }
}

/// The pieces of a text, cut between two characters as a reader sees them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut letters = text.grapheme_indices(true).peekable();
    std::iter::from_fn(move || {
        let (start, mut end, mut count) = (letters.peek()?.0, 0, 0);
        while count < PORTION
            && let Some((at, letter)) = letters.next()
        {
            (end, count) = (at + letter.len(), count + letter.chars().count());
        }
        Some(&text[start..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> String {
        super::super::text_of(&portioned(vec![Node::Text(text.to_owned())], Cost::of(text)))
    }

    #[test]
    fn no_language_is_drawn_otherwise_than_it_is_written() {
        for text in [
            "가나다 라마바 abc 2026년 11월 21일, 회의록을 봐요. ",
            "\u{1102}\u{119E}\u{11AB} \u{1112}\u{119E}\u{11AB}글 ",
            "Tất cả mọi người sinh ra đều được tự do ",
            "มนุษย์ทั้งปวงเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างในตนมีเหตุผล ",
            "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים אֵ֥ת הַשָּׁמַ֖יִם וְאֵ֥ת הָאָֽרֶץ׃ ",
            "འགྲོ་བ་མིའི་རིགས་རྒྱུད་ཡོངས་ལ་སྐྱེས་ཙམ་ཉིད་ནས་ ",
            "يُولَدُ جَمِيعُ النَّاسِ أَحْرَارًا مُتَسَاوِينَ ",
            "सभी मनुष्यों को गौरव और अधिकारों के मामले में ",
            "👨‍👩‍👧‍👦 1️⃣ 🇰🇷 👍🏽 ",
        ] {
            let long = text.repeat(40);
            assert_eq!(thinned(&long), long);
            assert_ne!(Cost::of(&long), Cost::Endless, "{text}");
            assert_eq!(Cost::of(text), Cost::Small, "{text}");
            assert_eq!(drawn(&long), long);
        }
    }

    #[test]
    fn plain_texts_are_drawn_whole_and_others_in_portions() {
        let long = |text: &str| text.repeat(8_000 / text.chars().count());
        for text in ["a", "가", "漢", "가나 ", "ab cd ", "é ", "안녕하세요 오늘은 맑아요 ", "\u{a0}"] {
            assert_eq!(Cost::of(&long(text)), Cost::Small, "{text}");
        }
        for text in ["a가 ", "a😀 ", "α b ", "ש ", "กิ่ ก ", "a\u{335}\u{301} ", "a⠿ "] {
            let text = long(text);
            assert_eq!(Cost::of(&text), Cost::Large, "{text:.20}");
            assert!(pieces(&text).all(|piece| piece.chars().count() <= PORTION + 4));
            assert_eq!(pieces(&text).collect::<String>(), text);
        }
        for text in ["กิ่", "a\u{335}\u{301}", "\u{628}\u{64e}\u{651}", "1️⃣", "\u{1000}\u{103b}\u{103d}\u{1031}"]
        {
            assert_eq!(Cost::of(&long(text)), Cost::Endless, "{text:.20}");
        }
    }

    #[test]
    fn of_a_tower_not_more_is_drawn_than_any_language_has() {
        let tower = |count: usize| format!("z{}y", "\u{301}".repeat(count));
        assert_eq!(thinned(&tower(MAX_MARKS)), tower(MAX_MARKS));
        assert_eq!(thinned(&tower(10_000)), tower(MAX_MARKS));
        assert_eq!(thinned(&"é\u{301}".repeat(3_000)).len(), 12_000);
    }
}
