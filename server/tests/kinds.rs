//! Rooms of every kind: who may be in them, who may change them, and that there is nothing anywhere for who may not.

use app::protocol::{ClientFrame, Position};
use app::refusal::Refusal;
use app::room::{RoomKind, Slug};
use app::room_change::RoomChange;
use reqwest::Method;

use crate::files::until;
use crate::support::{Person, Town, Visitor, fresh_cid};

const NAME: &str = "Budget 2027";
const SECRET: &str = "forty-two thousand";

/// Ada has a private room and has said something there.
async fn private_room(ada: &mut Person) -> String {
    let room = ada.makes_private(NAME).await;
    ada.opens(&room).await;
    ada.posts(SECRET).await;
    ada.sees("Ada", SECRET).await;
    room
}

#[tokio::test]
async fn a_stranger_with_the_address_of_a_private_room_gets_nothing_anywhere() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = private_room(&mut ada).await;
    assert_eq!(Slug::from(room.as_str()).kind(), RoomKind::Private);
    assert!(ada.browser().gets(&format!("/rooms/{room}")).await.body.contains(SECRET), "it is there for who is in it");
    let (slug, cid) = (Slug::from(room.as_str()), fresh_cid());
    let after = Some(Position { epoch: ben.epoch.clone(), seq: 1 });

    for asked in [
        ClientFrame::Open { room: slug.clone(), after: None, at: None },
        ClientFrame::Open { room: slug.clone(), after, at: None },
        ClientFrame::Open { room: slug.clone(), after: None, at: Some(1) },
        ClientFrame::Post {
            room: slug.clone(),
            cid,
            text: "hi".to_owned(),
            files: Vec::new(),
            reply_to: None,
            within: None,
        },
        ClientFrame::Edit { room: slug.clone(), of: 1, cid, text: "hi".to_owned() },
        ClientFrame::Delete { room: slug.clone(), of: 1, cid },
        ClientFrame::Older { room: slug.clone(), before: 2 },
        ClientFrame::Leave { room: slug.clone() },
    ] {
        ben.asks(asked).await;
        ben.is_refused(Refusal::RoomUnknown).await;
    }
    ben.asks(ClientFrame::Show { room: slug.clone() }).await;
    ben.asks(ClientFrame::Typing { room: slug.clone(), of: None, done: false }).await;
    ben.asks(ClientFrame::Watch { room: slug.clone(), of: 1 }).await;
    ben.asks(ClientFrame::Read { room: slug.clone(), seq: 1, turn: 0 }).await;
    ben.has_heard_nothing_of(&[NAME, SECRET, &room]).await;

    let browser = ben.browser();
    let path = format!("/rooms/{room}");
    for asked in [path.clone(), format!("{path}/about"), format!("{path}/1")] {
        let page = browser.gets(&asked).await;
        assert_eq!(page.status, 404, "{asked}");
        assert!(!page.body.contains(NAME) && !page.body.contains(SECRET), "{asked}: {}", page.body);
    }
    for (asked, form) in [
        (format!("{path}/messages"), vec![("cid", "00112233445566778899aabbccddeeff"), ("text", "hi")]),
        (format!("{path}/leave"), vec![]),
        (format!("{path}/about"), vec![("do", "topic"), ("text", "mine")]),
        (format!("{path}/about"), vec![("do", "invite"), ("text", "Ben")]),
        (format!("{path}/about"), vec![("do", "star")]),
        (format!("{path}/command"), vec![("/topic", "mine")]),
    ] {
        let refused = browser.submits(&asked, &form).await;
        assert_eq!(refused.status, 404, "{asked}");
        assert!(!refused.body.contains(NAME), "{asked}: {}", refused.body);
    }
    for asked in ["/", "/rooms/all", "/rooms/madang"] {
        let page = browser.gets(asked).await;
        assert!(page.status == 200 && !page.body.contains(NAME) && !page.body.contains(&room), "{asked}");
    }
    let plain = town.raw_answer(&format!("GET /ws/plain?room={room}&name=Eve HTTP/1.1"), "").await;
    let nowhere = town.raw_answer("GET /ws/plain?room=nowhere&name=Eve HTTP/1.1", "").await;
    assert_eq!(plain.lines().next(), nowhere.lines().next());

    let tab = ben.opens_another_tab().await;
    assert!(tab.rooms.iter().all(|listed| listed.name != NAME), "{:?}", tab.rooms);
    let made = browser.submits("/rooms/new", &[("name", NAME)]).await;
    assert_eq!(made.leads_to(), Some("/rooms/budget-2027"), "nor is its name taken");
    ada.sees_nothing_more().await;
    assert_eq!(ada.browser().gets(&path).await.messages(), [SECRET]);
}

/// The names that the sheet about a room offers to whoever asks somebody in, those seen last first.
async fn offered(person: &Person, room: &str) -> Vec<String> {
    let about = person.browser().gets(&format!("/rooms/{room}/about")).await.body;
    let name = |rest: &str| rest.split('"').next().unwrap_or_default().to_owned();
    about.split("<option value=\"").skip(1).map(name).collect()
}

#[tokio::test]
async fn who_can_be_asked_in_is_offered_to_those_who_may_ask_and_to_nobody_else() {
    let town = Town::plan().set(|config| config.members_per_room = 3).open().await;
    let (mut ada, ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let (cho, _dan) = (town.walks_in("Cho").await, town.walks_in("Dan").await);
    town.visitor().gets("/").await;
    let room = private_room(&mut ada).await;
    let sorted = async |person: &Person| {
        let mut names = offered(person, &room).await;
        names.sort();
        names
    };

    assert_eq!(sorted(&ada).await, ["Ben", "Cho", "Dan"]);
    assert!(sorted(&ben).await.is_empty(), "he is not in it");
    assert!(offered(&ada, "madang").await.is_empty(), "everyone may walk in there");
    ada.does(&room, "invite", "Ben").await;
    assert_eq!((sorted(&ada).await, sorted(&ben).await), (vec!["Cho".into(), "Dan".into()], sorted(&ada).await));
    ada.does(&room, "invite", "Cho").await;
    assert!(sorted(&cho).await.is_empty(), "it is full");
    cho.leaves_for_good(&room).await;
    assert_eq!(sorted(&ada).await, ["Cho", "Dan"]);
    ada.does(&room, "archive", "").await;
    assert!(sorted(&ada).await.is_empty());
}

#[tokio::test]
async fn of_very_many_people_those_seen_last_are_offered() {
    let town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    let _ben = town.walks_in("Ben \"<i>\"").await;
    let room = private_room(&mut ada).await;
    town.meddles(
        "WITH RECURSIVE n (id) AS (SELECT 1000 UNION ALL SELECT id + 1 FROM n WHERE id < 1199) \
         INSERT INTO member (id, name, name_key, door, created_ms, seen_ms) SELECT id, 'M' || id, 'm' || id, 0, 0, id FROM n",
    );
    let offered = offered(&ada, &room).await;
    assert_eq!((offered.len(), offered[0].as_str(), offered[1].as_str()), (100, "Ben &quot;&lt;i&gt;&quot;", "M1199"));
}

#[tokio::test]
async fn whoever_is_in_a_private_room_already_is_asked_into_it_with_a_sentence() {
    let town = Town::open().await;
    let (mut ada, _ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = private_room(&mut ada).await;
    assert_eq!(ada.does(&room, "invite", "Ben").await.status, 303);
    for name in ["Ben", "@ben", "Ada"] {
        let refused = ada.does(&room, "invite", name).await;
        assert!(refused.status == 422 && refused.tells(Refusal::PersonIsMember), "{name}: {refused:?}");
    }
}

#[tokio::test]
async fn a_private_room_stays_with_its_people_over_a_restart() {
    let mut town = Town::open().await;
    let mut ada = town.walks_in("Ada").await;
    let ben = town.walks_in("Ben").await.goes().await;
    let cho = town.walks_in("Cho").await.goes().await;
    let room = private_room(&mut ada).await;
    assert_eq!(ada.does(&room, "topic", "numbers").await.status, 303);
    assert_eq!(ada.does(&room, "invite", "ben").await.status, 303);
    let ada = ada.goes().await;

    town.restarts().await;

    let mut ben = ben.opens_a_tab("Ben").await;
    assert!(ben.rooms.iter().any(|listed| listed.name == NAME));
    let page = ben.opens(&room).await;
    assert_eq!((page.room.name.as_str(), page.room.topic.as_deref()), (NAME, Some("numbers")));
    assert_eq!(page.events[0].text(), SECRET, "who is asked in sees what was said before");
    assert_eq!(cho.gets(&format!("/rooms/{room}")).await.status, 404);
    assert!(ada.gets(&format!("/rooms/{room}")).await.body.contains(SECRET));
}

#[tokio::test]
async fn whoever_is_removed_while_connected_loses_the_room_everywhere_and_others_lose_no_number() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let mut cho = town.walks_in("Cho").await;
    let room = private_room(&mut ada).await;
    for name in ["Ben", "Cho"] {
        assert_eq!(ada.does(&room, "invite", name).await.status, 303, "{name}");
        let added = RoomChange::Added { who: vec![if name == "Ben" { ben.me.clone() } else { cho.me.clone() }] };
        ada.sees_change(added).await;
    }
    assert_eq!(ben.hears_of_room(&room).await.name, NAME, "it is in his list at once");
    let mut bens_other = ben.opens_another_tab().await;
    cho.opens(&room).await;
    for tab in [&mut ben, &mut bens_other] {
        tab.opens("madang").await;
        tab.opens(&room).await;
    }

    assert_eq!(ada.does(&room, "remove", &ben.me.id.0.to_string()).await.status, 303);

    for tab in [&mut ben, &mut bens_other] {
        tab.has_lost(&room).await;
    }
    ada.posts("without Ben").await;
    let removed = RoomChange::Removed { who: ben.me.clone() };
    for person in [&mut ada, &mut cho] {
        let seq = person.sees_change(removed.clone()).await.seq;
        assert_eq!((seq, person.sees("Ada", "without Ben").await.seq), (4, 5));
    }
    for tab in [&mut ben, &mut bens_other] {
        assert_eq!(tab.pings().await, [("madang".to_owned(), 0)]);
        tab.sees_nothing_more().await;
        tab.posts("let me in").await;
        tab.is_refused(Refusal::RoomUnknown).await;
        tab.resumes(&room, 3).await;
        tab.is_refused(Refusal::RoomUnknown).await;
        tab.has_heard_nothing_of(&["without Ben"]).await;
    }
    assert_eq!(ben.browser().gets(&format!("/rooms/{room}")).await.status, 404);

    assert_eq!(ada.does(&room, "invite", "Ben").await.status, 303);
    let page = ben.opens(&room).await;
    assert_eq!(page.events.iter().map(|event| event.text()).collect::<Vec<_>>()[4], "without Ben");
}

#[tokio::test]
async fn whoever_leaves_for_good_is_out_until_asked_in_again() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = private_room(&mut ada).await;
    ada.does(&room, "invite", "Ben").await;
    ben.opens(&room).await;

    assert_eq!(ben.leaves_for_good(&room).await.leads_to(), Some("/"));

    ben.has_lost(&room).await;
    ada.sees_change(RoomChange::Added { who: vec![ben.me.clone()] }).await;
    ada.sees_change(RoomChange::Left {}).await;
    assert_eq!(ben.browser().gets(&format!("/rooms/{room}")).await.status, 404);
    assert_eq!(ben.does(&room, "star", "").await.status, 404);
}

#[tokio::test]
async fn a_closed_room_is_left_by_one_road_which_asks_first_wherever_it_is_typed_or_pressed() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = private_room(&mut ada).await;
    ada.does(&room, "invite", "Ben").await;
    ben.opens(&room).await;
    let direct = ben.talks_directly_to("Ada").await;
    let browser = ben.browser();
    for (room, title) in [(&room, "Leave for good"), (&direct, "Hide this conversation")] {
        let path = format!("/rooms/{room}/leave");
        assert_eq!(browser.writes(room, "/leave").await.leads_to(), Some(path.as_str()), "it is asked for twice");
        for sheet in [path.clone(), format!("/rooms/{room}/about")] {
            let page = browser.gets(&sheet).await;
            assert!(page.shown().contains(title) && page.body.contains(&format!("action=\"{path}\"")), "{page:?}");
        }
    }
    assert_eq!(browser.gets("/rooms/madang/leave").await.leads_to(), Some("/rooms/madang"), "there is nothing to ask");
    assert_eq!(browser.gets(&format!("/rooms/{room}")).await.status, 200, "asking changes nothing");

    // A program that says so means it.
    ben.leaves(&room).await;
    ben.has_lost(&room).await;
    ada.sees_change(RoomChange::Added { who: vec![ben.me.clone()] }).await;
    ada.sees_change(RoomChange::Left {}).await;
    assert_eq!(browser.gets(&format!("/rooms/{room}/leave")).await.status, 404);
}

/// Whether a room stands in the list on somebody's page.
async fn lists(visitor: &Visitor, room: &str) -> bool {
    visitor.gets("/lab").await.body.contains(&format!("/rooms/{room}"))
}

#[tokio::test]
async fn a_direct_room_that_is_left_is_out_of_sight_until_something_new_is_said_also_over_a_restart() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.talks_directly_to("Ben").await;
    ben.hears_of_room(&room).await;
    ada.opens(&room).await;
    ben.opens(&room).await;
    ada.posts("hi").await;
    ben.sees("Ada", "hi").await;
    let bens = ben.browser();
    assert!(lists(&bens, &room).await);

    assert_eq!(ben.leaves_for_good(&room).await.leads_to(), Some("/"));
    ben.has_hidden(&room).await;
    assert!(!lists(&bens, &room).await);
    assert!(lists(&ada.browser(), &room).await, "the other one keeps it");
    // What is done to what was said is nothing new, nor who comes and goes.
    let mut tab = ben.opens_another_tab().await;
    ada.sees("Ada", "hi").await;
    ada.asks(ClientFrame::React {
        room: Slug::from(room.as_str()),
        of: 1,
        cid: fresh_cid(),
        emoji: "👍".into(),
        on: true,
    })
    .await;
    ada.sees_event("reaction").await;
    let adas = ada.goes().await;
    let mut ada = adas.opens_a_tab("Ada").await;
    ada.opens(&room).await;
    tab.has_heard_nothing_of(&[&format!("\"slug\":\"{room}\"")]).await;
    assert!(!lists(&bens, &room).await);

    drop((ada.goes().await, ben.goes().await, tab.goes().await));
    town.restarts().await;
    let (mut ada, mut ben) = (adas.opens_a_tab("Ada").await, bens.opens_a_tab("Ben").await);
    assert!(!lists(&bens, &room).await);
    ada.opens(&room).await;
    ada.posts("are you there?").await;
    assert!(ben.hears_of_room(&room).await.people.len() == 2);
    ben.has_unread(&room, 0, 2).await;
    assert!(lists(&bens, &room).await);
    let page = ben.opens(&room).await;
    assert_eq!(page.events.iter().filter(|event| !event.text().is_empty()).count(), 2, "nothing is lost");

    // Whoever goes there wants it back, and whoever asks for the same people gets it.
    assert_eq!(ben.leaves_for_good(&room).await.status, 303);
    ben.has_hidden(&room).await;
    assert!(ben.opens(&room).await.room.hidden);
    assert!(!lists(&bens, &room).await, "a connection that comes back goes nowhere");
    ben.shows(&room).await;
    assert!(!ben.hears_of_room(&room).await.hidden);
    assert!(lists(&bens, &room).await);
    assert_eq!(ben.leaves_for_good(&room).await.status, 303);
    ben.has_hidden(&room).await;
    assert!(bens.gets(&format!("/rooms/{room}")).await.messages().len() > 1);
    assert!(lists(&bens, &room).await);
    assert_eq!(ben.leaves_for_good(&room).await.status, 303);
    ben.has_hidden(&room).await;
    assert_eq!(ben.talks_directly_to("Ada").await, room);
    assert!(lists(&bens, &room).await);
}

#[tokio::test]
async fn a_direct_room_that_is_hidden_stays_open_in_every_tab() {
    let town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.talks_directly_to("Ben").await;
    ada.opens(&room).await;
    ben.opens(&room).await;
    let mut tab = ben.opens_another_tab().await;
    tab.opens(&room).await;
    ben.leaves(&room).await;
    for mine in [&mut ben, &mut tab] {
        mine.has_hidden(&room).await;
    }
    // Nothing of it is lost: who is not called any more hears it.
    let react =
        |of| ClientFrame::React { room: room.as_str().into(), of, cid: fresh_cid(), emoji: "👍".into(), on: true };
    tab.posts("still here").await;
    for person in [&mut ada, &mut ben, &mut tab] {
        person.sees("Ben", "still here").await;
    }
    assert!(!ben.hears_of_room(&room).await.hidden, "something new is said");
    ben.leaves(&room).await;
    tab.has_hidden(&room).await;
    let tabs = tab.browser();
    tab.drops_off();
    let mut tab = tabs.opens_a_tab("Ben").await;
    tab.resumes(&room, 1).await;
    tab.is_resumed(&room).await;
    ada.asks(react(1)).await;
    tab.sees_event("reaction").await;
    assert!(!lists(&tabs, &room).await, "coming back after a cut is no going there");
}

#[tokio::test]
async fn the_same_people_always_get_the_same_room_even_when_two_ask_at_once() {
    let town = Town::plan().forgiving().open().await;
    let (ada, ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let mut cho = town.walks_in("Cho").await;

    let (one, other) = tokio::join!(ada.talks_directly_to("Ben"), ben.talks_directly_to("ada"));

    assert_eq!(one, other);
    let by_id = ada.browser().submits(&format!("/people/{}", ben.me.id.0), &[]).await;
    assert_eq!(by_id.leads_to(), Some(format!("/rooms/{one}").as_str()));
    let three = cho.talks_directly_to("Ada, Ben").await;
    assert_ne!(three, one);
    assert_eq!(ben.talks_directly_to("Cho,Ada, Cho").await, three);
    assert_eq!(cho.browser().gets(&format!("/rooms/{one}")).await.status, 404);
    cho.has_heard_nothing_of(&[&one]).await;
    let summary = cho.hears_of_room(&three).await;
    assert_eq!(summary.called(Some(cho.me.id)), "Ada, Ben");
}

#[tokio::test]
async fn a_private_room_calls_nobody_who_is_not_in_it() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    town.walks_in("Cho").await;
    let room = private_room(&mut ada).await;
    ada.does(&room, "invite", "Cho").await;
    ada.posts("@Ben and @Cho").await;
    let page = format!("/rooms/{room}");
    while !ada.browser().gets(&page).await.body.contains("@Cho") {}
    let shown = ada.browser().gets(&page).await.body;
    let (ben_at, cho_at) = (shown.find("@Ben").expect("it is said"), shown.find("@Cho").expect("it is said"));
    assert!(ben_at < cho_at && !shown[..ben_at].ends_with("\">"), "a name like any other word");
    ben.has_heard_nothing_of(&[&room]).await;
}

#[tokio::test]
async fn a_direct_room_is_never_anything_else() {
    let town = Town::open().await;
    let (ada, _ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    town.walks_in("Cho").await;
    let room = ada.talks_directly_to("Ben").await;
    for (what, text) in [("rename", "Open house"), ("invite", "Cho"), ("remove", "2"), ("archive", "")] {
        let refused = ada.does(&room, what, text).await;
        assert!(refused.status == 422 && refused.tells(Refusal::RoomNotYours), "{what}: {refused:?}");
    }
    assert_eq!(ada.does(&room, "topic", "us").await.status, 303);
    let (me, ben) = (ada.me.id.0.to_string(), ada.browser().number_of("Ben").await);
    let alone = ada.browser().submits("/direct/new", &[("person", &me)]).await;
    assert!(alone.tells(Refusal::DirectCount), "{alone:?}");
    let unknown = ada.browser().submits("/direct/new", &[("person", &ben), ("person", "999999")]).await;
    assert!(unknown.tells(Refusal::PersonUnknown) && unknown.shown().contains(">Ben</bdi>"), "{unknown:?}");
    let mut many = Vec::new();
    for number in 0..8 {
        many.push(("person", town.walks_in(&format!("P{number}")).await.me.id.0.to_string()));
    }
    let many: Vec<_> = many.iter().map(|(name, number)| (*name, number.as_str())).collect();
    let crowd = ada.browser().submits("/direct/new", &many).await;
    assert!(crowd.tells(Refusal::DirectCount), "{crowd:?}");
}

#[tokio::test]
async fn what_is_said_to_somebody_directly_is_unread_before_they_were_ever_there() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let away = town.walks_in("Cho").await.goes().await;
    let room = ada.talks_directly_to("Ben, Cho").await;
    ada.opens(&room).await;
    ada.posts("are you there?").await;
    ada.sees("Ada", "are you there?").await;
    ben.has_unread(&room, 0, 1).await;
    away.opens_a_tab("Cho").await.has_unread(&room, 0, 1).await;
}

#[tokio::test]
async fn whoever_starts_a_direct_room_again_leaves_the_others_what_they_have_not_read() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.talks_directly_to("Ben").await;
    ben.opens(&room).await;
    let bens = ben.goes().await;
    ada.opens(&room).await;
    ada.posts("are you there?").await;
    ada.sees("Ada", "are you there?").await;
    until("Ben to be gone", || town.connected() == 1).await;
    let wire = bens.wire().await;
    until("Ben to be back", || town.connected() == 2).await;
    assert_eq!(ada.talks_directly_to("Ben").await, room);
    bens.says_hello("Ben", wire).await.has_unread(&room, 0, 1).await;
}

#[tokio::test]
async fn who_made_a_public_room_may_change_it_and_everyone_may_say_what_it_is_about() {
    let town = Town::plan().forgiving().open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Dev").await;
    ada.has_created().await;
    for person in [&mut ada, &mut ben] {
        person.opens("dev").await;
    }
    for (what, text) in [("rename", "Ben's"), ("archive", ""), ("restore", ""), ("invite", "Ada")] {
        let refused = ben.does("dev", what, text).await;
        assert!(refused.status == 422 && refused.tells(Refusal::RoomNotYours), "{what}: {refused:?}");
    }
    assert!(ada.does("madang", "rename", "Mine").await.tells(Refusal::RoomNotYours), "nobody made the first room");

    assert_eq!(ben.does("dev", "topic", "tools\n& wires").await.status, 303);
    assert_eq!(ben.does("dev", "topic", "tools & wires").await.status, 303, "which changes nothing");
    assert_eq!(ada.does("dev", "rename", "개발").await.status, 303);

    for person in [&mut ada, &mut ben] {
        let topic = person.sees_change(RoomChange::Topic { topic: "tools & wires".into() }).await;
        let named = person.sees_change(RoomChange::Named { name: "개발".into() }).await;
        assert_eq!((topic.seq, topic.by.name.as_str(), named.seq), (1, "Ben", 2));
        while person.hears_of_room("dev").await.name != "개발" {}
    }
    let mut cho = town.walks_in("Cho").await;
    let page = cho.opens("dev").await;
    assert_eq!((page.room.name.as_str(), page.room.topic.as_deref()), ("개발", Some("tools & wires")));
    assert!(ada.does("dev", "rename", "마 당").await.tells(Refusal::RoomNameTaken));
    ben.creates("Dev").await;
    assert_eq!(ben.has_created().await, "dev-2", "the name is free again, its old address is not");
}

#[tokio::test]
async fn an_archived_room_can_be_read_and_not_written_until_it_is_brought_back() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    ada.creates("Dev").await;
    ada.has_created().await;
    for person in [&mut ada, &mut ben] {
        person.opens("dev").await;
    }
    let cid = ben.posts("before").await;
    ben.sees("Ben", "before").await;

    assert_eq!(ada.does("dev", "archive", "").await.status, 303);

    ben.sees_change(RoomChange::Archived {}).await;
    while !ben.hears_of_room("dev").await.archived {}
    ben.posts("after").await;
    ben.is_refused(Refusal::RoomArchived).await;
    ben.asks(ClientFrame::Delete { room: "dev".into(), of: 1, cid: fresh_cid() }).await;
    ben.is_refused(Refusal::RoomArchived).await;
    ben.posts_under(cid, "before").await;
    ben.sees("Ben", "before").await;
    let form = [("cid", "00112233445566778899aabbccddeeff"), ("text", "by form")];
    assert!(ben.browser().submits("/rooms/dev/messages", &form).await.tells(Refusal::RoomArchived));
    assert!(ben.does("dev", "topic", "anything").await.tells(Refusal::RoomArchived));
    let bens = ben.goes().await;
    town.restarts().await;
    let mut ben = bens.opens_a_tab("Ben").await;
    assert!(ben.rooms.iter().all(|room| room.slug.as_str() != "dev"), "it is in no list");
    let page = ben.opens("dev").await;
    assert!(page.room.archived && page.events[0].text() == "before", "and can be read");
    assert!(bens.gets("/rooms/all").await.body.contains("/rooms/dev"), "and found");

    assert_eq!(ada.does("dev", "restore", "").await.status, 303);

    ben.sees_change(RoomChange::Restored {}).await;
    ben.posts("again").await;
    ben.sees("Ben", "again").await;
}

#[tokio::test]
async fn stars_are_a_persons_own_on_all_devices() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let mut other = ada.opens_another_tab().await;
    for tab in [&mut ada, &mut other, &mut ben] {
        assert_eq!(tab.hears_choices().await, []);
    }

    ada.does("madang", "star", "").await;

    let madang = |starred| vec![("madang".to_owned(), starred)];
    for tab in [&mut ada, &mut other] {
        assert_eq!(tab.hears_choices().await, madang(true));
    }
    ben.has_heard_nothing_of(&["starred"]).await;
    let browser = ada.goes().await;
    town.restarts().await;
    let mut ada = browser.opens_a_tab("Ada").await;
    assert_eq!(ada.hears_choices().await, madang(true));
    ada.does("madang", "unstar", "").await;
    assert_eq!(ada.hears_choices().await, madang(false));
    assert_eq!(browser.opens_a_tab("Ada").await.hears_choices().await, []);
}

#[tokio::test]
async fn a_tab_that_begins_just_when_something_is_starred_knows_of_it() {
    let town =
        Town::plan().set(|config| (config.messages_per_second, config.message_burst) = (10_000, 10_000)).open().await;
    let ada = town.walks_in("Ada").await;
    let browser = ada.browser();
    for round in 0..200 {
        let starred = round % 2 == 0;
        let wire = browser.wire().await;

        let (mut tab, answer) = tokio::join!(
            browser.says_hello("Ada", wire),
            ada.does("madang", if starred { "star" } else { "unstar" }, "")
        );

        assert_eq!(answer.status, 303, "{answer:?}");
        assert_eq!(tab.has_starred_in_the_end().await, starred.then(|| "madang".to_owned()).into_iter().collect());
        tab.goes().await;
    }
}

#[tokio::test]
async fn what_one_may_make_has_an_end_that_is_told() {
    let few = Town::plan().set(|config| {
        (config.rooms_per_person, config.direct_rooms_per_person, config.members_per_room) = (2, 1, 2);
    });
    let town = few.open().await;
    let ada = town.walks_in("Ada").await;
    for name in ["Ben", "Cho"] {
        town.walks_in(name).await;
    }
    let room = ada.makes_private("One").await;
    ada.browser().submits("/rooms/new", &[("name", "Two")]).await;
    let third =
        ada.browser().submits("/rooms/new", &[("name", "Three"), ("kind", "private"), ("topic", "third")]).await;
    assert!(third.tells(Refusal::RoomsMadeTooMany), "{third:?}");
    assert!(third.body.contains("value=\"Three\"") && third.body.contains("value=\"third\""), "what was typed is kept");
    assert_eq!(ada.does(&room, "invite", "Ben").await.status, 303);
    let crowded = ada.does(&room, "invite", "Cho").await;
    assert!(crowded.tells(Refusal::RoomMembersFull) && crowded.body.contains("value=\"Cho\""), "{crowded:?}");
    let long = ada.does(&room, "topic", &"가".repeat(251)).await;
    assert!(long.tells(Refusal::TopicTooLong) && long.body.contains(&"가".repeat(251)), "{long:?}");
    assert!(ada.does(&room, "topic", "a\u{202E}b").await.tells(Refusal::TopicHidden));
    assert!(ada.does(&room, "invite", "Nobody").await.tells(Refusal::PersonUnknown));
    ada.talks_directly_to("Ben").await;
    ada.talks_directly_to("Ben").await;
    let second = ada.browser().submits("/direct/new", &[("person", &ada.browser().number_of("Cho").await)]).await;
    assert!(second.tells(Refusal::RoomsMadeTooMany), "{second:?}");
}

#[tokio::test]
async fn a_guest_of_the_plain_door_can_be_asked_into_nothing() {
    let town = Town::open().await;
    let ada = town.walks_in("Ada").await;
    let _guest = town.line("/ws/plain?name=Guest").await;
    let room = ada.makes_private(NAME).await;
    assert!(ada.does(&room, "invite", "Guest").await.tells(Refusal::PersonUnknown));
    assert!(ada.browser().finds_names("/direct/new", "Guest").await.is_empty());
    let after_me = (ada.me.id.0 + 1).to_string();
    let direct = ada.browser().submits("/direct/new", &[("person", &after_me)]).await;
    assert!(direct.tells(Refusal::PersonUnknown), "{direct:?}");
}

#[tokio::test]
async fn who_made_a_private_room_stays_in_it_whatever_others_want() {
    let town = Town::open().await;
    let (ada, ben) = (town.walks_in("Ada").await, town.walks_in("Ben").await);
    let room = ada.makes_private(NAME).await;
    ada.does(&room, "invite", "Ben").await;
    assert_eq!(ben.does(&room, "rename", "Ours").await.status, 303, "who is in it may change it");
    let refused = ben.does(&room, "remove", &ada.me.id.0.to_string()).await;
    assert!(refused.tells(Refusal::RoomNotYours), "{refused:?}");
    assert_eq!(ada.browser().gets(&format!("/rooms/{room}")).await.status, 200);
}

#[tokio::test]
async fn forms_about_rooms_are_ours_alone_and_for_people_who_are_in() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let paths = ["/rooms/new", "/rooms/madang/about", "/direct/new", "/people/1"];
    for path in paths {
        let forged = ada.as_browser(Method::POST, path).header("origin", "https://evil.example");
        assert_eq!(
            ada.sends(forged.form(&[("name", "x"), ("do", "star"), ("person", "1")])).await.status,
            403,
            "{path}"
        );
        let stranger = town.visitor().submits(path, &[("name", "x"), ("do", "star"), ("person", "1")]).await;
        assert_eq!(stranger.status, 401, "{path}");
    }
}
