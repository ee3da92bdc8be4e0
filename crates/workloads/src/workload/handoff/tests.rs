use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::*;
use crate::capability::spin_for;

fn fault<H: Handoff>(params: Params) -> String {
    let fault = lap::<H, 0>(&mut Team::new(2), params, 0, BATCH, true);
    fault.unwrap_err().to_string()
}

/// Gives one value twice, and skips the next.
struct Doubles;

impl Handoff for Doubles {
    type Giver = SyncSender<u64>;
    type Taker = Receiver<u64>;

    fn pair() -> (SyncSender<u64>, Receiver<u64>) {
        sync_channel(0)
    }

    fn give(giver: &mut SyncSender<u64>, value: u64) {
        giver.send(value - u64::from(value == 7)).unwrap();
    }

    fn take(taker: &mut Receiver<u64>) -> u64 {
        taker.recv().unwrap()
    }
}

/// A buffer, whose taker waits until all values are given.
struct Buffered;

impl Handoff for Buffered {
    type Giver = (SyncSender<u64>, Arc<AtomicU64>);
    type Taker = (Receiver<u64>, Arc<AtomicU64>);

    fn pair() -> (Self::Giver, Self::Taker) {
        let (sender, receiver) = sync_channel(BATCH as usize);
        let given = Arc::<AtomicU64>::default();
        ((sender, given.clone()), (receiver, given))
    }

    fn give((sender, given): &mut Self::Giver, value: u64) {
        sender.send(value).unwrap();
        given.fetch_add(1, Ordering::Relaxed);
    }

    fn take((receiver, given): &mut Self::Taker) -> u64 {
        spin_for(|| (given.load(Ordering::Relaxed) == BATCH).then_some(()));
        receiver.recv().unwrap()
    }
}

#[test]
fn a_doubled_value_is_reported() {
    let fault_one_way = fault::<Doubles>(Params::OneWay);
    assert!(fault_one_way.starts_with("value 6 arrived where 7 was next"), "{fault_one_way}");
    for params in [Params::PingPong, Params::RoundTrip(P99)] {
        let fault = fault::<Doubles>(params);
        assert!(fault.starts_with("value 4294967302 arrived"), "{fault}");
    }
}

#[test]
fn percentiles_use_the_nearest_rank() {
    let mut trips: Vec<u64> = (1..=200).rev().collect();
    assert_eq!(MEDIAN.of(&mut trips), 100.0);
    assert_eq!(P99.of(&mut trips), 198.0);
    assert_eq!(P99.of(&mut [7]), 7.0);
    assert_eq!(MEDIAN.of(&mut []), 1.0);
}

#[test]
fn a_buffer_is_reported_as_no_meeting() {
    let fault = fault::<Buffered>(Params::OneWay);
    assert!(fault.ends_with("they did not meet"), "{fault}");
}
