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
use crate::record::{BlockPlan, CONTROL, CellPlan, Class, Plan};
use crate::report::forks;
use crate::run::{Choice, Suite, estimate, left_out, memory, plan};
use crate::verdict::{FIRST_INTERIM_SHARE, forks_needed_at};

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
    let left_out = match args.filters.is_empty() {
        true => left_out(suite, &args.choice()),
        false => Vec::new(), // what a filter names and does not get is an error of its own
    };
    if !left_out.is_empty() {
        let names: Vec<_> = left_out.iter().map(ToString::to_string).collect();
        eprintln!(
            "left out, since they have thread counts of their own: {}",
            names.join(", ")
        );
    }
    Ok(Planned { plan, seed })
}

/// The plan of `choice`. Where the forks are not given, each block has as many as its largest class needs
/// for verdicts; where blocks may be judged at several looks, all have as many as the largest class of all.
fn sound(
    suite: &Suite,
    mut choice: Choice,
    cores: usize,
    first_control: usize,
) -> Result<Plan, Outcome> {
    let mut made = plan(suite, &choice, cores, first_control).map_err(Outcome::usage)?;
    if choice.forks.is_none() {
        let needed = |block: &BlockPlan, share| forks_needed_at(largest_class(block), share);
        if choice.looks {
            let of_blocks = made
                .blocks
                .iter()
                .map(|block| needed(block, FIRST_INTERIM_SHARE));
            choice.forks = Some(of_blocks.fold(made.forks, u32::max));
            made = plan(suite, &choice, cores, first_control).map_err(Outcome::usage)?;
        } else {
            for block in &mut made.blocks {
                let forks = needed(block, 1.0).max(block.forks.unwrap_or(made.forks));
                block.forks = Some(forks).filter(|forks| *forks != made.forks);
            }
            made.estimate_s = estimate(&made).as_secs_f64();
        }
    }
    lengths::plan_for(&mut made, choice.preset);
    Ok(made)
}

/// Contenders in the largest class of `block`.
fn largest_class(block: &BlockPlan) -> usize {
    let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
    let competes = |cell: &&CellPlan| !cell.contender.ends_with(CONTROL);
    for cell in block.cells.iter().filter(competes) {
        *classes.entry(cell.class).or_default() += 1;
    }
    classes.into_values().max().unwrap_or(0)
}

/// `--plan-for`: the plan of a machine with `cores` CPUs, to standard output. Nothing is measured.
pub(super) fn show(suite: &Suite, args: &BenchArgs, cores: usize) -> Result<Outcome, Outcome> {
    let Planned { plan, .. } = planned(suite, args, cores)?;
    say(&format!("{}\n", in_words(&plan)));
    for block in &plan.blocks {
        let window = Duration::from_nanos(block.window_ns);
        say(&format!(
            "{}: {} cells, {} forks of {} rounds of {}\n",
            block.block,
            block.cells.len(),
            plan.forks_of(block),
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
        "plan: {} blocks of {cells} cells at {} threads on {} CPUs, {} each; about {} and {} MB of memory{}{}",
        plan.blocks.len(),
        threads.join(", "),
        plan.cores,
        forks(plan),
        seconds(Duration::from_secs_f64(plan.estimate_s)),
        memory(plan).div_ceil(1 << 20),
        more.unwrap_or_default(),
        check.unwrap_or_default(),
    )
}

#[cfg(all(test, feature = "patterns"))]
mod tests {
    use super::*;

    /// Of spawn/100000, whose class of five needs nine, and of all blocks.
    fn forks_of(choice: Choice) -> (Option<u32>, u32) {
        let plan = sound(&crate::suite::suite(), choice, 2, 0).unwrap_or_else(|_| panic!("a plan"));
        let mut blocks = plan.blocks.iter();
        let spared = blocks.find(|plan| plan.block.variant == "100000");
        (spared.expect("a little of it").forks, plan.forks)
    }

    #[test]
    fn a_block_has_as_many_forks_as_its_classes_need_or_as_were_asked_for() {
        let any = Choice::default;
        assert_eq!(forks_of(any()), (Some(10), 12));
        let forks = Some(8);
        assert_eq!(forks_of(Choice { forks, ..any() }), (None, 8));
        let (own, all) = forks_of(Choice {
            looks: true,
            ..any()
        });
        assert!(
            own.is_none() && all > 12,
            "looks are the same for all: {all}"
        );
    }
}
