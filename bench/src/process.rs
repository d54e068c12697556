//! A server as a process: started on its cores, watched through /proc, ended with all its children.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How long a server may take to answer after its start.
const UP_WITHIN: Duration = Duration::from_secs(60);

/// A process group that runs.
pub(crate) struct Running {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

/// How to start a program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Start {
    /// The program and its arguments.
    pub(crate) words: Vec<String>,
    /// A file that it wants to find, by its path, with what stands in it.
    pub(crate) file: Option<(PathBuf, String)>,
}

impl Running {
    /// Starts a program on these cores (as `taskset` names them) and waits until it answers at this address.
    ///
    /// # Errors
    /// A sentence with the end of what the program said.
    pub(crate) fn start(start: &Start, cores: &str, address: SocketAddr, log: &Path) -> Result<Self, String> {
        let said = File::create(log).map_err(|error| format!("{} can't be written: {error}", log.display()))?;
        if let Some((file, text)) = &start.file {
            fs::write(file, text).map_err(|error| format!("{} can't be written: {error}", file.display()))?;
        }
        let child = Command::new("taskset")
            .args(["-c", cores])
            .args(&start.words)
            .stdin(Stdio::null())
            .stdout(said.try_clone().map_err(|error| error.to_string())?)
            .stderr(said)
            .process_group(0)
            .spawn()
            .map_err(|error| format!("taskset can't be started: {error}"))?;
        let mut running = Self { child, address };
        running.until_up(log)?;
        Ok(running)
    }

    fn until_up(&mut self, log: &Path) -> Result<(), String> {
        let began = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) || began.elapsed() > UP_WITHIN {
                let said = fs::read_to_string(log).unwrap_or_default();
                return Err(format!("it did not start: {}", said.lines().last().unwrap_or("it said nothing")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// User and system time that it and its children have used.
    pub(crate) fn cpu(&self) -> Duration {
        self.stats().map(|stat| stat.cpu()).sum()
    }

    /// Resident memory of it and its children, in bytes.
    pub(crate) fn resident_bytes(&self) -> u64 {
        let resident = |stat: Stat| {
            let status = fs::read_to_string(format!("/proc/{}/status", stat.pid)).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
            line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1_024
        };
        self.stats().map(resident).sum()
    }

    fn stats(&self) -> impl Iterator<Item = Stat> {
        let group = self.child.id();
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        processes.filter_map(|entry| Stat::read(&entry.path().join("stat"))).filter(move |stat| stat.group == group)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

/// Puts this program, with all its threads, on these cores.
///
/// # Errors
/// A sentence.
pub(crate) fn move_to(cores: &str) -> Result<(), String> {
    let me = std::process::id().to_string();
    let moved = Command::new("taskset").args(["-a", "-c", "-p", cores, &me]).stdout(Stdio::null()).status();
    match moved {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("the load generator can't be put on core {cores} (taskset)")),
    }
}

/// A port that nobody has at this moment.
pub(crate) fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there are ports");
    listener.local_addr().expect("it is bound")
}

/// The fields of /proc/PID/stat (proc(5)) that count here.
struct Stat {
    pid: u32,
    group: u32,
    ticks: u64,
}

impl Stat {
    fn read(path: &Path) -> Option<Self> {
        let stat = fs::read_to_string(path).ok()?;
        // The program's name stands in brackets and may hold anything.
        let (before, after) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = after.split_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        // utime, stime, and those of children that have ended and were waited for.
        let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
        Some(Self { pid: before.split_whitespace().next()?.parse().ok()?, group: number(2)? as u32, ticks })
    }

    fn cpu(&self) -> Duration {
        Duration::from_secs_f64(self.ticks as f64 / ticks_a_second() as f64)
    }
}

fn ticks_a_second() -> u64 {
    static TICKS: OnceLock<u64> = OnceLock::new();
    *TICKS.get_or_init(|| {
        let said = Command::new("getconf").arg("CLK_TCK").output().ok();
        said.and_then(|said| String::from_utf8(said.stdout).ok()?.trim().parse().ok()).unwrap_or(100)
    })
}
