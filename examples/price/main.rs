//! The price of the driver and of the adapters: contenders of the suite beside the same loops written
//! by hand, in the same rounds. Prints the table of docs/timing.md.
//!
//! ```text
//! cargo run --release --example price
//! ```

mod by_hand;
mod compiled_here;
mod written_out;

use std::process::{Command, ExitCode};

use contend::Suite;
use contend::record::{self, RunData};
use contend::verdict::{CellSummary, Outcome, analyse, paired};

/// The block's workload and variant, a contender, and what it is held against.
const PAIRS: [(&str, &str, &str); 7] = [
    ("counter/hot", "std::sync::atomic+fetch_add", "by-hand::fetch_add"),
    ("counter/hot", "std::sync::Mutex", "by-hand::Mutex"),
    ("counter/hot", "std::sync::Mutex", "written-out::Mutex"),
    COMPILED_ALIKE,
    COMPILED_APART,
    ("map/write", "std::sync::Mutex", "by-hand::Mutex"),
    ("map/write", "std::sync::Mutex", "written-out::Mutex"),
];

/// The driver around a channel against a loop by hand: both with crossbeam's code as it is compiled here.
const COMPILED_ALIKE: (&str, &str, &str) =
    ("counter/hot", "compiled-here::crossbeam_channel", "by-hand::crossbeam_channel");

/// The same source and driver, with crossbeam's code as it is compiled in the suite's crate and here.
const COMPILED_APART: (&str, &str, &str) =
    ("counter/hot", "crossbeam_channel::bounded", "compiled-here::crossbeam_channel");

/// Those that are measured again where all threads have one CPU. The ends of a channel on two have several
/// ways to wait for each other, which one more nanosecond at an end can change; on one they take turns.
const ON_ONE_CPU: [(&str, &str, &str); 2] = [COMPILED_ALIKE, COMPILED_APART];

fn suite() -> Suite {
    let mut suite = contend::suite();
    by_hand::register(&mut suite);
    compiled_here::register(&mut suite);
    written_out::register(&mut suite);
    suite
}

fn main() -> ExitCode {
    // With arguments this is a bench target: the forks of the runs below, or a run of one's own.
    if std::env::args().len() > 1 {
        return contend::bench(suite());
    }
    println!("| variant, threads | contender | against | its time over theirs | difference | verdict |");
    println!("| --- | --- | --- | ---: | ---: | --- |");
    // Many rounds, since two contended threads differ much from window to window.
    let all = measure(&PAIRS, "60").map(|journal| print(&journal, &PAIRS, ""));
    // This thread's CPUs are those of the forks that it starts.
    let cpu = core_affinity::get_core_ids().and_then(|cpus| cpus.first().copied());
    let pinned = cpu.is_some_and(core_affinity::set_for_current);
    if !pinned {
        eprintln!("this system pins no thread to a CPU: nothing was measured on one");
        return all.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
    }
    let one = measure(&ON_ONE_CPU, "6");
    let one = one.map(|journal| print(&journal, &ON_ONE_CPU, " on one CPU"));
    match (all, one) {
        (Some(()), Some(())) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The records of a run of these pairs, at 1 and 2 threads.
fn measure(pairs: &[(&str, &str, &str)], rounds: &str) -> Option<RunData> {
    let reports = tempfile::tempdir().expect("a temporary folder can be made");
    let mut command = Command::new(std::env::current_exe().expect("this executable has a path"));
    command.args(["--bench", "--exact", "--threads", "1,2", "--rounds", rounds]);
    command.arg("--reports");
    command.arg(reports.path());
    for (variant, suite, hand) in pairs {
        for (name, threads) in [(suite, 1), (suite, 2), (hand, 1), (hand, 2)] {
            command.arg(format!("{variant}/{name}/{threads}"));
        }
    }
    let ended = command.stdout(std::process::Stdio::null()).status();
    if !ended.expect("this executable can be started").success() {
        return None;
    }
    let entries = std::fs::read_dir(reports.path()).expect("the run left a folder");
    let run =
        entries.filter_map(|entry| Some(entry.ok()?.path())).find(|path| path.join("run.json").is_file());
    let run = run.expect("the run left a folder");
    Some(record::read(&run).expect("the run can be read"))
}

fn print(journal: &RunData, pairs: &[(&str, &str, &str)], place: &str) {
    let analysis = analyse(&journal.run, &journal.records);
    for (variant, suite, hand) in pairs {
        for threads in [1, 2] {
            let id = format!("{variant}/{threads}");
            let block = analysis.blocks.iter().find(|block| block.block.to_string() == id);
            let block = block.expect("the block was planned");
            let cell = |name| block.cell(name).filter(|cell| cell.median.is_some());
            let (Some(ours), Some(theirs)) = (cell(suite), cell(hand)) else {
                println!("| {variant}, {threads}{place} | `{suite}` | `{hand}` | not measured | | |");
                continue;
            };
            // Planned comparisons: the pairs were named before there were data.
            let found = paired(ours, theirs, analysis.threshold).expect("both were measured");
            let word = match found.outcome {
                Outcome::Faster | Outcome::Slower => "distinguished",
                Outcome::Tie => "tie",
                Outcome::Unresolved => "unresolved",
            };
            let median = |cell: &CellSummary| cell.median.unwrap_or(f64::NAN);
            println!(
                "| {variant}, {threads}{place} | `{suite}` | `{hand}` | {:.3} ({:.3}–{:.3}) | {:+.2} ns | {word} |",
                found.ratio,
                found.low,
                found.high,
                median(ours) - median(theirs),
            );
        }
    }
}
