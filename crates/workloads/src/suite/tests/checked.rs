//! The notes on each package are those of the version in `Cargo.lock`: an update asks for a new look at them.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, iter};

use super::suite;
use crate::registry::Checked;

/// The family and the package of contenders that are this project's own, so that no other documentation has them.
const OWN: [&str; 3] = ["driver", "serial", "own"];

/// The packages that contend-workloads depends on, and the versions of each that it uses, from a lock file.
fn locked(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut ours = Vec::new();
    for package in text.split("[[package]]\n").skip(1) {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
            line.map(|value| value.trim_matches('"'))
        };
        let (name, version) = value("name").zip(value("version")).expect("a package has both");
        versions.entry(name).or_default().push(version);
        if name == "contend-workloads" {
            let list = package.split_once("dependencies = [\n").map_or("", |(_, list)| list);
            ours = list.lines().take_while(|line| *line != "]").collect();
        }
    }
    let mut used: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for dependency in ours {
        // `dashmap`, or `parking_lot 0.13.0` where several versions are locked.
        let mut words = dependency.trim().trim_matches(',').trim_matches('"').split(' ');
        let name = words.next().expect("a name");
        let version = words.next().or_else(|| versions[name].first().copied()).expect("it is locked");
        used.entry(name.to_owned()).or_default().push(version.to_owned());
    }
    used
}

/// What is wrong with the review of a contender's notes, if anything.
fn outdated(
    package: &str,
    checked: Option<Checked>,
    locked: &BTreeMap<String, Vec<String>>,
) -> Option<String> {
    let Some(Checked { date, version }) = checked else {
        return Some(format!("the notes on {package} were never checked"));
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if date.len() != 10 || date.split('-').count() != 3 || !date.split('-').all(digits) {
        return Some(format!("`{date}` is not a day"));
    }
    let name = package.split(' ').next().expect("a name");
    let used: Vec<String> = match name {
        "std" => vec![env!("CARGO_PKG_RUST_VERSION").to_owned()],
        _ => locked.get(name).cloned().unwrap_or_default(),
    };
    (!used.iter().any(|used| used == version)).then(|| {
        format!(
            "the notes on {package} were checked beside version {version}, and {used:?} is in use; try: read its \
             changelog and documentation, correct the notes, and set CHECKED"
        )
    })
}

fn lock_file() -> BTreeMap<String, Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    locked(&fs::read_to_string(path).expect("the workspace has a lock file"))
}

#[test]
fn the_notes_on_every_package_were_checked_beside_its_locked_version() {
    let (suite, locked) = (suite(), lock_file());
    let infos =
        suite.variants.iter().flat_map(|variant| &variant.contenders).map(|contender| &contender.info);
    let mut checked = BTreeMap::new();
    for info in infos.filter(|info| !OWN.contains(&info.family)) {
        assert_eq!(outdated(info.package, info.checked, &locked), None, "{}", info.name);
        checked.extend(info.checked.map(|checked| ((info.package, checked.version), ())));
    }
    // Each version that is in use was looked at, if the package has contenders at all. Some are of `extra` alone.
    for (name, versions) in locked.iter().filter(|_| cfg!(feature = "extra")) {
        let of_package = checked.keys().filter(|(package, _)| package.split(' ').next() == Some(name));
        let seen: Vec<&str> = of_package.map(|(_, version)| *version).collect();
        for version in versions.iter().filter(|_| !seen.is_empty()) {
            assert!(seen.contains(&&**version), "no note was checked beside {name} {version}");
        }
    }
}

#[test]
fn an_update_of_the_lock_file_asks_for_a_new_look() {
    let entry =
        |name: &str, version: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n");
    let lock = |flume: &str| {
        let ours = "dependencies = [\n \"flume\",\n \"parking_lot 0.13.0\",\n]\n\n";
        let entries = [
            entry("contend-workloads", "0.1.0").trim_end().to_owned() + "\n" + ours,
            entry("flume", flume),
            entry("parking_lot", "0.12.5"),
            entry("parking_lot", "0.13.0"),
        ];
        locked(&iter::once("version = 4\n\n".to_owned()).chain(entries).collect::<String>())
    };
    let checked = |version| Some(Checked::on("2026-11-26", version));
    let old = lock("0.12.0");
    assert_eq!(outdated("flume", checked("0.12.0"), &old), None);
    assert_eq!(outdated("parking_lot", checked("0.13.0"), &old), None);
    let updated = outdated("flume", checked("0.12.0"), &lock("0.12.1")).expect("it was updated");
    assert!(updated.contains("[\"0.12.1\"] is in use"), "{updated}");
    // Another crate's version of it is not the one that is measured.
    assert!(outdated("parking_lot", checked("0.12.5"), &old).is_some());
    assert!(outdated("flume", None, &old).is_some());
    assert!(outdated("flume", Some(Checked::on("today", "0.12.0")), &old).is_some());
}
