//! contend's [team](run::team) as it is measured with, but for what it runs on: its files are compiled
//! here once more, with threads, locks and atomics whose every step a checker (shuttle) decides on, and
//! with a clock that the checker moves. `tests/team.rs` says what has to hold under all schedules.
//!
//! The checker takes one step of one thread at a time, so it finds what goes wrong in some order of
//! steps. That a processor may see them in another order than they were written in is not tried.

#[path = "../../../src/padded.rs"]
mod padded;
mod sync;

/// The measuring half, as far as the team needs it.
#[path = "../../../src/run"]
pub mod run {
    use crate::sync;

    pub mod team;
}

pub use sync::Instant;
