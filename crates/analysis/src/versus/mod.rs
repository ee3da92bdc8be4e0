//! Any two contenders of a run, wherever both were measured: one named pair, as a planned comparison. Knows records and
//! verdicts, no workload and no contender.
//!
//! The pair was named before its numbers were seen, so each interval has the error of a pair alone. That is not so for
//! a reader who asks for many pairs until one pleases: the result says so.

mod render;

use contend_record::{Class, Plan, Run};
use serde::{Deserialize, Serialize};

use crate::text::nearest;
use crate::verdict::{Analysis, BlockAnalysis, CellState, CellSummary, Comparison, PairWord};

pub use render::{markdown, terminal};

/// The most names that an error suggests.
const NEAREST: usize = 3;

/// Two contenders, block by block.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Versus {
    /// The run.
    pub run: String,
    /// The first contender.
    pub a: String,
    /// The second.
    pub b: String,
    /// The least difference that counts: 0.03 is 3 %.
    pub threshold: f64,
    /// The blocks in which both have numbers.
    pub blocks: Vec<BlockVersus>,
    /// The blocks in which one has none, with reasons.
    pub missing: Vec<String>,
}

/// The two in one block.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockVersus {
    /// The block's id.
    pub block: String,
    /// The class of the first.
    pub a_class: Class,
    /// The class of the second.
    pub b_class: Class,
    /// The verdict: what the interval says.
    pub word: PairWord,
    /// The contender that the word is about. None where it is about both.
    pub of: Option<String>,
    /// The comparison of the first with the second.
    #[serde(flatten)]
    pub comparison: Comparison,
}

/// The reason why two contenders cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersusError {
    /// A name is not that of a contender of the run.
    #[error("the run has no contender `{name}`; the nearest are {}", .nearest.join(", "))]
    Unknown {
        /// The name.
        name: String,
        /// The nearest names, in backticks.
        nearest: Vec<String>,
    },
    /// Both names are the same.
    #[error("`{0}` is the same contender twice; name two")]
    Same(String),
    /// No block has both.
    #[error("no block{filter} has both: `{a}` is in {a_in}, `{b}` in {b_in}")]
    NeverTogether {
        /// The filter, as a part of the sentence.
        filter: String,
        /// The first contender.
        a: String,
        /// The workloads of the first.
        a_in: String,
        /// The second contender.
        b: String,
        /// The workloads of the second.
        b_in: String,
    },
}

/// Checks that `name` is a contender of a run with this plan. The error names the nearest.
///
/// # Errors
/// Where it is none.
pub fn known(plan: &Plan, name: &str) -> Result<(), VersusError> {
    let planned = || plan.blocks.iter().flat_map(|block| &block.cells).map(|cell| &*cell.contender);
    if planned().any(|known| known == name) {
        return Ok(());
    }
    let nearest = nearest(name, planned(), NEAREST).into_iter().map(|near| format!("`{near}`"));
    Err(VersusError::Unknown { name: name.to_owned(), nearest: nearest.collect() })
}

/// Compares `a` with `b` in every block that `matches` selects by its id or by that of one of the two cells. The ids of
/// other contenders select nothing: `queue` would mean every block that has a `SegQueue`.
///
/// # Errors
/// Where a name is unknown, both are one, or no selected block has both.
pub fn versus(
    run: &Run,
    analysis: &Analysis,
    (a, b): (&str, &str),
    filter: Option<&str>,
    matches: impl Fn(&str) -> bool,
) -> Result<Versus, VersusError> {
    known(&run.plan, a)?;
    known(&run.plan, b)?;
    if a == b {
        return Err(VersusError::Same(a.to_owned()));
    }
    let selected = |block: &&BlockAnalysis| {
        let pair = [a, b].into_iter().filter_map(|name| block.cell(name));
        let mut ids = pair.map(|cell| cell.cell.to_string()).chain([block.block.to_string()]);
        ids.any(|id| matches(&id))
    };
    let mut found = Versus {
        run: run.run.clone(),
        a: a.to_owned(),
        b: b.to_owned(),
        threshold: analysis.threshold,
        blocks: Vec::new(),
        missing: Vec::new(),
    };
    for block in analysis.blocks.iter().filter(selected) {
        if let (Some(a), Some(b)) = (block.cell(a), block.cell(b)) {
            match of_block(analysis, block, a, b) {
                Ok(compared) => found.blocks.push(compared),
                Err(reason) => found.missing.push(format!("{}: {reason}", block.block)),
            }
        }
    }
    if found.blocks.is_empty() && found.missing.is_empty() {
        return Err(VersusError::NeverTogether {
            filter: filter.map_or(String::new(), |filter| format!(" that matches `{filter}`")),
            a: a.to_owned(),
            a_in: workloads(analysis, a),
            b: b.to_owned(),
            b_in: workloads(analysis, b),
        });
    }
    Ok(found)
}

fn of_block(
    analysis: &Analysis,
    block: &BlockAnalysis,
    a: &CellSummary,
    b: &CellSummary,
) -> Result<BlockVersus, String> {
    for cell in [a, b] {
        match &cell.state {
            CellState::Measured => {}
            CellState::Failed(reason) => return Err(format!("{} failed: {reason}", cell.cell.contender)),
            CellState::Missing(reason) => {
                return Err(format!("{} has no numbers: {reason}", cell.cell.contender));
            }
        }
    }
    let comparison = analysis.planned(a, b).ok_or("they have no fork in common, or different units")?;
    let (word, first) = comparison.word();
    Ok(BlockVersus {
        block: block.block.to_string(),
        a_class: a.class,
        b_class: b.class,
        word,
        of: first.map(|first| if first { a } else { b }.cell.contender.clone()),
        comparison,
    })
}

/// The workloads that have a contender.
fn workloads(analysis: &Analysis, name: &str) -> String {
    let blocks = analysis.blocks.iter().filter(|block| block.cell(name).is_some());
    let mut workloads: Vec<&str> = blocks.map(|block| &*block.block.workload).collect();
    workloads.dedup();
    workloads.join(", ")
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::{Record, Status};

    use crate::verdict::analyse;

    use super::*;

    fn found(a: &str, b: &str, times: &[(&str, f64)]) -> Result<Versus, VersusError> {
        found_where(a, b, times, |_| true)
    }

    fn found_where(
        a: &str,
        b: &str,
        times: &[(&str, f64)],
        matches: impl Fn(&str) -> bool,
    ) -> Result<Versus, VersusError> {
        let names: Vec<&str> = times.iter().map(|(name, _)| *name).collect();
        let mut run = run(&names);
        for cell in run.plan.blocks[0].cells.iter_mut().filter(|cell| cell.contender == "deferred") {
            cell.class = Class::Deferred;
        }
        let of_fork = |fork| times.iter().map(move |(name, ns)| record(name, fork, 1, *ns));
        let mut records: Vec<Record> = (1..=12).flat_map(of_fork).collect();
        for broken in records.iter_mut().filter(|record| record.cell.contender == "broken") {
            (broken.status, broken.valid) = (Status::Failed, false);
            broken.reason = Some("lost one".to_owned());
        }
        versus(&run, &analyse(&run, &records), (a, b), None, matches)
    }

    const TIMES: [(&str, f64); 4] = [("quick", 100.0), ("slow", 150.0), ("deferred", 80.0), ("broken", 1.0)];

    #[test]
    fn a_pair_is_a_planned_comparison_in_either_order() {
        let there = found("quick", "slow", &TIMES).unwrap();
        let [block] = &there.blocks[..] else { panic!("{there:?}") };
        assert_eq!((block.word, block.of.as_deref()), (PairWord::Faster, Some("quick")));
        assert!((block.comparison.ratio - 1.0 / 1.5).abs() < 1e-9);
        let back = found("slow", "quick", &TIMES).unwrap();
        assert_eq!((back.blocks[0].word, back.blocks[0].of.as_deref()), (PairWord::Faster, Some("quick")));
    }

    #[test]
    fn classes_are_crossed_and_named() {
        let across = found("quick", "deferred", &TIMES).unwrap();
        let block = &across.blocks[0];
        assert_eq!((block.a_class, block.b_class), (Class::Immediate, Class::Deferred));
        let text = terminal(&across, false);
        assert!(text.contains("immediate: a read sees every finished write"), "{text}");
        assert!(text.contains("deferred: an owner applies writes later"), "{text}");
        assert!(!terminal(&found("quick", "slow", &TIMES).unwrap(), false).contains("immediate:"));
    }

    #[test]
    fn several_blocks_are_counted_by_verdict() {
        let mut pair = found("quick", "slow", &TIMES).unwrap();
        assert!(!terminal(&pair, false).contains("Of "), "one block needs no count");
        let faster = pair.blocks[0].clone();
        let tie = BlockVersus { word: PairWord::Tie, of: None, ..faster.clone() };
        pair.blocks.extend([tie, faster]);
        let sentence = "Of 3 blocks: quick is faster in 2, tie in 1.";
        for text in [terminal(&pair, false), markdown(&pair)] {
            assert!(text.contains(sentence), "{text}");
        }
    }

    #[test]
    fn a_failed_cell_is_a_reason() {
        let broken = found("quick", "broken", &TIMES).unwrap();
        assert_eq!(broken.missing, ["counter/hot/2: broken failed: lost one"]);
    }

    #[test]
    fn a_filter_selects_blocks_and_the_two_cells_alone() {
        let of = |part: &'static str| found_where("quick", "slow", &TIMES, move |id| id.contains(part));
        for part in ["counter", "hot/2", "quick", "slow/2"] {
            assert_eq!(of(part).map(|found| found.blocks.len()), Ok(1), "{part}");
        }
        assert!(matches!(of("deferred"), Err(VersusError::NeverTogether { .. })));
    }

    #[test]
    fn wrong_names_say_what_to_do() {
        let error = |a, b| found(a, b, &TIMES).unwrap_err().to_string();
        assert_eq!(error("quick", "quick"), "`quick` is the same contender twice; name two");
        assert!(error("quikk", "slow").contains("has no contender `quikk`; the nearest are `quick`"));
        assert!(error("quick", "slwo").contains("`slow`"));
    }
}
