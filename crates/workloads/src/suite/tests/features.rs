//! The crates that are measured have their default features, as most programs build them.

use std::fs;
use std::path::Path;

/// Crates that are not measured, and measured ones whose default is something that no contender here uses.
const WITHOUT_DEFAULTS: [(&str, &str); 4] = [
    ("minreq", "the HTTP client of `fetch`, the same for all"),
    ("once_cell", "`std` is on; the default adds the modules of other types"),
    ("spin", "the default adds locks of other kinds, and no other code to this one"),
    ("tokio", "its default is nothing"),
];

/// The dependencies of a manifest that leave out their default features.
fn without_defaults(manifest: &str) -> Vec<&str> {
    let (_, rest) = manifest.split_once("\n[dependencies]\n").expect("it has dependencies");
    let lines = rest.lines().take_while(|line| !line.starts_with('['));
    let without = lines.filter(|line| line.contains("default-features = false"));
    without.filter_map(|line| line.split(" = ").next()).collect()
}

#[test]
fn every_measured_crate_has_its_default_features() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("there is one");
    for name in without_defaults(&manifest) {
        assert!(
            WITHOUT_DEFAULTS.iter().any(|(known, _)| *known == name),
            "{name} lacks its default features"
        );
    }
    let flume = "\n[dependencies]\n\
                 flume = { version = \"0.12\", default-features = false, optional = true }\n[lints]\n";
    assert_eq!(without_defaults(flume), ["flume"]);
}
