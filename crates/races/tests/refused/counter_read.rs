//! One thread writes, another only looks: a race all the same.

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
