//! Contenders that leave the process as they did not find it, to the harm of those that are measured after them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use contend::workload::counter::{self, Count};
use contend::{Info, Suite};

use super::{Broken, Fault, Flaw};

/// What each must fail with.
pub fn faults() -> Vec<(&'static str, Fault)> {
    let fault = |cell, does, says| Fault { cell, beside: "std::sync::Mutex", does, says, deadline: "2s" };
    if cfg!(not(target_os = "linux")) {
        return Vec::new();
    }
    vec![
        (
            "a_lowered_limit_fails_the_cell",
            fault(
                "counter/hot/own::LowersALimit/2",
                "lowers a limit of its process",
                "it changed the limit NPROC of its process",
            ),
        ),
        (
            "a_changed_priority_fails_the_cell",
            fault(
                "counter/hot/own::LowersPriority/2",
                "gives a worker a lower priority",
                "it changed the priority of the thread `worker-",
            ),
        ),
        (
            "a_process_that_spins_on_fails_the_cell",
            fault(
                "counter/hot/own::LeavesABusyProcess/2",
                "leaves a process that spins",
                "behind, and one is still busy",
            ),
        ),
        (
            "an_orphan_that_spins_on_fails_the_cell",
            fault(
                "counter/hot/own::LeavesABusyOrphan/2",
                "leaves a process that spins, which left its group and its parent",
                "behind, and one is still busy",
            ),
        ),
        (
            "descriptors_that_stay_open_fail_the_cell",
            fault(
                "counter/hot/own::LeavesDescriptors/2",
                "leaves a sixth of the descriptors open that it may have, again and again",
                "descriptors open, and its process may have",
            ),
        ),
        (
            "all_descriptors_fail_the_cell",
            fault(
                "counter/hot/own::TakesAllDescriptors/2",
                "opens files until no descriptor is left",
                "the threads of its process cannot be read any more|descriptors open, and its process may have",
            ),
        ),
    ]
}

/// Adds all of them.
pub fn add(suite: &mut Suite) {
    fn flawed<F: Flaw>(suite: &mut Suite, name: &'static str) {
        counter::contender::<Broken<Count, F>>(suite, &Info::new(name));
    }
    flawed::<LowersALimit>(suite, "own::LowersALimit");
    flawed::<LowersPriority>(suite, "own::LowersPriority");
    flawed::<LeavesABusyProcess>(suite, "own::LeavesABusyProcess");
    flawed::<LeavesABusyOrphan>(suite, "own::LeavesABusyOrphan");
    flawed::<LeavesDescriptors>(suite, "own::LeavesDescriptors");
    flawed::<TakesAllDescriptors>(suite, "own::TakesAllDescriptors");
    flawed::<EndsItLater>(suite, "own::EndsItLater");
    flawed::<WorksLater>(suite, "own::WorksLater");
    flawed::<LowersALimitLater>(suite, "own::LowersALimitLater");
    flawed::<Leaks>(suite, "own::Leaks");
}

at_moment! {
    LowersALimit => lower_a_limit();
    LowersPriority => lower_priority();
    LeavesABusyProcess => drop(until_it_spins(Command::new("sh").args(["-c", SPINS])));
    LeavesABusyOrphan => leave_a_busy_orphan();
    LeavesDescriptors => open_files(Some(6));
    TakesAllDescriptors => open_files(None);
    EndsItLater => later(|| std::process::abort());
    WorksLater => later(|| loop { std::hint::spin_loop() });
    LowersALimitLater => later(lower_a_limit);
    Leaks => std::mem::forget(std::hint::black_box(vec![1_u8; 16 << 20]));
}

/// A script that uses a CPU, and ends if nothing ends it.
const SPINS: &str = "trap 'exit 0' ALRM; (sleep 60; kill -s ALRM $$) & echo; while :; do :; done";

/// Starts a command that runs [`SPINS`], and waits for the line that it writes before it spins: a busy machine may let
/// a window and its checks end before that.
fn until_it_spins(command: &mut Command) -> Child {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("a shell starts");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("it is piped");
    BufReader::new(stdout).read_line(&mut line).expect("it writes a line");
    child
}

/// When it does harm: after the checks of a window of [`WINDOW`], which wait 100 ms for its thread to end.
const LATE_MS: u64 = 200;

/// A window in which it does.
pub const WINDOW: &str = "60ms";

/// Leaves one thread in the process, which does `harm` a while after a window and its checks have ended.
fn later(harm: fn()) {
    static IS_LEFT: AtomicBool = AtomicBool::new(false);
    if !IS_LEFT.swap(true, Ordering::Relaxed) {
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(LATE_MS));
            harm();
        });
    }
}

#[cfg(unix)]
fn lower_a_limit() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (soft, hard) = getrlimit(Resource::RLIMIT_NPROC).expect("a limit");
    setrlimit(Resource::RLIMIT_NPROC, soft.min(1 << 20) - 1, hard).expect("it can be lower");
}

#[cfg(target_os = "linux")]
fn lower_priority() {
    let thread = nix::unistd::gettid().to_string();
    let status = Command::new("renice").args(["-n", "7", "-p", &thread]).status();
    assert!(status.expect("renice starts").success());
}

#[cfg(unix)]
fn leave_a_busy_orphan() {
    use std::os::unix::process::CommandExt;
    let script = format!("({SPINS}) & exit 0");
    let mut shell = until_it_spins(Command::new("sh").args(["-c", &script]).process_group(0));
    assert!(shell.wait().expect("it was started").success());
}

/// Opens files, of which none is closed: as many as fail, or a part of what is allowed.
#[cfg(unix)]
fn open_files(part: Option<u64>) {
    use nix::sys::resource::{Resource, getrlimit};
    let (most, _) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
    let wanted = part.map_or(u64::MAX, |part| most / part);
    for _ in 0..wanted {
        match std::fs::File::open("/dev/null") {
            Ok(file) => std::mem::forget(file),
            Err(_) => return,
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}

#[cfg(not(unix))]
fn lower_a_limit() {}

#[cfg(not(unix))]
fn leave_a_busy_orphan() {}

#[cfg(not(unix))]
fn open_files(_: Option<u64>) {}
