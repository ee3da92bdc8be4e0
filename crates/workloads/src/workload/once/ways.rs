//! The ways to make a value when it is first asked for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, OnceLock};

use super::{Late, Make, NAME, Once, add};
use crate::model::Lock;
use crate::registry::{Info, Suite};

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    let std = |name, family| Info::new(name).family(family).package("std");
    add::<Beside<std::sync::Once>>(suite, &std("std::sync::Once", "atomics").notes("Only that it ran; the value stands in an atomic beside it. Poisons when the function panics."));
    add::<Cell>(suite, &std("std::sync::OnceLock", "atomics").notes("Holds the value. A panic leaves it empty, and the next call tries again."));
    add::<Lazy>(suite, &std("std::sync::LazyLock", "atomics").notes("Holds the value and the function that makes it. Poisons when the function panics."));
    add::<Within<std::sync::Mutex<Option<u64>>>>(suite, &std("std::sync::Mutex+Option", "std Mutex").notes("Every call locks. Poisons when the function panics."));
    add::<Beneath<std::sync::RwLock<Option<u64>>>>(suite, &std("std::sync::RwLock+Option", "std RwLock").notes("Every call takes the read lock, the first ones the write lock too."));
    #[cfg(feature = "contenders")]
    {
        let lot = |name| Info::new(name).family("parking_lot").package("parking_lot");
        add::<Beside<parking_lot::Once>>(suite, &lot("parking_lot::Once").notes("Only that it ran; the value stands in an atomic beside it. One byte. Poisons when the function panics."));
        add::<Within<parking_lot::Mutex<Option<u64>>>>(suite, &lot("parking_lot::Mutex+Option").notes("Every call locks."));
        add::<Beneath<parking_lot::RwLock<Option<u64>>>>(suite, &lot("parking_lot::RwLock+Option").notes("Every call takes the read lock, the first ones the write lock too."));
    }
    suite.exclude(NAME, "serial", "in one thread the value is a variable");
    suite.exclude(NAME, "std::sync::mpsc::channel", "a value that is sent is gone: it would be sent once for each call");
    suite.exclude(NAME, "dashmap::DashMap", "one entry of a map is a lock around an Option with a hash before it");
    suite.exclude(NAME, "rayon", "it has no value that is made late");
}

/// A `Once` of some crate, which holds no value.
trait Flag: Send + Sync + 'static {
    fn new() -> Self;
    fn call_once(&self, make: impl FnOnce());
}

impl Flag for std::sync::Once {
    fn new() -> Self {
        Self::new()
    }

    #[inline]
    fn call_once(&self, make: impl FnOnce()) {
        self.call_once(make);
    }
}

#[cfg(feature = "contenders")]
impl Flag for parking_lot::Once {
    fn new() -> Self {
        Self::new()
    }

    #[inline]
    fn call_once(&self, make: impl FnOnce()) {
        self.call_once(make);
    }
}

/// A flag, and the value beside it.
struct Beside<F> {
    flag: F,
    make: Make,
    value: AtomicU64,
}

impl<F: Flag> Once for Beside<F> {
    fn late(make: Make) -> impl Late {
        Self {
            flag: F::new(),
            make,
            value: AtomicU64::new(0),
        }
    }
}

impl<F: Flag> Late for Beside<F> {
    #[inline]
    fn get(&self) -> u64 {
        let make = || self.value.store(self.make.run(), Ordering::Relaxed);
        self.flag.call_once(make);
        self.value.load(Ordering::Relaxed)
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

/// A lock around an option, which is made under the lock where it is none. `LOOKS` says that readers
/// look together first: a mutex has no such look, and is locked once.
pub(super) struct Behind<L, const LOOKS: bool> {
    value: L,
    make: Make,
}

/// A mutex around an option.
pub(super) type Within<L> = Behind<L, false>;

/// A read-write lock around an option.
pub(super) type Beneath<L> = Behind<L, true>;

impl<L: Lock<State = Option<u64>>, const LOOKS: bool> Once for Behind<L, LOOKS> {
    fn late(make: Make) -> impl Late {
        let value = L::new(None);
        Self { value, make }
    }
}

impl<L: Lock<State = Option<u64>>, const LOOKS: bool> Late for Behind<L, LOOKS> {
    #[inline]
    fn get(&self) -> u64 {
        if LOOKS && let Some(value) = self.value.with(|value| *value) {
            return value;
        }
        let made = |value: &mut Option<u64>| *value.get_or_insert_with(|| self.make.run());
        self.value.with_mut(made)
    }
}
