//! What concurrent maps are inside, written by hand: several `HashMap`s, each behind a lock.

use std::hash::BuildHasher;
use std::sync::Arc;

use super::split::Split;
use crate::capability::Lock;
use crate::model::{Shared, handles};
use contend_team::Padded;

/// A `HashMap` behind a lock for each part. A key is hashed twice: for its part and within it.
pub struct Sharded<L, H> {
    shards: Arc<[Padded<L>]>,
    hasher: H,
}

impl<L, H: BuildHasher> Sharded<L, H> {
    #[inline(always)]
    fn shard<M: Split>(&self, key: u32) -> &L {
        &self.shards[M::part_of(self.hasher.hash_one(key), self.shards.len())].0
    }
}

impl<M: Split, L: Lock<State = M>> Shared<M> for Sharded<L, M::Hasher> {
    fn new_handles(model: M, workers: usize) -> Vec<Self> {
        let hasher = model.hasher().clone();
        let parts = model.parts();
        let of_key = hasher.clone();
        let models = model.split(parts, &|key| M::part_of(of_key.hash_one(key), parts));
        let mut models = models.into_iter();
        let lock = |_| Padded(L::new(models.next().expect("one was made for each")));
        let shards: Arc<[_]> = handles(parts, lock).into();
        handles(workers, |_| Self { shards: shards.clone(), hasher: hasher.clone() })
    }

    #[inline(always)]
    fn write(&mut self, write: M::Write) {
        self.shard::<M>(M::written(&write)).with_mut(|map| map.write(write));
    }

    #[inline(always)]
    fn read(&mut self, read: M::Read) -> M::Answer {
        match M::asked(&read) {
            Some(key) => self.shard::<M>(key).with(|map| map.read(read)),
            None => {
                let answer = |shard: &Padded<L>| shard.0.with(|map| map.read(read));
                let (first, others) = self.shards.split_first().expect("there is at least one");
                others.iter().fold(answer(first), |sum, shard| M::add(sum, answer(shard)))
            }
        }
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let mut sum: u64 = 0;
        for shard in handles[0].shards.iter() {
            sum = sum.wrapping_add(shard.0.with(|map| map.digest()));
        }
        sum
    }
}
