//! The processor: what it is called, how it is built, and what it shares.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::Tree;

const CPUS: &str = "sys/devices/system/cpu";

/// What is known of the processors.
#[derive(Clone, Debug, Default)]
pub(super) struct Processor {
    pub model: Option<String>,
    pub sockets: Option<usize>,
    /// Physical cores, over all sockets.
    pub cores: Option<usize>,
    /// Logical CPUs that are online.
    pub cpus: Option<usize>,
    pub smt: Option<Smt>,
    /// NUMA nodes that have CPUs.
    pub numa_nodes: Option<usize>,
    pub kinds: Option<Kinds>,
    /// By name, as `L1d`: the caches of each size.
    pub caches: BTreeMap<String, Vec<Cache>>,
    /// The unit in which caches share memory, in bytes.
    pub line_bytes: Option<u32>,
}

/// Whether a core runs several threads in hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Smt {
    On,
    Off,
    /// The processor has none, or does not show it: a virtual machine's host may.
    Absent,
}

/// The sorts of cores: several on a processor with fast and frugal ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kinds {
    pub count: usize,
    /// The CPUs of the fastest sort.
    pub fastest: BTreeSet<usize>,
}

/// Caches of one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cache {
    pub kib: u64,
    /// How many there are.
    pub count: usize,
    /// CPUs that share one.
    pub sharers: usize,
}

impl Processor {
    pub fn read(tree: &Tree) -> Self {
        let online = tree.cpus(&format!("{CPUS}/online"));
        let cpus: Vec<usize> = online.iter().flatten().copied().collect();
        let (caches, line_bytes) = caches(tree, &cpus);
        Self {
            model: model(tree),
            sockets: distinct(tree, &cpus, &["physical_package_id"]).or_else(|| listed_sockets(tree)),
            cores: distinct(tree, &cpus, &["core_cpus_list", "thread_siblings_list"]),
            cpus: online.map(|cpus| cpus.len()),
            smt: smt(tree),
            numa_nodes: tree.cpus("sys/devices/system/node/has_cpu").map(|nodes| nodes.len()),
            kinds: kinds(tree, &cpus),
            caches,
            line_bytes,
        }
    }
}

/// ARM's kernels name the maker and the part by numbers alone.
fn model(tree: &Tree) -> Option<String> {
    let field = |key| tree.field("proc/cpuinfo", key);
    field("model name")
        .or_else(|| {
            let (maker, part) = (field("CPU implementer")?, field("CPU part")?);
            Some(format!("ARM implementer {maker}, part {part}"))
        })
        .or_else(|| field("cpu").or_else(|| field("uarch")))
}

/// How many values a file of the topology has over the CPUs: the first of `names` that all have.
/// −1 is the kernel's word for not knowing.
fn distinct(tree: &Tree, cpus: &[usize], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| {
        let value = |cpu| tree.text(&format!("{CPUS}/cpu{cpu}/topology/{name}"));
        let values: BTreeSet<String> = cpus.iter().map(value).collect::<Option<_>>()?;
        (!values.is_empty() && !values.contains("-1")).then_some(values.len())
    })
}

fn listed_sockets(tree: &Tree) -> Option<usize> {
    let text = tree.text("proc/cpuinfo")?;
    let ids: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(key, _)| key.trim() == "physical id")
        .map(|(_, id)| id.trim())
        .collect();
    (!ids.is_empty()).then_some(ids.len())
}

fn smt(tree: &Tree) -> Option<Smt> {
    match tree.text(&format!("{CPUS}/smt/control"))?.as_str() {
        "on" => Some(match tree.number(&format!("{CPUS}/smt/active")) {
            Some(0) => Smt::Off,
            _ => Smt::On,
        }),
        "off" | "forceoff" => Some(Smt::Off),
        "notsupported" => Some(Smt::Absent),
        _ => None,
    }
}

/// Intel names its two sorts as two devices; elsewhere the kernel gives each CPU a capacity.
fn kinds(tree: &Tree, cpus: &[usize]) -> Option<Kinds> {
    if tree.has("sys/devices/cpu_atom") {
        let fastest = tree.cpus("sys/devices/cpu_core/cpus")?;
        return Some(Kinds { count: 2, fastest });
    }
    let mut kinds: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for &cpu in cpus {
        let capacity = tree.number(&format!("{CPUS}/cpu{cpu}/cpu_capacity"))?;
        kinds.entry(capacity).or_default().insert(cpu);
    }
    let count = kinds.len();
    let (_, fastest) = kinds.pop_last()?;
    Some(Kinds { count, fastest })
}

/// Every cache once: the first of the CPUs that share it counts it.
fn caches(tree: &Tree, cpus: &[usize]) -> (BTreeMap<String, Vec<Cache>>, Option<u32>) {
    let mut caches: BTreeMap<String, Vec<Cache>> = BTreeMap::new();
    let mut line_bytes = None;
    for cpu in cpus {
        let folder = format!("{CPUS}/cpu{cpu}/cache");
        for index in tree.names(&folder) {
            let file = |name| format!("{folder}/{index}/{name}");
            let Some(sharers) = tree.cpus(&file("shared_cpu_list")) else {
                continue;
            };
            if sharers.first() != Some(cpu) {
                continue;
            }
            line_bytes = line_bytes.or_else(|| tree.number(&file("coherency_line_size")));
            let Some((name, kib)) = cache(tree, file) else {
                continue;
            };
            let sizes = caches.entry(name).or_default();
            let like = |cache: &&mut Cache| cache.kib == kib && cache.sharers == sharers.len();
            match sizes.iter_mut().find(like) {
                Some(cache) => cache.count += 1,
                None => sizes.push(Cache { kib, count: 1, sharers: sharers.len() }),
            }
        }
    }
    (caches, line_bytes)
}

/// A cache's name, as `L1d`, and its size.
fn cache(tree: &Tree, file: impl Fn(&'static str) -> String) -> Option<(String, u64)> {
    let kind = match tree.text(&file("type"))?.as_str() {
        "Data" => "d",
        "Instruction" => "i",
        _ => "",
    };
    let level: u8 = tree.number(&file("level"))?;
    let kib = tree.text(&file("size"))?.strip_suffix('K')?.parse().ok()?;
    Some((format!("L{level}{kind}"), kib))
}
