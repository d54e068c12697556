//! What the server says, and the other tabs of this browser: [`Chat::take`] is the one way in for all of it.

use std::time::Duration;

use super::{Chat, Connection, forget_reading};
use crate::availability::{Absent, Availability};
use crate::member::{Member, MemberId};
use crate::message::{Cid, Event, Seq, What};
use crate::notices::Level;
use crate::outbox::{Outbox, Pending};
use crate::protocol::{PING_EVERY_MS, ServerFrame, TYPING_FOR_MS};
use crate::refusal::Refusal;
use crate::room::{Choice, RoomSummary, Slug};
use crate::roster::Named;
use crate::route::Route;
use crate::talk::{Standing, Talk};
use crate::timeline::{Applied, Notice, NoticeKind, Timeline};
use crate::unread::{Mark, ReadMark};
use crate::unsent::UNSENT;

impl Chat {
    /// Takes what the server says. There is no other way for anything to get here.
    pub fn take(self, frame: ServerFrame) {
        match frame {
            ServerFrame::Welcome { epoch, me, rooms } => self.welcome(epoch, me, rooms),
            ServerFrame::Page { room, events, start, head, people } => self.page(room, events, start, head, &people),
            ServerFrame::Events { room, events } => events.into_iter().for_each(|event| self.event(&room, event)),
            ServerFrame::Resumed { room, people, .. } => self.settle(self.talk(&room.slug), room, &people),
            ServerFrame::Older { room, events, start } => self.older(&room, events, start),
            ServerFrame::Newer { room, events } => self.newer(&room, events),
            ServerFrame::Arrived { room, who, here, back: true, .. } => {
                self.people_move(&room, NoticeKind::Arrived, &who, here)
            }
            ServerFrame::Arrived { room, who, more, here, .. } => {
                self.notice(&room, NoticeKind::Arrived, who, more, here)
            }
            ServerFrame::Left { room, who, more, here } => self.notice(&room, NoticeKind::Left, who, more, here),
            ServerFrame::Typing { room, of, who, more } => self.typing(&room, of, who, more),
            ServerFrame::Read { rooms } => rooms.iter().for_each(|mark| self.read_mark(mark)),
            ServerFrame::Present { room, here, away, quiet } => self.present(&room, &here, Absent { away, quiet }),
            ServerFrame::Called { room, event } => self.is_called(&room, &event),
            ServerFrame::Quiet { until_ms } => self.quiet(until_ms),
            ServerFrame::Scheduled { waiting, refused } => self.scheduled.set((waiting, refused)),
            ServerFrame::Room(summary) => self.list(summary),
            ServerFrame::Choices { rooms, all } => self.choose(rooms, all),
            ServerFrame::Lost { room } => self.lost(&room),
            ServerFrame::Created { room } => self.go(Route::Room(room)),
            ServerFrame::Closed { room } => self.closed(&room),
            ServerFrame::Gone { room } => self.gone(&room),
            ServerFrame::You { me } => self.renamed(me),
            ServerFrame::Refused { why: Refusal::TooFast, cid: Some(_), room: Some(room), after_ms } => {
                self.talk(&room).outbox.update(Outbox::cut);
                (self.browser.send_later)(after_ms.unwrap_or(PING_EVERY_MS));
            }
            ServerFrame::Refused { why, cid, room, .. } => self.refused(why, cid, room),
            ServerFrame::Pong { heads } => self.heads(heads),
            ServerFrame::Bye { .. } => {}
        }
    }

    /// Takes what this browser knows of the outbox: from another tab, or left by an earlier page. What is being written has the
    /// number [`UNSENT`]; what waits is an event without a number, and a message without text when it was thrown away; the
    /// others are what the server said about one. Gives the id back of one that need not be kept any longer.
    pub fn hear_from_tab(self, frame: ServerFrame) -> Option<Cid> {
        let (room, event) = match frame {
            ServerFrame::Events { room, events } if events.iter().any(|event| event.seq == UNSENT) => {
                events.iter().for_each(|event| self.hear_writing(&room, event));
                return None;
            }
            ServerFrame::Events { room, mut events } if events.iter().any(|event| event.seq == 0) => {
                events.pop().map(|event| (room, event))?
            }
            frame => {
                self.take(frame);
                return None;
            }
        };
        let talk = self.talk(&room);
        let (me, cid) = (self.my_id()?, event.cid?);
        let is_confirmed = talk.timeline.with_untracked(|timeline| timeline.taken(me, cid).is_some());
        talk.outbox.update(|outbox| {
            if event.is_deleted() || is_confirmed {
                outbox.strike(cid);
                Some(cid)
            } else {
                outbox.put(cid, event.what, event.at_ms);
                None
            }
        })
    }

    fn welcome(self, epoch: String, me: Member, rooms: Vec<RoomSummary>) {
        if self.epoch.get() != epoch {
            self.forget_places();
            self.epoch.set(epoch);
        }
        self.me.set(Some(me));
        self.rooms.set(rooms);
        self.quiet_until_ms.set(0);
    }

    fn quiet(self, until_ms: i64) {
        self.form_done();
        self.quiet_until_ms.set(until_ms);
    }

    fn page(self, room: RoomSummary, events: Vec<Event>, start: bool, head: Option<Seq>, people: &Named) {
        let talk = self.talk(&room.slug);
        let mine: Vec<Event> = events.iter().filter_map(|event| self.confirmed(talk, event)).collect();
        let is_looking = self.is_looking_at_end(&room.slug);
        if !talk.unread.get_untracked().is_known() {
            // Whoever is new here has missed nothing.
            let last = head.or(events.last().map(|event| event.seq));
            talk.unread.update(|unread| unread.read_all(last.unwrap_or_default()));
        } else if head.is_none() {
            // Of a room whose end it does not reach, a page tells nothing of what is unread.
            talk.count(&mut events.iter(), self.my_id(), is_looking);
        }
        talk.timeline.update(|timeline| timeline.reset(events, start, head));
        talk.show_changes();
        if let Some((sought, message)) = talk.find_place() {
            self.reach(talk, sought, message);
        }
        mine.into_iter().for_each(|event| self.strike(&room.slug, talk, event));
        // It may have been confirmed before the page came, which need not reach back to it.
        talk.outbox.update(Outbox::cut);
        self.settle(talk, room, people);
    }

    /// The room is open and up to date.
    fn settle(self, talk: Talk, room: RoomSummary, people: &Named) {
        talk.roster.update(|roster| roster.people = people.to_vec());
        talk.absent.set(Absent::default());
        talk.standing.set(Standing::Open);
        let was_closed = [Refusal::Unavailable, Refusal::RoomNotOpen, Refusal::RoomsOpenTooMany];
        if talk.refusal.get_untracked().is_some_and(|why| was_closed.contains(&why)) {
            talk.refusal.set(None);
        }
        talk.loading_older.set(false);
        talk.resuming.set(false);
        if self.connection.get_untracked() == Connection::Live && self.is_looking_at_end(&room.slug) {
            self.has_read(&room.slug);
        }
        // What was read, or set back, while there was no connection.
        self.tell_read_soon(&room.slug);
        self.watches_again(talk);
        self.list(room);
        (self.browser.send_waiting)();
    }

    fn event(self, slug: &Slug, event: Event) {
        let talk = self.talk(slug);
        let confirmed = self.confirmed(talk, &event);
        // What the server found is no word of its author.
        if !matches!(event.what, What::Previewed { .. }) {
            done_typing(talk, std::slice::from_ref(&event.by));
        }
        if !talk.is_followed() {
            return confirmed.into_iter().for_each(|event| self.strike(slug, talk, event));
        }
        if talk.roster.with_untracked(|roster| roster.knows_otherwise(&event.by)) {
            talk.roster.update(|roster| roster.rename(&event.by));
        }
        match talk.timeline.update(|timeline| timeline.apply(event)) {
            Applied::Held => self.fill_gap(slug, talk),
            Applied::Repeated => confirmed.into_iter().for_each(|event| self.strike(slug, talk, event)),
            Applied::Added(events) => {
                let is_looking = self.is_looking_at_end(slug);
                talk.count(&mut events.iter().map(AsRef::as_ref), self.my_id(), is_looking);
                events.iter().for_each(|event| self.is_called(slug, event));
                for event in &events {
                    if let What::Room(change) = &event.what {
                        talk.take_change(change);
                    }
                }
                talk.show_changes();
                talk.let_go();
                for event in events.iter().filter_map(|event| self.confirmed(talk, event)) {
                    self.strike(slug, talk, event);
                }
            }
        }
    }

    /// An event, if it confirms a message of mine.
    fn confirmed(self, talk: Talk, event: &Event) -> Option<Event> {
        let is_pending = |cid| talk.outbox.with_untracked(|outbox| outbox.delivery(cid).is_some());
        let does = Some(event.by.id) == self.my_id() && event.cid.is_some_and(is_pending);
        does.then(|| event.clone())
    }

    /// A message of mine is confirmed; the next one may go.
    fn strike(self, slug: &Slug, talk: Talk, confirmed: Event) {
        talk.outbox.update(|outbox| confirmed.cid.into_iter().for_each(|cid| drop(outbox.strike(cid))));
        (self.browser.keep)(ServerFrame::Events { room: slug.clone(), events: vec![confirmed] });
        (self.browser.send_waiting)();
    }

    fn fill_gap(self, slug: &Slug, talk: Talk) {
        if !talk.resuming.get_untracked() {
            talk.resuming.set(true);
            (self.browser.ask)(self.asks_to_open(slug));
        }
    }

    fn heads(self, heads: Vec<(Slug, Seq)>) {
        for (slug, head) in heads {
            let talk = self.talk(&slug);
            if talk.timeline.with_untracked(|timeline| timeline.is_behind(head)) {
                self.fill_gap(&slug, talk);
            }
        }
    }

    fn older(self, slug: &Slug, events: Vec<Event>, start: bool) {
        let talk = self.talk(slug);
        talk.timeline.update(|timeline| timeline.prepend(events, start));
        talk.let_go();
        talk.loading_older.set(false);
    }

    fn notice(self, slug: &Slug, kind: NoticeKind, who: Vec<Member>, more: usize, here: usize) {
        self.people_move(slug, kind, &who, here);
        let now_ms = (self.browser.now_ms)();
        self.talk(slug)
            .timeline
            .update(|timeline| timeline.note(Notice { kind, who, more, here, at_ms: now_ms, ..Notice::default() }));
    }

    fn people_move(self, slug: &Slug, kind: NoticeKind, who: &[Member], here: usize) {
        let talk = self.talk(slug);
        talk.roster.update(|roster| match kind {
            NoticeKind::Arrived => roster.arrive(who, here),
            NoticeKind::Left => roster.leave(who, here),
        });
        if kind == NoticeKind::Left {
            talk.absent.update(|absent| who.iter().for_each(|gone| absent.strike(gone.id)));
        }
        done_typing(talk, who);
        self.rooms.update(|rooms| rooms.iter_mut().filter(|room| room.slug == *slug).for_each(|room| room.here = here));
    }

    /// Nobody is shown of whom it is not known how it stands with them.
    fn present(self, slug: &Slug, here: &[MemberId], absent: Absent) {
        let talk = self.talk(slug);
        let is_named = |id: &MemberId| here.contains(id) || absent.of(*id) != Availability::Here;
        talk.roster.update(|roster| roster.people.retain(|person| is_named(&person.id)));
        talk.absent.set(absent);
    }

    fn read_mark(self, mark: &ReadMark) {
        let talk = self.talk(&mark.room);
        mark.level.into_iter().for_each(|level| talk.level.set(level));
        if mark.unread == 0 {
            (self.browser.hush)(&mark.room);
        }
        let is_news = talk.take_mark(mark, self.my_id(), self.is_looking_at_end(&mark.room));
        talk.told_read.set(Some(Mark { turn: mark.turn, seq: mark.read }));
        if !is_news {
            self.tell_read_soon(&mark.room);
        }
    }

    /// Holds for a while, for the server may be gone without a word.
    fn typing(self, slug: &Slug, of: Option<Seq>, who: Vec<Member>, more: usize) {
        let talk = of.map_or_else(|| self.talk(slug), |of| self.thread(slug, of));
        let is_nobody = who.is_empty();
        let heard = talk.typists.update(|typists| typists.hear(who, more));
        if !is_nobody {
            let end = move || {
                if talk.typists.with_untracked(|typists| typists.heard == heard) {
                    talk.typists.update(|typists| typists.hear(Vec::new(), 0));
                }
            };
            (self.browser.later)(Duration::from_millis(TYPING_FOR_MS.into()), Box::new(end));
        }
    }

    /// What is archived or hidden is in no list, but still there for whoever looks at it.
    fn list(self, summary: RoomSummary) {
        let talk = self.talk(&summary.slug);
        talk.name.set(summary.called(self.my_id()));
        talk.is_archived.set(summary.archived);
        talk.moderates.set(summary.moderator.is_some() && summary.moderator == self.my_id());
        summary.topic.iter().for_each(|topic| talk.topic.set(topic.clone()));
        talk.roster.update(|roster| roster.here = summary.here);
        self.rooms.update(|rooms| {
            rooms.retain(|room| room.slug != summary.slug);
            if !summary.archived && !summary.hidden {
                let place = |room: &RoomSummary| room.sorted_by(self.my_id());
                let at = rooms.partition_point(|room| place(room) <= place(&summary));
                rooms.insert(at, summary);
            }
        });
    }

    fn choose(self, new: Vec<Choice>, is_all: bool) {
        self.choices.update(|choices| {
            choices.retain(|known| !is_all && new.iter().all(|choice| choice.room != known.room));
            choices.extend(new);
        });
    }

    /// As if the room had never been.
    fn lost(self, slug: &Slug) {
        self.rooms.update(|rooms| rooms.retain(|room| room.slug != *slug));
        self.gone(slug);
        let talk = self.talk(slug);
        talk.name.set(slug.to_string());
        talk.topic.set(String::new());
        talk.standing.set(Standing::Unknown);
    }

    /// As if this tab had not been there yet, but for what it has of the room.
    fn closed(self, slug: &Slug) {
        let talk = self.talk(slug);
        if talk.is_followed() {
            talk.standing.set(Standing::Away);
            // It may have been said, and this tab not told.
            talk.outbox.update(Outbox::cut);
            (self.browser.send_waiting)();
            if self.shown_room().as_ref() == Some(slug) {
                // Come back to meanwhile.
                self.open(slug);
            }
        }
    }

    fn gone(self, slug: &Slug) {
        let talk = self.talk(slug);
        talk.standing.set(Standing::Left);
        talk.level.set(Level::usual(slug));
        talk.timeline.set(Timeline::default());
        forget_reading(talk);
    }

    fn renamed(self, me: Member) {
        self.say((self.words().name_changed)(me.name.as_str()));
        self.form_done();
        self.me.set(Some(me));
    }

    fn form_done(self) {
        self.submitted.set(None);
        self.slip.set(None);
    }

    fn refused(self, why: Refusal, cid: Option<Cid>, room: Option<Slug>) {
        match (room, cid) {
            (Some(room), Some(cid)) if self.is_passing(&room, cid) => {
                // It has no row in which to wait for a decision; it is told, and what was there before is shown.
                let struck = self.talk(&room).outbox.update(|outbox| outbox.strike(cid));
                struck.into_iter().for_each(|pending| self.keep(&room, pending.thrown_away()));
                self.say(self.sentence(why));
                (self.browser.send_waiting)();
            }
            (Some(room), Some(cid)) => {
                self.talk(&room).outbox.update(|outbox| outbox.fail(cid, why));
                (self.browser.keep)(ServerFrame::Refused { why, cid: Some(cid), room: Some(room), after_ms: None });
                (self.browser.send_waiting)();
            }
            (Some(room), None) => {
                let talk = self.talk(&room);
                talk.loading_older.set(false);
                talk.loading_newer.set(false);
                talk.resuming.set(false);
                talk.seeks.set(None);
                if why == Refusal::RoomUnknown {
                    self.lost(&room);
                } else {
                    talk.refusal.set(Some(why));
                }
            }
            (None, _) => self.form_refused(why),
        }
    }

    /// Whether what waits under this id is no word of mine that could be lost.
    fn is_passing(self, slug: &Slug, cid: Cid) -> bool {
        let is_it = |pending: &Pending| {
            let is_passing =
                matches!(pending.what, What::Reacted { .. } | What::Previewed { .. } | What::Pinned { .. });
            pending.cid == cid && is_passing
        };
        self.talk(slug).outbox.with_untracked(|outbox| outbox.pending().any(is_it))
    }
}

/// Whoever has sent it, or is gone, is not typing any more.
fn done_typing(talk: Talk, who: &[Member]) {
    for member in who {
        for talk in talk.boxes() {
            if talk.typists.with_untracked(|typists| typists.has(member.id)) {
                talk.typists.update(|typists| typists.strike(member.id));
            }
        }
    }
}
