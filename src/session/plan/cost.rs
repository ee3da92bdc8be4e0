//! What a plan costs: time and memory, before anything is measured.

use std::time::Duration;

use crate::record::{BlockPlan, Plan};

/// From a child's start to its first window.
const START: Duration = Duration::from_millis(26);

/// What surrounds a window: fresh state, the check, the messages.
const FRAME: Duration = Duration::from_micros(700);

/// A cell's pilot, in windows: a quarter where it looks at the clock, most of one where it is fixed work,
/// next to nothing where laps are.
const PILOT: f64 = 0.6;

/// Rounds that are taken again, on a machine that is stolen from now and then.
const AGAIN: f64 = 1.05;

/// How long measuring will take.
pub(crate) fn estimate(plan: &Plan) -> Duration {
    let blocks = plan.blocks.iter();
    blocks.map(|block| fork_takes(block) * plan.forks_of(block)).sum()
}

/// How long a fork of `block` will take.
pub(crate) fn fork_takes(block: &BlockPlan) -> Duration {
    let window = Duration::from_nanos(block.window_ns);
    let frame = FRAME + Duration::from_nanos(block.frame_ns);
    let take = window.mul_f64(1.0 + 1.0 / 8.0) + frame;
    let cell = take * block.rounds + window.mul_f64(PILOT) + frame;
    (START + cell * block.cells.len() as u32).mul_f64(AGAIN)
}

/// What a process of ours takes before it has a team.
const PROCESS_BYTES: u64 = 12 << 20;

/// What a worker takes: the pages of its stack that it touches, its handles, its part of a pool and
/// of a map that is split.
const WORKER_BYTES: u64 = 600 << 10;

/// The most memory that measuring will take at once: the parent, and a fork with its team and as many
/// threads again of the contender's own. The variant beyond the cache is not in it; its parameters say
/// what it takes.
pub fn memory(plan: &Plan) -> u64 {
    let most = plan.blocks.iter().map(|block| block.block.threads as u64);
    2 * PROCESS_BYTES + 2 * WORKER_BYTES * most.max().unwrap_or(0)
}
