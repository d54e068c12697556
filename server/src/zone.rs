//! The time zone of somebody's clock, as their browser names it: what it shows at a moment, and which moment it means.

use std::convert::Infallible;

use app::first_page::{OFFSET_COOKIE, ZONE_COOKIE};
use app::i18n::Lang;
use app::text::when::Local;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan, Zoned};

/// The hour at which a day's work begins.
const MORNING: i8 = 9;
/// The longest name of a time zone, in bytes.
const MAX_BYTES: usize = 64;
/// The farthest that clocks stand from UTC, in minutes.
const MAX_OFFSET_MIN: i32 = 14 * 60;

/// A time zone. Where the browser has not told its name, it is as far from UTC as the browser's clock was last; where it has told
/// nothing, it is UTC.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of whoever asks.
    pub fn of(headers: &HeaderMap) -> Self {
        let cookies = CookieJar::from_headers(headers);
        let named = cookies.get(ZONE_COOKIE).and_then(|cookie| Self::named(cookie.value()));
        let offset_min = cookies.get(OFFSET_COOKIE).and_then(|cookie| cookie.value().parse().ok());
        let ahead = offset_min.filter(|offset_min: &i32| offset_min.abs() <= MAX_OFFSET_MIN);
        named.unwrap_or_else(|| Self::ahead(ahead.unwrap_or_default()))
    }

    /// The zone of this name (IANA, or `+09:00`).
    pub fn named(name: &str) -> Option<Self> {
        if name.len() > MAX_BYTES {
            return None;
        }
        if let Some(minutes) = name.strip_prefix(['+', '-']).and_then(minutes) {
            return Some(Self::ahead(if name.starts_with('-') { -minutes } else { minutes }));
        }
        TimeZone::get(name).ok().map(Self)
    }

    fn ahead(offset_min: i32) -> Self {
        let offset = Offset::from_seconds(offset_min * 60).unwrap_or(Offset::UTC);
        Self(if offset_min == 0 { TimeZone::UTC } else { TimeZone::fixed(offset) })
    }

    /// Its name, which leads back to it.
    pub fn name(&self) -> String {
        match self.0.iana_name() {
            Some(name) => name.to_owned(),
            None => {
                let minutes = self.0.to_offset(Timestamp::UNIX_EPOCH).seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }

    /// That times are in it, for whoever has no scripts: their browser may never have told where its clock is.
    pub fn sentence(&self, lang: Lang) -> String {
        let name = self.name().replace('_', " ");
        let utc = if name.starts_with(['+', '-']) { "UTC" } else { "" };
        format!("{} {utc}{name}", lang.sheet_words().times_in)
    }

    /// What the clock shows at a moment.
    pub fn local(&self, at_ms: i64) -> Local {
        Local::new(at_ms, self.offset_min(at_ms))
    }

    /// By how many minutes the clock is ahead of UTC at a moment.
    pub fn offset_min(&self, at_ms: i64) -> i32 {
        self.0.to_offset(timestamp(at_ms)).seconds() / 60
    }

    /// The moment at which the clock shows this, as HTML's fields for it write it (`2026-11-23T09:00`); `None` where it is no time.
    /// What the clock skips when summer begins is as much later; of what it shows twice it is the first.
    pub fn at_ms(&self, shown: &str) -> Option<i64> {
        let shown: DateTime = shown.trim().parse().ok()?;
        self.moment(shown)
    }

    /// An hour from now, to the full minute.
    pub fn in_an_hour(now_ms: i64) -> i64 {
        (now_ms + 3_600_000 + 59_999).div_euclid(60_000) * 60_000
    }

    /// The next morning.
    pub fn tomorrow(&self, now_ms: i64) -> i64 {
        let next = self.zoned(now_ms).date().checked_add(1.day());
        next.ok().and_then(|date| self.moment(date.at(MORNING, 0, 0, 0))).unwrap_or(now_ms)
    }

    /// The morning of the next Monday, which is never today.
    pub fn next_monday(&self, now_ms: i64) -> i64 {
        let monday = self.zoned(now_ms).date().nth_weekday(1, Weekday::Monday);
        monday.ok().and_then(|date| self.moment(date.at(MORNING, 0, 0, 0))).unwrap_or(now_ms)
    }

    fn moment(&self, shown: DateTime) -> Option<i64> {
        shown.to_zoned(self.0.clone()).ok().map(|zoned| zoned.timestamp().as_millisecond())
    }

    fn zoned(&self, at_ms: i64) -> Zoned {
        timestamp(at_ms).to_zoned(self.0.clone())
    }
}

impl<S: Sync> FromRequestParts<S> for Zone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// Hours and minutes as `09:00`.
fn minutes(text: &str) -> Option<i32> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

fn timestamp(at_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str, shown: &str) -> String {
        let at_ms = Zone::named(zone).expect("a zone").at_ms(shown).expect("a time");
        timestamp(at_ms).to_string()
    }

    #[test]
    fn a_time_is_meant_as_the_clock_of_its_place_shows_it_then() {
        assert_eq!(at("Asia/Seoul", "2026-11-23T09:00"), "2026-11-23T00:00:00Z");
        assert_eq!(at("Europe/Berlin", "2026-07-01T09:00"), "2026-07-01T07:00:00Z");
        assert_eq!(at("Europe/Berlin", "2026-12-01T09:00"), "2026-12-01T08:00:00Z", "whatever it shows today");
        assert_eq!(at("Europe/Berlin", "2026-03-29T02:30"), "2026-03-29T01:30:00Z", "the clock skips it");
        assert_eq!(at("Europe/Berlin", "2026-10-25T02:30"), "2026-10-25T00:30:00Z", "the clock shows it twice");
        assert_eq!(at("+05:30", "2026-11-23T09:00:30"), "2026-11-23T03:30:30Z");
        for no_time in ["", "tomorrow", "2026-02-30T09:00", "2026-11-23T25:00", "99999-01-01T00:00"] {
            assert_eq!(Zone::named("UTC").and_then(|zone| zone.at_ms(no_time)), None, "{no_time}");
        }
    }

    #[test]
    fn a_zone_is_found_by_its_name_again() {
        for name in ["Asia/Seoul", "America/New_York", "UTC", "+09:00", "-03:30"] {
            assert_eq!(Zone::named(name).map(|zone| zone.name()).as_deref(), Some(name));
        }
        for name in ["", "Nowhere/Land", "../etc/passwd", "/etc/passwd", "+99:00", "+1"] {
            assert!(Zone::named(name).is_none(), "{name}");
        }
        assert!(Zone::named(&"x".repeat(1_000)).is_none());
    }

    #[test]
    fn the_mornings_that_are_offered_are_those_of_the_place() {
        let zone = Zone::named("Asia/Seoul").expect("a zone");
        // Monday, 23 November 2026, 08:00 in Seoul; still Sunday in UTC.
        let now_ms = zone.at_ms("2026-11-23T08:00:01").expect("a time");
        let shown = |at_ms| zone.local(at_ms).iso();
        assert_eq!(shown(zone.tomorrow(now_ms)), "2026-11-24T09:00");
        assert_eq!(shown(zone.next_monday(now_ms)), "2026-11-30T09:00");
        assert_eq!(Zone::in_an_hour(now_ms) - now_ms, 3_600_000 + 59_000);
    }
}
