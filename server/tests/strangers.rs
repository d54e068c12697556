//! Whoever is not in a room gets nothing of it and does nothing in it, by whatever door: nobody signed in, a stranger, somebody who
//! was taken out, somebody who left. And a number or an id of one room means nothing in another.

use app::file::FileId;
use app::message::Seq;
use app::protocol::{ClientFrame, Position};
use app::refusal::Refusal;
use app::room::Slug;
use app::thread::InThread;
use reqwest::Method;

use crate::support::{Answer, Person, Town, Visitor, fresh_cid};

/// What nobody else may get to see.
const SECRETS: [&str; 7] =
    ["Budget2027", "forty-two", "slip-of-hers", "in-the-thread", "plan.txt", "what-it-is-for", "not-yet"];
/// More than any number in a room: where numbers and rooms share one, this is another room's.
const ELSEWHERE: [Seq; 5] = [1 << 40 | 1, -(1 << 40) | 1, (1 << 41) + 1, Seq::MAX, Seq::MIN];

/// A method, a path and a form.
type Asked = (Method, String, Vec<(&'static str, String)>);

/// Ada's private room, with something of everything in it.
struct Closed {
    slug: String,
    file: String,
    upload: String,
    scheduled: String,
}

impl Closed {
    async fn of(ada: &mut Person) -> Self {
        let slug = ada.makes_private(SECRETS[0]).await;
        let (room, browser) = (Slug::from(slug.as_str()), ada.browser());
        ada.does(&slug, "topic", SECRETS[5]).await;
        ada.opens(&slug).await;
        ada.posts(SECRETS[2]).await;
        ada.sees("Ada", SECRETS[2]).await;
        let text = "forty-two http://127.0.0.1/".to_owned();
        ada.asks(ClientFrame::Edit { room: room.clone(), of: 2, cid: fresh_cid(), text }).await;
        ada.sees_event("edit").await;
        let within = Some(InThread { of: 2, ..InThread::default() });
        let reply = ClientFrame::Post {
            room: room.clone(),
            cid: fresh_cid(),
            text: SECRETS[3].to_owned(),
            files: Vec::new(),
            reply_to: None,
            within,
        };
        ada.asks(reply).await;
        ada.sees_event("reply").await;
        ada.asks(ClientFrame::Pin { room: room.clone(), of: 2, cid: fresh_cid(), on: true }).await;
        ada.sees_event("pin").await;
        let upload = Self::uploads(&browser, &slug, "plan.txt").await;
        let file = upload.rsplit('/').next().expect("an id").to_owned();
        let files = vec![FileId(file.clone())];
        ada.asks(ClientFrame::Post {
            room,
            cid: fresh_cid(),
            text: String::new(),
            files,
            reply_to: None,
            within: None,
        })
        .await;
        ada.sees_event("file").await;
        let upload = Self::uploads(&browser, &slug, "draft.txt").await;
        let scheduled = fresh_cid().to_string();
        let later = [("id", scheduled.as_str()), ("text", SECRETS[6]), ("when", "hour")];
        assert_eq!(browser.submits(&format!("/rooms/{slug}/later"), &later).await.status, 303);
        Self { slug, file, upload, scheduled }
    }

    async fn uploads(browser: &Visitor, slug: &str, name: &str) -> String {
        let form = [("name", name), ("bytes", "5")];
        let answer =
            browser.sends(browser.as_program(Method::POST, &format!("/rooms/{slug}/uploads")).form(&form)).await;
        let path = answer.header("location").to_owned();
        let piece = browser.as_program(Method::PATCH, &path).header("upload-offset", 0).body("hello");
        assert_eq!(browser.sends(piece).await.status, 200);
        path
    }

    /// Every way to ask for something of a room, as if it were the room of this address.
    fn asked(&self, slug: &str) -> Vec<Asked> {
        let Self { file, scheduled, .. } = self;
        let cid = || ("cid", fresh_cid().to_string());
        let form =
            |fields: &[(&'static str, &str)]| fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let gets = [
            "",
            "/2",
            "/about",
            "/2/forward",
            "/2/forward?q=b",
            "/2/thread",
            "/2/thread?before=9",
            "/2/history",
            "/days",
            "/leave",
            "/pins",
            "/later",
            &format!("/pictures/{file}"),
            &format!("/pictures/{file}/large"),
            &format!("/files/{file}/plan.txt"),
        ]
        .map(|path| (Method::GET, format!("/rooms/{slug}{path}"), Vec::new()));
        let posts: [(&str, Vec<(&'static str, String)>); 19] = [
            ("/messages", vec![cid(), ("text", "x".into())]),
            ("/2/thread", vec![("do", "say".into()), cid(), ("text", "x".into())]),
            ("/2/thread", form(&[("do", "follow")])),
            ("/2/thread", form(&[("do", "edit"), ("of", "4"), ("text", "x")])),
            ("/2/thread", form(&[("do", "delete"), ("of", "4")])),
            ("/2/thread", form(&[("do", "react"), ("of", "4"), ("emoji", "👍")])),
            ("/2/forward", vec![cid(), ("to", "kitchen".into())]),
            ("/pins", form(&[("unpin", "2")])),
            ("/about", form(&[("do", "topic"), ("text", "x")])),
            ("/about", form(&[("do", "invite"), ("text", "Ben")])),
            ("/about", form(&[("do", "remove"), ("person", "1")])),
            ("/about", form(&[("do", "star")])),
            ("/later", form(&[("text", "x"), ("when", "hour")])),
            ("/leave", Vec::new()),
            ("/uploads", form(&[("name", "a.txt"), ("bytes", "1")])),
            ("/command", form(&[("/topic", "x")])),
            ("/people", form(&[("a", "")])),
            ("/guests", form(&[("a", "")])),
            ("/preview", form(&[("x", "")])),
        ];
        let posts = posts.map(|(path, form)| (Method::POST, format!("/rooms/{slug}{path}"), form));
        let id = self.upload.rsplit('/').next().expect("an id");
        let uploads = [Method::PATCH, Method::HEAD, Method::DELETE]
            .map(|method| (method, format!("/rooms/{slug}/uploads/{id}"), Vec::new()));
        let scheduled = [
            (Method::GET, format!("/scheduled/{scheduled}"), Vec::new()),
            (Method::POST, format!("/scheduled/{scheduled}"), form(&[("text", "x"), ("when", "hour")])),
            (Method::POST, "/scheduled".to_owned(), form(&[("do", "send"), ("id", scheduled)])),
            (Method::POST, "/scheduled".to_owned(), form(&[("do", "cancel"), ("id", scheduled)])),
        ];
        gets.into_iter().chain(posts).chain(uploads).chain(scheduled).collect()
    }
}

async fn ask(browser: &Visitor, host: &str, (method, path, form): &Asked) -> Answer {
    let request = browser.as_browser(method.clone(), path).header("origin", format!("http://{host}"));
    let request = if *method == Method::PATCH { request.header("upload-offset", 0) } else { request };
    browser.sends(if *method == Method::POST { request.form(form) } else { request }).await
}

fn holds_nothing(answer: &Answer, of: &str) {
    for secret in SECRETS {
        assert!(!answer.body.contains(secret), "{of} holds {secret}: {}", answer.body);
    }
}

#[tokio::test]
async fn no_door_leads_into_a_room_for_whoever_is_not_in_it() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let (cho, dan) = (town.walks_in("Cho").await, town.walks_in("Dan").await);
    let closed = Closed::of(&mut ada).await;
    for person in ["Cho", "Dan"] {
        ada.does(&closed.slug, "invite", person).await;
        ada.sees_event("invitation").await;
    }
    assert!(cho.browser().gets(&format!("/rooms/{}/2", closed.slug)).await.body.contains("forty-two"), "as a control");
    ada.does(&closed.slug, "remove", &cho.me.id.0.to_string()).await;
    dan.browser().submits(&format!("/rooms/{}/leave", closed.slug), &[]).await;
    ada.sees_event("removal").await;
    ada.sees_event("leave").await;

    for (who, browser, statuses) in [
        ("a stranger", ben.browser(), &[404, 422][..]),
        ("who was taken out", cho.browser(), &[404, 422]),
        ("who left", dan.browser(), &[404, 422]),
        // A page is the door then.
        ("nobody", town.visitor(), &[401, 200]),
    ] {
        for asked in closed.asked(&closed.slug) {
            let answer = ask(&browser, &town.host(), &asked).await;
            let of = format!("{} {} for {who}", asked.0, asked.1);
            assert!(statuses.contains(&answer.status), "{of}: {answer:?}");
            holds_nothing(&answer, &of);
        }
        for page in ["/", "/rooms/all", "/rooms/madang", "/scheduled", "/find?q=budget", "/direct/new?q=a"] {
            holds_nothing(&browser.gets(page).await, page);
        }
    }
    ada.sees_nothing_more().await;
    assert!(ada.browser().gets("/scheduled").await.shown().contains(SECRETS[6]), "and hers is still there");
    let here = ada.browser().sends(ada.browser().as_program(Method::HEAD, &closed.upload)).await;
    assert_eq!(here.header("upload-offset"), "5", "so is what she has not sent yet");
}

#[tokio::test]
async fn no_page_of_another_site_does_anything_with_somebodys_cookie() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    let closed = Closed::of(&mut ada).await;
    let others = ["/enter", "/name", "/quiet", "/preferences", "/rooms", "/rooms/new", "/direct/new", "/people/1"]
        .map(|path| (Method::POST, path.to_owned(), vec![("name", "Forged".to_owned())]));
    let beside =
        ["command", "preview"].map(|path| (Method::POST, format!("/rooms/{}/{path}", closed.slug), Vec::new()));
    let changes = |asked: &Asked| ![Method::GET, Method::HEAD].contains(&asked.0);
    for (method, path, form) in closed.asked(&closed.slug).into_iter().chain(others).chain(beside).filter(changes) {
        for (header, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let browser = ada.browser();
            let forged = browser.as_browser(method.clone(), &path).header(header, value).form(&form);
            let answer = browser.sends(forged).await;
            assert_eq!(answer.status, 403, "{method} {path} with {header}: {answer:?}");
            holds_nothing(&answer, &path);
        }
    }
    for path in ["/ws", "/ws/plain?name=Forged"] {
        let opened = ada.browser().tries_wire(path, &[("origin", "https://evil.example")]).await;
        assert_eq!(opened.err().map(|(status, _)| status), Some(403), "{path}");
    }
    ada.sees_nothing_more().await;
}

#[tokio::test]
async fn ids_of_one_room_mean_nothing_in_another() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let closed = Closed::of(&mut ada).await;
    ada.creates("Kitchen").await;
    ada.has_created().await;
    ada.opens("kitchen").await;
    ben.opens("kitchen").await;
    ben.posts("hi").await;
    ben.sees("Ben", "hi").await;
    // Ben may do all of this here; only what it is about is not here.
    let about =
        [format!("/pictures/{}", closed.file), format!("/files/{}/plan.txt", closed.file), "/uploads/".to_owned()];
    for asked in closed.asked("kitchen").iter().filter(|(_, path, _)| about.iter().any(|part| path.contains(part))) {
        for browser in [ben.browser(), ada.browser()] {
            let answer = ask(&browser, &town.host(), asked).await;
            assert!([404, 422].contains(&answer.status), "{} {}: {answer:?}", asked.0, asked.1);
            holds_nothing(&answer, &asked.1);
        }
    }
    let room = || Slug::from("kitchen");
    let files = vec![FileId(closed.file.clone())];
    let says = |reply_to, within, files| ClientFrame::Post {
        room: room(),
        cid: fresh_cid(),
        text: "x".to_owned(),
        files,
        reply_to,
        within,
    };
    for person in [&mut ben, &mut ada] {
        person.asks(says(None, None, files.clone())).await;
        person.is_refused(Refusal::FileUnknown).await;
        for of in ELSEWHERE {
            let cid = fresh_cid();
            for asked in [
                says(Some(of), None, Vec::new()),
                says(None, Some(InThread { of, ..InThread::default() }), Vec::new()),
                ClientFrame::Edit { room: room(), of, cid, text: "x".to_owned() },
                ClientFrame::Delete { room: room(), of, cid },
                ClientFrame::React { room: room(), of, cid, emoji: "👍".to_owned(), on: true },
                ClientFrame::Pin { room: room(), of, cid, on: true },
                ClientFrame::HidePreview { room: room(), of, cid },
            ] {
                person.asks(asked).await;
                person.is_refused(Refusal::MessageUnknown).await;
            }
            for path in ["thread", "history", "forward"] {
                let answer = person.browser().gets(&format!("/rooms/kitchen/{of}/{path}")).await;
                assert!([404, 422].contains(&answer.status), "{of} {path}: {answer:?}");
                holds_nothing(&answer, path);
            }
            let page = person.opens_another_tab().await.opens_at("kitchen", of).await;
            assert!(page.events.iter().all(|event| event.text() == "hi"), "{page:?}");
        }
    }
    for before in ELSEWHERE {
        let (older, _) = ben.gets_older(before).await;
        assert!(older.iter().all(|seq| *seq == 1), "{before}: {older:?}");
        let newer = ben.gets_newer(before).await;
        assert!(newer.iter().all(|seq| *seq == 1), "{before}: {newer:?}");
    }
    ben.sees_nothing_more().await;
}

#[tokio::test]
async fn no_frame_reaches_a_room_for_whoever_is_not_in_it() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben, mut cho) =
        (town.walks_in("Ada").await, town.walks_in("Ben").await, town.walks_in("Cho").await);
    let closed = Closed::of(&mut ada).await;
    ada.does(&closed.slug, "invite", "Cho").await;
    ada.sees_event("invitation").await;
    cho.opens(&closed.slug).await;
    ada.does(&closed.slug, "remove", &cho.me.id.0.to_string()).await;
    ada.sees_event("removal").await;
    cho.has_lost(&closed.slug).await;
    let room = || Slug::from(closed.slug.as_str());
    let files = || vec![FileId(closed.file.clone())];
    for person in [&mut ben, &mut cho] {
        let after = Some(Position { epoch: person.epoch.clone(), seq: 0 });
        let post = |files, reply_to, within| ClientFrame::Post {
            room: room(),
            cid: fresh_cid(),
            text: "x".to_owned(),
            files,
            reply_to,
            within,
        };
        for asked in [
            ClientFrame::Open { room: room(), after: None, at: None },
            ClientFrame::Open { room: room(), after, at: Some(2) },
            ClientFrame::Leave { room: room() },
            post(Vec::new(), None, None),
            post(files(), None, None),
            post(Vec::new(), Some(2), None),
            post(Vec::new(), None, Some(InThread { of: 2, also: true, ..InThread::default() })),
            ClientFrame::Edit { room: room(), of: 2, cid: fresh_cid(), text: "x".to_owned() },
            ClientFrame::Delete { room: room(), of: 2, cid: fresh_cid() },
            ClientFrame::React { room: room(), of: 2, cid: fresh_cid(), emoji: "👍".to_owned(), on: true },
            ClientFrame::HidePreview { room: room(), of: 2, cid: fresh_cid() },
            ClientFrame::Pin { room: room(), of: 2, cid: fresh_cid(), on: false },
            ClientFrame::Older { room: room(), before: 9 },
            ClientFrame::Newer { room: room(), after: 0 },
        ] {
            person.asks(asked).await;
            person.is_refused(Refusal::RoomUnknown).await;
        }
        for asked in [
            ClientFrame::Typing { room: room(), of: None, done: false },
            ClientFrame::Read { room: room(), seq: 7, turn: 9 },
        ] {
            person.asks(asked).await;
        }
    }
    ada.posts("for those who are in").await;
    ada.sees("Ada", "for those who are in").await;
    ben.has_heard_nothing_of(&[&SECRETS[..], &[closed.slug.as_str()]].concat()[..7]).await;
    cho.has_heard_nothing_of(&["for those who are in"]).await;
    ada.sees_nothing_more().await;
}
