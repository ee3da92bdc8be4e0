//! The expected time and memory of a plan, before anything is measured.

use std::time::Duration;

use crate::record::{BlockPlan, CellPlan, Class, Plan};
use contend_workloads::registry::{RegisteredContender, Suite, Variant};

/// From the start of a fork to its first window, with one worker and with several.
const FORK_START: [Duration; 2] = [Duration::from_millis(15), Duration::from_millis(18)];

/// Around a window: fresh state, the check, the messages.
const PER_WINDOW: Duration = Duration::from_micros(650);

/// What a cell's first window in a fork takes more than the others, in windows: a pilot where it has fixed work, and
/// longer checks.
const PILOT: f64 = 0.6;

/// The factor for repeated rounds, on a machine with occasional theft.
const RETRIES: f64 = 1.05;

/// How much longer a window takes, in ms, with this many workers for each CPU. All workers run until a window ends, so
/// each must get a CPU for it to begin and to end; those that sleep in a lock do so sooner. Means over the contenders
/// of `counter` with 4, 64 and 512 threads on two CPUs of Linux 6. With two workers for each CPU it is part of the
/// other constants.
const OVERSUBSCRIBED_MS: [(f64, f64); 3] = [(2.0, 0.0), (32.0, 40.0), (256.0, 263.0)];

/// How much longer a window of `threads` workers takes on `cores` CPUs, if all workers run until it ends.
pub(super) fn oversubscription(threads: usize, cores: usize) -> Duration {
    let share = threads as f64 / cores.max(1) as f64;
    let points = OVERSUBSCRIBED_MS.windows(2);
    let above = points.clone().find(|points| share <= points[1].0).or_else(|| points.last());
    let [(from, low), (to, high)] = above.map_or([(0.0, 0.0); 2], |points| [points[0], points[1]]);
    let ms = low + (high - low) * (share - from) / (to - from).max(1.0);
    Duration::from_secs_f64(ms.max(0.0) / 1e3)
}

/// How long measuring will take.
pub(crate) fn estimate(plan: &Plan) -> Duration {
    let blocks = plan.blocks.iter();
    blocks.map(|block| fork_estimate(block) * plan.forks_of(block)).sum()
}

/// How long one fork of `block` will take.
pub(crate) fn fork_estimate(block: &BlockPlan) -> Duration {
    let (start, round) = costs_of(block);
    (start + round * block.rounds).mul_f64(RETRIES)
}

/// How long the start of a fork of `block` will take, with what its first windows take more than others, and each of
/// its rounds.
pub(crate) fn costs_of(block: &BlockPlan) -> (Duration, Duration) {
    let window = Duration::from_nanos(block.window_ns);
    let overhead = PER_WINDOW + Duration::from_nanos(block.frame_ns);
    let window_total = window + contend_team::ramp(window, block.block.threads) + overhead;
    let cells = block.cells.len() as u32;
    // Work that is applied or merged at the end has windows of twice the length, and a pilot as long as these.
    let ends_later = |cell: &&CellPlan| matches!(cell.class, Class::Deferred | Class::Partitioned);
    let longer = window * block.cells.iter().filter(ends_later).count() as u32;
    let start = FORK_START[usize::from(block.block.threads > 1)];
    (start + (window.mul_f64(PILOT) + overhead) * cells + longer, window_total * cells + longer)
}

/// The memory of this process where the system does not tell.
const PROCESS_BYTES: u64 = 24 << 20;

/// What the parent needs while it measures beside what it has when it plans, without records; and what a fork without a
/// team has less than that. Most of both is the executable itself, whose size depends on the build.
const PARENT_MORE_BYTES: u64 = 2 << 20;
const FORK_LESS_BYTES: u64 = 3 << 20;

/// The memory of a record in the parent, which reads all of them back at the end. A run of 31,000 records needs 74 MB.
const RECORD_BYTES: u64 = 1_900;

/// The memory of a worker: the pages of its stack that it touches, its handles, its part of a sharded map.
const WORKER_BYTES: u64 = 16 << 10;

/// How many bytes an inbox without a bound grows in each ns of a window, with more workers than CPUs: 16 bytes each
/// 10 ns, as measured on two CPUs with 4 and 64 workers and windows of 1 to 100 ms.
const GROWTH_BYTES_PER_NS: f64 = 1.6;

/// The memory of a fork's streams of operations, of its contenders and of their queues, where a variant says nothing.
const STATE_BYTES: u64 = 5 << 19;

/// The most memory in bytes that measuring `plan` of `suite` needs at once: the parent with all records, and the
/// largest fork.
pub fn memory(suite: &Suite, plan: &Plan) -> u64 {
    memory_of_builds(suite, plan, 1)
}

/// The same where this many builds measure the plan, each in a fork that lives beside those of the others.
pub(crate) fn memory_of_builds(suite: &Suite, plan: &Plan, builds: u64) -> u64 {
    let of_block = |block: &BlockPlan| {
        let id = block.block.of_variant();
        let variant = suite.variants.iter().find(|variant| variant.info.id == id);
        of_threads(block.block.threads) + variant.map_or(0, |variant| of_variant(variant, block, plan.cores))
    };
    let windows = |block: &BlockPlan| {
        u64::from(plan.forks_of(block)) * u64::from(block.rounds) * block.cells.len() as u64
    };
    let records: u64 = plan.blocks.iter().map(windows).sum();
    process_bytes()
        + PARENT_MORE_BYTES
        + RECORD_BYTES * records * builds
        + plan.blocks.iter().map(of_block).max().unwrap_or(0) * builds
}

/// What `block` of `variant` needs beside its threads.
fn of_variant(variant: &Variant, block: &BlockPlan, cores: usize) -> u64 {
    let threads = block.block.threads;
    let grows = |cell: &CellPlan| {
        let is_it = |contender: &&RegisteredContender| contender.info.name == cell.contender;
        variant.contenders.iter().find(is_it).is_some_and(|contender| contender.grows)
    };
    let grown = match threads > cores && block.cells.iter().any(grows) {
        true => (block.window_ns as f64 * GROWTH_BYTES_PER_NS) as u64,
        false => 0,
    };
    variant.memory_bytes + variant.memory_bytes_per_worker * threads as u64 + grown
}

/// The memory of this process until now.
fn process_bytes() -> u64 {
    contend_team::peak_memory_bytes().unwrap_or(PROCESS_BYTES)
}

/// The memory of a fork of `threads` workers whose variant says nothing.
fn of_threads(threads: usize) -> u64 {
    process_bytes().saturating_sub(FORK_LESS_BYTES) + STATE_BYTES + WORKER_BYTES * threads as u64
}

/// What a fork of `threads` workers that used `bytes` of memory used beside that.
pub(crate) fn extra_memory(bytes: u64, threads: usize) -> u64 {
    bytes.saturating_sub(of_threads(threads))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With an inbox without a bound it needed 50 MB in windows of 1 ms, 81 of 20 ms and 215 of 100 ms; without 53.
    #[test]
    fn an_inbox_without_a_bound_grows_with_the_window_where_its_owner_waits_for_a_cpu() {
        use super::super::{Selection, plan};

        let suite = contend_workloads::suite();
        let extra = |contender: &str, threads: usize, ms: u64| {
            let selection = Selection {
                threads: Some(vec![threads]),
                filters: vec![format!("counter/hot/{contender}")],
                window: Some(Duration::from_millis(ms)),
                ..Selection::default()
            };
            let plan = plan(&suite, &selection, 2, 0).expect("a plan");
            let variant = suite.variants.iter().find(|variant| variant.info.id.variant == "hot");
            of_variant(variant.expect("counter/hot"), &plan.blocks[0], 2) >> 20
        };
        let channel = "std::sync::mpsc::channel";
        assert_eq!([extra(channel, 4, 20), extra(channel, 64, 100)], [30, 152]);
        assert_eq!([extra(channel, 2, 100), extra("std::sync::Mutex", 4, 100)], [0, 0]);
    }

    #[test]
    fn more_workers_than_cpus_take_longer_and_never_less_than_fewer_do() {
        let ms = |threads, cores| oversubscription(threads, cores).as_millis();
        assert_eq!([ms(1, 2), ms(2, 2), ms(4, 2), ms(64, 2), ms(512, 2)], [0, 0, 0, 40, 263]);
        assert_eq!([ms(64, 64), ms(128, 64), ms(2048, 64)], [0, 0, 40]);
        let mut times = (1..=1024).map(|threads| oversubscription(threads, 2));
        let mut last = Duration::ZERO;
        assert!(times.all(|time| std::mem::replace(&mut last, time) <= time));
    }
}
