//! How long things took: counts in buckets that are never wider than one part in 64 of what they hold.

/// Bits of a value that are kept below its highest one.
const FINE_BITS: u32 = 6;
const FINE: usize = 1 << FINE_BITS;

/// Durations in nanoseconds.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    buckets: Vec<u64>,
    count: u64,
}

impl Histogram {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { buckets: vec![0; FINE * (65 - FINE_BITS as usize)], count: 0 }
    }

    /// Counts one.
    pub(crate) fn record(&mut self, ns: u64) {
        self.buckets[bucket(ns)] += 1;
        self.count += 1;
    }

    /// Adds what another counted.
    pub(crate) fn add(&mut self, other: &Self) {
        self.buckets.iter_mut().zip(&other.buckets).for_each(|(mine, theirs)| *mine += theirs);
        self.count += other.count;
    }

    /// The value in milliseconds that this share (0 to 1) of all stay within; `None` when nothing was counted.
    pub(crate) fn quantile_ms(&self, share: f64) -> Option<f64> {
        let wanted = ((self.count as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        let reaches = |count: &u64| {
            seen += count;
            seen >= wanted
        };
        self.buckets.iter().position(reaches).map(|bucket| middle(bucket) / 1e6)
    }
}

/// Values below 128 have a bucket each; above, every doubling has 64.
fn bucket(ns: u64) -> usize {
    let shift = (63 - (ns | 1).leading_zeros()).saturating_sub(FINE_BITS);
    shift as usize * FINE + (ns >> shift) as usize
}

fn middle(bucket: usize) -> f64 {
    if bucket < 2 * FINE {
        return bucket as f64;
    }
    let shift = bucket / FINE - 1;
    ((bucket - shift * FINE) as f64 + 0.5) * (1u64 << shift) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_bucket_that_is_near_it() {
        for ns in (0..200).chain((0..63).map(|bit| (1u64 << bit) + (1 << bit) / 3)).chain([u64::MAX / 2]) {
            let found = middle(bucket(ns));
            assert!((found - ns as f64).abs() <= ns as f64 / 64.0, "{ns} became {found}");
        }
        assert!(bucket(u64::MAX) < Histogram::new().buckets.len());
    }

    #[test]
    fn quantiles_are_those_of_what_was_counted() {
        let mut histogram = Histogram::new();
        assert_eq!(histogram.quantile_ms(0.5), None);
        (1..=1_000).for_each(|ms| histogram.record(ms * 1_000_000));
        for (share, ms) in [(0.5, 500.0), (0.99, 990.0), (0.999, 999.0), (1.0, 1_000.0)] {
            let found = histogram.quantile_ms(share).expect("a value");
            assert!((found - ms).abs() < ms / 50.0, "{share}: {found}");
        }
    }
}
