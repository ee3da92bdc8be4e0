//! Runs of several machines or jobs as one: `contend merge`.

use super::*;

const PLAN: &[&str] = &[
    "run",
    "counter/hot/std::sync",
    "counter/spaced/std::sync",
    "--threads",
    "1,2",
    "--forks",
    "8",
    "--rounds",
    "1",
    "--window",
    "1ms",
];

/// Measures the shard, and gives its run a name. None where it has no block.
fn shard(reports: &Path, index: usize, count: usize) -> Option<PathBuf> {
    let output = contend(&[PLAN, &["--shard", &format!("{index}/{count}")]].concat(), reports);
    assert!(output.status.success(), "{}", stderr(&output));
    if stderr(&output).contains("has no block") {
        return None;
    }
    let is_new = |run: &PathBuf| run.file_name().is_some_and(|name| name.to_string_lossy().starts_with("20"));
    let run = runs(reports).into_iter().find(is_new)?;
    let named = reports.join(format!("part-{index}"));
    fs::rename(run, &named).expect("it can be renamed");
    Some(named)
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

fn edit(run: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let path = run.join("run.json");
    let mut value = json(&path);
    change(&mut value);
    fs::write(path, serde_json::to_string_pretty(&value).expect("JSON") + "\n").expect("it can be written");
}

fn merge(reports: &Path, parts: &[&Path], name: &str) -> Output {
    let mut args = vec!["merge"];
    args.extend(parts.iter().map(|part| part.to_str().expect("text")));
    args.extend(["--into", name]);
    contend(&args, reports)
}

/// The merged run has the cells of the plan, every record once, and all commands read it. One without a shard says so.
#[test]
fn shards_become_the_run_of_the_whole_plan() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let reports = reports.path();
    let parts: Vec<PathBuf> = (1..=6).filter_map(|index| shard(reports, index, 6)).collect();
    assert!(parts.len() > 1, "all blocks are in one shard of six");
    let parts: Vec<&Path> = parts.iter().map(PathBuf::as_path).collect();
    let output = merge(reports, &parts, "all");
    assert!(output.status.success(), "{}", stderr(&output));
    let merged = reports.join("all");
    for file in ["run.json", "samples.jsonl", "verdicts.json", "summary.md", "index.html", "manifest.json"] {
        assert!(merged.join(file).is_file(), "{file}");
    }
    let run = json(&merged.join("run.json"));
    let blocks: Vec<&str> = run["plan"]["blocks"]
        .as_array()
        .expect("blocks")
        .iter()
        .filter_map(|b| b["block"].as_str())
        .collect();
    assert_eq!(blocks, ["counter/hot/1", "counter/hot/2", "counter/spaced/1", "counter/spaced/2"]);
    assert_eq!(run["shard"], serde_json::Value::Null);
    assert_eq!(run["merged"]["parts"].as_array().map(Vec::len), Some(parts.len()));
    // Shards without a block have no run.
    assert_eq!(run["merged"]["missing_blocks"], serde_json::Value::Null);
    let lines = |run: &Path| fs::read_to_string(run.join("samples.jsonl")).expect("records").lines().count();
    assert_eq!(lines(&merged), parts.iter().map(|part| lines(part)).sum::<usize>());
    let listed = contend(&[PLAN, &["--list"]].concat(), reports);
    let cells: BTreeSet<String> = json(&merged.join("verdicts.json"))["cells"]
        .as_array()
        .expect("cells")
        .iter()
        .filter_map(|cell| cell["cell"].as_str())
        .filter(|cell| !cell.contains("~control"))
        .map(str::to_owned)
        .collect();
    let wanted: BTreeSet<String> =
        stdout(&listed).lines().filter(|line| line.matches('/').count() == 3).map(str::to_owned).collect();
    assert!(!wanted.is_empty() && wanted.is_subset(&cells), "{wanted:?} in {cells:?}");
    let verified = contend(&["verify", "all"], reports);
    assert!(stdout(&verified).contains("the plan is covered: 4 blocks"), "{}", stdout(&verified));
    for command in
        [&["report", "all"][..], &["cite", "counter/hot", "--run", "all"], &["export", "csv", "all"]]
    {
        let output = contend(command, reports);
        assert!(output.status.success(), "{command:?}: {}", stderr(&output));
    }
    if parts.len() > 2 {
        a_missing_shard_is_named_everywhere(reports, &parts);
    }
}

fn a_missing_shard_is_named_everywhere(reports: &Path, parts: &[&Path]) {
    let output = merge(reports, &parts[1..], "some");
    assert!(output.status.success(), "{}", stderr(&output));
    let lost = json(&parts[0].join("run.json"))["plan"]["blocks"][0]["block"].clone();
    let lost = lost.as_str().expect("an id");
    let says = |text: &str| text.contains("missing, since shard") && text.contains(lost);
    assert!(says(&stderr(&output)), "{}", stderr(&output));
    for file in ["index.html", "summary.md", "verdicts.json"] {
        let text = fs::read_to_string(reports.join("some").join(file)).expect("a file");
        assert!(says(&text), "{file}");
    }
    let verified = contend(&["verify", "some"], reports);
    assert_eq!(verified.status.code(), Some(1));
    assert!(stdout(&verified).contains("the plan is not covered: "), "{}", stdout(&verified));
}

#[test]
fn machines_stand_side_by_side_with_a_page_each() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let reports = reports.path();
    assert!(contend(PLAN, reports).status.success());
    let here = runs(reports).remove(0);
    let there = reports.join("there");
    copy(&here, &there);
    edit(&there, |run| {
        run["host"] = "ci-arm".into();
        run["fingerprint"]["model"] = "another".into();
        run["started"] = "2026-01-01T00:00:00Z".into();
    });
    let output = merge(reports, &[&here, &there], "both");
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains(" agree on all, 0 turn round"), "{}", stdout(&output));
    // Who says that it is another machine?
    let named = "run there: run.json:1: the file does not match its checksum";
    assert!(stderr(&output).contains(named), "{}", stderr(&output));
    let both = reports.join("both");
    let merged = json(&both.join("merged.json"));
    let counts = &merged["counts"];
    assert!(counts["compared"].as_u64() > Some(0) && counts["turned"] == 0, "{counts}");
    assert_eq!(counts["resolved_on_some"], 0, "the same verdicts twice");
    let page = fs::read_to_string(both.join("index.html")).expect("a page");
    for machine in merged["machines"].as_array().expect("machines") {
        let own = machine["page"].as_str().expect("a path");
        assert!(page.contains(&format!("href=\"./{own}\"")), "{own}");
        let folder = both.join(own).parent().expect("a folder").to_owned();
        assert!(folder.join("index.html").is_file() && folder.join("samples.jsonl").is_file());
        let verified = contend(&["report", folder.to_str().expect("text")], reports);
        assert!(verified.status.success(), "{}", stderr(&verified));
    }
    assert!(page.contains("ci-arm") && !page.contains("<script"), "a page without scripts");
    let summary = fs::read_to_string(both.join("summary.md")).expect("a summary");
    assert!(summary.contains("## Where all agree") && summary.contains("## Where the choice changes"));
    let several = contend(&["report", "both"], reports);
    assert_eq!(several.status.code(), Some(2));
    assert!(
        stderr(&several).contains("`both` is a page of several machines; name a run below"),
        "{}",
        stderr(&several)
    );
    // The newest run is still found, and no command takes the folder of several machines for a run.
    assert!(contend(&["report"], reports).status.success());
    let pruned = contend(&["prune", "--keep", "1"], reports);
    assert!(pruned.status.success() && both.join("merged.json").is_file(), "{}", stderr(&pruned));
}

/// A digit of a verdict that another machine's disk, or a person, has changed.
#[test]
fn changed_verdicts_are_made_again_from_the_records() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let reports = reports.path();
    assert!(contend(PLAN, reports).status.success());
    let here = runs(reports).remove(0);
    let there = reports.join("there");
    copy(&here, &there);
    edit(&there, |run| run["fingerprint"]["model"] = "another".into());
    edit(&there, |run| run["seed"] = "7".into());
    let merged = |name: &str| {
        let output = merge(reports, &[&here, &there], name);
        assert!(output.status.success(), "{}", stderr(&output));
        let mut merged = json(&reports.join(name).join("merged.json"));
        merged["name"] = "any".into();
        (merged, stderr(&output))
    };
    let (whole, said) = merged("whole");
    assert!(!said.contains("verdicts.json"), "{said}");
    let path = there.join("verdicts.json");
    let text = fs::read_to_string(&path).expect("verdicts");
    let outcome = ["faster", "tie", "unresolved"].map(|word| format!("\"verdict\":\"{word}\""));
    let found = outcome.iter().find(|outcome| text.contains(*outcome)).expect("a verdict");
    let other = if found.contains("tie") { &outcome[0] } else { &outcome[1] };
    fs::write(&path, text.replace(found, other)).expect("written");
    let (again, said) = merged("again");
    assert!(said.contains("verdicts.json was changed"), "{said}");
    assert_eq!(again, whole);

    // Claims of another version, in the form of a claim that has no comparison.
    fs::create_dir_all(there.join("claims")).expect("a folder");
    let claim = "[[claim]]\nclaim = \"c\"\nsource = \"s\"\nfastest = \"std::sync::Mutex\"\n";
    fs::write(there.join("claims/old.toml"), claim).expect("written");
    let output = merge(reports, &[&here, &there], "old");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(
        said.contains("the claims of ") && said.contains("cannot be judged again: claims/old.toml:"),
        "{said}"
    );
    assert!(!reports.join("old").exists());
}

#[test]
fn what_cannot_be_merged_is_refused_and_nothing_is_written() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let reports = reports.path();
    assert!(contend(PLAN, reports).status.success());
    let run = runs(reports).remove(0);
    let other = |name: &str, change: fn(&mut serde_json::Value)| {
        let path = reports.join(name);
        copy(&run, &path);
        edit(&path, change);
        path
    };
    let twin = other("twin", |run| run["run"] = "twin".into());
    let again = other("again", |run| run["seed"] = "7".into());
    let old = other("old", |run| run["schema"] = 0.into());
    let bare = other("bare", |run| run["host"] = "y".into());
    fs::write(bare.join("samples.jsonl"), "").expect("written");
    let gone = other("gone", |run| run["host"] = "z".into());
    fs::remove_file(gone.join("samples.jsonl")).expect("records");
    let open = other("open", |run| run["status"] = "interrupted".into());
    let build = other("build", |run| {
        run["host"] = "x".into();
        run["fingerprint"]["model"] = "x".into();
        run["contend"] = "0.0.1".into();
    });
    // Another folder of the same name.
    let deep = reports.join("deep/build");
    copy(&run, &deep);
    let empty = reports.join("empty");
    fs::create_dir(&empty).expect("a folder");
    let before = names(reports);
    let run = run.as_path();
    for (parts, name, says) in [
        (&[run][..], "x", "at least two runs"),
        (&[run, run], "x", "are the same run"),
        (&[run, &twin], "x", "are the same run"),
        (&[run, &again], "x", "on one machine"),
        (&[run, &old], "x", "schema 0"),
        (&[run, &open], "x", "is not complete"),
        (&[run, &build], "x", "two builds"),
        (&[&deep, &build], "x", "deep/build` and `"),
        (&[run, &empty], "x", "cannot find the run"),
        (&[run, &bare], "x", "bare/samples.jsonl is empty"),
        (&[run, &gone], "x", "gone/samples.jsonl"),
        (&[run, &again], "../x", "is no plain name"),
        (&[run, &again], "a\u{1b}b", "is no plain name"),
        (&[run, &again], "twin", "exists already"),
    ] {
        let output = merge(reports, parts, name);
        assert_eq!(output.status.code(), Some(2), "{says}: {}", stderr(&output));
        assert!(stderr(&output).contains(says), "`{}`, not `{says}`", stderr(&output));
        assert!(!stderr(&output).contains('\u{1b}'), "a control character");
        assert_eq!(names(reports), before, "{says}");
    }
}

/// A shard whose `run.json` names another machine than the one that measured, and one whose records have other values
/// and new checksums.
#[test]
fn what_was_changed_in_a_shard_is_not_hidden_by_the_checksums_of_the_merged_run() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let reports = reports.path();
    let parts: Vec<PathBuf> = (1..=2).filter_map(|index| shard(reports, index, 2)).collect();
    let [first, second] = &parts[..] else { panic!("a shard has no block: {parts:?}") };
    edit(second, |run| run["command"] = "cargo bench -- --seed 9".into());
    let output = merge(reports, &[first, second], "all");
    assert!(
        output.status.success() && stderr(&output).contains("does not match its checksum"),
        "{}",
        stderr(&output)
    );
    let verified = contend(&["verify", "all"], reports);
    assert_eq!(verified.status.code(), Some(1));
    let wrong = "wrong: the run.json of shard part-2 had been changed when it was merged";
    assert!(stdout(&verified).contains(wrong), "{}", stdout(&verified));

    let manifest = second.join("manifest.json");
    let mut listed = json(&manifest);
    listed["sha256"]["samples.jsonl"] = "0".repeat(64).into();
    fs::write(&manifest, serde_json::to_string_pretty(&listed).expect("JSON") + "\n").expect("written");
    let output = merge(reports, &[first, second], "other");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("samples.jsonl is not as its manifest has it"), "{}", stderr(&output));
    assert!(!reports.join("other").exists());
}

/// A shard that says that it is complete, and has lost whole rounds.
#[test]
fn a_shard_without_all_of_its_records_is_refused() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let reports = reports.path();
    let parts: Vec<PathBuf> = (1..=2).filter_map(|index| shard(reports, index, 2)).collect();
    let [first, second] = &parts[..] else { panic!("a shard has no block: {parts:?}") };
    let path = second.join("samples.jsonl");
    let text = fs::read_to_string(&path).expect("records");
    let end_of_round = |line: &&str| line.contains("\"seal\"");
    let rounds = text.lines().filter(end_of_round).count();
    let mut fewer = String::new();
    for line in text.lines() {
        fewer.push_str(line);
        fewer.push('\n');
        if fewer.lines().filter(end_of_round).count() == rounds / 2 {
            break;
        }
    }
    for lost in [fewer.as_str(), ""] {
        fs::write(&path, lost).expect("written");
        let before = names(reports);
        let output = merge(reports, &[first, second], "x");
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("records are missing: counter/"), "{}", stderr(&output));
        assert_eq!(names(reports), before);
    }
}

#[test]
fn other_builds_stand_side_by_side_only_if_asked_for_and_are_named() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let reports = reports.path();
    assert!(contend(PLAN, reports).status.success());
    let here = runs(reports).remove(0);
    let there = reports.join("there");
    copy(&here, &there);
    edit(&there, |run| {
        run["host"] = "<ci>".into();
        run["fingerprint"]["model"] = "another".into();
        run["executable"] = "f".repeat(64).into();
        let facts = run["environment"]["facts"].as_array_mut().expect("facts");
        facts.retain(|fact| fact["key"] != "commit");
        facts.push(serde_json::json!({"key": "commit", "label": "Commit", "value": "0123456789abcdef"}));
    });
    let refused = merge(reports, &[&here, &there], "both");
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("two builds (commit ") && !reports.join("both").exists());
    let [one, other] = [&here, &there].map(|run| run.to_str().expect("text"));
    let output = contend(&["merge", one, other, "--other-builds", "--into", "both"], reports);
    assert!(output.status.success(), "{}", stderr(&output));
    for file in ["index.html", "summary.md", "merged.json"] {
        let text = fs::read_to_string(reports.join("both").join(file)).expect("a file");
        assert!(text.contains("These machines measured different builds"), "{file}");
        assert!(text.contains("commit 0123456789ab"), "{file}");
    }
}

/// A machine that lacks a shard, beside one that has the whole plan.
#[test]
fn the_page_of_several_machines_says_which_blocks_one_lacks() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let reports = reports.path();
    let parts: Vec<PathBuf> = (1..=2).filter_map(|index| shard(reports, index, 2)).collect();
    let [first, second] = &parts[..] else { panic!("a shard has no block: {parts:?}") };
    let there = reports.join("there");
    copy(first, &there);
    edit(&there, |run| {
        run["host"] = "ci-arm".into();
        run["fingerprint"]["model"] = "another".into();
        run["seed"] = "7".into();
    });
    let output = merge(reports, &[first, second, &there], "both");
    assert!(output.status.success(), "{}", stderr(&output));
    for file in ["index.html", "summary.md", "merged.json"] {
        let text = fs::read_to_string(reports.join("both").join(file)).expect("a file");
        let said = "missing, since shard 2 of 2 is not there: counter/";
        assert!(text.contains("ci-arm: ") && text.contains(said), "{file}: {text}");
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        match entry.file_type().expect("a type").is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).expect("it can be copied")),
        }
    }
}
