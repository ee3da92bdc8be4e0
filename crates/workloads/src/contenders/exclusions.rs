//! Exclusions that all contenders of one kind share.

use crate::registry::Suite;

/// The workloads in which threads wait for each other.
pub const WAITING: [&str; 6] = ["handoff", "queue", "pipeline", "select", "cancel", "join"];

/// The workloads that run tasks.
const TASKS: [&str; 2] = ["spawn", "first-error"];

/// Excludes a contender from several workloads for one reason.
pub fn each(suite: &mut Suite, workloads: &[&str], contender: &str, reason: &str) {
    for workload in workloads {
        suite.exclude(workload, contender, reason);
    }
}

/// Excludes a map beside DashMap.
pub fn map(suite: &mut Suite, name: &str) {
    let wait = "no thread can wait at a map";
    each(suite, &WAITING, name, wait);
    each(suite, &TASKS, name, "a map runs no tasks");
    suite.exclude("semaphore", name, wait);
    each(suite, &["once", "snapshot"], name, "one value is one entry: a cell with a hash before it");
    suite.exclude("slots", name, "elements that are known by number need no key");
    let pages = "32 pages of 100 to 400 µs do not distinguish concurrent maps: see DashMap, and `map`";
    suite.exclude("fetch", name, pages);
}

/// Excludes a cell for one value that is read or written as a whole.
pub fn value(suite: &mut Suite, name: &str, reason: &str) {
    each(suite, &["counter", "map", "fan-out", "slots", "semaphore"], name, reason);
    each(suite, &WAITING, name, reason);
    each(suite, &TASKS, name, reason);
}

/// Excludes a lock without condition variables, given why no thread can wait at it.
pub fn lock(suite: &mut Suite, name: &str, condvar: &str) {
    each(suite, &WAITING, name, condvar);
    for (workload, suffix, reason) in [
        ("spawn", "", "a lock runs no tasks"),
        ("fan-out", "", condvar),
        ("first-error", "+Option", "one error is kept, and no thread waits: see std's Mutex"),
        ("fetch", "", "it is held only while one status is stored: see std's Mutex"),
        ("snapshot", "+Arc", "it is held only while an Arc is cloned: see std's Mutex"),
    ] {
        suite.exclude(workload, &format!("{name}{suffix}"), reason);
    }
}

/// Excludes a ring with one thread at each end from all workloads except `queue` and `pipeline`.
pub fn ring(suite: &mut Suite, name: &str) {
    let others = ["counter", "map", "fan-out", "select", "cancel", "join", "spawn", "first-error", "fetch"];
    each(suite, &others, name, "it has one thread at each end, and here several threads share one");
    let wait = "no thread can wait at it";
    each(suite, &["handoff", "semaphore"], name, wait);
    each(suite, &["once", "slots", "snapshot"], name, "a value that is sent is gone");
    suite.exclude(
        "queue",
        &format!("{name}+shared"),
        "it has one thread at each end, so it is in `1to1` only",
    );
    let unbounded = "its capacity is fixed when it is made: `unbounded` has other queues";
    suite.exclude("queue", &format!("{name}+unbounded"), unbounded);
}

/// Excludes a channel for one message from all workloads except `queue`.
pub fn one_shot(suite: &mut Suite, name: &str) {
    let single =
        "it carries one message, so each operation would need another one: see `queue/request-reply`";
    each(
        suite,
        &["counter", "map", "fan-out", "pipeline", "select", "join", "first-error", "fetch"],
        name,
        single,
    );
    each(suite, &["semaphore", "cancel", "slots", "snapshot"], name, single);
    suite.exclude("handoff", name, "its sender does not wait until the value is taken");
    suite.exclude("once", name, "a value that is sent is gone: each call would need its own message");
    suite.exclude("spawn", name, "it runs no tasks");
}

/// Excludes a channel whose every receiver gets every message from all workloads except `queue`.
pub fn broadcast(suite: &mut Suite, name: &str) {
    let all = "each receiver gets every message, and here a message is for one: see `queue/broadcast`";
    each(suite, &["counter", "map", "fan-out", "handoff", "pipeline", "select", "semaphore"], name, all);
    each(suite, &["join", "spawn", "first-error", "fetch"], name, all);
    suite.exclude(
        "cancel",
        name,
        "its receivers would clone a message that is never sent: see the channels' close",
    );
    suite.exclude("once", name, "a receiver gets what is sent after it was made, and a value stays");
    suite.exclude("slots", name, "elements that no two threads share need no messages");
    suite.exclude("snapshot", name, "a reader wants the newest configuration, not each of them");
}

/// Excludes a channel beside std's.
pub fn channel(suite: &mut Suite, name: &str) {
    suite.exclude("once", name, "a value that is sent is gone: each call would need its own message");
    suite.exclude("slots", name, "elements that no two threads share need no messages");
}
