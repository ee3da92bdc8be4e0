//! How long the showing half takes: reading a run's records, its verdicts, its page and all other files. In
//! the build that users have, which does not optimize it.
//!
//! ```text
//! cargo run --release --example showing                        a thousand cells of sixty records
//! cargo run --release --example showing -- reports/reference   a run
//! ```

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use contend::record::{self, RunData};
use contend::{report, verdict};

/// What the design promises the times of.
const CELLS: usize = 1_000;
const RECORDS: u32 = 60;

/// Each step is taken so often; the median is told.
const TIMES: usize = 5;

fn main() -> ExitCode {
    let run = std::env::args_os().nth(1).map(PathBuf::from);
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let from = run.clone().unwrap_or_else(|| PathBuf::from("reports/reference"));
    let mut journal = match record::read(&from) {
        Ok(journal) => journal,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    if run.is_none() {
        fill(&mut journal);
    }
    save(place.path(), &journal);
    println!(
        "{} cells, {} records",
        journal.run.plan.blocks.iter().map(|block| block.cells.len()).sum::<usize>(),
        journal.records.len(),
    );
    let read = median(|| drop(record::read(place.path()).expect("it was just written")));
    let verdicts = median(|| drop(verdict::analyse_run(&journal)));
    let files = median(|| drop(report::write(place.path(), &journal).expect("there is room")));
    println!("read in {read:?}");
    println!("verdicts in {verdicts:?}");
    println!("verdicts, page and all other files in {files:?}");
    ExitCode::SUCCESS
}

/// Makes it a run of [`CELLS`] cells of [`RECORDS`] records, out of its own: blocks at other thread counts,
/// and forks that go through the recorded ones again.
fn fill(journal: &mut RunData) {
    let mut blocks = Vec::new();
    let mut records = Vec::new();
    let mut cells = 0;
    for more in 0.. {
        for block in &journal.run.plan.blocks {
            if cells >= CELLS {
                break;
            }
            cells += block.cells.len();
            let mut copy = block.clone();
            copy.block.threads += 100 * more;
            copy.rounds = 3;
            copy.forks = Some(RECORDS / copy.rounds);
            for cell in &block.cells {
                let cell = block.block.cell(&cell.contender);
                let mut of_cell = journal.records.iter().filter(|record| record.cell == cell).cycle();
                for index in 0..RECORDS {
                    let Some(record) = of_cell.next() else { break };
                    let mut record = record.clone();
                    record.cell.threads += 100 * more;
                    (record.fork, record.round) = (1 + index / copy.rounds, 1 + index % copy.rounds);
                    records.push(record);
                }
            }
            blocks.push(copy);
        }
        if cells >= CELLS {
            break;
        }
    }
    journal.run.plan.blocks = blocks;
    journal.records = records;
}

/// Writes a run as it lies in its folder.
fn save(folder: &Path, journal: &RunData) {
    let run = serde_json::to_string(&journal.run).expect("plain data");
    std::fs::write(folder.join("run.json"), run).expect("there is room");
    let line = |record| serde_json::to_string(record).expect("plain data") + "\n";
    let lines: String = journal.records.iter().map(line).collect();
    std::fs::write(folder.join("samples.jsonl"), lines).expect("there is room");
}

fn median(mut step: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            step();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[TIMES / 2]
}
