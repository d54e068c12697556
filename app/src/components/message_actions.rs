//! What one can do to a message: the actions that stand at its row while the pointer, the focus or a finger is on it (the rest is
//! in `message_menu`), the field in which its text is changed, and the question before it is deleted. All that is remembered of it is [`Shaping`].

use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlTextAreaElement, PointerEvent};

use crate::chat::Chat;
use crate::components::choices::Completing;
use crate::components::composer::left;
use crate::components::threads::thread_button;
use crate::live::{Derived, Live, effect, flag, text};
use crate::message::{Draft, Seq, What};
use crate::refusal::Refusal;
use crate::room::Slug;
use crate::talk::{Opened, Shaping, Talk};
use crate::text::{joined, number};
use crate::tree::{El, Spot, el};

/// The message box.
const BOX: &str = "#message";
/// The list of what completes a message that is being changed.
const LIST: &str = "revision-choices";

/// The row of a message.
pub(super) fn row(seq: Seq) -> String {
    format!("[data-seq=\"{seq}\"]")
}

impl Talk {
    /// What a message says now; one of mine whether that is confirmed or not.
    pub(super) fn said_at(self, seq: Seq) -> String {
        let changed = self.outbox.with_untracked(|outbox| {
            let change = outbox.change_of(seq).map(|change| change.text().to_owned());
            change.filter(|text| !text.is_empty())
        });
        let stored =
            || self.timeline.with_untracked(|timeline| timeline.event(seq).map(|event| event.text().to_owned()));
        changed.or_else(stored).unwrap_or_default()
    }

    /// Whether nothing is being typed into a message. If something is, it comes first.
    fn is_free(self, chat: Chat) -> bool {
        let open = self.shaping.with_untracked(|shaping| shaping.edits);
        let is_free = open.is_none_or(|open| self.revision.get_untracked() == self.said_at(open));
        if !is_free {
            (chat.browser.focus)("#revision");
        }
        is_free
    }

    /// Turns a message's text into a field.
    fn edit(self, chat: Chat, seq: Seq, from_box: bool) {
        if self.is_free(chat) {
            self.revision.set(self.said_at(seq));
            self.shaping.set(Shaping { edits: Some(seq), from_box, ..Shaping::default() });
        }
    }

    /// Goes on with a change that an earlier page left, where its message is still there.
    fn take_up(self, chat: Chat, kept: &str) -> Option<()> {
        let (seq, text) = kept.split_once(' ')?;
        let seq = number(seq).filter(|seq| self.is_mine(chat, *seq) && !untrack(|| self.is_deleted(*seq)))?;
        self.revision.set(text.to_owned());
        self.shaping.update(|shaping| shaping.edits = Some(seq));
        Some(())
    }

    /// Asks whether a message is to be deleted.
    pub(super) fn ask_to_delete(self, chat: Chat, seq: Seq) {
        if self.is_free(chat) {
            self.shaping.update(|shaping| {
                *shaping = Shaping { deletes: Some(seq), from_box: shaping.from_box, ..Shaping::default() }
            });
        }
    }

    /// Copies what a message says.
    pub(super) fn copy_said(self, chat: Chat, seq: Seq) {
        if (chat.browser.copy_text)(&self.said_at(seq)) {
            chat.say(chat.words().text_copied.to_owned());
        }
    }

    /// Opens a sheet at a message.
    fn open(self, what: Opened, seq: Seq, event: &MouseEvent) {
        let shaping = self.shaping.get_untracked();
        self.shaping.set(Shaping { opened: Some((what, seq)), from_box: is_pointed(event), ..shaping });
    }

    /// Whether a message is mine.
    pub(super) fn is_mine(self, chat: Chat, seq: Seq) -> bool {
        let author = self.timeline.with_untracked(|timeline| timeline.event(seq).map(|event| event.by.id));
        author.is_some() && author == chat.my_id()
    }

    /// Whether anything from a message on would count as unread: only what others said does.
    pub(super) fn counts_from(self, chat: Chat, seq: Seq) -> bool {
        let Some(me) = chat.my_id() else { return false };
        self.timeline.with_untracked(|timeline| timeline.after(seq - 1).0.iter().any(|event| event.counts_for(me)))
    }

    /// Whether a message shows what lies behind its link.
    pub(super) fn has_preview(self, seq: Seq) -> bool {
        self.timeline.with_untracked(|timeline| timeline.event(seq).is_some_and(|event| event.preview().is_some()))
    }

    /// Turns my last message into a field, unless something that I said after it is still on its way. Whether there is one.
    pub(super) fn edit_last(self, chat: Chat) -> bool {
        // Nor can what is about to be deleted be changed.
        let is_settled = self.outbox.with_untracked(|outbox| {
            outbox.pending().all(|pending| !matches!(pending.what, What::Posted { .. } | What::Deleted { .. }))
        });
        let drawn = untrack(|| self.drawn());
        let last = chat
            .my_id()
            .filter(|_| is_settled)
            .and_then(|me| self.timeline.with_untracked(|timeline| timeline.last_said_by(me).map(|event| event.seq)));
        let last = last.filter(|seq| (drawn.from..=drawn.to).contains(seq));
        last.into_iter().for_each(|seq| self.edit(chat, seq, true));
        last.is_some()
    }

    /// It is done, or given up: the focus is where it was.
    pub(super) fn let_be(self, chat: Chat) {
        let Shaping { actions, edits, deletes, opened, from_box } = self.shaping.get_untracked();
        let seq = edits.or(deletes).or(opened.map(|(_, seq)| seq));
        // Asking took them away; what a mouse brings back before the end of the question is told is under it now.
        self.shaping.set(Shaping { actions: actions.filter(|_| deletes.is_some()), ..Shaping::default() });
        if let Some(seq) = seq {
            (chat.browser.focus)(&if from_box { BOX.to_owned() } else { row(seq) });
        }
    }
}

/// The actions of a row, of a message of mine or of another's.
pub(super) fn actions(talk: Talk, mine: bool) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let seq = talk.shaping.with_untracked(|shaping| shaping.actions).unwrap_or_default();
    let is_own =
        talk.timeline.with_untracked(|timeline| timeline.event(seq).is_none_or(|event| event.forwarded().is_none()));
    let edit = move |event: MouseEvent| talk.edit(chat, seq, is_pointed(&event));
    let react = move |event: MouseEvent| {
        talk.open(Opened::Emoji, seq, &event);
        // A finger would have to do with half the sheet, for the keyboard would take the other.
        (chat.browser.focus)(if is_touched(&event) { "#emoji-picker" } else { "#emoji-search" });
    };
    let more = move |event: MouseEvent| {
        talk.open(Opened::Menu, seq, &event);
        (chat.browser.focus)("#message-menu button:not([hidden])");
    };
    // The actions go away while the sheet is open, and its end leads back to where the focus was.
    let leaves = move |event: MouseEvent| {
        if !is_pointed(&event) {
            (chat.browser.focus)(&row(seq));
        }
    };
    let button = |sign: &'static str, name: &'static str| {
        let button = el("button").attr("type", "button").attr("tabindex", "-1");
        button.attr("title", name).attr("aria-label", name).child(sign)
    };
    let bar = el("div")
        .class("message-actions")
        .attr("role", "toolbar")
        .attr("aria-label", words.actions)
        .child(button("☺", words.on_message.react).heard("click", react))
        .child(button("↩", words.on_message.reply).on("click", move || talk.reply_to(chat, seq)))
        .child(thread_button(talk, seq).map(|link| link.heard("click", leaves)))
        .child((mine && is_own).then(|| button("✎", words.edit).heard("click", edit)))
        .child(button("⋯", words.on_message.more).attr("aria-haspopup", "menu").heard("click", more));
    let rail = el("div").class("message-rail").attr("aria-live", "off");
    rail.heard("mousedown", |event: MouseEvent| event.prevent_default()).child(bar)
}

/// Pressed by a pointer; from the keyboard it counts no clicks (UI Events, section 5.3).
pub(super) fn is_pointed(event: &MouseEvent) -> bool {
    event.detail() != 0
}

fn is_touched(event: &MouseEvent) -> bool {
    event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "touch")
}

/// What a message is being changed to survives a reload: it is noted for as long as that goes on, and taken up when the room is drawn.
pub(super) fn keep_revision(talk: Talk) {
    let chat = Chat::here();
    let note = format!("revision-{}-{}", chat.my_id().map_or(0, |me| me.0), talk.slug.get());
    let edits = Derived::new(move || talk.shaping.with(|shaping| shaping.edits));
    let mut is_first = true;
    effect(move || match (edits.get(), std::mem::take(&mut is_first)) {
        (Some(seq), _) => (chat.browser.keep_in_tab)(&note, &format!("{seq} {}", talk.revision.get())),
        (None, true) => drop((chat.browser.kept_in_tab)(&note).and_then(|kept| talk.take_up(chat, &kept))),
        (None, false) => (chat.browser.keep_in_tab)(&note, ""),
    });
}

/// The field in which a message is changed. Enter is the composer's: it is watched on the document.
pub(super) fn revision(talk: Talk) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let seq = talk.shaping.with_untracked(|shaping| shaping.edits).unwrap_or_default();
    let refusal = Live::<Option<Refusal>>::default();
    let area = Spot::<HtmlTextAreaElement>::new();
    effect(move || {
        if let Some(area) = area.get() {
            let _ = area.focus();
            let end = area.value().encode_utf16().count() as u32;
            let _ = area.set_selection_range(end, end);
        }
    });
    let completing = Completing::new(chat, talk, area, false);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if completing.holds(&event) {
            return;
        }
        match Draft::new(&talk.revision.get_untracked())
            .and_then(|draft| chat.allowance.message(draft.as_str()).map(|()| draft))
        {
            Ok(draft) => {
                if draft.as_str() != talk.said_at(seq) {
                    chat.shown_room().into_iter().for_each(|slug| chat.edit(&slug, seq, draft.clone()));
                }
                talk.let_be(chat);
            }
            Err(Refusal::MessageEmpty) => {
                talk.shaping.update(|shaping| shaping.deletes = Some(seq));
            }
            Err(why) => refusal.set(Some(why)),
        }
    };
    let typed = move |event: Event| {
        talk.revision.set(event_target_value(&event));
        refusal.set(None);
        completing.typed(&event);
    };
    let pressed = move |event: KeyboardEvent| {
        if completing.hears(&event) {
            event.prevent_default();
        } else if event.key() == "Escape" && !event.is_composing() {
            event.prevent_default();
            talk.let_be(chat);
        }
    };
    let note = text(move || {
        let refusal = refusal.get().map(|why| chat.sentence(why));
        let left = talk.revision.with(|text| left(chat, text)).map(words.characters_left);
        joined(refusal.into_iter().chain(left), " ")
    });
    let field = el("textarea")
        .attr("id", "revision")
        .attr("rows", "1")
        .attr("enterkeyhint", "done")
        .attr("autocomplete", "off")
        .known_by(area)
        .attr("aria-label", words.edit_message)
        .attr("aria-describedby", "revision-note")
        .holding(talk.revision.text())
        .heard("input", typed);
    let field = completing.field(field, LIST.to_owned());
    let grow = el("div").class("composer-grow").attr("data-text", talk.revision.text()).child(field);
    let note = el("p")
        .attr("id", "revision-note")
        .class("field-note")
        .class_if("refused", flag(move || refusal.with(Option::is_some)))
        .attr("role", "status")
        .child(note);
    let cancel = el("button").attr("type", "button").class("quiet-button").on("click", move || talk.let_be(chat));
    let foot = el("div")
        .class("revision-foot")
        .child(note)
        .child(cancel.child(words.cancel))
        .child(el("button").attr("type", "submit").class("button").child(words.save));
    el("form")
        .class("revision")
        .attr("aria-live", "off")
        .heard("submit", save)
        .heard("keydown", pressed)
        .child(completing.list(LIST.to_owned()))
        .child(el("div").class("composer-box").child(grow))
        .child(foot)
}

/// The question before a message is deleted.
pub(super) fn deletion_dialog(talk: Talk, slug: Slug) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let dialog = Spot::<HtmlDialogElement>::new();
    // Another page, or another language, was the answer.
    if talk.shaping.with_untracked(|shaping| shaping.deletes.is_some()) {
        talk.shaping.update(|shaping| shaping.deletes = None);
    }
    let close = move || dialog.get_untracked().into_iter().for_each(|dialog| dialog.close());
    // Not for whatever else changes: between its closing and the word of it the focus moves already.
    let is_asked = Derived::new(move || talk.shaping.with(|shaping| shaping.deletes.is_some()));
    effect(move || {
        let is_asked = is_asked.get();
        if let Some(dialog) = dialog.get().filter(|dialog| is_asked && !dialog.open()) {
            let _ = dialog.show_modal();
        }
    });
    let delete = move || {
        let shaping = talk.shaping.get_untracked();
        if let Some(seq) = shaping.deletes {
            chat.delete(&slug, seq);
            talk.shaping.set(Shaping { edits: None, ..shaping });
        }
        close();
    };
    // By Escape, too. The word that it is closed comes later: who is quick may save nothing once more before that.
    let cancelled =
        move || talk.shaping.update(|shaping| shaping.deletes = shaping.deletes.filter(|_| shaping.edits.is_none()));
    // An edit that was emptied goes on where it was not deleted.
    let closed = move || {
        let shaping = talk.shaping.get_untracked();
        if shaping.edits.is_none() {
            talk.let_be(chat);
        } else if dialog.get_untracked().is_some_and(|dialog| !dialog.open()) {
            talk.shaping.set(Shaping { deletes: None, ..shaping });
            (chat.browser.focus)("#revision");
        }
    };
    let cancel = el("button").attr("type", "button").class("button").attr("autofocus", true).on("click", move || {
        cancelled();
        close();
    });
    let delete = el("button").attr("type", "button").class("button danger").on("click", delete).child(words.delete);
    el("dialog")
        .class("dialog")
        .attr("aria-labelledby", "deletion-title")
        .attr("aria-describedby", "deletion-hint")
        .known_by(dialog)
        .on("cancel", cancelled)
        .on("close", closed)
        .child(el("h2").attr("id", "deletion-title").class("dialog-title").child(words.delete_this))
        .child(el("p").attr("id", "deletion-hint").child(words.delete_hint))
        .child(el("div").class("dialog-buttons").child(cancel.child(words.cancel)).child(delete))
}

/// How keys move through the rows: up and down to the next message, Enter to its actions, left and right among these, Escape
/// back. `None` when the key is for somebody else, as inside a block of code.
pub(super) fn walk(talk: Talk, scroller: &Element, key: &str) -> Option<()> {
    let focused = document().active_element()?;
    if focused == *scroller {
        return if key == "ArrowUp" { focus(last_in_sight(scroller)?) } else { None };
    }
    let row = focused.closest(".message").ok()??;
    let is_row = row == focused;
    let parent = focused.parent_element().map(|parent| parent.class_name()).unwrap_or_default();
    let is_action = matches!(parent.as_str(), "message-actions" | "reactions");
    // Where a menu opens, up and down lead into it.
    let leads_on = is_row || (is_action && !focused.has_attribute("aria-haspopup"));
    match key {
        "ArrowUp" if leads_on => focus(next_message(&row, Element::previous_element_sibling)?),
        "ArrowDown" if leads_on => focus(next_message(&row, Element::next_element_sibling)?),
        "ArrowLeft" if is_action => focus(focused.previous_element_sibling()?),
        "ArrowRight" if is_action => focus(focused.next_element_sibling()?),
        "ArrowRight" if is_row => focus(row.query_selector(".reaction").ok()??),
        "Enter" if is_row => focus(row.query_selector(".message-actions button").ok()??),
        "Escape" if is_action => focus(row),
        "Escape" if is_row => {
            talk.shaping.set(Shaping::default());
            focus(scroller.clone())
        }
        _ => None,
    }
}

fn focus(element: Element) -> Option<()> {
    element.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

fn next_message(row: &Element, next: fn(&Element) -> Option<Element>) -> Option<Element> {
    std::iter::successors(next(row), next).find(|row| row.class_list().contains("message"))
}

/// The lowest message of which the end is in sight.
fn last_in_sight(scroller: &Element) -> Option<Element> {
    let end_px = scroller.get_bounding_client_rect().bottom() + 1.0;
    let last = scroller.first_element_child()?.last_element_child()?;
    let above = std::iter::successors(Some(last), Element::previous_element_sibling);
    above
        .filter(|row| row.class_list().contains("message"))
        .find(|row| row.get_bounding_client_rect().bottom() <= end_px)
}

/// The number of the message in whose row something is.
pub(super) fn number_at(target: Option<web_sys::EventTarget>) -> Option<Seq> {
    let row = target?.dyn_into::<Element>().ok()?.closest(".message").ok()??;
    number(&row.get_attribute("data-seq")?)
}
