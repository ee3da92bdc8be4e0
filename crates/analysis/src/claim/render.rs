//! Evidence in sentences.

use crate::text::{number, two_classes};
use crate::verdict::{CellState, CellSummary, Comparison, ContenderDecision, pair_label};

use super::run_view::RunView;

/// The sentence on two contenders at one thread count.
pub(super) fn pair(view: &RunView, a: &CellSummary, b: &CellSummary, of: &Comparison) -> String {
    let (block, other) = (a.cell.block(), b.cell.block());
    let (one, another) = match block == other {
        true => (a.cell.contender.clone(), b.cell.contender.clone()),
        false => (
            format!("{} of {}", a.cell.contender, block.of_variant()),
            format!("{} of {}", b.cell.contender, other.of_variant()),
        ),
    };
    let place = match block == other {
        true => block.to_string(),
        false => number::plural(block.threads, "thread", "threads"),
    };
    let mut sentence = format!("{place}: {one} is {} as fast as {another}", times(of));
    if a.class != b.class {
        sentence += &format!(" {}", two_classes(a.class, b.class));
    }
    with_notes(sentence, view, &[a, b], of)
}

/// The sentence on one contender at two thread counts.
pub(super) fn threads(view: &RunView, many: &CellSummary, few: &CellSummary, of: &Comparison) -> String {
    let cell = &many.cell;
    let sentence = format!(
        "{}/{}: at {} it is {} as fast as at {}",
        cell.block().of_variant(),
        cell.contender,
        number::plural(cell.threads, "thread", "threads"),
        times(of),
        few.cell.threads,
    );
    with_notes(sentence, view, &[many, few], of)
}

/// The sentence on a contender and the best of its class.
pub(super) fn of_the_best(view: &RunView, cell: &CellSummary, decision: &ContenderDecision) -> String {
    let class = cell.class.name();
    let bounds = match (decision.at_least, decision.at_most) {
        (Some(least), Some(most)) => {
            format!(
                "takes {} to {} the time of the best {class}",
                number::at_least(least),
                number::at_most(most)
            )
        }
        (None, Some(most)) => format!("takes at most {} the time of the best {class}", number::at_most(most)),
        (Some(least), None) => {
            format!("takes at least {} the time of the best {class}", number::at_least(least))
        }
        (None, None) => format!("has no bound to the best {class}: there are too few forks"),
    };
    let block = cell.cell.block();
    let control = match view.block(&block).is_some_and(|of| of.control_failed()) {
        true => format!("; the control of {block} failed, so this is less reliable"),
        false => String::new(),
    };
    format!("{block}: {} {bounds}{control}", cell.cell.contender)
}

/// The sentence on the check of a cell.
pub(super) fn check(cell: &CellSummary) -> String {
    let id = &cell.cell;
    match &cell.state {
        CellState::Measured => {
            let windows = cell.windows.map_or(0, |windows| windows.windows) as usize;
            let windows = number::plural(windows, "window", "windows");
            format!("{id}: passed its check after each of {windows}")
        }
        CellState::Failed(reason) => format!("{id}: failed its check: {reason}"),
        CellState::Missing(reason) => format!("{id}: has no numbers: {reason}"),
    }
}

/// The reason why two cells were not compared.
pub(super) fn units(a: &CellSummary, b: &CellSummary) -> String {
    format!("{} is measured in {}, {} in {}, or they have no fork in common", a.cell, a.unit, b.cell, b.unit)
}

fn times(of: &Comparison) -> String {
    number::times_with_interval(1.0 / of.ratio, 1.0 / of.high, 1.0 / of.low)
}

fn with_notes(mut sentence: String, view: &RunView, cells: &[&CellSummary], of: &Comparison) -> String {
    sentence += ": ";
    sentence += pair_label(of.outcome, of.not_slower);
    for note in &of.notes {
        sentence += "; ";
        sentence += note;
    }
    let mut blocks: Vec<_> = cells.iter().map(|cell| cell.cell.block()).collect();
    blocks.dedup();
    for block in blocks {
        if view.block(&block).is_some_and(|block| block.control_failed()) {
            sentence += &format!("; the control of {block} failed, so this is less reliable");
        }
    }
    sentence
}
