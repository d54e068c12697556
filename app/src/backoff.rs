//! How long a client waits before it tries again: anything from no time at all up to a bound that doubles with each try, so
//! that a thousand browsers that lost their server at the same moment don't come back at the same moment ("full jitter").

const FIRST_BOUND_MS: f64 = 500.0;
const LAST_BOUND_MS: f64 = 30_000.0;
/// A connection that stood so long was a good one, and the next bound is the first again.
const CALM_MS: f64 = 60_000.0;

/// The waits between tries.
#[derive(Debug, Default)]
pub struct Backoff {
    tries: i32,
}

impl Backoff {
    /// How many milliseconds to wait now; `random` is in 0..1, and all of it is used.
    pub fn next_ms(&mut self, random: f64) -> u32 {
        let bound_ms = (FIRST_BOUND_MS * 2_f64.powi(self.tries)).min(LAST_BOUND_MS);
        self.tries = (self.tries + 1).min(16);
        (random * bound_ms) as u32
    }

    /// A connection stood for so long.
    pub fn stood(&mut self, lasted_ms: f64) {
        if lasted_ms >= CALM_MS {
            self.tries = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(random: f64) -> Vec<u32> {
        let mut backoff = Backoff::default();
        (0..9).map(|_| backoff.next_ms(random)).collect()
    }

    #[test]
    fn a_wait_is_any_part_of_a_bound_that_doubles_up_to_half_a_minute() {
        assert_eq!(waits(1.0), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        assert_eq!(waits(0.5), [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
        assert_eq!(waits(0.0), [0; 9]);
    }

    #[test]
    fn after_a_calm_minute_the_first_bound_counts_again() {
        let mut backoff = Backoff::default();
        for _ in 0..8 {
            backoff.next_ms(1.0);
        }
        backoff.stood(59_999.0);
        assert_eq!(backoff.next_ms(1.0), 30_000);
        backoff.stood(60_000.0);
        assert_eq!(backoff.next_ms(1.0), 500);
    }
}
