//! The showing half of [contend](https://docs.rs/contend), which publishes it as its own: what a run
//! leaves behind, and what is read from it. It knows no workload's code and no contender's.
//!
//! | part | what it is |
//! | --- | --- |
//! | [`record`] | what a window yields, what is true of a run, and reading both back |
//! | [`verdict`] | summaries, intervals, verdicts, controls: pure functions of records |
//! | [`claim`] | design decisions as sentences that a run confirms or refutes |
//! | [`compare`] | two runs, cell by cell: before and after, two machines |
//! | [`report`] | charts, page, Markdown, terminal |
//!
//! A crate of its own because it is never in a measured window: it is built beside the crates that
//! are measured, and with less optimization.

pub mod claim;
pub mod compare;
pub mod record;
pub mod report;
pub mod verdict;
