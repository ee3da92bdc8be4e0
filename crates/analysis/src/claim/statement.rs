//! What a claim may say.

use std::fmt;

use contend_record::FLOOR;

use super::Condition;
use super::cells::CellRef;

/// One claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The line that its sentence stands in, from 1.
    pub line: usize,
    /// The claim, a sentence for people.
    pub claim: String,
    /// Who says so.
    pub source: String,
    /// The machines that it speaks of; none: all.
    pub when: Option<Condition>,
    /// Why it may not hold; said where it does not.
    pub why_not: Option<String>,
    /// What it says over cells; all of it has to hold.
    pub says: Vec<Part>,
    /// Why no run of this suite can test it, where nothing over cells could say it.
    pub not_testable: Option<String>,
}

/// One thing that a claim says over cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The line that it starts in, from 1.
    pub line: usize,
    /// What it says.
    pub statement: Statement,
    /// The thread counts that it speaks of. For `scales` and `degrades` the ones that it leads to.
    pub at: Threads,
}

/// What is said of cells.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// One is faster than each of the others, by the threshold or by a factor.
    Faster {
        /// The faster one.
        one: CellRef,
        /// The slower ones.
        than: Vec<CellRef>,
        /// At least how many times as fast; none: beyond the threshold.
        at_least: Option<f64>,
    },
    /// All of these are level: every pair of them ties.
    Tie {
        /// Two or more.
        of: Vec<CellRef>,
    },
    /// The whole team gets faster with more threads.
    Scales {
        /// Who.
        one: CellRef,
        /// The thread count that the others are compared with.
        from: usize,
        /// At least how many times as fast; none: beyond the threshold.
        at_least: Option<f64>,
    },
    /// The whole team gets slower with more threads.
    Degrades {
        /// Who.
        one: CellRef,
        /// The thread count that the others are compared with.
        from: usize,
        /// At least how many times as slow; none: beyond the threshold.
        at_least: Option<f64>,
    },
    /// Each of these passed its check in every window.
    Correct {
        /// Which.
        of: Vec<CellRef>,
    },
}

/// Thread counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Threads {
    /// Every one that the run has there; there must be one.
    All,
    /// As many as the CPUs that the run was allowed.
    Cores,
    /// From two up to the CPUs allowed.
    Contended,
    /// More than the CPUs allowed.
    Oversubscribed,
    /// These; all of them must be there.
    These(Vec<usize>),
}

impl Claim {
    /// Whether it says the same of the same cells, in whatever words and lines.
    pub fn states_the_same_as(&self, other: &Self) -> bool {
        let part = |part: &Part| (part.statement.clone(), part.at.clone());
        self.when == other.when
            && self.not_testable.is_some() == other.not_testable.is_some()
            && self.says.iter().map(part).eq(other.says.iter().map(part))
    }
}

impl Statement {
    /// All cells that it names.
    pub(super) fn cells(&self) -> Vec<&CellRef> {
        match self {
            Self::Faster { one, than, .. } => std::iter::once(one).chain(than).collect(),
            Self::Tie { of } | Self::Correct { of } => of.iter().collect(),
            Self::Scales { one, .. } | Self::Degrades { one, .. } => vec![one],
        }
    }
}

impl Part {
    /// Cells that are compared with themselves, or with what no comparison can be.
    pub(super) fn validate(&self) -> Result<(), String> {
        let cells = self.statement.cells();
        for (index, cell) in cells.iter().enumerate() {
            if cells[..index].contains(cell) {
                return Err(format!("{cell} is compared with itself"));
            }
        }
        if let Statement::Scales { from, .. } | Statement::Degrades { from, .. } = &self.statement
            && let Threads::These(counts) = &self.at
            && let Some(count) = counts.iter().find(|count| *count <= from)
        {
            return Err(format!(
                "`at` {count} is not more threads than `from` {from}"
            ));
        }
        if matches!(self.statement, Statement::Correct { .. })
            && cells.iter().any(|cell| cell.contender == FLOOR)
        {
            return Err("the floor does nothing that could be correct".to_owned());
        }
        Ok(())
    }
}

impl fmt::Display for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("any thread count"),
            Self::Cores => f.write_str("as many threads as cores"),
            Self::Contended => f.write_str("two threads or more, up to the cores"),
            Self::Oversubscribed => f.write_str("more threads than cores"),
            Self::These(counts) => {
                let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
                write!(f, "{} threads", counts.join(", "))
            }
        }
    }
}
