//! The ways to meet.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};

use super::{Handoff, NAME, contender};
use crate::contenders::{MutexCondvar, spin_for};
use crate::model::Channel;
use crate::registry::{Info, Suite};

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    let std = |name, family| Info::new(name).family(family).package("std");
    suite.contender(contender::<Rendezvous<crate::contenders::std::Bounded>>(std("std::sync::mpsc::sync_channel", "std channels").notes("Capacity 0: spins briefly, then parks until both are there.")));
    suite.contender(contender::<Slot<crate::contenders::std::StdCondvar>>(std("std::sync::Mutex+Condvar", "std Mutex").notes("A place for one value under a Mutex, and a Condvar for each side.")));
    suite.contender(contender::<Parked>(std("std::thread::park+unpark", "threads").notes("An atomic place for one value; who waits is parked, and woken by name.")));
    suite.contender(contender::<Spun>(std("std::sync::atomic+spin", "atomics").notes("Burns a core at each end for as long as it waits: it looks 100 times, then yields to others between looks.")));
    #[cfg(feature = "contenders")]
    {
        use crate::contenders::{crossbeam, flume, parking_lot};
        suite.contender(contender::<Slot<parking_lot::ParkingLotCondvar>>(Info::new("parking_lot::Mutex+Condvar").family("parking_lot").package("parking_lot").notes("As with std's: a place for one value under a Mutex, and a Condvar for each side.")));
        suite.contender(contender::<Rendezvous<crossbeam::Bounded>>(Info::new("crossbeam_channel::bounded").family("crossbeam").package("crossbeam-channel").notes("Capacity 0: spins briefly, then parks until both are there.")));
        suite.contender(contender::<Rendezvous<flume::Bounded>>(Info::new("flume::bounded").family("flume").package("flume").notes("Capacity 0: parks until both are there. Maintained for fixes only.")));
    }
    suite.exclude(NAME, "serial", "one thread has nobody to meet");
    suite.exclude(NAME, "std::sync::mpsc::channel", "it has no capacity of 0: a sender never waits");
    suite.exclude(NAME, "dashmap::DashMap", "a map holds values and lets nobody wait for one");
    suite.exclude(NAME, "rayon", "its tasks may not wait for each other: a pool of one thread would never end");
}

/// A channel of capacity 0.
pub(in crate::workload) struct Rendezvous<C>(C);

impl<C: Channel> Handoff for Rendezvous<C> {
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

/// A place for a value under a mutex.
struct Slot<C: MutexCondvar> {
    value: C::Mutex<Option<u64>>,
    given: C::Condvar,
    taken: C::Condvar,
}

impl<C: MutexCondvar> Handoff for Slot<C> {
    type Giver = Arc<Self>;
    type Taker = Arc<Self>;

    fn pair() -> (Arc<Self>, Arc<Self>) {
        let slot = Arc::new(Slot {
            value: C::mutex(None),
            given: C::Condvar::default(),
            taken: C::Condvar::default(),
        });
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

/// A place for a value that two threads share without a lock.
#[derive(Default)]
struct Cell {
    value: AtomicU64,
    full: AtomicBool,
}

impl Cell {
    #[inline]
    fn put(&self, value: u64) {
        self.value.store(value, Ordering::Relaxed);
        self.full.store(true, Ordering::Release);
    }

    #[inline]
    fn full(&self) -> bool {
        self.full.load(Ordering::Acquire)
    }

    #[inline]
    fn get(&self) -> u64 {
        let value = self.value.load(Ordering::Relaxed);
        self.full.store(false, Ordering::Release);
        value
    }
}

/// Who waits looks again and again.
struct Spun;

impl Handoff for Spun {
    type Giver = Arc<Cell>;
    type Taker = Arc<Cell>;

    fn pair() -> (Arc<Cell>, Arc<Cell>) {
        let cell = Arc::new(Cell::default());
        (cell.clone(), cell)
    }

    #[inline]
    fn give(cell: &mut Arc<Cell>, value: u64) {
        cell.put(value);
        spin_for(|| (!cell.full()).then_some(()));
    }

    #[inline]
    fn take(cell: &mut Arc<Cell>) -> u64 {
        spin_for(|| cell.full().then(|| cell.get()))
    }
}

/// Who waits is parked.
struct Parked;

/// What two threads that park share.
#[derive(Default)]
struct Meeters {
    cell: Cell,
    /// Giver and taker. A mutex, so that who signs in late sees what the other did before it looked
    /// for a name.
    names: Mutex<[Option<Thread>; 2]>,
}

/// One of the two.
struct Meeter {
    shared: Arc<Meeters>,
    side: usize,
    signed: bool,
    other: Option<Thread>,
}

impl Meeter {
    #[inline]
    fn sign_in(&mut self) {
        if !self.signed {
            let mut names = self.shared.names.lock().unwrap();
            names[self.side] = Some(thread::current());
            self.signed = true;
        }
    }

    #[inline]
    fn wake(&mut self) {
        if self.other.is_none() {
            let names = self.shared.names.lock().unwrap();
            self.other.clone_from(&names[1 - self.side]);
        }
        if let Some(other) = &self.other {
            other.unpark();
        }
    }

    #[inline]
    fn wait_until(&self, full: bool) {
        while self.shared.cell.full() != full {
            thread::park();
        }
    }
}

impl Handoff for Parked {
    type Giver = Meeter;
    type Taker = Meeter;

    fn pair() -> (Meeter, Meeter) {
        let shared = Arc::new(Meeters::default());
        let meeter = |side| Meeter {
            shared: shared.clone(),
            side,
            signed: false,
            other: None,
        };
        (meeter(0), meeter(1))
    }

    #[inline]
    fn give(giver: &mut Meeter, value: u64) {
        giver.sign_in();
        giver.shared.cell.put(value);
        giver.wake();
        giver.wait_until(false);
    }

    #[inline]
    fn take(taker: &mut Meeter) -> u64 {
        taker.sign_in();
        taker.wait_until(true);
        let value = taker.shared.cell.get();
        taker.wake();
        value
    }
}
