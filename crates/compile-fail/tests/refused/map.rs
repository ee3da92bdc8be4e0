//! Two threads write to a map without a lock. In Go: "fatal error: concurrent map writes",
//! if the runtime notices it.

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
