//! What the records of a [contend](https://docs.rs/contend) run say. Functions of recorded data alone: nothing in
//! here knows a workload's code, a contender's, or how a result is shown.
//!
//! | part | what it is |
//! | --- | --- |
//! | [`text`] | numbers, names and plans in words, as all parts write them |
//! | [`statistics`] | intervals, modes, trends and stalls of a few values: numbers only |
//! | [`verdict`] | summaries, intervals, verdicts, controls |
//! | [`claim`] | design decisions as sentences that a run confirms or refutes |
//! | [`versus`] | any two contenders of a run: one planned comparison in each block |
//! | [`compare`] | two runs, cell by cell: before and after, two machines |
//!
//! Each part knows only those above it.

pub mod claim;
pub mod compare;
pub mod merge;
pub mod statistics;
pub mod text;
pub mod verdict;
pub mod versus;
