//! What the cells of a block shifted by in common between two runs. A machine that clocks otherwise,
//! a busier host, a driver built anew move all of them; none has changed by itself.
//!
//! The drift beside a cell is the range of the middle half of the other cells' shifts: where up to a
//! quarter of them changed for reasons of their own, in either direction, it still holds. A control
//! has no voice of its own beside its contender, since both are one code; the floor has. Where identical
//! code was told apart, between the runs or in one of them, the range is widened by as much: less than
//! that is no change that one could tell.

use serde::Serialize;

use crate::text::number;
use crate::verdict::{
    BlockAnalysis, CellState, CellSummary, Comparison, Threshold, unpaired, unpaired_pairs,
};

/// What cells shifted by in common: times of the second run over times of the first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// The median over the cells.
    pub ratio: f64,
    /// A quarter of the cells shifted by less.
    pub low: f64,
    /// A quarter of the cells shifted by more.
    pub high: f64,
    /// The cells that this is of.
    pub cells: usize,
}

impl Drift {
    /// The drift of these shifts. A single one cannot show how cells scatter: it counts as far as its
    /// own interval goes.
    fn of(shifts: &[&Comparison]) -> Option<Self> {
        let cells = shifts.len();
        if let [only] = shifts {
            let &Comparison {
                ratio, low, high, ..
            } = *only;
            return Some(Self {
                ratio,
                low,
                high,
                cells,
            });
        }
        let mut ln: Vec<f64> = shifts.iter().map(|shift| shift.ratio.ln()).collect();
        ln.sort_unstable_by(f64::total_cmp);
        // Type 7 of Hyndman & Fan 1996, as everywhere in `verdict`.
        let quantile = |q: f64| {
            let at = q * (cells.checked_sub(1)? as f64);
            let (low, high) = (ln[at.floor() as usize], ln[at.ceil() as usize]);
            Some((low + (high - low) * at.fract()).exp())
        };
        Some(Self {
            ratio: quantile(0.5)?,
            low: quantile(0.25)?,
            high: quantile(0.75)?,
            cells,
        })
    }

    /// Whether it is beyond the threshold.
    fn counts(&self, threshold: f64) -> bool {
        let interval = (self.low, self.high);
        Threshold::new(threshold)
            .outcome_of_ratios(interval)
            .differs()
    }

    fn widened(self, by: f64) -> Self {
        Self {
            low: self.low / by,
            high: self.high * by,
            ..self
        }
    }

    /// A shift without this drift: ratio, low, high.
    pub(super) fn taken_from(self, ratio: f64, low: f64, high: f64) -> (f64, f64, f64) {
        (ratio / self.ratio, low / self.high, high / self.low)
    }
}

/// Identical code that was told apart.
#[derive(Clone, Copy, Debug)]
struct Apart {
    place: &'static str,
    ratio: f64,
    low: f64,
    high: f64,
}

impl Apart {
    /// How far apart, in whichever direction: at least 1.
    fn factor(&self) -> f64 {
        self.ratio.ln().abs().exp()
    }
}

/// The drifts of a block, as each of its cells sees it.
#[derive(Debug, Default)]
pub(super) struct Drifts {
    /// The cells of both runs, with how far they shifted.
    shifts: Vec<(String, Comparison)>,
    /// The control, where it was told from its contender.
    control: Option<Apart>,
}

impl Drifts {
    pub(super) fn of(first: &BlockAnalysis, second: &BlockAnalysis, threshold: f64) -> Self {
        let measured = |cell: &&CellSummary| cell.state == CellState::Measured;
        let shift = |after: &CellSummary| {
            let before = first.cell(&after.cell.contender).filter(measured)?;
            let shift = unpaired(after, before, threshold)?;
            Some((after.cell.contender.clone(), shift))
        };
        Self {
            shifts: second
                .cells
                .iter()
                .filter(measured)
                .filter_map(shift)
                .collect(),
            control: control(first, second, threshold),
        }
    }

    /// The drift beside the cell of `contender`: what the cells of other code shifted by.
    pub(super) fn beside(&self, contender: &str) -> Option<Drift> {
        self.of_code_other_than(Some(code(contender)))
    }

    /// The drift of the whole block.
    pub(super) fn common(&self) -> Option<Drift> {
        self.of_code_other_than(None)
    }

    fn of_code_other_than(&self, excluded: Option<&str>) -> Option<Drift> {
        let has = |name: &str| self.shifts.iter().any(|(other, _)| other == name);
        let votes = |name: &str| {
            let second_copy = code(name) != name && has(code(name));
            !second_copy && Some(code(name)) != excluded
        };
        let voices = self.shifts.iter().filter(|(name, _)| votes(name));
        let voices: Vec<&Comparison> = voices.map(|(_, shift)| shift).collect();
        let drift = Drift::of(&voices)?;
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

    /// What the reader must know of the block.
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

/// The contender whose code a cell runs.
fn code(contender: &str) -> &str {
    contender
        .strip_suffix(contend_record::CONTROL)
        .unwrap_or(contender)
}

/// Whether identical code was told apart: in what both copies shifted by, where the runs have the same
/// control, and else in either run by itself. The greatest difference counts.
fn control(first: &BlockAnalysis, second: &BlockAnalysis, threshold: f64) -> Option<Apart> {
    let copy = second
        .cells
        .iter()
        .find(|cell| cell.cell.control_of().is_some());
    let between = copy.and_then(|copy| {
        let name = &copy.cell.contender;
        let pair = |block: &'_ BlockAnalysis| {
            let copy = block.cell(name)?.clone();
            let original = block.cell(code(name))?.clone();
            Some((copy, original))
        };
        let (after, before) = (pair(second)?, pair(first)?);
        let apart = unpaired_pairs((&after.0, &after.1), (&before.0, &before.1), threshold)?;
        apart.outcome.differs().then_some(Apart {
            place: "between the runs",
            ratio: apart.ratio,
            low: apart.low,
            high: apart.high,
        })
    });
    let within = |block: &BlockAnalysis, place| {
        let control = block.control.as_ref().filter(|_| block.control_failed())?;
        Some(Apart {
            place,
            ratio: control.ratio,
            low: control.low,
            high: control.high,
        })
    };
    let all = [
        between,
        within(first, "in the first run"),
        within(second, "in the second run"),
    ];
    let apart = all.into_iter().flatten();
    apart.max_by(|a, b| a.factor().total_cmp(&b.factor()))
}
