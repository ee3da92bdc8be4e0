//! Any bytes as `run.json`: a run whose texts are printable, or an error that is.

#![no_main]

use std::fs;

use contend_record::{Metadata, is_printable, read_metadata};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("run.json"), bytes).expect("it is writable");
    let told = match read_metadata(folder.path()) {
        Ok(Metadata { run, .. }) => run.command + &run.contend + &run.started + &run.plan.preset,
        Err(error) => error.to_string(),
    };
    assert!(told.chars().all(is_printable), "{told:?}");
});
