//! The half-widths of a block's intervals, as shares: 0.04 is ±4 %. They say how fine the block's comparisons are.
//! They decide nothing, because each pair has its own interval.

use crate::statistics::Sorted;

use super::Verdict;

/// The logarithm of half the width of a verdict's interval.
pub(super) fn half_width(verdict: &Verdict) -> f64 {
    (verdict.high.ln() - verdict.low.ln()) / 2.0
}

/// The median of logarithms of half-widths, a share.
pub(super) fn median(half_widths: Vec<f64>) -> Option<f64> {
    Sorted::new(half_widths).median().map(f64::exp_m1)
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Record;

    use super::super::{Outcome, analyse};

    /// The contender with the control jumps by a factor of 20 between forks. The three others are steady, and every
    /// pair of them is resolved.
    #[test]
    fn a_noisy_control_is_not_the_resolution_of_its_block() {
        let jump = |fork: u32| if fork.is_multiple_of(2) { 1.0 } else { 20.0 };
        let of_fork = |fork: u32| {
            let steady = 1.0 + 0.001 * f64::from(fork % 3);
            let at = |name: &str, ns: f64| record(name, fork, 1, ns);
            [
                at("a", 1000.0),
                at("b", 1100.0 * steady),
                at("c", 1200.0),
                at("noisy", 4000.0 * jump(fork)),
                at("noisy~control", 4000.0 * jump(fork + 1)),
            ]
        };
        let records: Vec<Record> = (1..=12).flat_map(of_fork).collect();
        let analysis = analyse(&run(&["a", "b", "c", "noisy", "noisy~control"]), &records);
        let block = &analysis.blocks[0];
        for pair in [("a", "b"), ("a", "c"), ("b", "c")] {
            assert_eq!(block.between(pair.0, pair.1).map(|v| v.verdict), Some(Outcome::Faster));
        }
        assert!(block.control_resolution.unwrap() > 10.0, "{:?}", block.control_resolution);
        let mut half_widths: Vec<f64> = block
            .verdicts
            .iter()
            .filter(|verdict| !verdict.control)
            .map(|verdict| (verdict.high / verdict.low).sqrt() - 1.0)
            .collect();
        half_widths.sort_by(f64::total_cmp);
        // Three pairs of the steady ones, three with the noisy one: the median lies between.
        let between = (half_widths[2], half_widths[3]);
        let resolution = block.resolution.unwrap();
        assert!(between.0 <= resolution && resolution <= between.1, "{resolution} in {between:?}");
    }
}
