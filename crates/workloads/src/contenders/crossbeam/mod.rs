//! crossbeam: channels, queues, deque, skip list, `ShardedLock` and `WaitGroup`.

mod channel;
mod deque;
mod queue;
mod skiplist;
mod utils;

pub use channel::{Bounded, Unbounded};

use crate::registry::{Info, Suite};

fn crossbeam(package: &'static str, name: &str) -> Info {
    Info::new(name).family("crossbeam").package(package)
}

pub(super) fn register(suite: &mut Suite) {
    channel::register(suite);
    queue::register(suite);
    deque::register(suite);
    skiplist::register(suite);
    utils::register(suite);
}
