//! What a person wrote, as one tab sees it: through `Chat::take`, as from the socket, and `Chat::hear_from_tab`, as from
//! the other tabs and an earlier page. What the tab asks and keeps is written down.

use std::cell::RefCell;

use app::allowance::Allowance;
use app::beside::Beside;
use app::browser::Browser;
use app::chat::{Chat, Connection};
use app::first_page::FirstPage;
use app::i18n::Lang;
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Draft, Event, Seq, What};
use app::outbox::{Delivery, Outbox, Pending};
use app::preferences::Theme;
use app::protocol::{ClientFrame, Position, ServerFrame, encode};
use app::refusal::Refusal;
use app::room::{RoomSummary, Slug};
use app::roster::Named;
use app::route::Route;
use app::talk::Row;
use app::thread::InThread;
use leptos::prelude::Owner;

thread_local! {
    static ASKED: RefCell<Vec<ClientFrame>> = const { RefCell::new(Vec::new()) };
    static KEPT: RefCell<Vec<ServerFrame>> = const { RefCell::new(Vec::new()) };
    static PAGE: RefCell<Option<ServerFrame>> = const { RefCell::new(None) };
}

fn slug() -> Slug {
    Slug::from("yard")
}

fn me() -> Member {
    Member { id: MemberId(7), name: Name::new("Ada").expect("a name") }
}

fn room(here: usize) -> RoomSummary {
    RoomSummary::new(slug(), "Yard".to_owned(), here)
}

fn posted(seq: Seq, cid: u128, text: &str) -> Event {
    Event { seq, at_ms: 1_000, by: me(), what: What::posted(text.into()), cid: Some(Cid(cid)) }
}

fn event(seq: Seq, cid: u128, text: &str) -> ServerFrame {
    ServerFrame::Events { room: slug(), events: vec![posted(seq, cid, text)] }
}

fn page(events: Vec<Event>, here: usize) -> ServerFrame {
    ServerFrame::Page { room: room(here), events, start: true, head: None, people: Named::default() }
}

/// A tab with a connection, in no room, and what it asks and keeps. The owner lives as long as the test.
fn tab() -> (Owner, Chat) {
    let browser = Browser {
        new_cid: || Cid(1),
        ask: |frame| ASKED.with_borrow_mut(|asked| asked.push(frame)),
        keep: |frame| KEPT.with_borrow_mut(|kept| kept.push(frame)),
        recall: |_, _| PAGE.take(),
        ..Browser::absent()
    };
    let owner = Owner::new();
    let chat = owner.with(|| {
        let welcome = ServerFrame::Welcome { epoch: "e".into(), me: me(), rooms: vec![room(5)] };
        Chat::new(
            FirstPage {
                path: "/".into(),
                lang: Lang::En,
                theme: Theme::Auto,
                offset_min: 0,
                cid: Cid(0),
                frames: vec![welcome],
                slip: None,
                allowance: Allowance::default(),
            },
            browser,
        )
    });
    chat.connection.set(Connection::Live);
    (owner, chat)
}

fn waiting(chat: Chat) -> Vec<(u128, Delivery)> {
    let pending = |pending: &app::outbox::Pending| (pending.cid.0, pending.delivery);
    chat.talk(&slug()).outbox.with_untracked(|outbox| outbox.pending().map(pending).collect())
}

fn last(chat: Chat) -> Seq {
    chat.talk(&slug()).timeline.with_untracked(app::timeline::Timeline::last)
}

#[test]
fn what_is_written_is_kept_as_the_event_that_will_confirm_it() {
    let (_owner, chat) = tab();
    chat.post(chat.talk(&slug()), &Draft::new("hi").expect("a text"), Vec::new());
    assert_eq!(waiting(chat), [(1, Delivery::Waiting)]);
    let kept = KEPT.take();
    let ServerFrame::Events { room, events } = &kept[0] else { panic!("not an event: {kept:?}") };
    let [event] = &events[..] else { panic!("not one event: {events:?}") };
    assert_eq!((room, event.seq, event.cid, &event.by), (&slug(), 0, Some(Cid(1)), &me()));

    let (_owner, later) = tab();
    later.hear_from_tab(kept[0].clone());
    assert_eq!(waiting(later), [(1, Delivery::Waiting)]);
}

#[test]
fn an_event_of_a_room_that_is_not_open_only_confirms() {
    let (_owner, chat) = tab();
    chat.hear_from_tab(event(0, 1, "hi"));
    chat.take(event(9, 1, "hi"));
    assert_eq!(waiting(chat), []);
    assert_eq!(last(chat), 0);
    assert_eq!(ASKED.take(), [], "nothing is missing in a room that this tab doesn't follow");
    assert_eq!(KEPT.take(), [event(9, 1, "hi")], "the other tabs learn of it");
}

#[test]
fn the_other_tabs_say_how_a_message_stands() {
    let (_owner, chat) = tab();
    let refused =
        ServerFrame::Refused { why: Refusal::MessageTooLong, cid: Some(Cid(1)), room: Some(slug()), after_ms: None };
    chat.hear_from_tab(event(0, 1, "hi"));
    chat.hear_from_tab(refused);
    assert_eq!(waiting(chat), [(1, Delivery::Failed(Refusal::MessageTooLong))]);
    chat.hear_from_tab(event(0, 1, "hi"));
    assert_eq!(waiting(chat), [(1, Delivery::Waiting)], "sent again there");
    assert_eq!(chat.hear_from_tab(event(0, 1, "")), Some(Cid(1)));
    assert_eq!(waiting(chat), [], "thrown away there");
}

#[test]
fn what_the_page_brings_confirmed_need_not_be_kept() {
    let (_owner, chat) = tab();
    chat.take(page(vec![posted(1, 1, "hi")], 1));
    assert_eq!(chat.hear_from_tab(event(0, 1, "hi")), Some(Cid(1)));
    assert_eq!(chat.hear_from_tab(event(0, 2, "and this")), None);
    assert_eq!(waiting(chat), [(2, Delivery::Waiting)]);
}

#[test]
fn what_was_confirmed_before_a_page_that_begins_after_it_is_asked_for_once_more() {
    let (_owner, chat) = tab();
    chat.hear_from_tab(event(0, 1, "from yesterday"));
    chat.open(&slug());
    let outbox = chat.talk(&slug()).outbox;
    outbox.update(Outbox::take_next);

    chat.take(event(3, 1, "from yesterday"));
    chat.take(page(vec![posted(60, 9, "since then")], 1));

    assert_eq!(waiting(chat), [(1, Delivery::Waiting)]);
    outbox.update(Outbox::take_next);
    chat.take(event(3, 1, "from yesterday"));
    assert_eq!((waiting(chat), last(chat)), (Vec::new(), 60));
}

#[test]
fn too_much_at_once_is_no_failure() {
    let (_owner, chat) = tab();
    chat.hear_from_tab(event(0, 1, "hi"));
    let outbox = chat.talk(&slug()).outbox;
    outbox.update(|outbox| drop(outbox.take_next()));
    assert_eq!(waiting(chat), [(1, Delivery::OnItsWay)]);
    let (cid, room) = (Some(Cid(1)), Some(slug()));
    chat.take(ServerFrame::Refused { why: Refusal::TooFast, cid, room, after_ms: Some(80) });
    assert_eq!(waiting(chat), [(1, Delivery::Waiting)]);
}

#[test]
fn a_kept_page_is_shown_and_only_what_follows_is_asked_for() {
    let (_owner, chat) = tab();
    chat.take(page((1..=60).map(|seq| posted(seq, seq.unsigned_abs().into(), "text")).collect(), 3));
    let kept = chat.newest_page(&slug()).expect("a page");
    let ServerFrame::Page { events, start, people, .. } = &kept else { panic!("not a page") };
    assert_eq!((events[0].seq, events.len(), start, people.len()), (11, 50, &false, 0));
    assert!(!encode(&kept).is_empty());

    let (_owner, later) = tab();
    PAGE.set(Some(kept));
    later.open(&slug());
    assert_eq!(last(later), 60);
    let after = Some(Position { epoch: "e".into(), seq: 60 });
    assert_eq!(ASKED.take(), [ClientFrame::Open { room: slug(), after, at: None }]);
    let here = later.rooms.with_untracked(|rooms| rooms[0].here);
    assert_eq!(here, 5, "the list knows better how many are there now");
}

#[test]
fn what_is_changed_is_kept_and_goes_out_again_until_it_is_confirmed() {
    let (_owner, chat) = tab();
    chat.take(page(vec![posted(1, 9, "helo")], 1));
    chat.edit(&slug(), 1, Draft::new("hello").expect("a text"));
    let edit = KEPT.take();

    let (_owner, later) = tab();
    later.take(page(vec![posted(1, 9, "helo")], 1));
    edit.iter().for_each(|frame| assert_eq!(later.hear_from_tab(frame.clone()), None));
    let outbox = later.talk(&slug()).outbox;
    let asked = outbox.update(|outbox| outbox.take_next()).and_then(|pending| pending.asks(slug()));
    assert_eq!(asked, Some(ClientFrame::Edit { room: slug(), of: 1, cid: Cid(1), text: "hello".into() }));

    let what = What::Edited { of: 1, text: "hello".into(), markup: None, to: Vec::new() };
    let edited = Event { seq: 2, at_ms: 2_000, by: me(), what, cid: Some(Cid(1)) };
    let confirmed = ServerFrame::Events { room: slug(), events: vec![edited.clone()] };
    later.take(confirmed.clone());
    assert_eq!(waiting(later), []);
    assert_eq!(KEPT.take(), [confirmed], "the other tabs learn of it");
    let text = later.talk(&slug()).timeline.with_untracked(|timeline| timeline.event(1).map(|it| it.text().to_owned()));
    assert_eq!(text.as_deref(), Some("hello"));

    let (_owner, much_later) = tab();
    much_later.take(page(vec![posted(1, 9, "hello"), edited], 1));
    assert_eq!(much_later.hear_from_tab(edit[0].clone()), Some(Cid(1)), "the page brought it confirmed");
}

#[test]
fn a_deletion_waits_like_a_message_and_takes_the_place_of_an_edit_that_was_refused() {
    let (_owner, chat) = tab();
    chat.take(page(vec![posted(1, 9, "said")], 1));
    chat.edit(&slug(), 1, Draft::new("changed").expect("a text"));
    let (why, cid, room) = (Refusal::Unavailable, Some(Cid(1)), Some(slug()));
    chat.take(ServerFrame::Refused { why, cid, room, after_ms: None });
    assert_eq!(waiting(chat), [(1, Delivery::Failed(Refusal::Unavailable))]);

    chat.delete(&slug(), 1);

    assert_eq!(waiting(chat), [(1, Delivery::Waiting)]);
    let kept = KEPT.take();
    let Some(ServerFrame::Events { events, .. }) = kept.last() else { panic!("not an event: {kept:?}") };
    assert_eq!((events[0].seq, &events[0].what), (0, &What::Deleted { of: 1, to: Vec::new() }));
    let (_owner, later) = tab();
    assert_eq!(
        later.hear_from_tab(kept[kept.len() - 1].clone()),
        None,
        "a deletion has no text, and waits all the same"
    );
    assert_eq!(waiting(later), [(1, Delivery::Waiting)]);
}

/// The texts of the lines in the room, and in the thread on message 1 after a number.
fn lines(chat: Chat, after: Seq) -> (Vec<String>, Vec<String>) {
    let texts = |rows: Vec<(Seq, Row)>| rows.iter().filter_map(|(_, row)| Some(row.said()?.text)).collect();
    let (room, thread) = (chat.talk(&slug()), chat.thread(&slug(), 1));
    (texts(room.rows(Some(&me()), chat.clock())), texts(thread.newer_in_thread(after, Some(&me()), chat.clock())))
}

fn replied(seq: Seq, cid: u128, text: &str) -> ServerFrame {
    let mut event = posted(seq, cid, text);
    let What::Posted { beside, .. } = &mut event.what else { unreachable!("it is a message") };
    *beside = Some(Box::new(Beside { within: Some(InThread { of: 1, ..InThread::default() }), ..Beside::default() }));
    ServerFrame::Events { room: slug(), events: vec![event] }
}

#[test]
fn a_reply_waits_in_its_thread_and_in_the_room_only_where_it_is_said_there_too() {
    let (_owner, chat) = tab();
    chat.show(Route::Room(slug()));
    chat.take(page(vec![posted(1, 9, "lunch?")], 1));
    let thread = chat.thread(&slug(), 1);
    chat.post(thread, &Draft::new("yes").expect("a text"), Vec::new());
    assert_eq!(lines(chat, 1), (vec!["lunch?".to_owned()], vec!["yes".to_owned()]));
    assert_eq!(chat.talk(&slug()).outbox.with_untracked(Outbox::written_here), 0, "the room stays where it is read");
    let asked = chat.talk(&slug()).outbox.update(Outbox::take_next).and_then(|pending| pending.asks(slug()));
    let within = Some(InThread { of: 1, ..InThread::default() });
    let (text, files) = ("yes".to_owned(), Vec::new());
    assert_eq!(asked, Some(ClientFrame::Post { room: slug(), cid: Cid(1), text, files, reply_to: None, within }));

    chat.take(replied(2, 1, "yes"));
    assert_eq!(lines(chat, 1).1, ["yes"], "it stays until the sheet has it");
    assert_eq!(lines(chat, 2).1, Vec::<String>::new());
    thread.also.set(true);
    chat.post(thread, &Draft::new("at noon").expect("a text"), Vec::new());
    assert_eq!(lines(chat, 2), (vec!["lunch?".to_owned(), "at noon".to_owned()], vec!["at noon".to_owned()]));
    let quoted = |pending: &Pending| pending.beside().and_then(|beside| beside.reply.clone()).map(|quote| quote.text);
    let quoted = chat.talk(&slug()).outbox.with_untracked(|outbox| outbox.pending().find_map(quoted));
    assert_eq!(quoted.as_deref(), Some("lunch?"), "in the room it says what it is about");
}
