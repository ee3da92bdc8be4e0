//! The machine and the build that measured a run. A fact that cannot be read is "unknown", never "fine".

use serde::{Deserialize, Serialize};

/// Machine and build.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// The facts, in the order in which a page shows them.
    pub facts: Vec<Fact>,
    /// Reasons against citing numbers from this machine, a sentence each.
    pub cautions: Vec<String>,
}

/// One fact about the machine or the build.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// A stable key: `cpu_model`.
    pub key: String,
    /// Its label on the page.
    pub label: String,
    /// Its value, or "unknown".
    pub value: String,
}
