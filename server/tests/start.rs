//! The real program from the command line: it says where it is, ends when told to, and explains itself when it can't start.

use std::net::TcpListener;
use std::path::Path;

use app::protocol::close;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::{Program, Town};

const ANYWHERE: [&str; 2] = ["--listen", "127.0.0.1:0"];

#[tokio::test]
async fn it_prints_its_address_on_one_line_once_it_answers() {
    let folder = folder();
    let mut program = start(folder.path());

    let visitor = program.opens().await;

    assert_eq!(visitor.gets("/health").await.body, "ok\n");
    assert_eq!(visitor.gets("/").await.status, 200);
    program.is_signalled("TERM");
    let ended = program.ends().await;
    assert_eq!((ended.code, ended.printed.as_str()), (Some(0), ""), "{ended:?}");
}

#[tokio::test]
async fn control_c_ends_it_as_well() {
    let folder = folder();
    let mut program = start(folder.path());
    program.opens().await;
    program.is_signalled("INT");
    assert_eq!(program.ends().await.code, Some(0));
}

#[tokio::test]
async fn serve_is_what_it_does_when_nothing_is_said() {
    let folder = folder();
    let data = folder.path().to_str().expect("a path");
    let mut program = Program::start(&["serve", "--listen", "127.0.0.1:0", "--data", data]);
    assert_eq!(program.opens().await.gets("/health").await.status, 200);
}

#[tokio::test]
async fn it_starts_from_any_folder_and_by_variables_too() {
    let folder = folder();
    let mut program =
        Program::start_in(folder.path(), &[], &[("MADANG_LISTEN", "127.0.0.1:0"), ("MADANG_DATA", "here/and/there")]);
    assert_eq!(program.opens().await.gets("/health").await.status, 200);
    assert!(folder.path().join("here/and/there/madang.db").is_file());

    let mut program = Program::start_in(folder.path(), &ANYWHERE, &[]);
    program.opens().await;
    assert!(folder.path().join("data/madang.db").is_file(), "./data is made where nothing is said");
}

#[tokio::test]
async fn all_who_are_connected_are_told_when_it_ends() {
    let folder = folder();
    let mut program = start(folder.path());
    let visitor = program.opens().await;
    visitor.walks_in("Ada").await;
    let mut tabs = Vec::new();
    for _ in 0..20 {
        tabs.push(visitor.opens_a_tab("Ada").await);
    }
    for tab in &mut tabs {
        tab.opens("madang").await;
    }

    program.is_signalled("TERM");

    for tab in &mut tabs {
        tab.is_told_to_come_back().await;
        tab.is_closed_with(close::RESTARTING).await;
    }
    assert_eq!(program.ends().await.code, Some(0));
}

#[tokio::test]
async fn what_was_said_is_there_after_the_program_was_killed() {
    let folder = folder();
    let mut program = start(folder.path());
    let visitor = program.opens().await;
    visitor.walks_in("Ada").await;
    let mut ada = visitor.opens_a_tab("Ada").await;
    ada.opens("madang").await;
    ada.posts("remember me").await;
    ada.sees("Ada", "remember me").await;
    let cookie = visitor.cookie();

    program.is_signalled("KILL");
    assert_eq!(program.ends().await.code, None);

    let mut program = start(folder.path());
    let visitor = program.opens().await;
    visitor.has_cookie(&cookie);
    assert_eq!(visitor.gets("/rooms/madang").await.messages(), ["remember me"]);
}

#[tokio::test]
async fn it_explains_itself() {
    let help = Program::start(&["--help"]).ends().await;
    assert_eq!(help.code, Some(0));
    for word in ["Usage", "serve", "--listen", "--data", "MADANG_LISTEN", "MADANG_DATA"] {
        assert!(help.printed.contains(word), "{word} is missing: {}", help.printed);
    }
    let version = Program::start(&["--version"]).ends().await;
    assert_eq!((version.code, version.printed), (Some(0), format!("madang {}\n", env!("CARGO_PKG_VERSION"))));
    for mistake in [
        &["--listen", "here"][..],
        &["dance"],
        &["--max-rooms", "many"],
        &["--allow-origin", "https://chat.example.org/"],
    ] {
        let refused = Program::start(mistake).ends().await;
        assert_eq!((refused.code, refused.printed.as_str()), (Some(2), ""), "{mistake:?}");
        assert!(refused.log.contains("error:"), "{mistake:?}: {}", refused.log);
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let folder = folder();
    let data = folder.path().to_str().expect("a path");
    does_not_start(&["--listen", &address, "--data", data], &["can't listen on", &address, "--listen"]).await;
}

#[tokio::test]
async fn a_data_path_that_is_no_folder_is_a_sentence() {
    let folder = folder();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "not a folder").expect("a file");
    for data in [file.clone(), file.join("below")] {
        let data = data.to_str().expect("a path");
        does_not_start(&[ANYWHERE[0], ANYWHERE[1], "--data", data], &["data folder", data, "--data"]).await;
    }
}

#[tokio::test]
async fn a_folder_that_another_program_uses_is_a_sentence() {
    let town = Town::open().await;
    let folder = town.folder();
    let data = folder.to_str().expect("a path");
    does_not_start(&[ANYWHERE[0], ANYWHERE[1], "--data", data], &["in use by another Madang", data, "--data"]).await;
}

#[tokio::test]
async fn a_database_from_a_newer_version_is_a_sentence_and_stays_as_it_is() {
    let folder = folder_with_a_database().await;
    let database = database(folder.path());
    database.execute("INSERT INTO migration (number, checksum) VALUES (9999, 'later')", ()).expect("a newer step");
    drop(database);
    let before = std::fs::read(folder.path().join("madang.db")).expect("the file");
    does_not_start_in(folder.path(), &["newer version", "--data"]).await;
    assert_eq!(std::fs::read(folder.path().join("madang.db")).expect("the file"), before);
}

#[tokio::test]
async fn a_database_with_another_schema_is_a_sentence() {
    let folder = folder_with_a_database().await;
    database(folder.path()).execute("UPDATE migration SET checksum = 'other'", ()).expect("another step");
    does_not_start_in(folder.path(), &["schema", "--data"]).await;
}

#[tokio::test]
async fn a_database_that_is_none_is_a_sentence_and_stays_as_it_is() {
    let folder = folder();
    let file = folder.path().join("madang.db");
    let garbage = "this was never a database ".repeat(1_000);
    std::fs::write(&file, &garbage).expect("a file");
    does_not_start_in(folder.path(), &["database can't be read", "--data"]).await;
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), garbage);
}

#[tokio::test]
async fn a_log_filter_that_means_nothing_is_a_sentence() {
    let folder = folder();
    let data = folder.path().to_str().expect("a path");
    does_not_start(&["--data", data, ANYWHERE[0], ANYWHERE[1], "--log", "=loud="], &["--log"]).await;
}

#[tokio::test]
async fn the_log_tells_who_comes_and_goes_and_never_what_they_say() {
    let folder = folder();
    let mut program = start(folder.path());
    let visitor = program.opens().await;
    let (page_text, line_text) = ("said on the page", "said on a line");
    visitor.walks_in("Ada").await;
    let mut ada = visitor.opens_a_tab("Ada").await;
    ada.opens("madang").await;
    ada.hears_arrival(&["Ada"], 1).await;
    ada.posts(page_text).await;
    ada.sees("Ada", page_text).await;
    let mut bob = visitor.tries_wire("/ws/plain?name=Bob", &[]).await.expect("a line");
    ada.hears_arrival(&["Bob"], 2).await;
    bob.says(line_text).await;
    ada.sees("Bob", line_text).await;
    let mut echo = visitor.tries_wire("/ws/echo", &[]).await.expect("the echo");
    echo.says("said in the lab").await;
    echo.hears("echo").await;
    program.logs("a connection began member=1 people=1").await;
    program.logs("a plain connection began member=2 people=2").await;
    program.logs("the lab received a text text=\"said in the lab\"").await;
    bob.closes().await;
    program.logs("a plain connection ended member=2 people=1").await;
    echo.closes().await;
    program.logs("an echo connection ended member=0 people=1").await;
    let cookie = ada.goes().await.cookie();
    program.logs("a connection ended member=1 people=0").await;
    program.is_signalled("TERM");

    let log = program.ends().await.log;
    let secret = cookie.split_once('=').expect("a value").1;
    for text in [page_text, line_text, secret] {
        assert!(!log.contains(text), "{text} is in the log: {log}");
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

async fn folder_with_a_database() -> TempDir {
    let folder = folder();
    let mut program = start(folder.path());
    program.opens().await;
    program.is_signalled("TERM");
    assert_eq!(program.ends().await.code, Some(0));
    folder
}

fn database(folder: &Path) -> Connection {
    Connection::open(folder.join("madang.db")).expect("the database opens")
}

fn start(folder: &Path) -> Program {
    Program::start(&[ANYWHERE[0], ANYWHERE[1], "--data", folder.to_str().expect("a path")])
}

async fn does_not_start_in(folder: &Path, words: &[&str]) {
    does_not_start(&[ANYWHERE[0], ANYWHERE[1], "--data", folder.to_str().expect("a path")], words).await;
}

/// The program ends with code 1 and one sentence that has these words.
async fn does_not_start(arguments: &[&str], words: &[&str]) {
    let ended = Program::start(arguments).ends().await;
    assert_eq!((ended.code, ended.printed.as_str()), (Some(1), ""), "{ended:?}");
    let sentence = ended.log.trim_end();
    assert!(sentence.starts_with("madang: ") && sentence.lines().count() == 1, "{sentence}");
    for word in words {
        assert!(sentence.contains(word), "“{word}” is missing: {sentence}");
    }
}
