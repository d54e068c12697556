//! The report: what was measured so far as tables (docs/performance.md) and a plot (docs/performance.svg). The middle one of
//! the rounds counts.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::cell::Figures;
use crate::crowd::Pace;
use crate::goals::{self, Pick};
use crate::limit;
use crate::scenario::{self, Scenario, Shows};
use crate::server::Server;

/// The figures of all rounds of a server in a scenario.
type Cells = BTreeMap<(String, String), Vec<Figures>>;
/// What people have to say of the figures; it stands behind the goals.
const REMARKS: &str = include_str!("../remarks.md");
/// What an event with a text of 80 bytes takes in a frame of ours, in bytes.
const FRAME_BYTES: usize = 176;

/// Writes both files.
///
/// # Errors
/// A sentence.
pub(crate) fn write(folder: &Path, servers: &[Server]) -> Result<(), String> {
    let cells = read(&folder.join("cells"))?;
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let kept = fs::write(docs.join("performance.md"), page(&cells, servers, folder))
        .and_then(|()| fs::write(docs.join("performance.svg"), plot(&cells, servers)));
    kept.map_err(|error| format!("{} can't be written: {error}", docs.display()))
}

fn read(folder: &Path) -> Result<Cells, String> {
    let mut cells = Cells::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("nothing is measured yet: {error}"))?.flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        if let Ok(figures) = serde_json::from_str::<Figures>(&text)
            && !figures.quick
        {
            cells.entry((figures.scenario.clone(), figures.server.clone())).or_default().push(figures);
        }
    }
    Ok(cells)
}

fn page(cells: &Cells, servers: &[Server], folder: &Path) -> String {
    let mut page = String::from("# How fast Madang is\n\n");
    let _ = writeln!(page, "{}\n", setting(servers, folder));
    page.push_str("![Deliveries per second of server CPU](performance.svg)\n");
    let limit = limit::frames_a_cpu_second(FRAME_BYTES, 32).ok();
    let syncs: BTreeMap<&str, (f64, f64)> =
        scenario::ALL.iter().filter_map(|scenario| sync_at_pace(scenario, folder)).collect();
    let ask =
        |scenario: &str, server: &str, pick: Pick| middle(cells.get(&(scenario.to_owned(), server.to_owned()))?, pick);
    let goals = goals::table(&ask, limit, &|scenario| Some(syncs.get(scenario)?.0));
    let _ = write!(page, "\n## The goals\n\n{goals}\n{REMARKS}");
    for scenario in &scenario::ALL {
        let of = |server: &Server| Some((server.label, cells.get(&(scenario.key.to_owned(), server.key.to_owned()))?));
        let rows: Vec<(&str, &Vec<Figures>)> = servers.iter().filter_map(of).collect();
        if !rows.is_empty() {
            let _ = write!(page, "\n## {}: {}\n\n{}", scenario.key, scenario.title, table(scenario, &rows));
            if scenario.key == "A"
                && let Some(limit) = limit
            {
                let _ = write!(
                    page,
                    "\nThe limit: a thread that does nothing but write 32 frames of {FRAME_BYTES} bytes at a time into 100 sockets in turn brings\n\
                     {:.0} thousand there in a second of its CPU time.\n",
                    limit / 1e3
                );
            }
            if let Some((middle, slow)) = syncs.get(scenario.key) {
                let _ = write!(
                    page,
                    "\nAt this pace, with the disk and its driver at rest between two, a sync took {middle:.2} ms (99 of 100 within {slow:.2} ms).\n"
                );
            }
        }
    }
    page.push_str(
        "\nMade by `bin/bench --report`. Every round starts every server anew; the tables show the middle round. `k/CPU s` is\n\
         thousand deliveries per second of the server's CPU time. Latency counts from the moment a message was meant to be sent\n\
         (in the scenarios without a pause: sent). The load generator never sleeps while it measures, whatever server it is: it asks\n\
         its sockets again and again, so that no server pays for waking it and no latency holds its way out of sleep. Where people post\n\
         by the clock (E, E2), everybody has posted once before it counts.\n\
         *Faults* are messages lost, doubled, out of order or in the wrong room, and connections dropped. Only Madang numbers and\n\
         stores every message, synced before anyone sees it, and knows who is there.\n",
    );
    page
}

fn setting(servers: &[Server], folder: &Path) -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("", |pair| pair.1);
    let versions: Vec<String> = servers.iter().map(|server| format!("{} {}", server.label, server.version)).collect();
    let (middle, slow) = sync_ms(folder, Duration::ZERO);
    format!(
        "Measured on {}, {} ({} cores seen, shared with others), Linux {}; server and load generator on a core each, texts of\n\
         80 bytes. A sync of 8 KiB right after another took {middle:.2} ms on that disk (99 of 100 within {slow:.2} ms). {}.",
        said("date", &["-u", "+%Y-%m-%d"]),
        if model.is_empty() { "an unnamed processor" } else { model },
        std::thread::available_parallelism().map_or(1, usize::from).max(cpu.matches("processor\t").count()),
        said("uname", &["-r"]),
        versions.join(", "),
    )
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

/// How long a sync takes at the pace of a scenario that has one.
fn sync_at_pace(scenario: &Scenario, folder: &Path) -> Option<(&'static str, (f64, f64))> {
    let Pace::PerSecond(messages) = scenario.pace else { return None };
    Some((scenario.key, sync_ms(folder, Duration::from_secs_f64(1.0 / messages))))
}

/// How long a sync of 8 KiB takes, with a pause between two, into a file that has its size: the middle one and the 99th of a
/// hundred, in milliseconds.
fn sync_ms(folder: &Path, pause: Duration) -> (f64, f64) {
    let file = folder.join("sync");
    let mut took = vec![Duration::ZERO; 100];
    let _ = fs::write(&file, vec![0; 1 << 20]);
    if let Ok(mut probe) = fs::File::options().write(true).open(&file) {
        let _ = probe.sync_all();
        for took in &mut took {
            std::thread::sleep(pause);
            let began = Instant::now();
            let _ = std::io::Write::write_all(&mut probe, &[7; 8_192]).and_then(|()| probe.sync_data());
            *took = began.elapsed();
        }
    }
    let _ = fs::remove_file(&file);
    took.sort();
    (took[50].as_secs_f64() * 1e3, took[98].as_secs_f64() * 1e3)
}

fn table(scenario: &Scenario, rows: &[(&str, &Vec<Figures>)]) -> String {
    let thousands: Pick = |figures| figures.deliveries_a_cpu_second.map(|count| count / 1e3);
    let a_second: Pick = |figures| figures.deliveries_a_second.map(|count| count / 1e3);
    let columns: &[(&str, usize, Pick)] = match scenario.shows {
        Shows::Throughput => &[
            ("k/CPU s", 0, thousands),
            ("k deliveries/s", 0, a_second),
            ("messages/s", 0, |figures| figures.messages_a_second),
            ("CPU s a million", 2, |figures| figures.cpu_seconds_a_million),
            ("p50 ms", 2, |figures| figures.p50_ms),
            ("p99 ms", 2, |figures| figures.p99_ms),
            ("p99.9 ms", 2, |figures| figures.p999_ms),
        ],
        Shows::Latency => &[
            ("p50 ms", 2, |figures| figures.p50_ms),
            ("p99 ms", 2, |figures| figures.p99_ms),
            ("p99.9 ms", 2, |figures| figures.p999_ms),
            ("CPU s a million", 2, |figures| figures.cpu_seconds_a_million),
        ],
        Shows::Idleness => &[
            ("KiB a connection", 1, |figures| figures.kib_a_connection),
            ("connects/s", 0, |figures| figures.connects_a_second),
            ("connects/CPU s", 0, |figures| figures.connects_a_cpu_second),
            ("CPU while idle, %", 2, |figures| figures.idle_load.map(|load| load * 100.0)),
        ],
        Shows::History(_) => &[
            ("ready ms", 0, |figures| figures.ready_ms),
            ("first page ms", 2, |figures| figures.first_page_ms),
            ("open ms", 2, |figures| figures.open_ms),
            ("jump to the middle ms", 2, |figures| figures.jump_ms),
        ],
    };
    let mut table = String::from("| server |");
    columns.iter().for_each(|(title, ..)| table.push_str(&format!(" {title} |")));
    table.push_str(" faults |\n|---|");
    table.push_str(&"---:|".repeat(columns.len() + 1));
    table.push('\n');
    for (label, rounds) in rows {
        let _ = write!(table, "| {label} |");
        for (_, digits, pick) in columns {
            let value = middle(rounds, *pick).map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"));
            let _ = write!(table, " {value} |");
        }
        let faults = rounds.iter().filter(|figures| figures.has_faults()).count();
        let _ = writeln!(table, " {} |", if faults == 0 { "0".to_owned() } else { format!("in {faults} rounds") });
    }
    table
}

fn middle(rounds: &[Figures], pick: Pick) -> Option<f64> {
    let mut values: Vec<f64> = rounds.iter().filter_map(pick).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Bars of deliveries per CPU second, a group each for A, B and C.
fn plot(cells: &Cells, servers: &[Server]) -> String {
    const WIDTH: f64 = 760.0;
    const BAR: f64 = 18.0;
    const LABELS: f64 = 230.0;
    let mut bars = String::new();
    let mut y = 10.0;
    for key in ["A", "B", "C"] {
        let value = |server: &Server| {
            let rounds = cells.get(&(key.to_owned(), server.key.to_owned()))?;
            Some(middle(rounds, |figures| figures.deliveries_a_cpu_second)? / 1e3)
        };
        let values: Vec<(&Server, f64)> = servers.iter().filter_map(|server| Some((server, value(server)?))).collect();
        let most = values.iter().map(|(_, value)| *value).fold(1.0, f64::max);
        let title = scenario::ALL.iter().find(|scenario| scenario.key == key).map_or("", |scenario| scenario.title);
        let _ = writeln!(bars, r#"<text class="title" x="0" y="{}">{key}: {title}</text>"#, y + 14.0);
        y += 24.0;
        for (server, value) in values {
            let (width, kind) =
                (value / most * (WIDTH - LABELS - 70.0), if server.key == "madang" { "us" } else { "bar" });
            let _ = writeln!(
                bars,
                r#"<text x="{}" y="{}" text-anchor="end">{}</text><rect class="{kind}" x="{LABELS}" y="{}" width="{width:.1}" height="14" rx="2"/><text x="{:.1}" y="{}">{value:.0}</text>"#,
                LABELS - 8.0,
                y + 12.0,
                server.label,
                y + 1.0,
                LABELS + width + 6.0,
                y + 12.0,
            );
            y += BAR;
        }
        y += 14.0;
    }
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" aria-label="Thousand deliveries per second of server CPU">
<style>text {{ font: 12px system-ui, sans-serif; fill: #333 }} .title {{ font-weight: 600 }} .bar {{ fill: #9aa5b1 }} .us {{ fill: #b4532a }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #ddd }} .bar {{ fill: #6b7683 }} .us {{ fill: #e08a5b }} }}</style>
{bars}</svg>
"#
    )
}
