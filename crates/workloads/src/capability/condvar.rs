//! A mutex with condition variables.

use std::ops::DerefMut;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A package's mutex and its condition variables, apart from each other: for waiting on more than one
/// condition, and for waking only one of the waiters. A type without fields names the pair.
pub trait MutexCondvar: 'static {
    /// The mutex.
    type Mutex<T: Send + 'static>: Send + Sync + 'static;
    /// What holds it locked.
    type Guard<'a, T: Send + 'static>: DerefMut<Target = T>;
    /// A condition variable.
    type Condvar: Default + Send + Sync + 'static;

    /// An unlocked mutex.
    fn mutex<T: Send + 'static>(state: T) -> Self::Mutex<T>;

    /// Locks.
    fn lock<T: Send + 'static>(mutex: &Self::Mutex<T>) -> Self::Guard<'_, T>;

    /// Sleeps, unlocked, until a notification; may wake without one.
    fn wait<'a, T: Send + 'static>(condvar: &Self::Condvar, guard: Self::Guard<'a, T>) -> Self::Guard<'a, T>;

    /// As [`wait`](MutexCondvar::wait), at most as long as `limit`.
    fn wait_for<'a, T: Send + 'static>(
        condvar: &Self::Condvar,
        guard: Self::Guard<'a, T>,
        limit: Duration,
    ) -> Self::Guard<'a, T>;

    /// Wakes one waiter.
    fn notify_one(condvar: &Self::Condvar);

    /// Wakes all waiters.
    fn notify_all(condvar: &Self::Condvar);
}

/// A pair of mutex and condition variables that counts its waiters, and notifies only where somebody waits. std's
/// Condvar makes a system call at each notification; callers who know that nobody waits leave it out.
///
/// A notification must follow a change that was made under the mutex. A waiter counts itself under the mutex before it
/// sleeps. So it either saw the change, or the notification sees its count.
pub struct CountedWaiters<C>(C);

/// A condition variable, and how many threads wait at it.
#[derive(Default)]
pub struct CountedCondvar<V> {
    condvar: V,
    waiters: AtomicUsize,
}

impl<V> CountedCondvar<V> {
    #[inline]
    fn has_waiters(&self) -> bool {
        self.waiters.load(Ordering::Relaxed) > 0
    }
}

impl<C: MutexCondvar> MutexCondvar for CountedWaiters<C> {
    type Mutex<T: Send + 'static> = C::Mutex<T>;
    type Guard<'a, T: Send + 'static> = C::Guard<'a, T>;
    type Condvar = CountedCondvar<C::Condvar>;

    fn mutex<T: Send + 'static>(state: T) -> C::Mutex<T> {
        C::mutex(state)
    }

    #[inline]
    fn lock<T: Send + 'static>(mutex: &C::Mutex<T>) -> C::Guard<'_, T> {
        C::lock(mutex)
    }

    #[inline]
    fn wait<'a, T: Send + 'static>(condvar: &Self::Condvar, guard: C::Guard<'a, T>) -> C::Guard<'a, T> {
        condvar.waiters.fetch_add(1, Ordering::Relaxed);
        let guard = C::wait(&condvar.condvar, guard);
        condvar.waiters.fetch_sub(1, Ordering::Relaxed);
        guard
    }

    #[inline]
    fn wait_for<'a, T: Send + 'static>(
        condvar: &Self::Condvar,
        guard: C::Guard<'a, T>,
        limit: Duration,
    ) -> C::Guard<'a, T> {
        condvar.waiters.fetch_add(1, Ordering::Relaxed);
        let guard = C::wait_for(&condvar.condvar, guard, limit);
        condvar.waiters.fetch_sub(1, Ordering::Relaxed);
        guard
    }

    #[inline]
    fn notify_one(condvar: &Self::Condvar) {
        if condvar.has_waiters() {
            C::notify_one(&condvar.condvar);
        }
    }

    #[inline]
    fn notify_all(condvar: &Self::Condvar) {
        if condvar.has_waiters() {
            C::notify_all(&condvar.condvar);
        }
    }
}

/// A value under a mutex with one condition variable.
pub struct Monitor<C: MutexCondvar, T: Send + 'static> {
    state: C::Mutex<T>,
    changed: C::Condvar,
}

impl<C: MutexCondvar, T: Send + 'static> Monitor<C, T> {
    /// An unlocked one.
    pub fn new(state: T) -> Self {
        Self { state: C::mutex(state), changed: C::Condvar::default() }
    }

    /// Calls `f` alone. Wakes no waiter.
    #[inline(always)]
    pub fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut C::lock(&self.state))
    }

    /// Sleeps until `f`, called alone, returns a value; a notification makes it try again.
    #[inline]
    pub fn wait_for<R>(&self, mut f: impl FnMut(&mut T) -> Option<R>) -> R {
        let mut state = C::lock(&self.state);
        loop {
            if let Some(result) = f(&mut state) {
                return result;
            }
            state = C::wait(&self.changed, state);
        }
    }

    /// Wakes all waiters.
    pub fn notify_all(&self) {
        C::notify_all(&self.changed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Condvar, Mutex, MutexGuard};
    use std::thread;

    use super::*;

    /// std's pair, which counts its notifications.
    struct Noting;

    #[derive(Default)]
    struct NotingCondvar(Condvar, AtomicUsize);

    impl MutexCondvar for Noting {
        type Mutex<T: Send + 'static> = Mutex<T>;
        type Guard<'a, T: Send + 'static> = MutexGuard<'a, T>;
        type Condvar = NotingCondvar;

        fn mutex<T: Send + 'static>(state: T) -> Mutex<T> {
            Mutex::new(state)
        }

        fn lock<T: Send + 'static>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
            mutex.lock().unwrap()
        }

        fn wait<'a, T: Send + 'static>(
            condvar: &NotingCondvar,
            guard: Self::Guard<'a, T>,
        ) -> Self::Guard<'a, T> {
            condvar.0.wait(guard).unwrap()
        }

        fn wait_for<'a, T: Send + 'static>(
            condvar: &NotingCondvar,
            guard: Self::Guard<'a, T>,
            limit: Duration,
        ) -> Self::Guard<'a, T> {
            condvar.0.wait_timeout(guard, limit).unwrap().0
        }

        fn notify_one(condvar: &NotingCondvar) {
            condvar.1.fetch_add(1, Ordering::Relaxed);
            condvar.0.notify_one();
        }

        fn notify_all(condvar: &NotingCondvar) {
            condvar.1.fetch_add(1, Ordering::Relaxed);
            condvar.0.notify_all();
        }
    }

    type Counted = CountedWaiters<Noting>;
    type Shared = (Mutex<u32>, CountedCondvar<NotingCondvar>);

    fn notifications((_, condvar): &Shared) -> usize {
        condvar.condvar.1.load(Ordering::Relaxed)
    }

    #[test]
    fn nobody_is_notified_where_nobody_waits() {
        let shared = Shared::default();
        Counted::notify_one(&shared.1);
        Counted::notify_all(&shared.1);
        let guard = Counted::lock(&shared.0);
        drop(Counted::wait_for(&shared.1, guard, Duration::from_millis(1)));
        Counted::notify_one(&shared.1);
        assert_eq!(notifications(&shared), 0);
    }

    #[test]
    fn no_waiter_misses_its_notification() {
        let shared = Arc::new(Shared::default());
        let turns = 2_000;
        let play = |mine: u32, shared: Arc<Shared>| {
            move || {
                for _ in 0..turns {
                    let mut turn = Counted::lock(&shared.0);
                    while *turn % 2 != mine {
                        turn = Counted::wait(&shared.1, turn);
                    }
                    *turn += 1;
                    drop(turn);
                    Counted::notify_one(&shared.1);
                }
            }
        };
        let other = thread::spawn(play(1, shared.clone()));
        play(0, shared.clone())();
        other.join().unwrap();
        assert_eq!(*shared.0.lock().unwrap(), 2 * turns);
        let notified = notifications(&shared);
        assert!(notified > 0 && notified <= 2 * turns as usize, "{notified}");
    }
}
