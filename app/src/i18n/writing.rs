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
    /// Label of the box in which one replies in a thread.
    pub to_thread: &'static str,
    /// The reply is said to the room, too.
    pub also_to_room: &'static str,
    /// The button that has the text sent later.
    pub later: &'static str,
    /// How many messages wait for their time.
    pub scheduled: fn(usize) -> String,
    /// How many of them could not be sent.
    pub unsent: fn(usize) -> String,
}

pub(super) const EN: WritingWords = WritingWords {
    tools: "Formatting",
    marks: ["Bold", "Italic", "Strikethrough", "Code", "Link", "List", "Quote", "New line"],
    preview: "Preview",
    to_thread: "Reply in the thread",
    also_to_room: "Also to the room",
    later: "Send later",
    scheduled: |count| format!("{count} scheduled"),
    unsent: |count| format!("{count} not sent"),
};

pub(super) const KO: WritingWords = WritingWords {
    tools: "서식",
    marks: ["굵게", "기울임", "취소선", "코드", "링크", "목록", "인용", "줄 바꿈"],
    preview: "미리 보기",
    to_thread: "스레드에 답글 쓰기",
    also_to_room: "방에도 보내기",
    later: "나중에 보내기",
    scheduled: |count| format!("예약 {count}개"),
    unsent: |count| format!("보내지 못함 {count}개"),
};
