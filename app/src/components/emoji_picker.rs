//! The sheet of emoji from which a reaction is chosen: search in both languages, groups, those used last. Its table is fetched
//! when it is first opened, and drawn as one piece of HTML: the names in it are our own server's.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

use crate::chat::Chat;
use crate::components::popover;
use crate::components::reactions::reactions_of;
use crate::emoji_table::{Emoji, GROUPS, USUAL, all, found, used};
use crate::i18n::Lang;
use crate::live::{Derived, Live, effect, flag, text};
use crate::reaction::MAX_EMOJI;
use crate::refusal::Refusal;
use crate::talk::{Opened, Talk};
use crate::text::as_html;
use crate::tree::{El, Spot, el};

/// How many are shown of those that are found.
const MAX_FOUND: usize = 120;
/// A sign for each group: those used last, and then as the table has them.
const SIGNS: [&str; GROUPS + 1] = ["🕘", "😀", "👋", "🐻", "🍔", "🚗", "⚽", "💡", "💯", "🏳️"];
/// Where the browser remembers which were used last.
const RECENT: &str = "recent-emoji";

/// The sheet; empty until it is opened.
pub(super) fn emoji_picker(talk: Talk) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let sheet = Spot::<HtmlElement>::new();
    let grid = Spot::<HtmlElement>::new();
    let typed = Live::new(String::new());
    let is_open = popover::follows(talk, sheet, Opened::Emoji);
    effect(move || {
        if is_open.get() {
            typed.set(String::new());
            chat.load_emoji();
        }
    });
    let is_empty = Derived::new(move || chat.emoji.with(|table| found(table, &typed.get(), 1).is_empty()));
    effect(move || {
        if let Some(grid) = grid.get().filter(|_| is_open.get()) {
            let html =
                chat.emoji.with(|table| if table.is_empty() { String::new() } else { html(chat, table, &typed.get()) });
            grid.set_inner_html(&html);
            grid.set_scroll_top(0);
        }
    });
    let choose = move |emoji: String| {
        (chat.browser.keep_note)(RECENT, &used(&recent(chat), &emoji));
        let seq = talk.shaping.get_untracked().opened.map(|(_, seq)| seq);
        popover::close(sheet);
        if let (Some(slug), Some(seq)) = (chat.shown_room(), seq) {
            chat.react(&slug, seq, emoji, true);
        }
    };
    let press = move |event: MouseEvent| {
        let button = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("button").ok()?);
        button.and_then(|button| button.text_content()).into_iter().for_each(choose);
    };
    let first = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let first = chat.emoji.with_untracked(|table| {
            typed.with_untracked(|typed| found(table, typed, 1).first().map(|emoji| emoji.emoji.to_owned()))
        });
        first.into_iter().for_each(choose);
    };
    let seq = move || talk.shaping.with(|shaping| shaping.opened.map(|(_, seq)| seq));
    let is_full = move || reactions_of(chat, talk, seq(), &None).each.len() >= MAX_EMOJI;
    let note = text(move || {
        if is_open.get() && is_full() {
            return chat.sentence(Refusal::ReactionsFull);
        }
        match (chat.emoji.with(|table| table.is_empty()), chat.emoji_failed.get(), is_empty.get()) {
            (true, true, _) => words.on_message.emoji_missing,
            (true, false, _) => words.on_message.emoji_loading,
            (false, _, true) => words.on_message.no_emoji,
            (false, ..) => "",
        }
        .to_owned()
    });
    let search = el("input")
        .attr("id", "emoji-search")
        .class("field")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .attr("enterkeyhint", "done")
        .attr("placeholder", words.on_message.search_emoji)
        .attr("aria-label", words.on_message.search_emoji)
        .holding(typed.text())
        .heard("input", move |event: Event| typed.set(event_target_value(&event)));
    let emoji = el("div")
        .class("emoji-grid")
        .attr("tabindex", "0")
        .attr("role", "group")
        .attr("aria-label", words.on_message.emoji)
        .known_by(grid)
        .heard("click", press);
    el("div")
        .attr("id", "emoji-picker")
        .class("emoji-picker")
        .attr("popover", "auto")
        .attr("role", "dialog")
        .attr("tabindex", "-1")
        .attr("aria-label", words.on_message.emoji)
        .known_by(sheet)
        .on("toggle", move || popover::toggled(chat, talk, sheet, Opened::Emoji))
        .heard("keydown", |event: KeyboardEvent| walk(&event))
        .child(el("form").heard("submit", first).child(search))
        .child(groups(chat).attr("hidden", flag(move || !typed.with(String::is_empty))))
        .child(emoji)
        .child(el("p").class("field-note").attr("role", "status").child(note))
}

fn groups(chat: Chat) -> El {
    let groups = el("div").class("emoji-groups").heard("click", |event: MouseEvent| turn_to(&event));
    let each = SIGNS.into_iter().zip(chat.words().on_message.emoji_groups).enumerate();
    each.fold(groups, |groups, (at, (sign, name))| {
        let group = el("button").attr("type", "button").attr("data-group", at.to_string());
        groups.child(group.attr("title", name).attr("aria-label", name).child(sign))
    })
}

fn recent(chat: Chat) -> String {
    (chat.browser.kept_note)(RECENT).unwrap_or_else(|| USUAL.to_owned())
}

/// All groups, or what is found.
fn html(chat: Chat, table: &str, typed: &str) -> String {
    let lang = chat.lang.get_untracked();
    if !typed.trim().is_empty() {
        return group("", None, found(table, typed, MAX_FOUND).into_iter().map(|emoji| button(emoji, lang)));
    }
    let names = chat.words().on_message.emoji_groups;
    let recent = recent(chat);
    let known =
        recent.split(' ').map(|emoji| format!("<button type=\"button\" tabindex=\"-1\">{}</button>", as_html(emoji)));
    let groups = (0..GROUPS).map(|at| {
        let emoji = all(table).filter(move |emoji| emoji.group == at);
        group(names[at + 1], Some(at + 1), emoji.map(|emoji| button(emoji, lang)))
    });
    std::iter::once(group(names[0], Some(0), known)).chain(groups).collect()
}

fn group(name: &str, at: Option<usize>, buttons: impl Iterator<Item = String>) -> String {
    let title = at.map(|at| format!("<h3 id=\"emoji-group-{at}\">{name}</h3>")).unwrap_or_default();
    format!("{title}<div role=\"group\" aria-label=\"{name}\">{}</div>", buttons.collect::<String>())
}

fn button(emoji: Emoji<'_>, lang: Lang) -> String {
    let korean = Some(emoji.korean).filter(|words| lang == Lang::Ko && !words.is_empty());
    let name = as_html(korean.unwrap_or(emoji.name)).replace('"', "&quot;");
    format!("<button type=\"button\" tabindex=\"-1\" title=\"{name}\">{}</button>", as_html(emoji.emoji))
}

/// Brings a group into sight.
fn turn_to(event: &MouseEvent) {
    let button = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("button").ok()?);
    let group = button.and_then(|button| button.get_attribute("data-group"));
    let title = group.and_then(|group| document().get_element_by_id(&format!("emoji-group-{group}")));
    title.into_iter().for_each(|title| title.scroll_into_view());
}

/// Arrows walk over the emoji as they lie there; from the field, down leads to the first.
fn walk(event: &KeyboardEvent) {
    let focused = document().active_element();
    let in_grid = focused.as_ref().and_then(|focused| focused.closest(".emoji-grid").ok()?);
    let to = match (in_grid, event.key().as_str()) {
        (Some(_), "ArrowLeft") => next(focused.as_ref(), -1),
        (Some(_), "ArrowRight") => next(focused.as_ref(), 1),
        (Some(_), "ArrowUp") => {
            above_or_below(focused.as_ref(), -1).or_else(|| document().get_element_by_id("emoji-search"))
        }
        (Some(_), "ArrowDown") => above_or_below(focused.as_ref(), 1),
        (None, "ArrowDown") => document().query_selector(".emoji-grid button").ok().flatten(),
        _ => None,
    };
    if let Some(to) = to.and_then(|to| to.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        let _ = to.focus();
    }
}

fn buttons() -> Vec<Element> {
    let found = document().query_selector_all(".emoji-grid button").ok();
    found.iter().flat_map(|found| (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok())).collect()
}

fn next(from: Option<&Element>, by: isize) -> Option<Element> {
    let buttons = buttons();
    let at = buttons.iter().position(|button| Some(button) == from)?;
    buttons.get(at.checked_add_signed(by)?).cloned()
}

/// The one in the next line whose left edge is nearest.
fn above_or_below(from: Option<&Element>, by: isize) -> Option<Element> {
    let (buttons, from) = (buttons(), from?.get_bounding_client_rect());
    let at = buttons.iter().position(|button| button.get_bounding_client_rect().top() == from.top())?;
    let is_other = |button: &&Element| (button.get_bounding_client_rect().top() - from.top()) * by as f64 > 1.0;
    let first = if by > 0 { buttons[at..].iter().find(is_other) } else { buttons[..at].iter().rev().find(is_other) }?;
    let line = first.get_bounding_client_rect().top();
    let in_line = buttons.iter().filter(|button| button.get_bounding_client_rect().top() == line);
    let apart = |button: &&Element| (button.get_bounding_client_rect().left() - from.left()).abs();
    in_line.min_by(|one, other| apart(one).total_cmp(&apart(other))).cloned()
}
