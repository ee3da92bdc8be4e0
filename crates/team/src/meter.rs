//! What the process used during a window, and what was stolen from it. State is made before and dropped
//! after.

use crate::cpu_time::steal_ms;
use crate::usage::Usage;

/// Resources used over a stretch, as far as they can be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// CPU time and context switches of the process.
    pub usage: Option<Usage>,
    /// The operations that they were used for, where these are not those of the window.
    pub operations: Option<u64>,
    /// CPU time that the hypervisor gave to others, over all CPUs.
    pub steal_ms: Option<u64>,
}

/// The counters at one moment, to be compared with a later one.
pub struct Meter {
    usage: Option<Usage>,
    steal_ms: Option<u64>,
}

impl Meter {
    /// Reads the counters.
    pub fn start() -> Self {
        let steal_ms = steal_ms(); // reads a file: before what is counted more finely
        let usage = Usage::now();
        Self { usage, steal_ms }
    }

    /// Reads the counters again: what was used since [`Meter::start`].
    pub fn read(&self) -> Used {
        let usage = Usage::now().zip(self.usage);
        let steal = steal_ms().zip(self.steal_ms);
        Used {
            usage: usage.map(|(now, before)| now.since(before)),
            operations: None,
            steal_ms: steal.map(|(now, before)| now.saturating_sub(before)),
        }
    }
}
