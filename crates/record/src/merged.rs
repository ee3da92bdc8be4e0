//! The parts of a merged run: shards that were measured apart, and are one run together.

use serde::{Deserialize, Serialize};

use crate::{BlockId, seed};

/// What a run was merged of.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    /// The number of shards of the plan.
    pub shards: u32,
    /// The shards that are there, in the order of their numbers.
    pub parts: Vec<MergedPart>,
    /// The numbers of the shards that are not there, if blocks are missing. A shard without a block has no run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<u32>,
    /// Their blocks, in the order of the suite.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_blocks: Vec<BlockId>,
}

/// A shard of a merged run.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergedPart {
    /// The number of the shard, from 1.
    pub shard: u32,
    /// The name of its run.
    pub run: String,
    /// The machine that measured it, if its name could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The seed of its random choices.
    #[serde(with = "seed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub seed: u64,
    /// Its start: UTC, RFC 3339.
    pub started: String,
    /// The number of its blocks.
    pub blocks: usize,
    /// Whether its `run.json` had been changed after it was written, when it was merged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub changed: bool,
}

impl Merged {
    /// What is missing, as a sentence. None where all shards are there.
    pub fn missing_words(&self) -> Option<String> {
        let words = |of: Vec<String>| of.join(", ");
        let numbers = words(self.missing.iter().map(ToString::to_string).collect());
        let blocks = words(self.missing_blocks.iter().map(ToString::to_string).collect());
        let (block, shard, verb) = match (self.missing_blocks.len(), self.missing.len()) {
            (0, _) => return None,
            (1, 1) => ("A block is", "shard", "is"),
            (1, _) => ("A block is", "shards", "are"),
            (_, 1) => ("Blocks are", "shard", "is"),
            (_, _) => ("Blocks are", "shards", "are"),
        };
        Some(format!(
            "{block} missing, since {shard} {numbers} of {} {verb} not there: {blocks}.",
            self.shards
        ))
    }

    /// The machines that measured it, each once, in the order of the shards.
    pub fn hosts(&self) -> Vec<&str> {
        let mut hosts: Vec<&str> = Vec::new();
        for host in self.parts.iter().filter_map(|part| part.host.as_deref()) {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        hosts
    }
}
