//! What lies behind a message's link is shown to all in the room, by an event of its own that a page and a resume carry; its author
//! takes it away, and it stays away; it goes with the message. Nothing is fetched unless the operator wants it, and nothing from
//! inside.
//!
//! The site is at 127.0.0.2, which only a test lets be reached; 127.0.0.1 is inside.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::markup::Markup;
use app::message::{Event, What};
use app::protocol::ClientFrame;
use app::refusal::Refusal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::support::{Person, Town, fresh_cid, in_time};

/// A site whose pages are all alike, and how often it was asked for one.
struct Site {
    at: SocketAddr,
    asked: Arc<AtomicUsize>,
    /// How many answers may go out.
    answers: Arc<Semaphore>,
}

impl Site {
    async fn opens(address: &str) -> Self {
        let site = Self::opens_in_silence(address).await;
        site.answers.add_permits(1_000);
        site
    }

    /// A site that answers when it is told to.
    async fn opens_in_silence(address: &str) -> Self {
        let listener = TcpListener::bind((address, 0)).await.expect("an address of this machine");
        let (at, asked) = (listener.local_addr().expect("it is bound"), Arc::new(AtomicUsize::new(0)));
        let answers = Arc::new(Semaphore::new(0));
        let (count, allowed) = (Arc::clone(&asked), Arc::clone(&answers));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]).await;
                allowed.acquire().await.expect("the site is open").forget();
                let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>회의록</title><meta name=description content='Who said what'>";
                let _ = stream.write_all(page.as_bytes()).await;
            }
        });
        Self { at, asked, answers }
    }

    async fn was_asked(&self, times: usize) {
        let asked = async {
            while self.asked() < times {
                tokio::task::yield_now().await;
            }
        };
        in_time(|| format!("question number {times}"), asked).await;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn link(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }

    /// What is found behind each of its links.
    fn preview(&self, path: &str) -> Markup {
        Markup::preview(&self.link(path), ["127.0.0.2", "회의록", "Who said what"].map(str::to_owned))
    }
}

/// A town that shows what lies behind links, those of this site, too.
async fn town(site: &Site) -> Town {
    let at = site.at;
    let set = move |config: &mut server::config::Serve| {
        config.link_previews = true;
        config.link_preview_sites = vec![at];
    };
    Town::plan().set(set).open().await
}

async fn in_madang(town: &Town, name: &str) -> Person {
    let mut person = town.walks_in(name).await;
    person.opens("madang").await;
    person
}

/// Of which message the next event says what lies behind its link.
async fn sees_preview(person: &mut Person) -> (i64, Markup) {
    let event = person.sees_event("preview").await;
    let What::Previewed { of, preview, .. } = event.what else { panic!("{event:?} is no preview") };
    (of, preview.expect("it is the last word on it"))
}

async fn hides(person: &mut Person, of: i64) {
    let hiding = ClientFrame::HidePreview { room: "madang".into(), of, cid: fresh_cid() };
    person.asks(hiding).await;
}

async fn edits(person: &mut Person, of: i64, text: &str) {
    let edit = ClientFrame::Edit { room: "madang".into(), of, cid: fresh_cid(), text: text.to_owned() };
    person.asks(edit).await;
    let event = person.sees_event("edit").await;
    assert!(matches!(event.what, What::Edited { .. }), "{event:?}");
}

/// What somebody sees who comes now: the previews of the messages, in order.
async fn on_a_fresh_page(town: &Town, name: &str) -> Vec<Option<Markup>> {
    let events = town.walks_in(name).await.opens("madang").await.events;
    events.iter().filter(|event| event.is_posted()).map(|event| event.preview().cloned()).collect()
}

#[tokio::test]
async fn everyone_sees_what_lies_behind_a_link_and_whoever_comes_later_too() {
    let site = Site::opens("127.0.0.2").await;
    let town = town(&site).await;
    let (mut ada, mut ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    let (link, found) = (site.link("/notes"), site.preview("/notes"));
    ada.posts(&link).await;
    for person in [&mut ada, &mut ben] {
        person.sees("Ada", &link).await;
        assert_eq!(sees_preview(person).await, (1, found.clone()));
    }
    ben.posts(&format!("again [here]({link})")).await;
    ben.sees_event("message").await;
    assert_eq!(sees_preview(&mut ben).await, (3, found.clone()));
    assert_eq!(site.asked(), 1, "it was remembered");

    assert_eq!(on_a_fresh_page(&town, "Cho").await, [Some(found.clone()), Some(found.clone())]);
    let html = ben.browser().gets("/rooms/madang").await.body;
    assert_eq!((html.matches("class=\"preview\"").count(), html.matches("회의록").count() >= 2), (2, true));
    let mut dan = town.walks_in("Dan").await;
    dan.resumes("madang", 1).await;
    assert_eq!(sees_preview(&mut dan).await, (1, found));
}

#[tokio::test]
async fn its_author_alone_takes_a_preview_away_for_good_and_another_link_has_another() {
    let site = Site::opens("127.0.0.2").await;
    let town = town(&site).await;
    let (mut ada, mut ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    let (one, other) = (site.preview("/1"), site.preview("/2"));
    let (link, other_link) = (site.link("/1"), site.link("/2"));
    ada.posts(&link).await;
    ada.sees_up_to(2).await;
    hides(&mut ben, 1).await;
    ben.sees_up_to(2).await;
    ben.is_refused(Refusal::MessageNotYours).await;
    hides(&mut ada, 1).await;
    assert_eq!(sees_preview(&mut ada).await, (1, Markup::preview(&link, None)));
    assert_eq!(on_a_fresh_page(&town, "Cho").await, [None]);

    edits(&mut ada, 1, &format!("still {link}")).await;
    ada.posts(&link).await;
    ada.sees_up_to(6).await;
    assert_eq!(on_a_fresh_page(&town, "Dan").await, [None, Some(one.clone())], "only the second one shows it");

    edits(&mut ada, 1, &format!("better: {other_link}")).await;
    assert_eq!(sees_preview(&mut ada).await, (1, other.clone()));
    edits(&mut ada, 1, &format!("{other_link} and {link}")).await;
    edits(&mut ada, 1, "no link").await;
    assert_eq!(sees_preview(&mut ada).await, (1, Markup::preview("", None)));
    assert_eq!(on_a_fresh_page(&town, "Eve").await, [None, Some(one)]);
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn the_same_wish_twice_is_one() {
    let site = Site::opens("127.0.0.2").await;
    let town = town(&site).await;
    let mut ada = in_madang(&town, "Ada").await;
    ada.posts(&site.link("/")).await;
    ada.sees_up_to(2).await;
    let hiding = ClientFrame::HidePreview { room: "madang".into(), of: 1, cid: fresh_cid() };
    for _ in 0..2 {
        ada.asks(hiding.clone()).await;
        assert_eq!(ada.sees_event("end of the preview").await.seq, 3);
    }
    ada.posts("later").await;
    assert_eq!(ada.sees("Ada", "later").await.seq, 4);
}

#[tokio::test]
async fn a_preview_goes_with_its_message_and_nothing_of_it_is_left() {
    let site = Site::opens("127.0.0.2").await;
    let town = town(&site).await;
    let mut ada = in_madang(&town, "Ada").await;
    for head in [2, 4] {
        ada.posts(&site.link("/")).await;
        ada.sees_up_to(head).await;
    }
    hides(&mut ada, 1).await;
    ada.sees_up_to(5).await;
    ada.asks(ClientFrame::Delete { room: "madang".into(), of: 3, cid: fresh_cid() }).await;
    ada.sees_up_to(6).await;
    hides(&mut ada, 3).await;
    ada.is_refused(Refusal::MessageDeleted).await;
    let mut ben = town.walks_in("Ben").await;
    ben.resumes("madang", 0).await;
    let said = |event: &Event| match &event.what {
        What::Previewed { preview, .. } => {
            preview.as_ref().and_then(Markup::previews).is_some_and(|(_, is_shown)| is_shown)
        }
        _ => event.preview().is_some(),
    };
    let events = ben.sees_up_to(6).await;
    assert!(!events.iter().any(said), "{events:?}");
    hides(&mut ada, 9).await;
    ada.is_refused(Refusal::MessageUnknown).await;
}

#[tokio::test]
async fn what_comes_after_its_message_was_deleted_or_its_author_removed_is_not_shown() {
    let site = Site::opens_in_silence("127.0.0.2").await;
    let town = town(&site).await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.makes_private("Plans").await;
    ada.does(&room, "invite", "Ben").await;
    ben.opens(&room).await;
    ada.opens(&room).await;
    ada.posts(&site.link("/deleted")).await;
    ada.sees("Ada", &site.link("/deleted")).await;
    site.was_asked(1).await;
    ben.posts(&site.link("/removed")).await;
    let seq = ada.sees("Ben", &site.link("/removed")).await.seq;
    ada.asks(ClientFrame::Delete { room: room.as_str().into(), of: seq - 1, cid: fresh_cid() }).await;
    ada.sees_event("deletion").await;
    ada.does(&room, "remove", &ben.me.id.0.to_string()).await;
    ada.sees_event("removal").await;

    site.answers.add_permits(3);

    ada.posts(&site.link("/shown")).await;
    let seq = ada.sees("Ada", &site.link("/shown")).await.seq;
    assert_eq!(sees_preview(&mut ada).await, (seq, site.preview("/shown")));
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn nothing_is_fetched_from_inside_nor_for_what_is_hidden() {
    let (open, inner) = (Site::opens("127.0.0.2").await, Site::opens("127.0.0.1").await);
    let town = town(&open).await;
    let mut ada = in_madang(&town, "Ada").await;
    let port = inner.at.port();
    let hosts = ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"];
    let hidden =
        [format!("||{}||", open.link("/")), format!("`{}`", open.link("/")), "mailto:ada@example.org".to_owned()];
    let said = hosts.iter().map(|host| format!("http://{host}:{port}/")).chain(hidden);
    let number = said.clone().count() as i64;
    for text in said {
        ada.posts(&text).await;
    }
    ada.sees_up_to(number).await;
    ada.posts(&open.link("/")).await;
    ada.sees_event("message").await;
    assert_eq!(sees_preview(&mut ada).await, (number + 1, open.preview("/")));
    assert_eq!((inner.asked(), open.asked()), (0, 1));
}

#[tokio::test]
async fn without_the_operators_wish_nothing_is_fetched() {
    let site = Site::opens("127.0.0.2").await;
    let at = site.at;
    let town = Town::plan().set(move |config| config.link_preview_sites = vec![at]).open().await;
    let mut ada = in_madang(&town, "Ada").await;
    ada.posts(&site.link("/")).await;
    ada.sees("Ada", &site.link("/")).await;
    edits(&mut ada, 1, &site.link("/2")).await;
    ada.sees_nothing_more().await;
    assert_eq!(site.asked(), 0);
}

#[tokio::test]
async fn a_person_gets_so_many_previews_a_minute() {
    let site = Site::opens("127.0.0.2").await;
    let at = site.at;
    let set = move |config: &mut server::config::Serve| {
        config.link_previews = true;
        config.link_preview_sites = vec![at];
        config.link_previews_per_person = 1;
    };
    let town = Town::plan().set(set).open().await;
    let (mut ada, mut ben) = (in_madang(&town, "Ada").await, in_madang(&town, "Ben").await);
    ada.posts(&site.link("/1")).await;
    ada.sees_up_to(2).await;
    ada.posts(&site.link("/2")).await;
    ben.sees_up_to(3).await;
    ben.posts(&site.link("/3")).await;
    ben.sees("Ben", &site.link("/3")).await;
    assert_eq!(sees_preview(&mut ben).await, (4, site.preview("/3")));
    assert_eq!(site.asked(), 2);
}
