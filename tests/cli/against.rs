//! A run of two builds: this one, and an older one beside it.

use super::*;

use contend::record::{RunData, read};
use serde_json::Value;

/// One lock with one thread, in as many forks as a verdict needs.
const PAIRS: &[&str] =
    &["run", "counter/hot/std::sync::Mutex", "--threads=1", "--forks=8", "--rounds=2", "--window=2ms"];

fn against(args: &[&str], reports: &Path) -> Output {
    contend(&[PAIRS, args].concat(), reports)
}

/// Another build of the same suite: the command with a byte more.
fn other_build(folder: &Path) -> PathBuf {
    let path = folder.join("older-build");
    fs::copy(env!("CARGO_BIN_EXE_contend"), &path).expect("it can be copied");
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("it is there");
    std::io::Write::write_all(&mut file, &[0]).expect("it can be written");
    path
}

fn verdicts(run: &Path) -> Value {
    let text = fs::read_to_string(run.join("verdicts.json")).expect("verdicts");
    serde_json::from_str(&text).expect("JSON")
}

/// A run whose `run.json` was changed.
fn edited(run: &Path, change: impl Fn(&mut serde_json::Map<String, Value>)) -> RunData {
    let path = run.join("run.json");
    let text = fs::read_to_string(&path).expect("run.json");
    let mut json: Value = serde_json::from_str(&text).expect("JSON");
    change(json.as_object_mut().expect("an object"));
    fs::write(&path, json.to_string()).expect("it can be written");
    read(run).expect("it can be read")
}

/// Asserts that both builds have all forks and rounds of the plan.
fn assert_whole(data: &RunData) {
    for records in [&data.records, &data.against] {
        for cell in ["std::sync::Mutex", "std::sync::Mutex~control", "floor"] {
            let of_cell = records.iter().filter(|record| record.valid && record.cell.contender == cell);
            let rounds: Vec<_> = of_cell.map(|record| (record.fork, record.round)).collect();
            let unique: BTreeSet<_> = rounds.iter().collect();
            assert_eq!((rounds.len(), unique.len()), (16, 16), "{cell}");
        }
    }
}

#[test]
fn a_build_against_itself_has_a_section_everywhere_and_is_not_slower() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let first = [&PAIRS[..3], &["--forks=1", "--rounds=1", "--window=1ms"]].concat();
    let output = contend(&first, reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let older = runs(reports.path()).remove(0);
    let name = older.file_name().and_then(|name| name.to_str()).expect("a name");

    let output = against(&["--against", name, "--fail-on=slower"], reports.path());
    let printed = stdout(&output);
    assert!(output.status.success(), "{printed}{}", stderr(&output));
    assert!(printed.contains("new over old") && printed.trim_end().ends_with("index.html"), "{printed}");
    let announced = stderr(&output);
    assert!(announced.contains("8 forks each, and as many of the older build beside them"), "{announced}");
    assert!(announced.contains(&format!("beside it: the build of run {name}")), "{announced}");

    let run = runs(reports.path()).into_iter().find(|run| *run != older).expect("a second run");
    let data = read(&run).expect("it can be read");
    let build = data.run.against.as_ref().expect("an older build");
    assert_eq!((Some(&build.executable), build.run.as_deref()), (data.run.executable.as_ref(), Some(name)));
    assert_whole(&data);
    let lines = verdicts(&run);
    let lines = lines["against"].as_array().expect("a list");
    assert_eq!(lines.len(), 3, "{lines:?}");
    for line in lines {
        // A machine that is busy for a while may slow down all floors of one build.
        let is_floor = line["cell"].as_str().is_some_and(|cell| cell.contains("/floor/"));
        let word = line["verdict"].as_str().expect("a word");
        assert!(is_floor || ["tie", "unresolved", "faster"].contains(&word), "{line}");
        assert!(line["low"].as_f64() <= line["ratio"].as_f64(), "{line}");
        assert!(line["ratio"].as_f64() <= line["high"].as_f64(), "{line}");
    }
    for file in ["index.html", "summary.md"] {
        let text = fs::read_to_string(run.join(file)).expect("it is there");
        assert!(text.contains("Before and after") && text.contains("time of new over old"), "{file}");
    }

    // The older build's windows count nowhere else, and the report can be made again.
    let output = contend(&["verify", run.to_str().expect("a path")], reports.path());
    assert!(output.status.success(), "{}", stdout(&output));
    assert!(stdout(&output).contains("against.jsonl") && stdout(&output).contains("of the older build"));
    let forks = verdicts(&run)["cells"][0]["forks"].as_array().map(Vec::len);
    assert_eq!(forks, Some(8));

    // A run of one build does not take records from a file that it does not name.
    let without = edited(&run, |json| drop(json.remove("against")));
    assert!(without.run.against.is_none() && without.against.is_empty());
    assert!(without.problems.iter().all(|of| of.edited), "{:?}", without.problems);
    let output = contend(&["report", run.to_str().expect("a path")], reports.path());
    assert!(output.status.success() && !stdout(&output).contains("new over old"), "{}", stderr(&output));
    assert!(verdicts(&run).get("against").is_none());

    // Older runs do not say which executable they are of.
    edited(&older, |json| drop(json.remove("executable")));
    let output = against(&["--against", name], reports.path());
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("does not say which executable it is of"), "{}", stderr(&output));
}

#[test]
fn what_is_no_older_build_is_refused_in_a_sentence_before_anything_is_written() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let reports = place.path().join("reports");
    let text = place.path().join("text");
    fs::write(&text, "no program").expect("it can be written");
    let missing = place.path().join("missing");
    let path = |path: &Path| path.to_str().expect("a path").to_owned();
    let mut cases = vec![
        (vec!["--against-bin".to_owned(), path(&missing)], "the older build of `--against-bin`"),
        (vec!["--against-bin".to_owned(), path(place.path())], "it is no file"),
        (vec!["--against-bin".to_owned(), path(&text)], "cannot start"),
        (vec!["--against".to_owned(), "gone".to_owned()], "cannot find the run `gone`"),
        (vec!["--fail-on=slower".to_owned()], "`--fail-on` needs an older build"),
        (vec!["--against=a".to_owned(), "--against-bin=b".to_owned()], "cannot be used with"),
        (vec!["--against-bin=b".to_owned(), "--in-process".to_owned()], "cannot be used with"),
    ];
    for program in
        ["/bin/true", "/bin/cat", "/usr/bin/yes"].into_iter().filter(|path| Path::new(path).exists())
    {
        cases.push((vec!["--against-bin".to_owned(), program.to_owned()], "does not answer as a fork"));
    }
    for (args, says) in cases {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let output = against(&args, &reports);
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {errors}");
        assert!(errors.contains(says) && errors.trim_end().lines().count() == 1, "{args:?}: {errors}");
        assert!(!reports.exists(), "{args:?}");
    }
}

/// Cargo replaces an executable by a new file, and the run keeps the old one.
#[test]
fn a_run_keeps_its_build_and_says_so_where_that_is_gone() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let reports = place.path().join("reports");
    let built = other_build(place.path());
    let first = Command::new(&built)
        .args(&PAIRS[..3])
        .args(["--forks=1", "--rounds=1", "--window=1ms", "--discard-baseline", "--reports"])
        .arg(&reports)
        .output()
        .expect("it starts");
    assert!(first.status.success(), "{}", stderr(&first));
    fs::remove_file(&built).expect("it was there");
    let older = runs(&reports).remove(0);
    let name = older.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    let output = against(&["--against", &name], &reports);
    assert!(output.status.success(), "{}", stderr(&output));
    let run = runs(&reports).into_iter().find(|run| *run != older).expect("a second run");
    let data = read(&run).expect("it can be read");
    assert_ne!(data.run.against.expect("an older build").executable, data.run.executable.expect("a hash"));

    fs::remove_file(older.join(".executable")).expect("it was kept");
    let output = against(&["--against", &name], &reports);
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("is not there any more") && errors.contains("--against-bin FILE"), "{errors}");
    assert_eq!(runs(&reports).len(), 2);
}

#[test]
fn a_run_of_two_builds_is_continued_on_both_sides() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let reports = place.path().join("reports");
    let older = other_build(place.path());
    let output = against(&["--against-bin", older.to_str().expect("a path")], &reports);
    assert!(output.status.success(), "{}", stderr(&output));
    let run = runs(&reports).remove(0);
    let text = fs::read_to_string(run.join("run.json")).expect("run.json");
    fs::write(run.join("run.json"), text.replacen("\"complete\"", "\"interrupted\"", 1)).expect("written");
    for (file, kept) in [("samples.jsonl", 30), ("against.jsonl", 20)] {
        let path = run.join(file);
        let lines = fs::read_to_string(&path).expect("records");
        let mut kept: Vec<&str> = lines.lines().take(kept).collect();
        kept.push(""); // the last round may be a part of one, which is measured again
        fs::write(&path, kept.join("\n")).expect("it can be written");
    }

    // The build is gone, and so is what the run kept of it: a sentence, and nothing is written.
    fs::remove_file(&older).expect("it was there");
    let kept = fs::read(run.join(".against")).expect("it was kept");
    fs::remove_file(run.join(".against")).expect("it was kept");
    let before = fs::read(run.join("samples.jsonl")).expect("records");
    let output = contend(&["run", "--resume"], &reports);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("name its file with `--against-bin FILE`"), "{}", stderr(&output));
    assert!(fs::read(run.join("samples.jsonl")).expect("records") == before);

    // Its file is named again.
    fs::write(&older, kept).expect("it can be written");
    let mode = fs::metadata(env!("CARGO_BIN_EXE_contend")).expect("it is there").permissions();
    fs::set_permissions(&older, mode).expect("its own");
    let resume = ["run", "--resume", "--against-bin", older.to_str().expect("a path")];
    let output = contend(&resume, &reports);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_whole(&read(&run).expect("it can be read"));
}

/// Two workloads of a build beside itself: all cells together, and those of each workload, wherever cells are told of.
#[test]
#[cfg(feature = "contenders")]
fn cells_of_two_builds_are_taken_together_on_the_page_and_in_the_verdicts() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let older = other_build(reports.path());
    let plan =
        ["run", "counter/hot", "map/write", "--threads=1", "--forks=8", "--rounds=1", "--window=200us"];
    let output =
        contend(&[&plan[..], &["--against-bin", older.to_str().expect("UTF-8")]].concat(), reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let run = runs(reports.path()).remove(0);
    let verdicts = verdicts(&run);
    let lines = verdicts["against_together"].as_array().expect("a list");
    let workloads: Vec<_> = lines.iter().map(|line| line["workload"].as_str()).collect();
    assert_eq!(workloads, [None, Some("counter"), Some("map")]);
    let cells = |at: usize| lines[at]["cells"].as_u64().expect("a number");
    assert_eq!(cells(0), cells(1) + cells(2));
    let sentence = format!("all {} cells together: new over old ", cells(0));
    for text in [
        stdout(&output),
        fs::read_to_string(run.join("index.html")).expect("a page"),
        fs::read_to_string(run.join("summary.md")).expect("a summary"),
    ] {
        assert!(text.contains(&sentence), "{text}");
    }
}
