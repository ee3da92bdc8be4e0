//! Rules for the whole code: lines have at most 120 characters, there are no import circles, and every lock is inlined.
//! The patch in `scripts` fits it.
//!
//! An import circle: in a crate of the workspace, a module imports itself through its siblings. Imports between a
//! parent and its children count only where they lead to a re-exported sibling.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What each name stands for that a module imports.
type Names = BTreeMap<(String, String), String>;

#[test]
fn no_crate_has_an_import_circle() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let members = fs::read_dir(Path::new(&root).join("crates")).expect("the members' folder");
    let members = members.map(|entry| entry.expect("an entry").path());
    for member in members.chain([root.clone().into()]) {
        let mut files = BTreeMap::new();
        read(&member.join("src"), "crate", &mut files);
        let found = circles(&files);
        assert!(found.is_empty() && !files.is_empty(), "{}: {found:#?}", member.display());
    }
}

/// rustfmt breaks neither comments nor texts.
#[test]
fn no_line_of_code_is_longer_than_120_characters() {
    let files = sources(&["crates", "src", "benches", "examples", "tests", "build.rs"]);
    let long = files.iter().flat_map(|(path, text)| {
        let lines = text.lines().enumerate().filter(|(_, line)| line.chars().count() > 120);
        lines.map(move |(index, _)| format!("{}:{}", path.display(), index + 1))
    });
    let long: Vec<_> = long.collect();
    assert!(long.is_empty() && files.len() > 300, "{long:#?}");
}

/// A lock that is called for each operation loses up to a fifth to one that is inlined: see `examples/twins.rs`.
#[test]
fn every_lock_is_inlined_into_the_timed_loop() {
    let mut found = 0;
    for (path, text) in sources(&["crates/workloads/src/contenders", "examples/own_project"]) {
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        for pair in lines.windows(2) {
            if ["fn with_mut<", "fn with<"].iter().any(|start| pair[1].starts_with(start)) {
                assert!(pair[0].starts_with("#[inline(always)]"), "{}: {}", path.display(), pair[1]);
                found += 1;
            }
        }
    }
    assert!(found > 15, "{found} methods of locks");
}

/// `scripts/cost` compares this build with one that the patch makes of it.
#[test]
fn the_patch_that_leaves_checks_out_applies() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let patch = ["apply", "--check", "scripts/without-checks.patch"];
    match Command::new("git").args(patch).current_dir(root).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => eprintln!("skipped: git does not start: {error}"),
    }
}

/// The Rust files below the folders and files of these names, with their text.
fn sources(names: &[&str]) -> Vec<(PathBuf, String)> {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let mut open: Vec<_> = names.iter().map(|name| Path::new(&root).join(name)).collect();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder").flatten().map(|entry| entry.path());
            open.extend(entries.filter(|path| !path.ends_with("target")));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            found.push((path, text));
        }
    }
    found
}

/// Adds the modules of a folder, each with its code.
fn read(folder: &Path, parent: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let (path, file) = (entry.path(), entry.file_name());
        let name = file.to_string_lossy();
        let module = match name.trim_end_matches(".rs") {
            "lib" | "main" | "mod" => parent.to_owned(),
            name => format!("{parent}::{name}"),
        };
        if path.is_dir() {
            read(&path, &module, files);
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            files.insert(module, code(&text));
        }
    }
}

/// The code without comments and strings, up to its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let lines = text.lines().filter_map(|line| line.split("//").next());
    lines.flat_map(|line| line.split('"').step_by(2).chain(["\n"])).collect()
}

/// The circles, each as the set of its modules.
fn circles(files: &BTreeMap<String, String>) -> BTreeSet<BTreeSet<String>> {
    let mut names = Names::new();
    for (module, text) in files {
        for path in text.split("use ").skip(1).flat_map(paths) {
            let name = path.rsplit("::").next().unwrap_or_default().to_owned();
            names.insert((module.clone(), name), path);
        }
    }
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, text) in files {
        let words = text.split(|c: char| c.is_whitespace() || "(<&[!=,;|".contains(c));
        let starts = words.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
        // A use tree may have spaces, so its text goes on to the end of the file.
        let starts = starts.map(|word| &text[word.as_ptr() as usize - text.as_ptr() as usize..]);
        for to in starts.flat_map(paths).map(|path| resolve(from, &path, files, &names, 9)) {
            let pairs = from.split("::").zip(to.split("::"));
            let common = pairs.take_while(|(one, other)| one == other).count();
            let cut = |path: &str| path.split("::").take(common + 1).collect::<Vec<_>>().join("::");
            let depth = |path: &str| path.split("::").count();
            if common < depth(from).min(depth(&to)) {
                edges.entry(cut(from)).or_default().insert(cut(&to));
            }
        }
    }
    let reached = |from: &String| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(next) = open.pop() {
            let further = edges.get(&next).into_iter().flatten();
            open.extend(further.filter(|to| seen.insert((*to).clone())).cloned());
        }
        seen
    };
    let circle = |one: &String| {
        let there = reached(one).into_iter();
        there.filter(|other| reached(other).contains(one)).collect()
    };
    edges.keys().map(circle).filter(|of: &BTreeSet<String>| !of.is_empty()).collect()
}

/// The module that a path leads to from a module, also through a re-export.
fn resolve(from: &str, path: &str, files: &BTreeMap<String, String>, names: &Names, left: u32) -> String {
    let mut at = from.to_owned();
    for name in path.split("::") {
        let child = format!("{at}::{name}");
        match name {
            "crate" => at = "crate".to_owned(),
            "super" => at.truncate(at.rfind("::").unwrap_or(at.len())),
            _ if files.contains_key(&child) => at = child,
            _ => match names.get(&(at.clone(), name.to_owned())) {
                Some(named) if left > 0 => return resolve(&at, named, files, names, left - 1),
                _ => return at,
            },
        }
    }
    at
}

/// The paths that a text begins with: `a::{b, c::d}` has two.
fn paths(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
    let (head, rest) = text.split_at(end.unwrap_or(text.len()));
    if !rest.starts_with('{') || !head.ends_with("::") {
        return vec![head.trim_end_matches(':').to_owned()];
    }
    let (mut depth, mut from, mut found) = (0, 1, Vec::new());
    for (at, letter) in rest.char_indices() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        if depth == 0 || (depth == 1 && letter == ',') {
            let inside = paths(rest[from..at].trim_start()).into_iter();
            found.extend(inside.map(|path| format!("{head}{path}")));
            from = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    found
}

#[test]
fn a_planted_circle_is_found() {
    let found = |a: &str, b: &str| {
        let lib = "pub use b::{Far, deep::Below};";
        let all = [("crate", lib), ("crate::a", a), ("crate::b", b), ("crate::b::deep", "")];
        circles(&all.map(|(module, text)| (module.to_owned(), code(text))).into()).len()
    };
    assert_eq!(found("use crate::b::Far;", "use super::a::Near;"), 1);
    assert_eq!(found("use super::{Other, Below};", "fn f() { crate::a::near() }"), 1);
    assert_eq!(found("use crate::b::Far;", "// use super::a::Near;\nuse super::Far;"), 0);
    let test = "#[cfg(test)]\nmod tests { use crate::a::Near; }";
    assert_eq!(found("use crate::b::Far;", test), 0);
}
