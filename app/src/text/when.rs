//! Moments as people read them: the day, the time of day, and how the reader's clock stands to UTC.
//!
//! Written here and not with the browser's Intl, because the server writes the same words into the first page, before
//! there is a browser's Intl to ask, and nothing may change when the wasm arrives.

use crate::i18n::Lang;

const MS_PER_MINUTE: i64 = 60_000;
const MS_PER_DAY: i64 = 24 * 60 * MS_PER_MINUTE;

/// A moment on the reader's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// Days since 1970-01-01 on the reader's calendar.
    pub day: i64,
    /// Minutes since the reader's midnight.
    pub minute: i64,
}

impl Local {
    /// The moment `at_ms` (since 1970, UTC) where clocks are `offset_min` minutes ahead of UTC.
    pub fn new(at_ms: i64, offset_min: i32) -> Self {
        let local_ms = at_ms + i64::from(offset_min) * MS_PER_MINUTE;
        Self { day: local_ms.div_euclid(MS_PER_DAY), minute: local_ms.rem_euclid(MS_PER_DAY) / MS_PER_MINUTE }
    }

    /// The moment in milliseconds since 1970 (UTC), where clocks are `offset_min` minutes ahead of UTC.
    pub fn at_ms(self, offset_min: i32) -> i64 {
        self.day * MS_PER_DAY + (self.minute - i64::from(offset_min)) * MS_PER_MINUTE
    }

    /// The time of day, as `오후 2:05` or `2:05 PM`, on one line.
    pub fn time(self, lang: Lang) -> String {
        let (hour, minute) = (self.minute / 60, self.minute % 60);
        let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
        match (lang, hour < 12) {
            (Lang::Ko, true) => format!("오전\u{a0}{twelve}:{minute:02}"),
            (Lang::Ko, false) => format!("오후\u{a0}{twelve}:{minute:02}"),
            (Lang::En, true) => format!("{twelve}:{minute:02}\u{a0}AM"),
            (Lang::En, false) => format!("{twelve}:{minute:02}\u{a0}PM"),
        }
    }

    /// The day, as `2026년 11월 20일 금요일` or `Friday, November 20, 2026`.
    pub fn date(self, lang: Lang) -> String {
        let (year, month, day) = self.civil();
        let weekday = (self.day + 4).rem_euclid(7) as usize;
        match lang {
            Lang::Ko => {
                format!("{year}년 {month}월 {day}일 {}요일", ["일", "월", "화", "수", "목", "금", "토"][weekday])
            }
            Lang::En => format!("{}, {} {day}, {year}", WEEKDAYS[weekday], MONTHS[month as usize - 1]),
        }
    }

    /// The moment for machines, as `2026-11-20T05:00` (HTML's local date and time).
    pub fn iso(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}", self.minute / 60, self.minute % 60)
    }

    /// Year, month and day of the proleptic Gregorian calendar, counted in 400-year eras that begin on 1 March.
    pub(super) fn civil(self) -> (i64, i64, i64) {
        let shifted = self.day + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }
}

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;

    const NOV_20_2026_05_05_UTC: i64 = 1_795_151_100_000;

    #[test]
    fn a_moment_reads_naturally_in_both_languages() {
        let seoul = Local::new(NOV_20_2026_05_05_UTC, 540);
        assert_eq!(seoul.time(Lang::Ko), "오후\u{a0}2:05");
        assert_eq!(seoul.time(Lang::En), "2:05\u{a0}PM");
        assert_eq!(seoul.date(Lang::Ko), "2026년 11월 20일 금요일");
        assert_eq!(seoul.date(Lang::En), "Friday, November 20, 2026");
        assert_eq!(seoul.iso(), "2026-11-20T14:05");
        assert_eq!(seoul.at_ms(540), NOV_20_2026_05_05_UTC);
    }

    #[test]
    fn midnight_noon_leap_days_and_the_far_side_of_the_date_line() {
        assert_eq!(Local::new(0, 0).date(Lang::En), "Thursday, January 1, 1970");
        assert_eq!(Local::new(0, 0).time(Lang::En), "12:00\u{a0}AM");
        assert_eq!(Local::new(12 * 60 * MS_PER_MINUTE, 0).time(Lang::Ko), "오후\u{a0}12:00");
        assert_eq!(Local::new(0, -60).date(Lang::En), "Wednesday, December 31, 1969");
        assert_eq!(Local::new(951_782_400_000, 0).iso(), "2000-02-29T00:00");
    }
}
