//! Any bytes as `samples.jsonl` of a run: they are read, and what is wrong is named in printable words. What is
//! repaired is whole.

#![no_main]

use std::fs;

use contend_record::{is_printable, read, repair};

const RUN: &str = include_str!("../corpus/run/whole.json");

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("run.json"), RUN).expect("it is writable");
    fs::write(folder.path().join("samples.jsonl"), bytes).expect("it is writable");
    let data = read(folder.path()).expect("damaged records are no error");
    for problem in &data.problems {
        let told = problem.to_string();
        assert!(told.chars().all(is_printable), "{told:?}");
    }
    repair(folder.path(), |path, text| fs::write(path, text)).expect("it is writable");
    assert!(!read(folder.path()).expect("it is whole").cut_off);
});
