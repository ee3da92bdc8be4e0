//! A map in a `RefCell`, whose borrow count is itself not safe to share.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

fn main() {
    let statuses = Arc::new(RefCell::new(HashMap::new()));
    let shared = Arc::clone(&statuses);
    let other = thread::spawn(move || shared.borrow_mut().insert("a", 200));
    statuses.borrow_mut().insert("b", 404);
    other.join().unwrap();
}
