//! The timeline: a log that stays at its end only if you were there, and never moves what you are reading.
//!
//! The scroller runs from the bottom up (`column-reverse`), so that the page stands at the newest message before any
//! script runs, and what changes above is no matter. Only a window of rows is on the page ([`mod@crate::window`]); space
//! stands for the others. While you read further up, the row under your eyes is held in place.

use std::time::Duration;

use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use web_sys::{HtmlCollection, HtmlElement, HtmlTextAreaElement, ResizeObserver};

use crate::chat::Chat;
use crate::components::emoji_picker::emoji_picker;
use crate::components::link::in_place;
use crate::components::list::Key;
use crate::components::markup;
use crate::components::message_actions::{deletion_dialog, keep_revision, number_at, walk};
use crate::components::message_menu::message_menu;
use crate::components::message_row::row_list;
use crate::i18n::Words;
use crate::live::{Derived, Live, Noted, Text, effect, flag, text};
use crate::message::Seq;
use crate::outbox::Outbox;
use crate::room::Slug;
use crate::route::Route;
use crate::talk::{Aim, Reading, Row, Shaping, Talk, is_same_line};
use crate::timeline::Timeline;
use crate::tree::{El, Node, Spot, el};
use crate::window::{NO_ROW_PX, Span, latest_for};

/// Within so many pixels of the end counts as being there.
const NEAR_END_PX: i32 = 48;
/// Within so many pixels of the oldest row, older ones are fetched.
const NEAR_START_PX: i32 = 400;
/// So many rows before the oldest one, older ones are fetched, so that a fling doesn't come to rest at it; before the newest
/// one of a run that is cut off, newer ones.
const NEAR_EDGE_ROWS: Seq = 60;
/// A finger that rests on a message for so long wants its actions.
const LONG_PRESS: Duration = Duration::from_millis(500);
/// The children of the log before its first row: two of [`start`], and the space above.
const BEFORE_ROWS: u32 = 3;
/// The children of the log after its last row: the space below, and [`end`].
const AFTER_ROWS: u32 = 2;

/// All that was said in a room, as far as it is loaded.
pub fn message_list(talk: Talk, slug: Slug) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let rows = Derived::found_anew(move || talk.rows(chat.me.get().as_ref(), chat.clock()));
    let place = Place {
        chat,
        talk,
        slug: Noted::new(slug.clone()),
        rows,
        scroller: Spot::new(),
        above: Spot::new(),
        below: Spot::new(),
        touches: Noted::new(0),
        is_pointing: Live::new(false),
    };
    talk.announces.set(talk.at_end.get_untracked());
    effect(move || {
        rows.track();
        // At the end nothing can be lost, and what comes in one frame is looked at once. Further up the place must be put
        // right before anything else looks at the page: a scroller that became shorter scrolls by itself.
        if talk.reading.with(|reading| reading.aim == Aim::End) {
            request_animation_frame(move || place.keep());
        } else {
            queue_microtask(move || place.keep_if_moved());
        }
    });
    effect(move || place.watch_sizes());
    keep_revision(talk);
    let holds = Derived::new(move || place.holds());
    effect(move || place.hold_still(holds.get()));
    let mut before = None;
    effect(move || {
        let written = talk.outbox.with(Outbox::written_here);
        if before.replace(written).is_some_and(|before| written > before) {
            place.go_to_end();
        }
    });

    let rows = row_list(talk, rows);
    let log = el("div")
        .class("log")
        .heard("click", move |event: MouseEvent| markup::press(chat, &event))
        .attr("role", "log")
        .attr("aria-live", text(move || place.announcement()))
        .attr("aria-relevant", "additions")
        .attr("aria-label", words.messages)
        .child(start(talk, slug.clone()))
        .child(el("div").known_by(place.above))
        .child(rows)
        .child(el("div").known_by(place.below))
        .child(end(talk, slug.clone()));
    let to_first_new = el("button")
        .attr("type", "button")
        .class("to-first-new")
        .attr("hidden", flag(move || !talk.is_new_above.get()))
        .on("click", move || place.slug.with(|slug| chat.seek_new(slug)))
        .child(format!("{} ↑", words.to_first_new));
    let to_end = text(move || match talk.unread.get().count() {
        0 => format!("{} ↓", words.to_newest),
        count => format!("{} ↓", (words.new_messages)(count)),
    });
    let pill = el("button")
        .attr("type", "button")
        .class("pill")
        .attr("hidden", flag(move || !has_more_below(talk, holds.get())))
        .on("click", move || place.go_to_end())
        .child(to_end);
    el("div")
        .class("timeline")
        .child(el("p").attr("id", "rows-hint").attr("hidden", true).child(words.rows_hint))
        .child(place.scroller(words).child(log))
        .child(to_first_new)
        .child(deletion_dialog(talk, slug))
        .child(message_menu(talk))
        .child(emoji_picker(talk))
        .child(pill)
}

/// Whether there is something further down that is worth going to at once (tracked).
fn has_more_below(talk: Talk, holds: bool) -> bool {
    let has_news = talk.unread.get().count() > 0;
    if talk.at_end.get() {
        has_news && (holds || talk.keeps_unread.get())
    } else {
        has_news || talk.timeline.with(Timeline::is_cut_off)
    }
}

/// What stands above the oldest row.
fn start(talk: Talk, slug: Slug) -> Node {
    let chat = Chat::here();
    let words = chat.words();
    let has_more = flag(move || talk.timeline.with(|timeline| !timeline.reaches_start()));
    let is_empty = flag(move || talk.timeline.with(Timeline::is_empty) && !has_more.get());
    let href = address(slug.clone(), move || talk.timeline.with(Timeline::first));
    let sentence = text(move || match (has_more.get(), talk.loading_older.get()) {
        (false, _) => words.room_start.to_owned(),
        (true, true) => words.loading_older.to_owned(),
        (true, false) => String::new(),
    });
    let older = el("a")
        .class("quiet-button")
        .attr("href", href)
        .attr("hidden", flag(move || !has_more.get() || talk.loading_older.get()))
        .heard("click", in_place(move || chat.load_older(&slug)))
        .child(words.load_older);
    let empty = el("div")
        .class("empty")
        .attr("hidden", flag(move || !is_empty.get()))
        .child(el("p").class("empty-title").child(words.room_empty))
        .child(el("p").child(words.room_empty_hint));
    let start = el("p").class("room-start").attr("hidden", is_empty).child(sentence).child(older);
    vec![empty.into(), start.into()].into()
}

/// What stands below the newest row of a run that is cut off. Without the wasm, these links turn the pages.
fn end(talk: Talk, slug: Slug) -> El {
    let chat = Chat::here();
    let words = chat.words();
    let is_cut_off = flag(move || talk.timeline.with(Timeline::is_cut_off));
    let sentence = text(move || if talk.loading_newer.get() { words.loading_newer.to_owned() } else { String::new() });
    let href = address(slug.clone(), move || talk.timeline.with(Timeline::end));
    let newer = el("a")
        .class("quiet-button")
        .attr("href", href)
        .attr("hidden", flag(move || talk.loading_newer.get()))
        .heard("click", in_place(move || chat.load_newer(&slug)))
        .child(words.load_newer);
    let end = el("p").class("room-start room-end").attr("hidden", flag(move || !is_cut_off.get()));
    end.child(sentence).child(newer)
}

/// The address of the event at an end of what is here (tracked).
fn address(slug: Slug, seq: impl Fn() -> Seq + Send + Sync + 'static) -> Text {
    text(move || Route::Message(slug.clone(), seq()).path())
}

/// Where the reader is in the scroller.
#[derive(Clone, Copy)]
struct Place {
    chat: Chat,
    talk: Talk,
    slug: Noted<Slug>,
    rows: Derived<Vec<(Seq, Row)>>,
    scroller: Spot<HtmlElement>,
    /// The space for the rows above the window.
    above: Spot<HtmlElement>,
    /// The space for the rows below it.
    below: Spot<HtmlElement>,
    /// How many fingers have come and gone; 0 when the last one to come was none.
    touches: Noted<u64>,
    /// Whether a row's actions are under the pointer, or were called by a finger that is about to come back to them.
    is_pointing: Live<bool>,
}

impl Place {
    /// What scrolls, and what is done in it.
    fn scroller(self, words: &Words) -> El {
        el("div")
            .class("scroller")
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr("aria-label", words.messages)
            .attr("aria-describedby", "rows-hint")
            .known_by(self.scroller)
            .on("scroll", move || self.scroll())
            .heard("keydown", move |event: KeyboardEvent| self.press(&event))
            .heard("pointerover", move |event: PointerEvent| self.point(&event))
            .heard("pointerleave", move |event: PointerEvent| self.point_away(&event))
            .heard("pointerdown", move |event: PointerEvent| self.touch(&event))
            .heard("mousedown", move |event: MouseEvent| self.press_in(&event))
            .on("pointerup", move || self.lift())
            .on("pointercancel", move || self.lift())
            .heard("contextmenu", move |event: MouseEvent| self.hold_finger(&event))
            .heard("focusin", move |event: FocusEvent| self.focus(&event))
            .heard("focusout", move |event: FocusEvent| self.blur(&event))
    }

    fn aim(self, aim: Aim) {
        self.talk.reading.update(|reading| reading.aim = aim);
    }

    fn is_on_the_way(self) -> bool {
        self.talk.reading.with(|reading| reading.is_on_the_way)
    }

    fn announcement(self) -> String {
        if self.talk.announces.get() { "polite" } else { "off" }.to_owned()
    }

    /// Whether something is about to be pressed that stands at a row, so that no row may move (tracked).
    fn holds(self) -> bool {
        let shaping = self.talk.shaping.get();
        shaping.opened.is_some() || (shaping.actions.is_some() && self.is_pointing.get())
    }

    /// At the end, too, what arrives moves nothing as long as a row is held; then it is followed again.
    fn hold_still(self, does: bool) {
        let follows = self.talk.reading.with(|reading| reading.aim == Aim::End);
        if does && follows {
            let kept = untrack(|| self.talk.kept());
            if let Some(page) = self.page() {
                self.aim_at_topmost(&page, kept);
            }
        } else if !does && !follows && self.talk.at_end.get_untracked() {
            self.follow_end();
        }
    }

    /// Whether the row that holds its place is where it was put.
    fn is_in_place(self, page: &OnPage) -> bool {
        let Aim::Row { key, end_px, .. } = self.talk.reading.with(|reading| reading.aim.clone()) else { return false };
        (page.end_px_of(self.rows, &key)).is_some_and(|now_px| (now_px - end_px).abs() < 1.0)
    }

    /// The reader has scrolled; or the browser has, which fits the rows into another width and lets go of their place before
    /// it tells of that.
    fn scroll(self) {
        let is_as_wide =
            |page: OnPage| self.talk.reading.with(|it| it.heights.width_px == page.scroller.client_width());
        if self.page().is_none_or(is_as_wide) { self.look() } else { self.resized() }
    }

    /// Notes where the reader is after scrolling, and sees to it that what they come to is there. On the way to an end of the
    /// timeline, scrolling that was still to be told of says nothing.
    fn look(self) {
        let Some(page) = self.page().filter(|_| !self.is_on_the_way()) else {
            return;
        };
        self.look_for_new(&page);
        let holds = untrack(|| self.holds()) && self.talk.at_end.get_untracked();
        if holds && self.is_in_place(&page) {
            return;
        }
        let (drawn, kept) = untrack(|| (self.talk.drawn(), self.talk.kept()));
        let is_cut_off = self.talk.timeline.with_untracked(Timeline::is_cut_off);
        let is_near_end = page.above_end_px() <= NEAR_END_PX && drawn.to == kept.to;
        let in_sight = if is_near_end && !is_cut_off {
            self.rest_at_end();
            drawn
        } else {
            self.hold(&page, drawn, kept)
        };
        self.hold_still(untrack(|| self.holds()));
        let is_near_start = page.below_start_px() < NEAR_START_PX
            || (!self.talk.at_end.get_untracked() && in_sight.from - kept.from < NEAR_EDGE_ROWS);
        if is_near_start {
            self.slug.with(|slug| self.chat.load_older(slug));
        }
        if is_cut_off && kept.to - in_sight.to < NEAR_EDGE_ROWS {
            self.slug.with(|slug| self.chat.load_newer(slug));
        }
    }

    fn rest_at_end(self) {
        self.aim(Aim::End);
        if !self.talk.at_end.get_untracked() {
            self.talk.at_end.set(true);
            self.talk.window.set(None);
            self.talk.keeps_unread.set(false);
        }
        self.slug.with(|slug| self.chat.has_read(slug));
    }

    /// Notes whether the first new message has come into sight.
    fn look_for_new(self, page: &OnPage) {
        let seq = self.talk.first_new.get_untracked();
        let Some(seq) = seq.filter(|_| !self.talk.reading.with(|reading| reading.has_seen_new)) else { return };
        let is_it = |(_, row): &(Seq, Row)| matches!(row, Row::New(new) if *new == seq);
        let at = self.rows.with_untracked(|rows| rows.iter().position(is_it));
        let end_px = at.map(|at| page.end_px(at));
        let is_above = end_px.map_or_else(|| seq < untrack(|| self.talk.drawn()).from, |end_px| end_px < 0.0);
        let is_in_sight = !is_above && end_px.is_some_and(|end_px| end_px <= page.height_px());
        self.talk.reading.update(|reading| reading.has_seen_new = is_in_sight);
        if self.talk.is_new_above.get_untracked() != is_above {
            self.talk.is_new_above.set(is_above);
        }
    }

    /// Holds the topmost row in sight, and moves the window where it must. Says which events are in sight.
    fn hold(self, page: &OnPage, drawn: Span, kept: Span) -> Span {
        let in_sight = self.aim_at_topmost(page, kept);
        let window = drawn.around(in_sight, kept);
        if self.talk.at_end.get_untracked() {
            self.talk.at_end.set(false);
            self.talk.announces.set(false);
            self.talk.window.set(Some(window.unwrap_or(drawn)));
        } else if let Some(window) = window {
            self.measure(page, drawn, kept);
            self.talk.window.set(Some(window));
        }
        in_sight
    }

    fn aim_at_topmost(self, page: &OnPage, kept: Span) -> Span {
        self.rows.with_untracked(|rows| {
            let (first, last) = (page.first_ending_below(0.0), page.first_ending_below(page.height_px()));
            if first == page.count || page.start_px(0) >= page.height_px() {
                self.aim(Aim::Nothing);
                return self.by_heights(page, kept);
            }
            let last = last.min(page.count - 1);
            // One that is where it was put holds on: what came into sight above it goes again when a phone is turned back.
            if !self.is_in_place(page) {
                let can_hold = |at: &usize| !matches!(rows[*at].1, Row::New(_));
                let at = (first..=last).find(can_hold).unwrap_or(first);
                let (seq, row) = &rows[at];
                self.aim(Aim::Row { seq: *seq, key: row.key(), end_px: page.end_px(at) });
            }
            Span { from: rows[first].0.max(kept.from), to: rows[last].0.min(kept.to) }
        })
    }

    /// What would be in sight where there is only space.
    fn by_heights(self, page: &OnPage, kept: Span) -> Span {
        let above_end_px = f64::from(page.above_end_px());
        self.talk.reading.with(|Reading { heights, .. }| Span {
            from: heights.at(kept, above_end_px + page.height_px()),
            to: heights.at(kept, above_end_px),
        })
    }

    /// Remembers how high the rows on the page are. The last one ends a group only because nothing is drawn behind it.
    fn measure(self, page: &OnPage, drawn: Span, kept: Span) {
        let (mut start_px, mut next) = (page.start_px(0), drawn.from);
        let last = if drawn.to == kept.to { drawn.to } else { drawn.to - 1 };
        self.rows.with_untracked(|rows| {
            self.talk.reading.update(|Reading { heights, .. }| {
                for (at, (seq, _)) in rows.iter().enumerate() {
                    if rows.get(at + 1).is_none_or(|(next, _)| next != seq) {
                        let end_px = page.end_px(at);
                        if (drawn.from..=last).contains(seq) {
                            (next..*seq).for_each(|seq| heights.measured(seq, NO_ROW_PX));
                            heights.measured(*seq, end_px - start_px);
                            next = seq + 1;
                        }
                        start_px = end_px;
                    }
                }
            });
        });
    }

    /// Rows that come behind the window move nothing; the space for them can wait.
    fn keep_if_moved(self) {
        let now = Some(self.drawn_of_kept());
        if self.is_on_the_way() || self.talk.reading.with(|reading| reading.kept_for != now) {
            self.keep();
            self.look();
        }
    }

    fn drawn_of_kept(self) -> (Span, Seq, Option<Seq>) {
        let (drawn, kept) = untrack(|| (self.talk.drawn(), self.talk.kept()));
        let is_cut_off = self.talk.timeline.with_untracked(Timeline::is_cut_off);
        (drawn, kept.from, is_cut_off.then_some(kept.to))
    }

    /// Puts everything back where the reader has it: after rows came, went or changed their height.
    fn keep(self) {
        let Some(page) = self.page() else {
            return;
        };
        let (drawn, kept) = untrack(|| (self.talk.drawn(), self.talk.kept()));
        let (above_px, below_px) = self.talk.reading.with(|Reading { heights, .. }| {
            let above = Span { from: kept.from, to: drawn.from - 1 };
            (heights.sum(above), heights.sum(Span { from: drawn.to + 1, to: kept.to }))
        });
        let now = self.drawn_of_kept();
        let was_kept = self.talk.reading.update(|reading| {
            reading.is_on_the_way = false;
            reading.kept_for.replace(now).is_some()
        });
        set_height(self.above, above_px);
        set_height(self.below, below_px);
        match self.talk.reading.with(|reading| reading.aim.clone()) {
            Aim::End => {
                page.scroller.set_scroll_top(0);
                if !self.talk.timeline.with_untracked(Timeline::is_cut_off) {
                    self.rest_at_end();
                    if !self.talk.announces.get_untracked() {
                        self.talk.announces.set(true);
                    }
                }
            }
            Aim::Start => {
                page.scroller.set_scroll_top(-page.scroller.scroll_height());
                self.look();
            }
            Aim::Row { key, end_px, .. } => match page.end_px_of(self.rows, &key) {
                Some(now_px) if (now_px - end_px).abs() >= 0.5 => {
                    page.scroller.scroll_by_with_x_and_y(0.0, now_px - end_px);
                }
                Some(_) => {}
                None => self.look(),
            },
            Aim::Message(seq) => {
                let is_it = |(of, row): &(Seq, Row)| *of == seq && matches!(row, Row::Said(..));
                let at = self.rows.with_untracked(|rows| rows.iter().position(is_it));
                // Where somebody has scrolled before the wasm was there, they stay.
                if was_kept || page.above_end_px() == 0 {
                    at.iter().for_each(|at| page.center(*at));
                }
                self.look();
            }
            Aim::Nothing => self.look(),
        }
        self.look_for_new(&page);
    }

    /// Keeps the reader's place when the window, the keyboard on the screen, or a row changes its size.
    fn watch_sizes(self) {
        let Some(scroller) = self.scroller.get() else {
            return;
        };
        // The browser lets go of it with the elements that it watches.
        let resized = Closure::<dyn FnMut()>::new(move || self.resized()).into_js_value();
        if let Ok(observer) = ResizeObserver::new(resized.unchecked_ref()) {
            observer.observe(&scroller);
            scroller.first_element_child().iter().for_each(|log| observer.observe(log));
        }
    }

    fn resized(self) {
        let Some(page) = self.page() else {
            return;
        };
        let width_px = page.scroller.client_width();
        let latest = latest_for(page.height_px());
        let (same_width, same_height) = self.talk.reading.update(|reading| {
            (reading.heights.are_for(width_px), std::mem::replace(&mut reading.latest, latest) == latest)
        });
        if !same_width {
            let (drawn, kept) = untrack(|| (self.talk.drawn(), self.talk.kept()));
            self.measure(&page, drawn, kept);
        }
        if !same_height {
            self.talk.window.notify();
        }
        self.keep();
    }

    fn press(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
            return;
        }
        if event.target().is_some_and(|target| target.has_type::<HtmlTextAreaElement>()) {
            return;
        }
        match event.key().as_str() {
            key @ ("Home" | "End") => {
                // The row that has the focus may go.
                (self.chat.browser.focus)(".scroller");
                if key == "End" { self.go_to_end() } else { self.slug.with(|slug| self.chat.seek_start(slug)) }
            }
            key => {
                let scroller = self.scroller.get_untracked();
                if scroller.and_then(|scroller| walk(self.talk, &scroller, key)).is_none() {
                    return;
                }
            }
        }
        event.prevent_default();
    }

    /// Brings the actions of a message into sight, or those of the one that has the focus; not from under the focus.
    fn offer(self, seq: Option<Seq>) {
        let seq = seq.or_else(|| number_at(document().active_element().map(Into::into)));
        let shaping = self.talk.shaping.get_untracked();
        if shaping.actions != seq && shaping.opened.is_none() && !has_focus(".message-actions") {
            self.talk.shaping.set(Shaping { actions: seq, ..shaping });
        }
    }

    fn point(self, event: &PointerEvent) {
        if event.pointer_type() == "mouse" {
            self.offer(number_at(event.target()));
            self.points_at_actions(
                event.target().is_some_and(|target| is_within(&target, ".message-actions, .reactions")),
            );
        }
    }

    /// Fingers leave whenever they are lifted; what they have brought into sight is still to be pressed.
    fn point_away(self, event: &PointerEvent) {
        if event.pointer_type() == "mouse" {
            self.offer(None);
            self.points_at_actions(false);
        }
    }

    fn points_at_actions(self, does: bool) {
        if self.is_pointing.get_untracked() != does {
            self.is_pointing.set(does);
        }
    }

    /// A finger came down: where it rests, the actions come into sight; anywhere else they go.
    fn touch(self, event: &PointerEvent) {
        if event.pointer_type() == "mouse" {
            return self.touches.set(0);
        }
        let (target, seq) = (event.target(), number_at(event.target()));
        if target.is_some_and(|target| is_within(&target, ".message-actions, .revision, .reactions")) {
            return;
        }
        self.offer(None);
        self.points_at_actions(false);
        let touch = self.touches.update(|touches| {
            *touches += 1;
            *touches
        });
        let rest = move || {
            if self.touches.get() == touch {
                self.offer(seq);
                self.points_at_actions(true);
            }
        };
        (self.chat.browser.later)(LONG_PRESS, Box::new(rest));
    }

    /// What a finger presses in a message does what it says and nothing else; with the focus the actions would come.
    fn press_in(self, event: &MouseEvent) {
        let presses = event.target().is_some_and(|target| is_within(&target, ".message :is(a, button)"));
        if presses && self.touches.get() > 0 && !event.default_prevented() {
            event.prevent_default();
            let focused = document().active_element().filter(|focused| is_within(focused, ".message"));
            let focused: Option<HtmlElement> = focused.and_then(|focused| focused.dyn_into().ok());
            focused.into_iter().for_each(|focused| drop(focused.blur()));
        }
    }

    /// The finger is gone, or scrolls.
    fn lift(self) {
        self.touches.update(|touches| *touches += u64::from(*touches > 0));
    }

    /// The browser has noticed itself that a finger rests.
    fn hold_finger(self, event: &MouseEvent) {
        let is_field = event.target().is_some_and(|target| is_within(&target, "textarea, a"));
        if self.touches.get() > 0 && !is_field {
            event.prevent_default();
            self.offer(number_at(event.target()));
            self.points_at_actions(true);
        }
    }

    fn focus(self, event: &FocusEvent) {
        let seq = number_at(event.target());
        let shaping = self.talk.shaping.get_untracked();
        if shaping.actions != seq {
            self.talk.shaping.set(Shaping { actions: seq, ..shaping });
        }
    }

    fn blur(self, event: &FocusEvent) {
        let into: Option<web_sys::Node> = event.related_target().and_then(|target| target.dyn_into().ok());
        // A list that goes takes the focus along.
        let Some(scroller) = self.scroller.try_get_untracked() else { return };
        let stays = scroller.contains(into.as_ref());
        let shaping = self.talk.shaping.get_untracked();
        if !stays && shaping.actions.is_some() && shaping.opened.is_none() {
            self.talk.shaping.set(Shaping { actions: None, ..shaping });
        }
    }

    /// Whoever wants to be there has read what they left unread.
    fn go_to_end(self) {
        self.talk.keeps_unread.set(false);
        self.follow_end();
    }

    fn follow_end(self) {
        self.slug.with(|slug| self.chat.seek_end(slug));
        self.talk.set_out(Aim::End);
        self.talk.window.set(None);
    }

    /// The list as it is on the page; `None` when it is gone, or not drawn yet as the rows say.
    fn page(self) -> Option<OnPage> {
        let scroller = self.scroller.try_get_untracked()?;
        let children = scroller.first_element_child()?.children();
        let count = self.rows.with_untracked(Vec::len);
        (children.length() == BEFORE_ROWS + count as u32 + AFTER_ROWS).then_some(OnPage { scroller, children, count })
    }
}

fn is_within(target: &web_sys::EventTarget, selector: &str) -> bool {
    let element: Option<&web_sys::Element> = target.dyn_ref();
    element.is_some_and(|element| element.closest(selector).is_ok_and(|found| found.is_some()))
}

fn has_focus(selector: &str) -> bool {
    document().active_element().is_some_and(|focused| is_within(&focused, selector))
}

fn set_height(space: Spot<HtmlElement>, px: f64) {
    if let Some(space) = space.get_untracked() {
        // Not read from the layout: that would be made anew for every message.
        let (style, height) = (space.style(), format!("{}px", px.round() as i64));
        if style.get_property_value("height").is_ok_and(|before| before != height) {
            let _ = style.set_property("height", &height);
        }
    }
}

/// The rows on the page. All places are pixels below the scroller's upper edge.
struct OnPage {
    scroller: HtmlElement,
    children: HtmlCollection,
    count: usize,
}

impl OnPage {
    fn height_px(&self) -> f64 {
        f64::from(self.scroller.client_height())
    }

    fn above_end_px(&self) -> i32 {
        self.scroller.scroll_top().abs()
    }

    fn below_start_px(&self) -> i32 {
        self.scroller.scroll_height() - self.scroller.client_height() - self.above_end_px()
    }

    /// Where a row begins.
    fn start_px(&self, at: usize) -> f64 {
        let top_px = self.scroller.get_bounding_client_rect().top();
        let row = self.children.item(BEFORE_ROWS + at as u32);
        row.map_or(0.0, |row| row.get_bounding_client_rect().top() - top_px)
    }

    /// Where a row ends: where what follows begins, so that there is no place between two rows.
    fn end_px(&self, at: usize) -> f64 {
        self.start_px(at + 1)
    }

    /// Where the row of a key ends.
    fn end_px_of(&self, rows: Derived<Vec<(Seq, Row)>>, key: &Key) -> Option<f64> {
        let is_it = |(_, row): &(Seq, Row)| is_same_line(&row.key(), key);
        rows.with_untracked(|rows| rows.iter().position(is_it)).map(|at| self.end_px(at))
    }

    /// Scrolls until a row stands in the middle, unless it is in sight; one that is higher than the timeline begins at its top.
    fn center(&self, at: usize) {
        let (start_px, end_px) = (self.start_px(at), self.end_px(at));
        let free_px = self.height_px() - (end_px - start_px);
        if start_px < 0.0 || end_px > self.height_px() {
            self.scroller.scroll_by_with_x_and_y(0.0, start_px - (free_px / 2.0).max(0.0));
        }
    }

    /// The first row that ends below a place.
    fn first_ending_below(&self, px: f64) -> usize {
        let (mut from, mut to) = (0, self.count);
        while from < to {
            let middle = from.midpoint(to);
            if self.end_px(middle) > px { to = middle } else { from = middle + 1 }
        }
        from
    }
}
