//! Messages of mine that are not confirmed yet, in the order in which I wrote them. One at a time is on its way, so that
//! a repetition can't overtake; the same id goes out again after a cut, and the server's store makes it one message.

use std::collections::VecDeque;

use crate::message::{Cid, Draft};
use crate::refusal::Refusal;

/// A message that waits for its confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its id, made when Enter was pressed.
    pub cid: Cid,
    /// What it says.
    pub text: String,
    /// When Enter was pressed, in milliseconds since 1970.
    pub at_ms: i64,
    /// How it stands.
    pub delivery: Delivery,
}

/// How a pending message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Not given to the connection yet.
    Waiting,
    /// Given to the connection; the outcome is unknown.
    OnItsWay,
    /// The server refused it.
    Failed(Refusal),
}

/// The pending messages of one room.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    pending: VecDeque<Pending>,
}

impl Outbox {
    /// Adds a message at the end.
    pub fn add(&mut self, draft: &Draft, cid: Cid, at_ms: i64) {
        self.pending.push_back(Pending { cid, text: draft.as_str().to_owned(), at_ms, delivery: Delivery::Waiting });
    }

    /// Takes the next message that may go out, and marks it as on its way.
    pub fn take_next(&mut self) -> Option<Pending> {
        if self.pending.iter().any(|pending| pending.delivery == Delivery::OnItsWay) {
            return None;
        }
        let next = self.pending.iter_mut().find(|pending| pending.delivery == Delivery::Waiting)?;
        next.delivery = Delivery::OnItsWay;
        Some(next.clone())
    }

    /// The connection was cut: whatever was on its way goes out again, under the same id.
    pub fn cut(&mut self) {
        for pending in &mut self.pending {
            if pending.delivery == Delivery::OnItsWay {
                pending.delivery = Delivery::Waiting;
            }
        }
    }

    /// The message is confirmed.
    pub fn strike(&mut self, cid: Cid) {
        self.pending.retain(|pending| pending.cid != cid);
    }

    /// The server refused the message.
    pub fn fail(&mut self, cid: Cid, why: Refusal) {
        self.set(cid, Delivery::Failed(why));
    }

    /// The person wants a refused message sent again.
    pub fn retry(&mut self, cid: Cid) {
        self.set(cid, Delivery::Waiting);
    }

    fn set(&mut self, cid: Cid, delivery: Delivery) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.cid == cid) {
            pending.delivery = delivery;
        }
    }

    /// How a message stands; `None` when it is not pending (any more).
    pub fn delivery(&self, cid: Cid) -> Option<Delivery> {
        self.pending.iter().find(|pending| pending.cid == cid).map(|pending| pending.delivery)
    }

    /// All that is pending, in order.
    pub fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.pending.iter()
    }

    /// Whether something waits to go out.
    pub fn has_waiting(&self) -> bool {
        self.pending.iter().any(|pending| pending.delivery == Delivery::Waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(texts: &[&str]) -> Outbox {
        let mut outbox = Outbox::default();
        for (number, text) in (1_u128..).zip(texts) {
            outbox.add(&Draft::new(text).expect("a text"), Cid(number), 0);
        }
        outbox
    }

    fn next(outbox: &mut Outbox) -> Option<u128> {
        outbox.take_next().map(|pending| pending.cid.0)
    }

    #[test]
    fn one_message_at_a_time_in_order() {
        let mut outbox = outbox(&["a", "b"]);
        assert_eq!(next(&mut outbox), Some(1));
        assert_eq!(next(&mut outbox), None);
        outbox.strike(Cid(1));
        assert_eq!(next(&mut outbox), Some(2));
    }

    #[test]
    fn after_a_cut_the_same_id_goes_out_again() {
        let mut outbox = outbox(&["a", "b"]);
        next(&mut outbox);
        outbox.cut();
        assert_eq!(next(&mut outbox), Some(1));
    }

    #[test]
    fn a_refused_message_stays_and_holds_nothing_up() {
        let mut outbox = outbox(&["a", "b"]);
        next(&mut outbox);
        outbox.fail(Cid(1), Refusal::MessageTooLong);
        assert_eq!(next(&mut outbox), Some(2));
        assert_eq!(outbox.delivery(Cid(1)), Some(Delivery::Failed(Refusal::MessageTooLong)));
        outbox.cut();
        assert_eq!(outbox.delivery(Cid(1)), Some(Delivery::Failed(Refusal::MessageTooLong)));
        outbox.strike(Cid(2));
        outbox.retry(Cid(1));
        assert_eq!(next(&mut outbox), Some(1));
    }
}
