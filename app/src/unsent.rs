//! What somebody is writing, in a room or a thread, and has not sent: it survives a reload, and stands in all of their tabs. It is kept and
//! told as the outbox is, as the message that it would be ([`UNSENT`]), so that whatever a message may carry goes with it.

use std::time::Duration;

use crate::beside::Beside;
use crate::chat::Chat;
use crate::message::{Event, Seq, What};
use crate::protocol::ServerFrame;
use crate::quote::Quote;
use crate::room::Slug;
use crate::talk::Talk;
use crate::thread::InThread;
use crate::tray::Tray;

/// The number of a message that is still being written, where other tabs and a later page find it.
pub const UNSENT: Seq = -1;
/// The longest text, in bytes, that is kept: longer than any that can be sent.
pub const MAX_KEPT_BYTES: usize = 256 * 1024;
/// What is typed meanwhile is kept together.
const REST: Duration = Duration::from_millis(500);
/// Whoever typed here so few milliseconds ago is not interrupted by what stands in another tab.
const IN_HAND_MS: i64 = 5_000;

/// When what stands in a message box was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    /// In whichever tab, in milliseconds since 1970: the latest counts.
    at_ms: i64,
    /// In this tab.
    here_ms: i64,
    /// Whether it is about to be kept.
    is_fresh: bool,
}

impl Chat {
    /// This stands in a message box now.
    pub fn write(self, talk: Talk, text: String) {
        let now_ms = (self.browser.now_ms)();
        talk.writing.set(text);
        let was_fresh = talk.written.update(|written| {
            // The clock may have been set back.
            (written.at_ms, written.here_ms) = (now_ms.max(written.at_ms + 1), now_ms);
            std::mem::replace(&mut written.is_fresh, true)
        });
        if !was_fresh {
            (self.browser.later)(REST, Box::new(move || self.keep_writing(talk)));
        }
    }

    /// A file is there now, or not wanted any more: what is kept of the message box is another, though nobody has typed.
    pub fn chooses(self, talk: Talk) {
        let here_ms = talk.written.with(|written| written.here_ms);
        self.write(talk, talk.writing.get_untracked());
        talk.written.update(|written| written.here_ms = here_ms);
        self.keep_writing(talk);
    }

    /// What stood in the message box is sent: it is gone from all tabs.
    pub fn write_no_more(self, talk: Talk) {
        talk.also.set(false);
        self.write(talk, String::new());
        self.keep_writing(talk);
        self.types(talk);
    }

    /// A sheet has taken all that stood there, with its files and what it answers.
    pub fn hands_over(self, talk: Talk) {
        talk.replying.set(None);
        talk.tray.update(Tray::take);
        self.write_no_more(talk);
    }

    /// As [`Chat::keep_writing`], of every message box.
    pub(crate) fn keep_what_is_written(self) {
        self.boxes().into_iter().for_each(|talk| self.keep_writing(talk));
    }

    /// All message boxes.
    fn boxes(self) -> Vec<Talk> {
        let mut boxes = Vec::new();
        self.talks().iter().for_each(|(_, talk)| boxes.extend(talk.boxes()));
        boxes
    }

    /// Lets the browser and the other tabs know of what is being written, if they don't.
    pub fn keep_writing(self, talk: Talk) {
        let is_news = talk.written.update(|written| std::mem::take(&mut written.is_fresh));
        let text = talk.writing.get_untracked();
        if let Some(by) = self.me.get_untracked().filter(|_| is_news && text.len() <= MAX_KEPT_BYTES) {
            let at_ms = talk.written.with(|written| written.at_ms);
            let quote = talk.replying.get_untracked().map(|quote| Quote { text: String::new(), ..quote });
            let files = talk.tray.with_untracked(|tray| tray.kept(&self.form_cid.to_string()));
            let what = What::Posted { text, markup: None, edited_ms: None, files, beside: talk.beside(quote) };
            let event = Event { seq: UNSENT, at_ms, by, what, cid: None };
            (self.browser.keep)(ServerFrame::Events { room: talk.slug.get(), events: vec![event] });
        }
    }

    /// What was heard so far an earlier page of this tab has left: it was written here.
    pub fn goes_on_writing(self) {
        self.boxes().into_iter().for_each(|talk| talk.written.update(|written| written.here_ms = written.at_ms));
    }

    /// The browser keeps from here on: what was written before it did is told it again.
    pub fn keep_all_writing(self) {
        for talk in self.boxes() {
            talk.written.update(|written| written.is_fresh |= written.here_ms > 0);
            self.keep_writing(talk);
        }
    }

    /// Another tab, or an earlier page, has this in the message box. The latest counts, but nobody is interrupted.
    pub(crate) fn hear_writing(self, slug: &Slug, event: &Event) {
        let place = event.within();
        let talk = place.map_or_else(|| self.talk(slug), |place| self.thread(slug, place.of));
        let (at_ms, now_ms) = (event.at_ms, (self.browser.now_ms)());
        let is_later = talk.written.with(|written| at_ms > written.at_ms);
        // Also where nothing stands just now: whoever has sent it may be about to write the next.
        let is_in_hand = talk.written.with(|written| (now_ms - written.here_ms).abs() < IN_HAND_MS);
        let is_busy = is_in_hand && self.is_looked_at.get_untracked();
        if !is_later {
            return;
        }
        if !is_busy {
            talk.written.update(|written| written.at_ms = at_ms);
            talk.writing.set(event.text().to_owned());
            talk.replying.set(event.reply().cloned());
            talk.also.set(place.is_some_and(|place| place.also));
        }
        let files = event.files();
        if talk.tray.with_untracked(|tray| tray.is_ahead_of(files)) {
            self.chooses(talk);
        }
        for page in talk.tray.update(|tray| tray.recall(files, &self.form_cid.to_string(), is_busy)) {
            let lost = page.clone();
            (self.browser.once_closed)(&page, Box::new(move || talk.tray.update(|tray| tray.lose(&lost))));
        }
    }
}

impl Talk {
    /// What stands beside a message that is written here: what it answers, and its place in a thread.
    pub(crate) fn beside(self, reply: Option<Quote>) -> Option<Box<Beside>> {
        let within = self.of.map(|of| InThread { of, also: self.also.get_untracked(), ..InThread::default() });
        (reply.is_some() || within.is_some()).then(|| Box::new(Beside { reply, within, ..Beside::default() }))
    }
}
