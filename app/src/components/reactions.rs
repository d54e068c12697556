//! The emoji that people put to a message, under it: how many, mine marked, and who. Pressing one puts mine there too, or takes
//! it away.

use leptos::ev::MouseEvent;

use crate::beside::Beside;
use crate::chat::Chat;
use crate::components::list::{Key, list};
use crate::components::message_actions::{is_pointed, row};
use crate::live::{Derived, flag, text};
use crate::message::{Seq, What};
use crate::outbox::Outbox;
use crate::reaction::{Reaction, Reactions};
use crate::talk::Talk;
use crate::text::joined;
use crate::tree::{El, el};

/// How many people a sentence names; the others are a number.
const NAMES: usize = 20;

/// What a message bears, with what I want of it that is not confirmed (tracked); `first` is what stood beside it when its row was
/// made.
pub(super) fn reactions_of(chat: Chat, talk: Talk, seq: Option<Seq>, first: &Option<Box<Beside>>) -> Reactions {
    let Some(seq) = seq else { return Reactions::default() };
    talk.changes.track();
    let mut reactions = talk.timeline.with_untracked(|timeline| {
        let beside = timeline.event(seq).map_or(first.as_deref(), |event| event.beside());
        beside.map(|beside| beside.reactions.clone()).unwrap_or_default()
    });
    let me = chat.me.get_untracked();
    let assume = |outbox: &Outbox| {
        for what in outbox.done_to(seq) {
            if let (What::Reacted { emoji, on, .. }, Some(me)) = (what, &me) {
                reactions.assume(me, emoji, *on);
            }
        }
    };
    talk.outbox.with(assume);
    reactions
}

/// The row of emoji at a message, and what it bears.
pub(super) fn reaction_row(seq: Seq, reactions: Derived<Reactions>) -> El {
    let words = Chat::here().words();
    let each = move || reactions.with(|all| all.each.iter().map(|it| it.emoji.clone()).collect());
    let draw = move |emoji: String| chip(seq, emoji, reactions);
    let row = el("div").class("reactions").attr("role", "group").attr("aria-label", words.on_message.reactions);
    row.child(list(each, |emoji: &String| Key::Text(emoji.clone()), draw))
}

fn chip(seq: Seq, emoji: String, reactions: Derived<Reactions>) -> El {
    let chat = Chat::here();
    let shown = emoji.clone();
    let it = {
        let emoji = emoji.clone();
        Derived::new(move || reactions.with(|all| all.of(&emoji).cloned()))
    };
    let is_mine =
        Derived::new(move || it.with(|it| it.as_ref().zip(chat.my_id()).is_some_and(|(it, me)| it.is_by(me))));
    let press = move |event: MouseEvent| {
        let on = !is_mine.with_untracked(|is| *is);
        let is_last = !on && it.with_untracked(|it| it.as_ref().is_some_and(|it| it.count == 1));
        if is_last && !is_pointed(&event) {
            (chat.browser.focus)(&row(seq));
        }
        chat.shown_room().into_iter().for_each(|slug| chat.react(&slug, seq, emoji.clone(), on));
    };
    let who = text(move || it.with(|it| it.as_ref().map(|it| sentence(chat, it)).unwrap_or_default()));
    let count = text(move || it.with(|it| it.as_ref().map_or(0, |it| it.count).to_string()));
    el("button")
        .attr("type", "button")
        .class("reaction")
        .attr("tabindex", "-1")
        .attr("aria-label", who)
        .attr("aria-pressed", text(move || is_mine.get().to_string()))
        .class_if("mine", flag(move || is_mine.get()))
        .heard("click", press)
        .child(el("span").class("reaction-emoji").child(shown))
        .child(el("span").class("reaction-count").child(count))
}

/// Who put which emoji to a message, a line each (tracked).
pub(super) fn who_reacted(chat: Chat, talk: Talk, seq: Seq) -> String {
    joined(reactions_of(chat, talk, Some(seq), &None).each.iter().map(|it| sentence(chat, it)), "\n")
}

/// `👍 You, Ada and 3 others`.
fn sentence(chat: Chat, reaction: &Reaction) -> String {
    let words = chat.words();
    let me = chat.my_id().filter(|me| reaction.is_by(*me));
    let others = reaction.who.iter().filter(|who| Some(who.id) != me).map(|who| who.name.to_string());
    let names: Vec<String> = me.iter().map(|_| words.you.to_owned()).chain(others).take(NAMES).collect();
    format!("{} {}", reaction.emoji, words.people_named(&names, reaction.count))
}
