//! What calls somebody who looks elsewhere, as one tab sees it: frames go in through `Chat::take`, as from the socket, and what the
//! browser is asked to show is written down. A call waits a moment, for perhaps it is read meanwhile.

use std::cell::RefCell;

use app::allowance::Allowance;
use app::browser::Browser;
use app::chat::{Chat, Connection};
use app::file::{File, FileId, Kind as FileKind};
use app::first_page::FirstPage;
use app::i18n::Lang;
use app::markup::{Kind, Markup, Node};
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Event, Seq, What};
use app::notices::{Call, Level, Notices, Permission};
use app::preferences::Theme;
use app::protocol::ServerFrame;
use app::room::{RoomSummary, Slug};
use app::unread::ReadMark;
use leptos::prelude::Owner;

thread_local! {
    static CALLS: RefCell<Vec<Call>> = const { RefCell::new(Vec::new()) };
    static HUSHED: RefCell<Vec<Slug>> = const { RefCell::new(Vec::new()) };
    static LATER: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

const SHOWN: Notices = Notices { shown: true, text: true, sound: false, permission: Permission::Granted };

fn slug() -> Slug {
    Slug::from("yard")
}

fn member(id: i64, name: &str) -> Member {
    Member { id: MemberId(id), name: Name::new(name).expect("a name") }
}

/// A tab at another page, of somebody who wants to be called by all that is said in the yard.
fn tab() -> (Owner, Chat) {
    drop((CALLS.take(), HUSHED.take(), LATER.take()));
    let browser = Browser {
        call: |_, call| CALLS.with_borrow_mut(|calls| calls.push(call)),
        hush: |room| HUSHED.with_borrow_mut(|hushed| hushed.push(room.clone())),
        later: |_, act| LATER.with_borrow_mut(|later| later.push(act)),
        ..Browser::absent()
    };
    let owner = Owner::new();
    let chat = owner.with(|| {
        let room = RoomSummary::new(slug(), "Yard".to_owned(), 2);
        let welcome = ServerFrame::Welcome { epoch: "e".into(), me: member(7, "Ada"), rooms: vec![room] };
        let (path, frames, allowance) = ("/".into(), vec![welcome], Allowance::default());
        let (lang, theme) = (Lang::En, Theme::Auto);
        Chat::new(FirstPage { path, lang, theme, offset_min: 0, cid: Cid(0), frames, slip: None, allowance }, browser)
    });
    chat.connection.set(Connection::Live);
    chat.notices.set(SHOWN);
    chat.talk(&slug()).name.set("Yard".to_owned());
    chat.talk(&slug()).level.set(Level::All);
    (owner, chat)
}

fn says(chat: Chat, seq: Seq, text: &str) {
    says_with(chat, seq, text, None, Vec::new());
}

/// Ben says something in the yard, which this tab has not open.
fn says_with(chat: Chat, seq: Seq, text: &str, markup: Option<Markup>, files: Vec<File>) {
    let what = What::Posted { text: text.to_owned(), markup, edited_ms: None, files, beside: None };
    let event = Event { seq, at_ms: seq, by: member(8, "Ben"), what, cid: None };
    chat.take(ServerFrame::Called { room: slug(), event });
}

/// The wait is over; what the browser is asked to show.
fn called() -> Vec<(String, String)> {
    LATER.take().into_iter().for_each(|act| act());
    CALLS.take().into_iter().map(|call| (call.title, call.body)).collect()
}

fn call(body: &str) -> Vec<(String, String)> {
    vec![("Ben · Yard".to_owned(), body.to_owned())]
}

fn mark(read: Seq, unread: usize) -> ServerFrame {
    let (room, head, mentions) = (slug(), 9, Vec::new());
    ServerFrame::Read { rooms: vec![ReadMark { room, read, turn: 0, head, unread, mentions, level: None }] }
}

#[test]
fn several_are_one_call_with_the_newest_or_how_much_is_new() {
    let (_owner, chat) = tab();
    chat.take(mark(6, 3));
    says(chat, 8, "are you there?");
    says(chat, 9, "hello?");
    assert_eq!(called(), call("hello?"));
    assert_eq!(called(), []);
    chat.notices.set(Notices { text: false, ..SHOWN });
    says(chat, 10, "a secret");
    assert_eq!(called(), call("3 new messages"));
}

#[test]
fn what_is_read_meanwhile_on_another_device_does_not_call_any_more() {
    let (_owner, chat) = tab();
    says(chat, 9, "hello?");
    chat.take(mark(9, 0));
    assert_eq!(called(), []);
    says(chat, 10, "and now?");
    assert_eq!(called(), call("and now?"));
    HUSHED.take();
    chat.take(mark(9, 1));
    assert_eq!(HUSHED.take(), [], "something is unread there");
    chat.take(mark(10, 0));
    assert_eq!(HUSHED.take(), [slug()], "what is shown goes once it is read");
}

#[test]
fn who_is_not_to_be_disturbed_by_then_is_not_called_and_sound_alone_calls_too() {
    let (_owner, chat) = tab();
    says(chat, 9, "hello?");
    chat.take(ServerFrame::Quiet { until_ms: 5 });
    assert_eq!(called(), []);
    chat.take(ServerFrame::Quiet { until_ms: 0 });
    chat.notices.set(Notices { shown: false, sound: true, ..SHOWN });
    says(chat, 10, "hello again");
    assert_eq!(called(), call("hello again"));
    chat.notices.set(Notices { shown: false, sound: false, ..SHOWN });
    says(chat, 11, "nobody hears");
    assert_eq!(called(), []);
}

#[test]
fn who_leaves_a_room_has_chosen_nothing_for_it_any_more() {
    let (_owner, chat) = tab();
    chat.take(ServerFrame::Gone { room: slug() });
    says(chat, 9, "hello?");
    assert_eq!((called(), chat.talk(&slug()).level.get_untracked()), (vec![], Level::Mentions));
}

#[test]
fn a_file_without_words_calls_by_its_name_and_what_is_covered_up_stays_so() {
    let (_owner, chat) = tab();
    let (id, name, blur) = (FileId::from(1), "yard.png".to_owned(), String::new());
    let file = File { id, name, kind: FileKind::Picture, bytes: 9, width: 3, height: 3, blur };
    says_with(chat, 8, "", None, vec![file]);
    assert_eq!(called(), call("yard.png"));
    let text = |text: &str| Node::Text(text.into());
    let covered = Node::part(Kind::Spoiler, "", vec![text("the butler")]);
    let markup = Markup::new(vec![Node::part(Kind::Paragraph, "", vec![text("It was "), covered])]);
    says_with(chat, 9, "It was ||the butler||", Some(markup), Vec::new());
    assert_eq!(called(), call("It was ▒▒▒"));
    says(chat, 10, "");
    assert_eq!(called(), [], "what is deleted calls nobody");
}
