//! Cells of the feature `extra`.

use once_cell::sync::{Lazy, OnceCell};

use super::ways::{Beneath, Within};
use super::{Late, Make, Once, add};
use crate::contenders::block_on;
use crate::registry::{Info, Suite};

#[rustfmt::skip]
pub(crate) fn specials(suite: &mut Suite) {
    let once = |name| Info::new(name).family("once_cell").package("once_cell");
    add::<Cell>(suite, &once("once_cell::sync::OnceCell").notes("What OnceLock was made after. A panic leaves it empty, and the next call tries again."));
    add::<Sluggish>(suite, &once("once_cell::sync::Lazy").notes("Holds the value and the function that makes it. Poisons when the function panics."));
    let tokio = |name| Info::new(name).family("tokio").package("tokio");
    add::<Awaited>(suite, &tokio("tokio::sync::OnceCell").notes("For values that are made by async functions; who waits, here a thread, is parked. The hot path is a look."));
    add::<Within<tokio::sync::Mutex<Option<u64>>>>(suite, &tokio("tokio::sync::Mutex+Option").notes("Every call locks, by blocking_lock."));
    add::<Beneath<tokio::sync::RwLock<Option<u64>>>>(suite, &tokio("tokio::sync::RwLock+Option").notes("Every call takes the read lock, the first ones the write lock too."));
    add::<Within<spin::lock_api::Mutex<Option<u64>>>>(suite, &Info::new("spin::lock_api::Mutex+Option").family("spin").package("spin").notes("Every call locks; who waits burns its core."));
}

/// `OnceCell`.
struct Cell {
    value: OnceCell<u64>,
    make: Make,
}

impl Once for Cell {
    fn late(make: Make) -> impl Late {
        let value = OnceCell::new();
        Self { value, make }
    }
}

impl Late for Cell {
    #[inline]
    fn get(&self) -> u64 {
        *self.value.get_or_init(|| self.make.run())
    }
}

/// `Lazy`.
struct Sluggish;

impl Once for Sluggish {
    fn late(make: Make) -> impl Late {
        Lazy::new(move || make.run())
    }
}

impl<F: FnOnce() -> u64 + Send + 'static> Late for Lazy<u64, F> {
    #[inline]
    fn get(&self) -> u64 {
        **self
    }
}

/// tokio's `OnceCell`.
struct Awaited {
    value: tokio::sync::OnceCell<u64>,
    make: Make,
}

impl Once for Awaited {
    fn late(make: Make) -> impl Late {
        let value = tokio::sync::OnceCell::new();
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
