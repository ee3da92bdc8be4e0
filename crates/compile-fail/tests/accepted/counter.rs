//! A counter in a mutex, and an atomic one: no update is lost.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

fn main() {
    let (locked, atomic) = (Mutex::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10_000 {
                    *locked.lock().unwrap() += 1;
                    atomic.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(locked.into_inner().unwrap(), 40_000);
    assert_eq!(atomic.into_inner(), 40_000);
}
