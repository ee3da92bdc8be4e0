//! The distances of a class's contenders from the best of it. Knows the windows of the class, and not what follows.

use crate::statistics::{Distance, PairBounds, distances};

use super::pair::{ClassPair, Paired};
use super::windows::Windows;

/// The distances of `ranked`, which are all contenders of a class, in their order.
pub(super) fn of_class(ranked: &[&Windows], pairs: &[ClassPair]) -> Vec<Distance> {
    let mut bounds = vec![vec![None; ranked.len()]; ranked.len()];
    for (a, b, paired) in pairs {
        let share = ranked[*a].interim_with(ranked[*b]).error;
        let found = of_pair(paired, ranked.len(), share);
        bounds[*a][*b] = found;
        bounds[*b][*a] = found.map(PairBounds::reversed);
    }
    distances(&bounds)
}

/// The bounds of one over a rival. None where there are too few forks, or where a fork has no ratio. Where the
/// typical window says more than the means over forks, the bounds reach as far.
fn of_pair(paired: &Paired, contenders: usize, share: f64) -> Option<PairBounds> {
    let bounds = PairBounds::of(&paired.sorted, contenders, share)?.including(paired.windows);
    (paired.without_ratio == 0).then_some(bounds)
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Record;

    use super::super::pair;
    use super::super::windows::by_block;
    use super::*;

    /// The distances of contenders with these times in each window of each fork.
    fn of(times: &[(&str, Vec<Vec<f64>>)], share: f64) -> Vec<Distance> {
        let names: Vec<&str> = times.iter().map(|(name, _)| *name).collect();
        let mut records: Vec<Record> = Vec::new();
        for (name, forks) in times {
            for (fork, rounds) in (1..).zip(forks) {
                records.extend((1..).zip(rounds).map(|(round, ns)| record(name, fork, round, *ns)));
            }
        }
        let run = run(&names);
        let mut blocks = by_block(&run, &records);
        blocks[0].iter_mut().for_each(|windows| windows.interim.error = share);
        let ranked: Vec<&Windows> = blocks[0].iter().collect();
        of_class(&ranked, &pair::of_class(&ranked))
    }

    fn about(found: Option<f64>, wanted: f64) -> bool {
        found.is_some_and(|found| (found.exp() - wanted).abs() < 1e-9)
    }

    #[test]
    fn bounds_are_those_of_the_forks() {
        let two = [("a", vec![vec![100.0]; 12]), ("b", vec![vec![150.0]; 12])];
        let found = of(&two, 1.0);
        assert_eq!((found[0].at_most, found[0].at_least), (Some(0.0), None));
        assert!(about(found[1].at_most, 1.5) && about(found[1].at_least, 1.5), "{found:?}");
        // A block before its first interim analysis has no bounds.
        assert_eq!(of(&two, 0.0), [Distance::default(); 2]);
    }

    #[test]
    fn a_fork_without_a_ratio_bounds_nothing() {
        let mut stalled = vec![vec![100.0]; 13];
        stalled[4] = vec![0.0];
        assert_eq!(of(&[("a", vec![vec![200.0]; 13]), ("b", stalled)], 1.0), [Distance::default(); 2]);
    }

    /// The means call a slower, because it stalls once in each fork. Its typical window is faster.
    #[test]
    fn bounds_reach_as_far_as_the_typical_window() {
        let stalling = vec![vec![90.0, 90.0, 400.0]; 12];
        let found = of(&[("a", stalling), ("b", vec![vec![100.0; 3]; 12])], 1.0);
        assert!(about(found[0].at_most, 580.0 / 300.0) && found[0].at_least.is_none(), "{found:?}");
        assert!(about(found[1].at_most, 100.0 / 90.0), "{found:?}");
    }
}
