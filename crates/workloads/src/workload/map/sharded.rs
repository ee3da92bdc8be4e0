//! What concurrent maps are inside, written by hand: several `HashMap`s, each behind a lock.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use super::{Map, contender, own_hasher};
use crate::capability::{Hashing, Lock};
use crate::model::{Model, Shared, handles};
use crate::registry::{Info, Suite};
use contend_team::Padded;

/// Shards: enough that a few dozen threads seldom use the same one.
const SHARDS: u32 = 64;

/// Adds the sharded map with the lock `L`.
pub fn register_shards<L: Lock>(suite: &mut Suite, info: &Info) {
    let info = &info.in_role("+64-shards", "64 HashMaps, each behind such a lock.").sharded();
    contender::<Sharded<L::WithState<Map>, _>>(suite, info);
    own_hasher::<Sharded<L::WithState<Map<RandomState>>, _>>(suite, info);
}

/// A `HashMap` behind a lock for each shard. A key is hashed twice: for its shard and within it.
pub struct Sharded<L, H> {
    shards: Arc<[Padded<L>]>,
    hasher: H,
}

/// The shard of a key, from bits that the table uses neither for the position nor for the tag.
#[inline]
fn shard(hasher: &impl BuildHasher, key: u32) -> usize {
    ((hasher.hash_one(key) << 7) >> (u64::BITS - SHARDS.ilog2())) as usize
}

impl<H: Hashing, L: Lock<State = Map<H>>> Shared<Map<H>> for Sharded<L, H> {
    fn new_handles(model: Map<H>, workers: usize) -> Vec<Self> {
        let hasher = model.entries.hasher().clone();
        let share = model.keys() / SHARDS as usize;
        let empty = |_| Map::empty(share, hasher.clone());
        let mut maps = handles(SHARDS as usize, empty);
        for (key, count) in model.entries {
            maps[shard(&hasher, key)].entries.insert(key, count);
        }
        let mut maps = maps.into_iter();
        let lock = |_| Padded(L::new(maps.next().expect("one was made for each")));
        let shards: Arc<[_]> = handles(SHARDS as usize, lock).into();
        handles(workers, |_| Self { shards: shards.clone(), hasher: hasher.clone() })
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        let shard = &self.shards[shard(&self.hasher, key)].0;
        shard.with_mut(|map| map.write(key));
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        let shard = &self.shards[shard(&self.hasher, key)].0;
        shard.with(|map| map.read(key))
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let mut sum: u64 = 0;
        for shard in handles[0].shards.iter() {
            sum = sum.wrapping_add(shard.0.with(|map| map.digest()));
        }
        sum
    }
}
