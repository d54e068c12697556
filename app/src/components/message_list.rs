//! The timeline: a log that stays at its end only if you were there, and never moves what you are reading.
//!
//! The scroller runs from the bottom up (`column-reverse`), so that the page stands at the newest message before any
//! script runs. While you read further up, the row under your eyes is held in place when rows come or go.

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::chat::Chat;
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
    let place = Place {
        scroller,
        anchor: StoredValue::new_local(None),
        at_end: RwSignal::new(true),
    };
    let me = move || chat.me.with(|me| me.as_ref().map(|me| me.id));
    let rows = Memo::new_with_compare(
        move |_| talk.rows(chat.me.get().as_ref(), |at_ms| chat.local(at_ms)),
        |_, _| true,
    );
    let load_older = {
        let slug = slug.clone();
        move || chat.load_older(&slug)
    };
    let load_when_near_start = load_older.clone();

    let scrolled = move |_| {
        place.remember();
        if place.at_end.get_untracked() {
            talk.mark_read();
        }
        if place.is_near_start() {
            load_when_near_start();
        }
    };
    Effect::new(move |_| {
        rows.track();
        request_animation_frame(move || {
            place.keep();
            if place.at_end.get_untracked() {
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

    let unread = move || talk.unread(me());
    view! {
        <div class="timeline">
            <div class="scroller" tabindex="0" role="region" aria-label=words.messages node_ref=scroller on:scroll=scrolled>
                <div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label=words.messages>
                    {move || start(talk, load_older.clone())}
                    <For each=move || rows.get() key=Row::key let(row)>
                        <TimelineRow row talk/>
                    </For>
                </div>
            </div>
            {move || (!place.at_end.get() && unread() > 0).then(|| view! {
                <button type="button" class="pill" on:click=move |_| place.go_to_end()>
                    {(words.new_messages)(unread())}" ↓"
                </button>
            })}
        </div>
    }
}

/// What stands above the oldest row.
fn start(talk: Talk, load_older: impl Fn() + Clone + 'static) -> AnyView {
    let words = Chat::here().words();
    let (is_empty, reaches_start) = talk
        .timeline
        .with(|timeline: &Timeline| (timeline.is_empty(), timeline.reaches_start()));
    if is_empty && reaches_start {
        view! {
            <div class="empty">
                <p class="empty-title">{words.room_empty}</p>
                <p>{words.room_empty_hint}</p>
            </div>
        }
        .into_any()
    } else if reaches_start {
        view! { <p class="room-start">{words.room_start}</p> }.into_any()
    } else if talk.loading_older.get() {
        view! { <p class="room-start">{words.loading_older}</p> }.into_any()
    } else {
        view! { <p class="room-start"><button type="button" class="quiet-button" on:click=move |_| load_older()>{words.load_older}</button></p> }
            .into_any()
    }
}

/// Where the reader is in the scroller.
#[derive(Clone, Copy)]
struct Place {
    scroller: NodeRef<Div>,
    /// The topmost row in sight and its distance from the scroller's upper edge, while the reader is not at the end.
    anchor: StoredValue<Option<(Element, f64)>, LocalStorage>,
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
        self.anchor
            .set_value(if at_end { None } else { topmost_row(&scroller) });
    }

    /// Puts the row under the reader's eyes back where it was, or stays at the end.
    fn keep(self) {
        let Some(scroller) = self.scroller.try_get_untracked().flatten() else {
            return;
        };
        if self.at_end.get_untracked() {
            scroller.set_scroll_top(0);
            return;
        }
        let moved_px = self.anchor.with_value(|anchor| {
            anchor
                .as_ref()
                .map(|(row, was_px)| distance_px(row, &scroller) - was_px)
        });
        if let Some(moved_px) = moved_px.filter(|moved_px| moved_px.abs() >= 1.0) {
            scroller.set_scroll_top(scroller.scroll_top() + moved_px as i32);
        }
    }

    fn go_to_end(self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            self.at_end.set(true);
            scroller.set_scroll_top(0);
        }
    }

    fn is_near_start(self) -> bool {
        let scroller = self.scroller.get_untracked();
        scroller.is_some_and(|s| {
            s.scroll_height() - s.client_height() - s.scroll_top().abs() < NEAR_START_PX
        })
    }
}

fn topmost_row(scroller: &HtmlElement) -> Option<(Element, f64)> {
    let log = scroller.first_element_child()?;
    let rows = log.children();
    let in_sight = (0..rows.length())
        .filter_map(|at| rows.item(at))
        .find(|row| distance_px(row, scroller) >= 0.0)?;
    let from_top_px = distance_px(&in_sight, scroller);
    Some((in_sight, from_top_px))
}

fn distance_px(row: &Element, scroller: &HtmlElement) -> f64 {
    row.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top()
}
