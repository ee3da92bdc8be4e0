//! The map's variants.

use std::hash::RandomState;
use std::time::Duration;

use super::churn::Churn;
use super::divided::{COUNTS, InParts};
use super::scan::{Question, Scan};
use super::spaced::{GAP_NS, Spaced};
use super::values::LargeValues;
use super::{Hasher, Keys, NAME};
use crate::registry::{BlockSettings, Description, Suite, ThreadCounts, Tier, Variant};
use crate::workload::open;
use crate::workload::ring::{Draw, Skew};
use contend_record::WorkloadGroup;

/// Entries, from the start to the end.
pub const KEYS: u32 = 10_000;

/// The capacity of a table of 2²² places: 71 MB, with 17 bytes a place.
const MANY_KEYS: u32 = 3_670_016;

/// The approximate time to copy these into a contender before each window, on average over contenders.
const MANY_COPIED: Duration = Duration::from_millis(135);

/// What a fork with these needs: streams of operations, the entries that windows start from, and a contender's map.
const MANY_BYTES: u64 = 300 << 20;

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

/// What a fork of `growing` needs, with a long stream of keys, and a part of the map for each thread.
const GROWN_BYTES: u64 = 52 << 20;

/// The approximate time to copy a map with values of 1 KiB before each window, on average over contenders.
const LARGE_COPIED: Duration = Duration::from_millis(8);

/// What a fork with values of 256 bytes and of 1 KiB needs.
const LARGE_BYTES: [u64; 2] = [13 << 20, 48 << 20];

/// Operations of a worker for each of its questions to the whole map.
const SCAN_EVERY: [u64; 2] = [100, 1_000];

/// The variants in which an operation sometimes asks the whole map.
pub const WHOLE: [&str; 2] = ["read90-len", "read90-iterate"];

/// The variants with values that are not a word.
pub const LARGE: [&str; 2] = ["read90-256B", "read90-1KiB"];

/// The variants with a number of shards.
pub const SHARDS: [&str; 4] = ["shards1", "shards8", "shards64", "shards256"];

/// The variants in which there are reads.
pub const WITH_READS: [&str; 16] = [
    "read50",
    "read90",
    "read99",
    "read100",
    "spaced",
    "uniform",
    "beyond-cache",
    "own-hasher",
    WHOLE[0],
    WHOLE[1],
    LARGE[0],
    LARGE[1],
    SHARDS[0],
    SHARDS[1],
    SHARDS[2],
    SHARDS[3],
];

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
                before. In `spaced` also the work between them, in `insert-remove` inserts and removals instead. \
                Immediate contenders: between two snapshots. Deferred and partitioned ones, and all in \
                `growing`: fixed work, until the owner has applied the last one, or the workers have merged it.",
        oracle: "The counts, weighted by their keys, add up to the upserts of the workers. Every key that should be \
                 there is there once. As many lookups found a value as asked for a present key. `insert-remove`: \
                 each entry is there with its value until its removal, and no longer. `read90-len` and \
                 `read90-iterate`: each answer has all entries, and its sum has the asker's own upserts and no more \
                 than all upserts. Large values: no lookup saw a mixture of two.",
        operation: "operation",
    });
    drawn(suite, "write", "upserts only", Tier::Quick, mixed(0));
    drawn(suite, "read90", "nine lookups for each upsert", Tier::Standard, mixed(90));
    drawn(suite, "read50", "a lookup for each upsert", Tier::Thorough, mixed(50));
    drawn(suite, "read99", "99 lookups for each upsert", Tier::Thorough, mixed(99));
    drawn(suite, "read100", "lookups only", Tier::Thorough, mixed(100));
    register_spaced(suite);
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
    .overhead(MANY_COPIED)
    .memory(MANY_BYTES);
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
        .overhead(GROWING)
        .memory(GROWN_BYTES);
    register_churn(suite);
    register_scans(suite);
    register_large::<32>(suite, LARGE[0], "256 bytes").memory(LARGE_BYTES[0]);
    register_large::<128>(suite, LARGE[1], "1,024 bytes").overhead(LARGE_COPIED).memory(LARGE_BYTES[1]);
    register_shards(suite);
    open::register::<Keys>(suite);
    open::register::<Keys<RandomState>>(suite);
    open::register::<Spaced>(suite);
    open::register::<Churn>(suite);
    open::register::<Scan>(suite);
    open::register::<LargeValues<32>>(suite);
    open::register::<LargeValues<128>>(suite);
    open::register::<InParts>(suite);
}

fn register_spaced(suite: &mut Suite) {
    let title = "nine lookups for each upsert, and about 1 µs of own work after each operation";
    of_stream(suite, "spaced", title, Tier::Standard, &[("own work", "1 µs")], |settings| Spaced {
        keys: Keys::drawn(settings, mixed(90)),
        iterations: settings.iterations(GAP_NS),
    })
    .at(ThreadCounts::Only(|threads| threads > 1));
}

/// Entries come and go. Its keys are not drawn.
fn register_churn(suite: &mut Suite) {
    let parameters = [
        ("keys", "10,000 at any time, shared evenly by the workers; each uses twice as many"),
        ("distribution", "each worker inserts its own keys in turn, and removes its oldest"),
        ("reads", "50 %"),
        ("hit rate of reads", "50 %"),
        ("hasher", FOLDHASH),
    ];
    let title = "a removal for each insert, and a lookup before each: entries come and go, and as many stay";
    suite.variant(NAME, "insert-remove", title, &parameters, Tier::Thorough, |settings| {
        Churn::new(settings, KEYS)
    });
}

fn register_scans(suite: &mut Suite) {
    let asks = [("asks for the map's length", Question::Length), ("visits all entries", Question::All)];
    for ((name, every), (asks, question)) in WHOLE.iter().zip(SCAN_EVERY).zip(asks) {
        let title = format!("nine lookups for each upsert; each {every}th operation of a worker {asks}");
        let title = title.replace("1000th", "1,000th");
        let share = format!("each {every}th operation");
        of_stream(suite, name, &title, Tier::Thorough, &[("of the whole map", &share)], move |settings| {
            Scan { keys: Keys::drawn(settings, mixed(90)), every, question }
        });
    }
}

fn register_large<'a, const WORDS: usize>(suite: &'a mut Suite, name: &str, bytes: &str) -> &'a mut Variant {
    let title = format!("nine lookups for each upsert, with values of {bytes}");
    of_stream(suite, name, &title, Tier::Thorough, &[("value", bytes)], |settings| {
        LargeValues::<WORDS>::new(Keys::drawn(settings, mixed(90)))
    })
}

fn register_shards(suite: &mut Suite) {
    for (name, parts) in SHARDS.iter().zip(COUNTS) {
        let title = match parts {
            1 => "nine lookups for each upsert; one lock, used as a shard".to_owned(),
            parts => format!("nine lookups for each upsert; {parts} shards, each behind a lock"),
        };
        let shards = parts.to_string();
        of_stream(suite, name, &title, Tier::Thorough, &[("shards", &shards)], move |settings| InParts {
            keys: Keys::drawn(settings, mixed(90)),
            parts,
        });
    }
}

/// Adds a variant with the stream of `read90`, and with parameters beside that stream's.
fn of_stream<'a, W: Send + Sync + 'static>(
    suite: &'a mut Suite,
    name: &str,
    title: &str,
    tier: Tier,
    more: &[(&'static str, &str)],
    prepare: impl Fn(&BlockSettings) -> W + Send + Sync + 'static,
) -> &'a mut Variant {
    let parameters = parameters(&mixed(90), FOLDHASH);
    let own = parameters.iter().map(|(key, value)| (*key, value.as_str()));
    let parameters: Vec<_> = own.chain(more.iter().copied()).collect();
    suite.variant(NAME, name, title, &parameters, tier, prepare)
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
