//! The rooms that a tab has open: where they are more than it may have, it closes those that it has not looked at for longest, and goes
//! back to them as to any room. Frames go in through `Chat::take`, as from the socket, and what is asked is written down.

use std::cell::RefCell;

use app::allowance::Allowance;
use app::browser::Browser;
use app::chat::{Chat, Connection};
use app::first_page::FirstPage;
use app::i18n::Lang;
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Draft, Event, Seq, What};
use app::outbox::Outbox;
use app::preferences::Theme;
use app::protocol::{ClientFrame, MAX_OPEN_ROOMS, Position, ServerFrame};
use app::refusal::Refusal;
use app::room::{RoomSummary, Slug};
use app::roster::Named;
use app::route::Route;
use app::talk::Standing;
use app::unread::ReadMark;
use leptos::prelude::Owner;

thread_local! {
    static ASKED: RefCell<Vec<ClientFrame>> = const { RefCell::new(Vec::new()) };
}

fn slug(number: usize) -> Slug {
    Slug::from(format!("room-{number}").as_str())
}

fn room(number: usize) -> RoomSummary {
    RoomSummary::new(slug(number), format!("Room {number}"), 1)
}

fn member(id: i64) -> Member {
    Member { id: MemberId(id), name: Name::new(&format!("M{id}")).expect("a name") }
}

fn said(seq: Seq) -> Event {
    let what =
        What::Posted { text: format!("message {seq}"), markup: None, edited_ms: None, files: Vec::new(), beside: None };
    Event { seq, at_ms: seq, by: member(2), what, cid: None }
}

/// A tab that has looked at as many rooms as it may have open, one after the other; in each of them one message was said.
fn full() -> (Owner, Chat) {
    let owner = Owner::new();
    let chat = owner.with(|| {
        let rooms = (0..2 * MAX_OPEN_ROOMS).map(room).collect();
        let welcome = ServerFrame::Welcome { epoch: "e".into(), me: member(1), rooms };
        let frames = vec![welcome, page(0), mark(0, 1, &[])];
        let (path, allowance) = (slug(0).path(), Allowance::default());
        let first = FirstPage {
            path,
            lang: Lang::En,
            theme: Theme::Auto,
            offset_min: 0,
            cid: Cid(0),
            frames,
            slip: None,
            allowance,
        };
        let ask = |frame| ASKED.with_borrow_mut(|asked| asked.push(frame));
        Chat::new(first, Browser { ask, ..Browser::absent() })
    });
    chat.connection.set(Connection::Live);
    (1..MAX_OPEN_ROOMS).for_each(|number| looks_at(chat, number));
    ASKED.take();
    (owner, chat)
}

fn page(number: usize) -> ServerFrame {
    ServerFrame::Page { room: room(number), events: vec![said(1)], start: true, head: None, people: Named::default() }
}

/// Looks at a room that is new to the tab, and the server answers.
fn looks_at(chat: Chat, number: usize) {
    chat.show(Route::Room(slug(number)));
    chat.take(page(number));
    chat.take(mark(number, 1, &[]));
}

/// Of so many messages the first is read, and these mention me.
fn mark(number: usize, head: Seq, mentions: &[Seq]) -> ServerFrame {
    let unread = usize::try_from(head - 1).expect("a few");
    let (room, mentions) = (slug(number), mentions.to_vec());
    ServerFrame::Read { rooms: vec![ReadMark { room, read: 1, turn: 0, head, unread, mentions, level: None }] }
}

fn standing(chat: Chat, number: usize) -> Standing {
    chat.talk(&slug(number)).standing.get_untracked()
}

fn close(number: usize) -> ClientFrame {
    ClientFrame::Close { room: slug(number) }
}

fn open(number: usize, after: Option<Seq>) -> ClientFrame {
    let after = after.map(|seq| Position { epoch: "e".to_owned(), seq });
    ClientFrame::Open { room: slug(number), after, at: None }
}

fn closed(number: usize) -> ServerFrame {
    ServerFrame::Closed { room: slug(number) }
}

#[test]
fn a_visit_of_which_nobody_heard_leaves_no_number_behind() {
    let (_owner, chat) = full();
    let in_head = || chat.talk(&slug(0)).roster.with_untracked(|roster| roster.here);
    let in_list =
        || chat.rooms.with_untracked(|rooms| rooms.iter().find(|room| room.slug == slug(0)).map(|room| room.here));
    // A page that is written meanwhile counts it.
    let ServerFrame::Page { events, start, head, people, .. } = page(0) else { unreachable!() };
    chat.take(ServerFrame::Page { room: RoomSummary { here: 2, ..room(0) }, events, start, head, people });
    assert_eq!((in_head(), in_list()), (2, Some(2)));

    chat.take(ServerFrame::Room(room(0)));

    assert_eq!((in_head(), in_list()), (1, Some(1)));
}

#[test]
fn the_room_that_was_not_looked_at_for_longest_makes_place_for_one_more() {
    let (_owner, chat) = full();
    chat.show(Route::Room(slug(0)));
    assert_eq!(ASKED.take(), [], "it is open");

    looks_at(chat, MAX_OPEN_ROOMS);
    assert_eq!(ASKED.take(), [close(1), open(MAX_OPEN_ROOMS, None)]);
    assert_eq!(standing(chat, 1), Standing::Open, "until the server says otherwise");
    chat.take(closed(1));

    assert_eq!(standing(chat, 1), Standing::Away);
    looks_at(chat, MAX_OPEN_ROOMS + 1);
    assert_eq!(ASKED.take(), [close(2), open(MAX_OPEN_ROOMS + 1, None)]);
}

#[test]
fn a_room_that_was_closed_is_counted_by_what_the_server_says_and_caught_up_when_it_is_looked_at() {
    let (_owner, chat) = full();
    looks_at(chat, MAX_OPEN_ROOMS);
    chat.take(closed(0));
    ASKED.take();

    chat.take(mark(0, 3, &[3]));
    let talk = chat.talk(&slug(0));
    let unread = || (talk.unread.get_untracked().count(), talk.unread.get_untracked().mentions().to_vec());
    assert_eq!(unread(), (2, vec![3]));
    chat.looks(false);
    chat.show(Route::Room(slug(0)));
    assert_eq!(ASKED.take(), [close(1), open(0, Some(1))]);
    chat.take(ServerFrame::Events { room: slug(0), events: vec![said(2), said(3)] });
    chat.take(ServerFrame::Resumed { room: room(0), head: 3, people: Named::default() });

    assert_eq!((unread().0, talk.first_new.get_untracked()), (2, Some(2)));
    assert_eq!((standing(chat, 0), talk.timeline.with_untracked(|timeline| timeline.last())), (Standing::Open, 3));
}

#[test]
fn how_far_one_has_read_is_told_before_the_room_is_closed() {
    let (_owner, chat) = full();
    let talk = chat.talk(&slug(0));
    chat.take(ServerFrame::Events { room: slug(0), events: vec![said(2)] });
    talk.mark_read();

    chat.show(Route::Room(slug(MAX_OPEN_ROOMS)));

    let read = ClientFrame::Read { room: slug(0), seq: 2, turn: 0 };
    assert_eq!(ASKED.take(), [read, close(0), open(MAX_OPEN_ROOMS, None)]);
}

#[test]
fn what_waits_in_a_room_that_was_closed_is_sent_again_and_what_is_written_there_stays() {
    let (_owner, chat) = full();
    let talk = chat.talk(&slug(0));
    chat.post(talk, &Draft::new("on its way").expect("a draft"), Vec::new());
    talk.outbox.update(Outbox::take_next);
    talk.writing.set("half a".to_owned());
    assert!(!talk.outbox.with_untracked(Outbox::has_waiting));

    looks_at(chat, MAX_OPEN_ROOMS);
    chat.take(closed(0));

    assert!(talk.outbox.with_untracked(Outbox::has_waiting));
    assert_eq!(talk.writing.get_untracked(), "half a");
}

#[test]
fn who_comes_back_before_the_room_is_closed_opens_it_again() {
    let (_owner, chat) = full();
    looks_at(chat, MAX_OPEN_ROOMS);
    chat.show(Route::Room(slug(0)));
    ASKED.take();

    chat.take(closed(0));

    assert_eq!(ASKED.take(), [close(1), open(0, Some(1))]);
}

#[test]
fn a_new_connection_is_asked_for_no_more_rooms_than_it_may_have() {
    let (_owner, chat) = full();
    chat.connection.set(Connection::Offline { seconds: 1 });
    for number in MAX_OPEN_ROOMS..MAX_OPEN_ROOMS + 3 {
        chat.show(Route::Room(slug(number)));
    }
    ASKED.take();

    chat.reopen();

    let shown = MAX_OPEN_ROOMS + 2;
    let mut expected = vec![open(shown, None)];
    expected.extend((1..MAX_OPEN_ROOMS).rev().map(|number| open(number, Some(1))));
    assert_eq!(ASKED.take(), expected);
    for number in [0, MAX_OPEN_ROOMS, MAX_OPEN_ROOMS + 1] {
        assert_eq!(standing(chat, number), Standing::Away, "{number}");
    }
}

#[test]
fn a_room_of_the_list_has_its_name_also_where_it_cannot_be_read() {
    let (_owner, chat) = full();
    let talk = chat.talk(&slug(MAX_OPEN_ROOMS));

    chat.show(Route::Room(slug(MAX_OPEN_ROOMS)));
    let (why, room) = (Refusal::Unavailable, Some(slug(MAX_OPEN_ROOMS)));
    chat.take(ServerFrame::Refused { why, cid: None, room, after_ms: None });

    assert_eq!(talk.name.get_untracked(), format!("Room {MAX_OPEN_ROOMS}"));
}
