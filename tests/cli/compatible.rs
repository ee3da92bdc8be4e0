//! Flags that people know from libtest, criterion and other tools.

use super::*;

#[test]
fn flags_of_ci_lines_are_accepted() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    for args in [
        &["--noplot"][..],
        &["-n"],
        &["--verbose"],
        &["-v"],
        &["--quiet"],
        &["-q"],
        &["--test-threads=1"],
        &["--test-threads", "4"],
        &["--show-output"],
        &["--include-ignored"],
        &["--nocapture"],
        &["--no-capture"],
        &[
            "--nocapture",
            "--no-capture",
            "--quiet",
            "-q",
            "--noplot",
            "-n",
            "--color=never",
            "--color",
            "auto",
        ],
        &["--report-time", "-Z", "unstable-options"],
        &["--shuffle"],
        &["--discard-baseline"],
        &["--output-format", "criterion"],
        &["--output-format", "bencher"],
        &["-c", "never"],
        &["--skip", "map"],
    ] {
        let command = [&["run", "--list", "counter/hot/std::sync::Mutex"], args].concat();
        let output = contend(&command, reports.path());
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    }
    let test =
        ["run", "--test", "--test-threads=1", "-q", "--include-ignored", "counter/hot/std::sync::Mutex"];
    let output = contend(&test, reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains(" passed, 0 failed"), "{}", stdout(&output));
}

#[test]
fn flags_without_a_meaning_name_the_alternative() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    for (flag, alternative) in [
        ("--load-baseline=x", "--baseline NAME"),
        ("--confidence-level=0.9", "statistics.md"),
        ("--significance-level=0.1", "threshold"),
        ("--plotting-backend=gnuplot", "--plots"),
        ("--warmup=3", "warms up"),
        ("--runs=10", "--forks N"),
        ("--min-time=1", "--window TIME"),
        ("--release", "cargo run --release"),
        ("--features=extra", "before the `--`"),
        ("--shuffle-seed=1", "--seed N"),
        ("--export-json=x", "verdicts.json"),
        ("--no-fail-fast", "the rest is measured"),
        ("--partition=hash:1/2", "--shard K/N"),
        ("--retries=2", "measured again"),
        ("--export-csv=x", "export csv"),
        ("--message-format=json", "before the `--`"),
    ] {
        let output = contend(&["run", flag], reports.path());
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{flag}: {errors}");
        assert_eq!(errors.trim_end().lines().count(), 1, "{flag}: {errors}");
        assert!(errors.contains(alternative), "{flag}: {errors}");
    }
}

/// What github-action-benchmark reads: `test NAME ... bench: N ns/iter (+/- N)`.
#[test]
fn bencher_lines_are_all_that_is_printed_to_standard_output() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&[SHORT, &["--output-format", "bencher"]].concat(), reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    let mut names = Vec::new();
    for line in text.lines() {
        let (name, rest) =
            line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... bench: ")).expect(line);
        let (value, spread) = rest.trim().split_once(" ns/iter (+/- ").expect(line);
        let number = |text: &str| text.parse::<f64>().unwrap_or_else(|error| panic!("{line}: {error}"));
        assert!(number(value) > 0.0 && number(spread.strip_suffix(')').expect(line)) >= 0.0, "{line}");
        names.push(name);
    }
    let wanted =
        ["Mutex/1", "RwLock/1", "Mutex/2", "RwLock/2"].map(|name| format!("counter/hot/std::sync::{name}"));
    assert!(wanted.iter().all(|name| names.contains(&name.as_str())), "{text}");
    assert!(names.iter().all(|name| !name.contains("control") && !name.contains("floor")), "{text}");
    assert!(stderr(&output).trim_end().ends_with("index.html"), "{}", stderr(&output));
    assert!(runs(reports.path())[0].join("verdicts.json").is_file());
}

#[test]
fn a_quiet_run_prints_results_and_a_verbose_one_its_blocks() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let quiet = contend(&[SHORT, &["-q"]].concat(), reports.path());
    assert_eq!(stderr(&quiet), "");
    assert!(stdout(&quiet).trim_end().ends_with("index.html"), "{}", stdout(&quiet));
    let verbose = contend(&[SHORT, &["--verbose"]].concat(), reports.path());
    assert!(stderr(&verbose).contains("\ncounter/hot/2: "), "{}", stderr(&verbose));
}

#[test]
fn completions_and_the_manual_page_name_every_command() {
    let command = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_contend")).args(args).output().expect("contend starts");
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        assert!(output.stderr.is_empty());
        stdout(&output)
    };
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = command(&["completions", shell]);
        for name in ["report", "compare", "prune", "save-baseline"] {
            assert!(script.contains(name), "{shell} does not complete `{name}`");
        }
    }
    let script = command(&["completions", "bash"]);
    let checked = Command::new("bash").args(["-n", "-c", &script]).output().expect("bash starts");
    assert!(checked.status.success(), "{}", stderr(&checked));
    let page = command(&["man"]);
    assert!(page.starts_with(".ie") || page.starts_with(".TH") || page.contains("\n.TH contend"), "{page}");
    for name in ["contend\\-report", "contend report", "\\-\\-budget", "\\-\\-keep"] {
        assert!(page.contains(name) || page.contains(&name.replace("\\-", "-")), "the page lacks `{name}`");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_contend")).args(["completions", "tcsh"]).output();
    let output = output.expect("contend starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("bash"), "{}", stderr(&output));
}
