//! A machine of a merge.

/// A machine, with its run or with its shards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its name: that of its host, with a part of its fingerprint's digest where two share it. A plain file name.
    pub label: String,
    /// The places of its runs among those given, by the number of the shard.
    pub runs: Vec<usize>,
}
