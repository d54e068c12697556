//! `torture`: the proof by force. It runs the real program as a child process behind a proxy that misbehaves, with people
//! whose clients behave as the browser does, does to it what the world does to servers, and compares what everyone saw with
//! the database: acknowledged and missing = 0, shown twice = 0, rooms whose order differs = 0.
//!
//! In reading order: the table of scenarios below, then `scenarios`; `town` (the program), `proxy` (the road to it), `person`
//! with `tab` and `client`, `crowd`; `wire` (a bare socket); `record`, `checker`, `report`; `shim` (disks and clocks); `dice`.

mod checker;
mod client;
mod crowd;
mod dice;
mod person;
mod proxy;
mod record;
mod report;
mod scenarios;
mod shim;
mod stage;
mod tab;
mod town;
mod wire;

use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use checker::{HOLES, MISSING, TWICE};
use dice::Dice;
use report::{Report, Summary};
use shim::Library;
use stage::Stage;
use town::Program;

type Running<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + 'a>>;

/// Something that the world does to servers.
struct Scenario {
    name: &'static str,
    what: &'static str,
    run: for<'a> fn(&'a mut Stage) -> Running<'a>,
}

/// A scenario under a fault that is built in, and the kind of thing that the checker must find then.
struct Control {
    fault: &'static str,
    scenario: &'static str,
    found: &'static str,
}

/// A row of the table: the module of that name in `scenarios`.
macro_rules! scenario {
    ($name:ident, $what:literal) => {
        Scenario { name: stringify!($name), what: $what, run: |stage| Box::pin(scenarios::$name::run(stage)) }
    };
}

const SCENARIOS: &[Scenario] = &[
    scenario!(kills, "kill -9 in a loop while people send"),
    scenario!(power, "the power goes: only what was synced is there"),
    scenario!(cuts, "connections are delayed, chopped, and cut in mid-frame"),
    scenario!(repeats, "one id sent up to five times, over two sockets and across a kill"),
    scenario!(syncs, "syncs fail"),
    scenario!(full_disk, "the disk is full"),
    scenario!(restarts, "rolling restarts under load"),
    scenario!(edges, "every kind of place to come back to"),
    scenario!(openings, "a room is opened a thousand times under load"),
    scenario!(sleepers, "half of the sockets stop reading"),
    scenario!(door, "slow headers, half-sent frames, and many who say nothing, before the door"),
    scenario!(floods, "pings, fragments and unread answers without end"),
    scenario!(millions, "a database with a million messages"),
    scenario!(limits, "people write faster than they may"),
    scenario!(clocks, "the clock is set back and forward"),
];

const CONTROLS: &[Control] = &[
    Control { fault: "acknowledge-before-commit", scenario: "power", found: MISSING },
    Control { fault: "synchronous-normal", scenario: "power", found: MISSING },
    Control { fault: "no-dedupe", scenario: "repeats", found: TWICE },
    Control { fault: "lag-ignored", scenario: "sleepers", found: HOLES },
];

/// Proof by force: the real program under faults, and what everyone saw against the database.
#[derive(Debug, Parser)]
#[command(name = "torture")]
struct CommandLine {
    /// The release build of the program
    #[arg(long, env = "MADANG_PROGRAM", value_name = "FILE")]
    program: PathBuf,
    /// A debug build with the feature `faults`; without it the controls are left out
    #[arg(long, value_name = "FILE")]
    faulty: Option<PathBuf>,
    /// Repeats the decisions of a run
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Only this one, or these
    #[arg(long = "scenario", value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(names()))]
    only: Vec<String>,
    /// A few seconds a scenario, all of them once
    #[arg(long)]
    short: bool,
    /// All of them again, with other seeds, until so many minutes are over
    #[arg(long, value_name = "NUMBER")]
    minutes: Option<u64>,
    /// What the scenarios are, and nothing else
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    if line.list {
        SCENARIOS.iter().for_each(|scenario| println!("{:<16} {}", scenario.name, scenario.what));
        CONTROLS
            .iter()
            .for_each(|control| println!("({}) must fail in {}: {}", control.fault, control.scenario, control.found));
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the system has threads");
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = torture(&line) => ended,
            // The children end with the scenario that is dropped.
            () = until_signalled() => Err("interrupted".to_owned()),
        }
    });
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("torture: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Resolves on the first signal that is meant to end the harness.
async fn until_signalled() {
    let signals = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
    let ends = signals.into_iter().flatten().map(|mut signal| Box::pin(async move { signal.recv().await }));
    futures_util::future::select_all(ends).await;
}

/// Runs what was asked for; whether all is well.
async fn torture(line: &CommandLine) -> Result<bool, String> {
    let seed = line.seed.unwrap_or_else(|| u64::from(getrandom::u32().unwrap_or_default()));
    let until = line.minutes.map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
    rounds(line, seed, until, &Library::compile()?).await
}

async fn rounds(line: &CommandLine, seed: u64, until: Option<Instant>, library: &Library) -> Result<bool, String> {
    let program = Program::at(&line.program)?;
    let faulty = line.faulty.as_deref().map(Program::at).transpose()?;
    let (mut failed, mut summary) = (0, Summary::default());
    for seed in seed.. {
        println!("seed {seed} ({})", if line.short { "short" } else { "long" });
        for scenario in SCENARIOS.iter().filter(|scenario| is_wanted(line, scenario.name)) {
            failed += usize::from(!prove(scenario, stage(&program, library, seed, !line.short), &mut summary).await);
        }
        for control in CONTROLS.iter().filter(|control| is_wanted(line, control.fault)) {
            if let Some(faulty) = &faulty {
                failed += usize::from(!disprove(control, stage(faulty, library, seed, false)).await);
            }
        }
        if failed > 0 || until.is_none_or(|until| Instant::now() >= until) {
            break;
        }
    }
    summary.prints();
    println!("{}", if failed == 0 { "all as promised".to_owned() } else { format!("{failed} failed") });
    Ok(failed == 0)
}

fn stage(program: &Program, library: &Library, seed: u64, is_long: bool) -> Stage {
    Stage {
        program: program.clone(),
        library: library.clone(),
        dice: Dice::new(seed),
        is_long,
        report: Report::default(),
    }
}

/// Runs a scenario; whether all was as promised.
async fn prove(scenario: &Scenario, mut stage: Stage, summary: &mut Summary) -> bool {
    let took = run(scenario, &mut stage).await;
    let is_good = stage.report.is_good();
    summary.adds(&stage.report);
    stage.report.prints(scenario.name, took, if is_good { "ok" } else { "FAILED" });
    is_good
}

/// Runs a control; whether the checker found the fault.
async fn disprove(control: &Control, mut stage: Stage) -> bool {
    let scenario =
        SCENARIOS.iter().find(|scenario| scenario.name == control.scenario).expect("a control has a scenario");
    stage.program = stage.program.with_fault(control.fault);
    let took = run(scenario, &mut stage).await;
    let found = stage.report.finds(control.found);
    if found == 0 {
        stage.report.prints(control.fault, took, "FAILED");
        println!("        a control that must fail has passed {}", control.scenario);
    } else {
        let name = format!("({})", control.fault);
        println!(
            "{:>6}  {name:<28} {:>5.1} s  {}: {found} {}",
            "ok",
            took.as_secs_f64(),
            control.scenario,
            control.found
        );
    }
    found > 0
}

async fn run(scenario: &Scenario, stage: &mut Stage) -> Duration {
    let began = Instant::now();
    stage.dice = stage.dice.named(scenario.name);
    if let Err(sentence) = (scenario.run)(stage).await {
        stage.report.blames(sentence);
    }
    began.elapsed()
}

fn is_wanted(line: &CommandLine, name: &str) -> bool {
    line.only.is_empty() || line.only.iter().any(|only| only == name)
}

fn names() -> Vec<&'static str> {
    SCENARIOS.iter().map(|scenario| scenario.name).chain(CONTROLS.iter().map(|control| control.fault)).collect()
}
