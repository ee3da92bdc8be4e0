//! What a run's files prove, and that no changed byte goes unnoticed.

use super::*;

/// The files of a run. Hidden ones are its lock and the executable that it keeps.
fn files(folder: &Path) -> Vec<PathBuf> {
    let is_shown =
        |path: &PathBuf| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'));
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let entries = entries.filter(is_shown);
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

#[test]
fn a_run_proves_what_it_can_and_says_what_it_cannot() {
    let (reports, run) = short_run();
    let verify = || contend(&["verify"], reports.path());
    let output = verify();
    let text = stdout(&output);
    assert!(output.status.success(), "{text}{}", stderr(&output));
    for proven in [
        "proven: unchanged since measuring ended, by SHA-256: ",
        "run.json, samples.jsonl",
        "proven: the plan is covered: 2 blocks",
        "windows passed its check",
        "proven: each fork was the executable with SHA-256 ",
        "proven: made of these records, byte for byte: charts, index.html, summary.md, verdicts.json",
        "not proven: who ran it",
    ] {
        assert!(text.contains(proven), "{proven}: {text}");
    }
    // The report may be made again at any time.
    assert!(contend(&["report"], reports.path()).status.success());
    assert!(verify().status.success());

    fs::remove_file(run.join("manifest.json")).expect("a manifest");
    let output = verify();
    assert_eq!(output.status.code(), Some(1), "a run of this version has one");
    assert!(stdout(&output).contains("wrong: there is no manifest.json"));
}

#[test]
fn a_changed_byte_is_named_with_its_file() {
    let (reports, run) = short_run();
    for file in files(&run) {
        let name = file.strip_prefix(&run).expect("below it").display().to_string();
        let bytes = fs::read(&file).expect("a file");
        for place in [0, bytes.len() / 3, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[place] ^= 0x01;
            fs::write(&file, &changed).expect("written");
            let output = contend(&["verify"], reports.path());
            let text = stdout(&output);
            assert_eq!(output.status.code(), Some(1), "{name} at byte {place}: {text}{}", stderr(&output));
            let is_named = |line: &str| line.starts_with("wrong: ") && line.contains(&name);
            assert!(text.lines().any(is_named), "{name} at byte {place}: {text}");
        }
        fs::write(&file, &bytes).expect("written");
    }
    assert!(contend(&["verify"], reports.path()).status.success());
}

#[test]
fn a_file_that_was_removed_or_added_is_named() {
    let (reports, run) = short_run();
    fs::write(run.join("more.jsonl"), "").expect("written");
    let chart = files(&run.join("charts")).remove(0);
    fs::remove_file(&chart).expect("a chart");
    let output = contend(&["verify"], reports.path());
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("wrong: more.jsonl is not in manifest.json"), "{text}");
    let chart = chart.file_name().expect("a name").to_string_lossy();
    assert!(text.contains(&format!("wrong: charts/{chart} is missing")), "{text}");
}

/// Criterion's output comes after measuring, from ten forks on.
#[test]
fn a_run_that_criterion_has_taken_in_proves_the_same_and_keeps_it_when_it_is_renamed() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let args = ["run", "--quick", "--forks", "10", "--rounds", "1", "--window", "1ms", "--threads", "1"];
    let mut args = args.to_vec();
    args.push("counter/hot/std::sync::Mutex");
    let output = contend(&args, reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let run = runs(reports.path()).remove(0);
    let verify = || {
        let output = contend(&["verify"], reports.path());
        (output.status.code(), stdout(&output))
    };
    let (code, text) = verify();
    assert_eq!(code, Some(0), "{text}");
    let unchanged = "criterion.txt, run.json, samples.jsonl";
    let is_there = |line: &str| line.starts_with("proven: unchanged since") && line.ends_with(unchanged);
    assert!(text.lines().any(is_there), "{text}");

    let renamed = reports.path().join("nightly");
    fs::rename(&run, &renamed).expect("it can be renamed");
    let (code, text) = verify();
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("byte for byte, before the run was renamed: charts"), "{text}");

    // A copy, since the file is a link to the executable of this test.
    let kept = renamed.join(".executable");
    let mut bytes = fs::read(&kept).expect("the executable is kept");
    bytes[1_000] ^= 1;
    fs::remove_file(&kept).expect("a link");
    fs::write(&kept, bytes).expect("written");
    let (code, text) = verify();
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("wrong: .executable, the executable that is kept, has another SHA-256"), "{text}");
}
