//! Workers of a window wait here until each has a core of its own.
//!
//! Woken threads sometimes share a core while another core is idle. The scheduler takes many milliseconds to
//! correct that: a whole window, in which two workers alternate and never contend. So no worker starts before
//! all have arrived. A worker that shares a core sleeps briefly; mostly it wakes up on the idle one.

use std::time::Duration;

use crate::clock::ClockReader;
use crate::sync::{
    Arc, AtomicBool, AtomicUsize, Instant, OnceLock, Ordering, current_cpu, sleep, spin_loop, waits,
};

/// Whether all threads got CPUs of their own.
pub(super) struct Placed(pub(super) bool);

/// Called by one of the threads when all are ready, just before they go on.
pub(crate) type OnReady = Arc<dyn Fn() + Send + Sync>;

/// The threads of a window. They wait only if there are at least as many cores as threads.
///
/// Each thread claims the CPU that it is on. All have CPUs of their own when there are as many claims as threads. So a
/// look costs each thread the same, however many there are.
pub(super) struct CorePlacement {
    threads: usize,
    /// For each CPU the thread that claims it, plus 1; 0 if none does. Empty if there is nothing to wait for.
    claims: Vec<AtomicUsize>,
    /// How many CPUs are claimed.
    claimed: AtomicUsize,
    limit: Duration,
    on_ready: OnReady,
    base: Instant,
    /// A thread is ending the wait.
    ending: AtomicBool,
    /// The wait has ended.
    over: AtomicBool,
    /// It ended because all threads were on CPUs of their own.
    placed: AtomicBool,
    /// How long it took.
    took: OnceLock<Duration>,
}

impl CorePlacement {
    /// A wait of `threads` threads on `cpus` CPUs, whose numbers are below `cpu_numbers`, for at most `limit`. If there
    /// is nothing to wait for, it ends at once, and `on_ready` is called here.
    pub(super) fn new(
        threads: usize,
        cpus: usize,
        cpu_numbers: usize,
        limit: Duration,
        on_ready: OnReady,
    ) -> Self {
        let wait = 1 < threads && threads <= cpus;
        let numbers = if wait { cpu_numbers.max(1) } else { 0 };
        let placement = Self {
            threads,
            claims: (0..numbers).map(|_| AtomicUsize::new(0)).collect(),
            claimed: AtomicUsize::new(0),
            limit,
            on_ready,
            base: Instant::now(),
            ending: AtomicBool::new(false),
            over: AtomicBool::new(false),
            placed: AtomicBool::new(false),
            took: OnceLock::new(),
        };
        if !wait {
            placement.end(false);
        }
        placement
    }

    /// Waits until all threads have come and no two are on one CPU, or until that takes too long.
    pub(super) fn wait(&self, thread: usize) {
        if self.is_over() {
            return;
        }
        let mut clock = ClockReader::start();
        let end = Instant::now() + self.limit;
        let mut own = None;
        while !self.is_over() {
            let Some(cpu) = current_cpu().filter(|cpu| *cpu < self.claims.len()) else {
                self.end(false); // the system does not report CPUs, or more than it said
                continue;
            };
            if own != Some(cpu) {
                self.release(own.take());
                own = self.claim(cpu, thread).then_some(cpu);
            }
            if clock.read().is_none_or(|now| now >= end) {
                self.end(false);
            } else if own.is_none() {
                sleep(waits::BACKOFF);
            } else {
                spin_loop();
            }
        }
    }

    /// Claims `cpu` for `thread`, unless another thread has it. So one of two stays. The last claim ends the wait.
    fn claim(&self, cpu: usize, thread: usize) -> bool {
        let claim = self.claims[cpu].compare_exchange(0, thread + 1, Ordering::AcqRel, Ordering::Relaxed);
        if claim.is_ok() && self.claimed.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.end(true);
        }
        claim.is_ok()
    }

    /// Gives up the claim on a CPU that the thread has left.
    fn release(&self, cpu: Option<usize>) {
        if let Some(cpu) = cpu {
            self.claimed.fetch_sub(1, Ordering::AcqRel);
            self.claims[cpu].store(0, Ordering::Release);
        }
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// The first thread that sees the end calls `on_ready` and lets all go on.
    fn end(&self, placed: bool) {
        if self.ending.swap(true, Ordering::AcqRel) {
            return spin_loop();
        }
        self.placed.store(placed, Ordering::Release);
        let _ = self.took.set(self.base.elapsed());
        (self.on_ready)();
        self.over.store(true, Ordering::Release);
    }

    /// Whether the threads got CPUs of their own; `None` if there was nothing to wait for.
    pub(super) fn outcome(&self) -> Option<Placed> {
        let placed = || Placed(self.placed.load(Ordering::Acquire));
        (!self.claims.is_empty()).then(placed)
    }

    /// How long it took, from before the threads were woken.
    pub(super) fn took(&self) -> Duration {
        match self.outcome() {
            Some(_) => self.took.get().copied().unwrap_or_default(),
            None => Duration::ZERO,
        }
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;

    /// On a machine of any size: each thread claims its CPU once, and one that is alone on it ends the wait for all.
    #[test]
    fn a_claim_of_each_of_128_workers_ends_the_wait() {
        let placement = CorePlacement::new(128, 128, 128, waits::LIMIT, Arc::new(|| ()));
        for thread in 0..127 {
            assert!(placement.claim(thread, thread));
            assert!(!placement.claim(thread, 127), "another thread has it");
            assert!(placement.took() == Duration::ZERO, "not all have come");
        }
        placement.release(Some(5)); // it moved
        assert!(placement.claim(127, 127) && placement.took() == Duration::ZERO);
        assert!(placement.claim(5, 5));
        assert!(matches!(placement.outcome(), Some(Placed(true))));
        assert!(placement.took() > Duration::ZERO);
        placement.wait(9); // returns at once
    }
}
