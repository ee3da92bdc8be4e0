//! Types that have no match in std: a semaphore for threads and tasks, a watched value, an async cell.

use std::sync::Arc;

use tokio::sync::{OnceCell, Semaphore, watch};

use super::tokio;
use crate::capability::block_on;
use crate::model::{Model, Shared, handles};
use crate::registry::Suite;
use crate::workload::cancel::{self, Cancel};
use crate::workload::once::{self, Initializer, LazyValue, Once};
use crate::workload::snapshot::{self, Config, Reading};
use crate::workload::{fetch, semaphore};

pub(super) fn register(suite: &mut Suite) {
    let info = tokio("tokio::sync::Semaphore").facts(
        "First come, first served. A drop returns the permit, in a panic too. Here threads take it by \
         blocking_acquire, which says nothing of tasks.",
    );
    semaphore::add::<Semaphore>(suite, &info);
    let bound = "A scoped thread for each page, all at once. The semaphore bounds how many fetch. Statuses go to a \
                 HashMap under std's Mutex.";
    suite.add::<fetch::Params, fetch::ThreadPerPage<Semaphore>>(info.in_role("", bound));

    let watch = tokio("tokio::sync::watch").facts(
        "A value under std's RwLock, and a version. A thread that borrows it twice at once may deadlock when the \
         sender waits.",
    );
    let flag = "A watched flag. A check takes a read lock. A sleeping worker waits for the change, parked.";
    cancel::add::<WatchedFlag>(suite, &watch.in_role("", flag));
    let waiters = "A replacement would wake threads that wait for it. Here none does.";
    snapshot::add::<Watch>(suite, &watch.in_role("", waiters));

    let cell = tokio("tokio::sync::OnceCell").facts(
        "For values that async functions make. Waiters, here threads, are parked. Once set, a read is a load.",
    );
    once::add::<Cell>(suite, &cell);
}

impl semaphore::Semaphore for Semaphore {
    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        let _permit = self.blocking_acquire().expect("it is never closed");
        inside()
    }
}

/// A watched flag.
struct WatchedFlag(watch::Sender<bool>);

impl Cancel for WatchedFlag {
    type Watch = watch::Receiver<bool>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), vec![receiver; workers])
    }

    #[inline]
    fn cancelled(flag: &mut Self::Watch) -> bool {
        *flag.borrow()
    }

    fn sleep(flag: &mut Self::Watch) {
        let set = block_on(flag.wait_for(|set| *set));
        set.expect("it is set before the sender is dropped");
    }

    fn cancel(self) {
        self.0.send_replace(true);
    }
}

/// A watched configuration.
struct Watch {
    sender: Arc<watch::Sender<Config>>,
    receiver: watch::Receiver<Config>,
}

impl Shared<Config> for Watch {
    fn new_handles(model: Config, workers: usize) -> Vec<Self> {
        let (sender, receiver) = watch::channel(model);
        let sender = Arc::new(sender);
        handles(workers, |_| Self { sender: sender.clone(), receiver: receiver.clone() })
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        self.sender.send_modify(|config| config.write(()));
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> Reading {
        self.receiver.borrow().read(())
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].receiver.borrow().digest()
    }
}

/// `OnceCell`.
struct Cell {
    value: OnceCell<u64>,
    initializer: Initializer,
}

impl Once for Cell {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        let value = OnceCell::new();
        Self { value, initializer }
    }
}

impl LazyValue for Cell {
    #[inline]
    fn get(&self) -> u64 {
        match self.value.get() {
            Some(value) => *value,
            None => *block_on(self.value.get_or_init(async || self.initializer.run())),
        }
    }
}
