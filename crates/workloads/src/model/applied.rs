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

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::tests::Bounded;
    use crate::model::{Actor, handles};
    use contend_record::Class;

    /// A number that counts watched writes.
    struct Watched(u64);

    impl Model for Watched {
        type Write = ();
        type Read = ();
        type Answer = u64;

        fn write(&mut self, (): ()) {
            self.0 += 1;
            count_watched_write();
        }

        fn read(&self, (): ()) -> u64 {
            self.0
        }

        fn digest(&self) -> u64 {
            self.0
        }
    }

    const ALL: u64 = WRITES;
    pub(crate) const NONE: u64 = 0;
    const HALF: u64 = WRITES / 2;
    /// The state is not ours, so nothing counts.
    const ELSEWHERE: u64 = WRITES + 1;

    /// Keeps writes, of which `flush` applies some. The rest is applied in the end.
    pub(crate) struct Kept<M, const APPLIES: u64> {
        state: Arc<Mutex<M>>,
        writes: u64,
    }

    impl<M: Model<Write = ()>, const APPLIES: u64> Kept<M, APPLIES> {
        fn apply(&mut self, most: u64) {
            let count = self.writes.min(most);
            self.writes -= count;
            (0..count).for_each(|_| self.state.lock().unwrap().write(()));
        }
    }

    impl<M: Model<Write = ()>, const APPLIES: u64> Shared<M> for Kept<M, APPLIES> {
        const CLASS: Class = Class::Deferred;

        fn new_handles(model: M, workers: usize) -> Vec<Self> {
            let state = Arc::new(Mutex::new(model));
            handles(workers, |_| Self { state: state.clone(), writes: 0 })
        }

        fn write(&mut self, (): ()) {
            self.writes += u64::from(APPLIES <= WRITES);
        }

        fn read(&mut self, read: M::Read) -> M::Answer {
            self.state.lock().unwrap().read(read)
        }

        fn flush(&mut self) {
            self.apply(APPLIES);
        }

        fn into_digest(mut handles: Vec<Self>) -> u64 {
            handles.iter_mut().for_each(|handle| handle.apply(WRITES));
            handles[0].state.lock().unwrap().digest()
        }
    }

    #[test]
    fn a_flush_that_leaves_writes_undone_is_found() {
        let fault =
            |applied, of| Some(format!("`flush` returned after {applied} of {of} writes were applied"));
        let watched = || Watched(0);
        assert_eq!(fault_of_flush::<_, Kept<_, ALL>>(watched(), (), 3), None);
        assert_eq!(fault_of_flush::<_, Kept<_, NONE>>(watched(), (), 1), fault(0, 64));
        assert_eq!(
            fault_of_flush::<_, Kept<_, NONE>>(watched(), (), 3),
            fault(0, 64),
            "the first one is named"
        );
        assert_eq!(fault_of_flush::<_, Kept<_, HALF>>(watched(), (), 2), fault(32, 64));
        assert_eq!(
            fault_of_flush::<_, Kept<_, ELSEWHERE>>(watched(), (), 2),
            None,
            "nothing of ours was written"
        );
    }

    #[test]
    fn the_adapter_of_channels_waits_until_its_owner_has_applied_all() {
        for _ in 0..20 {
            assert_eq!(fault_of_flush::<_, Actor<Bounded, Watched>>(Watched(0), (), 2), None);
        }
    }

    #[test]
    fn a_watched_write_takes_long_and_no_count_of_a_window_is_watched() {
        let _checking = CHECKING.lock().unwrap_or_else(PoisonError::into_inner);
        let start = Instant::now();
        (0..100).for_each(|_| count_watched_write());
        assert!(start.elapsed() >= 100 * WRITE_TIME);
        const { assert!(WATCHED > u64::MAX / 4, "a thousand writes a microsecond for a century") };
    }
}
