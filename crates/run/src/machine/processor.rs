//! The processor: model, topology and caches.

use std::collections::{BTreeMap, BTreeSet};

use super::sysfs::Sysfs;

const CPUS: &str = "sys/devices/system/cpu";

/// Facts about the processors.
#[derive(Clone, Debug, Default)]
pub(super) struct Processor {
    pub model: Option<String>,
    pub sockets: Option<usize>,
    /// Physical cores, over all sockets.
    pub cores: Option<usize>,
    /// Logical CPUs that are online.
    pub cpus: Option<usize>,
    pub smt: Option<Smt>,
    /// NUMA nodes with CPUs.
    pub numa_nodes: Option<usize>,
    pub core_kinds: Option<CoreKinds>,
    /// The caches of each size, by name such as `L1d`.
    pub caches: BTreeMap<String, Vec<Cache>>,
    /// The cache line size, in bytes.
    pub line_bytes: Option<u32>,
}

/// Whether cores run several hardware threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Smt {
    On,
    Off,
    /// The processor has no SMT or does not show it; the host of a virtual machine may have it.
    Absent,
}

/// The kinds of cores: several on a processor with fast and efficient cores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CoreKinds {
    pub count: usize,
    /// The CPUs of the fastest kind.
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
    pub fn read(sysfs: &Sysfs) -> Self {
        let online = sysfs.cpus(&format!("{CPUS}/online"));
        let cpus: Vec<usize> = online.iter().flatten().copied().collect();
        let (caches, line_bytes) = caches(sysfs, &cpus);
        Self {
            model: model(sysfs),
            sockets: distinct(sysfs, &cpus, &["physical_package_id"]).or_else(|| listed_sockets(sysfs)),
            cores: distinct(sysfs, &cpus, &["core_cpus_list", "thread_siblings_list"]),
            cpus: online.map(|cpus| cpus.len()),
            smt: smt(sysfs),
            numa_nodes: sysfs.cpus("sys/devices/system/node/has_cpu").map(|nodes| nodes.len()),
            core_kinds: core_kinds(sysfs, &cpus),
            caches,
            line_bytes,
        }
    }
}

/// The model name. ARM kernels give only the numbers of implementer and part.
fn model(sysfs: &Sysfs) -> Option<String> {
    let field = |key| sysfs.field("proc/cpuinfo", key);
    field("model name")
        .or_else(|| {
            let (maker, part) = (field("CPU implementer")?, field("CPU part")?);
            Some(format!("ARM implementer {maker}, part {part}"))
        })
        .or_else(|| field("cpu").or_else(|| field("uarch")))
}

/// The number of distinct values over all CPUs in the first topology file of `names` that all CPUs have.
/// The kernel writes −1 for unknown.
fn distinct(sysfs: &Sysfs, cpus: &[usize], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| {
        let value = |cpu| sysfs.text(&format!("{CPUS}/cpu{cpu}/topology/{name}"));
        let values: BTreeSet<String> = cpus.iter().map(value).collect::<Option<_>>()?;
        (!values.is_empty() && !values.contains("-1")).then_some(values.len())
    })
}

fn listed_sockets(sysfs: &Sysfs) -> Option<usize> {
    let text = sysfs.text("proc/cpuinfo")?;
    let ids: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(key, _)| key.trim() == "physical id")
        .map(|(_, id)| id.trim())
        .collect();
    (!ids.is_empty()).then_some(ids.len())
}

fn smt(sysfs: &Sysfs) -> Option<Smt> {
    match sysfs.text(&format!("{CPUS}/smt/control"))?.as_str() {
        "on" => Some(match sysfs.number(&format!("{CPUS}/smt/active")) {
            Some(0) => Smt::Off,
            _ => Smt::On,
        }),
        "off" | "forceoff" => Some(Smt::Off),
        "notsupported" => Some(Smt::Absent),
        _ => None,
    }
}

/// The kinds of cores. Intel's two kinds are two devices; elsewhere the kernel gives each CPU a capacity.
fn core_kinds(sysfs: &Sysfs, cpus: &[usize]) -> Option<CoreKinds> {
    if sysfs.has("sys/devices/cpu_atom") {
        let fastest = sysfs.cpus("sys/devices/cpu_core/cpus")?;
        return Some(CoreKinds { count: 2, fastest });
    }
    let mut kinds: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for &cpu in cpus {
        let capacity = sysfs.number(&format!("{CPUS}/cpu{cpu}/cpu_capacity"))?;
        kinds.entry(capacity).or_default().insert(cpu);
    }
    let count = kinds.len();
    let (_, fastest) = kinds.pop_last()?;
    Some(CoreKinds { count, fastest })
}

/// All caches, each counted at the first CPU that shares it, and the cache line size.
fn caches(sysfs: &Sysfs, cpus: &[usize]) -> (BTreeMap<String, Vec<Cache>>, Option<u32>) {
    let mut caches: BTreeMap<String, Vec<Cache>> = BTreeMap::new();
    let mut line_bytes = None;
    for cpu in cpus {
        let folder = format!("{CPUS}/cpu{cpu}/cache");
        for index in sysfs.names(&folder) {
            let file = |name| format!("{folder}/{index}/{name}");
            let Some(sharers) = sysfs.cpus(&file("shared_cpu_list")) else {
                continue;
            };
            if sharers.first() != Some(cpu) {
                continue;
            }
            line_bytes = line_bytes.or_else(|| sysfs.number(&file("coherency_line_size")));
            let Some((name, kib)) = cache(sysfs, file) else {
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

/// A cache's name, such as `L1d`, and its size in KiB.
fn cache(sysfs: &Sysfs, file: impl Fn(&'static str) -> String) -> Option<(String, u64)> {
    let kind = match sysfs.text(&file("type"))?.as_str() {
        "Data" => "d",
        "Instruction" => "i",
        _ => "",
    };
    let level: u8 = sysfs.number(&file("level"))?;
    let kib = sysfs.text(&file("size"))?.strip_suffix('K')?.parse().ok()?;
    Some((format!("L{level}{kind}"), kib))
}
