//! What a page says of files to who has no scripts: that one just sent can't be shown, and which one was refused. With scripts it
//! stands at the file, above the message box.

use app::file::File;
use app::i18n::Lang;
use app::member::MemberId;
use app::message::Event;
use app::text::joined;

/// So long it is said of a message that was just sent.
const NEWS_MS: i64 = 60_000;

/// What is to be said of the files of the message that somebody has just sent; nothing where all is as its name says.
pub fn sentence(events: &[Event], me: MemberId, lang: Lang, now_ms: i64) -> Option<String> {
    let mine = events.iter().rev().find(|event| event.by.id == me && event.is_posted())?;
    let is_news = mine.at_ms + NEWS_MS > now_ms;
    let unshown = mine.files().iter().filter(|file| is_news && file.is_not_as_named());
    let sentences: Vec<String> = unshown.map(|File { name, .. }| named(name, lang.words().not_shown)).collect();
    (!sentences.is_empty()).then(|| joined(sentences, " "))
}

/// What is to be said where a file was refused: nothing of the form was sent.
pub fn refusal(name: &str, why: &str, lang: Lang) -> String {
    named(name, &format!("{why} {}", lang.sheet_words().files_refused))
}

fn named(name: &str, sentence: &str) -> String {
    // Isolated, for a name may be written from right to left.
    format!("\u{2068}{name}\u{2069}: {sentence}")
}
