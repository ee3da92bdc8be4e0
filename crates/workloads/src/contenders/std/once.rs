//! Values that are made late: `Once`, `OnceLock`, `LazyLock`.

use std::sync::{LazyLock, Once as StdOnce, OnceLock, RwLock, RwLockWriteGuard};

use super::std;
use crate::registry::{Info, Suite};
use crate::workload::once::{self, Beside, Initializer, LazyValue, Once, RunOnce};

pub(super) fn register(suite: &mut Suite) {
    let once = std("std::sync::Once", "std sync").facts("Poisons when the function panics.");
    let beside = "It only records that it ran. The value is in an atomic beside it.";
    once::add::<Beside<StdOnce>>(suite, &once.in_role("", beside));
    let facts = "Holds the value. A panic leaves it empty, and the next call tries again.";
    once::add::<Cell>(suite, &std("std::sync::OnceLock", "std sync").facts(facts));
    let facts = "Holds the value and the function that makes it. Poisons when the function panics.";
    once::add::<Lazy>(suite, &std("std::sync::LazyLock", "std sync").facts(facts));
}

/// Adds a value that is made under a write lock, which is then downgraded.
pub(super) fn register_downgrade(suite: &mut Suite, lock: &Info) {
    let role = "Every call takes the read lock. The first ones take the write lock, make the value, and downgrade the \
                guard to read it.";
    once::add::<Downgraded>(suite, &lock.in_role("+Option+downgrade", role));
}

/// A value that is read under a downgraded write lock.
struct Downgraded {
    value: RwLock<Option<u64>>,
    initializer: Initializer,
}

impl Once for Downgraded {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        Self { value: RwLock::new(None), initializer }
    }
}

impl LazyValue for Downgraded {
    #[inline]
    fn get(&self) -> u64 {
        if let Some(value) = *self.value.read().unwrap() {
            return value;
        }
        let mut write = self.value.write().unwrap();
        if write.is_none() {
            *write = Some(self.initializer.run());
        }
        let read = RwLockWriteGuard::downgrade(write);
        read.expect("it was just made")
    }
}

impl RunOnce for StdOnce {
    fn new() -> Self {
        Self::new()
    }

    #[inline]
    fn run_once(&self, initialize: impl FnOnce()) {
        self.call_once(initialize);
    }
}

/// `OnceLock`.
struct Cell {
    value: OnceLock<u64>,
    initializer: Initializer,
}

impl Once for Cell {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        Self { value: OnceLock::new(), initializer }
    }
}

impl LazyValue for Cell {
    #[inline]
    fn get(&self) -> u64 {
        *self.value.get_or_init(|| self.initializer.run())
    }
}

/// `LazyLock`.
struct Lazy;

impl Once for Lazy {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        LazyLock::new(move || initializer.run())
    }
}

impl<F: FnOnce() -> u64 + Send + 'static> LazyValue for LazyLock<u64, F> {
    #[inline]
    fn get(&self) -> u64 {
        **self
    }
}
