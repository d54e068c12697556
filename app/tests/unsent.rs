//! What is being written stands in all of a person's tabs and survives a reload; the latest counts, and nobody is interrupted.

use std::cell::{Cell, RefCell};

use app::allowance::Allowance;
use app::browser::Browser;
use app::chat::Chat;
use app::first_page::FirstPage;
use app::i18n::Lang;
use app::member::{Member, MemberId, Name};
use app::message::{Cid, Draft};
use app::preferences::Theme;
use app::protocol::ServerFrame;
use app::quote::Quote;
use app::room::Slug;
use app::unsent::MAX_KEPT_BYTES;
use leptos::prelude::Owner;

thread_local! {
    static NOW_MS: Cell<i64> = const { Cell::new(1_000_000) };
    static KEPT: RefCell<Vec<ServerFrame>> = const { RefCell::new(Vec::new()) };
    static LATER: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

fn tab() -> Chat {
    let browser = Browser {
        now_ms: || NOW_MS.get(),
        keep: |frame| KEPT.with_borrow_mut(|kept| kept.push(frame)),
        later: |_, act| LATER.with_borrow_mut(|later| later.push(act)),
        ..Browser::absent()
    };
    let (path, lang, theme) = (room().path(), Lang::En, Theme::default());
    let me = Member { id: MemberId(1), name: Name::new("Ada").expect("a name") };
    let frames = vec![ServerFrame::Welcome { epoch: "e".to_owned(), me, rooms: Vec::new() }];
    let allowance = Allowance::default();
    Chat::new(FirstPage { path, lang, theme, offset_min: 0, cid: Cid(0), frames, slip: None, allowance }, browser)
}

fn room() -> Slug {
    Slug::from("madang")
}

/// Milliseconds go by, and what was put off until later is done.
fn pass(ms: i64) {
    NOW_MS.set(NOW_MS.get() + ms);
    LATER.take().into_iter().for_each(|act| act());
}

/// What one tab has told goes to another.
fn tell(tab: Chat) {
    KEPT.take().into_iter().for_each(|frame| assert_eq!(tab.hear_from_tab(frame), None));
}

fn reads(tab: Chat) -> String {
    tab.talk(&room()).writing.get_untracked()
}

#[test]
fn what_is_written_in_one_tab_stands_in_the_other_and_is_gone_from_both_when_it_is_sent() {
    let owner = Owner::new();
    owner.set();
    let (one, other) = (tab(), tab());
    one.write(one.talk(&room()), "half a ".to_owned());
    one.write(one.talk(&room()), "half a sentence".to_owned());
    pass(500);
    assert_eq!(KEPT.with_borrow(Vec::len), 1, "what is typed meanwhile is told together");
    tell(other);
    assert_eq!(reads(other), "half a sentence");

    pass(10_000);
    other.post(other.talk(&room()), &Draft::new("half a sentence").expect("a text"), Vec::new());
    other.write_no_more(other.talk(&room()));
    tell(one);
    assert_eq!((reads(one), reads(other)), (String::new(), String::new()));
}

#[test]
fn the_latest_counts_whatever_the_clock_says() {
    let owner = Owner::new();
    owner.set();
    let (one, other) = (tab(), tab());
    one.write(one.talk(&room()), "first".to_owned());
    pass(500);
    let first = KEPT.take();
    NOW_MS.set(NOW_MS.get() - 60_000);
    one.write(one.talk(&room()), "second".to_owned());
    pass(500);
    tell(other);
    first.into_iter().for_each(|frame| assert_eq!(other.hear_from_tab(frame), None));
    assert_eq!(reads(other), "second");
}

#[test]
fn who_is_typing_is_not_interrupted() {
    let owner = Owner::new();
    owner.set();
    let (one, other) = (tab(), tab());
    other.write(other.talk(&room()), "mine".to_owned());
    pass(500);
    KEPT.take();
    one.write(one.talk(&room()), "from elsewhere".to_owned());
    pass(500);
    tell(other);
    assert_eq!(reads(other), "mine", "it was typed a moment ago, and somebody looks");

    other.looks(false);
    one.write(one.talk(&room()), "from elsewhere, again".to_owned());
    pass(500);
    tell(other);
    assert_eq!(reads(other), "from elsewhere, again");
}

#[test]
fn who_looks_away_or_goes_leaves_nothing_unkept() {
    let owner = Owner::new();
    owner.set();
    let (one, other) = (tab(), tab());
    one.write(one.talk(&room()), "and then".to_owned());
    one.looks(false);
    tell(other);
    assert_eq!(reads(other), "and then");
    pass(500);
    assert_eq!(KEPT.with_borrow(Vec::len), 0, "once is enough");
}

#[test]
fn what_is_longer_than_any_message_stays_in_its_tab() {
    let owner = Owner::new();
    owner.set();
    let one = tab();
    one.write(one.talk(&room()), "x".repeat(MAX_KEPT_BYTES));
    pass(500);
    assert_eq!(KEPT.take().len(), 1);
    one.write(one.talk(&room()), "x".repeat(MAX_KEPT_BYTES + 1));
    pass(500);
    assert_eq!(KEPT.with_borrow(Vec::len), 0);
    assert_eq!(reads(one).len(), MAX_KEPT_BYTES + 1, "it is not lost here");
}

#[test]
fn what_is_answered_is_kept_by_its_number_and_not_by_its_words_which_may_be_deleted_meanwhile() {
    let owner = Owner::new();
    owner.set();
    let one = tab();
    let talk = one.talk(&room());
    let by = one.me.get_untracked().expect("Ada");
    let secret = || Some(Quote { of: 7, by: by.clone(), text: "a secret".to_owned(), edited_ms: 0 });
    talk.replying.set(secret());
    one.write(talk, "an answer".to_owned());
    pass(500);
    talk.replying.set(secret());
    one.post(talk, &Draft::new("an answer").expect("a text"), Vec::new());
    let kept = KEPT.take();
    assert_eq!(kept.len(), 2, "while it is written, and while it waits");
    for frame in kept {
        let kept = app::kept::kept(&frame).expect("it is kept");
        assert!(kept.contains("an answer") && kept.contains('7') && !kept.contains("secret"), "{kept}");
    }
    let waits = talk.outbox.with_untracked(|outbox| outbox.pending().next().and_then(|it| it.beside().cloned()));
    assert_eq!(waits.and_then(|beside| beside.reply), secret(), "here it is shown");
}

#[test]
fn a_thread_has_a_box_of_its_own_in_all_tabs() {
    let owner = Owner::new();
    owner.set();
    let (one, other) = (tab(), tab());
    let thread = |tab: Chat, of| tab.thread(&room(), of);
    one.write(one.talk(&room()), "for the room".to_owned());
    thread(one, 5).also.set(true);
    one.write(thread(one, 5), "a reply".to_owned());
    one.write(thread(one, 7), "another".to_owned());
    pass(500);
    tell(other);
    assert_eq!(reads(other), "for the room");
    let of = |tab: Chat, of| (thread(tab, of).writing.get_untracked(), thread(tab, of).also.get_untracked());
    assert_eq!([of(other, 5), of(other, 7)], [("a reply".to_owned(), true), ("another".to_owned(), false)]);

    pass(10_000);
    other.post(thread(other, 5), &Draft::new("a reply").expect("a text"), Vec::new());
    other.write_no_more(thread(other, 5));
    tell(one);
    assert_eq!([of(one, 5), of(one, 7)], [(String::new(), false), ("another".to_owned(), false)]);
    assert_eq!(reads(one), "for the room");
    one.write(thread(one, 7), "another, and".to_owned());
    one.looks(false);
    tell(other);
    assert_eq!(of(other, 7).0, "another, and", "who looks away leaves no thread unkept");
}
