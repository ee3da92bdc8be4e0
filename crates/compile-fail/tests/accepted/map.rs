//! A map in a mutex.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

fn main() {
    let statuses = Mutex::new(HashMap::new());
    thread::scope(|scope| {
        for worker in 0..4 {
            let statuses = &statuses;
            scope.spawn(move || {
                for n in 0..1_000 {
                    statuses.lock().unwrap().insert((worker, n), 200);
                }
            });
        }
    });
    assert_eq!(statuses.into_inner().unwrap().len(), 4_000);
}
