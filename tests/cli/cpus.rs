//! `--cpus`: a run on fewer CPUs than the process may use. Its forks see no others, its plan has thread counts for
//! them, and every text about it names the condition.

use super::*;

/// The run.json of a folder.
fn run_json(folder: &Path) -> serde_json::Value {
    let text = fs::read_to_string(folder.join("run.json")).expect("a run");
    serde_json::from_str(&text).expect("JSON")
}

/// A short run on one CPU, and its standard output.
fn on_one_cpu(more: &[&str]) -> (TempDir, PathBuf, String) {
    let args = ["run", "counter/hot/std::sync::Mutex", "--cpus", "1", "--forks", "2", "--rounds", "1"];
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&[&args[..], &["--window", "1ms"], more].concat(), reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let run = runs(reports.path()).remove(0);
    (reports, run, stdout(&output))
}

#[test]
fn a_run_on_one_cpu_is_planned_for_it_records_it_and_names_it() {
    let (_reports, folder, printed) = on_one_cpu(&[]);
    let run = run_json(&folder);
    assert_eq!(run["plan"]["cpus"], 1);
    assert_eq!(run["plan"]["cores"], 1);
    let facts = run["environment"]["facts"].as_array().expect("facts");
    let allowed = facts.iter().find(|fact| fact["key"] == "allowed_cpus").expect("the fact");
    assert!(allowed["value"].as_str().is_some_and(|value| value.starts_with("1 (")), "{allowed}");
    let blocks = run["plan"]["blocks"].as_array().expect("blocks").iter();
    let oversubscribed = |block: &serde_json::Value| block["cells"][0]["oversubscribed"] == true;
    let threads: Vec<_> = blocks.map(|block| (block["block"].clone(), oversubscribed(block))).collect();
    assert_eq!(threads, [("counter/hot/1".into(), false), ("counter/hot/2".into(), true)]);

    let condition = "restricted to 1 CPU (--cpus 1)";
    let text = |file: &str| fs::read_to_string(folder.join(file)).expect("it is there");
    assert!(printed.starts_with(&format!("conditions: {condition}\n")), "{printed}");
    assert!(text("index.html").contains(condition));
    assert!(text("summary.md").contains(&format!("- Condition: {condition}.")), "{}", text("summary.md"));
}

/// Reads what the threads of a fork may use from `/proc`, while they measure.
#[test]
fn a_fork_sees_only_the_cpus_of_the_run() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let mut run = Command::new(env!("CARGO_BIN_EXE_contend"))
        .args(["run", "counter/hot/std::sync::Mutex/2", "--cpus", "1", "--threads", "2", "--forks", "1"])
        .args(["--rounds", "1", "--window", "500ms", "--reports"])
        .arg(reports.path())
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("contend starts");
    let children = format!("/proc/{0}/task/{0}/children", run.id());
    let mut masks = BTreeSet::new();
    while run.try_wait().expect("its status").is_none() {
        let forks = fs::read_to_string(&children).unwrap_or_default();
        let is_fork = |id: &&str| {
            let command = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
            command.contains("__fork")
        };
        for fork in forks.split_whitespace().filter(is_fork) {
            let tasks = fs::read_dir(format!("/proc/{fork}/task")).into_iter().flatten().flatten();
            for task in tasks {
                let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
                let mask = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
                masks.extend(mask.map(|mask| mask.trim().to_owned()));
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert_eq!(masks.len(), 1, "{masks:?}");
    assert!(masks.iter().all(|mask| mask.parse::<usize>().is_ok()), "more than one CPU: {masks:?}");
}

#[test]
fn an_interrupted_run_goes_on_with_as_many_cpus() {
    let (reports, folder, _) = on_one_cpu(&["--threads", "1"]);
    let path = folder.join("run.json");
    let text = fs::read_to_string(&path).expect("run");
    let interrupted = text.replacen("\"status\": \"complete\"", "\"status\": \"interrupted\"", 1);
    assert_ne!(text, interrupted, "{text}");
    // More CPUs than any machine has: a run that went on with all of them would not notice.
    let impossible = interrupted.replacen("\"cpus\": 1", "\"cpus\": 4096", 1);
    assert_ne!(impossible, interrupted, "{interrupted}");
    fs::write(&path, impossible).expect("it can be written");
    let output = contend(&["run", "--resume"], reports.path());
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("cannot use 4096 CPUs"), "{}", stderr(&output));
    fs::write(&path, interrupted).expect("it can be written");
    let output = contend(&["run", "--resume"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("--cpus 1"), "{}", stdout(&output));
}

#[test]
fn compare_names_the_restriction() {
    let (_one, first, _) = on_one_cpu(&["--threads", "1"]);
    let (_all, second) = short_run();
    let second_path = second.to_str().expect("text");
    let output = contend(&["compare", first.to_str().expect("text"), second_path], Path::new("reports"));
    let printed = stdout(&output);
    assert!(printed.contains("restriction of CPUs"), "{printed}");
    let cores = run_json(&second)["plan"]["cores"].as_u64().expect("a number");
    assert_eq!(printed.contains("could use 1 CPU (`--cpus 1`)"), cores > 1, "{printed}");
}
