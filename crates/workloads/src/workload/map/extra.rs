//! Concurrent maps of the feature `extra`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Hashing, Map, contender, digest, own_hasher};
use crate::model::{Shared, handles};
use crate::registry::{Info, Suite};

pub(crate) fn add(suite: &mut Suite) {
    let papaya = Info::new("papaya::HashMap")
        .family("papaya")
        .package("papaya")
        .notes("Lock-free; memory is reclaimed by its crate seize (Hyaline). Values cannot be changed in place, so each is an AtomicU64.");
    contender::<Papaya<_>>(suite, &papaya);
    own_hasher::<Papaya<_>>(suite, &papaya);
    let scc = Info::new("scc::HashMap")
        .family("scc")
        .package("scc")
        .notes("Buckets of 32 entries, a read-write lock each; grows bucket by bucket. Whoever holds an entry and calls it again may wait for itself, for ever.");
    contender::<Scc<_>>(suite, &scc);
    own_hasher::<Scc<_>>(suite, &scc);
}

/// `papaya::HashMap`. Each operation pins by itself, as calls from different places would.
struct Papaya<H>(Arc<papaya::HashMap<u32, AtomicU64, H>>);

impl<H: Hashing> Shared<Map<H>> for Papaya<H> {
    fn new_handles(model: Map<H>, workers: usize) -> Vec<Self> {
        let hasher = model.entries.hasher().clone();
        let map = papaya::HashMap::with_capacity_and_hasher(model.keys(), hasher);
        for (key, count) in model.entries {
            map.pin().insert(key, AtomicU64::new(count));
        }
        let map = Arc::new(map);
        handles(workers, |_| Papaya(map.clone()))
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        let map = self.0.pin();
        let count = map.get_or_insert_with(key, AtomicU64::default);
        count.fetch_add(1, Ordering::Relaxed);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        Some(self.0.pin().get(&key)?.load(Ordering::Relaxed))
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let map = handles[0].0.pin();
        let entries = map.iter();
        digest(&mut entries.map(|(&key, count)| (key, count.load(Ordering::Relaxed))))
    }
}

/// `scc::HashMap`.
struct Scc<H: Hashing>(Arc<scc::HashMap<u32, u64, H>>);

impl<H: Hashing> Shared<Map<H>> for Scc<H> {
    fn new_handles(model: Map<H>, workers: usize) -> Vec<Self> {
        let hasher = model.entries.hasher().clone();
        let map = scc::HashMap::with_capacity_and_hasher(model.keys(), hasher);
        for (key, count) in model.entries {
            let inserted = map.insert_sync(key, count);
            inserted.expect("no key comes twice");
        }
        let map = Arc::new(map);
        handles(workers, |_| Scc(map.clone()))
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        *self.0.entry_sync(key).or_insert(0).get_mut() += 1;
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.0.read_sync(&key, |_, count| *count)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let mut entries = Vec::with_capacity(handles[0].0.len());
        handles[0].0.iter_sync(|&key, &count| {
            entries.push((key, count));
            true
        });
        digest(&mut entries.into_iter())
    }
}
