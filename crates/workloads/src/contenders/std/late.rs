//! Values that are made late: `Once`, `OnceLock`, `LazyLock`.

use std::sync::{LazyLock, OnceLock};

use super::std;
use crate::registry::Suite;
use crate::workload::once::{self, Beside, Late, Make, Once, Run};

pub(super) fn register(suite: &mut Suite) {
    let once = std("std::sync::Once", "std sync").facts("Poisons when the function panics.");
    let beside = "Only that it ran; the value stands in an atomic beside it.";
    once::add::<Beside<std::sync::Once>>(suite, &once.in_role("", beside));
    let once_lock = std("std::sync::OnceLock", "std sync");
    let once_lock = once_lock.facts("Holds the value. A panic leaves it empty, and the next call tries again.");
    once::add::<Cell>(suite, &once_lock);
    let lazy = std("std::sync::LazyLock", "std sync");
    let lazy = lazy.facts("Holds the value and the function that makes it. Poisons when the function panics.");
    once::add::<Lazy>(suite, &lazy);
}

impl Run for std::sync::Once {
    fn new() -> Self {
        Self::new()
    }

    #[inline]
    fn run(&self, make: impl FnOnce()) {
        self.call_once(make);
    }
}

/// `OnceLock`.
struct Cell {
    value: OnceLock<u64>,
    make: Make,
}

impl Once for Cell {
    fn late(make: Make) -> impl Late {
        let value = OnceLock::new();
        Self { value, make }
    }
}

impl Late for Cell {
    #[inline]
    fn get(&self) -> u64 {
        *self.value.get_or_init(|| self.make.run())
    }
}

/// `LazyLock`.
struct Lazy;

impl Once for Lazy {
    fn late(make: Make) -> impl Late {
        LazyLock::new(move || make.run())
    }
}

impl<F: FnOnce() -> u64 + Send + 'static> Late for LazyLock<u64, F> {
    #[inline]
    fn get(&self) -> u64 {
        **self
    }
}
