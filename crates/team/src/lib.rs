//! Threads, clocks and windows: how a stretch of work is timed without timing its start and its end.
//!
//! A [`Team`] spawns its threads once and keeps them between windows. [`Window`] takes one window of
//! one cell with it: it sizes the window by a pilot, times it, and hands the state back for a check.
//! [`busy_loop`] is the calibrated work that workloads put between operations.
//!
//! Nothing here knows a workload, a contender or a process. The team is also useful alone, inside any
//! benchmark: see [`Team::fixed`] and [`Team::open`].
//!
//! Under `--cfg shuttle` the team is compiled with threads, atomics and a clock that a checker of
//! schedules controls; `tests/schedules.rs` says what has to hold under every schedule.

#[cfg(not(shuttle))]
pub mod busy_loop;
mod clock;
#[cfg(not(shuttle))]
mod cpu_time;
#[cfg(not(shuttle))]
mod meter;
mod padded;
#[cfg_attr(shuttle, path = "sync/shuttle.rs")]
#[cfg_attr(not(shuttle), path = "sync/std.rs")]
mod sync;
mod team;
#[cfg(not(shuttle))]
mod usage;
#[cfg(not(shuttle))]
mod window;

pub use clock::{ClockReader, clock_went_back};
#[cfg(not(shuttle))]
pub use cpu_time::{CpuTime, STAT_HEAD, steal_ms};
#[cfg(not(shuttle))]
pub use meter::{Meter, Used};
pub use padded::Padded;
#[cfg(shuttle)]
pub use sync::Instant;
pub use team::{OpenWindow, Panic, StartBarrier, Task, Team, Timing, WorkerLoop, message};
#[cfg(not(shuttle))]
pub use usage::{Usage, peak_memory_bytes, peak_memory_bytes_of_children, thread_cpu_time};
#[cfg(not(shuttle))]
pub use window::{Pilot, Sample, StopRule, Window, WindowError, ramp};
