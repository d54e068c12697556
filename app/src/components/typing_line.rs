//! The line under the timeline that says who is typing. Its space is always there, so that nothing moves. It is read out
//! when somebody begins, but not again and again.

use leptos::prelude::*;

use crate::chat::Chat;
use crate::live::{Live, Noted, effect, flag, text};
use crate::talk::Talk;

/// How many milliseconds it is not read out again.
const READ_OUT_EVERY_MS: i64 = 30_000;

/// Who is typing in a room.
#[component]
pub fn TypingLine(
    /// The room.
    talk: Talk,
) -> impl IntoView {
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
    view! {
        <p class="typing-line" aria-hidden="true" class:somebody=flag(move || talk.typists.with(|typists| typists.count() > 0))>
            <span>{sentence}</span>
        </p>
        <p class="visually-hidden" role="status">{read_out.text()}</p>
    }
}
