//! Whether a plan can be measured at all. A file may claim any number, and times and counts would overflow.

use std::collections::HashSet;

use crate::printable::printable;
use crate::{BlockPlan, Plan, is_contender_name};

/// The most forks of a block, and the most rounds of a fork. The command line allows a tenth.
const MOST_TIMES: u32 = 10_000;

/// The longest window, and the longest overhead of one, in nanoseconds: an hour.
const LONGEST_NS: u64 = 3_600_000_000_000;

/// The most threads and CPUs.
const MOST_THREADS: usize = 1 << 20;

/// The most characters of a wrong name that are shown.
const NAME_SHOWN: usize = 80;

/// The largest threshold, a share: a factor of 11.
const LARGEST_THRESHOLD: f64 = 10.0;

/// The longest time of a run, in seconds.
const LONGEST_S: f64 = 1e18;

impl Plan {
    /// What of the plan no run can have, as a phrase.
    pub fn beyond_limits(&self) -> Option<String> {
        let mut times = vec![("estimate_s", self.estimate_s)];
        let mut forks = vec![("forks", self.forks)];
        let mut lengths = Vec::new();
        if let Some(more) = &self.more {
            times.push(("budget_s", more.budget_s));
            times.extend(more.budget_of_planned.map(|of_planned| ("budget_of_planned", of_planned)));
            forks.extend(more.looks.iter().map(|look| ("forks", look.forks)));
        }
        if let Some(check) = &self.window_check {
            forks.push(("forks", check.forks));
            lengths.push(("window_ns", check.window_ns));
        }
        let of_plan = times_beyond(&times)
            .or_else(|| counts_beyond(&forks))
            .or_else(|| lengths_beyond(&lengths))
            .or_else(|| threads_beyond("cores", self.cores))
            .or_else(|| threads_beyond("cpus", self.cpus.unwrap_or(1)));
        let is_threshold = (0.0..=LARGEST_THRESHOLD).contains(&self.threshold);
        let of_plan =
            of_plan.or_else(|| (!is_threshold).then(|| format!("`threshold` is {:e}", self.threshold)));
        let mut blocks = HashSet::new();
        let twice = self.blocks.iter().find(|block| !blocks.insert(&block.block));
        let of_plan = of_plan.or_else(|| twice.map(|block| format!("{} is there twice", block.block)));
        of_plan.or_else(|| {
            let of_block = |block| beyond(block).map(|what| format!("{what} in {}", block.block));
            self.blocks.iter().find_map(of_block)
        })
    }
}

fn beyond(block: &BlockPlan) -> Option<String> {
    counts_beyond(&[("forks", block.forks.unwrap_or(1)), ("rounds", block.rounds)])
        .or_else(|| lengths_beyond(&[("window_ns", block.window_ns), ("frame_ns", block.frame_ns)]))
        .or_else(|| threads_beyond("threads", block.block.threads))
        .or_else(|| names_beyond(block))
}

fn names_beyond(block: &BlockPlan) -> Option<String> {
    let mut names = HashSet::new();
    block.cells.iter().map(|cell| &*cell.contender).find_map(|name| match is_contender_name(name) {
        false => Some(format!("`{}` is no contender's name", printable(name, NAME_SHOWN))),
        true => (!names.insert(name)).then(|| format!("`{name}` is there twice")),
    })
}

fn counts_beyond(counts: &[(&str, u32)]) -> Option<String> {
    let found = counts.iter().find(|(_, count)| !(1..=MOST_TIMES).contains(count));
    found.map(|(name, count)| format!("`{name}` is {count}"))
}

fn lengths_beyond(lengths: &[(&str, u64)]) -> Option<String> {
    let found = lengths.iter().find(|(_, length)| *length > LONGEST_NS);
    found.map(|(name, length)| format!("`{name}` is {length}"))
}

fn times_beyond(times: &[(&str, f64)]) -> Option<String> {
    let found = times.iter().find(|(_, time)| !(0.0..=LONGEST_S).contains(time));
    found.map(|(name, time)| format!("`{name}` is {time:e}"))
}

fn threads_beyond(name: &str, threads: usize) -> Option<String> {
    (!(1..=MOST_THREADS).contains(&threads)).then(|| format!("`{name}` is {threads}"))
}
