//! Who is in a room: a person counts once however many connections they have, somebody who is soon back was never gone,
//! and what happens at about the same time is one notice. Pure: the time is passed in.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use app::availability::Availability;
use app::member::{Member, MemberId};
use app::protocol::{MAX_NAMED, MAX_ROSTER, ServerFrame};
use app::room::Slug;
use app::roster::Named;

use super::Patience;

/// The people of one room.
#[derive(Debug, Default)]
pub(super) struct Presence {
    people: BTreeMap<MemberId, Person>,
    /// Those of them whom a page names, once one has asked.
    named: Option<Named>,
    watch: Watch,
    /// Others may be named by a page than those who hear the notices can know.
    has_moved: bool,
    /// There were more people than a page names, so that not all was told of those who are announced next.
    was_crowded: bool,
    /// Who came back after the program began; whoever of them leaves and comes again walks in.
    returned: BTreeSet<MemberId>,
}

/// Whether somebody watches for what is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Watch {
    /// Nobody does, and nobody has to.
    #[default]
    Off,
    /// Somebody has to begin.
    Begins,
    /// Somebody does, and looks again at this moment or before.
    Until(Instant),
    /// Somebody does, and has to look again now: something is due sooner than was known.
    Sooner,
}

#[derive(Debug)]
struct Person {
    member: Member,
    connections: usize,
    availability: Availability,
    standing: Standing,
    /// They were here before the program began.
    is_back: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// In, and announced at this moment.
    Arriving(Instant),
    /// In.
    Here,
    /// Without a connection; gone at this moment unless back before.
    Leaving(Instant),
}

/// What is to be announced now.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    pub(super) arrived: Vec<Member>,
    pub(super) back: Vec<Member>,
    pub(super) left: Vec<Member>,
}

impl News {
    /// How a room is told of it. Notices name a few; of those who are back, who make no line, all are named whom a page could name.
    pub(super) fn frames(&self, room: &Slug, here: usize) -> Vec<ServerFrame> {
        let told = |people: &[Member], most| {
            let who = people.iter().take(most).cloned().collect::<Vec<_>>();
            (!who.is_empty()).then(|| (room.clone(), people.len() - who.len(), who))
        };
        let arrived = |people, most, back| {
            told(people, most).map(|(room, more, who)| ServerFrame::Arrived { room, who, more, here, back })
        };
        let left = told(&self.left, MAX_NAMED).map(|(room, more, who)| ServerFrame::Left { room, who, more, here });
        let all = [arrived(&self.back, MAX_ROSTER, true), arrived(&self.arrived, MAX_NAMED, false), left];
        all.into_iter().flatten().collect()
    }
}

impl Presence {
    /// A connection of a person walked in, or is back in the room where it was before the program began.
    pub(super) fn enter(&mut self, member: &Member, is_back: bool, now: Instant, patience: Patience) {
        let due = now + patience.gather;
        if self.people.get(&member.id).is_none_or(|person| person.member != *member) {
            self.names_otherwise(member.id);
        }
        let is_back = is_back && self.returned.insert(member.id);
        let person = self.people.entry(member.id).or_insert_with(|| Person {
            member: member.clone(),
            connections: 0,
            availability: Availability::Here,
            standing: Standing::Arriving(due),
            is_back,
        });
        person.connections += 1;
        person.member = member.clone();
        match person.standing {
            Standing::Leaving(_) => person.standing = Standing::Here,
            Standing::Arriving(_) => self.expect(due),
            Standing::Here => {}
        }
        self.was_crowded |= self.people.len() > MAX_ROSTER;
    }

    /// A connection of a person is gone; the person is, too, unless one is left or comes back in time.
    pub(super) fn slip_out(&mut self, id: MemberId, now: Instant, patience: Patience) {
        let Some(person) = self.people.get_mut(&id) else {
            return;
        };
        person.connections = person.connections.saturating_sub(1);
        if person.connections > 0 {
            return;
        }
        match person.standing {
            // Nobody was told of the arrival, so nobody is told of the departure.
            Standing::Arriving(_) => self.remove_unheard(id),
            Standing::Here | Standing::Leaving(_) => {
                person.standing = Standing::Leaving(now + patience.grace);
                self.expect(now + patience.grace);
            }
        }
    }

    /// A person leaves by choice, with all connections.
    pub(super) fn leave(&mut self, id: MemberId, now: Instant, patience: Patience) {
        let due = self.next_departure().map_or(now + patience.gather, |next| next.min(now + patience.gather));
        let Some(person) = self.people.get_mut(&id) else {
            return;
        };
        person.connections = 0;
        match person.standing {
            Standing::Arriving(_) => self.remove_unheard(id),
            Standing::Here | Standing::Leaving(_) => {
                person.standing = Standing::Leaving(due);
                self.expect(due);
            }
        }
    }

    /// When the next departure is told; whoever leaves meanwhile is told of with it.
    fn next_departure(&self) -> Option<Instant> {
        let due = |person: &Person| if let Standing::Leaving(due) = person.standing { Some(due) } else { None };
        self.people.values().filter_map(due).min()
    }

    /// No notice tells that they are gone, but a page may have named them.
    fn remove_unheard(&mut self, id: MemberId) {
        self.people.remove(&id);
        self.names_otherwise(id);
        self.has_moved = true;
    }

    /// Somebody is new, gone or has another name. Who comes after all whom a full page names changes nothing for it.
    fn names_otherwise(&mut self, id: MemberId) {
        self.named.take_if(|named| named.len() < MAX_ROSTER || named.last().is_none_or(|last| id <= last.id));
    }

    /// Something is due at this moment.
    fn expect(&mut self, due: Instant) {
        self.watch = match self.watch {
            Watch::Off | Watch::Begins => Watch::Begins,
            Watch::Until(looks) if looks <= due => Watch::Until(looks),
            Watch::Until(_) | Watch::Sooner => Watch::Sooner,
        };
    }

    /// Takes what is due now. Something that is due takes everything with it that happened before.
    pub(super) fn news(&mut self, now: Instant) -> News {
        let mut news = News::default();
        let arrival_is_due =
            self.people.values().any(|person| matches!(person.standing, Standing::Arriving(due) if due <= now));
        if arrival_is_due {
            for person in self.people.values_mut().filter(|person| matches!(person.standing, Standing::Arriving(_))) {
                person.standing = Standing::Here;
                if person.is_back { &mut news.back } else { &mut news.arrived }.push(person.member.clone());
            }
        }
        let gone =
            self.people.extract_if(.., |_, person| matches!(person.standing, Standing::Leaving(due) if due <= now));
        news.left = gone.map(|(_, person)| person.member).collect();
        news.left.iter().for_each(|member| self.names_otherwise(member.id));
        // Tabs show who arrives wherever they have space, and as they were told last how it stands with them.
        let is_told_too_little =
            arrival_is_due && std::mem::replace(&mut self.was_crowded, self.people.len() > MAX_ROSTER);
        self.has_moved |= is_told_too_little || news.left.len() > MAX_NAMED;
        news
    }

    /// Whether the listeners have to be told how it stands with the people, for the notices don't tell it.
    pub(super) fn has_moved(&mut self) -> bool {
        std::mem::take(&mut self.has_moved)
    }

    /// When something is due next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let due = |person: &Person| match person.standing {
            Standing::Arriving(due) | Standing::Leaving(due) => Some(due),
            Standing::Here => None,
        };
        self.people.values().filter_map(due).min()
    }

    /// What has to happen for what is due: once told, it counts as begun.
    pub(super) fn watch(&mut self) -> Watch {
        if self.watch == Watch::Begins { std::mem::replace(&mut self.watch, Watch::Sooner) } else { self.watch }
    }

    /// When something is due next; when nothing is, the watch is over.
    pub(super) fn next_due_or_end_watch(&mut self) -> Option<Instant> {
        let due = self.next_due();
        self.watch = due.map_or(Watch::Off, Watch::Until);
        due
    }

    /// How many people are here. Somebody who may be back in time still counts.
    pub(super) fn here(&self) -> usize {
        self.people.len()
    }

    /// Whether somebody is here.
    pub(super) fn is_here(&self, id: MemberId) -> bool {
        self.people.contains_key(&id)
    }

    /// Some of those who are here.
    pub(super) fn some(&self, count: usize) -> Vec<MemberId> {
        self.people.keys().take(count).copied().collect()
    }

    /// All who are here.
    pub(super) fn members(&self) -> Vec<Member> {
        self.people.values().map(|person| person.member.clone()).collect()
    }

    /// Those of the people whom a page names: the first [`MAX_ROSTER`] by their ids.
    pub(super) fn named(&mut self) -> Named {
        let people = self.people.values().take(MAX_ROSTER).map(|person| person.member.clone());
        self.named.get_or_insert_with(|| people.collect::<Vec<_>>().into()).clone()
    }

    /// It stands otherwise with somebody. Says whether there is anything to tell: of those whom no tab shows nothing is.
    pub(super) fn turn(&mut self, id: MemberId, now: Availability) -> bool {
        let Some(person) = self.people.get_mut(&id) else { return false };
        let before = std::mem::replace(&mut person.availability, now);
        // Whoever is not announced has taken nobody's place yet.
        let mut announced = self.people.iter().filter(|(_, person)| !matches!(person.standing, Standing::Arriving(_)));
        before != now && announced.nth(MAX_ROSTER - 1).is_none_or(|(last, _)| id <= *last)
    }

    /// Whether somebody whom a page names is away, or not to be disturbed.
    pub(super) fn has_absent(&self) -> bool {
        self.first().any(|(_, person)| person.availability != Availability::Here)
    }

    /// How it stands with those whom a page names.
    pub(super) fn present(&self, room: &Slug) -> ServerFrame {
        let who = |now| self.first().filter(|(_, person)| person.availability == now).map(|(id, _)| *id).collect();
        let [here, away, quiet] = [Availability::Here, Availability::Away, Availability::Quiet].map(who);
        ServerFrame::Present { room: room.clone(), here, away, quiet }
    }

    fn first(&self) -> impl Iterator<Item = (&MemberId, &Person)> {
        self.people.iter().take(MAX_ROSTER)
    }

    /// Somebody has another name.
    pub(super) fn rename(&mut self, member: &Member) {
        if let Some(person) = self.people.get_mut(&member.id).filter(|person| person.member != *member) {
            person.member = member.clone();
            self.names_otherwise(member.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::availability::Absent;
    use app::browser::Browser;
    use app::chat::Chat;
    use app::first_page::FirstPage;
    use app::member::Name;
    use app::room::RoomSummary;
    use leptos::prelude::Owner;
    use proptest::prelude::*;
    use std::time::Duration;

    const PATIENCE: Patience = Patience {
        grace: Duration::from_secs(10),
        gather: Duration::from_millis(400),
        rest: Duration::MAX,
        slow: Duration::MAX,
        look_every: Duration::MAX,
        second: Duration::MAX,
        back: Duration::ZERO,
    };

    fn member(id: i64, name: &str) -> Member {
        Member { id: MemberId(id), name: Name::new(name).expect("a name") }
    }

    fn names(members: &[Member]) -> Vec<&str> {
        members.iter().map(|member| member.name.as_str()).collect()
    }

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn who_leaves_before_a_departure_is_told_is_told_of_with_it() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        for (id, name) in [(1, "Ada"), (2, "Ben"), (3, "Cho")] {
            presence.enter(&member(id, name), false, start, PATIENCE);
        }
        presence.news(start + PATIENCE.gather);
        let later = after(start, 60);
        presence.leave(MemberId(1), later, PATIENCE);
        presence.leave(MemberId(2), later + PATIENCE.gather / 2, PATIENCE);
        assert_eq!(presence.next_due(), Some(later + PATIENCE.gather));
        assert_eq!(names(&presence.news(later + PATIENCE.gather).left), ["Ada", "Ben"]);
    }

    #[test]
    fn several_at_once_are_one_notice() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), false, start, PATIENCE);
        presence.enter(&member(2, "Ben"), false, start + Duration::from_millis(300), PATIENCE);
        assert_eq!(presence.news(start), News::default());
        assert_eq!(presence.next_due(), Some(start + PATIENCE.gather));
        assert_eq!(names(&presence.news(start + PATIENCE.gather).arrived), ["Ada", "Ben"]);
        assert_eq!(presence.next_due(), None);
    }

    #[test]
    fn a_person_counts_once_however_many_tabs() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), false, start, PATIENCE);
        presence.enter(&member(1, "Ada"), false, start, PATIENCE);
        assert_eq!(presence.here(), 1);
        presence.news(after(start, 1));
        presence.slip_out(MemberId(1), after(start, 2), PATIENCE);
        assert_eq!(presence.news(after(start, 60)), News::default());
        presence.slip_out(MemberId(1), after(start, 60), PATIENCE);
        assert_eq!(names(&presence.news(after(start, 70)).left), ["Ada"]);
        assert_eq!(presence.here(), 0);
    }

    #[test]
    fn somebody_who_is_soon_back_was_never_gone() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), false, start, PATIENCE);
        presence.news(after(start, 1));
        presence.slip_out(MemberId(1), after(start, 2), PATIENCE);
        assert_eq!(presence.here(), 1);
        presence.enter(&member(1, "Ada"), false, after(start, 11), PATIENCE);
        assert_eq!(presence.news(after(start, 60)), News::default());
    }

    #[test]
    fn leaving_by_choice_is_said_soon() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), false, start, PATIENCE);
        presence.enter(&member(1, "Ada"), false, start, PATIENCE);
        presence.news(after(start, 1));
        presence.leave(MemberId(1), after(start, 2), PATIENCE);
        assert_eq!(names(&presence.news(after(start, 3)).left), ["Ada"]);
    }

    #[test]
    fn a_visit_that_nobody_heard_of_is_not_announced() {
        let (mut presence, start) = (Presence::default(), Instant::now());
        presence.enter(&member(1, "Ada"), false, start, PATIENCE);
        presence.slip_out(MemberId(1), start, PATIENCE);
        assert_eq!(presence.next_due(), None);
        assert_eq!(presence.here(), 0);
    }

    /// So many people come and go around the number that a page names.
    const CROWD: i64 = MAX_ROSTER as i64 + 30;

    #[derive(Clone, Debug)]
    enum Step {
        Enters(i64),
        /// The program has just begun again, and they were there before.
        Returns(i64),
        SlipsOut(i64),
        Leaves(i64),
        Turns(i64, Availability),
        /// A while passes, and what is due is announced.
        Passes,
        /// The tab is loaded again.
        Loads,
        /// Many break off at once.
        BreakOff(i64, i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        // Above all those around the last whom a page names.
        let who = || prop_oneof![1..=CROWD, MAX_ROSTER as i64 - 20..=CROWD];
        let turns = prop::sample::select(vec![Availability::Here, Availability::Away, Availability::Quiet]);
        prop_oneof![
            4 => who().prop_map(Step::Enters),
            2 => who().prop_map(Step::Returns),
            3 => who().prop_map(Step::SlipsOut),
            1 => who().prop_map(Step::Leaves),
            6 => (who(), turns).prop_map(|(who, now)| Step::Turns(who, now)),
            4 => Just(Step::Passes),
            1 => Just(Step::Loads),
            1 => (who(), 1..60_i64).prop_map(|(from, count)| Step::BreakOff(from, count)),
        ]
    }

    /// A room, and a tab that hears of it.
    struct World {
        presence: Presence,
        now: Instant,
        room: RoomSummary,
        chat: Chat,
    }

    impl World {
        fn new(owner: &Owner) -> Self {
            let room = RoomSummary::new("madang".into(), "Madang".to_owned(), 0);
            let first = FirstPage {
                path: "/rooms/madang".to_owned(),
                lang: app::i18n::Lang::En,
                theme: app::preferences::Theme::default(),
                offset_min: 0,
                cid: app::message::Cid(0),
                frames: Vec::new(),
                slip: None,
                allowance: app::allowance::Allowance::default(),
            };
            let chat = owner.with(|| Chat::new(first, Browser::absent()));
            let mut world = Self { presence: Presence::default(), now: Instant::now(), room, chat };
            (1..=CROWD).step_by(2).chain((2..=CROWD - 50).step_by(2)).for_each(|who| world.enters(who, false));
            world.goes(Step::Passes);
            world.goes(Step::Loads);
            world
        }

        fn enters(&mut self, who: i64, is_back: bool) {
            self.presence.enter(&member(who, &format!("M{who}")), is_back, self.now, PATIENCE);
        }

        fn passes(&mut self) {
            self.now += 2 * PATIENCE.grace;
            let news = self.presence.news(self.now);
            let frames = news.frames(&self.room.slug, self.presence.here());
            frames.into_iter().for_each(|frame| self.chat.take(frame));
        }

        fn loads(&mut self) {
            let (room, people) =
                (RoomSummary { here: self.presence.here(), ..self.room.clone() }, self.presence.named());
            self.chat.take(ServerFrame::Page { room, events: Vec::new(), start: true, head: None, people });
            self.tells();
        }

        fn tells(&self) {
            self.chat.take(self.presence.present(&self.room.slug));
        }

        fn goes(&mut self, step: Step) {
            let is_told = match step {
                Step::Turns(who, now) => self.presence.turn(MemberId(who), now),
                Step::Enters(who) => {
                    self.enters(who, false);
                    false
                }
                Step::Returns(who) => {
                    self.enters(who, true);
                    false
                }
                Step::SlipsOut(who) => {
                    self.presence.slip_out(MemberId(who), self.now, PATIENCE);
                    false
                }
                Step::Leaves(who) => {
                    self.presence.leave(MemberId(who), self.now, PATIENCE);
                    false
                }
                Step::BreakOff(from, count) => {
                    (from..from + count).for_each(|who| self.presence.slip_out(MemberId(who), self.now, PATIENCE));
                    false
                }
                Step::Passes => {
                    self.passes();
                    false
                }
                Step::Loads => {
                    self.loads();
                    false
                }
            };
            if self.presence.has_moved() || is_told {
                self.tells();
            }
        }
    }

    /// A tab hears of all that happens in a room, and at no time shows anybody who is not there or stands otherwise.
    fn shows_people_as_they_are(steps: impl IntoIterator<Item = Step>) -> Result<(), TestCaseError> {
        let owner = Owner::new();
        let mut world = World::new(&owner);
        let talk = world.chat.talk(&world.room.slug);
        prop_assert_eq!(talk.roster.get_untracked().people.len(), MAX_ROSTER);
        for step in steps {
            world.goes(step);
            let (roster, absent): (_, Absent) = (talk.roster.get_untracked(), talk.absent.get_untracked());
            prop_assert!(roster.people.len() <= MAX_ROSTER);
            for person in &roster.people {
                let known = world.presence.people.get(&person.id);
                prop_assert_eq!(known.map(|known| known.availability), Some(absent.of(person.id)), "{:?}", person);
            }
        }
        owner.cleanup();
        Ok(())
    }

    #[test]
    fn whoever_turns_away_while_an_arrival_takes_their_place_is_not_shown_as_here() -> Result<(), TestCaseError> {
        let last_named = 219;
        shows_people_as_they_are([Step::Enters(182), Step::Turns(last_named, Availability::Away)])
    }

    #[test]
    fn whoever_turned_away_before_there_was_a_place_for_them_is_not_shown_as_here() -> Result<(), TestCaseError> {
        let others = (182..CROWD).step_by(2).map(Step::Enters);
        let later = [
            Step::Passes,
            Step::Loads,
            Step::BreakOff(1, 12),
            Step::Passes,
            Step::Enters(CROWD),
            Step::Turns(CROWD, Availability::Away),
            Step::BreakOff(20, 19),
            Step::Passes,
        ];
        shows_people_as_they_are(others.chain(later))
    }

    #[test]
    fn whoever_is_back_after_a_restart_is_shown_and_makes_no_line() {
        let owner = Owner::new();
        let mut world = World::new(&owner);
        let talk = world.chat.talk(&world.room.slug);
        let lines = || talk.timeline.with_untracked(|timeline| timeline.notices_after(0).count());
        let is_shown = || talk.roster.get_untracked().people.iter().any(|person| person.id == MemberId(1));
        [Step::Leaves(1), Step::Passes].into_iter().for_each(|step| world.goes(step));
        let (before, was_shown) = (lines(), is_shown());
        [Step::Returns(1), Step::Passes].into_iter().for_each(|step| world.goes(step));
        assert_eq!((before, was_shown), (2, false));
        assert_eq!((lines(), is_shown()), (2, true));
        owner.cleanup();
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whoever_is_shown_is_there_and_stands_as_it_is_shown(steps in prop::collection::vec(step(), 1..80)) {
            shows_people_as_they_are(steps)?;
        }
    }
}
