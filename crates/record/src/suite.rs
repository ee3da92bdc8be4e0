//! What a run says of its workloads and contenders, so that its page needs no other source.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::VariantId;

/// The guarantee of a contender. Contenders are ranked within a class, and shown together.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// A read sees every finished write.
    Immediate,
    /// An owner applies writes later.
    Deferred,
    /// Per-thread state, merged at the end.
    Partitioned,
    /// Immediate, but only for keys that are known in advance. Not a map, so not ranked with maps.
    FixedKeys,
    /// The driver's own cost: shown in charts, not ranked.
    Floor,
}

impl Class {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::Deferred => "deferred",
            Self::Partitioned => "partitioned",
            Self::FixedKeys => "fixed-keys",
            Self::Floor => "floor",
        }
    }

    /// The guarantee: a part of a sentence.
    pub fn promise(self) -> &'static str {
        match self {
            Self::Immediate => "a read sees every finished write",
            Self::Deferred => "an owner applies writes later",
            Self::Partitioned => "each thread has its own state, merged at the end",
            Self::FixedKeys => "a read sees every finished write, for keys that are known in advance",
            Self::Floor => "nothing: it is the driver's own cost",
        }
    }
}

/// Groups of workloads, in the order in which the page shows them.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkloadGroup {
    /// A shared counter, many keys, and independent jobs.
    Core,
    /// The concurrency patterns of Go tutorials.
    Patterns,
    /// A project's own workloads.
    #[default]
    Own,
}

/// The description of a workload.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkloadInfo {
    /// Its name in ids.
    pub name: String,
    /// Its group.
    #[serde(default)]
    pub group: WorkloadGroup,
    /// One line on what the threads do.
    pub title: String,
    /// The code in real programs that it represents.
    pub models: String,
    /// The design question that it answers.
    pub question: String,
    /// What is timed: from the clock's start to its stop.
    pub timed: String,
    /// What is checked after every window.
    pub oracle: String,
    /// The name of one operation: `increment`, `job`.
    pub operation: String,
    /// Its variants.
    pub variants: Vec<VariantInfo>,
}

/// The description of a variant.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantInfo {
    /// Its id: `map/read90`.
    pub id: VariantId,
    /// How it differs from the other variants.
    pub title: String,
    /// Its parameters: keys, hit rate, nanoseconds of work.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

/// The description of a contender.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContenderInfo {
    /// Its name in ids.
    pub name: String,
    /// Its family: `parking_lot`, `atomics`.
    pub family: String,
    /// Its crate.
    pub package: String,
    /// The crate's version as locked; rustc's for `std`; "unknown" where neither can be read.
    pub version: String,
    /// What is true of it in every workload: fairness, poisoning, bounds.
    pub notes: String,
    /// The version whose documentation the notes were checked beside, and the day: `0.13.0, 2026-11-26`. None for a
    /// user's own contender, and in runs before this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
    /// How it is used, workload by workload. Runs before this field have roles in their notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<ContenderRole>,
    /// What makes it less simple than others in every workload. None in runs before this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traits: Option<Vec<ContenderTrait>>,
}

/// What makes a contender less simple to take than a plain one that blocks.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContenderTrait {
    /// Its waiters use their cores for as long as they wait.
    Spins,
    /// Its state is split, by key or by thread.
    Sharded,
}

/// How a contender is used in one workload.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContenderRole {
    /// The workload.
    pub workload: String,
    /// What the contender does in it.
    pub role: String,
    /// What makes it less simple there alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traits: Vec<ContenderTrait>,
}

/// A contender that is not measured in some blocks.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Absent {
    /// The blocks without it: a block's id, `workload/variant`, or a workload.
    pub block: String,
    /// The contender.
    pub contender: String,
    /// The reason.
    pub reason: String,
}

impl Absent {
    /// Whether `contender` is absent from all of `variant`.
    pub fn covers(&self, variant: &VariantId, contender: &str) -> bool {
        // Asked for each contender of each variant at every start of a fork, so nothing is allocated.
        let (workload, name) = match self.block.split_once('/') {
            Some((workload, name)) => (workload, Some(name)),
            None => (self.block.as_str(), None),
        };
        self.contender == contender
            && workload == variant.workload
            && name.is_none_or(|name| name == variant.variant)
    }
}
