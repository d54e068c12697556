//! One line of the timeline. A message that waits and one that is confirmed are the same row: it only loses its dimness.

use leptos::either::Either;
use leptos::html::Div;
use leptos::prelude::*;

use crate::chat::{Chat, Connection};
use crate::components::avatar::Avatar;
use crate::components::markup::Content;
use crate::live::{Derived, effect, flag, text, then};
use crate::message::{Cid, Event, What};
use crate::outbox::Delivery;
use crate::talk::{Row, Said, Talk};
use crate::text::emoji;
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
        Row::Day(local, _) => Either::Right(line("day-line", None, local.date(chat.lang.get_untracked()))),
        Row::New(_) => Either::Right(line("new-line", None, words.new_line.to_owned())),
        Row::Renamed { was, now, .. } => {
            Either::Right(line("notice", None, (words.renamed)(was.as_str(), now.as_str())))
        }
        Row::Notice(notice) => Either::Right(line("notice", Some(kind_word(notice.kind)), sentence(chat, &notice))),
        Row::Said(..) | Row::Waiting(_) => unreachable!("drawn above"),
    }
}

/// A line that nobody said.
fn line(class: &'static str, kind: Option<&'static str>, text: String) -> impl IntoView {
    view! { <p class=class data-notice=kind><span>{text}</span></p> }
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
    let Said { cid, by, at_ms, text: said, markup, opens_group, confirmed } = said;
    let mine = chat.me.with_untracked(|me| me.as_ref().is_some_and(|me| me.id == by.id));
    let author = by.id;
    let delivery = Derived::new(move || if confirmed { None } else { talk.outbox.with(|outbox| outbox.delivery(cid)) });
    let taken = Derived::new(move || {
        let waits = confirmed || delivery.get().is_some();
        if waits { None } else { talk.timeline.with_untracked(|timeline| timeline.taken(author, cid).cloned()) }
    });
    let local = move || chat.local(taken.with(|taken| taken.as_ref().map_or(at_ms, |event| event.at_ms)));
    let state = text(move || match delivery.get() {
        None => "sent".to_owned(),
        Some(Delivery::Waiting | Delivery::OnItsWay) => "waiting".to_owned(),
        Some(Delivery::Failed(_)) => "failed".to_owned(),
    });
    let is_large = emoji::is_only_emoji(&said);
    let content = NodeRef::new();
    if !confirmed {
        effect(move || taken.with(|taken| shape(chat, content, taken.as_deref())));
    }
    let name = by.name.to_string();
    view! {
        <article class="message" class:mine=mine class:opens-group=opens_group data-state=state data-cid=cid.to_string()>
            {opens_group.then(|| view! { <Avatar member=by/> })}
            <header class="message-author" class:visually-hidden=!opens_group>
                <bdi class="message-name">{name}</bdi>
                {mine.then(|| view! { <span class="badge">{words.you}</span> })}
            </header>
            <div class="message-text" class:large=is_large dir="auto" node_ref=content>
                {Content { text: said, markup, chat }}
            </div>
            <time class="message-time" datetime=text(move || local().iso())>
                {text(move || local().time(chat.lang.get_untracked()))}
            </time>
            {(!confirmed).then(|| view! { <Progress delivery cid/> })}
        </article>
    }
}

/// The shape of a message is known when it comes back.
fn shape(chat: Chat, content: NodeRef<Div>, taken: Option<&Event>) {
    if let (Some(element), Some(What::Posted { markup: Some(markup), .. })) =
        (content.get_untracked(), taken.map(|event| &event.what))
    {
        Content { text: String::new(), markup: Some(markup.clone()), chat }.replace_inside(&element);
    }
}

/// Where my words are, as long as they are not there.
#[component]
fn Progress(delivery: Derived<Option<Delivery>>, cid: Cid) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let has_failed = flag(move || matches!(delivery.get(), Some(Delivery::Failed(_))));
    let has_not = flag(move || !has_failed.get());
    // What another tab sends only waits here, and is there as soon.
    let is_live = flag(move || chat.connection.get() == Connection::Live);
    let sentence = text(move || match delivery.get() {
        None => String::new(),
        Some(Delivery::Failed(why)) => (words.failed)((words.refusal)(why)),
        Some(_) => if is_live.get() { words.sending } else { words.waiting }.to_owned(),
    });
    view! {
        <p class="message-progress" role="status" hidden=flag(move || delivery.get().is_none())
            class:failed=has_failed class:on-its-way=flag(move || is_live.get() && !has_failed.get())>
            {sentence}
            <button type="button" class="quiet-button" hidden=has_not on:click=then(move || chat.retry(cid))>{words.retry}</button>
            <button type="button" class="quiet-button" hidden=has_not on:click=then(move || chat.discard(cid))>{words.discard}</button>
        </p>
    }
}
