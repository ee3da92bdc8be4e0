//! Where contenders of one kind make no sense, and why.

use crate::registry::Suite;

/// The workloads in which threads wait for each other.
const WAITS: [&str; 6] = ["handoff", "queue", "pipeline", "select", "cancel", "join"];

/// The workloads that run tasks.
const RUNS: [&str; 2] = ["spawn", "first-error"];

fn each(suite: &mut Suite, workloads: &[&str], contender: &str, reason: &str) {
    for workload in workloads {
        suite.exclude(workload, contender, reason);
    }
}

/// A map beside DashMap.
pub fn map(suite: &mut Suite, name: &str) {
    each(suite, &WAITS, name, "no thread can wait at a map");
    each(suite, &RUNS, name, "a map runs nothing");
    each(suite, &["semaphore"], name, "no thread can wait at a map");
    each(suite, &["once", "snapshot"], name, "one value is one entry: a cell with a hash before it");
    each(suite, &["slots"], name, "elements that are known by number need no key");
    let pages = "32 pages that take 100 µs each do not distinguish concurrent maps: see DashMap, and `map`";
    each(suite, &["fetch"], name, pages);
}

/// A cell for one value that is read or written as a whole.
pub fn value(suite: &mut Suite, name: &str, reason: &str) {
    each(suite, &["counter", "map", "fan-out", "slots", "semaphore"], name, reason);
    each(suite, &WAITS, name, reason);
    each(suite, &RUNS, name, reason);
}

/// A channel beside std's.
pub fn channel(suite: &mut Suite, name: &str) {
    let sent = "a value that is sent is gone: it would be sent once for each call";
    each(suite, &["once"], name, sent);
    each(suite, &["slots"], name, "elements that no two threads share need no messages");
}
