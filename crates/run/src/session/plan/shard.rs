//! `--shard K/N`: one of N parts of a plan, as the command line names it.

use std::fmt;
use std::str::FromStr;

use crate::record::{Plan, ShardInfo};

/// The largest number of shards.
const MOST: usize = 1_000;

/// One of several shards, counted from 1 as in cargo-nextest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its number, from 1.
    pub(super) index: usize,
    /// The number of shards.
    pub(super) count: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        numbers
            .filter(|(index, count)| (1..=*count).contains(index) && *count <= MOST)
            .map(|(index, count)| Self { index, count })
            .ok_or_else(|| {
                format!("it must be K/N with K from 1 to N, and N at most {MOST}; try `--shard 1/4`")
            })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl Shard {
    /// What `run.json` says of this part of a whole plan.
    pub(crate) fn info(self, plan: &Plan) -> ShardInfo {
        let blocks = plan.blocks.iter().map(|block| block.block.clone()).collect();
        let digest = Some(plan.digest());
        ShardInfo { index: self.index as u32, count: self.count as u32, blocks, digest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_written_as_in_cargo_nextest() {
        assert_eq!("3/8".parse(), Ok(Shard { index: 3, count: 8 }));
        for wrong in ["0/4", "5/4", "1/0", "1", "a/b", "-1/4", "1/4/2", "1/1001", ""] {
            assert!(
                wrong.parse::<Shard>().is_err_and(|error| error.contains("try `--shard 1/4`")),
                "{wrong}"
            );
        }
    }
}
