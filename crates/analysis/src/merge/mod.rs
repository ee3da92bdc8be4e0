//! What several runs are together. Shards of one plan, measured by one build on machines of one kind, are one run: a
//! union. Runs of several machines stand side by side, and nothing of them is pooled: forks of two machines are never
//! one sample.
//!
//! `group` tells these apart, and refuses what is neither. `union` makes one run of shards. `agreement` says where
//! machines agree.

mod agreement;
mod group;
mod pairs;
mod union;

pub use agreement::{
    Agreed, Agreement, Bound, Changed, ClaimOnMachines, MachineResult, Row, RowCell, agreement,
};
pub use group::{Machine, MergeError, group};
pub use pairs::{Counts, Pair};
pub use union::union;
