//! The timeline: a log that stays at its end only if you were there, and never moves what you are reading.
//!
//! The scroller runs from the bottom up (`column-reverse`), so that the page stands at the newest message before any
//! script runs. While you read further up, the row under your eyes is held in place when rows come or go.

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::chat::Chat;
use crate::components::list::list;
use crate::components::live::{flag, text};
use crate::components::message_row::TimelineRow;
use crate::room::Slug;
use crate::talk::{Row, Talk};
use crate::timeline::Timeline;

/// Within so many pixels of the end counts as being there.
const NEAR_END_PX: i32 = 48;
/// Within so many pixels of the oldest row, older ones are fetched.
const NEAR_START_PX: i32 = 400;

/// All that was said in a room, as far as it is loaded.
#[component]
pub fn MessageList(
    /// The room.
    talk: Talk,
    /// Its address.
    slug: Slug,
) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let scroller = NodeRef::<Div>::new();
    let place = Place { scroller, anchor: talk.anchor, at_end: talk.at_end };
    let rows =
        Memo::new_with_compare(move |_| talk.rows(chat.me.get().as_ref(), |at_ms| chat.local(at_ms)), |_, _| true);
    let room = slug.clone();
    let scrolled = move |_| {
        place.remember();
        if place.at_end.get_untracked() {
            talk.mark_read();
        }
        if place.is_near_start() {
            chat.load_older(&room);
        }
    };
    Effect::new(move |_| {
        rows.track();
        request_animation_frame(move || {
            if place.keep() {
                talk.mark_read();
            }
        });
    });
    Effect::new(move |before: Option<usize>| {
        let mine = talk.outbox.with(|outbox| outbox.pending().count());
        if before.is_some_and(|before| mine > before) {
            place.go_to_end();
        }
        mine
    });

    let unread = Memo::new(move |_| talk.unread(chat.my_id()));
    view! {
        <div class="timeline">
            <div class="scroller" tabindex="0" role="region" aria-label=words.messages node_ref=scroller on:scroll=scrolled>
                <div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label=words.messages>
                    <Start talk slug/>
                    {list(move || rows.get(), Row::key, move |row| view! { <TimelineRow row talk/> })}
                </div>
            </div>
            <button type="button" class="pill" hidden=flag(move || place.at_end.get() || unread.get() == 0)
                on:click=move |_| place.go_to_end()>
                {text(move || format!("{} ↓", (words.new_messages)(unread.get())))}
            </button>
        </div>
    }
}

/// What stands above the oldest row.
#[component]
fn Start(talk: Talk, slug: Slug) -> impl IntoView {
    let chat = Chat::here();
    let words = chat.words();
    let has_more = flag(move || talk.timeline.with(|timeline| !timeline.reaches_start()));
    let is_empty = flag(move || talk.timeline.with(Timeline::is_empty) && !has_more.get());
    let sentence = text(move || match (has_more.get(), talk.loading_older.get()) {
        (false, _) => words.room_start.to_owned(),
        (true, true) => words.loading_older.to_owned(),
        (true, false) => String::new(),
    });
    view! {
        <div class="empty" hidden=flag(move || !is_empty.get())>
            <p class="empty-title">{words.room_empty}</p>
            <p>{words.room_empty_hint}</p>
        </div>
        <p class="room-start" hidden=is_empty>
            {sentence}
            <button type="button" class="quiet-button" hidden=flag(move || !has_more.get() || talk.loading_older.get())
                on:click=move |_| chat.load_older(&slug)>
                {words.load_older}
            </button>
        </p>
    }
}

/// Where the reader is in the scroller.
#[derive(Clone, Copy)]
struct Place {
    scroller: NodeRef<Div>,
    /// The topmost message in sight, by its id, and how far its lower edge is from the scroller's upper one, while the reader is not at
    /// the end. Not the element itself: a row may be drawn anew when rows come before it.
    anchor: StoredValue<Option<(String, f64)>>,
    at_end: RwSignal<bool>,
}

impl Place {
    /// Notes where the reader is after scrolling.
    fn remember(self) {
        let Some(scroller) = self.scroller.get_untracked() else {
            return;
        };
        let at_end = scroller.scroll_top().abs() <= NEAR_END_PX;
        if self.at_end.get_untracked() != at_end {
            self.at_end.set(at_end);
        }
        self.anchor.set_value(if at_end { None } else { topmost_message(&scroller) });
    }

    /// Puts the row under the reader's eyes back where it was, or stays at the end. Says whether the reader is at the end;
    /// a list that is gone by now has no reader.
    fn keep(self) -> bool {
        let (Some(scroller), Some(at_end)) =
            (self.scroller.try_get_untracked().flatten(), self.at_end.try_get_untracked())
        else {
            return false;
        };
        if at_end {
            scroller.set_scroll_top(0);
            return true;
        }
        let moved_px = self.anchor.with_value(|anchor| {
            let (cid, was_px) = anchor.as_ref()?;
            let message = scroller.query_selector(&format!("[data-cid='{cid}']")).ok().flatten()?;
            Some(distance_px(&message, &scroller) - was_px)
        });
        if let Some(moved_px) = moved_px.filter(|moved_px| moved_px.abs() >= 1.0) {
            scroller.set_scroll_top(scroller.scroll_top() + moved_px.round() as i32);
        }
        false
    }

    fn go_to_end(self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            self.at_end.set(true);
            scroller.set_scroll_top(0);
        }
    }

    fn is_near_start(self) -> bool {
        let scroller = self.scroller.get_untracked();
        scroller.is_some_and(|s| s.scroll_height() - s.client_height() - s.scroll_top().abs() < NEAR_START_PX)
    }
}

fn topmost_message(scroller: &HtmlElement) -> Option<(String, f64)> {
    let log = scroller.first_element_child()?;
    let rows = log.children();
    let messages = (0..rows.length()).filter_map(|at| rows.item(at)).filter(|row| row.has_attribute("data-cid"));
    let mut in_sight =
        messages.map(|row| (distance_px(&row, scroller), row)).filter(|(from_top_px, _)| *from_top_px >= 0.0);
    let (from_top_px, row) = in_sight.next()?;
    Some((row.get_attribute("data-cid")?, from_top_px))
}

/// How far a row's lower edge is from the scroller's upper one. The lower, because a row that no longer opens its group
/// loses its upper part.
fn distance_px(row: &Element, scroller: &HtmlElement) -> f64 {
    row.get_bounding_client_rect().bottom() - scroller.get_bounding_client_rect().top()
}
