//! When Enter sends: once, whatever the input method does. A small state machine fed with a field's events.
//!
//! While Hangul is being composed, Enter arrives as a composing key. macOS then repeats it as a plain Enter, Windows
//! doesn't; Safari ends the composition before the key. So a composing Enter over Hangul arms, the end of the composition
//! fires, and whatever else the same press of the key brings is swallowed. Over other scripts (kana, Han, Bopomofo,
//! pinyin's Latin letters) a composing Enter only confirms the candidate. Shift makes it a line break in every case.

use super::hangul;

/// A press whose release was never reported counts as over after this many milliseconds.
const PRESS_LASTS_MS: f64 = 1_000.0;
/// What browsers report as the key code of a key that the input method has taken.
pub const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// What happened to the field. Times are the events' own, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Enter went down.
    EnterDown {
        /// Shift was held.
        shift: bool,
        /// The browser says that a composition goes on, or the key code is [`TAKEN_BY_INPUT_METHOD`].
        composing: bool,
        /// When.
        at_ms: f64,
    },
    /// Enter went up.
    EnterUp,
    /// Another key went down.
    OtherDown,
    /// The composition shows this text now.
    Composing(String),
    /// The composition ended with this text in the field.
    Composed {
        /// What was committed.
        text: String,
        /// When.
        at_ms: f64,
    },
    /// The browser is about to insert a line break.
    LineBreak {
        /// When.
        at_ms: f64,
    },
    /// The field lost the focus.
    Blur,
}

/// What the field does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing: the browser goes on as it would.
    Pass,
    /// Keep the browser from acting on the event, and do nothing else.
    Swallow,
    /// Keep the browser from acting, and send what is in the field.
    Send,
    /// Keep the browser from acting, and insert a line break.
    Break,
}

/// The state between two events of one field.
#[derive(Clone, Debug, Default)]
pub struct Enter {
    /// What the input method is composing; empty when it is not.
    composing: String,
    /// A composing Enter over Hangul: what it does once the text is committed.
    armed: Option<Outcome>,
    /// When the press began that has been answered already; the rest of it is swallowed.
    answered_at_ms: Option<f64>,
    /// Text that was committed a moment ago, for browsers that end the composition before they report the key.
    just_composed: Option<(String, f64)>,
}

impl Enter {
    /// Whether the input method is composing.
    pub fn is_composing(&self) -> bool {
        !self.composing.is_empty()
    }

    /// Takes an event and says what to do about it.
    pub fn take(&mut self, input: Input) -> Outcome {
        match input {
            Input::EnterDown { shift, composing, at_ms } => self.enter_down(shift, composing, at_ms),
            Input::Composing(text) => self.compose(text),
            Input::Composed { text, at_ms } => self.composed(text, at_ms),
            Input::LineBreak { at_ms } if self.is_answered(at_ms) => Outcome::Swallow,
            Input::LineBreak { .. } => Outcome::Pass,
            Input::EnterUp | Input::OtherDown => self.press_is_over(),
            Input::Blur => {
                // The press may have led to another field; what is left of it does nothing there.
                *self = Self { answered_at_ms: self.answered_at_ms, ..Self::default() };
                Outcome::Pass
            }
        }
    }

    fn enter_down(&mut self, shift: bool, composing: bool, at_ms: f64) -> Outcome {
        let wanted = if shift { Outcome::Break } else { Outcome::Send };
        if composing && self.is_composing() {
            self.arm(wanted, at_ms)
        } else if self.is_answered(at_ms) {
            Outcome::Swallow
        } else if composing {
            self.late_key(wanted, at_ms)
        } else if shift {
            Outcome::Pass
        } else {
            self.answered_at_ms = Some(at_ms);
            Outcome::Send
        }
    }

    /// A composing Enter: over Hangul it acts when the text is committed, else it confirms a candidate and no more.
    fn arm(&mut self, wanted: Outcome, at_ms: f64) -> Outcome {
        if self.composing.chars().all(hangul::is_hangul) {
            self.armed = Some(wanted);
        } else {
            self.answered_at_ms = Some(at_ms);
        }
        Outcome::Pass
    }

    /// A composing Enter whose composition has ended already, as Safari reports it.
    fn late_key(&mut self, wanted: Outcome, at_ms: f64) -> Outcome {
        self.answered_at_ms = Some(at_ms);
        match self.just_composed.take() {
            Some((text, then_ms)) if at_ms - then_ms <= PRESS_LASTS_MS && is_all_hangul(&text) => wanted,
            _ => Outcome::Swallow,
        }
    }

    fn compose(&mut self, text: String) -> Outcome {
        self.composing = text;
        self.just_composed = None;
        Outcome::Pass
    }

    fn composed(&mut self, text: String, at_ms: f64) -> Outcome {
        self.composing.clear();
        match self.armed.take() {
            Some(wanted) => {
                self.answered_at_ms = Some(at_ms);
                wanted
            }
            None => {
                self.just_composed = Some((text, at_ms));
                Outcome::Pass
            }
        }
    }

    fn press_is_over(&mut self) -> Outcome {
        self.answered_at_ms = None;
        self.just_composed = None;
        if self.composing.is_empty() {
            self.armed = None;
        }
        Outcome::Pass
    }

    fn is_answered(&self, at_ms: f64) -> bool {
        self.answered_at_ms.is_some_and(|then_ms| at_ms - then_ms <= PRESS_LASTS_MS)
    }
}

fn is_all_hangul(text: &str) -> bool {
    !text.is_empty() && text.chars().all(hangul::is_hangul)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Input::{Blur, EnterUp, LineBreak, OtherDown};

    fn composing(text: &str) -> Input {
        Input::Composing(text.into())
    }
    fn composed(text: &str, at_ms: f64) -> Input {
        Input::Composed { text: text.into(), at_ms }
    }
    fn taken(at_ms: f64) -> Input {
        Input::EnterDown { shift: false, composing: true, at_ms }
    }
    fn plain(at_ms: f64) -> Input {
        Input::EnterDown { shift: false, composing: false, at_ms }
    }
    fn shift_taken(at_ms: f64) -> Input {
        Input::EnterDown { shift: true, composing: true, at_ms }
    }
    fn shift_plain(at_ms: f64) -> Input {
        Input::EnterDown { shift: true, composing: false, at_ms }
    }

    /// Plays a recording and keeps what the field did, without the events that it let pass.
    fn check(recording: impl IntoIterator<Item = Input>, expected: &[Outcome]) {
        let mut enter = Enter::default();
        let outcomes: Vec<_> =
            recording.into_iter().map(|input| enter.take(input)).filter(|o| *o != Outcome::Pass).collect();
        assert_eq!(outcomes, expected);
    }

    #[test]
    fn plain_enter_sends_and_shift_breaks() {
        check([OtherDown, plain(10.0), LineBreak { at_ms: 11.0 }, EnterUp], &[Outcome::Send, Outcome::Swallow]);
        check([OtherDown, shift_plain(10.0), LineBreak { at_ms: 11.0 }, EnterUp], &[]);
    }

    #[test]
    fn macos_chrome_brings_enter_twice_and_sends_once() {
        let press = [
            composing("ㄴ"),
            composing("녀"),
            composing("녕"),
            taken(10.0),
            composed("녕", 11.0),
            plain(12.0),
            EnterUp,
        ];
        check(press, &[Outcome::Send, Outcome::Swallow]);
    }

    #[test]
    fn windows_brings_enter_once_and_sends_once() {
        check([composing("녕"), taken(10.0), composed("녕", 11.0), EnterUp], &[Outcome::Send]);
        check(
            [composing("녕"), taken(10.0), composed("녕", 11.0), LineBreak { at_ms: 12.0 }, EnterUp],
            &[Outcome::Send, Outcome::Swallow],
        );
    }

    #[test]
    fn safari_ends_the_composition_before_the_key() {
        check([composing("녕"), composed("녕", 10.0), taken(11.0), EnterUp], &[Outcome::Send]);
        check(
            [composing("녕"), composed("녕", 10.0), taken(11.0), plain(12.0), EnterUp],
            &[Outcome::Send, Outcome::Swallow],
        );
    }

    #[test]
    fn linux_is_as_windows_or_as_macos_or_commits_first() {
        check([composing("글"), taken(10.0), composed("글", 11.0), EnterUp], &[Outcome::Send]);
        check(
            [composing("글"), taken(10.0), composed("글", 11.0), plain(11.0), EnterUp],
            &[Outcome::Send, Outcome::Swallow],
        );
        check([composing("글"), composed("글", 10.0), plain(10.0), EnterUp], &[Outcome::Send]);
    }

    #[test]
    fn two_messages_in_a_row_are_two_sends() {
        let twice = [
            composing("네"),
            taken(10.0),
            composed("네", 11.0),
            plain(12.0),
            EnterUp,
            composing("네"),
            taken(90.0),
            composed("네", 91.0),
            plain(92.0),
            EnterUp,
        ];
        check(twice, &[Outcome::Send, Outcome::Swallow, Outcome::Send, Outcome::Swallow]);
    }

    #[test]
    fn a_release_that_is_never_reported_does_not_eat_the_next_enter() {
        check([composing("녕"), taken(10.0), composed("녕", 11.0), plain(2_000.0)], &[Outcome::Send, Outcome::Send]);
        check(
            [composing("녕"), taken(10.0), composed("녕", 11.0), OtherDown, plain(60.0)],
            &[Outcome::Send, Outcome::Send],
        );
    }

    #[test]
    fn a_held_key_sends_once() {
        check([plain(10.0), plain(40.0), plain(70.0), EnterUp], &[Outcome::Send, Outcome::Swallow, Outcome::Swallow]);
    }

    #[test]
    fn kana_han_bopomofo_and_pinyin_only_confirm() {
        for candidate in ["にほん", "日本", "ㄅㄆ", "nihao"] {
            check([composing(candidate), taken(10.0), composed(candidate, 11.0), EnterUp], &[]);
            check(
                [composing(candidate), taken(10.0), composed(candidate, 11.0), plain(12.0), EnterUp],
                &[Outcome::Swallow],
            );
            check([composing(candidate), composed(candidate, 10.0), taken(11.0), EnterUp], &[Outcome::Swallow]);
            check(
                [composing(candidate), taken(10.0), composed(candidate, 11.0), EnterUp, plain(500.0), EnterUp],
                &[Outcome::Send],
            );
        }
    }

    #[test]
    fn a_hanja_candidate_is_confirmed_and_not_sent() {
        check([composing("한"), composing("韓"), taken(10.0), composed("韓", 11.0), EnterUp], &[]);
    }

    #[test]
    fn shift_enter_breaks_the_line_once_while_composing() {
        check([composing("줄"), shift_taken(10.0), composed("줄", 11.0), EnterUp], &[Outcome::Break]);
        check(
            [composing("줄"), shift_taken(10.0), composed("줄", 11.0), shift_plain(12.0), EnterUp],
            &[Outcome::Break, Outcome::Swallow],
        );
        check([composing("줄"), composed("줄", 10.0), shift_taken(11.0), EnterUp], &[Outcome::Break]);
    }

    #[test]
    fn leaving_the_field_forgets_what_was_armed() {
        check([composing("녕"), taken(10.0), Blur, composed("녕", 11.0)], &[]);
    }

    #[test]
    fn the_rest_of_a_press_that_led_to_another_field_does_nothing_there() {
        let macos = [composing("의"), taken(10.0), composed("의", 10.5), Blur, plain(11.0), EnterUp];
        check(macos, &[Outcome::Send, Outcome::Swallow]);
        check([plain(10.0), Blur, LineBreak { at_ms: 11.0 }, EnterUp], &[Outcome::Send, Outcome::Swallow]);
        check([plain(10.0), Blur, EnterUp, plain(90.0)], &[Outcome::Send, Outcome::Send]);
    }

    #[test]
    fn a_composition_that_ends_without_enter_sends_nothing() {
        check([composing("녕"), composed("녕", 10.0), OtherDown], &[]);
        check([composing("녕"), composed("녕", 10.0), OtherDown, plain(50.0), EnterUp], &[Outcome::Send]);
    }
}
