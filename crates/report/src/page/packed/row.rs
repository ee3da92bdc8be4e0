//! A cell's forks and windows.
//!
//! A number is 900 p + d - 100, for its three digits d and its power of ten k + p. A row begins with k, with the
//! number of forks, and with how many windows each has: a count, or 0 and a list of counts after its length. A number
//! that most windows are near follows, in two letters, and the windows fork by fork, as differences from it. The
//! values of the forks are last. They are within a unit of the means of their windows nearly always, so four of them
//! share a letter.

use contend_analysis::text::number;

use super::Letters;

/// A window is written as a difference from the row's base from this far below it on.
const BACK: i64 = 300;

/// The forks whose values share a letter: three differences each, in less than [`OFF`] numbers.
const TOGETHER: usize = 4;

/// The letter before the values of forks of which any is further from its windows' mean.
const OFF: i64 = 81;

/// Where the values of such forks begin to take one letter.
const BELOW: i64 = 40;

/// The least power of ten of a row, below 1.
const LEAST: i32 = 45;

/// The number that a fork's value is compared with where it has no windows.
const NO_WINDOWS: i64 = 0;

/// The row of a cell: the values of its forks, and those of each fork's windows. Values that are not positive numbers,
/// or nine powers of ten above the least, are left out. Empty where none is left.
pub fn packed_row(forks: &[f64], windows: &[Vec<f64>]) -> String {
    let values = forks.iter().chain(windows.iter().flatten());
    let powers = values.filter_map(|value| number::digits(*value)).map(|(_, power)| power);
    let Some(least) = powers.filter(|power| (-LEAST..LEAST).contains(power)).min() else {
        return String::new();
    };
    let indices =
        |values: &[f64]| values.iter().filter_map(|value| index_of(*value, least)).collect::<Vec<i64>>();
    let forks = indices(forks);
    let windows: Vec<Vec<i64>> = windows.iter().map(|of_fork| indices(of_fork)).collect();

    let mut out = Letters::default();
    out.one(i64::from(least + LEAST));
    push_counts(&mut out, forks.len(), &windows);
    let base = base(windows.concat());
    out.two(base);
    for index in windows.iter().flatten() {
        if !out.difference(index - base, BACK) {
            out.two(*index);
        }
    }
    push_forks(&mut out, &forks, &windows);
    out.0
}

/// How many forks there are, and how many windows each has.
fn push_counts(out: &mut Letters, forks: usize, windows: &[Vec<i64>]) {
    out.count(forks);
    let each = windows.first().map_or(0, Vec::len);
    let alike = each > 0 && windows.len() == forks && windows.iter().all(|of_fork| of_fork.len() == each);
    out.count(if alike { each } else { 0 });
    if !alike {
        out.count(windows.len());
        windows.iter().for_each(|of_fork| out.count(of_fork.len()));
    }
}

/// The least of the numbers that take one letter: most windows do.
fn base(mut indices: Vec<i64>) -> i64 {
    indices.sort_unstable();
    let near = |at: usize| indices[at..].partition_point(|index| *index < indices[at] + super::NEAR);
    let best = (0..indices.len()).rev().max_by_key(|at| near(*at));
    best.map_or(0, |at| indices[at])
}

fn push_forks(out: &mut Letters, forks: &[i64], windows: &[Vec<i64>]) {
    let expected: Vec<i64> =
        (0..forks.len()).map(|at| windows.get(at).map_or(NO_WINDOWS, |of| mean(of))).collect();
    for (forks, expected) in forks.chunks(TOGETHER).zip(expected.chunks(TOGETHER)) {
        let off = || forks.iter().zip(expected).map(|(fork, expected)| fork - expected);
        if off().all(|off| (-1..=1).contains(&off)) {
            out.one(off().fold(0, |all, off| 3 * all + off + 1));
            continue;
        }
        out.one(OFF);
        for (fork, off) in forks.iter().zip(off()) {
            if !out.difference(off + BELOW, BACK) {
                out.two(*fork);
            }
        }
    }
}

/// The mean of some numbers, in whole numbers: the script has to find the same.
fn mean(indices: &[i64]) -> i64 {
    if indices.is_empty() {
        return NO_WINDOWS;
    }
    let value =
        |index: &i64| (index % 900 + 100) * 10_i64.pow(u32::try_from(index / 900).unwrap_or_default());
    let (sum, mut count, mut power) = (indices.iter().map(value).sum::<i64>(), indices.len() as i64, 0);
    while sum >= 1000 * count {
        count *= 10;
        power += 1;
    }
    900 * power + (sum as f64 / count as f64).floor() as i64 - 100
}

fn index_of(value: f64, least: i32) -> Option<i64> {
    let (digits, power) = number::digits(value)?;
    let steps = power - least;
    (0..9).contains(&steps).then_some(i64::from(900 * steps) + i64::from(digits) - 100)
}

#[cfg(test)]
mod tests {
    use super::super::Reader;
    use super::*;

    /// Reads a row like the page's script: forks, and windows by fork.
    fn read(row: &str) -> (Vec<f64>, Vec<Vec<f64>>) {
        let mut letters = Reader::new(row);
        let least = letters.one() as i32 - LEAST;
        let forks = letters.count();
        let counts: Vec<usize> = match letters.count() {
            0 => {
                let length = letters.count();
                (0..length).map(|_| letters.count()).collect()
            }
            each => vec![each; forks],
        };
        let base = letters.two();
        let window = |letters: &mut Reader| match letters.difference(BACK) {
            Some(difference) => base + difference,
            None => letters.two(),
        };
        let windows: Vec<Vec<i64>> =
            counts.iter().map(|count| (0..*count).map(|_| window(&mut letters)).collect()).collect();
        let mut values = Vec::new();
        while values.len() < forks {
            let expected: Vec<i64> = (values.len()..forks.min(values.len() + TOGETHER))
                .map(|at| windows.get(at).map_or(NO_WINDOWS, |of| mean(of)))
                .collect();
            let mut all = letters.one();
            if all == OFF {
                for expected in expected {
                    let off = letters.difference(BACK);
                    values.push(off.map_or_else(|| letters.two(), |off| expected + off - BELOW));
                }
                continue;
            }
            let offs = expected.iter().rev().map(|expected| {
                let off = all % 3 - 1;
                all /= 3;
                expected + off
            });
            let mut offs: Vec<i64> = offs.collect();
            offs.reverse();
            values.extend(offs);
        }
        assert!(letters.is_at_end());
        let value = |index: &i64| (index % 900 + 100) as f64 * 10f64.powi(least + (index / 900) as i32);
        (
            values.iter().map(value).collect(),
            windows.iter().map(|of| of.iter().map(value).collect()).collect(),
        )
    }

    fn short(values: &[f64]) -> Vec<String> {
        values.iter().copied().map(number::short).collect()
    }

    fn same(forks: &[f64], windows: &[Vec<f64>]) {
        let (found, inside) = read(&packed_row(forks, windows));
        assert_eq!(short(&found), short(forks));
        assert_eq!(inside.len(), windows.len());
        for (found, wanted) in inside.iter().zip(windows) {
            assert_eq!(short(found), short(wanted));
        }
    }

    #[test]
    fn a_number_keeps_three_digits() {
        let row = packed_row(&[12.3], &[vec![1.005e1, 99.96, 1234.0, 999.0e6, 0.0, -1.0, f64::NAN, 1e30]]);
        assert_eq!(short(&read(&row).1[0]), ["10.1", "100", "1,230", "999,000,000"]);
    }

    #[test]
    fn forks_and_windows_are_read_as_they_were_written() {
        let mut seed = 1_u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as f64 / (1_u64 << 31) as f64
        };
        for spread in [0.001, 0.05, 0.5, 4.0] {
            for each in [1, 3, 5] {
                let windows: Vec<Vec<f64>> = (0..7)
                    .map(|_| (0..each).map(|_| 87.0 * (spread * (random() - 0.3)).exp()).collect())
                    .collect();
                let means = windows.iter().map(|of| of.iter().sum::<f64>() / of.len() as f64);
                let near: Vec<f64> = means.collect();
                same(&near, &windows);
                let far: Vec<f64> = near.iter().map(|value| value * (1.0 + spread * random())).collect();
                same(&far, &windows);
            }
        }
    }

    #[test]
    fn forks_may_have_no_windows_or_some() {
        same(&[1.0, 2.0], &[]);
        same(&[1.0, 2.0], &[vec![], vec![2.0]]);
        same(&[1.0], &[vec![1.0], vec![3.0, 4.0], vec![5.0]]);
        same(&[], &[vec![1.0, 2.0]]);
        same(&[5.0, 5.0, 5.0, 5.0, 7e5], &vec![vec![5.0; 3]; 5]);
        assert_eq!(packed_row(&[0.0], &[vec![f64::NAN]]), "");
    }

    #[test]
    fn most_windows_take_a_letter_and_four_forks_another() {
        let windows: Vec<Vec<f64>> =
            (0..8).map(|fork| (0..3).map(|at| 50.0 + f64::from(fork + at) / 10.0).collect()).collect();
        let means: Vec<f64> = windows.iter().map(|of| of.iter().sum::<f64>() / 3.0).collect();
        let row = packed_row(&means, &windows);
        assert_eq!(row.len(), 3 + 2 + 24 + 2, "{row}");
    }

    /// The mean of whole numbers is cut, so that nothing depends on how a half is rounded.
    #[test]
    fn a_mean_has_three_digits() {
        assert_eq!(mean(&[0, 1]), 0);
        assert_eq!(mean(&[899, 899]), 899);
        assert_eq!(mean(&[899, 900]), 899);
        assert_eq!(mean(&[0, 7200]), 900 * 7 + 400);
    }
}
