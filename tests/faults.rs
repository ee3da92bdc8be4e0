//! Contenders that are broken on purpose, each in a way that an oracle or a deadline must catch: the
//! cell fails by name and has no time, the others have theirs, and the run ends with exit 1.
//!
//! This executable is the tests and, with `CONTEND_FAULTS` set, the bench target that they start: a
//! run's forks are children of the executable that holds its suite.

/// Defines a contender of `fan-out` by how it runs a batch.
macro_rules! broken_fan_out {
    ($name:ident, $batch:expr) => {
        struct $name;

        impl $crate::Closed for $name {
            fn start(_: usize) -> Self {
                $name
            }
        }

        impl $crate::FanOut for $name {
            fn run_batch(&mut self, jobs: &[$crate::Job]) -> $crate::BatchResults {
                let batch: fn(&[$crate::Job]) -> $crate::BatchResults = $batch;
                batch(jobs)
            }
        }
    };
}

/// Defines flaws that do one thing at one moment of each window, and are right otherwise.
macro_rules! at_moment {
    ($($name:ident => $action:expr;)*) => {$(
        struct $name;

        impl $crate::Flaw for $name {
            fn writes(n: u64) -> u32 {
                if n == $crate::hostile::MOMENT {
                    let action: fn() = || $action;
                    action();
                }
                1
            }
        }
    )*};
}

#[path = "faults/cheats.rs"]
mod cheats;
#[path = "faults/hostile.rs"]
mod hostile;
#[path = "faults/left_behind.rs"]
mod left_behind;
#[path = "faults/outside.rs"]
mod outside;
#[path = "faults/patterns.rs"]
mod patterns;
#[path = "faults/phases.rs"]
mod phases;
#[path = "faults/promises.rs"]
mod promises;
#[path = "faults/shares.rs"]
mod shares;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode, Output};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contend::registry::Tier;
use contend::workload::closed::Closed;
use contend::workload::counter::{self, Count, Hot};
use contend::workload::fan_out::{self, BatchResults, FanOut, Job};
use contend::workload::map::{self, Map};
use contend::{Info, Model, Shared, Suite};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// Says to this executable that it is the bench target.
const AS_BENCH: &str = "CONTEND_FAULTS";

fn main() -> ExitCode {
    if std::env::var_os(AS_BENCH).is_some() {
        return contend::bench(suite());
    }
    let mut trials = Vec::new();
    let faults = || {
        let of_files = [
            cheats::faults(),
            hostile::faults(),
            left_behind::faults(),
            phases::faults(),
            patterns::faults(),
        ];
        core().into_iter().chain(of_files.into_iter().flatten())
    };
    trials.push(Trial::test("the_table_of_promises_has_every_fault", move || {
        promises::check_table(&faults().collect::<Vec<_>>()).map_err(Failed::from)
    }));
    for (name, fault) in faults() {
        trials.push(Trial::test(name, move || check(&fault).map_err(Failed::from)));
    }
    trials.push(Trial::test("a_block_that_cannot_be_made_ready_fails_by_name_and_others_go_on", || {
        unready().map_err(Failed::from)
    }));
    for (name, test) in outside::tests().into_iter().chain(shares::tests()) {
        trials.push(Trial::test(name, move || test().map_err(Failed::from)));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The core workloads' broken contenders, beside std's mutex.
fn core() -> Vec<(&'static str, Fault)> {
    let fault = |cell, says| Fault { cell, beside: "std::sync::Mutex", does: "", says, deadline: "1s" };
    vec![
        ("a_lost_increment_fails_the_cell", fault("counter/hot/own::LosesSome/2", "increments were lost")),
        (
            "an_increment_that_counts_twice_fails_the_cell",
            fault("counter/spaced/own::DoublesSome/2", "more than"),
        ),
        ("a_lost_upsert_fails_the_cell", fault("map/write/own::DropsAnUpsert/2", "do not add up")),
        (
            "a_lookup_that_misses_fails_the_cell",
            fault("map/read90/own::MissesSome/2", "lookups found their key"),
        ),
        (
            "a_lookup_that_misses_between_own_work_fails_the_cell",
            fault("map/spaced/own::MissesOften/2", "lookups found their key"),
        ),
        (
            "an_entry_that_is_not_inserted_fails_the_cell",
            fault("map/insert-remove/own::LosesInserts/2", "were lost"),
        ),
        (
            "a_lookup_that_misses_beside_lengths_fails_the_cell",
            fault("map/read90-len/own::MissesSome/2", "its 10000 entries|lookups found their key"),
        ),
        (
            "a_lookup_that_misses_beside_visits_fails_the_cell",
            fault("map/read90-iterate/own::MissesSome/2", "its 10000 entries|lookups found their key"),
        ),
        (
            "a_lost_upsert_of_a_large_value_fails_the_cell",
            fault("map/read90-1KiB/own::DropsAnUpsert/2", "do not add up"),
        ),
        (
            "a_lost_upsert_in_shards_fails_the_cell",
            fault("map/shards64/own::DropsAnUpsert/2", "do not add up"),
        ),
        (
            "a_job_that_runs_twice_fails_the_cell",
            fault("fan-out/nothing/own::RunsTwice/2", "257 jobs ran, but the batch has 256"),
        ),
        (
            "a_result_that_comes_twice_fails_the_cell",
            fault("fan-out/nothing/own::ResultTwice/2", "has two results"),
        ),
        (
            "a_job_that_is_not_done_fails_the_cell",
            fault("fan-out/nothing/own::LosesAJob/2", "1 of 256 jobs have no result"),
        ),
        ("a_panic_fails_the_cell", fault("counter/hot/own::Panics/2", "a worker panicked: enough")),
        (
            "silence_past_the_deadline_fails_the_cell",
            fault("counter/hot/own::Hangs/2", "it said nothing for 1s and was killed"),
        ),
        ("the_death_of_a_fork_fails_the_cell", fault("counter/hot/own::Aborts/2", "its process ended")),
    ]
}

struct Fault {
    cell: &'static str,
    /// A contender of its block that is right.
    beside: &'static str,
    /// What it does, where its name does not say so.
    does: &'static str,
    /// What the reason says: one of these texts, separated by `|`. Which question first meets a flaw may be chance.
    says: &'static str,
    deadline: &'static str,
}

/// Measures the broken cell beside a sound one, and looks at all that the run left.
fn check(fault: &Fault) -> Result<(), String> {
    let Fault { cell, beside, says, deadline, .. } = fault;
    let parts: Vec<&str> = cell.split('/').collect();
    let [workload, variant, broken, threads] = parts[..] else {
        panic!("`{cell}` is no cell");
    };
    let sound = format!("{workload}/{variant}/{beside}/{threads}");
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(std::env::current_exe().expect("this executable"))
        .env(AS_BENCH, "1")
        .args(["--bench", "--exact", cell, &sound])
        .args(["--preset", "thorough", "--threads", threads])
        .args(["--forks", "2", "--rounds", "2"])
        .args(["--window", "2ms", "--deadline", deadline, "--memory", "400MiB", "--reports"])
        .arg(reports.path())
        .output()
        .expect("this executable starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    is(output.status.code() == Some(1), || format!("exit {:?}: {errors}", output.status))?;
    is(errors.contains(&format!("FAILED {cell}")), || format!("not said: {errors}"))?;

    let folder = only_run(reports.path());
    let records: Vec<Value> = read(&folder.join("samples.jsonl"))
        .lines()
        .map(|line| serde_json::from_str(line).expect("a record"))
        .collect();
    let of = |cell: &str| -> Vec<&Value> { records.iter().filter(|r| r["cell"] == cell).collect() };
    let failed: Vec<_> = of(cell).into_iter().filter(|r| r["status"] == "failed").collect();
    is(failed.len() == 1, || format!("{} failed records of {cell}", failed.len()))?;
    let reason = failed[0]["reason"].as_str().unwrap_or_default();
    is(says.split('|').any(|says| reason.contains(says)), || {
        format!("the reason is `{reason}`, not `{says}`")
    })?;
    is(failed[0]["ns_per_op"].is_null(), || "a failed window has a time".to_owned())?;
    is(failed[0]["valid"] == false, || "a failed window is valid".to_owned())?;
    // On a busy machine rounds are voided; what counts is that they were taken and not failed.
    let sound_records = of(&sound);
    let rounds: BTreeSet<_> =
        sound_records.iter().map(|r| (r["fork"].as_u64(), r["round"].as_u64())).collect();
    is(rounds.len() == 4, || format!("{} of 4 rounds of {sound}", rounds.len()))?;
    let unsound = sound_records.iter().filter(|r| r["status"] == "failed").count();
    is(unsound == 0, || format!("{sound} failed"))?;

    let verdicts = read(&folder.join("verdicts.json"));
    let verdicts: Value = serde_json::from_str(&verdicts).expect("JSON");
    let compared = verdicts["verdicts"].as_array().expect("a list of verdicts").iter();
    let named = compared.filter(|v| v["a"] == broken || v["b"] == broken).count();
    is(named == 0, || format!("{named} verdicts name the failed contender"))?;
    let page = read(&folder.join("index.html"));
    is(says.split('|').any(|says| page.contains(says)), || "the page does not say what was lost".to_owned())?;
    texts_are_clean(&folder, &output)
}

/// Whether all that the run wrote and printed is free of control characters, and of a bounded size.
fn texts_are_clean(folder: &Path, output: &Output) -> Result<(), String> {
    let files = ["samples.jsonl", "run.json", "verdicts.json", "index.html", "summary.md"];
    let files = files.map(|file| (file.to_owned(), read(&folder.join(file))));
    let printed = [("standard output", &output.stdout), ("standard error", &output.stderr)];
    let printed = printed.map(|(name, text)| (name.to_owned(), String::from_utf8_lossy(text).into_owned()));
    for (name, text) in files.into_iter().chain(printed) {
        let wrong = text.chars().find(|c| *c != '\n' && *c != '\t' && !contend::record::is_printable(*c));
        is(wrong.is_none(), || format!("{name} has the character {wrong:?}"))?;
        is(text.len() < 1 << 20, || format!("{name} has {} bytes", text.len()))?;
        let forged = text.lines().any(|line| line.starts_with("FAILED counter/hot/std::"));
        is(!forged, || format!("{name} has a forged line"))?;
    }
    Ok(())
}

/// A block whose forks cannot be made ready, as where the system refuses them threads: its cells fail,
/// and those of another block are measured.
fn unready() -> Result<(), String> {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(std::env::current_exe().expect("this executable"))
        .env(AS_BENCH, "1")
        .args(["--bench", "--preset", "thorough", "--threads", "2"])
        .args(["--exact", "counter/unready/own::LosesSome/2", "counter/hot/std::sync::Mutex/2"])
        .args(["--forks", "2", "--rounds", "2", "--window", "2ms", "--reports"])
        .arg(reports.path())
        .output()
        .expect("this executable starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    is(output.status.code() == Some(1), || format!("exit {:?}: {errors}", output.status))?;
    for cell in ["own::LosesSome", "own::LosesSome~control"] {
        let said = format!("FAILED counter/unready/{cell}/2: no key stream");
        is(errors.matches(&said).count() == 1, || format!("`{said}`, once: {errors}"))?;
    }
    let records = read(&only_run(reports.path()).join("samples.jsonl"));
    let measured = records.lines().filter(|line| line.contains("counter/hot/std::sync::Mutex/2"));
    is(measured.count() >= 4, || "the other block was not measured".to_owned())
}

fn only_run(reports: &Path) -> std::path::PathBuf {
    let entries = std::fs::read_dir(reports).expect("the reports");
    let mut runs: Vec<_> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    assert_eq!(runs.len(), 1, "{runs:?}");
    runs.remove(0)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// All that ships, and what is broken.
fn suite() -> Suite {
    let mut suite = contend::suite();
    suite.variant(counter::NAME, "unready", "", &[], Tier::Thorough, |_| -> Hot { panic!("no key stream") });
    counter::contender::<Broken<Count, LosesSome>>(&mut suite, &Info::new("own::LosesSome"));
    counter::contender::<Broken<Count, DoublesSome>>(&mut suite, &Info::new("own::DoublesSome"));
    counter::contender::<Broken<Count, Panics>>(&mut suite, &Info::new("own::Panics"));
    counter::contender::<Broken<Count, Hangs>>(&mut suite, &Info::new("own::Hangs"));
    counter::contender::<Broken<Count, Aborts>>(&mut suite, &Info::new("own::Aborts"));
    map::contender::<Broken<Map, LosesSome>>(&mut suite, &Info::new("own::DropsAnUpsert"));
    map::contender::<Broken<Map, MissesOften>>(&mut suite, &Info::new("own::MissesSome"));
    suite.add::<map::Spaced, Broken<Map, MissesOften>>(Info::new("own::MissesOften"));
    suite.add::<map::Churn, Broken<map::Sessions, LosesSome>>(Info::new("own::LosesInserts"));
    suite.add::<map::Scan, Broken<map::Scanned, MissesOften>>(Info::new("own::MissesSome"));
    suite.add::<map::LargeValues<128>, Broken<map::Values<128>, LosesSome>>(Info::new("own::DropsAnUpsert"));
    suite.add::<map::InParts, Broken<map::Divided, LosesSome>>(Info::new("own::DropsAnUpsert"));
    suite.add::<fan_out::Params, RunsTwice>(Info::new("own::RunsTwice"));
    suite.add::<fan_out::Params, ResultTwice>(Info::new("own::ResultTwice"));
    suite.add::<fan_out::Params, LosesAJob>(Info::new("own::LosesAJob"));
    cheats::add(&mut suite);
    hostile::add(&mut suite);
    left_behind::add(&mut suite);
    phases::add(&mut suite);
    patterns::add(&mut suite);
    shares::add(&mut suite);
    suite
}

/// What a broken lock does with some of its operations.
trait Flaw: Send + Sync + 'static {
    /// How often the `n`th write of a window is done.
    fn writes(_n: u64) -> u32 {
        1
    }

    /// Whether the `n`th read of a window finds what is there.
    fn reads(_n: u64) -> bool {
        true
    }
}

struct LosesSome;
struct DoublesSome;
struct MissesOften;
struct Panics;
struct Hangs;
struct Aborts;

/// So often that a window of a busy machine, which may have a few hundred operations, has one.
impl Flaw for LosesSome {
    fn writes(n: u64) -> u32 {
        u32::from(n % 20 != 19)
    }
}

impl Flaw for DoublesSome {
    fn writes(n: u64) -> u32 {
        1 + u32::from(n % 20 == 19)
    }
}

/// So often that the lookups of a short window do not add up, whatever the order of two workers' operations.
impl Flaw for MissesOften {
    fn reads(n: u64) -> bool {
        n.is_multiple_of(2)
    }
}

impl Flaw for Panics {
    fn writes(n: u64) -> u32 {
        assert!(n != 500, "enough");
        1
    }
}

impl Flaw for Hangs {
    fn writes(n: u64) -> u32 {
        if n >= 500 {
            std::thread::sleep(Duration::from_secs(3_600));
        }
        1
    }
}

impl Flaw for Aborts {
    fn writes(n: u64) -> u32 {
        if n == 500 {
            std::process::abort();
        }
        1
    }
}

struct State<M> {
    model: Mutex<M>,
    writes: AtomicU64,
    reads: AtomicU64,
}

/// A mutex with one flaw, and correct otherwise.
struct Broken<M, F> {
    state: Arc<State<M>>,
    flaw: std::marker::PhantomData<F>,
}

impl<M: Model, F: Flaw> Shared<M> for Broken<M, F> {
    fn new_handles(model: M, workers: usize) -> Vec<Self> {
        let state =
            Arc::new(State { model: Mutex::new(model), writes: AtomicU64::new(0), reads: AtomicU64::new(0) });
        let handle = |_| Broken { state: state.clone(), flaw: std::marker::PhantomData };
        (0..workers).map(handle).collect()
    }

    fn write(&mut self, write: M::Write) {
        let n = self.state.writes.fetch_add(1, Ordering::Relaxed);
        for _ in 0..F::writes(n) {
            self.state.model.lock().unwrap().write(write);
        }
    }

    fn read(&mut self, read: M::Read) -> M::Answer {
        let n = self.state.reads.fetch_add(1, Ordering::Relaxed);
        match F::reads(n) {
            true => self.state.model.lock().unwrap().read(read),
            false => M::Answer::default(),
        }
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].state.model.lock().unwrap().digest()
    }
}

fn all(jobs: &[Job]) -> BatchResults {
    Vec::from_iter(jobs.iter().map(|job| job.run())).into()
}

broken_fan_out!(RunsTwice, |jobs| {
    jobs[7].run();
    BatchResults { runs: 257, ..all(jobs) }
});
broken_fan_out!(ResultTwice, |jobs| {
    let mut batch = all(jobs);
    batch.results[3] = batch.results[4];
    batch
});
broken_fan_out!(LosesAJob, |jobs| all(&jobs[1..]));
