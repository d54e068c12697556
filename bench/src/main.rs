//! How fast Madang is beside others. `main` reads the command line and runs cell after cell, every server once a round.

mod cell;
mod crowd;
mod dialect;
mod door;
mod frame;
mod goals;
mod histogram;
mod history;
mod limit;
mod note;
mod process;
mod report;
mod scenario;
mod server;
mod tally;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use cell::{Figures, Settings};
use scenario::Scenario;
use server::Server;

/// Measures Madang, and others beside it in the same run.
#[derive(Debug, Parser)]
#[command(name = "bin/bench")]
struct CommandLine {
    /// Only these scenarios: A, B, C, D, E, E2, F, F1, L10, L100, L1000, L5000, G10k, G1M
    #[arg(long, value_delimiter = ',')]
    scenario: Vec<String>,
    /// Only these servers: madang, axum-joined, bun, nats, axum, socket-io, node-ws, python, prosody
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// A hurried run, for development: one round, a second or two a cell
    #[arg(long)]
    quick: bool,
    /// How often every server is measured; the tables show the middle one
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,
    /// How long a cell is measured
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<f64>,
    /// The server's core, as taskset names it
    #[arg(long, default_value = "1", value_name = "CORE")]
    server_core: String,
    /// The load generator's core
    #[arg(long, default_value = "2", value_name = "CORE")]
    generator_core: String,
    /// Write docs/performance.md and docs/performance.svg from all that is measured so far
    #[arg(long)]
    report: bool,
    /// The program to measure
    #[arg(long, default_value = "target/release/madang", value_name = "FILE")]
    madang: PathBuf,
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    match measure(&line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(line: &CommandLine) -> Result<(), String> {
    let settings = line.settings();
    process::move_to(&settings.generator_cores)?;
    let chosen =
        |wanted: &[String], key: &str| wanted.is_empty() || wanted.iter().any(|one| one.eq_ignore_ascii_case(key));
    let servers = server::all(&line.madang).into_iter().filter(|server| chosen(&line.only, server.key));
    let (servers, missing): (Vec<Server>, Vec<Server>) = servers.partition(|server| !server.version.is_empty());
    for server in &servers {
        println!("{:<14} {} {}", server.key, server.label, server.version);
    }
    for server in &missing {
        println!("{:<14} {} is not on this machine, so it is left out", server.key, server.label);
    }
    let rounds = line.rounds.unwrap_or(if line.quick { 1 } else { 3 });
    for scenario in scenario::ALL.iter().filter(|scenario| chosen(&line.scenario, scenario.key)) {
        println!("{}: {}", scenario.key, scenario.title);
        for round in 1..=rounds {
            for server in servers.iter().filter(|server| scenario.suits(server)) {
                measure_one(scenario, server, round, &settings)?;
            }
        }
    }
    if line.report { report::write(&settings.folder, &servers) } else { Ok(()) }
}

fn measure_one(scenario: &Scenario, server: &Server, round: usize, settings: &Settings) -> Result<(), String> {
    match cell::run(scenario, server, round, settings) {
        Ok(figures) => {
            println!("  {:<14} {}", server.key, in_a_line(&figures));
            figures.keep(&settings.folder)
        }
        Err(error) => {
            println!("  {:<14} {error}", server.key);
            Ok(())
        }
    }
}

fn in_a_line(figures: &Figures) -> String {
    let mut words = Vec::new();
    let mut word = |value: Option<f64>, digits: usize, unit: &str| {
        if let Some(value) = value {
            words.push(format!("{value:.digits$} {unit}"));
        }
    };
    word(figures.deliveries_a_cpu_second.map(|count| count / 1e3), 0, "k/CPU s");
    word(figures.deliveries_a_second.map(|count| count / 1e3), 0, "k/s");
    word(figures.messages_a_second, 0, "messages/s");
    word(figures.connects_a_second, 0, "connects/s");
    word(figures.connects_a_cpu_second, 0, "connects/CPU s");
    word(figures.kib_a_connection, 1, "KiB/connection");
    word(figures.ready_ms, 1, "ms to ready");
    word(figures.first_page_ms, 2, "ms first page");
    word(figures.open_ms, 2, "ms open");
    word(figures.jump_ms, 2, "ms jump");
    word(figures.idle_load.map(|load| load * 100.0), 2, "% CPU idle");
    word(figures.p50_ms, 2, "ms p50");
    word(figures.p99_ms, 2, "p99");
    word(figures.p999_ms, 2, "p99.9");
    word(Some(figures.generator_load * 100.0), 0, "% generator");
    if figures.has_faults() {
        words.push(format!(
            "LOST {} DOUBLED {} DISORDERED {} MISDIRECTED {} DROPPED {}",
            figures.lost, figures.doubled, figures.disordered, figures.misdirected, figures.dropped
        ));
    }
    if figures.other_orders > 0 {
        words.push(format!("{} saw another order", figures.other_orders));
    }
    words.join(", ")
}

impl CommandLine {
    fn settings(&self) -> Settings {
        let seconds = self.seconds.unwrap_or(if self.quick { 1.5 } else { 3.0 });
        Settings {
            server_cores: self.server_core.clone(),
            generator_cores: self.generator_core.clone(),
            threads: 1,
            warm_up: Duration::from_secs_f64(if self.quick { 0.5 } else { 1.0 }),
            measured: Duration::from_secs_f64(seconds),
            quick: self.quick,
            folder: server::scratch(),
        }
    }
}
