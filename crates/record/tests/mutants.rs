//! Damaged runs: whatever happens to its files, reading a run ends soon, without a panic and without a control
//! character. `MUTANTS=20000 cargo test -p contend-record --test mutants` tries more of them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use contend_fixture::mutants::{Random, mutate};
use contend_fixture::{block_of, run_of};
use contend_record::{Class, Record, is_printable, read, repair, sealed};
use serde_json::Value;

/// Writes a run of two rounds, and returns the texts of its two files.
fn write(folder: &Path) -> [(&'static str, Vec<u8>); 2] {
    let block = block_of("counter/hot/2".parse().unwrap(), &["a", "b"], |_| Class::Immediate);
    let run = run_of(vec![block.clone()]);
    let mut samples = Vec::new();
    for fork in 1..=2 {
        let record = |name: &str| Record {
            ns_per_op: Some(10.0),
            operations: vec![50, 50],
            window_ns: 1_000,
            ..Record::blank(block.block.cell(name), fork, 1)
        };
        samples.extend(sealed(&[record("a"), record("b")]).unwrap());
    }
    let files = [("run.json", serde_json::to_vec_pretty(&run).unwrap()), ("samples.jsonl", samples)];
    for (name, text) in &files {
        fs::write(folder.join(name), text).unwrap();
    }
    files
}

/// Appends every string of `value`.
fn strings(value: &Value, to: &mut String) {
    match value {
        Value::String(text) => to.push_str(text),
        Value::Array(values) => values.iter().for_each(|value| strings(value, to)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            to.push_str(name);
            strings(value, to);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn damaged_files_end_in_an_error_or_in_named_problems() {
    let count = std::env::var("MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(500);
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let files = write(folder);
    let whole = read(folder).unwrap();
    assert!(whole.records.len() == 4 && whole.problems.is_empty(), "{:?}", whole.problems);
    let mut random = Random::default();
    for mutant in 0..count {
        let (name, text) = &files[random.below(2)];
        let mutated = mutate(text, &mut random);
        fs::write(folder.join(name), &mutated).unwrap();
        let start = Instant::now();
        let told = match read(folder) {
            Ok(data) => {
                let mut told: String = data.problems.iter().map(ToString::to_string).collect();
                strings(&serde_json::to_value((&data.run, &data.records)).unwrap(), &mut told);
                told
            }
            Err(error) => error.to_string(),
        };
        let shown = told.chars().find(|character| !is_printable(*character));
        assert!(shown.is_none(), "mutant {mutant}: {shown:?} in {told}");
        if *name == "samples.jsonl" && repair(folder, |path, text| fs::write(path, text)).is_ok() {
            let data = read(folder).unwrap();
            assert!(!data.cut_off, "mutant {mutant}: a repaired file is whole");
        }
        assert!(start.elapsed() < Duration::from_secs(2), "mutant {mutant} took {:?}", start.elapsed());
        fs::write(folder.join(name), text).unwrap();
    }
}
