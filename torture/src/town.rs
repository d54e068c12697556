//! The program as a child process, in a folder of its own. It can be killed, told to stop, cut off from power, and started
//! again at the same address. Whatever happens to the harness, the child ends with its [`Town`].

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::shim::Shim;

/// How long a start may take before it counts as failed.
const START_WITHIN: Duration = Duration::from_secs(30);
/// How long the end may take that was asked for: the drain's 10 s, and some for a busy machine.
const END_WITHIN: Duration = Duration::from_secs(15);
/// Limits that would stand in the harness's way, raised where the program knows them.
const RAISED: [&str; 5] = [
    "--messages-per-second",
    "--message-burst",
    "--sockets-per-person",
    "--sockets-per-address",
    "--arrivals-per-minute",
];

/// A program that can be started.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    path: PathBuf,
    arguments: Vec<String>,
}

impl Program {
    /// The program at this path, with no limits in the harness's way.
    ///
    /// # Errors
    /// A sentence when it can't be run.
    pub(crate) fn at(path: &Path) -> Result<Self, String> {
        let help = Command::new(path).args(["serve", "--help"]).env_clear().output();
        let help = help.map_err(|error| format!("{} can't be run: {error}", path.display()))?;
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        let raised = RAISED.iter().filter(|flag| help.contains(*flag));
        let arguments = raised.flat_map(|flag| [(*flag).to_owned(), "1000000".to_owned()]).collect();
        Ok(Self { path: path.to_owned(), arguments })
    }

    /// The same with the limits that it has of itself.
    pub(crate) fn with_its_own_limits(mut self) -> Self {
        self.arguments.clear();
        self
    }

    /// The same with a fault in it that a control needs; only a build with the faults takes this.
    pub(crate) fn with_fault(mut self, fault: &str) -> Self {
        self.arguments.extend(["--fault".to_owned(), fault.to_owned()]);
        self
    }
}

/// A running program with its data.
pub(crate) struct Town {
    program: Program,
    data: PathBuf,
    folder: TempDir,
    shim: Option<Shim>,
    child: Option<Child>,
    /// Where it listens, before and after any restart.
    pub(crate) address: SocketAddr,
    /// How long the last start took until the door was open.
    pub(crate) opened_within: Duration,
}

impl Town {
    /// Opens a town with an empty database.
    ///
    /// # Errors
    /// A sentence when the program does not start.
    pub(crate) async fn open(program: &Program, shim: Option<Shim>) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| format!("there is no temporary folder: {error}"))?;
        let data = folder.path().join("data");
        Self::open_in(program, shim, folder, data).await
    }

    /// Opens a town with its data in a folder below the first one, which may hold a database already.
    ///
    /// # Errors
    /// A sentence when the program does not start.
    pub(crate) async fn open_in(
        program: &Program,
        shim: Option<Shim>,
        folder: TempDir,
        data: PathBuf,
    ) -> Result<Self, String> {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let program = program.clone();
        let mut town = Self { program, data, folder, shim, child: None, address, opened_within: Duration::ZERO };
        town.starts().await?;
        Ok(town)
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> PathBuf {
        self.data.join("madang.db")
    }

    /// What stands between the program and the system, if anything does.
    pub(crate) fn shim(&self) -> &Shim {
        self.shim.as_ref().expect("this town has a shim")
    }

    /// The program's process, while it runs.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Starts the program, at the address where it was before.
    ///
    /// # Errors
    /// A sentence with what the program said when it does not start.
    pub(crate) async fn starts(&mut self) -> Result<(), String> {
        let began = Instant::now();
        let mut child = self.command()?.spawn().map_err(|error| format!("the program does not start: {error}"))?;
        let printed = child.stdout.take().expect("a pipe");
        self.child = Some(child);
        let reading = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(printed).read_line(&mut line).map(|_| line)
        });
        let line = timeout(START_WITHIN, reading).await;
        let line = line.ok().and_then(Result::ok).and_then(Result::ok).unwrap_or_default();
        let address =
            line.trim_end().strip_prefix("Madang is open at http://").and_then(|address| address.parse().ok());
        self.address = address.ok_or_else(|| format!("the program does not open: {}", self.log_end()))?;
        self.opened_within = began.elapsed();
        Ok(())
    }

    fn command(&self) -> Result<Command, String> {
        let log = File::options().create(true).append(true).open(self.log());
        let log = log.map_err(|error| format!("there is no log: {error}"))?;
        let mut command = Command::new(&self.program.path);
        command.env_clear().arg("serve").args(&self.program.arguments).args(["--log", "warn"]);
        command.args(["--listen", &self.address.to_string()]).arg("--data").arg(&self.data);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        if let Some(shim) = &self.shim {
            shim.is_set_up_for(&self.data)?;
            command.envs(shim.variables(&self.data));
        }
        Ok(command)
    }

    /// Ends the program in the middle of whatever it does (SIGKILL).
    pub(crate) fn is_killed(&mut self) {
        if let Some(mut child) = self.child.take() {
            // One that has ended of itself is as dead.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Tells the program to stop (SIGTERM) and waits for its end, which has to be in order; how long that took.
    ///
    /// # Errors
    /// A sentence when it does not end, or not in order.
    pub(crate) async fn is_told_to_stop(&mut self) -> Result<Duration, String> {
        let began = Instant::now();
        if let Some(pid) = self.pid() {
            let told = Command::new("sh").args(["-c", &format!("kill -TERM {pid}")]).status();
            told.map_err(|error| format!("the program can't be told to stop: {error}"))?;
        }
        let status = self.ends(END_WITHIN).await?;
        if status.success() { Ok(began.elapsed()) } else { Err(format!("the program ended badly: {}", self.log_end())) }
    }

    /// Waits for the program's end.
    ///
    /// # Errors
    /// A sentence when it does not end in time.
    pub(crate) async fn ends(&mut self, within: Duration) -> Result<ExitStatus, String> {
        let child = self.child.as_mut().ok_or("the program is not running")?;
        let began = Instant::now();
        while began.elapsed() < within {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                self.child = None;
                return Ok(status);
            }
            sleep(Duration::from_millis(10)).await;
        }
        Err(format!("the program did not end within {within:?}"))
    }

    /// Whether the program has ended of itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)))
    }

    /// The power goes: the program is gone, and of its files there is only what was synced.
    ///
    /// # Errors
    /// What the system said when the files can't be put in place.
    pub(crate) fn loses_power(&mut self) -> Result<(), String> {
        self.is_killed();
        self.shim().puts_back_what_was_synced(&self.data)
    }

    /// How much memory the program has resident, in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = self.pid().and_then(|pid| std::fs::read_to_string(format!("/proc/{pid}/status")).ok());
        let line = status.as_deref().and_then(|status| status.lines().find_map(|line| line.strip_prefix("VmRSS:")));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
    }

    /// The last lines that the program logged.
    pub(crate) fn log_end(&self) -> String {
        let mut end = String::new();
        if let Ok(mut log) = File::open(self.log()) {
            let length = log.metadata().map_or(0, |meta| meta.len());
            let _ = log.seek(SeekFrom::Start(length.saturating_sub(1_000)));
            let _ = log.read_to_string(&mut end);
        }
        end.trim().to_owned()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.is_killed();
    }
}
