//! The message box, at the foot of a room and of a thread: one line that grows to eight, Enter sends once, Shift+Enter breaks the
//! line, nothing typed is lost. Without the wasm it is a plain form.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use web_sys::{Event, HtmlTextAreaElement};

use crate::chat::{Chat, Connection};
use crate::command::Asked;
use crate::components::choices::Completing;
use crate::components::quotes::reply_bar;
use crate::components::tools::Tools;
use crate::components::tray::tray;
use crate::file::size;
use crate::live::{Derived, Noted, effect, flag, text};
use crate::message::{Draft, MAX_BYTES};
use crate::refusal::Refusal;
use crate::room::{RoomKind, Slug};
use crate::talk::Talk;
use crate::text::{graphemes, joined};
use crate::tray::Tray;
use crate::tree::{Node, Spot, el, shown};

/// The counter is shown when so many characters are left.
const COUNTED: usize = 500;

/// The message box, or why there is none.
pub fn message_box(talk: Talk) -> Node {
    let is_archived = Derived::new(move || talk.is_archived.get());
    let sentence = || (Chat::here().words().refusal)(Refusal::RoomArchived);
    let why_not = move || el("p").class("room-archived").child(sentence());
    shown(move || is_archived.get(), move |is_archived| if is_archived { why_not().into() } else { composer(talk) })
}

fn composer(talk: Talk) -> Node {
    let chat = Chat::here();
    let words = chat.words();
    let area = Spot::<HtmlTextAreaElement>::new();
    let is_direct = talk.slug.with(Slug::kind) == RoomKind::Direct;
    let action = match talk.of {
        None => format!("{}/messages", talk.path()),
        Some(of) => talk.slug.with(|slug| slug.thread_path(of)),
    };
    keep_what_was_typed_before_the_wasm(area, chat, talk);

    let completing = Completing::new(chat, talk, area, true);
    let tools = Tools::new(chat, talk, area);
    // The files are there that the message has waited for.
    effect(move || {
        if talk.tray.with(|tray| tray.sends && !tray.is_coming()) {
            send(chat, talk, completing);
        }
    });
    let submit = move |event: SubmitEvent| {
        // A sheet takes the text.
        if event.submitter().is_some_and(|button| button.has_attribute("data-sheet")) {
            return;
        }
        event.prevent_default();
        if !completing.holds(&event) {
            send(chat, talk, completing);
        }
    };
    let typed = move |event: Event| {
        chat.write(talk, event_target_value(&event));
        talk.refusal.set(None);
        chat.types(talk);
        completing.typed(&event);
    };
    let pressed = move |event: KeyboardEvent| {
        if completing.hears(&event) {
            return event.prevent_default();
        }
        let is_bare =
            !(event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing());
        // In a thread the sheet has the field for it.
        let may = talk.of.is_none() && event.key() == "ArrowUp" && is_bare;
        let may = may && talk.writing.with_untracked(String::is_empty);
        let drops = event.key() == "Escape" && is_bare && talk.replies_no_more(chat);
        if drops || (may && talk.edit_last(chat)) {
            event.prevent_default();
        }
    };
    let hint = (words.attach)(chat.allowance.files, &size(chat.allowance.file_bytes));
    let invitation = text(move || match talk.of {
        None => (words.write_to)(&talk.name.get(), is_direct),
        Some(_) => words.writing.to_thread.to_owned(),
    });
    let is_online = flag(move || !matches!(chat.connection.get(), Connection::Offline { .. }));
    let note = text(move || {
        let refusal = talk.refusal.get().map(|why| chat.sentence(why));
        let left = talk.writing.with(|text| left(chat, text)).map(words.characters_left);
        let unkept = (!chat.keeps.get()).then(|| words.not_kept.to_owned());
        let (sends, pasted) =
            talk.tray.with(|tray| (tray.sends, tray.items().iter().any(|item| item.name == words.pasted)));
        let told = [(sends, words.sends_when_there), (pasted, words.is_pasted)].into_iter().filter(|(is_so, _)| *is_so);
        joined(refusal.into_iter().chain(told.map(|(_, words)| words.to_owned())).chain(left).chain(unkept), " ")
    });
    let field = el("textarea")
        .attr("id", talk.id("message"))
        .attr("name", "text")
        .attr("rows", "1")
        .attr("enterkeyhint", "send")
        .attr("autocomplete", "off")
        .known_by(area)
        .attr("placeholder", invitation)
        .attr("aria-describedby", talk.id("message-note"))
        .attr("autofocus", talk.of.is_some() && talk.shaping.with_untracked(|shaping| shaping.from_box))
        .holding(talk.writing.text())
        .heard("input", typed)
        .heard("keydown", pressed)
        .child(talk.writing.get_untracked());
    let field = completing.field(field, talk.id("choices"));
    let files =
        el("input").attr("id", talk.id("files")).class("visually-hidden").attr("name", "files").attr("type", "file");
    // No more fit; how many do is in its name.
    let is_full = flag(move || talk.tray.with(|tray| tray.items().len() >= chat.allowance.files as usize));
    // An operator may want none.
    let attach = el("label").class("attach").attr("title", hint.clone()).attr("hidden", chat.allowance.files == 0);
    let line = el("div")
        .class("composer-box")
        .child(el("div").class("composer-grow").attr("data-text", talk.writing.text()).child(field))
        .child(tools.opener())
        .child(attach.child(files.attr("multiple", true).attr("disabled", is_full).attr("aria-label", hint)))
        .child(el("button").attr("type", "submit").class("button primary").child(words.send));
    let note = el("p")
        .attr("id", talk.id("message-note"))
        .class("field-note")
        .class_if("refused", flag(move || talk.refusal.with(Option::is_some)))
        .attr("role", "status")
        .child(note);
    let hidden = |name| el("input").attr("type", "hidden").attr("name", name);
    let answers = talk.replying;
    let reply_to = text(move || answers.with(|it| it.as_ref().map(|it| it.of.to_string()).unwrap_or_default()));
    let form = el("form")
        .class("composer")
        .attr("method", "post")
        .attr("action", action)
        .attr("enctype", "multipart/form-data")
        .heard("submit", submit)
        .child(el("p").class("offline-banner").attr("hidden", is_online).child(words.offline_hint))
        .child(talk.of.is_none().then(|| reply_bar(talk)))
        .child(hidden("cid").attr("value", chat.form_cid.to_string()))
        // For a sheet that takes them over.
        .child(hidden("reply_to").attr("value", reply_to))
        .child(hidden("file").attr("value", text(move || talk.tray.with(Tray::ids))))
        .child(el("label").class("visually-hidden").attr("for", talk.id("message")).child(invitation))
        .child(tools.preview())
        .child(tray(talk))
        .child(line)
        .child(el("div").class("composer-foot").child(tools.row()).child(other_way(talk)).child(note));
    vec![completing.list(talk.id("choices")).into(), form.into()].into()
}

/// Does what is written: sends it with the files that are chosen, once they are there, or obeys a command.
fn send(chat: Chat, talk: Talk, completing: Completing) {
    let (is_empty, is_coming, failure) =
        talk.tray.with_untracked(|tray| (tray.items().is_empty(), tray.is_coming(), tray.failure()));
    let asked = match Asked::read(&talk.writing.get_untracked()) {
        Err(Refusal::MessageEmpty) if !is_empty => Draft::beside_files("").map(Asked::Say),
        asked => asked,
    };
    let asked = asked.and_then(|asked| match &asked {
        Asked::Say(draft) => chat.allowance.message(draft.as_str()).map(|()| asked),
        _ => Ok(asked),
    });
    match asked {
        Ok(Asked::Say(_)) if failure.is_some() => return talk.refusal.set(failure),
        Ok(Asked::Say(_)) if is_coming => return talk.tray.update(|tray| tray.sends = true),
        Ok(Asked::Say(draft)) => chat.post(talk, &draft, talk.tray.update(Tray::take)),
        Ok(Asked::Nick(_) | Asked::Topic(_) | Asked::Invite(_)) => return chat.command(talk),
        // Nobody comes back by themselves: it is asked for twice.
        Ok(Asked::Leave) if !talk.slug.with(Slug::is_public) => {
            (chat.browser.open_sheet)(chat, format!("{}/leave", talk.path()));
        }
        Ok(Asked::Leave) => {
            // Nothing of it stays over the page.
            (chat.browser.go_to)(&talk.path());
            chat.leave(&talk.slug.get());
        }
        Ok(Asked::Help) => {
            chat.write(talk, "/".to_owned());
            return completing.offers("/");
        }
        Err(why) => return talk.refusal.set(Some(why)),
    }
    chat.write_no_more(talk);
    talk.refusal.set(None);
}

/// How else it can be sent: later, and from a thread to the room, too.
fn other_way(talk: Talk) -> Node {
    let chat = Chat::here();
    let later = later(chat, talk);
    if talk.of.is_none() {
        return later;
    }
    let tick = el("input")
        .attr("type", "checkbox")
        .attr("name", "also")
        .attr("checked", talk.also.get_untracked())
        .ticked(flag(move || talk.also.get()))
        .on("change", move || {
            talk.also.set(!talk.also.get_untracked());
            chat.chooses(talk);
        });
    vec![later, el("label").class("thread-also").child(tick).child(chat.words().writing.also_to_room).into()].into()
}

/// The way to the sheet from which a text is sent later, with what stands in the box; and to all that waits.
fn later(chat: Chat, talk: Talk) -> Node {
    let words = &chat.words().writing;
    let button = el("button")
        .attr("type", "submit")
        .class("tool wide")
        .attr("formaction", format!("{}/later", talk.path()))
        .attr("name", talk.of.map(|_| "thread"))
        .attr("value", talk.of.map(|of| of.to_string()))
        .attr("data-sheet", "")
        .child(words.later);
    let says = text(move || match chat.scheduled.get() {
        (_, refused @ 1..) => (words.unsent)(refused),
        (0, _) => String::new(),
        (waiting, _) => (words.scheduled)(waiting),
    });
    let link = el("a")
        .class("tool wide")
        .class_if("refused", flag(move || chat.scheduled.get().1 > 0))
        .attr("hidden", flag(move || chat.scheduled.get().0 == 0))
        .attr("href", "/scheduled")
        .attr("data-sheet", "")
        .child(says);
    vec![button.into(), el("span").attr("role", "status").child(link).into()].into()
}

/// How many characters are left, once that is worth saying.
pub(super) fn left(chat: Chat, text: &str) -> Option<i64> {
    let most = chat.allowance.message as usize;
    // No text has more characters than bytes.
    let counted_from = most.saturating_sub(COUNTED.min(most / 2));
    let count = match text.len() {
        bytes if bytes < counted_from => 0,
        // More than fits whatever its characters are: to tell them apart would take a browser longer than a key may.
        bytes if bytes > MAX_BYTES => text.chars().count(),
        _ => graphemes(text),
    };
    (count >= counted_from).then_some(most as i64 - count as i64)
}

fn keep_what_was_typed_before_the_wasm(area: Spot<HtmlTextAreaElement>, chat: Chat, talk: Talk) {
    let first = Noted::new(true);
    effect(move || {
        if let Some(area) = area.get().filter(|_| first.update(std::mem::take)) {
            let typed = area.value();
            if talk.writing.with_untracked(String::is_empty) && !typed.is_empty() {
                chat.write(talk, typed);
            }
        }
    });
}
