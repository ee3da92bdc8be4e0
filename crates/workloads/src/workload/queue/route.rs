//! How many send, and how many receive.

use crate::registry::ThreadCounts;

/// How many send, and how many receive.
pub trait Route: Send + Sync + 'static {
    /// In ids.
    const NAME: &str;
    /// In words.
    const TITLE: &str;
    /// Whether the calling thread plays the one that stands against the many.
    const LED: bool;
    /// Where it makes sense.
    const COUNTS: ThreadCounts;

    /// Senders and receivers.
    fn ends(threads: usize) -> [usize; 2];
}

/// One sender, one receiver.
pub struct OneToOne;
/// All threads send to one more.
pub struct ManyToOne;
/// One more sends to all threads.
pub struct OneToMany;
/// Half of the threads send to the other half.
pub struct ManyToMany;

impl Route for OneToOne {
    const NAME: &str = "1to1";
    const TITLE: &str = "one sender, one receiver";
    const LED: bool = false;
    const COUNTS: ThreadCounts = ThreadCounts::Own(&[2]);

    fn ends(_: usize) -> [usize; 2] {
        [1, 1]
    }
}

impl Route for ManyToOne {
    const NAME: &str = "Nto1";
    const TITLE: &str = "a sender a thread, and one receiver beside them";
    const LED: bool = true;
    const COUNTS: ThreadCounts = ThreadCounts::All;

    fn ends(threads: usize) -> [usize; 2] {
        [threads, 1]
    }
}

impl Route for OneToMany {
    const NAME: &str = "1toN";
    const TITLE: &str = "a receiver a thread, and one sender beside them";
    const LED: bool = true;
    const COUNTS: ThreadCounts = ThreadCounts::All;

    fn ends(threads: usize) -> [usize; 2] {
        [1, threads]
    }
}

impl Route for ManyToMany {
    const NAME: &str = "NtoN";
    const TITLE: &str = "half of the threads send, half receive";
    const LED: bool = false;
    const COUNTS: ThreadCounts = ThreadCounts::Only(|threads| threads >= 4 && threads % 2 == 0);

    fn ends(threads: usize) -> [usize; 2] {
        [threads / 2, threads / 2]
    }
}
