//! `--budget`: a plan that takes as long as there is time. Fixed before anything is measured, so that
//! no verdict can depend on when it was looked at.

use std::time::Duration;

use super::progress::seconds;
use crate::record::Plan;
use crate::run::{Choice, Preset};

/// More forks than this are not planned: four times as many halve an interval.
const MOST_FORKS: u32 = 24;

/// A smaller choice, and what is given up by it.
type Step = (&'static str, fn(&mut Choice, usize) -> bool);

/// What is given up, in this order, until the plan fits. Forks are not: verdicts stand on them.
const STEPS: [Step; 6] = [
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

/// The plan of `choice` that fits `budget`, and a sentence that says what it gave up or added.
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
            given_up.push(what);
            made = plan(&choice)?;
        }
    }
    let of = seconds(budget);
    if takes(&made) > budget {
        let least = seconds(takes(&made));
        return Err(E::from(format!(
            "`--budget {of}` is too short: the least plan takes about {least}; give more, or a filter that names less"
        )));
    }
    let forks = (made.forks as f64 * budget.as_secs_f64() / made.estimate_s) as u32;
    let forks = forks.min(MOST_FORKS);
    if given_up.is_empty() && choice.forks.is_none() && forks > made.forks {
        let before = made.forks;
        choice.forks = Some(forks);
        made = plan(&choice)?;
        return Ok((
            made,
            format!("{forks} forks of each block instead of {before}: there is time"),
        ));
    }
    let sentence = match given_up.is_empty() {
        true => "nothing was given up".to_owned(),
        false => format!("given up to fit {of}: {}", given_up.join("; ")),
    };
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
            assert_eq!(plan.forks, all.forks);
            let fits = budget == whole || said.contains("given up to fit");
            assert!(fits, "{said}");
            before = plan.estimate_s;
        }
        panic!("a plan of a second cannot be");
    }

    #[test]
    fn time_that_is_left_goes_to_forks() {
        let all = crate::run::plan(&workloads(), &Choice::default(), 4, 0).unwrap();
        let (plan, said) = fitted(10 * all.estimate_s as u64, Choice::default()).unwrap();
        assert_eq!(plan.forks, MOST_FORKS);
        assert!(said.contains("24 forks"), "{said}");
    }
}
