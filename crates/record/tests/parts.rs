//! The parts of a cell's id that stand beside it in a record: where they contradict it, the line is named.

use std::fs;

use contend_fixture::{block_of, record, run_of};
use contend_record::{Class, DAMAGED, RunData, read, repair, sealed};

/// What is read of a run of two rounds whose first has this text, and what a repair sets aside.
fn read_with(first: &str) -> (RunData, String) {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let block = block_of("counter/hot/2".parse().unwrap(), &["a", "b"], |_| Class::Immediate);
    fs::write(folder.join("run.json"), serde_json::to_vec_pretty(&run_of(vec![block])).unwrap()).unwrap();
    fs::write(folder.join("samples.jsonl"), format!("{first}{}", round(2))).unwrap();
    let data = read(folder).unwrap();
    repair(folder, |path, text| fs::write(path, text)).unwrap();
    assert_eq!(read(folder).unwrap().problems, []);
    (data, fs::read_to_string(folder.join(DAMAGED)).unwrap_or_default())
}

/// A sealed round of a fork.
fn round(fork: u32) -> String {
    String::from_utf8(sealed(&[record("a", fork, 1, 10.0), record("b", fork, 1, 20.0)]).unwrap()).unwrap()
}

/// The round with a checksum of its own bytes, whatever they are.
fn sealed_again(round: &str) -> String {
    let at = round.rfind(",\"seal\":").unwrap();
    let crc32 = crc32fast::hash(&round.as_bytes()[..at]);
    format!("{},\"seal\":{{\"windows\":2,\"crc32\":{crc32}}}}}\n", &round[..at])
}

#[test]
fn a_record_whose_parts_contradict_its_id_is_named_and_left_out() {
    let whole = round(1);
    assert_eq!(sealed_again(&whole), whole);
    let (data, damaged) = read_with(&whole);
    assert!(data.problems.is_empty() && data.records.len() == 4 && damaged.is_empty(), "{:?}", data.problems);
    for (from, to) in [
        ("\"workload\":\"counter\"", "\"workload\":\"map\""),
        ("\"variant\":\"hot\"", "\"variant\":\"cold\""),
        ("\"contender\":\"a\"", "\"contender\":\"b\""),
        ("\"threads\":2", "\"threads\":4"),
    ] {
        let changed = whole.replacen(from, to, 1);
        for text in [changed.clone(), sealed_again(&changed)] {
            let (data, damaged) = read_with(&text);
            let [problem] = &data.problems[..] else { panic!("{:?}", data.problems) };
            assert!(problem.left_out && problem.to_string().starts_with("samples.jsonl:1: "), "{problem}");
            let what =
                "its workload, variant, contender or threads are not those of its cell counter/hot/a/2";
            assert!(problem.what.contains(what), "{problem}");
            assert_eq!(data.records.len(), 2, "{from}");
            assert_eq!(damaged, text, "{from}");
        }
    }
}

#[test]
fn records_without_parts_or_in_another_spelling_are_read() {
    let whole = round(1);
    let parts = ",\"workload\":\"counter\",\"variant\":\"hot\",\"contender\":\"a\",\"threads\":2";
    let old = whole.replacen(parts, "", 1);
    assert_ne!(old, whole);
    let spaced = whole.replace("\":", "\": ");
    for text in [sealed_again(&old), spaced] {
        let (data, _) = read_with(&text);
        assert_eq!(data.records.len(), 4, "{text}: {:?}", data.problems);
    }
}

/// A record that contradicts itself, in a round that is sealed as it stands.
#[test]
fn a_record_that_contradicts_itself_is_named() {
    let whole = round(1);
    let first = whole.lines().next().unwrap().to_owned();
    let with = |field: &str, value: serde_json::Value| {
        let mut record: serde_json::Value = serde_json::from_str(&first).unwrap();
        record[field] = value;
        sealed_again(&whole.replacen(&first, &record.to_string(), 1))
    };
    for (text, what) in [
        (with("status", "void".into()), "is valid, and its status is not `ok`"),
        (with("value", 7.into()), "has a time and another value"),
        (with("ns_per_op", serde_json::Value::Null), "operations, and no time"),
        (with("operations", serde_json::json!([1, 0])), "ns per operation, but 1 operations in"),
        (with("fork", 0.into()), "has fork 0 of"),
        (with("round", 0.into()), "has round 0 of"),
    ] {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        let block = block_of("counter/hot/2".parse().unwrap(), &["a", "b"], |_| Class::Immediate);
        fs::write(folder.join("run.json"), serde_json::to_vec_pretty(&run_of(vec![block])).unwrap()).unwrap();
        fs::write(folder.join("samples.jsonl"), format!("{text}{}", round(2))).unwrap();
        let problems = read(folder).unwrap().problems;
        assert!(problems.iter().any(|problem| problem.what.contains(what)), "{what}: {problems:?}");
    }
}

#[test]
fn a_file_that_is_mostly_garbage_is_no_file_of_a_run() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let block = block_of("counter/hot/2".parse().unwrap(), &["a", "b"], |_| Class::Immediate);
    fs::write(folder.join("run.json"), serde_json::to_vec_pretty(&run_of(vec![block])).unwrap()).unwrap();
    fs::write(folder.join("samples.jsonl"), format!("{}{}", round(1), "x\n".repeat(20_000))).unwrap();
    let error = read(folder).unwrap_err().to_string();
    assert!(error.contains("more than 10000 of its lines are no records"), "{error}");
}
