//! Messages of mine, and changes to them, that are not confirmed yet. What waits stands in the order in which I wrote it, and
//! what was refused stands below that until I decide. One at a time is on its way, so that a repetition can't overtake; the
//! same id goes out again after a cut, and the server's store makes it one message.

use crate::beside::Beside;
use crate::file::File;
use crate::member::Member;
use crate::message::{Cid, Draft, Event, Seq, What};
use crate::protocol::{ClientFrame, ServerFrame};
use crate::refusal::Refusal;
use crate::room::Slug;
use crate::thread::InThread;

/// A message, or something done to one, that waits for its confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its id, made when Enter was pressed.
    pub cid: Cid,
    /// What it will be.
    pub what: What,
    /// When Enter or Retry was pressed, in milliseconds since 1970; later than that of all that was written before.
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

impl Pending {
    /// The frame that other tabs and a later page know it by: the event that will confirm it, without a number yet. What it
    /// quotes is not kept, for that may be deleted meanwhile.
    pub fn frame(self, room: Slug, by: Member) -> ServerFrame {
        let Self { cid, at_ms, mut what, .. } = self;
        if let What::Posted { beside: Some(beside), .. } = &mut what
            && let Some(quote) = &mut beside.reply
        {
            quote.text.clear();
        }
        ServerFrame::Events { room, events: vec![Event { seq: 0, at_ms, by, what, cid: Some(cid) }] }
    }

    /// The frame that asks the server for it; `None` where nobody can ask for such a thing.
    pub fn asks(self, room: Slug) -> Option<ClientFrame> {
        let cid = self.cid;
        Some(match self.what {
            What::Posted { text, files, beside, .. } => {
                let Beside { reply, within, .. } = beside.map(|beside| *beside).unwrap_or_default();
                let reply_to = reply.map(|quote| quote.of);
                let files = files.into_iter().map(|file| file.id).collect();
                ClientFrame::Post { room, cid, text, files, reply_to, within }
            }
            What::Edited { of, text, .. } => ClientFrame::Edit { room, of, cid, text },
            What::Deleted { of, .. } => ClientFrame::Delete { room, of, cid },
            What::Reacted { of, emoji, on, .. } => ClientFrame::React { room, of, cid, emoji, on },
            What::Previewed { of, .. } => ClientFrame::HidePreview { room, of, cid },
            What::Pinned { of, on } => ClientFrame::Pin { room, of, cid, on },
            What::Renamed { .. } | What::Room(_) => return None,
        })
    }

    /// What is thrown away: to other tabs and a later page it is a message that says nothing.
    pub fn thrown_away(self) -> Self {
        Self { what: What::posted(String::new()), ..self }
    }

    /// Whether it is a new message.
    pub fn is_message(&self) -> bool {
        matches!(self.what, What::Posted { .. })
    }

    /// Whether it has a line in the room's talk.
    pub fn has_line(&self) -> bool {
        self.is_message() && self.within().is_none_or(|place| place.also)
    }

    /// The thread in which it is said, if it is.
    pub fn within(&self) -> Option<&InThread> {
        self.beside()?.within.as_ref()
    }

    /// What it says; nothing, where it deletes or reacts.
    pub fn text(&self) -> &str {
        match &self.what {
            What::Posted { text, .. } | What::Edited { text, .. } => text,
            _ => "",
        }
    }

    /// The files that it carries; they are at the server already.
    pub fn files(&self) -> &[File] {
        if let What::Posted { files, .. } = &self.what { files } else { &[] }
    }

    /// What stands beside it.
    pub fn beside(&self) -> Option<&Beside> {
        if let What::Posted { beside, .. } = &self.what { beside.as_deref() } else { None }
    }

    /// Whether the server refused it.
    pub fn is_failed(&self) -> bool {
        matches!(self.delivery, Delivery::Failed(_))
    }
}

/// The pending messages of one room.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    pending: Vec<Pending>,
    written_here: usize,
}

impl Outbox {
    /// Adds a message behind all that waits.
    pub fn add(&mut self, draft: &Draft, files: Vec<File>, cid: Cid, now_ms: i64) -> Pending {
        self.add_beside(draft, files, None, cid, now_ms)
    }

    /// Adds a message, with what it answers or the thread in which it is said, behind all that waits.
    pub fn add_beside(
        &mut self,
        draft: &Draft,
        files: Vec<File>,
        beside: Option<Box<Beside>>,
        cid: Cid,
        now_ms: i64,
    ) -> Pending {
        let text = draft.as_str().to_owned();
        let what = What::Posted { text, markup: None, edited_ms: None, files, beside };
        let added = self.add_last(Pending { cid, what, at_ms: now_ms, delivery: Delivery::Waiting });
        self.written_here += usize::from(added.has_line());
        added
    }

    /// Adds something that is done to a message behind all that waits.
    pub fn add_change(&mut self, what: What, cid: Cid, now_ms: i64) -> Pending {
        self.add_last(Pending { cid, what, at_ms: now_ms, delivery: Delivery::Waiting })
    }

    /// Adds what another tab or an earlier page has where its time puts it. Of what is here already, it says that it waits
    /// (again).
    pub fn put(&mut self, cid: Cid, what: What, at_ms: i64) {
        if self.delivery(cid) != Some(Delivery::OnItsWay) {
            self.strike(cid);
            self.insert(Pending { cid, what, at_ms, delivery: Delivery::Waiting });
        }
    }

    /// The clock may have been set back meanwhile; the order of writing stays.
    fn add_last(&mut self, pending: Pending) -> Pending {
        let last_ms = self.pending.iter().filter(|pending| !pending.is_failed()).map(|pending| pending.at_ms + 1).max();
        let pending = Pending { at_ms: pending.at_ms.max(last_ms.unwrap_or_default()), ..pending };
        self.insert(pending.clone());
        pending
    }

    fn insert(&mut self, pending: Pending) {
        let place = |pending: &Pending| (pending.is_failed(), pending.at_ms, pending.cid);
        let at = self.pending.partition_point(|other| place(other) < place(&pending));
        self.pending.insert(at, pending);
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

    /// The connection was cut, or had no time: whatever was on its way goes out again, under the same id.
    pub fn cut(&mut self) {
        for pending in &mut self.pending {
            if pending.delivery == Delivery::OnItsWay {
                pending.delivery = Delivery::Waiting;
            }
        }
    }

    /// The message is confirmed, or thrown away.
    pub fn strike(&mut self, cid: Cid) -> Option<Pending> {
        let at = self.pending.iter().position(|pending| pending.cid == cid)?;
        Some(self.pending.remove(at))
    }

    /// The server refused the message: it holds nothing up, and stands last until the person decides.
    pub fn fail(&mut self, cid: Cid, why: Refusal) {
        if let Some(pending) = self.strike(cid) {
            self.insert(Pending { delivery: Delivery::Failed(why), ..pending });
        }
    }

    /// The person wants a refused message sent again: its place is behind all that they wrote meanwhile.
    pub fn retry(&mut self, cid: Cid, now_ms: i64) -> Option<Pending> {
        let pending = self.strike(cid)?;
        Some(self.add_last(Pending { at_ms: now_ms, delivery: Delivery::Waiting, ..pending }))
    }

    /// How a message stands; `None` when it is not pending (any more).
    pub fn delivery(&self, cid: Cid) -> Option<Delivery> {
        self.pending.iter().find(|pending| pending.cid == cid).map(|pending| pending.delivery)
    }

    /// The message that is on its way.
    pub fn on_its_way(&self) -> Option<Cid> {
        self.pending.iter().find(|pending| pending.delivery == Delivery::OnItsWay).map(|pending| pending.cid)
    }

    /// The last change to what a message says.
    pub fn change_of(&self, seq: Seq) -> Option<&Pending> {
        let is_change = |pending: &&Pending| match pending.what {
            What::Edited { of, .. } | What::Deleted { of, .. } => of == seq,
            _ => false,
        };
        self.pending.iter().rev().find(is_change)
    }

    /// What is done to a message besides, in the order in which it was wanted: reactions, pins, and that a preview goes.
    pub fn done_to(&self, seq: Seq) -> impl DoubleEndedIterator<Item = &What> {
        self.pending.iter().map(|pending| &pending.what).filter(move |what| what.of() == Some(seq))
    }

    /// All that is pending, in the order in which it stands on the screen.
    pub fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.pending.iter()
    }

    /// How many messages were written to the room in this tab; those of other tabs don't count.
    pub fn written_here(&self) -> usize {
        self.written_here
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
            outbox.add(&Draft::new(text).expect("a text"), Vec::new(), Cid(number), 0);
        }
        outbox
    }

    fn next(outbox: &mut Outbox) -> Option<u128> {
        outbox.take_next().map(|pending| pending.cid.0)
    }

    fn order(outbox: &Outbox) -> Vec<u128> {
        outbox.pending().map(|pending| pending.cid.0).collect()
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
    fn changes_go_out_in_their_turn_and_the_last_one_counts() {
        let mut outbox = outbox(&["a"]);
        let edit = What::Edited { of: 7, text: "better".into(), markup: None, to: Vec::new() };
        outbox.add_change(edit, Cid(2), 0);
        outbox.add_change(What::Deleted { of: 7, to: Vec::new() }, Cid(3), 0);
        let reaction = What::Reacted { of: 7, emoji: "👍".into(), on: true, count: 0 };
        outbox.add_change(reaction.clone(), Cid(4), 0);
        let hiding = What::Previewed { of: 8, preview: None };
        outbox.add_change(hiding, Cid(5), 0);
        assert_eq!(outbox.done_to(7).last(), Some(&reaction));
        assert_eq!(outbox.change_of(7).map(|pending| pending.cid), Some(Cid(3)));
        assert_eq!((outbox.change_of(8), outbox.written_here()), (None, 1));
        let room = || Slug::from("madang");
        let mut asked = || {
            let pending = outbox.take_next()?;
            outbox.strike(pending.cid);
            pending.asks(room())
        };
        assert_eq!(
            asked(),
            Some(ClientFrame::Post {
                room: room(),
                cid: Cid(1),
                text: "a".into(),
                files: Vec::new(),
                reply_to: None,
                within: None
            })
        );
        assert_eq!(asked(), Some(ClientFrame::Edit { room: room(), of: 7, cid: Cid(2), text: "better".into() }));
        assert_eq!(asked(), Some(ClientFrame::Delete { room: room(), of: 7, cid: Cid(3) }));
        let react = ClientFrame::React { room: room(), of: 7, cid: Cid(4), emoji: "👍".into(), on: true };
        assert_eq!(asked(), Some(react));
        assert_eq!(asked(), Some(ClientFrame::HidePreview { room: room(), of: 8, cid: Cid(5) }));
        assert_eq!(asked(), None);
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
        outbox.retry(Cid(1), 0);
        assert_eq!(next(&mut outbox), Some(1));
    }

    #[test]
    fn what_failed_stands_last_until_it_is_sent_again() {
        let mut outbox = outbox(&["a", "b", "c"]);
        outbox.fail(Cid(1), Refusal::MessageTooLong);
        assert_eq!(order(&outbox), [2, 3, 1]);
        outbox.add(&Draft::new("d").expect("a text"), Vec::new(), Cid(4), 0);
        assert_eq!(order(&outbox), [2, 3, 4, 1]);
        outbox.fail(Cid(3), Refusal::MessageTooLong);
        assert_eq!(order(&outbox), [2, 4, 1, 3]);
        outbox.retry(Cid(1), 0);
        assert_eq!(order(&outbox), [2, 4, 1, 3]);
        outbox.retry(Cid(3), 0);
        assert_eq!(order(&outbox), [2, 4, 1, 3]);
        assert_eq!(next(&mut outbox), Some(2));
    }

    #[test]
    fn messages_stand_as_they_were_written_even_if_the_clock_is_set_back() {
        let mut outbox = Outbox::default();
        for (number, at_ms) in [(9, 1_000), (5, 10), (7, 10), (1, 2_000)] {
            outbox.add(&Draft::new("text").expect("a text"), Vec::new(), Cid(number), at_ms);
        }
        assert_eq!(order(&outbox), [9, 5, 7, 1]);
    }

    #[test]
    fn what_another_tab_wrote_joins_in_its_place_and_once() {
        let mut outbox = Outbox::default();
        outbox.put(Cid(1), What::posted("a".into()), 10);
        outbox.put(Cid(3), What::posted("c".into()), 30);
        outbox.put(Cid(2), What::posted("b".into()), 20);
        outbox.put(Cid(1), What::posted("a".into()), 10);
        assert_eq!(order(&outbox), [1, 2, 3]);
        assert_eq!(next(&mut outbox), Some(1));
        outbox.put(Cid(1), What::posted("a".into()), 10);
        assert_eq!(next(&mut outbox), None, "it is on its way, whatever another tab knows of it");
        outbox.fail(Cid(2), Refusal::MessageTooLong);
        outbox.put(Cid(2), What::posted("b".into()), 40);
        assert_eq!(outbox.delivery(Cid(2)), Some(Delivery::Waiting), "another tab has sent it again");
        assert_eq!(order(&outbox), [1, 3, 2]);
    }
}
