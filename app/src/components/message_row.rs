//! One line of the timeline. A message that waits and one that is confirmed are the same row: it only loses its dimness.

use leptos::either::Either;
use leptos::html::Div;
use leptos::prelude::*;

use crate::chat::{Chat, Connection};
use crate::components::anew::Anew;
use crate::components::attachments::Attachments;
use crate::components::avatar::Avatar;
use crate::components::markup::Content;
use crate::components::message_actions::{Actions, Revision};
use crate::components::pen::{Drawn, replace_inside};
use crate::components::reactions::{ReactionRow, reactions_of};
use crate::file::File;
use crate::live::{Derived, effect, flag, text, then};
use crate::markup::Markup;
use crate::message::{Cid, Event, Seq, What};
use crate::outbox::{Delivery, Outbox, Pending};
use crate::reaction::Reactions;
use crate::room::Slug;
use crate::talk::{Row, Said, Talk};
use crate::text::emoji;
use crate::text::month::Month;
use crate::timeline::{Notice, NoticeKind};

/// How many names a notice gives; the others are a number.
const NAMES_IN_NOTICE: usize = 3;

/// Draws a row of whatever kind.
#[component]
pub fn TimelineRow(
    /// What to draw.
    row: Row,
    /// Its room.
    talk: Talk,
) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    if let Some(said) = row.said() {
        return Either::Left(view! { <Message said talk/> });
    }
    match row {
        Row::Day(local, _) => {
            let days = chat.shown_room().map(|slug| format!("{}/days?month={}", slug.path(), Month::of(local).tag()));
            Either::Right(line("day-line", None, local.date(chat.lang.get_untracked()), days))
        }
        Row::New(_) => Either::Right(line("new-line", None, words.new_line.to_owned(), None)),
        Row::Renamed { was, now, .. } => {
            Either::Right(line("notice", None, (words.renamed)(was.as_str(), now.as_str()), None))
        }
        Row::Notice(notice) => {
            Either::Right(line("notice", Some(kind_word(notice.kind)), sentence(chat, &notice), None))
        }
        Row::Changed(event) => Either::Right(line("notice", Some("room"), changed(chat, &event), None)),
        Row::Said(..) | Row::Waiting(_) => unreachable!("drawn above"),
    }
}

/// A line that nobody said, which may lead to a sheet.
fn line(class: &'static str, kind: Option<&'static str>, text: String, sheet: Option<String>) -> impl IntoView {
    let text = match sheet {
        Some(href) => Either::Left(view! { <a href=href data-sheet="">{text}</a> }),
        None => Either::Right(view! { <span>{text}</span> }),
    };
    view! { <p class=class data-notice=kind>{text}</p> }
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

#[component]
fn Message(said: Said, talk: Talk) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let Said { cid, seq, by, at_ms, opens_group, .. } = said.clone();
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
    let shown = Derived::new(move || Shown::new(talk, mine, taken.get().map(|(seq, _)| seq), &said));
    let stands = Derived::new(move || shown.with(|shown| shown.change).or_else(|| Some((cid, delivery.get()?))));
    let local = move || chat.local(taken.get().map_or(at_ms, |(_, at_ms)| at_ms));
    let state = text(move || match stands.get() {
        None => "sent".to_owned(),
        Some((_, Delivery::Waiting | Delivery::OnItsWay)) => "waiting".to_owned(),
        Some((_, Delivery::Failed(_))) => "failed".to_owned(),
    });
    let is_large = flag(move || shown.with(|shown| emoji::is_only_emoji(&shown.text)));
    let content = NodeRef::<Div>::new();
    let first = shown.with_untracked(Clone::clone);
    let mut drawn = first.clone();
    effect(move || {
        let new = shown.get();
        if (&new.text, &new.markup) != (&drawn.text, &drawn.markup) {
            content.get_untracked().iter().for_each(|element| replace_inside(element, &new.clone().content(chat)));
        }
        drawn = new;
    });
    let name = by.name.to_string();
    let is_target = move || talk.target.get().is_some_and(|target| taken.get().is_some_and(|(seq, _)| seq == target));
    let is_deleted = flag(move || shown.with(Shown::is_deleted));
    let reactions = Derived::new(move || {
        if is_deleted.get() { Reactions::default() } else { reactions_of(chat, talk, taken.get().map(|(seq, _)| seq)) }
    });
    let bears = Derived::new(move || reactions.with(|all| !all.each.is_empty()));
    let part = Derived::new(move || Part::of(talk, taken.get()?.0, shown.with(Shown::is_deleted)));
    let has_files = flag(move || shown.with(|shown| !shown.files.is_empty()));
    let attachments = move || {
        let files = shown.with_untracked(|shown| shown.files.clone());
        let room = chat.shown_room().unwrap_or_else(|| Slug::from(""));
        Drawn(Box::new(Attachments { files, room, chat }))
    };
    view! {
        <article class="message" class:mine=mine class:opens-group=opens_group class:deleted=is_deleted
            class:target=flag(is_target) autofocus=cfg!(feature = "ssr") && untrack(is_target)
            class:revised=flag(move || part.get() == Some(Part::Revision)) data-state=state data-cid=cid.to_string()
            data-seq=text(move || taken.get().map(|(seq, _)| seq.to_string()).unwrap_or_default()) tabindex="-1">
            {opens_group.then(|| view! { <Avatar member=by/> })}
            <header class="message-author" class:visually-hidden=!opens_group>
                <bdi class="message-name">{name}</bdi>
                {mine.then(|| view! { <span class="badge">{words.you}</span> })}
            </header>
            <div class="message-text" class:large=is_large dir="auto" node_ref=content>
                {Drawn(Box::new(first.content(chat)))}
            </div>
            {move || has_files.get().then(|| Anew(view! { <div class="message-files">{attachments()}</div> }))}
            <time class="message-time" datetime=text(move || local().iso())>
                {text(move || local().time(chat.lang.get_untracked()))}
            </time>
            {move || shown.with(|shown| shown.edited_ms).map(|edited_ms| edited(chat, edited_ms))}
            {move || bears.get().then(|| Anew(view! {
                <ReactionRow seq=taken.with_untracked(|taken| taken.map_or(0, |(seq, _)| seq)) reactions/>
            }))}
            {move || stands.get().map(|(cid, delivery)| Anew(view! { <Progress delivery cid/> }))}
            {move || part.get().map(|part| Anew(match part {
                Part::Actions => Either::Left(view! { <Actions talk mine/> }),
                Part::Revision => Either::Right(view! { <Revision talk/> }),
            }))}
        </article>
    }
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
}

/// A message as it is shown: as I have changed it, whether or not that is confirmed.
#[derive(Clone, PartialEq)]
struct Shown {
    text: String,
    markup: Option<Markup>,
    edited_ms: Option<i64>,
    files: Vec<File>,
    /// A change of mine that is not confirmed.
    change: Option<(Cid, Delivery)>,
}

impl Shown {
    fn new(talk: Talk, mine: bool, seq: Option<Seq>, said: &Said) -> Self {
        let Said { text, markup, edited_ms, files, .. } = said.clone();
        let as_said = Self { text, markup, edited_ms, files, change: None };
        let Some(seq) = seq else { return as_said };
        talk.changes.track();
        let stored = talk.timeline.with_untracked(|timeline| Self::stored(timeline.event(seq)?));
        let stored = stored.unwrap_or(as_said);
        let change = |outbox: &Outbox| outbox.change_of(seq).map(|change| stored.changed(change));
        let changed = if mine { talk.outbox.with(change) } else { None };
        changed.unwrap_or(stored)
    }

    fn stored(event: &Event) -> Option<Self> {
        let What::Posted { text, markup, edited_ms, files, .. } = event.what.clone() else { return None };
        Some(Self { text, markup, edited_ms, files, change: None })
    }

    /// The shape of an edit is known when it comes back; a deletion that was refused leaves the message as it is.
    fn changed(&self, change: &Pending) -> Self {
        let (text, delivery) = (change.text().to_owned(), change.delivery);
        let change = Some((change.cid, delivery));
        if text.is_empty() && matches!(delivery, Delivery::Failed(_)) {
            Self { change, ..self.clone() }
        } else {
            // An edit leaves the files; a deletion takes all.
            let files = if text.is_empty() { Vec::new() } else { self.files.clone() };
            Self { text, markup: None, edited_ms: None, files, change }
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

/// That a message was changed, and when.
fn edited(chat: Chat, edited_ms: i64) -> impl IntoView {
    let lang = chat.lang.get_untracked();
    let at = chat.local(edited_ms);
    let when = format!("{} {}", at.date(lang), at.time(lang));
    view! { <span class="message-edited" title=when>{chat.words().edited}</span> }
}

/// Where my words are, as long as they are not there.
#[component]
fn Progress(delivery: Delivery, cid: Cid) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let why = if let Delivery::Failed(why) = delivery { Some(why) } else { None };
    // What another tab sends only waits here, and is there as soon.
    let is_live = flag(move || chat.connection.get() == Connection::Live);
    let sentence = text(move || match why {
        Some(why) => (words.failed)((words.refusal)(why)),
        None => if is_live.get() { words.sending } else { words.waiting }.to_owned(),
    });
    let choices = why.map(|_| {
        view! {
            <button type="button" class="quiet-button" on:click=then(move || chat.retry(cid))>{words.retry}</button>
            <button type="button" class="quiet-button" on:click=then(move || chat.discard(cid))>{words.discard}</button>
        }
    });
    view! {
        <p class="message-progress" role="status" class:failed=why.is_some()
            class:on-its-way=flag(move || is_live.get() && why.is_none())>
            {sentence}
            {choices}
        </p>
    }
}
