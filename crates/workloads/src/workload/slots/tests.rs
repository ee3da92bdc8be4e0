use super::*;

/// Counts one increment of slot 0 for slot 1.
struct Shifted;

impl Slots<Adjacent> for Shifted {
    fn run<const COPY: usize>(slots: usize, count: u64) -> (Duration, Vec<u64>) {
        let (time, mut numbers) = <Atomics as Slots<Adjacent>>::run::<COPY>(slots, count);
        numbers[0] -= 1;
        numbers[1] += 1;
        (time, numbers)
    }
}

#[test]
fn a_write_to_another_slot_is_reported() {
    let error = lap::<Adjacent, Shifted, 0>(3, 10).unwrap_err();
    assert_eq!(error, "slot 0 holds 9, but its worker wrote 10 times");
}
