//! The map as a contender of each kind: behind a lock, in parts with a lock each, in the hands of an owner, or as a
//! map that is concurrent itself.

use std::hash::RandomState;

use super::churn::{Churn, Sessions};
use super::concurrent::{InPlace, InShards, LargeInPlace};
use super::count_map::{Concurrent, CountMap};
use super::divided::{Divided, InParts};
use super::scan::{Scan, Scanned};
use super::sharded::Sharded;
use super::spaced::Spaced;
use super::values::{LargeValues, Values};
use super::variants::{LARGE, SHARDS, WITH_READS};
use super::{Hasher, Keys, Map, NAME};
use crate::capability::{Channel, ConcurrentMap, Lock, ShardedMap};
use crate::model::{Actor, Locked, Shared};
use crate::registry::{Info, Suite};

/// Adds a contender that holds the map to the variants with words as values, one hasher, and single keys.
pub fn contender<S: Shared<Map>>(suite: &mut Suite, info: &Info) {
    suite.add::<Keys, S>(info.clone());
    suite.add::<Spaced, S>(info.clone());
}

/// Adds a contender that holds a map with the hasher that it comes with, to `own-hasher`.
pub fn own_hasher<S: Shared<Map<RandomState>>>(suite: &mut Suite, info: &Info) {
    suite.add::<Keys<RandomState>, S>(info.clone());
}

/// Adds a contender whose entries come and go, and one that can be asked as a whole.
pub fn changing<S: Shared<Sessions> + Shared<Scanned>>(suite: &mut Suite, info: &Info) {
    suite.add::<Churn, S>(info.clone());
    suite.add::<Scan, S>(info.clone());
}

/// Adds a lock to every variant.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    contender::<Locked<L::WithState<Map>>>(suite, info);
    own_hasher::<Locked<L::WithState<Map<RandomState>>>>(suite, info);
    suite.add::<Churn, Locked<L::WithState<Sessions>>>(info.clone());
    suite.add::<Scan, Locked<L::WithState<Scanned>>>(info.clone());
    suite.add::<LargeValues<32>, Locked<L::WithState<Values<32>>>>(info.clone());
    suite.add::<LargeValues<128>, Locked<L::WithState<Values<128>>>>(info.clone());
    suite.add::<InParts, Sharded<L::WithState<Divided>, Hasher>>(info.clone());
}

/// Adds a map that is split into 64 parts, each behind the lock `L`.
pub fn register_shards<L: Lock>(suite: &mut Suite, info: &Info) {
    let info = &info.in_role("+64-shards", "64 HashMaps, each behind such a lock.").sharded();
    exclude(suite, &SHARDS, &info.name, "the lock itself is there, with as many shards as the variant says");
    contender::<Sharded<L::WithState<Map>, _>>(suite, info);
    own_hasher::<Sharded<L::WithState<Map<RandomState>>, _>>(suite, info);
    suite.add::<Churn, Sharded<L::WithState<Sessions>, Hasher>>(info.clone());
    suite.add::<Scan, Sharded<L::WithState<Scanned>, Hasher>>(info.clone());
    suite.add::<LargeValues<32>, Sharded<L::WithState<Values<32>>, Hasher>>(info.clone());
    suite.add::<LargeValues<128>, Sharded<L::WithState<Values<128>>, Hasher>>(info.clone());
}

/// Adds a channel with an owner at its end to every variant where that makes sense.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let copied =
        "an owner would send each value through a channel, which `queue` measures with large messages";
    exclude(suite, &LARGE, &info.name, copied);
    exclude(
        suite,
        &SHARDS,
        &info.name,
        "an owner has no shards, and an owner for each would add as many threads",
    );
    let owner = "A thread behind it owns the map. Whether it keeps pace with the senders decides the time: the same \
                 channel in another build may take a third of it, or three times as long.";
    let info = &info.in_role("", owner);
    contender::<Actor<C, Map>>(suite, info);
    own_hasher::<Actor<C, Map<RandomState>>>(suite, info);
    suite.add::<Churn, Actor<C, Sessions>>(info.clone());
    suite.add::<Scan, Actor<C, Scanned>>(info.clone());
}

/// Variants whose keys are not those from the start, or that count entries.
const NEW_KEYS: [&str; 4] = ["growing", "insert-remove", "read90-len", "read90-iterate"];

/// Adds a concurrent map to every variant except those with a number of shards: see [`register_sharded_map`].
pub fn register_map<M: ConcurrentMap>(suite: &mut Suite, info: &Info) {
    if !M::lists_entries() {
        let reason = "it does not list its entries, so nothing could check them: implement `entries`";
        exclude(suite, &NEW_KEYS, &info.name, reason);
    }
    count_map::<InPlace<M, Hasher>>(suite, info);
    own_hasher::<Concurrent<InPlace<M, RandomState>>>(suite, info);
    suite.add::<LargeValues<32>, LargeInPlace<M, 32>>(info.clone());
    suite.add::<LargeValues<128>, LargeInPlace<M, 128>>(info.clone());
}

/// Adds a concurrent map of counts to the variants with the suite's hasher whose values are a word.
pub fn count_map<M: CountMap>(suite: &mut Suite, info: &Info) {
    contender::<Concurrent<M>>(suite, info);
    changing::<Concurrent<M>>(suite, info);
}

/// Adds a concurrent map that can be made with a number of shards to the variants that say one.
pub fn register_sharded_map<M: ShardedMap>(suite: &mut Suite, info: &Info) {
    suite.add::<InParts, InShards<M>>(info.clone());
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    let spawn = "a thread for each operation would measure starting threads, which `fan-out` and `spawn` do";
    suite.exclude(NAME, "std::thread::spawn", spawn);
    // What a newcomer looks for beside the counter's fastest contender.
    let word = "an atomic holds one word, and a map is many: an array of atomics is in `map` as `+slots`, for keys \
                that are known beforehand";
    suite.exclude(NAME, "std::sync::atomic+fetch_add", word);
    let retry =
        "a map is too large to be exchanged at each write: see `snapshot` for state that is replaced whole";
    suite.exclude(NAME, "std::sync::atomic+compare_exchange", retry);
    let sums = "its shards are parts of one sum, which entries lack: `+64-shards` splits a map by its keys";
    suite.exclude(NAME, "std::sync::atomic+padded-shards", sums);
}

/// Says why a contender is missing from some variants.
pub fn exclude(suite: &mut Suite, variants: &[&str], contender: &str, reason: &str) {
    for variant in variants {
        suite.exclude(&format!("{NAME}/{variant}"), contender, reason);
    }
}

/// Says why a contender is missing from the variants with lookups.
pub fn exclude_reads(suite: &mut Suite, contender: &str, reason: &str) {
    exclude(suite, &WITH_READS, contender, reason);
}
