//! Drift: the common shift of a block's cells between two runs. Another clock frequency, a busier host or a rebuilt
//! driver shifts all of them, without a change of any single cell.
//!
//! The drift beside a cell is the interquartile range of the other cells' shifts. It holds even if up to a quarter of
//! them changed, in either direction. A control does not count beside its contender, because both are one code; the
//! floor does. Where identical code differs, between the runs or in one of them, the range is widened by that
//! difference. A smaller change could not be distinguished from it.

use serde::Serialize;

use crate::statistics::Sorted;
use crate::text::number;
use crate::verdict::{
    BlockAnalysis, CellState, CellSummary, Comparison, Threshold, unpaired, unpaired_pairs,
};

/// The common shift of cells: the time in the second run over the time in the first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// The median over the cells.
    pub ratio: f64,
    /// The lower quartile.
    pub low: f64,
    /// The upper quartile.
    pub high: f64,
    /// The number of cells.
    pub cells: usize,
}

impl Drift {
    /// The drift of these shifts. A single shift does not show the scatter of cells, so its own interval stands for
    /// the quartiles.
    fn of(shifts: &[&Comparison]) -> Option<Self> {
        let cells = shifts.len();
        if let [only] = shifts {
            let &Comparison { ratio, low, high, .. } = *only;
            return Some(Self { ratio, low, high, cells });
        }
        let ln = Sorted::new(shifts.iter().map(|shift| shift.ratio.ln()).collect());
        let quantile = |q: f64| ln.quantile(q).map(f64::exp);
        Some(Self { ratio: quantile(0.5)?, low: quantile(0.25)?, high: quantile(0.75)?, cells })
    }

    /// Whether it is beyond the threshold.
    fn counts(&self, threshold: f64) -> bool {
        let interval = (self.low, self.high);
        Threshold::new(threshold).outcome_of_ratios(interval).differs()
    }

    fn widened(self, by: f64) -> Self {
        Self { low: self.low / by, high: self.high * by, ..self }
    }

    /// A shift divided by this drift: ratio, lower and upper end.
    pub(super) fn removed_from(self, ratio: f64, low: f64, high: f64) -> (f64, f64, f64) {
        (ratio / self.ratio, low / self.high, high / self.low)
    }
}

/// A difference of identical code.
#[derive(Clone, Copy, Debug)]
struct ControlDifference {
    place: &'static str,
    ratio: f64,
    low: f64,
    high: f64,
}

impl ControlDifference {
    /// The factor of the difference, at least 1.
    fn factor(&self) -> f64 {
        self.ratio.ln().abs().exp()
    }
}

/// The shifts of a block's cells, from which the drift beside each cell follows.
#[derive(Debug, Default)]
pub(super) struct BlockShifts {
    /// The cells of both runs, with their shifts.
    shifts: Vec<(String, Comparison)>,
    /// The difference of the control from its contender, if there is one.
    control: Option<ControlDifference>,
}

impl BlockShifts {
    pub(super) fn of(first: &BlockAnalysis, second: &BlockAnalysis, threshold: f64) -> Self {
        let measured = |cell: &&CellSummary| cell.state == CellState::Measured;
        let shift = |after: &CellSummary| {
            let before = first.cell(&after.cell.contender).filter(measured)?;
            let shift = unpaired(after, before, threshold)?;
            Some((after.cell.contender.clone(), shift))
        };
        Self {
            shifts: second.cells.iter().filter(measured).filter_map(shift).collect(),
            control: control(first, second, threshold),
        }
    }

    /// The drift beside the cell of `contender`: the common shift of the cells with other code.
    pub(super) fn beside(&self, contender: &str) -> Option<Drift> {
        self.of_code_other_than(Some(code(contender)))
    }

    /// The drift of the whole block.
    pub(super) fn common(&self) -> Option<Drift> {
        self.of_code_other_than(None)
    }

    fn of_code_other_than(&self, excluded: Option<&str>) -> Option<Drift> {
        let has = |name: &str| self.shifts.iter().any(|(other, _)| other == name);
        let counts = |name: &str| {
            let second_copy = code(name) != name && has(code(name));
            !second_copy && Some(code(name)) != excluded
        };
        let others = self.shifts.iter().filter(|(name, _)| counts(name));
        let others: Vec<&Comparison> = others.map(|(_, shift)| shift).collect();
        let drift = Drift::of(&others)?;
        Some(match &self.control {
            Some(control) => drift.widened(control.factor()),
            None => drift,
        })
    }

    /// Whether the block as a whole shifted by more than the threshold.
    pub(super) fn shifted(&self, threshold: f64) -> bool {
        let common = self.common();
        common.is_some_and(|drift| drift.counts(threshold))
    }

    /// Notes on the block, a sentence each.
    pub(super) fn notes(&self, threshold: f64) -> Vec<String> {
        let control = self.control.as_ref().map(|control| {
            format!(
                "identical code differs {}, by {}: less than that is not a change here",
                control.place,
                number::times_with_interval(control.ratio, control.low, control.high),
            )
        });
        let drifted = self.common().filter(|drift| drift.counts(threshold));
        let drifted = drifted.map(|drift| {
            format!(
                "the whole block shifted by {}: the machine, or what all its cells share; a cell that shifted with \
                 it does not count as changed",
                number::times_with_interval(drift.ratio, drift.low, drift.high),
            )
        });
        drifted.into_iter().chain(control).collect()
    }
}

/// The contender whose code a cell runs: that of a control's original.
fn code(contender: &str) -> &str {
    contender.strip_suffix(contend_record::CONTROL).unwrap_or(contender)
}

/// The greatest difference of identical code: in the shifts of both copies, where the runs have the same control, and
/// within each run.
fn control(first: &BlockAnalysis, second: &BlockAnalysis, threshold: f64) -> Option<ControlDifference> {
    let copy = second.cells.iter().find(|cell| cell.cell.control_of().is_some());
    let between = copy.and_then(|copy| {
        let name = &copy.cell.contender;
        let pair = |block: &'_ BlockAnalysis| {
            let copy = block.cell(name)?.clone();
            let original = block.cell(code(name))?.clone();
            Some((copy, original))
        };
        let (after, before) = (pair(second)?, pair(first)?);
        let difference = unpaired_pairs((&after.0, &after.1), (&before.0, &before.1), threshold)?;
        difference.outcome.differs().then_some(ControlDifference {
            place: "between the runs",
            ratio: difference.ratio,
            low: difference.low,
            high: difference.high,
        })
    });
    let within = |block: &BlockAnalysis, place| {
        let control = block.control.as_ref().filter(|_| block.control_failed())?;
        Some(ControlDifference { place, ratio: control.ratio, low: control.low, high: control.high })
    };
    let all = [between, within(first, "in the first run"), within(second, "in the second run")];
    let differences = all.into_iter().flatten();
    differences.max_by(|a, b| a.factor().total_cmp(&b.factor()))
}
