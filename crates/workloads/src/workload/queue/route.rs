//! How many threads send, and how many receive.

use crate::registry::ThreadCounts;

/// How many threads send, and how many receive.
pub trait Route: Send + Sync + 'static {
    /// The name in ids.
    const NAME: &str;
    /// The name in words.
    const TITLE: &str;
    /// Whether the calling thread is the only sender or the only receiver, beside the workers.
    const WITH_CALLER: bool;
    /// The thread counts at which it is measured.
    const COUNTS: ThreadCounts;

    /// The number of senders, and of receivers.
    fn ends(threads: usize) -> [usize; 2];
}

macro_rules! routes {
    ($($(#[$doc:meta])* $route:ident {
        $name:literal, $title:literal, with_caller: $with_caller:literal, $counts:expr, |$threads:pat_param| $ends:expr
    })*) => {$(
        $(#[$doc])*
        pub struct $route;

        impl Route for $route {
            const NAME: &str = $name;
            const TITLE: &str = $title;
            const WITH_CALLER: bool = $with_caller;
            const COUNTS: ThreadCounts = $counts;

            fn ends($threads: usize) -> [usize; 2] {
                $ends
            }
        }
    )*};
}

routes! {
    /// One sender, one receiver.
    OneToOne { "1to1", "one sender, one receiver", with_caller: false, ThreadCounts::Own(&[2]), |_| [1, 1] }
    /// All workers send to one more thread.
    ManyToOne {
        "Nto1", "each worker sends, one more thread receives", with_caller: true, ThreadCounts::All,
        |threads| [threads, 1]
    }
    /// One more thread sends to all workers.
    OneToMany {
        "1toN", "each worker receives, one more thread sends", with_caller: true, ThreadCounts::All,
        |threads| [1, threads]
    }
    /// Half of the workers send to the other half.
    ManyToMany {
        "NtoN", "half of the workers send, half receive", with_caller: false,
        ThreadCounts::Only(|threads| threads >= 4 && threads % 2 == 0), |threads| [threads / 2, threads / 2]
    }
}
