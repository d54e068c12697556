//! Chance that a seed repeats: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
//! Every scenario and every person has dice of its own, so that one's throws don't change another's.

use std::ops::Range;

use app::message::Cid;

/// A seeded source of decisions.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way for the same seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Other dice, which depend on these and on the name alone, not on what was thrown in between.
    pub(crate) fn named(&self, name: &str) -> Self {
        Self(name.bytes().fold(mixed(self.0), |seed, byte| mixed(seed ^ u64::from(byte))))
    }

    /// Any number.
    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0)
    }

    /// A number in a range that is not empty.
    pub(crate) fn within(&mut self, range: &Range<u64>) -> u64 {
        range.start + self.number() % (range.end - range.start).max(1)
    }

    /// A number from 0 up to this one, without it.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.within(&(0..end as u64)) as usize
    }

    /// A fraction from 0 up to 1, without it.
    pub(crate) fn fraction(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True this often, in hundred.
    pub(crate) fn falls(&mut self, percent: u64) -> bool {
        self.within(&(0..100)) < percent
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// A message's id.
    pub(crate) fn cid(&mut self) -> Cid {
        Cid(u128::from(self.number()) << 64 | u128::from(self.number()))
    }
}

fn mixed(seed: u64) -> u64 {
    let z = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
