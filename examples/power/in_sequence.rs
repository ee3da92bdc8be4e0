//! The suite's own windows as most benchmarks take theirs: in one process, all of one contender and
//! then all of the other, with an interval over windows.

use std::sync::Arc;
use std::time::Duration;

use contend::team::OpenWindow;
use contend::{Lock, Team};

use super::Found;
use super::locks::{LONG, LONG_AND_THREE_TENTHS, SHORT, SHORT_AND_A_TENTH, Working};

/// As many as 14 forks of 3 rounds take.
const WINDOWS: usize = 42;
const LENGTH: Duration = Duration::from_millis(8);

/// Ranks, from either end, of the bounds of an interval for the median of 42 that holds in more than 95
/// of 100 cases.
const RANK: usize = 14;

/// What is found.
pub fn found(threads: usize) -> (Found, Found) {
    let mut team = Team::new(threads);
    team.warm_up(Duration::from_millis(20));
    let team = &mut team;
    match threads {
        1 => compare(
            windows::<Working<u64, SHORT>>(team),
            windows::<Working<u64, SHORT_AND_A_TENTH>>(team),
            windows::<Working<u64, SHORT, true>>(team),
        ),
        _ => compare(
            windows::<Working<u64, LONG>>(team),
            windows::<Working<u64, LONG_AND_THREE_TENTHS>>(team),
            windows::<Working<u64, LONG, true>>(team),
        ),
    }
}

fn compare(first: Vec<f64>, slower: Vec<f64>, twin: Vec<f64>) -> (Found, Found) {
    (judge(&first, &slower), judge(&first, &twin))
}

/// Distinguished where the intervals of the medians do not overlap.
fn judge(first: &[f64], second: &[f64]) -> Found {
    let bounds = |sorted: &[f64]| (sorted[RANK - 1], sorted[WINDOWS - RANK]);
    let median = |sorted: &[f64]| (sorted[WINDOWS / 2 - 1] + sorted[WINDOWS / 2]) / 2.0;
    let ((low, high), (other_low, other_high)) = (bounds(first), bounds(second));
    Found::by(median(second) / median(first), other_low / high, other_high / low)
}

fn windows<L: Lock<State = u64>>(team: &mut Team) -> Vec<f64> {
    let opening = OpenWindow { window: LENGTH, ramp: LENGTH / 8, chunk: 4, chunk_time: None };
    let mut windows: Vec<f64> = (0..WINDOWS)
        .map(|_| {
            let lock = Arc::new(L::new(0));
            let handles = vec![lock; team.size()];
            let timed = team.open(handles, opening, |lock, _worker, operations| {
                for _ in 0..operations {
                    lock.with_mut(|count| *count += 1);
                }
            });
            timed.expect("nobody panics").0.ns_per_op()
        })
        .collect();
    windows.sort_by(f64::total_cmp);
    windows
}
