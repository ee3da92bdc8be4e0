//! Damaged files of claims: an error in printable words, or claims, and soon. `MUTANTS=20000` tries more of them.

use std::path::Path;
use std::time::{Duration, Instant};

use contend_fixture::mutants::{Random, mutate};
use contend_record::is_printable;

use super::super::{ClaimFile, evaluate, markdown, terminal};
use super::{CELLS, run};
use crate::verdict::analyse;

#[test]
fn damaged_claims_end_in_an_error_or_in_claims() {
    let count = std::env::var("MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(500);
    let shipped = include_str!("../../../../../claims/known-results.toml");
    let (run, records) = run(&CELLS, 12);
    let analysis = analyse(&run, &records);
    let path = Path::new("claims.toml");
    assert!(ClaimFile::parse(path, shipped).is_ok());
    let mut random = Random::default();
    for mutant in 0..count {
        let text = mutate(shipped.as_bytes(), &mut random);
        let start = Instant::now();
        let told = match ClaimFile::parse(path, &String::from_utf8_lossy(&text)) {
            Ok(claims) => {
                let checked = evaluate(&claims, &run, &analysis);
                terminal(&checked, &run, false) + &markdown(&checked, &run)
            }
            Err(error) => error.to_string(),
        };
        let shown = told.chars().find(|c| !is_printable(*c) && *c != '\n');
        assert!(shown.is_none(), "mutant {mutant}: {shown:?} in {told}");
        assert!(start.elapsed() < Duration::from_secs(2), "mutant {mutant} took {:?}", start.elapsed());
    }
}
