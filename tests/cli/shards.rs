//! Parts of a plan for several machines or jobs.

use super::*;

fn lines(args: &[&str]) -> Vec<String> {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&[&["run"], args].concat(), reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).lines().map(str::to_owned).collect()
}

#[test]
fn shards_are_disjoint_and_cover_the_list_and_the_plan() {
    let block = |line: &String| line.split(": ").next().unwrap_or_default().to_owned();
    for args in [&["--list"][..], &["--plan-for", "8", "--seed", "1"], &["--list", "map/", "--threads", "3"]]
    {
        let parts = ["1/3", "2/3", "3/3"].map(|shard| lines(&[args, &["--shard", shard]].concat()));
        let is_listed = |line: &&String| line.contains('/') && !line.contains("plan");
        let mut parts: Vec<String> = parts.iter().flatten().filter(is_listed).map(block).collect();
        let mut whole: Vec<String> = lines(args).iter().filter(is_listed).map(block).collect();
        parts.sort();
        whole.sort();
        assert!(!whole.is_empty());
        assert_eq!(parts, whole, "{args:?}");
    }
}

#[test]
fn a_run_says_which_part_of_which_plan_it_is() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let mut measured: Vec<String> = Vec::new();
    let mut empty = 0;
    for index in 1..=3 {
        let before = runs(reports.path()).len();
        let output = contend(&[SHORT, &["--shard", &format!("{index}/3")]].concat(), reports.path());
        assert!(output.status.success(), "an empty part of a job matrix is no failure: {}", stderr(&output));
        let errors = stderr(&output);
        if errors.contains(&format!("shard {index}/3 has no block of this plan")) {
            empty += 1;
            assert_eq!(runs(reports.path()).len(), before);
            continue;
        }
        assert!(errors.contains(&format!("shard {index}/3 of a plan of 2 blocks")), "{errors}");
        let run = runs(reports.path()).pop().expect("a run");
        let run = fs::read_to_string(run.join("run.json")).expect("run.json");
        let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
        assert_eq!(run["shard"]["index"], index);
        assert_eq!(run["shard"]["blocks"], serde_json::json!(["counter/hot/1", "counter/hot/2"]));
        let blocks = run["plan"]["blocks"].as_array().expect("blocks").iter();
        measured.extend(blocks.map(|block| block["block"].as_str().expect("an id").to_owned()));
    }
    measured.sort();
    assert_eq!(measured, ["counter/hot/1", "counter/hot/2"]);
    assert!(empty > 0, "two blocks are too few for three shards");
}
