//! The members of a cargo workspace, as its manifest names them.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// What is read of a manifest.
#[derive(serde::Deserialize)]
struct Manifest {
    workspace: Option<Workspace>,
}

#[derive(serde::Deserialize)]
struct Workspace {
    #[serde(default)]
    members: Vec<String>,
}

/// The folders of the members of the workspace in `root`; none if it is no workspace. A pattern such as `crates/*` is
/// all folders that it matches.
pub(super) fn members(root: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let workspace = toml::from_str::<Manifest>(&text).ok().and_then(|manifest| manifest.workspace);
    let patterns = workspace.map(|workspace| workspace.members).unwrap_or_default();
    patterns.iter().flat_map(|pattern| matching(root, pattern)).collect()
}

/// The folders below `root` that `pattern` matches.
fn matching(root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![root.to_owned()];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let part_of = |folder: &PathBuf| match part.contains(['*', '?']) {
            true => folders_like(folder, part),
            false => vec![folder.join(part)],
        };
        found = found.iter().flat_map(part_of).filter(|folder| folder.is_dir()).collect();
    }
    found
}

/// What is in `folder` under a name that `pattern` matches.
fn folders_like(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let expression = regex::escape(pattern).replace("\\*", ".*").replace("\\?", ".");
    let Ok(expression) = Regex::new(&format!("^{expression}$")) else {
        return Vec::new();
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_like = |name: &std::ffi::OsStr| name.to_str().is_some_and(|name| expression.is_match(name));
    entries.filter(|entry| is_like(&entry.file_name())).map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_or_matched_by_a_pattern() {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path();
        for folder in ["app", "crates/one", "crates/two", "libs/x-core", "libs/x", "other"] {
            fs::create_dir_all(root.join(folder)).expect("a folder");
        }
        fs::write(root.join("crates/notes"), "").expect("it can be written");
        let found = |manifest: &str| {
            fs::write(root.join("Cargo.toml"), manifest).expect("it can be written");
            let mut found = members(root);
            found.sort();
            let below = |folder: PathBuf| folder.strip_prefix(root).expect("below").display().to_string();
            found.into_iter().map(below).collect::<Vec<_>>()
        };
        let manifest = "[workspace]\nmembers = ['./app', 'crates/*', 'libs/*-core', 'gone']\nresolver = '3'";
        assert_eq!(found(manifest), ["app", "crates/one", "crates/two", "libs/x-core"]);
        for none in ["[package]\nname = 'x'", "[workspace]", "no manifest"] {
            assert!(found(none).is_empty(), "{none}");
        }
    }
}
