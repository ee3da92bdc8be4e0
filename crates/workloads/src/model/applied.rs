//! Whether a deferred contender's [`flush`](super::Shared::flush) waits until the writes are applied. A read cannot
//! tell, if it queues behind the writes. So the state itself counts them, off the clock: counts from [`WATCHED`] on
//! belong to this check, and writing one of them takes long.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Model, Shared};

/// The count from which on writes are watched. No window comes near.
pub(crate) const WATCHED: u64 = 1 << 63;

/// How long a watched write takes, so that an owner lags behind.
const WRITE_TIME: Duration = Duration::from_micros(2);

/// Watched writes of each handle. They fit into every inbox.
const WRITES: u64 = 64;

/// Watched writes so far.
static APPLIED: AtomicU64 = AtomicU64::new(0);

/// One check at a time.
static CHECKING: Mutex<()> = Mutex::new(());

/// Counts a write of a state that is watched. To be called by the state when it has applied the write.
#[cold]
#[inline(never)]
pub(crate) fn count_watched_write() {
    let start = Instant::now();
    // Bounded, in case that the clock is none.
    for _ in 0..100_000 {
        if start.elapsed() >= WRITE_TIME {
            break;
        }
        spin_loop();
    }
    APPLIED.fetch_add(1, Ordering::Release);
}

/// What `flush` of the contender `S` leaves undone, if anything. `model` is watched, and each `write` counts in it.
pub(crate) fn fault_of_flush<M: Model, S: Shared<M>>(
    model: M,
    write: M::Write,
    workers: usize,
) -> Option<String> {
    let _checking = CHECKING.lock().unwrap_or_else(PoisonError::into_inner);
    let start = APPLIED.load(Ordering::Acquire);
    let applied = || APPLIED.load(Ordering::Acquire).wrapping_sub(start);
    let mut handles = S::new_handles(model, workers);
    let mut written = 0;
    let mut fault = None;
    for handle in &mut handles {
        (0..WRITES).for_each(|_| handle.write(write));
        handle.flush();
        written += WRITES;
        let applied = applied();
        if applied < written && fault.is_none() {
            fault = Some(format!("`flush` returned after {applied} of {written} writes were applied"));
        }
    }
    S::into_digest(handles);
    // A structure of another kind has no state of ours that could count.
    fault.filter(|_| applied() >= written)
}
