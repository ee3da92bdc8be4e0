//! Which runs are merged, and what is refused.

use contend_fixture::run;
use contend_record::{Fact, Fingerprint, RunStatus, ShardInfo};

use super::*;

const NOW: &str = "2026-11-27T00:00:00Z";

/// A run of one block on a machine, the shard of this number of two.
fn of(name: &str, host: &str, model: &str, shard: Option<u32>) -> Run {
    let mut run = run(&["a", "b"]);
    run.run = name.to_owned();
    run.seed = name.bytes().map(u64::from).sum();
    run.status = RunStatus::Complete;
    run.host = Some(host.to_owned());
    run.executable = Some("e".to_owned());
    run.fingerprint = Some(Fingerprint { model: Some(model.to_owned()), ..Fingerprint::default() });
    let block = |threads: usize| format!("counter/hot/{threads}").parse::<BlockId>().expect("an id");
    if let Some(index) = shard {
        run.plan.blocks[0].block = block(index as usize);
        run.shard = Some(ShardInfo { index, count: 2, blocks: vec![block(1), block(2)], digest: Some(7) });
    }
    run
}

fn grouped(runs: &[Run]) -> Result<Vec<Machine>, MergeError> {
    group(&runs.iter().collect::<Vec<_>>(), Builds::One, NOW)
}

fn machine(label: &str, runs: &[usize]) -> Machine {
    Machine { label: label.to_owned(), runs: runs.to_vec() }
}

#[test]
fn shards_of_one_kind_of_machine_are_one() {
    let shards = [of("two", "h", "1", Some(2)), of("one", "h", "1", Some(1))];
    assert_eq!(grouped(&shards), Ok(vec![machine("h", &[1, 0])]));
    // Blocks are never split, so the machines of a job matrix may have several names.
    let shards = [of("one", "h", "1", Some(1)), of("two", "i.example", "1", Some(2))];
    assert_eq!(grouped(&shards), Ok(vec![machine("h+1", &[0, 1])]));
}

/// Adds a fact to the environment of a run.
fn push_fact(run: &mut Run, key: &str, value: &str) {
    let (key, label) = (key.to_owned(), String::new());
    run.environment.facts.push(Fact { key, label, value: value.to_owned() });
}

/// Two runs that name two commits.
fn two_commits(runs: &mut [Run; 2]) {
    for (run, value) in runs.iter_mut().zip(["a1", "b2"]) {
        push_fact(run, "commit", value);
    }
}

#[test]
fn a_commit_between_two_shards_is_no_other_build() {
    let mut shards = [of("one", "h", "1", Some(1)), of("two", "h", "1", Some(2))];
    two_commits(&mut shards);
    assert_eq!(grouped(&shards), Ok(vec![machine("h", &[0, 1])]));
    shards.iter_mut().for_each(|run| run.executable = None);
    assert!(matches!(grouped(&shards), Err(MergeError::OtherBuild(..))), "nothing says that it is one");
}

#[test]
fn machines_stand_side_by_side() {
    let runs = [of("x", "h", "1", None), of("y", "i.example", "2", None)];
    assert_eq!(grouped(&runs), Ok(vec![machine("h", &[0]), machine("i-example", &[1])]));
    // Two of one model, each with all shards.
    let runs = [
        of("a", "h", "1", Some(1)),
        of("b", "i", "1", Some(1)),
        of("c", "h", "1", Some(2)),
        of("d", "i", "1", Some(2)),
    ];
    assert_eq!(grouped(&runs), Ok(vec![machine("h", &[0, 2]), machine("i", &[1, 3])]));
}

#[test]
fn a_machine_without_a_name_is_labelled_by_its_cpu() {
    let mut runs = [of("one", "h", "1", None), of("two", "h", "2", None)];
    runs[1].host = None;
    push_fact(&mut runs[1], "cpu_model", "AMD EPYC");
    assert_eq!(grouped(&runs), Ok(vec![machine("h", &[0]), machine("AMD-EPYC", &[1])]));
}

#[test]
fn two_hosts_of_one_name_are_labelled_by_their_fingerprints() {
    let machines = grouped(&[of("x", "h", "1", None), of("y", "H", "2", None)]).expect("two machines");
    assert!(machines[0].label.starts_with("h-") && machines[1].label.starts_with("H-"), "{machines:?}");
    assert_ne!(machines[0].label.to_lowercase(), machines[1].label.to_lowercase());
}

#[test]
fn runs_before_fingerprints_are_of_one_machine_if_their_cpus_are_alike() {
    let mut runs = [of("x", "", "", None), of("y", "", "", None)];
    for (run, value) in runs.iter_mut().zip(["2 × 32 KiB", "2 × 48 KiB"]) {
        (run.fingerprint, run.host) = (None, None);
        push_fact(run, "cache_l1d", value);
    }
    let labels: Vec<String> = grouped(&runs).expect("two machines").into_iter().map(|of| of.label).collect();
    assert!(labels.iter().all(|label| label.starts_with("unknown-")) && labels[0] != labels[1], "{labels:?}");
    runs[1].environment = runs[0].environment.clone();
    assert!(matches!(grouped(&runs), Err(MergeError::Overlap(..))));
}

#[test]
fn what_is_neither_is_refused_by_name() {
    type Change = fn(&mut [Run; 2]);
    let shards = || [of("one", "h", "1", Some(1)), of("two", "h", "1", Some(2))];
    let wrong: [(Change, &str); 30] = [
        (|runs| runs[1].executable = None, "`one` and `two` were measured by two builds (two executables)"),
        (|runs| runs[1].contend = "9".to_owned(), "two builds (contend"),
        (
            |runs| {
                two_commits(runs);
                runs[1].executable = Some("f".to_owned());
            },
            "two builds (commit a1 and b2)",
        ),
        (|runs| runs[1].plan.preset = "quick".to_owned(), "two plans (preset)"),
        (|runs| runs[1].plan.filters = vec!["map".to_owned()], "two plans (filters)"),
        (|runs| runs[1].plan.forks += 1, "two plans (forks)"),
        (|runs| runs[1].shard.as_mut().expect("a shard").count = 3, "two plans (shards of 2 and of 3)"),
        (|runs| runs[1].shard = None, "are of one machine, and not shards of one plan"),
        (
            |runs| runs[1].plan.blocks[0].block = runs[0].plan.blocks[0].block.clone(),
            "`one` and `two` both have counter/hot/1, on one machine",
        ),
        (|runs| runs[1].status = RunStatus::Interrupted, "`two` is not complete"),
        (|runs| runs[1] = runs[0].clone(), "`one` and `one` are the same run"),
        (|runs| runs[1].started = "2027-01-01T00:00:00Z".to_owned(), "says that it began at 2027"),
        (|runs| runs[1].finished = Some("1999-01-01T00:00:00Z".to_owned()), "says that it ended at 1999"),
        (|runs| runs[1].finished = Some("2031-01-01T00:00:00Z".to_owned()), "says that it ended at 2031"),
        (|runs| runs[1].finished = Some("soon".to_owned()), "ended at `soon`, which is no time"),
        (|runs| runs[1].started = String::new(), "began at ``, which is no time"),
        (|runs| runs[1].started = "yesterday".to_owned(), "began at `yesterday`, which is no time"),
        (|runs| runs[1].started = "1970-01-01T00:00:09Z".to_owned(), "says that it began at 1970"),
        (|runs| runs[1].took_s = Some(-5.0), "says that it took -5 s"),
        (
            |runs| {
                runs[1].finished = Some("2026-01-01T00:00:10Z".to_owned());
                runs[1].took_s = Some(3600.0);
            },
            "measured for 3600 s between 2026-01-01T00:00:00Z and 2026-01-01T00:00:10Z",
        ),
        (|runs| runs[1].shard.as_mut().expect("a shard").index = 0, "says that it is shard 0 of 2"),
        (|runs| runs[1].shard.as_mut().expect("a shard").index = 9, "says that it is shard 9 of 2"),
        (|runs| runs[1].shard.as_mut().expect("a shard").index = 1, "both say that they are shard 1"),
        (
            |runs| runs[1].shard.as_mut().expect("a shard").digest = Some(8),
            "two plans (windows, rounds or contenders)",
        ),
        (
            |runs| runs[1].environment.facts[0].value = "rustc 1.99.0".to_owned(),
            "two builds (compiler rustc 1.95.0 and rustc 1.99.0)",
        ),
        (
            |runs| {
                push_fact(&mut runs[0], "features", "contenders");
                push_fact(&mut runs[1], "features", "contenders,extra");
            },
            "two builds (cargo features contenders and contenders,extra)",
        ),
        (|runs| runs[1].contenders[0].version = "9.9".to_owned(), "two builds (a 1.0 and 9.9)"),
        (
            |runs| runs[1].fingerprint.as_mut().expect("a print").model = Some("2".to_owned()),
            "shards are one run on one kind of machine alone, and its CPU model number is 1, 2 in `two`",
        ),
        (|runs| runs[1].plan.cores = 64, "its run had"),
        (|runs| runs[1].fingerprint = None, "has no block that another machine measured"),
    ];
    for (change, says) in wrong {
        let mut runs = shards();
        for run in &mut runs {
            push_fact(run, "rustc", "rustc 1.95.0");
            let info = r#"{"name": "a", "family": "", "package": "a", "version": "1.0", "notes": ""}"#;
            run.contenders = vec![serde_json::from_str(info).expect("a contender")];
        }
        change(&mut runs);
        let error = grouped(&runs).expect_err(says).to_string();
        assert!(error.contains(says), "`{error}`, not `{says}`");
    }
    assert_eq!(grouped(&shards()[..1]), Err(MergeError::TooFew));
}

#[test]
fn machines_of_other_builds_windows_or_unknown_kind_are_refused() {
    let two = || [of("x", "h", "1", None), of("y", "i", "2", None)];
    let refused = |change: fn(&mut [Run; 2])| {
        let mut runs = two();
        change(&mut runs);
        grouped(&runs).expect_err("refused").to_string()
    };
    let other_commit = |runs: &mut [Run; 2]| {
        two_commits(runs);
        runs[1].executable = Some("f".to_owned());
    };
    assert!(refused(other_commit).contains("two builds (commit a1 and b2)"));
    let changed_sources = |runs: &mut [Run; 2]| {
        for run in &mut *runs {
            push_fact(run, "commit", "a1");
            push_fact(run, "tree", "changed since the commit");
        }
        runs[1].executable = Some("f".to_owned());
    };
    let sources = refused(changed_sources);
    assert!(sources.contains("(sources changed since the commit in both, and two executables)"), "{sources}");
    let mut runs = two();
    changed_sources(&mut runs);
    let [one, other] = &mut runs;
    other.executable.clone_from(&one.executable);
    assert!(grouped(&runs).is_ok(), "one executable is one build");
    assert!(refused(|runs| runs[1].plan.blocks[0].window_ns += 1).contains("windows of counter/hot/"));
    assert!(refused(|runs| runs[1].plan.blocks[0].rounds += 1).contains("rounds of counter/hot/"));
    let unknown = refused(|runs| {
        runs[1].host = Some("h".to_owned());
        runs[1].fingerprint = None;
    });
    assert!(unknown.contains("may be of one machine: `y` has no fingerprint"), "{unknown}");

    // Any builds, if that is asked for. A union has one build in any case.
    let mut runs = two();
    other_commit(&mut runs);
    runs[1].plan.blocks[0].window_ns += 1;
    let any = |runs: &[Run]| group(&runs.iter().collect::<Vec<_>>(), Builds::Any, NOW);
    assert_eq!(any(&runs), Ok(vec![machine("h", &[0]), machine("i", &[1])]));
    runs[1].plan.preset = "thorough".to_owned();
    assert!(matches!(any(&runs), Err(MergeError::OtherPlan(..))));
    let mut shards = [of("one", "h", "1", Some(1)), of("two", "h", "1", Some(2))];
    other_commit(&mut shards);
    assert!(matches!(any(&shards), Err(MergeError::OtherBuild(..))));
}
