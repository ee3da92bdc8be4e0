//! Whether to cite a run: one level, and every reason for it.

use crate::disturbances;
use contend_analysis::claim::ClaimError;
use contend_analysis::text::{self, number};
use contend_analysis::verdict::{Analysis, CellState};
use contend_record::{Problem, Run, RunStatus};

use super::reasons::{self, Grade, Reason};

/// The forks that give a distribution-free 99 % interval in classes of usual size.
const FORKS: u32 = 12;

/// With fewer forks than these there is no interval.
const FORKS_FOR_AN_INTERVAL: u32 = 6;

/// Whether to cite a run.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// No reason against citing it is known.
    Publishable,
    /// There are reasons for caution, which belong into every citation.
    Caution,
    /// The machine was disturbed: the run says less than one on a quiet machine, and should be made again.
    Disturbed,
    /// A quick run, not for citing.
    Quick,
}

impl Level {
    /// Its text on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Publishable => "Publishable",
            Self::Caution => "Caution",
            Self::Disturbed => "Disturbed: measure again",
            Self::Quick => "Quick: do not cite",
        }
    }
}

/// The level with its reasons.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RunQuality {
    /// The level.
    pub level: Level,
    /// The reasons, a sentence each. Those for which a run is disturbed come first.
    pub reasons: Vec<String>,
}

impl RunQuality {
    /// Adds the files of claims that cannot be read.
    pub fn add_unread_claims(&mut self, unread: &[ClaimError]) {
        for error in unread {
            self.at_least_caution();
            self.reasons
                .push(format!("A file of the run's claims cannot be read, and is left out: {error}."));
        }
    }

    fn at_least_caution(&mut self) {
        if self.level == Level::Publishable {
            self.level = Level::Caution;
            self.reasons.clear();
        }
    }

    /// Judges a run.
    pub fn of(run: &Run, analysis: &Analysis, cut_off: bool) -> Self {
        let quick = quick(run);
        let mut cautions: Vec<Reason> =
            completeness(run, analysis, cut_off).into_iter().map(Reason::caution).collect();
        cautions.extend(reasons::of(run, analysis));
        cautions.extend(disturbances::cautions(analysis).into_iter().map(Reason::caution));
        cautions.extend(checks(analysis).into_iter().map(Reason::caution));
        cautions.extend(run.environment.cautions.iter().cloned().map(Reason::caution));
        cautions.sort_by_key(|reason| std::cmp::Reverse(reason.grade));
        let level = match (quick.is_empty(), cautions.first().map(|reason| reason.grade)) {
            (false, _) => Level::Quick,
            (true, Some(Grade::Disturbed)) => Level::Disturbed,
            (true, Some(Grade::Caution)) => Level::Caution,
            (true, None) => Level::Publishable,
        };
        let mut reasons = quick;
        reasons.extend(cautions.into_iter().map(|reason| reason.text));
        if level == Level::Publishable {
            reasons.extend(favourable(run, analysis));
        }
        Self { level, reasons }
    }
}

impl RunQuality {
    /// Adds what is damaged of the run's files. A run with such files is not publishable.
    pub fn add_problems(&mut self, problems: &[Problem]) {
        let damaged: Vec<_> = problems.iter().filter(|problem| problem.left_out || problem.edited).collect();
        let Some(first) = damaged.first() else {
            return;
        };
        self.at_least_caution();
        let left_out = match damaged.iter().filter(|problem| problem.left_out).count() {
            0 => "nothing is".to_owned(),
            1 => "1 is".to_owned(),
            count => format!("{count} are"),
        };
        self.reasons.push(format!(
            "The run's files have {}, and {left_out} left out. The first: {first}.",
            number::plural(damaged.len(), "damaged or changed part", "damaged or changed parts"),
        ));
    }
}

fn quick(run: &Run) -> Vec<String> {
    let mut reasons = Vec::new();
    if run.plan.preset == "quick" {
        reasons.push("A quick run: fewer cells and shorter windows.".to_owned());
    }
    if run.plan.forks < FORKS_FOR_AN_INTERVAL {
        reasons.push(format!(
            "{} of each block: fewer than {FORKS_FOR_AN_INTERVAL} give no interval, so there are no verdicts.",
            forks(run.plan.forks)
        ));
    }
    reasons
}

/// Records that are missing from the plan.
fn completeness(run: &Run, analysis: &Analysis, cut_off: bool) -> Vec<String> {
    let mut reasons = Vec::new();
    match run.status {
        RunStatus::Complete => {}
        RunStatus::Interrupted => {
            reasons.push("Interrupted: the run has fewer records than planned.".to_owned());
        }
        RunStatus::Running => {
            reasons.push("Not finished: the run is still going, or was killed.".to_owned());
        }
    }
    if let Some(merged) = &run.merged {
        reasons.extend(merged.missing_words());
        let hosts = merged.hosts();
        if hosts.len() > 1 {
            reasons.push(format!(
                "Merged of {} shards, measured on {}: blocks of two machines are not to be compared.",
                merged.parts.len(),
                hosts.join(", ")
            ));
        }
    }
    if cut_off {
        reasons.push("The last record was cut off and is left out.".to_owned());
    }
    if (FORKS_FOR_AN_INTERVAL..FORKS).contains(&run.plan.forks) {
        reasons.push(format!(
            "{} of each block instead of {FORKS}: intervals are wider or have less coverage.",
            forks(run.plan.forks)
        ));
    }
    let cells = || analysis.blocks.iter().flat_map(|block| &block.cells);
    let planned = run.plan.blocks.iter().map(|block| run.plan.forks_of(block));
    let few = analysis.blocks.iter().zip(planned).flat_map(|(block, planned)| {
        let measured = block.cells.iter().filter(|cell| cell.state == CellState::Measured);
        measured.filter(move |cell| cell.forks.len() < planned as usize)
    });
    let few = few.count();
    if few > 0 {
        reasons.push(format!("{} fewer forks than planned.", have(few)));
    }
    let missing = cells().filter(|cell| matches!(cell.state, CellState::Missing(_))).count();
    if missing > 0 {
        reasons.push(format!("{} no valid window.", have(missing)));
    }
    reasons
}

/// Failures of the run's own checks.
fn checks(analysis: &Analysis) -> Vec<String> {
    let mut reasons = Vec::new();
    if analysis.controls == 0 && analysis.comparisons > 0 {
        reasons.push("No control was measured, so nothing shows that identical code ties.".to_owned());
    }
    let reversed = analysis.window_checks.iter().filter(|check| check.reversed).count();
    if reversed > 0 {
        reasons.push(format!(
            "The runner-up was ahead in longer windows for {reversed} of {}: {} unresolved.",
            number::plural(analysis.window_checks.len(), "winner", "winners"),
            if reversed == 1 { "that block is" } else { "those blocks are" }
        ));
    }
    let failed = analysis
        .blocks
        .iter()
        .flat_map(|block| &block.cells)
        .filter(|cell| matches!(cell.state, CellState::Failed(_)) && cell.cell.is_contender())
        .count();
    if failed > 0 {
        reasons.push(format!(
            "{} failed the check and {} no time, rank or line.",
            number::plural(failed, "cell", "cells"),
            if failed == 1 { "has" } else { "have" }
        ));
    }
    reasons
}

/// The reasons for citing a run.
fn favourable(run: &Run, analysis: &Analysis) -> Vec<String> {
    let mut reasons = vec![
        format!("{} of every block; no cell failed or is missing.", text::forks(&run.plan)),
        format!("None of {} failed.", number::plural(analysis.controls as usize, "control", "controls")),
    ];
    if !analysis.window_checks.is_empty() {
        reasons.push(format!(
            "None of {} lost to its runner-up in longer windows.",
            number::plural(analysis.window_checks.len(), "winner", "winners")
        ));
    }
    reasons
}

fn forks(count: u32) -> String {
    number::plural(count as usize, "fork", "forks")
}

fn have(cells: usize) -> String {
    let verb = if cells == 1 { "has" } else { "have" };
    format!("{} {verb}", number::plural(cells, "cell", "cells"))
}
