//! A flipped bit anywhere in a run's files. Reading the run either yields the same data, or names the file.

use std::fs;
use std::path::Path;

use contend_fixture::mutants::Random;
use contend_fixture::{block_of, run_of};
use contend_record::{
    AGAINST, BlockPlan, Class, Fact, OlderBuild, RUN, Record, WINDOW_CHECK, WindowCheck, read, sealed,
    sealed_run,
};

/// The flips of each file.
const FLIPS: usize = 250;

/// Writes a complete run with all files that have measured data, and returns their texts.
fn write(folder: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let block = block_of("counter/hot/2".parse().unwrap(), &["a", "b"], |_| Class::Immediate);
    let mut run = run_of(vec![block.clone()]);
    run.plan.window_check = Some(WindowCheck { window_ns: 60_000_000, forks: 3 });
    run.plan.baseline_contender = Some("a".to_owned());
    run.against = Some(OlderBuild {
        executable: "e".repeat(64),
        file: "older".to_owned(),
        run: None,
        commit: Some("abc".to_owned()),
    });
    run.host = Some("höst \"1\"".to_owned());
    let (key, label) = ("cpu_model".to_owned(), "CPU".to_owned());
    run.environment.facts.push(Fact { key, label, value: "a model".to_owned() });
    let files = vec![
        (RUN, sealed_run(&run).unwrap().into_bytes()),
        ("samples.jsonl", rounds(&block, 10.0)),
        (AGAINST, rounds(&block, 11.0)),
        (WINDOW_CHECK, rounds(&block, 12.0)),
    ];
    for (name, text) in &files {
        fs::write(folder.join(name), text).unwrap();
    }
    files
}

/// The text of a round for each of three forks.
fn rounds(block: &BlockPlan, ns_per_op: f64) -> Vec<u8> {
    let record = |name: &str, fork| Record {
        ns_per_op: Some(ns_per_op),
        operations: vec![50, 50],
        window_ns: (100.0 * ns_per_op) as u64,
        ..Record::blank(block.block.cell(name), fork, 1)
    };
    (1..=3).flat_map(|fork| sealed(&[record("a", fork), record("b", fork)]).unwrap()).collect()
}

/// What reading yields, and what it says of the files. The error's text alone where it yields nothing.
fn read_run(folder: &Path) -> (Option<String>, String) {
    match read(folder) {
        Err(error) => (None, error.to_string()),
        Ok(data) => {
            let said = data.problems.iter().map(|problem| format!("{problem}\n")).collect();
            (Some(format!("{:?}", (&data.run, &data.records, &data.long, &data.against, data.cut_off))), said)
        }
    }
}

#[test]
fn a_flipped_bit_changes_nothing_or_is_named_with_its_file_and_line() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let files = write(folder);
    let (whole, said) = read_run(folder);
    assert!(whole.is_some() && said.is_empty(), "{said}");
    let mut random = Random::default();
    let (mut named, mut harmless) = (0, 0);
    for (name, text) in &files {
        for _ in 0..FLIPS {
            let (at, bit) = (random.below(text.len()), random.below(8));
            let mut flipped = text.clone();
            flipped[at] ^= 1 << bit;
            fs::write(folder.join(name), &flipped).unwrap();
            let (data, said) = read_run(folder);
            let line = said.split_once(&format!("{name}:")).map_or("", |(_, rest)| rest);
            let is_named = line.starts_with(|first: char| first.is_ascii_digit());
            assert!(is_named || data == whole, "bit {bit} of byte {at} of {name}: {said}{data:?}");
            named += usize::from(is_named);
            harmless += usize::from(!is_named);
        }
        fs::write(folder.join(name), text).unwrap();
    }
    // A flip in the word `seal` itself changes no data.
    assert!(named > 9 * harmless, "{named} were named, and {harmless} changed nothing");
}

/// Every bit of the files' ends, which say whether the rest is whole.
#[test]
fn a_flipped_bit_in_the_end_of_a_file_is_no_exception() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let files = write(folder);
    let (whole, _) = read_run(folder);
    for (name, text) in &files {
        for at in text.len() - 50..text.len() {
            for bit in 0..8 {
                let mut flipped = text.clone();
                flipped[at] ^= 1 << bit;
                fs::write(folder.join(name), &flipped).unwrap();
                let (data, said) = read_run(folder);
                let is_named = said.contains(&format!("{name}:"));
                assert!(is_named || data == whole, "bit {bit} of byte {at} of {name}: {said}{data:?}");
            }
        }
        fs::write(folder.join(name), text).unwrap();
    }
}
