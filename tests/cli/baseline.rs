//! `--baseline-contender`, and the order of simplicity that `run.json` records.

use contend::record::ContenderTrait;
use serde_json::Value;

use super::*;

/// The baselines of a run's decisions.
fn baselines(run: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(run.join("verdicts.json")).expect("verdicts");
    let verdicts: Value = serde_json::from_str(&text).expect("JSON");
    let decisions = verdicts["decisions"].as_array().expect("decisions");
    decisions.iter().filter_map(|of| of["baseline"].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_run_records_its_baseline_and_what_makes_contenders_less_simple() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let args = [
        "run",
        "counter/hot/std::sync",
        "--threads=1",
        "--forks=8",
        "--rounds=1",
        "--window=1ms",
        "--baseline-contender",
        "std::sync::RwLock",
    ];
    let output = contend(&args, reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("std::sync::RwLock takes"), "{}", stdout(&output));
    let run = runs(reports.path()).remove(0);
    let journal = contend::record::read(&run).expect("it can be read");
    assert_eq!(journal.run.plan.baseline_contender.as_deref(), Some("std::sync::RwLock"));
    let traits = |name: &str| {
        let info = journal.run.contenders.iter().find(|info| info.name == name);
        info.and_then(|info| info.traits.clone()).expect("they are recorded")
    };
    assert_eq!(traits("std::sync::atomic+padded-shards"), [ContenderTrait::Sharded]);
    assert_eq!(traits("std::sync::Mutex"), []);
    assert_eq!(baselines(&run), BTreeSet::from(["std::sync::RwLock".to_owned()]));

    // A report may name another, and the run keeps its own.
    let output = contend(&["report", "--baseline-contender", "std::sync::Mutex"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(baselines(&run), BTreeSet::from(["std::sync::Mutex".to_owned()]));
    let kept = contend::record::read(&run).expect("it can be read").run.plan.baseline_contender;
    assert_eq!(kept.as_deref(), Some("std::sync::RwLock"));
}
