//! A map in an `Arc`, which alone does not make writes safe.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

fn main() {
    let statuses = Arc::new(HashMap::new());
    let shared = Arc::clone(&statuses);
    let other = thread::spawn(move || shared.insert("a", 200));
    other.join().unwrap();
    println!("{statuses:?}");
}
