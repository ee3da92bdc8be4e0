//! once_cell.

use ::once_cell::sync::{Lazy, OnceCell};

use super::exclusions;
use crate::registry::{Info, Suite};
use crate::workload::once::{self, Initializer, LazyValue, Once};

pub(super) fn register(suite: &mut Suite) {
    let name = "once_cell::sync::OnceCell";
    exclusions::value(suite, name, "its value is written once");
    suite.exclude("snapshot", name, "its value is written once");
    suite.exclude("fetch", name, "its value is written once");
    let cell = Info::of_package("once_cell", name);
    let facts = "What OnceLock was made after. A panic leaves it empty, and the next call tries again.";
    once::add::<Cell>(suite, &cell.facts(facts));
    let lazy = Info::of_package("once_cell", "once_cell::sync::Lazy");
    let facts = "Holds the value and the function that makes it. Poisons when the function panics.";
    once::add::<Eager>(suite, &lazy.facts(facts));
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
        *self.value.get_or_init(|| self.initializer.run())
    }
}

/// `Lazy`.
struct Eager;

impl Once for Eager {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        Lazy::new(move || initializer.run())
    }
}

impl<F: FnOnce() -> u64 + Send + 'static> LazyValue for Lazy<u64, F> {
    #[inline]
    fn get(&self) -> u64 {
        **self
    }
}
