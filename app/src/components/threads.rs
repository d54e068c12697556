//! The thread of a message, as its row shows it: how many replies there are, who wrote last, and when. The thread itself is a sheet
//! of the server's (`server/src/sheets/thread.rs`), but for what came after that was drawn.

use crate::chat::Chat;
use crate::components::avatar::avatar;
use crate::components::message_row::row_list;
use crate::live::{Derived, Live, flag, text};
use crate::message::{Event, Seq};
use crate::talk::Talk;
use crate::thread::Thread;
use crate::tree::{El, Node, el, shown};

/// The thread that hangs on a message, if one does (tracked).
pub(super) fn thread_of(talk: Talk, seq: Seq) -> Option<Thread> {
    talk.changes.track();
    let thread = talk.timeline.with_untracked(|timeline| Some(timeline.event(seq)?.beside()?.thread.clone()));
    thread.filter(|thread| !thread.is_empty())
}

/// The line under a message, of this number and time, that leads to its thread.
pub(super) fn thread_line(talk: Talk, (seq, at_ms): (Seq, i64), thread: Derived<Option<Thread>>) -> Option<El> {
    let chat = Chat::here();
    let new = Derived::new(move || new_in(chat, talk, seq));
    let faces = move || thread.with(|thread| thread.as_ref().map(|it| it.faces.clone()).unwrap_or_default());
    let faces = shown(faces, |faces| faces.iter().map(|face| avatar(face).into()).collect::<Vec<_>>());
    let count = move || thread.with(|thread| thread.as_ref().map_or(0, |thread| thread.count));
    let last = move || chat.local(thread.with(|thread| thread.as_ref().map_or(0, |thread| thread.last_ms)));
    let lang = chat.lang.get_untracked();
    let link = link(chat, seq)?.class("thread-line");
    let said = text(move || (chat.words().on_message.replies)(count()));
    let when = text(move || {
        let (began, last) = (chat.local(at_ms), last());
        if last.day == began.day { last.time(lang) } else { format!("{} {}", last.date(lang), last.time(lang)) }
    });
    let time = el("time").class("faint").attr("datetime", text(move || last().iso()));
    let news = el("span")
        .class("room-link-unread")
        .attr("hidden", flag(move || new.get() == 0))
        .child(text(move || (chat.words().new_messages)(new.get())));
    let faces = el("span").class("thread-faces").child(faces);
    Some(link.child(faces).child(el("span").child(said)).child(time.child(when)).child(news))
}

/// How many replies to a message were new to me when I came, or looked away (tracked).
fn new_in(chat: Chat, talk: Talk, of: Seq) -> usize {
    talk.changes.track();
    let (Some(first), Some(me)) = (talk.first_new.get(), chat.my_id()) else { return 0 };
    let is_new = |event: &&Event| event.counts_for(me) && event.within().is_some_and(|place| place.of == of);
    talk.timeline.with_untracked(|timeline| timeline.after(first - 1).0.into_iter().filter(is_new).count())
}

/// The action that opens the thread of a message, or the one in which it was said.
pub(super) fn thread_button(talk: Talk, seq: Seq) -> Option<El> {
    let chat = Chat::here();
    let within = talk.timeline.with_untracked(|timeline| Some(timeline.event(seq)?.within()?.of));
    let name = chat.words().on_message.thread;
    Some(
        link(chat, within.unwrap_or(seq))?
            .class("thread-button")
            .attr("title", name)
            .attr("aria-label", name)
            .child("≡"),
    )
}

/// The lines of a thread after a number: what was said since the sheet was drawn, and what of mine is not confirmed.
pub fn thread_tail(talk: Talk, after: Live<Seq>) -> Node {
    let chat = Chat::here();
    row_list(talk, Derived::found_anew(move || talk.newer_in_thread(after.get(), chat.me.get().as_ref(), chat.clock())))
}

fn link(chat: Chat, seq: Seq) -> Option<El> {
    let path = chat.shown_room()?.thread_path(seq);
    Some(el("a").attr("href", path).attr("data-sheet", "").attr("tabindex", "-1"))
}
