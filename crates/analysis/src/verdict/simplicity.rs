//! Which contender is the simplest to take, and which one a program has today. Knows names and descriptions.

use contend_record::ContenderInfo;

use super::CellSummary;

/// The baseline where no other is named.
const BASELINE: &str = "std::sync::Mutex";

/// The place of a contender in the order of simplicity, the simplest first: std before crates, plain before detailed.
pub(super) fn rank(name: &str, infos: &[ContenderInfo]) -> (bool, bool) {
    let info = infos.iter().find(|info| info.name == name);
    let of_std = info.map_or(name.starts_with("std::"), |info| info.package == "std");
    (!of_std, name.contains('+'))
}

/// The cell of the baseline: std's Mutex, or its nearest kin in the block.
pub(super) fn baseline(cells: &[CellSummary]) -> Option<&CellSummary> {
    let measured = || cells.iter().filter(|cell| cell.cell.is_contender() && cell.median.is_some());
    let kin = |cell: &&CellSummary| cell.cell.contender.starts_with(BASELINE);
    measured().find(|cell| cell.cell.contender == BASELINE).or_else(|| measured().find(kin))
}
