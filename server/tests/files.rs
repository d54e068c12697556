//! Files come in pieces and survive cuts, go with one message, are read by whoever may read it and by nobody else, do nothing
//! to whoever opens them, and are gone when the message is.

use std::io::Cursor;
use std::path::Path;

use app::allowance::Allowance;
use app::file::{File, FileId, Kind};
use app::i18n::Lang;
use app::message::{Cid, Event};
use app::protocol::ClientFrame;
use app::refusal::Refusal;
use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageEncoder, ImageFormat, RgbImage, RgbaImage};
use reqwest::{Method, Url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Answer, Bucket, HeldClock, Person, Plan, Program, Town, Visitor, fresh_cid, in_time};

const MB: usize = 1_000_000;

impl Visitor {
    /// Announces a file; where to send it.
    pub(crate) async fn announces(&self, name: &str, bytes: usize) -> String {
        let answer = self.tries_to_announce(name, bytes).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.header("location").to_owned()
    }

    async fn tries_to_announce(&self, name: &str, bytes: usize) -> Answer {
        let form = [("name", name.to_owned()), ("bytes", bytes.to_string())];
        self.sends(self.as_program(Method::POST, "/rooms/madang/uploads").form(&form)).await
    }

    /// Sends a piece of a file.
    pub(crate) async fn sends_piece(&self, path: &str, offset: usize, bytes: &[u8]) -> Answer {
        let request = self.as_program(Method::PATCH, path).header("upload-offset", offset);
        self.sends(request.body(bytes.to_vec())).await
    }

    /// How much of it is there.
    pub(crate) async fn has_sent(&self, path: &str) -> usize {
        let answer = self.sends(self.as_program(Method::HEAD, path)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.header("upload-offset").parse().expect("a number")
    }

    /// Uploads a file in one piece.
    pub(crate) async fn uploads(&self, name: &str, bytes: &[u8]) -> File {
        let path = self.announces(name, bytes.len()).await;
        described(&self.sends_piece(&path, 0, bytes).await)
    }

    /// Reads a path to the byte.
    pub(crate) async fn reads_bytes(&self, path: &str) -> Vec<u8> {
        let reading = async {
            let answer = self.as_browser(Method::GET, path).send().await.expect("the program answers");
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.bytes().await.expect("a whole answer").to_vec()
        };
        in_time(|| format!("answer from {path}"), reading).await
    }

    pub(crate) async fn asks_for_part(&self, path: &str, range: &str) -> Answer {
        self.sends(self.as_browser(Method::GET, path).header("range", range)).await
    }
}

impl Person {
    /// Says something with files; its id.
    pub(crate) async fn posts_files(&mut self, text: &str, files: &[&File]) -> Cid {
        let cid = fresh_cid();
        self.posts_files_under(cid, text, files).await;
        cid
    }

    async fn posts_files_under(&mut self, cid: Cid, text: &str, files: &[&File]) {
        let files = files.iter().map(|file| file.id.clone()).collect();
        self.asks(ClientFrame::Post {
            room: "madang".into(),
            cid,
            text: text.to_owned(),
            files,
            reply_to: None,
            within: None,
        })
        .await;
    }

    pub(crate) async fn sees_files(&mut self) -> Event {
        let event = self.sees_event("message with files").await;
        assert!(!event.files().is_empty(), "no files: {event:?}");
        event
    }

    pub(crate) async fn deletes_message(&mut self, of: i64) {
        self.asks(ClientFrame::Delete { room: "madang".into(), of, cid: fresh_cid() }).await;
        self.sees_event("deletion").await;
    }
}

pub(crate) fn described(answer: &Answer) -> File {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{answer:?}");
    serde_json::from_str(&answer.body).expect("a file is described")
}

pub(crate) fn path(file: &File) -> String {
    file.path(&"madang".into())
}

fn picture(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| image::Rgb([(x * 7) as u8, (y * 5) as u8, 99])))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("it encodes");
    bytes.into_inner()
}

/// Bytes of no kind, like no others.
pub(crate) fn bytes(count: usize, seed: u8) -> Vec<u8> {
    (0..count).map(|at| (at % 251) as u8 ^ (at >> 12) as u8 ^ seed).collect()
}

/// Whether any file below a folder has these bytes.
pub(crate) fn holds(folder: &Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| match entry.path() {
        path if path.is_dir() => holds(&path, wanted),
        path => std::fs::read(path).unwrap_or_default().windows(wanted.len()).any(|window| window == wanted),
    })
}

/// How many files lie below a folder.
pub(crate) fn files_in(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.map(|path| if path.is_dir() { files_in(&path) } else { 1 }).sum()
}

pub(crate) async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    in_time(|| what.to_owned(), waiting).await;
}

#[tokio::test]
async fn a_picture_is_seen_by_all_in_the_room_with_its_size_and_a_placeholder() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let original = encoded(&picture(2_000, 1_000), ImageFormat::Png);
    let file = ada.browser().uploads("마당.png", &original).await;
    assert_eq!((file.kind, file.width, file.height, file.blur.len()), (Kind::Picture, 2_000, 1_000, 48));

    ada.posts_files("look", &[&file]).await;

    let event = ben.sees_files().await;
    assert_eq!((event.text(), event.files()), ("look", &[file.clone()][..]));
    assert_eq!(ada.sees_files().await.what, event.what);
    assert_eq!(ben.opens_another_tab().await.opens("madang").await.events, [event]);
    let reader = ben.browser();
    assert_eq!(reader.reads_bytes(&path(&file)).await, original);
    for (size, px) in [("small", 640), ("large", 1_920)] {
        let drawn = reader.reads_bytes(&file.drawn_path(&"madang".into(), size)).await;
        let drawn = image::load_from_memory_with_format(&drawn, ImageFormat::Jpeg).expect("a picture");
        assert_eq!((drawn.width(), drawn.height()), (px, px / 2));
    }
    assert_eq!(reader.gets(&file.drawn_path(&"madang".into(), "huge")).await.status, 404);
    let html = reader.gets("/rooms/madang").await.body;
    assert!(html.contains(&file.drawn_path(&"madang".into(), "small")), "{html}");
}

#[tokio::test]
async fn files_need_no_words_and_the_same_id_is_the_same_message() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let mut line = town.line("/ws/plain?name=Bob&lang=en").await;
    line.hears("Someone joined [now: 3]").await;
    let browser = ada.browser();
    let (one, two) = (browser.uploads("one.txt", b"1").await, browser.uploads("two.txt", b"").await);
    let cid = fresh_cid();

    for _ in 0..2 {
        ada.posts_files_under(cid, " ", &[&one, &two]).await;
        let event = ada.sees_files().await;
        assert_eq!((event.seq, event.text(), event.files()), (1, "", &[one.clone(), two.clone()][..]));
    }
    ada.posts_files_under(cid, "", &[&one]).await;
    ada.is_refused(Refusal::MessageChanged).await;
    ada.posts_under(cid, "").await;
    ada.is_refused(Refusal::MessageEmpty).await;

    assert!(!ben.sees_files().await.is_deleted());
    ben.sees_nothing_more().await;
    line.hears("Ada: [one.txt]\n  [two.txt]").await;
    assert_eq!(ben.browser().reads_bytes(&path(&two)).await, b"");
}

#[tokio::test]
async fn a_file_comes_in_pieces_over_cuts_and_restarts() {
    for plan in everywhere().await {
        let mut town = plan.open().await;
        let ada = town.visitor();
        ada.walks_in("Ada").await;
        let whole = bytes(3 * MB, 1);
        let path = ada.announces("notes.bin", whole.len()).await;

        let answer = ada.sends_piece(&path, 0, &whole[..MB]).await;
        assert_eq!((answer.status, answer.header("upload-offset")), (204, "1000000"));
        town.restarts().await;
        assert_eq!(ada.has_sent(&path).await, MB);
        let lie = ada.sends_piece(&path, 2 * MB, &whole[2 * MB..]).await;
        assert_eq!((lie.status, lie.header("upload-offset")), (409, "1000000"));
        assert_eq!(ada.sends_piece(&path, MB, &whole[MB..2 * MB]).await.status, 204);
        let file = described(&ada.sends_piece(&path, 2 * MB, &whole[2 * MB..]).await);
        assert_eq!((file.kind, file.bytes, file.name.as_str()), (Kind::Other, 3_000_000, "notes.bin"));
        // Whoever missed the answer asks again.
        assert_eq!(described(&ada.sends_piece(&path, 3 * MB, b"").await), file);
        assert_eq!(ada.has_sent(&path).await, 3 * MB);

        let mut tab = ada.opens_a_tab("Ada").await;
        tab.opens("madang").await;
        tab.posts_files("", &[&file]).await;
        tab.sees_files().await;
        assert!(ada.reads_bytes(&self::path(&file)).await == whole);
        assert_eq!(ada.sends_piece(&path, 3 * MB, b"").await.status, 404, "it is sent, and no upload any more");
    }
}

/// Begins to send a piece over a connection of its own, and says no more than this.
async fn begins_to_send(
    town: &Town,
    by: &Visitor,
    path: &str,
    offset: usize,
    length: usize,
    bytes: &[u8],
) -> tokio::net::TcpStream {
    let mut stream = tokio::net::TcpStream::connect(town.host()).await.expect("the port answers");
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\nupload-offset: {offset}\r\ncontent-length: {length}\r\n\r\n",
        town.host(),
        by.cookie()
    );
    stream.write_all(head.as_bytes()).await.expect("the port listens");
    stream.write_all(bytes).await.expect("the port listens");
    stream
}

#[tokio::test]
async fn what_came_before_a_cut_need_not_come_again() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let whole = bytes(MB, 2);
    let path = ada.announces("cut.bin", whole.len()).await;

    drop(begins_to_send(&town, &ada, &path, 0, MB, &whole[..300_000]).await);

    let arrived = async {
        while ada.has_sent(&path).await < 300_000 {
            drop(begins_to_send(&town, &ada, &path, ada.has_sent(&path).await, 1, b"").await);
        }
    };
    // The server hears of a cut in its own time; what it has taken by then it keeps, and never more than came.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(2), arrived).await;
    let here = ada.has_sent(&path).await;
    assert!(here <= 300_000, "{here}");
    let file = described(&ada.sends_piece(&path, here, &whole[here..]).await);
    assert_eq!(file.bytes, 1_000_000);
}

#[tokio::test]
async fn of_two_who_write_one_file_the_last_to_come_writes() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let whole = bytes(MB, 3);
    let path = ada.announces("twice.bin", whole.len()).await;
    let mut first = begins_to_send(&town, &ada, &path, 0, MB, &whole[..400_000]).await;
    // The first one is heard of when it has been taken in.
    until_arriving(&town, 256 * 1024).await;

    let here = ada.has_sent(&path).await;

    assert!((256 * 1024..=400_000).contains(&here), "it was asked to stop, and what it sent is there: {here}");
    let file = described(&ada.sends_piece(&path, here, &whole[here..]).await);
    let mut rest = Vec::new();
    let _ = first.write_all(&whole[400_000..]).await;
    let _ = in_time(|| "end of the first".to_owned(), first.read_to_end(&mut rest)).await;
    let mut tab = ada.opens_a_tab("Ada").await;
    tab.opens("madang").await;
    tab.posts_files("", &[&file]).await;
    tab.sees_files().await;
    assert!(ada.reads_bytes(&self::path(&file)).await == whole);
}

/// So many bytes are on their way.
async fn until_arriving(town: &Town, bytes: u64) {
    let folder = town.folder().join("files/arriving");
    until("bytes on disk", || {
        let entries = std::fs::read_dir(&folder).expect("the folder is there").flatten();
        entries.map(|entry| entry.metadata().map_or(0, |found| found.len())).sum::<u64>() >= bytes
    })
    .await;
}

#[tokio::test]
async fn more_than_was_announced_is_not_taken() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let path = ada.announces("a.txt", 4).await;
    assert_eq!(ada.sends_piece(&path, 0, b"12345").await.problem()["code"], "upload_mismatch");
    assert_eq!(ada.has_sent(&path).await, 0);
    // Nor where the length is not said.
    let mut stream = tokio::net::TcpStream::connect(town.host()).await.expect("the port answers");
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\nupload-offset: 0\r\ntransfer-encoding: chunked\r\n\r\n",
        town.host(),
        ada.cookie()
    );
    stream.write_all(format!("{head}3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n").as_bytes()).await.expect("the port listens");
    let mut answer = vec![0; 12];
    in_time(|| "answer".to_owned(), stream.read_exact(&mut answer)).await.expect("an answer");
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 409");
    assert_eq!(ada.has_sent(&path).await, 3);
    assert_eq!(described(&ada.sends_piece(&path, 3, b"4").await).bytes, 4);
    for offset in ["-1", "", "0x0", "99999999999999999999"] {
        let request = ada.as_program(Method::PATCH, &path).header("upload-offset", offset);
        assert_eq!(ada.sends(request).await.status, 400, "{offset}");
    }
}

#[tokio::test]
async fn an_upload_is_nobody_elses_and_of_no_other_room() {
    for plan in everywhere().await {
        let town = plan.open().await;
        let (mut ada, mut ben) = town.two_in("madang").await;
        let (hers, his) = (ada.browser(), ben.browser());
        let upload = hers.announces("secret.txt", 6).await;
        for method in [Method::HEAD, Method::PATCH, Method::DELETE] {
            let request = his.as_program(method, &upload).header("upload-offset", 0);
            assert_eq!(his.sends(request).await.status, 404);
        }
        let file = described(&hers.sends_piece(&upload, 0, b"secret").await);
        assert_eq!(hers.reads_bytes(&path(&file)).await, b"secret");
        assert_eq!(his.gets(&path(&file)).await.status, 404, "nobody has said it");
        ben.posts_files("mine now", &[&file]).await;
        ben.is_refused(Refusal::FileUnknown).await;
        ada.creates("Dev").await;
        ada.has_created().await;
        let frame = ClientFrame::Post {
            room: "dev".into(),
            cid: fresh_cid(),
            text: String::new(),
            files: vec![file.id.clone()],
            reply_to: None,
            within: None,
        };
        ada.asks(frame).await;
        ada.is_refused(Refusal::FileUnknown).await;
        ada.posts_files("", &[&file, &file]).await;
        ada.is_refused(Refusal::FileUnknown).await;

        ada.posts_files("", &[&file]).await;
        ben.sees_files().await;
        ada.posts_files("again", &[&file]).await;
        ada.is_refused(Refusal::FileUnknown).await;
        assert_eq!(his.reads_bytes(&path(&file)).await, b"secret");
        assert_eq!(his.gets(&file.path(&"dev".into())).await.status, 404);
        let stranger = town.visitor();
        for there in [path(&file), file.drawn_path(&"madang".into(), "small")] {
            assert_eq!(stranger.gets(&there).await.status, 401);
        }
        for id in ["", "0", "../../../../etc/passwd", "%2e%2e%2f", &"0".repeat(32), &"f".repeat(999)] {
            assert_eq!(his.gets(&format!("/rooms/madang/files/{id}/a")).await.status, 404, "{id}");
        }
        let ids = vec![FileId("../../x".to_owned())];
        ada.asks(ClientFrame::Post {
            room: "madang".into(),
            cid: fresh_cid(),
            text: String::new(),
            files: ids,
            reply_to: None,
            within: None,
        })
        .await;
        ada.is_refused(Refusal::FileUnknown).await;
    }
}

/// What the sheet of a picture shows: the picture's name, and where the arrows lead.
async fn looks_at(reader: &Visitor, file: &File) -> (String, [Option<String>; 2]) {
    let body = reader.gets(&file.viewer_path(&"madang".into())).await.body;
    let between = |from: &str, to: &str| Some(body.split_once(from)?.1.split_once(to)?.0.to_owned());
    let arrow = |key: &str| {
        let link = body.split("<a ").find(|link| link.contains(&format!("data-key=\"{key}\""))).expect("an arrow");
        Some(link.split_once("href=\"")?.1.split_once('"')?.0.to_owned())
    };
    (between("<bdi>", "</bdi>").expect("a title"), ["ArrowLeft", "ArrowRight"].map(arrow))
}

#[tokio::test]
async fn pictures_are_looked_at_in_the_order_in_which_they_were_said_and_only_by_who_may() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let (hers, his) = (ada.browser(), ben.browser());
    let png = encoded(&picture(30, 20), ImageFormat::Png);
    let mut drawn = Vec::new();
    for name in ["1.png", "2.png", "3.png", "waits.png"] {
        drawn.push(hers.uploads(name, &png).await);
    }
    let [one, two, three, waits] = &drawn[..] else { panic!("four of them") };
    let letters = [hers.uploads("a.bin", b"a").await, hers.uploads("b.bin", b"b").await];
    // In a message they stand in the order in which they were chosen.
    for files in [&[two, &letters[0], one][..], &[&letters[1]], &[three]] {
        ada.posts_files("", files).await;
        ben.sees_files().await;
        ada.sees_files().await;
    }
    let address = |file: &File| Some(file.viewer_path(&"madang".into()));
    assert_eq!(looks_at(&his, two).await, ("2.png".to_owned(), [None, address(one)]));
    assert_eq!(looks_at(&his, one).await, ("1.png".to_owned(), [address(two), address(three)]));
    assert_eq!(looks_at(&his, three).await, ("3.png".to_owned(), [address(one), None]));
    assert!(his.gets(&three.viewer_path(&"madang".into())).await.body.contains("href=\"/rooms/madang/3\""));

    assert_eq!(looks_at(&hers, waits).await, ("waits.png".to_owned(), [None, None]));
    for missing in [waits, &letters[0]] {
        assert_eq!(his.gets(&missing.viewer_path(&"madang".into())).await.status, 404, "{}", missing.name);
    }
    assert_eq!(his.gets("/rooms/madang/pictures/..").await.status, 404);
    ada.deletes_message(1).await;
    assert_eq!(his.gets(&one.viewer_path(&"madang".into())).await.status, 404);
    assert_eq!(looks_at(&his, three).await, ("3.png".to_owned(), [None, None]));
}

#[tokio::test]
async fn files_are_kept_where_the_settings_say() {
    let folder = tempfile::tempdir().expect("a folder");
    let there = folder.path().join("made/when it is needed");
    let at = Url::from_file_path(&there).expect("an address").to_string();
    let bucket = Bucket::opens().await;
    let in_folder = Town::plan().set(|config| config.files_at = Some(at));
    let in_bucket = Town::plan().set(|config| bucket.set(config));
    let kept: [(_, &dyn Fn() -> usize); 2] = [
        (in_folder, &|| files_in(&there) - usize::from(there.join("owner").is_file())),
        (in_bucket, &|| bucket.names().len()),
    ];
    for (plan, count) in kept {
        let town = plan.open().await;
        assert_eq!(count(), 0, "what was tried at the start is gone");
        let (mut ada, mut ben) = town.two_in("madang").await;
        let long = bytes(11 * MB, 3);
        let first = ada.browser().uploads("long.bin", &long).await;
        let drawn = ada.browser().uploads("drawn.jpg", &encoded(&picture(900, 700), ImageFormat::Jpeg)).await;
        let empty = ada.browser().uploads("empty.bin", b"").await;
        ada.posts_files("three", &[&first, &drawn, &empty]).await;
        ada.sees_files().await;
        ben.sees_files().await;
        let reader = ben.browser();
        assert!(reader.reads_bytes(&path(&first)).await == long);
        let part = reader.sends(reader.as_browser(Method::GET, &path(&first)).header("range", "bytes=5242879-5242880"));
        assert_eq!(part.await.status, 206);
        assert!(!reader.reads_bytes(&drawn.drawn_path(&"madang".into(), "small")).await.is_empty());
        assert_eq!(reader.reads_bytes(&path(&empty)).await, b"");
        assert_eq!(files_in(&town.folder().join("files")), 0, "nothing of it lies in the data folder");
        assert_eq!(count(), 5);
        let again = ada.browser().uploads("given up.bin", b"given up").await;
        assert_eq!(count(), 6);
        let upload = format!("/rooms/madang/uploads/{}", again.id.0);
        assert_eq!(ada.browser().sends(ada.browser().as_program(Method::DELETE, &upload)).await.status, 204);
        until("place without it", || count() == 5).await;
        ada.deletes_message(1).await;
        assert_eq!(reader.gets(&path(&first)).await.status, 404);
        until("empty place", || count() == 0).await;
    }
    assert_eq!(bucket.in_parts(), (0, 3), "what is long goes there in parts");
    bucket.saw_nothing_wrong();
}

/// Plans of towns whose files lie in the data folder, and in a bucket.
async fn everywhere() -> [Plan; 2] {
    let bucket = Bucket::opens().await;
    [Town::plan(), Town::plan().set(|config| bucket.set(config))]
}

#[tokio::test]
async fn what_is_deleted_can_not_be_read_and_is_in_no_file() {
    let mut town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let (browser, folder) = (ada.browser(), town.folder());
    let (secret, shown) = (bytes(5_000, 9), encoded(&picture(900, 700), ImageFormat::Jpeg));
    let first = browser.uploads("first.bin", &secret).await;
    let again = browser.uploads("again.bin", &secret).await;
    let drawn = browser.uploads("drawn.jpg", &shown).await;
    ada.posts_files("one", &[&first, &drawn]).await;
    ada.posts_files("two", &[&again]).await;
    ben.sees_files().await;
    ben.sees_files().await;
    ada.sees_files().await;
    ada.sees_files().await;
    assert_eq!(files_in(&folder.join("files")), 4, "the same bytes lie there once, and two pictures");

    ada.deletes_message(1).await;

    assert_eq!(ben.browser().gets(&path(&first)).await.status, 404);
    assert_eq!(ben.browser().gets(&drawn.drawn_path(&"madang".into(), "small")).await.status, 404);
    assert_eq!(ben.browser().reads_bytes(&path(&again)).await, secret, "another message has it still");
    until("folder without the picture", || files_in(&folder.join("files")) == 1).await;
    let page = ben.opens_another_tab().await.opens("madang").await;
    assert!(page.events[0].is_deleted() && page.events[0].files().is_empty());
    assert!(!ben.browser().gets("/rooms/madang").await.body.contains(&first.id.0));

    town.restarts().await;
    let mut ada = browser.opens_a_tab("Ada").await;
    ada.opens("madang").await;
    ada.deletes_message(2).await;
    until("empty folder", || files_in(&folder.join("files")) == 0).await;
    assert!(!holds(&folder.join("files"), &secret[..64]));
}

#[tokio::test]
async fn a_message_that_is_passed_on_takes_its_files_along_and_each_lasts_as_long_as_its_message() {
    for plan in everywhere().await {
        let town = plan.forgiving().open().await;
        let (mut ada, mut ben) = town.two_in("madang").await;
        let cho = town.walks_in("Cho").await;
        let room = ada.makes_private("Budget").await;
        ada.does(&room, "invite", "Cho").await;
        let file = ada.browser().uploads("notes.txt", b"forty-two").await;
        ada.posts_files("read this", &[&file]).await;
        ada.sees_files().await;
        let seq = ben.sees_files().await.seq;
        let cid = fresh_cid();
        let form = [("cid", cid.to_string()), ("to", room.clone())];
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for _ in 0..2 {
            let passed_on = ada.browser().submits(&format!("/rooms/madang/{seq}/forward"), &form).await;
            assert_eq!(passed_on.leads_to(), Some(format!("/rooms/{room}").as_str()), "{passed_on:?}");
        }
        let page = cho.opens_another_tab().await.opens(&room).await;
        let said: Vec<&Event> = page.events.iter().filter(|event| event.is_posted()).collect();
        assert_eq!(said.len(), 1, "{said:?}");
        let copy = &said[0].files()[0];
        assert!(copy.id != file.id && copy.name == "notes.txt", "{copy:?}");
        let copied = copy.path(&room.as_str().into());
        assert_eq!(cho.browser().reads_bytes(&copied).await, b"forty-two");
        assert_eq!(ben.browser().gets(&copied).await.status, 404, "who may not read the message");

        ada.deletes_message(seq).await;
        assert_eq!(ada.browser().gets(&path(&file)).await.status, 404);
        assert_eq!(cho.browser().reads_bytes(&copied).await, b"forty-two", "the other message still carries it");
        let (slug, of) = (app::room::Slug::from(room.as_str()), said[0].seq);
        ada.opens(&room).await;
        ada.asks(ClientFrame::Delete { room: slug, of, cid: fresh_cid() }).await;
        ada.sees_event("deletion").await;
        assert_eq!(cho.browser().gets(&copied).await.status, 404);
    }
}

#[tokio::test]
async fn what_a_killed_program_left_behind_is_swept_up_at_the_start() {
    let mut town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    let kept = ada.announces("kept.bin", 10).await;
    ada.sends_piece(&kept, 0, b"12345").await;
    let folder = town.folder().join("files");
    town.closes().await;
    // Bytes that were kept, and the commit did not come; a copy that was being made; a deletion that was not finished.
    let orphan = folder.join("kept/ab");
    std::fs::create_dir_all(&orphan).expect("a folder");
    std::fs::write(orphan.join("ab".repeat(32)), b"orphan").expect("a file");
    std::fs::write(folder.join("arriving").join(format!("{}.clean", "0".repeat(32))), b"half").expect("a file");
    std::fs::write(folder.join("arriving").join("f".repeat(32)), b"nobody's").expect("a file");

    town.reopens().await;

    until("folder with one upload", || files_in(&folder) == 1).await;
    assert_eq!(ada.has_sent(&kept).await, 5);
}

#[tokio::test]
async fn what_is_never_sent_expires_and_what_is_not_wanted_goes_at_once() {
    let clock = HeldClock::new();
    let town = Town::plan().clock(&clock).set(|config| config.upload_hours = 24).open().await;
    let (mut ada, _ben) = town.two_in("madang").await;
    let (browser, folder) = (ada.browser(), town.folder().join("files"));
    let half = browser.announces("half.bin", 10).await;
    browser.sends_piece(&half, 0, b"12345").await;
    let whole = browser.uploads("whole.bin", b"whole").await;
    let unwanted = browser.announces("unwanted.bin", 3).await;
    browser.sends_piece(&unwanted, 0, b"ab").await;
    assert_eq!(browser.sends(browser.as_program(Method::DELETE, &unwanted)).await.status, 204);
    assert_eq!(browser.sends(browser.as_program(Method::HEAD, &unwanted)).await.status, 404);
    assert_eq!(files_in(&folder), 2);

    clock.passes_days(2);
    town.sweeps().await;

    assert_eq!(files_in(&folder), 0);
    assert_eq!(browser.sends(browser.as_program(Method::HEAD, &half)).await.status, 404);
    ada.posts_files("late", &[&whole]).await;
    ada.is_refused(Refusal::FileUnknown).await;
}

#[tokio::test]
async fn limits_are_told_with_a_sentence_and_before_anything_is_sent() {
    let town = Town::plan()
        .set(|config| (config.max_files, config.max_file_mb, config.max_waiting_mb) = (2, 1, 2))
        .open()
        .await;
    let (mut ada, _ben) = town.two_in("madang").await;
    let browser = ada.browser();
    assert_eq!(browser.tries_to_announce("large.bin", MB + 1).await.problem()["code"], "file_too_large");
    let one = browser.uploads("1", b"1").await;
    let two = browser.uploads("2", b"2").await;
    let three = browser.uploads("3", b"3").await;
    ada.posts_files("", &[&one, &two, &three]).await;
    ada.is_refused(Refusal::FilesTooMany).await;
    browser.announces("a", MB).await;
    assert_eq!(browser.tries_to_announce("b", MB).await.problem()["code"], "uploads_too_many");
    assert_eq!(browser.tries_to_announce("c", MB - 3).await.status, 201, "what is here counts as large as it is");
    let form = [("name", "d"), ("bytes", "-1")];
    assert_eq!(browser.sends(browser.as_program(Method::POST, "/rooms/madang/uploads").form(&form)).await.status, 413);

    let narrow = Town::plan().set(|config| (config.max_waiting_files, config.picture_megapixels) = (2, 1)).open().await;
    let eve = narrow.visitor();
    eve.walks_in("Eve").await;
    let drawn = eve.uploads("small.png", &encoded(&picture(1_000, 1_000), ImageFormat::Png)).await;
    let large = eve.uploads("large.png", &encoded(&picture(1_001, 1_000), ImageFormat::Png)).await;
    assert_eq!((drawn.kind, large.kind), (Kind::Picture, Kind::Other));
    assert_eq!(eve.tries_to_announce("third", 1).await.problem()["code"], "uploads_too_many");

    let full = Town::plan().set(|config| config.keep_free_mb = u32::MAX).open().await;
    let ben = full.visitor();
    ben.walks_in("Ben").await;
    let answer = ben.tries_to_announce("a", 1).await;
    assert_eq!((answer.status, answer.problem()["code"].as_str()), (507, Some("disk_full")));
}

#[tokio::test]
async fn where_no_files_are_taken_that_is_said_whichever_way_one_comes() {
    let town = Town::plan().set(|config| config.max_files = 0).open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let browser = ada.browser();
    let announced = browser.tries_to_announce("a.txt", 1).await;
    assert_eq!((announced.status, announced.problem()["detail"].as_str()), (422, Some("This server takes no files.")));
    ada.posts_files("", &[&a_file()]).await;
    ada.is_refused(Refusal::FilesTooMany).await;
    let form = |text: &'static str| {
        let part = reqwest::multipart::Part::bytes(b"a".to_vec()).file_name("a.txt");
        reqwest::multipart::Form::new().text("cid", fresh_cid().to_string()).text("text", text).part("files", part)
    };
    let request = browser.as_browser(Method::POST, "/rooms/madang/messages");
    let request = request.header("origin", format!("http://{}", town.host()));
    let refused = browser.sends(request.multipart(form("kept"))).await;
    assert!(refused.shown().contains("a.txt\u{2069}: This server takes no files."), "{}", refused.shown());
    assert!(refused.shown().contains("kept"), "the text comes back");
    assert_eq!(files_in(&town.folder().join("files")), 0);
    ada.posts("words are taken").await;
    ben.sees("Ada", "words are taken").await;
}

fn a_file() -> File {
    let (name, blur) = ("a.txt".to_owned(), String::new());
    File { id: FileId::from(7), name, kind: Kind::Other, bytes: 1, width: 0, height: 0, blur }
}

#[tokio::test]
async fn parts_are_given_as_browsers_ask_for_them() {
    for plan in everywhere().await {
        let town = plan.open().await;
        let (mut ada, mut ben) = town.two_in("madang").await;
        let file = ada.browser().uploads("talk.mp3", b"ID3\x040123456789").await;
        ada.posts_files("", &[&file]).await;
        ben.sees_files().await;
        let (reader, path) = (ben.browser(), path(&file));
        assert_eq!(file.kind, Kind::Audio);

        let whole = reader.gets(&path).await;
        assert_eq!((whole.status, whole.header("accept-ranges"), whole.header("content-length")), (200, "bytes", "14"));
        assert_eq!((whole.header("content-type"), whole.header("cache-control")), ("audio/mpeg", "private, no-cache"));
        assert!(whole.header("content-disposition").starts_with("inline; filename=\"talk.mp3\""));
        for (range, content, body) in [("bytes=4-6", "bytes 4-6/14", "012"), ("bytes=-2", "bytes 12-13/14", "89")] {
            let part = reader.asks_for_part(&path, range).await;
            assert_eq!((part.status, part.header("content-range"), part.body.as_str()), (206, content, body));
        }
        let beyond = reader.asks_for_part(&path, "bytes=14-").await;
        assert_eq!((beyond.status, beyond.header("content-range")), (416, "bytes */14"));
        let thousands = format!("bytes={}0-1", "0-1,".repeat(2_000));
        for range in [thousands.as_str(), "bytes=5-2", "lines=1-2"] {
            assert_eq!(reader.asks_for_part(&path, range).await.status, 200);
        }
        let etag = whole.header("etag").to_owned();
        let known = reader.sends(reader.as_browser(Method::GET, &path).header("if-none-match", &etag)).await;
        assert_eq!((known.status, known.body.as_str()), (304, ""));
        for (begun, status) in [(etag.as_str(), 206), ("\"another\"", 200)] {
            let request = reader.as_browser(Method::GET, &path).header("range", "bytes=0-0").header("if-range", begun);
            assert_eq!(reader.sends(request).await.status, status);
        }
        let head = reader.sends(reader.as_browser(Method::HEAD, &path).header("range", "bytes=0-0")).await;
        assert_eq!((head.status, head.header("content-length"), head.body.as_str()), (200, "14", ""));
    }
}

#[tokio::test]
async fn what_could_do_something_is_a_download_that_can_do_nothing() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    for (name, bytes) in [
        ("page.html", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("photo.jpg", b"<html><script>alert(1)</script>"),
        ("photo.jpg", b"\xFF\xD8\xFF<script>alert(1)</script>"),
        ("letter.pdf", b"%PDF-1.7"),
        ("bomb.zip", b"PK\x03\x04"),
        ("animation.gif", b"GIF89a<script>alert(1)</script>"),
    ] {
        let file = ada.browser().uploads(name, bytes).await;
        assert_eq!((file.kind, file.width), (Kind::Other, 0), "{name}");
        ada.posts_files("", &[&file]).await;
        ben.sees_files().await;
        let answer = ben.browser().gets(&path(&file)).await;
        assert_eq!(answer.header("content-type"), "application/octet-stream", "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.headers("content-security-policy"), ["sandbox; default-src 'none'"]);
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert!(answer.header("content-disposition").starts_with("attachment; "), "{answer:?}");
        assert_eq!(ben.browser().gets(&file.drawn_path(&"madang".into(), "small")).await.status, 404);
    }
    let drawn = ada.browser().uploads("a.png", &encoded(&picture(9, 9), ImageFormat::Png)).await;
    ada.posts_files("", &[&drawn]).await;
    ben.sees_files().await;
    let answer = ben.browser().gets(&path(&drawn)).await;
    assert!(answer.header("content-disposition").starts_with("attachment; "), "what we have not drawn is a download");
}

#[tokio::test]
async fn names_are_names_and_nothing_else() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    for (typed, name) in [
        ("../../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x=1\r\n\r\n<script>.txt", "aSet-Cookie: x=1<script>.txt"),
        ("photo\u{202E}gpj.exe", "photogpj.exe"),
        ("\u{1112}\u{116C}\u{110B}\u{1174}\".txt", "회의\".txt"),
        ("", "file"),
    ] {
        let file = ada.browser().uploads(typed, b"x").await;
        assert_eq!(file.name, name);
        ada.posts_files("", &[&file]).await;
        ben.sees_files().await;
        let answer = ben.browser().gets(&path(&file)).await;
        assert_eq!((answer.status, answer.headers("set-cookie")), (200, vec![]));
        let encoded = app::route::percent_encoded(name);
        assert!(answer.header("content-disposition").ends_with(&format!("filename*=UTF-8''{encoded}")), "{answer:?}");
    }
}

/// A PNG that says it is so large, and holds next to nothing.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut png = encoded(&picture(1, 1), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = png[12..29].iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 })
    });
    png[29..33].copy_from_slice(&(!sum).to_be_bytes());
    png
}

#[tokio::test]
async fn a_picture_that_is_a_bomb_is_something_to_download() {
    let town = Town::open().await;
    let ada = town.visitor();
    ada.walks_in("Ada").await;
    for (width, height) in [(30_000, 30_000), (u32::MAX >> 1, 1), (60_000, 10), (0, 0), (7_100, 7_100), (5_000, 5_000)]
    {
        let file = ada.uploads("bomb.png", &bomb(width, height)).await;
        assert_eq!((file.kind, file.width), (Kind::Other, 0), "{width} x {height}");
    }
    let mut frames = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut frames, 30);
    for shade in 0..300 {
        let frame = RgbaImage::from_pixel(20, 10, image::Rgba([shade as u8, 0, 0, 255]));
        encoder.encode_frame(Frame::new(frame)).expect("it encodes");
    }
    drop(encoder);
    let file = ada.uploads("many.gif", &frames).await;
    assert_eq!((file.kind, file.width, file.height, file.blur.as_str()), (Kind::Animation, 20, 10, &*"000".repeat(16)));
}

#[tokio::test]
async fn a_picture_whose_colours_are_a_bomb_takes_no_memory() {
    const UNPACKED: usize = 200 * MB;
    let mut png = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
    encoder.set_icc_profile(vec![0; UNPACKED]).expect("it takes one");
    picture(30, 20).write_with_encoder(encoder).expect("it encodes");
    assert!(png.len() < 2 * MB, "{} bytes", png.len());
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let mut program = Program::start(&["--listen", "127.0.0.1:0", "--data", data, "--keep-free-mb", "0"]);
    let eve = program.opens().await;
    eve.walks_in("Eve").await;
    eve.uploads("plain.png", &encoded(&picture(30, 20), ImageFormat::Png)).await;
    let before_kb = program.most_memory_kb();

    let file = eve.uploads("bomb.png", &png).await;

    assert_eq!((file.kind, file.width), (Kind::Picture, 30), "its pixels are shown");
    let grown_kb = program.most_memory_kb() - before_kb;
    assert!(grown_kb < 60 * 1024, "the server grew by {grown_kb} KB");
}

#[tokio::test]
async fn pictures_take_no_more_memory_than_is_set_aside_for_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let settings = ["--listen", "127.0.0.1:0", "--data", data, "--keep-free-mb", "0", "--picture-memory-mb", "64"];
    let mut program = Program::start(&settings);
    let ada = program.opens().await;
    ada.walks_in("Ada").await;
    let before_kb = program.most_memory_kb();
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let large = ada.uploads("large", &encoded(&DynamicImage::new_rgb8(5_000, 5_000), format)).await;
        assert_eq!((large.kind, large.width), (Kind::Other, 0), "{format:?}");
        let grown_kb = program.most_memory_kb() - before_kb;
        assert!(grown_kb < 64 * 1024, "the server grew by {grown_kb} KB with {format:?}");
        let small = ada.uploads("small", &encoded(&DynamicImage::new_rgb8(1_200, 900), format)).await;
        assert_eq!(small.width, 1_200, "{format:?}");
    }
}

/// A raw photograph of nothing but two directories, whose every entry says that 64 more are elsewhere.
fn raw_photograph_that_lies(bytes: usize) -> Vec<u8> {
    const DIRECTORY: usize = 2 + 12 * u16::MAX as usize + 4;
    let long = |number: usize| (number as u32).to_le_bytes();
    let elsewhere = long(8 + 2 * DIRECTORY);
    let entry = [&[0x4A, 0x01, 4, 0][..], &long(64), &elsewhere].concat();
    let directory = |next: usize| [&u16::MAX.to_le_bytes()[..], &entry.repeat(u16::MAX.into()), &long(next)].concat();
    let mut whole = [&b"II*\0"[..], &long(8), &directory(8 + DIRECTORY), &directory(0)].concat();
    whole.extend((1..=64).flat_map(|number| long(bytes - number)));
    whole.resize(bytes, 0);
    whole
}

#[tokio::test]
async fn a_raw_photograph_that_lies_takes_no_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let mut program = Program::start(&["--listen", "127.0.0.1:0", "--data", data, "--keep-free-mb", "0"]);
    let eve = program.opens().await;
    eve.walks_in("Eve").await;
    eve.uploads("small.bin", &bytes(20 * MB, 1)).await;
    let before_kb = program.most_memory_kb();

    let file = eve.uploads("photo.dng", &raw_photograph_that_lies(20 * MB)).await;

    assert_eq!((file.kind, file.bytes), (Kind::Other, 20 * MB as i64));
    let grown_kb = program.most_memory_kb() - before_kb;
    assert!(grown_kb < 8 * 1024, "the server grew by {grown_kb} KB");
}

const PLACE: &[u8] = b"37.5665N 126.9780E";

/// A photo that is turned, and tells where it was taken; and how far it goes before it shows anything.
fn photo() -> (Vec<u8>, usize) {
    let plain = encoded(&picture(60, 40), ImageFormat::Jpeg);
    let exif = [&b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"[..], PLACE].concat();
    let segment = [&[0xFF, 0xE1][..], &(exif.len() as u16 + 2).to_be_bytes(), &exif].concat();
    let photo = [&plain[..2], &segment, &plain[2..]].concat();
    let shown = photo.windows(2).position(|window| window == [0xFF, 0xDA]).expect("it shows something");
    (photo, shown)
}

fn tells(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

#[tokio::test]
async fn a_photo_is_the_right_way_up_and_does_not_say_where_it_was_taken() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;

    let file = ada.browser().uploads("photo.jpg", &photo().0).await;

    assert_eq!((file.width, file.height), (40, 60));
    ada.posts_files("", &[&file]).await;
    ben.sees_files().await;
    let small = ben.browser().reads_bytes(&file.drawn_path(&"madang".into(), "small")).await;
    let small = image::load_from_memory(&small).expect("a picture");
    assert_eq!((small.width(), small.height()), (40, 60));
    let original = ben.browser().reads_bytes(&path(&file)).await;
    assert_eq!(original.len() as i64, file.bytes);
    assert!(!tells(&original, PLACE));
    assert!(!holds(&town.folder(), PLACE), "nor does it lie anywhere");
}

#[tokio::test]
async fn a_photo_that_breaks_off_does_not_say_where_it_was_taken_either() {
    let town = Town::open().await;
    let (mut ada, mut ben) = town.two_in("madang").await;
    let (photo, shown) = photo();
    let lies = [&photo[..shown], &[0xFF, 0xDA, 0, 1], &photo[shown..]].concat();
    let second = [&photo[..photo.len() - 2], &[0xFF, 0xC4, 0x7F, 0xFF], PLACE].concat();
    for (what, photo) in [
        ("before it shows anything", &photo[..shown]),
        ("within what it shows", &photo[..shown + 100]),
        ("within a table behind that", &second),
        ("in a piece without a length", &lies),
    ] {
        let file = ada.browser().uploads("photo.jpg", photo).await;
        ada.posts_files("", &[&file]).await;
        ben.sees_files().await;
        let kept = ben.browser().reads_bytes(&path(&file)).await;
        assert!(!tells(&kept, PLACE) && !holds(&town.folder(), PLACE), "{what}");
        assert!(tells(&kept, &photo[photo.len().min(shown) - 20..][..20]), "{what}: what it shows stays");
    }
}

#[tokio::test]
async fn without_javascript_files_go_with_the_form() {
    let town = Town::plan().set(|config| (config.max_file_mb, config.max_files) = (1, 2)).open().await;
    let (ada, mut ben) = town.two_in("madang").await;
    let browser = ada.browser();
    let send = async |text: &'static str, files: Vec<(&'static str, Vec<u8>)>| {
        let cid = browser.gets("/rooms/madang").await.form_cid();
        let form = reqwest::multipart::Form::new().text("cid", cid.to_string()).text("text", text);
        let form = files.into_iter().fold(form, |form, (name, bytes)| {
            form.part("files", reqwest::multipart::Part::bytes(bytes).file_name(name))
        });
        let request = browser
            .as_browser(Method::POST, "/rooms/madang/messages")
            .header("origin", format!("http://{}", town.host()));
        browser.sends(request.multipart(form)).await
    };
    let png = encoded(&picture(30, 20), ImageFormat::Png);

    let answer = send("from a form", vec![("a.png", png.clone()), ("b.txt", b"bee".to_vec())]).await;
    assert_eq!(answer.leads_to(), Some("/rooms/madang"), "{answer:?}");
    let event = ben.sees_files().await;
    let files: Vec<_> = event.files().iter().map(|file| (file.name.as_str(), file.kind, file.bytes)).collect();
    assert_eq!(
        (event.text(), &files[..]),
        ("from a form", &[("a.png", Kind::Picture, png.len() as i64), ("b.txt", Kind::Other, 3)][..])
    );
    // A browser sends an empty field along where nothing was chosen.
    assert_eq!(send("no file", vec![("", Vec::new())]).await.status, 303);
    ben.sees("Ada", "no file").await;
    assert_eq!(send("", vec![("c.txt", b"c".to_vec())]).await.status, 303);
    ben.sees_files().await;

    let refused = send("typed for long", vec![("d.txt", b"d".to_vec()), ("large.bin", bytes(MB + 1, 1))]).await;
    let allowance = Allowance { files: 2, file_bytes: MB as i64, ..Allowance::default() };
    let tells = |answer: &Answer, why| answer.shown().contains(&allowance.sentence(Lang::En, why));
    assert_eq!((refused.status, tells(&refused, Refusal::FileTooLarge)), (413, true));
    assert!(refused.shown().contains("typed for long"), "the text comes back");
    let refused = send("three", (0..3).map(|_| ("e.txt", b"e".to_vec())).collect()).await;
    assert!(tells(&refused, Refusal::FilesTooMany) && refused.shown().contains("three"));
    // What scripts would say at the file is said on the page.
    let said = format!("\u{2068}large.bin\u{2069}: {}", allowance.sentence(Lang::En, Refusal::FileTooLarge));
    let of_two = send("two", vec![("d.txt", b"d".to_vec()), ("large.bin", bytes(MB + 1, 1))]).await;
    assert!(of_two.shown().contains(&said) && of_two.shown().contains("choose the files again"), "{}", of_two.shown());
    let unshown = "photo.png\u{2069}: This can't be shown here.";
    assert!(!browser.gets("/rooms/madang").await.shown().contains(unshown));
    assert_eq!(send("", vec![("photo.png", b"no picture".to_vec())]).await.status, 303);
    ben.sees_files().await;
    assert!(browser.gets("/rooms/madang").await.shown().contains(unshown));
    assert!(!ben.browser().gets("/rooms/madang").await.shown().contains(unshown), "only who sent it may mend it");
    assert_eq!(send("another word", vec![]).await.status, 303);
    ben.sees("Ada", "another word").await;
    assert!(!browser.gets("/rooms/madang").await.shown().contains(unshown));
    ben.sees_nothing_more().await;
    let kept = town.folder().join("files");
    until("folder with what was said", || files_in(&kept) == 6).await;
    assert_eq!(send("", vec![("", Vec::new())]).await.status, 422);
}

#[tokio::test]
async fn files_of_a_form_have_a_place_before_they_come_like_all_others() {
    let town = Town::plan().set(|config| (config.max_file_mb, config.max_waiting_mb) = (1, 1)).open().await;
    let browser = town.walks_in("Ada").await.browser();
    let send = async || {
        let cid = browser.gets("/rooms/madang").await.form_cid();
        let part = reqwest::multipart::Part::bytes(bytes(MB / 2, 7)).file_name("half.bin");
        let form =
            reqwest::multipart::Form::new().text("cid", cid.to_string()).text("text", "kept").part("files", part);
        let request = browser.as_browser(Method::POST, "/rooms/madang/messages");
        browser.sends(request.header("origin", format!("http://{}", town.host())).multipart(form)).await
    };
    let waiting = browser.announces("waits.bin", MB * 3 / 4).await;
    let refused = send().await;
    assert!(refused.tells(Refusal::UploadsTooMany) && refused.shown().contains("kept"), "{refused:?}");
    assert_eq!(browser.sends(browser.as_program(Method::DELETE, &waiting)).await.status, 204);
    assert_eq!(send().await.status, 303);
}

#[tokio::test]
async fn a_form_without_an_end_is_not_kept_in_memory() {
    // Much more than a connection holds by itself.
    const MUCH: usize = 64;
    let town = Town::open().await;
    let small = Town::plan().set(|config| (config.max_file_mb, config.max_files) = (1, 1)).open().await;
    for (town, what, begins) in [
        (&town, "before the first part", ""),
        (&town, "a header", "--b\r\nContent-Disposition: form-data; name=\""),
        (&small, "a part that nobody asked for", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n"),
        (&small, "a text", "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n"),
    ] {
        let (host, cookie) = (town.host(), town.walks_in(what).await.browser().cookie());
        let mut stream = TcpStream::connect(&host).await.expect("the port answers");
        let head = format!(
            "POST /rooms/madang/messages HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\ncontent-length: {}\r\n\
             content-type: multipart/form-data; boundary=b\r\nconnection: close\r\n\r\n{begins}",
            u64::MAX / 4,
        );
        stream.write_all(head.as_bytes()).await.expect("the port listens");
        let (mut reading, mut writing) = stream.split();
        let sending = async {
            let megabyte = bytes(MB, 9);
            for _ in 0..MUCH {
                if writing.write_all(&megabyte).await.is_err() {
                    return false;
                }
            }
            true
        };
        let mut answer = Vec::new();
        let ends = async {
            tokio::select! {
                is_all_taken = sending => is_all_taken,
                _ = reading.read_to_end(&mut answer) => false,
            }
        };
        let is_all_taken = in_time(|| format!("end of {what}"), ends).await;
        assert!(!is_all_taken, "{what}: all of it was taken");
    }
}

#[tokio::test]
async fn a_large_file_takes_no_memory() {
    const LARGE: usize = 100 * MB;
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let mut program = Program::start(&["--listen", "127.0.0.1:0", "--data", data, "--keep-free-mb", "0"]);
    let ada = program.opens().await;
    ada.walks_in("Ada").await;
    // What the first file takes for good.
    ada.uploads("small.bin", &bytes(2 * MB, 1)).await;
    let path = ada.announces("large.bin", LARGE).await;
    let before_kb = program.most_memory_kb();

    let piece = bytes(10 * MB, 5);
    for at in 0..10 {
        let answer = ada.sends_piece(&path, at * piece.len(), &piece).await;
        assert!(answer.status < 300, "{answer:?}");
    }

    let grown_kb = program.most_memory_kb() - before_kb;
    assert!(grown_kb < 8 * 1024, "the server grew by {grown_kb} KB");
}
