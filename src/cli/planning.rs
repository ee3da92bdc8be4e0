//! What is to be measured, as the arguments and the time that there is have it; said in a few lines
//! before it begins.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::args::BenchArgs;
use super::budget;
use super::lengths;
use super::outcome::Outcome;
use super::progress::seconds;
use super::read::say;
use crate::record::{BlockPlan, CONTROL, Class, Plan};
use crate::run::{Choice, Suite, memory, plan};
use crate::verdict::{FIRST_SHARE, forks_needed_at};

/// A plan, and what it follows from.
pub(super) struct Planned {
    pub plan: Plan,
    pub seed: u64,
}

/// The plan of `args` on a machine with `cores` CPUs.
pub(super) fn planned(suite: &Suite, args: &BenchArgs, cores: usize) -> Result<Planned, Outcome> {
    let seed = args.seed.unwrap_or_else(rand::random);
    // Which contender is a block's control rotates, and starts anywhere.
    let first_control = (seed % 1_000) as usize;
    let make = |choice: &Choice| sound(suite, choice.clone(), cores, first_control);
    let mut plan = match args.budget {
        None => make(&args.choice())?,
        Some(budget) => {
            let (plan, said) = budget::fit(args.choice(), cores, budget, make)?;
            eprintln!("{said}");
            plan
        }
    };
    plan.pinned = args.pin;
    Ok(Planned { plan, seed })
}

/// The plan of `choice`. Where the forks are not given, there are as many as its largest class needs
/// for verdicts.
fn sound(
    suite: &Suite,
    mut choice: Choice,
    cores: usize,
    first_control: usize,
) -> Result<Plan, Outcome> {
    let mut made = plan(suite, &choice, cores, first_control).map_err(Outcome::usage)?;
    if choice.forks.is_some() {
        lengths::plan_for(&mut made, choice.preset);
        return Ok(made);
    }
    let ranked = |block: &BlockPlan| {
        let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
        for cell in block
            .cells
            .iter()
            .filter(|cell| !cell.contender.ends_with(CONTROL))
        {
            *classes.entry(cell.class).or_default() += 1;
        }
        classes.into_values().max().unwrap_or(0)
    };
    let largest = made.blocks.iter().map(ranked).max().unwrap_or(0);
    let share = if choice.looks { FIRST_SHARE } else { 1.0 };
    choice.forks = Some(made.forks.max(forks_needed_at(largest, share)));
    let mut made = plan(suite, &choice, cores, first_control).map_err(Outcome::usage)?;
    lengths::plan_for(&mut made, choice.preset);
    Ok(made)
}

/// `--plan-for`: the plan of a machine with `cores` CPUs, to standard output. Nothing is measured.
pub(super) fn show(suite: &Suite, args: &BenchArgs, cores: usize) -> Result<Outcome, Outcome> {
    let Planned { plan, .. } = planned(suite, args, cores)?;
    say(&format!("{}\n", in_words(&plan)));
    for block in &plan.blocks {
        let window = Duration::from_nanos(block.window_ns);
        say(&format!(
            "{}: {} cells, {} rounds of {} a fork\n",
            block.block,
            block.cells.len(),
            block.rounds,
            humantime::format_duration(window),
        ));
    }
    Ok(Outcome::Fine)
}

/// Says what is to come, on standard error.
pub(super) fn announce(plan: &Plan) {
    eprintln!("{}", in_words(plan));
}

fn in_words(plan: &Plan) -> String {
    let cells: usize = plan.blocks.iter().map(|block| block.cells.len()).sum();
    let threads: BTreeSet<_> = plan
        .blocks
        .iter()
        .map(|block| block.block.threads)
        .collect();
    let threads: Vec<_> = threads.iter().map(ToString::to_string).collect();
    let more = plan.more.as_ref().map(|more| {
        let looks: Vec<_> = more.looks.iter().map(|look| look.forks.to_string()).collect();
        let budget = seconds(Duration::from_secs_f64(more.budget_s));
        format!(
            "; what is left of {budget} goes to blocks whose leaders are not told apart, judged at {} forks",
            looks.join(", ")
        )
    });
    let check = plan.window_check.map(|check| {
        format!(
            "; in the end winners and their runners-up alone, in windows of {} ms",
            check.window_ns / 1_000_000
        )
    });
    format!(
        "plan: {} blocks of {cells} cells at {} threads on {} CPUs, {} forks each; about {} and {} MB of memory{}{}",
        plan.blocks.len(),
        threads.join(", "),
        plan.cores,
        plan.forks,
        seconds(Duration::from_secs_f64(plan.estimate_s)),
        memory(plan).div_ceil(1 << 20),
        more.unwrap_or_default(),
        check.unwrap_or_default(),
    )
}
