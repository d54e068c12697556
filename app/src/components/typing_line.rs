//! The line under the timeline that says who is typing. Its space is always there, so that nothing moves. It is read out
//! when somebody begins, but not again and again.

use crate::chat::Chat;
use crate::live::{Live, Noted, effect, flag, text};
use crate::talk::Talk;
use crate::tree::{Node, el};

/// How many milliseconds it is not read out again.
const READ_OUT_EVERY_MS: i64 = 30_000;

/// Who is typing in a room.
pub fn typing_line(talk: Talk) -> Node {
    let chat = Chat::here();
    let words = chat.words();
    let sentence = text(move || {
        let (names, more) = talk.typists.with(|typists| typists.named());
        if names.is_empty() { String::new() } else { (words.typing)(&names, more) }
    });
    let read_out = Live::new(String::new());
    let read_out_at_ms = Noted::new(0);
    effect(move || {
        let (sentence, now_ms) = (sentence.get(), (chat.browser.now_ms)());
        if sentence.is_empty() {
            read_out.set(sentence);
        } else if (now_ms - read_out_at_ms.get()).abs() >= READ_OUT_EVERY_MS {
            read_out_at_ms.set(now_ms);
            read_out.set(sentence);
        }
    });
    let line = el("p")
        .class("typing-line")
        .attr("aria-hidden", "true")
        .class_if("somebody", flag(move || talk.typists.with(|typists| typists.count() > 0)))
        .child(el("span").child(sentence));
    let read_out = el("p").class("visually-hidden").attr("role", "status").child(read_out.text());
    vec![line.into(), read_out.into()].into()
}
