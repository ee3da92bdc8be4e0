//! Plain words: no text has a word that readers would have to look up, and what newcomers read first has short
//! sentences with a noun as their subject.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{documents, prose, read, root};

/// Words and phrases that no text has, each with what to write in its place.
const FORBIDDEN: [(&str, &str); 23] = [
    ("anew", "again"),
    ("answers for itself", "is a planned comparison"),
    ("but for", "except"),
    ("by force", "involuntary"),
    ("by will", "voluntary"),
    ("dear", "expensive"),
    ("dearer", "costlier"),
    ("has no voice", "does not count"),
    ("in vain", "without success"),
    ("keeps its word", "reaches nominal coverage"),
    ("mood", "shift"),
    ("nobody's", "of no thread"),
    ("oftener", "more often"),
    ("now and then", "sometimes"),
    ("so many", "that many, or a number"),
    ("so-manieth", "the number"),
    ("take along", "export"),
    ("takes along", "exports"),
    ("tell apart", "distinguish"),
    ("thereby", "so"),
    ("told apart", "distinguished"),
    ("whoever", "a noun"),
    (", else ", "otherwise"),
];

/// Tests that name forbidden words, to find them.
const WITH_FAULTS: [&str; 2] = ["tests/documents/words.rs", "tests/report/statements.rs"];

/// The most words of a sentence.
const MOST: usize = 25;

/// The forbidden words of a text, each as it stands between other letters.
fn forbidden(text: &str) -> Vec<String> {
    let text = format!(" {} ", text.to_lowercase());
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let stands = |word: &str| {
        text.match_indices(word).any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
            !is_letter(before) && !is_letter(after) && after != Some('=')
        })
    };
    let found = FORBIDDEN.iter().filter(|(word, _)| stands(word));
    found.map(|(word, better)| format!("`{word}`: write {better}")).collect()
}

/// Markdown's sentences: without code, tables and headings, each name in backquotes as one word.
fn sentences(markdown: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in prose(markdown).lines().map(str::trim) {
        let item = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let begins = line.starts_with("- ") || (item.len() < line.len() && item.starts_with(' '));
        let skipped = line.is_empty() || line.starts_with(['#', '|', '<', '!']) || line.contains("]: ");
        let skipped = skipped || is_links_alone(line);
        if begins || skipped {
            blocks.push(String::new());
        }
        if !skipped {
            let block = blocks.last_mut().expect("there is one");
            *block += &format!("{} ", if begins { item.trim_start_matches(['-', ' ']) } else { line });
        }
    }
    // A title in bold letters is no sentence.
    let blocks = blocks.iter().filter(|block| !(block.starts_with("**") && block.trim_end().ends_with("**")));
    let one_word = |(place, part)| if place % 2 == 0 { part } else { "CODE" };
    let plain = blocks.map(|block| block.split('`').enumerate().map(one_word).collect::<String>());
    plain.flat_map(|block| split(&without_targets(&block))).collect()
}

/// Whether a line has links and nothing else. Their texts are titles, not sentences.
fn is_links_alone(line: &str) -> bool {
    let (mut rest, mut outside) = (line, String::new());
    while let Some((before, link)) = rest.split_once('[') {
        outside += before;
        let end = link.split_once("](").and_then(|(_, target)| target.split_once(')'));
        rest = end.map_or("", |(_, rest)| rest);
    }
    line.starts_with('[') && !(outside + rest).chars().any(char::is_alphanumeric)
}

/// A text without the targets of its links.
fn without_targets(text: &str) -> String {
    let mut parts = text.split("](");
    let first = parts.next().unwrap_or_default().to_owned();
    let text = parts.fold(first, |text, part| text + part.split_once(')').map_or(part, |(_, rest)| rest));
    text.replace('[', "")
}

/// The sentences of a paragraph. One ends with a stop before a space, if the next begins with no small letter.
fn split(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let last = found.last_mut().expect("there is one");
        last.push_str(word);
        last.push(' ');
        let ends = word.trim_end_matches(['*', '"', ')']).ends_with(['.', ':', '?', '!', '·']);
        let next = words.peek().and_then(|next| next.trim_start_matches(['*', '"', '(', '[']).chars().next());
        if ends && next.is_none_or(|next| !next.is_lowercase()) {
            found.push(String::new());
        }
    }
    found
}

/// What is wrong with a sentence, if anything.
fn unclear(sentence: &str) -> Option<String> {
    let words = sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let clause = ["Who ", "Whoever ", "What ", "Whatever "].iter().any(|word| sentence.starts_with(word));
    let question = sentence.trim_end_matches([' ', '*', '"']).ends_with(['?', ':']);
    if words > MOST {
        return Some(format!("{words} words: {sentence}"));
    }
    (clause && !question).then(|| format!("a clause as its subject: {sentence}"))
}

#[test]
fn planted_faults_are_found() {
    assert_eq!(forbidden("A so-called mood. Told\u{20}apart, thereby.").len(), 3);
    assert_eq!(forbidden("moody, renew, dearth, but format, `else` and nobody"), Vec::<String>::new());
    let text =
        "# Who waits\n\n- Of `a b c` and [d](e f).\n  What waits parks. What waits?\n1. So 1.5 is. 2 are.\n";
    let found = sentences(text);
    let found: Vec<&str> = found.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    assert_eq!(found, ["Of CODE and d.", "What waits parks.", "What waits?", "So 1.5 is.", "2 are."]);
    assert!(is_links_alone("[What waits](a.md) · [b](c) ·") && !is_links_alone("[What waits](a.md) parks."));
    assert!(unclear(found[1]).is_some() && unclear(found[2]).is_none());
    assert!(unclear(&"word ".repeat(MOST)).is_none() && unclear(&"word ".repeat(MOST + 1)).is_some());
}

/// All text files of a folder whose names end so.
fn files(folder: &Path, endings: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("target") {
            files(&path, endings, found);
        } else if path.extension().is_some_and(|ending| endings.iter().any(|of| ending == *of)) {
            let path = path.strip_prefix(root()).expect("below the root");
            found.push(path.to_str().expect("text").to_owned());
        }
    }
}

#[test]
fn no_text_has_a_forbidden_word() {
    let mut names = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned()];
    for folder in ["docs", "claims", "ci", "crates", "src", "tests", "benches", "examples", ".github"] {
        files(&root().join(folder), &["md", "rs", "html", "toml", "yml", "js"], &mut names);
    }
    assert!(names.len() > 400, "{}", names.len());
    let mut wrong = Vec::new();
    for name in names.iter().filter(|name| !WITH_FAULTS.contains(&&***name)) {
        wrong.extend(forbidden(&read(name)).into_iter().map(|word| format!("{name}: {word}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn documents_have_short_sentences() {
    let generated = ["docs/workloads.md", "CHANGELOG.md"]; // its texts are checked below; it speaks of what is gone
    let mut names: Vec<String> =
        documents().into_iter().filter(|name| !generated.contains(&&**name)).collect();
    names.push("ci/README.md".to_owned());
    for member in fs::read_dir(root().join("crates")).expect("a folder") {
        let name = member.expect("an entry").file_name().into_string().expect("text");
        names.push(format!("crates/{name}/README.md"));
    }
    let unclear = |name: &String| {
        let found = sentences(&read(name)).into_iter().filter_map(|sentence| unclear(&sentence));
        found.map(|wrong| format!("{name}: {wrong}")).collect::<Vec<_>>()
    };
    let wrong: Vec<String> = names.iter().flat_map(unclear).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn help_has_short_sentences_and_no_forbidden_word() {
    let help = |command: &str| {
        let command: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_contend")).args(command).output();
        String::from_utf8(output.expect("contend starts").stdout).expect("text")
    };
    let commands = help("");
    let listed = commands.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names: Vec<&str> = listed
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.contains(&"run") && names.len() > 10, "{names:?}");
    let mut wrong = Vec::new();
    for text in [""].iter().chain(&names).map(|name| help(name)) {
        wrong.extend(forbidden(&text));
        // Each option's text stands in a line of its own, or behind its name.
        let texts = text.lines().map(|line| line.trim().rsplit("  ").next().unwrap_or_default());
        wrong.extend(texts.flat_map(split).filter_map(|sentence| unclear(&sentence)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
