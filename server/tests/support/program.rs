//! The real program, started as a user would: from the command line, in a folder, ended by a signal.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, RwLock};

use tokio::sync::mpsc;

use super::{Visitor, in_time};

/// A program that was started; it ends with the test at the latest.
pub(crate) struct Program {
    child: Child,
    printed: Option<BufReader<std::process::ChildStdout>>,
    log: mpsc::UnboundedReceiver<String>,
    logged: String,
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code; `None` when a signal killed it.
    pub(crate) code: Option<i32>,
    /// What it printed, after what the test has read already.
    pub(crate) printed: String,
    /// What it logged and complained about.
    pub(crate) log: String,
}

impl Program {
    /// Starts the program. Nothing of the test's own environment reaches it.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_in(Path::new("."), arguments, &[])
    }

    /// Starts the program from a folder, with variables.
    pub(crate) fn start_in(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_madang"));
        command.current_dir(folder).args(arguments).env_clear().envs(variables.iter().copied());
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let printed = child.stdout.take().map(BufReader::new);
        // Read all the time, so that the program never waits for somebody to read its log.
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let (lines, log) = mpsc::unbounded_channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| lines.send(line)));
        Self { child, printed, log, logged: String::new() }
    }

    /// The next line that it prints.
    pub(crate) async fn prints(&mut self) -> String {
        let mut printed = self.printed.take().expect("the program prints");
        let reading = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            printed.read_line(&mut line).expect("what it prints is text");
            (printed, line)
        });
        let (printed, line) = in_time(|| "line from the program".to_owned(), reading).await.expect("reading goes on");
        self.printed = Some(printed);
        line
    }

    /// Waits for the line with the address, and opens a browser for it.
    pub(crate) async fn opens(&mut self) -> Visitor {
        let line = self.prints().await;
        let address = line.trim_end().strip_prefix("Madang is open at http://");
        let address = address.unwrap_or_else(|| panic!("the program printed no address but {line:?}"));
        Visitor::new(Arc::new(RwLock::new(address.parse().expect("an address"))))
    }

    /// The most memory that it has had at any time, in kilobytes.
    pub(crate) fn most_memory_kb(&self) -> i64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs on Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the most memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Waits until it has logged this.
    pub(crate) async fn logs(&mut self, what: &str) {
        while !self.logged.contains(what) {
            let line = in_time(|| format!("“{what}” in the log: {}", self.logged), self.log.recv()).await;
            self.logged.push_str(&line.unwrap_or_else(|| panic!("the log ended without “{what}”: {}", self.logged)));
            self.logged.push('\n');
        }
    }

    /// Sends it a signal, as TERM.
    pub(crate) fn is_signalled(&self, signal: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", self.child.id())]).status();
        assert!(sent.expect("there is a shell").success());
    }

    /// Waits for its end.
    pub(crate) async fn ends(mut self) -> Ended {
        let mut printed = self.printed.take().expect("a pipe");
        let ending = tokio::task::spawn_blocking(move || {
            let mut rest = String::new();
            printed.read_to_string(&mut rest).expect("what it prints is text");
            rest
        });
        let printed = in_time(|| "end of the program".to_owned(), ending).await.expect("reading goes on");
        while let Some(line) = in_time(|| "end of the log".to_owned(), self.log.recv()).await {
            self.logged.push_str(&line);
            self.logged.push('\n');
        }
        let code = self.child.wait().as_ref().map(ExitStatus::code).expect("the program has ended");
        Ended { code, printed, log: std::mem::take(&mut self.logged) }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended already can't be killed, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
