//! Lists of checked claims, for a terminal and in Markdown.

use std::fmt::Write;

use contend_record::Run;

use crate::text::{markdown_name, markdown_text, number, plain};

use super::{Checked, ClaimStatus};

/// The label of the author's explanation.
const WHY_NOT: &str = "possible reason";

/// The statuses in the order in which they are counted.
const STATUSES: [ClaimStatus; 4] =
    [ClaimStatus::Holds, ClaimStatus::Fails, ClaimStatus::Unresolved, ClaimStatus::NotTestable];

/// Every claim with its evidence and the totals, for a terminal.
pub fn terminal(checked: &[Checked], run: &Run, colour: bool) -> String {
    let mut out = String::new();
    let mut file = "";
    for claim in checked {
        if claim.file != file {
            file = &claim.file;
            let _ = writeln!(out, "{}, against run {}\n", plain(file), plain(&run.run));
        }
        let label = format!("{:<18}", claim.outcome.label());
        let _ = writeln!(out, "{}{}", painted(&label, claim.outcome, colour), plain(&claim.claim));
        let source = format!("line {}, {}", claim.line, claim.source);
        let _ = writeln!(out, "{:18}{}", "", plain(&source));
        for evidence in &claim.evidence {
            let sentence = plain(&evidence.sentence);
            let _ = writeln!(out, "{:18}- {}: {sentence}", "", evidence.outcome.label());
            if let Some(why) = &evidence.why_not {
                let _ = writeln!(out, "{:20}{WHY_NOT}: {}", "", plain(why));
            }
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", totals(checked));
    out
}

/// Every claim with its evidence and the totals, as Markdown for a review on GitHub.
pub fn markdown(checked: &[Checked], run: &Run) -> String {
    let mut out = format!("## Claims against run {}\n\n", markdown_text(&run.run));
    let _ = writeln!(out, "**{}**\n", totals(checked));
    out + &rows(checked, usize::MAX)
}

/// A table with a row for each claim. Confirming comparisons are listed where there are at most `most` of them, and
/// counted otherwise.
pub fn rows<'a>(checked: impl IntoIterator<Item = &'a Checked>, most: usize) -> String {
    let mut out = String::new();
    out.push_str("| outcome | claim | source | evidence |\n| --- | --- | --- | --- |\n");
    for claim in checked {
        let evidence = listed(claim, most);
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

/// The evidence of a claim: everything against it, and at most `most` confirmations.
fn listed(claim: &Checked, most: usize) -> Vec<String> {
    let holds = |outcome: ClaimStatus| outcome == ClaimStatus::Holds;
    let confirmed = claim.evidence.iter().filter(|of| holds(of.outcome)).count();
    let all = confirmed <= most;
    let mut lines = Vec::new();
    if !all {
        lines.push(format!("{} in {confirmed} of {}", ClaimStatus::Holds.label(), claim.evidence.len()));
    }
    for of in claim.evidence.iter().filter(|of| all || !holds(of.outcome)) {
        let why = of.why_not.as_deref().map(markdown_text);
        let why = why.map_or_else(String::new, |why| format!(" ({WHY_NOT}: {why})"));
        lines.push(format!("{}: {}{why}", of.outcome.label(), markdown_text(&of.sentence)));
    }
    lines
}

/// The claims that a run can test, and those that it cannot.
pub fn split_testable(checked: &[Checked]) -> (Vec<&Checked>, Vec<&Checked>) {
    let testable = |claim: &&Checked| claim.outcome != ClaimStatus::NotTestable;
    checked.iter().partition(testable)
}

/// The number of claims of each status: `3 claims: 1 holds, 2 fail, …`.
pub fn totals(checked: &[Checked]) -> String {
    let counts = STATUSES.map(|outcome| {
        let count = checked.iter().filter(|of| of.outcome == outcome).count();
        format!("{} {}", number::count(count as u64), outcome.label_of(count))
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
