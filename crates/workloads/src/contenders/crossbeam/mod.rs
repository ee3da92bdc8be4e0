//! crossbeam: channels, queues, deque, skip list, `ShardedLock` and `WaitGroup`.

mod channel;
mod deque;
mod queue;
mod skiplist;
mod utils;

pub use channel::{Bounded, Unbounded};

use crate::registry::{Checked, Info, Suite};

/// The reviews of the notes: the documentation of each type that is used, and the changelogs up to these versions.
const CHECKED: [(&str, Checked); 5] = [
    ("crossbeam-channel", Checked::on("2026-11-26", "0.5.17")),
    ("crossbeam-deque", Checked::on("2026-11-26", "0.8.8")),
    ("crossbeam-queue", Checked::on("2026-11-26", "0.3.14")),
    ("crossbeam-skiplist", Checked::on("2026-11-26", "0.1.3")),
    ("crossbeam-utils", Checked::on("2026-11-26", "0.8.23")),
];

fn crossbeam(package: &'static str, name: &str) -> Info {
    let (_, checked) =
        CHECKED.iter().find(|(known, _)| *known == package).expect("each package was reviewed");
    Info::new(name).family("crossbeam").package(package).checked(*checked)
}

pub(super) fn register(suite: &mut Suite) {
    channel::register(suite);
    queue::register(suite);
    deque::register(suite);
    skiplist::register(suite);
    utils::register(suite);
}
