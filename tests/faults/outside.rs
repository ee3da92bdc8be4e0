//! What comes from outside and must fail no contender: output, processes that are left, a kill.

use std::process::{Command, Output, Stdio};

use super::{AS_BENCH, hostile, is, left_behind, only_run, read};

/// A test: nothing, or what is wrong.
pub type Test = fn() -> Result<(), String>;

/// The tests by name.
pub fn tests() -> Vec<(&'static str, Test)> {
    let mut tests: Vec<(&'static str, Test)> =
        vec![("output_and_input_of_a_contender_do_not_reach_the_run", harmless)];
    if cfg!(target_os = "linux") {
        tests.push(("a_fork_that_is_killed_once_fails_no_cell", killed_once));
        tests.push(("a_thread_that_ends_the_process_later_fails_its_own_cell", || late("own::EndsItLater")));
        tests.push(("a_thread_that_works_later_fails_its_own_cell", || late("own::WorksLater")));
        tests.push(("a_thread_that_lowers_a_limit_later_fails_its_own_cell", || {
            late("own::LowersALimitLater")
        }));
        tests.push(("a_leak_fails_its_own_cell", leak));
        tests.push(("a_clock_that_goes_back_fails_no_cell", || backwards("steps")));
        tests.push(("a_clock_that_runs_back_fails_no_cell", || backwards("runs")));
        tests.push(("a_clock_that_stands_still_fails_no_cell", || backwards("stands")));
    }
    tests
}

/// A short run of these contenders in `counter/hot` at two threads.
fn command(contenders: &[&str], forks: &str) -> (tempfile::TempDir, Command) {
    let (reports, mut command) = begin(contenders);
    command.args(["--forks", forks, "--rounds", "2", "--window", "5ms", "--deadline", "5s"]);
    (reports, command)
}

/// The start of a run of these contenders, without its sizes.
fn begin(contenders: &[&str]) -> (tempfile::TempDir, Command) {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(std::env::current_exe().expect("this executable"));
    command.env(AS_BENCH, "1").args(["--bench", "--preset", "thorough", "--threads", "2", "--exact"]);
    command.args(contenders.iter().map(|contender| format!("counter/hot/{contender}/2")));
    command.arg("--reports").arg(reports.path());
    (reports, command)
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn harmless() -> Result<(), String> {
    let (reports, mut command) = command(&[&hostile::HARMLESS[..], &["std::sync::Mutex"]].concat(), "2");
    let output = command.output().expect("this executable starts");
    is(output.status.code() == Some(0), || format!("exit {:?}: {}", output.status, errors(&output)))?;
    is(!errors(&output).contains("debug: 999"), || errors(&output))?;
    let records = read(&only_run(reports.path()).join("samples.jsonl"));
    for contender in hostile::HARMLESS {
        let of = records.lines().filter(|line| line.contains(&format!("hot/{contender}/2")));
        let of: Vec<_> = of.collect();
        is(of.len() >= 4, || format!("{} records of {contender}", of.len()))?;
        is(of.iter().all(|line| !line.contains("\"failed\"")), || format!("{contender} failed"))?;
    }
    let left = || processes(&|arguments, _| arguments.ends_with(hostile::SLEEPS)).len();
    is(left() == 0, || "a contender's process outlives the run".to_owned())?;
    if cfg!(not(target_os = "linux")) {
        return Ok(());
    }
    // Nor does it outlive a run that is killed.
    for contender in hostile::LEAVES {
        let (_reports, mut command) = self::command(&[contender], "200");
        let mut run =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("this executable starts");
        let waited = wait_until(|| left() > 0);
        run.kill().and_then(|()| run.wait()).expect("it runs");
        is(waited && wait_until(|| left() == 0), || {
            format!("a process of {contender} outlives a killed run")
        })?;
    }
    Ok(())
}

/// A contender whose first window leaves a thread that does harm when another contender is measured.
fn late(contender: &str) -> Result<(), String> {
    let times = ["--forks", "3", "--rounds", "2", "--deadline", "5s", "--window", left_behind::WINDOW];
    fails_alone(contender, &times)
}

/// A contender that keeps 16 MiB more with each window, until its process has more than it may.
fn leak() -> Result<(), String> {
    let times =
        ["--forks", "3", "--rounds", "12", "--deadline", "5s", "--window", "5ms", "--memory", "160MiB"];
    fails_alone("own::Leaks", &times)
}

/// A run in which the cell of `contender` fails, once, and no cell beside it.
fn fails_alone(contender: &str, times: &[&str]) -> Result<(), String> {
    let (reports, mut command) = begin(&[contender, "std::sync::Mutex"]);
    let output = command.args(times).output().expect("this executable starts");
    is(output.status.code() == Some(1), || format!("exit {:?}: {}", output.status, errors(&output)))?;
    let records = read(&only_run(reports.path()).join("samples.jsonl"));
    let of = |contender: &str| -> Vec<&str> {
        let cell = format!("\"cell\":\"counter/hot/{contender}/2\"");
        records.lines().filter(|line| line.contains(&cell)).collect()
    };
    let failed = |contender: &str| of(contender).iter().filter(|line| line.contains("\"failed\"")).count();
    is(failed(contender) == 1, || format!("{} failures of {contender}: {records}", failed(contender)))?;
    is(failed("std::sync::Mutex") == 0, || format!("an innocent cell failed: {records}"))?;
    is(of("std::sync::Mutex").len() >= 6, || format!("the innocent cell lost rounds: {records}"))
}

/// Whether `holds` within 20 seconds.
fn wait_until(mut holds: impl FnMut() -> bool) -> bool {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !holds() {
        if std::time::Instant::now() > end {
            return false;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    true
}

/// Kills one fork, as the system's out-of-memory killer does.
fn killed_once() -> Result<(), String> {
    let (reports, mut command) = command(&["std::sync::Mutex", "std::sync::RwLock"], "30");
    let run = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("this executable starts");
    let parent = run.id();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let killed = loop {
        std::thread::sleep(std::time::Duration::from_millis(40));
        let forks = processes(&|arguments, of| of == parent && arguments.contains("__fork"));
        let kill = |id: &u32| Command::new("kill").args(["-s", "KILL", &id.to_string()]).status();
        if forks.iter().any(|id| kill(id).is_ok_and(|status| status.success())) {
            break true;
        }
        if std::time::Instant::now() > end {
            break false;
        }
    };
    let output = run.wait_with_output().expect("it ends");
    is(killed, || "no fork was found".to_owned())?;
    is(output.status.code() == Some(0), || format!("exit {:?}: {}", output.status, errors(&output)))?;
    let records = read(&only_run(reports.path()).join("samples.jsonl"));
    is(!records.contains("\"failed\""), || "a cell failed".to_owned())
}

/// Runs with a fork whose clock goes wrong in the way `how`, after 40 ms: before the end of any window, however fast
/// the machine is.
fn backwards(how: &str) -> Result<(), String> {
    let (reports, mut command) = begin(&["std::sync::Mutex", "std::sync::RwLock"]);
    command.args(["--forks", "1", "--rounds", "2", "--window", "50ms", "--deadline", "2s"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let library = folder.path().join("clock.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/backwards_clock.rs");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let built = Command::new(rustc)
        .args(["--edition", "2024", "--crate-type", "cdylib", "-o"])
        .args([library.as_os_str(), source.as_ref()])
        .output();
    if !built.is_ok_and(|built| built.status.success()) {
        eprintln!("skipped: rustc cannot build a library for `LD_PRELOAD` here");
        return Ok(());
    }
    let output = command.env("LD_PRELOAD", &library).env("BACKWARDS", how).output();
    let output = output.expect("this executable starts");
    let folder = only_run(reports.path());
    let records = read(&folder.join("samples.jsonl"));
    is(!records.contains("\"failed\""), || format!("a cell failed: {records}"))?;
    is(records.contains("the machine's clock went backwards"), || format!("no reason: {records}"))?;
    let verdicts = read(&folder.join("verdicts.json"));
    is(verdicts.contains("\"kind\":\"clock-backwards\""), || format!("no note: {verdicts}"))?;
    let summary = read(&folder.join("summary.md"));
    is(summary.contains("the machine's clock went backwards"), || format!("no sentence: {summary}"))?;
    is(output.status.code() == Some(1), || format!("exit {:?}: {}", output.status, errors(&output)))
}

/// The processes whose arguments and parent `is_wanted`.
fn processes(is_wanted: &dyn Fn(&str, u32) -> bool) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let of = |id: &u32| {
        let file = |name| std::fs::read(format!("/proc/{id}/{name}")).unwrap_or_default();
        let arguments = String::from_utf8_lossy(&file("cmdline")).trim_end_matches('\0').replace('\0', " ");
        let stat = String::from_utf8_lossy(&file("stat")).into_owned();
        let parent = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)?.parse().ok());
        !arguments.is_empty() && is_wanted(&arguments, parent.unwrap_or(0))
    };
    ids.filter(of).collect()
}
