//! The ways to tell.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};
use std::time::Duration;

use super::{Cancel, NAME, add};
use crate::contenders::std::{Bounded, StdCondvar};
use crate::contenders::{MutexCondvar, ReceiveTimeout, TryRecv};
use crate::registry::{Info, Suite};

/// How long who can only look sleeps between two looks.
const NAP: Duration = Duration::from_millis(1);

/// How long a wait with a limit waits.
const LIMIT: Duration = Duration::from_millis(10);

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    let std = |name, family| Info::new(name).family(family).package("std");
    add::<Flag>(suite, &std("std::sync::atomic::AtomicBool", "atomics").notes("A flag that is looked at. Nobody can wait for it: who sleeps does so for 1 ms at a time."));
    add::<Unpark>(suite, &std("std::sync::atomic::AtomicBool+unpark", "atomics").notes("A flag; who sleeps is parked, and woken by name."));
    add::<Close<Bounded>>(suite, &std("std::sync::mpsc::sync_channel+close", "std channels").notes("A channel for each worker, since a receiver cannot be shared; its sender is dropped. Looking is try_recv, sleeping recv."));
    add::<Limited<Bounded>>(suite, &std("std::sync::mpsc::sync_channel+recv_timeout", "std channels").notes("As with the close, but each wait has a limit, as for work that is due: 0 for a look, 10 ms at a time for sleep."));
    add::<State<StdCondvar>>(suite, &std("std::sync::Mutex+Condvar", "std Mutex").notes("A flag under a Mutex, which every look locks; all are woken."));
    #[cfg(feature = "contenders")]
    {
        use crate::contenders::{crossbeam, flume, parking_lot};
        add::<State<parking_lot::ParkingLotCondvar>>(suite, &Info::new("parking_lot::Mutex+Condvar").family("parking_lot").package("parking_lot").notes("A flag under a Mutex, which every look locks; all are woken."));
        let cross = |name| Info::new(name).family("crossbeam").package("crossbeam-channel");
        add::<Shared<crossbeam::Bounded>>(suite, &cross("crossbeam_channel::bounded+close").notes("One channel that all workers watch; its sender is dropped. Looking is try_recv, sleeping recv."));
        add::<Limited<crossbeam::Bounded>>(suite, &cross("crossbeam_channel::bounded+recv_timeout").notes("As with the close, but a channel for each worker, and each wait has a limit: 0 for a look, 10 ms at a time for sleep."));
        add::<Shared<flume::Bounded>>(suite, &Info::new("flume::bounded+close").family("flume").package("flume").notes("One channel that all workers watch; its sender is dropped. Looking is try_recv, sleeping recv. Maintained for fixes only."));
        add::<Limited<flume::Bounded>>(suite, &Info::new("flume::bounded+recv_timeout").family("flume").package("flume").notes("As with the close, but a channel for each worker, and each wait has a limit: 0 for a look, 10 ms at a time for sleep. Maintained for fixes only."));
    }
    suite.exclude(NAME, "serial", "one thread has nobody to tell");
    suite.exclude(NAME, "std::thread::JoinHandle", "a thread cannot be ended from outside: it must look");
    suite.exclude(NAME, "rayon", "its tasks end by themselves; `first-error` has try_for_each");
    suite.exclude(NAME, "dashmap::DashMap", "a map lets nobody wait");
}

/// A flag.
struct Flag(Arc<AtomicBool>);

impl Cancel for Flag {
    type Watch = Arc<AtomicBool>;

    fn new(workers: usize) -> (Self, Vec<Arc<AtomicBool>>) {
        let flag = Arc::<AtomicBool>::default();
        (Flag(flag.clone()), vec![flag; workers])
    }

    #[inline]
    fn cancelled(flag: &mut Arc<AtomicBool>) -> bool {
        flag.load(Ordering::Acquire)
    }

    fn sleep(flag: &mut Arc<AtomicBool>) {
        while !flag.load(Ordering::Acquire) {
            thread::sleep(NAP);
        }
    }

    fn cancel(self) {
        self.0.store(true, Ordering::Release);
    }
}

/// A flag, and the names of those who sleep.
struct Unpark(Arc<(AtomicBool, Mutex<Vec<Thread>>)>);

impl Cancel for Unpark {
    type Watch = Arc<(AtomicBool, Mutex<Vec<Thread>>)>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let shared = Self::Watch::default();
        (Unpark(shared.clone()), vec![shared; workers])
    }

    #[inline]
    fn cancelled(shared: &mut Self::Watch) -> bool {
        shared.0.load(Ordering::Acquire)
    }

    fn sleep(shared: &mut Self::Watch) {
        // Signed in before the look: who cancels finds the name, or the flag is seen.
        shared.1.lock().unwrap().push(thread::current());
        while !shared.0.load(Ordering::Acquire) {
            thread::park();
        }
    }

    fn cancel(self) {
        let (flag, names) = &*self.0;
        flag.store(true, Ordering::Release);
        for thread in names.lock().unwrap().drain(..) {
            thread.unpark();
        }
    }
}

/// A channel for each worker, all of which are closed. `LIMITED` says that each wait has a limit.
pub(in crate::workload) struct Each<C: ReceiveTimeout, const LIMITED: bool>(Vec<C::Sender<()>>);

/// StdCondvar without a limit.
type Close<C> = Each<C, false>;

/// As [`Close`], with waits that have a limit.
pub(in crate::workload) type Limited<C> = Each<C, true>;

impl<C: ReceiveTimeout, const LIMITED: bool> Cancel for Each<C, LIMITED> {
    type Watch = C::Receiver<()>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (senders, receivers) = (0..workers).map(|_| C::channel(1)).unzip();
        (Each(senders), receivers)
    }

    #[inline]
    fn cancelled(receiver: &mut Self::Watch) -> bool {
        let got = match LIMITED {
            true => C::receive_timeout(receiver, Duration::ZERO),
            false => C::try_receive(receiver),
        };
        matches!(got, TryRecv::Closed)
    }

    fn sleep(receiver: &mut Self::Watch) {
        if LIMITED {
            while !matches!(C::receive_timeout(receiver, LIMIT), TryRecv::Closed) {}
        } else {
            let none = C::receive(receiver);
            assert!(none.is_none(), "nobody sends");
        }
    }

    fn cancel(self) {
        drop(self.0);
    }
}

/// A channel that all watch.
pub(in crate::workload) struct Shared<C: ReceiveTimeout>(C::Sender<()>);

impl<C: ReceiveTimeout> Cancel for Shared<C>
where
    C::Receiver<()>: Clone,
{
    type Watch = C::Receiver<()>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (sender, receiver) = C::channel(1);
        (Shared(sender), vec![receiver; workers])
    }

    #[inline]
    fn cancelled(receiver: &mut Self::Watch) -> bool {
        matches!(C::try_receive(receiver), TryRecv::Closed)
    }

    fn sleep(receiver: &mut Self::Watch) {
        let none = C::receive(receiver);
        assert!(none.is_none(), "nobody sends");
    }

    fn cancel(self) {
        drop(self.0);
    }
}

/// A flag under a mutex.
struct State<C: MutexCondvar>(Arc<(C::Mutex<bool>, C::Condvar)>);

impl<C: MutexCondvar> Cancel for State<C> {
    type Watch = Arc<(C::Mutex<bool>, C::Condvar)>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let shared = Arc::new((C::mutex(false), C::Condvar::default()));
        (State(shared.clone()), vec![shared; workers])
    }

    #[inline]
    fn cancelled(shared: &mut Self::Watch) -> bool {
        *C::lock(&shared.0)
    }

    fn sleep(shared: &mut Self::Watch) {
        let (cancelled, told) = &**shared;
        let mut cancelled = C::lock(cancelled);
        while !*cancelled {
            cancelled = C::wait(told, cancelled);
        }
    }

    fn cancel(self) {
        let (cancelled, told) = &*self.0;
        *C::lock(cancelled) = true;
        C::notify_all(told);
    }
}
