//! Two threads write to one map without a lock: in Go "fatal error: concurrent map writes", if it is
//! noticed.

use std::collections::HashMap;
use std::thread;

fn main() {
    let mut statuses = HashMap::new();
    thread::scope(|scope| {
        scope.spawn(|| statuses.insert("a", 200));
        scope.spawn(|| statuses.insert("b", 404));
    });
    println!("{statuses:?}");
}
