//! The opt-level table of Cargo.toml names no crate that is measured.
//!
//! A release build compiles some crates without optimization, to save build time. A measured crate in that
//! table would run slowly, and its rank would be wrong. These tests read Cargo.toml and Cargo.lock, so they need
//! neither cargo nor a network. The lock file lists build dependencies too, and the dependencies of all systems:
//! more crates are protected than necessary, never fewer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// The package that has these features is measured, with everything that it depends on: the contenders, the
/// team, the hasher of the maps, the crates that draw operations.
const FEATURES: [&str; 3] = ["contenders", "patterns", "extra"];

/// Packages with measured code in their benches and examples. A line of a profile is for all targets of a package.
const WITH_BENCHES: [&str; 1] = ["contend"];

/// Dependencies of measured crates that no window runs, with their own dependencies.
const NOT_MEASURED: [&str; 3] = [
    "contend-record", // data that is written after a window
    "loom",           // under `cfg(loom)` alone
    "shuttle",        // under `cfg(shuttle)` alone
];

#[test]
fn no_measured_crate_is_built_slowly() {
    let measured = measured();
    for Override { place, name, .. } in overrides().iter().filter(|line| line.slow()) {
        assert!(!measured.contains(name), "{place} slows down a measured crate: remove the line");
        let benches = WITH_BENCHES.contains(&name.as_str());
        assert!(!benches, "{place} slows down benches and examples that measure: remove the line");
    }
}

#[test]
fn every_crate_in_a_profile_exists() {
    let lock = lock();
    for Override { place, name, .. } in overrides() {
        assert!(lock.contains_key(&name), "{place} names no crate of Cargo.lock: remove the line");
    }
}

/// Without measured crates, or without a table, the tests above would find nothing wrong.
#[test]
fn measured_crates_and_the_table_are_found() {
    let measured = measured();
    for name in ["contend-team", "foldhash", "hashbrown", "httparse", "lock_api", "nix", "rand", "tokio"] {
        assert!(measured.contains(name), "`{name}` is measured: {measured:?}");
    }
    for name in ["contend", "contend-analysis", "criterion", "clap", "toml"] {
        assert!(!measured.contains(name), "`{name}` is not measured: {measured:?}");
    }
    let overrides = overrides();
    let slow = overrides.iter().filter(|line| line.slow()).count();
    assert!(slow >= 5, "the table is read: {overrides:?}");
}

/// Cargo ignores profiles of dependencies, so a user's project has the table itself: the example shows it.
#[test]
fn the_example_project_has_the_same_table() {
    let slow = |path: &str| -> BTreeSet<String> {
        let manifest = read(&root().join(path));
        let lines = overrides_of(&manifest).into_iter().filter(Override::slow);
        lines.map(|line| line.place).collect()
    };
    let mut wanted = slow("Cargo.toml");
    assert!(wanted.remove("profile.release.package.libtest-mimic"), "it is of tests alone: {wanted:?}");
    assert_eq!(slow("examples/own_project/Cargo.toml"), wanted);
}

/// The names of all measured crates.
fn measured() -> BTreeSet<String> {
    let lock = lock();
    let mut waiting = vec![measured_package()];
    let mut measured = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        let dependencies = lock.get(&name).unwrap_or_else(|| panic!("Cargo.lock lacks `{name}`"));
        if !NOT_MEASURED.contains(&name.as_str()) && measured.insert(name) {
            waiting.extend(dependencies.iter().cloned());
        }
    }
    measured
}

/// The one package of the workspace whose [`FEATURES`] turn on optional dependencies of its own.
fn measured_package() -> String {
    let own = |entry: &Value| text(entry).starts_with("dep:");
    let has = |manifest: &Table, feature: &str| {
        let entries = manifest.get("features")?.get(feature)?.as_array()?;
        Some(entries.iter().any(own))
    };
    let all = |manifest: &Table| FEATURES.iter().all(|feature| has(manifest, feature) == Some(true));
    let manifests = manifests();
    let names: Vec<_> = manifests
        .iter()
        .filter(|manifest| all(manifest))
        .map(|manifest| text(&manifest["package"]["name"]))
        .collect();
    let [name] = &names[..] else {
        panic!("one package has the features {FEATURES:?}, not {names:?}");
    };
    name.clone()
}

/// A line of a profile that treats one crate differently.
#[derive(Debug)]
struct Override {
    place: String,
    name: String,
    opt_level: Option<Value>,
}

impl Override {
    /// Whether the crate gets less than full optimization.
    fn slow(&self) -> bool {
        let level = self.opt_level.as_ref();
        level.is_some_and(|level| level.as_integer() != Some(3))
    }
}

/// Those lines of all profiles.
fn overrides() -> Vec<Override> {
    overrides_of(&read(&root().join("Cargo.toml")))
}

fn overrides_of(manifest: &Table) -> Vec<Override> {
    let profiles = manifest["profile"].as_table().expect("a table");
    let mut overrides = Vec::new();
    for (profile, settings) in profiles {
        let packages = settings.get("package").and_then(Value::as_table);
        for (name, line) in packages.into_iter().flatten() {
            overrides.push(Override {
                place: format!("profile.{profile}.package.{name}"),
                name: name.clone(),
                opt_level: line.get("opt-level").cloned(),
            });
        }
    }
    overrides
}

/// The manifests of all packages of the workspace.
fn manifests() -> Vec<Table> {
    let folders = fs::read_dir(root().join("crates")).expect("the workspace has a folder of crates");
    let folders = folders.map(|folder| folder.expect("it can be listed").path());
    folders
        .chain([root()])
        .map(|folder| folder.join("Cargo.toml"))
        .filter(|manifest| manifest.exists())
        .map(|manifest| read(&manifest))
        .collect()
}

/// The dependencies of each package in Cargo.lock. Versions of one package are one entry.
fn lock() -> BTreeMap<String, BTreeSet<String>> {
    let lock = read(&root().join("Cargo.lock"));
    let mut packages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("a list") {
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        // An entry is `name`, or `name version` where there are several versions.
        let name = |entry: &Value| text(entry).split(' ').next().map(str::to_owned);
        let names = dependencies.into_iter().flatten().filter_map(name);
        packages.entry(text(&package["name"])).or_default().extend(names);
    }
    packages
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> Table {
    let path_shown = path.display();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {path_shown}: {error}"));
    text.parse().unwrap_or_else(|error| panic!("cannot parse {path_shown}: {error}"))
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}
