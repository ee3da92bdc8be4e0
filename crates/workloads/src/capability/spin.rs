//! Waiting without sleep.

use std::hint::spin_loop;
use std::thread::yield_now;

/// Looks before a waiting thread yields to others between looks, which it must where threads are
/// more than cores.
const LOOKS: u32 = 100;

/// Looks until there is something. Burns a core for as long.
#[inline]
pub fn spin_for<R>(mut look: impl FnMut() -> Option<R>) -> R {
    let mut looks = 0;
    loop {
        if let Some(found) = look() {
            return found;
        }
        if looks < LOOKS {
            looks += 1;
            spin_loop();
        } else {
            yield_now();
        }
    }
}
