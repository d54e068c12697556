//! What Madang is to reach beside others, and what it does reach: each goal with its figure, from the middle rounds.

use std::fmt::Write;

use crate::cell::Figures;

/// What a goal is measured by: the middle round of a server in a scenario, if both were run.
pub(crate) type Ask<'a> = &'a dyn Fn(&str, &str, Pick) -> Option<f64>;
/// One of the figures of a round.
pub(crate) type Pick = fn(&Figures) -> Option<f64>;

/// A goal, and how far it is reached.
struct Goal {
    what: String,
    figure: f64,
    wanted: f64,
    /// Whether more is better.
    is_floor: bool,
}

/// The scenarios that show what a delivery costs, the server beside Madang, and how many times as much Madang brings for the
/// same CPU time.
const DELIVERIES: [(&str, &str, &str, f64); 10] = [
    ("A", "bun", "uWebSockets under Bun", 0.7),
    ("A", "axum", "Axum's chat example", 2.5),
    ("A", "node-ws", "Node ws", 20.0),
    ("A", "socket-io", "Socket.IO", 20.0),
    ("B", "bun", "uWebSockets under Bun", 0.9),
    ("B", "axum", "Axum's chat example", 2.0),
    ("B", "nats", "NATS", 2.5),
    ("B", "node-ws", "Node ws", 15.0),
    ("C", "bun", "uWebSockets under Bun", 0.75),
    ("C", "axum", "Axum's chat example", 1.4),
];

/// The goals as a table. `limit` is what a thread brings into sockets that does nothing else, and `sync_ms` how long a sync takes
/// at the pace of a scenario.
pub(crate) fn table(ask: Ask<'_>, limit: Option<f64>, sync_ms: &dyn Fn(&str) -> Option<f64>) -> String {
    let goals = deliveries(ask).chain(limit_of(ask, limit)).chain(connections(ask));
    let goals = goals.chain(latencies(ask, sync_ms)).chain(storage(ask)).chain(histories(ask));
    let mut table = String::from("| goal | wanted | reached | met |\n|---|---:|---:|---|\n");
    for goal in goals {
        let (sign, is_met) =
            if goal.is_floor { ("≥", goal.figure >= goal.wanted) } else { ("≤", goal.figure <= goal.wanted) };
        let digits = if goal.wanted >= 100.0 { 0 } else { 2 };
        let met = if is_met { "yes" } else { "**no**" };
        let _ =
            writeln!(table, "| {} | {sign} {:.digits$} | {:.digits$} | {met} |", goal.what, goal.wanted, goal.figure);
    }
    table
}

fn ratio(ask: Ask<'_>, scenario: &str, other: &str, pick: Pick) -> Option<f64> {
    Some(ask(scenario, "madang", pick)? / ask(scenario, other, pick)?)
}

fn deliveries(ask: Ask<'_>) -> impl Iterator<Item = Goal> {
    DELIVERIES.into_iter().filter_map(move |(scenario, other, label, wanted)| {
        let figure = ratio(ask, scenario, other, |figures| figures.deliveries_a_cpu_second)?;
        let what = format!("{scenario}: deliveries per CPU second, beside {label}");
        Some(Goal { what, figure, wanted, is_floor: true })
    })
}

fn limit_of(ask: Ask<'_>, limit: Option<f64>) -> Option<Goal> {
    let figure = ask("A", "madang", |figures| figures.deliveries_a_cpu_second)? / limit?;
    let what = "A: deliveries per CPU second, beside bare writes of 32 frames".to_owned();
    Some(Goal { what, figure, wanted: 0.5, is_floor: true })
}

fn connections(ask: Ask<'_>) -> impl Iterator<Item = Goal> {
    let memory = ask("D", "madang", |figures| figures.kib_a_connection);
    let connects = ratio(ask, "D", "node-ws", |figures| figures.connects_a_cpu_second);
    let memory = memory.map(|figure| Goal {
        what: "D: KiB of an idle connection".to_owned(),
        figure,
        wanted: 12.0,
        is_floor: false,
    });
    let connects = connects.map(|figure| Goal {
        what: "D: connects per CPU second, beside Node ws".to_owned(),
        figure,
        wanted: 2.0,
        is_floor: true,
    });
    memory.into_iter().chain(connects)
}

fn latencies(ask: Ask<'_>, sync_ms: &dyn Fn(&str) -> Option<f64>) -> impl Iterator<Item = Goal> {
    let quantiles: [(&str, Pick, f64); 2] =
        [("p50", |figures| figures.p50_ms, 1.2), ("p99", |figures| figures.p99_ms, 1.5)];
    let goal = |scenario: &str, (name, pick, times): (&str, Pick, f64)| {
        let (figure, others) = (ask(scenario, "madang", pick)?, ask(scenario, "bun", pick)?);
        let what = format!("{scenario}: {name} in ms, {times} times that of uWebSockets under Bun and one sync");
        Some(Goal { what, figure, wanted: times * others + sync_ms(scenario)?, is_floor: false })
    };
    let goals = ["E", "E2"].into_iter().flat_map(|scenario| quantiles.map(|quantile| goal(scenario, quantile)));
    goals.flatten().collect::<Vec<_>>().into_iter()
}

fn storage(ask: Ask<'_>) -> impl Iterator<Item = Goal> {
    let together = ask("F", "madang", |figures| figures.messages_a_second);
    let alone = ask("F1", "madang", |figures| figures.messages_a_second);
    let goal = |what: &str, figure: f64, wanted: f64| Goal { what: what.to_owned(), figure, wanted, is_floor: true };
    let durable = together.map(|together| goal("F: durable messages a second", together, 20_000.0));
    let grouped =
        together.zip(alone).map(|(together, alone)| goal("F: beside a commit for each", together / alone, 5.0));
    durable.into_iter().chain(grouped)
}

fn histories(ask: Ask<'_>) -> impl Iterator<Item = Goal> {
    let page = ask("G1M", "madang", |figures| figures.first_page_ms).map(|ms| ("G1M: first page in ms", ms, 5.0));
    let jump = ask("G1M", "madang", |figures| figures.jump_ms).map(|ms| ("G1M: jump to the middle in ms", ms, 10.0));
    page.into_iter().chain(jump).map(|(what, figure, wanted)| Goal {
        what: what.to_owned(),
        figure,
        wanted,
        is_floor: false,
    })
}
