//! What the process used, and what was stolen from it, while a window was taken: state is made before
//! and dropped after.

use crate::cpu_time::steal_ms;
use crate::usage::Usage;

/// What was used over a stretch, as far as it can be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// CPU time and context switches of the process.
    pub usage: Option<Usage>,
    /// CPU time that the hypervisor gave to others, over all CPUs.
    pub steal_ms: Option<u64>,
}

/// A look at the counters, to be compared with a later one.
pub struct Meter {
    usage: Option<Usage>,
    steal_ms: Option<u64>,
}

impl Meter {
    /// Starts here.
    pub fn start() -> Self {
        let steal_ms = steal_ms(); // reads a file: before what is counted more finely
        let usage = Usage::now();
        Self { usage, steal_ms }
    }

    /// What was used since.
    pub fn read(&self) -> Used {
        let usage = Usage::now().zip(self.usage);
        let steal = steal_ms().zip(self.steal_ms);
        Used {
            usage: usage.map(|(now, before)| now.since(before)),
            steal_ms: steal.map(|(now, before)| now.saturating_sub(before)),
        }
    }
}
