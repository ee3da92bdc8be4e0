//! The Markdown of several machines, for a review.

use std::fmt::Write;

use contend_analysis::merge::{Agreement, MachineResult};
use contend_analysis::text::{markdown_name, markdown_text, number};

use crate::agreement_words::{by_pick, class_words, counted};

/// The most lines of a list. More stand on the page.
const LINES: usize = 60;

/// The summary.
pub(super) fn summary(name: &str, machines: &[MachineResult], agreement: &Agreement) -> String {
    let mut out = format!("# {} on {} machines\n\n", markdown_text(name), machines.len());
    let _ = writeln!(out, "{}\n", counted(&agreement.counts, machines.len()));
    for machine in machines {
        let cpus = number::plural(machine.cores, "CPU", "CPUs");
        let _ = writeln!(out, "- {}: {}, {cpus}", markdown_name(&machine.label), markdown_text(&machine.cpu));
    }
    out.push_str("\n## Where all agree\n\n");
    let agreed = agreement.agreed.iter().map(|of| {
        format!(
            "- {} {}: on all {} machines {} is at most {}× from the best {}",
            markdown_name(&of.variant.to_string()),
            class_words(of.class),
            of.machines,
            markdown_name(&of.contender),
            number::short(of.at_most),
            of.at(),
        )
    });
    list(&mut out, agreed, "No class has a contender within 10 % of the best on every machine.");
    out.push_str("\n## Where the choice changes\n\n");
    let changed = agreement.changed.iter().map(|of| {
        let picks: Vec<String> = by_pick(of)
            .into_iter()
            .map(|(pick, machines)| {
                format!("{} on {}", markdown_name(pick), markdown_text(&machines.join(", ")))
            })
            .collect();
        format!("- {} {}: {}", markdown_name(&of.block.to_string()), class_words(of.class), picks.join("; "))
    });
    list(&mut out, changed, "Nowhere.");
    if !agreement.claims.is_empty() {
        out.push_str("\n## Claims\n\n");
        let claims = agreement.claims.iter();
        let claims =
            claims.map(|of| format!("- {}: {}", markdown_text(&of.claim), markdown_text(&of.words())));
        list(&mut out, claims, "");
    }
    out
}

fn list(out: &mut String, lines: impl Iterator<Item = String>, none: &str) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        out.push_str(none);
        out.push('\n');
    }
    for line in lines.iter().take(LINES) {
        out.push_str(&line.replace("  ", " ").replace(" :", ":"));
        out.push('\n');
    }
    if lines.len() > LINES {
        let _ = writeln!(out, "- and {} more on the page", lines.len() - LINES);
    }
}
