//! A global counter, as in Go: every use needs `unsafe`.

use std::thread;

static mut COUNT: u64 = 0;

fn main() {
    let other = thread::spawn(|| COUNT += 1);
    COUNT += 1;
    other.join().unwrap();
}
