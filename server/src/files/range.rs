//! Which part of a file is asked for (RFC 9110, section 14).

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it: there is no such header, or one that need not be understood, as for several parts at once.
    All,
    /// These bytes.
    Part(Range<u64>),
    /// Nothing that there is.
    Nothing,
}

impl Asked {
    /// Reads the header, for so many bytes.
    pub(super) fn of(header: &str, size: u64) -> Self {
        let Some((first, last)) = header.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')) else {
            return Self::All;
        };
        let number = |digits: &str| {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse().unwrap_or(u64::MAX))
        };
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first > last => Self::All,
            (Some(first), _) if first >= size && (last.is_empty() || number(last).is_some()) => Self::Nothing,
            (Some(first), Some(last)) => Self::Part(first..last.saturating_add(1).min(size)),
            (Some(first), None) if last.is_empty() => Self::Part(first..size),
            (None, Some(0)) if first.is_empty() => Self::Nothing,
            (None, Some(_)) if first.is_empty() && size == 0 => Self::Nothing,
            (None, Some(count)) if first.is_empty() => Self::Part(size.saturating_sub(count)..size),
            _ => Self::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_is_given_and_nothing_beyond_the_end() {
        for (header, asked) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=0-", Asked::Part(0..10)),
            ("bytes=4-6", Asked::Part(4..7)),
            ("bytes=9-999999999999999999999999", Asked::Part(9..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-99", Asked::Part(0..10)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=10-12", Asked::Nothing),
            ("bytes=99999999999999999999-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
        ] {
            assert_eq!(Asked::of(header, 10), asked, "{header}");
        }
        assert_eq!(Asked::of("bytes=0-", 0), Asked::Nothing);
        assert_eq!(Asked::of("bytes=-5", 0), Asked::Nothing);
    }

    #[test]
    fn what_is_not_one_part_is_all_of_it() {
        let thousands = format!("bytes={}", "0-1,".repeat(5_000));
        for header in
            ["", "bytes", "bytes=", "bytes=-", "bytes=6-4", "bytes=a-b", "bytes=+1-2", "lines=1-2", &thousands]
        {
            assert_eq!(Asked::of(header, 10), Asked::All, "{header:.40}");
        }
    }
}
