//! Texts against what readers have: no text names a document that is not there, and a claim that rests on a crate's
//! documentation names the version of it that is measured.

use std::fs;

use super::{documents, prose, read, root};

/// Words in capitals that are no documents: conferences, papers, variables, and what stands for a value.
const CAPITALS: [&str; 15] = [
    "USENIX",
    "BRAVO",
    "TRYBUILD",
    "RUSTFLAGS",
    "COMMIT",
    "COUNT",
    "CHECKED",
    "FORMAT",
    "SIGKILL",
    "THREADS",
    "PLANS",
    "KILLS",
    "MUTANTS",
    "FILTER",
    "NPROC",
];

/// The documents that a text names and that readers do not have: `NOTES.md`, or `NOTES` in capitals.
fn missing_documents(text: &str) -> Vec<String> {
    let files: Vec<String> = fs::read_dir(root())
        .expect("the repository")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"._-/".contains(c));
    let names = words.map(|word| word.trim_end_matches(['.', '-', '/'])).filter(|word| {
        let stem = word.strip_suffix(".md").unwrap_or(word);
        let named = stem.len() < word.len() || stem.len() > 4;
        named && !stem.is_empty() && stem.chars().all(|c| c.is_ascii_uppercase())
    });
    let known = |name: &&str| {
        let stem = name.strip_suffix(".md").unwrap_or(name);
        let is_file = |file: &String| file == *name || file.split(['.', '-']).next() == Some(stem);
        files.iter().any(is_file) || CAPITALS.contains(name)
    };
    names.filter(|name| !known(name)).map(str::to_owned).collect()
}

/// What readers read, except the changelog, which also names what is gone.
fn texts() -> Vec<(String, String)> {
    let mut names: Vec<String> = documents().into_iter().filter(|name| name != "CHANGELOG.md").collect();
    for (folder, ending) in [("claims", ".toml"), ("crates/report/templates", ".html")] {
        let entries = fs::read_dir(root().join(folder)).expect("a folder");
        let files = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        names.extend(files.filter(|name| name.ends_with(ending)).map(|name| format!("{folder}/{name}")));
    }
    names.into_iter().map(|name| (name.clone(), prose(&read(&name)))).collect()
}

#[test]
fn no_text_names_a_document_that_readers_do_not_have() {
    assert_eq!(missing_documents("as in PATTERNS, `BIAS.md` and README"), ["PATTERNS", "BIAS.md"]);
    for (name, text) in texts() {
        assert_eq!(missing_documents(&text), Vec::<String>::new(), "{name}");
    }
}

/// The first two numbers of a package's versions in Cargo.lock: `0.13`.
fn locked(package: &str) -> Vec<String> {
    let lock: toml::Table = read("Cargo.lock").parse().expect("TOML");
    let packages = lock["package"].as_array().expect("packages");
    let versions = packages.iter().filter(|of| of["name"].as_str() == Some(package));
    let short = |version: &str| version.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    versions.filter_map(|of| of["version"].as_str().map(short)).collect()
}

/// What is wrong with a claim that rests on a crate's documentation, changelog or source.
fn unversioned(claim: &str, source: &str) -> Option<String> {
    let rests = ["documentation", "changelog", "source"].iter().any(|word| source.contains(word));
    let text = format!("{claim} {source}");
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
    let mut packages = words.filter(|word| word.contains('_')).map(|word| (word, locked(word)));
    let (package, versions) = packages.find(|(_, versions)| !versions.is_empty())?;
    let names_version = versions.iter().any(|version| text.contains(&format!("{package} {version}")));
    (rests && !names_version).then(|| format!("{claim} names no measured version of {package}"))
}

/// A crate changes what it promises. After an update of Cargo.lock, this test asks for a new look at its documentation.
#[test]
fn a_claim_from_a_crates_documentation_names_the_measured_version() {
    assert!(unversioned("parking_lot is eventually fair.", "parking_lot's documentation").is_some());
    assert!(unversioned("parking_lot 0.11 is eventually fair.", "its documentation").is_some());
    let mut seen = 0;
    for (name, _) in texts().iter().filter(|(name, _)| name.ends_with(".toml")) {
        let file: toml::Table = read(name).parse().expect("TOML");
        for claim in file["claim"].as_array().expect("claims") {
            let text = |key: &str| claim[key].as_str().expect("text").to_owned();
            assert_eq!(unversioned(&text("claim"), &text("source")), None, "{name}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}
