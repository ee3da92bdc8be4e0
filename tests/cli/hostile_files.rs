//! Something else in the place of a run's file, and numbers that no run has. Every command ends soon, with a sentence
//! and an exit code of its own.

use super::*;
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How long a command may take. On a busy machine a debug build needs some seconds for the page.
const TIMEOUT: Duration = Duration::from_secs(40);

/// Runs `contend`, and checks how it ends.
fn ends_well(what: &str, args: &[&str], reports: &Path) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_contend"))
        .args(args)
        .arg("--reports")
        .arg(reports)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("contend starts");
    let end = Instant::now() + TIMEOUT;
    // Its output is short, so that it fits into the pipes.
    while child.try_wait().expect("it is a child").is_none() {
        if Instant::now() > end {
            child.kill().expect("it runs");
            panic!("{what}: {args:?} never ends");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().expect("it has ended");
    let (code, errors) = (output.status.code(), stderr(&output));
    assert!(matches!(code, Some(0..=3)), "{what}: {args:?} ends with {}: {errors}", output.status);
    assert!(!errors.contains("panicked"), "{what}: {args:?}: {errors}");
    let printed = stdout(&output) + &errors;
    let hidden = printed.chars().find(|c| *c != '\n' && *c != '\t' && !contend::record::is_printable(*c));
    assert!(hidden.is_none(), "{what}: {args:?}: {hidden:?} in {printed}");
    output
}

/// What stands in the place of a file.
fn replace(path: &Path, kind: &str) {
    match path.is_dir() && !path.is_symlink() {
        true => fs::remove_dir_all(path).expect("a folder"),
        false => drop(fs::remove_file(path)), // it need not be there
    }
    match kind {
        "pipe" => assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo starts").success()),
        "folder" => fs::create_dir(path).expect("a folder"),
        "device" => symlink("/dev/zero", path).expect("a link"),
        "nowhere" => symlink("/nonexistent/file", path).expect("a link"),
        "itself" => symlink(path, path).expect("a link"),
        "zeros" => fs::write(path, [0; 5_000]).expect("it can be written"),
        "mark" => fs::write(path, "\u{feff}{}\r\n").expect("it can be written"),
        other => panic!("no kind `{other}`"),
    }
}

const KINDS: [&str; 6] = ["pipe", "folder", "device", "nowhere", "zeros", "mark"];

/// The files of a run that commands read, and the commands.
const FILES: [&str; 8] = [
    "run.json",
    "samples.jsonl",
    "window-check.jsonl",
    "verdicts.json",
    "manifest.json",
    "claims/own.toml",
    "index.html",
    "charts",
];

const COMMANDS: [&[&str]; 5] = [
    &["report", "r"],
    &["check", "--run", "r"],
    &["verify", "r"],
    &["export", "csv", "r"],
    &["compare", "r", "good"],
];

/// A run named `r`, and a copy of it.
fn two_runs() -> TempDir {
    let (reports, run) = short_run();
    let at = |name: &str| reports.path().join(name);
    fs::rename(run, at("r")).expect("it can be renamed");
    copy(&at("r"), &at("good"));
    reports
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let name = entry.file_name();
        match entry.file_type().expect("a kind").is_dir() {
            true => copy(&entry.path(), &to.join(name)),
            false if name.to_string_lossy().starts_with('.') => {}
            false => drop(fs::copy(entry.path(), to.join(name)).expect("it can be copied")),
        }
    }
}

#[test]
fn something_else_in_the_place_of_a_file_ends_in_a_sentence() {
    let reports = two_runs();
    let run = reports.path().join("r");
    for file in FILES {
        for kind in KINDS {
            replace(&run.join(file), kind);
            // A pipe would hold every command that opens it. For the others, two of them read all files.
            let commands = if kind == "pipe" { &COMMANDS[..] } else { &COMMANDS[1..3] };
            for args in commands {
                ends_well(&format!("{file} is {kind}"), args, reports.path());
            }
            fs::remove_dir_all(&run).expect("a folder");
            copy(&reports.path().join("good"), &run);
        }
    }
    replace(&run.join("samples.jsonl"), "pipe");
    let errors = stderr(&ends_well("a pipe", &["report", "r"], reports.path()));
    assert!(errors.contains("samples.jsonl: it is a pipe or a device, not a file"), "{errors}");
    replace(&run.join("run.json"), "pipe");
    let output = ends_well("a pipe", &["report", "r"], reports.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("r/run.json: it is a pipe or a device, not a file"),
        "{}",
        stderr(&output)
    );
    fs::remove_dir_all(&run).expect("a folder");
    copy(&reports.path().join("good"), &run);
    // One that is not continued is named.
    let errors = stderr(&ends_well("a pipe", &["run", "--resume"], reports.path()));
    assert!(errors.contains("there is no interrupted run"), "{errors}");
    fs::write(run.join("run.json"), "{}").expect("it can be written");
    let errors = stderr(&ends_well("no run", &["run", "--resume"], reports.path()));
    assert!(errors.contains("and one cannot be read: ") && errors.contains("r/run.json:1:"), "{errors}");
}

/// `--resume` opens files to write as well.
#[test]
fn something_else_in_the_place_of_a_file_that_is_written_ends_in_a_sentence() {
    let reports = two_runs();
    let run = reports.path().join("r");
    let text = fs::read_to_string(run.join("run.json")).expect("run.json");
    let text = text.replacen("\"complete\"", "\"interrupted\"", 1);
    let samples = fs::read(run.join("samples.jsonl")).expect("samples");
    let victim = reports.path().join("victim");
    for file in ["samples.jsonl", "window-check.jsonl", "damaged.jsonl", ".lock", "manifest.json"] {
        for kind in ["pipe", "folder", "device", "itself"] {
            fs::write(run.join("run.json"), &text).expect("it can be written");
            fs::write(run.join("samples.jsonl"), &samples[..samples.len() / 2]).expect("it can be written");
            replace(&run.join(file), kind);
            let output = ends_well(&format!("{file} is {kind}"), &["run", "--resume"], reports.path());
            assert!(!stderr(&output).contains("free some space"), "{file} is {kind}: {}", stderr(&output));
            if file == "damaged.jsonl" && kind == "pipe" {
                let said = "damaged.jsonl: it is a pipe or a device, not a file; remove it and continue with";
                assert!(stderr(&output).contains(said), "{}", stderr(&output));
            }
            let path = run.join(file);
            match path.is_dir() && !path.is_symlink() {
                true => fs::remove_dir_all(&path).expect("a folder"),
                false => drop(fs::remove_file(&path)),
            }
        }
    }
    // A lock that leads to another file does not cost its content.
    fs::write(&victim, "of somebody else").expect("it can be written");
    fs::write(run.join("run.json"), &text).expect("it can be written");
    fs::write(run.join("samples.jsonl"), &samples).expect("it can be written");
    symlink(&victim, run.join(".lock")).expect("a link");
    let output = ends_well("a link", &["run", "--resume"], reports.path());
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(
        stderr(&output).contains(".lock is no file; remove it and continue with `--resume`"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read_to_string(&victim).expect("it is there"), "of somebody else");
}

#[test]
fn numbers_that_no_plan_has_end_in_a_sentence() {
    let reports = two_runs();
    let path = reports.path().join("r/run.json");
    let text = fs::read_to_string(&path).expect("run.json");
    for (field, values) in [
        ("forks", &["0", "4294967295", "-1", "1e99"][..]),
        ("rounds", &["0", "4294967295", "18446744073709551615"]),
        ("window_ns", &["0", "18446744073709551615", "NaN"]),
        ("cores", &["0", "18446744073709551615"]),
        ("estimate_s", &["-1", "1e308"]),
    ] {
        for value in values {
            let field_begins = text.find(&format!("\"{field}\": ")).unwrap_or_else(|| panic!("no `{field}`"));
            let at = field_begins + field.len() + 4;
            let end = at + text[at..].find([',', '\n']).expect("it ends");
            for status in ["complete", "interrupted"] {
                let changed = format!("{}{value}{}", &text[..at], &text[end..]);
                let changed = changed.replacen("\"complete\"", &format!("\"{status}\""), 1);
                fs::write(&path, changed).expect("it can be written");
                let what = format!("{field} is {value}");
                if status == "complete" {
                    COMMANDS.iter().for_each(|args| drop(ends_well(&what, args, reports.path())));
                } else if value.len() > 1 {
                    ends_well(&what, &["run", "--resume"], reports.path());
                }
            }
        }
    }
}

/// An axis from a value near zero had ticks without end.
#[test]
fn a_value_near_zero_ends_in_a_sentence() {
    let reports = two_runs();
    let run = reports.path().join("r");
    let mut records = contend::record::read(&run).expect("it can be read").records;
    let one = records.iter_mut().find(|record| record.valid).expect("a record");
    (one.ns_per_op, one.value, one.unit) = (None, Some(5e-324), Some("ms".to_owned()));
    let round = |record: &contend::record::Record| (record.cell.block(), record.fork, record.round);
    let rounds = records.chunk_by(|a, b| round(a) == round(b));
    let text = rounds.flat_map(|round| contend::record::sealed(round).expect("JSON"));
    fs::write(run.join("samples.jsonl"), text.collect::<Vec<u8>>()).expect("it can be written");
    for args in COMMANDS {
        let errors = stderr(&ends_well("a value near zero", args, reports.path()));
        assert!(args[0] == "verify" || errors.contains(" has the value 5e-324; left out"), "{errors}");
    }
    let path = run.join("run.json");
    let text = fs::read_to_string(&path).expect("run.json");
    fs::write(&path, text.replacen("\"complete\"", "\"interrupted\"", 1)).expect("it can be written");
    ends_well("a value near zero", &["run", "--resume"], reports.path());
}

/// Files that a run writes may be links, or have a second name, and both may lead to a file of somebody else.
#[test]
fn nothing_is_written_through_links() {
    let reports = two_runs();
    let (run, victims) = (reports.path().join("r"), tempfile::tempdir().expect("a folder"));
    let text = fs::read_to_string(run.join("run.json")).expect("run.json");
    let text = text.replacen("\"complete\"", "\"interrupted\"", 1);
    let samples = fs::read(run.join("samples.jsonl")).expect("samples");
    let content = |file: &str| match file {
        "samples.jsonl" => samples[..samples.len() / 2].to_vec(),
        _ => b"of somebody else".to_vec(),
    };
    type Link = fn(PathBuf, PathBuf) -> std::io::Result<()>;
    let links: [(Link, &[&str]); 2] = [
        (fs::hard_link, &["samples.jsonl", "damaged.jsonl", "manifest.json", "index.html", ".lock"]),
        (symlink, &["samples.jsonl", "damaged.jsonl", "manifest.json", "index.html"]),
    ];
    for (link, files) in links {
        fs::write(run.join("run.json"), &text).expect("it can be written");
        for file in files {
            let (victim, path) = (victims.path().join(file), run.join(file));
            fs::write(&victim, content(file)).expect("it can be written");
            drop(fs::remove_file(&path)); // it need not be there
            link(victim, path).expect("a link");
        }
        let output = ends_well("links", &["run", "--resume"], reports.path());
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(stderr(&output).contains("set aside in damaged.jsonl"), "{}", stderr(&output));
        for file in files {
            let left = fs::read(victims.path().join(file)).expect("it is there");
            assert!(left == content(file), "{file} of somebody else was written to");
        }
    }
    let charts = run.join("charts");
    replace(&charts, "nowhere");
    fs::remove_file(&charts).expect("a link");
    symlink(victims.path(), &charts).expect("a link");
    let before = fs::read_dir(victims.path()).expect("a folder").count();
    let output = ends_well("charts is a link", &["report", "r"], reports.path());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("charts: it is a link, and nothing is written through one; remove it"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read_dir(victims.path()).expect("a folder").count(), before);
}
