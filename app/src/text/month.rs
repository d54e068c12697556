//! Months of the reader's calendar, as addresses name them (`2026-11`) and as people read them.

use super::when::{Local, MONTHS};
use crate::i18n::Lang;

/// A month of the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// The year.
    year: i64,
    /// 1 to 12.
    month: i64,
}

impl Month {
    /// The month in which a moment lies on the reader's clock.
    pub fn of(local: Local) -> Self {
        let (year, month, _) = local.civil();
        Self { year, month }
    }

    /// Reads `2026-11`, for the years that people may have written in.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-').filter(|_| text.len() == 7 && text.is_ascii())?;
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        ((1970..=9998).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// As [`Month::parse`] reads it.
    pub fn tag(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// The month after it.
    pub fn next(self) -> Self {
        if self.month == 12 { Self { year: self.year + 1, month: 1 } } else { Self { month: self.month + 1, ..self } }
    }

    /// Its first day, in days since 1970-01-01.
    pub fn first_day(self) -> i64 {
        // Counted from 1 March, in eras of 400 years, so that the leap day is the last of its year.
        let (year, month_from_march) = (self.year - i64::from(self.month <= 2), (self.month + 9) % 12);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * month_from_march + 2) / 5;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        self.next().first_day() - self.first_day()
    }

    /// The weekday of its first day, from 0 for Sunday.
    pub fn first_weekday(self) -> i64 {
        (self.first_day() + 4).rem_euclid(7)
    }

    /// `2026년 11월` or `November 2026`.
    pub fn title(self, lang: Lang) -> String {
        match lang {
            Lang::Ko => format!("{}년 {}월", self.year, self.month),
            Lang::En => format!("{} {}", MONTHS[self.month as usize - 1], self.year),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_day_by_day() {
        let mut month = Month::parse("1970-01").expect("a month");
        assert_eq!((month.first_day(), month.first_weekday()), (0, 4), "a Thursday");
        let mut days = 0;
        for _ in 0..1_200 {
            assert_eq!(month.first_day(), days);
            let at = |day: i64| Local { day, minute: 0 };
            assert_eq!((Month::of(at(days)), Month::of(at(days + month.days() - 1))), (month, month));
            days += month.days();
            month = month.next();
        }
        assert_eq!(month.tag(), "2070-01");
    }

    #[test]
    fn only_months_are_read() {
        let november = Month::parse("2026-11").expect("a month");
        assert_eq!((november.tag(), november.days()), ("2026-11".to_owned(), 30));
        assert_eq!(
            (november.title(Lang::Ko), november.title(Lang::En)),
            ("2026년 11월".into(), "November 2026".into())
        );
        for nonsense in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-11",
            "+026-11",
            "9999-12",
            "2026-11-",
            "２０２６-11",
            "-001-01",
        ] {
            assert_eq!(Month::parse(nonsense).map(Month::tag).filter(|tag| tag != nonsense), None, "{nonsense}");
        }
        assert_eq!(Month::parse("2026-13"), None);
    }
}
