//! Ways to tell workers to end that need only what a channel or a condition variable can do.

use std::sync::Arc;
use std::time::Duration;

use super::{Cancel, NAME, add};
use crate::capability::{Channel, Mpmc, MutexCondvar, ReceiveTimeout, TryRecv};
use crate::registry::{Info, Suite};

/// How long a worker that can only look sleeps between two looks.
pub const LOOK_INTERVAL: Duration = Duration::from_millis(1);

/// How long a wait with a limit waits.
const LIMIT: Duration = Duration::from_millis(10);

/// Adds a channel for each worker, which is closed.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "A channel for each worker, since a receiver cannot be shared; its sender is dropped. Looking is \
                try_recv, sleeping recv.";
    add::<Close<C>>(suite, &info.in_role("+close", role));
}

/// Adds a channel that all workers watch, which is closed.
pub fn register_mpmc<C: Mpmc>(suite: &mut Suite, info: &Info) {
    let role =
        "One channel that all workers watch; its sender is dropped. Looking is try_recv, sleeping recv.";
    add::<Shared<C>>(suite, &info.in_role("+close", role));
}

/// Adds a channel for each worker, where each wait has a limit.
pub fn register_receive_timeout<C: ReceiveTimeout>(suite: &mut Suite, info: &Info) {
    let role = "A channel for each worker, which is closed; each wait has a limit, as for work that is due: 0 for a \
                look, 10 ms at a time for sleep.";
    add::<CloseWithTimeout<C>>(suite, &info.in_role("+recv_timeout", role));
}

/// Adds a flag under a mutex.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A flag under a mutex, which every look locks; all waiters are woken.";
    add::<State<C>>(suite, &info.in_role("+Condvar", role));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "serial", "one thread has no other to tell");
    suite.exclude(NAME, "std::thread::JoinHandle", "a thread cannot be ended from outside: it must look");
    suite.exclude(NAME, "rayon", "its tasks end by themselves; `first-error` has try_for_each");
    suite.exclude(NAME, "dashmap::DashMap", "no thread can wait at a map");
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

/// A channel for each worker, all of which are closed; each wait has a limit.
pub struct CloseWithTimeout<C: Channel>(Vec<C::Sender<()>>);

impl<C: ReceiveTimeout> Cancel for CloseWithTimeout<C> {
    type Watch = C::Receiver<()>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (senders, receivers) = (0..workers).map(|_| C::channel(1)).unzip();
        (Self(senders), receivers)
    }

    #[inline]
    fn cancelled(receiver: &mut Self::Watch) -> bool {
        matches!(C::receive_timeout(receiver, Duration::ZERO), TryRecv::Closed)
    }

    fn sleep(receiver: &mut Self::Watch) {
        while !matches!(C::receive_timeout(receiver, LIMIT), TryRecv::Closed) {}
    }

    fn cancel(self) {
        drop(self.0);
    }
}

/// A channel that all watch.
pub struct Shared<C: Mpmc>(C::Sender<()>);

impl<C: Mpmc> Cancel for Shared<C> {
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
        assert!(none.is_none(), "nothing is sent");
    }

    fn cancel(self) {
        drop(self.0);
    }
}

/// A flag under a mutex.
pub struct State<C: MutexCondvar>(Arc<(C::Mutex<bool>, C::Condvar)>);

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
