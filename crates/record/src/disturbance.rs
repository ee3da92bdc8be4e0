//! What the machine did to a window: facts that the parent noticed during its round.

use serde::{Deserialize, Serialize};

/// A kind of disturbance by the machine.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisturbanceKind {
    /// The machine was suspended. The share is that of the round's time.
    Suspend,
    /// The machine's clock went backwards.
    ClockBackwards,
    /// The hypervisor gave CPU time to other machines. The share is that of CPU time.
    Steal,
    /// A control group's quota stopped the run's processes. The share is that of CPU time.
    Throttling,
    /// Other programs used the CPUs. The share is that of CPU time.
    Load,
    /// The CPU frequency was not the usual one. The share is the difference from the run's median.
    Frequency,
}

/// A disturbance of a window.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disturbed {
    /// Its kind.
    pub kind: DisturbanceKind,
    /// How much of it there was, from 0 to 1. See the kinds.
    pub share: f64,
}
