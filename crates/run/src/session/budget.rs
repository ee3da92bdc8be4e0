//! `--budget`: a plan that fits the time available, with interim analyses if time is left. Both are fixed
//! before anything is measured, so that no verdict can depend on when the data were analysed.

use std::time::Duration;

use super::plan::{PlanError, Preset, Selection};
use crate::record::{BlockPlan, ExtraForks, Plan};
use crate::verdict::interim_analyses;

/// Interim analyses are planned if the budget is at least this multiple of the planned forks' time. The second
/// one has half as many forks again, so half of the blocks can reach it. With less time all blocks would
/// spend error on analyses that few reach.
const WORTH_INTERIM: f64 = 1.25;

/// The most forks of pairs of two builds, as a multiple of the planned ones.
const MOST_TIMES: f64 = 12.0;

/// The share of pairs of blocks with several threads over that of blocks with one, whose forks vary far less.
const SEVERAL_THREADS: f64 = 3.0;

/// The steps in which more forks are tried.
const FILL_STEPS: u32 = 200;

/// One reduction of a selection: its description, and a function that applies it and returns whether it
/// changed anything.
type Reduction = (&'static str, fn(&mut Selection, usize) -> bool);

/// The reductions, applied in this order until the plan fits. Verdicts rest on forks, so most of them stay.
const REDUCTIONS: [Reduction; 6] = [
    ("blocks with multi-second windows", |selection, _| std::mem::take(&mut selection.standard_subset)),
    ("forks after the 12th", |selection, _| !std::mem::replace(&mut selection.fewer_forks, true)),
    ("more threads than CPUs", |selection, cores| retain_threads(selection, cores, |count| count <= cores)),
    ("thread counts between one and all CPUs", |selection, cores| {
        retain_threads(selection, cores, |count| count == 1 || count == cores)
    }),
    ("all variants except the first of each workload", |selection, _| {
        let before = std::mem::replace(&mut selection.preset, Preset::Quick);
        before != Preset::Quick
    }),
    ("all rounds of a fork except the first", |selection, _| {
        selection.rounds.replace(1).is_none_or(|rounds| rounds > 1)
    }),
];

fn retain_threads(selection: &mut Selection, cores: usize, keep: impl Fn(usize) -> bool) -> bool {
    let mut counts = selection.thread_counts(cores);
    let before = counts.len();
    counts.retain(|count| keep(*count));
    let fewer = !counts.is_empty() && counts.len() < before;
    if fewer {
        selection.threads = Some(counts);
    }
    fewer
}

/// A plan that fits a budget.
#[derive(Debug)]
pub(super) struct FittedPlan {
    pub plan: Plan,
    /// What the plan leaves out to fit, as phrases.
    pub left_out: Vec<&'static str>,
}

/// Reduces `selection` until its plan, which `make` makes, takes at most `budget` by `time`.
///
/// # Errors
/// As `make`, and if even the smallest plan takes longer.
pub(super) fn fit(
    mut selection: Selection,
    cores: usize,
    budget: Duration,
    make: impl Fn(&Selection) -> Result<Plan, PlanError>,
    time: impl Fn(&Plan) -> Duration,
) -> Result<FittedPlan, PlanError> {
    let mut plan = make(&selection)?;
    let mut left_out = Vec::new();
    for (description, reduce) in REDUCTIONS {
        if time(&plan) <= budget {
            break;
        }
        if reduce(&mut selection, cores) {
            let smaller = make(&selection)?;
            if time(&smaller) < time(&plan) {
                left_out.push(description); // otherwise the plan had none of it
            }
            plan = smaller;
        }
    }
    if time(&plan) > budget {
        let smallest = time(&plan);
        return Err(PlanError::BudgetTooShort { budget, smallest });
    }
    // Forks that are given, and those of one process, are all.
    if selection.forks.is_some() || selection.in_process {
        return Ok(FittedPlan { plan, left_out });
    }
    if selection.against {
        let plan = filled(plan, budget, time);
        return Ok(FittedPlan { plan, left_out });
    }
    // The first analysis of a large class needs more forks, since it spends a part of the error.
    selection.interim = true;
    let mut with_interim = make(&selection)?;
    if time(&with_interim).mul_f64(WORTH_INTERIM) <= budget {
        with_interim.more = Some(ExtraForks {
            budget_s: budget.as_secs_f64(),
            budget_of_planned: None,
            looks: interim_analyses(with_interim.forks),
        });
        plan = with_interim;
    }
    Ok(FittedPlan { plan, left_out })
}

/// A plan of pairs of two builds with as many more forks as fit `budget` by `time`.
fn filled(plan: Plan, budget: Duration, time: impl Fn(&Plan) -> Duration) -> Plan {
    let forks = |block: &BlockPlan, times: f64| {
        let share = if block.block.threads == 1 { times / SEVERAL_THREADS } else { times };
        match block.forks {
            Some(own) => own, // its windows take seconds
            None => (f64::from(plan.forks) * share.max(1.0)) as u32,
        }
    };
    let with_forks = |times: f64| {
        let mut more = plan.clone();
        for block in &mut more.blocks {
            block.forks = Some(forks(block, times)).filter(|forks| *forks != plan.forks);
        }
        more
    };
    let steps = (0..=FILL_STEPS).map(|step| MOST_TIMES.powf(f64::from(step) / f64::from(FILL_STEPS)));
    let fits = |plan: &Plan| time(plan) <= budget;
    steps.map(with_forks).take_while(fits).last().unwrap_or(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::plan::{estimate, plan};
    use contend_workloads::workloads;

    fn fitted(budget: u64, selection: Selection) -> Result<FittedPlan, PlanError> {
        let suite = workloads();
        let budget = Duration::from_secs(budget);
        let builds = if selection.against { 2 } else { 1 };
        let time = |plan: &Plan| estimate(plan) * builds;
        fit(selection, 4, budget, |selection| plan(&suite, selection, 4, 0), time)
    }

    #[test]
    fn a_plan_fits_its_budget_or_the_error_says_why_not() {
        let all = plan(&workloads(), &Selection::default(), 4, 0).unwrap();
        let whole = all.estimate_s.ceil() as u64;
        let mut before = f64::INFINITY;
        for budget in (1..=whole).rev() {
            let FittedPlan { plan, left_out, .. } = match fitted(budget, Selection::default()) {
                Ok(fitted) => fitted,
                Err(error) => {
                    let error = error.to_string();
                    assert!(error.contains("too short"), "{error}");
                    assert!(budget < whole / 3, "{budget} s of {whole}: {error}");
                    return;
                }
            };
            assert!(plan.estimate_s <= budget as f64, "{budget} s");
            assert!(plan.estimate_s <= before, "less time, and a longer plan");
            assert!(plan.more.is_none() || 1.25 * plan.estimate_s <= budget as f64);
            assert!(plan.forks == all.forks || left_out.contains(&"forks after the 12th"), "{left_out:?}");
            assert!(plan.forks >= 12);
            assert_eq!(left_out.is_empty(), budget == whole, "{left_out:?}");
            before = plan.estimate_s;
        }
        panic!("a plan of a second is impossible");
    }

    #[test]
    fn pairs_of_two_builds_get_the_time_that_is_left_as_forks() {
        let pairs = || Selection { against: true, preset: Preset::Quick, ..Selection::default() };
        let all = plan(&workloads(), &pairs(), 4, 0).unwrap();
        let budget = |of: f64| (of * all.estimate_s).ceil() as u64;
        let times = |of: f64| fitted(budget(of), pairs()).unwrap().plan;
        let forks = |plan: &Plan, alone: bool| {
            let blocks = plan.blocks.iter().filter(|block| (block.block.threads == 1) == alone);
            blocks.map(|block| plan.forks_of(block)).collect::<std::collections::BTreeSet<_>>()
        };
        let (twice, far) = (times(4.0), times(1000.0));
        assert_eq!((&twice.more, &far.more), (&None, &None));
        let took = 2.0 * estimate(&twice).as_secs_f64();
        assert!(took <= budget(4.0) as f64 && took > 3.5 * all.estimate_s, "{took} s");
        let [alone, several] = [true, false].map(|alone| *forks(&twice, alone).first().expect("a block"));
        assert!(all.forks <= alone && 2 * alone < several, "{alone}, {several}");
        assert_eq!(
            [forks(&far, true), forks(&far, false)],
            [[4 * all.forks].into(), [12 * all.forks].into()]
        );
        let given = Selection { forks: Some(9), ..pairs() };
        assert_eq!(fitted(budget(4.0), given).unwrap().plan.most_forks(), 9);
    }

    #[test]
    fn forks_that_are_given_and_those_of_one_process_are_all() {
        let whole = plan(&workloads(), &Selection::default(), 4, 0).unwrap().estimate_s as u64;
        let given = Selection { forks: Some(9), ..Selection::default() };
        let in_process = Selection { in_process: true, ..Selection::default() };
        for selection in [given, in_process] {
            let FittedPlan { plan, .. } = fitted(10 * whole, selection).unwrap();
            assert_eq!(plan.more, None);
        }
    }

    #[test]
    fn enough_time_left_gives_interim_analyses() {
        let all = plan(&workloads(), &Selection::default(), 4, 0).unwrap();
        let times = |of: f64| fitted((of * all.estimate_s).ceil() as u64, Selection::default());
        assert_eq!(times(1.2).unwrap().plan.more, None);
        let FittedPlan { plan, left_out, .. } = times(1.3).unwrap();
        let more = plan.more.expect("there is time");
        assert!((more.budget_s - 1.3 * all.estimate_s).abs() < 1.0);
        let at: Vec<u32> = more.looks.iter().map(|look| look.forks).collect();
        assert_eq!((plan.forks, at), (21, vec![21, 32, 42]));
        assert!(left_out.is_empty());
    }
}
