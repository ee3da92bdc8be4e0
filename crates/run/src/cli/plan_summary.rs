//! The plan of the arguments, and its summary in a few lines before anything is measured.

use std::collections::BTreeSet;
use std::time::Duration;

use super::args::BenchArgs;
use super::baseline::set_baseline;
use super::exit::Exit;
use crate::message::message;
use crate::record::{BlockPlan, ExtraForks, Plan, ShardInfo, WindowCheck};
use crate::report::forks;
use crate::session::{RunPlan, memory_of_builds, plan_run, variants_without_threads};
use crate::text;
use contend_analysis::text::number;
use contend_workloads::registry::Suite;

/// Plans a run of `args` on a machine with `cores` CPUs. Prints what the plan leaves out to standard error.
pub(super) fn plan_and_explain(
    suite: &Suite,
    args: &BenchArgs,
    cores: usize,
    seed: u64,
) -> Result<RunPlan, Exit> {
    let mut planned = plan_run(suite, args.selection(), cores, args.time_limit(), seed)?;
    planned.plan.cpus = args.cpus;
    planned.plan.pinned = args.pin;
    match &planned.shard {
        // The baseline may be in other shards alone.
        Some(_) => planned.plan.baseline_contender.clone_from(&args.baseline_contender),
        None => set_baseline(&mut planned.plan, args.baseline_contender.as_deref())?,
    }
    if args.quiet {
        return Ok(planned);
    }
    if let (Some(budget), Some(left_out)) = (args.budget, &planned.left_out) {
        let budget = text::duration(budget);
        match left_out.is_empty() {
            true => message!("the whole plan fits the budget of {budget}"),
            false => message!("left out to fit the budget of {budget}: {}", left_out.join("; ")),
        }
    }
    // With filters, a variant that is selected and does not fit is an error.
    if args.filters.is_empty() {
        let variants = variants_without_threads(suite, &args.selection());
        if !variants.is_empty() {
            let names: Vec<_> = variants.iter().map(ToString::to_string).collect();
            message!("left out, since they do not support these thread counts: {}", names.join(", "));
        }
    }
    Ok(planned)
}

/// The size of `plan`, its phases, and its cost in time and memory. Where it is `against` an older build, each fork has
/// one of that beside it.
pub(super) fn summary(suite: &Suite, plan: &Plan, shard: Option<&ShardInfo>, against: bool) -> String {
    let shard = shard.map(|ShardInfo { index, count, blocks, .. }| {
        format!("shard {index}/{count} of a plan of {}\n", number::plural(blocks.len(), "block", "blocks"))
    });
    let cells: usize = plan.blocks.iter().map(|block| block.cells.len()).sum();
    let blocks = plan.blocks.iter();
    let threads: BTreeSet<_> = blocks.map(|block| block.block.threads).collect();
    let threads: Vec<_> = threads.iter().map(ToString::to_string).collect();
    let extra_forks = plan.more.as_ref().map(extra_forks).unwrap_or_default();
    let window_check = plan.window_check.map(window_check).unwrap_or_default();
    format!(
        "{}plan: {} of {} at {} {} on {}, {} each{}; about {} and {} MB of memory\
         {extra_forks}{window_check}",
        shard.unwrap_or_default(),
        number::plural(plan.blocks.len(), "block", "blocks"),
        number::plural(cells, "cell", "cells"),
        threads.join(", "),
        if threads == ["1"] { "thread" } else { "threads" },
        number::plural(plan.cores, "CPU", "CPUs"),
        forks(plan),
        if against { ", and as many of the older build beside them" } else { "" },
        text::duration(Duration::from_secs_f64(plan.estimate_s)),
        memory_of_builds(suite, plan, if against { 2 } else { 1 }).div_ceil(1 << 20),
    )
}

/// The size of one block of `plan`.
pub(super) fn block_summary(plan: &Plan, block: &BlockPlan) -> String {
    format!(
        "{}: {}, {} of {} of {}",
        block.block,
        number::plural(block.cells.len(), "cell", "cells"),
        number::plural(plan.forks_of(block) as usize, "fork", "forks"),
        number::plural(block.rounds as usize, "round", "rounds"),
        humantime::format_duration(Duration::from_nanos(block.window_ns)),
    )
}

/// How long `plan` takes: `6 min`, or `6 min to 8 min` with extra forks.
pub(super) fn planned_time(plan: &Plan) -> String {
    let time = |seconds: f64| text::duration(Duration::from_secs_f64(seconds));
    match &plan.more {
        Some(more) if more.budget_of_planned.is_some() => {
            format!("{} to {}", time(plan.estimate_s), time(more.budget_s))
        }
        _ => time(plan.estimate_s),
    }
}

fn extra_forks(more: &ExtraForks) -> String {
    let looks = more.looks.iter();
    let looks: Vec<_> = looks.map(|look| look.forks.to_string()).collect();
    let budget = text::duration(Duration::from_secs_f64(more.budget_s));
    format!(
        "\nthen: extra forks where nothing is proven to be within the threshold of the best, up to {budget} in all; \
         interim analyses at {} forks",
        looks.join(", ")
    )
}

fn window_check(check: WindowCheck) -> String {
    format!("\nlast: winners and runners-up again, in windows of {} ms", check.window_ns / 1_000_000)
}
