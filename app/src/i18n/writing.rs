//! The sentences for shaping what one writes, in every language.

use crate::marking::Mark;

/// The sentences of one language.
pub struct WritingWords {
    /// What the tools are called, and the button that shows them where they are hidden.
    pub tools: &'static str,
    /// What a text can be made, in the order of [`Mark::ALL`].
    pub marks: [&'static str; Mark::ALL.len()],
    /// The button that shows the text as others will see it, and what it shows.
    pub preview: &'static str,
}

pub(super) const EN: WritingWords = WritingWords {
    tools: "Formatting",
    marks: ["Bold", "Italic", "Strikethrough", "Code", "Link", "List", "Quote"],
    preview: "Preview",
};

pub(super) const KO: WritingWords = WritingWords {
    tools: "서식",
    marks: ["굵게", "기울임", "취소선", "코드", "링크", "목록", "인용"],
    preview: "미리 보기",
};
