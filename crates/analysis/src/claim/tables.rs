//! Checked claims in words: for the terminal, and in Markdown. JSON is the data as it is.

use std::fmt::Write;

use contend_record::Run;

use crate::text::{markdown_name, markdown_text, number, plain};

use super::{Checked, ClaimStatus};

/// What stands before a claim's own reason for not holding.
const WHY_NOT: &str = "why that may be";

/// The outcomes in the order in which they are counted.
const OUTCOMES: [ClaimStatus; 4] = [
    ClaimStatus::Holds,
    ClaimStatus::Fails,
    ClaimStatus::Unresolved,
    ClaimStatus::NotTestable,
];

/// Every claim with its evidence, for a terminal, and what it comes to.
pub fn terminal(checked: &[Checked], run: &Run, colour: bool) -> String {
    let mut out = String::new();
    let mut file = "";
    for claim in checked {
        if claim.file != file {
            file = &claim.file;
            let _ = writeln!(out, "{}, against run {}\n", plain(file), plain(&run.run));
        }
        let label = format!("{:<18}", claim.outcome.label());
        let _ = writeln!(
            out,
            "{}{}",
            painted(&label, claim.outcome, colour),
            plain(&claim.claim)
        );
        let source = format!("line {}, {}", claim.line, claim.source);
        let _ = writeln!(out, "{:18}{}", "", plain(&source));
        for evidence in &claim.evidence {
            let sentence = plain(&evidence.sentence);
            let _ = writeln!(out, "{:18}- {}: {sentence}", "", evidence.outcome.label());
        }
        if let Some(why) = &claim.why_not {
            let _ = writeln!(out, "{:18}- {WHY_NOT}: {}", "", plain(why));
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", sum(checked));
    out
}

/// Every claim with its evidence, for a review on GitHub.
pub fn markdown(checked: &[Checked], run: &Run) -> String {
    let mut out = format!("## Claims against run {}\n\n", markdown_text(&run.run));
    let _ = writeln!(out, "**{}**\n", sum(checked));
    out + &rows(checked, usize::MAX)
}

/// A table with a row for each claim. Comparisons that a claim holds in are told one by one where there are
/// no more than `most` of them; else how many there are.
pub fn rows<'a>(checked: impl IntoIterator<Item = &'a Checked>, most: usize) -> String {
    let mut out = String::new();
    out.push_str("| outcome | claim | source | evidence |\n| --- | --- | --- | --- |\n");
    for claim in checked {
        let evidence = told(claim, most);
        let _ = writeln!(
            out,
            "| **{}** | {} ({}) | {} | {} |",
            claim.outcome.label(),
            markdown_text(&claim.claim),
            markdown_name(&format!("{}:{}", claim.file, claim.line)),
            markdown_text(&claim.source),
            evidence.join("<br>"),
        );
    }
    out
}

/// The evidence of a claim: what speaks against it always, what confirms it where that is little.
fn told(claim: &Checked, most: usize) -> Vec<String> {
    let holds = |outcome: ClaimStatus| outcome == ClaimStatus::Holds;
    let confirmed = claim.evidence.iter().filter(|of| holds(of.outcome)).count();
    let all = confirmed <= most;
    let mut told = Vec::new();
    if !all {
        told.push(format!(
            "{} in {confirmed} of {}",
            ClaimStatus::Holds.label(),
            claim.evidence.len()
        ));
    }
    for of in claim.evidence.iter().filter(|of| all || !holds(of.outcome)) {
        told.push(format!(
            "{}: {}",
            of.outcome.label(),
            markdown_text(&of.sentence)
        ));
    }
    let why = claim.why_not.as_deref().map(markdown_text);
    told.extend(why.map(|why| format!("{WHY_NOT}: {why}")));
    told
}

/// The claims that a run can speak of, and those that it cannot.
pub fn apart(checked: &[Checked]) -> (Vec<&Checked>, Vec<&Checked>) {
    let testable = |claim: &&Checked| claim.outcome != ClaimStatus::NotTestable;
    checked.iter().partition(testable)
}

/// How many claims came to what.
pub fn sum(checked: &[Checked]) -> String {
    let counts = OUTCOMES.map(|outcome| {
        let count = checked.iter().filter(|of| of.outcome == outcome).count();
        format!("{count} {}", outcome.label())
    });
    let claims = number::plural(checked.len(), "claim", "claims");
    format!("{claims}: {}", counts.join(", "))
}

fn painted(text: &str, outcome: ClaimStatus, colour: bool) -> String {
    let paint = match outcome {
        ClaimStatus::Holds => "\u{1b}[32m",
        ClaimStatus::Fails => "\u{1b}[31m",
        ClaimStatus::Unresolved => "\u{1b}[33m",
        ClaimStatus::NotTestable => "",
    };
    match colour && !paint.is_empty() {
        true => format!("{paint}{text}\u{1b}[0m"),
        false => text.to_owned(),
    }
}
