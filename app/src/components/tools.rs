//! The row of tools under the message box: what is chosen is made bold, a list, a link, by button and by key; and the text is
//! shown as others will see it. On a narrow page a button of its own opens the row.

use std::time::Duration;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

use crate::aside::Reply;
use crate::chat::Chat;
use crate::components::choices::before_caret;
use crate::components::markup::{Content, press};
use crate::components::pen;
use crate::live::{Live, effect, flag, text};
use crate::marking::{Mark, is_in_code};
use crate::markup::Markup;
use crate::talk::Talk;
use crate::text::emoji::is_only_emoji;
use crate::tree::{El, Node, Spot, el, shown};

/// What stands on the buttons, in the order of [`Mark::ALL`].
const SIGNS: [&str; Mark::ALL.len()] = ["B", "I", "S", "<>", "↗", "•", "❞", "↵"];
/// What is typed meanwhile is shown together.
const REST: Duration = Duration::from_millis(400);

/// Whether the row is open where it is hidden, and what the text will look like.
#[derive(Clone, Copy)]
pub(super) struct Tools {
    chat: Chat,
    talk: Talk,
    area: Spot<HtmlTextAreaElement>,
    is_open: Live<bool>,
    is_previewing: Live<bool>,
    preview: Live<Option<Markup>>,
}

impl Tools {
    pub(super) fn new(chat: Chat, talk: Talk, area: Spot<HtmlTextAreaElement>) -> Self {
        let (is_open, is_previewing) = (Live::new(false), Live::new(false));
        let tools = Self { chat, talk, area, is_open, is_previewing, preview: Live::default() };
        effect(move || {
            let text = talk.writing.get();
            if text.is_empty() {
                tools.is_previewing.set(false);
            }
            if tools.is_previewing.get() {
                (chat.browser.later)(REST, Box::new(move || tools.ask(text)));
            } else {
                tools.preview.set(None);
            }
        });
        tools
    }

    /// Has a text read, unless there is another one by now.
    fn ask(self, asked: String) {
        let is_wanted = move |text: &String| {
            // The box may be gone.
            let is_there = self.area.try_get_untracked().is_some();
            is_there && self.is_previewing.get_untracked() && self.talk.writing.with_untracked(|now| now == text)
        };
        if !is_wanted(&asked) {
            return;
        }
        let text = asked.clone();
        let take = move |reply: Reply| match reply {
            _ if !is_wanted(&text) => {}
            Ok(answer) => self.preview.set(answer.markup),
            Err(why) => self.talk.refusal.set(Some(why)),
        };
        (self.chat.browser.post)(&format!("{}/preview", self.talk.path()), &asked, Box::new(take));
    }

    /// The text as others will see it, above the box.
    pub(super) fn preview(self) -> Node {
        let Self { chat, talk, preview, .. } = self;
        shown(
            move || preview.get(),
            move |markup| {
                let is_large = talk.writing.with_untracked(|text| is_only_emoji(text));
                let content = |markup| Content { text: String::new(), markup: Some(markup), chat };
                markup.map(|markup| {
                    el("div")
                        .class("composer-preview message-text")
                        .class_if("large", is_large)
                        .attr("role", "group")
                        .attr("tabindex", "0")
                        .attr("dir", "auto")
                        .attr("aria-label", chat.words().writing.preview)
                        .heard("click", move |event: MouseEvent| press(chat, &event))
                        .child(pen::drawn(content(markup)))
                })
            },
        )
    }

    /// The button that opens the row where it is hidden.
    pub(super) fn opener(self) -> El {
        let open = self.is_open;
        el("button")
            .attr("type", "button")
            .class("tools-button")
            .attr("aria-label", self.chat.words().writing.tools)
            .attr("aria-controls", self.talk.id("tools"))
            .attr("aria-expanded", text(move || open.get().to_string()))
            .on("click", move || open.set(!open.get_untracked()))
            .child("Aa")
    }

    /// The row.
    pub(super) fn row(self) -> El {
        let words = &self.chat.words().writing;
        let Self { talk, is_previewing, .. } = self;
        let preview = el("button")
            .attr("type", "button")
            .class("tool wide")
            .attr("tabindex", "-1")
            .attr("aria-pressed", text(move || is_previewing.get().to_string()))
            .attr("aria-disabled", text(move || talk.writing.with(String::is_empty).to_string()))
            .child(words.preview);
        let row = el("div")
            .attr("id", talk.id("tools"))
            .class("tools")
            .class_if("open", flag(move || self.is_open.get()))
            .attr("role", "toolbar")
            .attr("aria-label", words.tools)
            .attr("aria-controls", talk.id("message"))
            // The box keeps the focus, and what is chosen in it.
            .heard("mousedown", |event: MouseEvent| event.prevent_default())
            .heard("click", move |event: MouseEvent| {
                self.pressed(&event);
            })
            .heard("keydown", |event: KeyboardEvent| {
                walk(&event);
            });
        let marks = Mark::ALL.iter().zip(words.marks).zip(SIGNS).enumerate();
        let row = marks.fold(row, |row, (at, ((mark, name), sign))| row.child(button(at, mark, name, sign)));
        row.child(preview)
    }

    fn pressed(self, event: &MouseEvent) -> Option<()> {
        let button = event.target()?.dyn_into::<Element>().ok()?.closest("button").ok()??;
        let mark = button.get_attribute("data-mark").and_then(|at| Mark::ALL.get(at.parse::<usize>().ok()?));
        match mark {
            // What is being changed has no row of its own.
            Some((mark, ..)) => {
                let revised = document().query_selector("#revision:focus").ok().flatten();
                put(self.chat, revised.map(JsCast::unchecked_into).or_else(|| self.area.get_untracked()), *mark);
            }
            None => self.is_previewing.set(!self.is_previewing.get_untracked()),
        }
        Some(())
    }
}

/// What the keys in a field do to what is chosen there; whether they do anything.
pub(super) fn hears(chat: Chat, area: Spot<HtmlTextAreaElement>, event: &KeyboardEvent) -> bool {
    let is_ours = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.is_composing();
    let mark = Mark::of_keys(&event.key(), &event.code(), event.shift_key()).filter(|_| is_ours);
    mark.inspect(|mark| put(chat, area.get_untracked(), *mark)).is_some()
}

/// Enter goes on with code that is not closed yet, instead of sending half of it; whether it does.
pub(super) fn goes_on_in_code(chat: Chat, area: Spot<HtmlTextAreaElement>) -> bool {
    let before = area.get_untracked().map(|area| before_caret(&area)).unwrap_or_default();
    let is_code = is_in_code(&before);
    if is_code {
        put(chat, area.get_untracked(), Mark::Line);
    }
    is_code
}

fn put(chat: Chat, area: Option<HtmlTextAreaElement>, mark: Mark) {
    let Some(area) = area else { return };
    let place = |place: Result<Option<u32>, _>| place.ok().flatten().unwrap_or_default();
    let marked = mark.put(&area.value(), (place(area.selection_start()), place(area.selection_end())));
    (chat.browser.write_over)(&area, marked.from, marked.to, &marked.text);
    let _ = area.set_selection_range(marked.chosen.0, marked.chosen.1);
}

fn button(at: usize, (mark, key, with_shift): &(Mark, &str, bool), name: &'static str, sign: &'static str) -> El {
    let shift = if *with_shift { "Shift " } else { "" };
    // Shift alone breaks a line.
    let control = if *mark == Mark::Line { "" } else { "Ctrl/⌘ " };
    el("button")
        .attr("type", "button")
        .class("tool")
        .attr("data-mark", at.to_string())
        .attr("tabindex", if at == 0 { "0" } else { "-1" })
        .attr("aria-label", name)
        .attr("title", format!("{name} · {control}{shift}{key}"))
        .child(sign)
}

/// The arrows move among the tools, and where they are Tab comes back to.
fn walk(event: &KeyboardEvent) -> Option<()> {
    let now: Element = document().active_element()?;
    let row = now.closest(".tools").ok()??;
    let to = match event.key().as_str() {
        "ArrowRight" => now.next_element_sibling().or_else(|| row.first_element_child()),
        "ArrowLeft" => now.previous_element_sibling().or_else(|| row.last_element_child()),
        "Home" => row.first_element_child(),
        "End" => row.last_element_child(),
        _ => None,
    }?;
    event.prevent_default();
    now.set_attribute("tabindex", "-1").ok()?;
    to.set_attribute("tabindex", "0").ok()?;
    to.dyn_into::<HtmlElement>().ok()?.focus().ok()
}
