//! std's locks, entered a second time from a crate of their own, as a user enters a lock. `twin::` has the mark that
//! [`Lock::with_mut`] asks for, `unmarked::` has not. [Where measured code is
//! compiled](../docs/timing.md#where-measured-code-is-compiled) has the result.
//!
//! ```text
//! cargo run --release --example twins -- --threads 1,2 --forks 31 \
//!     '(counter/hot|map/write|map/read90)/(twin|unmarked|std::sync::(Mutex|RwLock)/)'
//! target/release/contend versus unmarked::Mutex std::sync::Mutex
//! ```

use std::process::ExitCode;
use std::sync::{Mutex, RwLock};

use contend::{Info, Lock};

/// One of std's locks as a type of this crate.
macro_rules! lock_again {
    ($(#[$mark:meta])? $name:ident: $lock:ident, $write:ident, $read:ident) => {
        struct $name<T>($lock<T>);

        impl<T: Send + Sync + 'static> Lock for $name<T> {
            type State = T;
            type WithState<U: Send + Sync + 'static> = $name<U>;

            fn new(state: T) -> Self {
                Self($lock::new(state))
            }

            $(#[$mark])?
            fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
                f(&mut self.0.$write().unwrap())
            }

            $(#[$mark])?
            fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
                f(&self.0.$read().unwrap())
            }
        }
    };
}

lock_again!(#[inline(always)] Twin: Mutex, lock, lock);
lock_again!(UnmarkedTwin: Mutex, lock, lock);
lock_again!(#[inline(always)] RwTwin: RwLock, write, read);
lock_again!(UnmarkedRwTwin: RwLock, write, read);

fn main() -> ExitCode {
    let mut suite = contend::suite();
    let info = |name| Info::new(name).facts("std's lock, entered from another crate.");
    suite.lock::<Twin<()>>(info("twin::Mutex"));
    suite.lock::<UnmarkedTwin<()>>(info("unmarked::Mutex"));
    suite.rw_lock::<RwTwin<()>>(info("twin::RwLock"));
    suite.rw_lock::<UnmarkedRwTwin<()>>(info("unmarked::RwLock"));
    contend::bench(suite)
}
