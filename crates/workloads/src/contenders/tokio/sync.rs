//! What only tokio has: a semaphore that threads and tasks wait at, a watched value, a cell for async code.

use std::sync::Arc;

use tokio::sync::{OnceCell, Semaphore, watch};

use super::tokio;
use crate::capability::block_on;
use crate::model::{Model, Shared, handles};
use crate::registry::Suite;
use crate::workload::cancel::{self, Cancel};
use crate::workload::once::{self, Late, Make, Once};
use crate::workload::snapshot::{self, Config, Reading};
use crate::workload::{fetch, semaphore};

pub(super) fn register(suite: &mut Suite) {
    let info = tokio("tokio::sync::Semaphore").facts(
        "First come, first served; the permit comes back when it is dropped, in a panic too. Here threads wait at it, parked.",
    );
    semaphore::add::<Semaphore>(suite, &info);
    let bound = "A scoped thread for each page, all at once; the semaphore bounds how many are inside. HashMap under \
                 std's Mutex.";
    suite.add::<fetch::Params, fetch::Each<Semaphore>>(info.in_role("", bound));

    let watch = tokio("tokio::sync::watch").facts("A value under a read-write lock of std's, and a version.");
    let told = "A watched flag. Looking takes a read lock; a sleeping worker waits for the change, parked.";
    cancel::add::<Told>(suite, &watch.in_role("", told));
    let waiters = "Threads that wait for changes are woken; here none does.";
    snapshot::add::<Watch>(suite, &watch.in_role("", waiters));

    let cell = tokio("tokio::sync::OnceCell").facts(
        "For values that are made by async functions; waiters, here threads, are parked. The hot path is a look.",
    );
    once::add::<Awaited>(suite, &cell);
}

impl semaphore::Semaphore for Semaphore {
    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        let _permit = block_on(self.acquire()).expect("nobody closes it");
        inside()
    }
}

/// A watched flag.
struct Told(watch::Sender<bool>);

impl Cancel for Told {
    type Watch = watch::Receiver<bool>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), vec![receiver; workers])
    }

    #[inline]
    fn cancelled(told: &mut Self::Watch) -> bool {
        *told.borrow()
    }

    fn sleep(told: &mut Self::Watch) {
        let told = block_on(told.wait_for(|told| *told));
        told.expect("it is told before the sender goes");
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
        handles(workers, |_| Self {
            sender: sender.clone(),
            receiver: receiver.clone(),
        })
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
struct Awaited {
    value: OnceCell<u64>,
    make: Make,
}

impl Once for Awaited {
    fn late(make: Make) -> impl Late {
        let value = OnceCell::new();
        Self { value, make }
    }
}

impl Late for Awaited {
    #[inline]
    fn get(&self) -> u64 {
        match self.value.get() {
            Some(value) => *value,
            None => *block_on(self.value.get_or_init(async || self.make.run())),
        }
    }
}
