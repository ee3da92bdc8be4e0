//! Output that nobody reads, or that cannot be written. It never ends a measurement.

use super::*;
use std::fs::File;
use std::io::{Read, Write};
use std::process::Stdio;

use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// A short run with these outputs.
fn run_with(reports: &Path, stdout: Stdio, stderr: Stdio) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_contend"))
        .args(SHORT)
        .arg("--reports")
        .arg(reports)
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .expect("contend starts")
}

fn assert_complete(reports: &Path) {
    let run = runs(reports).remove(0);
    let journal = contend::record::read(&run).expect("it can be read");
    assert_eq!(journal.run.status, contend::record::RunStatus::Complete);
    assert!(run.join("index.html").is_file() && reports.join("index.html").is_file());
}

/// As `contend run … 2>&1 | head -1` and `contend run … | head -1` do.
#[test]
fn a_reader_that_stops_early_ends_no_run() {
    for closed in [[true, true], [true, false], [false, true]] {
        let reports = tempfile::tempdir().expect("a temporary folder");
        let end = |closed| if closed { Stdio::piped() } else { Stdio::null() };
        let mut child = run_with(reports.path(), end(closed[0]), end(closed[1]));
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{closed:?}");
        assert_complete(reports.path());
    }
}

/// A supervisor that keeps standard error open and reads it late, or never. The run stood still until it did.
#[test]
fn a_reader_that_does_not_read_holds_up_no_run() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let (mut reader, full) = std::io::pipe().expect("a pipe");
    // As long as it takes to fill it: a pipe that is full does not take another byte.
    let set = |flags| fcntl(&full, FcntlArg::F_SETFL(flags)).expect("a pipe has flags");
    set(OFlag::O_NONBLOCK);
    while (&full).write(&[b'.'; 512]).is_ok() {}
    set(OFlag::empty());

    let mut child = run_with(reports.path(), Stdio::null(), full.into());
    assert_eq!(child.wait().expect("it ends, though nobody reads").code(), Some(0));
    assert_complete(reports.path());
    let mut said = String::new();
    reader.read_to_string(&mut said).expect("text");
    assert!(said.trim_matches('.').is_empty(), "nothing was cut: {said}");
}

#[test]
fn a_full_disk_under_standard_output_ends_no_run() {
    let full = || Stdio::from(File::options().write(true).open("/dev/full").expect("Linux has it"));
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = run_with(reports.path(), full(), Stdio::piped()).wait_with_output().expect("it ends");
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    assert!(errors.contains("cannot write to standard output"), "{errors}");
    assert_complete(reports.path());

    let output = run_with(reports.path(), full(), full()).wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
}

/// The result of other commands is their output. A reader that stops early is no error of theirs either.
#[test]
fn a_command_says_that_its_result_was_lost() {
    let (reports, _) = short_run();
    let command = |stdout: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_contend"));
        command
            .args(["cite", "counter/hot", "--reports"])
            .arg(reports.path())
            .stdout(stdout)
            .stderr(Stdio::piped());
        command.spawn().expect("contend starts")
    };
    let full = File::options().write(true).open("/dev/full").expect("Linux has it");
    let output = command(full.into()).wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).starts_with("error: cannot write to standard output"), "{}", stderr(&output));
    let mut child = command(Stdio::piped());
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

/// Files of a limited size stand for a full disk: a write fails in the middle of a run.
#[test]
fn a_disk_that_is_full_in_the_middle_of_a_run_is_no_wrong_usage() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let script = "trap '' XFSZ; ulimit -f 24; exec \"$@\"";
    let output = Command::new("bash")
        .args(["-c", script, "bash", env!("CARGO_BIN_EXE_contend")])
        .args([
            "run",
            "counter/hot/std::sync::Mutex",
            "--threads=1",
            "--forks=40",
            "--rounds=2",
            "--window=1ms",
        ])
        .arg("--reports")
        .arg(reports.path())
        .output()
        .expect("bash starts");
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{errors}");
    let last = errors.trim_end().lines().last().unwrap_or_default();
    assert!(last.starts_with("error: cannot write") && last.contains("--resume"), "{errors}");
    // With space again the run goes on.
    let output = contend(&["run", "--resume"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert_complete(reports.path());
}

/// A folder whose name is no text.
#[cfg(target_os = "linux")]
#[test]
fn reports_may_have_a_name_that_is_not_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let place = tempfile::tempdir().expect("a temporary folder");
    let reports = place.path().join(std::ffi::OsStr::from_bytes(b"b\xffd"));
    let output = contend(SHORT, &reports);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(runs(&reports).remove(0).join("index.html").is_file());
}

/// Every error was called a full disk.
#[test]
fn a_folder_that_is_deleted_while_it_is_measured_is_no_full_disk() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let child = Command::new(env!("CARGO_BIN_EXE_contend"))
        .args(["run", "counter/hot/std::sync", "--threads=1,2", "--forks=12", "--rounds=3", "--window=1ms"])
        .arg("--reports")
        .arg(reports.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("contend starts");
    let has_records =
        |run: &PathBuf| fs::metadata(run.join("samples.jsonl")).is_ok_and(|file| file.len() > 0);
    let run = loop {
        match runs(reports.path()).into_iter().find(has_records) {
            Some(run) => break run,
            None => std::thread::sleep(std::time::Duration::from_millis(5)),
        }
    };
    fs::remove_dir_all(&run).expect("a folder");
    let output = child.wait_with_output().expect("it ends");
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{errors}");
    assert!(errors.contains("the run's folder was moved or deleted") && !errors.contains("free"), "{errors}");
}
