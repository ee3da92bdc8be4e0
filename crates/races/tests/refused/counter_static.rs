//! A global number, as Go has it: every use is one that the compiler cannot vouch for.

use std::thread;

static mut COUNT: u64 = 0;

fn main() {
    let other = thread::spawn(|| COUNT += 1);
    COUNT += 1;
    other.join().unwrap();
}
