//! One cell of the tables: one server in one scenario, once. Each is measured by a fresh process and kept as a JSON file.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::crowd::{Crowd, Plan, Seen, Sums};
use crate::dialect::Dialect;
use crate::door;
use crate::history;
use crate::process::{self, Running};
use crate::scenario::{Scenario, Shows};
use crate::server::Server;

/// How many come and go before the memory of an empty server is read.
const FIRST_GUESTS: usize = 50;

/// How long things take, and where they run.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The server's cores, as `taskset` names them.
    pub(crate) server_cores: String,
    /// The load generator's.
    pub(crate) generator_cores: String,
    /// How many threads the load generator has.
    pub(crate) threads: usize,
    /// How long people post before it counts, at least: by the clock everybody has posted once.
    pub(crate) warm_up: Duration,
    /// How long it counts.
    pub(crate) measured: Duration,
    /// Whether this is a hurried run, for development.
    pub(crate) quick: bool,
    /// Where cells, logs and data are kept.
    pub(crate) folder: PathBuf,
}

/// What was measured. Times of the server are user and system time of its processes; what does not apply is absent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Figures {
    pub(crate) scenario: String,
    pub(crate) server: String,
    pub(crate) version: String,
    pub(crate) round: usize,
    /// When, in seconds since 1970.
    pub(crate) at: u64,
    pub(crate) quick: bool,
    pub(crate) people: usize,
    pub(crate) seconds: f64,
    pub(crate) server_cpu_seconds: f64,
    /// The share of the time in which the load generator had something to do; above 0.95 it could do no more.
    pub(crate) generator_load: f64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) disordered: u64,
    pub(crate) misdirected: u64,
    /// How many people saw another order than others in their room.
    pub(crate) other_orders: u64,
    /// How many connections were lost.
    pub(crate) dropped: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deliveries_a_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) messages_a_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deliveries_a_cpu_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpu_seconds_a_million: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) p50_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) p99_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) p999_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connects_a_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connects_a_cpu_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kib_a_connection: Option<f64>,
    /// CPU seconds a second while nobody says anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) idle_load: Option<f64>,
    /// From the program's start to its first answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ready_ms: Option<f64>,
    /// From asking for the room's page to its last byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_page_ms: Option<f64>,
    /// From opening the room over a socket to its newest messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) open_ms: Option<f64>,
    /// From asking for the messages in the middle to their arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jump_ms: Option<f64>,
}

/// Runs a cell.
///
/// # Errors
/// A sentence, when the server does not start or people don't get in.
pub(crate) fn run(scenario: &Scenario, server: &Server, round: usize, settings: &Settings) -> Result<Figures, String> {
    let mut figures = Figures {
        scenario: scenario.key.to_owned(),
        server: server.key.to_owned(),
        version: server.version.clone(),
        round,
        at: seconds_since_1970(),
        quick: settings.quick,
        people: scenario.people(),
        ..Figures::default()
    };
    if let Shows::History(messages) = scenario.shows {
        history::measure(&mut figures, server, messages, settings)?;
        return Ok(figures);
    }
    let running = start(server, settings)?;
    let plan = plan(scenario, server, running.address, settings.threads)?;
    match scenario.shows {
        Shows::Idleness => measure_idleness(&mut figures, &running, plan, settings)?,
        Shows::Throughput | Shows::Latency | Shows::History(_) => {
            measure_posting(&mut figures, &running, plan, settings)?
        }
    }
    Ok(figures)
}

/// Starts a server in an empty folder.
pub(crate) fn start(server: &Server, settings: &Settings) -> Result<Running, String> {
    let _ = fs::remove_dir_all(folder_of(server, settings));
    start_again(server, settings)
}

/// Where a server keeps its data.
pub(crate) fn folder_of(server: &Server, settings: &Settings) -> PathBuf {
    settings.folder.join("data").join(server.key)
}

/// Starts a server with the data that it has.
pub(crate) fn start_again(server: &Server, settings: &Settings) -> Result<Running, String> {
    let address = process::free_address();
    let folder = folder_of(server, settings);
    let logs = settings.folder.join("logs");
    fs::create_dir_all(&folder).and_then(|()| fs::create_dir_all(&logs)).map_err(|error| error.to_string())?;
    let log = logs.join(format!("{}.log", server.key));
    Running::start(&server.start(address, &folder), &settings.server_cores, address, &log)
}

fn plan(scenario: &Scenario, server: &Server, address: SocketAddr, threads: usize) -> Result<Plan, String> {
    let mut cookies = Vec::new();
    let mut rooms: Vec<String> = (0..scenario.rooms).map(|room| format!("r{room}")).collect();
    if server.dialect == Dialect::Madang {
        cookies = door::walk_in(address, scenario.people())?;
        rooms = match scenario.rooms {
            1 => vec!["madang".to_owned()],
            many => door::make_rooms(address, &cookies[0], many)?,
        };
    }
    Ok(Plan {
        address,
        dialect: server.dialect,
        rooms,
        people_a_room: scenario.people_a_room,
        senders_a_room: scenario.senders_a_room,
        cookies,
        pace: scenario.pace,
        threads,
    })
}

fn measure_posting(figures: &mut Figures, running: &Running, plan: Plan, settings: &Settings) -> Result<(), String> {
    let warm_up = settings.warm_up.max(plan.round_takes());
    let (crowd, _) = Crowd::enter(plan)?;
    crowd.is_silent();
    until_calm(running);
    crowd.begins_to_post();
    std::thread::sleep(warm_up);
    let watch = Watch::begin(running);
    let before = crowd.is_recorded_from_now();
    std::thread::sleep(settings.measured);
    let after = crowd.sums();
    watch.end(figures, running);
    let (deliveries, confirmed) = difference(before, after);
    figures.generator_load = (after.busy_ns - before.busy_ns) as f64 / 1e9 / figures.seconds / settings.threads as f64;
    figures.deliveries_a_second = Some(deliveries / figures.seconds);
    figures.messages_a_second = Some(confirmed / figures.seconds);
    figures.deliveries_a_cpu_second = Some(deliveries / figures.server_cpu_seconds.max(0.001));
    figures.cpu_seconds_a_million = Some(figures.server_cpu_seconds * 1e6 / deliveries.max(1.0));
    figures.note(&crowd.goes());
    Ok(())
}

fn measure_idleness(figures: &mut Figures, running: &Running, plan: Plan, settings: &Settings) -> Result<(), String> {
    let first_guests = Plan { people_a_room: FIRST_GUESTS, ..plan.clone() };
    Crowd::enter(first_guests)?.0.goes();
    until_calm(running);
    let empty = running.resident_bytes();
    let cpu = running.cpu();
    let (crowd, took) = Crowd::enter(plan)?;
    let connecting = running.cpu() - cpu;
    crowd.is_silent();
    figures.connects_a_second = Some(figures.people as f64 / took.as_secs_f64());
    figures.connects_a_cpu_second = Some(figures.people as f64 / connecting.as_secs_f64());
    until_calm(running);
    figures.kib_a_connection =
        Some((running.resident_bytes().saturating_sub(empty)) as f64 / 1_024.0 / figures.people as f64);
    let watch = Watch::begin(running);
    std::thread::sleep(if settings.quick { Duration::from_secs(2) } else { Duration::from_secs(10) });
    watch.end(figures, running);
    figures.idle_load = Some(figures.server_cpu_seconds / figures.seconds);
    // That they really listen is shown by a few messages, which all must get.
    crowd.is_recorded_from_now();
    crowd.begins_to_post();
    std::thread::sleep(Duration::from_millis(200));
    figures.note(&crowd.goes());
    Ok(())
}

/// Waits until a server has digested what came before: half a second of next to no work, 15 s at most.
fn until_calm(running: &Running) {
    for _ in 0..30 {
        let before = running.cpu();
        std::thread::sleep(Duration::from_millis(500));
        if running.cpu() - before <= Duration::from_millis(10) {
            return;
        }
    }
}

struct Watch {
    began: Instant,
    server: Duration,
}

impl Watch {
    fn begin(running: &Running) -> Self {
        Self { server: running.cpu(), began: Instant::now() }
    }

    fn end(self, figures: &mut Figures, running: &Running) {
        figures.seconds = self.began.elapsed().as_secs_f64();
        figures.server_cpu_seconds = (running.cpu() - self.server).as_secs_f64();
    }
}

fn difference(before: Sums, after: Sums) -> (f64, f64) {
    ((after.deliveries - before.deliveries) as f64, (after.confirmed - before.confirmed) as f64)
}

impl Figures {
    fn note(&mut self, seen: &Seen) {
        self.p50_ms = seen.latency.quantile_ms(0.5);
        self.p99_ms = seen.latency.quantile_ms(0.99);
        self.p999_ms = seen.latency.quantile_ms(0.999);
        self.lost = seen.lost;
        self.doubled = seen.doubled;
        self.disordered = seen.disordered;
        self.misdirected = seen.misdirected;
        self.other_orders = seen.other_orders;
        self.dropped = seen.dropped;
    }

    /// Whether anybody got anything else than what was sent, once, in order.
    pub(crate) fn has_faults(&self) -> bool {
        self.lost + self.doubled + self.disordered + self.misdirected + self.dropped as u64 > 0
    }

    /// Keeps it as a file.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn keep(&self, folder: &Path) -> Result<(), String> {
        let file = folder.join("cells").join(format!("{}-{}-{}.json", self.scenario, self.server, self.round));
        let json = serde_json::to_string_pretty(self).expect("figures are JSON");
        let kept = fs::create_dir_all(folder.join("cells")).and_then(|()| fs::write(&file, json));
        kept.map_err(|error| format!("{} can't be written: {error}", file.display()))
    }
}

fn seconds_since_1970() -> u64 {
    std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs())
}
