//! Progress on standard error: on a terminal a bar with the time left, otherwise a line every 30 seconds. It is
//! drawn between rounds only.

use std::collections::BTreeSet;
use std::io;
use std::time::{Duration, Instant};

use indicatif::{ProgressDrawTarget, ProgressStyle};

use super::terminal::draws_bars;
use crate::message::message;
use crate::record::{BlockPlan, DisturbanceKind, Record, Status};
use crate::session::{Phase, RoundObserver, fork_estimate};
use crate::text;
use contend_analysis::text::number;

/// The time between two lines, without a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(30);

/// The experience with which a plan counts, when the time left is estimated from a plan and from what was done. So the
/// first blocks, which may be the slow ones, do not decide. In a short plan it is a share of it, so that what was done
/// decides before the end.
const PLAN_WEIGHT: Duration = Duration::from_secs(10);
const PLAN_SHARE: f64 = 0.2;

/// How much of a long task is done.
pub(super) struct ProgressBar {
    bar: Option<indicatif::ProgressBar>,
    /// Whether progress is shown at all.
    shown: bool,
    total: u64,
    done: u64,
    /// The planned time of all steps, and of those that are done.
    planned: Duration,
    planned_done: Duration,
    start: Instant,
    last_line: Instant,
    unit: &'static str,
}

impl ProgressBar {
    /// For `total` steps, which are `units`, and `planned` to take a time. Unless `shown`, only [`print`](Self::print)
    /// has an effect.
    pub(super) fn new(total: u64, unit: &'static str, planned: Duration, shown: bool) -> Self {
        let bar = (shown && draws_bars()).then(|| {
            let target = ProgressDrawTarget::stderr_with_hz(4);
            let bar = indicatif::ProgressBar::with_draw_target(Some(total), target);
            let style =
                ProgressStyle::with_template("{bar:32} {pos}/{len} {prefix}, {elapsed} gone, {wide_msg}");
            bar.set_style(style.expect("the template is valid"));
            bar.set_prefix(unit);
            bar
        });
        let bar = bar.filter(|bar| !bar.is_hidden());
        let now = Instant::now();
        let planned_done = Duration::ZERO;
        Self { bar, shown, total, done: 0, planned, planned_done, start: now, last_line: now, unit }
    }

    /// Adds `steps`, which were `planned` to take a time and the last of which belongs to `task`.
    pub(super) fn advance(&mut self, steps: u64, planned: Duration, task: &str) {
        self.done += steps;
        self.planned_done += planned;
        let gone = self.start.elapsed();
        let left = text::duration(time_left(self.planned, self.planned_done, gone));
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{left} left  {task}"));
            bar.inc(steps);
        } else if self.shown && self.last_line.elapsed() >= LINE_INTERVAL {
            self.last_line = Instant::now();
            let (done, total, unit) = (self.done, self.total, self.unit);
            message!("{done}/{total} {unit}, {} gone, {left} left", text::duration(gone));
        }
    }

    /// Prints `line` above the bar.
    pub(super) fn print(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => message!("{line}"),
        }
    }

    /// Removes the bar.
    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// The time left of a task that was `planned` to take a time, when `done` of that is done after `gone`.
fn time_left(planned: Duration, done: Duration, gone: Duration) -> Duration {
    let weight = PLAN_WEIGHT.min(planned.mul_f64(PLAN_SHARE)).max(Duration::from_millis(1));
    let slowdown = (gone + weight).as_secs_f64() / (done + weight).as_secs_f64();
    planned.saturating_sub(done).mul_f64(slowdown)
}

/// The progress of a run: a bar for each phase, and a line for each failed cell.
pub(super) struct RunProgress {
    bar: ProgressBar,
    shown: bool,
    failed: BTreeSet<String>,
    /// Rounds that the machine's clock spoilt and that were not measured since: block, fork and round.
    without_clock: BTreeSet<(String, u32, u32)>,
    fork_memory_bytes: u64,
}

impl RunProgress {
    /// Unless `shown`, only failed cells have a line.
    pub(super) fn new(shown: bool) -> Self {
        let bar = ProgressBar::new(0, "windows", Duration::ZERO, shown);
        let (failed, without_clock) = (BTreeSet::new(), BTreeSet::new());
        Self { bar, shown, failed, without_clock, fork_memory_bytes: 0 }
    }

    /// The blocks with rounds that could not be measured, because the machine's clock went backwards.
    pub(super) fn blocks_without_clock(&self) -> BTreeSet<&str> {
        self.without_clock.iter().map(|(block, ..)| block.as_str()).collect()
    }

    /// Whether a cell has failed.
    pub(super) fn has_failures(&self) -> bool {
        !self.failed.is_empty()
    }

    /// The most memory that a fork used.
    pub(super) fn fork_memory_bytes(&self) -> u64 {
        self.fork_memory_bytes
    }

    /// Counts a round that was measured.
    fn advance(&mut self, block: &BlockPlan, records: &[Record]) {
        if records.iter().all(|record| record.status != Status::Void) {
            let windows = block.cells.len() as u64;
            let planned = fork_estimate(block) / block.rounds;
            self.bar.advance(windows, planned, &block.block.to_string());
        }
    }

    /// Removes the bar of the last phase.
    pub(super) fn clear(&mut self) {
        let none = ProgressBar::new(0, "windows", Duration::ZERO, self.shown);
        std::mem::replace(&mut self.bar, none).finish();
    }
}

impl RoundObserver for RunProgress {
    fn phase_started(&mut self, phase: &Phase, windows: u64) {
        self.clear();
        if let Some(line) = announcement(phase).filter(|_| self.shown) {
            message!("{line}");
        }
        let planned = match *phase {
            Phase::PlannedForks { estimate }
            | Phase::ExtraForks { estimate, .. }
            | Phase::WindowCheck { estimate, .. } => estimate,
        };
        self.bar = ProgressBar::new(windows, "windows", planned, self.shown);
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
        let went_back =
            |record: &Record| record.disturbed.iter().any(|of| of.kind == DisturbanceKind::ClockBackwards);
        if let Some(first) = records.first() {
            let round = (block.block.to_string(), first.fork, first.round);
            match records.iter().any(went_back) {
                true => self.without_clock.insert(round),
                false => self.without_clock.remove(&round),
            };
        }
        self.advance(block, records);
        Ok(())
    }

    /// A cell that fails in the older build does not fail the run, which may be the one that mends it.
    fn older_round_finished(&mut self, block: &BlockPlan, records: &[Record]) {
        for record in records.iter().filter(|record| record.status == Status::Failed) {
            let reason = record.reason.as_deref().unwrap_or("it failed");
            self.bar.print(&format!("in the older build, {} fails: {reason}", record.cell));
        }
        self.advance(block, records);
    }
}

/// The line that announces a phase; the planned forks are announced with the plan.
fn announcement(phase: &Phase) -> Option<String> {
    match *phase {
        Phase::PlannedForks { .. } => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A run that was planned to take 58 s said that 4 minutes were left when 2 s of them were gone.
    #[test]
    fn the_first_blocks_do_not_decide_how_much_time_is_left() {
        let seconds = Duration::from_secs_f64;
        let left = |done, gone| time_left(seconds(58.0), seconds(done), seconds(gone)).as_secs_f64();
        assert_eq!(left(0.0, 0.0), 58.0);
        assert!((58.0..71.0).contains(&left(0.4, 2.0)), "{}", left(0.4, 2.0));
        // Half of it took twice as long as planned, and so will the rest.
        assert!((45.0..58.0).contains(&left(29.0, 58.0)), "{}", left(29.0, 58.0));
        assert_eq!(left(58.0, 90.0), 0.0);
    }

    /// A plan of 7 s that took 81 s said at 32 s that 16 s were left.
    #[test]
    fn a_short_plan_that_was_far_off_is_soon_left_behind() {
        let seconds = Duration::from_secs_f64;
        let left = time_left(seconds(7.0), seconds(7.0 * 32.0 / 81.0), seconds(32.0)).as_secs_f64();
        assert!((30.0..59.0).contains(&left), "{left} s of 49 s");
        assert_eq!(time_left(Duration::ZERO, Duration::ZERO, seconds(1.0)), Duration::ZERO);
    }
}
