//! The expected time and memory of a plan, before anything is measured.

use std::time::Duration;

use crate::record::{BlockPlan, Plan};

/// From the start of a fork to its first window.
const FORK_START: Duration = Duration::from_millis(26);

/// Around a window: fresh state, the check, the messages.
const PER_WINDOW: Duration = Duration::from_micros(700);

/// A cell's pilot, in windows: a quarter with a time limit, most of one with fixed work, next to nothing with
/// laps.
const PILOT: f64 = 0.6;

/// The factor for repeated rounds, on a machine with occasional theft.
const RETRIES: f64 = 1.05;

/// How long measuring will take.
pub(crate) fn estimate(plan: &Plan) -> Duration {
    let blocks = plan.blocks.iter();
    blocks.map(|block| fork_estimate(block) * plan.forks_of(block) + pilots_estimate(block)).sum()
}

/// How long the pilots of `block` will take, once for all of its forks.
fn pilots_estimate(block: &BlockPlan) -> Duration {
    let overhead = PER_WINDOW + Duration::from_nanos(block.frame_ns);
    let pilot = Duration::from_nanos(block.window_ns).mul_f64(PILOT) + overhead;
    (pilot * block.cells.len() as u32).mul_f64(RETRIES)
}

/// How long one fork of `block` will take, without pilots.
pub(crate) fn fork_estimate(block: &BlockPlan) -> Duration {
    let window = Duration::from_nanos(block.window_ns);
    let overhead = PER_WINDOW + Duration::from_nanos(block.frame_ns);
    let window_total = window.mul_f64(1.0 + 1.0 / 8.0) + overhead;
    let cell = window_total * block.rounds;
    (FORK_START + cell * block.cells.len() as u32).mul_f64(RETRIES)
}

/// The memory of a process of this executable without a team.
const PROCESS_BYTES: u64 = 12 << 20;

/// The memory of a worker: the stack pages that it touches, its handles, its part of a pool or a sharded map.
const WORKER_BYTES: u64 = 600 << 10;

/// The most memory in bytes that measuring needs at once: the parent, a fork with its team, and as many
/// threads of the contender. Variants larger than the cache are not included; their parameters give the size.
pub fn memory(plan: &Plan) -> u64 {
    let threads = plan.blocks.iter().map(|block| block.block.threads as u64);
    2 * PROCESS_BYTES + 2 * WORKER_BYTES * threads.max().unwrap_or(0)
}
