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

/// The least share of the time for given work that would be saved without stalls.
const SAVED: f64 = 0.03;

/// The greatest share of windows. More are no minority.
const MOST: f64 = 0.5;

/// A window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimedWindow {
    /// The logarithm of the time of an operation.
    pub ln: f64,
    /// How long the window took, in any unit.
    pub length: f64,
}

/// Windows that take longer than others of their forks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stalls {
    /// How many there are.
    pub windows: usize,
    /// The median factor between them and the least window of their fork.
    pub factor: f64,
    /// The share of the time of all windows that is lost in them: what they take beyond the least window of their fork,
    /// for as many operations.
    pub lost: f64,
}

/// The stalls in forks' windows, in the order of time. Forks of one window each are
/// taken four together. None where there are too few stalls, or where noise explains them. The simulation measures how
/// often noise alone is called a stall.
pub fn stalls(forks: &[Vec<TimedWindow>]) -> Option<Stalls> {
    if !forks.is_empty() && forks.iter().all(|fork| fork.len() == 1) {
        let together: Vec<Vec<TimedWindow>> = forks.chunks(TOGETHER).map(<[_]>::concat).collect();
        return of_groups(&together);
    }
    of_groups(forks)
}

fn of_groups(groups: &[Vec<TimedWindow>]) -> Option<Stalls> {
    /// A window that is not the least of its fork: how far it is above that, and how long it took.
    type Above = (f64, f64);

    let (mut above, mut leasts): (Vec<Above>, Vec<f64>) = Default::default();
    for group in groups.iter().filter(|group| group.len() > 1) {
        let least = group.iter().min_by(|a, b| a.ln.total_cmp(&b.ln))?;
        let others = group.iter().filter(|window| !std::ptr::eq(*window, least));
        above.extend(others.map(|window| (window.ln - least.ln, window.length)));
        leasts.push(least.length);
    }
    let distances = Sorted::new(above.iter().map(|(far, _)| *far).collect());
    let limit = (FAR * distances.quantile(SCALE)?).max(LEAST.ln());
    let stalled: Vec<Above> = above.iter().copied().filter(|(far, _)| *far > limit).collect();
    let given_work = leasts.len() as f64 + above.iter().map(|(far, _)| far.exp()).sum::<f64>();
    let saved = stalled.iter().map(|(far, _)| far.exp_m1()).sum::<f64>() / given_work;
    let all = leasts.iter().sum::<f64>() + above.iter().map(|(_, length)| length).sum::<f64>();
    let lost = stalled.iter().map(|(far, length)| length * -(-far).exp_m1()).sum::<f64>() / all;
    let windows = stalled.len();
    let many = windows as f64 > MOST * (above.len() + leasts.len()) as f64;
    let factor = Sorted::new(stalled.into_iter().map(|(far, _)| far).collect()).median()?.exp();
    (windows >= WINDOWS && saved >= SAVED && !many).then_some(Stalls { windows, factor, lost })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve forks of three windows, with a little noise. The windows for which `stalled` says so take this much
    /// longer.
    fn found(longer: f64, stalled: impl Fn(usize) -> bool) -> Option<Stalls> {
        let noise = |at: usize| 0.01 * (at * 7 % 11) as f64 / 11.0;
        let window = |at: usize| noise(at) + if stalled(at) { f64::ln(longer) } else { 0.0 };
        let forks: Vec<Vec<TimedWindow>> =
            (0..12).map(|fork| (0..3).map(|at| of_one_length(window(3 * fork + at))).collect()).collect();
        stalls(&forks)
    }

    fn of_one_length(ln: f64) -> TimedWindow {
        TimedWindow { ln, length: 1.0 }
    }

    #[test]
    fn a_window_in_five_that_takes_a_third_longer_is_a_stall() {
        let found = found(4.0 / 3.0, |at| at % 5 == 2).unwrap();
        assert_eq!(found.windows, 7);
        assert!((found.factor - 4.0 / 3.0).abs() < 0.02, "{found:?}");
        // In a window of given length that takes 4/3 for an operation, a quarter of the time is lost.
        assert!((found.lost - 7.0 / 4.0 / 36.0).abs() < 0.002, "{found:?}");
    }

    /// A fork whose third window is a hundred times as quick makes two stalls of the others. Of the time of all windows
    /// they take 8 in 36, whatever a quotient of sums would say.
    #[test]
    fn stalls_never_lose_more_time_than_they_take() {
        let quick = |at: usize| at < 12 && at % 3 == 2;
        let found = found(0.01, quick).expect("four forks have stalls");
        assert_eq!(found.windows, 8);
        assert!(found.lost > 0.21 && found.lost <= 8.0 / 36.0, "{found:?}");
        // Windows of given work take as long as they are slow.
        let given = |fork: usize| [0.0, 0.0, if fork.is_multiple_of(2) { 1.0 } else { 0.0 }];
        let windows = |fork: usize| given(fork).map(|ln: f64| TimedWindow { ln, length: ln.exp() }).to_vec();
        let lost = stalls(&(0..12).map(windows).collect::<Vec<_>>()).expect("six stalls").lost;
        let e = std::f64::consts::E;
        assert!((lost - 6.0 * (e - 1.0) / (30.0 + 6.0 * e)).abs() < 1e-9, "{lost}");
    }

    #[test]
    fn forks_of_one_window_are_taken_together() {
        let window = |at: usize| 0.01 * (at * 7 % 11) as f64 / 11.0 + if at % 5 == 2 { 0.3 } else { 0.0 };
        let forks: Vec<Vec<TimedWindow>> = (0..20).map(|at| vec![of_one_length(window(at))]).collect();
        assert_eq!(stalls(&forks).map(|found| found.windows), Some(4));
    }

    #[test]
    fn noise_slow_forks_and_two_accidents_are_none() {
        assert_eq!(found(1.0, |_| false), None);
        assert_eq!(found(3.0, |at| at < 9), None);
        assert_eq!(found(9.0, |at| at == 4 || at == 20), None);
        assert_eq!(found(1.05, |at| at % 5 == 2), None);
        assert_eq!(stalls(&[]), None);
        assert_eq!(stalls(&vec![vec![of_one_length(1.0)]; 30]), None);
        assert_eq!(stalls(&[vec![of_one_length(1.0)]]), None);
    }
}
