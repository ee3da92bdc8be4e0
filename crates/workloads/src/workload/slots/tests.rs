use super::*;
use crate::workload::broken;

/// Counts one increment of slot 0 for slot 1.
struct Shifted;

impl Slots<Adjacent> for Shifted {
    fn run<const COPY: usize>(slots: usize, count: u64, workers: &WorkerCounts) -> (Duration, Vec<u64>) {
        let (time, mut numbers) = <Atomics as Slots<Adjacent>>::run::<COPY>(slots, count, workers);
        numbers[0] -= 1;
        numbers[1] += 1;
        (time, numbers)
    }
}

#[test]
fn a_write_to_another_slot_is_reported() {
    let error = lap::<Adjacent, Shifted, 0>(3, 10).map(|_| ()).unwrap_err();
    assert_eq!(error, "slot 0 holds 9, but its worker wrote 10 times");
}

/// Has one worker of two do everything.
struct OneDoesAll;

impl Slots<Adjacent> for OneDoesAll {
    fn run<const COPY: usize>(slots: usize, count: u64, workers: &WorkerCounts) -> (Duration, Vec<u64>) {
        <RankedSerial as Slots<Adjacent>>::run::<COPY>(slots, count, workers)
    }
}

#[test]
fn a_worker_that_does_nothing_is_counted() {
    let sample = broken::sample(measure::<Adjacent, OneDoesAll, 0>);
    assert_eq!(broken::idle(&sample.timing.operations), 1, "{sample:?}");
    assert_eq!(sample.timing.total() % sample.timing.chunk, 0, "{sample:?}");
}
