//! One line of the timeline. A message that waits and one that is confirmed are the same row: it only loses its dimness.

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::chat::{Chat, Connection};
use crate::components::attachments::Attachments;
use crate::components::avatar::avatar;
use crate::components::list::list;
use crate::components::markup::Content;
use crate::components::message_actions::{actions, revision};
use crate::components::pen::{self, replace_inside};
use crate::components::pin_mark::{pin_mark, pinned_by};
use crate::components::quotes::{forwarded_line, quote_line};
use crate::components::reactions::{reaction_row, reactions_of};
use crate::components::threads::{thread_line, thread_of};
use crate::file::File;
use crate::live::{Derived, effect, flag, text};
use crate::markup::Markup;
use crate::message::{Cid, Event, Seq, What};
use crate::outbox::{Delivery, Outbox, Pending};
use crate::reaction::Reactions;
use crate::room::Slug;
use crate::route::Route;
use crate::talk::{Row, Said, Talk};
use crate::text::emoji;
use crate::text::month::Month;
use crate::text::when::Local;
use crate::timeline::{Notice, NoticeKind};
use crate::tree::{self, El, Node, Spot, el};

/// How many names a notice gives; the others are a number.
const NAMES_IN_NOTICE: usize = 3;

/// The rows of a room, or of a thread.
pub(super) fn row_list(talk: Talk, rows: Derived<Vec<(Seq, Row)>>) -> Node {
    list(move || rows.get(), |(_, row)| row.key(), move |(_, row)| timeline_row(row, talk))
}

/// Draws a row of whatever kind.
pub fn timeline_row(row: Row, talk: Talk) -> Node {
    let chat = Chat::here();
    let words = chat.words();
    if let Some(said) = row.said() {
        return message(said, talk).into();
    }
    let line = match row {
        Row::Day(local, _) => {
            let days = chat.shown_room().map(|slug| format!("{}/days?month={}", slug.path(), Month::of(local).tag()));
            line("day-line", None, local.date(chat.lang.get_untracked()), days)
        }
        Row::Changed(event) => line("notice", Some("room"), changed(chat, &event), None),
        Row::New(_) => line("new-line", None, words.new_line.to_owned(), None),
        Row::Renamed { was, now, .. } => line("notice", None, (words.renamed)(was.as_str(), now.as_str()), None),
        Row::Notice(notice) => line("notice", Some(kind_word(notice.kind)), sentence(chat, &notice), None),
        Row::Said(..) | Row::Waiting(_) => unreachable!("drawn above"),
    };
    line.into()
}

/// A line that nobody said, which may lead to a sheet.
fn line(class: &'static str, kind: Option<&'static str>, text: String, sheet: Option<String>) -> El {
    let text = match sheet {
        Some(href) => el("a").attr("href", href).attr("data-sheet", "").child(text),
        None => el("span").child(text),
    };
    el("p").class(class).attr("data-notice", kind).child(text)
}

fn changed(chat: Chat, event: &Event) -> String {
    let What::Room(change) = &event.what else { return String::new() };
    (chat.words().room_changed)(event.by.name.as_str(), change)
}

fn kind_word(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Arrived => "arrived",
        NoticeKind::Left => "left",
    }
}

fn sentence(chat: Chat, notice: &Notice) -> String {
    let words = chat.words();
    let names: Vec<String> = notice.who.iter().take(NAMES_IN_NOTICE).map(|member| member.name.to_string()).collect();
    let names = (words.names)(&names, notice.who.len().saturating_sub(NAMES_IN_NOTICE) + notice.more);
    match notice.kind {
        NoticeKind::Arrived => (words.arrived)(&names, notice.here),
        NoticeKind::Left => (words.left)(&names, notice.here),
    }
}

fn message(said: Said, talk: Talk) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let Said { cid, seq, by, at_ms, opens_group, .. } = said.clone();
    let quote = said.beside.as_ref().and_then(|beside| beside.reply.clone());
    let forwarded = said.beside.as_ref().and_then(|beside| beside.forwarded.clone());
    let confirmed = seq.is_some();
    let mine = chat.me.with_untracked(|me| me.as_ref().is_some_and(|me| me.id == by.id));
    let author = by.id;
    let delivery = Derived::new(move || if confirmed { None } else { talk.outbox.with(|outbox| outbox.delivery(cid)) });
    let taken = Derived::new(move || {
        if confirmed || delivery.get().is_some() {
            return seq.map(|seq| (seq, at_ms));
        }
        let taken = |event: &Event| (event.seq, event.at_ms);
        talk.timeline.with_untracked(|timeline| timeline.taken(author, cid).map(|event| taken(event)))
    });
    let beside = said.beside.clone();
    // Of a thread that the server draws there is nothing but the rows.
    let pinned_first = beside.as_ref().filter(|_| cfg!(feature = "ssr")).and_then(|beside| beside.pin.by.clone());
    let shown = Derived::new(move || Shown::new(talk, mine, taken.get().map(|(seq, _)| seq), &said));
    let stands = Derived::new(move || shown.with(|shown| shown.change).or_else(|| Some((cid, delivery.get()?))));
    let local = move || chat.local(taken.get().map_or(at_ms, |(_, at_ms)| at_ms));
    let state = text(move || match stands.get() {
        None => "sent".to_owned(),
        Some((_, Delivery::Waiting | Delivery::OnItsWay)) => "waiting".to_owned(),
        Some((_, Delivery::Failed(_))) => "failed".to_owned(),
    });
    let is_large = flag(move || shown.with(|shown| emoji::is_only_emoji(&shown.text)));
    let content = Spot::<HtmlElement>::new();
    let first = shown.with_untracked(Clone::clone);
    let mut drawn = first.clone();
    effect(move || {
        let new = shown.get();
        // Where files alone are deleted, the text says so and was empty before.
        if (&new.text, &new.markup, new.is_deleted()) != (&drawn.text, &drawn.markup, drawn.is_deleted()) {
            content.get_untracked().iter().for_each(|element| replace_inside(element, &new.clone().content(chat)));
        }
        drawn = new;
    });
    let is_target = move || talk.target.get().is_some_and(|target| taken.get().is_some_and(|(seq, _)| seq == target));
    let is_deleted = flag(move || shown.with(Shown::is_deleted));
    let reactions = Derived::new(move || {
        if is_deleted.get() {
            Reactions::default()
        } else {
            reactions_of(chat, talk, taken.get().map(|(seq, _)| seq), &beside)
        }
    });
    let pinned = Derived::new(move || {
        let (seq, _) = taken.get().filter(|_| !is_deleted.get())?;
        pinned_by(chat, talk, seq).or_else(|| pinned_first.clone())
    });
    let bears = Derived::new(move || reactions.with(|all| !all.each.is_empty()));
    let thread = Derived::new(move || thread_of(talk, taken.get()?.0));
    let hangs = Derived::new(move || thread.with(Option::is_some));
    let thread_line = move |hangs: bool| {
        let taken = taken.with_untracked(|taken| taken.filter(|_| hangs));
        taken.and_then(|taken| thread_line(talk, taken, thread))
    };
    let part = Derived::new(move || Part::of(talk, taken.get()?.0, shown.with(Shown::is_deleted)));
    let has_files = flag(move || shown.with(|shown| !shown.files.is_empty()));
    let attachments = move |has_files: bool| {
        let files = shown.with_untracked(|shown| shown.files.clone());
        let room = chat.shown_room().unwrap_or_else(|| Slug::from(""));
        let attachments = pen::drawn(Attachments { files, room, chat });
        has_files.then(|| el("div").class("message-files").child(attachments))
    };
    let preview = Derived::new(move || shown.with(|shown| shown.preview.clone()));
    let preview_card = move |preview: Option<Markup>| {
        let card = |markup| pen::drawn(Content { text: String::new(), markup: Some(markup), chat });
        preview.map(|markup| el("div").class("message-preview").child(card(markup)))
    };
    let edited_at = Derived::new(move || shown.with(|shown| shown.edited_ms).map(|edited_ms| chat.local(edited_ms)));
    let reaction_row = move |bears: bool| {
        let seq = taken.with_untracked(|taken| taken.map_or(0, |(seq, _)| seq));
        bears.then(|| reaction_row(seq, reactions))
    };
    let header = el("header")
        .class("message-author")
        .class_if("visually-hidden", !opens_group)
        .child(el("bdi").class("message-name").child(by.name.to_string()))
        .child(mine.then(|| el("span").class("badge").child(words.you)));
    let said = el("div").class("message-text").class_if("large", is_large).attr("dir", "auto").known_by(content);
    let time = el("time").class("message-time").attr("datetime", text(move || local().iso()));
    el("article")
        .class("message")
        .class_if("mine", mine)
        .class_if("opens-group", opens_group)
        .class_if("deleted", is_deleted)
        .class_if("target", flag(is_target))
        .attr("autofocus", cfg!(feature = "ssr") && untrack(is_target))
        .class_if("revised", flag(move || part.get() == Some(Part::Revision)))
        .attr("data-state", state)
        .attr("data-seq", text(move || taken.get().map(|(seq, _)| seq.to_string()).unwrap_or_default()))
        .attr("tabindex", "-1")
        .child(opens_group.then(|| avatar(&by)))
        .child(header)
        // In its thread it stands under what it would quote.
        .child(quote.filter(|_| talk.of.is_none()).and_then(|quote| quote_line(talk, taken, quote)))
        .child(forwarded.map(forwarded_line))
        .child(said.child(pen::drawn(first.content(chat))))
        // The field in which the text is changed stands where that stood.
        .child(tree::shown(move || part.get(), move |part| part.map(|part| part.draw(talk, mine))))
        .child(tree::shown(move || has_files.get(), attachments))
        .child(tree::shown(move || preview.get(), preview_card))
        .child(time.child(text(move || local().time(chat.lang.get_untracked()))))
        .child(tree::shown(move || edited_at.get(), move |at| at.and_then(|at| edited(chat, taken.get()?.0, at))))
        .child(tree::shown(move || pinned.get(), move |by| by.and_then(|by| pin_mark(chat, &by))))
        .child(tree::shown(move || bears.get(), reaction_row))
        .child(tree::shown(move || hangs.get(), thread_line))
        .child(tree::shown(move || stands.get(), move |stands| stands.map(|(cid, delivery)| progress(delivery, cid))))
}

/// What is in a row besides the message.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Actions,
    Revision,
}

impl Part {
    fn of(talk: Talk, seq: Seq, is_deleted: bool) -> Option<Self> {
        let shaping = talk.shaping.get();
        if shaping.edits == Some(seq) {
            Some(Self::Revision)
        } else {
            (shaping.actions == Some(seq) && !is_deleted).then_some(Self::Actions)
        }
    }

    fn draw(self, talk: Talk, mine: bool) -> El {
        match self {
            Self::Actions => actions(talk, mine),
            Self::Revision => revision(talk),
        }
    }
}

/// A message as it is shown: as I have changed or deleted it, whether or not that is confirmed.
#[derive(Clone, PartialEq)]
struct Shown {
    text: String,
    markup: Option<Markup>,
    edited_ms: Option<i64>,
    files: Vec<File>,
    preview: Option<Markup>,
    /// A change of mine that is not confirmed.
    change: Option<(Cid, Delivery)>,
}

impl Shown {
    fn new(talk: Talk, mine: bool, seq: Option<Seq>, said: &Said) -> Self {
        let Said { text, markup, edited_ms, files, .. } = said.clone();
        let as_said = Self { text, markup, edited_ms, files, preview: None, change: None };
        let Some(seq) = seq else { return as_said };
        talk.changes.track();
        let stored = talk.timeline.with_untracked(|timeline| Self::stored(timeline.event(seq)?));
        let mut stored = stored.unwrap_or(as_said);
        let change = |outbox: &Outbox| {
            if outbox.done_to(seq).any(|what| matches!(what, What::Previewed { .. })) {
                stored.preview = None;
            }
            outbox.change_of(seq).map(|change| stored.changed(change))
        };
        let may_change = mine || talk.moderates.get();
        let changed = if may_change { talk.outbox.with(change) } else { None };
        changed.unwrap_or(stored)
    }

    fn stored(event: &Event) -> Option<Self> {
        let What::Posted { text, markup, edited_ms, files, .. } = event.what.clone() else { return None };
        Some(Self { text, markup, edited_ms, files, preview: event.preview().cloned(), change: None })
    }

    /// The shape of an edit is known when it comes back; a deletion that was refused leaves the message as it is.
    fn changed(&self, change: &Pending) -> Self {
        let (text, delivery) = (change.text().to_owned(), change.delivery);
        let change = Some((change.cid, delivery));
        if text.is_empty() && matches!(delivery, Delivery::Failed(_)) {
            Self { change, ..self.clone() }
        } else {
            // An edit leaves the files, and where the link leads is known when it comes back; a deletion takes all.
            let files = if text.is_empty() { Vec::new() } else { self.files.clone() };
            let preview = self.preview.clone().filter(|_| !text.is_empty());
            Self { text, markup: None, edited_ms: None, files, preview, change }
        }
    }

    fn is_deleted(&self) -> bool {
        self.text.is_empty() && self.files.is_empty()
    }

    fn content(self, chat: Chat) -> Content {
        let text = if self.is_deleted() { chat.words().deleted.to_owned() } else { self.text };
        Content { text, markup: self.markup, chat }
    }
}

/// That a message was changed, and when; the way to what it said before.
fn edited(chat: Chat, seq: Seq, at: Local) -> Option<El> {
    let path = Route::Message(chat.shown_room()?, seq).path() + "/history";
    let lang = chat.lang.get_untracked();
    let when = format!("{} {}", at.date(lang), at.time(lang));
    let link = el("a").class("message-edited").attr("tabindex", "-1").attr("href", path).attr("data-sheet", "");
    Some(link.attr("title", when).child(chat.words().edited))
}

/// Where my words are, as long as they are not there.
fn progress(delivery: Delivery, cid: Cid) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let why = if let Delivery::Failed(why) = delivery { Some(why) } else { None };
    // What another tab sends only waits here, and is there as soon.
    let is_live = flag(move || chat.connection.get() == Connection::Live);
    let sentence = text(move || match why {
        Some(why) => (words.failed)(&chat.sentence(why)),
        None => if is_live.get() { words.sending } else { words.waiting }.to_owned(),
    });
    let failed = why.is_some();
    let button = || el("button").attr("type", "button").class("quiet-button");
    el("p")
        .class("message-progress")
        .attr("role", "status")
        .class_if("failed", failed)
        .class_if("on-its-way", flag(move || is_live.get() && !failed))
        .child(sentence)
        .child(failed.then(|| button().on("click", move || chat.retry(cid)).child(words.retry)))
        .child(failed.then(|| button().on("click", move || chat.discard(cid)).child(words.discard)))
}
