//! Notes on a cell or a pair, a sentence each: collapses, stalls, two modes, drift. The functions of `statistics` find
//! them.

use crate::statistics::{Sorted, TimedWindow, modes, stalls, trend_over, trend_within};
use crate::text::number::{percent, short};

use super::collapses::Collapses;
use super::samples::{Sample, mean};
use super::threshold::Threshold;
use super::windows::higher_is_better;

/// The least factor between a cell's median over forks and its mean over windows that is noted.
const PROGRAM: f64 = 1.1;

/// Notes on a pair with these logarithms of the time of `a` over `b`, one a fork: in the order of time, and sorted.
pub(super) fn of_pair(a: &str, b: &str, forks: &[f64], sorted: &Sorted, threshold: Threshold) -> Vec<String> {
    // Inverted, so that the better one's lead is a factor above 1.
    let leads: Vec<f64> = forks.iter().map(|ln| -ln).collect();
    let times = |ln: f64| format!("{}×", short(ln.exp()));
    let modes = modes(&sorted.reversed(), threshold.ln()).map(|modes| {
        format!(
            "two modes ({b} over {a}): {} in {} forks, {} in {}",
            times(modes.lower.ln),
            modes.lower.forks,
            times(modes.upper.ln),
            modes.upper.forks,
        )
    });
    let drift = trend_over(&leads, threshold.ln()).map(|(first, last)| {
        let (first, last) = (times(first), times(last));
        format!("the ratio drifts over the run ({b} over {a}): from {first} to {last}")
    });
    modes.into_iter().chain(drift).collect()
}

/// Notes on a cell with these samples, except those on collapses and on its mean. Where windows collapse, `collapses`,
/// they are no stalls as well.
pub(super) fn of_cell(samples: &[Sample], unit: &str, threshold: Threshold, collapses: bool) -> Vec<String> {
    let by_fork = || samples.chunk_by(|a, b| a.fork == b.fork);
    let forks: Vec<f64> = by_fork().filter_map(|fork| ln(mean(fork)?)).collect();
    let value = |ln: f64| short(ln.exp());
    let modes = modes(&Sorted::new(forks.clone()), threshold.ln()).map(|modes| {
        format!(
            "two modes: {} {unit} in {} forks, {} in {}",
            value(modes.lower.ln),
            modes.lower.forks,
            value(modes.upper.ln),
            modes.upper.forks,
        )
    });
    let over_the_run = trend_over(&forks, threshold.ln()).map(|(first, last)| {
        let (first, last) = (value(first), value(last));
        format!("drifts over the run: from {first} to {last} {unit}")
    });
    let windows = |fork: &[Sample]| fork.iter().filter_map(|s| ln(s.value()?)).collect();
    let rounds: Vec<Vec<f64>> = by_fork().map(windows).collect();
    let stalls = if collapses { None } else { stalls_of(samples, unit) };
    let within_forks = trend_within(&rounds, threshold.ln()).map(|change| {
        let (share, way) = match change > 0.0 {
            true => (change.exp_m1(), "above"),
            false => (-change.exp_m1(), "below"),
        };
        format!("drifts within forks: the last round is {} {way} the first", percent(share))
    });
    let notes = [stalls, modes, over_the_run, within_forks];
    notes.into_iter().flatten().collect()
}

/// The note on stalls: how many windows take longer than others of their forks, how much longer, and the share of the
/// time that is lost in them.
fn stalls_of(samples: &[Sample], unit: &str) -> Option<String> {
    let sign = if higher_is_better(unit) { -1.0 } else { 1.0 };
    let window = |of: &Sample| Some(TimedWindow { ln: sign * ln(of.value()?)?, length: of.window_ns });
    let forks = samples.chunk_by(|a, b| a.fork == b.fork);
    let forks: Vec<Vec<TimedWindow>> = forks.map(|fork| fork.iter().filter_map(window).collect()).collect();
    let found = stalls(&forks)?;
    Some(format!(
        "{} stalls of {}×, {} of time lost",
        found.windows,
        short(found.factor),
        percent(found.lost)
    ))
}

/// The note on a cell's collapses, where they take enough time for one.
pub(super) fn of_collapses(found: &Collapses, unit: &str) -> Option<String> {
    let collapsed =
        found.collapsed.map_or("nothing done".to_owned(), |value| format!("{} {unit}", short(value)));
    found.noted().then(|| {
        format!("collapses: {} over 10× slower: {collapsed}, not {}", found.share(), short(found.usual),)
    })
}

/// The note on a cell whose mean over windows is far from the median over forks that is printed.
pub(super) fn of_mean(mean: Option<f64>, median: Option<f64>, unit: &str) -> Option<String> {
    let (mean, median) = (mean?, median?);
    is_far(mean, median).then(|| {
        format!("mean over all windows {} {unit}, median over forks {}", short(mean), short(median),)
    })
}

/// Whether a cell's mean over windows is so far from its median over forks that both are shown.
pub(super) fn is_far(mean: f64, median: f64) -> bool {
    (mean / median).ln().abs() > PROGRAM.ln()
}

fn ln(value: f64) -> Option<f64> {
    let ln = value.ln();
    ln.is_finite().then_some(ln)
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};

    use super::super::windows::by_block;
    use super::*;

    fn cell(of: impl Fn(u32, u32) -> f64) -> Vec<String> {
        let run = run(&["a"]);
        let rounds = (1..=12).flat_map(|fork| [1, 2, 3].map(|round| (fork, round)));
        let records: Vec<_> = rounds.map(|(fork, round)| record("a", fork, round, of(fork, round))).collect();
        of_cell(&by_block(&run, &records)[0][0].samples, "ns/op", Threshold::new(0.03), false)
    }

    #[test]
    fn two_modes_of_a_pair_are_given_as_leads() {
        let forks: Vec<f64> = [1.7, 3.5, 1.71, 1.69, 3.52, 1.7, 3.48, 1.7, 3.5, 1.7]
            .iter()
            .map(|lead: &f64| -lead.ln())
            .collect();
        assert_eq!(
            of_pair("quick", "slow", &forks, &Sorted::new(forks.clone()), Threshold::new(0.03)),
            ["two modes (slow over quick): 1.70× in 6 forks, 3.50× in 4"]
        );
    }

    #[test]
    fn modes_and_drifts_of_a_cell_are_noted() {
        let steady = |fork: u32, round: u32| 100.0 + f64::from((fork * 7 + round * 5) % 4);
        assert!(cell(steady).is_empty());
        assert_eq!(
            cell(|fork, round| steady(fork, round) * if fork % 3 == 0 { 2.0 } else { 1.0 }),
            ["two modes: 101 ns/op in 8 forks, 203 in 4"]
        );
        assert_eq!(
            cell(|fork, _| 100.0 + 2.0 * f64::from(fork)),
            ["drifts over the run: from 105 to 121 ns/op"]
        );
        assert_eq!(
            cell(|_, round| 100.0 - 5.0 * f64::from(round)),
            ["drifts within forks: the last round is 10.5\u{a0}% below the first"]
        );
    }

    #[test]
    fn stalled_windows_of_a_cell_are_noted() {
        let steady = |fork: u32, round: u32| 100.0 + f64::from((fork * 7 + round * 5) % 4);
        let stalled = |fork: u32, round: u32| (3 * fork + round).is_multiple_of(5);
        let found =
            cell(|fork, round| steady(fork, round) * if stalled(fork, round) { 4.0 / 3.0 } else { 1.0 });
        let wanted = "7 stalls of 1.36×, 6.30\u{a0}% of time lost";
        assert_eq!(found[0], wanted);
    }

    #[test]
    fn a_drifting_ratio_is_noted() {
        let forks: Vec<f64> = (0..12).map(|i| -0.02 * f64::from(i)).collect();
        assert_eq!(
            of_pair("a", "b", &forks, &Sorted::new(forks.clone()), Threshold::new(0.03)),
            ["the ratio drifts over the run (b over a): from 1.03× to 1.21×"]
        );
    }
}
