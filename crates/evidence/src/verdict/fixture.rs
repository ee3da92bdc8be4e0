//! Small runs for tests.

use crate::record::{
    BlockId, BlockPlan, CellPlan, Class, Environment, FLOOR, Plan, Record, Run, RunStatus, SCHEMA,
    Shape, Work,
};

use super::{Outcome, Verdict};

fn block() -> BlockId {
    BlockId {
        workload: "counter".to_owned(),
        variant: "hot".to_owned(),
        threads: 2,
    }
}

/// A complete run of one block with these contenders, all of the class `immediate`.
pub(super) fn run(contenders: &[&str]) -> Run {
    let cell = |name: &&str| CellPlan {
        contender: (*name).to_owned(),
        class: match *name {
            FLOOR => Class::Floor,
            _ => Class::Immediate,
        },
        runnable: 2,
        oversubscribed: false,
    };
    Run {
        schema: SCHEMA,
        run: "fixture".to_owned(),
        contend: "0.0.0".to_owned(),
        started: "2026-01-01T00:00:00Z".to_owned(),
        finished: None,
        took_s: None,
        status: RunStatus::Complete,
        command: "cargo bench".to_owned(),
        seed: 1,
        plan: Plan {
            preset: "standard".to_owned(),
            filters: Vec::new(),
            forks: 12,
            estimate_s: 1.0,
            threshold: 0.03,
            pinned: false,
            more: None,
            window_check: None,
            cores: 2,
            blocks: vec![BlockPlan {
                block: block(),
                forks: None,
                rounds: 1,
                window_ns: 8_000_000,
                frame_ns: 0,
                cells: contenders.iter().map(cell).collect(),
            }],
        },
        work: Work::default(),
        environment: Environment::default(),
        workloads: Vec::new(),
        contenders: Vec::new(),
        absent: Vec::new(),
    }
}

/// A valid window of 1,000 operations, half of them by each worker.
pub(super) fn record(contender: &str, fork: u32, round: u32, ns_per_op: f64) -> Record {
    Record {
        ns_per_op: Some(ns_per_op),
        operations: vec![500, 500],
        window_ns: (ns_per_op * 1_000.0).round() as u64,
        shape: Shape::Open,
        chunk: 1,
        ..Record::blank(block().cell(contender), fork, round)
    }
}

/// A verdict of which only the names and the outcome matter.
pub(super) fn verdict(a: &str, b: &str, outcome: Outcome) -> Verdict {
    Verdict {
        block: block(),
        a: a.to_owned(),
        b: b.to_owned(),
        class: Class::Immediate,
        ratio: 0.5,
        low: 0.5,
        high: 0.5,
        verdict: outcome,
        control: false,
        forks: 12,
        ratio_of_windows: 0.5,
        as_winner: false,
        notes: Vec::new(),
    }
}
