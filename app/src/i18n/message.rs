//! The sentences for what people do with messages besides reading them, in both languages.

use super::Words;

/// The sentences of one language.
pub struct MessageWords {
    /// The button that opens the emoji for a message.
    pub react: &'static str,
    /// What the emoji at a message are called.
    pub reactions: &'static str,
    /// The button that answers a message.
    pub reply: &'static str,
    /// Passes a message on to another room.
    pub forward: &'static str,
    /// Whose words a message passes on.
    pub forwarded: fn(&str) -> String,
    /// Over the box: whom one answers.
    pub replying_to: fn(&str) -> String,
    /// The button that answers nobody after all.
    pub drop_reply: &'static str,
    /// The button that opens a message's thread.
    pub thread: &'static str,
    /// How many replies are in it.
    pub replies: fn(usize) -> String,
    /// Copies a message's address.
    pub copy_link: &'static str,
    /// Said when it is copied.
    pub link_copied: &'static str,
    /// The button that opens the rest of the actions.
    pub more: &'static str,
    /// From this message on all is to be unread again.
    pub mark_unread: &'static str,
    /// Said when it is.
    pub marked_unread: &'static str,
    /// Shows a message without what lies behind its link.
    pub hide_preview: &'static str,
    /// Pins a message to the room, and takes it from the wall.
    pub pin: [&'static str; 2],
    /// At a message that is pinned: by whom.
    pub pinned_by: fn(&str) -> String,
    /// The way to all that is pinned.
    pub pins: &'static str,
    /// Label of the sheet of emoji.
    pub emoji: &'static str,
    /// Label of the field that looks for one.
    pub search_emoji: &'static str,
    /// None is found.
    pub no_emoji: &'static str,
    /// They are on their way.
    pub emoji_loading: &'static str,
    /// They could not be had.
    pub emoji_missing: &'static str,
    /// The groups of emoji: those used last, and then as the table has them.
    pub emoji_groups: [&'static str; 10],
}

/// English.
pub(super) const EN: MessageWords = MessageWords {
    react: "React",
    reactions: "Reactions",
    reply: "Reply",
    forward: "Forward",
    forwarded: |name| format!("Forwarded from {name}"),
    replying_to: |name| format!("Replying to {name}"),
    drop_reply: "Cancel reply",
    thread: "Thread",
    replies: |count| if count == 1 { "1 reply".to_owned() } else { format!("{count} replies") },
    copy_link: "Copy link",
    link_copied: "Link copied.",
    more: "More",
    mark_unread: "Mark unread from here",
    marked_unread: "Unread from here on.",
    hide_preview: "Remove preview",
    pin: ["Pin", "Unpin"],
    pinned_by: |name| format!("Pinned by {name}"),
    pins: "Pinned messages",
    emoji: "Emoji",
    search_emoji: "Search emoji",
    no_emoji: "Nothing found.",
    emoji_loading: "One moment…",
    emoji_missing: "The emoji couldn't be loaded. Please try again.",
    emoji_groups: [
        "Recent",
        "Smileys",
        "People",
        "Animals and nature",
        "Food and drink",
        "Travel and places",
        "Activities",
        "Objects",
        "Symbols",
        "Flags",
    ],
};

/// Korean.
pub(super) const KO: MessageWords = MessageWords {
    react: "반응",
    reactions: "반응",
    reply: "답장",
    forward: "전달",
    forwarded: |name| format!("{name} 님의 메시지를 전달"),
    replying_to: |name| format!("{name} 님에게 답장"),
    drop_reply: "답장 취소",
    thread: "스레드",
    replies: |count| format!("답글 {count}개"),
    copy_link: "링크 복사",
    link_copied: "링크를 복사했어요.",
    more: "더 보기",
    mark_unread: "여기부터 안 읽음으로",
    marked_unread: "여기부터 안 읽은 메시지예요.",
    hide_preview: "미리 보기 삭제",
    pin: ["고정", "고정 해제"],
    pinned_by: |name| format!("{name} 님이 고정함"),
    pins: "고정된 메시지",
    emoji: "이모지",
    search_emoji: "이모지 찾기",
    no_emoji: "찾는 이모지가 없어요.",
    emoji_loading: "잠시만요…",
    emoji_missing: "이모지를 불러오지 못했어요. 다시 시도해 주세요.",
    emoji_groups: ["최근", "표정", "사람", "동물과 자연", "음식", "여행과 장소", "활동", "물건", "기호", "깃발"],
};

impl Words {
    /// Who is named, and me as "you": "You, Ada and 3 others".
    pub fn people_named(&self, names: &[String], count: usize) -> String {
        (self.names)(names, count.saturating_sub(names.len()))
    }
}
