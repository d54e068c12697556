//! Quoted messages: the line above an answer that leads to what it answers, the one above what was passed on, and the line over the box while one answers.

use crate::chat::Chat;
use crate::components::link::follow;
use crate::forwarded::Forwarded;
use crate::live::{Derived, Text, flag, text};
use crate::message::Seq;
use crate::quote::Quote;
use crate::route::Route;
use crate::talk::Talk;
use crate::tree::{El, el};

/// The line above an answer: what it answered when the row was made, as that is now. `taken` is the number and the time of the
/// answer, if it has them.
pub(super) fn quote_line(talk: Talk, taken: Derived<Option<(Seq, i64)>>, quote: Quote) -> Option<El> {
    let chat = Chat::here();
    let words = chat.words();
    let author = quote.by.name.to_string();
    let route = Route::Message(chat.shown_room()?, quote.of);
    let label = (words.on_message.replying_to)(&author);
    let said = text(move || {
        talk.changes.track();
        let as_stored = |seq| talk.timeline.with_untracked(|timeline| timeline.event(seq)?.reply().cloned());
        let seq = taken.get().map(|(seq, _)| seq);
        let quote = seq.and_then(as_stored).unwrap_or_else(|| talk.as_it_is_now(quote.clone()));
        match (quote.text, seq) {
            (said, None) => said,
            (said, _) if said.is_empty() => words.deleted.to_owned(),
            (said, _) => said,
        }
    });
    let line = el("a").class("message-quote").attr("tabindex", "-1").attr("href", route.path());
    let line = line
        .heard("click", follow(chat, route))
        .child(el("span").class("visually-hidden").child(label))
        .child(el("bdi").class("quote-author").attr("aria-hidden", "true").child(author))
        .child(quote_text(said));
    Some(line)
}

/// The line above what was passed on: whose it was, and for those who may be there where from.
pub(super) fn forwarded_line(forwarded: Forwarded) -> El {
    let chat = Chat::here();
    let Forwarded { room, of, by } = forwarded;
    let label = (chat.words().on_message.forwarded)(by.name.as_str());
    let known = chat
        .rooms
        .with_untracked(|rooms| rooms.iter().find(|known| known.slug == room).map(|known| known.called(chat.my_id())));
    let name = known.or_else(|| room.is_public().then(|| room.to_string()));
    let route = Route::Message(room, of);
    let line = match name {
        Some(_) => el("a").attr("tabindex", "-1").attr("href", route.path()).heard("click", follow(chat, route)),
        None => el("p"),
    };
    line.class("message-quote")
        .child(el("span").class("visually-hidden").child(label))
        .child(el("bdi").class("quote-author").attr("aria-hidden", "true").child(format!("↪ {}", by.name)))
        .child(el("bdi").class("quote-text").child(name))
}

/// The line over the box: whom one answers, and the way out of it.
pub(super) fn reply_bar(talk: Talk) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let quote = move || {
        talk.changes.track();
        talk.replying.get().map(|quote| talk.as_it_is_now(quote))
    };
    let whom =
        text(move || quote().map(|quote| (words.on_message.replying_to)(quote.by.name.as_str())).unwrap_or_default());
    // What an earlier page quoted was not kept: where the message is not here, its author is all that is known.
    let said = text(move || match quote() {
        Some(quote) if talk.is_deleted(quote.of) => words.deleted.to_owned(),
        quote => quote.map(|quote| quote.text).unwrap_or_default(),
    });
    let drop_it = move || {
        talk.replies_no_more(chat);
    };
    let name = words.on_message.drop_reply;
    let drop = el("button").attr("type", "button").class("icon-button").attr("aria-label", name).attr("title", name);
    el("div")
        .class("reply-bar")
        .attr("hidden", flag(move || talk.replying.with(Option::is_none)))
        .child(el("p").attr("role", "status").child(el("strong").child(whom)).child(quote_text(said)))
        .child(drop.on("click", drop_it).child("✕"))
}

fn quote_text(said: Text) -> El {
    el("span").class("quote-text").attr("dir", "auto").child(said)
}

impl Talk {
    /// Answers a message with what is written next.
    pub(super) fn reply_to(self, chat: Chat, seq: Seq) {
        self.replying
            .set(self.timeline.with_untracked(|timeline| timeline.event(seq).and_then(|event| Quote::new(event))));
        chat.chooses(self);
        (chat.browser.focus)("#message");
    }

    /// What is written next answers nothing. Whether it would have.
    pub(super) fn replies_no_more(self, chat: Chat) -> bool {
        let did = self.replying.with_untracked(Option::is_some);
        if did {
            self.replying.set(None);
            chat.chooses(self);
            (chat.browser.focus)("#message");
        }
        did
    }
}
