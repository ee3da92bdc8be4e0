//! An open window: opened and closed by snapshots of counts that the workers publish.

use std::time::Duration;

use super::{OpenWindow, Timing};
use crate::Padded;
use crate::clock::{ClockReader, has_gone_back};
use crate::sync::{AtomicU64, AtomicUsize, Instant, OnceLock, Ordering, panicking};

/// The phase of a window. A worker advances it by compare-exchange, so one of the workers that see the due
/// time takes the snapshot.
mod phase {
    pub const RAMP: usize = 0;
    pub const OPENING: usize = 1;
    pub const OPEN: usize = 2;
    pub const CLOSING: usize = 3;
    pub const STOPPED: usize = 4;
}

/// All counts, read between two readings of the clock.
struct Snapshot {
    before: Duration,
    after: Duration,
    counts: Vec<u64>,
}

impl Snapshot {
    /// When it was taken: the middle between the two readings.
    fn at(&self) -> Duration {
        (self.before + self.after) / 2
    }

    fn snapshot_span(&self) -> Duration {
        self.after.saturating_sub(self.before)
    }
}

pub(super) struct Snapshots {
    counts: Vec<Padded<AtomicU64>>,
    base: Instant,
    opening: OpenWindow,
    missing: AtomicUsize,
    /// The operations of a chunk, of the worker that ended with the largest ones.
    chunk: AtomicU64,
    /// When the first worker arrived, in ns since `base`.
    first: AtomicU64,
    /// When the last one did.
    last: AtomicU64,
    /// When the next snapshot is due, in ns since `base`.
    due: AtomicU64,
    phase: AtomicUsize,
    opened: OnceLock<Snapshot>,
    closed: OnceLock<Snapshot>,
}

impl Snapshots {
    pub(super) fn new(workers: usize, opening: OpenWindow) -> Self {
        Self {
            counts: (0..workers).map(|_| Padded(AtomicU64::new(0))).collect(),
            base: Instant::now(),
            opening,
            missing: AtomicUsize::new(workers),
            chunk: AtomicU64::new(0),
            first: AtomicU64::new(u64::MAX),
            last: AtomicU64::new(0),
            due: AtomicU64::new(u64::MAX),
            phase: AtomicUsize::new(phase::RAMP),
            opened: OnceLock::new(),
            closed: OnceLock::new(),
        }
    }

    /// A worker is about to work. The last one sets the time at which the window opens.
    pub(super) fn arrive(&self) {
        let now = nanos(self.base.elapsed());
        self.first.fetch_min(now, Ordering::Relaxed);
        self.last.fetch_max(now, Ordering::Relaxed);
        if self.missing.fetch_sub(1, Ordering::AcqRel) == 1 {
            let due = now + nanos(self.opening.ramp);
            self.due.store(due, Ordering::Release);
        }
    }

    /// A worker has done `count` operations in all. Takes the snapshot that is due, if any. Returns the time; none if
    /// the clock went back.
    #[inline]
    pub(super) fn publish(&self, worker: usize, count: u64, clock: &mut ClockReader) -> Option<Instant> {
        self.counts[worker].0.store(count, Ordering::Release);
        let now = clock.read();
        match now {
            Some(now) if nanos(now.duration_since(self.base)) >= self.due.load(Ordering::Acquire) => {
                self.advance();
            }
            Some(_) => {}
            // The window might never end.
            None => self.phase.store(phase::STOPPED, Ordering::Release),
        }
        now
    }

    /// Whether all workers are at work.
    #[inline]
    pub(super) fn all_arrived(&self) -> bool {
        self.missing.load(Ordering::Acquire) == 0
    }

    #[cold]
    fn advance(&self) {
        if self.claim(phase::RAMP, phase::OPENING) {
            let snapshot = self.snapshot();
            let due = nanos(snapshot.at() + self.opening.window);
            self.opened.set(snapshot).ok().expect("one worker opens");
            self.due.store(due, Ordering::Release);
            // Unless a worker has stopped it meanwhile.
            let _ = self.claim(phase::OPENING, phase::OPEN);
        } else if self.phase.load(Ordering::Acquire) == phase::OPEN
            && nanos(self.base.elapsed()) >= self.due.load(Ordering::Acquire)
            && self.claim(phase::OPEN, phase::CLOSING)
        {
            // The caller may have read the due time of the first snapshot just before it changed, so it is
            // read again for the second.
            let snapshot = self.snapshot();
            self.closed.set(snapshot).ok().expect("one worker closes");
            self.phase.store(phase::STOPPED, Ordering::Release);
        }
    }

    fn claim(&self, from: usize, to: usize) -> bool {
        self.phase.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    fn snapshot(&self) -> Snapshot {
        let mut counts = Vec::with_capacity(self.counts.len()); // no allocation between the two readings
        let before = self.base.elapsed();
        counts.extend(self.counts.iter().map(|count| count.0.load(Ordering::Acquire)));
        let after = self.base.elapsed();
        Snapshot { before, after, counts }
    }

    #[inline]
    pub(super) fn stopped(&self) -> bool {
        self.phase.load(Ordering::Acquire) == phase::STOPPED
    }

    /// A guard that stops all workers when its own worker panics. They would otherwise wait for a window
    /// that may never open.
    pub(super) fn stop_on_panic(&self) -> impl Drop {
        StopOnPanic(self)
    }

    /// A worker has ended, with chunks of this many operations.
    pub(super) fn worker_ended(&self, chunk: u64) {
        self.chunk.fetch_max(chunk, Ordering::Relaxed);
    }

    /// The timing of the window, once all workers have returned. It has no length if the clock went back in it.
    pub(super) fn timing(&self) -> Timing {
        if has_gone_back() {
            let nothing = || {
                let (before, after, counts) = (Duration::ZERO, Duration::ZERO, vec![0; self.counts.len()]);
                Snapshot { before, after, counts }
            };
            self.opened.get_or_init(nothing);
            self.closed.get_or_init(nothing);
        }
        let opened = self.opened.get().expect("the window was opened");
        let closed = self.closed.get().expect("the window was closed");
        let within = closed.counts.iter().zip(&opened.counts);
        let all = self.counts.iter().map(|count| count.0.load(Ordering::Acquire));
        let (first, last) = (&self.first, &self.last);
        Timing {
            window: closed.at().saturating_sub(opened.at()),
            operations: within.map(|(closed, opened)| closed.saturating_sub(*opened)).collect(),
            all_operations: all.collect(),
            skew: Duration::from_nanos(
                last.load(Ordering::Relaxed).saturating_sub(first.load(Ordering::Relaxed)),
            ),
            snapshot_span: opened.snapshot_span().max(closed.snapshot_span()),
            chunk: self.chunk.load(Ordering::Relaxed),
            ends: Vec::new(),
        }
    }
}

struct StopOnPanic<'a>(&'a Snapshots);

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if panicking() {
            self.0.phase.store(phase::STOPPED, Ordering::Release);
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
