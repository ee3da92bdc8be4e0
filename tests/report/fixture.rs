//! Runs that nobody measured, for the report's tests: plausible numbers from a formula and a fixed
//! stream of noise, so that they are the same on every machine.

use std::collections::BTreeMap;

use contend::record::{
    Absent, BlockId, BlockPlan, CONTROL, Calibration, CellId, CellPlan, Class, ContenderInfo, ContenderRole,
    Environment, FLOOR, Fact, Plan, Record, Run, RunData, RunStatus, SCHEMA, Shape, Status, VariantId,
    VariantInfo, WorkloadGroup, WorkloadInfo,
};

/// A contender: its family, what it promises, what an operation costs alone, and how that grows with
/// each further thread.
#[derive(Clone)]
pub struct Contender {
    pub name: String,
    pub family: String,
    pub class: Class,
    pub alone_ns: f64,
    pub contended: f64,
}

/// What a run is made of.
pub struct Outlay {
    pub workloads: Vec<(String, Vec<String>)>,
    pub threads: Vec<usize>,
    pub contenders: Vec<Contender>,
    pub cores: usize,
    pub forks: u32,
    pub rounds: u32,
}

/// Noise between -1 and 1, the same each time (SplitMix64, Steele et al. 2014).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    /// Two-sided, with most of it near zero.
    fn bell(&mut self) -> f64 {
        (self.next() + self.next() + self.next()) / 3.0
    }
}

/// A contender with plain ways.
pub fn contender(name: &str, family: &str, class: Class, alone_ns: f64, contended: f64) -> Contender {
    Contender { name: name.to_owned(), family: family.to_owned(), class, alone_ns, contended }
}

/// The contenders of a core workload.
pub fn usual() -> Vec<Contender> {
    use Class::{Deferred, Immediate, Partitioned};
    vec![
        contender("std::sync::atomic+fetch_add", "atomics", Immediate, 5.5, 2.1),
        contender("std::sync::atomic+compare_exchange", "atomics", Immediate, 6.9, 4.2),
        contender("std::sync::Mutex", "std::sync::Mutex", Immediate, 13.0, 3.4),
        contender("std::sync::RwLock", "std::sync::RwLock", Immediate, 16.0, 4.9),
        contender("parking_lot::Mutex", "parking_lot", Immediate, 12.8, 2.6),
        contender("parking_lot::RwLock", "parking_lot", Immediate, 17.0, 5.2),
        contender("dashmap::DashMap", "dashmap", Immediate, 24.0, 3.8),
        contender("serial", "threads", Immediate, 11.0, 1.0),
        contender("std::sync::mpsc", "std channels", Deferred, 61.0, 1.9),
        contender("crossbeam_channel", "crossbeam", Deferred, 60.6, 1.9),
        contender("flume", "flume", Deferred, 88.0, 2.3),
        contender("rayon+fold", "rayon", Partitioned, 1.9, 0.6),
    ]
}

/// A workload of each group, in an order that is not the page's.
pub fn mixed() -> RunData {
    let names = ["ours", "queue", "map"];
    journal(&Outlay {
        workloads: names.map(|name| (name.to_owned(), vec!["one".to_owned()])).to_vec(),
        threads: vec![1, 2],
        contenders: usual(),
        cores: 2,
        forks: 12,
        rounds: 1,
    })
}

/// A run like a standard one on two cores: three workloads, one failed cell, one missing, some void.
pub fn standard() -> RunData {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let mut journal = journal(&Outlay {
        workloads: vec![
            ("counter".to_owned(), names(&["hot", "spaced"])),
            ("map".to_owned(), names(&["write", "read90"])),
            ("fan-out".to_owned(), names(&["empty", "1us", "20us"])),
        ],
        threads: vec![1, 2, 4],
        contenders: usual(),
        cores: 2,
        forks: 12,
        rounds: 3,
    });
    fail(&mut journal, "map/write/flume/4", "lost 3 of 120,000 increments");
    let silent: CellId = "fan-out/20us/std::sync::mpsc/2".parse().expect("an id");
    journal.records.retain(|record| record.cell != silent);
    journal.run.environment.cautions = vec![
        "A virtual machine: other guests may take CPU time at any moment.".to_owned(),
        "2 CPUs: what happens on more is not known.".to_owned(),
    ];
    journal.run.absent = vec![
        Absent {
            block: "counter".to_owned(),
            contender: "thread::scope".to_owned(),
            reason: "A thread for each increment would measure nothing but spawning.".to_owned(),
        },
        Absent {
            block: "map/write".to_owned(),
            contender: "std::sync::atomic+fetch_add".to_owned(),
            reason: "Keys are not fixed, so there is no cell to add to.".to_owned(),
        },
    ];
    journal
}

/// A thousand cells of sixty records.
pub fn large() -> RunData {
    of_variants(6, 5)
}

/// The same with ten thousand cells, of a few records each.
pub fn huge() -> RunData {
    of_variants(61, 1)
}

fn of_variants(variants: u32, rounds: u32) -> RunData {
    let variants: Vec<String> = (1..=variants).map(|index| format!("variant{index}")).collect();
    let workloads = ["counter", "map", "fan-out"];
    let mut contenders = usual();
    contenders.truncate(10);
    journal(&Outlay {
        workloads: workloads.iter().map(|name| ((*name).to_owned(), variants.clone())).collect(),
        threads: vec![1, 2, 4, 8, 16],
        contenders,
        cores: 8,
        forks: 12,
        rounds,
    })
}

/// Makes a cell fail in its third record.
pub fn fail(journal: &mut RunData, cell: &str, reason: &str) {
    let mut records = journal.records.iter_mut();
    if let Some(record) = records.by_ref().filter(|r| r.cell.to_string() == cell).nth(2) {
        record.status = Status::Failed;
        record.valid = false;
        record.ns_per_op = None;
        record.reason = Some(reason.to_owned());
    }
}

/// A run of any shape.
pub fn journal(shape: &Outlay) -> RunData {
    let mut noise = Noise(7);
    let mut blocks = Vec::new();
    let mut records = Vec::new();
    for (place, (workload, variants)) in shape.workloads.iter().enumerate() {
        for (index, variant) in variants.iter().enumerate() {
            for &threads in &shape.threads {
                let block = BlockId { workload: workload.clone(), variant: variant.clone(), threads };
                let scale = [1.0, 12.0, 40.0][place % 3] * [1.0, 3.0, 25.0][index % 3];
                let cells = cells(shape, threads, blocks.len());
                for cell in &cells {
                    let centre = centre(shape, cell, threads, scale, place + index);
                    measure(shape, &block, cell, centre, &mut noise, &mut records);
                }
                blocks.push(BlockPlan {
                    forks: None,
                    block,
                    rounds: shape.rounds,
                    window_ns: 8_000_000,
                    frame_ns: 0,
                    cells,
                });
            }
        }
    }
    RunData {
        run: run(shape, blocks),
        records,
        long: Vec::new(),
        against: Vec::new(),
        cut_off: false,
        problems: Vec::new(),
    }
}

fn cells(shape: &Outlay, threads: usize, block: usize) -> Vec<CellPlan> {
    let plan = |contender: String, class: Class, helpers: u32| CellPlan {
        contender,
        class,
        runnable: threads as u32 + helpers,
        oversubscribed: threads + helpers as usize > shape.cores,
    };
    let mut cells: Vec<CellPlan> = shape
        .contenders
        .iter()
        .map(|c| plan(c.name.clone(), c.class, u32::from(c.class == Class::Deferred)))
        .collect();
    if let Some(twice) = shape.contenders.get(block % shape.contenders.len().max(1)) {
        cells.push(plan(twice.name.clone() + CONTROL, twice.class, 0));
    }
    cells.push(plan(FLOOR.to_owned(), Class::Floor, 0));
    cells
}

/// What an operation of a cell costs, without noise.
fn centre(shape: &Outlay, cell: &CellPlan, threads: usize, scale: f64, turn: usize) -> f64 {
    let name = cell.contender.trim_end_matches(CONTROL);
    let Some(contender) = shape.contenders.iter().find(|c| c.name == name) else {
        return 0.4 * scale.sqrt() / threads.min(shape.cores) as f64;
    };
    let steps = (threads as f64).log2();
    // Every other variant is less contended, so that its ranking differs and turns.
    let contended =
        if turn.is_multiple_of(2) { contender.contended } else { contender.contended.powf(0.4) * 0.8 };
    let over = if threads > shape.cores { 1.15 } else { 1.0 };
    contender.alone_ns * scale * contended.powf(steps.min(2.5)) * over
}

fn measure(
    shape: &Outlay,
    block: &BlockId,
    cell: &CellPlan,
    centre: f64,
    noise: &mut Noise,
    records: &mut Vec<Record>,
) {
    for fork in 1..=shape.forks {
        let of_fork = 1.0 + 0.035 * noise.bell() * block.threads.min(4) as f64;
        for round in 1..=shape.rounds {
            let slow = if noise.next() > 0.97 { 1.4 } else { 1.0 };
            let ns = centre * of_fork * (1.0 + 0.03 * noise.bell()) * slow;
            let void = noise.next() > 0.995;
            if void {
                records.push(record(block, cell, fork, round, ns, true));
            }
            records.push(record(block, cell, fork, round, ns, false));
        }
    }
}

fn record(block: &BlockId, cell: &CellPlan, fork: u32, round: u32, ns: f64, void: bool) -> Record {
    let window_ns = 8_000_000_u64;
    let operations = (window_ns as f64 / ns).max(1.0) as u64;
    let threads = block.threads as u64;
    Record {
        cell: block.cell(&cell.contender),
        fork,
        round,
        position: 0,
        after: None,
        ns_per_op: Some(ns),
        value: None,
        unit: None,
        operations: (0..threads).map(|worker| operations / threads + worker).collect(),
        parts: Vec::new(),
        window_ns,
        skew_ns: 900,
        bracket_ns: 200,
        shape: Shape::Open,
        chunk: 64,
        helpers: cell.runnable - block.threads as u32,
        used_for: None,
        cpu_ns: Some(window_ns * threads.min(2)),
        user_ns: Some(window_ns * threads.min(2) / 4 * 3),
        system_ns: Some(window_ns * threads.min(2) / 4),
        switches_voluntary: Some(threads * 3),
        switches_involuntary: Some(threads - 1),
        steal_ms: Some(0),
        frequency_mhz: None,
        disturbed: Vec::new(),
        memory_bytes: None,
        valid: !void,
        status: if void { Status::Void } else { Status::Ok },
        reason: void.then(|| "steal".to_owned()),
    }
}

fn run(shape: &Outlay, blocks: Vec<BlockPlan>) -> Run {
    Run {
        schema: SCHEMA,
        run: "2026-11-21T09-00-00Z".to_owned(),
        contend: "0.1.0".to_owned(),
        started: "2026-11-21T09:00:00Z".to_owned(),
        finished: Some("2026-11-21T09:04:31Z".to_owned()),
        took_s: Some(271.0),
        planned_took_s: None,
        status: RunStatus::Complete,
        command: "cargo bench".to_owned(),
        seed: 12_157_665_459_056_928_801,
        plan: Plan {
            cpus: None,
            pinned: false,
            in_process: false,
            baseline_contender: None,
            more: None,
            window_check: None,
            preset: "standard".to_owned(),
            filters: Vec::new(),
            forks: shape.forks,
            estimate_s: 270.0,
            threshold: 0.03,
            cores: shape.cores,
            blocks,
        },
        work: Calibration {
            ns_per_iteration: 0.51,
            iterations: BTreeMap::from([(100, 196), (1000, 1961), (20_000, 39_216)]),
        },
        environment: environment(shape),
        executable: None,
        against: None,
        fingerprint: None,
        host: None,
        workloads: shape.workloads.iter().map(workload).collect(),
        contenders: shape
            .contenders
            .iter()
            .map(|contender| ContenderInfo {
                name: contender.name.clone(),
                family: contender.family.clone(),
                package: contender.name.split("::").next().unwrap_or_default().to_owned(),
                version: "1.2.3".to_owned(),
                notes: "Blocks; not fair; poisons when a holder panics.".to_owned(),
                checked: None,
                roles: vec![ContenderRole {
                    workload: "counter".to_owned(),
                    role: "One of a kind; `inert` <b>text</b>.".to_owned(),
                    traits: Vec::new(),
                }],
                traits: None,
            })
            .collect(),
        absent: Vec::new(),
        shard: None,
        merged: None,
    }
}

fn environment(shape: &Outlay) -> Environment {
    let fact = |key: &str, label: &str, value: &str| Fact {
        key: key.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
    };
    Environment {
        facts: vec![
            fact("cpu_model", "CPU", "Example CPU @ 2.80GHz"),
            fact("cpus", "CPUs online", &shape.cores.to_string()),
            fact("smt", "SMT", "unknown"),
            fact("governor", "Frequency governor", "unknown"),
            fact("os", "System", "Linux 6.1"),
            fact("rustc", "rustc", "1.95.0"),
            fact("profile", "Profile", "bench, opt-level 3, line tables"),
        ],
        cautions: Vec::new(),
    }
}

fn workload((name, variants): &(String, Vec<String>)) -> WorkloadInfo {
    let (title, models, question) = match name.as_str() {
        "counter" => (
            "every worker adds to one number",
            "Statistics, ids, reference counts: one word that all threads change.",
            "Lock, atomic or message for a number that everyone changes?",
        ),
        "map" => (
            "10,000 keys that all workers read and write",
            "Caches, sessions, registries: keyed state that all threads share.",
            "One lock around a map, many locks, or a map made for sharing?",
        ),
        _ => (
            "jobs are handed out and results gathered",
            "Thumbnails, crawlers, batch jobs: work that is split among threads.",
            "How to hand out jobs, and from which size on does it pay?",
        ),
    };
    WorkloadInfo {
        name: name.clone(),
        group: WorkloadGroup::Core,
        title: title.to_owned(),
        models: models.to_owned(),
        question: question.to_owned(),
        timed: "From the first snapshot of the workers’ counts to the second.".to_owned(),
        oracle: "The total equals what the workers counted.".to_owned(),
        operation: "increment".to_owned(),
        variants: variants
            .iter()
            .map(|variant| VariantInfo {
                id: VariantId { workload: name.clone(), variant: variant.clone() },
                title: match variant.as_str() {
                    "hot" => "nothing else",
                    "spaced" => "100 ns of own work between increments",
                    "write" => "upserts only",
                    "read90" => "nine reads to a write",
                    "empty" => "jobs of nothing",
                    other => other,
                }
                .to_owned(),
                parameters: BTreeMap::from([("keys".to_owned(), "10,000, Zipf 0.99".to_owned())]),
            })
            .collect(),
    }
}
