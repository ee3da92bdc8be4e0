//! The floor and the serial loop, and a channel of tokens, a count under a mutex and a lock as a semaphore.

use super::{NAME, One, Semaphore, add};
use crate::capability::{Lock, MutexCondvar, SharedEnds};
use crate::model::NoOp;
use crate::registry::{Info, Suite};
use crate::workload::closed::Serial;
use contend_record::Class;

/// Adds the lock itself, in the variant in which one thread may be inside.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    for several in ["semaphore/2of5", "semaphore/8of64"] {
        suite.exclude(several, &info.name, "a lock lets in one thread: see `lock`");
    }
    let role = "The lock itself, for comparison with a channel of one token.";
    suite.add::<One, OneLock<L::WithState<()>>>(info.in_role("", role));
}

/// Adds a count of free places under a mutex.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A count under a mutex. A thread that leaves wakes one. A panic inside never frees its place.";
    add::<Count<C>>(suite, &info.in_role("+Condvar", role));
}

/// Adds the same with its waiters counted.
pub fn register_counted_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A count under a mutex, and a count of waiters. A thread that leaves wakes one if somebody waits. A \
                panic inside never frees its place.";
    add::<Count<C>>(suite, &info.in_role("+Condvar+counted", role));
}

/// Adds a channel of tokens.
pub fn register_tokens<C: SharedEnds>(suite: &mut Suite, info: &Info) {
    let role = "Sends a token to enter, and receives one to leave. A panic inside never frees its token.";
    add::<Tokens<C>>(suite, &info.in_role("+tokens", role));
}

/// Adds the exclusions and their reasons. Must run before contenders are added, to keep them out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "std::sync::Semaphore", "std has no semaphore");
    suite.exclude(NAME, "dashmap::DashMap", "no thread can wait on a map");
    let atomics = "no thread can wait on an atomic: without a free place it could only spin";
    suite.exclude(NAME, "atomics", atomics);
    let rayon = "a pool bounds what runs by its number of threads, and no other thread can wait for a place";
    suite.exclude(NAME, "rayon", rayon);
}

impl Semaphore for NoOp {
    const CLASS: Class = Class::Floor;

    fn new(_: usize) -> Self {
        NoOp
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        inside()
    }
}

impl Semaphore for Serial {
    const CLASS: Class = Class::Partitioned;

    fn workers(_: usize) -> usize {
        1
    }

    fn new(_: usize) -> Self {
        Self
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        inside()
    }
}

/// A channel of as many tokens as threads may be inside. It is full when no more may enter.
pub struct Tokens<C: SharedEnds>(C::Ends<()>);

impl<C: SharedEnds> Semaphore for Tokens<C> {
    fn new(permits: usize) -> Self {
        Self(C::ends(permits))
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        C::send(&self.0, ());
        let result = inside();
        C::receive(&self.0);
        result
    }
}

/// A count of free places under a mutex.
pub struct Count<C: MutexCondvar> {
    free: C::Mutex<usize>,
    left: C::Condvar,
}

impl<C: MutexCondvar> Semaphore for Count<C> {
    fn new(permits: usize) -> Self {
        Self { free: C::mutex(permits), left: C::Condvar::default() }
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        let mut free = C::lock(&self.free);
        while *free == 0 {
            free = C::wait(&self.left, free);
        }
        *free -= 1;
        drop(free);
        let result = inside();
        *C::lock(&self.free) += 1;
        C::notify_one(&self.left);
        result
    }
}

/// A lock, which lets in one thread.
struct OneLock<L>(L);

impl<L: Lock<State = ()>> Semaphore for OneLock<L> {
    fn new(permits: usize) -> Self {
        assert_eq!(permits, 1, "a lock lets in one thread");
        Self(L::new(()))
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        self.0.with_mut(|()| inside())
    }
}
