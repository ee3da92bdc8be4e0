//! ringbuf: a ring with one thread at each end.

use std::collections::VecDeque;

use ::ringbuf::traits::{Consumer, Observer, Producer, Split};
use ::ringbuf::{HeapCons, HeapProd, HeapRb};

use super::exclusions;
use crate::capability::{BatchRing, Ring};
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the README, and the documentation of `HeapRb` and `Observer`.
const CHECKED: Checked = Checked::on("2026-11-26", "0.6.0");

const NAME: &str = "ringbuf::HeapRb";

pub(super) fn register(suite: &mut Suite) {
    exclusions::ring(suite, NAME);
    let facts = "Bounded: a ring for one sender and one receiver. Lock-free; no thread can wait at it. Each end keeps \
                 a copy of the other's place.";
    suite.batch_ring::<Ringbuf>(Info::of_package("ringbuf", NAME).checked(CHECKED).facts(facts));
}

/// `HeapRb`, with the ends that its documentation recommends.
struct Ringbuf;

impl Ring for Ringbuf {
    type Producer<T: Send + 'static> = HeapProd<T>;
    type Consumer<T: Send + 'static> = HeapCons<T>;

    fn ring<T: Send + 'static>(capacity: usize) -> (HeapProd<T>, HeapCons<T>) {
        HeapRb::new(capacity).split()
    }

    #[inline]
    fn push<T: Send + 'static>(producer: &mut HeapProd<T>, item: T) -> Result<(), T> {
        producer.try_push(item)
    }

    #[inline]
    fn pop<T: Send + 'static>(consumer: &mut HeapCons<T>) -> Option<T> {
        consumer.try_pop()
    }

    #[inline]
    fn is_closed<T: Send + 'static>(consumer: &HeapCons<T>) -> bool {
        !consumer.write_is_held()
    }
}

impl BatchRing for Ringbuf {
    #[inline]
    fn pop_batch<T: Send + 'static>(consumer: &mut HeapCons<T>, items: &mut VecDeque<T>) {
        items.extend(consumer.pop_iter());
    }
}
