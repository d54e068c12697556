//! Files lie in a bucket as well as in a folder: only we get at them, nothing is lost while the bucket is slow, down or cut off, and
//! nothing stays there that nobody has. What else is promised of files is tried with both in `files`.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use server::config::Serve;
use server::files::Vault;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::{Instant, advance};

use crate::files::{bytes, described, files_in, path, until};
use crate::support::{Bucket, DEADLINE, Fault, Person, Program, SECRET, Town, Visitor, time_stands_still};

const MB: usize = 1_000_000;

async fn town_with(bucket: &Bucket) -> Town {
    Town::plan().set(|config| bucket.set(config)).open().await
}

/// The program as a process, with files in a bucket.
fn program_with(bucket: &Bucket, folder: &Path) -> Program {
    let data = folder.to_str().expect("a path");
    let (place, variables) = (bucket.place(), bucket.variables());
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    let arguments = ["--listen", "127.0.0.1:0", "--data", data, "--keep-free-mb", "0", "--files-at", &place];
    Program::start_in(folder, &arguments, &variables)
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Sends all of a file, to a bucket that does not take it now.
async fn sends_in_vain(by: &Visitor, whole: &[u8]) -> String {
    let path = by.announces("notes.bin", whole.len()).await;
    let answer = by.sends_piece(&path, 0, whole).await;
    assert_eq!((answer.status, answer.problem()["code"].as_str()), (503, Some("unavailable")), "{answer:?}");
    path
}

#[tokio::test]
async fn what_a_bucket_does_not_take_now_need_not_be_sent_again() {
    let bucket = Bucket::opens().await;
    let town = town_with(&bucket).await;
    let (mut ada, _ben) = town.two_in("madang").await;
    let browser = ada.browser();
    for (fault, size) in [(Fault::Busy, 10), (Fault::Busy, 11 * MB), (Fault::NeverWhole, 12 * MB)] {
        bucket.fails(fault);
        let whole = bytes(size, 7);
        let upload = sends_in_vain(&browser, &whole).await;
        assert_eq!(browser.has_sent(&upload).await, size, "all of it is here");
        assert_eq!((bucket.in_parts().0, bucket.names().len()), (0, 0), "and nothing there");

        bucket.heals();
        let file = described(&browser.sends_piece(&upload, size, b"").await);

        ada.posts_files("", &[&file]).await;
        let seq = ada.sees_files().await.seq;
        assert!(browser.reads_bytes(&path(&file)).await == whole, "{fault:?}");
        assert_eq!(files_in(&town.folder().join("files")), 0);
        ada.deletes_message(seq).await;
        until("empty bucket", || bucket.names().is_empty()).await;
    }
    assert_eq!(bucket.in_parts(), (0, 3), "the large ones came in parts");
    bucket.saw_nothing_wrong();
}

#[tokio::test]
async fn reading_goes_on_after_a_cut_and_is_told_when_it_can_not() {
    let bucket = Bucket::opens().await;
    let town = town_with(&bucket).await;
    let (mut ada, ben) = town.two_in("madang").await;
    let whole = bytes(3 * MB, 8);
    let file = ada.browser().uploads("film.bin", &whole).await;
    ada.posts_files("", &[&file]).await;
    ada.sees_files().await;
    let (reader, path) = (ben.browser(), path(&file));

    bucket.fails(Fault::CutsOnce(MB));
    assert!(reader.reads_bytes(&path).await == whole);
    let ranges = bucket.ranges();
    assert!(ranges.len() == 2 && ranges[0] == "bytes=0-2999999" && ranges[1] != ranges[0], "{ranges:?}");

    bucket.fails(Fault::Cuts(MB));
    let answer = reader.as_browser(Method::GET, &path).send().await.expect("the program answers");
    assert_eq!(answer.status(), 200, "the beginning is there");
    assert!(answer.bytes().await.is_err(), "and what is not whole does not look whole");

    bucket.fails(Fault::Busy);
    let answer = reader.gets(&path).await;
    assert!(answer.status == 503 && answer.tells(app::refusal::Refusal::Unavailable), "{answer:?}");
    assert_eq!(reader.gets("/rooms/madang").await.status, 200, "all else goes on");

    bucket.heals();
    bucket.ranges();
    assert_eq!(reader.asks_for_part(&path, "bytes=1000-1009").await.status, 206);
    assert_eq!(bucket.ranges(), ["bytes=1000-1009"], "no more is fetched than was asked for");
}

#[tokio::test]
async fn what_nobody_has_any_more_goes_from_the_bucket_and_what_is_not_ours_stays() {
    let bucket = Bucket::opens().await;
    let mut town = town_with(&bucket).await;
    let (mut ada, _ben) = town.two_in("madang").await;
    let browser = ada.browser();
    let kept = browser.uploads("kept.bin", b"kept").await;
    let wanted = bucket.names()[0].clone();
    ada.posts_files("", &[&kept]).await;
    ada.sees_files().await;
    let file = browser.uploads("gone.bin", b"gone").await;
    ada.posts_files("", &[&file]).await;
    let seq = ada.sees_files().await.seq;
    bucket.fails(Fault::Busy);
    ada.deletes_message(seq).await;
    assert_eq!(browser.gets(&path(&file)).await.status, 404, "it is deleted, although the bucket has it still");
    town.closes().await;
    bucket.heals();
    for orphan in [format!("kept/ab/{}", "ab".repeat(32)), format!("drawn/cd/{}-small", "cd".repeat(32))] {
        bucket.has(&format!("the house/files/{orphan}"));
    }
    for others in ["the house/other", "the house/files/kept/ab/notes.txt", "kept/x"] {
        bucket.has(others);
    }

    town.reopens().await;

    until("swept bucket", || bucket.names().len() == 4).await;
    assert!(bucket.names().contains(&wanted), "{:?}", bucket.names());
    assert_eq!(browser.reads_bytes(&path(&kept)).await, b"kept");
    bucket.saw_nothing_wrong();
}

#[tokio::test(start_paused = true)]
async fn what_a_bucket_does_not_delete_now_goes_when_it_is_asked_again() {
    let _still = time_stands_still();
    let bucket = Bucket::opens().await;
    let town = town_with(&bucket).await;
    let (mut ada, _ben) = town.two_in("madang").await;
    let file = ada.browser().uploads("gone.bin", b"gone").await;
    ada.posts_files("", &[&file]).await;
    let seq = ada.sees_files().await.seq;
    bucket.fails(Fault::Denies);
    ada.deletes_message(seq).await;
    until("refusal", || bucket.undeleted() == 1).await;
    time_passes_until(&mut ada, || bucket.undeleted() >= 3).await;
    bucket.heals();
    time_passes_until(&mut ada, || bucket.names().is_empty()).await;
    bucket.saw_nothing_wrong();
}

/// Minutes, for everybody, while what waits for the network and the disk gets on: on a busy machine these take longer than those, so
/// that how many they may be is for the clock on the wall to say.
async fn time_passes_until(person: &mut Person, mut is_so: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < DEADLINE, "it was waited for in vain");
        advance(Duration::from_secs(1)).await;
        person.pings().await;
    }
}

#[tokio::test]
async fn a_program_that_is_killed_while_it_sends_leaves_nothing_behind_and_sends_again() {
    let bucket = Bucket::opens().await;
    let folder = folder();
    let mut program = program_with(&bucket, folder.path());
    let eve = program.opens().await;
    eve.walks_in("Eve").await;
    let whole = bytes(11 * MB, 4);
    let upload = eve.announces("large.bin", whole.len()).await;
    bucket.fails(Fault::SilentOnParts);
    let sending = tokio::spawn({
        let request = eve.as_program(Method::PATCH, &upload).header("upload-offset", 0).body(whole.clone());
        async move { request.send().await.map(drop) }
    });
    until("parts in the bucket", || bucket.parts() > 0).await;
    program.is_signalled("KILL");
    assert_eq!(program.ends().await.code, None);
    assert!(sending.await.expect("it ends").is_err());
    assert_eq!((bucket.in_parts().0, bucket.names().len()), (1, 0));
    bucket.heals();
    // Other notes can't be read, and something lies there that nobody knows of.
    for unread in 0..8 {
        let note = format!("{}-{unread}", "ef".repeat(32));
        std::fs::create_dir(folder.path().join("files/sending").join(note)).expect("a folder in the place of a note");
    }
    bucket.has(&format!("the house/files/kept/ab/{}", "ab".repeat(32)));

    let mut program = program_with(&bucket, folder.path());
    let again = program.opens().await;
    again.has_cookie(&eve.cookie());

    until("bucket without parts", || bucket.parts() == 0).await;
    until("swept bucket", || bucket.names().is_empty()).await;
    assert_eq!(again.has_sent(&upload).await, whole.len());
    let file = described(&again.sends_piece(&upload, whole.len(), b"").await);
    assert!(again.reads_bytes(&path(&file)).await == whole);
    assert_eq!(files_in(&folder.path().join("files")), 0);
}

#[tokio::test]
async fn a_note_that_a_power_cut_has_emptied_deletes_nothing() {
    let bucket = Bucket::opens().await;
    let mut town = town_with(&bucket).await;
    let (mut ada, _ben) = town.two_in("madang").await;
    let browser = ada.browser();
    let whole = bytes(6 * MB, 3);
    let file = browser.uploads("large.bin", &whole).await;
    ada.posts_files("", &[&file]).await;
    ada.sees_files().await;
    town.closes().await;
    let object = bucket.names()[0].clone();
    let note = town.folder().join("files/sending").join(format!("{}-0", object.rsplit('/').next().expect("a name")));
    std::fs::write(&note, "").expect("a note");

    town.reopens().await;

    until("swept notes", || !note.exists()).await;
    assert!(browser.reads_bytes(&path(&file)).await == whole);
}

#[tokio::test]
async fn a_large_file_in_a_bucket_takes_little_memory() {
    const LARGE: usize = 100 * MB;
    let bucket = Bucket::opens().await;
    let folder = folder();
    let mut program = program_with(&bucket, folder.path());
    let ada = program.opens().await;
    ada.walks_in("Ada").await;
    ada.uploads("small.bin", &bytes(2 * MB, 1)).await;
    let before_kb = program.most_memory_kb();

    let path = ada.announces("large.bin", LARGE).await;
    let piece = bytes(10 * MB, 5);
    let mut answer = None;
    for at in 0..10 {
        answer = Some(ada.sends_piece(&path, at * piece.len(), &piece).await);
    }
    let file = described(&answer.expect("ten pieces"));
    assert_eq!(ada.reads_bytes(&self::path(&file)).await.len(), LARGE);

    let grown_kb = program.most_memory_kb() - before_kb;
    // Three pieces of 5 MiB, and what is on its way.
    assert!(grown_kb < 32 * 1024, "the server grew by {grown_kb} KB");
}

#[tokio::test]
async fn a_bucket_that_can_not_be_used_is_told_of_at_the_start() {
    let bucket = Bucket::opens().await;
    // Held and not listened at: a port that is free again is soon another test's.
    let held = TcpSocket::new_v4().expect("a socket");
    held.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    let closed = format!("http://{}", held.local_addr().expect("it is bound"));
    let folder = folder();
    let starts = async |at: &str, set: &[(&'static str, &str)]| {
        let own = bucket.variables();
        let mut variables: Vec<_> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
        variables.retain(|(name, _)| set.iter().all(|(changed, _)| changed != name));
        variables.extend(set.iter().filter(|(_, value)| !value.is_empty()));
        let ended =
            Program::start_in(folder.path(), &["--listen", "127.0.0.1:0", "--files-at", at], &variables).ends().await;
        assert!(ended.code == Some(1) && ended.log.contains("--files-at"), "{ended:?}");
        for hidden in [SECRET, "a/session"] {
            assert!(!ended.log.contains(hidden) && !ended.printed.contains(hidden), "{ended:?}");
        }
        ended.log
    };
    let place = bucket.place();
    for (at, set, tells) in [
        (place.as_str(), ("AWS_ENDPOINT_URL", closed.as_str()), "Connection refused"),
        (&place, ("AWS_ALLOW_HTTP", ""), "AWS_ALLOW_HTTP"),
        (&place, ("AWS_SECRET_ACCESS_KEY", ""), "SecretAccessKey"),
        (&place, ("AWS_ENDPOINT_URL", "localhost"), "AWS_ENDPOINT_URL"),
        (&place, ("AWS_ENDPOINT_URL", "https://me:a/secret+that+is+never+seen@localhost"), "AWS_ENDPOINT_URL"),
        (&place, ("AWS_CA_BUNDLE", "/nowhere.pem"), "/nowhere.pem"),
        ("s3://elsewhere/files", ("AWS_REGION", "ap-northeast-2"), "no such bucket"),
        ("s3:///files", ("AWS_REGION", "ap-northeast-2"), "bucket"),
        ("s3://me:a%2Fsecret@courtyard/files", ("AWS_REGION", "ap-northeast-2"), "keys"),
        ("s3://me:a/secret+that+is+never+seen@courtyard/files", ("AWS_REGION", "ap-northeast-2"), "no address"),
        ("ftp://example.org/files", ("AWS_REGION", "ap-northeast-2"), "s3://bucket/prefix"),
    ] {
        let log = starts(at, &[set]).await;
        assert!(log.contains(tells), "{at} with {set:?}: {log}");
    }
    bucket.fails(Fault::Denies);
    let log = starts(&place, &[]).await;
    assert!(log.contains("AWS_ACCESS_KEY_ID") && log.contains("ExpiredToken"), "{log}");
    bucket.fails(Fault::Busy);
    assert!(starts(&place, &[]).await.contains("SlowDown"));
    bucket.heals();
    let _town = town_with(&bucket).await;
    assert!(starts(&place, &[]).await.contains("another Madang"), "whose files are there");
    bucket.saw_nothing_wrong();

    let variables = [("MADANG_FILES_AT", "s3://me:secret@bucket"), ("AWS_SECRET_ACCESS_KEY", SECRET)];
    let help = Program::start_in(folder.path(), &["--help"], &variables).ends().await;
    assert!(help.printed.contains("s3://bucket/prefix") && !help.printed.contains("secret"), "{}", help.printed);
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_says_nothing_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let at = silent.local_addr().expect("it is bound");
    let folder = folder();
    let mut config = Serve::in_folder(folder.path().to_owned());
    Bucket::unheard(at).set(&mut config);
    let begun = Instant::now();
    let Err(error) = Vault::open(&config, "me").await else { panic!("nobody has answered") };
    assert!(error.to_string().contains("answer"), "{error}");
    assert_eq!(begun.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_falls_silent_is_not_waited_for_and_what_it_was_sent_is_sent_again() {
    let _still = time_stands_still();
    let bucket = Bucket::opens().await;
    let town = town_with(&bucket).await;
    let (mut ada, _ben) = town.two_in("madang").await;
    let browser = ada.browser();
    let whole = bytes(MB, 3);

    bucket.fails(Fault::Silent);
    let upload = browser.announces("film.bin", whole.len()).await;
    let sending = tokio::spawn({
        let request = browser.as_program(Method::PATCH, &upload).header("upload-offset", 0).body(whole.clone());
        async move { request.send().await.expect("the program answers").status() }
    });
    until("silence", || bucket.unanswered() == 1).await;
    time_passes_until(&mut ada, || sending.is_finished()).await;
    assert_eq!(sending.await.expect("it ends"), 503);
    bucket.heals();
    let file = described(&browser.sends_piece(&upload, whole.len(), b"").await);
    ada.posts_files("", &[&file]).await;
    ada.sees_files().await;

    bucket.fails(Fault::SilentAfter(1_000));
    let reading = tokio::spawn({
        let request = browser.as_browser(Method::GET, &path(&file));
        async move { request.send().await.expect("the program answers").bytes().await.is_err() }
    });
    let before = bucket.unanswered();
    until("beginning", || bucket.unanswered() > before).await;
    time_passes_until(&mut ada, || reading.is_finished()).await;
    assert!(reading.await.expect("it ends"), "what is not whole does not look whole");
    bucket.heals();
    assert!(browser.reads_bytes(&path(&file)).await == whole);
}
