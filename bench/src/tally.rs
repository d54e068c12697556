//! What one receiver got of each sender: what is lost, doubled, out of order, or was meant for another room.

use std::collections::HashSet;

use crate::note::Note;

/// One receiver's count.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    last: Vec<u32>,
    missing: HashSet<(u16, u32)>,
    /// How many texts came for the first time.
    pub(crate) received: u64,
    /// How many came again.
    pub(crate) doubled: u64,
    /// How many came after a later one of the same sender.
    pub(crate) disordered: u64,
    /// How many were meant for another room.
    pub(crate) misdirected: u64,
    /// A mark of all texts in their order: receivers who saw the same have the same.
    pub(crate) order: u64,
}

impl Tally {
    /// For a room with so many senders.
    pub(crate) fn new(senders: usize) -> Self {
        Self { last: vec![0; senders], ..Self::default() }
    }

    /// Counts a text that came to somebody in `room`.
    pub(crate) fn take(&mut self, room: u16, note: &Note) {
        let Some(last) = self.last.get_mut(usize::from(note.sender)).filter(|_| note.room == room) else {
            self.misdirected += 1;
            return;
        };
        if note.number == *last + 1 {
            *last = note.number;
        } else if note.number > *last {
            self.missing.extend((*last + 1..note.number).map(|number| (note.sender, number)));
            *last = note.number;
        } else if self.missing.remove(&(note.sender, note.number)) {
            self.disordered += 1;
        } else {
            self.doubled += 1;
            return;
        }
        self.received += 1;
        let which = u64::from(note.sender) << 32 | u64::from(note.number);
        self.order = (self.order.rotate_left(7) ^ which).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    /// How many never came, of what each sender has sent.
    pub(crate) fn lost(&self, sent: &[u32]) -> u64 {
        let never_reached = self.last.iter().zip(sent).map(|(last, sent)| u64::from(sent.saturating_sub(*last)));
        self.missing.len() as u64 + never_reached.sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(numbers: &[u32]) -> Tally {
        let mut tally = Tally::new(1);
        numbers.iter().for_each(|&number| tally.take(0, &Note { room: 0, sender: 0, number, meant_ns: 0 }));
        tally
    }

    fn faults(numbers: &[u32]) -> (u64, u64, u64) {
        let tally = tally(numbers);
        (tally.lost(&[3]), tally.doubled, tally.disordered)
    }

    #[test]
    fn every_fault_is_told_apart() {
        assert_eq!(faults(&[1, 2, 3]), (0, 0, 0));
        assert_eq!(faults(&[1, 3]), (1, 0, 0));
        assert_eq!(faults(&[1]), (2, 0, 0));
        assert_eq!(faults(&[]), (3, 0, 0));
        assert_eq!(faults(&[1, 2, 2, 3]), (0, 1, 0));
        assert_eq!(faults(&[1, 3, 2]), (0, 0, 1));
        assert_eq!(faults(&[2, 1, 1, 3]), (0, 1, 1));
    }

    #[test]
    fn a_text_for_another_room_or_of_nobody_is_misdirected() {
        let mut tally = tally(&[1, 2, 3]);
        tally.take(0, &Note { room: 1, sender: 0, number: 4, meant_ns: 0 });
        tally.take(0, &Note { room: 0, sender: 1, number: 1, meant_ns: 0 });
        assert_eq!((tally.misdirected, tally.received, tally.lost(&[3])), (2, 3, 0));
    }

    #[test]
    fn receivers_who_saw_another_order_have_another_mark() {
        assert_eq!(tally(&[1, 2, 3]).order, tally(&[1, 2, 2, 3]).order);
        assert_ne!(tally(&[1, 2, 3]).order, tally(&[1, 3, 2]).order);
        assert_ne!(tally(&[1, 2, 3]).order, tally(&[1, 2]).order);
    }
}
