//! Progress on standard error: on a terminal a bar with the time left, otherwise a line every 30 seconds. It is
//! drawn between rounds only.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressDrawTarget, ProgressStyle};

use crate::record::{BlockPlan, Record, Status};
use crate::session::{Phase, RoundObserver};
use crate::text;
use contend_analysis::text::number;

/// The time between two lines, without a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(30);

/// How much of a long task is done.
pub(super) struct ProgressBar {
    bar: Option<indicatif::ProgressBar>,
    total: u64,
    done: u64,
    start: Instant,
    last_line: Instant,
    unit: &'static str,
}

impl ProgressBar {
    /// For `total` steps of about the same length; a step is a `unit`.
    pub(super) fn new(total: u64, unit: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let target = ProgressDrawTarget::stderr_with_hz(4);
            let bar = indicatif::ProgressBar::with_draw_target(Some(total), target);
            let style = ProgressStyle::with_template(
                "{bar:32} {pos}/{len} {prefix}, {elapsed} gone, {eta} left  {wide_msg}",
            );
            bar.set_style(style.expect("the template is valid"));
            bar.set_prefix(unit);
            bar
        });
        let now = Instant::now();
        Self { bar, total, done: 0, start: now, last_line: now, unit }
    }

    /// Adds `steps`, the last of which belongs to `task`.
    pub(super) fn advance(&mut self, steps: u64, task: &str) {
        self.done += steps;
        if let Some(bar) = &self.bar {
            bar.set_message(task.to_owned());
            bar.inc(steps);
        } else if self.last_line.elapsed() >= LINE_INTERVAL {
            self.last_line = Instant::now();
            let gone = self.start.elapsed();
            let share_left = self.total.saturating_sub(self.done) as f64 / self.done.max(1) as f64;
            let (done, total, unit) = (self.done, self.total, self.unit);
            eprintln!(
                "{done}/{total} {unit}, {} gone, {} left",
                text::duration(gone),
                text::duration(gone.mul_f64(share_left))
            );
        }
    }

    /// Prints `line` above the bar.
    pub(super) fn print(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => eprintln!("{line}"),
        }
    }

    /// Removes the bar.
    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// The progress of a run: a bar for each phase, and a line for each failed cell.
pub(super) struct RunProgress {
    bar: ProgressBar,
    failed: BTreeSet<String>,
    fork_memory_bytes: u64,
}

impl RunProgress {
    pub(super) fn new() -> Self {
        Self { bar: ProgressBar::new(0, "windows"), failed: BTreeSet::new(), fork_memory_bytes: 0 }
    }

    /// Whether a cell has failed.
    pub(super) fn has_failures(&self) -> bool {
        !self.failed.is_empty()
    }

    /// The most memory that a fork used.
    pub(super) fn fork_memory_bytes(&self) -> u64 {
        self.fork_memory_bytes
    }

    /// Removes the bar of the last phase.
    pub(super) fn clear(&mut self) {
        std::mem::replace(&mut self.bar, ProgressBar::new(0, "windows")).finish();
    }
}

impl RoundObserver for RunProgress {
    fn phase_started(&mut self, phase: &Phase, windows: u64) {
        self.clear();
        if let Some(line) = announcement(phase) {
            eprintln!("{line}");
        }
        self.bar = ProgressBar::new(windows, "windows");
    }

    fn round_finished(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        let memory = records.iter().filter_map(|record| record.memory_bytes);
        self.fork_memory_bytes = memory.fold(self.fork_memory_bytes, u64::max);
        let is_failed = |record: &&Record| record.status == Status::Failed;
        for record in records.iter().filter(is_failed) {
            let cell = record.cell.to_string();
            let reason = record.reason.as_deref().unwrap_or("it failed");
            self.bar.print(&format!("FAILED {cell}: {reason}"));
            self.failed.insert(cell);
        }
        if records.iter().all(|record| record.status != Status::Void) {
            let windows = block.cells.len() as u64;
            self.bar.advance(windows, &block.block.to_string());
        }
        Ok(())
    }
}

/// The line that announces a phase; the planned forks are announced with the plan.
fn announcement(phase: &Phase) -> Option<String> {
    match *phase {
        Phase::PlannedForks => None,
        Phase::ExtraForks { blocks, undecided, from, to, estimate } => Some(format!(
            "{blocks} of {} without a decided leader at {from} forks {} {} more: about {}",
            number::plural(undecided, "block", "blocks"),
            if blocks == 1 { "gets" } else { "get" },
            to - from,
            text::duration(estimate),
        )),
        Phase::WindowCheck { blocks, window, fork, most_forks, estimate } => Some(format!(
            "{} in windows of {} ms, winner and runner-up only, fork {fork} of at most {most_forks}: about {}",
            number::plural(blocks, "block", "blocks"),
            window.as_millis(),
            text::duration(estimate),
        )),
    }
}
