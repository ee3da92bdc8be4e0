//! The statements that a claim may make.

use contend_record::FLOOR;

use super::Condition;
use super::cells::CellRef;
use super::reason::Reason;
use super::threads::Threads;

/// One claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The line of its sentence, from 1.
    pub line: usize,
    /// The claim, a sentence for people.
    pub claim: String,
    /// Its source.
    pub source: String,
    /// The machines that it is about; none: all.
    pub when: Option<Condition>,
    /// Its statements on cells, all of which must hold.
    pub says: Vec<Part>,
    /// The reason why no run of this suite can test it.
    pub not_testable: Option<String>,
}

/// One statement of a claim, with its thread counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its first line, from 1.
    pub line: usize,
    /// The statement.
    pub statement: Statement,
    /// Its thread counts. For `scales` and `degrades`, those that are compared with `from`.
    pub at: Threads,
    /// The author's explanations for comparisons that fail. The first that is about a comparison is shown with it.
    pub why_not: Vec<Reason>,
}

/// A statement on cells.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// One contender is faster than each of the others, by the threshold or by a factor.
    Faster {
        /// The faster one.
        one: CellRef,
        /// The slower ones.
        than: Vec<CellRef>,
        /// The least speed-up; none: anything beyond the threshold.
        at_least: Option<f64>,
    },
    /// All of these contenders tie, pair by pair.
    Tie {
        /// Two or more.
        of: Vec<CellRef>,
    },
    /// Each of these is near the best of its class, whichever that is.
    OfTheBest {
        /// The contenders.
        of: Vec<CellRef>,
        /// How far behind it may be: 0.05 is 5 %. None: the run's threshold.
        within: Option<f64>,
    },
    /// The whole team gets faster with more threads.
    Scales {
        /// The contender.
        one: CellRef,
        /// The thread count that the others are compared with.
        from: usize,
        /// The least speed-up; none: anything beyond the threshold.
        at_least: Option<f64>,
    },
    /// The whole team gets slower with more threads.
    Degrades {
        /// The contender.
        one: CellRef,
        /// The thread count that the others are compared with.
        from: usize,
        /// The least slow-down; none: anything beyond the threshold.
        at_least: Option<f64>,
    },
    /// Each of these passed its check in every window.
    Correct {
        /// The contenders.
        of: Vec<CellRef>,
    },
}

impl Claim {
    /// Whether it makes the same statements on the same cells, whatever its sentence and line.
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
            Self::Tie { of } | Self::OfTheBest { of, .. } | Self::Correct { of } => of.iter().collect(),
            Self::Scales { one, .. } | Self::Degrades { one, .. } => vec![one],
        }
    }
}

impl Part {
    /// Checks that no cell is compared with itself, and that the statement is possible.
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
            return Err(format!("`at` {count} is not more threads than `from` {from}"));
        }
        if cells.iter().any(|cell| cell.contender == FLOOR) {
            match self.statement {
                Statement::Correct { .. } => {
                    return Err("the floor has no result that could be correct".to_owned());
                }
                Statement::OfTheBest { .. } => return Err("the floor is not ranked".to_owned()),
                _ => {}
            }
        }
        Ok(())
    }
}
