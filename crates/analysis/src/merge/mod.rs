//! What several runs are together. Shards of one plan, measured by one build on machines of one kind, are one run: a
//! union. Runs of several machines stand side by side, and nothing of them is pooled: forks of two machines are never
//! one sample.
//!
//! `group` tells these apart, and refuses what is neither. `union` makes one run of shards. `agreement` says where
//! machines agree.

mod agreement;
mod alike;
mod check;
mod error;
mod group;
mod machine;
mod pairs;
mod side_by_side;
mod time;
mod union;

pub use agreement::{
    Agreed, Agreement, Bound, Changed, ClaimOnMachines, MachineResult, Row, RowCell, agreement,
};
pub use alike::build_words;
pub use error::MergeError;
pub use group::{Builds, group};
pub use machine::Machine;
pub use pairs::{Counts, Pair};
pub use union::{missing_words, union};
