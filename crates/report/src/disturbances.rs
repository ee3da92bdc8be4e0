//! Sentences on what the machine did while a block was measured.

use contend_analysis::text::number;
use contend_analysis::verdict::{Analysis, BlockAnalysis, BlockDisturbance};
use contend_record::DisturbanceKind;

/// The share of a run's windows that a disturbance may touch before it is a reason for caution.
const FEW: f64 = 0.05;

/// A sentence for each kind of disturbance, with the blocks that it touched, and one on forks that were taken again.
pub fn of_blocks(blocks: &[&BlockAnalysis]) -> Vec<String> {
    let all: Vec<(&BlockAnalysis, &BlockDisturbance)> =
        blocks.iter().flat_map(|block| block.disturbed.iter().map(move |of| (*block, of))).collect();
    let mut kinds: Vec<DisturbanceKind> = all.iter().map(|(_, of)| of.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let sentence = |kind: DisturbanceKind| {
        let touched = all.iter().filter(|(_, of)| of.kind == kind).enumerate();
        let parts: Vec<String> = touched.map(|(at, (block, of))| part(block, of, at == 0)).collect();
        let what = what(kind);
        let (first, rest) = what.split_at(1);
        format!("{}{rest} {}.", first.to_uppercase(), parts.join(". "))
    };
    kinds.into_iter().map(sentence).chain(retaken(blocks)).collect()
}

/// `Taken again because the floor was far off: 2 forks at 1 thread, 1 at 2 threads.` None where no fork was.
fn retaken(blocks: &[&BlockAnalysis]) -> Option<String> {
    let all = blocks.iter().filter(|block| block.retaken_forks > 0).enumerate();
    let parts: Vec<String> = all
        .map(|(at, block)| {
            let threads = number::plural(block.block.threads, "thread", "threads");
            let forks = block.retaken_forks as usize;
            let forks = if at == 0 { number::plural(forks, "fork", "forks") } else { forks.to_string() };
            format!("{forks} at {threads}")
        })
        .collect();
    (!parts.is_empty()).then(|| format!("Taken again because the floor was far off: {}.", parts.join(", ")))
}

/// What touched one block: `in 16 of 1,611 windows at 1 thread (11 void), 99.3 % of their CPU time`. Later parts are
/// sentences of their own, and leave out what the first one says.
fn part(block: &BlockAnalysis, of: &BlockDisturbance, first: bool) -> String {
    let threads = number::plural(block.block.threads, "thread", "threads");
    let all = match first {
        true => number::plural(of.of as usize, "window", "windows"),
        false => number::count(of.of.into()),
    };
    let void = match of.void {
        0 => String::new(),
        void => format!(" ({void} void)"),
    };
    let start = if first { "in" } else { "In" };
    format!("{start} {} of {all} at {threads}{void}{}", of.windows, how_much(of, first))
}

/// Reasons for caution: what touched more than a few windows of the run, and what makes a clock no clock.
pub fn cautions(analysis: &Analysis) -> Vec<String> {
    let all = || analysis.blocks.iter().flat_map(|block| &block.disturbed);
    let windows: u32 = analysis.blocks.iter().map(windows_of).sum();
    let mut kinds: Vec<DisturbanceKind> = all().map(|of| of.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let caution = |kind: DisturbanceKind| {
        let touched: u32 = all().filter(|of| of.kind == kind).map(|of| of.windows).sum();
        let blocks = all().filter(|of| of.kind == kind).count();
        let always = matches!(kind, DisturbanceKind::ClockBackwards | DisturbanceKind::Suspend);
        let many = f64::from(touched) > FEW * f64::from(windows.max(1));
        (always || many).then(|| {
            let of = number::plural(windows as usize, "window", "windows");
            let blocks = number::plural(blocks, "block", "blocks");
            format!("In {} of {of} {} ({blocks}).", number::count(touched.into()), what(kind))
        })
    };
    kinds.into_iter().filter_map(caution).collect()
}

/// All windows of a block.
fn windows_of(block: &BlockAnalysis) -> u32 {
    let kept =
        |cell: &contend_analysis::verdict::CellSummary| cell.windows.map_or(0, |of| of.windows) + cell.voided;
    block.cells.iter().map(kept).sum()
}

fn what(kind: DisturbanceKind) -> &'static str {
    match kind {
        DisturbanceKind::Suspend => "the machine was suspended",
        DisturbanceKind::ClockBackwards => "the machine's clock went backwards",
        DisturbanceKind::Steal => "the host gave CPU time to other machines",
        DisturbanceKind::Throttling => "a CPU quota stopped the run",
        DisturbanceKind::Load => "other programs used the CPUs",
        DisturbanceKind::Frequency => "the CPU frequency differed from the median of the run",
    }
}

fn how_much(of: &BlockDisturbance, whole: bool) -> String {
    // The kernel counts stolen time in ticks of 10 ms, which may be longer than the window.
    let most = if of.kind == DisturbanceKind::Steal { "up to " } else { "" };
    let share = format!("{most}{}", number::percent(of.share));
    match of.kind {
        DisturbanceKind::ClockBackwards => String::new(),
        _ if !whole => format!(", {share}"),
        DisturbanceKind::Suspend => format!(", for {share} of their time"),
        DisturbanceKind::Frequency => format!(", by {share}"),
        DisturbanceKind::Steal | DisturbanceKind::Throttling | DisturbanceKind::Load => {
            format!(", {share} of their CPU time")
        }
    }
}
