//! The documents against what they speak of: every link leads somewhere, every figure of the README's findings is one
//! of the reference run, every option that it names exists, and docs/workloads.md says what the suite says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

mod decisions;
mod texts;
mod words;
// On Linux, which has all variants, and with the default contenders: other builds would ask for other text.
#[cfg(all(target_os = "linux", feature = "patterns", not(feature = "extra")))]
mod workloads;

/// How links of the README spell this folder, so that they also work where crates.io shows it.
const REPOSITORY: &str = "https://github.com/contend-rs/contend/blob/main/";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Markdown without its blocks of code.
fn prose(text: &str) -> String {
    let parts = text.split("\n```").step_by(2);
    parts.collect::<Vec<_>>().join("\n")
}

/// The documents that a reader comes to: three at the top, and the folders of more.
fn documents() -> Vec<String> {
    let mut all = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(str::to_owned).to_vec();
    for folder in ["docs", "claims"] {
        for entry in fs::read_dir(root().join(folder)).expect("a folder") {
            let name = entry.expect("an entry").file_name().into_string().expect("text");
            if name.ends_with(".md") {
                all.push(format!("{folder}/{name}"));
            }
        }
    }
    all
}

/// The targets of all links in a document, those of definitions included.
fn links(text: &str) -> Vec<String> {
    let inline = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let defined =
        text.lines().filter(|line| line.starts_with('[')).filter_map(|line| line.split("]: ").nth(1));
    inline.chain(defined).map(str::to_owned).collect()
}

/// The anchors of a document's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

/// What is wrong with a link of a document, if anything.
fn broken(document: &str, link: &str) -> Option<String> {
    let (folder, target) = match link.strip_prefix(REPOSITORY) {
        Some(target) => (root().to_owned(), target),
        None if link.contains("://") => return None,
        None => (root().join(document).parent().expect("a folder").to_owned(), link),
    };
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let file: PathBuf = if path.is_empty() { root().join(document) } else { folder.join(path) };
    if !file.exists() {
        return Some(format!("{document}: {link} is not there"));
    }
    let known = anchor.is_empty() || anchors(&prose(&fs::read_to_string(file).ok()?)).contains(anchor);
    (!known).then(|| format!("{document}: {link} has no such heading"))
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for document in documents() {
        let links = links(&prose(&read(&document)));
        wrong.extend(links.iter().filter_map(|link| broken(&document, link)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The text of a page, without its tags.
fn without_tags(page: &str) -> String {
    page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

#[test]
fn the_readmes_findings_are_the_reference_runs() {
    let readme = read("README.md").replace("**", "");
    let told = read("reports/reference/summary.md") + &without_tags(&read("reports/reference/index.html"));
    let mut figures = 0;
    for (before, after) in readme.match_indices("× (").map(|(at, _)| readme.split_at(at)) {
        let ratio = before.rsplit(|c: char| !c.is_ascii_digit() && c != '.').next();
        let interval = after.split_inclusive(')').next();
        let figure = format!("{}{}", ratio.expect("a ratio"), interval.expect("an interval"));
        assert!(told.contains(&figure), "{figure} is no figure of the reference run");
        figures += 1;
    }
    assert!(figures > 5, "{figures}");
}

#[test]
fn the_readmes_options_exist() {
    let help = |command: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_contend")).args([command, "--help"]).output();
        String::from_utf8(output.expect("contend starts").stdout).expect("text")
    };
    let known: String = ["run", "report", "compare", "versus", "check", "cite", "doctor", "merge", "prune"]
        .map(help)
        .concat();
    let cargos = ["--release", "--example", "--bench", "--features"];
    let readme = read("README.md");
    let words = readme.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_option =
        |word: &&str| word.strip_prefix("--").is_some_and(|name| name.starts_with(char::is_alphabetic));
    for option in words.filter(is_option).filter(|option| !cargos.contains(option)) {
        assert!(known.contains(option), "{option}");
    }
}

#[test]
fn the_simulations_tables_have_one_place() {
    let page = read("docs/validation.md");
    let (_, rest) = page.split_once("<!-- simulate:begin -->\n").expect("where they begin");
    let (tables, _) = rest.split_once("<!-- simulate:end -->\n").expect("where they end");
    assert_eq!(tables.matches("\n| --- |").count(), 17);
    assert!(tables.lines().all(|line| line.is_empty() || line.starts_with("**") || line.starts_with('|')));
}
