//! The suite's windows, without its adapters: a mutex written out where `Locked<Mutex<_>>` stands.

use std::sync::{Arc, Mutex};

use contend::workload::counter::{self, Count};
use contend::workload::map::{self, Map};
use contend::{Info, Model, Shared, Suite};

pub fn register(suite: &mut Suite) {
    counter::contender::<Counter>(suite, &Info::new("written-out::Mutex"));
    map::contender::<Entries>(suite, &Info::new("written-out::Mutex"));
}

/// `Arc<Mutex<u64>>`.
struct Counter(Arc<Mutex<u64>>);

impl Shared<Count> for Counter {
    fn new_handles(_: Count, workers: usize) -> Vec<Self> {
        let counter = Arc::new(Mutex::new(0));
        (0..workers).map(|_| Counter(counter.clone())).collect()
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        *self.0.lock().unwrap() += 1;
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> u64 {
        *self.0.lock().unwrap()
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        *handles[0].0.lock().unwrap()
    }
}

/// `Arc<Mutex<Map>>`.
struct Entries(Arc<Mutex<Map>>);

impl Shared<Map> for Entries {
    fn new_handles(model: Map, workers: usize) -> Vec<Self> {
        let entries = Arc::new(Mutex::new(model));
        (0..workers).map(|_| Entries(entries.clone())).collect()
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        self.0.lock().unwrap().write(key);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.0.lock().unwrap().read(key)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.lock().unwrap().digest()
    }
}
