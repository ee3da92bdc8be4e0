//! Map models that can be divided by key, so that each part has a lock of its own.

use std::collections::HashMap;

use crate::capability::Hashing;
use crate::model::Model;

/// Parts of a map, unless a variant says how many: enough that a few dozen threads seldom use the same one.
pub(super) const PARTS: usize = 64;

/// A map model that can be divided by key.
pub trait Split: Model + Sized {
    /// Its hasher.
    type Hasher: Hashing;

    /// Its hasher.
    fn hasher(&self) -> &Self::Hasher;

    /// How many parts to divide it into: a power of two.
    fn parts(&self) -> usize {
        PARTS
    }

    /// The part of a key with this hash, from bits that a `HashMap` uses neither for the position nor for the tag.
    #[inline(always)]
    fn part_of(hash: u64, parts: usize) -> usize {
        let _ = parts; // always the same number, so the compiler knows the shift
        ((hash << 7) >> (u64::BITS - PARTS.ilog2())) as usize
    }

    /// The parts, each with the entries whose keys `part_of` puts there.
    fn split(self, parts: usize, part_of: &dyn Fn(u32) -> usize) -> Vec<Self>;

    /// The key of a write.
    fn written(write: &Self::Write) -> u32;

    /// The key of a read, or none where it asks all parts.
    fn asked(read: &Self::Read) -> Option<u32>;

    /// Adds a part's answer to that of the parts before it, for reads that ask all of them.
    fn add(sum: Self::Answer, part: Self::Answer) -> Self::Answer {
        let _ = part;
        sum
    }
}

/// The entries of each part.
pub(super) fn split_entries<V, H: Hashing>(
    entries: HashMap<u32, V, H>,
    parts: usize,
    part_of: &dyn Fn(u32) -> usize,
) -> Vec<HashMap<u32, V, H>> {
    let share = entries.len() / parts;
    let hasher = entries.hasher().clone();
    let empty = || HashMap::with_capacity_and_hasher(share, hasher.clone());
    let mut split: Vec<_> = (0..parts).map(|_| empty()).collect();
    for (key, value) in entries {
        split[part_of(key)].insert(key, value);
    }
    split
}
