//! Notes on a cell or a pair, a sentence each: two modes, drift. The functions of `statistics` find them.

use crate::statistics::{Sorted, modes, trend_over, trend_within};

use super::threshold::Threshold;
use super::windows::{Sample, quotient};

/// Notes on a pair with these logarithms of the time of `a` over `b`, by fork in the order of time.
pub(super) fn of_pair(a: &str, b: &str, forks: &[f64], threshold: Threshold) -> Vec<String> {
    // Inverted, so that the better one's lead is a factor above 1.
    let leads: Vec<f64> = forks.iter().map(|ln| -ln).collect();
    let times = |ln: f64| format!("{}×", short(ln.exp()));
    let modes = modes(&Sorted::new(leads.clone()), threshold.ln()).map(|modes| {
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

/// Notes on a cell with these samples.
pub(super) fn of_cell(samples: &[Sample], unit: &str, threshold: Threshold) -> Vec<String> {
    let by_fork = || samples.chunk_by(|a, b| a.fork == b.fork);
    let forks: Vec<f64> = by_fork().filter_map(|fork| ln(quotient(fork)?)).collect();
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
        format!("drifts over the run: from {first} {unit} in the first forks to {last} in the last")
    });
    let windows = |fork: &[Sample]| fork.iter().filter_map(|s| ln(s.value()?)).collect();
    let rounds: Vec<Vec<f64>> = by_fork().map(windows).collect();
    let within_forks = trend_within(&rounds, threshold.ln()).map(|change| {
        let (share, way) = match change > 0.0 {
            true => (change.exp_m1(), "above"),
            false => ((-change).exp_m1(), "below"),
        };
        let percent = 100.0 * share;
        format!("drifts within forks: the last round is {percent:.0} % {way} the first")
    });
    let notes = [modes, over_the_run, within_forks];
    notes.into_iter().flatten().collect()
}

fn ln(value: f64) -> Option<f64> {
    let ln = value.ln();
    ln.is_finite().then_some(ln)
}

/// A number with at least three digits, ungrouped: 0.0123, 1.23, 12.3, 123, 1234.
fn short(value: f64) -> String {
    let magnitude = value.abs().log10().floor().clamp(-9.0, 2.0);
    format!("{value:.*}", (2.0 - magnitude) as usize)
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
        of_cell(&by_block(&run, &records)[0][0].samples, "ns/op", Threshold::new(0.03))
    }

    #[test]
    fn numbers_are_short() {
        let all = [0.012_34, 1.234, 12.34, 123.4, 1234.5].map(short);
        assert_eq!(all, ["0.0123", "1.23", "12.3", "123", "1234"]);
    }

    #[test]
    fn two_modes_of_a_pair_are_given_as_leads() {
        let forks: Vec<f64> = [1.7, 3.5, 1.71, 1.69, 3.52, 1.7, 3.48, 1.7, 3.5, 1.7]
            .iter()
            .map(|lead: &f64| -lead.ln())
            .collect();
        assert_eq!(
            of_pair("quick", "slow", &forks, Threshold::new(0.03)),
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
            ["drifts over the run: from 105 ns/op in the first forks to 121 in the last"]
        );
        assert_eq!(
            cell(|_, round| 100.0 - 5.0 * f64::from(round)),
            ["drifts within forks: the last round is 12 % below the first"]
        );
    }

    #[test]
    fn a_drifting_ratio_is_noted() {
        let forks: Vec<f64> = (0..12).map(|i| -0.02 * f64::from(i)).collect();
        assert_eq!(
            of_pair("a", "b", &forks, Threshold::new(0.03)),
            ["the ratio drifts over the run (b over a): from 1.03× to 1.21×"]
        );
    }
}
