//! What each worker did, from outside: in the records of a run, and as least share in its verdicts.

use std::process::Command;
use std::sync::Arc;

use contend::team::{Team, WindowError as Wrong};
use contend::workload::closed::Closed;
use contend::workload::first_error::{self, Failure, FirstError};
use contend::workload::join::{self, Join, Tasks};
use contend::workload::pipeline::{self, Item, Pipeline};
use contend::workload::spawn::{self, Spawn, TaskLog};
use contend::{Info, Suite};
use serde_json::Value;

use super::outside::Test;
use super::{AS_BENCH, is, only_run, read};

/// The name of a contender whose first worker does everything.
const ALONE: &str = "own::OneDoesAll";

/// The tests by name.
pub fn tests() -> Vec<(&'static str, Test)> {
    vec![("what_each_worker_did_is_recorded_and_has_a_least_share", recorded)]
}

pub fn add(suite: &mut Suite) {
    suite.add::<spawn::Params, OneDoesAll>(Info::new(ALONE));
    suite.add::<join::Params, OneDoesAll>(Info::new(ALONE));
    suite.add::<first_error::Params, OneDoesAll>(Info::new(ALONE));
    suite.add::<pipeline::Params, OneDoesAll>(Info::new(ALONE));
}

/// A least share.
enum Share {
    /// None: one total, or the workers were given the same.
    Dash,
    /// Measured: a part of the total, at most 1.
    Measured,
    /// One worker does nothing.
    Zero,
}

/// Cells, how many workers have counted, and the least share.
const CELLS: &[(&str, usize, Share)] = &[
    ("spawn/1000/rayon::scope/2", 2, Share::Measured),
    ("spawn/1000/std::sync::mpsc::channel+pool/2", 2, Share::Measured),
    ("spawn/1000/std::thread::scope/2", 1, Share::Dash),
    ("spawn/1000/own::OneDoesAll/2", 2, Share::Zero),
    ("join/64-tasks/rayon::scope/2", 2, Share::Measured),
    ("join/64-tasks/std::sync::Mutex+Condvar/2", 2, Share::Dash),
    ("join/64-tasks/std::thread::JoinHandle/2", 1, Share::Dash),
    ("join/64-tasks/own::OneDoesAll/2", 2, Share::Zero),
    ("slots/padded/std::sync::atomic+fetch_add/2", 2, Share::Dash),
    ("pipeline/1us/rayon::par_bridge/3", 3, Share::Measured),
    ("pipeline/1us/std::sync::mpsc::sync_channel/3", 1, Share::Dash),
    ("pipeline/1us/own::OneDoesAll/3", 3, Share::Zero),
    ("first-error/none/std::thread::scope+OnceLock/2", 2, Share::Measured),
    ("first-error/none/own::OneDoesAll/2", 2, Share::Zero),
];

fn recorded() -> Result<(), String> {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(std::env::current_exe().expect("this executable"))
        .env(AS_BENCH, "1")
        .args(["--bench", "--preset", "thorough", "--threads", "2,3", "--exact"])
        .args(CELLS.iter().map(|(cell, ..)| cell))
        .args(["--forks", "2", "--rounds", "3", "--window", "2ms", "--deadline", "5s", "--reports"])
        .arg(reports.path())
        .output()
        .expect("this executable starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    is(output.status.success(), || format!("exit {:?}: {errors}", output.status))?;
    let folder = only_run(reports.path());
    let records: Vec<Value> = read(&folder.join("samples.jsonl")).lines().map(parsed).collect();
    let verdicts = parsed(&read(&folder.join("verdicts.json")));
    for (cell, workers, share) in CELLS {
        let of_cell: Vec<&Value> = records.iter().filter(|record| record["cell"] == *cell).collect();
        is(of_cell.len() >= 6, || format!("{} records of {cell}", of_cell.len()))?;
        for record in of_cell {
            checked(record, *workers).map_err(|wrong| format!("{cell}: {wrong}: {record}"))?;
        }
        let summary =
            verdicts["cells"].as_array().and_then(|cells| cells.iter().find(|of| of["cell"] == *cell));
        let least = summary.ok_or_else(|| format!("{cell} has no summary"))?["least_share"].as_f64();
        let right = match share {
            Share::Dash => least.is_none(),
            Share::Measured => least.is_some_and(|least| (0.0..=1.0).contains(&least)),
            Share::Zero => least == Some(0.0),
        };
        is(right, || format!("the least share of {cell} is {least:?}"))?;
    }
    Ok(())
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Whether a record has a count for each worker, which add up to what the window did.
fn checked(record: &Value, workers: usize) -> Result<(), String> {
    let counts = |field: &str| -> Vec<u64> {
        record[field].as_array().map_or(Vec::new(), |list| list.iter().filter_map(Value::as_u64).collect())
    };
    let (operations, parts) = (counts("operations"), counts("parts"));
    let total: u64 = operations.iter().sum();
    let (by_worker, all) = match parts.is_empty() {
        true => (operations, total),
        false => (parts, total * 256), // jobs of a group of which none fails
    };
    is(by_worker.len() == workers, || format!("{} counts", by_worker.len()))?;
    is(by_worker.iter().sum::<u64>() == all, || format!("not {all} in total"))?;
    let (time, value) =
        (record["window_ns"].as_f64().unwrap_or(0.0), record["ns_per_op"].as_f64().unwrap_or(0.0));
    is((time / total as f64 / value - 1.0).abs() < 1e-3, || "the time is not that of all".to_owned())
}

/// Its results are right, and its other workers do nothing.
#[derive(Default)]
struct OneDoesAll {
    items: u64,
}

impl Closed for OneDoesAll {
    fn start(_: usize) -> Self {
        Self::default()
    }
}

impl Spawn for OneDoesAll {
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>) {
        (0..tasks).for_each(|index| log.run_task(index));
    }
}

impl Join for OneDoesAll {
    fn join(&mut self, tasks: &Arc<Tasks>) {
        (0..tasks.count()).for_each(|index| tasks.run(index));
    }
}

impl FirstError for OneDoesAll {
    fn run(&mut self, group: &first_error::Group) -> Result<(), Failure> {
        (0..group.count()).try_for_each(|index| group.run(index))
    }
}

impl Pipeline for OneDoesAll {
    fn run<const COPY: usize>(
        &mut self,
        _: &mut Team,
        count: u64,
        iterations: u64,
    ) -> Result<(std::time::Duration, Vec<Item>), Wrong> {
        let start = std::time::Instant::now();
        let through = |number| (0..3).fold(Item::new(number), |item, stage| item.pass(stage, iterations));
        let items = (0..count).map(through).collect();
        self.items = count;
        Ok((start.elapsed(), items))
    }

    fn by_worker(&self) -> Vec<u64> {
        vec![self.items, 0, 0]
    }
}
