//! The machine and the build that a run's numbers belong to. What cannot be read is "unknown",
//! never "fine".

use serde::{Deserialize, Serialize};

/// What a run is told about where it ran: facts in the order in which a page shows them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// The facts.
    pub facts: Vec<Fact>,
    /// What speaks against citing numbers from this machine, a sentence each.
    pub cautions: Vec<String>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// A stable key: `cpu_model`.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What was read, or "unknown".
    pub value: String,
}
