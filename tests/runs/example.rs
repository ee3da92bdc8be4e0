//! The example runs below `tests/fixtures`: eight forks of one variant, small enough to read. A formula and a fixed
//! stream of noise make them; the result is committed.

use std::path::{Path, PathBuf};

use contend::record::{
    BlockId, BlockPlan, Calibration, CellPlan, Class, ContenderInfo, Environment, FLOOR, Fact, Plan, Record,
    Run, RunData, RunStatus, SCHEMA, Shape,
};

/// The differences between examples.
pub struct Example {
    pub name: &'static str,
    pub cpu: &'static str,
    pub seed: u64,
    /// The factor of all times.
    pub pace: f64,
    /// Contenders with a further factor of their times.
    pub changed: &'static [(&'static str, f64)],
}

/// A run before a change, and one after it: parking_lot's mutex is slower, the compare-exchange loop is faster, and
/// the machine runs 10 % slower.
pub const BEFORE: Example =
    Example { name: "before", cpu: "Example CPU @ 2.80GHz", seed: 1, pace: 1.0, changed: &[] };
pub const AFTER: Example = Example {
    name: "after",
    seed: 2,
    pace: 1.1,
    changed: &[("parking_lot::Mutex", 1.4), ("std::sync::atomic+compare_exchange", 0.6)],
    ..BEFORE
};

/// The run before, repeated without a change.
pub const AGAIN: Example = Example { name: "again", seed: 3, ..BEFORE };

/// A run on another machine.
pub const ELSEWHERE: Example = Example { name: "elsewhere", cpu: "Other CPU", seed: 4, pace: 0.5, ..BEFORE };

pub const ALL: [Example; 4] = [BEFORE, AFTER, AGAIN, ELSEWHERE];

/// Contenders, their classes, and the cost of an increment in ns with one thread and with two.
const CELLS: [(&str, Class, [f64; 2]); 8] = [
    ("std::sync::Mutex", Class::Immediate, [13.0, 44.0]),
    ("parking_lot::Mutex", Class::Immediate, [13.1, 28.0]),
    ("std::sync::atomic+fetch_add", Class::Immediate, [5.5, 11.5]),
    ("std::sync::atomic+compare_exchange", Class::Immediate, [6.9, 29.0]),
    ("std::sync::mpsc::channel", Class::Deferred, [61.0, 110.0]),
    ("per-thread+merged", Class::Partitioned, [1.9, 0.96]),
    ("std::sync::Mutex~control", Class::Immediate, [13.0, 44.0]),
    (FLOOR, Class::Floor, [0.4, 0.2]),
];

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Noise between -1 and 1, the same in every run (SplitMix64, Steele et al. 2014).
fn noise(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

impl Example {
    /// The run.
    pub fn journal(&self) -> RunData {
        let block = |threads| BlockId { workload: "counter".to_owned(), variant: "hot".to_owned(), threads };
        let (mut records, mut state) = (Vec::new(), self.seed);
        for fork in 1..=8 {
            for threads in [1, 2] {
                for (position, (contender, _, costs)) in CELLS.iter().enumerate() {
                    let code = contender.trim_end_matches("~control");
                    let change = self.changed.iter().find(|(name, _)| *name == code);
                    let cost = costs[threads - 1] * self.pace * change.map_or(1.0, |of| of.1);
                    let spread = 0.01 * threads as f64 * noise(&mut state);
                    let operations = (8e6 / (cost * (1.0 + spread))) as u64;
                    let share = operations / threads as u64;
                    records.push(record(block(threads).cell(contender), fork, position, share));
                }
            }
        }
        let cell = |threads| {
            move |(contender, class, _): &(&str, Class, _)| {
                let helpers = usize::from(*class == Class::Deferred);
                CellPlan {
                    contender: (*contender).to_owned(),
                    class: *class,
                    runnable: (threads + helpers) as u32,
                    oversubscribed: threads + helpers > 2,
                }
            }
        };
        let plan = |threads| BlockPlan {
            block: block(threads),
            forks: None,
            rounds: 1,
            window_ns: 8_000_000,
            frame_ns: 0,
            cells: CELLS.iter().map(cell(threads)).collect(),
        };
        RunData {
            run: self.run(vec![plan(1), plan(2)]),
            records,
            long: Vec::new(),
            against: Vec::new(),
            cut_off: false,
            problems: Vec::new(),
        }
    }

    fn run(&self, blocks: Vec<BlockPlan>) -> Run {
        let fact = |key: &str, label: &str, value: &str| Fact {
            key: key.to_owned(),
            label: label.to_owned(),
            value: value.to_owned(),
        };
        let contender = |name: &str| ContenderInfo {
            name: name.to_owned(),
            family: "example".to_owned(),
            package: "std".to_owned(),
            version: "1.95.0".to_owned(),
            notes: String::new(),
            checked: None,
            roles: Vec::new(),
            traits: None,
        };
        let named = CELLS.iter().filter(|(name, ..)| !name.contains('~') && *name != FLOOR);
        Run {
            schema: SCHEMA,
            run: self.name.to_owned(),
            contend: "0.1.0".to_owned(),
            started: "2026-11-21T09:00:00Z".to_owned(),
            finished: Some("2026-11-21T09:00:12Z".to_owned()),
            took_s: Some(12.0),
            planned_took_s: None,
            status: RunStatus::Complete,
            command: "cargo bench -- counter/hot --forks 8".to_owned(),
            seed: self.seed,
            plan: Plan {
                preset: "standard".to_owned(),
                filters: vec!["counter/hot".to_owned()],
                forks: 8,
                estimate_s: 12.0,
                threshold: 0.03,
                cores: 2,
                cpus: None,
                pinned: false,
                in_process: false,
                baseline_contender: None,
                more: None,
                window_check: None,
                blocks,
            },
            work: Calibration::default(),
            environment: Environment {
                facts: vec![
                    fact("cpu_model", "CPU", self.cpu),
                    fact("rustc", "Compiler", "rustc 1.95.0"),
                    fact("target", "Built for", "x86_64-unknown-linux-gnu"),
                    fact("commit", "Commit", self.name),
                ],
                cautions: vec!["An example: nobody measured it.".to_owned()],
            },
            executable: None,
            against: None,
            fingerprint: None,
            host: None,
            workloads: Vec::new(),
            contenders: named.map(|(name, ..)| contender(name)).collect(),
            absent: Vec::new(),
            merged: None,
            shard: None,
        }
    }
}

fn record(cell: contend::record::CellId, fork: u32, position: usize, share: u64) -> Record {
    let operations = vec![share; cell.threads];
    let all: u64 = operations.iter().sum();
    Record {
        position: position as u32,
        ns_per_op: Some(8e6 / all as f64),
        operations,
        window_ns: 8_000_000,
        skew_ns: 900,
        bracket_ns: 200,
        shape: Shape::Open,
        chunk: 64,
        ..Record::blank(cell, fork, 1)
    }
}
