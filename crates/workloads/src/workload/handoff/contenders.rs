//! Meeting places made of a channel or of condition variables.

use std::sync::Arc;

use super::{Handoff, NAME, Params};
use crate::capability::{MutexCondvar, Rendezvous};
use crate::registry::{Info, Suite};

/// Adds a channel of capacity 0.
pub fn register_rendezvous<C: Rendezvous>(suite: &mut Suite, info: &Info) {
    let role = "Capacity 0: sender and receiver wait for each other.";
    suite.add::<Params, Unbuffered<C>>(info.in_role("", role));
}

/// Adds a slot under a mutex.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A slot for one value under a mutex, and a condition variable for each side.";
    suite.add::<Params, Slot<C>>(info.in_role("+Condvar", role));
}

/// Adds the reasons for what is missing. Call it before the contenders are added.
pub fn register_exclusions(suite: &mut Suite) {
    for (contender, reason) in [
        ("serial", "a single thread has no partner to meet"),
        ("std::sync::mpsc::channel", "it has no capacity of 0: a sender never waits"),
        ("dashmap::DashMap", "a map holds values, but no thread can wait for one"),
        ("rayon", "its tasks must not wait for each other: a pool of one thread would never finish"),
    ] {
        suite.exclude(NAME, contender, reason);
    }
}

/// A channel of capacity 0.
pub struct Unbuffered<C>(C);

impl<C: Rendezvous> Handoff for Unbuffered<C> {
    type Giver = C::Sender<u64>;
    type Taker = C::Receiver<u64>;

    fn pair() -> (Self::Giver, Self::Taker) {
        C::channel(0)
    }

    #[inline]
    fn give(giver: &mut Self::Giver, value: u64) {
        C::send(giver, value);
    }

    #[inline]
    fn take(taker: &mut Self::Taker) -> u64 {
        C::receive(taker).expect("the giver lives")
    }
}

/// A slot for one value under a mutex.
pub struct Slot<C: MutexCondvar> {
    value: C::Mutex<Option<u64>>,
    given: C::Condvar,
    taken: C::Condvar,
}

impl<C: MutexCondvar> Handoff for Slot<C> {
    type Giver = Arc<Self>;
    type Taker = Arc<Self>;

    fn pair() -> (Arc<Self>, Arc<Self>) {
        let slot = Slot { value: C::mutex(None), given: C::Condvar::default(), taken: C::Condvar::default() };
        let slot = Arc::new(slot);
        (slot.clone(), slot)
    }

    #[inline]
    fn give(slot: &mut Arc<Self>, value: u64) {
        let mut guard = C::lock(&slot.value);
        *guard = Some(value);
        C::notify_one(&slot.given);
        while guard.is_some() {
            guard = C::wait(&slot.taken, guard);
        }
    }

    #[inline]
    fn take(slot: &mut Arc<Self>) -> u64 {
        let mut guard = C::lock(&slot.value);
        loop {
            if let Some(value) = guard.take() {
                C::notify_one(&slot.taken);
                return value;
            }
            guard = C::wait(&slot.given, guard);
        }
    }
}
