//! Which part of a timeline is drawn, and how high the rest is: a window of rows around what is in sight, and empty space
//! in place of the others. No I/O; `components/message_list.rs` measures and scrolls.

use std::collections::VecDeque;

use crate::message::Seq;

/// So many events are drawn beyond what is in sight, on either side: more than a fling passes between two frames.
const MARGIN: Seq = 50;
/// With fewer than this left on a side, the window moves.
const ENOUGH: Seq = 25;
/// How many events are drawn at the end, unless the window is so high that it needs more.
pub const LATEST: Seq = 100;
/// No row is lower.
const LEAST_ROW_PX: f64 = 24.0;
/// How high an event is that has no line of its own; 0 would say that it was never drawn.
pub const NO_ROW_PX: f64 = f64::MIN_POSITIVE;
/// How high an event is taken to be as long as none was drawn.
const USUAL_ROW_PX: f64 = 36.0;

/// A run of events, by the numbers of the first and the last; empty when these cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: Seq,
    /// The last.
    pub to: Seq,
}

impl Span {
    /// The oldest ones of all.
    pub fn oldest(self, count: Seq) -> Self {
        Self { from: self.from, to: self.to.min(self.from - 1 + count) }
    }

    /// Those around one of them.
    pub fn about(self, seq: Seq) -> Self {
        Self { from: seq - MARGIN, to: seq + MARGIN }.within(self).unwrap_or(self)
    }

    /// The part that is within another span; `None` when there is none.
    pub fn within(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from <= to).then_some(Self { from, to })
    }

    /// What to draw around what is in sight; `None` when what is drawn will do for now.
    pub fn around(self, in_sight: Self, kept: Self) -> Option<Self> {
        let above = in_sight.from - self.from < ENOUGH && self.from > kept.from;
        let below = self.to - in_sight.to < ENOUGH && self.to < kept.to;
        let wanted = Self { from: in_sight.from - MARGIN, to: in_sight.to + MARGIN };
        if above || below { wanted.within(kept) } else { None }
    }
}

/// How many events are drawn at the end of a timeline that is so many pixels high.
pub fn latest_for(timeline_px: f64) -> Seq {
    LATEST.max((timeline_px / LEAST_ROW_PX) as Seq + MARGIN)
}

/// How high the events are, in pixels: as measured where they were drawn, the mean of these elsewhere.
#[derive(Debug, Default)]
pub struct Heights {
    /// The number of the first.
    first: Seq,
    /// 0 where it was never drawn.
    px: VecDeque<f64>,
    known: usize,
    known_px: f64,
    /// How wide the timeline was.
    pub width_px: i32,
}

impl Heights {
    /// An event was measured.
    pub fn measured(&mut self, seq: Seq, px: f64) {
        if self.px.is_empty() {
            self.first = seq;
        }
        while seq < self.first {
            self.px.push_front(0.0);
            self.first -= 1;
        }
        let at = (seq - self.first) as usize;
        if at >= self.px.len() {
            self.px.resize(at + 1, 0.0);
        }
        let before = std::mem::replace(&mut self.px[at], px);
        self.known += usize::from(px > 0.0);
        self.known -= usize::from(before > 0.0);
        self.known_px += px - before;
    }

    /// How high an event is.
    pub fn of(&self, seq: Seq) -> f64 {
        let px = usize::try_from(seq - self.first).ok().and_then(|at| self.px.get(at)).copied().unwrap_or_default();
        if px > 0.0 { px } else { self.mean() }
    }

    fn mean(&self) -> f64 {
        if self.known == 0 { USUAL_ROW_PX } else { self.known_px / self.known as f64 }
    }

    /// How high the events of a span are together.
    pub fn sum(&self, span: Span) -> f64 {
        (span.from..=span.to).map(|seq| self.of(seq)).sum()
    }

    /// The event that ends so many pixels above the end of these.
    pub fn at(&self, kept: Span, above_end_px: f64) -> Seq {
        let mut left_px = above_end_px;
        (kept.from..=kept.to)
            .rev()
            .find(|seq| {
                left_px -= self.of(*seq);
                left_px < 0.0
            })
            .unwrap_or(kept.from)
    }

    /// Whether these were measured in a timeline of this width; else they are forgotten.
    pub fn are_for(&mut self, width_px: i32) -> bool {
        let they_are = self.width_px == width_px;
        if !they_are {
            *self = Self { width_px, ..Self::default() };
        }
        they_are
    }

    /// Forgets what is not kept.
    pub fn keep(&mut self, kept: Span) {
        while self.first < kept.from && !self.px.is_empty() {
            self.measured(self.first, 0.0);
            self.px.pop_front();
            self.first += 1;
        }
        while !self.px.is_empty() && self.first + self.px.len() as Seq - 1 > kept.to {
            self.measured(self.first + self.px.len() as Seq - 1, 0.0);
            self.px.pop_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: Span = Span { from: 1, to: 10_000 };

    fn span(from: Seq, to: Seq) -> Span {
        Span { from, to }
    }

    #[test]
    fn the_window_moves_before_its_edge_is_in_sight_and_never_beyond_what_is_kept() {
        let drawn = span(9_901, 10_000);
        assert_eq!(drawn.around(span(9_970, 10_000), KEPT), None);
        assert_eq!(drawn.around(span(9_920, 9_950), KEPT), Some(span(9_870, 10_000)));
        assert_eq!(span(1, 100).around(span(3, 20), KEPT), None);
        assert_eq!(span(1, 100).around(span(60, 90), KEPT), Some(span(10, 140)));
        assert_eq!(drawn.around(span(40, 60), KEPT), Some(span(1, 110)), "after a jump");
    }

    #[test]
    fn an_empty_room_has_an_empty_window() {
        let empty = span(1, 0);
        assert_eq!(empty.oldest(LATEST), empty);
        assert_eq!(span(5, 9).within(empty), None);
    }

    #[test]
    fn what_was_never_drawn_is_as_high_as_what_was() {
        let mut heights = Heights::default();
        assert_eq!(heights.sum(span(1, 10)), 10.0 * USUAL_ROW_PX);
        heights.measured(7, 20.0);
        heights.measured(5, 40.0);
        heights.measured(5, 60.0);
        assert_eq!((heights.of(5), heights.of(6), heights.of(7), heights.of(1_000)), (60.0, 40.0, 20.0, 40.0));
        assert_eq!(heights.sum(span(5, 8)), 160.0);
        assert_eq!(
            (heights.at(span(5, 8), 0.0), heights.at(span(5, 8), 59.0), heights.at(span(5, 8), 60.0)),
            (8, 7, 6)
        );
        assert_eq!(heights.at(span(5, 8), 9_999.0), 5);
        heights.keep(span(6, 8));
        assert_eq!((heights.of(5), heights.of(7)), (20.0, 20.0));
        heights.keep(span(9, 8));
        assert_eq!(heights.of(7), USUAL_ROW_PX);
    }
}
