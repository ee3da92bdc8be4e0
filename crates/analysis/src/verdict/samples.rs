//! The valid windows of a cell as numbers, and the value of each fork. Knows neither cells nor verdicts.

use std::cmp::Ordering;
use std::ops::Deref;

use contend_record::Record;

use crate::statistics::Sorted;

/// One valid window. Its value is an amount over its divisor: nanoseconds over operations, or a value in another unit
/// over 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) fork: u32,
    pub(super) round: u32,
    /// How long it took.
    pub(super) window_ns: f64,
    amount: f64,
    per: f64,
}

impl Sample {
    pub(super) fn of(record: &Record) -> Self {
        let (amount, per) = match (record.value, &record.unit) {
            (Some(value), Some(_)) => (value, 1.0),
            _ => (record.window_ns as f64, record.total_operations() as f64),
        };
        Self { fork: record.fork, round: record.round, window_ns: record.window_ns as f64, amount, per }
    }

    /// Its value. None where nothing was done in it.
    pub(super) fn value(&self) -> Option<f64> {
        Some(self.amount / self.per).filter(|value| value.is_finite())
    }

    /// Its value, where nothing was done the least that it may be: as if its time had sufficed for one operation.
    fn at_least(&self) -> f64 {
        self.amount / self.per.max(1.0)
    }
}

/// The value of several windows together: the mean of their values, so that windows of a given time and windows of
/// given work count alike. None where nothing was done in any of them.
pub(super) fn mean<'a>(samples: impl IntoIterator<Item = &'a Sample>) -> Option<f64> {
    let (mut sum, mut windows, mut any) = (0.0, 0, false);
    for sample in samples {
        sum += sample.at_least();
        windows += 1;
        any |= sample.value().is_some();
    }
    Some(sum / f64::from(windows)).filter(|value| any && value.is_finite())
}

/// The valid windows of a cell, one for each round, in the order of forks and rounds. The cell is in as many pairs as
/// its class has contenders, so what all of them take from its windows is computed once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Samples {
    windows: Vec<Sample>,
    /// The value of each fork. None where nothing was done in it.
    forks: Vec<Option<f64>>,
    /// The median over windows.
    typical: Option<f64>,
    /// Each window's fork and round in one number, so that rounds are compared quickly.
    rounds: Vec<u64>,
}

impl Deref for Samples {
    type Target = [Sample];

    fn deref(&self) -> &[Sample] {
        &self.windows
    }
}

impl FromIterator<Sample> for Samples {
    /// Of windows in the order of forks and rounds.
    fn from_iter<I: IntoIterator<Item = Sample>>(windows: I) -> Self {
        let windows: Vec<Sample> = windows.into_iter().collect();
        let forks = windows.chunk_by(|x, y| x.fork == y.fork).map(mean).collect();
        let typical = Sorted::new(windows.iter().filter_map(Sample::value).collect()).median();
        let round = |sample: &Sample| u64::from(sample.fork) << 32 | u64::from(sample.round);
        let rounds = windows.iter().map(round).collect();
        Self { windows, forks, typical, rounds }
    }
}

impl Samples {
    /// The value of each fork. None where nothing was done in it.
    pub(super) fn forks(&self) -> &[Option<f64>] {
        &self.forks
    }

    /// The median over windows. None where nothing was done in any.
    pub(super) fn typical(&self) -> Option<f64> {
        self.typical
    }

    /// Whether both have the same rounds.
    pub(super) fn has_rounds_of(&self, other: &Self) -> bool {
        self.rounds == other.rounds
    }

    /// Both, with the rounds that both have.
    pub(super) fn in_common(&self, other: &Self) -> (Self, Self) {
        let (mut a, mut b) = (self.iter().peekable(), other.iter().peekable());
        let mut common = Vec::new();
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match (x.fork, x.round).cmp(&(y.fork, y.round)) {
                Ordering::Less => drop(a.next()),
                Ordering::Greater => drop(b.next()),
                Ordering::Equal => common.extend(a.next().zip(b.next())),
            }
        }
        (common.iter().map(|pair| *pair.0).collect(), common.iter().map(|pair| *pair.1).collect())
    }
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, record_in};
    use contend_record::BlockId;

    use super::*;

    fn window(ns_per_op: f64, operations: u64) -> Record {
        let block = BlockId { workload: "counter".to_owned(), variant: "hot".to_owned(), threads: 2 };
        record_in(&block, "a", 1, 1, ns_per_op, operations)
    }

    #[test]
    fn windows_of_a_given_time_and_of_given_work_count_alike() {
        let mut long = record("a", 1, 1, 10.0);
        long.window_ns = 30_000;
        long.operations = vec![1_500, 1_500];
        let short = record("a", 1, 2, 20.0); // 1,000 operations
        let samples = [Sample::of(&long), Sample::of(&short)];
        assert_eq!(mean(&samples), Some(15.0));
        // In windows of one length, most operations are those of the fast one: the quotient of the sums is 199.8.
        let open = [Sample::of(&window(100.0, 80_000)), Sample::of(&window(100_000.0, 80))];
        assert_eq!(mean(&open), Some(50_050.0));
        // Nothing was done in the second.
        let stalled =
            [Sample::of(&window(100.0, 80_000)), Sample::of(&Record { window_ns: 900, ..window(1.0, 0) })];
        assert_eq!(mean(&stalled), Some(500.0));
        assert_eq!(mean(&stalled[1..]), None);

        let rate = |value| Record { value: Some(value), unit: Some("jobs/s".to_owned()), ..long.clone() };
        let samples = [Sample::of(&rate(2.0)), Sample::of(&rate(4.0))];
        assert_eq!(mean(&samples), Some(3.0));
        assert_eq!(mean(&[]), None);
    }

    #[test]
    fn rounds_in_common_have_values_of_their_own() {
        let of = |rounds: &[(u32, u32, f64)]| -> Samples {
            rounds.iter().map(|&(fork, round, ns)| Sample::of(&record("a", fork, round, ns))).collect()
        };
        let whole = of(&[(1, 1, 10.0), (1, 2, 30.0), (2, 1, 50.0)]);
        assert_eq!((whole.forks(), whole.typical()), (&[Some(20.0), Some(50.0)][..], Some(30.0)));
        let void = of(&[(1, 2, 40.0), (2, 1, 60.0), (3, 1, 1.0)]);
        assert!(whole.has_rounds_of(&whole) && !whole.has_rounds_of(&void));
        let (a, b) = whole.in_common(&void);
        assert!(a.has_rounds_of(&b));
        assert_eq!((a.forks(), a.typical()), (&[Some(30.0), Some(50.0)][..], Some(40.0)));
        assert_eq!(b.forks(), [Some(40.0), Some(60.0)]);
    }
}
