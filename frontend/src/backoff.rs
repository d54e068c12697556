//! How long to wait before the next try: twice as long each time, and a random part of it, so that a thousand browsers
//! don't come back at the same moment ("full jitter").

const SHORTEST_MS: f64 = 500.0;
const LONGEST_MS: f64 = 30_000.0;
/// A connection that stood so long was a good one, and the next wait is short again.
const CALM_MS: f64 = 60_000.0;

/// The waits between tries.
#[derive(Default)]
pub(crate) struct Backoff {
    tries: i32,
}

impl Backoff {
    /// How many milliseconds to wait now; `random` is in 0..1.
    pub(crate) fn next_ms(&mut self, random: f64) -> u32 {
        let ceiling_ms = (SHORTEST_MS * 2_f64.powi(self.tries + 1)).min(LONGEST_MS);
        self.tries = (self.tries + 1).min(16);
        (SHORTEST_MS + random * (ceiling_ms - SHORTEST_MS)) as u32
    }

    /// A connection stood for so long.
    pub(crate) fn stood(&mut self, lasted_ms: f64) {
        if lasted_ms >= CALM_MS {
            self.tries = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_half_a_minute_and_start_again_after_a_calm_minute() {
        let mut backoff = Backoff::default();
        let longest: Vec<u32> = (0..8).map(|_| backoff.next_ms(1.0)).collect();
        assert_eq!(longest, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        assert_eq!(backoff.next_ms(0.0), 500);
        backoff.stood(59_999.0);
        assert_eq!(backoff.next_ms(1.0), 30_000);
        backoff.stood(60_000.0);
        assert_eq!(backoff.next_ms(1.0), 1_000);
    }
}
