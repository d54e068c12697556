//! Whether somebody can be talked to: here, away, or not to be disturbed. The server finds it from what a person's browsers
//! tell; a room's people are here unless the room says otherwise ([`Absent`]).

use crate::chat::Chat;
use crate::first_page::Form;
use crate::i18n::Words;
use crate::member::MemberId;
use crate::protocol::ClientFrame;
use crate::text::when::Local;

/// Somebody who has touched nothing for so many milliseconds is away.
pub const AWAY_AFTER_MS: i64 = 5 * 60 * 1_000;
/// The end of a rest that ends when its person says so: a moment in 2286, in milliseconds since 1970.
pub const UNTIL_I_SAY_MS: i64 = 9_999_999_999_999;

const MINUTE_MS: i64 = 60 * 1_000;
/// The hour at which a morning begins.
const MORNING: i64 = 8;
/// Up to this hour the day before is not over: who is up at two means the same morning.
const NIGHT_ENDS: i64 = 4;

/// How it stands with somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Availability {
    /// At the keyboard, more or less.
    #[default]
    Here,
    /// Connected, but nothing was touched for [`AWAY_AFTER_MS`] on any device.
    Away,
    /// Not to be disturbed.
    Quiet,
}

impl Availability {
    /// The word in the document.
    pub fn word(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Away => "away",
            Self::Quiet => "quiet",
        }
    }

    /// What people call it.
    pub fn label(self, words: &Words) -> &'static str {
        match self {
            Self::Here => words.attention.here,
            Self::Away => words.attention.away,
            Self::Quiet => words.attention.quiet,
        }
    }
}

/// Who of a room's people is not simply here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    /// Who is away.
    pub away: Vec<MemberId>,
    /// Who is not to be disturbed.
    pub quiet: Vec<MemberId>,
}

impl Absent {
    /// How it stands with somebody.
    pub fn of(&self, id: MemberId) -> Availability {
        if self.quiet.contains(&id) {
            Availability::Quiet
        } else if self.away.contains(&id) {
            Availability::Away
        } else {
            Availability::Here
        }
    }

    /// Somebody has left; should they come back, nothing is known of them.
    pub fn strike(&mut self, id: MemberId) {
        self.away.retain(|away| *away != id);
        self.quiet.retain(|quiet| *quiet != id);
    }
}

/// For how long somebody is not to be disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Thirty minutes.
    HalfAnHour,
    /// Sixty minutes.
    AnHour,
    /// Until eight o'clock of the next morning, on the person's clock.
    UntilMorning,
    /// Until they say otherwise.
    UntilISay,
    /// Not any more.
    Over,
}

impl Rest {
    /// Those that one can choose.
    pub const ALL: [Self; 4] = [Self::HalfAnHour, Self::AnHour, Self::UntilMorning, Self::UntilISay];

    /// The word in the form.
    pub fn word(self) -> &'static str {
        match self {
            Self::HalfAnHour => "30m",
            Self::AnHour => "1h",
            Self::UntilMorning => "morning",
            Self::UntilISay => "always",
            Self::Over => "over",
        }
    }

    /// Reads [`Rest::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Over]).find(|rest| rest.word() == word)
    }

    /// What the button says.
    pub fn label(self, words: &Words) -> &'static str {
        match self {
            Self::HalfAnHour => words.attention.half_an_hour,
            Self::AnHour => words.attention.an_hour,
            Self::UntilMorning => words.attention.until_morning,
            Self::UntilISay => words.attention.until_i_say,
            Self::Over => words.attention.end_quiet,
        }
    }

    /// When it ends, in milliseconds since 1970; 0 when it is over. `offset_min` says by how many minutes the person's clock is
    /// ahead of UTC at a moment.
    pub fn until_ms(self, now_ms: i64, offset_min: impl Fn(i64) -> i32) -> i64 {
        match self {
            Self::HalfAnHour => now_ms + 30 * MINUTE_MS,
            Self::AnHour => now_ms + 60 * MINUTE_MS,
            Self::UntilMorning => {
                let evening = Local::new(now_ms - NIGHT_ENDS * 60 * MINUTE_MS, offset_min(now_ms));
                let minutes_utc = |offset_min| ((evening.day + 1) * 24 + MORNING) * 60 - i64::from(offset_min);
                // The clocks may be changed that night.
                let about_ms = minutes_utc(offset_min(now_ms)) * MINUTE_MS;
                minutes_utc(offset_min(about_ms)) * MINUTE_MS
            }
            Self::UntilISay => UNTIL_I_SAY_MS,
            Self::Over => 0,
        }
    }
}

impl Chat {
    /// Asks not to be disturbed, or to be again.
    pub fn rests(self, rest: Rest) {
        let until_ms = rest.until_ms((self.browser.now_ms)(), self.browser.offset_min);
        self.submit(Form::Quiet, String::new(), ClientFrame::Quiet { until_ms });
    }

    /// Whether I am not to be disturbed (tracked). The server says when that ends.
    pub fn is_quiet(self) -> bool {
        self.quiet_until_ms.get() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * MINUTE_MS;
    /// 2026-11-20 00:00 UTC.
    const MIDNIGHT_MS: i64 = 1_795_132_800_000;

    #[test]
    fn a_morning_is_the_next_one_on_the_persons_clock() {
        let until = |now_ms| Rest::UntilMorning.until_ms(now_ms, |_| 540);
        let morning_in_seoul = MIDNIGHT_MS + 23 * HOUR_MS;
        for hour_utc in [0, 6, 14, 18] {
            assert_eq!(until(MIDNIGHT_MS + hour_utc * HOUR_MS), morning_in_seoul, "at {hour_utc} o'clock UTC");
        }
        assert_eq!(until(MIDNIGHT_MS + 19 * HOUR_MS), morning_in_seoul + 24 * HOUR_MS, "at four a new day has begun");
    }

    #[test]
    fn a_morning_after_the_clocks_were_changed_begins_at_eight() {
        let changes_ms = MIDNIGHT_MS + HOUR_MS;
        let offset_min = |at_ms: i64| if at_ms < changes_ms { 120 } else { 60 };
        let until_ms = Rest::UntilMorning.until_ms(MIDNIGHT_MS - 4 * HOUR_MS, offset_min);
        assert_eq!(Local::new(until_ms, 60).iso(), "2026-11-20T08:00");
    }

    #[test]
    fn a_rest_is_known_by_its_word() {
        for rest in Rest::ALL.into_iter().chain([Rest::Over]) {
            assert_eq!(Rest::from_word(rest.word()), Some(rest));
        }
        assert_eq!(Rest::from_word("for ever"), None);
        assert_eq!((Rest::AnHour.until_ms(5, |_| 0), Rest::Over.until_ms(5, |_| 0)), (5 + HOUR_MS, 0));
    }

    #[test]
    fn whoever_is_quiet_is_that_even_when_away() {
        let [one, two, three] = [1, 2, 3].map(MemberId);
        let mut absent = Absent { away: vec![one, two], quiet: vec![two] };
        assert_eq!([one, two, three].map(|id| absent.of(id).word()), ["away", "quiet", "here"]);
        absent.strike(two);
        assert_eq!((absent.of(two), absent.of(one)), (Availability::Here, Availability::Away));
    }
}
