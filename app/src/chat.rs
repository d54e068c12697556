//! What this tab knows, and what its person does with it. What the server says comes in by one way, [`Chat::take`]: `heard`.
//! The server renders a page from the same state, fed with the same frames.

mod heard;

use std::time::Duration;

use leptos::prelude::*;

use crate::allowance::Allowance;
use crate::aside::Found;
use crate::bench::Bench;
use crate::browser::Browser;
use crate::file::File;
use crate::first_page::{FirstPage, Form, LANG_COOKIE, Slip, THEME_COOKIE};
use crate::i18n::{Lang, Words};
use crate::live::{Live, Noted};
use crate::member::{Member, MemberId};
use crate::message::{Cid, Draft, Event, Seq, What};
use crate::notices::{Level, Notices};
use crate::outbox::{Outbox, Pending};
use crate::place::Seek;
use crate::preferences::Theme;
use crate::protocol::{
    ClientFrame, MAX_OPEN_ROOMS, MAX_PAGE_EVENTS, PAGE_EVENTS, Position, ServerFrame, TYPING_EVERY_MS,
};
use crate::quote::Quote;
use crate::refusal::Refusal;
use crate::room::{Choice, RoomSummary, Slug};
use crate::roster::Named;
use crate::route::Route;
use crate::talk::{Standing, Talk};
use crate::text::when::Local;
use crate::timeline::Timeline;
use crate::unread::{Unread, badge};

/// In which zone times are drawn, in a sentence, and by how many minutes its clocks are ahead of UTC at a moment.
#[cfg(feature = "ssr")]
type Zone = (String, std::sync::Arc<dyn Fn(i64) -> i32 + Send + Sync>);

/// How long something that is said once stays in sight.
const SAID_FOR: Duration = Duration::from_secs(7);

/// What is read meanwhile is told together.
const READ_TOLD_AFTER: Duration = Duration::from_secs(1);

/// How the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Being made.
    Connecting,
    /// Made.
    Live,
    /// Lost; the next try is in so many seconds.
    Offline {
        /// Seconds to the next try.
        seconds: u32,
    },
    /// Closed by choice.
    Closed,
    /// Refused for good; only loading the page again helps.
    Stale,
}

/// The state of a tab. A handle: copies speak of the same state.
#[derive(Clone, Copy)]
pub struct Chat {
    /// The browser around it.
    pub browser: Browser,
    /// The interface's language.
    pub lang: Live<Lang>,
    /// Light or dark.
    pub theme: Live<Theme>,
    /// The page that is shown.
    pub route: Live<Route>,
    /// How the connection stands.
    pub connection: Live<Connection>,
    /// Who I am, once I walked in.
    pub me: Live<Option<Member>>,
    /// The rooms that the list shows.
    pub rooms: Live<Vec<RoomSummary>>,
    /// What I have chosen for rooms.
    pub choices: Live<Vec<Choice>>,
    /// A form that was refused.
    pub slip: Live<Option<Slip>>,
    /// What is being typed at the door; another language must not lose it.
    pub naming: Noted<Option<String>>,
    /// Whether the browser keeps what waits over a reload; a private window or a full disk may not.
    pub keeps: Live<bool>,
    /// Something to say once, quietly; empty when there is nothing.
    pub said: Live<String>,
    /// What may call me in this browser.
    pub notices: Live<Notices>,
    /// Until when I am not to be disturbed, in milliseconds since 1970; 0 when I may be.
    pub quiet_until_ms: Live<i64>,
    /// How many messages of mine wait for their time, and how many of them could not be sent.
    pub scheduled: Live<(usize, usize)>,
    /// Whether somebody looks at this page: it is in sight, and has the focus.
    pub is_looked_at: Live<bool>,
    /// The table of emoji ([`crate::emoji_table`]); empty until it is there.
    pub emoji: Live<String>,
    /// Whether it could not be had.
    pub emoji_failed: Live<bool>,
    /// Whether it is on its way.
    emoji_asked: Noted<bool>,
    /// Whom the server has named last for the beginning of a name.
    pub(crate) found: Live<Found>,
    /// Whether it is being asked.
    pub(crate) is_finding: Noted<bool>,
    /// Whether the server is carrying out a command.
    pub(crate) is_commanding: Noted<bool>,
    /// What the lab is trying.
    pub bench: Bench,
    /// The id of the message form without JavaScript.
    pub form_cid: Cid,
    /// What one may attach.
    pub allowance: Allowance,
    /// By how many minutes the reader's clock is ahead of UTC; `None` when the browser can be asked.
    offset_min: Live<Option<i32>>,
    #[cfg(feature = "ssr")]
    zone: Noted<Option<Zone>>,
    /// The form that was submitted and is not answered, and what was typed into it.
    submitted: Noted<Option<(Form, String)>>,
    epoch: Noted<String>,
    /// Those that were looked at last stand last.
    talks: Noted<Vec<(Slug, Talk)>>,
    owner: Noted<Owner>,
}

impl Chat {
    /// The state that a page starts with. Call it below the owner that lives as long as the page.
    pub fn new(page: FirstPage, browser: Browser) -> Self {
        let route = Route::parse(&page.path);
        let chat = Self {
            browser,
            lang: Live::new(page.lang),
            theme: Live::new(page.theme),
            route: Live::new(route.clone()),
            connection: Live::new(Connection::Connecting),
            me: Live::default(),
            rooms: Live::default(),
            choices: Live::default(),
            slip: Live::default(),
            naming: Noted::default(),
            keeps: Live::new(true),
            said: Live::default(),
            notices: Live::default(),
            quiet_until_ms: Live::new(0),
            scheduled: Live::default(),
            is_looked_at: Live::new(true),
            emoji: Live::default(),
            emoji_failed: Live::default(),
            emoji_asked: Noted::default(),
            found: Live::default(),
            is_finding: Noted::default(),
            is_commanding: Noted::default(),
            bench: Bench::new(browser),
            form_cid: page.cid,
            allowance: page.allowance,
            offset_min: Live::new(Some(page.offset_min)),
            #[cfg(feature = "ssr")]
            zone: Noted::default(),
            submitted: Noted::default(),
            epoch: Noted::default(),
            talks: Noted::default(),
            owner: Noted::new(Owner::current().unwrap_or_default()),
        };
        if let Route::Message(slug, seq) = &route {
            chat.talk(slug).seeks.set(Some(Seek::Message(*seq)));
        }
        page.frames.into_iter().for_each(|frame| chat.take(frame));
        if let (Some(Slip { form: Form::Post, typed, why }), Route::Room(slug)) =
            (&page.slip, chat.route.get_untracked())
        {
            let talk = chat.talk(&slug);
            chat.write(talk, typed.clone());
            talk.refusal.set(*why);
        }
        chat.slip.set(page.slip);
        chat
    }

    /// The chat that is in Leptos's context.
    pub fn here() -> Self {
        expect_context()
    }

    /// The sentences of the language that is chosen. Not tracked: another language draws the whole app anew.
    pub fn words(self) -> &'static Words {
        self.lang.get_untracked().words()
    }

    /// A moment on the reader's clock (tracked as long as the clock is not known).
    pub fn local(self, at_ms: i64) -> Local {
        #[cfg(feature = "ssr")]
        if let Some((_, offset_min)) = self.zone.get() {
            return Local::new(at_ms, offset_min(at_ms));
        }
        self.assumed(at_ms)
    }

    /// The server knows how the reader's clock stands at each moment, and draws each time by it; the sentence says in which zone.
    #[cfg(feature = "ssr")]
    pub fn knows_zone(self, sentence: String, offset_min: impl Fn(i64) -> i32 + Send + Sync + 'static) -> Self {
        self.zone.set(Some((sentence, std::sync::Arc::new(offset_min))));
        self
    }

    /// In which zone the server draws times, in a sentence.
    #[cfg(feature = "ssr")]
    pub fn zone(self) -> String {
        self.zone.get().map(|(sentence, _)| sentence).unwrap_or_default()
    }

    fn assumed(self, at_ms: i64) -> Local {
        // Once the browser is asked that doesn't change any more, and rows that come and go need not listen for it.
        let assumed = self.offset_min.get_untracked().and_then(|_| self.offset_min.get());
        let offset_min = assumed.unwrap_or_else(|| (self.browser.offset_min)(at_ms));
        Local::new(at_ms, offset_min)
    }

    /// The reader's clock, by which days are told apart; one type for all that draw rows by it. In the first drawing the browser has to
    /// find the same rows that the server has drawn, and it doesn't know the server's seasons.
    pub fn clock(self) -> impl Fn(i64) -> Local {
        move |at_ms| self.assumed(at_ms)
    }

    /// From here on the browser is asked how its clock stands; what the server assumed served the first drawing.
    pub fn trust_browsers_clock(self) {
        self.offset_min.set(None);
    }

    /// The room's signals; made when they are not there yet.
    pub fn talk(self, slug: &Slug) -> Talk {
        if let Some(talk) =
            self.talks.with(|talks| talks.iter().find(|(known, _)| known == slug).map(|(_, talk)| *talk))
        {
            return talk;
        }
        let talk = self.owner.with(|owner| owner.with(|| Talk::new(slug)));
        self.talks.update(|talks| talks.push((slug.clone(), talk)));
        talk
    }

    /// A room with the message box of the thread on one of its messages.
    pub fn thread(self, slug: &Slug, of: Seq) -> Talk {
        let talk = self.talk(slug);
        self.owner.with(|owner| owner.with(|| talk.thread(of)))
    }

    /// The rooms that this tab knows of.
    pub fn talks(self) -> Vec<(Slug, Talk)> {
        self.talks.get()
    }

    /// Whether somebody walked in. That doesn't change while a page is open.
    pub fn is_in(self) -> bool {
        self.me.with_untracked(Option::is_some)
    }

    /// The path of the page that is shown (tracked).
    pub fn path(self) -> String {
        self.route.with(Route::path)
    }

    /// What was typed into a form that was refused.
    pub fn typed(self, form: Form) -> Option<String> {
        self.slip.with_untracked(|slip| slip.as_ref().filter(|slip| slip.form == form).map(|slip| slip.typed.clone()))
    }

    /// Why a form was refused, in a sentence; empty when it was not (tracked).
    pub fn refusal_of(self, form: Form) -> String {
        let why = self.slip.with(|slip| slip.as_ref().filter(|slip| slip.form == form).and_then(|slip| slip.why));
        why.map(|why| self.sentence(why)).unwrap_or_default()
    }

    /// The sentence for a refusal.
    pub fn sentence(self, why: Refusal) -> String {
        self.allowance.sentence(self.lang.get_untracked(), why)
    }

    /// My number.
    pub fn my_id(self) -> Option<MemberId> {
        self.me.with_untracked(|me| me.as_ref().map(|me| me.id))
    }

    /// Whether a room stands first in my list (tracked).
    pub fn is_starred(self, slug: &Slug) -> bool {
        self.choices.with(|choices| choices.iter().any(|choice| choice.room == *slug && choice.starred))
    }

    /// Whether a room is quiet for me (tracked).
    pub fn is_muted(self, slug: &Slug) -> bool {
        self.talk(slug).level.get() == Level::Nothing
    }

    /// How many unread messages mention me, and how many there are in all, in the rooms of the list that are not muted, but for
    /// one of them (tracked).
    fn unread(self, but: Option<Slug>) -> (usize, usize) {
        let add = |(mentions, messages): (usize, usize), room: &RoomSummary| {
            self.talk(&room.slug).unread.with(|unread| (mentions + unread.mentions().len(), messages + unread.count()))
        };
        let counts = |room: &&RoomSummary| Some(&room.slug) != but.as_ref() && !self.is_muted(&room.slug);
        self.rooms.with(|rooms| rooms.iter().filter(counts).fold((0, 0), add))
    }

    /// How many unread messages the list of rooms tells of (tracked).
    pub fn unread_in_list(self) -> usize {
        let shown = self.route.with(|route| route.room().cloned());
        self.unread(shown.filter(|slug| !self.talk(slug).keeps_unread.get())).1
    }

    /// What to say of what is unread while nobody looks, in few letters; nothing when there is nothing (tracked).
    pub fn news(self) -> Option<String> {
        let (mentions, messages) = self.unread(None);
        (!self.is_looked_at.get() && messages > 0).then(|| badge(mentions, messages))
    }

    /// Whether the end of a room's talk is before my eyes.
    fn is_looking_at_end(self, slug: &Slug) -> bool {
        let is_shown = self.route.with_untracked(|route| route.room() == Some(slug));
        is_shown && self.is_looked_at.get_untracked() && self.talk(slug).at_end.get_untracked()
    }

    /// Says something once, quietly.
    pub fn say(self, sentence: String) {
        self.said.set(sentence);
        (self.browser.later)(SAID_FOR, Box::new(move || self.said.set(String::new())));
    }

    // What the person does

    /// Looks at the page, or away from it.
    pub fn looks(self, does: bool) {
        if self.is_looked_at.get_untracked() != does {
            self.is_looked_at.set(does);
        }
        match self.route.with_untracked(|route| route.room().cloned()) {
            Some(slug) if self.is_looking_at_end(&slug) => self.has_read(&slug),
            _ => {}
        }
        if !does {
            self.talks().iter().for_each(|(slug, _)| self.tell_read(slug));
            self.keep_what_is_written();
        }
    }

    /// The newest row of a room is on the screen; it is read if I look.
    pub fn has_read(self, slug: &Slug) {
        let talk = self.talk(slug);
        let may = !talk.keeps_unread.get_untracked() && talk.standing.get_untracked() == Standing::Open;
        if may && self.is_looked_at.get_untracked() {
            talk.mark_read();
            (self.browser.hush)(slug);
            self.tell_read_soon(slug);
        }
    }

    /// From a message on all is unread again, and stays so while I look on.
    pub fn mark_unread(self, slug: &Slug, seq: Seq) {
        self.talk(slug).mark_unread(seq, self.my_id());
        self.say(self.words().on_message.marked_unread.to_owned());
        self.tell_read(slug);
    }

    fn tell_read_soon(self, slug: &Slug) {
        let talk = self.talk(slug);
        let is_news = talk.unread.get_untracked().mark() > talk.told_read.get().unwrap_or_default();
        if is_news && !talk.tells_read.update(|tells| std::mem::replace(tells, true)) {
            let slug = slug.clone();
            (self.browser.later)(READ_TOLD_AFTER, Box::new(move || self.tell_read(&slug)));
        }
    }

    /// Lets the server know how far I have read.
    fn tell_read(self, slug: &Slug) {
        let talk = self.talk(slug);
        talk.tells_read.set(false);
        let mark = talk.unread.get_untracked().mark();
        let may =
            self.connection.get_untracked() == Connection::Live && talk.standing.get_untracked() == Standing::Open;
        if may && mark > talk.told_read.get().unwrap_or_default() {
            talk.told_read.set(Some(mark));
            (self.browser.ask)(ClientFrame::Read { room: slug.clone(), seq: mark.seq, turn: mark.turn });
        }
    }

    /// Shows a page, walks into its room, and goes to its message.
    pub fn go(self, route: Route) {
        (self.browser.go_to)(&route.path());
        self.show(route);
    }

    /// Shows the page of an address that is in the address bar already. The room that is shown is not
    /// drawn anew.
    pub fn show(self, route: Route) {
        self.said.set(String::new());
        self.slip.set(None);
        let was_shown = self.shown_room();
        if let Some(slug) = route.room() {
            let talk = self.talk(slug);
            if was_shown.as_ref() != Some(slug) {
                talk.keeps_unread.set(false);
            }
            if talk.unread.get_untracked().count() == 0 {
                talk.mark_new(None);
            }
            match &route {
                Route::Message(_, seq) => self.seek_message(slug, *seq),
                _ if talk.target.get_untracked().is_some() => self.go_to_end(slug),
                _ => {}
            }
            self.open(slug);
        }
        if was_shown.is_none() || was_shown.as_ref() != route.room() {
            // Of two boxes that a page keeps as it goes away, the browser may keep one.
            self.keep_what_is_written();
            self.route.set(route);
        }
    }

    /// Walks into a room, or back into it. What the browser has of it is shown until the server answers.
    pub fn open(self, slug: &Slug) {
        let talk = self.talk(slug);
        self.talks.update(|talks| {
            if let Some(at) = talks.iter().position(|(known, _)| known == slug) {
                let looked_at = talks.remove(at);
                talks.push(looked_at);
            }
        });
        match self.listed(slug) {
            Some(room) => talk.name.set(room.called(self.my_id())),
            None => (self.browser.ask)(ClientFrame::Show { room: slug.clone() }),
        }
        if talk.standing.get_untracked() != Standing::Open {
            if talk.timeline.with_untracked(Timeline::is_empty) && talk.seeks.get().is_none() {
                self.show_kept_page(slug);
            }
            talk.standing.set(Standing::Opening);
            self.close_too_many();
            (self.browser.ask)(self.asks_to_open(slug));
        }
    }

    /// Makes place for a room that is being opened. Until the server says that a room is closed, it is open.
    fn close_too_many(self) {
        let mut open = 0;
        for (room, talk) in self.talks().into_iter().rev() {
            open += usize::from(talk.is_followed());
            if talk.is_followed() && open > MAX_OPEN_ROOMS {
                self.tell_read(&room);
                (self.browser.ask)(ClientFrame::Close { room });
            }
        }
    }

    /// Asks a new connection for the rooms that were open, as many as may be, and for the page's own unless it was left. The others
    /// are opened when they are looked at again.
    pub fn reopen(self) {
        let (shown, mut open) = (self.shown_room(), 0);
        for (slug, talk) in self.talks().into_iter().rev() {
            let standing = talk.standing.get_untracked();
            let is_shown = shown.as_ref() == Some(&slug) && standing != Standing::Left;
            if open < MAX_OPEN_ROOMS && (is_shown || standing == Standing::Open) {
                open += 1;
                (self.browser.ask)(self.asks_to_open(&slug));
            } else if talk.is_followed() {
                talk.standing.set(Standing::Away);
            }
        }
    }

    /// The page that the browser kept takes the usual way; how many are there now, the list knows better.
    fn show_kept_page(self, slug: &Slug) {
        if let Some(ServerFrame::Page { room, events, start, head, people }) = (self.browser.recall)(self, slug) {
            let room = self.listed(slug).unwrap_or(room);
            self.take(ServerFrame::Page { room, events, start, head, people });
        }
    }

    fn listed(self, slug: &Slug) -> Option<RoomSummary> {
        self.rooms.with_untracked(|rooms| rooms.iter().find(|room| room.slug == *slug).cloned())
    }

    /// Changes a message of mine; the row shows it at once.
    pub fn edit(self, slug: &Slug, of: Seq, draft: Draft) {
        let cid = (self.browser.new_cid)();
        self.change(slug, of, cid, What::Edited { of, text: draft.into_string(), markup: None, to: Vec::new() });
    }

    /// Deletes a message that I may delete; the row shows it at once.
    pub fn delete(self, slug: &Slug, of: Seq) {
        let cid = (self.browser.new_cid)();
        self.change(slug, of, cid, What::Deleted { of, to: Vec::new() });
    }

    /// Gets the table of emoji, where it is not here yet.
    pub fn load_emoji(self) {
        let is_here = !self.emoji.with_untracked(String::is_empty);
        if is_here || self.emoji_asked.update(|asked| std::mem::replace(asked, true)) {
            return;
        }
        self.emoji_failed.set(false);
        (self.browser.load_emoji)(Box::new(move |table| {
            self.emoji_asked.set(false);
            match table {
                Some(table) => self.emoji.set(table),
                None => self.emoji_failed.set(true),
            }
        }));
    }

    /// Puts an emoji to a message, or takes mine away; the row shows it at once.
    pub fn react(self, slug: &Slug, of: Seq, emoji: String, on: bool) {
        let cid = (self.browser.new_cid)();
        self.do_to_message(slug, cid, What::Reacted { of, emoji, on, count: 0 });
    }

    /// A message of mine shows no more what lies behind its link; the row shows it at once.
    pub fn hide_preview(self, slug: &Slug, of: Seq) {
        let cid = (self.browser.new_cid)();
        self.do_to_message(slug, cid, What::Previewed { of, preview: None });
    }

    /// Pins a message to the room, or takes it from the wall; the row shows it at once.
    pub fn pin(self, slug: &Slug, of: Seq, on: bool) {
        let cid = (self.browser.new_cid)();
        self.do_to_message(slug, cid, What::Pinned { of, on });
    }

    /// A change takes the place of one to the same message that was refused.
    fn change(self, slug: &Slug, of: Seq, cid: Cid, what: What) {
        let outbox = self.talk(slug).outbox;
        let refused = outbox.with_untracked(|outbox| outbox.change_of(of).filter(|change| change.is_failed()).cloned());
        if let Some(refused) = refused {
            outbox.update(|outbox| drop(outbox.strike(refused.cid)));
            self.keep(slug, refused.thrown_away());
        }
        self.do_to_message(slug, cid, what);
    }

    fn do_to_message(self, slug: &Slug, cid: Cid, what: What) {
        let now_ms = (self.browser.now_ms)();
        let written = self.talk(slug).outbox.update(|outbox| outbox.add_change(what, cid, now_ms));
        self.keep(slug, written);
        (self.browser.send_waiting)();
    }

    /// A room's newest page, where this tab has it, for [`Browser::recall`]; who is there is not kept.
    pub fn newest_page(self, slug: &Slug) -> Option<ServerFrame> {
        let talk = self.talk(slug);
        let (events, start) = talk.timeline.with_untracked(|timeline| {
            let from = timeline.newest_lines(PAGE_EVENTS as Seq).max(timeline.end() + 1 - MAX_PAGE_EVENTS as Seq);
            let events = (from..=timeline.end()).filter_map(|seq| Some(Event::clone(timeline.event(seq)?)));
            (events.collect(), timeline.reaches_start() && from == timeline.first())
        });
        let room = self.listed(slug)?;
        let has_it = talk.is_followed() && !talk.timeline.with_untracked(Timeline::is_cut_off);
        has_it.then_some(ServerFrame::Page { room, events, start, head: None, people: Named::default() })
    }

    /// The store's life in which this tab's numbers mean something.
    pub fn epoch(self) -> String {
        self.epoch.get()
    }

    /// The places in the rooms can't be served (any more): the next opening brings their newest pages.
    pub fn forget_places(self) {
        self.talks().into_iter().for_each(|(_, talk)| {
            talk.timeline.set(Timeline::default());
            forget_reading(talk);
        });
    }

    /// The frame that opens a room after the last event that this tab has of it, or at the place where I want to go.
    pub fn asks_to_open(self, slug: &Slug) -> ClientFrame {
        let talk = self.talk(slug);
        let (seq, is_whole) = talk.timeline.with_untracked(|timeline| (timeline.last(), timeline.reaches_start()));
        // An empty room that is followed is whole, too.
        let may_resume = (seq > 0 || (is_whole && talk.is_followed())) && talk.seeks.get().is_none();
        let after = may_resume.then(|| Position { epoch: self.epoch.get(), seq });
        ClientFrame::Open { room: slug.clone(), after, at: talk.place() }
    }

    /// Says something in a room, or in one of its threads: it stands there at once, and goes out when its turn comes.
    pub fn post(self, talk: Talk, draft: &Draft, files: Vec<File>) {
        let (cid, now_ms) = ((self.browser.new_cid)(), (self.browser.now_ms)());
        talk.typed_at_ms.set(0);
        let quote = talk.replying.get_untracked();
        if quote.is_some() {
            talk.replying.set(None);
        }
        // In the room it stands under what its thread hangs on.
        let root = || talk.timeline.with_untracked(|timeline| Quote::new(timeline.event(talk.of?)?));
        let root = if talk.also.get_untracked() { root() } else { None };
        let beside = talk.beside(quote.map(|quote| talk.as_it_is_now(quote)).or(root));
        let written = talk.outbox.update(|outbox| outbox.add_beside(draft, files, beside, cid, now_ms));
        self.keep(&talk.slug.get(), written);
        (self.browser.send_waiting)();
    }

    /// Sends a message again that was refused in the room that is shown.
    pub fn retry(self, cid: Cid) {
        let now_ms = (self.browser.now_ms)();
        self.change_refused(|outbox| outbox.retry(cid, now_ms));
        (self.browser.send_waiting)();
    }

    /// Throws a message away that was refused in the room that is shown.
    pub fn discard(self, cid: Cid) {
        self.change_refused(|outbox| outbox.strike(cid).map(Pending::thrown_away));
    }

    /// The address of the room that is shown.
    pub fn shown_room(self) -> Option<Slug> {
        self.route.with_untracked(|route| route.room().cloned())
    }

    fn change_refused(self, change: impl FnOnce(&mut Outbox) -> Option<Pending>) {
        if let Some(slug) = self.shown_room() {
            let changed = self.talk(&slug).outbox.update(change);
            changed.into_iter().for_each(|pending| self.keep(&slug, pending));
        }
    }

    /// Lets the browser and the other tabs know of what waits; a message without text is thrown away.
    pub fn keep(self, slug: &Slug, pending: Pending) {
        if let Some(me) = self.me.get_untracked() {
            (self.browser.keep)(pending.frame(slug.clone(), me));
        }
    }

    /// Leaves a room with all tabs; the server notes it.
    pub fn leave(self, slug: &Slug) {
        if self.connection.get_untracked() == Connection::Live {
            (self.browser.ask)(ClientFrame::Leave { room: slug.clone() });
        } else {
            self.say(self.sentence(Refusal::Unreachable));
        }
    }

    /// Lets the others in a room know that I am typing, now and then, and once what I wrote is gone. A command is not for them.
    pub fn types(self, talk: Talk) {
        let done = talk.writing.with_untracked(|text| text.trim().is_empty() || text.starts_with('/'));
        let (now_ms, typed_at_ms) = ((self.browser.now_ms)(), talk.typed_at_ms.get());
        let is_due = if done { typed_at_ms > 0 } else { (now_ms - typed_at_ms).abs() >= TYPING_EVERY_MS };
        if is_due && talk.standing.get_untracked() == Standing::Open {
            talk.typed_at_ms.set(if done { 0 } else { now_ms });
            (self.browser.ask)(ClientFrame::Typing { room: talk.slug.get(), of: talk.of, done });
        }
    }

    /// From now on I hear who types in this thread, and in no other of its room.
    pub fn watches(self, thread: Talk) {
        thread.watched.set(thread.of);
        self.watches_again(thread);
    }

    fn watches_again(self, talk: Talk) {
        let thread = talk.watched.get();
        thread.into_iter().for_each(|of| (self.browser.ask)(ClientFrame::Watch { room: talk.slug.get(), of }));
    }

    /// Asks for the messages before the oldest one.
    pub fn load_older(self, slug: &Slug) {
        let talk = self.talk(slug);
        let (before, reaches_start) =
            talk.timeline.with_untracked(|timeline| (timeline.first(), timeline.reaches_start()));
        let may = self.connection.get_untracked() == Connection::Live
            && !talk.loading_older.get_untracked()
            && !reaches_start;
        if may {
            talk.loading_older.set(true);
            (self.browser.ask)(ClientFrame::Older { room: slug.clone(), before });
        }
    }

    /// Asks for something that a form was filled in for; without a connection, or where the one that is about to stand fails, the
    /// form comes back.
    pub fn submit(self, form: Form, typed: String, frame: ClientFrame) {
        self.submitted.set(Some((form, typed)));
        if matches!(self.connection.get_untracked(), Connection::Live | Connection::Connecting) {
            self.slip.set(None);
            (self.browser.ask)(frame);
        } else {
            self.form_refused(Refusal::Unreachable);
        }
    }

    /// A form that is not answered, if there is one, comes back with the reason.
    pub fn form_refused(self, why: Refusal) {
        if let Some((form, typed)) = self.submitted.update(Option::take) {
            self.slip.set(Some(Slip { form, typed, why: Some(why) }));
        }
    }

    /// Chooses a language, and remembers it.
    pub fn choose_lang(self, lang: Lang) {
        (self.browser.remember)(LANG_COOKIE, lang.tag());
        (self.browser.carry_over)();
        self.lang.set(lang);
    }

    /// Chooses a theme, and remembers it.
    pub fn choose_theme(self, theme: Theme) {
        (self.browser.remember)(THEME_COOKIE, theme.word());
        self.theme.set(theme);
    }
}

/// What I have read there says nothing any more.
fn forget_reading(talk: Talk) {
    talk.unread.set(Unread::default());
    talk.told_read.set(None);
    talk.keeps_unread.set(false);
    talk.mark_new(None);
    talk.target.set(None);
}
