//! Where in a room somebody wants to be: at a message that an address names, at the beginning, or at the newest. What is
//! loaded is gone to at once; else the page around it is asked for, which is a run that is cut off at its newer end, and grows
//! by newer pages as one reads down.

use leptos::prelude::*;

use crate::chat::{Chat, Connection};
use crate::message::{Event, Seq};
use crate::protocol::ClientFrame;
use crate::room::Slug;
use crate::route::Route;
use crate::talk::{Aim, Row, Standing, Talk};
use crate::timeline::Timeline;
use crate::window::{LATEST, Span};

/// A place that is on its way here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek {
    /// The message of this number, or the nearest one.
    Message(Seq),
    /// The line before what is new, which begins with this number.
    New(Seq),
    /// The beginning of the room.
    Start,
    /// The newest.
    End,
}

/// So many pixels below the upper edge the line ends before what is new, when one goes there.
const NEW_END_PX: f64 = 96.0;

impl Talk {
    /// Whether the place of a number is here: the event itself, or an end of the room beyond which there is none.
    fn has(self, seq: Seq) -> bool {
        let seq = seq.max(1);
        self.timeline.with_untracked(|timeline| {
            let is_beyond = seq > timeline.last() && !timeline.is_cut_off();
            is_beyond || timeline.event(seq).is_some()
        })
    }

    /// Where I read, or want to, unless that is at the end.
    pub fn place(self) -> Option<Seq> {
        match self.seeks.get() {
            Some(Seek::Message(seq) | Seek::New(seq)) => Some(seq),
            Some(Seek::Start) => Some(1),
            Some(Seek::End) => None,
            None if self.at_end.get_untracked() => None,
            None => self.reading.with(|reading| match reading.aim {
                Aim::Row { seq, .. } | Aim::Message(seq) => Some(seq),
                Aim::End => None,
                Aim::Start | Aim::Nothing => self.window.get_untracked().map(|window| window.from.midpoint(window.to)),
            }),
        }
    }

    /// A page has taken the place of what was here: I am where I wanted to go, else where I was, else at its end. Where it was
    /// a message that I wanted to go to, says its number, and where I am now.
    pub(crate) fn find_place(self) -> Option<(Seq, Option<Seq>)> {
        let kept = untrack(|| self.kept());
        match self.seeks.get() {
            Some(Seek::Message(seq)) if self.has(seq) => {
                self.seeks.set(None);
                return Some((seq, self.land(seq)));
            }
            Some(Seek::New(first)) if self.has(first) => {
                self.seeks.set(None);
                self.land_at_new(first);
                return None;
            }
            Some(Seek::Start) => {
                self.seeks.set(None);
                self.land_at_start();
                return None;
            }
            Some(Seek::End) if !self.timeline.with_untracked(Timeline::is_cut_off) => self.seeks.set(None),
            _ => match self.place().filter(|_| self.seeks.get().is_none()) {
                Some(seq) if (kept.from..=kept.to).contains(&seq) => {
                    self.window.set(Some(kept.about(seq)));
                    return None;
                }
                _ => {}
            },
        }
        self.start_over();
        None
    }

    /// Goes to the message of a number, which is here, and marks it. Says which it is.
    fn land(self, seq: Seq) -> Option<Seq> {
        let Some(message) = self.timeline.with_untracked(|timeline| timeline.message_at(seq)) else {
            self.start_over();
            return None;
        };
        self.target.set(Some(message));
        self.leave_the_end(Aim::Message(message), untrack(|| self.kept()).about(message));
        Some(message)
    }

    /// Sets out for the line before what is new, which begins here.
    fn land_at_new(self, first: Seq) {
        let aim = Aim::Row { seq: first, key: Row::New(first).key(), end_px: NEW_END_PX };
        self.target.set(None);
        self.leave_the_end(aim, untrack(|| self.kept()).about(first));
    }

    /// Sets out for the oldest that is here.
    fn land_at_start(self) {
        self.leave_the_end(Aim::Start, untrack(|| self.kept()).oldest(LATEST));
    }

    /// Sets out for a place that is not the end, with this much around it.
    fn leave_the_end(self, aim: Aim, window: Span) {
        self.set_out(aim);
        self.at_end.set(false);
        self.announces.set(false);
        self.window.set(Some(window));
    }

    /// Sets out for a place; whoever draws the timeline next puts the reader there.
    pub(crate) fn set_out(self, aim: Aim) {
        self.reading.update(|reading| (reading.aim, reading.is_on_the_way) = (aim, true));
    }

    /// Puts the reader at the end: what they read before is not here any more.
    fn start_over(self) {
        // The end of a run that is cut off is no place to rest at.
        let is_cut_off = self.timeline.with_untracked(Timeline::is_cut_off);
        self.window.set(None);
        self.at_end.set(!is_cut_off);
        self.target.set(None);
        self.reading.update(|reading| {
            reading.aim = if is_cut_off { Aim::Nothing } else { Aim::End };
            reading.heights = Default::default();
        });
    }
}

impl Chat {
    /// The page that is shown, and the message in it that an address named.
    pub fn stands_at(self) -> Route {
        let shown = self.route.get_untracked();
        match shown.room() {
            Some(slug) => match self.talk(slug).target.get_untracked() {
                Some(seq) => Route::Message(slug.clone(), seq),
                None => Route::Room(slug.clone()),
            },
            None => shown,
        }
    }

    /// Goes to a message of a room: at once where it is here, else as soon as the page around it has come.
    pub(crate) fn seek_message(self, slug: &Slug, seq: Seq) {
        let talk = self.talk(slug);
        talk.seeks.set(None);
        let is_here = talk.standing.get_untracked() == Standing::Open
            && !talk.timeline.with_untracked(Timeline::is_empty)
            && talk.has(seq);
        if is_here {
            let message = talk.land(seq);
            self.reach(talk, seq, message);
        } else {
            talk.seeks.set(Some(Seek::Message(seq)));
            self.ask_again(slug, talk);
        }
    }

    /// Goes to the line before what is new: at once where it is here, else as soon as the page around it has come.
    pub fn seek_new(self, slug: &Slug) {
        let talk = self.talk(slug);
        let Some(first) = talk.first_new.get_untracked() else { return };
        (self.browser.focus)(".scroller");
        if talk.has(first) {
            talk.seeks.set(None);
            talk.land_at_new(first);
        } else {
            talk.seeks.set(Some(Seek::New(first)));
            self.ask_again(slug, talk);
        }
    }

    /// Goes to the beginning of a room: at once where it is here, else as soon as its page has come; without a connection to the oldest
    /// that is here.
    pub fn seek_start(self, slug: &Slug) {
        let talk = self.talk(slug);
        let is_live = self.connection.get_untracked() == Connection::Live;
        if is_live && !talk.timeline.with_untracked(Timeline::reaches_start) {
            talk.seeks.set(Some(Seek::Start));
            self.ask_again(slug, talk);
        } else {
            talk.seeks.set(None);
            talk.land_at_start();
        }
    }

    /// Gives the focus to the message that somebody went to, and says so if it is another one than they asked for. To what is said
    /// in a thread alone the server knows the way.
    pub(crate) fn reach(self, talk: Talk, sought: Seq, message: Option<Seq>) {
        let is_live = self.connection.get_untracked() == Connection::Live;
        // In a page that the server drew, the message has the focus already.
        if let Some(seq) = message.filter(|_| is_live) {
            (self.browser.focus)(&format!("[data-seq=\"{seq}\"]"));
        }
        let is_elsewhere =
            |timeline: &Timeline| timeline.event(sought).is_some_and(|event| event.thread_alone().is_some());
        if is_live && talk.timeline.with_untracked(is_elsewhere) {
            (self.browser.load)(&Route::Message(talk.slug.get(), sought).path());
        } else if message != Some(sought) {
            self.said.set(self.words().message_missing.to_owned());
        }
    }

    /// Puts me at the newest, as the room's own address means it.
    pub(crate) fn go_to_end(self, slug: &Slug) {
        self.seek_end(slug);
        self.talk(slug).start_over();
    }

    /// Leaves the place that an address named for the newest. Where the run is cut off before that, the newest page takes its
    /// place.
    pub fn seek_end(self, slug: &Slug) {
        let talk = self.talk(slug);
        if talk.target.get_untracked().is_some() {
            talk.target.set(None);
            (self.browser.stand_at)(&slug.path());
        }
        talk.seeks.set(None);
        if talk.timeline.with_untracked(Timeline::is_cut_off) {
            talk.seeks.set(Some(Seek::End));
            self.ask_again(slug, talk);
        }
    }

    /// Asks an open room for another page.
    fn ask_again(self, slug: &Slug, talk: Talk) {
        if talk.standing.get_untracked() == Standing::Open {
            (self.browser.ask)(self.asks_to_open(slug));
        }
    }

    /// Asks for the messages after the newest one of a run that is cut off.
    pub fn load_newer(self, slug: &Slug) {
        let talk = self.talk(slug);
        let (after, is_cut_off) = talk.timeline.with_untracked(|timeline| (timeline.end(), timeline.is_cut_off()));
        let may = is_cut_off
            && self.connection.get_untracked() == Connection::Live
            && !talk.loading_newer.get_untracked()
            && talk.seeks.get().is_none();
        if may {
            talk.loading_newer.set(true);
            (self.browser.ask)(ClientFrame::Newer { room: slug.clone(), after });
        }
    }

    pub(crate) fn newer(self, slug: &Slug, events: Vec<Event>) {
        let talk = self.talk(slug);
        talk.loading_newer.set(false);
        talk.timeline.update(|timeline| timeline.extend(events));
        talk.show_changes();
        talk.let_go();
    }
}
