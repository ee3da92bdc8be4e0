//! Stalls: a minority of a contender's windows takes much longer than the others of its forks. A lock may rehash,
//! flush or sleep sometimes, and the median over windows does not show it.

use super::Sorted;

/// How far a stalled window lies above the least of its fork, as a multiple of the scale of such distances.
const FAR: f64 = 4.0;

/// The quantile of the distances that is their scale. It lies below the median, because stalls are among the distances.
const SCALE: f64 = 0.4;

/// How many forks of one window each are taken together.
const TOGETHER: usize = 4;

/// The least factor of a stalled window.
const LEAST: f64 = 1.1;

/// The least number of stalled windows. One or two may be the machine's.
const WINDOWS: usize = 3;

/// The least share of time that stalls take.
const TIME: f64 = 0.03;

/// The greatest share of windows. More are no minority.
const MOST: f64 = 0.5;

/// Windows that take longer than others of their forks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stalls {
    /// How many there are.
    pub windows: usize,
    /// The median factor between them and the least window of their fork.
    pub factor: f64,
    /// The share of time that would be saved without them.
    pub time: f64,
}

/// The stalls in the logarithms of the times of forks' windows, in the order of time. Forks of one window each are
/// taken four together. None where there are too few stalls, or where noise explains them. The simulation measures how
/// often noise alone is called a stall.
pub fn stalls(forks: &[Vec<f64>]) -> Option<Stalls> {
    if !forks.is_empty() && forks.iter().all(|fork| fork.len() == 1) {
        let together: Vec<Vec<f64>> = forks.chunks(TOGETHER).map(<[_]>::concat).collect();
        return of_groups(&together);
    }
    of_groups(forks)
}

fn of_groups(groups: &[Vec<f64>]) -> Option<Stalls> {
    let mut distances = Vec::new();
    let mut leasts = 0.0;
    for group in groups.iter().filter(|group| group.len() > 1) {
        let windows = Sorted::new(group.clone());
        let (least, others) = windows.values().split_first()?;
        distances.extend(others.iter().map(|window| window - least));
        leasts += 1.0;
    }
    let all = distances.len();
    let distances = Sorted::new(distances);
    let limit = (FAR * distances.quantile(SCALE)?).max(LEAST.ln());
    let stalled: Vec<f64> = distances.values().iter().copied().filter(|far| *far > limit).collect();
    let total = leasts + distances.values().iter().map(|far| far.exp()).sum::<f64>();
    let time = stalled.iter().map(|far| far.exp_m1()).sum::<f64>() / total;
    let many = stalled.len() as f64 > MOST * (all as f64 + leasts);
    let windows = stalled.len();
    let factor = Sorted::new(stalled).median()?.exp();
    (windows >= WINDOWS && time >= TIME && !many).then_some(Stalls { windows, factor, time })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve forks of three windows, with a little noise. The windows for which `stalled` says so take this much
    /// longer.
    fn found(longer: f64, stalled: impl Fn(usize) -> bool) -> Option<Stalls> {
        let noise = |at: usize| 0.01 * (at * 7 % 11) as f64 / 11.0;
        let window = |at: usize| noise(at) + if stalled(at) { f64::ln(longer) } else { 0.0 };
        let forks: Vec<Vec<f64>> =
            (0..12).map(|fork| (0..3).map(|at| window(3 * fork + at)).collect()).collect();
        stalls(&forks)
    }

    #[test]
    fn a_window_in_five_that_takes_a_third_longer_is_a_stall() {
        let found = found(4.0 / 3.0, |at| at % 5 == 2).unwrap();
        assert_eq!(found.windows, 7);
        assert!((found.factor - 4.0 / 3.0).abs() < 0.02, "{found:?}");
        let expected = 7.0 / 3.0 / (36.0 + 7.0 / 3.0);
        assert!((found.time - expected).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn forks_of_one_window_are_taken_together() {
        let window = |at: usize| 0.01 * (at * 7 % 11) as f64 / 11.0 + if at % 5 == 2 { 0.3 } else { 0.0 };
        let forks: Vec<Vec<f64>> = (0..20).map(|at| vec![window(at)]).collect();
        assert_eq!(stalls(&forks).map(|found| found.windows), Some(4));
    }

    #[test]
    fn noise_slow_forks_and_two_accidents_are_none() {
        assert_eq!(found(1.0, |_| false), None);
        assert_eq!(found(3.0, |at| at < 9), None);
        assert_eq!(found(9.0, |at| at == 4 || at == 20), None);
        assert_eq!(found(1.05, |at| at % 5 == 2), None);
        assert_eq!(stalls(&[]), None);
        assert_eq!(stalls(&vec![vec![1.0]; 30]), None);
        assert_eq!(stalls(&[vec![1.0]]), None);
    }
}
