//! rtrb: a ring with one thread at each end.

use std::collections::VecDeque;

use ::rtrb::{Consumer, Producer, PushError, RingBuffer};

use super::exclusions;
use crate::capability::{BatchRing, Ring};
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the documentation of the crate, and of `is_abandoned`.
const CHECKED: Checked = Checked::on("2026-11-26", "0.4.1");

const NAME: &str = "rtrb::RingBuffer";

pub(super) fn register(suite: &mut Suite) {
    exclusions::ring(suite, NAME);
    let facts = "Bounded: a ring for one sender and one receiver. Wait-free; no thread can wait at it. Each end keeps \
                 a copy of the other's place.";
    suite.batch_ring::<Rtrb>(Info::of_package("rtrb", NAME).checked(CHECKED).facts(facts));
}

/// `RingBuffer`.
struct Rtrb;

impl Ring for Rtrb {
    type Producer<T: Send + 'static> = Producer<T>;
    type Consumer<T: Send + 'static> = Consumer<T>;

    fn ring<T: Send + 'static>(capacity: usize) -> (Producer<T>, Consumer<T>) {
        RingBuffer::new(capacity)
    }

    #[inline]
    fn push<T: Send + 'static>(producer: &mut Producer<T>, item: T) -> Result<(), T> {
        producer.push(item).map_err(|PushError::Full(item)| item)
    }

    #[inline]
    fn pop<T: Send + 'static>(consumer: &mut Consumer<T>) -> Option<T> {
        consumer.pop().ok()
    }

    #[inline]
    fn is_closed<T: Send + 'static>(consumer: &Consumer<T>) -> bool {
        consumer.is_abandoned()
    }
}

impl BatchRing for Rtrb {
    #[inline]
    fn pop_batch<T: Send + 'static>(consumer: &mut Consumer<T>, items: &mut VecDeque<T>) {
        let chunk = consumer.read_chunk(consumer.slots());
        items.extend(chunk.expect("there are at least as many"));
    }
}
