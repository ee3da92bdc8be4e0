//! One thread writes and another only reads, which is a race too.

use std::thread;

fn main() {
    let mut done = false;
    thread::scope(|scope| {
        scope.spawn(|| done = true);
        while !done {
            thread::yield_now();
        }
    });
}
