//! The map's variants.

use std::hash::RandomState;
use std::time::Duration;

use super::{Hasher, Keys, NAME};
use crate::registry::{Description, Suite, Tier, Variant};
use crate::workload::open;
use crate::workload::ring::{Draw, Skew};
use contend_record::WorkloadGroup;

/// Entries, from the start to the end.
pub const KEYS: u32 = 10_000;

/// The capacity of a table of 2²² places: 71 MB, with 17 bytes a place.
const MANY_KEYS: u32 = 3_670_016;

/// The approximate time to copy these into a contender before each window, on average over contenders.
const MANY_COPIED: Duration = Duration::from_millis(135);

/// The approximate time that a window of `growing` takes beyond its length, on average over contenders.
const GROWING: Duration = Duration::from_millis(42);

/// The skew of the key stream: YCSB's.
const ZIPF: Skew = Skew::Zipf(0.99);

/// Reads in a hundred that ask for a present key.
const HITS: u32 = 90;

/// Operations of the ring.
const RING: usize = 1 << 16;

/// Operations of the ring in variants with very many keys.
const LONG_RING: usize = 1 << 21;

/// Keys that a window inserts in `growing`.
const GROWN: u64 = 200_000;

/// The variants in which there are reads.
pub const WITH_READS: [&str; 6] = ["read50", "read90", "read99", "uniform", "beyond-cache", "own-hasher"];

/// A stream with `reads` lookups in a hundred operations.
fn mixed(reads: u32) -> Draw {
    Draw { keys: KEYS, skew: ZIPF, reads, hits: HITS, length: RING }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Core,
        title: "All workers look up and update the entries of one map",
        models: "Caches, session tables, per-key statistics: many keys, a few of them hot, and all threads use the \
                 same ones. In Go: a map behind sync.Mutex or sync.RWMutex, or sync.Map.",
        question: "A map that several threads use: a lock around a HashMap, a concurrent map, or an owner?",
        timed: "Upserts (`*entry(key) += 1`) and lookups of all workers, with keys from a ring that was drawn \
                before. Immediate contenders: between two snapshots. Deferred and partitioned ones, and all in \
                `growing`: fixed work, until the owner has applied the last one, or the workers have merged it.",
        oracle: "The counts, weighted by their keys, add up to the upserts of the workers. Every key that should be \
                 there is there once. As many lookups found a value as asked for a present key.",
        operation: "operation",
    });
    drawn(suite, "write", "upserts only", Tier::Quick, mixed(0));
    drawn(suite, "read90", "nine lookups for each upsert", Tier::Standard, mixed(90));
    drawn(suite, "read50", "a lookup for each upsert", Tier::Thorough, mixed(50));
    drawn(suite, "read99", "99 lookups for each upsert", Tier::Thorough, mixed(99));
    let uniform = Draw { skew: Skew::Uniform, ..mixed(90) };
    drawn(
        suite,
        "uniform",
        "nine lookups for each upsert, no key hotter than another",
        Tier::Thorough,
        uniform,
    );
    let beyond_cache = Draw { keys: MANY_KEYS, length: LONG_RING, ..uniform };
    drawn(
        suite,
        "beyond-cache",
        "nine lookups for each upsert, in a map of 71 MB",
        Tier::Thorough,
        beyond_cache,
    )
    .overhead(MANY_COPIED);
    let own = parameters(
        &mixed(90),
        "each map's own: SipHash 1-3, with std's RandomState, for HashMap and DashMap",
    );
    let own: Vec<_> = own.iter().map(|(k, v)| (*k, v.as_str())).collect();
    suite.variant(
        NAME,
        "own-hasher",
        "nine lookups for each upsert, with the hasher that each map comes with",
        &own,
        Tier::Thorough,
        |setting| Keys::<RandomState>::drawn(setting, mixed(90)),
    );
    suite
        .variant(
            NAME,
            "growing",
            "each write inserts an absent key",
            &[
                ("keys", "none at first, 200,000 in the end"),
                ("capacity", "none asked for"),
                ("reads", "0 %"),
                ("hasher", FOLDHASH),
            ],
            Tier::Thorough,
            |setting| Keys::<Hasher>::growing(setting, GROWN, LONG_RING),
        )
        .overhead(GROWING);
    open::register::<Keys>(suite);
    open::register::<Keys<RandomState>>(suite);
}

const FOLDHASH: &str = "foldhash, one seed a fork, for every map";

/// A stream's parameters, as the page shows them.
fn parameters(draw: &Draw, hasher: &str) -> Vec<(&'static str, String)> {
    let keys = match draw.keys {
        MANY_KEYS => "3,670,016, all there from the start: 71 MB in a HashMap",
        _ => "10,000, all there from the start",
    };
    let distribution = match draw.skew {
        Skew::Uniform => "uniform, shared by all workers".to_owned(),
        Skew::Zipf(exponent) => {
            format!("Zipf {exponent}, ranks scrambled, shared by all workers")
        }
    };
    let mut parameters = vec![
        ("keys", keys.to_owned()),
        ("distribution", distribution),
        ("reads", format!("{} %", draw.reads)),
        ("hasher", hasher.to_owned()),
    ];
    if draw.reads > 0 {
        parameters.push(("hit rate of reads", format!("{} %", draw.hits)));
    }
    parameters
}

fn drawn<'a>(suite: &'a mut Suite, name: &str, title: &str, tier: Tier, draw: Draw) -> &'a mut Variant {
    let parameters = parameters(&draw, FOLDHASH);
    let parameters: Vec<_> = parameters.iter().map(|(k, v)| (*k, v.as_str())).collect();
    suite.variant(NAME, name, title, &parameters, tier, move |settings| Keys::<Hasher>::drawn(settings, draw))
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    let spawn = "a thread for each operation would measure starting threads, which `fan-out` and `spawn` do";
    suite.exclude(NAME, "std::thread::spawn", spawn);
}

/// Says why a contender is missing from the variants with lookups.
pub fn exclude_reads(suite: &mut Suite, contender: &str, reason: &str) {
    for variant in WITH_READS {
        suite.exclude(&format!("{NAME}/{variant}"), contender, reason);
    }
}
