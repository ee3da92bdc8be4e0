//! Any text as a file of claims: it is parsed, or the error is printable.

#![no_main]

use std::path::Path;

use contend_analysis::claim::ClaimFile;
use contend_record::is_printable;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(error) = ClaimFile::parse(Path::new("claims.toml"), text) {
        let told = error.to_string();
        assert!(told.chars().all(|c| is_printable(c) || c == '\n'), "{told:?}");
    }
});
