//! That a message is pinned, and by whom, at its row: a link to all that is pinned in the room.

use crate::chat::Chat;
use crate::member::Member;
use crate::message::{Event, Seq, What};
use crate::outbox::Outbox;
use crate::talk::Talk;
use crate::tree::{El, el};

/// Who pinned a message, with what I want of it that is not confirmed; nobody where it is not pinned (tracked).
pub(super) fn pinned_by(chat: Chat, talk: Talk, seq: Seq) -> Option<Member> {
    talk.changes.track();
    let stored = |event: &std::sync::Arc<Event>| event.beside()?.pin.by.clone();
    let stored = talk.timeline.with_untracked(|timeline| timeline.event(seq).and_then(stored));
    let wanted = |outbox: &Outbox| {
        let mut pins =
            outbox.done_to(seq).filter_map(|what| if let What::Pinned { on, .. } = what { Some(*on) } else { None });
        pins.next_back()
    };
    match talk.outbox.with(wanted) {
        Some(true) => stored.or_else(|| chat.me.get_untracked()),
        Some(false) => None,
        None => stored,
    }
}

/// The line that says so.
pub(super) fn pin_mark(chat: Chat, by: &Member) -> Option<El> {
    let path = format!("{}/pins", chat.shown_room()?.path());
    let mark = el("a").class("message-pinned").attr("tabindex", "-1").attr("href", path).attr("data-sheet", "");
    let sign = el("span").attr("aria-hidden", "true").child("⚑ ");
    let mark = mark.child(sign).child((chat.words().on_message.pinned_by)(by.name.as_str()));
    Some(el("p").class("pin-line").child(mark))
}
