//! What a scenario found out: figures, and what is not as it should be, in words that somebody can act on. And what all of
//! them found out together: the figures that the proof is about, each beside its limit.

use std::time::Duration;

use crate::checker::{Findings, MISSING, ORDER, TWICE};

/// How many sentences of a kind are printed.
const PRINTED: usize = 5;

/// A figure that the proof is about, and what it may be at most.
#[derive(Clone, Debug)]
struct Goal {
    what: &'static str,
    value: f64,
    unit: &'static str,
    limit: f64,
}

/// What came out of one scenario.
#[derive(Debug, Default)]
pub(crate) struct Report {
    figures: Vec<String>,
    faults: Vec<String>,
    findings: Vec<Findings>,
    goals: Vec<Goal>,
}

impl Report {
    /// Notes a figure or an observation.
    pub(crate) fn notes(&mut self, figure: impl Into<String>) {
        self.figures.push(figure.into());
    }

    /// Notes that something is not as it should be.
    pub(crate) fn blames(&mut self, fault: impl Into<String>) {
        self.faults.push(fault.into());
    }

    /// Notes that something is not as it should be, unless it is.
    pub(crate) fn demands(&mut self, is_so: bool, otherwise: impl FnOnce() -> String) {
        if !is_so {
            self.blames(otherwise());
        }
    }

    /// Notes a figure that the proof is about; it may be so much at most.
    pub(crate) fn measures(&mut self, what: &'static str, value: f64, unit: &'static str, limit: f64) {
        self.demands(value <= limit, || format!("{what}: {value:.2} {unit}, and at most {limit} is promised"));
        self.goals.push(Goal { what, value, unit, limit });
    }

    /// Takes what the checker found.
    pub(crate) fn takes(&mut self, findings: Findings) {
        let Findings { acknowledged, shown, stored, .. } = findings;
        self.notes(format!("{acknowledged} acknowledged, {shown} shown, {stored} stored"));
        self.findings.push(findings);
    }

    /// Notes the middle and the far end of many times.
    pub(crate) fn notes_times(&mut self, what: &str, times_ms: &[f64]) {
        if !times_ms.is_empty() {
            let (p50, p95, p99) = (percentile(times_ms, 50), percentile(times_ms, 95), percentile(times_ms, 99));
            let count = times_ms.len();
            self.notes(format!("{what}: p50 {p50:.1} ms, p95 {p95:.1} ms, p99 {p99:.1} ms of {count}"));
        }
    }

    /// Whether all is as it should be.
    pub(crate) fn is_good(&self) -> bool {
        self.faults.is_empty() && self.findings.iter().all(Findings::are_none)
    }

    /// How many things of this kind the checker found.
    pub(crate) fn finds(&self, wanted: &str) -> usize {
        let of_this_kind = self.findings.iter().flat_map(Findings::kinds).filter(|(kind, _)| *kind == wanted);
        of_this_kind.map(|(_, found)| found.len()).sum()
    }

    /// Prints the verdict, the figures, and the first of what is wrong.
    pub(crate) fn prints(&self, name: &str, took: Duration, verdict: &str) {
        println!("{verdict:>6}  {name:<16} {:>5.1} s  {}", took.as_secs_f64(), self.figures.join("; "));
        for fault in &self.faults {
            println!("        {fault}");
        }
        for (kind, sentences) in self.findings.iter().flat_map(Findings::kinds) {
            if !sentences.is_empty() {
                println!("        {kind}: {}", sentences.len());
                sentences.iter().take(PRINTED).for_each(|sentence| println!("          {sentence}"));
            }
        }
    }
}

/// What all scenarios found out together.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    acknowledged: usize,
    shown: usize,
    goals: Vec<Goal>,
}

impl Summary {
    /// Adds what came out of a scenario.
    pub(crate) fn adds(&mut self, report: &Report) {
        self.acknowledged += report.findings.iter().map(|findings| findings.acknowledged).sum::<usize>();
        self.shown += report.findings.iter().map(|findings| findings.shown).sum::<usize>();
        for kind in [MISSING, TWICE, ORDER] {
            self.takes(Goal { what: kind, value: report.finds(kind) as f64, unit: "events", limit: 0.0 });
        }
        report.goals.iter().for_each(|goal| self.takes(goal.clone()));
    }

    /// Of what was measured more than once, the worst counts; what was counted adds up.
    fn takes(&mut self, goal: Goal) {
        match self.goals.iter_mut().find(|known| known.what == goal.what) {
            Some(known) if goal.limit == 0.0 => known.value += goal.value,
            Some(known) => known.value = known.value.max(goal.value),
            None => self.goals.push(goal),
        }
    }

    /// Prints each figure beside its limit.
    pub(crate) fn prints(&self) {
        println!("in all {} acknowledged, {} shown", self.acknowledged, self.shown);
        for Goal { what, value, unit, limit } in &self.goals {
            let verdict = if value <= limit { "ok" } else { "FAILED" };
            let value = if value.fract() == 0.0 { value.to_string() } else { format!("{value:.2}") };
            println!("{verdict:>6}  {what:<58} {value:>8} {unit} (at most {limit})");
        }
    }
}

/// The value below which so many in hundred are; 0 where there are none.
pub(crate) fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}
