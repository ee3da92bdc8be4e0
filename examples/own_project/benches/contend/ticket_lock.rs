//! The one file of a lock that contend does not ship: a ticket lock. First come, first served; waiters spin.

use std::hint::spin_loop;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::yield_now;

use contend::Lock;

pub struct TicketLock<T> {
    next: AtomicU64,
    serving: AtomicU64,
    /// Never contended: tickets let one thread at a time come here.
    state: Mutex<T>,
}

impl<T: Send + Sync + 'static> Lock for TicketLock<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = TicketLock<U>;

    fn new(state: T) -> Self {
        Self { next: AtomicU64::new(0), serving: AtomicU64::new(0), state: Mutex::new(state) }
    }

    #[inline(always)] // a call of it would be timed too
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let ticket = self.next.fetch_add(1, Ordering::Relaxed);
        let mut spins = 0_u32;
        while self.serving.load(Ordering::Acquire) != ticket {
            spins += 1;
            // Threads may outnumber cores: the one that is served must get to run.
            if spins.is_multiple_of(100) {
                yield_now();
            } else {
                spin_loop();
            }
        }
        let result = f(&mut self.state.lock().unwrap());
        self.serving.store(ticket + 1, Ordering::Release);
        result
    }
}
