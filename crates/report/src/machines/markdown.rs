//! The Markdown of several machines, for a review.

use std::fmt::Write;

use contend_analysis::merge::{Agreement, MachineResult};
use contend_analysis::text::{markdown_name, markdown_text, named, number};

use crate::agreement_words::{by_pick, cautions, class_words, counted, on_all};
use crate::markdown::COMMENT;

/// The most lines of a list. More stand on the page.
const LINES: usize = 60;

/// The most machines of a line that are named.
const NAMED: usize = 8;

/// The summary, which fits a comment on GitHub: lists have fewer lines where they are long.
pub(super) fn summary(name: &str, machines: &[MachineResult], agreement: &Agreement) -> String {
    let mut lines = LINES;
    loop {
        let text = with_lines(lines, name, machines, agreement);
        if lines == 1 || text.chars().count() <= COMMENT {
            return text;
        }
        lines /= 2;
    }
}

/// The summary with this many lines of each list.
fn with_lines(lines: usize, name: &str, machines: &[MachineResult], agreement: &Agreement) -> String {
    let mut out = format!("# {} on {} machines\n\n", markdown_text(name), machines.len());
    let _ = writeln!(out, "{}\n", counted(&agreement.counts, machines.len()));
    for sentence in cautions(machines, NAMED) {
        let _ = writeln!(out, "{}\n", markdown_text(&sentence));
    }
    let of_machines = machines.iter().map(|machine| {
        let cpus = number::plural(machine.cores, "CPU", "CPUs");
        let (label, cpu) = (markdown_name(&machine.label), markdown_text(&machine.cpu));
        format!("- {label}: {cpu}, {cpus}, {} by {}", machine.day, markdown_text(&machine.build))
    });
    list(&mut out, lines, of_machines, "");
    out.push_str("\n## Where all agree\n\n");
    let agreed = agreement.agreed.iter().map(|of| {
        format!(
            "- {} {}: {} {} is {} {}",
            markdown_name(&of.variant.to_string()),
            class_words(of.class),
            on_all(of.machines, machines.len()),
            markdown_name(&of.contender),
            of.standing(),
            of.at(),
        )
    });
    list(&mut out, lines, agreed, "No class has a contender within 10 % of the best on every machine.");
    out.push_str("\n## Where the choice changes\n\n");
    let changed = agreement.changed.iter().map(|of| {
        let picks: Vec<String> = by_pick(of)
            .into_iter()
            .map(|(pick, machines)| {
                format!("{} on {}", markdown_name(pick), markdown_text(&named(&machines, NAMED)))
            })
            .collect();
        format!("- {} {}: {}", markdown_name(&of.block.to_string()), class_words(of.class), picks.join("; "))
    });
    list(&mut out, lines, changed, "Nowhere.");
    if !agreement.claims.is_empty() {
        out.push_str("\n## Claims\n\n");
        let claims = agreement.claims.iter();
        let claims =
            claims.map(|of| format!("- {}: {}", markdown_text(&of.claim), markdown_text(&of.words(NAMED))));
        list(&mut out, lines, claims, "");
    }
    out
}

fn list(out: &mut String, most: usize, lines: impl Iterator<Item = String>, none: &str) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        out.push_str(none);
        out.push('\n');
    }
    for line in lines.iter().take(most) {
        out.push_str(&line.replace("  ", " ").replace(" :", ":"));
        out.push('\n');
    }
    if lines.len() > most {
        let _ = writeln!(out, "- and {} more on the page", lines.len() - most);
    }
}

#[cfg(test)]
mod tests {
    use contend_analysis::claim::ClaimStatus;
    use contend_analysis::merge::{Bound, agreement};
    use contend_analysis::verdict::{ClassChoice, Guarantee};
    use contend_record::Class;

    use super::*;

    /// A machine of many, with a long name, that takes another contender than its neighbours in each of 300 blocks.
    fn machine(number: usize) -> MachineResult {
        let contender = format!("{}{}", "c".repeat(50), number % 20);
        let block = |threads: usize| format!("counter/hot/{threads}").parse().expect("an id");
        let choice = |threads| ClassChoice {
            block: block(threads),
            class: Class::Immediate,
            pick: Some(contender.clone()),
            guarantee: Guarantee::Fastest,
            words: "fastest".to_owned(),
            why: String::new(),
            why_short: String::new(),
            caveats: Vec::new(),
        };
        let bound = |threads| Bound {
            block: block(threads),
            class: Class::Immediate,
            contender: contender.clone(),
            at_most: Some(1.0),
        };
        let status = if number.is_multiple_of(2) { ClaimStatus::Holds } else { ClaimStatus::Fails };
        MachineResult {
            label: format!("{}{number}", "m".repeat(50)),
            cpu: "x".repeat(100),
            cores: 2,
            build: format!("commit {}", number % 2),
            day: "2026-11-27".to_owned(),
            missing: (number == 1).then(|| "A block is missing.".to_owned()),
            pairs: Vec::new(),
            choices: (1..=300).map(choice).collect(),
            bounds: (1..=300).map(bound).collect(),
            claims: (0..40).map(|claim| (format!("claim {claim}"), status)).collect(),
        }
    }

    #[test]
    fn the_summary_of_many_machines_fits_a_comment_and_counts_what_it_leaves_out() {
        let few: Vec<MachineResult> = (0..2).map(machine).collect();
        let text = summary("few", &few, &agreement(&few));
        assert!(
            text.contains("These machines measured different builds")
                && text.contains("m1: A block is missing.")
        );
        assert!(text.contains("- and 240 more on the page") && text.contains("holds on 1 of 2"), "{text}");
        let many: Vec<MachineResult> = (0..100).map(machine).collect();
        let text = summary("many", &many, &agreement(&many));
        assert!(text.chars().count() <= COMMENT, "{}", text.chars().count());
        assert!(text.contains("holds on 50 of 100") && text.contains(" and 42 more"), "{text}");
        for heading in ["## Where all agree", "## Where the choice changes", "## Claims"] {
            assert!(text.contains(heading), "{text}");
        }
    }
}
