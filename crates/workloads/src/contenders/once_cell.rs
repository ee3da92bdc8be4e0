//! once_cell: `OnceCell` and `Lazy`.

use ::once_cell::sync::{Lazy, OnceCell};

use super::exclusions;
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the documentation of `sync`, and the changelog up to 1.21.4.
const CHECKED: Checked = Checked::on("2026-11-26", "1.21.4");
use crate::workload::once::{self, Initializer, LazyValue, Once};

pub(super) fn register(suite: &mut Suite) {
    let name = "once_cell::sync::OnceCell";
    let once = "its value is written once";
    exclusions::value(suite, name, once);
    exclusions::each(suite, &["snapshot", "fetch"], name, once);
    let facts = "The model for std's OnceLock. A panic leaves it empty, and the next call tries again.";
    once::add::<Cell>(suite, &Info::of_package("once_cell", name).checked(CHECKED).facts(facts));
    let facts = "Holds the value and the function that makes it. Poisons when the function panics.";
    once::add::<LazyCell>(
        suite,
        &Info::of_package("once_cell", "once_cell::sync::Lazy").facts(facts).checked(CHECKED),
    );
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
struct LazyCell;

impl Once for LazyCell {
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
