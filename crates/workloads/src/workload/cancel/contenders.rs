//! Ways to stop workers that are made of a channel or of a condition variable.

use std::sync::Arc;
use std::time::Duration;

use super::{Cancel, NAME, add};
use crate::capability::{Channel, Mpmc, MutexCondvar, ReceiveTimeout, TryRecv};
use crate::registry::{Info, Suite};

/// How long a worker that can only poll sleeps between two polls.
pub const POLL_INTERVAL: Duration = Duration::from_millis(1);

/// The limit of a wait that has one.
const LIMIT: Duration = Duration::from_millis(10);

/// Adds a channel for each worker, which is closed.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "A channel for each worker, since a receiver cannot be shared. Its sender is dropped. Busy \
                workers call try_recv, sleeping ones recv.";
    add::<Close<C>>(suite, &info.in_role("+close", role));
}

/// Adds a channel that all workers watch, which is closed.
pub fn register_mpmc<C: Mpmc>(suite: &mut Suite, info: &Info) {
    let role = "One channel that all workers watch. Its sender is dropped. Busy workers call try_recv, \
                sleeping ones recv.";
    add::<CloseShared<C>>(suite, &info.in_role("+close", role));
}

/// Adds a channel for each worker, where each wait has a limit.
pub fn register_receive_timeout<C: ReceiveTimeout>(suite: &mut Suite, info: &Info) {
    let role = "A channel for each worker, which is closed. Each wait has a limit, as in a worker with timed \
                work: 0 for busy workers, 10 ms for sleeping ones.";
    add::<CloseWithTimeout<C>>(suite, &info.in_role("+recv_timeout", role));
}

/// Adds a flag under a mutex.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A flag under a mutex, which each poll locks. The cancel wakes all waiters.";
    add::<LockedFlag<C>>(suite, &info.in_role("+Condvar", role));
}

/// Adds the reasons for what is missing. Call it before the contenders are added.
pub fn register_exclusions(suite: &mut Suite) {
    for (contender, reason) in [
        ("serial", "a single thread has no other to stop"),
        ("std::thread::JoinHandle", "a thread cannot be stopped from outside: it must poll"),
        ("rayon", "its tasks end by themselves; `first-error` has try_for_each"),
        ("dashmap::DashMap", "no thread can wait at a map"),
    ] {
        suite.exclude(NAME, contender, reason);
    }
}

/// A channel for each worker, all of which are closed.
pub struct Close<C: Channel>(Vec<C::Sender<()>>);

impl<C: Channel> Cancel for Close<C> {
    type Watch = C::Receiver<()>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (senders, receivers) = (0..workers).map(|_| C::channel(1)).unzip();
        (Self(senders), receivers)
    }

    #[inline]
    fn cancelled(receiver: &mut Self::Watch) -> bool {
        matches!(C::try_receive(receiver), TryRecv::Closed)
    }

    fn sleep(receiver: &mut Self::Watch) {
        let none = C::receive(receiver);
        assert!(none.is_none(), "nothing is sent");
    }

    fn cancel(self) {
        drop(self.0);
    }
}

/// As [`Close`], where each wait has a limit.
pub struct CloseWithTimeout<C: Channel>(Close<C>);

impl<C: ReceiveTimeout> Cancel for CloseWithTimeout<C> {
    type Watch = C::Receiver<()>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (close, receivers) = Close::new(workers);
        (Self(close), receivers)
    }

    #[inline]
    fn cancelled(receiver: &mut Self::Watch) -> bool {
        matches!(C::receive_timeout(receiver, Duration::ZERO), TryRecv::Closed)
    }

    fn sleep(receiver: &mut Self::Watch) {
        while !matches!(C::receive_timeout(receiver, LIMIT), TryRecv::Closed) {}
    }

    fn cancel(self) {
        self.0.cancel();
    }
}

/// One channel that all workers watch.
pub struct CloseShared<C: Mpmc>(C::Sender<()>);

impl<C: Mpmc> Cancel for CloseShared<C> {
    type Watch = C::Receiver<()>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (sender, receiver) = C::channel(1);
        (Self(sender), vec![receiver; workers])
    }

    #[inline]
    fn cancelled(receiver: &mut Self::Watch) -> bool {
        Close::<C>::cancelled(receiver)
    }

    fn sleep(receiver: &mut Self::Watch) {
        Close::<C>::sleep(receiver);
    }

    fn cancel(self) {
        drop(self.0);
    }
}

/// A flag under a mutex, and a condition variable.
pub struct LockedFlag<C: MutexCondvar>(Arc<(C::Mutex<bool>, C::Condvar)>);

impl<C: MutexCondvar> Cancel for LockedFlag<C> {
    type Watch = Arc<(C::Mutex<bool>, C::Condvar)>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let shared = Arc::new((C::mutex(false), C::Condvar::default()));
        (Self(shared.clone()), vec![shared; workers])
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
