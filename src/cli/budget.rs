//! `--budget`: a plan that fits the time that there is, with looks where time is left. All of it is
//! fixed before anything is measured, so that no verdict can depend on when it was looked at.

use std::time::Duration;

use super::progress::seconds;
use crate::record::{ExtraForks, Plan};
use crate::run::{Choice, Preset};
use crate::verdict::interim_analyses;

/// Looks are planned where the budget is so many times what the planned forks take. At the second look
/// a block has half as many forks again, so half of the blocks can come to it; with less time, all of
/// them would spend error on looks that few are given.
const WORTH_LOOKS: f64 = 1.25;

/// A smaller choice, and what is given up by it.
type Step = (&'static str, fn(&mut Choice, usize) -> bool);

/// What is given up, in this order, until the plan fits. Forks are not: verdicts stand on them.
const STEPS: [Step; 7] = [
    ("what takes seconds a window", |choice, _| {
        std::mem::take(&mut choice.sparing)
    }),
    ("the third round of each fork", |choice, _| {
        choice.rounds.replace(2).is_none_or(|rounds| rounds > 2)
    }),
    ("more threads than CPUs", |choice, cores| {
        threads(choice, cores, |count| count <= cores)
    }),
    ("long windows: 5 ms instead of 8", |choice, _| {
        let short = Duration::from_millis(5);
        choice
            .window
            .replace(short)
            .is_none_or(|window| window > short)
    }),
    ("thread counts between one and all CPUs", |choice, cores| {
        threads(choice, cores, |count| count == 1 || count == cores)
    }),
    ("all but the first variant of each workload", |choice, _| {
        let had = choice.preset != Preset::Quick;
        choice.preset = Preset::Quick;
        had
    }),
    ("the second round of each fork", |choice, _| {
        choice.rounds.replace(1).is_none_or(|rounds| rounds > 1)
    }),
];

fn threads(choice: &mut Choice, cores: usize, keep: impl Fn(usize) -> bool) -> bool {
    let mut counts = choice.thread_counts(cores);
    let before = counts.len();
    counts.retain(|count| keep(*count));
    let fewer = !counts.is_empty() && counts.len() < before;
    if fewer {
        choice.threads = Some(counts);
    }
    fewer
}

/// The plan of `choice` that fits `budget`, and a sentence that says what it gave up.
///
/// # Errors
/// As `plan`, and where even the least plan takes longer.
pub(super) fn fit<E: From<String>>(
    mut choice: Choice,
    cores: usize,
    budget: Duration,
    plan: impl Fn(&Choice) -> Result<Plan, E>,
) -> Result<(Plan, String), E> {
    let takes = |plan: &Plan| Duration::from_secs_f64(plan.estimate_s);
    let mut made = plan(&choice)?;
    let mut given_up = Vec::new();
    for (what, step) in STEPS {
        if takes(&made) <= budget {
            break;
        }
        if step(&mut choice, cores) {
            let smaller = plan(&choice)?;
            if takes(&smaller) < takes(&made) {
                given_up.push(what); // else there was none of it
            }
            made = smaller;
        }
    }
    let of = seconds(budget);
    if takes(&made) > budget {
        let least = seconds(takes(&made));
        return Err(E::from(format!(
            "`--budget {of}` is too short: the least plan takes about {least}; give more, or a filter that names less"
        )));
    }
    let sentence = match given_up.is_empty() {
        true => "nothing was given up".to_owned(),
        false => format!("given up to fit {of}: {}", given_up.join("; ")),
    };
    // The first look of a large class needs more forks, since it spends a part of the error.
    choice.looks = true;
    let mut with_looks = plan(&choice)?;
    if takes(&with_looks).mul_f64(WORTH_LOOKS) <= budget {
        with_looks.more = Some(ExtraForks {
            budget_s: budget.as_secs_f64(),
            looks: interim_analyses(with_looks.forks),
        });
        made = with_looks;
    }
    Ok((made, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::workloads;

    fn fitted(budget: u64, choice: Choice) -> Result<(Plan, String), String> {
        let suite = workloads();
        fit(choice, 4, Duration::from_secs(budget), |choice| {
            crate::run::plan(&suite, choice, 4, 0).map_err(|error| error.to_string())
        })
    }

    #[test]
    fn a_plan_fits_its_budget_or_says_why_not() {
        let all = crate::run::plan(&workloads(), &Choice::default(), 4, 0).unwrap();
        let whole = all.estimate_s.ceil() as u64;
        let mut before = f64::INFINITY;
        for budget in (1..=whole).rev() {
            let (plan, said) = match fitted(budget, Choice::default()) {
                Ok(fitted) => fitted,
                Err(error) => {
                    assert!(error.contains("too short"), "{error}");
                    assert!(budget < whole / 3, "{budget} s of {whole}: {error}");
                    return;
                }
            };
            assert!(plan.estimate_s <= budget as f64, "{budget} s");
            assert!(plan.estimate_s <= before, "less time, and a longer plan");
            assert!(plan.more.is_none() || 1.25 * plan.estimate_s <= budget as f64);
            assert_eq!(plan.forks, all.forks);
            let fits = budget == whole || said.contains("given up to fit");
            assert!(fits, "{said}");
            before = plan.estimate_s;
        }
        panic!("a plan of a second cannot be");
    }

    #[test]
    fn time_that_is_left_is_for_looks_where_it_is_enough() {
        let all = crate::run::plan(&workloads(), &Choice::default(), 4, 0).unwrap();
        let times = |of: f64| fitted((of * all.estimate_s).ceil() as u64, Choice::default());
        assert_eq!(times(1.2).unwrap().0.more, None);
        let (plan, said) = times(1.3).unwrap();
        let more = plan.more.expect("there is time");
        assert!((more.budget_s - 1.3 * all.estimate_s).abs() < 1.0);
        let at: Vec<u32> = more.looks.iter().map(|look| look.forks).collect();
        assert_eq!((plan.forks, at), (12, vec![12, 18, 24]));
        assert_eq!(said, "nothing was given up");
    }
}
